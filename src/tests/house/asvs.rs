//! OWASP ASVS 5.0, chapters 6 and 7: what no test elsewhere shows, and a list of the items that must have a test.

use std::{
    path::Path,
    sync::{Arc, Mutex},
    time::{Duration, Instant},
};

use domain::accounts::sessions::IDLE;
use http::{Method, header};
use license_portal::{
    ops::accounts::{
        passwords,
        people::{self, has_isv_admin},
        sessions::Sessions,
    },
    server::cli::machine,
    store::{Engine, sources::Sources},
};
use serde_json::json;

use crate::{
    house::rooms,
    support::{
        client::{Answer, Client},
        portal::{BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    asvs_6_2_5_passwords_may_consist_of_anything,
    asvs_6_2_8_the_password_is_verified_exactly_as_given,
    asvs_6_2_9_long_passwords_are_permitted_and_count_to_their_end,
    asvs_6_3_2_nobody_is_there_by_default,
    asvs_6_3_8_the_same_work_is_done_for_logins_that_do_not_exist,
    asvs_6_4_6_administrators_do_not_choose_passwords,
    asvs_7_2_1_only_the_server_knows_what_a_token_is_worth,
    asvs_7_2_2_a_login_is_known_by_its_cookie_and_by_nothing_else,
    asvs_7_2_3_tokens_have_256_random_bits,
    asvs_7_4_3_no_login_outlives_the_password_it_began_with,
);

/// The items of chapters 6 and 7 that must hold.
const CORE: [&str; 25] = [
    "6.2.1", "6.2.3", "6.2.4", "6.2.5", "6.2.8", "6.2.9", "6.3.1", "6.3.2", "6.3.8", "6.4.1", "6.4.3",
    "6.4.6", "7.1.2", "7.2.1", "7.2.2", "7.2.3", "7.2.4", "7.3.1", "7.3.2", "7.4.1", "7.4.2", "7.4.3",
    "7.4.5", "7.5.1", "7.5.2",
];

const PASSWORD: &str = "correct horse battery";
const CHOSEN: &str = "drei kleine ziegen im mai";

/// A portal in which all but Bob have a password.
async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n @off\n").await;
    let hash = passwords::hash(&portal.store.sources, PASSWORD).unwrap();
    portal
        .run(&format!(
            "UPDATE users SET password_hash = '{hash}' WHERE login <> 'bob'"
        ))
        .await;
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'off'")
        .await;
    portal
}

async fn log_in(portal: &TestPortal, login: &str, password: &str) -> Answer {
    let nobody = portal.without_attempts().nobody();
    nobody.log_in(login, password).await
}

/// The browser that got this answer to its login.
fn with_cookie(portal: &TestPortal, answer: &Answer) -> Client {
    answer.ok();
    portal.nobody().with_cookie(answer)
}

/// Ann chooses that password; only with exactly that one she gets in.
async fn choose(portal: &TestPortal, present: &str, chosen: &str) {
    let ann = with_cookie(portal, &log_in(portal, "ann", present).await);
    let ann = at(&ann, &portal.without_attempts());
    ann.post("change_password", &[("present", present), ("chosen", chosen)])
        .await
        .ok();
    ann.post("log_out", &[]).await.ok();
}

fn at(client: &Client, portal: &TestPortal) -> Client {
    Client {
        cookie: client.cookie.clone(),
        ..portal.nobody()
    }
}

async fn asvs_6_2_5_passwords_may_consist_of_anything(engine: Engine) {
    let portal = portal(engine).await;
    let mut present = PASSWORD;
    for chosen in [
        "zwnqjvtkpxmrhbd",
        "730158264917305",
        "ZWNQJVTKPXMRHBD",
        "gelbe birne im regen",
        "山川草木花鳥風月雪月花春夏秋冬",
        "Ёжик 🐟 в тумане \"'<&>\\ %00",
    ] {
        choose(&portal, present, chosen).await;
        present = chosen;
    }
    assert_eq!(log_in(&portal, "ann", present).await.status, 200);
}

async fn asvs_6_2_8_the_password_is_verified_exactly_as_given(engine: Engine) {
    let portal = portal(engine).await;
    // Beyond the 72 bytes that some hash functions look at, with signs that have two spellings and blanks at both ends.
    let exact = format!("  Gr\u{fc}ne Äpfel \0 und + 100% & {}Ende ", "birnen ".repeat(10));
    assert!(exact.len() > 72);
    choose(&portal, PASSWORD, &exact).await;
    for other in [
        exact.trim().to_owned(),
        exact.trim_start().to_owned(),
        exact.trim_end().to_owned(),
        exact.to_lowercase(),
        exact.to_uppercase(),
        exact.chars().take(72).collect(),
        exact.replace("Ende", "Ente"),
        exact.replace('\u{fc}', "u\u{308}"),
        exact.replace('\0', ""),
        exact.split('\0').next().unwrap().to_owned(),
        exact.replace('+', " "),
        format!("{exact}\n"),
        format!("{exact}x"),
    ] {
        assert_eq!(log_in(&portal, "ann", &other).await.status, 401, "{other:?}");
    }
    log_in(&portal, "ann", &exact).await.ok();
}

async fn asvs_6_2_9_long_passwords_are_permitted_and_count_to_their_end(engine: Engine) {
    let portal = portal(engine).await;
    let mut present = PASSWORD.to_owned();
    for length in [64, 65, 128, 1024] {
        let generated = std::iter::repeat_with(|| passwords::generate(&portal.store.sources));
        let mut chosen: String = generated.take(64).collect();
        chosen.truncate(length);
        choose(&portal, &present, &chosen).await;
        let shorter = &chosen[..length - 1];
        assert_eq!(log_in(&portal, "ann", shorter).await.status, 401, "{length}");
        present = chosen;
    }
    log_in(&portal, "ann", &present).await.ok();
}

async fn asvs_6_3_2_nobody_is_there_by_default(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    assert_eq!(portal.number("SELECT COUNT(*) FROM users").await, 0);
    assert!(!has_isv_admin(&portal.store).await.unwrap());
    for login in ["admin", "root", "sa", "isv-admin", "isv", "demo", "test"] {
        for password in ["", login, "admin", "password", "portal"] {
            assert_eq!(log_in(&portal, login, password).await.status, 401);
        }
    }
    // Who is imported has no password, and who has none gets in with none.
    let portal = TestPortal::start(engine, "@admin^\nTeam/\n @ann\n").await;
    let with_password = "SELECT COUNT(*) FROM users WHERE password_hash IS NOT NULL";
    assert_eq!(portal.number(with_password).await, 0);
    for password in ["", "admin", "null", "None"] {
        assert_eq!(log_in(&portal, "admin", password).await.status, 401);
    }
}

/// Compares the shortest of several times, which no other work on the machine makes shorter: without the hashing, an
/// answer takes less than a tenth.
#[expect(
    clippy::disallowed_methods,
    reason = "the time of the answer is what is tested"
)]
async fn asvs_6_3_8_the_same_work_is_done_for_logins_that_do_not_exist(engine: Engine) {
    let portal = portal(engine).await;
    // Wrong password; no such person; no password yet; switched off; no login name at all.
    let logins = ["ann", "nobody", "bob", "off", "<no login>"];
    let mut shortest = [Duration::MAX; 5];
    let mut bodies = Vec::new();
    for _ in 0..7 {
        for (login, shortest) in logins.iter().zip(&mut shortest) {
            let begin = Instant::now();
            let answer = log_in(&portal, login, "wrong").await;
            *shortest = begin.elapsed().min(*shortest);
            bodies.push((answer.status, answer.body));
        }
    }
    bodies.dedup();
    assert_eq!(bodies.len(), 1, "{bodies:?}");
    let (least, most) = (shortest.iter().min().unwrap(), shortest.iter().max().unwrap());
    assert!(*most < *least * 4, "{logins:?}: {shortest:?}");
    // Names nobody has are counted like others.
    for login in ["ann", "nobody"] {
        let nobody = portal.without_attempts().nobody();
        let mut statuses = Vec::new();
        for _ in 0..12 {
            let form = [("login", login), ("password", "wrong")];
            statuses.push(nobody.post("log_in", &form).await.status);
        }
        assert_eq!(statuses, [vec![401; 10], vec![429; 2]].concat(), "{login}");
    }
}

