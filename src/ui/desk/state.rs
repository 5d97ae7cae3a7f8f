//! What the desk knows: the tree, the list, the moves on their way and the drag, as signals for its parts.

use std::{
    collections::{BTreeSet, HashMap},
    sync::Arc,
};

use domain::{access::Actor, groups::tree::Node, ids::TicketId};
use leptos::{leptos_dom::helpers::TimeoutHandle, prelude::*};
use leptos_router::{
    NavigateOptions,
    hooks::{use_location, use_navigate, use_query_map},
};
use serde::{Deserialize, Serialize};

use crate::{
    errors::ApiError,
    i18n::Language,
    ui::{
        desk::{
            address::{Panel, address, columns_of, find_of, panel_of, query_of, with_panel},
            finding::{Finding, lists},
            forest::{Forest, Line},
            jobs::Moves,
            names::node_name,
            overlay::{Pending, Shown, overlay},
            verdict::{DraggedItem, verdict},
        },
        drag::board::Drag,
        kit::{browser, language::use_language, menu::context::Opened, toast::Toasts},
        licensing::amendments::dialog::Amending,
        shell::session::{Login, login_state, use_me},
        tickets::selection::Selection,
    },
    views::accounts::sessions::Me,
    views::{
        addresses,
        groups::tree::{ChildRows, FoundNodes, TreeRow},
        tickets::{
            Target, TicketPage, TicketQuery, TicketRow,
            bulk::Matching,
            facets::{FacetCounts, Facets},
            layout::Layout,
            saved::SavedViews,
        },
    },
};

/// The heading that says where one is.
pub const HEADING: &str = "where";

/// The lines of the tree that are shown.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Lines {
    pub list: Vec<Line>,
    at: HashMap<Node, usize>,
}

impl Lines {
    /// Where the node stands in the list.
    #[must_use]
    pub fn position(&self, node: Node) -> Option<usize> {
        self.at.get(&node).copied()
    }

    /// The line of the node.
    #[must_use]
    pub fn of(&self, node: Node) -> Option<&Line> {
        self.position(node).map(|at| &self.list[at])
    }
}

/// The last answer to "which tickets?".
#[derive(Debug, Clone, PartialEq)]
pub struct Answer {
    pub query: TicketQuery,
    pub page: Result<TicketPage, ApiError>,
}

/// The list of tickets as shown.
#[derive(Debug, Clone, PartialEq)]
pub struct List {
    pub rows: Vec<Shown>,
    /// How many there are on all pages.
    pub total: u64,
    /// Names of the node and of the groups above it.
    pub path: Vec<String>,
    /// Why there is no list.
    pub error: Option<ApiError>,
    /// Nothing is known of this node yet.
    pub empty_yet: bool,
}

/// The state of the desk.
#[derive(Clone, Copy)]
pub struct DeskState {
    /// The language of the page.
    pub lang: Language,
    /// The reader, with what they may do now.
    pub me: RwSignal<Me>,
    /// What the address asks for.
    pub query: Memo<TicketQuery>,
    /// What is open above the list.
    pub panel: Memo<Option<Panel>>,
    /// The saved views of the node, once they were asked for.
    pub views: RwSignal<Option<SavedViews>>,
    /// The columns of the list.
    pub layout: RwSignal<Layout>,
    /// How many tickets there are of each value of each facet, once that was asked.
    pub counts: RwSignal<Option<FacetCounts>>,
    /// The root: on a phone, the tree is shown there, and the list elsewhere.
    pub at_root: Memo<bool>,
    /// The branches loaded.
    pub forest: RwSignal<Forest>,
    /// The open branches.
    pub open: RwSignal<BTreeSet<Node>>,
    /// The groups and people that are searched for, in the place of the tree.
    pub finding: Finding,
    /// The line of the tree that takes the focus.
    pub active: RwSignal<Option<Node>>,
    pub lines: Memo<Arc<Lines>>,
    /// What the server said last about the list.
    pub answer: RwSignal<Answer>,
    /// Moves on their way.
    pub pending: RwSignal<Vec<Pending>>,
    pub list: Memo<Arc<List>>,
    /// A list is on its way.
    pub loading: RwSignal<bool>,
    /// Tickets selected to be moved together.
    pub selected: RwSignal<BTreeSet<TicketId>>,
    /// In the place of those: all that the list held when they were selected, beyond the page.
    pub all: RwSignal<Option<Matching>>,
    /// Tickets for which "Move to…" is open.
    pub moving: RwSignal<Option<Selection>>,
    /// The row whose menu is open.
    pub row_menu: RwSignal<Option<Opened<TicketId>>>,
    /// The group of the tree whose menu is open.
    pub node_menu: RwSignal<Option<Opened<Node>>>,
    /// Tickets on their way to a new owner, while it is shown which of them may go.
    pub previewing: RwSignal<Option<(Selection, Target)>>,
    /// Licences of tickets that are being amended, in the dialog.
    pub amending: RwSignal<Option<Amending>>,
    /// What the server does that takes a while, in words.
    pub working: RwSignal<Option<String>>,
    /// Tickets on their way to a new owner, while it is asked what becomes of their activated licences.
    pub asking: RwSignal<Option<(Vec<TicketRow>, Target)>>,
    pub drag: Drag<DraggedItem, Node>,
    pub(super) springs: Springs,
    /// A line of a long tree that has to be drawn.
    pub draw: RwSignal<Option<Node>>,
    /// The live connection stands.
    pub connected: RwSignal<bool>,
    /// The last request was answered.
    pub reached: RwSignal<bool>,
    /// How the login stands.
    pub login: RwSignal<Login>,
    /// Where what is dragged may be dropped, in the order of the lines.
    pub permitted: Memo<Arc<Vec<Node>>>,
    /// How a line of the tree lists what is below it: the query without node, search and page.
    pub listing: Memo<TicketQuery>,
    /// wasm has come alive.
    pub awake: RwSignal<bool>,
    /// Messages at the bottom.
    pub toasts: Toasts,
    pub(super) go: Callback<(String, bool)>,
    pub(super) requests: StoredValue<Requests>,
    pub(super) moves: StoredValue<Moves>,
}

