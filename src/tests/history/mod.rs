//! The history of what one may know of (N11): who is shown which events, and what they are told of them.

pub mod chain;
pub mod readers;
pub mod webhooks;
pub mod worlds;

use std::{io::Write, process::Stdio};

use domain::{
    history::events::EventKind,
    ids::{EventId, GroupId, UserId},
};
use license_portal::{
    ops::{self, instance::organisation},
    store::Engine,
    views::history::{By, HistoryQuery},
};
use serde_json::Value;

use crate::{
    history::worlds::all,
    licensing::leases::{World, world},
    support::{
        client::{Answer, Client, encoded},
        moments::ms,
        portal::{BEGIN_MS, TestPortal},
        tree,
    },
};

on_both_engines!(
    an_admin_reads_what_happened_in_their_branch,
    filters_narrow_the_list,
    nothing_is_found_by_hidden_names,
    what_happened_in_a_dissolved_group_belongs_to_the_one_above,
    many_events_are_walked_and_looked_through_in_parts,
    the_file_holds_what_the_page_shows,
    every_door_is_recorded,
    an_older_history_gets_its_places,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      #top
      Team/
        @ann*
        @ned
        #t #u
        Cell/
          #v
    Rival/
      @rob*
      #r
";

/// What somebody is shown, in words: kind, by whom, from, to.
async fn told(client: &Client, more: &[(&str, &str)]) -> Vec<String> {
    let page = events(client, more).await.ok();
    page["rows"].as_array().unwrap().iter().map(words).collect()
}

async fn events(client: &Client, more: &[(&str, &str)]) -> Answer {
    let mut arguments = vec![("query[search]", "")];
    arguments.extend_from_slice(more);
    if more.iter().any(|(name, _)| *name == "query[search]") {
        arguments.remove(0);
    }
    client.post("events", &arguments).await
}

fn words(row: &Value) -> String {
    let named = |value: &Value| match &value["Known"] {
        Value::Null if value.is_null() => String::new(),
        Value::Null => "?".to_owned(),
        known => known[1].as_str().unwrap().to_owned(),
    };
    let holder = |value: &Value| match value {
        Value::Null => String::new(),
        Value::String(text) if text == "Elsewhere" => "?".to_owned(),
        Value::String(text) => text.clone(),
        value => match &value["Group"] {
            Value::Null => value["Person"][0].as_str().unwrap().to_owned(),
            path => {
                let names = path.as_array().unwrap().iter().map(|name| name.as_str().unwrap());
                names.collect::<Vec<_>>().join("/")
            }
        },
    };
    let parts = [
        row["kind"].as_str().unwrap().to_owned(),
        match &row["by"]["Person"] {
            Value::Null => row["by"].as_str().unwrap().to_owned(),
            person => named(person),
        },
        named(&row["person"]),
        named(&row["group"]),
        holder(&row["from"]),
        holder(&row["to"]),
    ];
    parts.join(" ").split_whitespace().collect::<Vec<_>>().join(" ")
}

async fn company(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    portal.run("DELETE FROM event_groups").await;
    portal.run("DELETE FROM event_people").await;
    portal.run("DELETE FROM events").await;
    portal
}

async fn moved(portal: &TestPortal, by: &Client, ticket: &str, to: &str) {
    let key = format!("{ticket}-to-{to}").replace(['@', '/'], "-");
    by.reassign(&portal.pick(ticket), &portal.owner(to).to_string(), &key)
        .await
        .ok();
    portal.learn().await;
}

async fn an_admin_reads_what_happened_in_their_branch(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann, ned, rob, isv) = (
        portal.client("boss").await,
        portal.client("ann").await,
        portal.client("ned").await,
        portal.client("rob").await,
        portal.client("isv").await,
    );
    moved(&portal, &boss, "top", "Team").await;
    moved(&portal, &ann, "t", "@ned/Team").await;
    moved(&portal, &boss, "v", "Company").await;
    moved(&portal, &isv, "r", "Company").await;
    assert_eq!(
        told(&boss, &[]).await,
        [
            "TicketMoved ? ? Company",
            "TicketMoved boss Company/Team/Cell Company",
            "TicketMoved ann Company/Team ned",
            "TicketMoved boss Company Company/Team",
        ]
    );
    // Blind upwards: neither the group above nor its admin has a name.
    assert_eq!(
        told(&ann, &[]).await,
        [
            "TicketMoved ? Team/Cell ?",
            "TicketMoved ann Team ned",
            "TicketMoved ? ? Team",
        ]
    );
    assert_eq!(told(&ned, &[]).await, ["TicketMoved ? Team ned"]);
    assert_eq!(told(&rob, &[]).await, ["TicketMoved ? Rival ?"]);
    assert_eq!(told(&isv, &[]).await.len(), 4);
    assert_eq!(
        events(&portal.nobody(), &[]).await.refused(),
        "401 \"NotLoggedIn\""
    );
    let page = events(&ann, &[]).await.ok();
    let rows = page["rows"].as_array().unwrap();
    assert!(rows.iter().all(|row| row["channel"] == "Browser"), "{page}");
    // The code of a ticket that left is a secret again.
    assert_eq!(rows[0]["ticket"], Value::Null);
    assert_eq!(rows[1]["ticket"][1], portal.code("t"));
    let html = ann.get("/history").await.text();
    assert!(
        html.contains(&portal.code("t")) && html.contains("somewhere you cannot see"),
        "{html}"
    );
    assert!(
        !html.contains("Company") && !html.contains(&portal.code("v")),
        "{html}"
    );
    // What somebody did not do themselves is gone with the right to read it.
    portal
        .run(&format!(
            "DELETE FROM membership_permissions WHERE user_id = {}",
            portal.person("ann")
        ))
        .await;
    assert_eq!(told(&ann, &[]).await, ["TicketMoved ann Team ?"]);
}

