//! The tree of groups and people: a treegrid with flat lines and one tab stop (experience 1–3).

use std::time::Duration;

use domain::{accounts::Permissions, groups::tree::Node};
use leptos::{
    attr::custom::custom_attribute, ev::KeyboardEvent, html::Div, leptos_dom::helpers::TimeoutHandle,
    prelude::*,
};

use crate::{
    i18n::Language,
    ui::{
        desk::{
            address::address_of,
            forest::Line,
            names::node_name,
            state::DeskState,
            tree_filter::TreeFilter,
            tree_menu,
            verdict::{DraggedItem, movable},
        },
        drag::{board::Board, keyboard},
        kit::{
            browser,
            icons::{ChevronIcon, DotsIcon, GroupIcon, InboxIcon, PersonIcon, TicketsIcon},
            pieces::in_pieces,
        },
    },
    views::{
        addresses,
        groups::tree::TreeRow,
        tickets::{COUNTED, TicketQuery, facets::Facets},
    },
};

/// A longer tree is drawn only where it is seen.
const DRAWN_WHOLE: usize = 120;
/// Lines drawn above and below what is seen.
const MARGIN: usize = 20;
/// Lines drawn above and below one that is to be shown.
const AROUND: usize = 50;
/// After such a pause in typing a new name begins.
const TYPING: Duration = Duration::from_millis(700);

/// The tree with its heading, filter and foot.
#[component]
pub fn TreePane() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let total = move || {
        desk.forest.with(|forest| {
            let all = forest.find(Node::All).map(|row| row.tickets);
            all.map(|n| lang.count_tickets(n))
        })
    };
    view! {
        <aside class="tree" aria-label=lang.groups_and_people()>
            <div class="pane-head">
                // On a phone the root shows nothing but the tree: there this is the heading of the page.
                <h2 {..custom_attribute("aria-level", move || if desk.at_root.get() { "1" } else { "2" })}>
                    {lang.groups_and_people()}
                </h2>
                <span class="quiet">{total}</span>
            </div>
            <TreeFilter/>
            <TreeGrid/>
            <p class="tree-foot">{what_is_seen(desk)}</p>
        </aside>
    }
}

/// The one sentence that says what the reader sees.
fn what_is_seen(desk: DeskState) -> impl Fn() -> String + Send + Sync {
    move || {
        let lang = desk.lang;
        if desk.me.with(|me| me.actor.isv_admin) {
            return lang.you_see_all().to_owned();
        }
        let admin = |row: &&TreeRow| row.permissions.is_some_and(|p| p.admin());
        let groups = desk.forest.with(|forest| {
            let groups = forest
                .top()
                .iter()
                .filter(|row| matches!(row.node, Node::Group(_)));
            groups
                .filter(admin)
                .map(|row| row.name.clone())
                .collect::<Vec<_>>()
                .join(", ")
        });
        if groups.is_empty() {
            lang.you_see_own().to_owned()
        } else {
            lang.you_see_below(&groups)
        }
    }
}

#[component]
fn TreeGrid() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let window = RwSignal::new((0, DRAWN_WHOLE));
    let drawn = Memo::new(move |_| {
        desk.lines.with(|lines| {
            let all = lines.list.len();
            let (from, to) = if all <= DRAWN_WHOLE {
                (0, all)
            } else {
                window.get()
            };
            (from.min(all), to.min(all), all)
        })
    });
    let nodes = move || {
        let (from, to, _) = drawn.get();
        desk.lines.with(|lines| {
            lines.list[from..to]
                .iter()
                .map(|line| line.row.node)
                .collect::<Vec<_>>()
        })
    };
    let tab_stop = Memo::new(move |_| {
        let (from, to, _) = drawn.get();
        let stop = desk.tab_stop();
        desk.lines.with(|lines| {
            let seen = stop
                .and_then(|node| lines.position(node))
                .is_some_and(|at| (from..to).contains(&at));
            if seen {
                stop
            } else {
                lines.list.get(from).map(|line| line.row.node)
            }
        })
    });
    let (above, below) = (NodeRef::<Div>::new(), NodeRef::<Div>::new());
    // Heights go through the style object: the content security policy knows no style attributes.
    Effect::new(move |_| {
        let (from, to, all) = drawn.get();
        let line =
            browser::measures(".tree-lines", ".tree-lines [data-node]").map_or(34.0, |(line, ..)| line);
        for (spacer, lines) in [(above, from), (below, all - to)] {
            if let Some(spacer) = spacer.get() {
                set_height(&spacer, line, lines);
            }
        }
    });
    let follow_scroll = move || {
        if drawn.get_untracked().2 > DRAWN_WHOLE
            && let Some((line, height, scrolled)) =
                browser::measures(".tree-lines", ".tree-lines [data-node]")
        {
            window.set(around(line, height, scrolled));
        }
    };
    Effect::new(move |_| {
        if let Some(node) = desk.draw.get()
            && let Some(at) = desk.lines.with_untracked(|lines| lines.position(node))
        {
            window.set((at.saturating_sub(AROUND), at + AROUND));
        }
    });
    let typed = StoredValue::new(String::new());
    let timer = StoredValue::new(None::<TimeoutHandle>);
    view! {
        <div
            class="tree-lines"
            class:stale=desk.finding.loading
            role="treegrid"
            aria-label=lang.groups_and_people()
            aria-rowcount=move || drawn.get().2
            on:scroll=move |_| follow_scroll()
            on:keydown=move |event| on_key(desk, &event, typed, timer)
            on:contextmenu=move |event| tree_menu::on_context_menu(desk, &event)
        >
            <div class="spacer" aria-hidden="true" node_ref=above></div>
            <For each=nodes key=|node| *node let:node>
                <TreeLine node tab_stop/>
            </For>
            <div class="spacer" aria-hidden="true" node_ref=below></div>
        </div>
    }
}