async fn asvs_6_4_6_administrators_do_not_choose_passwords(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, ann) = (portal.client("isv").await, portal.person("ann").to_string());
    let hashes = "SELECT login || ' ' || COALESCE(password_hash, '') FROM users ORDER BY login";
    let before = portal.texts(hashes).await;
    // No function takes a password for somebody else: fields of that name are not looked at.
    for (function, more) in [
        ("save_user", [("name", "Ann"), ("email", "")]),
        ("set_member", [("group", "1"), ("permissions[admin]", "true")]),
        ("change_password", [("present", "wrong"), ("login", "ann")]),
    ] {
        let mut form = vec![
            ("user", ann.as_str()),
            ("users[0]", &ann),
            ("password", CHOSEN),
            ("chosen", CHOSEN),
        ];
        form.extend(more);
        isv.post(function, &form).await;
    }
    assert_eq!(portal.texts(hashes).await, before);
    isv.post(
        "create_user",
        &[("login", "new"), ("password", CHOSEN), ("chosen", CHOSEN)],
    )
    .await
    .ok();
    assert_eq!(log_in(&portal, "new", CHOSEN).await.status, 401);
    // A reset is begun, with a password that the portal makes up, whatever is wished; and it stands in the history.
    let form = [("user", ann.as_str()), ("password", CHOSEN), ("chosen", CHOSEN)];
    let generated = isv.post("generate_password", &form).await.ok();
    assert_eq!(log_in(&portal, "ann", CHOSEN).await.status, 401);
    let answer = log_in(&portal, "ann", generated.as_str().unwrap()).await;
    let first = with_cookie(&portal, &answer);
    assert_eq!(
        first.post("branches", &[]).await.refused(),
        r#"403 {"Refused":"PasswordTemporary"}"#
    );
    let recorded = "SELECT COUNT(*) FROM events WHERE kind = 'password_generated'";
    assert_eq!(portal.number(recorded).await, 1);
}

