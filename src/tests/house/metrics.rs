//! Metrics: what is counted is told, in few series and about nobody; the files for Prometheus and Grafana name what there is.

use std::{
    collections::{BTreeMap, BTreeSet},
    net::{SocketAddr, TcpListener},
    time::Duration,
};

use axum::Router;
use http::{Method, StatusCode};
use license_portal::{
    jobs::supervisor::{self, Health, Job},
    metrics::{self, Kind, TABLE},
    server::metrics::{look::Look, routes},
    store::Engine,
};
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;

use crate::{
    licensing::leases::{World, world},
    support::{
        client::{Answer, Client},
        portal::TestPortal,
        process::Server,
        running::send,
    },
};

on_both_engines!(
    what_happened_is_told_and_nothing_about_anybody,
    the_database_is_asked_once_in_ten_seconds,
    a_server_tells_metrics_at_a_listener_of_its_own,
);

const ALERTS: &str = include_str!("../../../docs/operation/alerts.yml");
const DASHBOARD: &str = include_str!("../../../docs/operation/dashboard.json");
const DOCUMENT: &str = include_str!("../../../docs/operation/metrics.md");

const PASSWORD: &str = "correct horse battery";

/// A line of the text format.
#[derive(Debug)]
struct Sample {
    name: String,
    labels: BTreeMap<String, String>,
    value: f64,
}

/// The lines that are no comments. Values of labels have no commas here.
fn samples(text: &str) -> Vec<Sample> {
    let read = |line: &str| {
        let (series, value) = line.rsplit_once(' ')?;
        let (name, labels) = series.split_once('{').unwrap_or((series, "}"));
        let labels = labels.strip_suffix('}')?;
        let pair = |label: &str| {
            let (name, value) = label.split_once('=').expect("a label");
            (name.to_owned(), value.trim_matches('"').to_owned())
        };
        Some(Sample {
            name: name.to_owned(),
            labels: labels
                .split(',')
                .filter(|label| !label.is_empty())
                .map(pair)
                .collect(),
            value: value.parse().expect("a number"),
        })
    };
    let lines = text
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'));
    lines
        .map(|line| read(line).unwrap_or_else(|| panic!("{line:?}")))
        .collect()
}

/// The metric that a series belongs to: of histograms there are three.
fn metric_of(series: &str) -> Option<&'static metrics::Metric> {
    TABLE.iter().find(|metric| match metric.kind {
        Kind::Histogram => series
            .strip_prefix(metric.name)
            .is_some_and(|end| ["_bucket", "_sum", "_count"].contains(&end)),
        Kind::Counter | Kind::Gauge => series == metric.name,
    })
}

/// What begins as the names of metrics do, in a text.
fn named(text: &str) -> BTreeSet<&str> {
    text.split(|c: char| !c.is_ascii_lowercase() && c != '_')
        .filter(|word| word.starts_with("portal_"))
        .collect()
}

/// The sum of the samples of a series that have those labels.
fn sum(samples: &[Sample], series: &str, labels: &[(&str, &str)]) -> f64 {
    let fits = |sample: &&Sample| {
        let has = |(name, value): &(&str, &str)| sample.labels.get(*name).is_some_and(|found| found == value);
        sample.name == series && labels.iter().all(has)
    };
    samples.iter().filter(fits).map(|sample| sample.value).sum()
}

/// The listener for metrics of the portal, without a network.
fn listener(portal: &TestPortal, health: Health) -> Client {
    let exposition = metrics::install().expect("it counts");
    let of = &portal.portal;
    let look = Look::new(
        portal.store.clone(),
        of.vendor.clone(),
        of.live.clone(),
        of.outbox.clone(),
        health,
    );
    let router: Router = routes(exposition, look);
    Client::new(router, None)
}

async fn scraped(listener: &Client) -> (Answer, Vec<Sample>) {
    let answer = listener.get("/metrics").await;
    assert_eq!(answer.status, 200);
    assert_eq!(
        answer.header("content-type"),
        "text/plain; version=0.0.4; charset=utf-8"
    );
    assert_eq!(answer.header("set-cookie"), "");
    let found = samples(&answer.text());
    (answer, found)
}

