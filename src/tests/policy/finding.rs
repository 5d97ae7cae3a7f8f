//! What a search of the tree finds, against the naive oracle: every group and person that the reader sees and whose name has the
//! words, no other, each below the groups that the reader sees.

use std::collections::BTreeMap;

use domain::groups::{Lineage, tree::Node};
use license_portal::{ops, views::groups::tree::TreeRow};

use crate::{policy::oracle::World, support::portal::TestPortal};

/// Words, of which each is looked for in `g0`, `g1` … and `p0`, `p1` …
const SEARCHES: [&str; 7] = ["g", "P", "1", "g 1", "1 1", "p g", "g[0-9]"];

/// A hit: its node, the names above it, and its own.
type Hit = (Node, Vec<String>);

/// What somebody should find.
fn expected(portal: &TestPortal, world: &World, person: usize, search: &str) -> Vec<Hit> {
    let fits = |name: &str| search.split(' ').all(|word| name.contains(&word.to_lowercase()));
    let path = |group: usize| {
        let mut path = vec![format!("g{group}")];
        let mut at = group;
        while let Some(parent) = world.parents[at].filter(|parent| world.sees_group(person, *parent)) {
            path.insert(0, format!("g{parent}"));
            at = parent;
        }
        path
    };
    let mut hits = Vec::new();
    for group in 0..world.parents.len() {
        if world.sees_group(person, group) && fits(&format!("g{group}")) {
            hits.push((Node::Group(portal.group(&format!("g{group}"))), path(group)));
        }
    }
    for other in 0..world.isv_admins.len() {
        if !fits(&format!("p{other}")) {
            continue;
        }
        let user = portal.person(&format!("p{other}"));
        let groups: Vec<usize> = world.memberships[other].keys().copied().collect();
        for group in &groups {
            if other == person || world.admin(person, *group) {
                let node = Node::Person {
                    user,
                    group: Some(portal.group(&format!("g{group}"))),
                };
                hits.push((node, path(*group)));
            }
        }
        if groups.is_empty() && world.isv_admins[person] {
            hits.push((Node::Person { user, group: None }, Vec::new()));
        }
    }
    hits.sort();
    hits
}

/// Everything that one person finds.
pub async fn check(portal: &TestPortal, world: &World, person: usize) {
    let reader = portal.person(&format!("p{person}"));
    let groups = (0..world.parents.len()).map(|group| Node::Group(portal.group(&format!("g{group}"))));
    let nodes: Vec<Node> = groups.chain([Node::Loose]).collect();
    let branches = ops::groups::tree::branches(&portal.store, reader, &nodes)
        .await
        .unwrap();
    let tree: BTreeMap<Node, &TreeRow> = branches
        .iter()
        .flat_map(|branch| &branch.rows)
        .map(|row| (row.node, row))
        .collect();
    for search in SEARCHES {
        let found = ops::groups::tree::find(&portal.store, reader, search)
            .await
            .unwrap();
        assert!(!found.more, "{search:?} by p{person}: {world:#?}");
        let mut hits: Vec<Hit> = Vec::new();
        for hit in found.hits {
            // With the counts that the tree has, which are held against the oracle elsewhere.
            assert_eq!(
                Some(&&hit.row),
                tree.get(&hit.row.node),
                "{search:?} by p{person}: {world:#?}"
            );
            let groups = hit
                .row
                .lineage
                .as_ref()
                .map_or(0, |lineage| lineage.groups().len());
            assert_eq!(hit.path.len(), groups, "{search:?} by p{person}: {world:#?}");
            for above in hit.row.lineage.iter().flat_map(Lineage::groups) {
                assert!(
                    tree.contains_key(&Node::Group(*above)),
                    "{search:?} by p{person} tells of {above:?}: {world:#?}"
                );
            }
            hits.push((hit.row.node, hit.path));
        }
        hits.sort();
        assert_eq!(
            hits,
            expected(portal, world, person, search),
            "{search:?} by p{person}: {world:#?}"
        );
    }
}