/// The lines to be drawn when so much of the tree is seen.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "places in a list on a screen"
)]
fn around(line: f64, height: f64, scrolled: f64) -> (usize, usize) {
    // In steps, so that not every pixel draws anew.
    let first = ((scrolled / line) as usize / 20 * 20).saturating_sub(MARGIN);
    (first, first + (height / line) as usize + 2 * MARGIN + 20)
}

fn set_height(spacer: &leptos::web_sys::HtmlElement, line: f64, lines: usize) {
    #[expect(clippy::cast_precision_loss, reason = "far fewer lines than that")]
    let height = line * lines as f64;
    // Fails for no valid length.
    let _ = spacer.style().set_property("height", &format!("{height}px"));
}

#[component]
fn TreeLine(node: Node, tab_stop: Memo<Option<Node>>) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let line = Memo::new(move |_| desk.line(node));
    let with = move |read: fn(&Line) -> Option<u32>| move || line.with(|line| line.as_ref().and_then(read));
    let name = Memo::new(move |_| {
        line.with(|line| {
            line.as_ref()
                .map(|line| node_name(lang, node, &line.row.name))
                .unwrap_or_default()
        })
    });
    let open = Memo::new(move |_| line.with(|line| line.as_ref().and_then(|line| line.open)));
    let tickets = move || line.with(|line| line.as_ref().map_or(0, |line| line.row.tickets));
    // What stands in an effect of every line is told apart by memos, so that a change of one line changes one line.
    let selected = Memo::new(move |_| desk.query.with(|query| query.node == node));
    let to = Memo::new(move |_| {
        desk.listing
            .with(|query| desk.finding.asked.with(|find| address_of(node, query, find)))
    });
    let found = desk.finding.found;
    let counted = Memo::new(move |_| desk.finding.is_counted(node));
    let marked = Memo::new(move |_| {
        found.with(|found| {
            let found = found.as_ref()?;
            name.with(|name| Some((found.pieces(node, name), found.login(node, name))))
        })
    });
    let stops = Memo::new(move |_| tab_stop.get() == Some(node));
    let verdict = Memo::new(move |_| {
        desk.verdict(node)
            .map(|verdict| verdict.map(|outcome| desk.so_many(&outcome)))
    });
    let over = Memo::new(move |_| desk.drag.over.get() == Some(node));
    let at = Memo::new(move |_| desk.lines.with(|lines| lines.position(node).map(|at| at + 1)));
    let may_move = Memo::new(move |_| {
        line.with(|line| {
            line.as_ref()
                .is_some_and(|line| desk.me.with(|me| movable(&me.actor, &line.row)))
        })
    });
    // One element with another text: making elements for each line would hold up the beginning and the end of a drag.
    let remark = Memo::new(move |_| match verdict.get() {
        Some(Err(reason)) => ("why", desk.why_not(reason).to_owned()),
        Some(Ok(Some(partly))) => ("why", partly),
        Some(Ok(None)) if over.get() => ("why", lang.drop_to_assign().to_owned()),
        _ if !counted.get() => ("count", String::new()),
        _ => {
            let n = tickets();
            let more = if n > u64::from(COUNTED) { "+" } else { "" };
            ("count", format!("{}{more}", lang.count(n.min(COUNTED.into()))))
        }
    });
    view! {
        <div
            role="row"
            class="node"
            class:yes=move || matches!(verdict.get(), Some(Ok(_)))
            class:no=move || matches!(verdict.get(), Some(Err(_)))
            class:over=over
            class:movable=may_move
            data-node=node.to_string()
            data-level=with(|line| Some(line.level.min(16)))
            {..custom_attribute("aria-level", with(|line| Some(line.level)))}
            aria-posinset=with(|line| Some(line.place))
            aria-setsize=with(|line| Some(line.of))
            aria-rowindex=at
            aria-expanded=move || open.get().map(|open| open.to_string())
            aria-selected=move || selected.get().to_string()
            aria-label=move || {
                if counted.get() {
                    format!("{}, {}", name.get(), lang.count_tickets(tickets()))
                } else {
                    name.get()
                }
            }
            aria-keyshortcuts=move || may_move.get().then_some("Control+X")
            tabindex=move || {
                desk.awake.get().then(|| if stops.get() { "0" } else { "-1" })
            }
            on:focusin=move |_| desk.active.set(Some(node))
        >
            <div role="gridcell" class="node-cell">
                <span class="chev-place">
                    {move || {
                        open.get()
                            .map(|is_open| {
                                view! {
                                    <button
                                        type="button"
                                        class="chev with-wasm"
                                        class:open=is_open
                                        tabindex="-1"
                                        aria-label=move || if is_open { lang.close_branch(&name.get()) } else { lang.open_branch(&name.get()) }
                                        on:click=move |event| {
                                            event.stop_propagation();
                                            toggle(desk, node);
                                        }
                                    >
                                        <ChevronIcon/>
                                    </button>
                                }
                            })
                    }}
                </span>
                <span class="glyph">{glyph(node)}</span>
                <a
                    class="name"
                    draggable="false"
                    href=to
                    title=name
                    tabindex=move || desk.awake.get().then_some("-1")
                    aria-current=move || selected.get().then_some("true")
                    data-noscroll=""
                >
                    <bdi>{move || marked.with(|marked| match marked {
                        Some((pieces, _)) => in_pieces(pieces),
                        None => name.get().into_any(),
                    })}</bdi>
                </a>
                {move || {
                    let login = marked.with(|marked| Some(in_pieces(marked.as_ref()?.1.as_ref()?)));
                    login.map(|login| view! { <span class="login quiet">{login}</span> })
                }}
                {move || line.with(|line| line.as_ref().and_then(|line| role(desk, &line.row))).map(|role| {
                    view! { <span class="role">{role}</span> }
                })}
                <span class=move || remark.with(|(class, _)| *class)>{move || remark.with(|(_, text)| text.clone())}</span>
                {match node {
                    Node::Group(group) => {
                        Some(view! {
                            <a
                                class="more"
                                href=addresses::group(group)
                                draggable="false"
                                tabindex=move || desk.awake.get().then_some("-1")
                                aria-label=move || lang.manage(&name.get())
                                title=move || lang.manage(&name.get())
                            >
                                <DotsIcon/>
                            </a>
                        })
                    }
                    _ => None,
                }}
            </div>
        </div>
    }
}

