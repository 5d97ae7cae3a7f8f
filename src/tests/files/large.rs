//! Many lines: in the memory of few.

use std::fmt::Write;

use license_portal::{
    domain::{codes::TicketCode, imports::Noun},
    ops::organisation::Format,
    store::Engine,
};

use super::{exported, load};
use crate::portal::TestPortal;

on_both_engines!(some_thousand_lines_in_one_transaction);

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

/// The command line, with `getrusage` of its own: see README for what a hundred thousand take.
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
