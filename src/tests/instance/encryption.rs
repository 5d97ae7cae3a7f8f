//! Secrets at rest: encrypted, each for its row, with a key that stands beside the database (ASVS 5.0, 11.3 and 13.3).

use std::{collections::BTreeSet, path::Path, process::Output};

use license_portal::{
    ops::instance::encryption,
    store::{
        Engine,
        encryption::{Column, ENCRYPTED, EncryptionKey, KeySource, SECOND_FACTORS, SIGNING_KEYS, WEBHOOKS},
        instance::encryption_keys,
    },
};

use crate::{
    house::canaries::dump,
    support::portal::{SECRET, TestPortal},
};

on_both_engines!(
    every_column_with_secrets_is_encrypted,
    a_value_opens_in_its_own_row_alone,
    plain_text_is_taken_for_no_secret,
    another_key_is_refused_with_words,
    of_two_first_servers_with_keys_of_their_own_one_is_refused,
    the_key_may_come_from_the_environment,
    what_an_older_portal_wrote_is_encrypted_at_the_first_start,
    a_lost_key_is_replaced,
);

/// Columns whose names sound of secrets, and that hold none.
const READABLE: [&str; 15] = [
    // Public halves, ids and signed texts.
    "checkpoints.key_id",
    "credentials.public_key",
    "devices.public_key",
    "encryption_keys.check_text",
    "groups.key",
    "signing_keys.public_key",
    // Names of requests, which let nobody in.
    "amendments.request_key",
    "creations.request_key",
    "events.request_key",
    "leases.request_key",
    "requests.request_key",
    // The chain of the history.
    "checkpoints.hash",
    "events.hash",
    // A moment.
    "users.password_until",
    // Secrets, which docs/security.md says why they stay readable.
    "tickets.code",
];
/// Columns with hashes of what lets somebody in.
const HASHED: [&str; 8] = [
    "assertions.jti_hash",
    "password_links.token_hash",
    "pending_sign_ins.token_hash",
    "pending_logins.token_hash",
    "personal_tokens.token_hash",
    "recovery_codes.code_hash",
    "sessions.token_hash",
    "users.password_hash",
];

async fn every_column_with_secrets_is_encrypted(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let columns = portal
        .texts(match engine {
            Engine::Sqlite => {
                "SELECT m.name || '.' || p.name FROM sqlite_master m JOIN pragma_table_info(m.name) p WHERE m.type = 'table'"
            }
            Engine::Postgres => {
                "SELECT CAST(table_name || '.' || column_name AS TEXT) FROM information_schema.columns WHERE table_schema = 'public'"
            }
        })
        .await;
    let sounds = |column: &&String| {
        let name = column.split_once('.').expect("table.column").1;
        [
            "secret",
            "private",
            "password",
            "token",
            "url",
            "code",
            "key",
            "hash",
            "check_text",
        ]
        .iter()
        .any(|word| name.contains(word))
    };
    let found: BTreeSet<String> = columns.iter().filter(sounds).cloned().collect();
    let encrypted = ENCRYPTED.map(|column| format!("{}.{}", column.table, column.name));
    let known = READABLE.iter().chain(&HASHED).map(|name| (*name).to_owned());
    let known: BTreeSet<String> = known.chain(encrypted).collect();
    assert_eq!(found, known, "is it encrypted, hashed, or no secret?");
}

/// A portal with each kind of secret: the second factors of some people, a webhook, a signing key.
pub async fn portal(engine: Engine, people: usize) -> TestPortal {
    let tree: String = (0..people).map(|number| format!(" @p{number}\n")).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\nTeam/\n @ann*\n{tree}")).await;
    for number in 0..people {
        portal.second_factor(&format!("p{number}")).await;
    }
    portal.nobody().get("/.well-known/jwks.json").await.ok();
    let group = portal.group("Team").to_string();
    for secret in ["first", "second"] {
        let url = format!("https://example.org/?token={secret}");
        let form = [("name", secret), ("url", url.as_str()), ("group", group.as_str())];
        portal
            .client("ann")
            .await
            .post("create_webhook", &form)
            .await
            .ok();
    }
    portal
}

/// All secrets of a portal.
pub async fn secrets(portal: &TestPortal) -> Vec<String> {
    let mut secrets = Vec::new();
    for column in ENCRYPTED {
        secrets.extend(portal.secrets(column).await);
    }
    secrets
}

