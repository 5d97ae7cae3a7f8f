//! The policy of licences and containers (S8–S10): who may use what where.

pub mod amendments;
pub mod expiry;
pub mod take_backs;
pub mod usage;

use crate::{
    access::{Actor, Authorized, Denied, Place, TicketFacts, check_context},
    groups::Lineage,
    ids::{ContainerId, GroupId, TicketId, UserId},
};

/// A container, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ContainerFacts {
    /// Goes into the proof, so that it permits a change in this container and in no other.
    pub id: ContainerId,
    /// The person it belongs to.
    pub user: UserId,
    /// The group context. The person may have left it.
    pub context: Option<Lineage>,
    /// Every group the person is a member of.
    pub groups: Vec<Lineage>,
}

/// A container is made for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContainerCreation {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The person it is made for.
    pub user: UserId,
    /// The group whose admins keep it when the person leaves; `None` for the person's own.
    pub context: Option<GroupId>,
}

/// A container is looked after: its name, its end, its credentials (S10, S11).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ContainerChange {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The container that is looked after.
    pub container: ContainerId,
}

/// Licences of a ticket are activated in a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseActivation {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket that grants them.
    pub ticket: TicketId,
    /// The container that gets them.
    pub container: ContainerId,
}

/// Licences of a ticket come back from a container.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LicenseRelease {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket to which they come back.
    pub ticket: TicketId,
    /// The container that gives them up.
    pub container: ContainerId,
    /// Taken back on the ticket's side, instead of given back on the container's.
    pub withdrawn: bool,
}

impl Actor {
    /// Whether the actor reaches the container (S9): its person, who reaches that person, and the admins of its group
    /// context, whom a leaver's container stays with.
    #[must_use]
    pub fn reaches_container(&self, container: &ContainerFacts) -> bool {
        self.sees_user(container.user, &container.groups)
            || container
                .context
                .as_ref()
                .is_some_and(|context| self.administers(context))
    }

    /// Whether the actor may know that licences of the ticket are in the container, which they reach: whoever sees the
    /// ticket, and whose container it is.
    #[must_use]
    pub fn sees_activation(&self, ticket: &TicketFacts, container: &ContainerFacts) -> bool {
        self.user == container.user && !self.impersonated || self.sees_ticket(ticket)
    }
}

/// May the actor make a container for the person? Who reaches the person may; the context follows the rule of tickets
/// (S6).
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_create_container(
    actor: &Actor,
    of: &Place,
) -> Result<Authorized<ContainerCreation>, Denied> {
    let Place::User {
        user,
        context,
        groups,
    } = of
    else {
        return Err(Denied::Hidden);
    };
    if !actor.reaches(of) {
        return Err(Denied::Hidden);
    }
    if actor.user != *user || context.is_some() {
        check_context(actor, *user, context.as_ref(), groups)?;
    }
    Ok(Authorized(ContainerCreation {
        by: actor.user,
        user: *user,
        context: context.as_ref().map(Lineage::group),
    }))
}

/// May the actor look after the container? Who reaches it may (S9–S11).
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_container(
    actor: &Actor,
    container: &ContainerFacts,
) -> Result<Authorized<ContainerChange>, Denied> {
    if !actor.reaches_container(container) {
        return Err(Denied::Hidden);
    }
    Ok(Authorized(ContainerChange {
        by: actor.user,
        container: container.id,
    }))
}

/// May the actor activate licences of the ticket in the container? Access to both (S8, S9); what is nobody's is assigned
/// first; and who does not administer the ticket's level keeps it out of other levels, as when it moves (S5).
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_activate(
    actor: &Actor,
    ticket: &TicketFacts,
    container: &ContainerFacts,
) -> Result<Authorized<LicenseActivation>, Denied> {
    if !actor.sees_ticket(ticket) || !actor.reaches_container(container) {
        return Err(Denied::Hidden);
    }
    if ticket.place == Place::Unassigned {
        return Err(Denied::Unowned);
    }
    let context = container.context.as_ref().map(Lineage::group);
    if !actor.frees(&ticket.place) && context.is_some() && context != ticket.place.owner().level() {
        return Err(Denied::KeepsToLevel);
    }
    Ok(Authorized(LicenseActivation {
        by: actor.user,
        ticket: ticket.id,
        container: container.id,
    }))
}

/// May the actor give licences of the ticket back from the container? Who reaches the container and knows that they are
/// there.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_deactivate(
    actor: &Actor,
    ticket: &TicketFacts,
    container: &ContainerFacts,
) -> Result<Authorized<LicenseRelease>, Denied> {
    if !actor.reaches_container(container) || !actor.sees_activation(ticket, container) {
        return Err(Denied::Hidden);
    }
    Ok(Authorized(LicenseRelease {
        by: actor.user,
        ticket: ticket.id,
        container: container.id,
        withdrawn: false,
    }))
}

