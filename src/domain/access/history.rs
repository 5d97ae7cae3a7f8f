//! The policy of the history (N11): who is shown which events.

use super::Actor;
use crate::domain::{groups::Lineage, ids::UserId};

/// An event, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFacts {
    /// Who did it.
    pub actor: UserId,
    /// Whom it happened to.
    pub people: Vec<UserId>,
    /// The groups in which it happened, where they stand now.
    pub groups: Vec<Lineage>,
}

impl Actor {
    /// Whether the actor may read what happens in the group: its admins, and those above it.
    #[must_use]
    pub fn reads_history(&self, group: &Lineage) -> bool {
        self.administers(group)
    }

    /// Whether the actor is shown the event: what they did, what happened to them, and what happened in the branches
    /// whose history they read. Of the places and people in it they are told as elsewhere. Who is watched is shown only
    /// what happened in groups that they are in, or administer.
    #[must_use]
    pub fn sees_event(&self, event: &EventFacts) -> bool {
        let own = self.user == event.actor || event.people.contains(&self.user);
        let in_own_group = || event.groups.iter().any(|group| self.is_member(group.group()));
        self.isv_admin
            || own && (!self.watched || in_own_group())
            || event.groups.iter().any(|group| self.reads_history(group))
    }
}
