//! Devices and dongles: lost machines, what waits for machines, and the end of a container (S8).

use domain::licensing::leases::LIFETIME;
use jose::offline::Request;
use license_portal::store::Engine;
use serde_json::json;

use crate::{
    licensing::labs::{Lab, activated, activation, contents, device, one, refused, start, upload},
    support::{
        client::id_in,
        moments::{at, ms},
    },
};

on_both_engines!(
    s8_a_lost_machine_is_recovered,
    s8_what_machines_still_hold_is_not_collected,
    s8_what_cannot_wait_for_a_machine_is_refused,
    a_dongle_is_known_by_its_serial_number,
    an_empty_container_is_removed,
    kinds_keep_to_their_ways,
    an_older_database_gets_devices,
);

async fn s8_a_lost_machine_is_recovered(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let nina = portal.client("nina").await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    ned.activate(&portal, "n2", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    let lost = [("container", lab.as_str()), ("lost", "true")];
    ned.post("set_machine_lost", &lost).await.ok();
    ned.post("set_machine_lost", &lost).await.ok();
    let reports = portal
        .number("SELECT COUNT(*) FROM events WHERE kind = 'machine_lost'")
        .await;
    assert_eq!(reports, 1);
    let (status, why) = refused(&upload(&ned, &lab, &machine.request()).await);
    assert!(
        status == 409 && why.starts_with("The machine is reported lost"),
        "{why}"
    );
    let of = |ticket: &str| {
        format!(
            "SELECT id FROM activations WHERE license_id = {} AND ended_at IS NULL",
            portal.license_of(ticket)
        )
    };
    let (first, second) = (
        portal.number(&of("n1")).await.to_string(),
        portal.number(&of("n2")).await.to_string(),
    );
    // Its person waits until its time is over.
    let early = ned.post("deactivate", &[("activation", &first)]).await;
    let until = at(portal.number("SELECT MAX(signed_until) FROM activations").await);
    assert_eq!(
        early.refused(),
        format!(r#"409 {{"Refused":{{"InvalidTransition":{{"Held":"{until}"}}}}}}"#)
    );
    assert_eq!(
        ned.post("withdraw_license", &[("activation", &first)])
            .await
            .status,
        403
    );
    // An admin of the ticket answers for it.
    nina.post("withdraw_license", &[("activation", &first)])
        .await
        .ok();
    assert_eq!(activated(&portal, "n1").await, 0);
    let replaced = portal
        .texts("SELECT state FROM activations WHERE ended_at IS NOT NULL")
        .await;
    assert_eq!(replaced, ["replaced"]);
    let new = device(&portal, &ned).await;
    ned.activate(&portal, "n1", &new, 1).await.ok();
    // The rest of its time is cut short: ninety days of signs of life would take long.
    let soon = portal.store.sources.now().as_millisecond() + 1_000;
    portal
        .run(&format!("UPDATE activations SET signed_until = {soon}"))
        .await;
    assert_eq!(
        ned.post("deactivate", &[("activation", &second)]).await.status,
        409
    );
    portal.pass(ms(2_000));
    ned.post("deactivate", &[("activation", &second)]).await.ok();
    assert_eq!(activated(&portal, "n2").await, 0);
    // Found again, it starts with nothing.
    ned.post("set_machine_lost", &[("container", &lab), ("lost", "false")])
        .await
        .ok();
    machine.exchange(&portal, &ned).await;
    assert!(machine.held().is_empty());
}

async fn s8_what_machines_still_hold_is_not_collected(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 1, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    online.acquire("A", "host", "key-1234").await.id();
    // The licence goes from the cloud to the machine without a network, while a program still runs under it.
    let running = activation(&portal).await;
    ned.post("transfer", &[("activations[0]", &running), ("to", &lab)])
        .await
        .ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    assert!(machine.held().is_empty(), "{:?}", machine.held());
    assert_eq!(contents(&ned, &lab).await, one("A", 1, "Assigned"));
    portal.pass(LIFETIME);
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("A", 1)]);
    // And the other way round: what the machine was recovered from by its time is free, and not before.
    let there = activation(&portal).await;
    let back = ned
        .post(
            "transfer",
            &[("activations[0]", &there), ("to", &cloud.to_string())],
        )
        .await;
    assert_eq!(back.refused(), r#"409 {"Refused":"OnMachine"}"#);
    online.log_in(&portal).await;
    assert_eq!(
        online.acquire("A", "host", "key-5678").await.problem(),
        "404 no-such-license"
    );
    ned.post("deactivate", &[("activation", &there)]).await.ok();
    machine.exchange(&portal, &ned).await;
    assert_eq!(contents(&ned, &lab).await, Vec::new());
}

async fn s8_what_cannot_wait_for_a_machine_is_refused(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 2).await.ok();
    // Nothing was signed yet: it comes back at once, also a part of it.
    ned.post(
        "deactivate",
        &[("activation", &activation(&portal).await), ("quantity", "1")],
    )
    .await
    .ok();
    assert_eq!(activated(&portal, "n1").await, 1);
    ned.activate(&portal, "n1", &lab, 2).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("n1", 1), ("n1", 2)], "each goes its own way");
    let before = portal.state().await;
    let last = activation(&portal).await;
    let part = ned
        .post("deactivate", &[("activation", &last), ("quantity", "1")])
        .await;
    assert_eq!(part.refused(), r#"409 {"Refused":"WholeOnly"}"#);
    let boss = portal.client("boss").await;
    let fields = [
        ("tickets", &*portal.pick("n1")),
        ("to", &*portal.owner("South").to_string()),
        ("key", "move-away"),
        ("activated", "deactivate"),
    ];
    assert_eq!(
        boss.post("reassign", &fields).await.refused(),
        r#"409 {"Refused":"OnMachine"}"#
    );
    assert_eq!(portal.state().await, before);
    let removed = ned.post("remove_container", &[("container", &lab)]).await;
    assert_eq!(removed.refused(), r#"409 {"Refused":"ContainerNotEmpty"}"#);
    // Kept activated, the ticket moves; whoever administers it there asks it back.
    let keep = [fields[0], fields[1], fields[2], ("activated", "keep")];
    boss.post("reassign", &keep).await.ok();
    boss.post("withdraw_license", &[("activation", &last)]).await.ok();
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("n1", 1)]);
    assert_eq!(activated(&portal, "n1").await, 1);
}

