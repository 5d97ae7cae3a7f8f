//! The desk: the tree on the left, the tickets of the selected node on the right; on a phone two screens.

use domain::groups::tree::Node;
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    errors::{ApiError, words::explain},
    ui::{
        desk::{
            amend::{AmendListed, AmendSelected, Amender},
            bulk_tools::BulkTools,
            load,
            move_dialog::MoveDialog,
            names::node_name,
            preview::{AgreedMove, PreviewDialog, Working},
            row_menu::RowMenu,
            select_all::SelectAll,
            state::{DeskState, First, HEADING, asked_columns, asked_find, asked_panel, asked_query},
            ticket_table::TicketTable,
            tools::Tools,
            tree::TreePane,
            tree_menu::TreeMenu,
        },
        drag::{ghost::Ghost, pointer},
        kit::{
            browser,
            icons::{DotsIcon, MoveIcon, PlusIcon},
            language::use_language,
            pager::Pager,
            toast::ToastArea,
        },
        shell::{errors::set_status, following, session::Login},
        tickets::{
            activated::{ActivatedDialog, Answered},
            done::JustDone,
            selection::Selection,
        },
    },
    views::{
        addresses,
        tickets::{COUNTED, PAGE, TicketQuery, TicketRow, bulk::Matching},
    },
};

/// The desk. It stays while nodes come and go: tree, selection and focus survive every change of the address.
#[component]
pub fn Desk() -> impl IntoView {
    let lang = use_language();
    let query = asked_query();
    let asked = query.get_untracked();
    let find = asked_find().get_untracked();
    let panel = asked_panel().get_untracked();
    let columns = asked_columns().get_untracked();
    let first = {
        let asked = asked.clone();
        Resource::new(
            || (),
            move |()| load::first(asked.clone(), find.clone(), panel, columns.clone()),
        )
    };
    view! {
        <Suspense fallback=move || view! { <p class="skeleton" role="status">{lang.loading()}</p> }>
            {move || {
                let asked = asked.clone();
                Suspend::new(async move {
                    let loaded = first.await;
                    if let Err(error) = loaded.as_ref().and_then(|first| first.page.as_ref()) {
                        set_status(error.status());
                    }
                    match loaded {
                        Ok(first) => view! { <Panes query asked first/> }.into_any(),
                        Err(error) => {
                            view! {
                                <div class="broken" role="alert">
                                    <p>{explain(lang, &error)}</p>
                                    <button type="button" class="btn" on:click=move |_| first.refetch()>{lang.try_again()}</button>
                                </div>
                            }
                                .into_any()
                        }
                    }
                })
            }}
        </Suspense>
    }
}

#[component]
fn Panes(query: Memo<TicketQuery>, asked: TicketQuery, first: First) -> impl IntoView {
    let desk = DeskState::new(query, asked, first);
    provide_context(desk);
    Effect::new(move |_| {
        pointer::listen(desk);
        desk.listen();
        desk.awake.set(true);
    });
    Effect::watch(
        move || query.get(),
        move |query, before, _| {
            let before = before.unwrap_or(query);
            if before.node != query.node {
                desk.selected.set(Default::default());
                desk.reveal(query.node);
                desk.views.set(None);
                desk.renew_views();
            }
            if Matching::of(before, 0) != Matching::of(query, 0) {
                desk.all.set(None);
            }
            desk.renew_list();
        },
        false,
    );
    Effect::watch(
        move || desk.panel.get(),
        move |_, _, _| {
            desk.renew_counts();
            desk.renew_views();
        },
        false,
    );
    Effect::watch(
        move || desk.finding.asked.get(),
        move |_, _, _| desk.find(),
        false,
    );
    let dragging = move || desk.drag.dragged_item.with(Option::is_some);
    let back_to = |rows: &[TicketRow]| {
        // On a phone the row has its menu only.
        let controls = rows.first().map(|row| {
            ["more", "menu"]
                .map(|control| format!("[data-ticket=\"{}\"] [data-control=\"{control}\"]", row.id()))
        });
        controls
            .into_iter()
            .flatten()
            .chain(["#where".to_owned()])
            .collect()
    };
    let on_moved = Callback::new(move |(selection, target): (Selection, _)| {
        let focus = back_to(&selection.rows);
        desk.assign_to(selection, target);
        browser::focus_soon(focus);
    });
    let on_answer = Callback::new(move |(rows, target, activated): Answered| {
        let focus = back_to(&rows);
        desk.assign_now(rows, target, Some(activated));
        browser::focus_soon(focus);
    });
    let on_agreed = Callback::new(move |(move_, preview, activated): AgreedMove| {
        desk.move_previewed(move_, preview, activated);
        browser::focus_soon(vec!["#where".to_owned()]);
    });
    view! {
        <Title text=following::title(move || heading(desk))/>
        <div
            class="desk"
            data-screen=move || if desk.at_root.get() { "tree" } else { "tickets" }
            class:dragging=dragging
            class:by-keys=desk.drag.by_keys
            class:resting=desk.drag.resting
        >
            <TreePane/>
            <section class="work" aria-labelledby="where">
                <Where/>
                <JustDone/>
                <Tools/>
                <TicketList/>
                <Foot/>
            </section>
            <div class="scrim"></div>
            {move || dragging().then(|| view! { <Ghost board=desk/> })}
            <p class="hidden announcer" role="status" aria-live="assertive">{desk.drag.spoken}</p>
        </div>
        <MoveDialog moving=desk.moving on_moved/>
        <ActivatedDialog asking=desk.asking on_answer/>
        <PreviewDialog previewing=desk.previewing on_agreed/>
        <Amender/>
        <RowMenu/>
        <TreeMenu/>
        <ToastArea heading=HEADING/>
    }
}

