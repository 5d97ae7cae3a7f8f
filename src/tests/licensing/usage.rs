//! What machines made of licences becomes history (N18): leases and refusals, folded into hours and days, and told to those who
//! may know it.

use domain::{
    ids::ContainerId,
    licensing::usage::{HOUR, HOURS_KEPT, MAX_REFUSALS, RAW_KEPT, SETTLED_AFTER},
    time::{DAY, days},
};
use license_portal::{
    ops::{self, OpError},
    store::{self, Engine},
};
use serde_json::Value;

use crate::{
    licensing::leases::{World, world},
    support::{
        client::{Answer, Client},
        moments::ms,
        portal::{BEGIN_MS, TestPortal},
        statements::recorded,
    },
};

on_both_engines!(
    what_machines_lease_is_folded_by_hour_and_day,
    a_fold_that_fails_leaves_nothing_and_is_repeated,
    two_servers_fold_each_hour_once,
    refusals_are_counted_and_bounded,
    a_lease_costs_no_statement_for_it,
    nothing_of_above_is_told,
    everybody_is_told_what_the_policy_permits,
    sums_are_those_of_ones_own_branch,
    the_file_has_the_steps_of_the_page,
    what_nobody_used_is_listed,
    use_is_kept_for_so_long,
);

pub const HOUR_MS: i64 = 3_600_000;
const MINUTE_MS: i64 = 60_000;

pub const COMPANY: &str = "
    @isv^
    Company/
      #t
      @boss*
      Team/
        @ann*
        @bob
      Other/
        @cid*
";

/// Says that the first hour of the test was folded: its rows are written by hand.
pub async fn first_hour_is_folded(portal: &TestPortal) {
    for (name, value) in [("since", BEGIN_MS), ("until", BEGIN_MS + HOUR_MS)] {
        portal
            .run(&format!(
                "INSERT INTO instance (name, value) VALUES ('use_folded_{name}', '{value}')"
            ))
            .await;
    }
}

/// Folds all that is over.
pub async fn fold(portal: &TestPortal) -> u32 {
    let mut folded = 0;
    while ops::licensing::usage::fold(&portal.store).await.unwrap() {
        folded += 1;
    }
    folded
}

/// What is kept by hour or by day: when from the beginning of the test on, in hours, and what, in minutes, and most at once.
async fn kept(portal: &TestPortal, table: &str) -> Vec<String> {
    portal
        .texts(&format!(
            "SELECT ((begins - {BEGIN_MS}) / {HOUR_MS}) || ': ' || (leased / {MINUTE_MS}) || ' ' || peak FROM {table}
             ORDER BY begins, license_id, level_group_id, user_id"
        ))
        .await
}

async fn what_machines_lease_is_folded_by_hour_and_day(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 3).await;
    let first = machine.acquire("A", "one", "key-0001").await.id();
    let second = machine.acquire("A", "two", "key-0002").await.id();
    portal.pass(ms(2 * MINUTE_MS));
    machine.renew(&first).await.ok();
    assert_eq!(machine.release(&second).await.status, 204);
    // The first one ends by itself, five minutes after it was renewed.
    portal.pass(ms(70 * MINUTE_MS));
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "one", "key-0003").await.id();
    portal.pass(2 * HOUR);
    assert_eq!(fold(&portal).await, 7 * 24, "for the first time, a week");
    assert_eq!(kept(&portal, "use_hours").await, ["0: 9 2", "1: 5 1"]);
    assert_eq!(fold(&portal).await, 0, "nothing is folded twice");
    assert!(kept(&portal, "use_days").await.is_empty(), "the day is not over");
    portal.pass(DAY);
    assert_eq!(fold(&portal).await, 24);
    assert_eq!(kept(&portal, "use_hours").await, ["0: 9 2", "1: 5 1"]);
    assert_eq!(kept(&portal, "use_days").await, ["0: 14 2"]);
}

