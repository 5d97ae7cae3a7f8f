//! What must hold in the database, whatever happened: looked at with plain SQL, by nothing of the portal.

use std::collections::{BTreeMap, BTreeSet};

use sqlx::{Connection, Row};

use crate::support::workload::{Move, Mover};

/// The groups, and the tickets that are moved: those that belong to groups, are not protected and have nothing activated.
pub struct Stage {
    pub groups: Vec<i64>,
    pub places: BTreeMap<i64, i64>,
}

/// What moves left in the database.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Found {
    /// Tickets and where they went, by idempotency key.
    moves: BTreeMap<String, BTreeMap<i64, i64>>,
    /// Where the tickets are.
    places: BTreeMap<i64, i64>,
    /// What contradicts itself.
    faults: Vec<String>,
}

/// A database, from outside of the portal.
pub struct Database {
    runtime: tokio::runtime::Runtime,
    address: String,
}

impl Database {
    /// Whatever the portal calls it.
    pub fn at(address: &str) -> Self {
        sqlx::any::install_default_drivers();
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
        Self {
            runtime: runtime.expect("a runtime"),
            address: address.to_owned(),
        }
    }

    /// The first column of all rows, and the second, where there is one.
    ///
    /// # Errors
    /// When the database does not answer, or not as it should.
    pub fn rows(&self, sql: &'static str) -> Result<Vec<(String, String)>, sqlx::Error> {
        self.runtime.block_on(rows(&self.address, sql))
    }

    /// What there is to be moved.
    pub fn stage(&self) -> Stage {
        let tickets = "SELECT CAST(t.id AS TEXT), CAST(t.owner_group_id AS TEXT) FROM tickets t
            WHERE t.owner_group_id IS NOT NULL AND t.protected = 0 AND NOT EXISTS
                (SELECT 1 FROM licenses l WHERE l.ticket_id = t.id AND l.activated > 0)";
        let groups = self.rows("SELECT CAST(id AS TEXT) FROM groups").expect("groups");
        Stage {
            groups: groups.iter().map(|(id, _)| id.parse().unwrap()).collect(),
            places: places(&self.rows(tickets).expect("tickets")),
        }
    }

    /// What moves left.
    pub fn found(&self) -> Found {
        let mut found = Found::default();
        let integrity = match self.address.starts_with("sqlite:") {
            true => vec!["PRAGMA integrity_check", "PRAGMA foreign_key_check"],
            false => Vec::new(),
        };
        for check in integrity {
            match self.rows(check) {
                Ok(rows) => found.faults.extend(
                    rows.into_iter()
                        .filter(|(said, _)| said != "ok")
                        .map(|said| format!("{check}: {said:?}")),
                ),
                Err(error) => found.faults.push(format!("{check}: {error}")),
            }
        }
        let moves = "SELECT request_key || ' ' || CAST(ticket_id AS TEXT), to_owner FROM events
            WHERE kind = 'ticket_moved' AND request_key IS NOT NULL ORDER BY id";
        match self.rows(moves) {
            Ok(rows) => {
                for (moved, to) in rows {
                    let (key, ticket) = moved.split_once(' ').expect("a key and a ticket");
                    let to = to
                        .strip_prefix("group:")
                        .expect("a group")
                        .parse()
                        .expect("an id");
                    let of_key = found.moves.entry(key.to_owned()).or_default();
                    if of_key.insert(ticket.parse().unwrap(), to).is_some() {
                        found.faults.push(format!("{moved} happened twice"));
                    }
                }
            }
            Err(error) => found.faults.push(error.to_string()),
        }
        let tickets = "SELECT CAST(id AS TEXT), CAST(owner_group_id AS TEXT) FROM tickets
            WHERE owner_group_id IS NOT NULL";
        match self.rows(tickets) {
            Ok(rows) => found.places = places(&rows),
            Err(error) => found.faults.push(error.to_string()),
        }
        // The rows that belong to a move: who may read it, and the answer to who asks again.
        for (what, sql) in [
            (
                "moves without readers",
                "SELECT request_key FROM events e WHERE kind = 'ticket_moved' AND NOT EXISTS
                    (SELECT 1 FROM event_groups g WHERE g.event_id = e.id)",
            ),
            (
                "moves without an answer",
                "SELECT request_key FROM events e WHERE kind = 'ticket_moved' AND request_key IS NOT NULL AND NOT EXISTS
                    (SELECT 1 FROM requests r WHERE r.actor_id = e.actor_id AND r.request_key = e.request_key)",
            ),
            (
                "answers without a move",
                "SELECT request_key FROM requests r WHERE NOT EXISTS
                    (SELECT 1 FROM events e WHERE r.actor_id = e.actor_id AND r.request_key = e.request_key)",
            ),
        ] {
            match self.rows(sql) {
                Ok(rows) => found.faults.extend(rows.iter().map(|(key, _)| format!("{what}: {key}"))),
                Err(error) => found.faults.push(error.to_string()),
            }
        }
        found
    }
}

