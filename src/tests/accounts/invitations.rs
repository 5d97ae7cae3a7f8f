//! S17, N5: a new colleague is invited in one step.

use domain::accounts::GENERATED_LIFE;
use license_portal::{ops::accounts::newcomers::MAX_INVITED, store::Engine};
use serde_json::{Value, json};

use crate::{
    accounts::users::{CHOSEN, COMPANY, is_active, portal},
    support::{
        client::{Answer, Client},
        moments::ms,
        portal::TestPortal,
    },
};

on_both_engines!(
    s17_who_is_invited_chooses_a_password_by_mail,
    s17_an_invitation_needs_an_address_and_a_seat,
    s17_who_lost_the_link_gets_another_one,
    s17_nobody_has_the_portal_write_to_the_world,
);

/// The token in the link of a mail.
fn token(mail: &str) -> &str {
    let link = mail.split("/password/new?token=").nth(1).expect("a link");
    link.split_whitespace().next().expect("a token")
}

/// Makes an account with a mail address, as a member of a group.
async fn create(who: &Client, login: &str, group: &str, invite: bool) -> Answer {
    let (email, invite) = (format!("{login}@example.org"), invite.to_string());
    let new = [
        ("login", login),
        ("email", email.as_str()),
        ("group", group),
        ("invite", invite.as_str()),
    ];
    who.post("create_user", &new).await
}

async fn people(portal: &TestPortal) -> i64 {
    portal.number("SELECT COUNT(*) FROM users").await
}

async fn s17_who_is_invited_chooses_a_password_by_mail(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let nina = portal.client("nina").await;
    let north = portal.group("North").to_string();
    create(&nina, "kim", &north, true).await.ok();
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
    let admin = [
        ("login", "kim"),
        ("email", "kim@example.org"),
        ("permissions[admin]", "true"),
    ];
    assert_eq!(
        isv.post("create_user", &admin).await.refused(),
        r#"422 {"Refused":"PermissionsWithoutGroup"}"#
    );
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

/// What the list says of somebody's password.
async fn told(reader: &Client, login: &str) -> Value {
    let list = reader.post("users", &[("query[search]", login)]).await.ok();
    list["rows"][0]["password"].clone()
}

async fn s17_who_lost_the_link_gets_another_one(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let nina = portal.client("nina").await;
    let north = portal.group("North").to_string();
    create(&nina, "kim", &north, false).await.ok();
    portal.learn().await;
    assert_eq!(told(&nina, "kim").await, "None");
    let kim = portal.person("kim").to_string();
    let kim = [("user", kim.as_str())];
    // Who was created without an invitation is invited later, and switched on by that.
    assert!(!is_active(&portal, "kim").await);
    nina.post("invite_user", &kim).await.ok();
    assert!(is_active(&portal, "kim").await);
    let first = portal.mails(1).await.remove(0);
    let lately = r#"409 {"Refused":"InvitedLately"}"#;
    assert_eq!(nina.post("invite_user", &kim).await.refused(), lately);
    let sent = told(&nina, "kim").await["Invited"].clone();
    assert!(sent.is_string(), "{sent}");
    // What was sent before a link was asked for is an earlier one.
    portal
        .run("UPDATE invitations SET created_at = created_at + 2, invited_at = created_at + 1")
        .await;
    assert!(told(&nina, "kim").await["Inviting"].is_string());
    portal
        .run("UPDATE invitations SET created_at = created_at - 2")
        .await;
    let page = nina.get(&format!("/users/{}", kim[0].1)).await.text();
    assert!(page.contains("was invited on") && page.contains("Send another link"));
    // Too late: the link is gone, and another one comes.
    portal.pass(GENERATED_LIFE + ms(1_000));
    let visitor = portal.nobody();
    let form = [("token", token(&first)), ("chosen", CHOSEN)];
    let expired = r#"403 {"Refused":"LinkExpired"}"#;
    assert_eq!(visitor.post("use_password_link", &form).await.refused(), expired);
    let nina = portal.client("nina").await;
    nina.post("invite_user", &kim).await.ok();
    let mails = portal.mails(2).await;
    let second = mails.iter().find(|mail| **mail != first).expect("another mail");
    let form = [("token", token(second)), ("chosen", CHOSEN)];
    visitor.post("use_password_link", &form).await.ok();
    assert_eq!(told(&nina, "kim").await, "Chosen");
    let has_one = r#"409 {"Refused":"HasPassword"}"#;
    assert_eq!(nina.post("invite_user", &kim).await.refused(), has_one);
    // Out of reach, nobody is invited.
    let isv = portal.person("isv").to_string();
    assert_eq!(nina.post("invite_user", &[("user", &isv)]).await.status, 404);
}

async fn s17_nobody_has_the_portal_write_to_the_world(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let nina = portal.client("nina").await;
    let north = portal.group("North").to_string();
    create(&nina, "kim", &north, true).await.ok();
    // As many as may be, all of them just now.
    let (by, now) = (portal.person("nina"), portal.store.sources.now().as_millisecond());
    for other in 1..MAX_INVITED {
        let id = 1_000_000 + other;
        for sql in [
            format!(
                "INSERT INTO users (id, login, name, folded, isv_admin, active, created_at) SELECT {id}, 'made-{id}', 'made', 'made', 0, 0, created_at FROM users WHERE login = 'kim'"
            ),
            format!(
                "INSERT INTO invitations (user_id, created_at, language, invited_by) VALUES ({id}, {now}, 'en', {by})"
            ),
        ] {
            portal.run(&sql).await;
        }
    }
    let answer = create(&nina, "late", &north, true).await;
    assert_eq!(
        answer.json(),
        json!({ "Refused": { "TooManyInvitations": { "most": MAX_INVITED } } })
    );
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM users WHERE login = 'late'")
            .await,
        0,
        "nothing of it happened"
    );
    // It is theirs alone, and for an hour.
    create(&portal.client("isv").await, "by-another", &north, true)
        .await
        .ok();
    portal.pass(ms(60 * 60 * 1_000));
    create(&portal.client("nina").await, "late", &north, true)
        .await
        .ok();
}
