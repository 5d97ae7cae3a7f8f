//! Another key takes the place of the one that secrets are encrypted with, while servers run and the rotation is killed.

use std::{
    process::{Output, Stdio},
    time::Duration,
};

use license_portal::{
    ops::instance::encryption::{self, BATCH, Rotation},
    store::{
        Engine,
        encryption::{SECOND_FACTORS, SIGNING_KEYS, WEBHOOKS},
    },
};

use crate::{
    instance::encryption::{encryption_keys_of, portal, secrets},
    support::portal::{SECRET, TestPortal},
};

on_both_engines!(
    a_rotation_goes_on_where_it_was_ended,
    servers_go_on_while_keys_are_rotated,
    a_rotation_may_be_killed_at_any_moment,
    a_key_that_was_put_first_by_hand_is_the_next_one,
);

/// Rotates by the command.
fn rotate(portal: &TestPortal) -> Output {
    let mut program = portal.program();
    program.args(["--log", "warn", "encryption-key", "rotate"]);
    program.stdout(Stdio::piped()).stderr(Stdio::piped());
    program.output().expect("the program runs")
}

#[track_caller]
fn rotated(output: &Output) -> String {
    assert!(output.status.success(), "{output:?}");
    String::from_utf8_lossy(&output.stdout).trim().to_owned()
}

/// The lines of a key file that are keys.
fn keys_in(path: &std::path::Path) -> Vec<String> {
    let text = std::fs::read_to_string(path).expect("a key file");
    let keys = text.lines().filter(|line| !line.starts_with('#'));
    keys.map(str::to_owned).collect()
}

fn retired(portal: &TestPortal) -> std::path::PathBuf {
    portal.site().join("portal.key.retired")
}

async fn a_rotation_goes_on_where_it_was_ended(engine: Engine) {
    let people = usize::try_from(BATCH).unwrap() + 20;
    let portal = portal(engine, people).await;
    let before = secrets(&portal).await;
    let old_key = keys_in(&portal.key_file());
    let old = encryption_keys_of(&portal).await.remove(0);

    // Ended after the signing key and a batch of second factors.
    let mut rotation = Rotation::begin(&portal.store).await.unwrap();
    let taken = rotate(&portal);
    assert!(!taken.status.success(), "one at a time");
    assert!(
        String::from_utf8_lossy(&taken.stderr).contains("another rotation"),
        "{taken:?}"
    );
    for _ in 0..3 {
        assert!(rotation.step().await.unwrap());
    }
    drop(rotation);
    let rows = encryption::list(&portal.store).await.unwrap();
    let new = rows[0].id.clone();
    let values: Vec<(bool, u64)> = rows.iter().map(|row| (row.in_force, row.values)).collect();
    assert_eq!(values, [(true, 1 + BATCH.unsigned_abs()), (false, 20 + 2)]);
    assert_eq!(secrets(&portal).await, before);
    // A server that starts now needs both keys, and has them.
    let another = portal.second().await;
    assert_eq!(secrets(&another).await, before);
    assert_eq!(keys_in(&portal.key_file()).len(), 2);

    assert_eq!(rotated(&rotate(&portal)), new, "it goes on with the same key");
    assert_eq!(encryption_keys_of(&portal).await, std::slice::from_ref(&new));
    for server in [&portal, &another, &portal.second().await] {
        assert_eq!(secrets(server).await, before);
    }
    for column in [&SIGNING_KEYS, &SECOND_FACTORS, &WEBHOOKS] {
        for (_, value) in portal.values(column).await {
            assert!(value.starts_with(&format!("encrypted:1:{new}:")), "{value}");
        }
    }
    // The old key is kept for backups, and nowhere else.
    assert_eq!(keys_in(&retired(&portal)), old_key);
    let kept = keys_in(&portal.key_file());
    assert!(kept.len() == 1 && kept != old_key);
    let next = rotated(&rotate(&portal));
    assert!(next != new && next != old);
    assert_eq!(keys_in(&retired(&portal)), [kept, old_key].concat());
    assert_eq!(secrets(&portal).await, before);
}

