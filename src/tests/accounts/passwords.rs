//! Passwords: generated ones (S17), and such as people choose (S12; ASVS 5.0, 6.2).

use domain::accounts::GENERATED_LIFE;
use license_portal::store::Engine;
use serde_json::json;

use crate::{
    accounts::users::{CHOSEN, COMPANY, PASSWORD, log_in, portal},
    support::{client::Client, moments::ms},
};

on_both_engines!(
    s17_asvs_6_4_1_a_generated_password_is_replaced_at_the_first_login,
    s12_asvs_6_2_3_changing_the_password_asks_for_the_present_one,
    s12_asvs_7_5_1_changing_the_mail_address_asks_for_the_password,
    asvs_6_2_1_short_and_easy_passwords_are_refused,
);

async fn s17_asvs_6_4_1_a_generated_password_is_replaced_at_the_first_login(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let (isv, user) = (portal.client("isv").await, portal.person("ned").to_string());
    let generate = async || {
        isv.post("generate_password", &[("user", &user)])
            .await
            .ok()
            .as_str()
            .unwrap()
            .to_owned()
    };
    let first = generate().await;
    let second = generate().await;
    assert_ne!(first, second);
    assert_eq!(
        log_in(&portal, "ned", &first).await.0.status,
        401,
        "replaced by the second"
    );
    assert_eq!(log_in(&portal, "ned", PASSWORD).await.0.status, 401);
    let (answer, ned) = log_in(&portal, "ned", &second).await;
    answer.ok();
    // Nothing else is done before it is replaced; pages lead to the form.
    assert_eq!(
        ned.post("branches", &[]).await.refused(),
        r#"403 {"Refused":"PasswordTemporary"}"#
    );
    assert_eq!(ned.get("/").await.header("location"), "/me/password");
    assert_eq!(ned.get("/me/password").await.status, 200);
    let change = async |present: &str, chosen: &str| {
        ned.post("change_password", &[("present", present), ("chosen", chosen)])
            .await
    };
    assert_eq!(
        change(&second, &second).await.refused(),
        r#"422 {"Refused":{"WeakPassword":"Guessable"}}"#,
        "the same again is no replacement"
    );
    change(&second, CHOSEN).await.ok();
    ned.post("branches", &[]).await.ok();
    ned.post("log_out", &[]).await.ok();
    log_in(&portal, "ned", CHOSEN).await.0.ok();
    // After 72 hours it is worth nothing.
    let late = generate().await;
    portal.pass(GENERATED_LIFE + ms(1_000));
    let (answer, _) = log_in(&portal, "ned", &late).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"PasswordExpired"}"#);
    // It stands nowhere.
    assert_eq!(
        portal
            .number(&format!(
                "SELECT COUNT(*) FROM users WHERE password_hash LIKE '%{late}%'"
            ))
            .await,
        0
    );
}

async fn s12_asvs_6_2_3_changing_the_password_asks_for_the_present_one(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let ned = portal.client("ned").await;
    let change = async |present: &str, chosen: &str| {
        ned.post("change_password", &[("present", present), ("chosen", chosen)])
            .await
    };
    for wrong in ["", "wrong", &PASSWORD.to_uppercase()] {
        assert_eq!(
            change(wrong, CHOSEN).await.refused(),
            r#"403 {"Refused":"WrongPassword"}"#
        );
    }
    change(PASSWORD, CHOSEN).await.ok();
    assert_eq!(
        change(PASSWORD, "another long sentence").await.status,
        403,
        "no longer the present one"
    );
    ned.post("log_out", &[]).await.ok();
    assert_eq!(log_in(&portal, "ned", PASSWORD).await.0.status, 401);
    let (answer, ned) = log_in(&portal, "ned", CHOSEN).await;
    answer.ok();
    // Name and mail address.
    ned.post("save_me", &[("name", " Ned N. ")]).await.ok();
    assert_eq!(ned.post("me", &[]).await.ok()["name"], "Ned N.");
}

/// Whoever finds a browser open does not lead the links for a forgotten password to a mail address of theirs.
async fn s12_asvs_7_5_1_changing_the_mail_address_asks_for_the_password(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let ned = portal.client("ned").await;
    let change = async |by: &Client, email: &str, present: &str| {
        by.post("change_email", &[("email", email), ("present", present)])
            .await
    };
    for wrong in ["", "wrong", &PASSWORD.to_uppercase()] {
        let refused = change(&ned, "thief@example.org", wrong).await.refused();
        assert_eq!(refused, r#"403 {"Refused":"WrongPassword"}"#);
    }
    let refused = change(&ned, "nowhere", PASSWORD).await.refused();
    assert_eq!(refused, r#"422 {"Refused":"InvalidEmail"}"#);
    change(&ned, " ned@example.org ", PASSWORD).await.ok();
    let own = ned.post("my_data", &[]).await.ok();
    assert_eq!(
        (&own["login"], &own["email"]),
        (&json!("ned"), &json!("ned@example.org"))
    );
    // Nor do admins theirs on the page of a user, and nor by a file; with other people's they are trusted.
    let isv = portal.client("isv").await;
    let save = async |login: &str, email: &str| {
        let user = portal.person(login).to_string();
        isv.post("save_user", &[("user", &user), ("name", login), ("email", email)])
            .await
    };
    let refused = save("isv", "thief@example.org").await.refused();
    assert_eq!(refused, r#"403 {"Refused":{"Denied":"OwnEmail"}}"#);
    save("isv", "").await.ok();
    save("ned", "n.ed@example.org").await.ok();
    change(&isv, "isv@example.org", PASSWORD).await.ok();
    save("isv", "isv@example.org").await.ok();
    change(&ned, "", PASSWORD).await.ok();
    let emails = "SELECT COALESCE(email, '-') FROM users WHERE login IN ('isv', 'ned') ORDER BY login";
    assert_eq!(portal.texts(emails).await, ["isv@example.org", "-"]);
}

async fn asvs_6_2_1_short_and_easy_passwords_are_refused(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let ned = portal.client("ned").await;
    for (chosen, why) in [
        ("fourteen chars", "TooShort"),
        ("passwordpassword", "Guessable"),
        ("license portal", "TooShort"),
        ("ticket license portal", "Guessable"),
        (&"x".repeat(2_000), "TooLong"),
    ] {
        let answer = ned
            .post("change_password", &[("present", PASSWORD), ("chosen", chosen)])
            .await;
        assert_eq!(
            (answer.status, answer.json()),
            (422, json!({ "Refused": { "WeakPassword": why } })),
            "{chosen:.30}"
        );
    }
    // No more than ten tries a minute: somebody may sit at a browser left open.
    for _ in 0..5 {
        ned.post("change_password", &[("present", "wrong"), ("chosen", CHOSEN)])
            .await;
    }
    assert_eq!(
        ned.post("change_password", &[("present", PASSWORD), ("chosen", CHOSEN)])
            .await
            .status,
        429
    );
}
