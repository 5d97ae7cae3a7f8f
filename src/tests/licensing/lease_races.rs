//! Machines that ask at the same moment, on several servers (start of R9).

use std::collections::BTreeSet;

use license_portal::store::Engine;
use tokio::task::JoinSet;

use crate::licensing::leases::{World, world};

on_both_engines!(
    sixteen_ask_for_the_last_licence,
    the_same_request_sixteen_times,
    sixty_four_that_start_together_all_get_theirs,
);

async fn sixteen_ask_for_the_last_licence(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 2).await;
    portal
        .activate("t", container, "N", 2, "binding = 'node_locked'")
        .await;
    machine.acquire("A", "first", "key-first").await.id();
    machine.bind("N", "first").await.id();
    let second = (engine == Engine::Postgres).then_some(portal.second().await);
    for round in 0..5 {
        let mut race = JoinSet::new();
        for n in 0..16 {
            let machine = match &second {
                Some(second) if n % 2 == 1 => machine.at(second),
                _ => machine.clone(),
            };
            race.spawn(async move {
                let name = format!("round-{round}-machine-{n}");
                if n < 8 {
                    machine.acquire("A", &name, &name).await
                } else {
                    machine.bind("N", &name).await
                }
            });
        }
        let answers = race.join_all().await;
        let won: Vec<String> = answers
            .iter()
            .filter(|answer| answer.status == 201)
            .map(|answer| answer.id())
            .collect();
        assert_eq!(won.len(), 2, "in round {round}");
        for answer in answers.iter().filter(|answer| answer.status != 201) {
            assert_eq!(answer.problem(), "409 no-license-free");
        }
        for id in won {
            let gone = [
                machine.release(&id).await,
                machine.delete(&format!("/api/v1/nodes/{id}")).await,
            ];
            assert!(gone.iter().any(|answer| answer.status == 204));
        }
    }
}

async fn the_same_request_sixteen_times(engine: Engine) {
    let World {
        portal,
        container,
        machine,
    } = world(engine, 16).await;
    portal
        .activate("t", container, "N", 16, "binding = 'node_locked'")
        .await;
    let second = (engine == Engine::Postgres).then_some(portal.second().await);
    let mut race = JoinSet::new();
    for n in 0..16 {
        let machine = match &second {
            Some(second) if n % 2 == 1 => machine.at(second),
            _ => machine.clone(),
        };
        race.spawn(async move {
            if n < 8 {
                machine.acquire("A", "host", "same-key").await.id()
            } else {
                machine.bind("N", "same-fingerprint").await.id()
            }
        });
    }
    let ids: BTreeSet<String> = race.join_all().await.into_iter().collect();
    assert_eq!(ids.len(), 2, "{ids:?}");
    assert_eq!(portal.number("SELECT COUNT(*) FROM leases").await, 2);
}

/// A cluster that starts its machines at the same moment: every transaction loses many times before it wins.
async fn sixty_four_that_start_together_all_get_theirs(engine: Engine) {
    let World { portal, machine, .. } = world(engine, 64).await;
    let second = (engine == Engine::Postgres).then_some(portal.second().await);
    let mut race = JoinSet::new();
    for n in 0..64 {
        let machine = match &second {
            Some(second) if n % 2 == 1 => machine.at(second),
            _ => machine.clone(),
        };
        let name = format!("machine-{n}");
        race.spawn(async move { machine.acquire("A", &name, &name).await });
    }
    let answers = race.join_all().await;
    let leases: BTreeSet<String> = answers.iter().map(|answer| answer.id()).collect();
    assert_eq!(leases.len(), 64);
}