async fn a_fold_that_fails_leaves_nothing_and_is_repeated(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    machine.acquire("A", "one", "key-0001").await.id();
    portal.pass(DAY + HOUR);
    let license = portal.number("SELECT license_id FROM leases").await;
    let level = portal.group("Team");
    let until = "SELECT value FROM instance WHERE name = 'use_folded_until'";
    for (table, last_done) in [("use_hours", 0), ("use_days", 23)] {
        // A row that is in the way.
        portal
            .run(&format!(
                "INSERT INTO {table} (begins, license_id, level_group_id, user_id, leased, peak, granted, none_free,
                     not_valid, suspended, revoked, reduced, waited)
                 VALUES ({BEGIN_MS}, {license}, {level}, 0, 1, 1, 1, 0, 0, 0, 0, 0, 0)"
            ))
            .await;
        let failed = loop {
            match ops::licensing::usage::fold(&portal.store).await {
                Ok(more) => assert!(more, "it gets past what is in the way"),
                Err(error) => break error,
            }
        };
        // It is the row. SQLite tells of it as of two equal ids, and the fold has been tried again before.
        assert!(
            matches!(&failed, OpError::Store(error) if error.is_duplicate()),
            "{failed}"
        );
        let done = (BEGIN_MS + last_done * HOUR_MS).to_string();
        assert_eq!(portal.texts(until).await, [done], "{table}");
        portal.run(&format!("DELETE FROM {table} WHERE leased = 1")).await;
    }
    fold(&portal).await;
    assert_eq!(kept(&portal, "use_hours").await, ["0: 5 1"]);
    assert_eq!(kept(&portal, "use_days").await, ["0: 5 1"]);
}

async fn two_servers_fold_each_hour_once(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    machine.acquire("A", "one", "key-0001").await.id();
    // The week that is folded for the first time is whole: its last hour is settled.
    portal.pass(2 * DAY + SETTLED_AFTER);
    let (one, other) = tokio::join!(fold(&portal), fold(&portal));
    assert_eq!(one + other, 7 * 24);
    assert_eq!(kept(&portal, "use_hours").await, ["0: 5 1"]);
    assert_eq!(kept(&portal, "use_days").await, ["0: 5 1"]);
}

async fn refusals_are_counted_and_bounded(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    machine.acquire("A", "one", "key-0001").await.id();
    let refused = async || {
        portal
            .texts("SELECT reason || ' ' || refused FROM use_refusals ORDER BY minute, reason")
            .await
    };
    for at in 0..5 {
        // The name that a machine gives itself makes no other row.
        let answer = machine
            .acquire("A", &format!("other-{at}"), &format!("key-100{at}"))
            .await;
        assert_eq!(answer.status, 409);
    }
    assert_eq!(refused().await, ["none_free 5"]);
    portal
        .run(&format!("UPDATE use_refusals SET refused = {}", MAX_REFUSALS - 1))
        .await;
    for at in 0..3 {
        let answer = machine.acquire("A", "other", &format!("key-200{at}")).await;
        assert_eq!(answer.status, 409);
    }
    let most = format!("none_free {MAX_REFUSALS}");
    assert_eq!(refused().await, [most.as_str()]);
    // What says nothing about a licence is not kept.
    let answer = machine.acquire("No such product", "other", "key-3001").await;
    assert_eq!(answer.status, 404);
    assert_eq!(refused().await, [most.as_str()]);
    portal.pass(ms(MINUTE_MS));
    portal
        .run(&format!("UPDATE licenses SET suspended_at = {BEGIN_MS}"))
        .await;
    let answer = machine.acquire("A", "other", "key-4001").await;
    assert_eq!(answer.problem(), "409 license-suspended");
    assert_eq!(refused().await, [most.as_str(), "suspended 1"]);
    portal.pass(2 * HOUR);
    fold(&portal).await;
    let folded = portal
        .texts("SELECT none_free || ' ' || suspended || ' ' || waited || ' ' || granted FROM use_hours")
        .await;
    assert_eq!(folded, [format!("{MAX_REFUSALS} 1 1 1")]);
}

