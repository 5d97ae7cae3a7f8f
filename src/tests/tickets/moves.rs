//! Moving tickets and taking moves back (S2, S5), and what their history tells.

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::support::portal::TestPortal;

on_both_engines!(
    several_move_together_or_not_at_all,
    a_repetition_changes_nothing,
    a_conflict_tells_what_the_actor_may_know,
    the_history_is_told_as_far_as_the_reader_sees,
    a_move_is_taken_back,
    a_move_overtaken_is_not_taken_back,
);

pub const COMPANY: &str = "
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
        let answer = nina
            .reassign(&portal.picks(&["n1", "n2", hidden]), &to_ned, "all-or-none")
            .await;
        assert_eq!(
            answer.refused(),
            r#"404 {"Refused":{"Denied":"Hidden"}}"#,
            "{hidden}"
        );
    }
    // One of them is there already.
    let answer = nina
        .reassign(&portal.picks(&["n1", "ned-1"]), &to_ned, "all-or-none")
        .await;
    assert_eq!(answer.refused(), r#"409 {"Refused":{"Denied":"AlreadyThere"}}"#);
    assert_eq!(portal.state().await, before);
    let moved = nina
        .reassign(&portal.picks(&["n1", "n2", "n3"]), &to_ned, "all-of-them")
        .await
        .ok();
    assert_eq!(moved, json!({ "key": "all-of-them", "tickets": 3 }));
    for ticket in ["n1", "n2", "n3"] {
        assert_eq!(portal.holder(ticket).await, "@ned/North");
    }
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved'")
            .await,
        3
    );
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
    boss.reassign(
        &portal.pick("n1"),
        &portal.owner("Company").to_string(),
        "the-key-2",
    )
    .await
    .ok();
    assert_eq!(boss.reassign(&tickets, &south, "the-key-1").await.ok(), first);
    assert_eq!(portal.holder("n1").await, "Company");
    assert_ne!(portal.state().await, state);
    // The key belongs to its request, and to its person.
    let other = boss.reassign(&portal.pick("n2"), &south, "the-key-1").await;
    assert_eq!(other.refused(), r#"409 {"Refused":"KeyReused"}"#);
    let nina = portal.client("nina").await;
    nina.reassign(
        &portal.pick("n2"),
        &portal.owner("@nina/North").to_string(),
        "the-key-1",
    )
    .await
    .ok();
}

async fn a_conflict_tells_what_the_actor_may_know(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned, boss) = (
        portal.client("nina").await,
        portal.client("ned").await,
        portal.client("boss").await,
    );
    let to_nora = portal.owner("@nora/North").to_string();
    let conflict = |ticket: &str, by: Value, now: Value| json!({ "Refused": { "Overtaken": { "code": portal.code(ticket), "now": now, "by": by, "also": [], "others": 0 } } });
    // Ned takes it for himself: Nina may know both.
    ned.reassign(
        &portal.pick("n1"),
        &portal.owner("@ned/North").to_string(),
        "ned-takes-it",
    )
    .await
    .ok();
    let late = nina.reassign(&portal.pick("n1"), &to_nora, "nina-is-late").await;
    assert_eq!(late.status, 409);
    assert_eq!(
        late.json(),
        conflict("n1", json!("ned"), json!({ "Person": ["ned", ["North"]] }))
    );
    // The boss stands above Nina: who it was is not told.
    boss.reassign(
        &portal.pick("n2"),
        &portal.owner("@ned/North").to_string(),
        "boss-gives-it",
    )
    .await
    .ok();
    let late = nina.reassign(&portal.pick("n2"), &to_nora, "nina-is-late").await;
    assert_eq!(
        late.json(),
        conflict("n2", Value::Null, json!({ "Person": ["ned", ["North"]] }))
    );
    // It left what Nina sees: as if it never was.
    boss.reassign(
        &portal.pick("n3"),
        &portal.owner("South").to_string(),
        "boss-takes-it",
    )
    .await
    .ok();
    let late = nina.reassign(&portal.pick("n3"), &to_nora, "nina-is-late").await;
    assert_eq!(late.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#);
}

