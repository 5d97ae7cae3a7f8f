//! The menu of a row of the list: what can be done with its ticket, or, where that is one of several selected, with these.

use domain::ids::TicketId;
use leptos::{
    ev::{Event, KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
};

use crate::{
    api::licensing::amendments::amendments,
    ui::{
        desk::state::DeskState,
        drag::board::Board,
        kit::menu::context::{self, ContextMenu, Opened, closest, item, link},
        licensing::{
            amendments::{
                asked::{KINDS, Subject},
                dialog::Amending,
                offered::{for_license, somewhere},
            },
            board::HEADING,
        },
        tickets::selection::Selection,
    },
    views::{
        addresses,
        licensing::amendments::{AmendmentKind, LicenseAmendments},
        tickets::TicketRow,
    },
};

/// What opens the menu of a row, as a selector within it.
const BUTTON: &str = "[data-control=\"menu\"]";

/// The ticket in whose row something happened.
fn ticket_of(event: &Event) -> Option<TicketId> {
    closest(event, "[data-ticket]")?
        .get_attribute("data-ticket")?
        .parse()
        .ok()
}

fn row_of(ticket: TicketId) -> String {
    format!("[data-ticket=\"{ticket}\"]")
}

/// A click without the keys that open a link elsewhere.
pub fn plain(event: &MouseEvent) -> bool {
    event.button() == 0 && !(event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key())
}

/// A press of the secondary button on the table.
pub fn on_context_menu(desk: DeskState, event: &MouseEvent) {
    if let Some(ticket) = ticket_of(event).filter(|_| context::is_press_for_it(event) && !desk.drags()) {
        event.prevent_default();
        desk.row_menu
            .set(Some(Opened::at_pointer(ticket, event, row_of(ticket))));
    }
}

/// A key in the table.
pub fn on_key(desk: DeskState, event: &KeyboardEvent) {
    if let Some(ticket) = ticket_of(event).filter(|_| context::is_key_for_it(event) && !desk.drags()) {
        event.prevent_default();
        desk.row_menu.set(Some(Opened::below(ticket, row_of(ticket))));
    }
}

/// A click in the table: on the button of a row that opens its menu.
pub fn on_click(desk: DeskState, event: &MouseEvent) {
    let opens = plain(event) && closest(event, BUTTON).is_some();
    if let Some(ticket) = ticket_of(event).filter(|_| opens) {
        event.prevent_default();
        let button = format!("{} {BUTTON}", row_of(ticket));
        desk.row_menu.set(Some(Opened::below(ticket, button)));
    }
}

/// The menu. It stands in the page once.
#[component]
pub fn RowMenu() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let label = Callback::new(move |ticket: TicketId| {
        let chosen = desk.selected_with(ticket);
        chosen.map_or_else(String::new, |chosen| match chosen.rows.as_slice() {
            [row] if chosen.all.is_none() => desk.lang.actions_for(&row.code.to_string()),
            _ => desk.lang.count_selected(chosen.count()),
        })
    });
    let items = Callback::new(move |ticket: TicketId| {
        let chosen = desk.selected_with(ticket);
        chosen.map_or_else(
            || ().into_any(),
            |chosen| match (chosen.rows.first(), chosen.count()) {
                (Some(row), 1) => of_one(desk, row.clone()),
                _ => of_several(desk, &chosen),
            },
        )
    });
    view! { <ContextMenu open=desk.row_menu label items/> }.into_any()
}

