//! What is in a portal, by the names that the test gave it.

use std::collections::HashMap;

use domain::{
    ids::{GroupId, SessionId, TicketId, UserId},
    tickets::{codes::TicketCode, owners::Owner},
};
use sqlx::Row;

use crate::support::portal::TestPortal;

/// What is known of the tree by name.
#[derive(Default)]
pub struct Known {
    groups: HashMap<String, GroupId>,
    people: HashMap<String, UserId>,
    tickets: HashMap<String, (TicketId, TicketCode, Owner)>,
    sessions: HashMap<String, SessionId>,
    /// The first licence of each ticket.
    licenses: HashMap<String, i64>,
    products: HashMap<String, i64>,
    /// Of each person, the first.
    containers: HashMap<String, i64>,
    /// Of each person, the first in a container of theirs.
    activations: HashMap<String, i64>,
    instance: String,
}

impl TestPortal {
    /// Reads names and ids anew.
    pub async fn learn(&self) {
        let mut known = Known::default();
        for row in self.query("SELECT id, name FROM groups").await {
            known.groups.insert(row.get(1), GroupId(row.get(0)));
        }
        for row in self.query("SELECT id, login FROM users").await {
            known.people.insert(row.get(1), UserId(row.get(0)));
        }
        let id = "SELECT value FROM instance WHERE name = 'id'";
        known.instance = self.texts(id).await.pop().unwrap_or_default();
        let running =
            "SELECT s.id, u.login FROM sessions s JOIN users u ON u.id = s.user_id WHERE s.ended_at IS NULL";
        for row in self.query(running).await {
            known.sessions.insert(row.get(1), SessionId(row.get(0)));
        }
        let owner = "CASE WHEN t.owner_group_id IS NOT NULL THEN 'group:' || t.owner_group_id
                          WHEN t.context_group_id IS NOT NULL THEN 'user:' || t.owner_user_id || '@' || t.context_group_id
                          WHEN t.owner_user_id IS NOT NULL THEN 'user:' || t.owner_user_id ELSE 'none' END";
        let sql = format!(
            "SELECT t.id, t.code, p.name, {owner}, l.id FROM tickets t
             JOIN licenses l ON l.ticket_id = t.id AND l.position = 0 JOIN products p ON p.id = l.product_id"
        );
        for row in self.query(&sql).await {
            let (code, owner): (String, String) = (row.get(1), row.get(3));
            let ticket = (
                TicketId(row.get(0)),
                code.parse().expect("a code"),
                owner.parse().expect("an owner"),
            );
            known.tickets.insert(row.get(2), ticket);
            known.licenses.insert(row.get(2), row.get(4));
        }
        for row in self.query("SELECT id, name FROM products").await {
            known.products.insert(row.get(1), row.get(0));
        }
        let containers =
            "SELECT c.id, u.login FROM containers c JOIN users u ON u.id = c.user_id ORDER BY c.id DESC";
        for row in self.query(containers).await {
            known.containers.insert(row.get(1), row.get(0));
        }
        let activations = "SELECT a.id, u.login FROM activations a JOIN containers c ON c.id = a.container_id
            JOIN users u ON u.id = c.user_id WHERE a.ended_at IS NULL ORDER BY a.id DESC";
        for row in self.query(activations).await {
            known.activations.insert(row.get(1), row.get(0));
        }
        *self.known.lock().unwrap() = known;
    }

    /// The id of the instance.
    pub fn instance(&self) -> String {
        self.known.lock().unwrap().instance.clone()
    }

    pub fn group(&self, name: &str) -> GroupId {
        *self
            .known
            .lock()
            .unwrap()
            .groups
            .get(name)
            .unwrap_or_else(|| panic!("no group {name:?}"))
    }

    pub fn person(&self, login: &str) -> UserId {
        *self
            .known
            .lock()
            .unwrap()
            .people
            .get(login)
            .unwrap_or_else(|| panic!("no person {login:?}"))
    }

    pub fn ticket(&self, name: &str) -> TicketId {
        self.known
            .lock()
            .unwrap()
            .tickets
            .get(name)
            .unwrap_or_else(|| panic!("no ticket {name:?}"))
            .0
    }

    /// The first licence of the ticket.
    pub fn license_of(&self, ticket: &str) -> i64 {
        self.known.lock().unwrap().licenses[ticket]
    }

    /// A product of the catalogue.
    pub fn product(&self, name: &str) -> i64 {
        self.known.lock().unwrap().products[name]
    }

    /// Somebody's first container.
    pub fn container(&self, login: &str) -> i64 {
        self.known.lock().unwrap().containers[login]
    }

    /// What is activated in somebody's containers, the first of it.
    pub fn activation(&self, login: &str) -> i64 {
        self.known.lock().unwrap().activations[login]
    }

    /// Somebody's running login.
    pub fn session(&self, login: &str) -> SessionId {
        self.known.lock().unwrap().sessions[login]
    }

    pub fn code(&self, name: &str) -> String {
        self.known.lock().unwrap().tickets[name].1.to_string()
    }

    /// `-` is nobody, `Group 1` a group, `@ann` a person, `@ann/Group 1` a person with that context.
    pub fn owner(&self, place: &str) -> Owner {
        match place.strip_prefix('@') {
            None if place == "-" => Owner::Unassigned,
            None => Owner::Group(self.group(place)),
            Some(person) => match person.split_once('/') {
                None => Owner::User {
                    user: self.person(person),
                    context: None,
                },
                Some((person, group)) => Owner::User {
                    user: self.person(person),
                    context: Some(self.group(group)),
                },
            },
        }
    }

    /// The ticket with the owner it had when names were read last: `ID=OWNER`.
    pub fn pick(&self, ticket: &str) -> String {
        let (id, _, owner) = self.known.lock().unwrap().tickets[ticket].clone();
        format!("{id}={owner}")
    }

    /// Several such, as a selection.
    pub fn picks(&self, tickets: &[&str]) -> String {
        tickets
            .iter()
            .map(|ticket| self.pick(ticket))
            .collect::<Vec<_>>()
            .join(";")
    }

    /// Who has the ticket now, as the database says; with `!` in protected mode.
    pub async fn holder(&self, ticket: &str) -> String {
        let mut tx = self.store.begin_read().await.expect("read");
        let id = self.ticket(ticket);
        let found = license_portal::store::tickets::by_ids(&mut tx, &[id])
            .await
            .expect("read");
        let facts = &found[&id].facts;
        let known = self.known.lock().unwrap();
        let group = |id| {
            known
                .groups
                .iter()
                .find(|(_, group)| **group == id)
                .map_or("?", |(name, _)| name.as_str())
        };
        let person = |id| {
            known
                .people
                .iter()
                .find(|(_, user)| **user == id)
                .map_or("?", |(name, _)| name.as_str())
        };
        let protected = if facts.protected { "!" } else { "" };
        match facts.place.owner() {
            Owner::Unassigned => "-".to_owned(),
            Owner::Group(id) => format!("{}{protected}", group(id)),
            Owner::User { user, context: None } => format!("@{}{protected}", person(user)),
            Owner::User {
                user,
                context: Some(id),
            } => format!("@{}/{}{protected}", person(user), group(id)),
        }
    }
}
