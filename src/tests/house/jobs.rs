//! Jobs: what fails is started again, what does not come back is told, and all of them end.

use std::{
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicU32, Ordering},
    },
    time::Duration,
};

use license_portal::{
    i18n::Language,
    jobs::{
        mails::{Writer, mailer::Mailer},
        supervisor::{self, Failures, Health, Job},
    },
    ops::outbox::{Order, Orders, Outbox},
    store::Engine,
};
use tokio_util::sync::CancellationToken;

use crate::support::{
    client::form,
    portal::TestPortal,
    process::{FORM, Server},
};

on_both_engines!(
    readyz_names_a_job_that_does_not_come_back,
    readyz_names_a_job_that_hangs,
    what_waits_in_the_outbox_is_mailed_before_the_end,
    a_server_that_is_asked_to_end_writes_its_mails_first,
);

const PAUSE: Duration = Duration::from_millis(5);
/// Long enough on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(20);

/// Waits until it is so.
async fn until(is_so: impl Fn() -> bool) {
    let waiting = async {
        while !is_so() {
            tokio::time::sleep(Duration::from_millis(1)).await;
        }
    };
    tokio::time::timeout(SOON, waiting).await.expect("it is so soon");
}

/// What a job of the tests does.
#[derive(Clone, Default)]
struct Probe {
    starts: Arc<AtomicU32>,
    /// How many of its starts fail.
    failing: Arc<AtomicU32>,
    ended: Arc<AtomicBool>,
}

impl Probe {
    fn failing(failing: u32) -> Self {
        Self {
            failing: Arc::new(AtomicU32::new(failing)),
            ..Self::default()
        }
    }

    fn starts(&self) -> u32 {
        self.starts.load(Ordering::SeqCst)
    }

    /// Whether this start fails.
    fn fails(&self) -> bool {
        self.starts.fetch_add(1, Ordering::SeqCst) < self.failing.load(Ordering::SeqCst)
    }

    /// Panics, or waits until it is told to stop.
    async fn panics(self, stop: CancellationToken) {
        assert!(!self.fails(), "a defect, on purpose");
        stop.cancelled().await;
        self.ended.store(true, Ordering::SeqCst);
    }

    /// Is done too early, or waits until it is told to stop.
    async fn returns(self, stop: CancellationToken) {
        if !self.fails() {
            stop.cancelled().await;
        }
    }

    /// Does not listen.
    async fn goes_on(self, _: CancellationToken) {
        self.starts.fetch_add(1, Ordering::SeqCst);
        std::future::pending::<()>().await;
    }
}

#[tokio::test]
async fn what_fails_is_started_again_counted_and_leaves_others_alone() {
    let (panics, returns, other) = (Probe::failing(2), Probe::failing(1), Probe::default());
    let health = Health::default();
    let running = supervisor::start(
        vec![
            Job::new("panics", "fails twice", PAUSE, panics.clone(), Probe::panics),
            Job::new("returns", "fails once", PAUSE, returns.clone(), Probe::returns),
            Job::new("other", "fails never", PAUSE, other.clone(), Probe::panics),
        ],
        health.clone(),
    );
    until(|| panics.starts() == 3 && returns.starts() == 2 && other.starts() == 1).await;
    let [twice, once, never] = ["panics", "returns", "other"].map(|name| health.failures(name).total);
    assert_eq!((twice, once, never), (2, 1, 0));
    assert_eq!(health.lost(), []);
    // It runs, and what was is forgiven.
    until(|| health.failures("panics").in_a_row == 0).await;
    let known = Failures {
        total: 2,
        ..Failures::default()
    };
    assert_eq!(health.failures("panics"), known);
    running.end(SOON).await;
    assert!(panics.ended.load(Ordering::SeqCst) && other.ended.load(Ordering::SeqCst));
    assert_eq!(
        (panics.starts(), other.starts()),
        (3, 1),
        "nothing is started again"
    );
    assert_eq!(
        health.failures("other"),
        Failures::default(),
        "to end is no failure"
    );
}

