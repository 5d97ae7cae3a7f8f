//! Backups (N27): made while the portal runs, encrypted where asked, and restored into either engine, whole or not at all.

use std::{
    collections::BTreeMap,
    os::unix::fs::PermissionsExt,
    process::Output,
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
    },
};

use domain::licensing::restoration::Meanwhile;
use license_portal::{
    ops::{
        history::{chain, verification},
        instance::{
            backup::{self, BackupError},
            encryption,
        },
    },
    store::{
        Engine, Store,
        encryption::{EncryptionKey, KeySource},
        newest,
        sources::Sources,
    },
};
use sqlx::Row;

use crate::{
    instance::encryption::portal as encrypted,
    support::{
        database::Database,
        portal::{BEGIN, TestPortal},
    },
};

on_both_engines!(
    a_backup_is_restored_into_either_engine,
    what_is_not_whole_or_not_empty_is_refused,
    a_backup_under_load_has_every_move_that_was_acknowledged_before_it,
    the_program_makes_and_restores_backups,
    the_program_encrypts_backups,
    a_restore_without_its_key_changes_nothing,
);

pub async fn backed_up(store: &Store) -> Vec<u8> {
    let mut bytes = Vec::new();
    backup::write(store, &mut bytes, None).await.expect("a backup");
    bytes
}

/// The rows of a backup, without those that a restore leaves out or writes.
fn rows(bytes: &[u8]) -> Vec<String> {
    let (header, _) = backup::verify(bytes, &[]).expect("it is whole");
    let number = |name: &str| header.tables.iter().position(|table| table.name == name);
    let left_out: Vec<String> = ["sessions", "pending_logins", "password_links"]
        .map(|name| format!("[{},", number(name).expect("a table")))
        .into();
    let text = String::from_utf8(bytes.to_vec()).expect("text");
    let mut rows: Vec<String> = text
        .lines()
        .filter(|line| line.starts_with('[') && !line.contains("\"restored\""))
        .filter(|line| left_out.iter().all(|start| !line.starts_with(start.as_str())))
        .map(str::to_owned)
        .collect();
    rows.sort();
    rows
}

/// An empty database, which is there for as long as the first half is kept.
async fn empty(engine: Engine) -> (Database, Store) {
    let database = Database::create(engine).await;
    let sources = Sources::new(|| BEGIN, |bytes| bytes.fill(1));
    let store = Store::open(&database.address, 2, sources)
        .await
        .expect("a database");
    (database, store)
}

async fn a_backup_is_restored_into_either_engine(engine: Engine) {
    let portal = encrypted(engine, 40).await;
    let bytes = backed_up(&portal.store).await;
    let before = rows(&bytes);
    assert!(before.len() > 100, "{}", before.len());
    for into in [Engine::Sqlite, Engine::Postgres] {
        let (_database, store) = empty(into).await;
        backup::restore(&store, bytes.as_slice(), &[], Meanwhile::Unknown)
            .await
            .expect("it is restored");
        let after = backed_up(&store).await;
        assert_eq!(rows(&after), before, "{into:?}");
        assert!(String::from_utf8_lossy(&after).contains("\"restored\""));
        store.close().await;
    }
}

async fn what_is_not_whole_or_not_empty_is_refused(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann*\n").await;
    let bytes = backed_up(&portal.store).await;
    let (_database, store) = empty(engine).await;
    let restored = async |bytes: &[u8]| backup::restore(&store, bytes, &[], Meanwhile::Unknown).await;
    // Without its last line; with a name that was altered; of a portal of the future.
    let text = String::from_utf8(bytes.clone()).expect("text");
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let cut = lines[..lines.len() - 1].concat();
    assert!(matches!(
        restored(cut.as_bytes()).await,
        Err(BackupError::NotWhole(_))
    ));
    let altered = text.replacen("\"ann\"", "\"eve\"", 1);
    assert_ne!(altered, text);
    assert!(matches!(
        restored(altered.as_bytes()).await,
        Err(BackupError::Damaged)
    ));
    let schema = format!("\"schema\":{}", newest());
    let newer = text.replacen(&schema, &format!("\"schema\":{}", newest() + 1), 1);
    assert!(matches!(
        restored(newer.as_bytes()).await,
        Err(BackupError::Newer { .. })
    ));
    // Nothing of them is there: it goes on with the one that is whole, and not with another one on top.
    restored(&bytes).await.expect("it is restored");
    let again = restored(&bytes).await;
    assert!(matches!(again, Err(BackupError::NotEmpty(_))), "{again:?}");
    assert_eq!(rows(&backed_up(&store).await), rows(&bytes));
    store.close().await;
}

/// Tickets that each of the movers has.
const EACH: usize = 8;

