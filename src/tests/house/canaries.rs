//! Secrets with names one would recognise: they are nowhere but where they belong (ASVS 5.0, 16.2.5).

use std::process::Stdio;

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use jose;
use license_portal::{
    server::cli,
    store::{Engine, encryption::SIGNING_KEYS},
};
use serde_json::json;

use crate::{
    licensing::machines::private_key,
    support::{
        client::form,
        portal::TestPortal,
        process::{Browser, FORM, Reply, Server, program},
    },
};

on_both_engines!(secrets_are_neither_logged_nor_shown_nor_stored);

const RIGHT: &str = "canary-right-fjord-lumen-92";
const WRONG: &str = "canary-wrong-tabor-quill-17";
const CHOSEN: &str = "canary-chosen-ember-vault-58";
const WEAK: &str = "canary-weak";
const LOGIN: &str = "canary-typed-as-login-41";
const MALFORMED: &str = "canary-malformed-63";
const QUERY: &str = "canary-query-26";
const COOKIE: &str = "canary-cookie-85";
const CODE: &str = "canary-code-74";
const DATABASE: &str = "canary-database-33";
const PATH: &str = "canary-path-52";
const HOOK: &str = "canary-hook-39";
const CLIENT_SECRET: &str = "canary-client-secret-93";

/// All that came back, with what may stand in it: an address that somebody made up may lead on to itself.
#[derive(Default)]
struct Answers(Vec<(String, Reply)>);

impl Answers {
    fn keep(&mut self, asked: &str, reply: Reply) -> u16 {
        let status = reply.status;
        self.0.push((asked.to_owned(), reply));
        status
    }

    fn post(&mut self, browser: &Browser, function: &str, arguments: &[(&str, &str)]) -> u16 {
        self.keep(function, browser.post(function, arguments))
    }

    fn send(&mut self, browser: &Browser, method: &str, path: &str, headers: &str, body: &[u8]) -> u16 {
        let reply = browser.send(method, path, headers, body).expect("an answer");
        self.keep(&format!("{method} {path}"), reply)
    }
}

/// Every column of every row, as text.
pub async fn dump(portal: &TestPortal) -> String {
    let mut dump = String::new();
    let engine = portal.store.engine();
    let tables = portal
        .texts(match engine {
            // An index without content of its own cannot be read; what is in it stands in the files.
            Engine::Sqlite => {
                "SELECT name FROM sqlite_master WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL TABLE%'"
            }
            Engine::Postgres => {
                "SELECT CAST(table_name AS TEXT) FROM information_schema.tables WHERE table_schema = 'public'"
            }
        })
        .await;
    for table in tables {
        let row = match engine {
            Engine::Sqlite => portal
                .texts(&format!("SELECT name FROM pragma_table_info('{table}')"))
                .await
                .iter()
                .map(|column| format!("quote({column})"))
                .collect::<Vec<_>>()
                .join(" || ' ' || "),
            Engine::Postgres => "CAST(t AS TEXT)".to_owned(),
        };
        for row in portal.texts(&format!("SELECT {row} FROM {table} t")).await {
            dump.push_str(&format!("{table} {row}\n"));
        }
    }
    // What SQLite has deleted may still stand in its files.
    if engine == Engine::Sqlite {
        let entries = std::fs::read_dir(portal.site()).unwrap();
        let paths = entries.map(|entry| entry.unwrap().path());
        for file in paths.filter(|path| path.is_file() && *path != portal.key_file()) {
            let bytes = std::fs::read(file).unwrap();
            dump.push_str(&String::from_utf8_lossy(&bytes));
        }
    }
    dump
}

#[track_caller]
fn assert_without(text: &str, secrets: &[&str], place: &str) {
    let text = text.to_lowercase();
    for secret in secrets {
        if let Some(at) = text.find(secret) {
            let around: String = text[..at]
                .chars()
                .rev()
                .take(200)
                .collect::<Vec<_>>()
                .into_iter()
                .rev()
                .collect();
            panic!("{secret} in {place}: …{around}{secret}…");
        }
    }
}

