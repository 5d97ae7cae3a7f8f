//! Use by person (N18): kept only while an ISV admin has it kept, for a while, and told to the person and those who look after them.

use axum::body::Body;
use domain::{
    licensing::usage::{HOUR, PEOPLE_KEPT},
    time::DAY,
};
use http::{Method, header};
use license_portal::{
    ops,
    store::{self, Engine},
};
use serde_json::Value;

use crate::{
    licensing::{
        leases::{World, world},
        usage::{COMPANY, HOUR_MS, company, first_hour_is_folded, fold, license, told},
    },
    support::{
        client::Answer,
        moments::ms,
        portal::{BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    n18_off_it_keeps_nothing,
    n18_on_it_keeps_what_is_used_from_then_on,
    n18_switched_off_it_is_deleted_whatever_is_folded,
    n18_it_is_kept_for_so_long,
    n18_a_person_who_is_gone_is_forgotten,
    n18_everybody_is_told_of_people_within_reach,
    n18_by_person_never_a_number_from_above,
    n18_ones_own_page_says_what_is_kept,
    n18_an_older_database_keeps_nothing_by_person,
);

const MINUTE_MS: i64 = 60_000;

async fn switch(portal: &TestPortal, who: &str, on: bool) -> Answer {
    let on = on.to_string();
    let client = portal.client(who).await;
    client.post("keep_use_by_person", &[("on", &on)]).await
}

/// What is kept: on which day after the beginning of the test, about whom, and what, in minutes, how often, in minutes.
async fn kept(portal: &TestPortal) -> Vec<String> {
    portal
        .texts(&format!(
            "SELECT ((s.begins - {BEGIN_MS}) / {day}) || ' ' || u.login || ': ' || (s.leased / {MINUTE_MS}) || ' '
                 || s.refused || ' ' || s.waited
             FROM use_by_person s JOIN users u ON u.id = s.person_id ORDER BY s.begins, u.login, s.leased",
            day = 24 * HOUR_MS
        ))
        .await
}

async fn switched(portal: &TestPortal) -> Vec<String> {
    portal
        .texts("SELECT kind FROM events WHERE kind LIKE 'use_by_person%' ORDER BY id")
        .await
}

async fn n18_off_it_keeps_nothing(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    machine.acquire("A", "one", "key-0001").await.id();
    assert_eq!(machine.acquire("A", "two", "key-0002").await.status, 409);
    portal.pass(DAY + 2 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, [""; 0]);
    assert_eq!(portal.number("SELECT COUNT(*) FROM use_days").await, 1);
    let found = told(&portal, "ann", "Day").await.ok();
    assert_eq!(found["people_since"], Value::Null);
    assert_eq!(license(&found)["people"], Value::Array(Vec::new()));
}

async fn n18_on_it_keeps_what_is_used_from_then_on(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 1).await;
    // Who is no ISV admin finds nothing to switch.
    for on in [true, false] {
        assert_eq!(switch(&portal, "ann", on).await.status, 404);
    }
    machine.acquire("A", "one", "key-0001").await.id();
    assert_eq!(machine.acquire("A", "two", "key-0002").await.status, 409);
    // A lease takes five minutes: two of them are over.
    portal.pass(ms(2 * MINUTE_MS));
    switch(&portal, "isv", true).await.ok();
    switch(&portal, "isv", true).await.ok();
    assert_eq!(switched(&portal).await, ["use_by_person_kept"]);
    portal.pass(ms(MINUTE_MS));
    assert_eq!(machine.acquire("A", "two", "key-0003").await.status, 409);
    assert_eq!(machine.acquire("A", "two", "key-0004").await.status, 409);
    portal.pass(2 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, ["0 ann: 2 2 1"]);
    // Another hour of the same day is added to it, and the next day is another one.
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "one", "key-0005").await.id();
    portal.pass(2 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, ["0 ann: 7 2 1"]);
    portal.pass(DAY);
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "one", "key-0006").await.id();
    portal.pass(2 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, ["0 ann: 7 2 1", "1 ann: 5 0 0"]);
}

