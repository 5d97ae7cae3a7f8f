//! The policy: who may see what, and who may do what (S1–S6).
//!
//! Everything that decides access stands in this file. It is pure: the facts are read by the caller, inside the
//! transaction that acts on the answer, and the answer is a value of [`Authorized`], which only this file can make
//! and which the store demands. So an unauthorised change does not compile. The browser runs the same functions to
//! dim forbidden targets; there the answer is advice, and the server decides again.

use std::{collections::BTreeMap, ops::Deref};

use serde::{Deserialize, Serialize};

pub use super::refusals::Denied;
use super::{
    groups::{Lineage, MAX_DEPTH},
    ids::{GroupId, TicketId, UserId},
    owners::Owner,
    users::Permissions,
};

/// Who is asking, with all that this person was ever granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person.
    pub user: UserId,
    /// Stands above every group (S1).
    pub isv_admin: bool,
    /// The person's groups, with the permissions in each.
    pub memberships: BTreeMap<GroupId, Permissions>,
}

/// An owner, with the facts about it that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Nobody's hands.
    Unassigned,
    /// A group, and where it stands in the tree.
    Group(Lineage),
    /// A person.
    User {
        /// Who.
        user: UserId,
        /// The group context, and where it stands in the tree. The person may have left it (S6).
        context: Option<Lineage>,
        /// Every group the person is a member of.
        groups: Vec<Lineage>,
    },
}

/// A ticket, with the facts that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TicketFacts {
    /// Which.
    pub id: TicketId,
    /// Where it is.
    pub place: Place,
    /// Protected mode: plain members of its group do not see it.
    pub protected: bool,
}

/// Proof that the policy permitted exactly this.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Authorized<T>(T);

impl<T> Deref for Authorized<T> {
    type Target = T;
    fn deref(&self) -> &T {
        &self.0
    }
}

/// A ticket changes hands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Reassignment {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its owner before.
    pub from: Owner,
    /// Its owner afterwards.
    pub to: Owner,
    /// Protected mode before.
    pub was_protected: bool,
    /// Protected mode afterwards.
    pub protected: bool,
}

/// Protected mode of a group ticket is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its owner.
    pub owner: Owner,
    /// The new state.
    pub protected: bool,
}

/// A group comes into being below `parent`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GroupCreation {
    /// The group above, with its place in the tree; `None` at the top level.
    pub parent: Option<Lineage>,
}

/// A group gets another name.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct GroupRenaming {
    /// Which group.
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
    /// The group.
    pub group: Lineage,
    /// The group that gets its subgroups, tickets and, if wished, people.
    pub heir: Option<Lineage>,
}

/// The instance itself is looked after: who is logged in, and the end of their logins (S16–S19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administration {
    /// By whom.
    pub by: UserId,
}

/// A person joins a group, gets other permissions in it, or (`None`) leaves it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct MembershipChange {
    /// The group.
    pub group: GroupId,
    /// The person.
    pub user: UserId,
    /// The permissions from now on.
    pub permissions: Option<Permissions>,
}

impl Actor {
    /// Whether the actor is a member of the group, with or without permissions.
    #[must_use]
    pub fn is_member(&self, group: GroupId) -> bool {
        self.memberships.contains_key(&group)
    }

    /// Whether the actor is admin of the group or of one above it, or an ISV admin.
    #[must_use]
    pub fn administers(&self, group: &Lineage) -> bool {
        self.isv_admin || self.grants(group).any(|granted| granted.admin)
    }

    /// The permissions in the group, and in those above it, one by one.
    fn grants<'a>(&'a self, group: &'a Lineage) -> impl Iterator<Item = &'a Permissions> {
        let groups = group.groups().iter();
        groups.filter_map(|group| self.memberships.get(group))
    }

    /// What the actor's memberships of the group, and of those above it, grant together.
    #[must_use]
    pub fn permissions_over(&self, group: &Lineage) -> Permissions {
        if self.isv_admin {
            return Permissions {
                admin: true,
                create_ticket: true,
            };
        }
        self.grants(group).fold(Permissions::NONE, |sum, p| Permissions {
            admin: sum.admin || p.admin,
            create_ticket: sum.create_ticket || p.create_ticket,
        })
    }

