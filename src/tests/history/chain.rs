//! The history as a chain (N11): sealed in one order, verified from its beginning, and every alteration is found.

use std::{collections::BTreeSet, process::Stdio};

use domain::{history::chain::Link, time::at_millisecond};
use license_portal::{
    ops::{
        history::{
            chain::seal,
            verification::{Fault, Verified, verify},
        },
        instance::signing_keys,
        tickets::protect,
    },
    store::{
        Engine,
        history::chain::{NUMBERS, TEXTS},
        sources::Sources,
    },
};

use crate::support::{
    moments::ms,
    portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(
    every_column_is_sealed,
    each_alteration_is_found,
    all_alterations_are_found_at_once,
    whoever_can_sign_is_found_by_a_checkpoint_kept_elsewhere,
    checkpoints_stay_from_time_to_time,
    checkpoints_outlive_the_keys_they_are_signed_with,
    servers_seal_what_others_write_meanwhile,
    the_command_says_what_it_finds,
);

const TREE: &str = "@isv^\nTeam/\n @ann\n #t\nHeap/\n";

/// Events with something in each column, sealed.
async fn filled(engine: Engine, count: i64) -> TestPortal {
    let portal = TestPortal::start(engine, TREE).await;
    add(&portal, 1, count).await;
    seal(&portal.store).await.unwrap();
    portal
}

async fn add(portal: &TestPortal, from: i64, to: i64) {
    let first = Sources::first_id_at(at_millisecond(BEGIN_MS).unwrap());
    portal
        .run(&format!(
            "INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected,
                                 group_id, user_id, container_id, license_id, quantity, credential_id, way, change)
             WITH RECURSIVE numbers (n) AS (SELECT {from} UNION ALL SELECT n + 1 FROM numbers WHERE n < {to})
             SELECT {first} + 100 * n, {BEGIN_MS} + n, 'ticket_moved', n, 'key-' || n, n, 'group:' || n, 'user:' || n || '@7', 0,
                    n, n, n, n, 2, n, 'browser', '[]' FROM numbers"
        ))
        .await;
}

async fn found(portal: &TestPortal) -> Verified {
    verify(&portal.store, None).await.unwrap()
}

/// Something done to the rows of the history, and one of the faults it must lead to.
struct Planted {
    statements: Vec<String>,
    fault: Fault,
}

impl Planted {
    fn new(statement: String, fault: Fault) -> Self {
        Self {
            statements: vec![statement],
            fault,
        }
    }
}

/// Alterations that do not get in each other's way: each has twenty positions of its own from 21 on.
fn alterations(engine: Engine) -> Vec<Planted> {
    let mut positions = (1..).map(|number| 20 * number + 5);
    let mut next = || positions.next().unwrap_or_default();
    let mut planted = Vec::new();
    let mut altered = |change: &str| {
        let at = next();
        planted.push(Planted::new(
            format!("UPDATE events SET {change} WHERE position = {at}"),
            Fault::Altered(at),
        ));
    };
    for column in NUMBERS {
        altered(&format!("{column} = {column} + 1"));
    }
    for column in TEXTS {
        altered(&format!("{column} = {column} || 'x'"));
    }
    for column in ["request_key", "was_protected", "quantity", "way", "change"] {
        altered(&format!("{column} = NULL"));
    }
    // What one column loses, its neighbour gains.
    altered("from_owner = from_owner || to_owner, to_owner = ''");
    altered("ticket_id = group_id, group_id = NULL");
    altered(&format!("hash = '{}'", Link::START));
    altered("hash = NULL");
    altered("hash = upper(hash)");
    if engine == Engine::Sqlite {
        altered("actor_id = 'ann'");
    }
    let at = next();
    planted.push(Planted::new(
        format!("DELETE FROM events WHERE position = {at}"),
        Fault::Missing(at, at),
    ));
    let at = next();
    planted.push(Planted::new(
        format!("DELETE FROM events WHERE position BETWEEN {at} AND {}", at + 7),
        Fault::Missing(at, at + 7),
    ));
    let at = next();
    planted.push(Planted::new(
        format!("UPDATE events SET position = NULL, hash = NULL WHERE position = {at}"),
        Fault::Missing(at, at),
    ));
    // Two events in each other's place, with their own hashes, and with those of the place.
    for of_place in [false, true] {
        let (one, other) = (next(), next());
        let step = |from: i64, to: i64| {
            let hash = format!(", hash = (SELECT s.hash FROM swapped s WHERE s.position = {to})");
            let hash = if of_place { hash.as_str() } else { "" };
            format!("UPDATE events SET position = {to}{hash} WHERE position = {from}")
        };
        planted.push(Planted {
            statements: vec![
                "CREATE TABLE swapped AS SELECT position, hash FROM events".to_owned(),
                format!("UPDATE events SET position = -{one} WHERE position = {one}"),
                step(other, one),
                step(-one, other),
                "DROP TABLE swapped".to_owned(),
            ],
            fault: Fault::Altered(one),
        });
    }
    let at = next();
    planted.push(Planted::new(
        format!(
            "INSERT INTO events (id, at, kind, actor_id, position, hash, form)
             SELECT 7, at, kind, actor_id, -3, hash, form FROM events WHERE position = {at}"
        ),
        Fault::Misplaced(-3),
    ));
    planted.push(Planted::new(
        "DELETE FROM events WHERE position = 1".to_owned(),
        Fault::Missing(1, 1),
    ));
    planted
}

