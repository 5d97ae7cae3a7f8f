//! Amendments and time (N17): over the seam of a renewal, on a day, and what machines know of them.

use domain::{licensing::leases::LIFETIME, time::DAY};
use jiff::SignedDuration;
use license_portal::{ops::licensing::amendments::carry_out, store::Engine};
use serde_json::{Value, json};

use crate::{
    licensing::amendments::{World, amend, day, events, over_time, undo, why, world},
    support::{
        moments::{moment, ms},
        portal::BEGIN,
    },
};

on_both_engines!(
    n17_what_is_planned_comes_into_force_by_itself,
    n17_a_planned_end_is_known_to_what_is_signed_before,
    n17_machines_know_of_it_after_their_next_renewal,
    n17_a_lease_over_the_seam_is_never_refused,
);

async fn n17_what_is_planned_comes_into_force_by_itself(engine: Engine) {
    let World {
        portal,
        license,
        isv,
        mut machine,
        ..
    } = world(engine, 2, None).await;
    let on = BEGIN + LIFETIME * 2;
    amend(
        &portal,
        &isv,
        license,
        "Quantity",
        &[("quantity", "1"), ("on", &day(on))],
    )
    .await
    .ok();
    let past = amend(&portal, &isv, license, "Suspend", &[("on", &day(BEGIN - DAY))]).await;
    assert_eq!((past.status, why(&past)), (422, json!("InThePast")));
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(
        (&told["license"]["quantity"], &told["amendments"][0]["state"]),
        (&json!(2), &json!("Planned"))
    );
    assert_eq!(carry_out(&portal.store).await.unwrap(), 0);
    portal.pass(LIFETIME * 2);
    machine.log_in(&portal).await.ok();
    // Whoever decides does not wait for the round.
    machine.acquire("A", "one", "key-one-1").await.id();
    assert_eq!(
        machine.acquire("A", "two", "key-two-2").await.problem(),
        "409 no-license-free"
    );
    let isv = portal.client("isv").await;
    assert_eq!(over_time(&portal, &isv, "t").await["license"]["quantity"], 1);
    // Two servers at the same time settle it once.
    let both = tokio::join!(carry_out(&portal.store), carry_out(&portal.store));
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 1);
    assert_eq!(carry_out(&portal.store).await.unwrap(), 0);
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(
        (&told["license"]["quantity"], &told["amendments"][0]["state"]),
        (&json!(1), &json!("InForce"))
    );
    assert_eq!(
        events(&portal).await,
        ["license_amendment_planned", "license_quantity_changed"]
    );
    assert_eq!(portal.number("SELECT COUNT(planned) FROM licenses").await, 0);
}

async fn n17_a_planned_end_is_known_to_what_is_signed_before(engine: Engine) {
    let World {
        portal,
        license,
        isv,
        machine,
        ..
    } = world(engine, 1, None).await;
    let on = portal.store.sources.now() + LIFETIME / 2;
    amend(&portal, &isv, license, "Suspend", &[("on", &day(on))])
        .await
        .ok();
    let lease = machine.acquire("A", "host", "key-1234").await.json();
    assert_eq!(moment(&lease["expires_at"]).as_second(), on.as_second());
    // Taken back before it came into force, it never was.
    let told = over_time(&portal, &isv, "t").await;
    undo(&isv, &told["amendments"][0]["id"]).await.ok();
    let renewed = machine.renew(lease["id"].as_str().unwrap()).await.ok();
    assert!(moment(&renewed["expires_at"]) > on + LIFETIME / 3);
    assert_eq!(
        events(&portal).await,
        ["license_amendment_planned", "license_amendment_undone"]
    );
}

async fn n17_machines_know_of_it_after_their_next_renewal(engine: Engine) {
    let World {
        portal,
        license,
        isv,
        machine,
        ..
    } = world(engine, 2, None).await;
    let lease = machine.acquire("A", "one", "key-one-1").await.id();
    machine.acquire("A", "two", "key-two-2").await.id();
    portal.pass(ms(1_000));
    amend(&portal, &isv, license, "Quantity", &[("quantity", "5")])
        .await
        .ok();
    portal.pass(ms(1_000));
    machine.renew(&lease).await.ok();
    let told = over_time(&portal, &isv, "t").await;
    let machines: Vec<(&Value, &Value, &Value)> = told["machines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| (&one["holder"], &one["container"]["name"], &one["knows"]))
        .collect();
    assert_eq!(
        machines,
        [
            (&json!("two"), &json!("Build"), &json!(false)),
            (&json!("one"), &json!("Build"), &json!(true)),
        ]
    );
    let expires = portal.number("SELECT MIN(expires_at) FROM leases").await;
    assert_eq!(moment(&told["machines"][0]["until"]).as_millisecond(), expires);
    // Whoever does not reach the container is told of a machine, and not of which.
    let told = over_time(&portal, &portal.client("bob").await, "t").await;
    let machine = &told["machines"][0];
    assert_eq!(
        (&machine["container"], &machine["holder"]),
        (&json!(null), &json!(null))
    );
}

async fn n17_a_lease_over_the_seam_is_never_refused(engine: Engine) {
    let World {
        portal,
        license,
        mut machine,
        ..
    } = world(engine, 1, Some(LIFETIME * 2)).await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let step = ms(10_000);
    let mut passed = SignedDuration::ZERO;
    while passed < LIFETIME * 4 {
        if passed == LIFETIME {
            let isv = portal.client("isv").await;
            amend(&portal, &isv, license, "Renew", &[("days", "1")])
                .await
                .ok();
        }
        portal.pass(step);
        passed += step;
        machine.log_in(&portal).await;
        let renewed = machine.renew(&lease).await;
        assert_eq!(renewed.status, 200, "after {passed:?}: {}", renewed.text());
    }
}