async fn n18_switched_off_it_is_deleted_whatever_is_folded(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 1).await;
    for round in 0..4 {
        switch(&portal, "isv", true).await.ok();
        machine.log_in(&portal).await.ok();
        machine.acquire("A", "one", &format!("key-000{round}")).await.id();
        portal.pass(2 * HOUR);
        fold(&portal).await;
        assert_eq!(kept(&portal).await.len(), 1, "{round}");
        machine.log_in(&portal).await.ok();
        machine.acquire("A", "one", &format!("key-100{round}")).await.id();
        portal.pass(2 * HOUR);
        // While another hour is folded.
        let (_, off) = tokio::join!(fold(&portal), switch(&portal, "isv", false));
        off.ok();
        assert_eq!(kept(&portal).await, [""; 0], "{round}");
    }
    assert_eq!(switched(&portal).await.len(), 8);
    let facts = portal
        .number("SELECT COUNT(*) FROM instance WHERE name LIKE 'use_by%'")
        .await;
    assert_eq!(facts, 0);
}

async fn n18_it_is_kept_for_so_long(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    switch(&portal, "isv", true).await.ok();
    machine.acquire("A", "one", "key-0001").await.id();
    portal.pass(2 * HOUR);
    fold(&portal).await;
    portal.jump(PEOPLE_KEPT - 3 * HOUR);
    ops::licensing::usage::sweep(&portal.store).await.unwrap();
    assert_eq!(kept(&portal).await, ["0 ann: 5 0 0"]);
    portal.jump(2 * HOUR);
    ops::licensing::usage::sweep(&portal.store).await.unwrap();
    assert_eq!(kept(&portal).await, [""; 0]);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM instance WHERE name = 'use_by_person_since'")
            .await,
        1
    );
}

async fn n18_a_person_who_is_gone_is_forgotten(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 1).await;
    switch(&portal, "isv", true).await.ok();
    machine.acquire("A", "one", "key-0001").await.id();
    portal.pass(2 * HOUR);
    fold(&portal).await;
    let (license, bob) = (
        portal.number("SELECT license_id FROM leases").await,
        portal.person("bob"),
    );
    portal
        .run(&format!(
            "INSERT INTO use_by_person VALUES ({BEGIN_MS}, {license}, 0, 0, {bob}, 60000, 0, 0)"
        ))
        .await;
    assert_eq!(kept(&portal).await, ["0 ann: 5 0 0", "0 bob: 1 0 0"]);
    // What is folded later, of the time before, is not kept either.
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "one", "key-0002").await.id();
    let ann = portal.person("ann").to_string();
    let isv = portal.client("isv").await;
    let off = [
        ("users[0]", ann.as_str()),
        ("active", "false"),
        ("end_login", "true"),
    ];
    isv.post("switch_users", &off).await.ok();
    assert_eq!(kept(&portal).await, ["0 bob: 1 0 0"]);
    portal.pass(2 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, ["0 bob: 1 0 0"]);
    // Whoever deletes an account in the database deletes this with it.
    for table in ["membership_permissions", "memberships", "sessions"] {
        portal
            .run(&format!("DELETE FROM {table} WHERE user_id = {bob}"))
            .await;
    }
    portal.run(&format!("DELETE FROM users WHERE id = {bob}")).await;
    assert_eq!(portal.number("SELECT COUNT(*) FROM use_by_person").await, 0);
}

