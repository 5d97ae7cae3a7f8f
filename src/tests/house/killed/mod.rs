//! The program is killed (SIGKILL) while people and machines use licences: afterwards, everything that was acknowledged is
//! there, nothing is there by halves, and what is sent again with its idempotency key is done once (R5; of moves: `crates/faults`).

pub mod people;
pub mod workers;

use std::{
    sync::{
        Arc,
        atomic::{AtomicU32, Ordering},
    },
    time::Duration,
};

use license_portal::{server::cli, store::Engine};
use tokio::task::JoinSet;

use crate::{
    house::killed::{people::Person, workers::Worker},
    licensing::machines::{Machine, URL},
    support::{
        client::form,
        dice::Dice,
        portal::TestPortal,
        process::{Browser, FORM, Reply, Server},
    },
};

on_both_engines!(licences_outlive_a_server_that_is_killed);

mod licences_outlive_a_server_that_is_killed_often {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::rounds(
            Engine::Sqlite,
            super::number("PORTAL_KILLS_SQLITE", 1_000),
            2,
        ))
        .await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::rounds(
            Engine::Postgres,
            super::number("PORTAL_KILLS_POSTGRES", 200),
            3,
        ))
        .await;
    }
}

/// How often to kill, where the environment says something else.
fn number(name: &str, otherwise: u32) -> u32 {
    std::env::var(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

const PASSWORD: &str = "correct horse battery";
const PEOPLE: usize = 3;
const MACHINES: usize = 3;

/// The answer, or `None` when the server is gone: whether it did what it was asked to is not known then.
fn answer(sent: std::io::Result<Reply>) -> Option<Reply> {
    let reply = sent.ok()?;
    assert!(reply.status < 500, "{reply:?}");
    Some(reply)
}

/// An access token, if the assertion of the machine is accepted.
fn token(browser: &Browser, machine: &Machine) -> Option<String> {
    let assertion = machine.assertion(&machine.claims(cli::machine().now()));
    let fields = [
        ("grant_type", "client_credentials"),
        (
            "client_assertion_type",
            "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
        ),
        ("client_assertion", &assertion),
    ];
    let reply = browser.send("POST", "/oauth/token", FORM, form(&fields).as_bytes());
    let reply = answer(reply).expect("an answer");
    (reply.status == 200).then(|| reply.json()["access_token"].as_str().unwrap().to_owned())
}

/// What holds whatever happened.
async fn check(portal: &TestPortal) {
    let others = "SELECT COUNT(*) FROM licenses l WHERE l.activated <> COALESCE(
        (SELECT SUM(a.quantity) FROM activations a WHERE a.license_id = l.id AND a.ended_at IS NULL), 0)";
    assert_eq!(portal.number(others).await, 0, "licences with another number out");
    let more = "SELECT COUNT(*) FROM licenses WHERE activated > quantity";
    assert_eq!(
        portal.number(more).await,
        0,
        "licences with more out than granted"
    );
    let now = cli::machine().now().as_millisecond();
    let leases = format!(
        "SELECT COUNT(*) FROM activations a WHERE a.ended_at IS NULL AND a.quantity < (SELECT COUNT(*) FROM leases s
         WHERE s.activation_id = a.id AND s.ended_at IS NULL AND s.holds_until > {now})"
    );
    assert_eq!(
        portal.number(&leases).await,
        0,
        "activations with more leases than places"
    );
}

/// PostgreSQL may still be busy with what the killed server asked for last.
async fn wait_for_the_last_statements(engine: Engine, portal: &TestPortal) {
    let busy = "SELECT COUNT(*) FROM pg_stat_activity
        WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()";
    while engine == Engine::Postgres && portal.number(busy).await > 0 {
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
}

async fn licences_outlive_a_server_that_is_killed(engine: Engine) {
    rounds(engine, 6, 1).await;
}

async fn rounds(engine: Engine, rounds: u32, seed: u64) {
    let people: String = (0..PEOPLE).map(|n| format!(" @p{n}\n")).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\nTeam/\n #a #n\n{people}")).await;
    portal.set_passwords(PASSWORD).await;
    let shared = portal.make_container("isv", "Machines").await;
    let licenses = [
        portal.activate("a", shared, "A", 4, "quantity = 16").await,
        portal
            .activate("n", shared, "N", 1, "quantity = 9, binding = 'node_locked'")
            .await,
    ];
    let start = || Server::start(&portal, portal.address(), &["--url", URL]);
    let mut server = start();
    let mut seeds = seed * 100..;
    let mut persons = Vec::new();
    for n in 0..PEOPLE {
        let login = format!("p{n}");
        let (reply, browser) = server.browser().log_in(&login, PASSWORD, false);
        reply.ok();
        let containers = [
            portal.make_container(&login, "one").await.0,
            portal.make_container(&login, "two").await.0,
        ];
        let seed = seeds.next().unwrap();
        persons.push(Person::new(login, browser, containers, licenses, seed));
    }
    let mut workers = Vec::new();
    for n in 0..MACHINES {
        let machine = portal.machine("isv", shared, &format!("machine {n}")).await;
        workers.push(Worker::new(server.browser(), machine, seeds.next().unwrap()));
    }
    let mut dice = Dice::new(seeds.next().unwrap());
    let acknowledged = Arc::new(AtomicU32::new(0));
    let (mut goal, mut unanswered) = (0, [0, 0]);
    for round in 0..=rounds {
        let mut outcomes = Vec::new();
        for person in &mut persons {
            person.browser.address = server.address;
            outcomes.push(person.settle(&portal).await);
        }
        for worker in &mut workers {
            worker.browser.address = server.address;
            outcomes.push(worker.settle(&portal).await);
        }
        for done in outcomes.into_iter().flatten() {
            unanswered[usize::from(done)] += 1;
        }
        check(&portal).await;
        if round == rounds {
            break;
        }
        let (mut people, mut machines) = (JoinSet::new(), JoinSet::new());
        for person in persons.drain(..) {
            let acknowledged = Arc::clone(&acknowledged);
            people.spawn_blocking(move || person.work(&acknowledged));
        }
        for worker in workers.drain(..) {
            let acknowledged = Arc::clone(&acknowledged);
            machines.spawn_blocking(move || worker.work(&acknowledged));
        }
        // In the midst of it, however slow the machine is.
        goal += 1 + u32::try_from(dice.below(40)).unwrap();
        while acknowledged.load(Ordering::SeqCst) < goal {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
        tokio::time::sleep(Duration::from_millis(dice.below(30))).await;
        server.kill();
        persons.extend(people.join_all().await);
        workers.extend(machines.join_all().await);
        goal = acknowledged.load(Ordering::SeqCst);
        wait_for_the_last_statements(engine, &portal).await;
        check(&portal).await;
        server = start();
    }
    println!(
        "figure: R5: {engine:?}: the server killed {rounds} times while licences are used; {goal} requests acknowledged, {} without an answer, of which {} were done",
        unanswered[0] + unanswered[1],
        unanswered[1]
    );
    assert!(unanswered[0] + unanswered[1] > rounds, "{unanswered:?}");
}
