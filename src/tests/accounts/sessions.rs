//! Logins: one at a time, with open tabs and idle times, and administrators who end them (S18–S20).

use axum::body::Body;
use domain::accounts::sessions::{GONE, IDLE, LIFETIME};
use http::{Method, header};
use jiff::SignedDuration;
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client},
    moments::{at, ms},
    portal::TestPortal,
};

on_both_engines!(
    s18_one_login_at_a_time,
    s18_asvs_7_5_2_a_login_whose_tab_is_gone_can_be_replaced,
    s19_administrators_see_who_is_logged_in,
    s19_close_ends_a_login_whose_tab_is_gone,
    s19_asvs_7_4_5_end_anyway_wants_a_reason,
    s19_lists_are_complete,
    s20_asvs_7_3_1_nobody_does_anything,
    asvs_7_3_2_no_login_lives_longer,
    asvs_7_4_1_an_ended_login_is_worth_nothing,
    logins_outlive_the_server,
    signs_of_life_are_written_together,
);

const PASSWORD: &str = "correct horse battery";

/// A portal in which Ann and the administrator have a password.
async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann*\n @bob\n #t\n").await;
    portal.set_passwords(PASSWORD).await;
    portal
}

/// Logs in, and takes the cookie if there is one.
async fn log_in(browser: &Client, login: &str, end_other: bool) -> (Answer, Client) {
    let end_other = end_other.to_string();
    let form = [
        ("login", login),
        ("password", PASSWORD),
        ("end_other", &end_other),
    ];
    let answer = browser.post("log_in", &form).await;
    let browser = browser.with_cookie(&answer);
    (answer, browser)
}

async fn beat(client: &Client, tab: u32, idle: SignedDuration) -> Answer {
    let (tab, idle) = (tab.to_string(), idle.as_millis().to_string());
    client.post("beat", &[("tab", &tab), ("idle", &idle)]).await
}

/// A tab is shut. Beside other servers, a goodbye is no more than silence.
async fn shut(portal: &TestPortal, client: &Client, tab: &str) {
    client.post("leave", &[("tab", tab)]).await.ok();
    if portal.store.engine() == Engine::Postgres {
        portal.pass(GONE);
    }
}

async fn is_logged_in(client: &Client) -> bool {
    client.post("me", &[]).await.ok() != json!(null)
}

fn refusal(since: &Value, tab: &str) -> Value {
    json!({ "Refused": { "LoggedInAlready": { "since": since, "tab": tab } } })
}

async fn begun_at(portal: &TestPortal, login: &str) -> Value {
    let sql = format!(
        "SELECT begun_at FROM sessions s JOIN users u ON u.id = s.user_id
         WHERE u.login = '{login}' AND s.ended_at IS NULL"
    );
    json!(at(portal.number(&sql).await))
}

