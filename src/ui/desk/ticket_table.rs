//! The tickets of the selected node: a table, on a phone cards.

use domain::{
    access::Place,
    ids::TicketId,
    licensing::licenses::{Binding, License, Validity},
};
use leptos::{ev::MouseEvent, prelude::*};

use crate::{
    i18n::format,
    ui::{
        desk::{overlay::Shown, row_menu, state::DeskState, verdict::DraggedItem},
        drag::keyboard,
        kit::{
            copy::CopyButton,
            icons::{DotsIcon, LockIcon, MoveIcon},
        },
        licensing::amendments::standing::StoppedBadges,
        tickets::selection::selection_of,
    },
    views::{
        addresses,
        tickets::{Sort, TicketQuery, TicketRow, bulk::TicketSelection, layout::Column},
    },
};

#[component]
pub fn TicketTable() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    // While the tickets of another node are on their way, the rows of the former one stay as they are, unseen: to take them
    // away takes longer than to choose the node, and most of it can be used again.
    let ids = Memo::new(move |before: Option<&Vec<TicketId>>| {
        desk.list.with(|list| match before {
            Some(before) if list.empty_yet && list.rows.is_empty() => before.clone(),
            _ => list.rows.iter().map(|shown| shown.row.id()).collect(),
        })
    });
    let all = move || {
        let rows = desk.list.with(|list| list.rows.len());
        rows > 0 && (desk.all.with(Option::is_some) || desk.selected.with(|selected| selected.len() >= rows))
    };
    let last = StoredValue::new(None::<TicketId>);
    view! {
        <table class="tickets" class:compact=move || desk.layout.with(|layout| layout.compact) role="table" aria-label=lang.tickets() aria-busy=move || desk.loading.get().to_string()
            on:click=move |event| row_menu::on_click(desk, &event)
            on:contextmenu=move |event| row_menu::on_context_menu(desk, &event)
            on:keydown=move |event| row_menu::on_key(desk, &event)
        >
            <thead role="rowgroup">
                <tr role="row">
                    <th role="columnheader" scope="col" class="col-select">
                        <label class="box">
                            <input
                                type="checkbox"
                                aria-label=lang.select_all()
                                prop:checked=all
                                on:change:target=move |event| {
                                    let on = event.target().checked();
                                    desk.all.set(None);
                                    desk.selected.set(if on { desk.list.with_untracked(|list| list.rows.iter().map(|shown| shown.row.id()).collect()) } else { Default::default() });
                                }
                            />
                        </label>
                    </th>
                    <SortHeader sorts=[(Sort::Product, lang.content()), (Sort::Code, lang.code())]/>
                    {move || desk.layout.with(|layout| layout.columns().iter().map(|column| head(desk, *column)).collect::<Vec<_>>())}
                    <th role="columnheader" scope="col"><span class="hidden">{lang.move_word()}</span></th>
                </tr>
            </thead>
            <tbody role="rowgroup">
                <For each=move || ids.get() key=|id| *id let:id>
                    <TicketLine id last/>
                </For>
            </tbody>
        </table>
    }
}