#[test]
fn the_files_for_prometheus_and_grafana_name_what_there_is() {
    for (file, text) in [("alerts.yml", ALERTS), ("dashboard.json", DASHBOARD)] {
        let names = named(text);
        assert!(names.len() > 10, "{file} names {names:?}");
        for name in names {
            assert!(
                metric_of(name).is_some(),
                "{file} names {name}, which there is not"
            );
        }
    }
    serde_json::from_str::<serde_json::Value>(DASHBOARD).expect("the dashboard is JSON");
    for metric in TABLE {
        let shown = named(DASHBOARD)
            .into_iter()
            .any(|name| metric_of(name) == Some(metric));
        assert!(shown, "the dashboard does not show {}", metric.name);
        let labels: Vec<String> = metric.labels.iter().map(|label| format!("`{label}`")).collect();
        let labels = if labels.is_empty() {
            "–".to_owned()
        } else {
            labels.join(", ")
        };
        let kind = format!("{:?}", metric.kind).to_lowercase();
        let row = format!("| `{}` | {kind} | {labels} | {} |", metric.name, metric.help);
        assert!(DOCUMENT.contains(&row), "docs/operation/metrics.md lacks {row}");
    }
    let alerts: Vec<&str> = ALERTS
        .lines()
        .filter_map(|line| line.trim().strip_prefix("- alert: "))
        .collect();
    assert!(alerts.len() > 10, "{alerts:?}");
    for alert in alerts {
        assert!(
            DOCUMENT.contains(&format!("`{alert}`")),
            "nothing says what to do about {alert}"
        );
    }
}

