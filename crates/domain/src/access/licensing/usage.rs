//! The policy of use (N18): who may know what machines made of licences. Never a number from above: what was used while
//! somebody else had the ticket is told to whoever would have seen it there.

use crate::{
    access::{Actor, Place, TicketFacts},
    groups::Lineage,
};

impl Actor {
    /// Whether the actor may know what of the ticket was used while that was its owner. Whether it was protected then is not
    /// remembered: plain members are told of the present owner alone.
    #[must_use]
    pub fn sees_use(&self, ticket: &TicketFacts, then: &Place) -> bool {
        let ticket_then = TicketFacts {
            id: ticket.id,
            place: then.clone(),
            protected: match then {
                Place::Group(_) if then.owner() == ticket.place.owner() => ticket.protected,
                Place::Group(_) => true,
                Place::Unassigned | Place::User { .. } => false,
            },
        };
        self.sees_ticket(ticket) && self.sees_ticket(&ticket_then)
    }

    /// Whether the actor may know the sums of the branch of the group: its admins, who see every ticket in it.
    #[must_use]
    pub fn reads_use(&self, group: &Lineage) -> bool {
        self.administers(group)
    }

    /// Whether there is a branch at all whose sums the actor may know.
    #[must_use]
    pub fn has_use(&self) -> bool {
        self.looks_after_people()
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        accounts::{Permission, Permissions},
        ids::{GroupId, TicketId, UserId},
    };

    fn actor(group: GroupId, admin: bool) -> Actor {
        let granted = if admin {
            Permissions::NONE.with(Permission::Admin)
        } else {
            Permissions::NONE
        };
        Actor {
            user: UserId(1),
            isv_admin: false,
            memberships: BTreeMap::from([(group, granted)]),
            impersonated: false,
        }
    }

    #[test]
    fn n18_never_a_number_from_above() {
        let company = Lineage::top(GroupId(1));
        let team = company.child(GroupId(2));
        let lab = team.child(GroupId(3));
        let person = |context: Option<&Lineage>| Place::User {
            user: UserId(9),
            context: context.cloned(),
            groups: Vec::new(),
        };
        let ticket = |place: Place, protected| TicketFacts {
            id: TicketId(1),
            place,
            protected,
        };
        let group = |group: &Lineage| Place::Group(group.clone());
        let now = ticket(group(&team), false);
        let (above, admin, below) = (
            actor(GroupId(1), true),
            actor(GroupId(2), true),
            actor(GroupId(3), true),
        );
        let member = actor(GroupId(2), false);
        for (then, seen) in [
            (group(&company), [true, false, false, false]),
            (group(&team), [true, true, true, false]),
            (group(&lab), [true, true, false, false]),
            (person(Some(&team)), [true, true, false, false]),
            (person(None), [false; 4]),
            (Place::Unassigned, [false; 4]),
        ] {
            let told = [&above, &admin, &member, &below].map(|actor| actor.sees_use(&now, &then));
            assert_eq!(told, seen, "{then:?}");
        }
        let protected = ticket(group(&team), true);
        assert!(!member.sees_use(&protected, &group(&team)));
        // Who was a member where the ticket was before does not learn what was used there.
        assert!(!member.sees_use(&ticket(group(&lab), false), &group(&team)));
        assert!(above.reads_use(&lab) && !below.reads_use(&team) && !member.reads_use(&team));
        assert!(below.has_use() && !member.has_use());
    }
}
