//! Licences in use by machines (N9), over HTTP: leases, nodes, and what ends them.

use std::collections::BTreeSet;

use domain::{
    ids::{ActivationId, ContainerId, LicenseId},
    licensing::leases::{LIFETIME, NODE_LIFETIME},
    time::DAY,
};
use jose::{self, JwkSet};
use license_portal::store::{self, Engine};
use serde_json::{Value, json};

use crate::{
    licensing::machines::{Machine, URL},
    support::{
        moments::ms,
        portal::{BEGIN, BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    a_machine_gets_the_licences_of_its_container,
    a_lease_is_renewed_and_released,
    there_are_no_more_leases_than_licences,
    licences_that_move_on_wait_for_who_holds_them,
    what_runs_beyond_the_quantity_ends,
    a_repeated_request_is_answered_with_the_same_lease,
    refusals_say_why,
    nothing_of_other_containers_can_be_reached,
    occupied_means_the_same_to_database_and_domain,
);

const TREE: &str = "@isv^\nTeam/\n @ann\n @bob\n #t\n";

/// A portal with a container of Ann's, and a machine.
pub struct World {
    pub portal: TestPortal,
    pub container: ContainerId,
    pub machine: Machine,
}

/// A container of Ann's with so many floating licences of the product A, and a machine.
pub async fn world(engine: Engine, quantity: u32) -> World {
    let portal = TestPortal::start(engine, TREE).await;
    let container = portal.make_container("ann", "Build").await;
    portal.activate("t", container, "A", quantity, "").await;
    let machine = portal.machine("ann", container, "ci").await;
    World {
        portal,
        container,
        machine,
    }
}

/// The one activation in a container.
async fn activation(portal: &TestPortal, container: ContainerId) -> i64 {
    portal
        .number(&format!(
            "SELECT id FROM activations WHERE container_id = {container} AND ended_at IS NULL"
        ))
        .await
}

/// What a signed licence says, by the keys in the credential file.
pub fn claims(machine: &Machine, token: &Value) -> Value {
    let keys: JwkSet = serde_json::from_value(json!({ "keys": machine.file["portal_keys"] })).unwrap();
    jose::verify(token.as_str().unwrap(), "license+jwt", |kid| keys.key(kid)).unwrap()
}

async fn a_machine_gets_the_licences_of_its_container(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 2).await;
    let until = (BEGIN + DAY).as_millisecond();
    portal
        .activate(
            "t",
            container,
            "B",
            1,
            &format!("binding = 'node_locked', valid_until = {until}"),
        )
        .await;
    machine.acquire("A", "host", "key-1234").await.id();
    let seen = machine.get("/api/v1/container").await.ok();
    assert_eq!(seen["id"], container.to_string());
    assert_eq!(seen["name"], "Build");
    assert_eq!(
        seen["licenses"][0],
        json!({
            "id": seen["licenses"][0]["id"], "article": "A", "product": "Product A", "features": ["fly", "swim"],
            "quantity": 2, "in_use": 1, "binding": "floating", "valid_from": null, "valid_until": null, "state": "usable",
        })
    );
    assert_eq!(seen["licenses"][1]["valid_until"], "2025-06-02T00:00:00Z");
    assert_eq!(seen["licenses"][1]["binding"], "node_locked");
    portal.pass(2 * DAY);
    let mut machine = machine;
    machine.log_in(&portal).await.ok();
    let seen = machine.get("/api/v1/container").await.ok();
    assert_eq!(seen["licenses"][1]["state"], "expired");
    assert_eq!(seen["licenses"][0]["in_use"], 0);
}

async fn a_lease_is_renewed_and_released(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    let answer = machine.acquire("A", "host-1", "key-1234").await;
    assert_eq!(answer.status, 201);
    let lease = answer.json();
    let id = answer.id();
    assert_eq!(
        (&lease["holder"], &lease["renew_after"]),
        (&json!("host-1"), &json!(100))
    );
    let said = claims(&machine, &lease["token"]);
    for (name, value) in [
        ("iss", json!(URL)),
        ("aud", json!(container.to_string())),
        ("sub", lease["license"].clone()),
        ("jti", json!(id)),
        ("article", json!("A")),
        ("product", json!("Product A")),
        ("features", json!(["fly", "swim"])),
        ("quantity", json!(1)),
    ] {
        assert_eq!(said[name], value, "{name}");
    }
    let exp = said["exp"].as_i64().unwrap();
    assert_eq!(exp - said["iat"].as_i64().unwrap(), LIFETIME.as_secs());
    let expires: jiff::Timestamp = lease["expires_at"].as_str().unwrap().parse().unwrap();
    assert_eq!(expires.as_second(), exp);
    portal.pass(ms(100_000));
    let renewed = machine.renew(&id).await.ok();
    assert_eq!(renewed["id"], lease["id"]);
    assert!(claims(&machine, &renewed["token"])["exp"].as_i64().unwrap() >= exp + 100);
    // By its licence's own id, too, and none is free.
    let by_id = lease["license"].as_str().unwrap();
    assert_eq!(
        machine.acquire(by_id, "host-2", "key-2345").await.problem(),
        "409 no-license-free"
    );
    assert_eq!(machine.release(&id).await.status, 204);
    assert_eq!(machine.release(&id).await.status, 204);
    assert_eq!(machine.renew(&id).await.problem(), "410 lease-lost");
    let second = machine.acquire(by_id, "host-2", "key-3456").await.id();
    // Not renewed in time, it is lost, and giving it back changes nothing.
    portal.pass(LIFETIME + ms(1));
    assert_eq!(machine.renew(&second).await.problem(), "410 lease-lost");
    assert_eq!(machine.release(&second).await.status, 204);
    machine.acquire("A", "host-3", "key-4567").await.id();
    let last: Option<i64> = Some(portal.number("SELECT last_used_at FROM credentials").await);
    assert!(last.is_some_and(|last| last > BEGIN_MS + 300_000));
}

async fn there_are_no_more_leases_than_licences(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 2).await;
    let first = machine.acquire("A", "one", "key-one-1").await.id();
    portal.pass(ms(100_000));
    machine.acquire("A", "two", "key-two-2").await.id();
    let refused = machine.acquire("A", "three", "key-three").await;
    assert_eq!(refused.problem(), "409 no-license-free");
    assert_eq!(refused.header("retry-after"), "60", "no longer than a minute");
    portal.pass(ms(180_000));
    let refused = machine.acquire("A", "three", "key-three").await;
    let wait: i64 = refused.header("retry-after").parse().unwrap();
    assert!((15..=20).contains(&wait), "{wait}");
    portal.pass(ms(wait * 1000));
    machine.acquire("A", "three", "key-three").await.id();
    assert_eq!(machine.renew(&first).await.problem(), "410 lease-lost");
}

