//! Two servers on one PostgreSQL: what the one commits, the other tells its open pages at once, and not when it looks by itself.

use std::{
    io::{BufRead, BufReader, Lines, Write},
    net::TcpStream,
    time::Duration,
};

use license_portal::store::Engine;
use tokio::time::Instant;

use crate::support::{
    portal::TestPortal,
    process::{Browser, Server},
};

const PASSWORD: &str = "correct horse battery";
/// How many changes are waited for; most of them have to be told soon.
const CHANGES: usize = 5;
/// A server that hears others looks into the history by itself every five seconds.
const AT_ONCE: Duration = Duration::from_secs(2);

/// An open page, on its way to the server.
struct Live(Lines<BufReader<TcpStream>>);

impl Live {
    fn open(browser: &Browser) -> Self {
        let mut stream = TcpStream::connect(browser.address).expect("a connection");
        stream
            .set_read_timeout(Some(Duration::from_secs(30)))
            .expect("a time");
        let cookie = browser.cookie.as_ref().expect("a login");
        let request = format!(
            "GET /live HTTP/1.1\r\nHost: {}\r\nCookie: {cookie}\r\n\r\n",
            browser.address
        );
        stream.write_all(request.as_bytes()).expect("it is sent");
        let mut live = Self(BufReader::new(stream).lines());
        live.next("event: hello");
        live
    }

    /// Waits for an event.
    fn next(&mut self, event: &str) {
        let found = self.0.by_ref().map_while(Result::ok).any(|line| line == event);
        assert!(found, "{event:?} never comes");
    }
}

/// The processes that listen to others.
const LISTENING: &str = "FROM pg_stat_activity WHERE datname = current_database() AND query LIKE 'LISTEN %'";

async fn both_listen(portal: &TestPortal) {
    for _ in 0..2000 {
        if portal.number(&format!("SELECT COUNT(*) {LISTENING}")).await == 2 {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("not both servers listen");
}

/// Renames the group again and again, and waits each time until that is told.
fn told_after(changes: usize, by: &Browser, group: &str, page: &mut Live) -> Vec<Duration> {
    let change = |number| {
        let begun = Instant::now();
        let name = format!("Team {number}");
        by.post("rename_group", &[("group", group), ("name", &name)]).ok();
        page.next("event: changed");
        begun.elapsed()
    };
    let mut times: Vec<Duration> = (0..changes).map(change).collect();
    times.sort();
    times
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_one_server_commits_another_one_tells_at_once() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^\nTeam/\n @ann\n").await;
    portal.set_passwords(PASSWORD).await;
    let [one, other] = [(); 2].map(|()| Server::start(&portal, portal.address(), &[]));
    both_listen(&portal).await;
    let (answer, isv) = one.browser().log_in("isv", PASSWORD, false);
    answer.ok();
    let (answer, ann) = other.browser().log_in("ann", PASSWORD, false);
    answer.ok();
    let mut page = Live::open(&ann);
    let group = portal.group("Team").to_string();
    let times = told_after(CHANGES, &isv, &group, &mut page);
    println!("figure: told by another server after {times:?}");
    assert!(times[CHANGES / 2] < AT_ONCE, "{times:?}");

    // Nobody has to say that the connection is lost: what is committed meanwhile is found, and then they listen again.
    portal
        .run(&format!(
            "SELECT CAST(pg_terminate_backend(pid) AS TEXT) {LISTENING}"
        ))
        .await;
    told_after(1, &isv, &group, &mut page);
    both_listen(&portal).await;
    let times = told_after(CHANGES, &isv, &group, &mut page);
    assert!(times[CHANGES / 2] < AT_ONCE, "{times:?}");
}
