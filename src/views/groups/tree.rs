//! What the screen shows on the left: the tree as one reader sees it.

use domain::{
    accounts::{Login, Permissions},
    groups::{Lineage, tree::Node},
};
use serde::{Deserialize, Serialize};

/// A row of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct TreeRow {
    /// What the row stands for.
    pub node: Node,
    /// Name of the group or person; empty for the fixed nodes, which are named by the screen in its language.
    pub name: String,
    /// Where the group, or the group of the person, stands in the tree, as far as the reader may see upwards.
    pub lineage: Option<Lineage>,
    /// How many rows there are right below.
    pub children: u32,
    /// How many tickets the reader sees there; of a group, those of the groups below it too.
    pub tickets: u64,
    /// Of a person: what they may do in this group. Of a group: what the reader's own membership in it permits.
    pub permissions: Option<Permissions>,
    /// The person is an ISV admin.
    pub isv_admin: bool,
}

/// The rows right below one node, in order; `node` is `None` for the top of the tree.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChildRows {
    /// Whose children these are.
    pub node: Option<Node>,
    /// The children: groups first, then people, by name.
    pub rows: Vec<TreeRow>,
}

/// What a search of the tree found.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct FoundNodes {
    /// The groups and people, by name; at most [`FOUND`].
    pub hits: Vec<FoundNode>,
    /// There are others.
    pub more: bool,
}

/// A group or a person, with where it stands.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FoundNode {
    /// As in the tree. The groups above it are those of the lineage.
    pub row: TreeRow,
    /// The names along the lineage, a group's own among them.
    pub path: Vec<String>,
    /// Of a person: the name they log in with, which is searched, too.
    pub login: Option<Login>,
}

/// Most groups and people that a search of the tree finds.
pub const FOUND: usize = 50;
