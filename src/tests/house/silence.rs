//! PostgreSQL behind a network that is cut: who waits for it has an answer.

use std::{
    net::SocketAddr,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};

use license_portal::store::{
    Engine, Store, StoreError, Watch, accounts::people::any_isv_admin, sources::Sources,
};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::Instant,
};

use crate::support::{moments::at, portal::TestPortal};

/// A way to PostgreSQL that can be cut: what goes over it then vanishes, and nobody is told.
struct Way {
    address: SocketAddr,
    cut: Arc<AtomicBool>,
}

impl Way {
    async fn to(server: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let cut = Arc::new(AtomicBool::new(false));
        let seen = Arc::clone(&cut);
        tokio::spawn(async move {
            while let Ok((near, _)) = listener.accept().await {
                let far = TcpStream::connect(&server).await.unwrap();
                let ((near_in, near_out), (far_in, far_out)) = (near.into_split(), far.into_split());
                tokio::spawn(carry(near_in, far_out, Arc::clone(&seen)));
                tokio::spawn(carry(far_in, near_out, Arc::clone(&seen)));
            }
        });
        Self { address, cut }
    }
}

/// How long each answer of the database is on its way.
const FAR: Duration = Duration::from_millis(10);

/// Carries bytes in one direction; a connection that was cut once stays cut.
async fn carry(
    mut from: tokio::net::tcp::OwnedReadHalf,
    mut to: tokio::net::tcp::OwnedWriteHalf,
    cut: Arc<AtomicBool>,
) {
    let mut bytes = vec![0; 65_536];
    while let Ok(read) = from.read(&mut bytes).await {
        if cut.load(Ordering::SeqCst) {
            std::future::pending::<()>().await;
        }
        tokio::time::sleep(FAR).await;
        if read == 0 || to.write_all(&bytes[..read]).await.is_err() {
            return;
        }
    }
}

/// The portal's database, reached over a way of its own.
async fn store(portal: &TestPortal) -> (Store, Way) {
    let address = portal.address();
    let (before, server) = address.split_once('@').unwrap();
    let (server, name) = server.split_once('/').unwrap();
    let way = Way::to(server.to_owned()).await;
    let address = format!("{before}@{}/{name}", way.address);
    let store = Store::open(&address, 4, Sources::new(|| at(0), |bytes| bytes.fill(1)))
        .await
        .unwrap();
    (store, way)
}

/// Less than anybody waits, more than a busy machine takes for an answer.
const PATIENCE: Duration = Duration::from_secs(2);

#[tokio::test]
async fn who_waits_for_a_database_that_is_cut_off_has_an_answer() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^").await;
    let (store, way) = store(&portal).await;
    let mut watch = Watch::new(store.clone(), PATIENCE);
    assert!(watch.look().await.unwrap());
    let mut reading = store.begin_read().await.unwrap();
    way.cut.store(true, Ordering::SeqCst);
    let began = Instant::now();
    let waiting = any_isv_admin(&mut reading);
    let (answer, heard) = tokio::join!(waiting, watch.look());
    assert!(!heard.unwrap());
    let error = answer.unwrap_err();
    assert!(error.is_away(), "{error}");
    assert!(began.elapsed() < PATIENCE + Duration::from_secs(3));
    drop(reading);
    // The network is whole again for others than the connections that were cut.
    way.cut.store(false, Ordering::SeqCst);
    let mut reading = store.begin_read().await.unwrap();
    assert!(any_isv_admin(&mut reading).await.unwrap());
    assert!(watch.look().await.unwrap());
}

#[tokio::test]
async fn a_commit_whose_answer_is_cut_off_is_told_as_open() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^").await;
    let (store, way) = store(&portal).await;
    let mut watch = Watch::new(store.clone(), PATIENCE);
    assert!(watch.look().await.unwrap());
    let writing = store.begin_write().await.unwrap();
    way.cut.store(true, Ordering::SeqCst);
    let (outcome, _) = tokio::join!(store.commit(writing), watch.look());
    let error: StoreError = outcome.unwrap_err();
    assert!(error.is_away(), "{error}");
}

#[tokio::test]
async fn a_database_that_answers_slowly_keeps_its_connections() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^").await;
    let (store, _way) = store(&portal).await;
    let mut watch = Watch::new(store.clone(), PATIENCE);
    let mut reading = store.begin_read().await.unwrap();
    for _ in 0..3 {
        assert!(watch.look().await.unwrap());
    }
    assert!(any_isv_admin(&mut reading).await.unwrap());
}

#[tokio::test]
async fn who_leaves_while_a_transaction_begins_leaves_none_behind() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^").await;
    let (store, _way) = store(&portal).await;
    // Gone before there is a connection, while it begins, and afterwards.
    for milliseconds in (5..60).step_by(5) {
        let leaving = tokio::time::timeout(Duration::from_millis(milliseconds), store.begin_read()).await;
        drop(leaving);
        let left = "SELECT COUNT(*) FROM pg_stat_activity
            WHERE datname = current_database() AND state LIKE 'idle in transaction%'";
        let mut open = 1;
        for _ in 0..50 {
            tokio::time::sleep(FAR).await;
            open = portal.number(left).await;
            if open == 0 {
                break;
            }
        }
        assert_eq!(open, 0, "after {milliseconds} ms");
    }
}
