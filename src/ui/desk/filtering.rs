//! Searching the tree: the address says for what, and the server finds it.

use std::collections::BTreeSet;

use domain::groups::tree::Node;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::groups::tree::{branches, find_in_tree},
    errors::ApiError,
    ui::{
        desk::{
            address::address_from,
            finding::lists,
            forest::Forest,
            found::Found,
            state::{DeskState, HEADING},
        },
        drag::board::Board,
        kit::browser,
    },
    views::addresses,
};

impl DeskState {
    /// Searches the tree for what somebody typed: it stands in the address from then on.
    pub fn ask_for(self, text: &str) {
        let text = text.trim();
        if self.finding.asked.with_untracked(|asked| asked == text) {
            return;
        }
        self.go.run((untrack(|| self.find_address(text)), true));
    }

    /// The address of this page with that searched for in the tree.
    pub fn find_address(self, text: &str) -> String {
        let path = if self.at_root.get() {
            addresses::HOME.to_owned()
        } else {
            addresses::tickets(self.query.with(|query| query.node))
        };
        self.query.with(|query| address_from(&path, query, text))
    }

    /// The address of the tree alone, as phones have it.
    pub fn tree_address(self) -> String {
        let query = self.listing.get();
        self.finding
            .asked
            .with(|find| address_from(addresses::HOME, &query, find))
    }

    /// Searches for what the address asks for, and shows it in the place of the tree. Answers that were overtaken are thrown
    /// away.
    pub fn find(self) {
        let finding = self.finding;
        let Some(text) = finding.asked.try_get_untracked() else {
            return;
        };
        let this = finding.times.try_update_value(|times| {
            *times += 1;
            *times
        });
        if text.is_empty() {
            browser::keeping_focus(HEADING, || finding.hide());
            self.reveal(self.query.get_untracked().node);
            return;
        }
        let again = finding
            .found
            .with_untracked(|found| found.as_ref().is_some_and(|found| found.text == text));
        let opened = if again {
            finding.open.get_untracked()
        } else {
            BTreeSet::new()
        };
        finding.loading.set(true);
        spawn_local(async move {
            let answer = find_in_tree(text.clone()).await;
            // The desk may have been left meanwhile.
            let Some(actor) = self.me.try_with_untracked(|me| me.actor.clone()) else {
                return;
            };
            let lists = self.forest.with_untracked(|forest| lists(self.lang, forest));
            let answer = match answer {
                Ok(nodes) => {
                    let (mut found, mut forest) = Found::of(text, nodes, &actor, &lists);
                    let further: Vec<Node> = opened
                        .into_iter()
                        .filter(|node| forest.find(*node).is_some() && !forest.knows(*node))
                        .collect();
                    let loaded = if further.is_empty() {
                        Ok(Vec::new())
                    } else {
                        branches(further).await
                    };
                    loaded.map(|mut loaded| {
                        loaded.retain(|branch| branch.node.is_some());
                        found.add(&loaded);
                        forest.add(loaded);
                        (found, forest)
                    })
                }
                Err(error) => Err(error),
            };
            if finding.times.try_get_value() == this {
                self.found(answer);
            }
        });
    }

    fn found(self, answer: Result<(Found, Forest), ApiError>) {
        self.finding.loading.set(false);
        match answer {
            Ok((found, forest)) => {
                let another = self
                    .finding
                    .found
                    .with_untracked(|old| old.as_ref().is_none_or(|old| old.text != found.text));
                browser::keeping_focus(HEADING, || self.finding.show(found, forest));
                // Other lines have come under the pointer, and nobody has pointed at them yet.
                if another && self.drags() {
                    self.hover(None);
                }
            }
            Err(error) => {
                self.heard(&error);
                self.finding.error.set(Some(error));
            }
        }
    }
}
