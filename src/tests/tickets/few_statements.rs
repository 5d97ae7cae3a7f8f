//! What a move costs the database: each statement is a round trip to PostgreSQL, and one to the thread of SQLite's connection.

use domain::tickets::{SelectedTickets, owners::Owner};
use license_portal::{ops, store::Engine};

use crate::{
    support::{portal::TestPortal, statements::recorded},
    tickets::moves::COMPANY,
};

on_both_engines!(
    a_move_takes_two_statements,
    of_what_is_hidden_no_more_is_asked_than_of_what_is_absent,
    a_ticket_that_is_elsewhere_by_then_leaves_nothing_behind,
);

/// Moves a ticket of that owner, and tells the statements.
async fn moved(portal: &TestPortal, ticket: &str, from: &str, to: Owner, key: &str) -> (bool, Vec<String>) {
    let selection = SelectedTickets::new(vec![(portal.ticket(ticket), portal.owner(from))]).unwrap();
    let by = portal.person("nina");
    let work = ops::tickets::reassign(&portal.store, by, &selection, to, None, key);
    let (answer, mut statements) = recorded(work).await;
    // SQLite's are not told.
    statements.retain(|statement| statement != "COMMIT");
    (answer.is_ok(), statements)
}

async fn a_move_takes_two_statements(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (north, nora) = (portal.owner("North"), portal.owner("@nora/North"));
    // The person of a ticket that leaves them is asked about, too: in which groups they are.
    for (ticket, from, to, most) in [
        ("n1", "North", nora, 2),
        ("n1", "@nora/North", north, 3),
        ("n2", "North", nora, 2),
    ] {
        let key = format!("few-{ticket}-{most}");
        let (done, statements) = moved(&portal, ticket, from, to, &key).await;
        assert!(done, "{ticket}: {statements:#?}");
        assert_eq!(statements.len(), most, "{ticket}: {statements:#?}");
    }
    assert_eq!(portal.holder("n1").await, "North");
    // One row of each, and the places on both ends.
    for (what, count) in [
        ("events WHERE request_key LIKE 'few-%'", 3),
        ("requests WHERE request_key LIKE 'few-%' AND tickets = 1", 3),
        (
            "event_groups g JOIN events e ON e.id = g.event_id WHERE e.request_key LIKE 'few-%'",
            3,
        ),
        (
            "event_people p JOIN events e ON e.id = p.event_id WHERE e.request_key LIKE 'few-%'",
            3,
        ),
    ] {
        assert_eq!(
            portal.number(&format!("SELECT COUNT(*) FROM {what}")).await,
            count,
            "{what}"
        );
    }
    // A repetition is answered from the first of them.
    let (done, statements) = moved(&portal, "n2", "North", nora, "few-n2-2").await;
    assert!(done);
    assert_eq!(statements.len(), 1, "{statements:#?}");
}

async fn of_what_is_hidden_no_more_is_asked_than_of_what_is_absent(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nora = portal.owner("@nora/North");
    let (hidden, of_hidden) = moved(&portal, "own", "@ned", nora, "hidden-or-absent").await;
    portal.run("DELETE FROM licenses WHERE ticket_id = (SELECT id FROM tickets WHERE owner_user_id IS NOT NULL AND context_group_id IS NULL)").await;
    portal
        .run("DELETE FROM tickets WHERE owner_user_id IS NOT NULL AND context_group_id IS NULL")
        .await;
    let (absent, of_absent) = moved(&portal, "own", "@ned", nora, "hidden-or-absent").await;
    assert!(!hidden && !absent);
    assert_eq!(of_hidden, of_absent);
    assert_eq!(of_hidden.len(), 1, "{of_hidden:#?}");
}

async fn a_ticket_that_is_elsewhere_by_then_leaves_nothing_behind(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nora = portal.owner("@nora/North");
    let before = portal.state().await;
    let (done, _) = moved(&portal, "n1", "@nora/North", nora, "elsewhere").await;
    assert!(!done);
    assert_eq!(portal.state().await, before);
    assert_eq!(portal.number("SELECT COUNT(*) FROM requests").await, 0);
}