#[tokio::test]
async fn a_job_that_does_not_listen_is_cut_off() {
    /// Tells when it is dropped.
    struct Tells(Arc<AtomicBool>);
    impl Drop for Tells {
        fn drop(&mut self) {
            self.0.store(true, Ordering::SeqCst);
        }
    }
    async fn deaf(means: Probe, stop: CancellationToken) {
        let _tells = Tells(Arc::clone(&means.ended));
        means.goes_on(stop).await;
    }
    let (deaf_one, listening) = (Probe::default(), Probe::default());
    let running = supervisor::start(
        vec![
            Job::new("deaf", "goes on", PAUSE, deaf_one.clone(), deaf),
            Job::new("listening", "ends", PAUSE, listening.clone(), Probe::panics),
        ],
        Health::default(),
    );
    until(|| deaf_one.starts() == 1 && listening.starts() == 1).await;
    let ending = running.end(Duration::from_millis(50));
    tokio::time::timeout(SOON, ending).await.expect("all end");
    assert!(listening.ended.load(Ordering::SeqCst));
    assert!(deaf_one.ended.load(Ordering::SeqCst));
}

#[tokio::test]
async fn a_job_that_waits_to_be_started_again_ends_at_once() {
    let means = Probe::failing(u32::MAX);
    let pause = Duration::from_secs(3600);
    let job = Job::new("fails", "waits an hour", pause, means.clone(), Probe::panics);
    let health = Health::default();
    let running = supervisor::start(vec![job], health.clone());
    until(|| health.failures("fails").total == 1).await;
    tokio::time::timeout(SOON, running.end(SOON * 2))
        .await
        .expect("it ends");
    assert_eq!(means.starts(), 1);
}

/// What waits is not lost with who was to write it; only what they failed at is.
#[tokio::test]
async fn orders_outlive_who_writes_them() {
    #[derive(Clone)]
    struct Fragile {
        orders: Orders,
        written: Arc<AtomicU32>,
    }
    async fn write(means: Fragile, stop: CancellationToken) {
        while let Some(Some(order)) = stop.run_until_cancelled(means.orders.next()).await {
            let Order::Forgotten(forgotten) = order else {
                continue;
            };
            assert_ne!(forgotten.email, "breaks@example.org", "a defect, on purpose");
            means.written.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (outbox, orders) = Outbox::new(None);
    for email in ["ann@example.org", "breaks@example.org", "bob@example.org"] {
        outbox.ask_for_link(email.to_owned(), Language::En);
    }
    let means = Fragile {
        orders,
        written: Arc::default(),
    };
    let health = Health::default();
    let job = Job::new("mails", "writes mails", PAUSE, means.clone(), write);
    let running = supervisor::start(vec![job], health.clone());
    until(|| means.written.load(Ordering::SeqCst) == 2).await;
    assert_eq!(health.failures("mails").total, 1);
    running.end(SOON).await;
}

async fn readyz_names_a_job_that_does_not_come_back(engine: Engine) {
    let health = Health::default();
    let portal = TestPortal::start(engine, "@isv^")
        .await
        .with_health(health.clone());
    let nobody = portal.nobody();
    let answer = nobody.get("/readyz").await;
    assert_eq!((answer.status, answer.text().as_str()), (200, "ready\n"));
    let (lost, well) = (Probe::failing(u32::MAX), Probe::default());
    let running = supervisor::start(
        vec![
            Job::new(
                "webhooks",
                "sends for webhooks",
                PAUSE,
                lost.clone(),
                Probe::panics,
            ),
            Job::new("sealing", "seals the history", PAUSE, well.clone(), Probe::panics),
        ],
        health.clone(),
    );
    until(|| health.failures("webhooks").in_a_row >= 3).await;
    let answer = nobody.get("/readyz").await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (503, "the job webhooks does not come back (sends for webhooks)\n")
    );
    assert_eq!(nobody.get("/healthz").await.status, 200, "the process runs");
    // The next start goes well, and lasts.
    lost.failing.store(0, Ordering::SeqCst);
    until(|| health.lost().is_empty()).await;
    assert_eq!(nobody.get("/readyz").await.status, 200);
    running.end(SOON).await;
}

async fn readyz_names_a_job_that_hangs(engine: Engine) {
    /// Works, until it waits for what never comes.
    async fn stuck(means: Probe, _: CancellationToken) {
        while !means.ended.load(Ordering::SeqCst) {
            tokio::time::sleep(PAUSE).await;
        }
        std::future::pending::<()>().await;
    }
    let health = Health::default();
    let portal = TestPortal::start(engine, "@isv^")
        .await
        .with_health(health.clone());
    let nobody = portal.nobody();
    let (slow, well) = (Probe::default(), Probe::default());
    let may = Duration::from_secs(2);
    let running = supervisor::start(
        vec![
            Job::new("sealing", "seals the history", PAUSE, slow.clone(), stuck).silent_for(may),
            Job::new("mails", "writes mails", PAUSE, well.clone(), Probe::panics),
        ],
        health.clone(),
    );
    tokio::time::sleep(may * 2).await;
    assert_eq!(nobody.get("/readyz").await.status, 200, "it works");
    slow.ended.store(true, Ordering::SeqCst);
    until(|| health.failures("sealing").hung == 1).await;
    let answer = nobody.get("/readyz").await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (503, "the job sealing does not come back (seals the history)\n")
    );
    assert_eq!(health.failures("mails").hung, 0, "its patience is longer");
    running.end(Duration::ZERO).await;
}