async fn asvs_7_2_1_only_the_server_knows_what_a_token_is_worth(engine: Engine) {
    let portal = portal(engine).await;
    let ann = with_cookie(&portal, &log_in(&portal, "ann", PASSWORD).await);
    let cookie = ann.cookie.clone().unwrap();
    let token = cookie.strip_prefix("portal=").unwrap();
    let last = if token.ends_with('0') { '1' } else { '0' };
    let hash = portal.texts("SELECT token_hash FROM sessions").await.remove(0);
    let user = portal.person("ann");
    for other in [
        String::new(),
        format!("{}{last}", &token[..63]),
        token[..63].to_owned(),
        format!("{token}0"),
        token.to_uppercase(),
        hash,
        user.to_string(),
        "ann".to_owned(),
        format!("{{\"user\":{user}}}"),
        "eyJhbGciOiJub25lIn0.eyJzdWIiOiJhbm4ifQ.".to_owned(),
        "' OR '1'='1".to_owned(),
    ] {
        let stranger = Client {
            cookie: Some(format!("portal={other}")),
            ..portal.nobody()
        };
        assert_eq!(stranger.post("me", &[]).await.ok(), json!(null), "{other:?}");
    }
    // It is asked each time: what the database says holds for the next request.
    assert_eq!(ann.post("me", &[]).await.ok()["login"], "ann");
    portal
        .run("UPDATE sessions SET ended_at = begun_at, end_reason = 'closed'")
        .await;
    assert_eq!(ann.post("branches", &[]).await.status, 401);
}

async fn asvs_7_2_2_a_login_is_known_by_its_cookie_and_by_nothing_else(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let ann = with_cookie(&portal, &log_in(&portal, "ann", PASSWORD).await);
    let token = ann.cookie.clone().unwrap().replace("portal=", "");
    let user = portal.person("ann").to_string();
    for (name, value) in [
        ("authorization", format!("Bearer {token}")),
        (
            "authorization",
            "Basic YW5uOmNvcnJlY3QgaG9yc2UgYmF0dGVyeQ==".to_owned(),
        ),
        ("x-api-key", token.clone()),
        ("x-user", user.clone()),
        ("x-remote-user", "ann".to_owned()),
        ("cookie", format!("session={token}; portal_token={token}")),
        ("cookie", format!("__Host-portal={token}")),
    ] {
        let request = nobody.request(Method::POST, "/api/branches").header(name, value);
        let answer = nobody.send(request.body("".into()).unwrap()).await;
        assert_eq!(answer.status, 401, "{name}");
    }
    for form in [
        format!("token={token}"),
        format!("portal={token}"),
        format!("session={token}&user={user}"),
    ] {
        assert_eq!(nobody.post_form("branches", &form).await.status, 401);
        assert_eq!(
            nobody.post_form(&format!("branches?{form}"), "").await.status,
            401
        );
        let page = nobody
            .request(Method::GET, &format!("/?{form}"))
            .header(header::ACCEPT, "text/html");
        assert_eq!(nobody.send(page.body("".into()).unwrap()).await.status, 302);
    }
    // Another login, another token.
    ann.post("log_out", &[]).await.ok();
    let again = with_cookie(&portal, &log_in(&portal, "ann", PASSWORD).await);
    assert_ne!(again.cookie, ann.cookie);
}