async fn licences_that_move_on_wait_for_who_holds_them(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    let other = portal.make_container("bob", "Other").await;
    let elsewhere = portal.machine("bob", other, "there").await;
    let id = machine.acquire("A", "one", "key-one-1").await.id();
    // The one licence moves from Ann's container to Bob's.
    let activation = activation(&portal, container).await.to_string();
    let isv = portal.client("isv").await;
    isv.post(
        "transfer",
        &[("activations[0]", &activation), ("to", &other.to_string())],
    )
    .await
    .ok();
    assert_eq!(machine.renew(&id).await.problem(), "410 lease-lost");
    assert_eq!(
        machine.acquire("A", "one", "key-two-2").await.problem(),
        "404 no-such-license"
    );
    // What the machine holds is good until its end, and nobody else has the licence before.
    let refused = elsewhere.acquire("A", "two", "key-three").await;
    assert_eq!(refused.problem(), "409 no-license-free");
    portal.pass(LIFETIME);
    elsewhere.acquire("A", "two", "key-three").await.id();
    // Unless it is given back.
    assert_eq!(machine.release(&id).await.status, 204);
}

async fn what_runs_beyond_the_quantity_ends(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 3).await;
    let mut leases = Vec::new();
    for n in 0..3 {
        leases.push(machine.acquire("A", "host", &format!("key-1234-{n}")).await.id());
    }
    machine.release(&leases[0]).await;
    leases[0] = machine.acquire("A", "host", "key-again").await.id();
    // Ann gives one back to its ticket: the youngest ends.
    let activation = activation(&portal, container).await.to_string();
    let ann = portal.client("ann").await;
    ann.post("deactivate", &[("activation", &activation), ("quantity", "1")])
        .await
        .ok();
    assert_eq!(machine.renew(&leases[0]).await.problem(), "410 lease-lost");
    machine.renew(&leases[1]).await.id();
    machine.renew(&leases[2]).await.id();
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM leases WHERE end_reason = 'revoked'")
            .await,
        1
    );
    // A place that becomes free in the container is not one more than it has.
    machine.release(&leases[1]).await;
    assert_eq!(
        machine.acquire("A", "host", "key-other").await.problem(),
        "409 no-license-free"
    );
    // The one that was taken is given back by its machine: then there is a place.
    assert_eq!(machine.release(&leases[0]).await.status, 204);
    machine.acquire("A", "host", "key-other").await.id();
}

