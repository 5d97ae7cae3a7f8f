//! Why somebody sees a ticket, or why not (N2): the table of the seed (S3), with its reasons.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use crate::{
    access::{Actor, Place, TicketFacts},
    groups::Lineage,
    ids::GroupId,
};

/// One reason to see a ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub enum Because {
    /// It is theirs.
    Own,
    /// They are a member of the group that has it.
    Member(GroupId),
    /// They are an admin of its group, or of one above.
    Admin(GroupId),
    /// They are an ISV admin (S1).
    IsvAdmin,
}

/// What stands against it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, thiserror::Error)]
pub enum Unseen {
    /// It belongs to nobody yet: it is the ISV admins'.
    #[error("the ticket is unassigned")]
    Unassigned,
    /// They are no more than a member of the group, and the ticket is in protected mode (S2).
    #[error("protected mode hides it from plain members")]
    Protected(GroupId),
    /// They are neither a member of the group, nor an admin of it or above.
    #[error("not a member of the group")]
    NotInGroup(GroupId),
    /// It is somebody else's, and they are no admin of its context.
    #[error("somebody else's, in a context they do not administer")]
    Personal(GroupId),
    /// It is somebody else's, without context.
    #[error("somebody else's, without context")]
    Private,
}

impl Actor {
    /// All reasons for which the actor sees the ticket. There are some exactly where [`Actor::sees_ticket`] says yes.
    ///
    /// # Errors
    /// [`Unseen`], where there is none.
    pub fn why_sees(&self, ticket: &TicketFacts) -> Result<BTreeSet<Because>, Unseen> {
        let mut reasons = BTreeSet::new();
        let against = match &ticket.place {
            Place::Unassigned => Unseen::Unassigned,
            Place::Group(level) => {
                reasons.extend(self.admin_reasons(level));
                let group = level.group();
                match (self.is_member(group), ticket.protected) {
                    (true, false) => {
                        reasons.insert(Because::Member(group));
                        Unseen::NotInGroup(group)
                    }
                    (true, true) => Unseen::Protected(group),
                    (false, _) => Unseen::NotInGroup(group),
                }
            }
            Place::User { user, context, .. } => {
                if self.is_own(*user, context.as_ref()) {
                    reasons.insert(Because::Own);
                }
                reasons.extend(context.iter().flat_map(|level| self.admin_reasons(level)));
                match context {
                    Some(level) => Unseen::Personal(level.group()),
                    None => Unseen::Private,
                }
            }
        };
        if self.isv_admin {
            reasons.insert(Because::IsvAdmin);
        }
        if reasons.is_empty() {
            Err(against)
        } else {
            Ok(reasons)
        }
    }

    fn admin_reasons<'a>(&'a self, level: &'a Lineage) -> impl Iterator<Item = Because> {
        let groups = level.groups().iter().copied();
        let admin = |group: &GroupId| self.memberships.get(group).is_some_and(|granted| granted.admin());
        groups.filter(admin).map(Because::Admin)
    }

    /// What the asker may know of the rights that the actor has over a level (S4): those in groups that the asker sees; that
    /// somebody is an ISV admin, only ISV admins. An answer that rests on this tells nothing of what stands above the asker.
    #[must_use]
    pub fn as_known_to(&self, asker: &Self, level: Option<&Lineage>) -> Self {
        let mut known = Self {
            user: self.user,
            isv_admin: self.isv_admin && asker.isv_admin,
            memberships: BTreeMap::new(),
            impersonated: self.impersonated,
        };
        let mut upwards = level.cloned();
        while let Some(lineage) = upwards {
            let group = lineage.group();
            if let Some(permissions) = self.memberships.get(&group)
                && asker.sees_group(&lineage)
            {
                known.memberships.insert(group, *permissions);
            }
            upwards = lineage.above();
        }
        known
    }
}