fn glyph(node: Node) -> AnyView {
    match node {
        Node::All | Node::Mine => view! { <TicketsIcon/> }.into_any(),
        Node::Unassigned => view! { <InboxIcon/> }.into_any(),
        Node::Loose | Node::Person { .. } => view! { <PersonIcon/> }.into_any(),
        Node::Group(_) => view! { <GroupIcon/> }.into_any(),
    }
}

/// The pill behind a name: what the person may do, or the reader in that group.
fn role(desk: DeskState, row: &TreeRow) -> Option<&'static str> {
    let lang: Language = desk.lang;
    let admin = row.permissions.is_some_and(|p: Permissions| p.admin());
    match row.node {
        Node::Group(_) => admin.then(|| lang.you_admin()),
        Node::Person { user, .. } if desk.me.with(|me| me.actor.user == user) => Some(lang.you()),
        Node::Person { .. } if row.isv_admin => Some(lang.isv_admin()),
        Node::Person { .. } => admin.then(|| lang.admin_pill()),
        Node::All | Node::Mine | Node::Unassigned | Node::Loose => None,
    }
}

fn toggle(desk: DeskState, node: Node) {
    match desk.line(node).and_then(|line| line.open) {
        Some(true) => desk.close_branch(node),
        Some(false) => desk.open_branch(node, || {}),
        None => {}
    }
}

