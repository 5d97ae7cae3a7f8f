//! The tree, branch by branch.

use std::collections::HashMap;

use domain::{groups::tree::Node, ids::UserId, names::words};

use crate::{
    ops::{OpError, actor, readers::Names},
    store::{self, Store, Tx, visibility::VisibilityScope},
    views::{
        groups::tree::{ChildRows, FOUND, FoundNode, FoundNodes, TreeRow},
        tickets::TicketQuery,
    },
};

/// Most branches asked for at once; a screen has no more open.
const MAX_BRANCHES: usize = 2_000;
/// Longest search, in characters; what is beyond is left out.
const LONGEST: usize = 100;

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

/// Groups and people that the reader sees in the tree and whose name has each of the words, with the groups above them that
/// the reader sees; at most [`FOUND`]. Nothing is found without a word.
///
/// # Errors
/// [`OpError`].
pub async fn find(store: &Store, reader: UserId, search: &str) -> Result<FoundNodes, OpError> {
    let search: String = search.chars().take(LONGEST).collect();
    let words = words(&search);
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    if words.is_empty() {
        return Ok(FoundNodes::default());
    }
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut nodes = store::groups::finding::nodes(&mut tx, &visibility, &words, FOUND + 1).await?;
    let more = nodes.len() > FOUND;
    nodes.truncate(FOUND);
    let (mut groups, mut people) = (Vec::new(), Vec::new());
    for node in &nodes {
        match *node {
            Node::Group(group) => groups.push(group),
            Node::Person { user, group } => people.push((user, group)),
            Node::All | Node::Mine | Node::Unassigned | Node::Loose => {}
        }
    }
    let groups = store::groups::tree::group_rows(&mut tx, &visibility, &groups).await?;
    let people = store::groups::tree::person_rows(&mut tx, &visibility, &people).await?;
    let rows = groups
        .into_iter()
        .map(|row| (row, None))
        .chain(people.into_iter().map(|(row, login)| (row, Some(login))));
    let mut rows: HashMap<Node, _> = rows.map(|found| (found.0.node, found)).collect();
    let lineages = rows.values().filter_map(|(row, _)| row.lineage.as_ref());
    let names = Names::of(&mut tx, &visibility, lineages).await?;
    let hit = |node: &Node| {
        let (row, login) = rows.remove(node)?;
        let lineage = row.lineage.as_ref();
        let path = lineage.map_or_else(Vec::new, |lineage| names.path(&visibility, lineage));
        Some(FoundNode { row, path, login })
    };
    let hits = nodes.iter().filter_map(hit).collect();
    Ok(FoundNodes { hits, more })
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
