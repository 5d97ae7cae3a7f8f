//! Logging in and out, sessions, headers.

use axum::body::Body;
use http::{Method, header};
use license_portal::{ops::accounts::passwords, store::Engine};
use serde_json::json;

use crate::support::{
    client::{Client, encoded},
    portal::TestPortal,
};

on_both_engines!(
    logging_in_and_out,
    asvs_6_3_8_wrong_passwords_and_unknown_logins_are_answered_alike,
    asvs_6_3_1_attempts_are_limited,
    asvs_7_2_4_each_login_has_a_token_of_its_own,
    nobody_is_sent_elsewhere,
    a_form_leads_on_once_it_is_done,
    the_language_is_remembered,
    every_answer_says_what_browsers_may_do,
    the_demo_names_its_people,
    the_server_tells_how_it_is,
);

/// A portal in which Ann's password is `correct`.
async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n #t\n").await;
    let hash = passwords::hash(&portal.store.sources, "correct").unwrap();
    portal
        .run(&format!(
            "UPDATE users SET password_hash = '{hash}' WHERE login = 'ann'"
        ))
        .await;
    portal
}

async fn logging_in_and_out(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    assert_eq!(nobody.post("me", &[]).await.ok(), json!(null));
    assert_eq!(
        nobody.post("branches", &[]).await.refused(),
        r#"401 "NotLoggedIn""#
    );
    let answer = nobody.log_in(" Ann ", "correct").await;
    answer.ok();
    let (value, attributes) = answer.header("set-cookie").split_once("; ").unwrap();
    let token = value.strip_prefix("portal=").unwrap();
    assert_eq!(
        (token.len(), attributes),
        (64, "Path=/; HttpOnly; SameSite=Lax; Max-Age=43200")
    );
    let ann = nobody.with_cookie(&answer);
    assert_eq!(ann.post("me", &[]).await.ok()["login"], "ann");
    // The database does not know the token, only what it hashes to.
    assert_eq!(
        portal
            .number(&format!(
                "SELECT COUNT(*) FROM sessions WHERE token_hash LIKE '%{token}%'"
            ))
            .await,
        0
    );
    let answer = ann.post("log_out", &[]).await;
    answer.ok();
    assert_eq!(
        answer.header("set-cookie"),
        "portal=; Path=/; HttpOnly; SameSite=Lax; Max-Age=0"
    );
    assert_eq!(
        ann.post("me", &[]).await.ok(),
        json!(null),
        "the old cookie is worth nothing"
    );
    assert_eq!(
        portal.texts("SELECT end_reason FROM sessions").await,
        ["logged_out"]
    );
}