/// Everybody used a licence in the hands of every owner, each for a number of seconds that is a power of two. Whoever reads is told
/// of people within their reach, the seconds of those owners in whose hands they would see the ticket.
async fn n18_everybody_is_told_of_people_within_reach(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let container = portal.make_container("boss", "Build").await;
    let used = portal.activate("t", container, "A", 3, "").await;
    switch(&portal, "isv", true).await.ok();
    let people = ["isv", "boss", "ann", "bob", "cid"];
    let owners = [
        "-",
        "Company",
        "Team",
        "Other",
        "@bob",
        "@ann/Team",
        "@bob/Team",
        "@cid/Other",
        "@bob/Company",
    ];
    let seconds = |at: usize| 1_i64 << at;
    for (at, owner) in owners.into_iter().enumerate() {
        let owner = portal.owner(owner);
        let level = owner.level().map_or(0, |level| level.0);
        let user = owner.user().map_or(0, |user| user.0);
        let leased = seconds(at) * 1000;
        portal
            .run(&format!(
                "INSERT INTO use_hours (begins, license_id, level_group_id, user_id, leased, peak, granted, none_free,
                     not_valid, suspended, revoked, reduced, waited)
                 VALUES ({BEGIN_MS}, {used}, {level}, {user}, {leased}, 1, 3, 0, 0, 0, 0, 0, 0)"
            ))
            .await;
        for person in people {
            let person = portal.person(person);
            portal
                .run(&format!(
                    "INSERT INTO use_by_person VALUES ({BEGIN_MS}, {used}, {level}, {user}, {person}, {leased}, 1, 2)"
                ))
                .await;
        }
    }
    first_hour_is_folded(&portal).await;
    portal.pass(2 * HOUR);
    let isv = portal.client("isv").await;
    let ticket = portal.ticket("t");
    for (round, now) in ["Company", "Team", "Other", "@bob/Team"].into_iter().enumerate() {
        if portal.holder("t").await != now {
            let (tickets, to) = (portal.pick("t"), portal.owner(now).to_string());
            let key = format!("within-reach-{round}");
            let arguments = [
                ("tickets", tickets.as_str()),
                ("to", to.as_str()),
                ("activated", "keep"),
                ("key", key.as_str()),
            ];
            isv.post("reassign", &arguments).await.ok();
            portal.learn().await;
        }
        for who in people {
            let mut tx = portal.store.begin_read().await.unwrap();
            let actor = store::accounts::people::actor(&mut tx, portal.person(who))
                .await
                .unwrap()
                .unwrap();
            let facts = store::tickets::by_ids(&mut tx, &[ticket]).await.unwrap()[&ticket]
                .facts
                .clone();
            if !actor.sees_ticket(&facts) {
                assert_eq!(told(&portal, who, "Day").await.status, 404, "{now} {who}");
                continue;
            }
            let (mut sum, mut count) = (0, 0);
            for (at, owner) in owners.into_iter().enumerate() {
                let then = store::tickets::place(&mut tx, portal.owner(owner))
                    .await
                    .unwrap()
                    .unwrap();
                if actor.sees_use(&facts, &then) {
                    sum += seconds(at);
                    count += 1;
                }
            }
            let mut expected = Vec::new();
            for person in people {
                let person = portal.person(person);
                let groups = store::groups::of_user(&mut tx, person).await.unwrap();
                if sum > 0 && actor.sees_user(person, &groups) {
                    expected.push((person.to_string(), sum, count, 2 * count));
                }
            }
            drop(tx);
            let found = told(&portal, who, "Day").await.ok();
            let people = license(&found)["people"].as_array().unwrap().iter();
            let mut people: Vec<(String, i64, i64, i64)> = people
                .map(|person| {
                    let number = |name: &str| person[name].as_i64().unwrap();
                    let id = person["person"].as_str().unwrap().to_owned();
                    (id, number("leased"), number("refused"), number("waited"))
                })
                .collect();
            people.sort();
            expected.sort();
            assert_eq!(people, expected, "{now} {who}");
        }
    }
}