async fn servers_go_on_while_keys_are_rotated(engine: Engine) {
    let portal = portal(engine, 3).await;
    let server = portal.second().await;
    let mut rotation = Rotation::begin(&portal.store).await.unwrap();
    rotation.step().await.unwrap();
    // A server that knows the old key alone encrypts with the one in force.
    server.run("DELETE FROM second_factors").await;
    server.second_factor("p1").await;
    let new = encryption_keys_of(&portal).await.remove(0);
    let (_, value) = server.values(&SECOND_FACTORS).await.remove(0);
    assert!(value.starts_with(&format!("encrypted:1:{new}:")), "{value}");
    // And something that was encrypted with the old one at the last moment is found before that is retired.
    let old = encryption_keys_of(&portal).await.remove(1);
    let (row, url) = portal.values(&WEBHOOKS).await.remove(0);
    assert!(url.starts_with(&format!("encrypted:1:{old}:")), "{url}");
    while rotation.step().await.unwrap() {}
    portal
        .run(&format!("UPDATE webhooks SET url = '{url}' WHERE id = {row}"))
        .await;
    let done = rotation.finish().await.unwrap();
    assert_eq!((done.key.as_str(), done.encrypted), (new.as_str(), 1 + 2 + 1));
    assert_eq!(server.secrets(&SECOND_FACTORS).await, [SECRET]);
    assert_eq!(server.secrets(&WEBHOOKS).await.len(), 2);
    assert_eq!(encryption_keys_of(&portal).await, [new]);
}

async fn a_rotation_may_be_killed_at_any_moment(engine: Engine) {
    let portal = portal(engine, 250).await;
    let server = portal.second().await;
    let before = secrets(&portal).await;
    let mut ended = 0;
    for round in 0..12 {
        let mut program = portal.program();
        program.args(["--log", "error", "encryption-key", "rotate"]);
        let mut killed = program.stderr(Stdio::null()).spawn().expect("the program starts");
        tokio::time::sleep(Duration::from_millis(20 * round)).await;
        killed.kill().expect("it is killed");
        ended += usize::from(!killed.wait().expect("it ends").success());
        assert!(encryption_keys_of(&portal).await.len() <= 2);
        assert_eq!(secrets(&server).await, before, "in round {round}");
    }
    assert!(ended > 0, "none was killed");
    let key = rotated(&rotate(&portal));
    assert_eq!(encryption_keys_of(&portal).await, [key]);
    assert_eq!(secrets(&portal.second().await).await, before);
    let left = std::fs::read_dir(portal.site()).unwrap();
    let left = left.map(|entry| entry.unwrap().file_name().to_string_lossy().into_owned());
    let left: Vec<String> = left.filter(|name| name.starts_with(".portal.key")).collect();
    assert!(left.is_empty(), "{left:?}");
}

async fn a_key_that_was_put_first_by_hand_is_the_next_one(engine: Engine) {
    let portal = portal(engine, 1).await;
    let before = secrets(&portal).await;
    let old = keys_in(&portal.key_file());
    let new = license_portal::store::encryption::EncryptionKey::from([3; 32]);
    std::fs::write(
        portal.key_file(),
        format!("# by hand\n{}\n{}\n", new.text().expose(), old[0]),
    )
    .unwrap();
    // Nothing happens by itself.
    let known = encryption_keys_of(&portal).await;
    portal.unlock().await.unwrap();
    portal.second_factor("ann").await;
    assert_eq!(encryption_keys_of(&portal).await, known);
    portal
        .run("DELETE FROM second_factors WHERE user_id <> (SELECT id FROM users WHERE login = 'p0')")
        .await;
    assert_eq!(rotated(&rotate(&portal)), new.id().as_str());
    assert_eq!(keys_in(&portal.key_file()), [new.text().expose()]);
    assert_eq!(keys_in(&retired(&portal)), old);
    assert_eq!(secrets(&portal).await, before);
}