async fn a_repeated_request_is_answered_with_the_same_lease(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 2).await;
    let first = machine.acquire("A", "host", "key-1234").await;
    let again = machine.acquire("A", "host", "key-1234").await;
    assert_eq!((first.status, again.status), (201, 201));
    assert_eq!(first.id(), again.id());
    assert_eq!(portal.number("SELECT COUNT(*) FROM leases").await, 1);
    assert_eq!(
        machine.acquire("A", "other", "key-1234").await.problem(),
        "409 key-reused"
    );
    assert_eq!(
        machine.acquire("B", "host", "key-1234").await.problem(),
        "409 key-reused"
    );
    machine.release(&first.id()).await;
    assert_eq!(
        machine.acquire("A", "host", "key-1234").await.problem(),
        "409 key-reused"
    );
    for key in ["", "1234567", "with blank", &"x".repeat(65), "ümlaut-key"] {
        assert_eq!(
            machine.acquire("A", "host", key).await.problem(),
            "422 invalid-request",
            "{key:?}"
        );
    }
    let without = json!({ "product": "A", "holder": "host" });
    let without = machine
        .send(http::Method::POST, "/api/v1/leases", Some(&without), None)
        .await;
    assert_eq!(without.problem(), "422 invalid-request");
    // The key of one credential means nothing to another.
    let container = ContainerId(machine.file["container"].as_str().unwrap().parse().unwrap());
    let other = portal.machine("ann", container, "second").await;
    other.acquire("A", "host", "key-1234").await.id();
}

async fn refusals_say_why(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    let later = (BEGIN + NODE_LIFETIME).as_millisecond();
    portal
        .activate("t", container, "LATER", 1, &format!("valid_from = {later}"))
        .await;
    portal
        .activate("t", container, "OVER", 1, "valid_until = 5")
        .await;
    portal
        .activate("t", container, "NODE", 1, "binding = 'node_locked'")
        .await;
    for (product, problem) in [
        ("NOTHING", "404 no-such-license"),
        ("a", "404 no-such-license"),
        ("LATER", "409 license-not-valid"),
        ("OVER", "409 license-not-valid"),
        ("NODE", "409 wrong-binding"),
    ] {
        assert_eq!(
            machine.acquire(product, "host", "key-1234").await.problem(),
            problem,
            "{product}"
        );
    }
    assert_eq!(machine.bind("A", "f").await.problem(), "409 wrong-binding");
    assert_eq!(
        machine.bind("NOTHING", "f").await.problem(),
        "404 no-such-license"
    );
    assert_eq!(
        machine.acquire("A", " ", "key-1234").await.problem(),
        "422 invalid-request"
    );
    assert_eq!(machine.bind("NODE", "").await.problem(), "422 invalid-request");
    assert_eq!(
        machine.bind("NODE", "with blank").await.problem(),
        "422 invalid-request"
    );
    // Of two licences of a product, the one that can be used.
    portal
        .activate("t", container, "TWICE-1", 1, "valid_until = 5")
        .await;
    portal.activate("t", container, "TWICE-2", 1, "").await;
    portal
        .run("UPDATE licenses SET product_id = (SELECT id FROM products WHERE article = 'TWICE-1') WHERE product_id = (SELECT id FROM products WHERE article = 'TWICE-2')")
        .await;
    machine.acquire("TWICE-1", "host", "key-2345").await.id();
    // Nothing is signed beyond the end of the licence.
    let end = portal.store.sources.now().as_millisecond() + 30_000;
    portal
        .activate("t", container, "SHORT", 1, &format!("valid_until = {end}"))
        .await;
    let short = machine.acquire("SHORT", "host", "key-3456").await.json();
    assert_eq!(claims(&machine, &short["token"])["exp"], end / 1000);
    portal.pass(ms(30_000));
    let id = short["id"].as_str().unwrap();
    assert_eq!(machine.renew(id).await.problem(), "410 lease-lost");
}

