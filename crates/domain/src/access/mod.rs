//! The policy: who may see what, and who may do what (S1–S6).
//!
//! Everything that decides access stands in this module: seeing and tickets here, groups, accounts and licences in its
//! parts, and the reasons for seeing a ticket. It is pure: the facts are read by the caller, inside the transaction that
//! acts on the answer, and the answer is a value of [`Authorized`], which only this module can make and which the store
//! demands. So an unauthorised change does not compile. The browser runs the same functions to
//! dim forbidden targets; there the answer is advice, and the server decides again.

pub mod accounts;
pub mod audience;
pub mod denied;
pub mod groups;
pub mod history;
pub mod licensing;
pub mod resellers;
pub mod tickets;

use std::{collections::BTreeMap, ops::Deref};

use serde::{Deserialize, Serialize};

use crate::{
    accounts::Permissions,
    groups::Lineage,
    history::events::OPERATOR,
    ids::{GroupId, TicketId, UserId},
    tickets::owners::Owner,
};

pub use crate::access::{
    accounts::{
        AccountChange, AccountCreation, EmailChange, Subject, authorize_account, authorize_create_account,
        authorize_email, authorize_own_account, authorize_own_email, authorize_reset,
        identity_providers::{
            ProviderKeeping, SignIn, authorize_joining, authorize_providers, authorize_sign_in,
        },
        impersonation::{Impersonation, authorize_impersonation},
        offboarding::{authorize_offboarding, authorize_offboarding_credentials},
        personal_tokens::authorize_scope,
    },
    audience::Audience,
    denied::Denied,
    groups::{
        GroupCreation, GroupDeletion, GroupMove, GroupRenaming, MembershipChange, authorize_create_group,
        authorize_delete_group, authorize_membership, authorize_move_group, authorize_rename_group,
    },
    history::{
        EventFacts, names_its_person,
        webhooks::{WebhookKeeping, authorize_webhooks, webhook_reader},
    },
    licensing::{
        ContainerChange, ContainerCreation, ContainerFacts, LicenseActivation, LicenseRelease,
        amendments::{LicenseAmendment, LicenseFacts, authorize_amend, authorize_undo_amendment},
        authorize_activate, authorize_container, authorize_create_container, authorize_deactivate,
        authorize_transfer, authorize_withdraw,
        expiry::{Concerned, Reachable},
        take_backs::{Answer, TakeBackAnswer, TakeBackAsking, authorize_answer, authorize_take_back},
    },
    resellers::{
        creations::{
            CreationFacts, CustomerCreation, CustomerFacts, Destination, TicketCreation, authorize_codes,
            authorize_create_customer, authorize_create_tickets, authorize_creating_in,
        },
        quotas::{PartnerRules, authorize_partner_rules, authorize_see_partner_rules},
    },
    tickets::{
        saved::{ViewKeeping, ViewOwner, authorize_views},
        splits::{TicketJoin, TicketSplit, authorize_join, authorize_split},
        viewers::{Because, Unseen},
    },
};

/// Who is asking, with all that this person was ever granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Actor {
    /// The person; [`OPERATOR`] for the operator of the server.
    pub user: UserId,
    /// Stands above every group (S1).
    pub isv_admin: bool,
    /// The person's groups, with the permissions in each.
    pub memberships: BTreeMap<GroupId, Permissions>,
    /// Somebody who is no ISV admin looks at the portal as this person (N16): what does not come to them through a group
    /// that they are in is left out.
    pub impersonated: bool,
}

/// An owner, with the facts about it that decisions rest on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub enum Place {
    /// Nobody yet: the ticket waits for whoever holds its code.
    Unassigned,
    /// A group, and where it stands in the tree.
    Group(Lineage),
    /// A person, with or without group context.
    User {
        /// The person who holds the ticket.
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
    /// Goes into the proof, so that it permits a change of this ticket and of no other.
    pub id: TicketId,
    /// Its one owner (S2).
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
    /// The ticket that moves.
    pub ticket: TicketId,
    /// The owner it was judged by.
    pub from: Owner,
    /// The owner it gets.
    pub to: Owner,
    /// Protected mode before the move, for the way back (N4).
    pub was_protected: bool,
    /// Protected mode after the move; never on a personal ticket.
    pub protected: bool,
}

/// Protected mode of a group ticket is switched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Protection {
    /// The group ticket.
    pub ticket: TicketId,
    /// The group that has it, and keeps it.
    pub owner: Owner,
    /// Whether it is on from now on.
    pub protected: bool,
}

/// The instance itself is looked after: who is logged in, and the end of their logins (S16–S19).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Administration {
    /// The actor, whom the history names.
    pub by: UserId,
}

impl Actor {
    /// The operator of the server, who stands above every group like an ISV admin, and has no account.
    #[must_use]
    pub const fn operator() -> Self {
        Self {
            user: OPERATOR,
            isv_admin: true,
            impersonated: false,
            memberships: BTreeMap::new(),
        }
    }

    /// Whether the actor is a member of the group, with or without permissions.
    #[must_use]
    pub fn is_member(&self, group: GroupId) -> bool {
        self.memberships.contains_key(&group)
    }

    /// Whether the actor is admin of the group or of one above it, or an ISV admin.
    #[must_use]
    pub fn administers(&self, group: &Lineage) -> bool {
        self.isv_admin || self.grants(group).any(|granted| granted.admin())
    }

    /// The permissions in the group, and in those above it, one by one.
    fn grants<'a>(&'a self, group: &'a Lineage) -> impl Iterator<Item = &'a Permissions> {
        let groups = group.groups().iter();
        groups.filter_map(|group| self.memberships.get(group))
    }

    /// What the actor's memberships of the group, and of those above it, grant together, with what that implies.
    #[must_use]
    pub fn permissions_over(&self, group: &Lineage) -> Permissions {
        if self.isv_admin {
            return Permissions::all();
        }
        let granted = self.grants(group).fold(Permissions::NONE, |sum, p| sum.or(*p));
        if granted.admin() {
            granted.or(Permissions::OF_ADMINS)
        } else {
            granted
        }
    }

    /// What the actor can grant in the one or the other group that they administer: what forms offer before the group is
    /// chosen.
    #[must_use]
    pub fn most_grantable(&self) -> Permissions {
        if self.isv_admin {
            return Permissions::all();
        }
        let granted = self.memberships.values();
        granted.fold(Permissions::OF_ADMINS, |sum, p| sum.or(*p))
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
            ) => self.is_own(*user, Some(level)) || self.administers(level),
            (
                Place::User {
                    user, context: None, ..
                },
                _,
            ) => self.is_own(*user, None) || self.isv_admin,
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

/// May the actor give the ticket to the new owner? Access to the ticket, to its owner and to the new owner (S5): who sees
/// a ticket has access to its owner, a leaver's included (S6). Who does not administer its level keeps it there; the
/// context follows S6.
///
/// # Errors
/// [`Denied`], with the first reason against it.
pub fn authorize_reassign(
    actor: &Actor,
    ticket: &TicketFacts,
    to: &Place,
) -> Result<Authorized<Reassignment>, Denied> {
    if !actor.sees_ticket(ticket) || !actor.reaches(to) {
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