async fn s18_one_login_at_a_time(engine: Engine) {
    let portal = portal(engine).await;
    let (answer, first) = log_in(&portal.nobody(), "ann", false).await;
    answer.ok();
    let since = begun_at(&portal, "ann").await;
    // Another browser is refused, and told why and since when; wishing the other one away does not help.
    for end_other in [false, true] {
        let (answer, _) = log_in(&portal.nobody(), "ann", end_other).await;
        assert_eq!((answer.status, answer.json()), (409, refusal(&since, "open")));
        assert_eq!(answer.header("set-cookie"), "");
    }
    assert!(is_logged_in(&first).await);
    // Several tabs of one browser are one login, and logging in again in it is no second one.
    beat(&first, 1, ms(0)).await.ok();
    beat(&first, 2, ms(0)).await.ok();
    let (answer, again) = log_in(&first, "ann", false).await;
    answer.ok();
    assert!(is_logged_in(&again).await && !is_logged_in(&first).await);
    // Whoever has the wrong password learns nothing of it.
    let wrong = portal
        .nobody()
        .post("log_in", &[("login", "ann"), ("password", "wrong")])
        .await;
    assert_eq!(wrong.refused(), r#"401 "WrongLogin""#);
    // After logging out the account is free.
    again.post("log_out", &[]).await.ok();
    log_in(&portal.nobody(), "ann", false).await.0.ok();
}

async fn s18_asvs_7_5_2_a_login_whose_tab_is_gone_can_be_replaced(engine: Engine) {
    let portal = portal(engine).await;
    let (_, first) = log_in(&portal.nobody(), "ann", false).await;
    let since = begun_at(&portal, "ann").await;
    beat(&first, 1, ms(0)).await.ok();
    portal.pass(GONE - ms(1_000));
    let (answer, _) = log_in(&portal.nobody(), "ann", true).await;
    assert_eq!(answer.json(), refusal(&since, "open"), "silent, but not for long");
    portal.pass(ms(2_000));
    let (answer, _) = log_in(&portal.nobody(), "ann", false).await;
    assert_eq!((answer.status, answer.json()), (409, refusal(&since, "gone")));
    let (answer, second) = log_in(&portal.nobody(), "ann", true).await;
    answer.ok();
    assert!(is_logged_in(&second).await && !is_logged_in(&first).await);
    assert_eq!(
        portal
            .texts("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")
            .await,
        ["replaced"]
    );
    // A tab that says goodbye is gone at once; while another is open, it is not.
    beat(&second, 1, ms(0)).await.ok();
    beat(&second, 2, ms(0)).await.ok();
    second.post("leave", &[("tab", "1")]).await.ok();
    assert_eq!(
        log_in(&portal.nobody(), "ann", true).await.0.json(),
        refusal(&begun_at(&portal, "ann").await, "open")
    );
    shut(&portal, &second, "2").await;
    log_in(&portal.nobody(), "ann", true).await.0.ok();
}

async fn s19_administrators_see_who_is_logged_in(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, ann, bob) = (
        portal.client("isv").await,
        portal.client("ann").await,
        portal.client("bob").await,
    );
    beat(&ann, 1, ms(0)).await.ok();
    beat(&bob, 1, ms(0)).await.ok();
    shut(&portal, &bob, "1").await;
    beat(&ann, 1, ms(0)).await.ok();
    portal.pass(ms(45_000));
    beat(&ann, 1, ms(45_000)).await.ok();
    let list = isv.post("active_sessions", &[]).await.ok();
    assert_eq!(list["total"], 3);
    let of = |login: &str| {
        let rows = list["rows"].as_array().unwrap();
        rows.iter().find(|row| row["login"] == login).unwrap().clone()
    };
    assert_eq!(of("ann")["since"], begun_at(&portal, "ann").await);
    assert_eq!(
        (&of("ann")["tab"], &of("ann")["own"]),
        (&json!("open"), &json!(false))
    );
    assert_eq!(of("bob")["tab"], "gone");
    assert_eq!(of("isv")["own"], true);
    let idle = of("ann")["idle"].as_i64().unwrap();
    assert_eq!(idle, 45, "a sign of life is no activity");
    let found = isv.post("active_sessions", &[("search", "BO")]).await.ok();
    assert_eq!(
        (&found["total"], &found["rows"][0]["login"]),
        (&json!(1), &json!("bob"))
    );
    // For all others there is no such list, not even for an admin of a group.
    for function in ["active_sessions", "ended_sessions"] {
        assert_eq!(
            ann.post(function, &[]).await.refused(),
            r#"404 {"Refused":{"Denied":"Hidden"}}"#
        );
    }
}

