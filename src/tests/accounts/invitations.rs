//! S17, N5: a new colleague is invited in one step.

use license_portal::store::Engine;
use serde_json::json;

use crate::{
    accounts::users::{CHOSEN, COMPANY, is_active, portal},
    support::portal::TestPortal,
};

on_both_engines!(
    s17_who_is_invited_chooses_a_password_by_mail,
    s17_an_invitation_needs_an_address_and_a_seat,
);

/// The token in the link of a mail.
fn token(mail: &str) -> &str {
    let link = mail.split("/password/new?token=").nth(1).expect("a link");
    link.split_whitespace().next().expect("a token")
}

async fn people(portal: &TestPortal) -> i64 {
    portal.number("SELECT COUNT(*) FROM users").await
}

async fn s17_who_is_invited_chooses_a_password_by_mail(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let nina = portal.client("nina").await;
    let north = portal.group("North").to_string();
    let new = [
        ("login", "kim"),
        ("email", "kim@example.org"),
        ("group", north.as_str()),
        ("invite", "true"),
    ];
    nina.post("create_user", &new).await.ok();
    portal.learn().await;
    assert!(is_active(&portal, "kim").await);
    let mails = portal.mails(1).await;
    assert!(mails[0].contains("To: kim@example.org"), "{}", mails[0]);
    assert!(mails[0].contains("Your login: kim"), "{}", mails[0]);
    let form = [("token", token(&mails[0])), ("chosen", CHOSEN)];
    let visitor = portal.nobody();
    visitor.post("use_password_link", &form).await.ok();
    assert_eq!(
        visitor.post("use_password_link", &form).await.refused(),
        r#"403 {"Refused":"LinkExpired"}"#,
        "once"
    );
    let login = [("login", "kim"), ("password", CHOSEN)];
    visitor.post("log_in", &login).await.ok();
    let told = "SELECT COUNT(*) FROM events WHERE kind IN ('user_created', 'user_activated')";
    assert_eq!(portal.number(told).await, 2);
    // Who has a password is not written to again.
    assert_eq!(portal.mails(1).await.len(), 1);
}

async fn s17_an_invitation_needs_an_address_and_a_seat(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let isv = portal.client("isv").await;
    let before = people(&portal).await;
    for (email, refused) in [
        ("", r#"422 {"Refused":"NoEmail"}"#),
        ("nowhere", r#"422 {"Refused":"InvalidEmail"}"#),
    ] {
        let new = [("login", "kim"), ("email", email), ("invite", "true")];
        assert_eq!(isv.post("create_user", &new).await.refused(), refused);
    }
    let active = portal.number("SELECT COUNT(*) FROM users WHERE active = 1").await;
    let seats = isv.post("users", &[]).await.ok()["seats"]["Pool"]["seats"].as_i64();
    for n in active..seats.expect("seats") {
        let (login, email) = (format!("kim{n}"), format!("kim{n}@example.org"));
        let new = [("login", login.as_str()), ("email", &email), ("invite", "true")];
        isv.post("create_user", &new).await.ok();
    }
    let full = people(&portal).await;
    assert!(full > before);
    let new = [
        ("login", "late"),
        ("email", "late@example.org"),
        ("invite", "true"),
    ];
    let answer = isv.post("create_user", &new).await;
    assert_eq!(answer.status, 409);
    assert_eq!(
        answer.json(),
        json!({ "Refused": { "NoSeatLeft": { "wanted": 1, "left": 0 } } })
    );
    assert_eq!(people(&portal).await, full, "all or nothing");
}