/// The query that the address asks for.
pub fn asked_query() -> Memo<TicketQuery> {
    let location = use_location();
    Memo::new(move |_| {
        location
            .query
            .with(|params| query_of(&location.pathname.get(), params))
    })
}

/// What the address asks to be found in the tree.
pub fn asked_find() -> Memo<String> {
    let params = use_query_map();
    Memo::new(move |_| params.with(find_of))
}

/// The columns that the address asks for.
pub fn asked_columns() -> Memo<Option<Layout>> {
    let params = use_query_map();
    Memo::new(move |_| params.with(columns_of))
}

/// What the address has open above the list.
pub fn asked_panel() -> Memo<Option<Panel>> {
    let params = use_query_map();
    Memo::new(move |_| params.with(panel_of))
}

impl DeskState {
    /// From what was loaded first. Called once, by the page, which stays while nodes come and go.
    #[must_use]
    pub fn new(query: Memo<TicketQuery>, asked: TicketQuery, first: First) -> Self {
        let lang = use_language();
        let me = RwSignal::new(use_me());
        let pathname = use_location().pathname;
        let navigate = use_navigate();
        let mut known = Forest::default();
        known.add(first.branches);
        let forest = RwSignal::new(known);
        let open = RwSignal::new(first.open.into_iter().collect::<BTreeSet<_>>());
        let lists = forest.with_untracked(|forest| lists(lang, forest));
        let finding = Finding::new(asked_find(), first.found, &me.get_untracked().actor, &lists);
        let lines = Memo::new(move |_| {
            let (forest, open) = finding.instead_of(forest, open);
            let list = forest.with(|forest| open.with(|open| forest.lines(open)));
            let at = list
                .iter()
                .enumerate()
                .map(|(at, line)| (line.row.node, at))
                .collect();
            Arc::new(Lines { list, at })
        });
        let drag = Drag::default();
        let answer = RwSignal::new(Answer {
            query: asked,
            page: first.page,
        });
        let pending = RwSignal::new(Vec::new());
        let list = Memo::new(move |_| {
            let query = query.get();
            Arc::new(
                answer
                    .with(|answer| pending.with(|pending| me.with(|me| listed(&query, answer, pending, me)))),
            )
        });
        Self {
            lang,
            me,
            query,
            panel: asked_panel(),
            views: RwSignal::new(first.views),
            layout: RwSignal::new(first.layout),
            counts: RwSignal::new(first.counts),
            at_root: Memo::new(move |_| pathname.with(|path| addresses::is_tree(path))),
            forest,
            open,
            finding,
            active: RwSignal::new(Some(query.get_untracked().node)),
            lines,
            answer,
            pending,
            list,
            loading: RwSignal::new(false),
            selected: RwSignal::default(),
            all: RwSignal::new(None),
            moving: RwSignal::new(None),
            row_menu: RwSignal::new(None),
            node_menu: RwSignal::new(None),
            previewing: RwSignal::new(None),
            amending: RwSignal::new(None),
            working: RwSignal::new(None),
            asking: RwSignal::new(None),
            drag,
            springs: Springs::default(),
            draw: RwSignal::new(None),
            connected: RwSignal::new(true),
            reached: RwSignal::new(true),
            login: login_state(),
            permitted: Memo::new(move |_| {
                let permitted = drag.dragged_item.with(|dragged_item| {
                    let dragged_item = dragged_item.as_ref()?;
                    Some(me.with(|me| lines.with(|lines| permitted(&me.actor, dragged_item, lines))))
                });
                Arc::new(permitted.unwrap_or_default())
            }),
            listing: Memo::new(move |_| {
                query.with(|query| TicketQuery {
                    node: Node::All,
                    search: String::new(),
                    facets: Facets::NONE,
                    page: 0,
                    ..query.clone()
                })
            }),
            awake: RwSignal::new(false),
            toasts: Toasts::provided(),
            go: Callback::new(move |(to, replace): (String, bool)| {
                navigate(
                    &to,
                    NavigateOptions {
                        scroll: false,
                        replace,
                        ..NavigateOptions::default()
                    },
                );
            }),
            requests: StoredValue::default(),
            moves: StoredValue::default(),
        }
    }

