//! A part of a ticket becomes a ticket of its own, and two become one (N17), over HTTP.

use domain::time::days;
use license_portal::{
    ops::instance::{doctor, organisation::Format},
    store::{Engine, encryption::KeySource},
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    instance::files::exported,
    support::{
        client::{Answer, Client},
        portal::{BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    n17_a_part_becomes_a_ticket_and_a_part_again,
    n17_a_term_that_has_begun_goes_on_in_the_part,
    n17_a_licence_as_a_whole_goes_over_with_all_that_is_activated,
    n17_the_rest_is_joined_to_its_part,
    n17_what_was_used_stands_beside,
    n17_a_repetition_splits_nothing_more,
    n17_a_refused_split_changes_nothing,
    n17_reports_and_codes_count_nothing_twice,
    n17_what_is_asked_back_is_not_joined,
    n17_a_split_portal_is_exported_and_imported_as_the_same_bytes,
    n17_splits_moves_and_activations_at_once,
);

const TREE: &str = "
    @isv^
    Company/
      @boss*
      North/
        #t #other #hidden!
        @nina*
        @ned
      South/
        @sam*
";

/// Ten licences in every ticket.
async fn start(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, TREE).await;
    portal.run("UPDATE licenses SET quantity = 10").await;
    portal
}

fn key(portal: &TestPortal) -> String {
    format!("split-{}", portal.store.sources.fresh_id())
}

/// Splits so many of a licence off.
async fn split(portal: &TestPortal, by: &Client, ticket: &str, (license, n): (i64, u32)) -> Answer {
    let (license, n, key) = (license.to_string(), n.to_string(), key(portal));
    let form = [
        ("ticket", ticket),
        ("parts[0][license]", &license),
        ("parts[0][quantity]", &n),
        ("key", &key),
    ];
    by.post("split_ticket", &form).await
}

/// The ticket that was split off.
async fn split_off(portal: &TestPortal, by: &Client, ticket: &str, n: u32) -> String {
    let license = license_in(portal, ticket).await;
    let new = split(portal, by, ticket, (license, n)).await.ok();
    new.as_str().expect("an id").to_owned()
}

async fn join(portal: &TestPortal, by: &Client, ticket: &str, into: &str) -> Answer {
    let key = key(portal);
    by.post(
        "join_tickets",
        &[("ticket", ticket), ("into", into), ("key", &key)],
    )
    .await
}

/// The only licence of a ticket.
async fn license_in(portal: &TestPortal, ticket: &str) -> i64 {
    portal
        .number(&format!("SELECT id FROM licenses WHERE ticket_id = {ticket}"))
        .await
}

/// `QUANTITY/ACTIVATED` of the licences of a ticket.
async fn licenses(portal: &TestPortal, ticket: &str) -> Vec<String> {
    portal
        .texts(&format!(
            "SELECT CAST(quantity AS TEXT) || '/' || CAST(activated AS TEXT) FROM licenses WHERE ticket_id = {ticket}
             ORDER BY position"
        ))
        .await
}

async fn kinds(by: &Client, ticket: &str) -> Vec<String> {
    let rows = by.post("history", &[("ticket", ticket)]).await.ok();
    let rows = rows.as_array().expect("rows").iter();
    rows.map(|row| row["kind"].as_str().expect("a kind").to_owned())
        .collect()
}

fn why(answer: &Answer) -> Value {
    answer.json()["Refused"].clone()
}

/// Nothing is wrong with what stands in the database.
async fn is_well(portal: &TestPortal) {
    let report = doctor::examine(&portal.store, KeySource::File(portal.key_file())).await;
    let report = report.expect("the database answers");
    let wrong: Vec<_> = report.findings.iter().map(|found| &found.what).collect();
    assert_eq!(wrong, Vec::<&String>::new());
}

async fn n17_a_part_becomes_a_ticket_and_a_part_again(engine: Engine) {
    let portal = start(engine).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let container = ned.cloud_container(&portal, "@ned/North", "Laptop").await;
    ned.activate(&portal, "t", &container, 4).await.ok();
    let t = portal.ticket("t").to_string();
    let license = portal.license_of("t");
    // What is free can be split off, and no more.
    let too_many = split(&portal, &nina, &t, (license, 7)).await;
    assert_eq!(
        (too_many.status, why(&too_many)),
        (409, json!({ "InvalidSplit": { "NotEnough": { "free": 6 } } }))
    );
    let new = split_off(&portal, &nina, &t, 3).await;
    assert_eq!(
        (licenses(&portal, &t).await, licenses(&portal, &new).await),
        (vec!["7/4".into()], vec!["3/0".into()])
    );
    // It is a ticket like any other, with a code of its own: whoever saw the other one sees it, and finds it.
    let rows = ned.post("selected", &[("ids[0]", &new)]).await.ok();
    let code = rows[0]["code"].as_str().expect("a code").to_owned();
    assert_ne!(code, portal.code("t"));
    assert_eq!(rows[0]["licenses"][0]["quantity"], 3);
    let found = nina.post("find", &[("search", &code)]).await.text();
    assert!(found.contains(&code), "{found}");
    assert_eq!(kinds(&ned, &t).await, ["TicketSplit", "LicenseActivated"]);
    assert_eq!(kinds(&ned, &new).await, ["TicketSplitOff"]);
    // Over time, it says so; it is taken back by joining alone, and nothing before it is.
    let told = nina.post("amendments", &[("ticket", &t)]).await.ok();
    let row = &told[0]["amendments"][0];
    assert_eq!(
        (&row["what"], &row["may_undo"]),
        (&json!({ "Split": { "off": 3 } }), &json!(false))
    );
    assert_eq!(
        (&row["before"]["quantity"], &row["after"]["quantity"]),
        (&json!(10), &json!(7))
    );
    let isv = portal.client("isv").await;
    let undone = isv
        .post(
            "undo_amendments",
            &[("amendments[0]", row["id"].as_str().expect("an id"))],
        )
        .await;
    assert_eq!(why(&undone), json!({ "InvalidAmendment": "OfTwoTickets" }));
    // It goes its own way, and comes back.
    let south = portal.owner("South").to_string();
    let north = portal.owner("North").to_string();
    let boss = portal.client("boss").await;
    boss.reassign(&format!("{new}={north}"), &south, "to-the-south")
        .await
        .ok();
    let apart = join(&portal, &boss, &new, &t).await;
    assert_eq!(
        (apart.status, why(&apart)),
        (409, json!({ "InvalidJoin": "Apart" }))
    );
    assert_eq!(join(&portal, &nina, &new, &t).await.status, 404);
    boss.reassign(&format!("{new}={south}"), &north, "to-the-north")
        .await
        .ok();
    let offered = nina.post("join_candidates", &[("ticket", &t)]).await.ok();
    let offered: Vec<_> = offered.as_array().expect("some").iter().collect();
    let ids: Vec<_> = offered.iter().map(|one| &one["ticket"]["facts"]["id"]).collect();
    // Of the same product first; of what is protected, nothing.
    assert_eq!(ids, [&json!(new), &json!(portal.ticket("other").to_string())]);
    assert_eq!(
        (&offered[0]["becomes_one"], &offered[1]["becomes_one"]),
        (&json!(1), &json!(0))
    );
    join(&portal, &nina, &new, &t).await.ok();
    assert_eq!(licenses(&portal, &t).await, ["10/4"]);
    assert_eq!(nina.post("history", &[("ticket", &new)]).await.status, 404);
    let found = isv.post("find", &[("search", &code)]).await.text();
    assert!(!found.contains(&code), "{found}");
    let redeemed = ned
        .post(
            "redeem",
            &[("codes", &code), ("to", &portal.owner("@ned").to_string())],
        )
        .await;
    assert_eq!(why(&redeemed), json!({ "UnknownCode": { "at": 1 } }));
    assert_eq!(kinds(&nina, &t).await[..2], ["TicketJoined", "TicketSplit"]);
    assert_eq!(isv.get("/history").await.status, 200);
    is_well(&portal).await;
}

async fn n17_a_term_that_has_begun_goes_on_in_the_part(engine: Engine) {
    let portal = start(engine).await;
    portal
        .run(&format!(
            "UPDATE licenses SET valid_days = 30, started_at = {BEGIN_MS}"
        ))
        .await;
    portal.jump(days(20));
    let nina = portal.client("nina").await;
    let t = portal.ticket("t").to_string();
    let new = split_off(&portal, &nina, &t, 4).await;
    let terms = portal
        .texts(&format!(
            "SELECT CAST(valid_days AS TEXT) || ' ' || CAST(started_at AS TEXT) FROM licenses WHERE ticket_id IN ({t}, {new})"
        ))
        .await;
    assert_eq!(terms, [format!("30 {BEGIN_MS}"), format!("30 {BEGIN_MS}")]);
    // Ten days later it has ended, in a machine of whoever has it.
    let told = nina.post("licenses", &[("ticket", &new)]).await.text();
    portal.jump(days(11));
    let nina = portal.client("nina").await;
    let ended = nina.post("licenses", &[("ticket", &new)]).await.text();
    assert!(
        told.contains("Usable") && ended.contains("Expired"),
        "{told} {ended}"
    );
}

async fn n17_a_licence_as_a_whole_goes_over_with_all_that_is_activated(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ned", "Laptop").await;
    let second = portal.activate("t", container, "A", 5, "").await;
    let t = portal.ticket("t").to_string();
    let nina = portal.client("nina").await;
    let isv = portal.client("isv").await;
    let suspend = |license: i64| {
        let license = license.to_string();
        let key = key(&portal);
        let isv = isv.clone();
        async move {
            let form = [
                ("new[licenses][0][license]", license.as_str()),
                ("new[kind]", "Suspend"),
                ("key", &key),
            ];
            isv.post("amend_licenses", &form).await.ok();
        }
    };
    suspend(second).await;
    let part = split(&portal, &nina, &t, (second, 2)).await;
    assert_eq!(why(&part), json!({ "InvalidSplit": "Stopped" }));
    let new = split(&portal, &nina, &t, (second, 5)).await.ok();
    let new = new.as_str().expect("an id");
    assert_eq!(
        (licenses(&portal, &t).await, licenses(&portal, new).await),
        (vec!["10/0".into()], vec!["5/5".into()])
    );
    assert_eq!(license_in(&portal, new).await, second, "the same licence");
    // Each is found by what is in it alone.
    let products = format!("SELECT products FROM tickets WHERE id IN ({t}, {new}) ORDER BY products");
    assert_eq!(portal.texts(&products).await, ["product", "t"]);
    let told = nina.post("amendments", &[("ticket", new)]).await.ok();
    assert_eq!(told[0]["amendments"][0]["what"], "Suspend");
    // Nothing of it becomes one with another: it goes back as it came.
    join(&portal, &nina, new, &t).await.ok();
    assert_eq!(licenses(&portal, &t).await, ["10/0", "5/5"]);
    is_well(&portal).await;
}

/// From the other side: what is left of the one takes the part, which nothing was done with.
async fn n17_the_rest_is_joined_to_its_part(engine: Engine) {
    let portal = start(engine).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let container = ned.cloud_container(&portal, "@ned/North", "Laptop").await;
    ned.activate(&portal, "t", &container, 4).await.ok();
    let (t, license) = (portal.ticket("t").to_string(), portal.license_of("t"));
    portal.run("UPDATE licenses SET returns_left = 7").await;
    let new = split_off(&portal, &nina, &t, 3).await;
    join(&portal, &nina, &t, &new).await.ok();
    assert_eq!(licenses(&portal, &new).await, ["10/4"]);
    assert_eq!(
        license_in(&portal, &new).await,
        license,
        "what is activated stays so"
    );
    let returns = format!("SELECT returns_left FROM licenses WHERE id = {license}");
    assert_eq!(portal.number(&returns).await, 7);
    assert_eq!(kinds(&nina, &new).await, ["TicketJoined", "TicketSplitOff"]);
    assert_eq!(nina.post("history", &[("ticket", &t)]).await.status, 404);
    let told = nina.post("amendments", &[("ticket", &new)]).await.ok();
    let whats: Vec<_> = told[0]["amendments"]
        .as_array()
        .expect("some")
        .iter()
        .map(|row| &row["what"])
        .collect();
    assert_eq!(
        whats,
        [
            &json!({ "Join": { "more": 3 } }),
            &json!({ "Split": { "off": 3 } })
        ]
    );
    is_well(&portal).await;
}

async fn n17_what_was_used_stands_beside(engine: Engine) {
    let portal = start(engine).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let t = portal.ticket("t").to_string();
    portal
        .run("UPDATE licenses SET binding = 'node_locked', returns_left = 7")
        .await;
    let new = split_off(&portal, &nina, &t, 4).await;
    let returns = format!("SELECT returns_left FROM licenses WHERE ticket_id = {new}");
    assert_eq!(portal.number(&returns).await, 2, "its share of them");
    let container = ned.cloud_container(&portal, "@ned/North", "Laptop").await;
    let form = [
        ("license", license_in(&portal, &new).await.to_string()),
        ("container", container),
        ("quantity", "1".to_owned()),
        ("key", key(&portal)),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    ned.post("activate", &form).await.ok();
    join(&portal, &nina, &new, &t).await.ok();
    assert_eq!(licenses(&portal, &t).await, ["6/0", "4/1"]);
    let returns = format!("SELECT SUM(returns_left) FROM licenses WHERE ticket_id = {t}");
    assert_eq!(
        portal
            .number(&format!("SELECT CAST(({returns}) AS BIGINT)"))
            .await,
        7
    );
    is_well(&portal).await;
}

async fn n17_a_repetition_splits_nothing_more(engine: Engine) {
    let portal = start(engine).await;
    let nina = portal.client("nina").await;
    let (t, license) = (portal.ticket("t").to_string(), portal.license_of("t").to_string());
    let form = |n| {
        [
            ("ticket", t.clone()),
            ("parts[0][license]", license.clone()),
            ("parts[0][quantity]", n),
            ("key", "split-once".to_owned()),
        ]
    };
    let send = async |n: &str| {
        let form = form(n.to_owned());
        let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        nina.post("split_ticket", &form).await
    };
    let first = send("3").await.ok();
    assert_eq!(send("3").await.ok(), first);
    assert_eq!(licenses(&portal, &t).await, ["7/0"]);
    assert_eq!(why(&send("4").await), "KeyReused");
    // It is no move, and not taken back as one.
    let undone = nina
        .post("undo", &[("key", "split-once"), ("undo_key", "undo-split")])
        .await;
    assert_eq!(why(&undone), "NothingToUndo");
    let new = first.as_str().expect("an id");
    let form = [("ticket", new), ("into", &t), ("key", "join-once")];
    nina.post("join_tickets", &form).await.ok();
    nina.post("join_tickets", &form).await.ok();
    assert_eq!(licenses(&portal, &t).await, ["10/0"]);
}

async fn n17_a_refused_split_changes_nothing(engine: Engine) {
    let portal = start(engine).await;
    let nina = portal.client("nina").await;
    let (t, other) = (
        portal.ticket("t").to_string(),
        portal.license_of("other").to_string(),
    );
    let license = portal.license_of("t").to_string();
    let before = portal.state().await;
    let wanted = |parts: &[(&str, &str)]| {
        let mut form = vec![("ticket".to_owned(), t.clone()), ("key".to_owned(), key(&portal))];
        for (at, (license, n)) in parts.iter().enumerate() {
            form.push((format!("parts[{at}][license]"), (*license).to_owned()));
            form.push((format!("parts[{at}][quantity]"), (*n).to_owned()));
        }
        form
    };
    for (parts, status, told) in [
        (vec![], 422, "Quantity"),
        (vec![(license.as_str(), "0")], 422, "Quantity"),
        (vec![(license.as_str(), "11")], 422, "Quantity"),
        (vec![(license.as_str(), "10")], 409, "Everything"),
        // The first would be possible: all or nothing.
        (
            vec![(license.as_str(), "3"), (other.as_str(), "1")],
            422,
            "Quantity",
        ),
        (
            vec![(license.as_str(), "3"), (license.as_str(), "2")],
            422,
            "Quantity",
        ),
    ] {
        let form = wanted(&parts);
        let form: Vec<_> = form
            .iter()
            .map(|(name, value)| (name.as_str(), value.as_str()))
            .collect();
        let answer = nina.post("split_ticket", &form).await;
        assert_eq!(
            (answer.status, why(&answer)),
            (status, json!({ "InvalidSplit": told })),
            "{parts:?}"
        );
    }
    assert_eq!(portal.state().await, before);
    let hidden = portal.ticket("hidden").to_string();
    for (two, told) in [((&t, &t), "Same"), ((&t, &hidden), "Protected")] {
        let answer = join(&portal, &nina, two.0, two.1).await;
        assert_eq!(why(&answer), json!({ "InvalidJoin": told }));
    }
    assert_eq!(portal.state().await, before);
    // What is planned was meant for all of it.
    let isv = portal.client("isv").await;
    let form = [
        ("new[licenses][0][license]", license.as_str()),
        ("new[kind]", "Quantity"),
        ("new[quantity]", "20"),
        ("new[on]", "2100-01-01"),
        ("key", "planned-1"),
    ];
    isv.post("amend_licenses", &form).await.ok();
    let planned = split(&portal, &nina, &t, (portal.license_of("t"), 3)).await;
    assert_eq!(why(&planned), json!({ "InvalidSplit": "Planned" }));
}

async fn n17_reports_and_codes_count_nothing_twice(engine: Engine) {
    let portal = start(engine).await;
    portal.jump(days(40));
    let nina = portal.client("nina").await;
    let t = portal.ticket("t").to_string();
    let counted = "SELECT COUNT(*) FROM creations";
    let before = portal.number(counted).await;
    let new = split_off(&portal, &nina, &t, 3).await;
    // It exists since the other one does, and its owner has it as long.
    let times = format!(
        "SELECT DISTINCT CAST(created_at AS TEXT) || ' ' || CAST(owner_since AS TEXT) FROM tickets WHERE id IN ({t}, {new})"
    );
    assert_eq!(portal.texts(&times).await.len(), 1);
    assert_eq!(portal.number(counted).await, before);
    let counted = portal
        .number("SELECT CAST(SUM(added + renewed) AS BIGINT) FROM amendments")
        .await;
    assert_eq!(counted, 0, "no quota is charged");
}

async fn n17_what_is_asked_back_is_not_joined(engine: Engine) {
    let portal = start(engine).await;
    let (nina, boss) = (portal.client("nina").await, portal.client("boss").await);
    let (t, other) = (portal.ticket("t").to_string(), portal.ticket("other").to_string());
    let company = portal.group("Company").to_string();
    let form = [("new[tickets][0]", t.as_str()), ("new[to]", &company)];
    let asked = boss.post("ask_take_back", &form).await.ok();
    let refused = join(&portal, &nina, &t, &other).await;
    assert_eq!(why(&refused), json!({ "InvalidJoin": "AskedBack" }));
    let asked = asked[0].as_str().expect("an id");
    nina.post("keep_take_back", &[("take_back", asked)]).await.ok();
    join(&portal, &nina, &t, &other).await.ok();
    assert_eq!(licenses(&portal, &other).await, ["10/0", "10/0"]);
    // What was asked about it is told of the ticket that has it all.
    let about = portal.number("SELECT ticket_id FROM take_backs").await;
    assert_eq!(about.to_string(), other);
    assert_eq!(boss.get("/take-backs").await.status, 200);
    is_well(&portal).await;
}

async fn n17_a_split_portal_is_exported_and_imported_as_the_same_bytes(engine: Engine) {
    let portal = start(engine).await;
    portal
        .run(&format!(
            "UPDATE licenses SET valid_days = 90, started_at = {BEGIN_MS}"
        ))
        .await;
    let nina = portal.client("nina").await;
    let t = portal.ticket("t").to_string();
    let new = split_off(&portal, &nina, &t, 3).await;
    split_off(&portal, &nina, &t, 2).await;
    join(&portal, &nina, &new, &t).await.ok();
    let file = exported(&portal, Format::Json).await;
    assert!(file.contains("Split") && file.contains("Join"), "{file}");
    let empty = TestPortal::empty(engine).await;
    let organisation = serde_json::from_str(&file).expect("an organisation");
    empty.import(&organisation).await;
    assert_eq!(exported(&empty, Format::Json).await, file);
}

async fn n17_splits_moves_and_activations_at_once(engine: Engine) {
    let portal = start(engine).await;
    let (nina, boss, ned) = (
        portal.client("nina").await,
        portal.client("boss").await,
        portal.client("ned").await,
    );
    let container = ned.cloud_container(&portal, "@ned/North", "Laptop").await;
    let (t, license) = (portal.ticket("t").to_string(), portal.license_of("t"));
    let (north, south) = (
        portal.owner("North").to_string(),
        portal.owner("South").to_string(),
    );
    let mut race = JoinSet::new();
    for n in 0..16 {
        let (portal, t, container) = (portal.clone(), t.clone(), container.clone());
        let (nina, boss, ned) = (nina.clone(), boss.clone(), ned.clone());
        let (north, south) = (north.clone(), south.clone());
        race.spawn(async move {
            match n % 4 {
                0 | 1 => split(&portal, &nina, &t, (license, 2)).await,
                2 => {
                    let (from, to) = if n % 8 == 2 {
                        (&north, &south)
                    } else {
                        (&south, &north)
                    };
                    boss.reassign(&format!("{t}={from}"), to, &format!("race-move-{n}"))
                        .await
                }
                _ => {
                    let (license, key) = (license.to_string(), format!("race-activate-{n}"));
                    let form = [
                        ("license", license.as_str()),
                        ("container", &container),
                        ("quantity", "2"),
                        ("key", &key),
                    ];
                    ned.post("activate", &form).await
                }
            }
        });
    }
    for answer in race.join_all().await {
        assert!(
            matches!(answer.status, 200 | 404 | 409),
            "{} {}",
            answer.status,
            answer.text()
        );
    }
    // Whatever happened in whatever order, there are as many as before, and none is activated twice.
    let product = format!("SELECT product_id FROM licenses WHERE id = {license}");
    let all = format!("SELECT CAST(SUM(quantity) AS BIGINT) FROM licenses WHERE product_id = ({product})");
    assert_eq!(portal.number(&all).await, 10);
    let activated =
        "SELECT CAST(COALESCE(SUM(quantity), 0) AS BIGINT) FROM activations WHERE ended_at IS NULL";
    let counted = format!("SELECT activated FROM licenses WHERE id = {license}");
    assert_eq!(portal.number(activated).await, portal.number(&counted).await);
    is_well(&portal).await;
}