/// How many events the alterations need.
const NEEDED: i64 = 900;

async fn every_column_is_sealed(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let columns = portal
        .texts(match engine {
            Engine::Sqlite => "SELECT name FROM pragma_table_info('events')",
            Engine::Postgres => {
                "SELECT CAST(column_name AS TEXT) FROM information_schema.columns WHERE table_name = 'events'"
            }
        })
        .await;
    let columns: BTreeSet<&str> = columns.iter().map(String::as_str).collect();
    let sealed = NUMBERS
        .into_iter()
        .chain(TEXTS)
        .chain(["position", "hash", "form"]);
    assert_eq!(columns, sealed.collect());
}

async fn each_alteration_is_found(engine: Engine) {
    let portal = filled(engine, NEEDED).await;
    let whole = found(&portal).await;
    assert_eq!(
        (whole.sealed, whole.waiting, &whole.faults[..]),
        (900, 0, &[][..])
    );
    portal.keep().await;
    let mut planted = alterations(engine);
    planted.extend([
        Planted::new(
            format!("DELETE FROM events WHERE position = {NEEDED}"),
            Fault::Cut(NEEDED, NEEDED),
        ),
        Planted::new(
            format!("DELETE FROM events WHERE position > {}", NEEDED - 9),
            Fault::Cut(NEEDED - 8, NEEDED),
        ),
        Planted::new("DELETE FROM events".to_owned(), Fault::Cut(1, NEEDED)),
        Planted::new(
            format!("UPDATE events SET position = position + 1 WHERE position = {NEEDED}"),
            Fault::Missing(NEEDED, NEEDED),
        ),
        Planted::new(
            format!("DELETE FROM checkpoints WHERE position = {NEEDED}"),
            Fault::Unsigned(513, NEEDED),
        ),
        Planted::new("DELETE FROM checkpoints".to_owned(), Fault::Unsigned(1, NEEDED)),
        Planted::new(
            format!("UPDATE checkpoints SET position = position - 1 WHERE position = {NEEDED}"),
            Fault::Checkpoint(NEEDED - 1, jose::InvalidToken::BadSignature),
        ),
        Planted::new(
            format!("UPDATE checkpoints SET at = at + 1 WHERE position = {NEEDED}"),
            Fault::Checkpoint(NEEDED, jose::InvalidToken::BadSignature),
        ),
        Planted::new(
            format!("UPDATE checkpoints SET signed = 'x' WHERE position = {NEEDED}"),
            Fault::Checkpoint(NEEDED, jose::InvalidToken::Malformed),
        ),
        Planted::new(
            "DELETE FROM signing_keys".to_owned(),
            Fault::Checkpoint(NEEDED, jose::InvalidToken::UnknownKey),
        ),
    ]);
    for planted in planted {
        for statement in &planted.statements {
            portal.run(statement).await;
        }
        let faults = found(&portal).await.faults;
        assert!(
            faults.contains(&planted.fault),
            "{:?}: {:?} is not among {faults:?}",
            planted.statements,
            planted.fault
        );
        portal.restore().await;
    }
    assert_eq!(found(&portal).await, whole);
}

/// So many events, all the alterations, and each is told by its position.
async fn found_at_once(engine: Engine, count: i64) {
    let portal = filled(engine, count).await;
    let whole = found(&portal).await;
    assert_eq!(
        (whole.sealed, &whole.faults[..]),
        (u64::try_from(count).unwrap(), &[][..])
    );
    let planted = alterations(engine);
    for statement in planted.iter().flat_map(|planted| &planted.statements) {
        portal.run(statement).await;
    }
    let faults = found(&portal).await.faults;
    for planted in planted {
        assert!(
            faults.contains(&planted.fault),
            "{:?} is not among {faults:?}",
            planted.fault
        );
    }
}