async fn filters_narrow_the_list(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann) = (portal.client("boss").await, portal.client("ann").await);
    moved(&portal, &boss, "top", "Team").await;
    portal.pass(ms(24 * 60 * 60 * 1000));
    // Midnights apart; the login of the day before has ended.
    let (boss, ann) = (portal.client("boss").await, {
        drop(ann);
        portal.client("ann").await
    });
    moved(&portal, &ann, "t", "@ned/Team").await;
    let cell = portal.group("Cell").to_string();
    boss.post("rename_group", &[("group", &cell), ("name", "Zelle")])
        .await
        .ok();
    let ned = portal.person("ned").to_string();
    let ann_id = portal.person("ann").to_string();
    let day = |days: i64| {
        let midnight = BEGIN_MS - BEGIN_MS.rem_euclid(86_400_000) + days * 86_400_000;
        midnight.to_string()
    };
    let company = portal.group("Company").to_string();
    for (filter, expected) in [
        (vec![("query[topic]", "Groups")], vec!["GroupRenamed boss Zelle"]),
        (vec![("query[topic]", "Licenses")], vec![]),
        (
            vec![("query[person]", ned.as_str())],
            vec!["TicketMoved ann Company/Team ned"],
        ),
        (
            vec![("query[person]", &ann_id)],
            vec!["TicketMoved ann Company/Team ned"],
        ),
        (vec![("query[group]", &cell)], vec!["GroupRenamed boss Zelle"]),
        (
            vec![
                ("query[group]", &company),
                ("query[topic]", "Tickets"),
                ("query[from]", &day(1)),
            ],
            vec!["TicketMoved ann Company/Team ned"],
        ),
        (
            vec![("query[to]", &day(0))],
            vec!["TicketMoved boss Company Company/Team"],
        ),
        (vec![("query[search]", "zELLE")], vec!["GroupRenamed boss Zelle"]),
        (
            vec![("query[search]", "ann")],
            vec!["TicketMoved ann Company/Team ned"],
        ),
        (
            vec![("query[search]", "top")],
            vec!["TicketMoved boss Company Company/Team"],
        ),
        (vec![("query[search]", "%")], vec![]),
        (vec![("query[search]", "\0")], vec![]),
    ] {
        assert_eq!(told(&boss, &filter).await, expected, "{filter:?}");
    }
    let code = portal.code("t").to_lowercase().replace('-', " ");
    assert_eq!(
        told(&boss, &[("query[search]", &code)]).await,
        ["TicketMoved ann Company/Team ned"]
    );
    // Without wasm the form is an address.
    let html = boss
        .get(&format!(
            "/history?q=zelle&about=groups&group={company}&from=&to="
        ))
        .await
        .text();
    assert!(
        html.contains("Group renamed") && html.contains("Only events in Company and below"),
        "{html}"
    );
    assert!(!html.contains(&portal.code("t")), "{html}");
    assert_eq!(boss.get("/history?group=4611686018427387903").await.status, 404);
}