async fn asvs_6_3_8_wrong_passwords_and_unknown_logins_are_answered_alike(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let wrong = nobody.log_in("ann", "wrong").await;
    assert_eq!(wrong.refused(), r#"401 "WrongLogin""#);
    // No password yet; no such person; no login name at all; no password; one too long to be looked at.
    for (login, password) in [
        ("bob", ""),
        ("bob", "correct"),
        ("carl", "correct"),
        ("<no login>", "x"),
        ("ann", ""),
    ] {
        let answer = nobody.log_in(login, password).await;
        assert_eq!(
            (answer.status, &answer.body),
            (401, &wrong.body),
            "{login:?} {password:?}"
        );
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert_eq!(
        nobody.log_in("ann", &"correct".repeat(1000)).await.body,
        wrong.body
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM sessions").await, 0);
}

async fn asvs_6_3_1_attempts_are_limited(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let mut answers = Vec::new();
    for _ in 0..11 {
        answers.push(nobody.log_in("ann", &"too long".repeat(1000)).await);
    }
    assert!(answers[..10].iter().all(|answer| answer.status == 401));
    let seconds: u64 = answers[10].header("retry-after").parse().unwrap();
    assert_eq!(
        (answers[10].status, answers[10].json()),
        (429, json!({ "TooMany": { "seconds": seconds } }))
    );
    assert!((1..=60).contains(&seconds));
    // Not even with the right password, however it is written; somebody else may go on.
    assert_eq!(nobody.log_in(" ANN ", "correct").await.status, 429);
    assert_eq!(nobody.log_in("bob", "wrong").await.status, 401);
}

async fn asvs_7_2_4_each_login_has_a_token_of_its_own(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    // A cookie that somebody planted is not taken over.
    let planted = Client {
        cookie: Some(format!("portal={}", "0".repeat(64))),
        ..nobody.clone()
    };
    let first = nobody.with_cookie(&planted.log_in("ann", "correct").await);
    assert_ne!(first.cookie, planted.cookie);
    let second = nobody.with_cookie(&first.log_in("ann", "correct").await);
    assert_ne!(first.cookie, second.cookie);
    assert_eq!(
        first.post("me", &[]).await.ok(),
        json!(null),
        "the login before it has ended"
    );
    assert_eq!(second.post("me", &[]).await.ok()["login"], "ann");
    // With TLS in front, the cookie is for this host alone.
    let secure = portal.with(|portal| portal.https = true).await;
    second.post("log_out", &[]).await.ok();
    let answer = secure.nobody().log_in("ann", "correct").await;
    let cookie = answer.header("set-cookie");
    assert!(
        cookie.starts_with("__Host-portal=") && cookie.ends_with("; Secure"),
        "{cookie}"
    );
    assert_eq!(
        answer.header("strict-transport-security"),
        "max-age=31536000; includeSubDomains"
    );
}

async fn nobody_is_sent_elsewhere(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let go_to = async |next: &str| {
        let form = format!("login=ann&password=correct&next={}", encoded(next));
        let request = nobody
            .request(Method::POST, "/api/log_in")
            .header(header::ACCEPT, "text/html");
        let answer = nobody.send(request.body(Body::from(form)).unwrap()).await;
        assert_eq!(answer.status, 302, "{}", answer.text());
        nobody.with_cookie(&answer).post("log_out", &[]).await.ok();
        answer.header("location").to_owned()
    };
    assert_eq!(go_to("/groups/7?page=2").await, "/groups/7?page=2");
    let elsewhere = [
        "https://evil.example/",
        "//evil.example",
        "/\\evil.example",
        "javascript:alert(1)",
        "/a\r\nX: y",
    ];
    for elsewhere in elsewhere {
        assert_eq!(go_to(elsewhere).await, "/", "{elsewhere:?}");
    }
}

async fn a_form_leads_on_once_it_is_done(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    let send = async |function: &str, form: &str, accept: &str| {
        let request = ann
            .request(Method::POST, &format!("/api/{function}"))
            .header(header::ACCEPT, accept)
            .header(header::HOST, "portal.example.org")
            .header(header::REFERER, "https://portal.example.org/add?__path=x&__err=y");
        ann.send(request.body(Body::from(form.to_owned())).unwrap()).await
    };
    let done = send("language", "language=de&next=%2Fme%3Fa%3D1", "text/html").await;
    assert_eq!((done.status, done.header("location")), (302, "/me?a=1"));
    let done = send("save_me", "name=Ann&next=%2Fme", "text/html").await;
    assert_eq!((done.status, done.header("location")), (302, "/me"));
    // Scripts get their answer, and are told where to go.
    let done = send("save_me", "name=Ann&next=%2Fme", "*/*").await;
    assert_eq!((done.status, done.header("location")), (200, "/me"));
    // Without the field, and where it was refused, the browser is back at the form.
    for form in ["name=Ann", "name=Ann&next="] {
        let done = send("save_me", form, "text/html").await;
        assert_eq!(
            (done.status, done.header("location")),
            (302, "https://portal.example.org/add?")
        );
    }
    let refused = send("save_me", "name=&next=%2Fme", "text/html").await;
    let back = refused.header("location");
    assert!(back.starts_with("https://portal.example.org/add?"), "{back}");
    assert!(back.contains("__err="), "{back}");
    let refused = send("save_me", "name=&next=%2Fme", "*/*").await;
    assert_eq!((refused.status, refused.header("location")), (422, ""));
}

async fn the_language_is_remembered(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let answer = nobody.post("language", &[("language", "de")]).await;
    answer.ok();
    assert!(
        answer
            .header("set-cookie")
            .ends_with("=de; Path=/; SameSite=Lax; Max-Age=31536000")
    );
    let german = nobody.with_cookie(&answer);
    assert!(german.get("/login").await.text().contains("<html lang=\"de\""));
    assert!(nobody.get("/login").await.text().contains("<html lang=\"en\""));
    for language in ["", "xx", "de; Path=/evil", "de\r\nX: y"] {
        let answer = nobody.post("language", &[("language", language)]).await;
        assert_eq!(
            (answer.status, answer.header("set-cookie")),
            (400, ""),
            "{language:?}"
        );
    }
}

async fn every_answer_says_what_browsers_may_do(engine: Engine) {
    let portal = portal(engine).await;
    let (nobody, ann) = (portal.nobody(), portal.client("ann").await);
    let answers = [
        nobody.get("/login").await,
        nobody.get("/nowhere").await,
        nobody.get("/healthz").await,
        nobody.get("/pkg/nothing.js").await,
        ann.get("/").await,
        ann.post("branches", &[]).await,
        ann.post("nowhere", &[]).await,
        ann.get("/api/branches").await,
    ];
    for answer in &answers {
        for (name, value) in [
            ("x-content-type-options", "nosniff"),
            ("x-frame-options", "DENY"),
            ("referrer-policy", "same-origin"),
            ("cross-origin-opener-policy", "same-origin"),
            ("cross-origin-resource-policy", "same-origin"),
            ("cache-control", "no-store"),
        ] {
            assert_eq!(answer.header(name), value, "{name}");
        }
        let policy = answer.header("content-security-policy");
        assert!(
            policy.starts_with("default-src 'none'") && policy.contains("frame-ancestors 'none'"),
            "{policy}"
        );
        assert!(
            !policy.contains("unsafe-inline")
                && !policy.contains("'unsafe-eval'")
                && policy.contains("require-trusted-types-for 'script'; trusted-types "),
            "{policy}"
        );
        assert!(!answer.header("x-request-id").is_empty());
    }
    // Each page has a nonce of its own, and every script in it carries that nonce.
    let mut nonces = Vec::new();
    for page in [
        nobody.get("/login").await,
        nobody.get("/login").await,
        ann.get("/").await,
        nobody.get("/nowhere").await,
    ] {
        let policy = page.header("content-security-policy").to_owned();
        let nonce = policy
            .split("'nonce-")
            .nth(1)
            .and_then(|rest| rest.split('\'').next())
            .unwrap()
            .to_owned();
        let text = page.text();
        let scripts: Vec<&str> = text
            .split("<script")
            .skip(1)
            .map(|rest| rest.split('>').next().unwrap())
            .collect();
        assert!(!scripts.is_empty());
        for script in scripts {
            assert!(script.contains(&format!("nonce=\"{nonce}\"")), "{script}");
        }
        assert!(
            !text.contains(" style=\"") && !text.contains("<style"),
            "the policy forbids inline style"
        );
        nonces.push(nonce);
    }
    nonces.sort();
    nonces.dedup();
    assert_eq!(nonces.len(), 4);
}

async fn the_demo_names_its_people(engine: Engine) {
    let portal = portal(engine).await;
    assert_eq!(portal.nobody().post("demo", &[]).await.ok(), json!(null));
    assert!(!portal.nobody().get("/login").await.text().contains("ann"));
    let demo = portal
        .with(|portal| portal.demo_password = Some("a demo password".to_owned()))
        .await;
    let told = demo.nobody().post("demo", &[]).await.ok();
    assert_eq!(
        told["people"],
        json!([["isv", "isv"], ["ann", "ann"], ["bob", "bob"]])
    );
    assert_eq!(told["password"], "a demo password");
}

async fn the_server_tells_how_it_is(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    assert_eq!(
        (
            nobody.get("/healthz").await.status,
            nobody.get("/readyz").await.status
        ),
        (200, 200)
    );
    portal.store.close().await;
    assert_eq!(
        (
            nobody.get("/healthz").await.status,
            nobody.get("/readyz").await.status
        ),
        (200, 503)
    );
}
