//! The tree of groups (S1).

pub mod tree;

use serde::{Deserialize, Serialize};

use crate::ids::GroupId;

/// Depth beyond which no group may be created: far above any real organisation, low enough to keep a lineage small.
pub const MAX_DEPTH: usize = 64;

/// A group's place in the tree: the groups from the top (or, for a reader who may not see that far, from the
/// topmost one visible to them) down to the group itself.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Lineage(Vec<GroupId>);

/// A lineage without any group in it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a lineage names at least the group itself")]
pub struct EmptyLineage;

impl Lineage {
    /// The lineage of a top-level group.
    #[must_use]
    pub fn top(group: GroupId) -> Self {
        Self(vec![group])
    }

    /// From the top down to the group itself.
    ///
    /// # Errors
    /// [`EmptyLineage`] when there is no group in it.
    pub fn new(groups: Vec<GroupId>) -> Result<Self, EmptyLineage> {
        if groups.is_empty() {
            Err(EmptyLineage)
        } else {
            Ok(Self(groups))
        }
    }

    /// The lineage of a new or moved group below this one.
    #[must_use]
    pub fn child(&self, group: GroupId) -> Self {
        let mut groups = self.0.clone();
        groups.push(group);
        Self(groups)
    }

    /// The group itself.
    #[must_use]
    pub fn group(&self) -> GroupId {
        match self.0.last() {
            Some(group) => *group,
            None => unreachable!("a lineage is never empty"),
        }
    }

    /// The group above, if there is one.
    #[must_use]
    pub fn parent(&self) -> Option<GroupId> {
        match self.0.as_slice() {
            [.., parent, _] => Some(*parent),
            _ => None,
        }
    }

    /// The lineage of the group above, if there is one.
    #[must_use]
    pub fn above(&self) -> Option<Self> {
        let (_, above) = self.0.split_last()?;
        Self::new(above.to_vec()).ok()
    }

    /// Whether the group is `group`, or lies below it.
    #[must_use]
    pub fn is_within(&self, group: GroupId) -> bool {
        self.0.contains(&group)
    }

    /// The lineage of `group`, where that is the group itself or lies above it.
    #[must_use]
    pub fn up_to(&self, group: GroupId) -> Option<Self> {
        let at = self.0.iter().position(|above| *above == group)?;
        Some(Self(self.0[..=at].to_vec()))
    }

    /// From the top down to the group itself; never empty.
    #[must_use]
    pub fn groups(&self) -> &[GroupId] {
        &self.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lineage_ends_at_each_group_on_it() {
        let lineage = Lineage::new([1, 2, 3].map(GroupId).to_vec()).unwrap();
        assert_eq!(lineage.up_to(GroupId(3)).as_ref(), Some(&lineage));
        assert_eq!(lineage.up_to(GroupId(2)), lineage.above());
        assert_eq!(lineage.up_to(GroupId(4)), None);
    }
}