async fn what_waits_in_the_outbox_is_mailed_before_the_end(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n").await;
    portal
        .run("UPDATE users SET email = 'ann@example.org' WHERE login = 'ann'")
        .await;
    let folder = portal.site().join("last-mails");
    let (outbox, orders) = Outbox::new(None);
    for _ in 0..3 {
        outbox.ask_for_link("ann@example.org".to_owned(), Language::En);
    }
    let sources = portal.store.sources.clone();
    let writer = Writer {
        orders,
        vendor_mail: None,
        mailer: Mailer::folder(folder.clone(), "portal@example.org", sources).unwrap(),
        store: portal.store.clone(),
        vendor: portal.portal.vendor.clone(),
        url: "https://portal.example.org".to_owned(),
    };
    let stop = CancellationToken::new();
    stop.cancel();
    writer.run(stop).await;
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 3);
}

async fn a_server_that_is_asked_to_end_writes_its_mails_first(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n").await;
    portal
        .run("UPDATE users SET email = 'ann@example.org' WHERE login = 'ann'")
        .await;
    let folder = portal.site().join("last-mails");
    let arguments = ["--mail-folder", folder.to_str().unwrap()];
    let server = Server::start(&portal, portal.address(), &arguments);
    for _ in 0..3 {
        let body = form(&[("email", "ann@example.org")]);
        let sent = server
            .browser()
            .send("POST", "/api/forgot_password", FORM, body.as_bytes());
        assert_eq!(sent.unwrap().status, 200);
    }
    let (status, log) = tokio::task::spawn_blocking(move || server.terminate())
        .await
        .unwrap();
    assert!(status.success(), "{status}: {log}");
    assert!(log.contains("\"ending\""), "{log}");
    assert!(
        !log.contains("did not end in time") && !log.contains("failed"),
        "{log}"
    );
    assert_eq!(std::fs::read_dir(folder).unwrap().count(), 3);
    let unsealed = "SELECT COUNT(*) FROM events WHERE position IS NULL";
    assert_eq!(portal.number(unsealed).await, 0, "the history is sealed");
}
