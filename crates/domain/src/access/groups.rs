//! The policy of groups and memberships (S1).

use crate::{
    access::{Actor, Authorized, Denied},
    accounts::Permissions,
    groups::{Lineage, MAX_DEPTH},
    ids::{GroupId, UserId},
};

/// A group comes into being below `parent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCreation {
    /// The group above, with its place in the tree; `None` at the top level.
    pub parent: Option<Lineage>,
}

/// A group gets another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRenaming {
    /// The group; its place in the tree stays.
    pub group: GroupId,
}

/// A group, with all below it, gets another parent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupMove {
    /// The group where it stands now.
    pub from: Lineage,
    /// The group where it will stand.
    pub to: Lineage,
}

/// A group is dissolved.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupDeletion {
    /// The group, where it stands until then.
    pub group: Lineage,
    /// The group that gets its subgroups, tickets and, if wished, people.
    pub heir: Option<Lineage>,
}

/// A person joins a group, gets other permissions in it, or (`None`) leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipChange {
    /// The group that is joined, kept or left.
    pub group: GroupId,
    /// The member.
    pub user: UserId,
    /// The permissions from now on; `None` ends the membership.
    pub permissions: Option<Permissions>,
}

/// Whoever changes which groups stand below `parent` administers it; at the top level that is the ISV admins (S1).
fn check_parent(actor: &Actor, parent: Option<&Lineage>) -> Result<(), Denied> {
    match parent {
        None if actor.isv_admin => Ok(()),
        None => Err(Denied::IsvOnly),
        Some(parent) => check_admin(actor, parent),
    }
}

/// Of what is hidden, an answer must not depend on anything else: it would tell that it exists (S4).
fn check_visible(actor: &Actor, group: Option<&Lineage>) -> Result<(), Denied> {
    if group.is_none_or(|group| actor.sees_group(group)) {
        Ok(())
    } else {
        Err(Denied::Hidden)
    }
}

pub(crate) fn check_admin(actor: &Actor, group: &Lineage) -> Result<(), Denied> {
    if actor.administers(group) {
        Ok(())
    } else if actor.sees_group(group) {
        Err(Denied::AdminsOnly)
    } else {
        Err(Denied::Hidden)
    }
}

/// The group above, as far as the actor may know of it: what lies above one's own level cannot be named in a refusal.
fn check_parent_of(actor: &Actor, group: &Lineage) -> Result<(), Denied> {
    check_admin(actor, group)?;
    match check_parent(actor, group.above().as_ref()) {
        Err(Denied::Hidden) => Err(Denied::AdminsOnly),
        other => other,
    }
}

/// May the actor create a group there?
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_create_group(
    actor: &Actor,
    parent: Option<Lineage>,
) -> Result<Authorized<GroupCreation>, Denied> {
    check_parent(actor, parent.as_ref())?;
    if parent
        .as_ref()
        .is_some_and(|parent| parent.groups().len() >= MAX_DEPTH)
    {
        return Err(Denied::TooDeep);
    }
    Ok(Authorized(GroupCreation { parent }))
}

/// May the actor rename the group? Its admins may.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_rename_group(actor: &Actor, group: &Lineage) -> Result<Authorized<GroupRenaming>, Denied> {
    check_admin(actor, group)?;
    Ok(Authorized(GroupRenaming { group: group.group() }))
}

/// May the actor hang the group, with the `height` of levels below it, under the new parent? Whoever administers
/// both parents may. Taking one's own group from those above it would hide it from them.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_move_group(
    actor: &Actor,
    group: &Lineage,
    height: usize,
    parent: Option<&Lineage>,
) -> Result<Authorized<GroupMove>, Denied> {
    check_visible(actor, parent)?;
    check_admin(actor, group)?;
    if let Some(parent) = parent {
        check_admin(actor, parent)?;
        if parent.is_within(group.group()) {
            return Err(Denied::InsideItself);
        }
    }
    if parent.map(Lineage::group) == group.parent() {
        return Err(Denied::AlreadyThere);
    }
    check_parent_of(actor, group)?;
    check_parent(actor, parent)?;
    let to = parent.map_or_else(
        || Lineage::top(group.group()),
        |parent| parent.child(group.group()),
    );
    if to.groups().len() + height > MAX_DEPTH {
        return Err(Denied::TooDeep);
    }
    Ok(Authorized(GroupMove {
        from: group.clone(),
        to,
    }))
}

/// May the actor dissolve the group, with the `height` of levels below it, and give what it holds to the heir?
/// Whoever administers its parent and the heir may.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_delete_group(
    actor: &Actor,
    group: &Lineage,
    height: usize,
    heir: Option<&Lineage>,
) -> Result<Authorized<GroupDeletion>, Denied> {
    check_visible(actor, heir)?;
    check_parent_of(actor, group)?;
    if let Some(heir) = heir {
        check_admin(actor, heir)?;
        if heir.is_within(group.group()) {
            return Err(Denied::InsideItself);
        }
        if heir.groups().len() + height > MAX_DEPTH {
            return Err(Denied::TooDeep);
        }
    }
    Ok(Authorized(GroupDeletion {
        group: group.clone(),
        heir: heir.cloned(),
    }))
}

/// May the actor give the person these permissions in the group (`None`: end the membership)? Admins of the group
/// may, for people they reach, and without granting or taking what they do not have themselves.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_membership(
    actor: &Actor,
    group: &Lineage,
    user: UserId,
    user_groups: &[Lineage],
    now: Option<Permissions>,
    then: Option<Permissions>,
) -> Result<Authorized<MembershipChange>, Denied> {
    if !actor.sees_user(user, user_groups) {
        return Err(Denied::Hidden);
    }
    check_admin(actor, group)?;
    if now.is_none() && then.is_none() {
        return Err(Denied::Hidden);
    }
    if now == then {
        return Err(Denied::AlreadyThere);
    }
    let changed = now.unwrap_or_default().changed(then.unwrap_or_default());
    if !actor.permissions_over(group).covers(changed) {
        return Err(Denied::BeyondOwn);
    }
    Ok(Authorized(MembershipChange {
        group: group.group(),
        user,
        permissions: then,
    }))
}
