//! The forgotten password (S12; ASVS 5.0, 6.4.3): the way from the question to the new password.

use license_portal::{ops::accounts::password_links::LIFE, store::Engine};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    client::{Answer, Client},
    portal::TestPortal,
};

on_both_engines!(
    s12_a_link_sets_a_new_password_once,
    s12_links_end,
    asvs_6_3_8_the_answer_does_not_tell_who_has_an_account,
    asvs_6_4_3_a_link_does_not_pass_by_the_second_factor,
    a_link_is_used_by_one_of_many,
    links_are_limited,
);

const PASSWORD: &str = "correct horse battery";
const CHOSEN: &str = "drei kleine ziegen im mai";

/// Ann has a mail address, Bob has the same one and is switched off.
async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n @eve\n").await;
    portal.set_passwords(PASSWORD).await;
    portal
        .run("UPDATE users SET email = 'Ann@Example.org' WHERE login IN ('ann', 'bob')")
        .await;
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'bob'")
        .await;
    portal
}

async fn forgot(client: &Client, email: &str) -> Answer {
    client.post("forgot_password", &[("email", email)]).await
}

async fn use_link(client: &Client, token: &str, chosen: &str) -> Answer {
    client
        .post("use_password_link", &[("token", token), ("chosen", chosen)])
        .await
}

async fn log_in(portal: &TestPortal, password: &str) -> u16 {
    let form = [("login", "ann"), ("password", password), ("end_other", "true")];
    portal.nobody().post("log_in", &form).await.status
}

/// The token in the newest mail.
async fn token(portal: &TestPortal, mails: usize) -> String {
    let mail = portal.mails(mails).await.pop().expect("a mail");
    let (_, token) = mail.split_once("/password/new?token=").expect("a link");
    token.split_whitespace().next().expect("a token").to_owned()
}

async fn s12_a_link_sets_a_new_password_once(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let ann = portal.client("ann").await;
    forgot(&nobody, " ann@example.ORG ").await.ok();
    let mail = portal.mails(1).await.remove(0);
    assert!(mail.contains("To: ann@example.ORG\r\n"), "{mail}");
    assert!(
        mail.contains("ann:\r\nhttps://portal.example.org/password/new?token="),
        "the address is the portal's own: {mail}"
    );
    assert!(!mail.contains("bob"), "nobody who is switched off: {mail}");
    let token = token(&portal, 1).await;
    // Looking does not use it up: mail programs look at links, too.
    for _ in 0..2 {
        assert_eq!(
            nobody.post("password_link", &[("token", &token)]).await.ok(),
            json!("ann")
        );
    }
    let page = nobody.get(&format!("/password/new?token={token}")).await;
    assert!(page.text().contains("autocomplete=\"new-password\""));
    assert_eq!(
        use_link(&nobody, &token, "ann ann ann ann").await.refused(),
        r#"422 {"Refused":{"WeakPassword":"Guessable"}}"#
    );
    use_link(&nobody, &token, CHOSEN).await.ok();
    assert_eq!(ann.post("branches", &[]).await.status, 401, "logins end");
    assert_eq!(log_in(&portal, PASSWORD).await, 401);
    assert_eq!(log_in(&portal, CHOSEN).await, 200);
    assert_eq!(
        use_link(&nobody, &token, "another long sentence here")
            .await
            .refused(),
        r#"403 {"Refused":"LinkExpired"}"#
    );
    let kinds = portal.texts("SELECT kind FROM events").await;
    assert!(kinds.contains(&"password_changed".to_owned()));
}

