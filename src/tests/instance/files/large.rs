//! Many lines: in the memory of few.

use std::{fmt::Write, process::Stdio, time::Duration};

use domain::{instance::imports::Noun, tickets::codes::TicketCode};
use license_portal::{ops::instance::organisation::Format, store::Engine};

use crate::{
    instance::files::{exported, load},
    support::portal::TestPortal,
};

on_both_engines!(some_thousand_lines_in_one_transaction);

mod a_hundred_thousand_lines_in_the_memory_of_few {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::a_hundred_thousand(Engine::Sqlite)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::a_hundred_thousand(Engine::Postgres)).await;
    }
}

/// Most memory that an import takes, in kB, however long the file is.
const MOST: u64 = 200_000;

/// What the program takes for it: the most memory, in kB, and the time.
async fn measured(portal: &TestPortal, arguments: &[&str]) -> (u64, Duration) {
    let begin = tokio::time::Instant::now();
    let mut child = portal
        .program()
        .args(["--log", "error"])
        .args(arguments)
        .stderr(Stdio::null())
        .spawn()
        .expect("the program starts");
    let mut most = 0;
    let status = loop {
        if let Some(status) = child.try_wait().unwrap() {
            break status;
        }
        let facts = std::fs::read_to_string(format!("/proc/{}/status", child.id())).unwrap_or_default();
        let peak = facts.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.and_then(|peak| peak.trim().trim_end_matches(" kB").parse().ok());
        most = most.max(peak.unwrap_or_default());
        tokio::time::sleep(Duration::from_millis(10)).await;
    };
    assert!(status.success(), "{arguments:?}");
    (most, begin.elapsed())
}

async fn a_hundred_thousand(engine: Engine) {
    for count in [10_000, 100_000] {
        let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
        let path = portal.site().join("tickets.csv");
        std::fs::write(&path, tickets(count)).unwrap();
        let file = path.to_str().unwrap();
        let runs: [&[&str]; 4] = [
            &["import", "--dry-run", file],
            &["import", file],
            &["import", file],
            &["export"],
        ];
        for arguments in runs {
            let (most, time) = measured(&portal, arguments).await;
            println!(
                "{engine:?}, {count} lines, {arguments:?}: {} MB, {time:.1?}",
                most / 1000
            );
            assert!(most < MOST, "{most} kB");
        }
        let stored = portal.number("SELECT COUNT(*) FROM tickets").await;
        assert_eq!(stored, i64::from(count));
    }
}

/// A table of tickets, of three products.
pub fn tickets(count: u32) -> String {
    let mut table = String::from("code,group,user,context,protected,product,quantity\r\n");
    for at in 0..count {
        let mut bytes = [0; 24];
        for (place, byte) in at.to_le_bytes().into_iter().enumerate() {
            (bytes[2 * place], bytes[2 * place + 1]) = (byte & 15, byte >> 4);
        }
        let code = TicketCode::from_random(bytes);
        let _ = write!(table, "{code},Team,,,,P{},{}\r\n", at % 3, 1 + at % 100);
    }
    table
}

async fn some_thousand_lines_in_one_transaction(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let table = tickets(3_000);
    let found = load(&portal, table.as_str()).await.unwrap();
    assert_eq!(found.of(Noun::Tickets).created, 3_000);
    let out = exported(&portal, Format::Table(Noun::Tickets)).await;
    let mut sent: Vec<&str> = table.lines().skip(1).collect();
    sent.sort_unstable();
    let got: Vec<String> = out
        .lines()
        .skip(1)
        .map(|line| line.trim_end_matches(',').replace(",false,", ",,"))
        .collect();
    assert_eq!(got, sent);
    let happened = "SELECT COUNT(*) FROM events e JOIN event_groups g ON g.event_id = e.id
        WHERE e.kind = 'ticket_created' AND e.way = 'import'";
    assert_eq!(portal.number(happened).await, 3_000);
    let again = load(&portal, table).await.unwrap();
    assert_eq!(again.counts().unchanged, 3_000);
    // The last line spoils all of it.
    let spoilt = format!("{}{}", tickets(2_000).replace(",P", ",Q"), "x,Team,,,,P,1\r\n");
    let other = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let before = other.state().await;
    load(&other, spoilt).await.unwrap_err();
    assert_eq!(other.state().await, before);
}
