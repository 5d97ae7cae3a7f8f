//! The policy of notices (N15): who is told that something expires, because they can act.

use std::collections::{BTreeMap, BTreeSet};

use crate::{
    groups::Lineage,
    ids::{GroupId, UserId},
};

/// To whom a ticket belongs, as far as it matters for who is told.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Concerned {
    /// To a group, or to a person in its context.
    Level(Lineage),
    /// To a person, without context.
    Person(UserId),
    /// To nobody yet.
    Nobody,
}

/// The people who can be told.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Reachable {
    /// The admins of each group.
    pub admins: BTreeMap<GroupId, BTreeSet<UserId>>,
    /// The ISV admins.
    pub isv_admins: BTreeSet<UserId>,
}

impl Reachable {
    /// Who is told: the nearest admins of the level, upwards; ISV admins where there are none, and of what is nobody's; the
    /// person of a personal ticket without context. Everybody who is told sees the ticket (S3).
    #[must_use]
    pub fn who_can_act(&self, concerned: &Concerned) -> BTreeSet<UserId> {
        match concerned {
            Concerned::Level(lineage) => {
                let mut upwards = lineage.groups().iter().rev();
                let nearest =
                    upwards.find_map(|group| self.admins.get(group).filter(|admins| !admins.is_empty()));
                nearest.unwrap_or(&self.isv_admins).clone()
            }
            Concerned::Person(user) => BTreeSet::from([*user]),
            Concerned::Nobody => self.isv_admins.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        access::{Actor, Place, TicketFacts},
        accounts::Permissions,
        ids::TicketId,
    };

    const ISV: UserId = UserId(1);
    const TOP: UserId = UserId(2);
    const BELOW: UserId = UserId(3);

    fn reachable() -> Reachable {
        Reachable {
            admins: BTreeMap::from([
                (GroupId(1), BTreeSet::from([TOP])),
                (GroupId(3), BTreeSet::from([BELOW, TOP])),
                (GroupId(5), BTreeSet::new()),
            ]),
            isv_admins: BTreeSet::from([ISV]),
        }
    }

    #[test]
    fn the_nearest_who_can_act_are_told() {
        let top = Lineage::top(GroupId(1));
        let level = |lineage: &Lineage| reachable().who_can_act(&Concerned::Level(lineage.clone()));
        assert_eq!(level(&top), BTreeSet::from([TOP]));
        let below = top.child(GroupId(2)).child(GroupId(3));
        assert_eq!(level(&below), BTreeSet::from([BELOW, TOP]));
        // Who is switched off, or has no address, does not stand in between.
        assert_eq!(level(&top.child(GroupId(5))), BTreeSet::from([TOP]));
        assert_eq!(level(&Lineage::top(GroupId(9))), BTreeSet::from([ISV]));
        assert_eq!(
            reachable().who_can_act(&Concerned::Person(UserId(7))),
            BTreeSet::from([UserId(7)])
        );
        assert_eq!(reachable().who_can_act(&Concerned::Nobody), BTreeSet::from([ISV]));
    }

    #[test]
    fn everybody_who_is_told_sees_the_ticket() {
        let lineage = Lineage::top(GroupId(1)).child(GroupId(2)).child(GroupId(3));
        let actor = |user: UserId| Actor {
            user,
            isv_admin: user == ISV,
            impersonated: false,
            memberships: reachable()
                .admins
                .into_iter()
                .filter(|(_, admins)| admins.contains(&user))
                .map(|(group, _)| (group, Permissions::ADMIN))
                .collect(),
        };
        let personal = |user, context| Place::User {
            user,
            context,
            groups: Vec::new(),
        };
        for (concerned, place, protected) in [
            (
                Concerned::Level(lineage.clone()),
                Place::Group(lineage.clone()),
                true,
            ),
            (
                Concerned::Level(lineage.clone()),
                personal(UserId(8), Some(lineage)),
                false,
            ),
            (Concerned::Person(UserId(7)), personal(UserId(7), None), false),
            (Concerned::Nobody, Place::Unassigned, false),
        ] {
            let ticket = TicketFacts {
                id: TicketId(9),
                place,
                protected,
            };
            let told = reachable().who_can_act(&concerned);
            assert!(!told.is_empty());
            for user in told {
                assert!(actor(user).sees_ticket(&ticket), "{user} {concerned:?}");
            }
        }
    }
}
