//! People who move tickets to and fro, and remember what was acknowledged.

use std::collections::BTreeMap;

use faults::dice::Dice;
use serde_json::json;

use crate::support::program::{Address, Reply};

/// A move of some tickets at once.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Move {
    /// Its idempotency key.
    pub key: String,
    /// The tickets, and the groups that have them before.
    pub tickets: BTreeMap<i64, i64>,
    /// The group that has them afterwards.
    pub to: i64,
}

/// Somebody who moves tickets that nobody else moves.
#[derive(Debug, Clone)]
pub struct Mover {
    name: String,
    token: String,
    groups: Vec<i64>,
    dice: Dice,
    count: u32,
    /// Where the tickets are, as far as that was acknowledged.
    pub places: BTreeMap<i64, i64>,
    /// What was acknowledged, in its order.
    pub acknowledged: Vec<Move>,
    /// What was asked for last, and not acknowledged.
    pub pending: Option<Move>,
}

impl Mover {
    /// Moves these tickets, which are where they are, between the groups.
    pub fn new(name: usize, token: String, places: BTreeMap<i64, i64>, groups: Vec<i64>, seed: u64) -> Self {
        Self {
            name: format!("m{name}"),
            token,
            groups,
            dice: Dice::new(seed),
            count: 0,
            places,
            acknowledged: Vec::new(),
            pending: None,
        }
    }

    /// The next move, which is pending until it is acknowledged.
    fn choose(&mut self) -> Move {
        self.count += 1;
        let (to, elsewhere) = loop {
            let to = self.groups[self.dice.index(self.groups.len())];
            let elsewhere = self.places.iter().filter(|(_, place)| **place != to);
            let elsewhere: Vec<(i64, i64)> = elsewhere.map(|(ticket, place)| (*ticket, *place)).collect();
            if !elsewhere.is_empty() {
                break (to, elsewhere);
            }
        };
        let first = self.dice.index(elsewhere.len());
        let count = 1 + self.dice.index(elsewhere.len());
        let moving = Move {
            key: format!("{}-{:08}", self.name, self.count),
            tickets: elsewhere
                .iter()
                .cycle()
                .skip(first)
                .take(count)
                .copied()
                .collect(),
            to,
        };
        self.pending = Some(moving.clone());
        moving
    }

    /// Asks for a move.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn ask(&self, address: Address, moving: &Move) -> std::io::Result<Reply> {
        let tickets: Vec<_> = moving
            .tickets
            .iter()
            .map(|(ticket, from)| json!({"ticket": ticket.to_string(), "owner": {"group": from.to_string()}}))
            .collect();
        let body = json!({"tickets": tickets, "to": {"group": moving.to.to_string()}});
        let headers = format!(
            "Authorization: Bearer {}\r\nContent-Type: application/json\r\nIdempotency-Key: {}\r\n",
            self.token, moving.key
        );
        address.send("/api/v1/moves", &headers, &body.to_string())
    }

    /// What was pending is done.
    fn acknowledge(&mut self) {
        let moved = self.pending.take().expect("a move that was asked for");
        for ticket in moved.tickets.keys() {
            self.places.insert(*ticket, moved.to);
        }
        self.acknowledged.push(moved);
    }

    /// Makes one move, and acknowledges it where the server did.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn make_one(&mut self, address: Address) -> std::io::Result<Reply> {
        let moving = match &self.pending {
            Some(again) => again.clone(),
            None => self.choose(),
        };
        loop {
            let reply = self.ask(address, &moving)?;
            match reply.status {
                200 => self.acknowledge(),
                // So many a minute, and no more.
                429 => {
                    std::thread::sleep(std::time::Duration::from_millis(200));
                    continue;
                }
                _ => {}
            }
            return Ok(reply);
        }
    }
}
