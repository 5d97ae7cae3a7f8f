//! Where tickets may go: contexts (S6), levels (S5), protected mode (S2), and what leavers leave.

use license_portal::store::Engine;

use crate::{support::portal::TestPortal, tickets::moves::COMPANY};

on_both_engines!(
    the_context_is_the_group_through_which_it_came,
    members_keep_tickets_on_their_level,
    protected_mode_stays_with_groups,
    tickets_of_a_leaver_stay_with_the_admins,
);

/// Each step: who, which ticket, to where, and what becomes of it.
async fn steps(portal: &TestPortal, steps: &[(&str, &str, &str, &str)]) {
    for (at, (who, ticket, to, expected)) in steps.iter().enumerate() {
        portal.learn().await;
        let before = portal.holder(ticket).await;
        let to = portal.owner(to).to_string();
        let answer = portal
            .client(who)
            .await
            .reassign(&portal.pick(ticket), &to, &format!("step-number-{at}"))
            .await;
        let after = portal.holder(ticket).await;
        let found = if answer.status == 200 {
            after.clone()
        } else {
            answer.json()["Refused"]["Denied"].as_str().unwrap().to_owned()
        };
        assert_eq!(found, *expected, "step {at}: {who} moves {ticket} to {to}");
        assert!(
            answer.status == 200 || before == after,
            "step {at} was refused and changed something"
        );
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
        let form = [
            ("ticket", ticket.as_str()),
            ("on", if on { "true" } else { "false" }),
        ];
        let answer = portal.client(who).await.post("protect", &form).await;
        if answer.status == 200 {
            "done".to_owned()
        } else {
            answer.json()["Refused"]["Denied"].as_str().unwrap().to_owned()
        }
    };
    assert_eq!(protect("ned", "n3", true).await, "AdminsOnly");
    assert_eq!(protect("nina", "ned-1", true).await, "GroupTicketsOnly");
    assert_eq!(protect("sam", "n3", true).await, "Hidden");
    assert_eq!(protect("nina", "n3", true).await, "done");
    assert_eq!(protect("nina", "n3", true).await, "done");
    assert_eq!(portal.holder("n3").await, "North!");
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_protection'")
            .await,
        1
    );
    assert_eq!(protect("ned", "n3", false).await, "Hidden");
    assert_eq!(protect("boss", "n3", false).await, "done");
    assert_eq!(portal.holder("n3").await, "North");
}

async fn tickets_of_a_leaver_stay_with_the_admins(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    // The leaver still has the ticket, and sees it; the group is no longer theirs.
    assert_eq!(portal.client("gone").await.list("all").await, ["left"]);
    for (reader, sees) in [
        ("nina", true),
        ("boss", true),
        ("isv", true),
        ("ned", false),
        ("sam", false),
    ] {
        assert_eq!(
            portal
                .client(reader)
                .await
                .list("all")
                .await
                .contains(&"left".to_owned()),
            sees,
            "{reader}"
        );
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
    let (north, ned) = (
        portal.group("North").to_string(),
        portal.person("ned").to_string(),
    );
    portal
        .client("nina")
        .await
        .post("remove_member", &[("group", &north), ("user", &ned)])
        .await
        .ok();
    steps(
        &portal,
        &[
            ("nina", "left", "North", "North"),
            ("boss", "ned-1", "@multi/South", "@multi/South"),
        ],
    )
    .await;
    // Nobody can be given something in a group that they left.
    steps(
        &portal,
        &[
            ("boss", "n1", "@ned/North", "Hidden"),
            ("isv", "n1", "@ned/North", "NotAMember"),
        ],
    )
    .await;
}