async fn nothing_of_other_containers_can_be_reached(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    portal
        .activate("t", container, "N", 1, "binding = 'node_locked'")
        .await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let node = machine.bind("N", "f").await.id();
    let other = portal.make_container("ann", "Other").await;
    let other = portal.machine("ann", other, "there").await;
    assert_eq!(
        other.acquire("A", "host", "key-1234").await.problem(),
        "404 no-such-license"
    );
    assert_eq!(other.get("/api/v1/container").await.ok()["licenses"], json!([]));
    for id in [&lease, &node, "4611686018427387903", "x", "0"] {
        let answers = [
            other.renew(id).await,
            other.release(id).await,
            other.get(&format!("/api/v1/nodes/{id}")).await,
            other.delete(&format!("/api/v1/nodes/{id}")).await,
        ];
        let told: BTreeSet<(String, String)> = answers
            .iter()
            .map(|answer| (answer.problem(), answer.text()))
            .collect();
        assert_eq!(told.len(), 1, "{told:?}");
        assert_eq!(answers[0].problem(), "404 no-such-lease");
    }
    // Another credential of the same container goes on with what the first began.
    let second = portal.machine("ann", container, "second").await;
    second.renew(&lease).await.id();
    second.get(&format!("/api/v1/nodes/{node}")).await.id();
}

/// The index of places and the rule of `domain/leases.rs` agree, whatever became of a lease.
async fn occupied_means_the_same_to_database_and_domain(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 4).await;
    let node = portal
        .activate("t", container, "N", 4, "binding = 'node_locked'")
        .await;
    let mut ids = Vec::new();
    for n in 0..4 {
        ids.push(machine.acquire("A", "host", &format!("key-1234-{n}")).await.id());
        ids.push(machine.bind("N", &format!("f{n}")).await.id());
    }
    portal.pass(ms(1000));
    for id in &ids[..2] {
        machine.release(id).await;
        machine.delete(&format!("/api/v1/nodes/{id}")).await;
    }
    let mut tx = portal.store.begin_write().await.unwrap();
    let now = portal.store.sources.now();
    for activation in portal.texts("SELECT CAST(id AS TEXT) FROM activations").await {
        let activation = ActivationId(activation.parse().unwrap());
        store::licensing::leases::revoke_beyond(&mut tx, activation, 2, now)
            .await
            .unwrap();
    }
    portal.store.commit(tx).await.unwrap();
    for passed in [ms(0), LIFETIME / 2, LIFETIME, NODE_LIFETIME, 2 * NODE_LIFETIME] {
        portal.pass(passed);
        let mut tx = portal.store.begin_read().await.unwrap();
        let now = portal.store.sources.now();
        let mut occupying = 0;
        for id in &ids {
            let found = store::licensing::leases::by_id(&mut tx, id.parse().unwrap())
                .await
                .unwrap()
                .unwrap();
            occupying += u32::from(found.license == LicenseId(node) && found.lease.occupies(now));
        }
        let (activation, granted) = store::licensing::licenses::activations_in(&mut tx, container)
            .await
            .unwrap()
            .into_iter()
            .find(|(_, granted)| granted.license.id == LicenseId(node))
            .unwrap();
        let (places, _) = store::licensing::leases::places(&mut tx, &activation, &granted, now)
            .await
            .unwrap();
        assert_eq!(
            (places.taken, places.out),
            (occupying, occupying),
            "after {passed} ms"
        );
    }
}