    /// The server is there, as far as is known.
    pub fn online(self) -> bool {
        self.connected.get() && self.reached.get()
    }

    /// Lists something else.
    pub fn show(self, query: &TicketQuery) {
        self.go.run((self.address(query), false));
    }

    /// Lists something else, and takes the present list out of the browser's history.
    pub fn replace(self, query: &TicketQuery) {
        self.go.run((self.address(query), true));
    }

    /// The node's line, if it is shown.
    pub fn line(self, node: Node) -> Option<Line> {
        self.lines.with(|lines| lines.of(node).cloned())
    }

    /// The node's name, as far as it is known here.
    pub fn name_of(self, node: Node) -> String {
        let name = self.row(node).map(|row| row.name).unwrap_or_default();
        node_name(self.lang, node, &name)
    }

    /// The node's row, as far as it is known here.
    pub fn row(self, node: Node) -> Option<TreeRow> {
        let here = |forest: RwSignal<Forest>| forest.with(|forest| forest.find(node).cloned());
        here(self.forest).or_else(|| here(self.finding.forest))
    }

    /// The address that lists this, beside what is found in the tree.
    pub fn address(self, query: &TicketQuery) -> String {
        with_panel(self.address_without_panel(query), self.panel.get())
    }

    /// The same, with nothing open above the list.
    pub fn address_without_panel(self, query: &TicketQuery) -> String {
        self.finding.asked.with(|find| address(query, find))
    }

    /// The line that takes the focus when the tree gets it: the active one, the selected one, or the first.
    pub fn tab_stop(self) -> Option<Node> {
        let active = self.active.get();
        let selected = self.query.with(|query| query.node);
        self.lines.with(|lines| {
            let shown = |node: &Node| lines.position(*node).is_some();
            let first = lines.list.first().map(|line| line.row.node);
            active.filter(shown).or(Some(selected).filter(shown)).or(first)
        })
    }

    /// Makes a line of the tree the active one, and focuses it.
    pub fn focus_node(self, node: Node) {
        self.active.set(Some(node));
        if !browser::focus(&format!("[data-node=\"{node}\"]")) {
            // Outside of the part of a long tree that is drawn: bring it there first.
            self.draw.set(Some(node));
            browser::focus_soon(vec![format!("[data-node=\"{node}\"]")]);
        }
    }
}

/// The nodes that take what is dragged.
fn permitted(actor: &Actor, dragged_item: &DraggedItem, lines: &Lines) -> Vec<Node> {
    let rows = lines.list.iter().map(|line| &line.row);
    rows.filter(|row| verdict(actor, dragged_item, row).is_ok())
        .map(|row| row.node)
        .collect()
}

/// What is shown of an answer.
fn listed(query: &TicketQuery, answer: &Answer, pending: &[Pending], me: &Me) -> List {
    let mut list = List {
        rows: Vec::new(),
        total: 0,
        path: Vec::new(),
        error: None,
        empty_yet: answer.query.node != query.node,
    };
    let nothing = TicketPage {
        rows: Vec::new(),
        total: 0,
        path: Vec::new(),
    };
    let page = match &answer.page {
        Ok(page) if !list.empty_yet => page,
        Err(error) if !list.empty_yet => {
            list.error = Some(error.clone());
            return list;
        }
        Ok(_) | Err(_) => &nothing,
    };
    (list.rows, list.total) = overlay(page, pending, query, &me.actor);
    list.path.clone_from(&page.path);
    list
}

/// Branches that open under the drag.
#[derive(Clone, Copy, Default)]
pub struct Springs {
    /// Each with the open branches of the tree in which it opened.
    pub(super) sprung: StoredValue<Vec<(RwSignal<BTreeSet<Node>>, Node)>>,
    pub(super) timer: StoredValue<Option<TimeoutHandle>>,
}

impl Springs {
    /// Branches opened so far stay open.
    pub(super) fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// What the desk begins with.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct First {
    /// The top of the tree, and the branches on the way to the selected node.
    pub branches: Vec<ChildRows>,
    /// The open branches.
    pub open: Vec<Node>,
    pub page: Result<TicketPage, ApiError>,
    /// What was found in the tree, where the address asks for it.
    pub found: Option<Result<FoundNodes, ApiError>>,
    /// How many tickets there are of each value of each facet, where that is shown.
    pub counts: Option<FacetCounts>,
    pub layout: Layout,
    /// The saved views, where these are shown.
    pub views: Option<SavedViews>,
}

/// Which requests are on their way.
#[derive(Debug, Default)]
pub struct Requests {
    pub(super) pages_asked: u64,
    pub(super) page_shown: u64,
    pub(super) counts_asked: u64,
    pub(super) tree_asked: bool,
    pub(super) tree_again: bool,
}