/// The keys of a treegrid (APG), and type-ahead.
fn on_key(
    desk: DeskState,
    event: &KeyboardEvent,
    typed: StoredValue<String>,
    timer: StoredValue<Option<TimeoutHandle>>,
) {
    // A drag listens for itself.
    if desk.drags() || event.default_prevented() || event.alt_key() || event.meta_key() {
        return;
    }
    let lines = desk.lines.get_untracked();
    let Some(node) = untrack(|| desk.tab_stop()) else {
        return;
    };
    let Some(at) = lines.position(node) else { return };
    let line = &lines.list[at];
    let last = lines.list.len() - 1;
    let to = |at: usize| desk.focus_node(lines.list[at.min(last)].row.node);
    let typing = typed.with_value(|typed| !typed.is_empty());
    if event.ctrl_key() && event.key() != "x" && event.key() != "Home" && event.key() != "End" {
        return;
    }
    match event.key().as_str() {
        _ if tree_menu::on_key(desk, event, node) => return,
        "x" if event.ctrl_key() => {
            if !desk.me.with_untracked(|me| movable(&me.actor, &line.row)) {
                return;
            }
            keyboard::lift(desk, DraggedItem::Group(line.row.clone()));
        }
        "ArrowDown" => to(at + 1),
        "ArrowUp" => to(at.saturating_sub(1)),
        "Home" => to(0),
        "End" => to(last),
        "PageDown" => to(at + page()),
        "PageUp" => to(at.saturating_sub(page())),
        "ArrowRight" => match line.open {
            Some(false) => desk.open_branch(node, || {}),
            Some(true) => to(at + 1),
            None => {}
        },
        "ArrowLeft" => match (line.open, line.parent) {
            (Some(true), _) => desk.close_branch(node),
            (_, Some(parent)) => desk.focus_node(parent),
            (_, None) => {}
        },
        "*" => {
            let siblings = lines.list.iter().filter(|other| other.parent == line.parent);
            for sibling in siblings.filter(|other| other.open == Some(false)) {
                desk.open_branch(sibling.row.node, || {});
            }
        }
        "Enter" => select(desk, event, node),
        " " if !typing => select(desk, event, node),
        key if key.chars().count() == 1 && !event.ctrl_key() => {
            type_ahead(desk, key, at, typed);
            if let Some(old) = timer.get_value() {
                old.clear();
            }
            let forget = move || drop(typed.try_set_value(String::new()));
            timer.set_value(set_timeout_with_handle(forget, TYPING).ok());
        }
        _ => return,
    }
    event.prevent_default();
}

fn select(desk: DeskState, event: &KeyboardEvent, node: Node) {
    // A button or link inside the line does its own.
    let own = event_target::<leptos::web_sys::Element>(event);
    if own.closest(".chev,.more").ok().flatten().is_some() {
        return;
    }
    let query = desk.query.get_untracked();
    desk.show(&TicketQuery {
        node,
        search: String::new(),
        facets: Facets::NONE,
        page: 0,
        ..query
    });
}

/// How many lines PageUp and PageDown skip.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "lines on a screen"
)]
fn page() -> usize {
    browser::measures(".tree-lines", ".tree-lines [data-node]").map_or(10, |(line, height, _)| {
        ((height / line) as usize).saturating_sub(1).max(1)
    })
}

/// Goes to the next line whose name begins with what has been typed.
fn type_ahead(desk: DeskState, key: &str, at: usize, typed: StoredValue<String>) {
    typed.update_value(|typed| typed.push_str(&key.to_lowercase()));
    let start = typed.get_value();
    let lines = desk.lines.get_untracked();
    // The first character goes on from here; the following ones make up their mind about the same line.
    let from = if start.chars().count() == 1 { at + 1 } else { at };
    let around = (from..lines.list.len()).chain(0..from.min(lines.list.len()));
    let name = |at: usize| {
        let row = &lines.list[at].row;
        node_name(desk.lang, row.node, &row.name).to_lowercase()
    };
    if let Some(found) = around.into_iter().find(|at| name(*at).starts_with(&start)) {
        desk.focus_node(lines.list[found].row.node);
    }
}
