//! After a restore (N27): nothing is lent twice, and the history says what happened.

use domain::licensing::{
    devices::DEVICE_LIFETIME,
    leases::{LIFETIME, NODE_LIFETIME},
    restoration::{Meanwhile, Restoration},
};
use jiff::SignedDuration;
use license_portal::{
    ops::{
        history::{chain, verification},
        instance::{backup, restoration},
    },
    store::Engine,
};

use crate::{
    instance::backups::{backed_up, forget},
    licensing::{
        labs::{self, Lab, taken, upload},
        leases::{World, world},
    },
    support::portal::TestPortal,
};

on_both_engines!(
    a_restore_lends_nothing_twice,
    node_locked_licences_are_held_back_for_longer,
    machines_without_a_network_hold_back_everything,
    an_update_is_refused_that_another_machine_may_hold,
    the_history_says_that_the_portal_was_restored,
    codes_are_found_after_a_restore,
);

const SECOND: SignedDuration = SignedDuration::from_secs(1);

/// The portal restores the backup in its own place.
async fn restored(portal: &TestPortal, bytes: &[u8], meanwhile: Meanwhile) -> Restoration {
    forget(portal).await;
    backup::restore(&portal.store, bytes, &[], meanwhile)
        .await
        .expect("it is restored")
}

async fn a_restore_lends_nothing_twice(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 1).await;
    restoration::note_lease(&portal.store, LIFETIME)
        .await
        .expect("noted");
    let bytes = backed_up(&portal.store).await;
    machine.acquire("A", "host-1", "key-0001").await.id();
    let restored_at = restored(&portal, &bytes, Meanwhile::Unknown).await;
    machine.log_in(&portal).await.ok();
    // The one licence is out, and the portal knows nothing of it.
    assert_eq!(portal.number("SELECT COUNT(*) FROM leases").await, 0);
    let refused = machine.acquire("A", "host-2", "key-0002").await;
    assert_eq!(refused.status, 409);
    let told = portal.client("isv").await.post("instance", &[]).await.ok();
    assert!(told["restored"]["until"].is_string(), "{told}");
    portal.jump(LIFETIME - SECOND);
    assert_eq!(machine.acquire("A", "host-2", "key-0003").await.status, 409);
    portal.jump(SECOND);
    assert!(portal.store.sources.now() >= restored_at.leases_until);
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "host-2", "key-0004").await.id();
    // An operator who knows that nothing was handed out need not wait.
    restored(&portal, &bytes, Meanwhile::Unknown).await;
    machine.log_in(&portal).await.ok();
    assert_eq!(machine.acquire("A", "host-3", "key-0005").await.status, 409);
    restoration::shorten(&portal.store, Meanwhile::Nothing)
        .await
        .expect("it is shortened");
    machine.acquire("A", "host-3", "key-0006").await.id();
}

async fn node_locked_licences_are_held_back_for_longer(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n #t\n").await;
    let bytes = backed_up(&portal.store).await;
    let restored = restored(&portal, &bytes, Meanwhile::Unknown).await;
    assert_eq!(restored.nodes_until.duration_since(restored.at), NODE_LIFETIME);
    assert_eq!(
        restored.offline_until, restored.at,
        "there is no machine without a network"
    );
}

async fn machines_without_a_network_hold_back_everything(engine: Engine) {
    let World {
        portal, mut machine, ..
    } = world(engine, 1).await;
    let device = portal.make_container("ann", "Lab").await;
    portal
        .run(&format!(
            "UPDATE containers SET kind = 'device' WHERE id = {device}"
        ))
        .await;
    portal
        .run(&format!("INSERT INTO devices (container_id) VALUES ({device})"))
        .await;
    let bytes = backed_up(&portal.store).await;
    restored(&portal, &bytes, Meanwhile::Unknown).await;
    portal.jump(DEVICE_LIFETIME - SECOND);
    machine.log_in(&portal).await.ok();
    assert_eq!(machine.acquire("A", "host", "key-0001").await.status, 409);
    portal.jump(SECOND);
    machine.acquire("A", "host", "key-0002").await.id();
}

