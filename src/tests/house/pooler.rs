//! Through a pooler in transaction mode (pgbouncer), whose few sessions serve many: everybody finds what others left behind in one.

use std::{
    net::{TcpListener, TcpStream},
    process::{Child, Command, Stdio},
    time::Duration,
};

use license_portal::store::{Engine, Store, Way, sources::Sources};

use crate::support::{
    moments::at,
    portal::TestPortal,
    process::{Browser, Server},
};

/// pgbouncer in front of the database of a portal; ends when it is dropped.
struct Pooler {
    child: Child,
    /// The database behind it.
    address: String,
}

impl Pooler {
    fn start(portal: &TestPortal) -> Self {
        let (before, rest) = portal.address().split_once('@').unwrap();
        let (server, name) = rest.split_once('/').unwrap();
        let (host, server_port) = server.split_once(':').unwrap();
        let user = before.rsplit('/').next().unwrap();
        // Free for as long as it takes to start.
        let port = TcpListener::bind("127.0.0.1:0")
            .unwrap()
            .local_addr()
            .unwrap()
            .port();
        let file = portal.site().join("pgbouncer.ini");
        let settings = format!(
            "[databases]\n{name} = host={host} port={server_port} user={user}\n[pgbouncer]\nlisten_addr = 127.0.0.1\n\
             listen_port = {port}\nunix_socket_dir =\nauth_type = any\npool_mode = transaction\ndefault_pool_size = 3\n\
             ignore_startup_parameters = extra_float_digits\n"
        );
        std::fs::write(&file, settings).unwrap();
        let mut command = Command::new("pgbouncer");
        if rustix::process::geteuid().is_root() {
            // It refuses to run as root.
            command.args(["-u", "nobody"]);
        }
        let child = command
            .arg(&file)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("pgbouncer is installed: `.ci/setup test`");
        let pooler = Self {
            child,
            address: format!("postgres://{user}@127.0.0.1:{port}/{name}"),
        };
        let begun = (0..400).any(|_| {
            std::thread::sleep(Duration::from_millis(25));
            TcpStream::connect(("127.0.0.1", port)).is_ok()
        });
        assert!(begun, "pgbouncer does not start");
        pooler
    }

    async fn store(&self) -> Store {
        let sources = Sources::new(|| at(0), |bytes| bytes.fill(1));
        Store::open_by(Way::Pooler, &self.address, 8, sources)
            .await
            .unwrap()
    }
}

impl Drop for Pooler {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

const PASSWORD: &str = "correct horse battery";
const TICKETS: usize = 4;
const MOVES: usize = 25;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_portal_works_through_a_pooler() {
    let tickets: String = (0..TICKETS).map(|n| format!(" #t{n}")).collect();
    let text = format!("@isv^\nTeam/\n {tickets}\nOther/\n");
    let portal = TestPortal::start(Engine::Postgres, &text).await;
    portal.set_passwords(PASSWORD).await;
    let pooler = Pooler::start(&portal);
    let servers: Vec<Server> = (0..2)
        .map(|_| Server::start(&portal, &pooler.address, &["--behind-pooler"]))
        .collect();
    let (reply, isv) = servers[0].browser().log_in("isv", PASSWORD, false);
    reply.ok();
    let places = ["Team", "Other"].map(|group| portal.owner(group).to_string());
    let moving: Vec<_> = (0..TICKETS)
        .map(|n| {
            let ticket = portal.ticket(&format!("t{n}")).0.to_string();
            let browsers: Vec<Browser> = servers
                .iter()
                .map(|server| Browser {
                    address: server.address,
                    ..isv.clone()
                })
                .collect();
            let places = places.clone();
            std::thread::spawn(move || {
                for count in 0..MOVES {
                    let (from, to) = (&places[count % 2], &places[(count + 1) % 2]);
                    let browser = &browsers[count % 2];
                    let tickets = format!("{ticket}={from}");
                    let key = format!("move-{n}-{count:06}");
                    let form = [("tickets", tickets.as_str()), ("to", to), ("key", &key)];
                    browser.post("reassign", &form).ok();
                    browser.post("me", &[]).ok();
                }
            })
        })
        .collect();
    for moving in moving {
        moving.join().unwrap();
    }
    let moved = "SELECT COUNT(*) FROM events WHERE request_key LIKE 'move-%'";
    assert_eq!(portal.number(moved).await, (TICKETS * MOVES) as i64);
    let there =
        "SELECT COUNT(*) FROM tickets t JOIN groups g ON g.id = t.owner_group_id WHERE g.name = 'Other'";
    assert_eq!(portal.number(there).await, TICKETS as i64);
    // Nothing stays behind in the sessions of the pooler.
    for server in servers {
        let (status, log) = server.terminate();
        assert!(status.success(), "{log}");
        assert!(!log.contains("ERROR"), "{log}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_schema_is_brought_up_to_date_through_a_pooler() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^").await;
    portal.run("DROP SCHEMA public CASCADE").await;
    portal.run("CREATE SCHEMA public").await;
    let pooler = Pooler::start(&portal);
    let (one, other) = (pooler.store().await, pooler.store().await);
    // Two servers that start at the same time.
    let (first, second) = tokio::join!(one.migrate(), other.migrate());
    first.unwrap();
    second.unwrap();
    // Without a pooler the same steps count as taken.
    let sources = Sources::new(|| at(0), |bytes| bytes.fill(1));
    let direct = Store::open(portal.address(), 2, sources).await.unwrap();
    direct.migrate().await.unwrap();
    one.migrate().await.unwrap();
    portal
        .run("UPDATE _sqlx_migrations SET checksum = '\\x00' WHERE version = 3")
        .await;
    let told = other.migrate().await.unwrap_err().to_string();
    assert!(told.contains('3'), "{told}");
}
