//! Asking the server: first for everything, later for what may have changed.

use std::{collections::BTreeSet, time::Duration};

use domain::groups::tree::Node;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        accounts::sessions::who_am_i,
        groups::tree::{ancestors, branches, find_in_tree},
        tickets::{layout::list_layout, saved::ticket_views, ticket_facets, tickets},
    },
    errors::ApiError,
    ui::{
        desk::{
            address::Panel,
            forest::Forest,
            overlay::{Stage, forget},
            state::{Answer, DeskState, First, HEADING},
        },
        kit::browser,
        shell::{live, session::Login},
    },
    views::tickets::{TicketPage, TicketQuery, layout::Layout},
};

/// How long after a request without an answer the server is asked again.
const AGAIN: Duration = Duration::from_secs(3);

/// Loads what the desk begins with.
///
/// # Errors
/// [`ApiError`] when even the top of the tree cannot be had.
pub async fn first(
    query: TicketQuery,
    find: String,
    panel: Option<Panel>,
    columns: Option<Layout>,
) -> Result<First, ApiError> {
    // Of a node that is not there the list tells.
    let mut open = ancestors(query.node).await.unwrap_or_default();
    if matches!(query.node, Node::Group(_)) {
        open.push(query.node);
    }
    let mut loaded = branches(open.clone()).await?;
    let top = loaded.first().map(|top| top.rows.as_slice()).unwrap_or_default();
    let groups: Vec<_> = top
        .iter()
        .map(|row| row.node)
        .filter(|node| matches!(node, Node::Group(_)))
        .collect();
    if let ([only], []) = (groups.as_slice(), open.as_slice()) {
        open.push(*only);
        loaded = branches(open.clone()).await?;
    }
    Ok(First {
        branches: loaded,
        open,
        counts: if shows_counts(&query, panel) {
            ticket_facets(query.clone()).await.ok()
        } else {
            None
        },
        views: if panel == Some(Panel::Views) {
            ticket_views(query.node).await.ok()
        } else {
            None
        },
        layout: match columns {
            Some(columns) => columns,
            None => list_layout().await.unwrap_or_default(),
        },
        page: tickets(query).await,
        found: if find.is_empty() {
            None
        } else {
            Some(find_in_tree(find).await)
        },
    })
}

/// Whether the facets are shown: all of them in the filter, and of what is set the name of the product.
fn shows_counts(query: &TicketQuery, panel: Option<Panel>) -> bool {
    panel == Some(Panel::Filter) || !query.facets.product.is_empty()
}

impl DeskState {
    /// Counts the values of the facets, where they are shown. Answers that were overtaken are thrown away.
    pub fn renew_counts(self) {
        let (Some(query), Some(panel)) = (self.query.try_get_untracked(), self.panel.try_get_untracked())
        else {
            return;
        };
        if !shows_counts(&query, panel) {
            return;
        }
        let this = self.requests.try_update_value(|requests| {
            requests.counts_asked += 1;
            requests.counts_asked
        });
        spawn_local(async move {
            let counts = ticket_facets(query).await;
            let newest = self.requests.try_with_value(|requests| requests.counts_asked);
            // What is known stays while the server is away.
            if let Ok(counts) = counts
                && newest == this
            {
                self.counts.try_set(Some(counts));
            }
        });
    }

    /// Asks for the saved views, where they are shown.
    pub fn renew_views(self) {
        let (Some(query), Some(panel)) = (self.query.try_get_untracked(), self.panel.try_get_untracked())
        else {
            return;
        };
        if panel != Some(Panel::Views) {
            return;
        }
        spawn_local(async move {
            let views = ticket_views(query.node).await;
            let there = self.query.try_with_untracked(|now| now.node == query.node);
            if let Ok(views) = views
                && there == Some(true)
            {
                self.views.try_set(Some(views));
            }
        });
    }