async fn secrets_are_neither_logged_nor_shown_nor_stored(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n #t\n").await;
    portal.set_passwords(RIGHT).await;
    // The PostgreSQL of the tests believes any password.
    let address = portal
        .address()
        .replace("portal@", &format!("portal:{DATABASE}@"));
    let mails = portal.site().join("mail").display().to_string();
    let server = Server::start(&portal, &address, &["--log", "trace", "--mail-folder", &mails]);
    let nobody = server.browser();
    let mut answers = Answers::default();

    // Logging in, by every wrong way and the right one; by script, and by a form of a browser without one.
    let long = format!("{WRONG}-").repeat(60);
    for (login, password, status) in [
        ("ann", WRONG, 401),
        ("ann", long.as_str(), 401),
        (LOGIN, WRONG, 401),
        ("nobody", RIGHT, 401),
    ] {
        let arguments = [("login", login), ("password", password)];
        assert_eq!(answers.post(&nobody, "log_in", &arguments), status);
        let by_form = format!(
            "{FORM}Accept: text/html\r\nReferer: http://{}/login\r\n",
            server.address
        );
        let body = form(&arguments);
        assert_eq!(
            answers.send(&nobody, "POST", "/api/log_in", &by_form, body.as_bytes()),
            302
        );
    }
    let (reply, ann) = nobody.log_in("ann", RIGHT, false);
    reply.ok();
    let (reply, isv) = nobody.log_in("isv", RIGHT, false);
    reply.ok();
    let (reply, _) = nobody.log_in("ann", RIGHT, true);
    assert_eq!(answers.keep("a second log_in", reply), 409);

    // Requests that cannot be read.
    let huge = format!("login=ann&password={MALFORMED}{}", "x".repeat(300_000));
    for body in [
        format!("password={MALFORMED}"),
        format!("login=ann&password[]={MALFORMED}"),
        format!("login=ann&password=%ZZ{MALFORMED}&password={MALFORMED}"),
        format!("login=ann&password={MALFORMED}&end_other={MALFORMED}"),
        format!("{{\"password\":\"{MALFORMED}\"}}"),
        format!("login=ann&password=\u{0}{MALFORMED}"),
        huge,
    ] {
        for function in ["log_in", "change_password", "no_such_function"] {
            let status = answers.send(&ann, "POST", &format!("/api/{function}"), FORM, body.as_bytes());
            assert!((400..500).contains(&status), "{status}");
        }
    }
    answers.send(
        &nobody,
        "POST",
        "/api/log_in",
        "Content-Type: application/json\r\n",
        MALFORMED.as_bytes(),
    );
    answers.send(
        &nobody,
        "POST",
        "/login",
        FORM,
        format!("password={MALFORMED}").as_bytes(),
    );
    let not_utf8 = [b"login=ann&password=\xff", MALFORMED.as_bytes()].concat();
    answers.send(&nobody, "POST", "/api/log_in", FORM, &not_utf8);
    let planted = Browser {
        cookie: Some(format!("portal={COOKIE}")),
        ..nobody.clone()
    };
    answers.post(&planted, "me", &[]);
    answers.send(&planted, "GET", "/", "Accept: text/html\r\n", b"");

    // In addresses, where they do not belong.
    for (browser, path) in [
        (&nobody, "/login"),
        (&nobody, "/"),
        (&ann, "/"),
        (&ann, "/tickets/all"),
        (&isv, "/users"),
        (&isv, "/nowhere"),
        (&isv, "/pkg/nothing.js"),
        (&nobody, "/live"),
        (&nobody, "/healthz"),
        (&nobody, "/api/log_in"),
    ] {
        let address = format!("{path}?login=ann&password={QUERY}&search={QUERY}");
        let reply = browser.send("GET", &address, "Accept: text/html\r\n", b"");
        // The answer may lead on to the address that was asked for; nobody else's may.
        assert!(reply.expect("an answer").status < 500);
    }
    let address = format!("/api/log_in?password={QUERY}");
    answers.send(&nobody, "POST", &address, FORM, b"login=ann&password=x");

    // Another password: wrong, weak, too long, right.
    for (present, chosen, status) in [
        (WRONG, CHOSEN, 403),
        (RIGHT, WEAK, 422),
        (RIGHT, long.as_str(), 422),
        (RIGHT, CHOSEN, 200),
        (RIGHT, CHOSEN, 403),
    ] {
        let arguments = [("present", present), ("chosen", chosen)];
        assert_eq!(answers.post(&ann, "change_password", &arguments), status);
    }

    // One that is generated, and stands in one answer only.
    let bob = portal.person("bob").to_string();
    let generated = isv.post("generate_password", &[("user", &bob)]).ok();
    let generated = generated.as_str().unwrap();
    assert_eq!(
        answers.post(&nobody, "log_in", &[("login", "bob"), ("password", WRONG)]),
        401
    );
    let (reply, bob_himself) = nobody.log_in("bob", generated, false);
    reply.ok();
    let weak = [("present", generated), ("chosen", generated)];
    assert_eq!(answers.post(&bob_himself, "change_password", &weak), 422);

    // A link for a forgotten password: it stands in its mail. The secret of a second factor: its person sees it once, and
    // the database knows it encrypted.
    let forgotten = [("email", "ann@example.org")];
    let address = [("email", "ann@example.org"), ("present", CHOSEN)];
    assert_eq!(answers.post(&ann, "change_email", &address), 200);
    assert_eq!(answers.post(&nobody, "forgot_password", &forgotten), 200);
    let link = portal.mails(1).await.remove(0);
    let link = link
        .split_once("?token=")
        .unwrap()
        .1
        .split_whitespace()
        .next()
        .unwrap();
    for (token, chosen) in [(link, WEAK), (CODE, CHOSEN), (link, WRONG), (link, WRONG)] {
        answers.post(
            &nobody,
            "use_password_link",
            &[("token", token), ("chosen", chosen)],
        );
    }
    answers.send(&nobody, "GET", &format!("/password/new?token={CODE}"), "", b"");
    let waits = Browser {
        cookie: Some(format!("portal-code={COOKIE}")),
        ..nobody.clone()
    };
    for browser in [&waits, &isv] {
        answers.post(browser, "log_in_with_code", &[("code", CODE)]);
        answers.post(browser, "confirm_second_factor", &[("code", CODE)]);
    }
    answers.post(&isv, "begin_second_factor", &[("present", RIGHT)]);
    let begun = isv.post("own_second_factor", &[]).ok();
    let secret = begun["Begun"]["secret"].as_str().unwrap();

    // The address of a webhook, which who keeps it sees.
    let url = format!("https://example.org/{PATH}?token={HOOK}");
    isv.post("create_webhook", &[("name", "Receiver"), ("url", &url)])
        .ok();
    answers.post(&isv, "webhooks", &[]);

    // What an identity provider gave the portal, which nobody sees again.
    let provider = [
        ("form[name]", "Provider"),
        ("form[issuer]", "https://id.example.org"),
        ("form[client_id]", "portal"),
        ("form[client_secret]", CLIENT_SECRET),
    ];
    answers.post(&isv, "create_identity_provider", &provider);
    answers.post(&isv, "identity_providers", &[]);

    // What everybody sees afterwards.
    for (browser, path) in [
        (&nobody, "/login".to_owned()),
        (&ann, "/".to_owned()),
        (&ann, "/me".to_owned()),
        (&bob_himself, "/me/password".to_owned()),
        (&isv, "/users".to_owned()),
        (&isv, format!("/users/{bob}")),
        (&isv, "/sessions".to_owned()),
        (&isv, "/nowhere".to_owned()),
    ] {
        answers.send(browser, "GET", &path, "Accept: text/html\r\n", b"");
    }
    for function in [
        "users",
        "active_sessions",
        "ended_sessions",
        "me",
        "my_data",
        "history",
    ] {
        answers.post(&isv, function, &[]);
    }
    let machine = headless(&portal, &isv, &nobody, &mut answers).await;
    let log = server.kill();

    let tokens: Vec<String> = [&ann, &isv, &bob_himself]
        .iter()
        .map(|browser| browser.cookie.clone().unwrap().replace("portal=", ""))
        .collect();
    assert!(tokens.iter().all(|token| token.len() == 64));
    let mut secrets = vec![
        RIGHT, WRONG, CHOSEN, WEAK, LOGIN, MALFORMED, QUERY, COOKIE, DATABASE, CODE, generated, link,
    ];
    secrets.extend(tokens.iter().map(String::as_str));
    let secret = secret.to_lowercase();
    secrets.extend(machine.iter().map(String::as_str));
    secrets.push(&secret);
    secrets.push(HOOK);
    secrets.push(CLIENT_SECRET);
    for (asked, reply) in &answers.0 {
        // The browser that sent it keeps what was typed as login, for the login page to show it again.
        let kept = format!("login={LOGIN}; Path=/login; HttpOnly; SameSite=Strict; Max-Age=60");
        assert_without(
            &reply.head.replace(&kept, ""),
            &secrets,
            &format!("the head of the answer to {asked}"),
        );
        // A link leads to a form that sends it.
        if !asked.contains("/password/new") {
            assert_without(&reply.body, &secrets, &format!("the answer to {asked}"));
        }
    }
    let dump = dump(&portal).await;
    assert_without(&dump, &secrets, "the database");
    assert_without(&dump, &[PATH], "the database");
    let key = std::fs::read_to_string(portal.key_file()).unwrap().to_lowercase();
    let key = key.lines().rfind(|line| !line.starts_with('#')).unwrap();
    assert_without(&dump, &[key], "the database");
    assert_without(&log, &[key], "the log");
    // For who has the database alone.
    assert!(dump.contains("It is not in this database but in the key file of the portal"));
    assert_without(&log, &secrets, "the log");
    // Both were looked at: they tell what they are meant to tell.
    for told in [
        "a login was refused",
        "logged in",
        "/api/change_password",
        "TRACE",
        "serving",
    ] {
        assert!(log.contains(told), "{told:?} is not in the log");
    }
    assert!(dump.contains("sessions ") && dump.contains("$argon2id$"));
}

