//! Many at once over HTTP, on two server processes where the engine allows it: never one login, one seat or one ending
//! too many (S17–S19).

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use domain::accounts::sessions::GONE;
use jiff::SignedDuration;
use license_portal::{
    ops::accounts::sessions::{Origin, Sessions},
    store::Engine,
};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{client::Client, portal::TestPortal};

on_both_engines!(
    s18_sixteen_browsers_log_in_with_one_account,
    s18_sixteen_logins_begin_at_the_same_moment,
    s17_the_last_seat_is_taken_once,
    s17_a_login_that_was_to_end_with_its_account_does,
    s17_nobody_gets_in_after_the_account_was_switched_off,
    asvs_7_4_3_nobody_gets_in_with_a_password_that_was_replaced,
    asvs_7_4_3_no_token_is_made_with_a_password_that_was_replaced,
    no_token_is_made_for_an_account_that_is_switched_off,
    s19_close_against_signs_of_life,
);

const CLIENTS: usize = 16;
const PASSWORD: &str = "correct horse battery";
/// Longer than a tab may be silent, by more than the clocks of two servers differ.
const SILENCE: SignedDuration = SignedDuration::from_secs(GONE.as_secs() + 10);

/// A portal in which everybody has a password.
async fn portal(engine: Engine, text: &str) -> TestPortal {
    let portal = TestPortal::start(engine, text).await;
    portal.set_passwords(PASSWORD).await;
    portal
}

/// Two servers over one database; SQLite serves one process, which is both then.
async fn two_servers(portal: &TestPortal) -> [TestPortal; 2] {
    let second = match portal.store.engine() {
        Engine::Postgres => portal.second().await,
        Engine::Sqlite => portal.clone(),
    };
    [portal.clone(), second]
}

/// Lets so much time pass on both that a tab which gave no sign of life is gone.
fn be_silent(servers: &[TestPortal; 2]) {
    servers[0].pass(SILENCE);
    if servers[0].store.engine() == Engine::Postgres {
        servers[1].pass(SILENCE);
    }
}

/// The same browser, whose next request another server answers.
fn at(client: &Client, server: &TestPortal) -> Client {
    Client {
        cookie: client.cookie.clone(),
        ..server.nobody()
    }
}

async fn running(portal: &TestPortal, login: &str) -> i64 {
    let user = portal.person(login);
    portal
        .number(&format!(
            "SELECT COUNT(*) FROM sessions WHERE user_id = {user} AND ended_at IS NULL"
        ))
        .await
}

async fn end_logins(portal: &TestPortal, login: &str) {
    let user = portal.person(login);
    portal
        .run(&format!(
            "UPDATE sessions SET ended_at = begun_at, end_reason = 'logged_out' WHERE user_id = {user} AND ended_at IS NULL"
        ))
        .await;
}

