//! Many tickets at once (N3): the preview, the move that does what the preview said, and taking it back (N4).

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{support::portal::TestPortal, tickets::moves::COMPANY};

on_both_engines!(
    a_preview_says_how_many_and_why_not,
    what_may_not_be_known_is_previewed_like_nothing,
    the_permitted_move_alone_only_if_that_was_agreed,
    a_list_moves_beyond_its_page_and_comes_back,
    nothing_moves_that_was_not_previewed,
    a_list_holds_what_its_reader_sees,
    activated_licences_are_asked_for,
    a_repetition_of_many_is_answered_alike,
    a_move_of_many_overtaken_is_not_taken_back,
);

/// The text of a list below a node, without a search.
pub fn below(portal: &TestPortal, node: &str) -> String {
    format!("matching 1 below {} ", portal.owner(node))
}

async fn a_preview_says_how_many_and_why_not(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, boss) = (portal.client("nina").await, portal.client("boss").await);
    let to_ned = portal.owner("@ned/North").to_string();
    let tickets = portal.picks(&["n1", "n2", "n3", "ned-1"]);
    let before = portal.state().await;
    let preview = nina.preview(&tickets, &to_ned).await.ok();
    assert_eq!(portal.state().await, before, "a preview changes nothing");
    assert_eq!(
        (
            &preview["to"],
            &preview["allowed"],
            &preview["activated"],
            &preview["refused"]
        ),
        (
            &json!({ "Person": ["ned", ["North"]] }),
            &json!(3),
            &json!(0),
            &json!([{ "reason": { "Denied": "AlreadyThere" }, "tickets": 1, "examples": [portal.code("ned-1")] }])
        )
    );
    // Somebody moves one of them meanwhile.
    boss.reassign(
        &portal.pick("n1"),
        &portal.owner("@nora/North").to_string(),
        "boss-moves",
    )
    .await
    .ok();
    let preview = nina.preview(&tickets, &to_ned).await.ok();
    assert_eq!(preview["allowed"], 2);
    let overtaken = json!({ "reason": "Overtaken", "tickets": 1, "examples": [portal.code("n1")] });
    assert!(
        preview["refused"].as_array().unwrap().contains(&overtaken),
        "{preview}"
    );
    // A member takes open tickets for themselves, and may not hand them on.
    let ned = portal.client("ned").await;
    let mixed = portal.picks(&["n2", "own"]);
    let to_nora = portal.owner("@nora/North").to_string();
    let preview = ned.preview(&mixed, &to_nora).await;
    assert_eq!(preview.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#);
    let preview = ned.preview(&mixed, &to_ned).await.ok();
    assert_eq!(
        (&preview["allowed"], preview["refused"].as_array().unwrap().len()),
        (&json!(2), 0)
    );
}