async fn s19_close_ends_a_login_whose_tab_is_gone(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, ann) = (portal.client("isv").await, portal.client("ann").await);
    portal.learn().await;
    let session = portal.session("ann").to_string();
    let close = async || isv.post("close_session", &[("session", &session)]).await;
    beat(&ann, 1, ms(0)).await.ok();
    // Idle for long, but open: not closed, and told so.
    portal.pass(GONE - ms(1_000));
    assert_eq!(close().await.refused(), r#"409 {"Refused":"TabOpen"}"#);
    assert!(is_logged_in(&ann).await);
    beat(&ann, 1, ms(0)).await.ok();
    shut(&portal, &ann, "1").await;
    close().await.ok();
    assert_eq!(ann.post("branches", &[]).await.status, 401, "at once");
    assert_eq!(close().await.status, 404, "it is not there any more");
    let ended = isv.post("ended_sessions", &[]).await.ok();
    assert_eq!(
        (
            &ended["total"],
            &ended["rows"][0]["reason"],
            &ended["rows"][0]["by"]
        ),
        (&json!(1), &json!("Closed"), &json!("isv"))
    );
    // And the account is free.
    log_in(&portal.nobody(), "ann", false).await.0.ok();
}

async fn s19_asvs_7_4_5_end_anyway_wants_a_reason(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, ann) = (portal.client("isv").await, portal.client("ann").await);
    portal.learn().await;
    let session = portal.session("ann").to_string();
    let end = async |by: &Client, reason: &str| {
        by.post("end_session", &[("session", &session), ("reason", reason)])
            .await
    };
    beat(&ann, 1, ms(0)).await.ok();
    for nothing in ["", "  ", "\0"] {
        assert_eq!(
            end(&isv, nothing).await.refused(),
            r#"422 {"Refused":"NoReason"}"#
        );
        assert_eq!(end(&ann, nothing).await.status, 404);
    }
    assert_eq!(end(&ann, "me").await.status, 404);
    assert!(is_logged_in(&ann).await);
    end(&isv, &format!("  stolen laptop {}", "!".repeat(1000)))
        .await
        .ok();
    assert!(!is_logged_in(&ann).await);
    let ended = isv.post("ended_sessions", &[]).await.ok();
    let row = &ended["rows"][0];
    assert_eq!(
        (&row["reason"], &row["by"]),
        (&json!("EndedAnyway"), &json!("isv"))
    );
    let note = row["note"].as_str().unwrap();
    assert!(note.starts_with("stolen laptop !") && note.len() == 500);
}

async fn s19_lists_are_complete(engine: Engine) {
    let people: String = (0..5_000).map(|n| format!("  @p{n}\n")).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\nTeam/\n{people}")).await;
    portal
        .run(
            "INSERT INTO sessions (id, token_hash, user_id, begun_at, active_at, beat_at, address, browser)
             SELECT id, 'token-' || id, id, 1748736000000, 1748736000000, 0, '', '' FROM users WHERE isv_admin = 0",
        )
        .await;
    let isv = portal.client("isv").await;
    let mut seen = std::collections::BTreeSet::new();
    for page in 0..101 {
        let list = isv
            .post("active_sessions", &[("page", &page.to_string())])
            .await
            .ok();
        assert_eq!(list["total"], 5_001);
        let rows = list["rows"].as_array().unwrap();
        seen.extend(rows.iter().map(|row| row["login"].as_str().unwrap().to_owned()));
    }
    assert_eq!(seen.len(), 5_001);
}

async fn s20_asvs_7_3_1_nobody_does_anything(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    let left = |answer: &Answer| ms(answer.ok()["left"].as_i64().unwrap());
    // Signs of life do not prolong a login, activity does.
    portal.pass(IDLE - ms(120_000));
    let soon = left(&beat(&ann, 1, IDLE - ms(120_000)).await);
    assert!((ms(119_000)..=ms(120_000)).contains(&soon), "{soon}");
    let later = left(&beat(&ann, 2, ms(1_000)).await);
    assert!((IDLE - ms(2_000)..=IDLE).contains(&later), "{later}");
    // A page asked for is activity, too.
    portal.pass(IDLE - ms(60_000));
    let page = ann.request(Method::GET, "/").header(header::ACCEPT, "text/html");
    ann.send(page.body(Body::empty()).unwrap()).await;
    portal.pass(IDLE - ms(60_000));
    assert!(is_logged_in(&ann).await);
    beat(&ann, 1, IDLE).await.ok();
    portal.pass(ms(60_000));
    assert!(!is_logged_in(&ann).await);
    assert_eq!(beat(&ann, 1, ms(0)).await.status, 401, "too late");
    portal.pass(2 * GONE);
    portal.portal.sessions.sweep().await.unwrap();
    assert_eq!(portal.texts("SELECT end_reason FROM sessions").await, ["idle"]);
}