async fn n18_by_person_never_a_number_from_above(engine: Engine) {
    // The machine is the boss's; the ticket goes to the team after an hour.
    let (portal, _) = company(engine, 4).await;
    // As if it had been on from the beginning.
    portal
        .run(&format!(
            "INSERT INTO instance (name, value) VALUES ('use_by_person_since', '{BEGIN_MS}')"
        ))
        .await;
    portal.pass(5 * HOUR);
    fold(&portal).await;
    assert_eq!(kept(&portal).await, ["0 boss: 60 0 0", "0 boss: 180 0 0"]);
    let ticket = portal.ticket("t");
    for (who, hours) in [("isv", Some(4)), ("boss", Some(4)), ("ann", None), ("bob", None)] {
        let found = told(&portal, who, "Month").await.ok();
        // Of the present day the month tells nothing yet.
        assert_eq!(license(&found)["people"], Value::Array(Vec::new()), "{who}");
        let found = told(&portal, who, "Day").await.ok();
        let people = license(&found)["people"].as_array().unwrap();
        let leased: Vec<i64> = people
            .iter()
            .map(|person| person["leased"].as_i64().unwrap() / 3600)
            .collect();
        assert_eq!(leased, hours.into_iter().collect::<Vec<i64>>(), "{who}");
        let client = portal.client(who).await;
        let page = client.get(&format!("/ticket/{ticket}/use?span=24h")).await.text();
        assert_eq!(
            page.contains("By person, on whole days since 1 Jun 2025"),
            hours.is_some(),
            "{who}: {page}"
        );
        assert_eq!(page.contains("by=person"), hours.is_some(), "{who}");
        let file = client
            .get(&format!("/use.csv?ticket={ticket}&span=24h&by=person"))
            .await;
        assert_eq!(file.status, 200);
        let lines: Vec<String> = file.text().lines().map(str::to_owned).collect();
        assert_eq!(
            lines[0],
            "since,article,product,person,leased_seconds,refused,waited_minutes"
        );
        assert_eq!(lines.len(), 1 + usize::from(hours.is_some()), "{who}: {lines:?}");
        if hours.is_some() {
            let line = &lines[1];
            assert!(
                line.starts_with("2025-06-01T00:00:00Z,A,Product A,") && line.ends_with(",14400,0,0"),
                "{line}"
            );
        }
    }
    let hidden = portal
        .client("cid")
        .await
        .get(&format!("/use.csv?ticket={ticket}&by=person"))
        .await;
    assert_eq!(hidden.status, 404);
}

async fn n18_ones_own_page_says_what_is_kept(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    let ann = portal.client("ann").await;
    assert!(ann.get("/me").await.text().contains("href=\"/me/use\""));
    let off = ann.get("/me/use").await.text();
    assert!(
        off.contains("nothing is added up about you") && off.contains("kept for 30 days"),
        "{off}"
    );
    switch(&portal, "isv", true).await.ok();
    let empty = ann.get("/me/use").await.text();
    assert!(empty.contains("Nothing is kept about you yet"), "{empty}");
    assert!(empty.contains("deleted after 90 days"), "{empty}");
    machine.acquire("A", "one", "key-0001").await.id();
    portal.pass(2 * HOUR);
    fold(&portal).await;
    let own = portal.client("ann").await;
    let found = own.post("own_use", &[]).await.ok();
    assert_eq!(
        (&found["total"], &found["rows"][0]["article"]),
        (&Value::from(1), &Value::from("A"))
    );
    let page = own.get("/me/use").await.text();
    assert!(
        page.contains("Product A") && page.contains("1 Jun 2025"),
        "{page}"
    );
    let request = own
        .request(Method::GET, "/me/use")
        .header(header::ACCEPT_LANGUAGE, "de");
    let german = own.send(request.body(Body::empty()).unwrap()).await.text();
    assert!(
        german.contains("Meine Nutzung") && german.contains("nach 90 Tagen"),
        "{german}"
    );
    // Nobody else's.
    let bob = portal.client("bob").await;
    assert_eq!(bob.post("own_use", &[]).await.ok()["total"], 0);
    assert!(!bob.get("/me/use").await.text().contains("Product A"));
    // And switched off, nothing of it is left.
    switch(&portal, "isv", false).await.ok();
    let off = own.post("own_use", &[]).await.ok();
    assert_eq!(
        (&off["total"], &off["kept_since"]),
        (&Value::from(0), &Value::Null)
    );
    assert!(!own.get("/me/use").await.text().contains("Product A"));
}

async fn n18_an_older_database_keeps_nothing_by_person(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    for table in ["invitations", "use_by_person"] {
        portal.run(&format!("DROP TABLE {table}")).await;
    }
    portal
        .run("DELETE FROM _sqlx_migrations WHERE version >= 27")
        .await;
    machine.acquire("A", "one", "key-0001").await.id();
    portal.upgrade().await;
    portal.pass(2 * HOUR);
    fold(&portal).await;
    assert_eq!(portal.number("SELECT COUNT(*) FROM use_hours").await, 1);
    assert_eq!(kept(&portal).await, [""; 0]);
    let overview = portal.client("isv").await.post("instance", &[]).await.ok();
    assert_eq!(overview["use_by_person_since"], Value::Null);
}