async fn all_alterations_are_found_at_once(engine: Engine) {
    found_at_once(engine, NEEDED).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes longer than a test may"]
async fn alterations_are_found_among_a_hundred_thousand_events() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        found_at_once(engine, 100_000).await;
    }
}

/// Whoever writes the database can read the key in it, and make the whole chain anew.
async fn whoever_can_sign_is_found_by_a_checkpoint_kept_elsewhere(engine: Engine) {
    let portal = filled(engine, 40).await;
    let earlier = found(&portal).await.newest.unwrap();
    let earlier_rows = portal.texts("SELECT signed FROM checkpoints").await;
    add(&portal, 41, 60).await;
    seal(&portal.store).await.unwrap();
    let kept = found(&portal).await.newest.unwrap();
    let faults = async |kept: &str| verify(&portal.store, Some(kept)).await.unwrap().faults;
    assert_eq!(faults(&kept).await, []);
    assert_eq!(faults(&format!("{earlier}\n")).await, []);
    portal.keep().await;

    // The end is cut off, up to where a checkpoint was signed once.
    portal.run("DELETE FROM events WHERE position > 40").await;
    portal.run("DELETE FROM checkpoints WHERE position > 40").await;
    assert_eq!(earlier_rows, portal.texts("SELECT signed FROM checkpoints").await);
    assert_eq!(found(&portal).await.faults, []);
    assert_eq!(faults(&kept).await, [Fault::Cut(41, 60)]);
    assert_eq!(faults(&earlier).await, []);

    // An event is altered, and all are sealed anew.
    portal.restore().await;
    portal
        .run("UPDATE events SET actor_id = 1 WHERE position = 20")
        .await;
    portal.run("UPDATE events SET position = NULL, hash = NULL").await;
    seal(&portal.store).await.unwrap();
    let old_and_new = found(&portal).await.faults;
    assert!(old_and_new.contains(&Fault::Contradicted(60)), "{old_and_new:?}");
    portal
        .run("DELETE FROM checkpoints WHERE signed <> (SELECT signed FROM checkpoints ORDER BY at DESC LIMIT 1)")
        .await;
    assert_eq!(found(&portal).await.faults, []);
    assert_eq!(faults(&kept).await, [Fault::Contradicted(60)]);
    assert_eq!(faults(&earlier).await, [Fault::Contradicted(40)]);

    // What another portal has signed is no checkpoint here, kept or stored.
    portal.restore().await;
    let other = filled(engine, 60).await;
    let foreign = found(&other).await.newest.unwrap();
    let unknown = jose::InvalidToken::UnknownKey;
    assert_eq!(faults(&foreign).await, [Fault::Kept(unknown)]);
    portal
        .run(&format!(
            "UPDATE checkpoints SET signed = '{foreign}' WHERE position = 60"
        ))
        .await;
    assert_eq!(
        found(&portal).await.faults,
        [Fault::Checkpoint(60, unknown), Fault::Unsigned(41, 60)]
    );
}

async fn checkpoints_stay_from_time_to_time(engine: Engine) {
    let portal = filled(engine, 30).await;
    let positions = async || {
        portal
            .texts("SELECT CAST(c.position AS TEXT) FROM checkpoints c ORDER BY c.position")
            .await
    };
    for to in [31, 32, 33] {
        add(&portal, to, to).await;
        assert_eq!(seal(&portal.store).await.unwrap(), 1);
    }
    assert_eq!(positions().await, ["30", "33"]);
    portal.pass(ms(60 * 60 * 1000));
    for to in [34, 35] {
        add(&portal, to, to).await;
        seal(&portal.store).await.unwrap();
    }
    assert_eq!(positions().await, ["30", "34", "35"]);
    add(&portal, 36, 1_100).await;
    seal(&portal.store).await.unwrap();
    add(&portal, 1_101, 1_101).await;
    seal(&portal.store).await.unwrap();
    assert_eq!(positions().await, ["30", "34", "1059", "1101"]);
    assert_eq!(seal(&portal.store).await.unwrap(), 0);
    assert_eq!(found(&portal).await.faults, []);
    // What contradicts a checkpoint is not covered up by going on.
    portal.run("DELETE FROM events WHERE position > 1090").await;
    add(&portal, 1_102, 1_150).await;
    seal(&portal.store).await.unwrap();
    add(&portal, 1_151, 1_151).await;
    seal(&portal.store).await.unwrap();
    assert_eq!(found(&portal).await.faults, [Fault::Contradicted(1_101)]);
}

