//! Node-locked licences (N9), over HTTP.

use domain::licensing::leases::NODE_LIFETIME;
use license_portal::store::Engine;

use crate::{
    licensing::leases::{World, claims, world},
    support::moments::ms,
};

on_both_engines!(a_node_is_bound_once, returns_are_counted);

async fn a_node_is_bound_once(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    portal
        .activate("t", container, "N", 1, "binding = 'node_locked'")
        .await;
    let first = machine.bind("N", "fingerprint-1").await;
    assert_eq!(first.status, 201);
    let id = first.id();
    assert_eq!(first.header("location"), format!("/api/v1/nodes/{id}"));
    let said = claims(&machine, &first.json()["file"]);
    assert_eq!(said["fingerprint"], "fingerprint-1");
    assert_eq!(
        said["exp"].as_i64().unwrap() - said["iat"].as_i64().unwrap(),
        NODE_LIFETIME.as_secs()
    );
    let again = machine.bind("N", "fingerprint-1").await;
    assert_eq!((again.status, again.id()), (200, id.clone()));
    assert_eq!(
        machine.bind("N", "fingerprint-2").await.problem(),
        "409 no-license-free"
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM leases").await, 1);
    // It is no lease, and a lease is no node.
    assert_eq!(machine.renew(&id).await.problem(), "404 no-such-lease");
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    assert_eq!(
        machine.get(&format!("/api/v1/nodes/{lease}")).await.problem(),
        "404 no-such-lease"
    );
    // Its file is over, and its place is still its own.
    portal.pass(NODE_LIFETIME + ms(1));
    let mut machine = machine;
    machine.log_in(&portal).await.ok();
    assert_eq!(
        machine.bind("N", "fingerprint-2").await.problem(),
        "409 no-license-free"
    );
    let fresh = machine.get(&format!("/api/v1/nodes/{id}")).await;
    assert!(claims(&machine, &fresh.json()["file"])["exp"].as_i64() > said["exp"].as_i64());
    assert_eq!(machine.delete(&format!("/api/v1/nodes/{id}")).await.status, 204);
    assert_eq!(machine.delete(&format!("/api/v1/nodes/{id}")).await.status, 204);
    assert_eq!(
        machine.get(&format!("/api/v1/nodes/{id}")).await.problem(),
        "410 lease-lost"
    );
    assert_eq!(machine.bind("N", "fingerprint-2").await.status, 201);
}

async fn returns_are_counted(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    let license = portal
        .activate(
            "t",
            container,
            "N",
            1,
            "binding = 'node_locked', returns_left = 1",
        )
        .await;
    let left = async || {
        portal
            .number(&format!("SELECT returns_left FROM licenses WHERE id = {license}"))
            .await
    };
    let first = machine.bind("N", "fingerprint-1").await.id();
    assert_eq!(
        machine.delete(&format!("/api/v1/nodes/{first}")).await.status,
        204
    );
    assert_eq!(
        machine.delete(&format!("/api/v1/nodes/{first}")).await.status,
        204
    );
    assert_eq!(left().await, 0);
    let second = machine.bind("N", "fingerprint-2").await.id();
    assert_eq!(
        machine.delete(&format!("/api/v1/nodes/{second}")).await.problem(),
        "409 no-returns-left"
    );
    machine.get(&format!("/api/v1/nodes/{second}")).await.id();
    assert_eq!(left().await, 0);
}