async fn the_history_is_told_as_far_as_the_reader_sees(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let moves = [
        ("boss", "North", "history-1"),
        ("nina", "@ned/North", "history-2"),
        ("isv", "@ned", "history-3"),
    ];
    for (who, to, key) in moves {
        portal.learn().await;
        let to = portal.owner(to).to_string();
        portal
            .client(who)
            .await
            .reassign(&portal.pick("c1"), &to, key)
            .await
            .ok();
    }
    portal
        .client("isv")
        .await
        .post("undo", &[("key", "history-3"), ("undo_key", "history-4")])
        .await
        .ok();
    let history = async |reader: &str| {
        let rows = portal
            .client(reader)
            .await
            .post("history", &[("ticket", &portal.ticket("c1").to_string())])
            .await
            .ok();
        let rows = rows.as_array().unwrap().iter();
        rows.map(|row| json!([row["kind"], row["actor"], row["from"], row["to"]]))
            .collect::<Vec<_>>()
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
    let (north, of_ned) = (
        json!({ "Group": ["North"] }),
        json!({ "Person": ["ned", ["North"]] }),
    );
    assert_eq!(
        history("nina").await,
        [
            json!(["TicketMovedBack", null, neds_own, of_ned]),
            json!(["TicketMoved", null, of_ned, neds_own]),
            json!(["TicketMoved", "nina", north, of_ned]),
            json!(["TicketMoved", null, "Elsewhere", north]),
        ]
    );
    assert_eq!(
        history("ned").await[2..],
        [
            json!(["TicketMoved", null, north, of_ned]),
            json!(["TicketMoved", null, "Elsewhere", north]),
        ]
    );
    let nora = portal
        .client("nora")
        .await
        .post("history", &[("ticket", &portal.ticket("c1").to_string())])
        .await;
    assert_eq!(nora.status, 404);
}

async fn a_move_is_taken_back(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let undo = [("key", "move-away"), ("undo_key", "move-back")];
    nina.reassign(
        &portal.picks(&["n1", "n3"]),
        &portal.owner("@ned/North").to_string(),
        "move-away",
    )
    .await
    .ok();
    assert_eq!(portal.holder("n3").await, "@ned/North");
    // It was not Ned's move.
    assert_eq!(
        ned.post("undo", &undo).await.refused(),
        r#"409 {"Refused":"NothingToUndo"}"#
    );
    let back = nina.post("undo", &undo).await.ok();
    assert_eq!(back, json!({ "key": "move-back", "tickets": 2 }));
    assert_eq!(
        (portal.holder("n1").await, portal.holder("n3").await),
        ("North".into(), "North!".into())
    );
    // A repetition is answered like the first; undoing what is undone is a conflict; undoing the undo is a move.
    assert_eq!(nina.post("undo", &undo).await.ok(), back);
    assert_eq!(
        nina.post("undo", &[("key", "move-away"), ("undo_key", "move-back-2")])
            .await
            .status,
        409
    );
    nina.post("undo", &[("key", "move-back"), ("undo_key", "move-away-2")])
        .await
        .ok();
    assert_eq!(portal.holder("n3").await, "@ned/North");
    // A member takes back what they took.
    ned.reassign(
        &portal.pick("n2"),
        &portal.owner("@ned/North").to_string(),
        "ned-takes",
    )
    .await
    .ok();
    ned.post("undo", &[("key", "ned-takes"), ("undo_key", "ned-returns")])
        .await
        .ok();
    assert_eq!(portal.holder("n2").await, "North");
}

async fn a_move_overtaken_is_not_taken_back(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, ned, boss) = (
        portal.client("nina").await,
        portal.client("ned").await,
        portal.client("boss").await,
    );
    nina.reassign(
        &portal.picks(&["n1", "n2"]),
        &portal.owner("@ned/North").to_string(),
        "move-away",
    )
    .await
    .ok();
    portal.learn().await;
    ned.reassign(
        &portal.pick("n1"),
        &portal.owner("North").to_string(),
        "ned-returns",
    )
    .await
    .ok();
    let undone = nina
        .post("undo", &[("key", "move-away"), ("undo_key", "move-back")])
        .await;
    assert_eq!(undone.status, 409);
    assert_eq!(undone.json()["Refused"]["Overtaken"]["by"], "ned");
    assert_eq!(portal.holder("n2").await, "@ned/North", "all or none");
    // The right has gone since.
    nina.reassign(
        &portal.pick("n2"),
        &portal.owner("@nora/North").to_string(),
        "to-nora-1",
    )
    .await
    .ok();
    let (north, user) = (
        portal.group("North").to_string(),
        portal.person("nina").to_string(),
    );
    boss.post("set_member", &[("group", &north), ("user", &user)])
        .await
        .ok();
    let before = portal.state().await;
    assert_eq!(
        nina.post("undo", &[("key", "to-nora-1"), ("undo_key", "move-back")])
            .await
            .status,
        404
    );
    assert_eq!(portal.state().await, before);
}