/// Writes a value behind the portal's back.
async fn write(portal: &TestPortal, column: &Column, row: &str, value: &str) {
    let Column { table, name, .. } = column;
    portal
        .run(&format!(
            "UPDATE {table} SET {name} = '{value}' WHERE CAST({} AS TEXT) = '{row}'",
            column.row
        ))
        .await;
}

async fn a_value_opens_in_its_own_row_alone(engine: Engine) {
    let portal = portal(engine, 2).await;
    assert_eq!(portal.secrets(&SECOND_FACTORS).await, [SECRET, SECRET]);
    let urls = portal.secrets(&WEBHOOKS).await;
    assert_eq!(
        urls,
        [
            "https://example.org/?token=first",
            "https://example.org/?token=second"
        ]
    );
    // Encrypted twice, one secret has two texts that have nothing in common.
    let factors = portal.values(&SECOND_FACTORS).await;
    assert_ne!(factors[0].1, factors[1].1);

    // Their own second factors are begun, so that they are shown.
    portal.run("UPDATE second_factors SET confirmed_at = NULL").await;
    let shown = async |login: &str| portal.client(login).await.post("own_second_factor", &[]).await;
    assert_eq!(shown("p1").await.ok()["Begun"]["secret"], SECRET);
    write(&portal, &SECOND_FACTORS, &factors[1].0, &factors[0].1).await;
    assert_eq!(shown("p1").await.status, 500);
    shown("p0").await.ok();
    let webhooks = portal.values(&WEBHOOKS).await;
    write(&portal, &WEBHOOKS, &webhooks[1].0, &webhooks[0].1).await;
    let ask = async |webhook: &str| {
        let ann = portal.client("ann").await;
        ann.post("webhook", &[("webhook", webhook)]).await.status
    };
    assert_eq!((ask(&webhooks[0].0).await, ask(&webhooks[1].0).await), (200, 500));
    // Nor does a value of another column in a row with the same id.
    let tx = portal.store.begin_read().await.unwrap();
    let (row, value) = &webhooks[0];
    let error = encryption_keys::decrypt(&tx, &SECOND_FACTORS, row, value).unwrap_err();
    assert!(
        error
            .to_string()
            .contains("second_factors.secret where user_id is"),
        "{error}"
    );
}

async fn plain_text_is_taken_for_no_secret(engine: Engine) {
    let portal = portal(engine, 1).await;
    portal.set_passwords("three small goats in may").await;
    let (row, encrypted) = portal.values(&SECOND_FACTORS).await.remove(0);
    let log_in = async || {
        let portal = portal.without_attempts();
        let form = [("login", "p0"), ("password", "three small goats in may")];
        let nobody = portal.nobody();
        let waits = nobody.post("log_in", &form).await;
        if waits.status >= 500 {
            return waits.status;
        }
        let browser = nobody.with_cookie(&waits);
        let code = portal.code_in(0);
        browser.post("log_in_with_code", &[("code", &code)]).await.status
    };
    write(&portal, &SECOND_FACTORS, &row, SECRET).await;
    assert_eq!(log_in().await, 500);
    // Nor at the next start.
    assert_eq!(portal.unlock().await.unwrap().encrypted, 0);
    assert_eq!(log_in().await, 500);
    write(&portal, &SECOND_FACTORS, &row, &encrypted).await;
    assert_eq!(log_in().await, 200);
}

/// The program on the database of the portal, with the key of that file.
fn with_key(portal: &TestPortal, key: &Path, arguments: &[&str]) -> Output {
    let mut program = crate::support::process::program();
    program.args(["--database", portal.address(), "--log", "warn", "--key-file"]);
    program.arg(key).args(arguments);
    program.stdout(std::process::Stdio::piped());
    program.output().expect("the program runs")
}