/// A column by which the list can be sorted, in one or two ways.
#[component]
fn SortHeader<const N: usize>(sorts: [(Sort, &'static str); N]) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let direction = move |sort: Sort| {
        desk.query
            .with(|query| (query.sort == sort).then_some(query.reverse))
    };
    // Dates begin with the newest, everything else with the first.
    let sorted = move || {
        let falling =
            |(sort, _): &(Sort, &str)| direction(*sort).map(|reverse| reverse != (*sort == Sort::Since));
        sorts
            .iter()
            .find_map(falling)
            .map(|falling| if falling { "descending" } else { "ascending" })
    };
    let link = move |(sort, name): (Sort, &'static str)| {
        let to = move || {
            desk.query.with(|query| {
                let reverse = query.sort == sort && !query.reverse;
                desk.address(&TicketQuery {
                    sort,
                    reverse,
                    page: 0,
                    ..query.clone()
                })
            })
        };
        let arrow = move || match direction(sort) {
            None => "",
            Some(reverse) if reverse == (sort == Sort::Since) => "↑",
            Some(_) => "↓",
        };
        view! {
            <a class="sort" href=to data-noscroll="">
                {name}
                <span class="arrow" aria-hidden="true">{arrow}</span>
            </a>
        }
    };
    view! {
        <th role="columnheader" scope="col" aria-sort=sorted>
            {sorts.into_iter().map(link).collect::<Vec<_>>()}
        </th>
    }
}

#[component]
fn TicketLine(id: TicketId, last: StoredValue<Option<TicketId>>) -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let shown = Memo::new(move |before: Option<&Option<Shown>>| {
        desk.list.with(|list| match before {
            Some(before) if list.empty_yet && list.rows.is_empty() => before.clone(),
            _ => list.rows.iter().find(|shown| shown.row.id() == id).cloned(),
        })
    });
    // Nothing of the code changes while the row stands.
    let Some(Shown { row: first, .. }) = shown.get_untracked() else {
        return ().into_any();
    };
    let code = first.code.to_string();
    let contents = move || {
        let words = |shown: &Shown| format::licenses(lang, &shown.row.licenses);
        shown.with(|shown| shown.as_ref().map(words).unwrap_or_default())
    };
    let stopped = Memo::new(move |_| {
        let some = |shown: &Shown| {
            let licenses = &shown.row.licenses;
            let some = licenses.iter().any(|license| license.stopped.is_some());
            some.then(|| licenses.clone())
        };
        shown.with(|shown| shown.as_ref().and_then(some))
    });
    let selected = Memo::new(move |_| desk.is_selected(id));
    let lifted = Memo::new(move |_| {
        desk.drag
            .dragged_item
            .with(|dragged_item| match dragged_item.as_deref() {
                Some(DraggedItem::Tickets(selection)) => selection.rows.iter().any(|row| row.id() == id),
                Some(DraggedItem::Group(_)) | None => false,
            })
    });
    let move_link = move || {
        let next = desk.query.with(|query| desk.address(query));
        shown.with(|shown| {
            let selection = selection_of(&[shown.as_ref()?.row.clone()]).ok()?;
            Some(addresses::move_tickets(&TicketSelection::These(selection), &next))
        })
    };
    let on_move = move |event: MouseEvent| {
        if row_menu::plain(&event)
            && let Some(selection) = desk.selected_with(id)
        {
            event.prevent_default();
            desk.moving.set(Some(selection));
        }
    };
    let cells = move || {
        let cell = |column: &Column| {
            let column = *column;
            let content =
                move || shown.with(|shown| shown.as_ref().map(|shown| content(desk, column, &shown.row)));
            view! { <td role="cell" class=format!("col-{}", column.name())>{content}</td> }.into_any()
        };
        desk.layout
            .with(|layout| layout.columns().iter().map(cell).collect::<Vec<_>>())
    };
    let move_name = format!("{} {code}", lang.move_to());
    let menu_name = lang.actions_for(&code);
    view! {
        <tr
            role="row"
            data-ticket=id.to_string()
            tabindex="-1"
            class:on=selected
            class:lifted=lifted
            class:moving=move || shown.with(|shown| shown.as_ref().is_some_and(|shown| shown.moving))
            on:click=move |event| {
                if !on_control(&event) {
                    choose(desk, id, event.shift_key(), last);
                }
            }
        >
            <td role="cell" class="col-select">
                <label class="box">
                    <input
                        type="checkbox"
                        data-control="select"
                        aria-label=lang.select_code(&code)
                        prop:checked=selected
                        on:click=move |event| {
                            event.stop_propagation();
                            choose(desk, id, event.shift_key(), last);
                        }
                    />
                </label>
                <button
                    type="button"
                    class="handle with-wasm"
                    data-control="handle"
                    aria-label=lang.drag_code(&code)
                    title=lang.drag_code(&code)
                    on:click=move |event| {
                        event.stop_propagation();
                        if let Some(selection) = desk.selected_with(id) {
                            keyboard::lift(desk, DraggedItem::Tickets(selection));
                        }
                    }
                >
                    <span class="grip" aria-hidden="true">"⠿"</span>
                </button>
            </td>
            <td role="cell" class="col-what">
                <div class="what">
                    <bdi>{contents}</bdi>
                    {move || stopped.get().map(|licenses| view! { <StoppedBadges licenses/> })}
                </div>
                <div class="ticket-code">
                    <a class="mono" data-control="code" href=addresses::ticket(id) draggable="false">{code.clone()}</a>
                    <CopyButton text=code.clone()/>
                </div>
            </td>
            {cells}
            <td role="cell" class="col-more">
                <a class="more-btn mover" data-control="more" href=move_link aria-label=move_name.clone() title=move_name on:click=on_move draggable="false">
                    <MoveIcon/>
                </a>
                // Without wasm, the page of the ticket offers the same.
                <a class="more-btn" data-control="menu" href=addresses::ticket(id) aria-haspopup="menu" aria-label=menu_name.clone() title=menu_name draggable="false">
                    <DotsIcon/>
                </a>
            </td>
        </tr>
    }
    .into_any()
}

/// The click was on something that does its own.
fn on_control(event: &MouseEvent) -> bool {
    event_target::<leptos::web_sys::Element>(event)
        .closest("a,button,input,label")
        .ok()
        .flatten()
        .is_some()
}