/// The name of what is listed.
fn heading(desk: DeskState) -> String {
    let node = desk.query.with(|query| query.node);
    let known = desk.list.with(|list| list.path.last().cloned());
    let in_tree = || desk.row(node).map(|row| row.name);
    let name = node_name(desk.lang, node, &known.or_else(in_tree).unwrap_or_default());
    let absent = || desk.list.with(|list| list.error == Some(ApiError::HIDDEN));
    if name.is_empty() && absent() {
        return desk.lang.not_found().to_owned();
    }
    name
}

/// Heading: where we are, how much is there, and what can be done with it.
#[component]
fn Where() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let above = move || {
        desk.list.with(|list| {
            let above = list
                .path
                .split_last()
                .map(|(_, above)| above.join(" › "))
                .filter(|path| !path.is_empty());
            above.map(|path| view! { <p class="above quiet"><bdi>{path}</bdi></p> })
        })
    };
    let manage = move || match desk.query.with(|query| query.node) {
        Node::Group(group) => {
            let name = lang.manage(&heading(desk));
            Some(view! {
                <a class="icon-btn" href=addresses::group(group) aria-label=name.clone() title=name><DotsIcon/></a>
            })
        }
        _ => None,
    };
    let selected = move || desk.count_selected();
    view! {
        <div class="where">
            <div class="where-text">
                <a class="back on-phone" href=move || desk.tree_address()>"‹ " {lang.groups_and_people()}</a>
                {above}
                <h1 id=HEADING tabindex="-1"><bdi>{move || heading(desk)}</bdi></h1>
                <span class="quiet where-count">{move || desk.list.with(|list| (!list.empty_yet && list.error.is_none()).then(|| lang.count_tickets(list.total)))}</span>
                <span class="quiet on-touch">{lang.hold_to_drag()}</span>
            </div>
            <div class="where-do">
                {manage}
                <a class="btn on-desktop" href=addresses::ADD><PlusIcon/> {lang.add_ticket()}</a>
                <a class="icon-btn on-phone" href=addresses::ADD aria-label=lang.add_ticket()><PlusIcon/></a>
                <AmendSelected/>
                <button
                    type="button"
                    class="btn primary with-wasm"
                    hidden=move || selected() == 0
                    on:click=move |_| {
                        if let Some(selection) = untrack(|| desk.selection()) {
                            desk.moving.set(Some(selection));
                        }
                    }
                >
                    <MoveIcon/>
                    {lang.move_to()}
                    <span class="badge">{move || desk.lang.count(selected())}</span>
                </button>
            </div>
        </div>
    }
}

/// The table, or why there is none.
#[component]
fn TicketList() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    #[derive(Clone, PartialEq)]
    enum Shows {
        Waiting,
        Broken(ApiError),
        Empty { searched: bool },
        Rows,
    }
    let shows = Memo::new(move |_| {
        desk.list.with(|list| match &list.error {
            Some(error) => Shows::Broken(error.clone()),
            None if !list.rows.is_empty() => Shows::Rows,
            None if list.empty_yet => Shows::Waiting,
            None => Shows::Empty {
                searched: desk.query.with(TicketQuery::is_narrowed),
            },
        })
    });
    view! {
        <div class="list" class:stale=move || desk.loading.get()>
            <div class="table-place" class:vacant=move || shows.get() != Shows::Rows>
                <TicketTable/>
            </div>
            {move || match shows.get() {
                Shows::Rows => ().into_any(),
                Shows::Waiting => view! { <p class="skeleton" aria-busy="true">{lang.loading()}</p> }.into_any(),
                Shows::Broken(error) => {
                    view! {
                        <div class="broken" role="alert">
                            <p>{explain(lang, &error)}</p>
                            <button type="button" class="btn with-wasm" on:click=move |_| desk.renew()>{lang.try_again()}</button>
                        </div>
                    }
                        .into_any()
                }
                Shows::Empty { searched: true } => view! { <p class="empty">{lang.no_matching_tickets()}</p> }.into_any(),
                Shows::Empty { searched: false } => {
                    view! {
                        <p class="empty">
                            {lang.no_tickets_yet()} " " <a href=addresses::ADD>{lang.add_ticket()}</a>
                        </p>
                    }
                        .into_any()
                }
            }}
        </div>
    }
}

/// How many are selected and shown, the other pages, and whether the page is live.
#[component]
fn Foot() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let selected = move || {
        let n = desk.count_selected();
        (n > 0).then(|| lang.count_selected(n))
    };
    let ended = move || desk.login.get() == Login::Ended;
    let page = Signal::derive(move || desk.query.with(|query| query.page));
    let total = Signal::derive(move || desk.list.with(|list| list.total));
    let to = Callback::new(move |page| {
        desk.query.with(|query| {
            desk.address(&TicketQuery {
                page,
                ..query.clone()
            })
        })
    });
    view! {
        <div class="foot">
            <span role="status">{selected}</span>
            <SelectAll/>
            <BulkTools/>
            <AmendListed/>
            <Working words=desk.working/>
            <Pager page size=PAGE total counted=COUNTED to/>
            <span class="live with-wasm" class:away=move || ended() || !desk.online() role="status">
                <i aria-hidden="true"></i>
                {move || if ended() {
                    lang.login_has_ended()
                } else if desk.online() {
                    lang.live()
                } else {
                    lang.offline_trying()
                }}
            </span>
        </div>
    }
}
