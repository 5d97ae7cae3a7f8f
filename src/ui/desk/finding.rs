//! What is searched for in the tree, and what was found: it stands in the place of the tree.

use std::{collections::BTreeSet, sync::Arc};

use domain::{access::Actor, groups::tree::Node};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    i18n::Language,
    ui::desk::{forest::Forest, found::Found, names::node_name},
    views::groups::tree::{ChildRows, FoundNodes, TreeRow},
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
    pub(super) times: StoredValue<u64>,
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
    pub(super) fn show(self, found: Found, forest: Forest) {
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

    /// Gives the place back to the tree.
    pub(super) fn hide(self) {
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
