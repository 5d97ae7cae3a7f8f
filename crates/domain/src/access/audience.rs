//! Whom something at a place could concern: where to look for readers, before each of them is judged.

use std::collections::BTreeSet;

use crate::{
    access::{ContainerFacts, Place},
    groups::Lineage,
    ids::{GroupId, UserId},
};

/// Nobody outside of it sees a ticket at the place, or reaches the place; not everybody in it does. ISV admins, who stand
/// above all places, belong to each.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Audience {
    /// The person whom the place belongs to.
    pub person: Option<UserId>,
    /// Whose admins it could concern.
    pub admins_of: BTreeSet<GroupId>,
    /// All of whose members it could concern.
    pub members_of: Option<GroupId>,
}

impl Audience {
    fn of_person<'a>(person: UserId, groups: impl IntoIterator<Item = &'a Lineage>) -> Self {
        let groups = groups.into_iter().flat_map(Lineage::groups);
        Self {
            person: Some(person),
            admins_of: groups.copied().collect(),
            members_of: None,
        }
    }
}

impl Place {
    /// Whom what happens here could concern.
    #[must_use]
    pub fn audience(&self) -> Audience {
        match self {
            Self::Unassigned => Audience::default(),
            Self::Group(level) => Audience {
                person: None,
                admins_of: level.groups().iter().copied().collect(),
                members_of: Some(level.group()),
            },
            Self::User {
                user,
                context,
                groups,
            } => Audience::of_person(*user, groups.iter().chain(context)),
        }
    }
}

impl ContainerFacts {
    /// Whom what happens to the container could concern.
    #[must_use]
    pub fn audience(&self) -> Audience {
        Audience::of_person(self.user, self.groups.iter().chain(&self.context))
    }
}