/// May the actor bring licences of the ticket from one container into another? Who may give them back there, and activate
/// them here (S8).
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_transfer(
    actor: &Actor,
    ticket: &TicketFacts,
    from: &ContainerFacts,
    to: &ContainerFacts,
) -> Result<(Authorized<LicenseRelease>, Authorized<LicenseActivation>), Denied> {
    let release = authorize_deactivate(actor, ticket, from)?;
    let activation = authorize_activate(actor, ticket, to)?;
    if from.id == to.id {
        return Err(Denied::AlreadyThere);
    }
    Ok((release, activation))
}

/// May the actor take licences of the ticket back, wherever they are? Who is free to take the ticket out of its level.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_withdraw(
    actor: &Actor,
    ticket: &TicketFacts,
    container: &ContainerFacts,
) -> Result<Authorized<LicenseRelease>, Denied> {
    if !actor.sees_ticket(ticket) {
        return Err(Denied::Hidden);
    }
    if !actor.frees(&ticket.place) {
        return Err(Denied::AdminsOnly);
    }
    Ok(Authorized(LicenseRelease {
        by: actor.user,
        ticket: ticket.id,
        container: container.id,
        withdrawn: true,
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::accounts::Permissions;

    const OWN: i64 = 1;
    const OTHER: i64 = 2;

    fn lineage(groups: &[i64]) -> Lineage {
        groups[1..]
            .iter()
            .fold(Lineage::top(GroupId(groups[0])), |above, group| {
                above.child(GroupId(*group))
            })
    }

    fn actor(user: i64, memberships: &[(i64, Permissions)]) -> Actor {
        Actor {
            user: UserId(user),
            isv_admin: false,
            memberships: memberships
                .iter()
                .map(|(group, permissions)| (GroupId(*group), *permissions))
                .collect::<BTreeMap<_, _>>(),
            impersonated: false,
        }
    }

    fn container(user: i64, context: Option<&[i64]>, groups: &[&[i64]]) -> ContainerFacts {
        ContainerFacts {
            id: ContainerId(7),
            user: UserId(user),
            context: context.map(lineage),
            groups: groups.iter().map(|groups| lineage(groups)).collect(),
        }
    }

    fn ticket(place: Place, protected: bool) -> TicketFacts {
        TicketFacts {
            id: TicketId(9),
            place,
            protected,
        }
    }

    #[test]
    fn who_reaches_the_person_reaches_the_container() {
        let of_other = container(OTHER, None, &[&[1, 2]]);
        for (permissions, group, reached) in [
            (Permissions::ADMIN, 1, true),
            (Permissions::ADMIN, 2, true),
            (Permissions::ADMIN, 3, false),
            (Permissions::NONE, 2, false),
        ] {
            let actor = actor(OWN, &[(group, permissions)]);
            assert_eq!(actor.reaches_container(&of_other), reached, "{group}");
        }
        assert!(actor(OTHER, &[]).reaches_container(&of_other));
        // A leaver's container stays with the admins of its context.
        let left = container(OTHER, Some(&[1, 2]), &[]);
        assert!(actor(OWN, &[(1, Permissions::ADMIN)]).reaches_container(&left));
        assert!(!actor(OWN, &[(3, Permissions::ADMIN)]).reaches_container(&left));
    }

    #[test]
    fn licences_are_activated_by_who_reaches_both_ends() {
        let may = |actor: &Actor, ticket: &TicketFacts, container: &ContainerFacts| {
            authorize_activate(actor, ticket, container).map(|_| ())
        };
        let open = ticket(Place::Group(lineage(&[1, 2])), false);
        let protected = ticket(Place::Group(lineage(&[1, 2])), true);
        let own = container(OWN, None, &[&[1, 2]]);
        let elsewhere = container(OWN, Some(&[5]), &[&[1, 2], &[5]]);
        let member = actor(OWN, &[(2, Permissions::NONE), (5, Permissions::NONE)]);
        assert_eq!(may(&member, &open, &own), Ok(()));
        assert_eq!(may(&member, &protected, &own), Err(Denied::Hidden));
        assert_eq!(may(&member, &open, &elsewhere), Err(Denied::KeepsToLevel));
        assert_eq!(
            may(&member, &open, &container(OTHER, None, &[&[1, 2]])),
            Err(Denied::Hidden)
        );
        let admin = actor(3, &[(1, Permissions::ADMIN)]);
        assert_eq!(may(&admin, &protected, &own), Ok(()));
        assert_eq!(
            may(&admin, &ticket(Place::Unassigned, false), &own),
            Err(Denied::Hidden)
        );
        let isv = Actor {
            isv_admin: true,
            ..actor(4, &[])
        };
        assert_eq!(
            may(&isv, &ticket(Place::Unassigned, false), &own),
            Err(Denied::Unowned)
        );
    }

    #[test]
    fn licences_come_back_on_either_side() {
        let protected = ticket(Place::Group(lineage(&[1, 2])), true);
        let own = container(OWN, None, &[&[1, 2]]);
        let user = actor(OWN, &[(2, Permissions::NONE)]);
        // Whose container it is knows what is in it, and gives it back.
        assert!(authorize_deactivate(&user, &protected, &own).is_ok());
        assert_eq!(authorize_withdraw(&user, &protected, &own), Err(Denied::Hidden));
        let member = actor(3, &[(2, Permissions::NONE)]);
        let open = ticket(Place::Group(lineage(&[1, 2])), false);
        assert_eq!(authorize_deactivate(&member, &open, &own), Err(Denied::Hidden));
        assert_eq!(authorize_withdraw(&member, &open, &own), Err(Denied::AdminsOnly));
        let admin = actor(3, &[(1, Permissions::ADMIN)]);
        let foreign = container(OWN, None, &[&[8]]);
        assert_eq!(
            authorize_deactivate(&admin, &protected, &foreign),
            Err(Denied::Hidden)
        );
        assert!(authorize_withdraw(&admin, &protected, &foreign).is_ok());
        // Somebody's own ticket without context stays unknown to the admins who reach the container.
        let private = ticket(
            Place::User {
                user: UserId(OWN),
                context: None,
                groups: vec![lineage(&[1, 2])],
            },
            false,
        );
        assert_eq!(authorize_deactivate(&admin, &private, &own), Err(Denied::Hidden));
    }

    #[test]
    fn a_transfer_needs_both_its_halves() {
        let open = ticket(Place::Group(lineage(&[1, 2])), false);
        let here = container(OWN, None, &[&[1, 2]]);
        let there = ContainerFacts {
            id: ContainerId(8),
            ..container(OWN, None, &[&[1, 2]])
        };
        let elsewhere = ContainerFacts {
            id: ContainerId(9),
            ..container(OWN, Some(&[5]), &[&[1, 2], &[5]])
        };
        let may = |actor: &Actor, ticket: &TicketFacts, to: &ContainerFacts| {
            authorize_transfer(actor, ticket, &here, to).map(|_| ())
        };
        let member = actor(OWN, &[(2, Permissions::NONE), (5, Permissions::NONE)]);
        assert_eq!(may(&member, &open, &there), Ok(()));
        assert_eq!(may(&member, &open, &here), Err(Denied::AlreadyThere));
        assert_eq!(may(&member, &open, &elsewhere), Err(Denied::KeepsToLevel));
        // Whose container it is gives back what they do not see, and activates it nowhere.
        let protected = ticket(Place::Group(lineage(&[1, 2])), true);
        assert_eq!(may(&member, &protected, &there), Err(Denied::Hidden));
        assert_eq!(may(&actor(OTHER, &[]), &open, &there), Err(Denied::Hidden));
    }

    #[test]
    fn containers_are_made_for_whom_one_reaches() {
        let place = |context: Option<&[i64]>| Place::User {
            user: UserId(OTHER),
            context: context.map(lineage),
            groups: vec![lineage(&[1, 2])],
        };
        let make = |actor: &Actor, context| authorize_create_container(actor, &place(context)).map(|_| ());
        let admin = actor(OWN, &[(1, Permissions::ADMIN)]);
        assert_eq!(make(&admin, Some(&[1, 2])), Ok(()));
        assert_eq!(make(&admin, None), Err(Denied::ContextNeeded));
        assert_eq!(make(&admin, Some(&[1])), Err(Denied::NotAMember));
        let oneself = actor(OTHER, &[(2, Permissions::NONE)]);
        assert_eq!(make(&oneself, None), Ok(()));
        assert_eq!(make(&oneself, Some(&[1, 2])), Ok(()));
        assert_eq!(
            make(&actor(OWN, &[(2, Permissions::NONE)]), Some(&[1, 2])),
            Err(Denied::Hidden)
        );
        assert_eq!(
            authorize_create_container(&admin, &Place::Group(lineage(&[1]))),
            Err(Denied::Hidden)
        );
    }
}