    /// Opens a branch, and loads what is below it. `then` runs when it is there.
    pub fn open_branch(self, node: Node, then: impl FnOnce() + 'static) {
        let (forest, open) = untrack(|| self.shown());
        open.update(|open| {
            open.insert(node);
        });
        if forest.with_untracked(|forest| forest.knows(node)) {
            then();
            return;
        }
        spawn_local(async move {
            match branches(vec![node]).await {
                Ok(mut loaded) => {
                    let among_found = forest != self.forest;
                    // The top comes along; what was found has another one.
                    loaded.retain(|branch| branch.node.is_some() || !among_found);
                    browser::keeping_focus(HEADING, || {
                        if among_found {
                            self.finding.complete(&loaded);
                        }
                        forest.try_update(|forest| forest.add(loaded));
                    });
                    then();
                }
                Err(error) => {
                    open.try_update(|open| open.remove(&node));
                    // Boxed: otherwise each retry would be another instance of this function.
                    let nothing = || Box::new(|| ()) as Box<dyn FnOnce()>;
                    self.trouble(
                        &error,
                        Some(Callback::new(move |()| self.open_branch(node, nothing()))),
                    );
                }
            }
        });
    }

    /// Closes a branch.
    pub fn close_branch(self, node: Node) {
        untrack(|| self.shown()).1.update(|open| {
            open.remove(&node);
        });
    }

    /// The tree that is shown, and its open branches.
    pub(super) fn shown(self) -> (RwSignal<Forest>, RwSignal<BTreeSet<Node>>) {
        self.finding.instead_of(self.forest, self.open)
    }

    /// Opens what stands above a node, so that it is seen.
    pub fn reveal(self, node: Node) {
        // What was found is shown with all that is above it.
        if untrack(|| self.finding.is_shown())
            || self.lines.with_untracked(|lines| lines.position(node).is_some())
        {
            return;
        }
        spawn_local(async move {
            let Ok(above) = ancestors(node).await else { return };
            if above.is_empty() {
                return;
            }
            let Ok(loaded) = branches(above.clone()).await else {
                return;
            };
            browser::keeping_focus(HEADING, || {
                self.forest.try_update(|forest| forest.add(loaded));
                self.open.try_update(|open| open.extend(above));
            });
        });
    }

    /// Loads the open branches again. One request at a time; who comes meanwhile is served by one more.
    pub fn renew_tree(self) {
        let wait = self.requests.try_update_value(|requests| {
            requests.tree_again = requests.tree_asked;
            std::mem::replace(&mut requests.tree_asked, true)
        });
        if wait != Some(false) {
            return;
        }
        let asked: BTreeSet<_> = self.open.with_untracked(|open| {
            self.forest
                .with_untracked(|forest| open.iter().copied().filter(|node| forest.knows(*node)).collect())
        });
        spawn_local(async move {
            let loaded = branches(asked.iter().copied().collect()).await;
            if let Ok(loaded) = loaded {
                browser::keeping_focus(HEADING, || {
                    let open = self.open.try_get_untracked().unwrap_or_default();
                    self.forest
                        .try_update(|forest| forest.renew(&asked, &open, loaded));
                });
            }
            let again = self.requests.try_update_value(|requests| {
                requests.tree_asked = false;
                std::mem::take(&mut requests.tree_again)
            });
            if again == Some(true) {
                self.renew_tree();
            }
        });
    }

    /// Asks again what the reader may do.
    pub fn renew_me(self) {
        spawn_local(async move {
            match who_am_i().await {
                Ok(Some(me)) => drop(self.me.try_set(me)),
                Ok(None) => drop(self.login.try_set(Login::Ended)),
                Err(error) => self.heard(&error),
            }
        });
    }

