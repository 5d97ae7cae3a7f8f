//! The policy of looking at the portal as another person (N16): who may, and what they are shown less than that person.

use crate::{
    access::{Actor, Authorized, Denied, Subject, authorize_account},
    groups::Lineage,
    ids::UserId,
};

/// Somebody looks at the portal as another person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Impersonation {
    /// Who looks; the history names them.
    pub by: UserId,
    /// The person whose portal they are shown.
    pub user: UserId,
    /// What is the person's own alone is left out: see [`Actor::impersonated`].
    pub impersonated: bool,
}

impl Actor {
    /// Whether what belongs to the person in this group context is shown to the actor because they are that person.
    ///
    /// Whoever looks over their shoulder administers all groups that they are in now, and sees all that these groups
    /// give them. What they have without a group, or from a group they have left, may lie above the one who looks.
    #[must_use]
    pub(crate) fn is_own(&self, user: UserId, context: Option<&Lineage>) -> bool {
        self.user == user
            && (!self.impersonated || context.is_some_and(|level| self.is_member(level.group())))
    }
}

/// May the actor look at the portal as that person? Who may change the account may: ISV admins, and those who administer
/// all groups of the person, so that nothing of a group that they do not see comes with it. As an ISV admin nobody looks
/// but themselves.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_impersonation(
    actor: &Actor,
    subject: &Subject,
) -> Result<Authorized<Impersonation>, Denied> {
    authorize_account(actor, subject)?;
    if actor.user == subject.user {
        return Err(Denied::Oneself);
    }
    if subject.isv_admin {
        return Err(Denied::BeyondOwn);
    }
    Ok(Authorized(Impersonation {
        by: actor.user,
        user: subject.user,
        impersonated: !actor.isv_admin,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{
        access::{ContainerFacts, EventFacts, Place, TicketFacts},
        accounts::Permissions,
        ids::{ContainerId, GroupId, TicketId},
    };

    fn lineage(groups: &[i64]) -> Lineage {
        Lineage::new(groups.iter().map(|id| GroupId(*id)).collect()).unwrap()
    }

    fn actor(user: i64, isv_admin: bool, memberships: &[(i64, Permissions)]) -> Actor {
        let memberships: BTreeMap<_, _> = memberships.iter().map(|(id, p)| (GroupId(*id), *p)).collect();
        Actor {
            user: UserId(user),
            isv_admin,
            memberships,
            impersonated: false,
        }
    }

    fn subject(user: i64, isv_admin: bool, groups: &[&[i64]]) -> Subject {
        Subject {
            user: UserId(user),
            isv_admin,
            groups: groups.iter().map(|groups| lineage(groups)).collect(),
        }
    }

    #[test]
    fn who_administers_all_groups_of_a_person_may_look_as_them() {
        let may = |actor: &Actor, subject: &Subject| {
            authorize_impersonation(actor, subject).map(|proof| proof.impersonated)
        };
        let admin = actor(1, false, &[(1, Permissions::ADMIN)]);
        let isv = actor(2, true, &[]);
        let member = subject(5, false, &[&[1, 11]]);
        assert_eq!(may(&admin, &member), Ok(true));
        assert_eq!(may(&isv, &member), Ok(false));
        assert_eq!(
            may(&actor(5, false, &[(11, Permissions::NONE)]), &member),
            Err(Denied::AdminsOnly)
        );
        assert_eq!(
            may(&admin, &subject(5, false, &[&[1, 11], &[2]])),
            Err(Denied::BeyondOwn)
        );
        assert_eq!(may(&admin, &subject(5, false, &[&[2]])), Err(Denied::Hidden));
        assert_eq!(may(&admin, &subject(5, false, &[])), Err(Denied::Hidden));
        assert_eq!(may(&isv, &subject(5, false, &[])), Ok(false));
        assert_eq!(may(&isv, &subject(6, true, &[&[1]])), Err(Denied::BeyondOwn));
        assert_eq!(may(&admin, &subject(6, true, &[&[1]])), Err(Denied::BeyondOwn));
        assert_eq!(may(&admin, &subject(1, false, &[&[1]])), Err(Denied::Oneself));
        assert_eq!(may(&isv, &subject(2, true, &[])), Err(Denied::Oneself));
    }

    #[test]
    fn who_is_impersonated_is_shown_only_what_their_groups_give_them() {
        let person = actor(5, false, &[(11, Permissions::NONE)]);
        let impersonated = Actor {
            impersonated: true,
            ..person.clone()
        };
        let ticket = |context: Option<&[i64]>| TicketFacts {
            id: TicketId(1),
            place: Place::User {
                user: UserId(5),
                context: context.map(lineage),
                groups: vec![lineage(&[1, 11])],
            },
            protected: false,
        };
        let here = ticket(Some(&[1, 11]));
        let (left, none) = (ticket(Some(&[2, 21])), ticket(None));
        for (facts, shown) in [(&here, true), (&left, false), (&none, false)] {
            assert!(person.sees_ticket(facts));
            assert_eq!(impersonated.sees_ticket(facts), shown);
            assert_eq!(impersonated.why_sees(facts).is_ok(), shown);
        }
        let container = ContainerFacts {
            id: ContainerId(1),
            user: UserId(5),
            context: None,
            groups: vec![lineage(&[1, 11])],
        };
        assert!(
            person.sees_activation(&left, &container) && !impersonated.sees_activation(&left, &container)
        );
        assert!(impersonated.sees_activation(&here, &container));
        let event = |groups: &[&[i64]]| EventFacts {
            actor: UserId(5),
            people: vec![UserId(5)],
            groups: groups.iter().map(|groups| lineage(groups)).collect(),
        };
        let (inside, outside) = (event(&[&[1, 11], &[2]]), event(&[&[2]]));
        assert!(person.sees_event(&inside) && person.sees_event(&outside));
        assert!(impersonated.sees_event(&inside) && !impersonated.sees_event(&outside));
    }
}