    /// Whether the actor may know of the group (S4): one's own groups, and the branches one administers.
    #[must_use]
    pub fn sees_group(&self, group: &Lineage) -> bool {
        self.administers(group) || self.is_member(group.group())
    }

    /// Whether the actor may know of the person: oneself, and the people of the branches one administers.
    #[must_use]
    pub fn sees_user(&self, user: UserId, groups: &[Lineage]) -> bool {
        self.isv_admin || self.user == user || groups.iter().any(|group| self.administers(group))
    }

    /// The table of the seed (S3), cell by cell.
    #[must_use]
    pub fn sees_ticket(&self, ticket: &TicketFacts) -> bool {
        match (&ticket.place, ticket.protected) {
            (Place::Unassigned, _) => self.isv_admin,
            (Place::Group(level), true) => self.administers(level),
            (Place::Group(level), false) => self.administers(level) || self.is_member(level.group()),
            (
                Place::User {
                    user,
                    context: Some(level),
                    ..
                },
                _,
            ) => self.user == *user || self.administers(level),
            (
                Place::User {
                    user, context: None, ..
                },
                _,
            ) => self.user == *user || self.isv_admin,
        }
    }

    /// Access to an owner (S5): a group, by its members and admins; a person, by themselves and their admins, in a
    /// context that the actor may know of (S4).
    #[must_use]
    pub fn reaches(&self, place: &Place) -> bool {
        match place {
            Place::Unassigned => self.isv_admin,
            Place::Group(group) => self.sees_group(group),
            Place::User {
                user,
                context,
                groups,
            } => {
                self.sees_user(*user, groups)
                    && context.as_ref().is_none_or(|context| self.sees_group(context))
            }
        }
    }

    /// Access to the owner a ticket has now. A leaver's tickets stay within reach of the admins of their context (S6).
    fn reaches_holder(&self, holder: &Place) -> bool {
        match holder {
            Place::User {
                context: Some(level), ..
            } if self.administers(level) => true,
            Place::User { user, groups, .. } => self.sees_user(*user, groups),
            Place::Unassigned | Place::Group(_) => self.reaches(holder),
        }
    }

    /// Whether the actor is free to take the ticket out of its level (S5).
    fn frees(&self, holder: &Place) -> bool {
        match holder {
            Place::Unassigned => self.isv_admin,
            Place::Group(level)
            | Place::User {
                context: Some(level), ..
            } => self.administers(level),
            Place::User {
                user, context: None, ..
            } => self.isv_admin || self.user == *user,
        }
    }
}

impl Place {
    /// The owner, without the facts.
    #[must_use]
    pub fn owner(&self) -> Owner {
        match self {
            Self::Unassigned => Owner::Unassigned,
            Self::Group(group) => Owner::Group(group.group()),
            Self::User { user, context, .. } => Owner::User {
                user: *user,
                context: context.as_ref().map(Lineage::group),
            },
        }
    }
}

/// The context that a new personal ticket comes with (S6): a group the person is in, through which the actor
/// reaches them; none only from ISV admins.
fn check_context(
    actor: &Actor,
    user: UserId,
    context: Option<&Lineage>,
    groups: &[Lineage],
) -> Result<(), Denied> {
    let Some(context) = context else {
        return if actor.isv_admin {
            Ok(())
        } else {
            Err(Denied::ContextNeeded)
        };
    };
    if actor.user != user && !actor.administers(context) {
        return Err(Denied::AdminsOnly);
    }
    if groups.iter().any(|group| group.group() == context.group()) {
        Ok(())
    } else {
        Err(Denied::NotAMember)
    }
}

