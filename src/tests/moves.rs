//! Moving, taking back and redeeming tickets (S2, S5, S6).

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::portal::TestPortal;

on_both_engines!(
    several_move_together_or_not_at_all,
    a_repetition_changes_nothing,
    a_conflict_tells_what_the_actor_may_know,
    the_history_is_told_as_far_as_the_reader_sees,
    a_move_is_taken_back,
    a_move_overtaken_is_not_taken_back,
    codes_are_redeemed_together_or_not_at_all,
    wrong_codes_cannot_be_told_apart,
    the_context_is_the_group_through_which_it_came,
    members_keep_tickets_on_their_level,
    protected_mode_stays_with_groups,
    tickets_of_a_leaver_stay_with_the_admins,
    codes_are_limited,
);

const COMPANY: &str = "
    @isv^
    @guest
    @ned #own
    #loose-1 #loose-2 #loose-3
    Company/
      @boss*
      #c1
      North/
        @nina*
        @ned #ned-1
        @nora
        @multi
        @gone- #left
        #n1 #n2 #n3!
      South/
        @sam*
        @multi
        #s1
";

async fn several_move_together_or_not_at_all(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let before = portal.state().await;
    let to_ned = portal.owner("@ned/North").to_string();
    // South's ticket is not hers to see; the company's neither.
    for hidden in ["s1", "c1", "loose-1", "own"] {
        let answer = nina.reassign(&portal.picks(&["n1", "n2", hidden]), &to_ned, "all-or-none").await;
        assert_eq!(answer.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#, "{hidden}");
    }
    // One of them is there already.
    let answer = nina.reassign(&portal.picks(&["n1", "ned-1"]), &to_ned, "all-or-none").await;
    assert_eq!(answer.refused(), r#"409 {"Refused":{"Denied":"AlreadyThere"}}"#);
    assert_eq!(portal.state().await, before);
    let moved = nina.reassign(&portal.picks(&["n1", "n2", "n3"]), &to_ned, "all-of-them").await.ok();
    assert_eq!(moved, json!({ "key": "all-of-them", "tickets": 3 }));
    for ticket in ["n1", "n2", "n3"] {
        assert_eq!(portal.holder(ticket).await, "@ned/North");
    }
    assert_eq!(portal.number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved'").await, 3);
}

async fn a_repetition_changes_nothing(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let boss = portal.client("boss").await;
    let (tickets, south) = (portal.pick("n1"), portal.owner("South").to_string());
    let first = boss.reassign(&tickets, &south, "the-key-1").await.ok();
    let state = portal.state().await;
    for _ in 0..3 {
        assert_eq!(boss.reassign(&tickets, &south, "the-key-1").await.ok(), first);
    }
    // Even when the ticket has moved on since.
    portal.learn().await;
    boss.reassign(&portal.pick("n1"), &portal.owner("Company").to_string(), "the-key-2").await.ok();
    assert_eq!(boss.reassign(&tickets, &south, "the-key-1").await.ok(), first);
    assert_eq!(portal.holder("n1").await, "Company");
    assert_ne!(portal.state().await, state);
    // The key belongs to its request, and to its person.
    let other = boss.reassign(&portal.pick("n2"), &south, "the-key-1").await;
    assert_eq!(other.refused(), r#"409 {"Refused":"KeyReused"}"#);
    let nina = portal.client("nina").await;
    nina.reassign(&portal.pick("n2"), &portal.owner("@nina/North").to_string(), "the-key-1").await.ok();
}

async fn a_conflict_tells_what_the_actor_may_know(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned, boss) = (portal.client("nina").await, portal.client("ned").await, portal.client("boss").await);
    let to_nora = portal.owner("@nora/North").to_string();
    let conflict = |ticket: &str, by: Value, now: Value| {
        json!({ "Refused": { "Overtaken": { "code": portal.code(ticket), "now": now, "by": by } } })
    };
    // Ned takes it for himself: Nina may know both.
    ned.reassign(&portal.pick("n1"), &portal.owner("@ned/North").to_string(), "ned-takes-it").await.ok();
    let late = nina.reassign(&portal.pick("n1"), &to_nora, "nina-is-late").await;
    assert_eq!(late.status, 409);
    assert_eq!(late.json(), conflict("n1", json!("ned"), json!({ "Person": ["ned", ["North"]] })));
    // The boss stands above Nina: who it was is not told.
    boss.reassign(&portal.pick("n2"), &portal.owner("@ned/North").to_string(), "boss-gives-it").await.ok();
    let late = nina.reassign(&portal.pick("n2"), &to_nora, "nina-is-late").await;
    assert_eq!(late.json(), conflict("n2", Value::Null, json!({ "Person": ["ned", ["North"]] })));
    // It left what Nina sees: as if it never was.
    boss.reassign(&portal.pick("n3"), &portal.owner("South").to_string(), "boss-takes-it").await.ok();
    let late = nina.reassign(&portal.pick("n3"), &to_nora, "nina-is-late").await;
    assert_eq!(late.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#);
}

async fn the_history_is_told_as_far_as_the_reader_sees(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let moves = [("boss", "North", "history-1"), ("nina", "@ned/North", "history-2"), ("isv", "@ned", "history-3")];
    for (who, to, key) in moves {
        portal.learn().await;
        let to = portal.owner(to).to_string();
        portal.client(who).await.reassign(&portal.pick("c1"), &to, key).await.ok();
    }
    portal.client("isv").await.post("undo", &[("key", "history-3"), ("undo_key", "history-4")]).await.ok();
    let history = async |reader: &str| {
        let rows = portal.client(reader).await.post("history", &[("ticket", &portal.ticket("c1").to_string())]).await.ok();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| json!([row["kind"], row["actor"], row["from"], row["to"]])).collect::<Vec<_>>()
    };
    let north = json!({ "Group": ["Company", "North"] });
    let of_ned = json!({ "Person": ["ned", ["Company", "North"]] });
    let neds_own = json!({ "Person": ["ned", []] });
    let company = json!({ "Group": ["Company"] });
    assert_eq!(
        history("isv").await,
        [
            json!(["TicketMovedBack", "isv", neds_own, of_ned]),
            json!(["TicketMoved", "isv", of_ned, neds_own]),
            json!(["TicketMoved", "nina", north, of_ned]),
            json!(["TicketMoved", "boss", company, north]),
        ]
    );
    let (north, of_ned) = (json!({ "Group": ["North"] }), json!({ "Person": ["ned", ["North"]] }));
    assert_eq!(
        history("nina").await,
        [
            json!(["TicketMovedBack", null, neds_own, of_ned]),
            json!(["TicketMoved", null, of_ned, neds_own]),
            json!(["TicketMoved", "nina", north, of_ned]),
            json!(["TicketMoved", null, "Elsewhere", north]),
        ]
    );
    assert_eq!(history("ned").await[2..], [
        json!(["TicketMoved", null, north, of_ned]),
        json!(["TicketMoved", null, "Elsewhere", north]),
    ]);
    let nora = portal.client("nora").await.post("history", &[("ticket", &portal.ticket("c1").to_string())]).await;
    assert_eq!(nora.status, 404);
}

async fn a_move_is_taken_back(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let undo = [("key", "move-away"), ("undo_key", "move-back")];
    nina.reassign(&portal.picks(&["n1", "n3"]), &portal.owner("@ned/North").to_string(), "move-away").await.ok();
    assert_eq!(portal.holder("n3").await, "@ned/North");
    // It was not Ned's move.
    assert_eq!(ned.post("undo", &undo).await.refused(), r#"409 {"Refused":"NothingToUndo"}"#);
    let back = nina.post("undo", &undo).await.ok();
    assert_eq!(back, json!({ "key": "move-back", "tickets": 2 }));
    assert_eq!((portal.holder("n1").await, portal.holder("n3").await), ("North".into(), "North!".into()));
    // A repetition is answered like the first; undoing what is undone is a conflict; undoing the undo is a move.
    assert_eq!(nina.post("undo", &undo).await.ok(), back);
    assert_eq!(nina.post("undo", &[("key", "move-away"), ("undo_key", "move-back-2")]).await.status, 409);
    nina.post("undo", &[("key", "move-back"), ("undo_key", "move-away-2")]).await.ok();
    assert_eq!(portal.holder("n3").await, "@ned/North");
    // A member takes back what they took.
    ned.reassign(&portal.pick("n2"), &portal.owner("@ned/North").to_string(), "ned-takes").await.ok();
    ned.post("undo", &[("key", "ned-takes"), ("undo_key", "ned-returns")]).await.ok();
    assert_eq!(portal.holder("n2").await, "North");
}

async fn a_move_overtaken_is_not_taken_back(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned, boss) = (portal.client("nina").await, portal.client("ned").await, portal.client("boss").await);
    nina.reassign(&portal.picks(&["n1", "n2"]), &portal.owner("@ned/North").to_string(), "move-away").await.ok();
    portal.learn().await;
    ned.reassign(&portal.pick("n1"), &portal.owner("North").to_string(), "ned-returns").await.ok();
    let undone = nina.post("undo", &[("key", "move-away"), ("undo_key", "move-back")]).await;
    assert_eq!(undone.status, 409);
    assert_eq!(undone.json()["Refused"]["Overtaken"]["by"], "ned");
    assert_eq!(portal.holder("n2").await, "@ned/North", "all or none");
    // The right has gone since.
    nina.reassign(&portal.pick("n2"), &portal.owner("@nora/North").to_string(), "to-nora-1").await.ok();
    let (north, user) = (portal.group("North").to_string(), portal.person("nina").to_string());
    boss.post("set_member", &[("group", &north), ("user", &user)]).await.ok();
    let before = portal.state().await;
    assert_eq!(nina.post("undo", &[("key", "to-nora-1"), ("undo_key", "move-back")]).await.status, 404);
    assert_eq!(portal.state().await, before);
}

async fn codes_are_redeemed_together_or_not_at_all(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let (first, second, third) = (portal.code("loose-1"), portal.code("loose-2"), portal.code("loose-3"));
    let own = portal.owner("@ned").to_string();
    let before = portal.state().await;
    // The second belongs to somebody.
    let codes = format!("{first}; {}", portal.code("n1"));
    let answer = ned.post("redeem", &[("codes", &codes), ("to", &own)]).await;
    assert_eq!(answer.refused(), r#"422 {"Refused":{"UnknownCode":{"at":2}}}"#);
    assert_eq!(portal.state().await, before);
    let codes = format!("{first};\n{},{first}; ", second.to_lowercase().replace('-', " "));
    let moved = ned.post("redeem", &[("codes", &codes), ("to", &own)]).await.ok();
    assert_eq!(moved["tickets"], 2);
    assert_eq!((portal.holder("loose-1").await, portal.holder("loose-2").await), ("@ned".into(), "@ned".into()));
    // Once only.
    assert_eq!(ned.post("redeem", &[("codes", &first), ("to", &own)]).await.status, 422);
    // For a group of his, not for one that he does not see, nor for a colleague.
    for hidden in ["Company", "South", "@nora/North", "@nora"] {
        let answer = ned.post("redeem", &[("codes", &third), ("to", &portal.owner(hidden).to_string())]).await;
        assert_eq!(answer.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#, "{hidden}");
    }
    ned.post("redeem", &[("codes", &third), ("to", &portal.owner("North").to_string())]).await.ok();
    assert_eq!(portal.holder("loose-3").await, "North");
}

async fn wrong_codes_cannot_be_told_apart(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let guest = portal.client("guest").await;
    let own = portal.owner("@guest").to_string();
    let redeem = async |codes: &str| guest.post("redeem", &[("codes", codes), ("to", &own)]).await.refused();
    // Well formed, and there is no such ticket.
    let absent = license_portal::domain::codes::TicketCode::from_random([7; 24]).to_string();
    let refused = r#"422 {"Refused":{"UnknownCode":{"at":1}}}"#;
    for code in [absent, portal.code("n1"), portal.code("ned-1"), portal.code("own"), portal.code("c1")] {
        assert_eq!(redeem(&code).await, refused);
    }
    // Mistyped: which one, and what is wrong with it.
    let good = portal.code("loose-1");
    let cases = [
        ("X".to_owned(), r#"{"at":1,"why":"Length"}"#),
        (format!("{good};U{}", &good[1..]), r#"{"at":2,"why":{"Character":"U"}}"#),
        (format!("{good};{good};{}", good.replacen(&good[..1], if good.starts_with('2') { "3" } else { "2" }, 1)), r#"{"at":3,"why":"Check"}"#),
    ];
    for (codes, why) in cases {
        assert_eq!(redeem(&codes).await, format!(r#"422 {{"Refused":{{"InvalidCode":{why}}}}}"#));
    }
    assert_eq!(redeem(" ; , ").await, r#"422 {"Refused":"NoCodes"}"#);
    assert_eq!(portal.holder("loose-1").await, "-");
}

async fn codes_are_limited(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let guest = portal.client("guest").await;
    let own = portal.owner("@guest").to_string();
    let codes = |from: u8| {
        let code = |n| license_portal::domain::codes::TicketCode::from_random([n; 24]).to_string();
        (from..from + 16).map(code).collect::<Vec<_>>().join(";")
    };
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(guest.post("redeem", &[("codes", &codes(1)), ("to", &own)]).await);
    }
    let limited = answers.iter().find(|answer| answer.status == 429).expect("128 codes in a row are too many");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
    // Mistyping costs nothing, and nobody else is held up.
    assert_eq!(guest.post("redeem", &[("codes", "typo"), ("to", &own)]).await.status, 422);
    let ned = portal.client("ned").await;
    let codes = portal.code("loose-1");
    ned.post("redeem", &[("codes", &codes), ("to", &portal.owner("@ned").to_string())]).await.ok();
}

/// Each step: who, which ticket, to where, and what becomes of it.
async fn steps(portal: &TestPortal, steps: &[(&str, &str, &str, &str)]) {
    for (at, (who, ticket, to, expected)) in steps.iter().enumerate() {
        portal.learn().await;
        let before = portal.holder(ticket).await;
        let to = portal.owner(to).to_string();
        let answer = portal.client(who).await.reassign(&portal.pick(ticket), &to, &format!("step-number-{at}")).await;
        let after = portal.holder(ticket).await;
        let found = if answer.status == 200 { after.clone() } else { answer.json()["Refused"]["Denied"].as_str().unwrap().to_owned() };
        assert_eq!(found, *expected, "step {at}: {who} moves {ticket} to {to}");
        assert!(answer.status == 200 || before == after, "step {at} was refused and changed something");
    }
}

async fn the_context_is_the_group_through_which_it_came(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    steps(
        &portal,
        &[
            // An admin names a group in which the person is and which they administer.
            ("nina", "n1", "@ned", "ContextNeeded"),
            ("nina", "n1", "@multi/South", "Hidden"),
            ("nina", "n1", "@nina/Company", "Hidden"),
            ("nina", "n1", "@ned/North", "@ned/North"),
            ("boss", "n1", "@multi", "ContextNeeded"),
            ("boss", "n1", "@multi/Company", "NotAMember"),
            ("boss", "n1", "@ned/South", "NotAMember"),
            ("boss", "n1", "@boss/North", "NotAMember"),
            ("boss", "n1", "@multi/South", "@multi/South"),
            ("boss", "n1", "@multi/North", "@multi/North"),
            ("boss", "n1", "@boss/Company", "@boss/Company"),
            // A member takes a group ticket: through that group.
            ("multi", "s1", "@multi/South", "@multi/South"),
            ("ned", "n2", "@ned", "KeepsToLevel"),
            ("ned", "n2", "@ned/North", "@ned/North"),
            // Only ISV admins give without context.
            ("isv", "n2", "@ned", "@ned"),
            ("isv", "n2", "@guest", "@guest"),
            ("isv", "n2", "@guest/North", "NotAMember"),
            // Redeemed for oneself, given to a group of one's own, and taken with context.
            ("ned", "own", "@ned/North", "@ned/North"),
        ],
    )
    .await;
}

async fn members_keep_tickets_on_their_level(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    steps(
        &portal,
        &[
            ("multi", "n1", "South", "KeepsToLevel"),
            ("multi", "n1", "@multi/South", "KeepsToLevel"),
            ("multi", "n1", "@multi", "KeepsToLevel"),
            ("multi", "n1", "@ned/North", "Hidden"),
            ("multi", "n1", "@multi/North", "@multi/North"),
            ("multi", "n1", "South", "KeepsToLevel"),
            ("multi", "n1", "@multi/South", "KeepsToLevel"),
            ("multi", "n1", "@multi", "KeepsToLevel"),
            ("multi", "n1", "North", "North"),
            ("multi", "n1", "North", "AlreadyThere"),
            // Only ISV admins make a ticket nobody's again.
            ("ned", "ned-1", "@nora/North", "Hidden"),
            ("ned", "ned-1", "-", "Hidden"),
            ("boss", "n1", "-", "Hidden"),
            ("isv", "n1", "-", "-"),
            ("isv", "n1", "South", "South"),
            // One's own belongs to no level.
            ("ned", "own", "South", "Hidden"),
            ("nina", "own", "North", "Hidden"),
            ("boss", "own", "North", "Hidden"),
            ("ned", "own", "North", "North"),
            ("ned", "own", "@ned", "KeepsToLevel"),
            // Whoever administers the level is free.
            ("boss", "s1", "North", "North"),
            ("nina", "s1", "South", "Hidden"),
            ("sam", "n1", "@multi/South", "@multi/South"),
        ],
    )
    .await;
}

async fn protected_mode_stays_with_groups(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    steps(
        &portal,
        &[
            ("ned", "n3", "@ned/North", "Hidden"),
            ("boss", "n3", "South", "South!"),
            ("boss", "n3", "Company", "Company!"),
            ("boss", "n3", "North", "North!"),
            ("nina", "n3", "@ned/North", "@ned/North"),
            ("ned", "n3", "North", "North"),
        ],
    )
    .await;
    let protect = async |who: &str, ticket: &str, on: bool| {
        let ticket = portal.ticket(ticket).to_string();
        let form: &[(&str, &str)] = if on { &[("ticket", &ticket), ("on", "true")] } else { &[("ticket", &ticket)] };
        let answer = portal.client(who).await.post("protect", form).await;
        if answer.status == 200 { "done".to_owned() } else { answer.json()["Refused"]["Denied"].as_str().unwrap().to_owned() }
    };
    assert_eq!(protect("ned", "n3", true).await, "AdminsOnly");
    assert_eq!(protect("nina", "ned-1", true).await, "GroupTicketsOnly");
    assert_eq!(protect("sam", "n3", true).await, "Hidden");
    assert_eq!(protect("nina", "n3", true).await, "done");
    assert_eq!(protect("nina", "n3", true).await, "done");
    assert_eq!(portal.holder("n3").await, "North!");
    assert_eq!(portal.number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_protection'").await, 1);
    assert_eq!(protect("ned", "n3", false).await, "Hidden");
    assert_eq!(protect("boss", "n3", false).await, "done");
    assert_eq!(portal.holder("n3").await, "North");
}

async fn tickets_of_a_leaver_stay_with_the_admins(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    // The leaver still has the ticket, and sees it; the group is no longer theirs.
    assert_eq!(portal.client("gone").await.list("all").await, ["left"]);
    for (reader, sees) in [("nina", true), ("boss", true), ("isv", true), ("ned", false), ("sam", false)] {
        assert_eq!(portal.client(reader).await.list("all").await.contains(&"left".to_owned()), sees, "{reader}");
    }
    steps(
        &portal,
        &[
            ("gone", "left", "North", "Hidden"),
            ("gone", "left", "@gone", "KeepsToLevel"),
            ("ned", "left", "@ned/North", "Hidden"),
            ("nina", "left", "@gone/North", "Hidden"),
            ("nina", "left", "@ned/North", "@ned/North"),
        ],
    )
    .await;
    let (north, ned) = (portal.group("North").to_string(), portal.person("ned").to_string());
    portal.client("nina").await.post("remove_member", &[("group", &north), ("user", &ned)]).await.ok();
    steps(&portal, &[("nina", "left", "North", "North"), ("boss", "ned-1", "@multi/South", "@multi/South")]).await;
    // Nobody can be given something in a group that they left.
    steps(&portal, &[("boss", "n1", "@ned/North", "Hidden"), ("isv", "n1", "@ned/North", "NotAMember")]).await;
}