async fn a_backup_under_load_has_every_move_that_was_acknowledged_before_it(engine: Engine) {
    let tickets: Vec<String> = (0..3 * EACH).map(|number| format!("t{number}")).collect();
    let spare: String = (0..60)
        .map(|line| {
            let codes: Vec<String> = (0..10).map(|number| format!("#s{line}x{number}")).collect();
            format!("    {}\n", codes.join(" "))
        })
        .collect();
    let text = format!(
        "@isv^\nTop/\n  @ann*\n  A/\n    #{}\n{spare}  B/\n",
        tickets.join(" #")
    );
    let portal = TestPortal::start(engine, &text).await;
    let acknowledged: Arc<Mutex<Vec<String>>> = Arc::default();
    let over = Arc::new(AtomicBool::new(false));
    let ann = portal.client("ann").await;
    let movers: Vec<_> = tickets
        .chunks(EACH)
        .map(|own| {
            let (own, portal) = (own.to_vec(), portal.clone());
            let (acknowledged, over) = (Arc::clone(&acknowledged), Arc::clone(&over));
            let browser = ann.clone();
            tokio::spawn(async move {
                for round in 0.. {
                    for ticket in &own {
                        let (from, to) = if round % 2 == 0 { ("A", "B") } else { ("B", "A") };
                        let key = format!("move-{ticket}-{round:06}");
                        let pick = format!("{}={}", portal.ticket(ticket), portal.owner(from));
                        let moved = browser.reassign(&pick, &portal.owner(to).to_string(), &key).await;
                        moved.ok();
                        acknowledged.lock().unwrap().push(key);
                        if over.load(Ordering::SeqCst) {
                            return;
                        }
                    }
                }
            })
        })
        .collect();
    let so_many = async |count: usize| {
        while acknowledged.lock().unwrap().len() < count {
            tokio::time::sleep(std::time::Duration::from_millis(5)).await;
        }
    };
    so_many(10).await;
    let before = acknowledged.lock().unwrap().clone();
    let bytes = backed_up(&portal.store).await;
    let during = acknowledged.lock().unwrap().len() - before.len();
    so_many(before.len() + during + 10).await;
    over.store(true, Ordering::SeqCst);
    for mover in movers {
        mover.await.expect("every move is acknowledged");
    }
    assert!(during > 0, "nothing moved while the backup was made");

    let (database, store) = empty(engine).await;
    backup::restore(&store, bytes.as_slice(), &[], Meanwhile::Unknown)
        .await
        .expect("it is restored");
    let rows = sqlx::any::AnyPoolOptions::new()
        .max_connections(1)
        .connect(&database.address)
        .await
        .expect("a database");
    let moves = "SELECT ticket_id, request_key, to_owner FROM events WHERE kind = 'ticket_moved' ORDER BY id";
    let (mut keys, mut owners) = (Vec::new(), BTreeMap::new());
    for row in sqlx::query(moves).fetch_all(&rows).await.expect("rows") {
        keys.push(row.get::<String, _>(1));
        owners.insert(row.get::<i64, _>(0), row.get::<String, _>(2));
    }
    for key in &before {
        assert!(keys.contains(key), "{key} was acknowledged before the backup");
    }
    let all = acknowledged.lock().unwrap().len();
    assert!(keys.len() < all, "moves of after the backup are not in it");
    // Each ticket is where the last of its moves says, and the history goes on and is whole.
    for (ticket, owner) in owners {
        let there = format!(
            "SELECT 'group:' || owner_group_id FROM tickets WHERE id = {ticket} AND owner_user_id IS NULL"
        );
        let there = sqlx::query(sqlx::AssertSqlSafe(there)).fetch_one(&rows).await;
        assert_eq!(there.expect("a ticket").get::<String, _>(0), owner);
    }
    rows.close().await;
    encryption::unlock(&store, KeySource::File(portal.key_file()))
        .await
        .expect("its key");
    assert!(chain::seal(&store).await.expect("sealed") > 0);
    let verified = verification::verify(&store, None).await.expect("verified");
    assert_eq!((verified.faults, verified.waiting), (Vec::new(), 0));
    store.close().await;
}

/// Runs the program on the database of the portal: whether it succeeded, and what it told.
fn run(portal: &TestPortal, arguments: &[&str]) -> (bool, String) {
    let Output { status, stderr, .. } = portal
        .program()
        .args(arguments)
        .output()
        .expect("the program runs");
    (status.success(), String::from_utf8_lossy(&stderr).into_owned())
}

