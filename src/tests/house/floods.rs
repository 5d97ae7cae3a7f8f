//! Floods against the program itself: what they cost, and that everybody else is served meanwhile.

use std::{
    io::{Read, Write},
    net::TcpStream,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use license_portal::store::Engine;
use tokio::time::Instant;

use crate::support::{
    client::form,
    portal::TestPortal,
    process::{Browser, FORM, Server},
};

on_both_engines!(
    logins_take_no_memory_and_no_time_of_others,
    half_requests_keep_nobody_out,
    one_login_has_not_as_many_live_pages_as_it_likes,
    one_login_does_not_take_the_turns_of_all_others,
    who_reads_an_export_slowly_has_no_second_one,
);

const PASSWORD: &str = "correct horse battery";

async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n").await;
    portal.set_passwords(PASSWORD).await;
    portal
}

/// Pages that are asked for.
const PAGES: usize = 200;
/// What a page may take longer than three times as long as on a quiet server: the tests before and after share the cores.
const TOLERANCE: Duration = Duration::from_millis(30);

/// The time within which all but one in a hundred pages come.
fn slowest_of_pages(browser: &Browser, count: usize) -> Duration {
    let mut times: Vec<Duration> = (0..count)
        .map(|_| {
            let begun = Instant::now();
            let page = browser.send("GET", "/login", "Accept: text/html\r\n", b"");
            assert_eq!(page.expect("a page").status, 200);
            begun.elapsed()
        })
        .collect();
    times.sort();
    times[(count * 99 / 100).max(1) - 1]
}

/// What became of a flood, and of others meanwhile.
struct Flooded {
    /// The answers to the logins.
    statuses: Vec<u16>,
    /// See [`slowest_of_pages`].
    page: Duration,
}

impl Flooded {
    fn count(&self, status: u16) -> usize {
        self.statuses.iter().filter(|found| **found == status).count()
    }
}

/// So many log in again and again, each from an address of its own, as from a network of machines. Whoever is told that there is too
/// much to do comes again after the pause.
fn flood(server: &Server, attackers: u32, pause: Duration) -> Flooded {
    let stop = Arc::new(AtomicBool::new(false));
    let flood: Vec<_> = (0..attackers)
        .map(|n| {
            let (browser, stop) = (server.browser(), stop.clone());
            std::thread::spawn(move || {
                let mut statuses = Vec::new();
                // Not all at the same moment, again and again.
                std::thread::sleep(pause * n / attackers);
                for round in 0.. {
                    if stop.load(Ordering::Relaxed) {
                        break;
                    }
                    let headers = format!(
                        "{FORM}X-Forwarded-For: 10.{n}.{}.{}\r\n",
                        round / 256,
                        round % 256
                    );
                    let login = form(&[("login", &format!("nobody-{n}-{round}")), ("password", "wrong")]);
                    if let Ok(reply) = browser.send("POST", "/api/log_in", &headers, login.as_bytes()) {
                        if reply.status == 503 {
                            assert!(reply.head.contains("retry-after: "), "{reply:?}");
                            assert!(reply.body.contains("Overloaded"), "{reply:?}");
                            std::thread::sleep(pause);
                        }
                        statuses.push(reply.status);
                    }
                }
                statuses
            })
        })
        .collect();
    std::thread::sleep(pause + Duration::from_millis(500));
    let page = slowest_of_pages(&server.browser(), PAGES);
    stop.store(true, Ordering::Relaxed);
    let statuses = flood
        .into_iter()
        .flat_map(|thread| thread.join().unwrap())
        .collect();
    Flooded { statuses, page }
}

async fn logins_take_no_memory_and_no_time_of_others(engine: Engine) {
    let portal = portal(engine).await;
    let server = Server::start(&portal, portal.address(), &["--behind-proxy"]);
    let browser = server.browser();
    slowest_of_pages(&browser, 20);
    let (quiet, before) = (slowest_of_pages(&browser, PAGES), server.peak_memory());
    // They are told to wait for five seconds; those wait for one, these not at all.
    let patient = flood(&server, 150, Duration::from_secs(1));
    let hasty = flood(&server, 150, Duration::from_millis(50));
    let grown = server.peak_memory().saturating_sub(before);
    for (flooded, who) in [(&patient, "patient"), (&hasty, "hasty")] {
        println!(
            "figure: {engine:?}: a page at p99: quiet {quiet:?}, during {} {who} logins {:?}; memory +{grown} kB; refused {}, overloaded {}",
            flooded.statuses.len(),
            flooded.page,
            flooded.count(401),
            flooded.count(503)
        );
        assert_eq!(flooded.count(401) + flooded.count(503), flooded.statuses.len());
        assert!(
            flooded.count(401) > 0 && flooded.count(503) > 0,
            "a flood is more than is answered"
        );
    }
    assert!(grown < 200_000, "{grown} kB");
    assert!(
        patient.page < quiet * 3 + TOLERANCE,
        "{quiet:?} {:?}",
        patient.page
    );
    // These are a flood of requests, whatever they ask for: they share the cores with the 150 threads that make them.
    assert!(
        hasty.page < quiet * 3 + Duration::from_millis(500),
        "{quiet:?} {:?}",
        hasty.page
    );
}

