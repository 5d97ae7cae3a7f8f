//! What a search of the tree found, as a tree of its own: the hits, below the groups in which they stand.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::Actor,
    groups::{Lineage, tree::Node},
    names::{fold, pieces, words},
};

use crate::{
    ui::desk::forest::Forest,
    views::groups::tree::{ChildRows, FoundNode, FoundNodes, TreeRow},
};

/// The hits of a search.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Found {
    /// What was searched for.
    pub text: String,
    words: Vec<String>,
    /// The hits, and the login that a person has beside the name.
    hits: BTreeMap<Node, Option<String>>,
    /// Groups that are there only because something in them was found: what they hold was not counted.
    above: BTreeSet<Node>,
    /// There are others.
    pub more: bool,
}

impl Found {
    /// Takes in an answer: the hits, and the branches in which they stand. The lists at the top have their names from the
    /// screen, and are found here.
    #[must_use]
    pub fn of(text: String, found: FoundNodes, actor: &Actor, lists: &[(TreeRow, String)]) -> (Self, Forest) {
        let words = words(&text);
        let has_words = |name: &str| !words.is_empty() && words.iter().all(|word| fold(name).contains(word));
        let lists: Vec<TreeRow> = lists
            .iter()
            .filter(|(_, name)| has_words(name))
            .map(|(row, _)| row.clone())
            .collect();
        let mut hits: BTreeMap<Node, Option<String>> = found
            .hits
            .iter()
            .map(|hit| (hit.row.node, hit.login.as_ref().map(ToString::to_string)))
            .collect();
        hits.extend(lists.iter().map(|row| (row.node, None)));
        let mut above = BTreeSet::new();
        let mut branches: BTreeMap<Option<Node>, Vec<TreeRow>> = BTreeMap::new();
        if !lists.is_empty() {
            branches.insert(None, lists);
        }
        for hit in found.hits {
            let mut parent = None;
            for row in rows_above(&hit, actor) {
                let node = row.node;
                if !hits.contains_key(&node) && above.insert(node) {
                    branches.entry(parent).or_default().push(row);
                }
                parent = Some(node);
            }
            branches.entry(parent).or_default().push(hit.row);
        }
        let mut forest = Forest::default();
        forest.add(
            branches
                .into_iter()
                .map(|(node, mut rows)| {
                    rows.sort_by_cached_key(|row| (kind(row.node), fold(&row.name), row.node));
                    ChildRows { node, rows }
                })
                .collect(),
        );
        let found = Self {
            text,
            words,
            hits,
            above,
            more: found.more,
        };
        (found, forest)
    }

    /// How many hits there are here, the lists at the top among them.
    #[must_use]
    pub fn count(&self) -> usize {
        self.hits.len()
    }

    /// Whether it is known how many tickets there are at the node.
    #[must_use]
    pub fn is_counted(&self, node: Node) -> bool {
        !self.above.contains(&node)
    }

    /// A branch was loaded as a whole, and with it what its groups hold.
    pub fn add(&mut self, branches: &[ChildRows]) {
        for row in branches.iter().flat_map(|branch| &branch.rows) {
            self.above.remove(&row.node);
        }
    }

    /// The name in pieces, each with whether it was searched for.
    #[must_use]
    pub fn pieces(&self, node: Node, name: &str) -> Vec<(bool, String)> {
        let words = if self.hits.contains_key(&node) {
            self.words.as_slice()
        } else {
            &[]
        };
        pieces(name, words)
    }

    /// The login of a person whose name alone does not say why it was found.
    #[must_use]
    pub fn login(&self, node: Node, name: &str) -> Option<Vec<(bool, String)>> {
        let login = self.hits.get(&node)?.as_ref()?;
        let name = fold(name);
        let told = self.words.iter().all(|word| name.contains(word));
        (!told).then(|| pieces(login, &self.words))
    }
}

/// The groups above a hit, from the top, as far as they are known from it.
fn rows_above(hit: &FoundNode, actor: &Actor) -> Vec<TreeRow> {
    let Some(lineage) = &hit.row.lineage else {
        // Somebody without a group.
        return vec![row(Node::Loose, String::new(), None, actor)];
    };
    let mut lineages: Vec<Lineage> = std::iter::successors(Some(lineage.clone()), Lineage::above).collect();
    lineages.reverse();
    if matches!(hit.row.node, Node::Group(_)) {
        lineages.pop();
    }
    let named = lineages.into_iter().zip(&hit.path);
    named
        .map(|(lineage, name)| row(Node::Group(lineage.group()), name.clone(), Some(lineage), actor))
        .collect()
}