async fn a_lease_costs_no_statement_for_it(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    let of_use = |statements: &[String]| statements.iter().filter(|text| text.contains("use_")).count();
    let (answer, statements) = recorded(machine.acquire("A", "one", "key-0001")).await;
    let lease = answer.id();
    assert!(!statements.is_empty());
    assert_eq!(of_use(&statements), 0, "{statements:#?}");
    let (answer, statements) = recorded(machine.renew(&lease)).await;
    assert_eq!((answer.status, of_use(&statements)), (200, 0), "{statements:#?}");
    let (answer, statements) = recorded(machine.acquire("A", "other", "key-0002")).await;
    assert_eq!((answer.status, of_use(&statements)), (409, 1), "{statements:#?}");
    let (answer, statements) = recorded(machine.release(&lease)).await;
    assert_eq!((answer.status, of_use(&statements)), (204, 0), "{statements:#?}");
    drop(portal);
}

/// The company, whose ticket is in a container of the boss's, and a machine that has held one of its licences from the beginning on,
/// for so many hours. It goes to the team after one of them.
pub async fn company(engine: Engine, hours: i64) -> (TestPortal, ContainerId) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let container = portal.make_container("boss", "Build").await;
    let license = portal.activate("t", container, "A", 3, "").await;
    portal.machine("boss", container, "ci").await;
    let id = portal.store.sources.fresh_id();
    let until = BEGIN_MS + hours * HOUR_MS;
    portal
        .run(&format!(
            "INSERT INTO leases (id, activation_id, license_id, credential_id, holder, begun_at, signed_at, expires_at, holds_until)
             SELECT {id}, a.id, {license}, c.id, 'host', {BEGIN_MS}, {BEGIN_MS}, {until}, {until}
             FROM activations a, credentials c WHERE a.license_id = {license}"
        ))
        .await;
    portal.pass(HOUR);
    let boss = portal.client("boss").await;
    let team = portal.owner("Team").to_string();
    moved(&portal, &boss, &team, "to-the-team").await;
    // Every reading of the clock takes a millisecond: the ticket changed hands a little after the hour, and so it is folded.
    // On the hour the figures are even.
    let at = BEGIN_MS + HOUR_MS;
    for changed in [
        format!("UPDATE events SET at = {at} WHERE to_owner = '{team}'"),
        format!(
            "UPDATE tickets SET owner_since = {at} WHERE id = {}",
            portal.ticket("t")
        ),
    ] {
        portal.run(&changed).await;
    }
    (portal, container)
}

/// Gives the ticket to somebody, with what is activated.
async fn moved(portal: &TestPortal, by: &Client, to: &str, key: &str) {
    let ticket = portal.pick("t");
    let arguments = [
        ("tickets", ticket.as_str()),
        ("to", to),
        ("activated", "keep"),
        ("key", key),
    ];
    by.post("reassign", &arguments).await.ok();
    portal.learn().await;
}

/// How many hours a licence was leased, in all the steps that are told.
fn hours(points: &Value) -> i64 {
    let points = points.as_array().unwrap().iter();
    points.map(|point| point["leased"].as_i64().unwrap()).sum::<i64>() / 3600
}

/// What is told of the licence that the machine has.
pub fn license(found: &Value) -> &Value {
    let mut licenses = found["licenses"].as_array().unwrap().iter();
    licenses.find(|license| license["article"] == "A").unwrap()
}

pub async fn told(portal: &TestPortal, who: &str, span: &str) -> Answer {
    let ticket = portal.ticket("t");
    let client = portal.client(who).await;
    client
        .post_form("ticket_use", &format!("ticket={ticket}&span={span}"))
        .await
}