fn told(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

async fn another_key_is_refused_with_words(engine: Engine) {
    let portal = portal(engine, 1).await;
    let own = encryption_keys_of(&portal).await.remove(0);
    let other = portal.site().join("other.key");
    std::fs::write(&other, EncryptionKey::from([9; 32]).text().expose()).unwrap();
    let nowhere = portal.site().join("nowhere.key");
    for command in [
        vec!["serve", "--listen", "127.0.0.1:0"],
        vec!["migrate"],
        vec!["keys", "rotate"],
    ] {
        for key in [&other, &nowhere] {
            let output = with_key(&portal, key, &command);
            let told = told(&output);
            assert!(!output.status.success(), "{command:?}: {told}");
            for word in [
                own.as_str(),
                &key.display().to_string(),
                "--key-file",
                "replace-lost",
            ] {
                assert!(told.contains(word), "{word:?} is not in: {told}");
            }
            assert_eq!(told.contains("there is no such file"), *key == nowhere, "{told}");
        }
    }
    assert!(!nowhere.exists(), "no key is made for a database that has one");
    std::fs::write(&other, "# nothing\n").unwrap();
    assert!(told(&with_key(&portal, &other, &["migrate"])).contains(&own));
    std::fs::write(&other, "almost-a-key").unwrap();
    let output = with_key(&portal, &other, &["migrate"]);
    assert!(told(&output).contains("line 1 of the key file") && !told(&output).contains("almost"));
    // A second server with the same file is welcome, and a check text of another key is not.
    assert!(
        with_key(&portal, &portal.key_file(), &["migrate"])
            .status
            .success()
    );
    portal
        .run("UPDATE encryption_keys SET check_text = 'encrypted:1:' || id || ':AAAA'")
        .await;
    let output = with_key(&portal, &portal.key_file(), &["migrate"]);
    assert!(!output.status.success() && told(&output).contains("encryption_keys.check_text"));
}

async fn of_two_first_servers_with_keys_of_their_own_one_is_refused(engine: Engine) {
    let first = TestPortal::empty(engine).await;
    let second = first.second().await;
    for round in 0..8 {
        first.run("DELETE FROM encryption_keys").await;
        let file = |server: &str| KeySource::File(first.site().join(format!("{server}-{round}.key")));
        let (one, other) = tokio::join!(
            encryption::unlock(&first.store, file("first")),
            encryption::unlock(&second.store, file("second")),
        );
        let refused = [&one, &other]
            .into_iter()
            .filter_map(|unlocked| unlocked.as_ref().err());
        let refused: Vec<String> = refused.map(ToString::to_string).collect();
        assert_eq!(refused.len(), 1, "{one:?} {other:?}");
        assert!(refused[0].contains("--key-file"), "{refused:?}");
        let made = one.or(other).unwrap().made.expect("a key file");
        let again = encryption::unlock(&second.store, KeySource::File(made)).await;
        assert_eq!(again.unwrap().made, None, "with a copy of the file it is welcome");
    }
}

/// The ids of the keys that the database knows, the one in force first.
pub async fn encryption_keys_of(portal: &TestPortal) -> Vec<String> {
    portal
        .texts("SELECT id FROM encryption_keys ORDER BY COALESCE(in_force, 0) DESC, made_at DESC")
        .await
}

async fn the_key_may_come_from_the_environment(engine: Engine) {
    let portal = portal(engine, 3).await;
    let before = secrets(&portal).await;
    let file = std::fs::read_to_string(portal.key_file()).unwrap();
    let old = file.lines().find(|line| !line.starts_with('#')).unwrap();
    let new = crate::support::process::program()
        .args(["encryption-key", "new"])
        .stdout(std::process::Stdio::piped())
        .output()
        .expect("the program runs");
    let new = String::from_utf8(new.stdout).unwrap().trim().to_owned();
    let id = EncryptionKey::read(&new).expect("a key").id().to_string();
    let run = |keys: &str, arguments: &[&str]| {
        let mut program = crate::support::process::program();
        program.env("PORTAL_KEY", keys);
        program
            .args(["--database", portal.address(), "--log", "warn"])
            .args(arguments);
        program.stdout(std::process::Stdio::piped());
        let output = program.output().expect("the program runs");
        (output.status.success(), told(&output))
    };
    assert!(run(old, &["migrate"]).0);
    let (done, told) = run(&new, &["migrate"]);
    assert!(!done && told.contains("which is not in PORTAL_KEY"), "{told}");
    let (done, told) = run(old, &["encryption-key", "rotate"]);
    assert!(!done && told.contains("PORTAL_KEY=\"NEW OLD\""), "{told}");
    let both = ["--key-file", "nowhere.key", "migrate"];
    assert!(run(old, &both).1.contains("both given"));
    assert!(
        run("almost-a-key", &["migrate"])
            .1
            .contains("key number 1 is no key")
    );
    // The servers have both already.
    std::fs::write(portal.key_file(), format!("{new}\n{old}\n")).unwrap();
    let (done, told) = run(&format!("{new} {old}"), &["encryption-key", "rotate"]);
    assert!(done && told.contains("take them away"), "{told}");
    assert_eq!(encryption_keys_of(&portal).await, [id]);
    assert_eq!(secrets(&portal).await, before);
    assert!(run(&new, &["migrate"]).0 && !run(old, &["migrate"]).0);
}

async fn what_an_older_portal_wrote_is_encrypted_at_the_first_start(engine: Engine) {
    let portal = portal(engine, 130).await;
    let before = secrets(&portal).await;
    // As an older portal left it; of the second factors, ten were encrypted by a first start that was killed.
    let mut plain = 0;
    for column in ENCRYPTED {
        let opened = portal.secrets(column).await;
        for ((row, _), secret) in portal.values(column).await.iter().zip(opened) {
            if column.table == SECOND_FACTORS.table && plain >= 121 {
                continue;
            }
            write(&portal, column, row, &secret).await;
            plain += 1;
        }
    }
    assert_eq!(plain, 123, "a signing key, 120 second factors, two webhooks");
    for begun in [true, false] {
        if begun {
            portal.run("UPDATE encryption_keys SET plain_left = 1").await;
        } else {
            // Nothing was begun: the database knows no key yet, and takes the one that is there.
            portal.run("DELETE FROM encryption_keys").await;
            write_all_plain(&portal, &before).await;
        }
        let done = portal.unlock().await.unwrap();
        assert_eq!((done.made, done.encrypted), (None, if begun { 123 } else { 133 }));
        assert_eq!(secrets(&portal).await, before);
        assert_eq!(portal.unlock().await.unwrap().encrypted, 0);
        assert_eq!(
            portal
                .number("SELECT CAST(SUM(plain_left) AS BIGINT) FROM encryption_keys")
                .await,
            0
        );
        // Not even what was overwritten is left.
        let dump = dump(&portal).await;
        for secret in &before {
            assert!(!dump.contains(secret), "{secret}");
        }
    }
    // A database without secrets has nothing to encrypt, and begins with a key of its own.
    let fresh = TestPortal::empty(engine).await;
    assert_eq!(
        fresh
            .number("SELECT CAST(SUM(plain_left) AS BIGINT) FROM encryption_keys")
            .await,
        0
    );
    assert_ne!(
        encryption_keys_of(&fresh).await,
        encryption_keys_of(&portal).await
    );
}

/// Writes the secrets, as [`secrets`] yields them, in plain text.
async fn write_all_plain(portal: &TestPortal, secrets: &[String]) {
    let mut secrets = secrets.iter();
    for column in ENCRYPTED {
        for (row, _) in portal.values(column).await {
            write(portal, column, &row, secrets.next().expect("a secret")).await;
        }
    }
}

async fn a_lost_key_is_replaced(engine: Engine) {
    let portal = portal(engine, 3).await;
    let path = portal.key_file();
    let old = encryption_keys_of(&portal).await;
    let run = |arguments: &[&str]| {
        let output = with_key(
            &portal,
            &path,
            &[&["encryption-key", "replace-lost"], arguments].concat(),
        );
        (output.status.success(), told(&output))
    };
    let (done, told) = run(&["--give-up-secrets"]);
    assert!(!done && told.contains("nothing has to be given up"), "{told}");
    std::fs::remove_file(&path).unwrap();
    let (done, told) = run(&[]);
    assert!(!done && told.contains("--give-up-secrets"), "{told}");
    assert_eq!(encryption_keys_of(&portal).await, old);
    let (done, told) = run(&["--give-up-secrets"]);
    assert!(done && told.contains("3 second factors, 2 webhooks"), "{told}");
    assert!(told.contains(&path.display().to_string()), "{told}");
    let new = encryption_keys_of(&portal).await;
    assert!(new.len() == 1 && new != old);

    portal.unlock().await.unwrap();
    assert!(secrets(&portal).await.is_empty());
    for (kind, count) in [("second_factor_removed", 3), ("webhook_deleted", 2)] {
        let sql = format!("SELECT COUNT(*) FROM events WHERE kind = '{kind}'");
        assert_eq!(portal.number(&sql).await, count, "{kind}");
    }
    // What was signed stays good, and something new can be signed, added, and made.
    let keys = portal.nobody().get("/.well-known/jwks.json").await.ok();
    assert_eq!(keys["keys"].as_array().unwrap().len(), 1);
    portal.second_factor("p0").await;
    assert_eq!(portal.secrets(&SECOND_FACTORS).await, [SECRET]);
    license_portal::ops::instance::signing_keys::rotate(&portal.store)
        .await
        .unwrap();
    assert_eq!(portal.secrets(&SIGNING_KEYS).await.len(), 1);
}
