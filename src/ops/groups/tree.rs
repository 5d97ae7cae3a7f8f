//! The tree, branch by branch.

use domain::{groups::tree::Node, ids::UserId};

use crate::{
    ops::{OpError, actor},
    store::{self, Store, Tx, visibility::VisibilityScope},
    views::{
        groups::tree::{ChildRows, TreeRow},
        tickets::TicketQuery,
    },
};

/// Most branches asked for at once; a screen has no more open.
const MAX_BRANCHES: usize = 2_000;

/// The top of the tree, and the rows below each of the nodes. Nodes that the reader may not see are left out, like
/// nodes that do not exist.
///
/// # Errors
/// [`OpError`].
pub async fn branches(store: &Store, reader: UserId, nodes: &[Node]) -> Result<Vec<ChildRows>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut branches = vec![ChildRows {
        node: None,
        rows: top(&mut tx, &visibility).await?,
    }];
    for node in nodes.iter().take(MAX_BRANCHES) {
        if let Some(rows) = below(&mut tx, &visibility, *node).await? {
            branches.push(ChildRows {
                node: Some(*node),
                rows,
            });
        }
    }
    Ok(branches)
}

async fn top(tx: &mut Tx, visibility: &VisibilityScope) -> Result<Vec<TreeRow>, OpError> {
    let isv_admin = visibility.actor().isv_admin;
    let mut rows = Vec::new();
    for node in [Node::All, Node::Mine, Node::Unassigned] {
        if node == Node::Unassigned && !isv_admin {
            continue;
        }
        rows.push(fixed(
            node,
            0,
            store::tickets::listing::count(tx, visibility, &TicketQuery::of(node), None).await?,
        ));
    }
    rows.extend(store::groups::tree::child_groups(tx, visibility, None).await?);
    if isv_admin {
        let people = store::groups::tree::people_without_group(tx).await?.len();
        let tickets =
            store::tickets::listing::count(tx, visibility, &TicketQuery::of(Node::Loose), None).await?;
        rows.push(fixed(
            Node::Loose,
            u32::try_from(people).unwrap_or(u32::MAX),
            tickets,
        ));
    }
    Ok(rows)
}

const fn fixed(node: Node, children: u32, tickets: u64) -> TreeRow {
    TreeRow {
        node,
        name: String::new(),
        lineage: None,
        children,
        tickets,
        permissions: None,
        isv_admin: false,
    }
}

async fn below(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    node: Node,
) -> Result<Option<Vec<TreeRow>>, OpError> {
    match node {
        Node::All | Node::Mine | Node::Unassigned | Node::Person { .. } => Ok(None),
        Node::Loose if visibility.actor().isv_admin => {
            Ok(Some(store::groups::tree::people_without_group(tx).await?))
        }
        Node::Loose => Ok(None),
        Node::Group(group) => {
            let lineage = store::groups::lineage(tx, group).await?;
            let Some(lineage) = lineage.filter(|lineage| visibility.actor().sees_group(lineage)) else {
                return Ok(None);
            };
            let mut rows = store::groups::tree::child_groups(tx, visibility, Some(group)).await?;
            rows.extend(store::groups::tree::people(tx, visibility, &lineage).await?);
            Ok(Some(rows))
        }
    }
}

/// The nodes above a node that the reader sees, from the top: what must be open for it to be seen.
///
/// # Errors
/// [`OpError`].
pub async fn ancestors(store: &Store, reader: UserId, node: Node) -> Result<Vec<Node>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let (group, itself) = match node {
        Node::All | Node::Mine | Node::Unassigned | Node::Loose => return Ok(Vec::new()),
        Node::Person { group: None, .. } => {
            return Ok(if actor.isv_admin {
                vec![Node::Loose]
            } else {
                Vec::new()
            });
        }
        Node::Group(group) => (group, true),
        Node::Person {
            group: Some(group), ..
        } => (group, false),
    };
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let lineage = store::groups::lineage(&mut tx, group).await?;
    let visible = lineage.and_then(|lineage| visibility.visible(&lineage));
    let mut above: Vec<Node> = visible
        .iter()
        .flat_map(|lineage| lineage.groups())
        .map(|group| Node::Group(*group))
        .collect();
    if itself {
        above.pop();
    }
    Ok(above)
}
