//! The policy of leavers (N7): each part of what somebody has is judged by the policy of that part. Here stands who may see
//! somebody off at all, and what of theirs belongs to it.

use crate::{
    access::{
        Actor, Authorized, ContainerChange, ContainerFacts, Denied, Subject, TicketFacts, authorize_container,
    },
    groups::Lineage,
    ids::GroupId,
};

impl Actor {
    /// Whether the ticket is the actor's to hand on: they see it, and are free to take it out of its level (S5). Tickets of
    /// levels that they do not administer stay with who has them.
    #[must_use]
    pub fn disposes_of(&self, ticket: &TicketFacts) -> bool {
        self.sees_ticket(ticket) && self.frees(&ticket.place)
    }

    /// Whether all that uses the container belongs to levels that the actor administers: its group context; without one, all
    /// groups of its person.
    fn administers_container(&self, container: &ContainerFacts) -> bool {
        match &container.context {
            Some(context) => self.administers(context),
            None => self.isv_admin || container.groups.iter().all(|group| self.administers(group)),
        }
    }

    /// Of the person's groups those that the actor administers: where it is known that somebody was seen off.
    #[must_use]
    pub fn administered_of(&self, groups: &[Lineage]) -> Vec<GroupId> {
        let administered = groups.iter().filter(|group| self.administers(group));
        administered.map(Lineage::group).collect()
    }
}

/// May the actor see the person off? Who administers a group of theirs, and ISV admins. What of it is theirs to do is judged
/// part by part.
///
/// # Errors
/// [`Denied::Hidden`] for people out of reach, and for who looks after nobody; [`Denied::AdminsOnly`].
pub fn authorize_offboarding(actor: &Actor, subject: &Subject) -> Result<(), Denied> {
    if !actor.looks_after_people() || !actor.sees_user(subject.user, &subject.groups) {
        return Err(Denied::Hidden);
    }
    if actor.isv_admin || subject.groups.iter().any(|group| actor.administers(group)) {
        Ok(())
    } else {
        Err(Denied::AdminsOnly)
    }
}

/// May the actor end all that machines do with the leaver's container? Others may reach it, too (S10), and do so on its page:
/// here it belongs to what the actor administers, so that nothing ends that the person does elsewhere.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_offboarding_credentials(
    actor: &Actor,
    container: &ContainerFacts,
) -> Result<Authorized<ContainerChange>, Denied> {
    let proof = authorize_container(actor, container)?;
    if actor.administers_container(container) {
        Ok(proof)
    } else {
        Err(Denied::AdminsOnly)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        access::Place,
        accounts::Permissions,
        ids::{ContainerId, TicketId, UserId},
    };

    fn top(group: i64) -> Lineage {
        Lineage::top(GroupId(group))
    }

    fn actor(user: i64, memberships: &[(i64, Permissions)]) -> Actor {
        Actor {
            user: UserId(user),
            isv_admin: false,
            impersonated: false,
            memberships: memberships
                .iter()
                .map(|(group, permissions)| (GroupId(*group), *permissions))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn people_are_seen_off_by_who_administers_a_group_of_theirs() {
        let leaver = Subject {
            user: UserId(4),
            isv_admin: false,
            groups: vec![top(1), top(2)],
        };
        let may = |actor: &Actor| authorize_offboarding(actor, &leaver);
        assert_eq!(may(&actor(1, &[(1, Permissions::ADMIN)])), Ok(()));
        assert_eq!(may(&actor(1, &[(3, Permissions::ADMIN)])), Err(Denied::Hidden));
        assert_eq!(may(&actor(1, &[(1, Permissions::NONE)])), Err(Denied::Hidden));
        assert_eq!(may(&actor(4, &[(1, Permissions::NONE)])), Err(Denied::Hidden));
        let elsewhere = actor(4, &[(1, Permissions::NONE), (3, Permissions::ADMIN)]);
        assert_eq!(may(&elsewhere), Err(Denied::AdminsOnly));
        let isv = Actor {
            isv_admin: true,
            ..actor(1, &[])
        };
        assert_eq!(may(&isv), Ok(()));
    }

    #[test]
    fn only_what_is_administered_is_handed_on() {
        let ticket = |context: Option<i64>| TicketFacts {
            id: TicketId(9),
            place: Place::User {
                user: UserId(4),
                context: context.map(top),
                groups: vec![top(1), top(2)],
            },
            protected: false,
        };
        let container = |context: Option<i64>| ContainerFacts {
            id: ContainerId(8),
            user: UserId(4),
            context: context.map(top),
            groups: vec![top(1), top(2)],
        };
        let admin = actor(1, &[(1, Permissions::ADMIN)]);
        for (context, administered) in [(Some(1), true), (Some(2), false), (None, false)] {
            assert_eq!(admin.disposes_of(&ticket(context)), administered, "{context:?}");
            let credentials = authorize_offboarding_credentials(&admin, &container(context));
            assert_eq!(credentials.is_ok(), administered, "{context:?}");
        }
        let both = actor(1, &[(1, Permissions::ADMIN), (2, Permissions::ADMIN)]);
        assert!(authorize_offboarding_credentials(&both, &container(None)).is_ok());
        assert!(!both.disposes_of(&ticket(None)));
        assert_eq!(admin.administered_of(&[top(1), top(2)]), [GroupId(1)]);
    }
}