    /// Loads the list. Answers that were overtaken by a later one, or by another question, are thrown away.
    pub fn renew_list(self) {
        let Some(query) = self.query.try_get_untracked() else {
            return;
        };
        let this = self.requests.try_update_value(|requests| {
            requests.pages_asked += 1;
            requests.pages_asked
        });
        let Some(this) = this else { return };
        self.renew_counts();
        // A page asked for now shows what has been answered by now.
        let settled: BTreeSet<_> = self.pending.with_untracked(|pending| {
            pending
                .iter()
                .filter(|p| p.stage != Stage::Sent)
                .map(|p| p.key.clone())
                .collect()
        });
        self.loading.set(true);
        spawn_local(async move {
            let page = tickets(query.clone()).await;
            self.list_arrived(this, query, page, &settled);
        });
    }

    fn list_arrived(
        self,
        this: u64,
        query: TicketQuery,
        page: Result<TicketPage, ApiError>,
        settled: &BTreeSet<String>,
    ) {
        let newest = self.requests.try_update_value(|requests| {
            let newer = this > requests.page_shown;
            requests.page_shown = requests.page_shown.max(this);
            (newer, this == requests.pages_asked)
        });
        let Some((newer, last)) = newest else { return };
        if last {
            self.loading.set(false);
        }
        if !newer || self.query.get_untracked() != query {
            return;
        }
        if page == Err(ApiError::NotLoggedIn) {
            self.login.set(Login::Ended);
            return;
        }
        if let Err(error) = &page {
            self.heard(error);
        }
        browser::keeping_focus(HEADING, || {
            let known = self
                .answer
                .with_untracked(|answer| answer.query.node == query.node && answer.page.is_ok());
            // A list that is known stays while the server is away.
            let away = page.as_ref().is_err_and(ApiError::passes);
            let fresh = page.is_ok();
            if !(known && away) {
                self.answer.set(Answer { query, page });
            }
            self.pending.update(|pending| forget(pending, settled, fresh));
            let still: BTreeSet<_> = self
                .list
                .with_untracked(|list| list.rows.iter().map(|shown| shown.row.id()).collect());
            self.selected
                .update(|selected| selected.retain(|ticket| still.contains(ticket)));
        });
    }

    /// Shows what others change, until the desk is left.
    pub fn listen(self) {
        let changed = move |places: Option<BTreeSet<String>>| {
            let any = |concerns: fn(&str) -> bool| {
                places
                    .as_ref()
                    .is_none_or(|places| places.iter().any(|place| concerns(place)))
            };
            if any(|place| place == "tree") {
                self.renew_me();
            }
            // Single tickets and containers have pages of their own.
            if any(|place| !place.starts_with("ticket:") && !place.starts_with("container:")) {
                self.renew();
            }
        };
        live::listen(live::Listener {
            changed: Callback::new(changed),
            online: Callback::new(move |online| self.connected.set(online)),
        });
    }

    /// Takes in why a request was not answered: a server that cannot be reached is not called live, whatever became of the
    /// connection for live updates. It is asked until it answers.
    pub fn heard(self, error: &ApiError) {
        match error {
            ApiError::NotLoggedIn => drop(self.login.try_set(Login::Ended)),
            ApiError::Unreachable if self.reached.try_get_untracked() == Some(true) => {
                self.reached.set(false);
                self.ask_whether_there();
            }
            _ => {}
        }
    }

    fn ask_whether_there(self) {
        let ask = move || {
            spawn_local(async move {
                let answer = who_am_i().await;
                // The desk may have been left meanwhile.
                if self.reached.try_with_untracked(|_| ()).is_none() {
                    return;
                }
                match answer {
                    Err(ApiError::Unreachable) => self.ask_whether_there(),
                    Ok(None) | Err(ApiError::NotLoggedIn) => {
                        self.reached.set(true);
                        self.login.set(Login::Ended);
                    }
                    Ok(Some(_)) | Err(_) => {
                        self.reached.set(true);
                        self.renew();
                    }
                }
            });
        };
        set_timeout(ask, AGAIN);
    }

    /// Everything that may have changed.
    pub fn renew(self) {
        self.renew_tree();
        self.renew_list();
        if !self.finding.asked.with_untracked(String::is_empty) {
            self.find();
        }
    }
}