async fn nothing_of_above_is_told(engine: Engine) {
    let (portal, container) = company(engine, 4).await;
    portal.pass(5 * HOUR);
    fold(&portal).await;
    let by_level = format!(
        "SELECT ((begins - {BEGIN_MS}) / {HOUR_MS}) || ' ' || g.name || ' ' || (leased / {MINUTE_MS})
         FROM use_hours JOIN groups g ON g.id = level_group_id ORDER BY begins"
    );
    assert_eq!(
        portal.texts(&by_level).await,
        ["0 Company 60", "1 Team 60", "2 Team 60", "3 Team 60"]
    );
    for (who, leased) in [("isv", 4), ("boss", 4), ("ann", 3), ("bob", 3)] {
        let found = told(&portal, who, "Day").await.ok();
        let license = license(&found);
        assert_eq!(hours(&license["points"]), leased, "{who}");
        assert_eq!(license["peak"], 1);
        let machines = license["machines"].as_array().unwrap();
        // The container is the boss's, and those below do not reach it. What is told began with the present owner.
        let reached = matches!(who, "isv" | "boss");
        assert_eq!(machines.len(), usize::from(reached), "{who}");
        if reached {
            assert_eq!(machines[0]["container"], container.to_string());
            assert_eq!(machines[0]["leased"], 3 * 3600);
        }
    }
    let hidden = told(&portal, "cid", "Day").await;
    assert_eq!(hidden.status, 404);
    let unknown = portal.client("cid").await;
    let unknown = unknown
        .post_form("ticket_use", "ticket=4611686018427387903&span=Day")
        .await;
    assert_eq!((hidden.status, hidden.text()), (unknown.status, unknown.text()));
    // The same by day.
    portal.pass(DAY);
    fold(&portal).await;
    for (who, leased) in [("boss", 4), ("ann", 3)] {
        let found = told(&portal, who, "Month").await.ok();
        assert_eq!(hours(&license(&found)["points"]), leased, "{who}");
    }
    // And by the page.
    let ticket = portal.ticket("t");
    let page = portal
        .client("ann")
        .await
        .get(&format!("/ticket/{ticket}/use?span=24h"))
        .await;
    assert_eq!(page.status, 200);
    let page = page.text();
    assert!(
        page.contains("<svg") && page.contains("<desc") && page.contains("<details"),
        "{page}"
    );
    assert!(!page.contains("Build"), "{page}");
}