async fn the_program_makes_and_restores_backups(engine: Engine) {
    let portal = encrypted(engine, 3).await;
    let file = portal.site().join("portal.backup");
    let path = file.to_str().expect("a path");
    let (done, told) = run(&portal, &["backup", path]);
    assert!(done && told.contains("a restore needs the key"), "{told}");
    let mode = std::fs::metadata(&file).expect("a file").permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
    let (done, told) = run(&portal, &["backup", path]);
    assert!(!done && told.contains("not overwritten"), "{told}");
    let (done, told) = run(&portal, &["restore", "--check", path]);
    assert!(
        done && told.contains("whole") && told.contains("is at hand"),
        "{told}"
    );
    let (done, told) = run(&portal, &["restore", path]);
    assert!(!done && told.contains("empty database"), "{told}");
    forget(&portal).await;
    let (done, told) = run(&portal, &["restore", path, "--handed-out", "nothing"]);
    assert!(done && told.contains("Nothing is held back"), "{told}");
    assert_eq!(portal.number("SELECT COUNT(*) FROM second_factors").await, 3);
    // Something else lies there under its name.
    for (other, why) in [
        (
            &b"SQLite format 3\0 and so on\n"[..],
            "no backup of a License Portal",
        ),
        (b"", "breaks off"),
        (b"{\"format\":\"license-portal/organisation@1\"}\n", "no backup"),
    ] {
        std::fs::write(&file, other).expect("a file");
        let (done, told) = run(&portal, &["restore", "--check", path]);
        assert!(!done && told.contains(why), "{told}");
    }
}

async fn the_program_encrypts_backups(engine: Engine) {
    let portal = encrypted(engine, 3).await;
    let file = portal.site().join("portal.backup");
    let path = file.to_str().expect("a path");
    let (done, told) = run(&portal, &["backup", "--encrypt", path]);
    assert!(done && told.contains("All of it is encrypted"), "{told}");
    let bytes = std::fs::read(&file).expect("a file");
    let held = |part: &[u8]| bytes.windows(part.len()).any(|found| found == part);
    assert!(!held(b"Team") && !held(b"users"), "names can be read");
    // A bit is another one; the end is missing; both are told in plain words, and nothing is restored.
    forget(&portal).await;
    for at in [bytes.len() / 2, bytes.len() - 1] {
        let mut altered = bytes.clone();
        altered[at] ^= 4;
        std::fs::write(&file, altered).expect("a file");
        let (done, told) = run(&portal, &["restore", path]);
        assert!(
            !done && told.contains("damaged, breaks off or was changed"),
            "{told}"
        );
    }
    std::fs::write(&file, &bytes[..bytes.len() - 20]).expect("a file");
    let (done, told) = run(&portal, &["restore", path]);
    assert!(
        !done && told.contains("damaged, breaks off or was changed"),
        "{told}"
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM users").await, 0);
    // That of another portal lies there under its name.
    let other = EncryptionKey::from([9; 32]);
    let mut foreign = Vec::new();
    backup::write(&portal.store, &mut foreign, Some(&other))
        .await
        .expect("a backup");
    std::fs::write(&file, foreign).expect("a file");
    let (done, told) = run(&portal, &["restore", path]);
    assert!(!done && told.contains(&format!("key {}", other.id())), "{told}");
    std::fs::write(&file, &bytes).expect("a file");
    let (done, told) = run(&portal, &["restore", path]);
    assert!(done, "{told}");
    assert_eq!(portal.number("SELECT COUNT(*) FROM second_factors").await, 3);

    // With a key of its own.
    let (key, own) = (portal.site().join("backup.key"), portal.site().join("own.backup"));
    std::fs::write(&key, other.text().expose()).expect("a key");
    let (key, own) = (key.to_str().expect("a path"), own.to_str().expect("a path"));
    let (done, told) = run(&portal, &["backup", "--backup-key", key, own]);
    assert!(done && told.contains(other.id().as_str()), "{told}");
    let (done, told) = run(&portal, &["restore", "--check", own]);
    assert!(!done && told.contains("--backup-key"), "{told}");
    let (done, told) = run(&portal, &["restore", "--check", "--backup-key", key, own]);
    assert!(done, "{told}");
}

async fn a_restore_without_its_key_changes_nothing(engine: Engine) {
    let portal = encrypted(engine, 3).await;
    let file = portal.site().join("portal.backup");
    let path = file.to_str().expect("a path");
    assert!(run(&portal, &["backup", path]).0);
    forget(&portal).await;
    let kept = std::fs::read(portal.key_file()).expect("the key");
    std::fs::remove_file(portal.key_file()).expect("the key is lost");
    let (done, told) = run(&portal, &["restore", path]);
    assert!(!done && told.contains("Nothing was restored"), "{told}");
    assert!(told.contains("the key file"), "{told}");
    assert_eq!(portal.number("SELECT COUNT(*) FROM users").await, 0);
    assert!(!portal.key_file().exists(), "no other key is made for it");
    // Who says so has it all the same, and is told what to do.
    let (done, told) = run(&portal, &["restore", "--without-key", path]);
    assert!(
        done && told.contains("Before anything else can be done with it"),
        "{told}"
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM second_factors").await, 3);
    let (done, told) = run(&portal, &["hold"]);
    assert!(!done && told.contains("Give the portal that key"), "{told}");
    std::fs::write(portal.key_file(), kept).expect("the key is found");
    let (done, told) = run(&portal, &["hold"]);
    assert!(done && told.contains("was restored"), "{told}");
}

/// Empties the database of a portal, for a restore.
pub async fn forget(portal: &TestPortal) {
    portal.clear().await;
    portal.run("DELETE FROM encryption_keys").await;
}
