//! The policy of saved views of the list of tickets: who sees them, and who keeps them.

use crate::{
    access::{Actor, Authorized, Denied, groups::check_admin},
    groups::Lineage,
    ids::{GroupId, UserId},
};

/// Whose a saved view is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ViewOwner {
    /// A person's: it shows to nobody else.
    Person(UserId),
    /// A group's: it shows to whoever sees the group.
    Group(Lineage),
}

/// The saved views of a person or of a group are kept.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ViewKeeping {
    /// The person; none for those of a group.
    pub user: Option<UserId>,
    /// The group; none for those of a person.
    pub group: Option<GroupId>,
}

impl Actor {
    /// Whether the actor sees the saved views of that owner. Who is impersonated keeps theirs to themselves.
    #[must_use]
    pub fn sees_views(&self, owner: &ViewOwner) -> bool {
        match owner {
            ViewOwner::Person(user) => *user == self.user && !self.impersonated,
            ViewOwner::Group(group) => self.sees_group(group),
        }
    }
}

/// May the actor make, change and remove saved views of that owner? Their own, and those of groups that they administer.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_views(actor: &Actor, owner: &ViewOwner) -> Result<Authorized<ViewKeeping>, Denied> {
    if !actor.sees_views(owner) {
        return Err(Denied::Hidden);
    }
    Ok(Authorized(match owner {
        ViewOwner::Person(user) => ViewKeeping {
            user: Some(*user),
            group: None,
        },
        ViewOwner::Group(group) => {
            check_admin(actor, group)?;
            ViewKeeping {
                user: None,
                group: Some(group.group()),
            }
        }
    }))
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::accounts::Permissions;

    fn actor(isv_admin: bool, memberships: &[(i64, Permissions)]) -> Actor {
        Actor {
            user: UserId(1),
            isv_admin,
            impersonated: false,
            memberships: memberships
                .iter()
                .map(|(group, permissions)| (GroupId(*group), *permissions))
                .collect::<BTreeMap<_, _>>(),
        }
    }

    #[test]
    fn views_are_kept_by_their_person_or_by_the_admins_of_their_group() {
        let above = Lineage::top(GroupId(1));
        let group = above.child(GroupId(2));
        let may = |actor: &Actor, owner: &ViewOwner| {
            let kept = authorize_views(actor, owner).map(|_| ());
            assert!(kept.is_err() || actor.sees_views(owner));
            (actor.sees_views(owner), kept)
        };
        let (below, top) = (ViewOwner::Group(group), ViewOwner::Group(above));
        let admin = actor(false, &[(1, Permissions::ADMIN)]);
        assert_eq!(may(&admin, &below), (true, Ok(())));
        assert_eq!(may(&admin, &top), (true, Ok(())));
        let of_the_part = actor(false, &[(2, Permissions::ADMIN)]);
        assert_eq!(may(&of_the_part, &below), (true, Ok(())));
        assert_eq!(may(&of_the_part, &top), (false, Err(Denied::Hidden)));
        let member = actor(false, &[(2, Permissions::NONE)]);
        assert_eq!(may(&member, &below), (true, Err(Denied::AdminsOnly)));
        assert_eq!(may(&actor(true, &[]), &below), (true, Ok(())));
        assert_eq!(may(&actor(false, &[]), &below), (false, Err(Denied::Hidden)));
        for (user, seen) in [(1, true), (2, false)] {
            let own = ViewOwner::Person(UserId(user));
            assert_eq!(
                actor(true, &[]).sees_views(&own),
                seen,
                "nobody else's, whoever they are"
            );
            let watched = Actor {
                impersonated: true,
                ..actor(false, &[])
            };
            assert_eq!(may(&watched, &own), (false, Err(Denied::Hidden)));
        }
    }
}