/// A ticket had every owner once, each for a number of seconds that is a power of two, so that a sum tells whose they are. Whoever
/// has it now, everybody is told the seconds of those in whose hands they would see it, and of no others.
async fn everybody_is_told_what_the_policy_permits(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let container = portal.make_container("boss", "Build").await;
    let used = portal.activate("t", container, "A", 3, "").await;
    let people = ["isv", "boss", "ann", "bob", "cid"];
    let owners = [
        "-",
        "Company",
        "Team",
        "Other",
        "@boss",
        "@ann",
        "@bob",
        "@cid",
        "@boss/Company",
        "@ann/Team",
        "@bob/Team",
        "@cid/Other",
        "@bob/Company",
        "@cid/Team",
    ];
    let seconds = |at: usize| 1_i64 << at;
    for (at, owner) in owners.into_iter().enumerate() {
        let owner = portal.owner(owner);
        let level = owner.level().map_or(0, |level| level.0);
        let user = owner.user().map_or(0, |user| user.0);
        portal
            .run(&format!(
                "INSERT INTO use_hours (begins, license_id, level_group_id, user_id, leased, peak, granted, none_free,
                     not_valid, suspended, revoked, reduced, waited)
                 VALUES ({BEGIN_MS}, {used}, {level}, {user}, {}, 1, 3, 0, 0, 0, 0, 0, 0)",
                seconds(at) * 1000
            ))
            .await;
    }
    first_hour_is_folded(&portal).await;
    portal.pass(2 * HOUR);
    let isv = portal.client("isv").await;
    for (round, now) in ["Company", "Team", "Other", "@bob/Team", "@ann"]
        .into_iter()
        .enumerate()
    {
        let to = portal.owner(now).to_string();
        if portal.holder("t").await != now {
            moved(&portal, &isv, &to, &format!("everybody-{round}")).await;
        }
        for who in people {
            let mut tx = portal.store.begin_read().await.unwrap();
            let actor = store::accounts::people::actor(&mut tx, portal.person(who))
                .await
                .unwrap()
                .unwrap();
            let id = portal.ticket("t");
            let facts = store::tickets::by_ids(&mut tx, &[id]).await.unwrap()[&id]
                .facts
                .clone();
            let mut expected = 0;
            for (at, owner) in owners.into_iter().enumerate() {
                let then = store::tickets::place(&mut tx, portal.owner(owner))
                    .await
                    .unwrap()
                    .unwrap();
                if actor.sees_use(&facts, &then) {
                    expected += seconds(at);
                }
            }
            drop(tx);
            let answer = told(&portal, who, "Day").await;
            if !actor.sees_ticket(&facts) {
                assert_eq!(answer.status, 404, "{now} {who}");
                continue;
            }
            let found = answer.ok();
            let points = license(&found)["points"].as_array().unwrap();
            let sum: i64 = points.iter().map(|point| point["leased"].as_i64().unwrap()).sum();
            assert_eq!(sum, expected, "{now} {who}: {sum:b} {expected:b}");
        }
    }
    // And the sums of branches, by what the policy calls theirs.
    for who in people {
        let mut tx = portal.store.begin_read().await.unwrap();
        let actor = store::accounts::people::actor(&mut tx, portal.person(who))
            .await
            .unwrap()
            .unwrap();
        let mut expected = 0;
        for (at, owner) in owners.into_iter().enumerate() {
            let level = portal.owner(owner).level();
            let lineage = match level {
                Some(level) => store::groups::lineage(&mut tx, level).await.unwrap(),
                None => None,
            };
            if lineage.map_or(actor.isv_admin, |lineage| actor.reads_use(&lineage)) {
                expected += seconds(at);
            }
        }
        drop(tx);
        let client = portal.client(who).await;
        let answer = client.post_form("branch_use", "query[span]=Day").await;
        if !actor.has_use() {
            assert_eq!(answer.status, 404, "{who}");
            continue;
        }
        let found = answer.ok();
        let points = found["points"].as_array().unwrap();
        let sum: i64 = points.iter().map(|point| point["leased"].as_i64().unwrap()).sum();
        assert_eq!(sum, expected, "{who}: {sum:b} {expected:b}");
    }
}

async fn sums_are_those_of_ones_own_branch(engine: Engine) {
    let (portal, _) = company(engine, 4).await;
    portal.pass(5 * HOUR);
    fold(&portal).await;
    let told = async |who: &str, query: &str| {
        let client = portal.client(who).await;
        client.post_form("branch_use", query).await
    };
    let (company, team) = (portal.group("Company"), portal.group("Team"));
    for (who, query, leased) in [
        ("isv", "query[span]=Day".to_owned(), 4),
        ("boss", "query[span]=Day".to_owned(), 4),
        ("boss", format!("query[span]=Day&query[group]={team}"), 3),
        ("ann", "query[span]=Day".to_owned(), 3),
        ("cid", "query[span]=Day".to_owned(), 0),
    ] {
        let found = told(who, &query).await.ok();
        assert_eq!(hours(&found["points"]), leased, "{who} {query}");
        let week = found["week"].as_array().unwrap().iter();
        let week: i64 = week.map(|hour| hour.as_i64().unwrap()).sum();
        assert_eq!(week / 3600, leased, "{who} {query}");
        let products = found["products"].as_array().unwrap();
        let sum: i64 = products
            .iter()
            .map(|product| product["leased"].as_i64().unwrap())
            .sum();
        assert_eq!(sum / 3600, leased, "{who} {query}");
    }
    // It is not told what a group above has, nor that it is there.
    let hidden = told("ann", &format!("query[group]={company}")).await;
    let unknown = told("ann", "query[group]=4611686018427387903").await;
    assert_eq!((hidden.status, hidden.text()), (unknown.status, unknown.text()));
    assert_eq!(hidden.status, 404);
    assert_eq!(told("bob", "").await.status, 404, "plain members have no branch");
}