async fn rows(address: &str, sql: &'static str) -> Result<Vec<(String, String)>, sqlx::Error> {
    let mut connection = sqlx::AnyConnection::connect(address).await?;
    let found = sqlx::query(sql).fetch_all(&mut connection).await?;
    connection.close().await?;
    let columns = |row: &sqlx::any::AnyRow| -> Result<(String, String), sqlx::Error> {
        let second = if row.len() > 1 {
            row.try_get(1)?
        } else {
            String::new()
        };
        Ok((row.try_get(0)?, second))
    };
    found.iter().map(columns).collect()
}

fn places(rows: &[(String, String)]) -> BTreeMap<i64, i64> {
    let place = |(ticket, group): &(String, String)| (ticket.parse().unwrap(), group.parse().unwrap());
    rows.iter().map(place).collect()
}

/// What is wrong with a database in which these moves were asked for.
#[derive(Debug, Default)]
pub struct Verdict {
    /// Moves that were acknowledged, and are not there.
    pub lost: Vec<String>,
    /// Moves that are there by halves, twice or without having been asked for, and whatever contradicts itself.
    pub faults: Vec<String>,
    /// Moves that are there without having been acknowledged.
    pub unacknowledged: BTreeSet<String>,
}

impl Verdict {
    /// Nothing is lost, and nothing is wrong.
    #[track_caller]
    pub fn good(&self, when: &str) {
        assert!(
            self.lost.is_empty() && self.faults.is_empty(),
            "{when}: {self:#?}"
        );
    }

    /// What is to be said of what was found, where the movers had so much acknowledged (`None`: all of it).
    pub fn of(found: &Found, movers: &[Mover], acknowledged: Option<&[usize]>) -> Self {
        let mut verdict = Self {
            faults: found.faults.clone(),
            ..Self::default()
        };
        let mut known = BTreeSet::new();
        for (number, mover) in movers.iter().enumerate() {
            let sure = acknowledged.map_or(mover.acknowledged.len(), |counts| counts[number]);
            let mut places: BTreeMap<i64, i64> = BTreeMap::new();
            let mut gone = false;
            for (at, asked) in mover.acknowledged.iter().chain(&mover.pending).enumerate() {
                known.insert(asked.key.as_str());
                for (ticket, from) in &asked.tickets {
                    places.entry(*ticket).or_insert(*from);
                }
                match found.moves.get(&asked.key) {
                    Some(moved) => {
                        if gone {
                            verdict
                                .faults
                                .push(format!("{} is there, the one before is not", asked.key));
                        }
                        if !asked.is(moved) {
                            verdict.faults.push(format!("{asked:?} is there as {moved:?}"));
                        }
                        for ticket in asked.tickets.keys() {
                            places.insert(*ticket, asked.to);
                        }
                        if at >= sure {
                            verdict.unacknowledged.insert(asked.key.clone());
                        }
                    }
                    None => {
                        gone = true;
                        if at < sure {
                            verdict.lost.push(asked.key.clone());
                        }
                    }
                }
            }
            for (ticket, place) in places {
                let is = found.places.get(&ticket);
                if is != Some(&place) {
                    verdict
                        .faults
                        .push(format!("ticket {ticket} is at {is:?}, and was moved to {place}"));
                }
            }
        }
        let strange = found.moves.keys().filter(|key| !known.contains(key.as_str()));
        verdict
            .faults
            .extend(strange.map(|key| format!("nobody asked for {key}")));
        verdict
    }
}

impl Move {
    /// Whether what is there is this move, and all of it.
    fn is(&self, moved: &BTreeMap<i64, i64>) -> bool {
        self.tickets.keys().eq(moved.keys()) && moved.values().all(|to| *to == self.to)
    }
}
