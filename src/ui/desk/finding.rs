//! Searching the tree: the address says for what, the server finds it, and what it found stands in the place of the tree.

use std::{collections::BTreeSet, sync::Arc};

use domain::{access::Actor, groups::tree::Node};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::groups::tree::{branches, find_in_tree},
    errors::ApiError,
    i18n::Language,
    ui::{
        desk::{
            address::address_from,
            forest::Forest,
            found::Found,
            state::{DeskState, HEADING, node_name},
        },
        drag::board::Board,
        kit::browser,
    },
    views::{
        addresses,
        groups::tree::{ChildRows, FoundNodes, TreeRow},
    },
};

/// Selects the field in which names are typed.
pub const FIELD: &str = "#tree-filter";

/// What is searched for in the tree, and what was found.
#[derive(Clone, Copy)]
pub struct Finding {
    /// What the address asks for; nothing where it is empty.
    pub asked: Memo<String>,
    /// The last answer. It stays while a newer one is on its way.
    pub found: RwSignal<Option<Arc<Found>>>,
    /// The hits with what is above them, and what has been opened below them.
    pub forest: RwSignal<Forest>,
    /// The open branches of that.
    pub open: RwSignal<BTreeSet<Node>>,
    /// An answer is on its way.
    pub loading: RwSignal<bool>,
    /// Why there is no answer.
    pub error: RwSignal<Option<ApiError>>,
    /// How often the server was asked.
    times: StoredValue<u64>,
}

impl Finding {
    /// From what was loaded first.
    pub fn new(
        asked: Memo<String>,
        first: Option<Result<FoundNodes, ApiError>>,
        actor: &Actor,
        lists: &[(TreeRow, String)],
    ) -> Self {
        let finding = Self {
            asked,
            found: RwSignal::new(None),
            forest: RwSignal::default(),
            open: RwSignal::default(),
            loading: RwSignal::new(false),
            error: RwSignal::new(None),
            times: StoredValue::new(0),
        };
        match first {
            Some(Ok(nodes)) => {
                let (found, forest) = Found::of(asked.get_untracked(), nodes, actor, lists);
                finding.show(found, forest);
            }
            Some(Err(error)) => finding.error.set(Some(error)),
            None => {}
        }
        finding
    }

    /// Whether what was found is shown in the place of the tree.
    pub fn is_shown(self) -> bool {
        self.found.with(Option::is_some)
    }

    /// The tree that is shown, and its open branches: this, or what was found.
    pub fn instead_of(
        self,
        forest: RwSignal<Forest>,
        open: RwSignal<BTreeSet<Node>>,
    ) -> (RwSignal<Forest>, RwSignal<BTreeSet<Node>>) {
        if self.is_shown() {
            (self.forest, self.open)
        } else {
            (forest, open)
        }
    }

    /// Whether it is known how many tickets there are at a line that is shown.
    pub fn is_counted(self, node: Node) -> bool {
        self.found
            .with(|found| found.as_ref().is_none_or(|found| found.is_counted(node)))
    }

    /// Branches below the hits were loaded as a whole.
    pub fn complete(self, loaded: &[ChildRows]) {
        self.found.try_update(|found| {
            if let Some(found) = found {
                Arc::make_mut(found).add(loaded);
            }
        });
    }

    /// Shows what was found. Branches that were closed by hand stay closed while the same is searched for.
    fn show(self, found: Found, forest: Forest) {
        let again = self
            .found
            .with_untracked(|old| old.as_ref().is_some_and(|old| old.text == found.text));
        let before = self.forest.with_untracked(Forest::branches);
        let now = forest.branches();
        self.open.update(|open| {
            if again {
                open.extend(now.difference(&before));
            } else {
                *open = now;
            }
        });
        self.forest.set(forest);
        self.found.set(Some(Arc::new(found)));
        self.error.set(None);
    }

    fn hide(self) {
        self.found.set(None);
        self.forest.set(Forest::default());
        self.open.set(BTreeSet::new());
        self.error.set(None);
        self.loading.set(false);
    }
}

/// The lists at the top of the tree, with the names that they have on the screen.
pub fn lists(lang: Language, forest: &Forest) -> Vec<(TreeRow, String)> {
    let top = forest.top().iter();
    top.filter(|row| !matches!(row.node, Node::Group(_) | Node::Person { .. }))
        .map(|row| (row.clone(), node_name(lang, row.node, &row.name)))
        .collect()
}

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
        let opened = finding
            .found
            .with_untracked(|found| found.as_ref().is_some_and(|found| found.text == text))
            .then(|| finding.open.get_untracked())
            .unwrap_or_default();
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