/// A machine gets a credential file, a token and a lease, and is refused. Returns what is secret about it, and the key that the
/// portal signs with, in lower case.
async fn headless(
    portal: &TestPortal,
    isv: &Browser,
    nobody: &Browser,
    answers: &mut Answers,
) -> Vec<String> {
    let container = portal.make_container("isv", "Build").await;
    portal.activate("t", container, "A", 1, "").await;
    let path = format!("/containers/{container}/credentials");
    let file = isv
        .send("POST", &path, FORM, b"label=ci")
        .expect("an answer")
        .ok();
    let key = private_key(&file);
    let kid = file["key_id"].as_str().unwrap();
    let now = cli::machine().now().as_second();
    let assertion = |jti: &str| {
        let audience = format!("{}/oauth/token", file["portal"].as_str().unwrap());
        let claims =
            json!({ "iss": kid, "sub": kid, "aud": audience, "iat": now, "exp": now + 200, "jti": jti });
        jose::sign("JWT", kid, &claims, &key).unwrap()
    };
    let form_of = |assertion: &str| {
        form(&[
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", assertion),
        ])
    };
    let (first, second) = (assertion("canary-jti-1"), assertion("canary-jti-2"));
    let token = nobody.send("POST", "/oauth/token", FORM, form_of(&first).as_bytes());
    let token = token.expect("an answer").ok()["access_token"]
        .as_str()
        .unwrap()
        .to_owned();
    // Replayed, altered, in the wrong place.
    let wrong = form_of(&second[..second.len() - 4]);
    for body in [form_of(&first), wrong, format!("client_assertion={second}")] {
        answers.send(nobody, "POST", "/oauth/token", FORM, body.as_bytes());
    }
    answers.send(
        nobody,
        "GET",
        &format!("/oauth/token?client_assertion={second}"),
        "",
        b"",
    );
    let bearer = format!(
        "Authorization: Bearer {token}\r\nIdempotency-Key: key-1234\r\nContent-Type: application/json\r\n"
    );
    let wanted = br#"{"product":"A","holder":"host"}"#;
    let lease = nobody
        .send("POST", "/api/v1/leases", &bearer, wanted)
        .expect("an answer");
    assert_eq!(lease.status, 201, "{lease:?}");
    let signed = lease.json()["token"].as_str().unwrap().to_owned();
    answers.send(nobody, "GET", "/api/v1/container", &bearer, b"");
    answers.send(nobody, "POST", "/api/v1/leases", &bearer, b"{");
    answers.send(
        nobody,
        "GET",
        "/api/v1/container",
        &bearer.replace("Bearer ", "Bearer x"),
        b"",
    );
    answers.send(nobody, "GET", "/.well-known/jwks.json", "", b"");
    let id = container.to_string();
    answers.post(isv, "credentials", &[("container", &id)]);
    let signs = portal.secrets(&SIGNING_KEYS).await.remove(0);
    let pem = file["private_key"]
        .as_str()
        .unwrap()
        .lines()
        .nth(1)
        .unwrap()
        .to_owned();
    let seed = URL_SAFE_NO_PAD.encode(key.to_bytes());
    let secrets = [
        pem,
        seed,
        first,
        second,
        token,
        signed,
        "canary-jti".to_owned(),
        signs,
    ];
    secrets.into_iter().map(|secret| secret.to_lowercase()).collect()
}