async fn half_requests_keep_nobody_out(engine: Engine) {
    let portal = portal(engine).await;
    let server = Server::start(&portal, portal.address(), &[]);
    let half: Vec<_> = (0..1_500)
        .map(|_| {
            let mut stream = TcpStream::connect(server.address).expect("a connection");
            stream
                .write_all(b"GET /healthz HTTP/1.1\r\nHost: po")
                .expect("it is sent");
            stream
        })
        .collect();
    let health = server
        .browser()
        .send("GET", "/healthz", "", b"")
        .expect("an answer");
    assert_eq!(health.status, 200);
    // Nobody waits for their rest.
    let mut last = half.into_iter().next_back().expect("some");
    last.set_read_timeout(Some(Duration::from_secs(60)))
        .expect("a time");
    let mut rest = String::new();
    last.read_to_string(&mut rest).expect("the end");
    assert!(!rest.contains("ok"), "{rest}");
}

async fn one_login_has_not_as_many_live_pages_as_it_likes(engine: Engine) {
    let portal = portal(engine).await;
    let (ann, bob) = (portal.client("ann").await, portal.client("bob").await);
    let live = async |client: &crate::support::client::Client| {
        let request = client.request(http::Method::GET, "/live");
        client
            .open(request.body(axum::body::Body::empty()).unwrap())
            .await
    };
    let mut open = Vec::new();
    for _ in 0..32 {
        let page = live(&ann).await;
        assert_eq!(page.status(), 200);
        open.push(page);
    }
    let more = live(&ann).await;
    assert_eq!(more.status(), 429);
    assert!(more.headers().contains_key("retry-after"));
    assert_eq!(live(&bob).await.status(), 200);
    drop(open);
    for _ in 0..100 {
        if live(&ann).await.status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("pages that are closed still count");
}

async fn one_login_does_not_take_the_turns_of_all_others(engine: Engine) {
    let portal = portal(engine).await;
    let (ann, bob) = (portal.client("ann").await, portal.client("bob").await);
    // Nobody answers while the writer of the database is taken; on PostgreSQL, while its tables are.
    let held = portal.hold_writes().await;
    let mut waiting = tokio::task::JoinSet::new();
    for n in 0..200 {
        let ann = ann.clone();
        waiting.spawn(async move {
            let answer = ann.post("save_me", &[("name", &format!("Ann {n}"))]).await;
            (
                answer.status,
                answer.header("retry-after").to_owned(),
                answer.text(),
            )
        });
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    assert_eq!(bob.post("me", &[]).await.ok()["login"], "bob");
    drop(held);
    let answers = waiting.join_all().await;
    let refused: Vec<_> = answers.iter().filter(|(status, ..)| *status != 200).collect();
    assert_eq!(refused.len(), 200 - 128);
    for (status, wait, text) in refused {
        assert_eq!(
            (*status, wait.as_str(), text.as_str()),
            (503, "2", r#"{"Overloaded":{"seconds":2}}"#)
        );
    }
}

async fn who_reads_an_export_slowly_has_no_second_one(engine: Engine) {
    // More than waits on the way to somebody who reads nothing.
    let groups: String = (0..2_000).map(|n| format!("  {n:0>110}/\n")).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\nTeam/\n{groups}")).await;
    let isv = portal.client("isv").await;
    let export = async || {
        let request = isv.request(http::Method::GET, "/exports/organisation.json");
        isv.open(request.body(axum::body::Body::empty()).unwrap()).await
    };
    let first = export().await;
    assert_eq!(first.status(), 200);
    tokio::time::sleep(Duration::from_millis(500)).await;
    let refused = export().await;
    let wait = refused.headers().get("retry-after");
    assert_eq!(
        (refused.status().as_u16(), wait.map(|wait| wait.as_bytes())),
        (429, Some(&b"10"[..]))
    );
    let whole = axum::body::to_bytes(first.into_body(), usize::MAX)
        .await
        .expect("the file");
    assert!(whole.len() > 200_000, "{}", whole.len());
    // Whoever has read one to its end has the next one at once; whoever hangs up, a moment later.
    let second = export().await;
    assert_eq!(second.status(), 200);
    drop(second);
    for _ in 0..250 {
        if export().await.status() == 200 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    panic!("an export that nobody reads still counts");
}