async fn a_dongle_is_known_by_its_serial_number(engine: Engine) {
    let (portal, ned, _) = start(engine).await;
    for serial in ["", "  ", "with space", &"x".repeat(129)] {
        let refused = ned
            .create_container(&portal, "@ned", "Lab", "Dongle", serial)
            .await
            .refused();
        assert_eq!(refused, r#"422 {"Refused":"InvalidSerial"}"#, "{serial:?}");
    }
    let made = ned
        .create_container(&portal, "@ned", "Lab", "Dongle", " 3-1234567 ")
        .await;
    let dongle = id_in(&made.ok());
    ned.activate(&portal, "n1", &dongle, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &dongle, "").await;
    assert_eq!(machine.hardware, "3-1234567");
    let wrong = Request {
        hardware: "3-7654321".into(),
        ..machine.claims()
    };
    assert_eq!(
        upload(&ned, &dongle, &wrong.sign(&machine.key).unwrap())
            .await
            .status,
        422
    );
    machine.exchange(&portal, &ned).await;
    assert_eq!(contents(&ned, &dongle).await, one("n1", 1, "Confirmed"));
}

async fn an_empty_container_is_removed(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 1, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    let cloud = cloud.to_string();
    let full = ned.post("remove_container", &[("container", &cloud)]).await;
    assert_eq!(full.refused(), r#"409 {"Refused":"ContainerNotEmpty"}"#);
    ned.post("deactivate", &[("activation", &activation(&portal).await)])
        .await
        .ok();
    for container in [&cloud, &lab] {
        ned.post("remove_container", &[("container", container)])
            .await
            .ok();
        assert_eq!(
            ned.post("container", &[("container", container)]).await.status,
            404
        );
        assert_eq!(
            ned.post("remove_container", &[("container", container)])
                .await
                .status,
            404
        );
        assert_eq!(ned.activate(&portal, "n1", container, 1).await.status, 404);
    }
    assert_eq!(online.get("/api/v1/container").await.status, 401);
    assert_eq!(online.log_in(&portal).await.status, 401);
    let list = ned.post("containers", &[]).await.ok();
    assert_eq!((&list["total"], &list["rows"]), (&json!(0), &json!([])));
}

async fn kinds_keep_to_their_ways(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await.to_string();
    for path in ["setup", "update"] {
        assert_eq!(
            ned.get(&format!("/containers/{cloud}/{path}")).await.status,
            409,
            "{path}"
        );
    }
    assert_eq!(upload(&ned, &cloud, "x").await.status, 409);
    let lost = [("container", cloud.as_str()), ("lost", "true")];
    assert_eq!(
        ned.post("set_machine_lost", &lost).await.refused(),
        r#"409 {"Refused":"OtherKind"}"#
    );
    let file = portal
        .download(
            "ned",
            &format!("/containers/{lab}/credentials"),
            &[("label", "ci")],
        )
        .await;
    assert_eq!(file.status, 409);
    // A machine that has not come yet has no update.
    assert_eq!(ned.get(&format!("/containers/{lab}/update")).await.status, 409);
}

/// The step of the schema that made the devices, over cloud containers from before.
async fn an_older_database_gets_devices(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    portal.run("DELETE FROM devices").await;
    portal
        .run(&format!("DELETE FROM containers WHERE id = {lab}"))
        .await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 2, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    crate::history::chain::before_history(&portal).await;
    for sql in [
        "DROP TABLE devices",
        "ALTER TABLE containers DROP COLUMN kind",
        "ALTER TABLE containers DROP COLUMN removed_at",
        "ALTER TABLE containers ADD COLUMN kind TEXT NOT NULL DEFAULT 'cloud' CHECK (kind IN ('cloud'))",
        "DROP INDEX activations_running",
        "ALTER TABLE activations DROP COLUMN part",
        "ALTER TABLE activations DROP COLUMN signed_until",
        "ALTER TABLE activations DROP COLUMN update_id",
        "CREATE UNIQUE INDEX activations_running ON activations (container_id, license_id) WHERE ended_at IS NULL",
        "DELETE FROM _sqlx_migrations WHERE version >= 9",
    ] {
        portal.run(sql).await;
    }
    portal.upgrade().await;
    assert_eq!(contents(&ned, &cloud.to_string()).await, one("A", 2, "Confirmed"));
    assert_eq!(online.log_in(&portal).await.status, 200);
    online.acquire("A", "host", "key-1234").await.id();
    let lab = device(&portal, &ned).await;
    let given = activation(&portal).await;
    ned.post("transfer", &[("activations[0]", &given), ("to", &lab)])
        .await
        .ok();
    assert_eq!(contents(&ned, &lab).await, one("A", 2, "Assigned"));
}
