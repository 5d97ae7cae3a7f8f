//! Saved views of the list of tickets: what is asked for and how it is laid out, under a name, wherever one stands in the tree.

use domain::{
    groups::tree::Node,
    ids::{GroupId, ViewId},
};
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use crate::views::tickets::{Sort, TicketQuery, facets::Facets, layout::Layout};

/// Most views of one person, or of one group.
pub const MAX_VIEWS: usize = 20;

/// What a view asks for, of the tickets of whichever node.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ViewQuery {
    /// For a group: with those of the groups and people below it.
    #[serde(default)]
    pub below: bool,
    /// Only those with each of these words in code, product or owner; empty for all.
    #[serde(default)]
    pub search: String,
    /// What of these is wanted: `state:free,ends:30`.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub facets: Facets,
    /// The order.
    #[serde(default)]
    pub sort: Sort,
    /// The other way round.
    #[serde(default)]
    pub reverse: bool,
    /// The columns: `used.ends.owner`, and `compact` before them for low rows.
    #[serde(default)]
    #[cfg_attr(feature = "ssr", schema(value_type = String))]
    pub layout: Layout,
}

impl ViewQuery {
    /// As the list is.
    #[must_use]
    pub fn of(query: &TicketQuery, layout: &Layout) -> Self {
        Self {
            below: query.below,
            search: query.search.clone(),
            facets: query.facets.clone(),
            sort: query.sort,
            reverse: query.reverse,
            layout: layout.clone(),
        }
    }

    /// The list that it asks for there.
    #[must_use]
    pub fn at(&self, node: Node) -> TicketQuery {
        TicketQuery {
            node,
            below: self.below,
            search: self.search.clone(),
            facets: self.facets.clone(),
            sort: self.sort,
            reverse: self.reverse,
            page: 0,
        }
    }
}

/// A saved view.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SavedView {
    pub id: ViewId,
    pub name: String,
    /// Of which group; missing of one's own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
    pub query: ViewQuery,
    /// Whether the reader may change and remove it.
    pub may_keep: bool,
}

/// The views that the reader can choose at a node.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct SavedViews {
    /// One's own, then those of the group of the node and of the groups above it, by name.
    pub views: Vec<SavedView>,
    /// The group of the node, where the reader may keep its views.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<GroupId>,
}