fn row(node: Node, name: String, lineage: Option<Lineage>, actor: &Actor) -> TreeRow {
    let group = lineage.as_ref().map(Lineage::group);
    TreeRow {
        node,
        name,
        lineage,
        children: 1,
        tickets: 0,
        permissions: group.and_then(|group| actor.memberships.get(&group).copied()),
        isv_admin: false,
    }
}

/// The order of what stands side by side: as in the tree.
const fn kind(node: Node) -> u8 {
    match node {
        Node::All => 0,
        Node::Mine => 1,
        Node::Unassigned => 2,
        Node::Group(_) => 3,
        Node::Person { .. } => 4,
        Node::Loose => 5,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use domain::ids::{GroupId, UserId};

    fn lineage(groups: &[i64]) -> Lineage {
        Lineage::new(groups.iter().map(|id| GroupId(*id)).collect()).unwrap()
    }

    fn hit(node: Node, name: &str, groups: &[i64], login: Option<&str>) -> FoundNode {
        let lineage = (!groups.is_empty()).then(|| lineage(groups));
        FoundNode {
            path: groups.iter().map(|id| format!("Group {id}")).collect(),
            login: login.map(|login| login.parse().unwrap()),
            row: TreeRow {
                name: name.to_owned(),
                ..row(node, String::new(), lineage, &actor())
            },
        }
    }

    fn actor() -> Actor {
        Actor {
            user: UserId(5),
            isv_admin: false,
            memberships: BTreeMap::new(),
            impersonated: false,
        }
    }

    fn shown(text: &str, hits: Vec<FoundNode>) -> (Found, Vec<String>) {
        let lists = [
            (Node::All, "All tickets"),
            (Node::Mine, "My tickets"),
            (Node::Loose, "Without a group"),
        ]
        .map(|(node, name)| (row(node, String::new(), None, &actor()), name.to_owned()));
        let (found, forest) = Found::of(
            text.to_owned(),
            FoundNodes { hits, more: false },
            &actor(),
            &lists,
        );
        let lines = forest.lines(&forest.branches());
        let line = |line: &crate::ui::desk::forest::Line| {
            let counted = if found.is_counted(line.row.node) {
                ""
            } else {
                " above"
            };
            format!(
                "{} {} {}/{}{counted}",
                line.level, line.row.node, line.place, line.of
            )
        };
        let lines = lines.iter().map(line).collect();
        (found, lines)
    }

    #[test]
    fn hits_stand_below_their_groups_each_once_groups_first() {
        let person = |group| Node::Person {
            user: UserId(4),
            group,
        };
        let (found, lines) = shown(
            "12",
            vec![
                hit(person(None), "Ann", &[], Some("ann12")),
                hit(person(Some(GroupId(7))), "Ann", &[1, 7], Some("ann12")),
                hit(Node::Group(GroupId(12)), "Group 12", &[1, 12], None),
                hit(Node::Group(GroupId(121)), "Group 121", &[1, 12, 121], None),
            ],
        );
        assert_eq!(
            lines,
            [
                "1 group:1 1/2 above",
                "2 group:12 1/2",
                "3 group:121 1/1",
                "2 group:7 2/2 above",
                "3 user:4@7 1/1",
                "1 loose 2/2 above",
                "2 user:4 1/1",
            ]
        );
        assert_eq!(found.count(), 4);
        assert_eq!(
            found.login(person(None), "Ann").map(|pieces| pieces.len()),
            Some(2)
        );
        assert_eq!(found.login(person(None), "Ann 12"), None);
        assert_eq!(
            found.pieces(Node::Group(GroupId(1)), "Group 12"),
            [(false, "Group 12".to_owned())]
        );
    }

    #[test]
    fn nothing_found_is_an_empty_tree() {
        assert_eq!(shown("12", Vec::new()).1, Vec::<String>::new());
    }

    #[test]
    fn lists_are_found_by_the_names_that_they_have_on_the_screen() {
        assert_eq!(shown("my TICK", Vec::new()).1, ["1 mine 1/1"]);
        let ann = Node::Person {
            user: UserId(4),
            group: None,
        };
        let (found, lines) = shown("a", vec![hit(ann, "Ann", &[], Some("ann"))]);
        assert_eq!(lines, ["1 all 1/2", "1 loose 2/2", "2 user:4 1/1"]);
        assert_eq!(found.count(), 3);
    }
}