async fn the_file_has_the_steps_of_the_page(engine: Engine) {
    let (portal, _) = company(engine, 4).await;
    portal.pass(5 * HOUR);
    fold(&portal).await;
    let ticket = portal.ticket("t");
    let ann = portal.client("ann").await;
    let file = ann.get(&format!("/use.csv?ticket={ticket}&span=24h")).await;
    assert_eq!(file.status, 200);
    let text = file.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(
        lines[0],
        "begin,article,product,leased_seconds,average,peak,granted,refused,waited_minutes"
    );
    let found = told(&portal, "ann", "Day").await.ok();
    let points = license(&found)["points"].as_array().unwrap();
    assert_eq!(
        lines.iter().filter(|line| line.contains(",A,Product A,")).count(),
        points.len()
    );
    assert!(
        text.contains("2025-06-01T01:00:00Z,A,Product A,3600,1.0,1,3,0,0"),
        "{text}"
    );
    // The first hour was the company's.
    assert!(
        text.contains("2025-06-01T00:00:00Z,A,Product A,0,0.0,0,,0,0"),
        "{text}"
    );
    assert_eq!(
        portal
            .client("cid")
            .await
            .get(&format!("/use.csv?ticket={ticket}"))
            .await
            .status,
        404
    );
    assert_eq!(portal.client("bob").await.get("/use.csv").await.status, 404);
}

async fn what_nobody_used_is_listed(engine: Engine) {
    let (portal, _) = company(engine, 4).await;
    let unused = async |who: &str, days: u32| {
        let client = portal.client(who).await;
        let found = client
            .post_form("unused", &format!("query[days]={days}"))
            .await
            .ok();
        let rows = found["rows"].as_array().unwrap();
        let ticket = portal.ticket("t").to_string();
        let of_machine = rows
            .iter()
            .filter(|row| row["ticket"] == ticket.as_str() && row["license"]["product"]["en"] == "Product A");
        of_machine.map(|row| row["last"].to_string()).collect::<Vec<_>>()
    };
    // Leased until the fourth hour, and the team's since the first.
    portal.pass(days(7));
    fold(&portal).await;
    assert!(unused("ann", 7).await.is_empty(), "leased since");
    portal.pass(DAY);
    fold(&portal).await;
    // The day began before the team had it: when it was used last is not told.
    assert_eq!(unused("ann", 6).await, ["null"]);
    assert_eq!(unused("boss", 6).await, ["null"]);
    assert!(unused("ann", 60).await.is_empty(), "nobody had it for so long");
    assert!(unused("cid", 6).await.is_empty());
    // What a machine without a network may use is in use.
    let now = BEGIN_MS + 8 * 24 * HOUR_MS;
    portal
        .run(&format!("UPDATE activations SET signed_until = {now}"))
        .await;
    assert!(unused("ann", 6).await.is_empty());
}

async fn use_is_kept_for_so_long(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 1).await;
    machine.acquire("A", "one", "key-0001").await.id();
    machine.acquire("A", "two", "key-0002").await;
    portal.pass(2 * DAY);
    fold(&portal).await;
    let rows = async || {
        let mut counts = Vec::new();
        for table in ["leases", "use_refusals", "use_hours", "use_days"] {
            counts.push(portal.number(&format!("SELECT COUNT(*) FROM {table}")).await);
        }
        counts
    };
    let tidy = async || {
        ops::licensing::usage::sweep(&portal.store).await.unwrap();
        ops::licensing::leases::tidy(&portal.store).await.unwrap();
    };
    tidy().await;
    assert_eq!(rows().await, [1, 1, 1, 1]);
    portal.pass(RAW_KEPT);
    tidy().await;
    assert_eq!(rows().await, [0, 0, 1, 1]);
    portal.pass(HOURS_KEPT - RAW_KEPT);
    tidy().await;
    assert_eq!(rows().await, [0, 0, 0, 1]);
    portal.pass(days(1096));
    tidy().await;
    assert_eq!(rows().await, [0, 0, 0, 0]);
}
