//! The policy of the history (N11): who is shown which events.

pub mod webhooks;

use crate::{
    access::Actor,
    groups::Lineage,
    history::{Topic, events::EventKind},
    ids::UserId,
};

/// An event, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct EventFacts {
    /// Who did it; [`OPERATOR`](crate::history::events::OPERATOR) where nobody with an account did.
    pub actor: UserId,
    /// The people it happened to: they are shown it, wherever it happened.
    pub people: Vec<UserId>,
    /// The groups in which it happened, where they stand now.
    pub groups: Vec<Lineage>,
}

/// Whether an event of this kind tells all its readers whom it is about. What happens to accounts and memberships happens in
/// groups of the person, so its readers knew them then, and are told who it was when they see them no more.
#[must_use]
pub fn names_its_person(kind: EventKind) -> bool {
    kind.topic() == Topic::Accounts || matches!(kind, EventKind::MemberSet | EventKind::MemberRemoved)
}

impl Actor {
    /// Whether the actor may read what happens in the group: its admins, and those above it.
    #[must_use]
    pub fn reads_history(&self, group: &Lineage) -> bool {
        self.administers(group)
    }

    /// Whether the actor is told who held a ticket as a member of the group: they read its history, in which that person
    /// stays named, wherever they went since.
    #[must_use]
    pub fn knows_holder(&self, context: Option<&Lineage>) -> bool {
        context.is_some_and(|group| self.reads_history(group))
    }

    /// Whether the actor is shown the event: what they did, what happened to them, and what happened in the branches
    /// whose history they read. Of the places and people in it they are told as elsewhere. Who is impersonated is shown only
    /// what happened in groups that they are in, or administer.
    #[must_use]
    pub fn sees_event(&self, event: &EventFacts) -> bool {
        let own = self.user == event.actor || event.people.contains(&self.user);
        let in_own_group = || event.groups.iter().any(|group| self.is_member(group.group()));
        self.isv_admin
            || own && (!self.impersonated || in_own_group())
            || event.groups.iter().any(|group| self.reads_history(group))
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{accounts::Permissions, ids::GroupId};

    #[test]
    fn who_was_there_is_named_to_those_who_read_what_happened_there() {
        for kind in [
            EventKind::MemberRemoved,
            EventKind::UserDeactivated,
            EventKind::LeaverProcessed,
        ] {
            assert!(names_its_person(kind), "{kind}");
        }
        // Tickets, licences and containers reach people beyond the groups of their readers.
        for kind in [
            EventKind::TicketMoved,
            EventKind::LicenseActivated,
            EventKind::ContainerCreated,
        ] {
            assert!(!names_its_person(kind), "{kind}");
        }
        let actor = |permissions| Actor {
            user: UserId(1),
            isv_admin: false,
            memberships: BTreeMap::from([(GroupId(2), permissions)]),
            impersonated: false,
        };
        let above = Lineage::top(GroupId(1));
        let own = above.child(GroupId(2));
        let below = own.child(GroupId(3));
        let admin = actor(Permissions::ADMIN);
        let known = [Some(&above), Some(&own), Some(&below), None].map(|context| admin.knows_holder(context));
        assert_eq!(known, [false, true, true, false]);
        assert!(!actor(Permissions::NONE).knows_holder(Some(&own)));
    }
}