async fn s12_links_end(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let expired = async |token: &str| {
        let answer = use_link(&nobody, token, CHOSEN).await;
        assert_eq!(answer.refused(), r#"403 {"Refused":"LinkExpired"}"#);
        let page = nobody.get(&format!("/password/new?token={token}")).await.text();
        assert!(page.contains("/forgotten"), "the page says what to do next");
    };
    forgot(&nobody, "ann@example.org").await.ok();
    let first = token(&portal, 1).await;
    forgot(&nobody, "ann@example.org").await.ok();
    let second = token(&portal, 2).await;
    expired(&first).await;
    // The token itself stands nowhere in the database.
    let stored = portal.texts("SELECT token_hash FROM password_links").await;
    assert!(stored.len() == 1 && stored[0] != second);
    portal.pass(LIFE);
    expired(&second).await;
    // A password that was changed by its owner, and an address that is another one now.
    for (function, form) in [
        ("change_password", [("present", PASSWORD), ("chosen", CHOSEN)]),
        (
            "change_email",
            [("present", CHOSEN), ("email", "new@example.org")],
        ),
    ] {
        let mails = portal.mails(0).await.len();
        forgot(&nobody, "ann@example.org").await.ok();
        let link = token(&portal, mails + 1).await;
        portal.client("ann").await.post(function, &form).await.ok();
        expired(&link).await;
    }
    // An account that was switched off since.
    let mails = portal.mails(0).await.len();
    forgot(&nobody, "new@example.org").await.ok();
    let link = token(&portal, mails + 1).await;
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'ann'")
        .await;
    expired(&link).await;
    for token in ["", "x", &"0".repeat(64)] {
        expired(token).await;
    }
}

async fn asvs_6_3_8_the_answer_does_not_tell_who_has_an_account(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    // Nothing is looked up before the answer: what is not done cannot be measured. Held by writing being impossible.
    let tx = portal.store.begin_write().await.unwrap();
    let known = forgot(&nobody, "ann@example.org").await;
    let unknown = forgot(&nobody, "who@example.org").await;
    drop(tx);
    let without_id = |answer: &Answer| {
        let mut headers = answer.headers.clone();
        headers.remove("x-request-id");
        headers
    };
    assert_eq!(
        (known.status, &known.body, without_id(&known)),
        (unknown.status, &unknown.body, without_id(&unknown))
    );
    assert_eq!(portal.mails(1).await.len(), 1);
    assert_eq!(
        forgot(&nobody, "no address").await.refused(),
        r#"422 {"Refused":"InvalidEmail"}"#
    );
}

async fn asvs_6_4_3_a_link_does_not_pass_by_the_second_factor(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    portal.second_factor("ann").await;
    forgot(&nobody, "ann@example.org").await.ok();
    let token = token(&portal, 1).await;
    let answer = use_link(&nobody, &token, CHOSEN).await;
    answer.ok();
    assert_eq!(
        answer.header("set-cookie"),
        "",
        "a link sets a password, and begins no login"
    );
    let form = [("login", "ann"), ("password", CHOSEN)];
    let answer = nobody.post("log_in", &form).await;
    assert!(
        answer.header("set-cookie").starts_with("portal-code="),
        "{} {}",
        answer.status,
        answer.text()
    );
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL")
            .await,
        0
    );
}

async fn a_link_is_used_by_one_of_many(engine: Engine) {
    let portal = portal(engine).await;
    forgot(&portal.nobody(), "ann@example.org").await.ok();
    let token = token(&portal, 1).await;
    let mut race = JoinSet::new();
    for n in 0..8 {
        let (nobody, token) = (portal.nobody(), token.clone());
        race.spawn(async move { use_link(&nobody, &token, &format!("{CHOSEN} {n}")).await.status });
    }
    let mut answers = race.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers[..2], [200, 403]);
    assert!(answers[1..].iter().all(|status| *status == 403), "{answers:?}");
}

async fn links_are_limited(engine: Engine) {
    let portal = portal(engine).await;
    for email in ["ann@example.org", "nobody@example.org"] {
        for _ in 0..4 {
            forgot(&portal.nobody(), email).await.ok();
        }
        assert_eq!(forgot(&portal.nobody(), email).await.status, 429, "{email}");
    }
}