async fn what_happened_is_told_and_nothing_about_anybody(engine: Engine) {
    metrics::install().expect("it counts");
    let World {
        portal,
        container,
        machine,
    } = world(engine, 1).await;
    portal.set_quick_passwords(PASSWORD).await;
    let health = Health::default();
    let job = Job::new(
        "sealing",
        "seals",
        Duration::from_millis(5),
        portal.store.clone(),
        |store, stop: CancellationToken| async move {
            license_portal::ops::history::chain::seal(&store)
                .await
                .expect("sealed");
            metrics::round("sealing", true);
            stop.cancelled().await;
        },
    );
    let running = supervisor::start(vec![job], health.clone());
    let nobody = portal.nobody();
    for (password, status) in [("wrong", 401), (PASSWORD, 200)] {
        let form = [("login", "bob"), ("password", password), ("end_other", "false")];
        assert_eq!(nobody.post("log_in", &form).await.status, status);
    }
    let isv = portal.client("isv").await;
    let of_group = format!("/groups/{}", portal.group("Team").0);
    assert_eq!(isv.get(&of_group).await.status, 200, "{of_group}");
    let own_way = Method::from_bytes(b"BREW").unwrap();
    for (method, path) in [(Method::GET, "/no/such/page"), (own_way, "/healthz")] {
        let request = nobody.request(method, path).body(axum::body::Body::empty());
        nobody.send(request.unwrap()).await;
    }
    let lease = machine.acquire("A", "host-of-ann", "key-1234").await.id();
    assert_eq!(machine.renew(&lease).await.status, 200);
    assert_eq!(
        machine.acquire("A", "host-of-bob", "key-1235").await.problem(),
        "409 no-license-free"
    );

    let moving = [
        ("tickets", portal.pick("t")),
        ("to", portal.owner("-").to_string()),
        ("activated", "keep".to_owned()),
        ("key", "a-move-to-count".to_owned()),
    ];
    let moving = moving.each_ref().map(|(name, value)| (*name, value.as_str()));
    let moved = isv.post("reassign", &moving).await;
    assert_eq!(moved.status, 200, "{}", moved.text());

    let listener = listener(&portal, health);
    tokio::time::sleep(Duration::from_millis(50)).await;
    let (answer, found) = scraped(&listener).await;
    running.end(Duration::from_secs(5)).await;
    let text = answer.text();
    for (series, labels, value) in [
        (
            "portal_logins_total",
            &[("way", "password"), ("outcome", "wrong")][..],
            1.0,
        ),
        (
            "portal_logins_total",
            &[("way", "password"), ("outcome", "begun")],
            1.0,
        ),
        ("portal_leases_taken_total", &[("binding", "floating")], 1.0),
        ("portal_leases_renewed_total", &[("binding", "floating")], 1.0),
        ("portal_leases_refused_total", &[("reason", "none_free")], 1.0),
        ("portal_leases", &[], 1.0),
        ("portal_seats", &[], 5.0),
        ("portal_seats_used", &[], 3.0),
        ("portal_database_up", &[], 1.0),
        ("portal_backup_age_seconds", &[], -1.0),
        ("portal_job_starts_total", &[("job_name", "sealing")], 1.0),
        (
            "portal_job_rounds_total",
            &[("job_name", "sealing"), ("outcome", "done")],
            1.0,
        ),
        ("portal_job_lost", &[], 0.0),
        (
            "portal_request_seconds_count",
            &[("route", "other"), ("status", "4xx")],
            1.0,
        ),
        (
            "portal_request_seconds_count",
            &[("route", "/healthz"), ("method", "other")],
            1.0,
        ),
        (
            "portal_request_seconds_count",
            &[("route", "/api/log_in"), ("status", "4xx")],
            1.0,
        ),
    ] {
        assert_eq!(sum(&found, series, labels), value, "{series} {labels:?}\n{text}");
    }
    for (series, labels) in [
        (
            "portal_transaction_seconds_count",
            &[("kind", "write"), ("outcome", "committed")][..],
        ),
        (
            "portal_transaction_seconds_count",
            &[("kind", "read"), ("outcome", "ended")],
        ),
        ("portal_database_connections", &[]),
        ("portal_database_connections_most", &[]),
    ] {
        assert!(sum(&found, series, labels) >= 1.0, "{series} {labels:?}\n{text}");
    }

    // All that alerts ask for is there, with the labels of the table and no others.
    let told: BTreeSet<&str> = found.iter().map(|sample| sample.name.as_str()).collect();
    for name in named(ALERTS) {
        assert!(told.contains(name), "{name} is not told:\n{text}");
    }
    for Sample { name, labels, .. } in &found {
        let metric = metric_of(name).unwrap_or_else(|| panic!("{name} is not in the table"));
        let labels = labels.keys().map(String::as_str).filter(|label| *label != "le");
        assert!(
            labels.eq(BTreeSet::from_iter(metric.labels.iter().copied())),
            "{name}"
        );
    }
    assert!(found.len() < 2_000, "{} series", found.len());

    // Nobody, and nothing that is somebody's.
    let ids = [
        portal.group("Team").0.to_string(),
        portal.person("ann").0.to_string(),
        portal.ticket("t").0.to_string(),
        container.to_string(),
        lease,
    ];
    let names = [
        "ann", "bob", "isv", "Team", "Build", "host-of", "no/such", "BREW", "key-1234", PASSWORD,
    ];
    let words: BTreeSet<&str> = text.split(|c: char| !c.is_alphanumeric() && c != '-').collect();
    for secret in ids.iter().map(String::as_str).chain(names) {
        assert!(!words.contains(secret), "{secret} is told:\n{text}");
    }

    assert_eq!(listener.get("/healthz").await.text(), "ok\n");
    assert_eq!(listener.get("/").await.status, StatusCode::NOT_FOUND);
    let post = listener
        .request(Method::POST, "/metrics")
        .body(axum::body::Body::empty());
    assert_eq!(
        listener.send(post.unwrap()).await.status,
        StatusCode::METHOD_NOT_ALLOWED
    );
    assert_eq!(
        nobody.get("/metrics").await.status,
        StatusCode::NOT_FOUND,
        "people come elsewhere"
    );
}

async fn the_database_is_asked_once_in_ten_seconds(engine: Engine) {
    metrics::install().expect("it counts");
    let portal = TestPortal::start(engine, "@isv^").await;
    // Its mails are looked for once at the start.
    tokio::time::sleep(Duration::from_millis(500)).await;
    let listener = listener(&portal, Health::default());
    let asked = |found: &[Sample]| sum(found, "portal_database_wait_seconds_count", &[("kind", "read")]);
    let before = asked(&scraped(&listener).await.1);
    let mut seats = 0.0;
    for _ in 0..20 {
        portal.run("UPDATE users SET active = 0").await;
        seats = sum(&scraped(&listener).await.1, "portal_seats_used", &[]);
    }
    assert_eq!(seats, 1.0, "as it was when it was asked");
    let idle = asked(&scraped(&listener).await.1) - before;
    // What the portal does by itself meanwhile asks, too; twenty scrapes would be twenty more.
    assert!(idle < 15.0, "{idle} transactions for twenty scrapes");
}