async fn nothing_is_found_by_hidden_names(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann, isv) = (
        portal.client("boss").await,
        portal.client("ann").await,
        portal.client("isv").await,
    );
    moved(&portal, &boss, "u", "Company").await;
    moved(&portal, &isv, "r", "Team").await;
    assert_eq!(
        told(&ann, &[]).await,
        ["TicketMoved ? ? Team", "TicketMoved ? Team ?"]
    );
    for hidden in ["boss", "isv", "Company", "Rival", "u", &portal.code("u")] {
        let found = told(&ann, &[("query[search]", hidden)]).await;
        // The letter stands in the name of no group of hers, and of no product that she sees.
        assert_eq!(found, Vec::<String>::new(), "{hidden}");
    }
    for known in ["Team", "r", &portal.code("r")] {
        assert!(
            !told(&ann, &[("query[search]", known)]).await.is_empty(),
            "{known}"
        );
    }
    for (name, id) in [
        ("query[person]", portal.person("boss").to_string()),
        ("query[group]", portal.group("Rival").to_string()),
        ("query[group]", portal.group("Company").to_string()),
    ] {
        let hidden = events(&ann, &[(name, &id)]).await.refused();
        let absent = events(&ann, &[(name, "4611686018427387903")]).await.refused();
        assert_eq!(hidden, absent);
    }
}

async fn what_happened_in_a_dissolved_group_belongs_to_the_one_above(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann) = (portal.client("boss").await, portal.client("ann").await);
    moved(&portal, &boss, "v", "Company").await;
    assert_eq!(told(&ann, &[]).await.len(), 1);
    let cell = portal.group("Cell").to_string();
    boss.post("delete_group", &[("group", &cell)]).await.ok();
    assert_eq!(
        told(&ann, &[]).await,
        ["GroupDeleted ? ? Team", "TicketMoved ? ? ?"]
    );
}

/// Events with these ids in a group, written behind the portal's back.
async fn fill(portal: &TestPortal, from: i64, to: i64, group: GroupId, by: UserId) {
    for into in [
        format!(
            "INSERT INTO events (id, at, kind, actor_id, group_id)
             WITH RECURSIVE numbers (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})
             SELECT n, {BEGIN_MS}, 'group_renamed', {by}, {group} FROM numbers"
        ),
        format!(
            "INSERT INTO event_groups (event_id, group_id)
             SELECT id, {group} FROM events WHERE id BETWEEN {from} AND {to}"
        ),
    ] {
        portal.run(&into).await;
    }
}

async fn many_events_are_walked_and_looked_through_in_parts(engine: Engine) {
    let portal = company(engine).await;
    let (team, rival) = (portal.group("Team"), portal.group("Rival"));
    fill(&portal, 1, 10_500, team, UserId(7)).await;
    fill(&portal, 20_001, 50_000, rival, UserId(7)).await;
    let ann = portal.person("ann");
    let first = ops::history::page(&portal.store, ann, &HistoryQuery::default(), 50)
        .await
        .unwrap();
    assert_eq!((first.rows.len(), first.next), (0, Some(EventId(30_001))));
    let found = all(&portal, ann, HistoryQuery::default(), 500).await;
    let found: Vec<i64> = found.iter().map(|row| row.id.0).collect();
    assert_eq!(found, (1..=10_500).collect::<Vec<_>>());
    // Few are gathered: from the branch below, without looking at the others.
    portal.run("DELETE FROM event_groups WHERE event_id > 100").await;
    let few = ops::history::page(&portal.store, ann, &HistoryQuery::default(), 50)
        .await
        .unwrap();
    assert_eq!((few.rows.len(), few.next), (50, Some(EventId(51))));
}

async fn the_file_holds_what_the_page_shows(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann) = (portal.client("boss").await, portal.client("ann").await);
    let (team, by) = (portal.group("Team"), portal.person("boss"));
    fill(&portal, 1, 1_100, team, by).await;
    let formula = "=HYPERLINK(\"x\")";
    boss.post("rename_group", &[("group", &team.to_string()), ("name", formula)])
        .await
        .ok();
    moved(&portal, &boss, "top", "@ann/Team").await;
    let file = boss.get("/history.csv").await;
    assert_eq!(
        (file.status, file.header("content-type")),
        (200, "text/csv; charset=utf-8; header=present")
    );
    assert_eq!(
        file.header("content-disposition"),
        "attachment; filename=\"history.csv\""
    );
    let text = file.text();
    let lines: Vec<&str> = text.split("\r\n").collect();
    assert_eq!(lines.len(), 1 + 1_102 + 1);
    assert_eq!(
        lines[0],
        "time,event,way,by,ticket,licenses,product,container,person,group,from,to,change"
    );
    assert!(lines[1].contains(",ticket_moved,browser,boss,"), "{}", lines[1]);
    assert!(
        lines[2].ends_with(
            ",group_renamed,browser,boss,,,,,,\"'=HYPERLINK(\"\"x\"\")\",,,\"Team → =HYPERLINK(\"\"x\"\")\""
        ),
        "{}",
        lines[2]
    );
    assert_eq!(lines[1_103], "");
    // Filters and rights are those of the page.
    let tickets = boss.get("/history.csv?about=tickets").await.text();
    assert_eq!(tickets.lines().count(), 2);
    let hers = ann.get("/history.csv").await.text();
    assert!(
        !hers.contains("boss") && hers.contains(",someone,"),
        "{hers:.400}"
    );
    let company = portal.group("Company").to_string();
    assert_eq!(
        ann.get(&format!("/history.csv?group={company}")).await.status,
        404
    );
    assert_eq!(
        boss.get(&format!("/history.csv?q={}", encoded("größe")))
            .await
            .text()
            .lines()
            .count(),
        1
    );
    let nobody = portal.nobody().get("/history.csv").await;
    assert_eq!(
        (nobody.status, nobody.header("location")),
        (303, "/login?next=/history")
    );
}