async fn what_may_not_be_known_is_previewed_like_nothing(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let (north, south) = (
        portal.owner("North").to_string(),
        portal.owner("South").to_string(),
    );
    let absent = 4_611_686_018_427_387_903_i64;
    let previews = [portal.ticket("s1").0, absent].map(|id| format!("{id}={south};{}", portal.pick("ned-1")));
    let mut answers = Vec::new();
    for tickets in &previews {
        let mut preview = nina.preview(tickets, &north).await.ok();
        preview["seen"] = Value::Null;
        answers.push(preview);
    }
    assert_eq!(answers[0], answers[1]);
    assert_eq!(
        answers[0]["refused"],
        json!([{ "reason": { "Denied": "Hidden" }, "tickets": 1, "examples": [] }])
    );
    for node in [
        format!("group:{absent}"),
        south.clone(),
        "none".to_owned(),
        "loose".to_owned(),
    ] {
        let answer = nina.preview(&format!("matching 1 below {node} "), &north).await;
        assert_eq!(
            answer.refused(),
            r#"404 {"Refused":{"Denied":"Hidden"}}"#,
            "{node}"
        );
    }
    for to in [format!("group:{absent}"), south] {
        let answer = nina.preview(&portal.pick("n1"), &to).await;
        assert_eq!(answer.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#, "{to}");
    }
}

async fn the_permitted_move_alone_only_if_that_was_agreed(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let to_ned = portal.owner("@ned/North").to_string();
    let tickets = portal.picks(&["n1", "n3", "ned-1"]);
    let preview = nina.preview(&tickets, &to_ned).await.ok();
    let before = portal.state().await;
    let all = nina
        .move_as_previewed(&tickets, &to_ned, &preview, false, "all-of-them")
        .await;
    assert_eq!(all.refused(), r#"409 {"Refused":{"Denied":"AlreadyThere"}}"#);
    assert_eq!(portal.state().await, before);
    let some = nina
        .move_as_previewed(&tickets, &to_ned, &preview, true, "two-of-them")
        .await;
    assert_eq!(some.ok(), json!({ "key": "two-of-them", "tickets": 2 }));
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved'")
            .await,
        2
    );
    // Where none may go, there is nothing to agree to.
    portal.learn().await;
    let tickets = portal.picks(&["n1", "n3"]);
    let preview = nina.preview(&tickets, &to_ned).await.ok();
    assert_eq!(preview["allowed"], 0);
    let none = nina
        .move_as_previewed(&tickets, &to_ned, &preview, true, "none-of-them")
        .await;
    assert_eq!(none.refused(), r#"409 {"Refused":{"Denied":"AlreadyThere"}}"#);
}

/// A group with so many tickets of which each seventh is protected, and one beside it.
pub async fn crowd(engine: Engine, tickets: usize) -> TestPortal {
    let tickets: String = (0..tickets)
        .map(|n| format!(" #item{n}{}", if n % 7 == 0 { "!" } else { "" }))
        .collect();
    let tree = format!("@isv^\nCompany/\n @boss*\n North/\n  @nina*\n  @ned\n {tickets}\n South/\n  @sam*\n");
    TestPortal::start(engine, &tree).await
}

/// How many tickets the group has.
pub async fn at(portal: &TestPortal, owner: &str) -> i64 {
    let group = portal.group(owner);
    let sql =
        format!("SELECT COUNT(*) FROM tickets WHERE owner_group_id = {group} AND level_group_id = {group}");
    portal.number(&sql).await
}

async fn protected(portal: &TestPortal) -> i64 {
    portal
        .number("SELECT COUNT(*) FROM tickets WHERE protected = 1")
        .await
}

async fn a_list_moves_beyond_its_page_and_comes_back(engine: Engine) {
    // More than one statement each.
    let portal = crowd(engine, 1100).await;
    let boss = portal.client("boss").await;
    let (north, ned) = (below(&portal, "North"), portal.owner("@ned/North").to_string());
    let preview = boss.preview(&north, &ned).await.ok();
    assert_eq!(
        (&preview["allowed"], &preview["refused"]),
        (&json!(1100), &json!([]))
    );
    let secret = protected(&portal).await;
    let moved = boss
        .move_as_previewed(&north, &ned, &preview, false, "all-to-ned")
        .await;
    assert_eq!(moved.ok(), json!({ "key": "all-to-ned", "tickets": 1100 }));
    assert_eq!((at(&portal, "North").await, protected(&portal).await), (0, 0));
    let user = portal.person("ned");
    let personal =
        format!("SELECT COUNT(*) FROM tickets WHERE owner_user_id = {user} AND context_group_id IS NOT NULL");
    assert_eq!(portal.number(&personal).await, 1100);
    for (sql, of) in [
        (
            "SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved' AND request_key = 'all-to-ned' AND way = 'browser'",
            1100,
        ),
        ("SELECT COUNT(*) FROM event_groups", 1100),
        ("SELECT COUNT(*) FROM event_people", 1100),
    ] {
        assert_eq!(portal.number(sql).await, of, "{sql}");
    }
    let back = boss
        .post("undo", &[("key", "all-to-ned"), ("undo_key", "all-come-back")])
        .await;
    assert_eq!(back.ok(), json!({ "key": "all-come-back", "tickets": 1100 }));
    assert_eq!(
        (at(&portal, "North").await, protected(&portal).await),
        (1100, secret)
    );
    // A search narrows it: 1, 10 to 19, 100 to 199 and 1000 to 1099.
    let south = portal.owner("South").to_string();
    let some = format!("{north}Item1");
    let preview = boss.preview(&some, &south).await.ok();
    assert_eq!(preview["allowed"], 211);
    boss.move_as_previewed(&some, &south, &preview, false, "some-to-south")
        .await
        .ok();
    assert_eq!(
        (at(&portal, "South").await, at(&portal, "North").await),
        (211, 1100 - 211)
    );
}

async fn nothing_moves_that_was_not_previewed(engine: Engine) {
    type Form<'a> = &'a [(&'a str, String)];
    let portal = TestPortal::start(engine, COMPANY).await;
    let (boss, isv) = (portal.client("boss").await, portal.client("isv").await);
    let (list, south) = (below(&portal, "North"), portal.owner("South").to_string());
    let changes: [(&str, &str, Form); 4] = [
        (
            "one leaves",
            "reassign",
            &[
                ("tickets", portal.pick("n1")),
                ("to", portal.owner("@ned/North").to_string()),
                ("key", "leaves-the-list".to_owned()),
            ],
        ),
        (
            "one comes",
            "reassign",
            &[
                ("tickets", portal.pick("c1")),
                ("to", portal.owner("North").to_string()),
                ("key", "comes-to-it".to_owned()),
            ],
        ),
        (
            "one is protected",
            "protect",
            &[
                ("ticket", portal.ticket("n2").to_string()),
                ("on", "true".to_owned()),
            ],
        ),
        (
            "the group goes elsewhere",
            "move_group",
            &[("group", portal.group("North").to_string())],
        ),
    ];
    for (what, function, form) in changes {
        let preview = boss.preview(&list, &south).await.ok();
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        isv.post(function, &form).await.ok();
        let before = portal.state().await;
        let late = boss
            .move_as_previewed(&list, &south, &preview, true, "as-previewed")
            .await;
        if function == "move_group" {
            assert_eq!(late.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#, "{what}");
        } else {
            assert_eq!(late.refused(), r#"409 {"Refused":"PreviewOutdated"}"#, "{what}");
        }
        assert_eq!(portal.state().await, before, "{what}");
    }
    // Another target is another preview.
    let preview = isv.preview(&list, &south).await.ok();
    let company = portal.owner("Company").to_string();
    let other = isv
        .move_as_previewed(&list, &company, &preview, true, "as-previewed")
        .await;
    assert_eq!(other.refused(), r#"409 {"Refused":"PreviewOutdated"}"#);
    isv.move_as_previewed(&list, &south, &preview, true, "as-previewed")
        .await
        .ok();
    for bad in ["", "x", "00"] {
        let form = [
            ("tickets", list.as_str()),
            ("to", &south),
            ("seen", bad),
            ("key", "as-previewed-2"),
        ];
        assert_eq!(isv.post("move_as_previewed", &form).await.status, 400, "{bad}");
    }
}

async fn a_list_holds_what_its_reader_sees(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    for (who, node, to, tickets) in [
        // Not the protected one, nor those of others.
        ("ned", portal.owner("North").to_string(), "@ned/North", 3),
        ("ned", "all".to_owned(), "@ned/North", 4),
        ("ned", "mine".to_owned(), "@ned/North", 2),
        ("nina", portal.owner("North").to_string(), "North", 5),
        ("boss", "all".to_owned(), "Company", 7),
        ("isv", "all".to_owned(), "Company", 11),
        ("guest", "all".to_owned(), "@guest", 0),
    ] {
        let preview = portal
            .client(who)
            .await
            .preview(
                &format!("matching 1 below {node} "),
                &portal.owner(to).to_string(),
            )
            .await
            .ok();
        let refused: i64 = preview["refused"]
            .as_array()
            .unwrap()
            .iter()
            .map(|r| r["tickets"].as_i64().unwrap())
            .sum();
        assert_eq!(
            preview["allowed"].as_i64().unwrap() + refused,
            tickets,
            "{who} at {node}: {preview}"
        );
    }
    let guest = portal.client("guest").await;
    let (nothing, own) = ("matching 0 below all ", portal.owner("@guest").to_string());
    let preview = guest.preview(nothing, &own).await.ok();
    assert_eq!(
        guest
            .move_as_previewed(nothing, &own, &preview, false, "of-nothing")
            .await
            .status,
        400
    );
}

async fn activated_licences_are_asked_for(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let container = nina.cloud_container(&portal, "@ned/North", "Cloud").await;
    nina.activate(&portal, "n1", &container, 1).await.ok();
    let (list, to) = (below(&portal, "North"), portal.owner("@nora/North").to_string());
    let preview = nina.preview(&list, &to).await.ok();
    assert_eq!(
        (&preview["allowed"], &preview["activated"]),
        (&json!(5), &json!(1))
    );
    let unsaid = nina
        .move_as_previewed(&list, &to, &preview, false, "unsaid-unsaid")
        .await;
    assert_eq!(unsaid.refused(), r#"409 {"Refused":"StillActivated"}"#);
    let form = [
        ("tickets", list.as_str()),
        ("to", &to),
        ("seen", preview["seen"].as_str().unwrap()),
        ("activated", "deactivate"),
        ("key", "taken-back-first"),
    ];
    nina.post("move_as_previewed", &form).await.ok();
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM licenses WHERE activated > 0")
            .await,
        0
    );
    // Since the preview somebody has activated another one: that was not agreed to.
    nina.activate(&portal, "n2", &container, 1).await.ok();
    let (list, north) = (below(&portal, "North"), portal.owner("North").to_string());
    let preview = nina.preview(&list, &north).await.ok();
    nina.activate(&portal, "ned-1", &container, 1).await.ok();
    let late = nina
        .move_as_previewed(&list, &north, &preview, true, "not-agreed-to")
        .await;
    assert_eq!(late.refused(), r#"409 {"Refused":"PreviewOutdated"}"#);
}

async fn a_repetition_of_many_is_answered_alike(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let boss = portal.client("boss").await;
    let (list, south) = (below(&portal, "North"), portal.owner("South").to_string());
    let preview = boss.preview(&list, &south).await.ok();
    let first = boss
        .move_as_previewed(&list, &south, &preview, false, "once-only")
        .await
        .ok();
    let state = portal.state().await;
    let again = boss
        .move_as_previewed(&list, &south, &preview, false, "once-only")
        .await
        .ok();
    assert_eq!((again, portal.state().await), (first, state));
    let other = boss
        .move_as_previewed(&list, &south, &preview, true, "once-only")
        .await;
    assert_eq!(other.refused(), r#"409 {"Refused":"KeyReused"}"#);
}

async fn a_move_of_many_overtaken_is_not_taken_back(engine: Engine) {
    let portal = crowd(engine, 60).await;
    let (boss, ned) = (portal.client("boss").await, portal.client("ned").await);
    let (list, to) = (below(&portal, "North"), portal.owner("@ned/North").to_string());
    let preview = boss.preview(&list, &to).await.ok();
    boss.move_as_previewed(&list, &to, &preview, false, "all-to-ned")
        .await
        .ok();
    portal.learn().await;
    let taken = [33, 5, 8, 13, 21].map(|at| format!("item{at}"));
    for item in &taken {
        let key = format!("ned-gives-{item}");
        ned.reassign(&portal.pick(item), &portal.owner("North").to_string(), &key)
            .await
            .ok();
    }
    let before = portal.state().await;
    let undone = boss
        .post("undo", &[("key", "all-to-ned"), ("undo_key", "all-come-back")])
        .await;
    assert_eq!(undone.status, 409);
    let told = &undone.json()["Refused"]["Overtaken"];
    // The first of them, three others, and how many others there are.
    let mut named = vec![told["code"].clone()];
    named.extend(told["also"].as_array().into_iter().flatten().cloned());
    let codes = taken.each_ref().map(|item| json!(portal.code(item)));
    assert!(named.iter().all(|code| codes.contains(code)), "{told}");
    assert_eq!((named.len(), &told["others"]), (4, &json!(4)));
    assert_eq!(portal.state().await, before);
}