async fn asvs_7_2_3_tokens_have_256_random_bits(engine: Engine) {
    let portal = portal(engine).await;
    let drawn: Arc<Mutex<Vec<String>>> = Arc::default();
    let drawing = Arc::clone(&drawn);
    let impersonated = portal
        .with(move |portal| {
            let entropy = move |bytes: &mut [u8]| {
                getrandom::fill(bytes).expect("randomness");
                drawing.lock().unwrap().push(hex::encode(bytes));
            };
            let clock = portal.store.sources.clone();
            portal.store.sources = Sources::new(move || clock.now(), entropy);
            portal.sessions = Sessions::new(portal.store.clone(), IDLE);
        })
        .await;
    let mut tokens = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let ann = with_cookie(&impersonated, &log_in(&impersonated, "ann", PASSWORD).await);
        let token = ann.cookie.clone().unwrap().replace("portal=", "");
        assert_eq!(token.len() * 4, 256);
        assert!(
            drawn.lock().unwrap().contains(&token),
            "a token is one draw, as it came"
        );
        assert!(tokens.insert(token));
        ann.post("log_out", &[]).await.ok();
    }
    // The program draws from the operating system.
    let draw = || machine().random::<32>();
    assert_ne!(draw(), draw());
}

async fn asvs_7_4_3_no_login_outlives_the_password_it_began_with(engine: Engine) {
    let portal = portal(engine).await;
    let running = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL AND user_id <> (SELECT id FROM users WHERE login = 'isv')";
    // Somebody who changes their own password goes on; that there is no other login, the schema says.
    let ann = with_cookie(&portal, &log_in(&portal, "ann", PASSWORD).await);
    ann.post("change_password", &[("present", PASSWORD), ("chosen", CHOSEN)])
        .await
        .ok();
    ann.post("branches", &[]).await.ok();
    assert_eq!(portal.number(running).await, 1);
    let second = format!(
        "INSERT INTO sessions (id, token_hash, user_id, begun_at, active_at, beat_at, address, browser)
         VALUES (1, 'x', {}, {BEGIN_MS}, {BEGIN_MS}, {BEGIN_MS}, '', '')",
        portal.person("ann")
    );
    let second = sqlx::query(sqlx::AssertSqlSafe(second))
        .execute(&portal.rows)
        .await;
    assert!(second.is_err(), "a second login");
    // Where an administrator had one generated, the running login is good for nothing but replacing it.
    let (isv, user) = (portal.client("isv").await, portal.person("ann").to_string());
    isv.post("generate_password", &[("user", &user)]).await.ok();
    assert_eq!(
        ann.post("branches", &[]).await.refused(),
        r#"403 {"Refused":"PasswordTemporary"}"#
    );
    assert_eq!(
        ann.post("change_password", &[("present", CHOSEN), ("chosen", PASSWORD)])
            .await
            .status,
        403,
        "who sits there does not know it"
    );
    // Where the operator of the server set another one, it ends.
    people::set_password(&portal.store, "ann".parse().unwrap(), CHOSEN)
        .await
        .unwrap();
    assert_eq!(ann.post("branches", &[]).await.status, 401);
    assert_eq!(portal.number(running).await, 0);
}

#[test]
fn asvs_7_1_2_the_documents_say_how_many_logins_an_account_has() {
    let words: Vec<&str> = include_str!("../../../docs/security.md")
        .split_whitespace()
        .collect();
    let text = words.join(" ");
    for told in [
        "An account has one login at a time",
        "CLOSE, or the right password, ends its login",
    ] {
        assert!(text.contains(told), "{told}");
    }
}

#[test]
fn the_items_of_the_core_have_tests() {
    let mut files = Vec::new();
    rooms::files(&Path::new(env!("CARGO_MANIFEST_DIR")).join("src"), &mut files);
    let mut functions = String::new();
    for file in files {
        let source = std::fs::read_to_string(file).unwrap();
        // A test on both engines that is not in the list of its file is dead code, and does not get past the lints.
        for line in source.lines().filter_map(|line| line.split_once("fn ")) {
            functions.push_str(line.1.split('(').next().unwrap());
            functions.push('\n');
        }
    }
    let missing = CORE.iter().filter(|item| {
        let name = format!("asvs_{}_", item.replace('.', "_"));
        !functions.contains(&name)
    });
    let missing: Vec<_> = missing.collect();
    assert!(missing.is_empty(), "without a test: {missing:?}");
}