/// What can be done with one ticket: as its page offers it.
fn of_one(desk: DeskState, row: TicketRow) -> AnyView {
    let lang = desk.lang;
    let ticket = row.id();
    let page = addresses::ticket(ticket);
    let free = |license: &domain::licensing::licenses::License| {
        license.stopped.is_none() && license.activated < license.quantity
    };
    let activate = row.licenses.iter().any(free).then(|| {
        let to = format!("{page}#{HEADING}");
        link(lang.activate_in_dots().to_owned(), to)
    });
    let one = Selection::these(vec![row.clone()]);
    let rows = vec![row.clone()];
    let switch = |on: bool| {
        let rows = untrack(|| desk.switchable(&rows, on));
        let words = if on { lang.protect_on() } else { lang.protect_off() };
        (!rows.is_empty()).then(|| item(words.to_owned(), move || desk.protect_all(rows.clone(), on)))
    };
    let (protect, unprotect) = (switch(true), switch(false));
    let several = row.licenses.len() > 1 || row.licenses.iter().any(|license| license.quantity > 1);
    let split = several.then(|| link(lang.split_dots().to_owned(), addresses::split(ticket)));
    view! {
        {link(lang.open_ticket().to_owned(), page)}
        {item(lang.move_to().to_owned(), move || desk.moving.set(Some(one.clone())))}
        {split}
        {activate}
        {item(lang.copy_codes(1), move || desk.copy_codes(&rows))}
        {protect}
        {unprotect}
        {link(lang.usage().to_owned(), addresses::ticket_use(ticket))}
        {link(lang.who_can_see().to_owned(), addresses::viewers(ticket))}
        {terms(desk, row)}
    }
    .into_any()
}

/// Term and quantity, once it is known that something can be done about them: the list does not tell.
fn terms(desk: DeskState, row: TicketRow) -> AnyView {
    let kinds = RwSignal::new(Vec::<AmendmentKind>::new());
    let nowhere = untrack(|| desk.me.with(|me| somewhere(&me.actor).is_empty()));
    if nowhere || row.licenses.is_empty() {
        return ().into_any();
    }
    let ticket = row.id();
    spawn_local(async move {
        // Without an answer nothing is offered; the page of the ticket says why.
        let found = amendments(ticket).await.unwrap_or_default();
        let offered = |kind: &AmendmentKind| {
            let may = |of: &LicenseAmendments| for_license(of).contains(kind);
            found.iter().any(may)
        };
        // The menu may be closed meanwhile.
        let _ = kinds.try_set(KINDS.into_iter().filter(offered).collect());
    });
    let lang = desk.lang;
    let quantity = match row.licenses.as_slice() {
        [one] => Some(one.quantity),
        _ => None,
    };
    let subjects = Subject::of_tickets(lang, std::slice::from_ref(&row));
    let shown = move || {
        let kinds = kinds.try_get().filter(|kinds| !kinds.is_empty())?;
        let subjects = subjects.clone();
        let open = move || {
            desk.amending.set(Some(Amending {
                kinds: kinds.clone(),
                subjects: subjects.clone(),
                quantity,
                and_more: false,
            }));
        };
        Some(item(format!("{}…", lang.term_and_quantity()), open))
    };
    shown.into_any()
}

/// What can be done with the selected tickets: as the bars above and below the list offer it.
fn of_several(desk: DeskState, chosen: &Selection) -> AnyView {
    let lang = desk.lang;
    let n = chosen.count();
    let named = |words: &str| format!("{words} {}", lang.count(n));
    // Of tickets beyond the page nothing is known here.
    let known = match chosen.all {
        None => chosen.rows.clone(),
        Some(_) => Vec::new(),
    };
    let switch = |on: bool| {
        let rows = untrack(|| desk.switchable(&known, on));
        let words = lang.protect_selected(on, rows.len());
        (!rows.is_empty()).then(|| item(words, move || desk.protect_all(rows.clone(), on)))
    };
    let (protect, unprotect) = (switch(true), switch(false));
    let copy = (!known.is_empty()).then(|| {
        let rows = known.clone();
        item(lang.copy_codes(n), move || desk.copy_codes(&rows))
    });
    let export = chosen.asked().ok().map(|asked| {
        let (words, file) = (lang.export_selected(n), addresses::tickets_file(&asked));
        view! {
            <a class="btn plain" role="menuitem" tabindex="-1" href=file download rel="external">{words}</a>
        }
    });
    let amends = untrack(|| desk.me.with(|me| !somewhere(&me.actor).is_empty()));
    let amend = amends.then(|| {
        let chosen = chosen.clone();
        item(named(lang.amend_dots()), move || desk.amend(&chosen))
    });
    let moving = chosen.clone();
    view! {
        {item(named(lang.move_to()), move || desk.moving.set(Some(moving.clone())))}
        {amend}
        {protect}
        {unprotect}
        {copy}
        {export}
    }
    .into_any()
}