/// May the actor give the ticket to the new owner? Access to the ticket, to its owner and to the new owner (S5);
/// who does not administer its level keeps it there; the context follows S6.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_reassign(
    actor: &Actor,
    ticket: &TicketFacts,
    to: &Place,
) -> Result<Authorized<Reassignment>, Denied> {
    if !actor.sees_ticket(ticket) || !actor.reaches_holder(&ticket.place) || !actor.reaches(to) {
        return Err(Denied::Hidden);
    }
    if ticket.place.owner() == to.owner() {
        return Err(Denied::AlreadyThere);
    }
    if !actor.frees(&ticket.place) && ticket.place.owner().level() != to.owner().level() {
        return Err(Denied::KeepsToLevel);
    }
    match to {
        Place::Unassigned | Place::Group(_) => {}
        Place::User {
            user,
            context,
            groups,
        } => check_context(actor, *user, context.as_ref(), groups)?,
    }
    Ok(moved(ticket, to))
}

/// May the actor, who holds the ticket's code, take it for the new owner? Only while it is nobody's, and with access
/// to the new owner (S5). For oneself without context unless one is chosen (S6).
///
/// # Errors
/// [`Denied`]; whether the ticket exists or belongs to somebody is not told apart.
pub fn authorize_redeem(
    actor: &Actor,
    ticket: &TicketFacts,
    to: &Place,
) -> Result<Authorized<Reassignment>, Denied> {
    if ticket.place != Place::Unassigned || !actor.reaches(to) {
        return Err(Denied::Hidden);
    }
    match to {
        Place::Unassigned => return Err(Denied::AlreadyThere),
        Place::Group(_) => {}
        Place::User {
            user, context: None, ..
        } if *user == actor.user => {}
        Place::User {
            user,
            context,
            groups,
        } => check_context(actor, *user, context.as_ref(), groups)?,
    }
    Ok(moved(ticket, to))
}

/// Protected mode is kept from group to group and dropped when a ticket becomes personal (settled reading).
fn moved(ticket: &TicketFacts, to: &Place) -> Authorized<Reassignment> {
    Authorized(Reassignment {
        ticket: ticket.id,
        from: ticket.place.owner(),
        to: to.owner(),
        was_protected: ticket.protected,
        protected: ticket.protected && matches!((&ticket.place, to), (Place::Group(_), Place::Group(_))),
    })
}

/// May the actor take a move back? Like the move itself; protected mode returns with the ticket where the actor
/// could set it anyway (N4).
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_undo(
    actor: &Actor,
    ticket: &TicketFacts,
    back_to: &Place,
    was_protected: bool,
) -> Result<Authorized<Reassignment>, Denied> {
    let Authorized(mut back) = authorize_reassign(actor, ticket, back_to)?;
    if let Place::Group(group) = back_to {
        back.protected = was_protected && (actor.administers(group) || back.protected);
    }
    Ok(Authorized(back))
}

/// May the actor switch protected mode? The admins of the group may.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_protection(
    actor: &Actor,
    ticket: &TicketFacts,
    on: bool,
) -> Result<Authorized<Protection>, Denied> {
    if !actor.sees_ticket(ticket) {
        return Err(Denied::Hidden);
    }
    match &ticket.place {
        Place::Group(group) if actor.administers(group) => Ok(Authorized(Protection {
            ticket: ticket.id,
            owner: ticket.place.owner(),
            protected: on,
        })),
        Place::Group(_) => Err(Denied::AdminsOnly),
        Place::Unassigned | Place::User { .. } => Err(Denied::GroupTicketsOnly),
    }
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

fn check_admin(actor: &Actor, group: &Lineage) -> Result<(), Denied> {
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

/// May the actor look after the instance? For all but ISV admins there is nothing of the kind.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_administration(actor: &Actor) -> Result<Authorized<Administration>, Denied> {
    if actor.isv_admin {
        Ok(Authorized(Administration { by: actor.user }))
    } else {
        Err(Denied::Hidden)
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
    let (now, after) = (now.unwrap_or_default(), then.unwrap_or_default());
    let changed = Permissions {
        admin: now.admin != after.admin,
        create_ticket: now.create_ticket != after.create_ticket,
    };
    if !actor.permissions_over(group).covers(changed) {
        return Err(Denied::BeyondOwn);
    }
    Ok(Authorized(MembershipChange {
        group: group.group(),
        user,
        permissions: then,
    }))
}