async fn an_update_is_refused_that_another_machine_may_hold(engine: Engine) {
    let (portal, ned, lab) = labs::start(engine).await;
    ned.activate(&portal, "n1", &lab, 3).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let bytes = backed_up(&portal.store).await;
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("n1", 3)]);
    restored(&portal, &bytes, Meanwhile::Unknown).await;
    // The portal knows nothing of what it signed: an update without it would take it from the machine.
    let portal = portal.with(|_| {}).await;
    let ned = portal.client("ned").await;
    let state = portal.state().await;
    let request = machine.request();
    let (status, why) = labs::refused(&upload(&ned, &lab, &request).await);
    assert_eq!(status, 409);
    assert!(why.starts_with("The portal was restored from a backup"), "{why}");
    assert_eq!(portal.state().await, state, "nothing was changed");
    // A machine that was given nothing is answered.
    let empty = labs::device(&portal, &ned).await;
    let mut other = Lab::set_up(&ned, &empty, "fingerprint-2").await;
    other.exchange(&portal, &ned).await;
    assert!(other.held().is_empty());
    // Who knows that no machine got an update need not wait; node-locked and floating ones are held by their own time.
    restoration::shorten(&portal.store, Meanwhile::NothingOffline)
        .await
        .expect("it is shortened");
    let again = labs::refused(&upload(&ned, &lab, &machine.request()).await);
    assert_eq!(again.0, 409, "machines with a network may hold it");
    restoration::shorten(&portal.store, Meanwhile::Nothing)
        .await
        .expect("it is shortened");
    taken(&upload(&ned, &lab, &machine.request()).await, "update");
}

async fn the_history_says_that_the_portal_was_restored(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n  @ann*\n  Sub/\n").await;
    let group = portal.group("Sub").to_string();
    let form = [("group", group.as_str()), ("name", "Renamed")];
    portal.client("ann").await.post("rename_group", &form).await.ok();
    chain::seal(&portal.store).await.expect("sealed");
    let bytes = backed_up(&portal.store).await;
    restored(&portal, &bytes, Meanwhile::Unknown).await;
    let recorded = "SELECT COUNT(*) FROM events WHERE kind = 'restored'";
    assert_eq!(portal.number(recorded).await, 1);
    // Once: also where a server starts afterwards.
    restoration::record(&portal.store).await.expect("recorded");
    assert_eq!(portal.number(recorded).await, 1);
    // A restore that was killed before it could say so is told of at the next start.
    portal.run("DELETE FROM events WHERE kind = 'restored'").await;
    portal
        .run("INSERT INTO instance (name, value) VALUES ('restored_unrecorded', '1')")
        .await;
    restoration::record(&portal.store).await.expect("recorded");
    assert_eq!(portal.number(recorded).await, 1);
    // It is sealed behind what the backup had, and ISV admins read it.
    chain::seal(&portal.store).await.expect("sealed");
    let verified = verification::verify(&portal.store, None).await.expect("verified");
    assert_eq!((verified.faults, verified.waiting), (Vec::new(), 0));
    let portal = portal.with(|_| {}).await;
    let page = portal.client("isv").await.get("/history").await.text();
    assert!(
        page.contains("Portal restored") && page.contains("from the backup of"),
        "{page}"
    );
    let page = portal.client("ann").await.get("/history").await.text();
    assert!(!page.contains("Portal restored"), "{page}");
}

async fn codes_are_found_after_a_restore(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann*\n #t\n").await;
    let bytes = backed_up(&portal.store).await;
    restored(&portal, &bytes, Meanwhile::Nothing).await;
    let code = portal.texts("SELECT code FROM tickets").await.remove(0);
    let found = match engine {
        Engine::Sqlite => format!(
            "SELECT COUNT(*) FROM ticket_parts WHERE ticket_parts MATCH '\"{}\"'",
            &code[..3]
        ),
        Engine::Postgres => format!("SELECT COUNT(*) FROM ticket_parts WHERE parts = '{code}'"),
    };
    assert_eq!(portal.number(&found).await, 1);
}