async fn asvs_7_3_2_no_login_lives_longer(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    for _ in 0..LIFETIME.as_secs() / 900 - 1 {
        portal.pass(ms(900_000));
        beat(&ann, 1, ms(0)).await.ok();
    }
    portal.pass(ms(600_000));
    let left = beat(&ann, 1, ms(0)).await.ok()["left"].as_i64().unwrap();
    assert!(left < 300_000, "{left}: the idle time does not reach beyond");
    portal.pass(ms(300_000));
    assert_eq!(beat(&ann, 1, ms(0)).await.status, 401);
    // It is in nobody's way.
    log_in(&portal.nobody(), "ann", false).await.0.ok();
    assert_eq!(
        portal
            .texts("SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL")
            .await,
        ["too_old"]
    );
}

async fn asvs_7_4_1_an_ended_login_is_worth_nothing(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    // A new password ends the running login (ASVS 7.4.3).
    license_portal::ops::accounts::people::set_password(
        &portal.store,
        "ann".parse().unwrap(),
        "another password",
    )
    .await
    .unwrap();
    for function in ["branches", "beat", "leave", "tickets"] {
        let answer = ann.post(function, &[("tab", "1"), ("idle", "0")]).await;
        assert!(
            matches!(answer.status, 400 | 401),
            "{function}: {}",
            answer.status
        );
    }
    assert!(!is_logged_in(&ann).await);
    let page = ann.get("/").await;
    assert_eq!((page.status, page.header("location")), (302, "/login?next=%2F"));
    assert_eq!(page.header("cache-control"), "no-store");
    assert_eq!(
        portal.texts("SELECT end_reason FROM sessions").await,
        ["password_changed"]
    );
}

async fn logins_outlive_the_server(engine: Engine) {
    let portal = portal(engine).await;
    let (_, ann) = log_in(&portal.nobody(), "ann", false).await;
    beat(&ann, 1, ms(0)).await.ok();
    portal.portal.sessions.save().await.unwrap();
    // The server starts again; its clock goes on.
    portal.pass(GONE);
    let restarted = portal.with(|_| {}).await;
    let ann = Client {
        cookie: ann.cookie,
        ..restarted.nobody()
    };
    assert!(is_logged_in(&ann).await);
    // It has heard nobody yet: for as long as a tab may be silent, the account counts as in use; then no longer.
    let (answer, _) = log_in(&restarted.nobody(), "ann", true).await;
    assert_eq!(answer.status, 409);
    restarted.pass(GONE);
    log_in(&restarted.nobody(), "ann", true).await.0.ok();
}

async fn signs_of_life_are_written_together(engine: Engine) {
    let portal = portal(engine).await;
    let other = portal.second().await;
    let ann = portal.client("ann").await;
    let written = "SELECT beat_at + active_at FROM sessions";
    let before = portal.number(written).await;
    for n in 1..=20 {
        portal.pass(ms(20_000));
        other.pass(ms(20_000));
        beat(&ann, 1, n * ms(20_000)).await.ok();
    }
    assert_eq!(
        portal.number(written).await,
        before,
        "a sign of life writes nothing"
    );
    portal.portal.sessions.save().await.unwrap();
    assert!(portal.number(written).await > before);
    // Another server, which has heard nothing itself, knows now that the tab is open, and when it is no more.
    let (answer, _) = log_in(&other.nobody(), "ann", true).await;
    assert_eq!(answer.status, 409);
    other.pass(GONE + ms(1_000));
    log_in(&other.nobody(), "ann", true).await.0.ok();
}