/// Selects a ticket, or no longer; with Shift, all from the last one on.
fn choose(desk: DeskState, id: TicketId, range: bool, last: StoredValue<Option<TicketId>>) {
    desk.select_singly();
    let ids: Vec<_> = desk
        .list
        .with_untracked(|list| list.rows.iter().map(|shown| shown.row.id()).collect());
    let place = |id: TicketId| ids.iter().position(|one| *one == id);
    let from = last.get_value().and_then(place);
    desk.selected.update(|selected| match (range, from, place(id)) {
        (true, Some(from), Some(to)) => selected.extend(&ids[from.min(to)..=from.max(to)]),
        _ => {
            if !selected.remove(&id) {
                selected.insert(id);
            }
        }
    });
    last.set_value(Some(id));
}

/// The head of a column.
fn head(desk: DeskState, column: Column) -> AnyView {
    let name = desk.lang.column(column);
    match column {
        Column::Owner => view! { <SortHeader sorts=[(Sort::Owner, name)]/> }.into_any(),
        Column::Since => view! { <SortHeader sorts=[(Sort::Since, name)]/> }.into_any(),
        Column::Used | Column::Ends | Column::Binding | Column::Kind => {
            view! { <th role="columnheader" scope="col" class=format!("col-{}", column.name())>{name}</th> }
                .into_any()
        }
    }
}

/// What stands in a column.
fn content(desk: DeskState, column: Column, row: &TicketRow) -> AnyView {
    let lang = desk.lang;
    let licenses = &row.licenses;
    match column {
        Column::Used => {
            let sum =
                |of: fn(&License) -> u32| licenses.iter().map(|license| u64::from(of(license))).sum::<u64>();
            let (used, all) = (sum(|license| license.activated), sum(|license| license.quantity));
            let words = lang.used_of(&lang.count(used), &lang.count(all));
            view! {
                <span class="hidden">{words}</span>
                <span aria-hidden="true">{lang.count(used)} <span class="quiet">" / " {lang.count(all)}</span></span>
            }
            .into_any()
        }
        Column::Ends => match licenses.iter().filter_map(License::end).min() {
            Some(end) => format::date(lang, format::last_moment(end)).into_any(),
            None => {
                let mut terms = licenses.iter().map(|license| license.validity);
                let days = terms.find(|validity| matches!(validity, Validity::Days(_)));
                let words = format::validity(lang, days.unwrap_or(Validity::Perpetual));
                view! { <span class="quiet">{words}</span> }.into_any()
            }
        },
        Column::Binding => {
            let bound = |binding: &Binding| licenses.iter().any(|license| license.binding == *binding);
            let names = Binding::ALL
                .iter()
                .copied()
                .filter(bound)
                .map(|binding| lang.binding_name(binding));
            names.collect::<Vec<_>>().join(", ").into_any()
        }
        Column::Owner => owner(desk, row),
        Column::Kind => tags(desk, row),
        Column::Since => view! { <span class="quiet">{format::date(lang, row.since)}</span> }.into_any(),
    }
}

/// The owner with the full path.
fn owner(desk: DeskState, row: &TicketRow) -> AnyView {
    let lang = desk.lang;
    match (&row.facts.place, row.path.split_last()) {
        (Place::Unassigned, _) => view! { <span class="quiet">{lang.unassigned()}</span> }.into_any(),
        (Place::User { .. }, last) => {
            let person = row.person.clone().unwrap_or_default();
            let via =
                last.map(|_| view! { <span class="quiet via">{lang.via(&format::path(&row.path))}</span> });
            view! { <bdi class="own">{person}</bdi> " " {via} }.into_any()
        }
        (Place::Group(_), Some((own, above))) => {
            let above =
                (!above.is_empty()).then(|| view! { <span class="quiet">{format::path(above)} " › "</span> });
            view! { {above} <bdi class="own">{own.clone()}</bdi> }.into_any()
        }
        (Place::Group(_), None) => view! { <span class="quiet">"…"</span> }.into_any(),
    }
}

/// What kind of ticket it is.
fn tags(desk: DeskState, row: &TicketRow) -> AnyView {
    let lang = desk.lang;
    match &row.facts.place {
        Place::Unassigned => view! { <span class="tag">{lang.unassigned()}</span> }.into_any(),
        Place::Group(_) if row.facts.protected => {
            view! { <span class="tag lock"><LockIcon/> {lang.protected_mode()}</span> }.into_any()
        }
        Place::Group(_) => view! { <span class="tag">{lang.group_ticket()}</span> }.into_any(),
        Place::User { .. } => view! { <span class="tag mine">{lang.personal_ticket()}</span> }.into_any(),
    }
}