#[test]
fn the_password_of_the_database_is_not_told() {
    let folder = std::env::temp_dir().join(format!("portal_canary_{}", std::process::id()));
    std::fs::create_dir_all(&folder).unwrap();
    // Nobody there; no port; no such engine; typing errors.
    let addresses = [
        format!("postgres://portal:{DATABASE}@127.0.0.1:1/portal"),
        format!("postgres://portal:{DATABASE}@127.0.0.1:port/portal"),
        format!("postgres://portal:{DATABASE}@/portal"),
        format!("postgres://portal@127.0.0.1:1/portal?password={DATABASE}"),
        format!("postgres://portal:a?{DATABASE}@127.0.0.1:1/portal"),
        format!("postgres://portal:a/{DATABASE}@127.0.0.1:1/portal"),
        format!("postgres://portal:a@{DATABASE}@127.0.0.1:1/portal"),
        format!("postgres:portal:{DATABASE}@127.0.0.1:1/portal"),
        format!("mysql://portal:{DATABASE}@127.0.0.1:1/portal"),
        format!("portal:{DATABASE}@127.0.0.1:1/portal"),
    ];
    let ask = |arguments: &[&str]| {
        let mut asked = program();
        asked.args(["--log", "trace", "migrate"]).args(arguments);
        asked.stderr(Stdio::piped()).stdout(Stdio::piped());
        asked.spawn().unwrap()
    };
    // Where nobody answers, the program waits for a while: all at the same time.
    let mut asked: Vec<_> = addresses
        .iter()
        .map(|address| ask(&["--database", address]))
        .collect();
    // Settings that are no TOML, and those that nobody knows.
    for text in [
        format!("database = {}\n", addresses[0]),
        format!("database = \"{}\nlisten = 1\n", addresses[0]),
        format!("database = \"{}\" x\n", addresses[0]),
        format!("\ndatabse = \"{}\"\n", addresses[0]),
    ] {
        let file = folder.join(format!("{}.toml", asked.len()));
        std::fs::write(&file, text).unwrap();
        asked.push(ask(&["--config", file.to_str().unwrap()]));
    }
    for asked in asked {
        let output = asked.wait_with_output().unwrap();
        assert!(!output.status.success());
        for told in [output.stderr, output.stdout] {
            assert_without(
                &String::from_utf8_lossy(&told),
                &[DATABASE],
                "what an operator sees",
            );
        }
    }
    std::fs::remove_dir_all(&folder).unwrap();
}