/// Over which way: a file, a machine with its credential, the command line.
async fn every_door_is_recorded(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    portal
        .activate("t", container, "N", 1, "binding = 'node_locked'")
        .await;
    portal.run("DELETE FROM events").await;
    let annex = tree::organisation("Annex/\n @zoe #x\n");
    organisation::import(&portal.store, &portal.portal.vendor, &annex, None)
        .await
        .unwrap();
    let node = machine.bind("N", "fingerprint-1").await.id();
    machine.bind("N", "fingerprint-1").await.id();
    for _ in 0..2 {
        machine.delete(&format!("/api/v1/nodes/{node}")).await;
    }
    let mut command = portal
        .program()
        .args(["--log", "error", "password", "zoe"])
        .stdin(Stdio::piped())
        .spawn()
        .expect("the program starts");
    let mut stdin = command.stdin.take().expect("a standard input");
    stdin.write_all(b"three small goats in may\n").unwrap();
    drop(stdin);
    assert!(command.wait().unwrap().success());
    assert_eq!(
        portal
            .texts("SELECT kind || ' ' || way || ' ' || actor_id FROM events ORDER BY at")
            .await,
        [
            "group_created import 0",
            "user_created import 0",
            "product_created import 0",
            "ticket_created import 0",
            "license_bound client 0",
            "license_unbound client 0",
            "password_changed command_line 0",
        ]
    );
    let zoe = UserId(portal.number("SELECT id FROM users WHERE login = 'zoe'").await);
    let told = all(&portal, zoe, HistoryQuery::default(), 50).await;
    let told: Vec<_> = told.iter().map(|row| (row.kind, &row.by)).collect();
    assert_eq!(
        told,
        [
            (EventKind::UserCreated, &By::Operator),
            (EventKind::TicketCreated, &By::Operator),
            (EventKind::PasswordChanged, &By::Operator)
        ]
    );
    let owner = portal
        .number(&format!("SELECT user_id FROM containers WHERE id = {container}"))
        .await;
    let told = all(&portal, UserId(owner), HistoryQuery::default(), 50).await;
    let told: Vec<_> = told.iter().map(|row| (row.kind, &row.by, row.quantity)).collect();
    assert_eq!(
        told,
        [
            (EventKind::LicenseBound, &By::Machine, Some(1)),
            (EventKind::LicenseUnbound, &By::Machine, Some(1))
        ]
    );
}

/// The step of the schema that gave events their places finds those of older ones.
async fn an_older_history_gets_its_places(engine: Engine) {
    let portal = company(engine).await;
    let (boss, ann) = (portal.client("boss").await, portal.client("ann").await);
    moved(&portal, &boss, "top", "Team").await;
    moved(&portal, &ann, "t", "@ned/Team").await;
    moved(&portal, &ann, "t", "@ann/Team").await;
    let cell = portal.group("Cell").to_string();
    boss.post("rename_group", &[("group", &cell), ("name", "Zelle")])
        .await
        .ok();
    let ned = portal.person("ned").to_string();
    boss.post("save_user", &[("user", &ned), ("name", "Ned")])
        .await
        .ok();
    let isv = portal.client("isv").await;
    moved(&portal, &isv, "r", "@rob").await;
    let places = async || {
        let mut places = portal
            .texts("SELECT 'group ' || event_id || ' ' || group_id FROM event_groups ORDER BY 1")
            .await;
        places.extend(
            portal
                .texts("SELECT 'person ' || event_id || ' ' || user_id FROM event_people ORDER BY 1")
                .await,
        );
        places
    };
    let before = places().await;
    assert!(before.len() > 8, "{before:?}");
    crate::history::chain::before_history(&portal).await;
    portal.upgrade().await;
    assert_eq!(places().await, before);
    ops::history::chain::seal(&portal.store).await.unwrap();
    assert_eq!(
        ops::history::verification::verify(&portal.store, None)
            .await
            .unwrap()
            .faults,
        []
    );
}