/// An address that is free at this moment.
fn free() -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    listener.local_addr().expect("an address")
}

async fn a_server_tells_metrics_at_a_listener_of_its_own(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let at = free();
    let server = Server::start(&portal, portal.address(), &["--metrics", &at.to_string()]);
    let scrape = || {
        let reply = send(at, "GET /metrics", "", b"", Duration::from_secs(20)).expect("an answer");
        assert_eq!(reply.status, 200, "{reply:?}");
        samples(&reply.body)
    };
    let done = |found: &[Sample], job: &str| {
        sum(
            found,
            "portal_job_rounds_total",
            &[("job_name", job), ("outcome", "done")],
        ) > 0.0
    };
    // All others wait for longer until their first round.
    let soon = [
        "database",
        "live",
        "mails",
        "digests",
        "webhooks",
        "imports",
        "amendments",
        "usage",
        "sealing",
        "checkpoints",
    ];
    let begun = Instant::now();
    let mut found = scrape();
    while !soon.iter().all(|job| done(&found, job)) {
        assert!(
            begun.elapsed() < Duration::from_secs(60),
            "{:?}",
            soon.map(|job| (job, done(&found, job)))
        );
        tokio::time::sleep(Duration::from_millis(200)).await;
        found = scrape();
    }
    let jobs: BTreeSet<&String> = found
        .iter()
        .filter_map(|sample| sample.labels.get("job_name"))
        .collect();
    assert!(
        soon.iter().all(|soon| jobs.iter().any(|job| job == soon)),
        "{jobs:?}"
    );
    assert!(sum(&found, "portal_connections", &[("listener", "metrics")]) >= 1.0);
    let elsewhere = server
        .browser()
        .send("GET", "/metrics", "", b"")
        .expect("an answer");
    assert_eq!(elsewhere.status, 404);
    let (ended, log) = server.terminate();
    assert!(ended.success(), "{log}");
    assert!(log.contains("telling metrics"), "{log}");
}

/// What counting costs, as ratios: `cargo nextest run --features ssr --run-ignored only metrics_cost`.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "a measurement"]
async fn metrics_cost_a_page_and_a_move_little() {
    let portal = TestPortal::start(Engine::Sqlite, "@isv^\nTeam/\n @ann\n #t\n").await;
    let isv = portal.client("isv").await;
    let measured = async |rounds: u32, label: &str| {
        let mut pages = Vec::new();
        let mut moves = Vec::new();
        for round in 0..rounds {
            let begun = Instant::now();
            assert_eq!(isv.get("/").await.status, 200);
            pages.push(begun.elapsed());
            let to = if round % 2 == 0 { "-" } else { "Team" };
            portal.learn().await;
            let (ticket, to) = (portal.pick("t"), portal.owner(to).to_string());
            let begun = Instant::now();
            let answer = isv.reassign(&ticket, &to, &format!("{label}-{round}-key")).await;
            moves.push(begun.elapsed());
            assert_eq!(answer.status, 200, "{}", answer.text());
        }
        let median = |mut times: Vec<Duration>| {
            times.sort();
            times[times.len() / 2].as_secs_f64()
        };
        (median(pages), median(moves))
    };
    measured(40, "warming-up").await;
    let without = measured(300, "without").await;
    metrics::install().expect("it counts");
    measured(40, "warming-again").await;
    let with = measured(300, "with").await;
    let (page, reassign) = (with.0 / without.0, with.1 / without.1);
    println!(
        "a page: {page:.3} of {:.2} ms, a move: {reassign:.3} of {:.2} ms",
        without.0 * 1e3,
        without.1 * 1e3
    );
    let listener = listener(&portal, Health::default());
    let begun = Instant::now();
    let (answer, found) = scraped(&listener).await;
    println!(
        "a scrape: {:?}, {} series, {} bytes",
        begun.elapsed(),
        found.len(),
        answer.body.len()
    );
    assert!(
        page < 1.2 && reassign < 1.2,
        "a page {page:.3}, a move {reassign:.3}"
    );
}
