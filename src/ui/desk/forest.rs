//! The tree as far as it has been loaded, and the lines of it that are shown.

use std::collections::{BTreeMap, BTreeSet};

use domain::groups::tree::Node;

use crate::views::groups::tree::{ChildRows, TreeRow};

/// The branches loaded so far.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Forest(BTreeMap<Option<Node>, Vec<TreeRow>>);

/// A line of the tree as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct Line {
    /// What it stands for.
    pub row: TreeRow,
    /// How deep it stands, from 1.
    pub level: u32,
    /// Its place among its siblings, from 1.
    pub place: u32,
    /// How many siblings there are, with itself.
    pub of: u32,
    /// Whether it is open; `None` when there is nothing below it.
    pub open: Option<bool>,
    /// The line above it in the tree.
    pub parent: Option<Node>,
}

impl Forest {
    /// Whether what lies below the node has been loaded.
    #[must_use]
    pub fn knows(&self, node: Node) -> bool {
        self.0.contains_key(&Some(node))
    }

    /// The row of a node, if it has been loaded.
    #[must_use]
    pub fn find(&self, node: Node) -> Option<&TreeRow> {
        self.0.values().flatten().find(|row| row.node == node)
    }

    /// Adds branches that were loaded. A group that has moved leaves the branch in which it was known.
    pub fn add(&mut self, branches: Vec<ChildRows>) {
        let here: BTreeSet<_> = branches
            .iter()
            .flat_map(|branch| branch.rows.iter().map(|row| row.node))
            .collect();
        for rows in self.0.values_mut() {
            rows.retain(|row| !here.contains(&row.node));
        }
        self.0
            .extend(branches.into_iter().map(|branch| (branch.node, branch.rows)));
    }

    /// Takes over a newer state of the branches that were asked for. Of the others only those that came in meanwhile,
    /// and are open, are kept: a closed branch is loaded again when it is opened.
    pub fn renew(&mut self, asked: &BTreeSet<Node>, open: &BTreeSet<Node>, branches: Vec<ChildRows>) {
        self.0
            .retain(|node, _| node.is_some_and(|node| open.contains(&node) && !asked.contains(&node)));
        self.add(branches);
    }

    /// The rows at the top.
    #[must_use]
    pub fn top(&self) -> &[TreeRow] {
        self.0.get(&None).map_or(&[], Vec::as_slice)
    }

    /// The nodes whose branches have been loaded.
    #[must_use]
    pub fn branches(&self) -> BTreeSet<Node> {
        self.0.keys().copied().flatten().collect()
    }

    /// The lines to be shown, from the top.
    #[must_use]
    pub fn lines(&self, open: &BTreeSet<Node>) -> Vec<Line> {
        let mut lines = Vec::new();
        self.below(None, 1, open, &mut lines);
        lines
    }

    fn below(&self, parent: Option<Node>, level: u32, open: &BTreeSet<Node>, lines: &mut Vec<Line>) {
        let rows = self.0.get(&parent).map_or(&[][..], Vec::as_slice);
        let of = u32::try_from(rows.len()).unwrap_or(u32::MAX);
        for (place, row) in (1..).zip(rows) {
            let is_open = open.contains(&row.node);
            lines.push(Line {
                row: row.clone(),
                level,
                place,
                of,
                open: (row.children > 0).then_some(is_open),
                parent,
            });
            if is_open {
                self.below(Some(row.node), level + 1, open, lines);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::{groups::Lineage, ids::GroupId};

    fn group(id: i64, children: u32) -> TreeRow {
        TreeRow {
            node: Node::Group(GroupId(id)),
            name: format!("Group {id}"),
            lineage: Some(Lineage::top(GroupId(id))),
            children,
            tickets: 0,
            permissions: None,
            isv_admin: false,
        }
    }

    #[test]
    fn a_group_stands_in_one_place() {
        let mut forest = forest();
        let branch = |node, ids: &[i64]| ChildRows {
            node: Some(node),
            rows: ids.iter().map(|id| group(*id, 0)).collect(),
        };
        forest.add(vec![branch(node(1), &[11, 12])]);
        forest.add(vec![branch(node(2), &[11])]);
        let open = BTreeSet::from([node(1), node(2)]);
        let lines = forest.lines(&open);
        let places = lines.iter().filter(|line| line.row.node == node(11));
        assert_eq!(
            places.map(|line| line.parent).collect::<Vec<_>>(),
            [Some(node(2))]
        );
    }

    fn node(id: i64) -> Node {
        Node::Group(GroupId(id))
    }

    fn forest() -> Forest {
        let mut forest = Forest::default();
        forest.add(vec![
            ChildRows {
                node: None,
                rows: vec![group(1, 2), group(2, 0)],
            },
            ChildRows {
                node: Some(node(1)),
                rows: vec![group(11, 1), group(12, 0)],
            },
            ChildRows {
                node: Some(node(11)),
                rows: vec![group(111, 0)],
            },
        ]);
        forest
    }

    fn shown(forest: &Forest, open: &[i64]) -> Vec<String> {
        let open = open.iter().map(|id| node(*id)).collect();
        let lines = forest.lines(&open);
        lines
            .iter()
            .map(|l| format!("{} {}:{}/{} {:?}", l.row.name, l.level, l.place, l.of, l.open))
            .collect()
    }

    #[test]
    fn only_open_branches_are_shown() {
        assert_eq!(
            shown(&forest(), &[]),
            ["Group 1 1:1/2 Some(false)", "Group 2 1:2/2 None"]
        );
        assert_eq!(
            shown(&forest(), &[1]),
            [
                "Group 1 1:1/2 Some(true)",
                "Group 11 2:1/2 Some(false)",
                "Group 12 2:2/2 None",
                "Group 2 1:2/2 None"
            ]
        );
    }

    #[test]
    fn a_renewal_forgets_what_is_gone_and_keeps_what_came_in_meanwhile() {
        let mut forest = forest();
        let open = BTreeSet::from([node(1), node(11)]);
        // Asked before group 11 was opened; group 1 is gone.
        forest.renew(
            &BTreeSet::from([node(1)]),
            &open,
            vec![ChildRows {
                node: None,
                rows: vec![group(2, 0)],
            }],
        );
        assert!(!forest.knows(node(1)) && forest.knows(node(11)));
        assert_eq!(shown(&forest, &[1, 11]), ["Group 2 1:1/1 None"]);
    }
}