async fn checkpoints_outlive_the_keys_they_are_signed_with(engine: Engine) {
    let portal = filled(engine, 30).await;
    signing_keys::rotate(&portal.store).await.unwrap();
    portal.jump(ms(400 * 24 * 60 * 60 * 1000));
    signing_keys::rotate(&portal.store).await.unwrap();
    assert_eq!(found(&portal).await.faults, []);
    // The key in between has signed nothing, and is forgotten once its time is over.
    portal.jump(ms(400 * 24 * 60 * 60 * 1000));
    signing_keys::rotate(&portal.store).await.unwrap();
    assert_eq!(signing_keys::list(&portal.store).await.unwrap().len(), 3);
    add(&portal, 31, 40).await;
    seal(&portal.store).await.unwrap();
    assert_eq!(found(&portal).await.faults, []);
}

async fn servers_seal_what_others_write_meanwhile(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    let servers = if engine == Engine::Postgres { 2 } else { 1 };
    let writing = (0..4).map(|at| {
        let portal = portal.clone();
        async move {
            for round in 0..10 {
                let (isv, ticket) = (portal.person("isv"), portal.ticket("t"));
                protect(&portal.store, isv, ticket, (at + round) % 2 == 0)
                    .await
                    .unwrap();
            }
        }
    });
    let writing: Vec<_> = writing.map(tokio::spawn).collect();
    let mut sealing = Vec::new();
    for _ in 0..servers {
        let server = portal.second().await;
        sealing.push(tokio::spawn(async move {
            for _ in 0..30 {
                seal(&server.store).await.unwrap();
                tokio::task::yield_now().await;
            }
        }));
    }
    for task in writing.into_iter().chain(sealing) {
        task.await.unwrap();
    }
    seal(&portal.store).await.unwrap();
    let found = found(&portal).await;
    let events = portal.number("SELECT COUNT(*) FROM events").await;
    assert!(events >= 4, "{events}");
    assert_eq!(
        (found.sealed, found.faults),
        (u64::try_from(events).unwrap(), Vec::new())
    );
}

async fn the_command_says_what_it_finds(engine: Engine) {
    let portal = filled(engine, 30).await;
    let run = |arguments: &[&str]| {
        let done = portal
            .program()
            .args(["--log", "error", "verify-history"])
            .args(arguments)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .output()
            .expect("the program runs");
        let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
        (done.status.code(), text(&done.stdout), text(&done.stderr))
    };
    let (code, checkpoint, told) = run(&[]);
    assert_eq!(code, Some(0), "{told}");
    assert!(
        told.contains("30 events are sealed, 0 wait to be sealed; 1 checkpoints."),
        "{told}"
    );
    let file = portal.site().join("checkpoint");
    std::fs::write(&file, &checkpoint).unwrap();
    let file = file.display().to_string();
    let (code, same, told) = run(&["--checkpoint", &file]);
    assert_eq!((code, same), (Some(0), checkpoint), "{told}");
    portal.run("DELETE FROM events WHERE position = 30").await;
    let (code, nothing, told) = run(&["--checkpoint", &file]);
    assert_eq!((code, nothing.as_str()), (Some(1), ""), "{told}");
    assert!(
        told.contains("positions 30 to 30: the events are missing at the end"),
        "{told}"
    );
    let (code, _, told) = run(&["--checkpoint", "nowhere"]);
    assert_eq!(code, Some(1));
    assert!(told.contains("cannot read nowhere"), "{told}");
}

/// The schema as it was before events had places and hashes.
pub async fn before_history(portal: &TestPortal) {
    crate::resellers::creations::before_resellers(portal).await;
    for sql in [
        "DROP TABLE checkpoints",
        "DROP TABLE event_groups",
        "DROP TABLE event_people",
        "DROP INDEX events_by_position",
        "DROP INDEX events_unsealed",
        "DROP INDEX events_by_actor",
        "ALTER TABLE events DROP COLUMN way",
        "ALTER TABLE events DROP COLUMN position",
        "ALTER TABLE events DROP COLUMN hash",
        "DELETE FROM _sqlx_migrations WHERE version >= 10",
    ] {
        portal.run(sql).await;
    }
}