async fn s18_sixteen_browsers_log_in_with_one_account(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let servers = two_servers(&portal).await;
    for round in 0..12 {
        // In every other round, the login of the round before has lost its tab, and everybody wishes it away.
        let replacing = round % 2 == 1;
        if replacing {
            be_silent(&servers);
        } else {
            end_logins(&portal, "ann").await;
        }
        let doors = servers.each_ref().map(TestPortal::without_attempts);
        let mut race = JoinSet::new();
        for n in 0..CLIENTS {
            let browser = doors[n % 2].nobody();
            let end_other = (replacing || n % 3 == 0).to_string();
            race.spawn(async move {
                let form = [
                    ("login", "ann"),
                    ("password", PASSWORD),
                    ("end_other", end_other.as_str()),
                ];
                browser.post("log_in", &form).await
            });
        }
        let (won, lost): (Vec<_>, Vec<_>) = race
            .join_all()
            .await
            .into_iter()
            .partition(|answer| answer.status == 200);
        assert_eq!(won.len(), 1, "in round {round}");
        for answer in lost {
            let refusal = answer.refused();
            assert!(
                refusal.starts_with(r#"409 {"Refused":{"LoggedInAlready""#),
                "{refusal} in round {round}"
            );
            assert_eq!(answer.header("set-cookie"), "");
        }
        assert_eq!(running(&portal, "ann").await, 1, "in round {round}");
        for server in &servers {
            let winner = server.nobody().with_cookie(&won[0]);
            assert_eq!(winner.post("me", &[]).await.ok()["login"], "ann");
        }
    }
}

/// As above, without the hashing of passwords that keeps them apart.
async fn s18_sixteen_logins_begin_at_the_same_moment(engine: Engine) {
    let portal = portal(engine, "Team/\n @ann\n").await;
    let servers = two_servers(&portal).await;
    let ann = portal.person("ann");
    for round in 0..25 {
        end_logins(&portal, "ann").await;
        let mut race = JoinSet::new();
        for n in 0..CLIENTS {
            let sessions: Sessions = servers[n % 2].portal.sessions.clone();
            race.spawn(async move {
                let token = format!("round-{round}-{n}");
                sessions
                    .begin(ann, &token, &Origin::default(), true)
                    .await
                    .is_ok()
            });
        }
        let won = race.join_all().await.into_iter().filter(|won| *won).count();
        assert_eq!(won, 1, "in round {round}");
        assert_eq!(running(&portal, "ann").await, 1, "in round {round}");
    }
}

async fn s17_the_last_seat_is_taken_once(engine: Engine) {
    let people: String = (0..CLIENTS).map(|n| format!("  @p{n}\n")).collect();
    let portal = portal(engine, &format!("@isv^\nTeam/\n{people}")).await;
    let isv = portal.client("isv").await;
    let two_seats = portal.license(2, |_| {});
    isv.post("replace_license", &[("license", &two_seats)]).await.ok();
    let servers = two_servers(&portal).await;
    // Each of them reads the licence, whose signature takes its time where nothing is optimised.
    for round in 0..8 {
        portal
            .run("UPDATE users SET active = 0 WHERE isv_admin = 0")
            .await;
        let mut race = JoinSet::new();
        for n in 0..CLIENTS {
            let isv = at(&isv, &servers[n % 2]);
            let user = portal.person(&format!("p{n}")).to_string();
            race.spawn(async move {
                let answer = isv
                    .post("switch_users", &[("users[0]", &user), ("active", "true")])
                    .await;
                (answer.status, answer.json())
            });
        }
        let (won, lost): (Vec<_>, Vec<_>) = race
            .join_all()
            .await
            .into_iter()
            .partition(|(status, _)| *status == 200);
        assert_eq!(won.len(), 1, "in round {round}");
        let none_left = json!({ "Refused": { "NoSeatLeft": { "wanted": 1, "left": 0 } } });
        for (status, refusal) in lost {
            assert_eq!((status, refusal), (409, none_left.clone()), "in round {round}");
        }
        let active = "SELECT COUNT(*) FROM users WHERE active = 1";
        assert_eq!(portal.number(active).await, 2, "in round {round}");
        let history = "SELECT COUNT(*) FROM events WHERE kind = 'user_activated'";
        assert_eq!(portal.number(history).await, round + 1);
    }
}

/// Ned's account is switched off while he logs in by many browsers. Returns whether he had got in before.
async fn switched_off_while_logging_in(
    portal: &TestPortal,
    servers: &[TestPortal; 2],
    round: u64,
    end_login: bool,
) -> bool {
    portal
        .run("UPDATE users SET active = 1 WHERE login = 'ned'")
        .await;
    end_logins(portal, "ned").await;
    let isv = portal.client("isv").await;
    let doors = servers.each_ref().map(TestPortal::without_attempts);
    let off = Arc::new(AtomicBool::new(false));
    let mut race = JoinSet::new();
    for n in 0..CLIENTS - 1 {
        let (browser, off) = (doors[n % 2].nobody(), Arc::clone(&off));
        // One after the other, so that some ask late.
        let delay = Duration::from_millis(n as u64 * 3);
        race.spawn(async move {
            tokio::time::sleep(delay).await;
            let late = off.load(Ordering::SeqCst);
            let answer = browser
                .post("log_in", &[("login", "ned"), ("password", PASSWORD)])
                .await;
            (late, answer.status, answer.text())
        });
    }
    let user = portal.person("ned").to_string();
    tokio::time::sleep(Duration::from_millis(10 + round * 8)).await;
    let end_login = end_login.to_string();
    isv.post(
        "switch_users",
        &[
            ("users[0]", &user),
            ("active", "false"),
            ("end_login", &end_login),
        ],
    )
    .await
    .ok();
    off.store(true, Ordering::SeqCst);
    let answers = race.join_all().await;
    for (late, status, text) in &answers {
        match status {
            200 => assert!(
                !late,
                "a login was let in after the account was off, in round {round}"
            ),
            403 => assert_eq!(text, r#"{"Refused":"Inactive"}"#),
            409 => assert!(text.contains("LoggedInAlready"), "{text}"),
            other => panic!("{other} {text} in round {round}"),
        }
    }
    let let_in = answers.iter().filter(|(_, status, _)| *status == 200).count();
    assert!(let_in <= 1, "in round {round}");
    // Whoever asks now is refused, whatever they wish.
    for (n, server) in servers.iter().enumerate() {
        let form = [
            ("login", "ned"),
            ("password", PASSWORD),
            ("end_other", if n == 0 { "true" } else { "false" }),
        ];
        let answer = server.without_attempts().nobody().post("log_in", &form).await;
        assert_eq!(answer.refused(), r#"403 {"Refused":"Inactive"}"#);
    }
    let_in == 1
}

async fn s17_a_login_that_was_to_end_with_its_account_does(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ned\n").await;
    let servers = two_servers(&portal).await;
    for round in 0..8 {
        switched_off_while_logging_in(&portal, &servers, round, true).await;
        // Whichever came first.
        assert_eq!(running(&portal, "ned").await, 0, "in round {round}");
    }
}

async fn s17_nobody_gets_in_after_the_account_was_switched_off(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ned\n").await;
    let servers = two_servers(&portal).await;
    for round in 0..8 {
        let let_in = switched_off_while_logging_in(&portal, &servers, round, false).await;
        // Who was in before stays until logout.
        assert_eq!(
            running(&portal, "ned").await,
            i64::from(let_in),
            "in round {round}"
        );
    }
}

async fn asvs_7_4_3_nobody_gets_in_with_a_password_that_was_replaced(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ned\n").await;
    let servers = two_servers(&portal).await;
    let mut present = PASSWORD.to_owned();
    for round in 0..4 {
        let doors = servers.each_ref().map(TestPortal::without_attempts);
        let mut race = JoinSet::new();
        for n in 0..CLIENTS - 1 {
            let (browser, password) = (doors[n % 2].nobody(), present.clone());
            race.spawn(async move {
                let form = [("login", "ned"), ("password", password.as_str())];
                browser.post("log_in", &form).await.status
            });
        }
        present = format!("{PASSWORD} staple {round}");
        let login = "ned".parse().unwrap();
        license_portal::ops::accounts::people::set_password(&portal.store, login, &present)
            .await
            .unwrap();
        for status in race.join_all().await {
            assert!(matches!(status, 200 | 401 | 409), "{status} in round {round}");
        }
        // Whoever was in before is out, and those who were about to get in are not.
        assert_eq!(running(&portal, "ned").await, 0, "in round {round}");
    }
}

/// A server knows at once of the signs of life that it heard itself. Those that another one heard, it knows when that one
/// has written them, which it does every three ticks: a tab that wakes up after a silence as long as [`GONE`] may still be
/// closed by the other server until then. One that never was silent for so long is safe from both.
/// Asks for a token in the browser of ann.
async fn token(ann: &Client) -> Option<String> {
    let form = [
        ("name", "Script"),
        ("days", "90"),
        ("present", PASSWORD),
        ("scopes[tickets]", "read"),
    ];
    let answer = ann.post("create_token", &form).await;
    (answer.status == 200).then(|| answer.json().as_str().unwrap().to_owned())
}

async fn answer_to(portal: &TestPortal, token: &str) -> u16 {
    let request = http::Request::get("/api/v1/tickets")
        .header("authorization", format!("Bearer {token}"))
        .body(axum::body::Body::empty());
    portal.nobody().send(request.unwrap()).await.status
}

async fn asvs_7_4_3_no_token_is_made_with_a_password_that_was_replaced(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let isv = portal.client("isv").await;
    for round in 0..12 {
        portal.set_passwords(PASSWORD).await;
        end_logins(&portal, "ann").await;
        let ann = portal.without_attempts().client("ann").await;
        let user = portal.person("ann").to_string();
        let making = tokio::spawn(async move { token(&ann).await });
        // At another moment of it each time.
        tokio::time::sleep(Duration::from_millis(5 * round)).await;
        isv.post("generate_password", &[("user", &user)]).await.ok();
        if let Some(token) = making.await.unwrap() {
            assert_eq!(answer_to(&portal, &token).await, 401, "in round {round}");
        }
    }
}

async fn no_token_is_made_for_an_account_that_is_switched_off(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let ann = portal.client("ann").await;
    // Her login still runs.
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'ann'")
        .await;
    assert_eq!(token(&ann).await, None);
    for function in ["begin_second_factor", "remove_second_factor"] {
        assert_eq!(
            ann.post(function, &[("present", PASSWORD)]).await.status,
            401,
            "{function}"
        );
    }
    portal
        .run("UPDATE users SET active = 1 WHERE login = 'ann'")
        .await;
    assert!(token(&ann).await.is_some());
}

async fn s19_close_against_signs_of_life(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let servers = two_servers(&portal).await;
    let (mut ended, mut lived) = (0, 0);
    for round in 0..24_u64 {
        let (isv, ann) = (portal.client("isv").await, portal.client("ann").await);
        portal.learn().await;
        let session = portal.session("ann").to_string();
        for server in &servers {
            at(&ann, server)
                .post("beat", &[("tab", "99"), ("idle", "0")])
                .await
                .ok();
        }
        be_silent(&servers);
        // The administrator is at work.
        for server in &servers {
            at(&isv, server)
                .post("beat", &[("tab", "1"), ("idle", "0")])
                .await
                .ok();
        }
        // A close was answered with success; a sign of life was, by either server.
        let facts: Arc<(AtomicBool, [AtomicBool; 2])> = Arc::default();
        let mut beats = JoinSet::new();
        let mut closes = JoinSet::new();
        // One third each: at the same moment, the closes a little later, the beats a little later.
        let later = |wanted: u64, n: usize| {
            let head_start = if round % 3 == wanted { 20 } else { 0 };
            tokio::time::sleep(Duration::from_millis(head_start + n as u64 / 3))
        };
        for n in 0..CLIENTS / 2 {
            let (ann, facts_now, pause) = (at(&ann, &servers[n % 2]), Arc::clone(&facts), later(2, n));
            beats.spawn(async move {
                let (closed, heard) = &*facts_now;
                pause.await;
                let late = closed.load(Ordering::SeqCst);
                let tab = (n + 1).to_string();
                let status = ann.post("beat", &[("tab", &tab), ("idle", "0")]).await.status;
                if status == 200 {
                    assert!(!late, "a closed login was alive");
                    heard[n % 2].store(true, Ordering::SeqCst);
                } else {
                    assert_eq!(status, 401);
                }
            });
            let (isv, facts_now, pause) = (at(&isv, &servers[n % 2]), Arc::clone(&facts), later(1, n));
            let session = session.clone();
            closes.spawn(async move {
                let (closed, heard) = &*facts_now;
                pause.await;
                let open = heard[n % 2].load(Ordering::SeqCst);
                let status = isv.post("close_session", &[("session", &session)]).await.status;
                if status == 200 {
                    assert!(!open, "an open tab was closed");
                    closed.store(true, Ordering::SeqCst);
                }
                status
            });
        }
        let statuses = closes.join_all().await;
        beats.join_all().await;
        let count = |wanted: u16| statuses.iter().filter(|status| **status == wanted).count();
        let alive = i64::from(count(200) == 0);
        assert_eq!(running(&portal, "ann").await, alive, "in round {round}");
        for server in &servers {
            let status = at(&ann, server)
                .post("beat", &[("tab", "1"), ("idle", "0")])
                .await
                .status;
            assert_eq!(status, if alive == 1 { 200 } else { 401 }, "in round {round}");
        }
        if alive == 1 {
            assert_eq!(count(409), statuses.len(), "{statuses:?} in round {round}");
            lived += 1;
        } else {
            // Of two that are in their transactions at the same moment, one may hear what the other did not.
            let refused = match engine {
                Engine::Sqlite => count(404),
                Engine::Postgres => count(404) + count(409),
            };
            assert_eq!(
                (count(200), refused),
                (1, statuses.len() - 1),
                "{statuses:?} in round {round}"
            );
            ended += 1;
        }
    }
    assert!(ended > 0 && lived > 0, "no race: {ended} ended, {lived} lived");
}
