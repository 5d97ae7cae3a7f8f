//! Offboardings of which nothing is done (N7): all or nothing, only what was seen, only once.

use license_portal::store::Engine;

use crate::{
    accounts::offboarding::{NORTH, WHOLE, company, deeds, dry_run, process},
    support::{client::Client, portal::TestPortal},
};

on_both_engines!(
    n7_all_or_nothing,
    n7_a_fault_in_the_middle_leaves_nothing,
    n7_what_has_changed_is_looked_at_again,
    n7_of_two_at_once_one_is_done,
    n7_plans_that_make_no_sense,
);

async fn n7_all_or_nothing(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^ #a\nTeam/\n @ann*\n @isv #b\n").await;
    let isv = portal.client("isv").await;
    let (user, team) = (portal.person("isv").to_string(), portal.group("Team"));
    let plan = format!("tickets:{team}=group:{team};account;membership:{team}");
    let before = portal.state().await;
    // The last ISV admin stays, and with them all that would have gone before.
    let fields = [("user", user.as_str()), ("plan", &plan)];
    let seen = isv.post("rehearse_leaver", &fields).await.ok();
    assert_eq!(deeds(&seen), ["TicketMoved", "AccountOff!", "MembershipEnded"]);
    let fields = [fields[0], fields[1], ("key", "last-isv-admin")];
    let refused = isv.post("process_leaver", &fields).await.refused();
    assert_eq!(refused, r#"409 {"Refused":"LastIsvAdmin"}"#);
    assert_eq!(portal.state().await, before);
}

/// Whatever fails in the middle: the database itself refuses the last step.
async fn n7_a_fault_in_the_middle_leaves_nothing(engine: Engine) {
    let portal = company(engine).await;
    let isv = portal.client("isv").await;
    let fault = match engine {
        Engine::Sqlite => {
            "CREATE TRIGGER fault BEFORE DELETE ON memberships BEGIN SELECT RAISE(ABORT, 'fault'); END"
        }
        Engine::Postgres => "ALTER TABLE users ADD CONSTRAINT fault CHECK (active = 1)",
    };
    portal.run(fault).await;
    let before = portal.state().await;
    assert_eq!(process(&portal, &isv, WHOLE, &[]).await.status, 500);
    assert_eq!(portal.state().await, before);
    let repaired = match engine {
        Engine::Sqlite => "DROP TRIGGER fault",
        Engine::Postgres => "ALTER TABLE users DROP CONSTRAINT fault",
    };
    portal.run(repaired).await;
    process(&portal, &isv, WHOLE, &[]).await.ok();
}

async fn n7_what_has_changed_is_looked_at_again(engine: Engine) {
    let portal = company(engine).await;
    let nina = portal.client("nina").await;
    let seen = dry_run(&portal, &nina, NORTH).await.ok();
    let seen = [("seen", seen["seen"].as_str().unwrap())];
    // A ticket goes elsewhere in between.
    let boss = portal.client("boss").await;
    boss.reassign(
        &portal.pick("n2"),
        &portal.owner("South").to_string(),
        "in-between",
    )
    .await
    .ok();
    let before = portal.state().await;
    let refused = process(&portal, &nina, NORTH, &seen).await.refused();
    assert_eq!(refused, r#"409 {"Refused":"ChangedSince"}"#);
    assert_eq!(portal.state().await, before);
    // A login in between changes nothing about it.
    let seen = dry_run(&portal, &nina, NORTH).await.ok();
    portal.client("ned").await;
    process(&portal, &nina, NORTH, &[("seen", seen["seen"].as_str().unwrap())])
        .await
        .ok();
    // A right that has gone is gone.
    let isv = portal.client("isv").await;
    let membership = [
        ("group", portal.group("North").to_string()),
        ("user", portal.person("nina").to_string()),
    ];
    let membership: Vec<(&str, &str)> = membership.iter().map(|(name, id)| (*name, id.as_str())).collect();
    isv.post("remove_member", &membership).await.ok();
    let gone = process(&portal, &nina, NORTH, &[("key", "once-more")]).await;
    assert_eq!(gone.status, 404, "{}", gone.text());
}

async fn n7_of_two_at_once_one_is_done(engine: Engine) {
    for round in 0..4 {
        let portal = company(engine).await;
        let second = portal.second().await;
        let seen = dry_run(&portal, &portal.client("isv").await, WHOLE).await.ok();
        let seen = [("seen", seen["seen"].as_str().unwrap())];
        let isv = portal.client("isv").await;
        let boss = Client {
            router: second.nobody().router,
            ..portal.client("boss").await
        };
        let north = portal.owner("North").to_string();
        let pick = portal.pick("n2");
        let (done, moved) = tokio::join!(
            process(&portal, &isv, WHOLE, &seen),
            boss.reassign(&pick, &north, "at-the-same-time")
        );
        // Either order is right; a mixture is not.
        let outcome = (done.status, moved.status);
        assert!(
            matches!(outcome, (200, 409) | (409, 200)),
            "round {round}: {outcome:?} {}",
            done.text()
        );
        let active = format!("SELECT active FROM users WHERE id = {}", portal.person("ned"));
        assert_eq!(portal.number(&active).await, i64::from(outcome.0 == 409));
        assert_eq!(portal.holder("n2").await, "North");
    }
}

async fn n7_plans_that_make_no_sense(engine: Engine) {
    let portal = company(engine).await;
    let (nina, ned) = (portal.client("nina").await, portal.person("ned").to_string());
    let before = portal.state().await;
    let malformed = [
        "x",
        "tickets:1",
        "account;account;accounts",
        "licenses:7=back;licenses:7=8",
    ];
    for plan in malformed
        .map(str::to_owned)
        .into_iter()
        .chain([vec!["membership:7"; 20_000].join(";") + "x"])
    {
        let answer = nina
            .post("rehearse_leaver", &[("user", &ned), ("plan", &plan)])
            .await;
        assert_eq!(answer.status, 400, "{}", answer.text());
    }
    for (text, key, status) in [
        ("", "leaver-of-ned", 400),
        ("tickets:group.North=owner.@ned/North", "leaver-of-ned", 409),
        ("tickets:group.North=owner.North", "short", 400),
        // Somebody else's container is none of his.
        ("credentials:7", "leaver-of-ned", 404),
    ] {
        let answer = process(&portal, &nina, text, &[("key", key)]).await;
        assert_eq!(answer.status, status, "{text}: {}", answer.text());
    }
    assert_eq!(portal.state().await, before);
    let page = nina.get(&format!("/users/{ned}/leaver?shown=1&step=x")).await;
    assert!(page.text().contains("cannot be read"));
    // The page before any wasm: what is proposed, and what would happen.
    let page = nina
        .get(&format!(
            "/users/{ned}/leaver?shown=1&step=credentials:{}",
            portal.container("ned")
        ))
        .await;
    assert!(page.text().contains("Steps: 1, none refused."), "{}", page.text());
}
