//! Tickets that are to be taken back: asked for on the list of what nobody uses, answered on the page of the ticket and here.

use domain::{
    ids::{GroupId, TakeBackId, TicketId},
    licensing::take_backs::{MAX_WAIT_DAYS, WAIT_DAYS},
};
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::{
        licensing::take_backs::{AskTakeBack, CancelTakeBack, GiveTakeBack, KeepTakeBack, read_take_backs},
        tickets::Undo,
    },
    i18n::format,
    ui::{
        groups::choices::GroupOptions,
        kit::{
            forms::{Problem, failure},
            language::use_language,
            pager::{Pager, use_page},
        },
        shell::{errors::Trouble, page_head::PageHead, way::ActivityTabs},
    },
    views::{
        addresses,
        licensing::take_backs::{TAKE_BACKS_PAGE, TakeBackPage, TakeBackQuery, TakeBackRow},
    },
};

/// The form that the boxes in the rows of a list belong to.
pub const SELECTED: &str = "take-back";

/// Asks for the selected tickets. A plain form: it leads to the page of what is asked for.
#[component]
pub fn AskForSelected(
    /// The group that gets them, unless another one is chosen.
    group: Option<GroupId>,
) -> impl IntoView {
    let lang = use_language();
    let chosen = group.map(|group| group.to_string());
    let refused = failure(ServerAction::<AskTakeBack>::new().value());
    view! {
        <Problem error=refused/>
        <form method="post" action=AskTakeBack::url() id=SELECTED class="bulk">
            <input type="hidden" name="next" value=addresses::TAKE_BACKS/>
            <span>{lang.with_selected()}":"</span>
            <label class="labelled">
                {lang.take_back_to()}
                <select class="input" name="new[to]">
                    <option value="">{lang.take_back_to_own_group()}</option>
                    <GroupOptions chosen/>
                </select>
            </label>
            <label class="labelled">
                {lang.take_back_days()}
                <input
                    class="input"
                    type="number"
                    name="new[days]"
                    min="1"
                    max=MAX_WAIT_DAYS.to_string()
                    value=WAIT_DAYS.to_string()
                    autocomplete="off"
                />
            </label>
            <button class="btn">{lang.ask_back()}</button>
        </form>
        <p class="quiet">{lang.take_back_explained()}</p>
    }
}

/// A button that says something to a request, and leads back to the page. `what` tells it from the same button of another ticket.
fn button(action: &'static str, id: TakeBackId, label: &'static str, what: &str, next: &str) -> AnyView {
    let name = use_language().permission_of(label, what);
    view! {
        <form method="post" action=action>
            <input type="hidden" name="take_back" value=id.to_string()/>
            <input type="hidden" name="next" value=next.to_owned()/>
            <button class="btn" aria-label=name>{label}</button>
        </form>
    }
    .into_any()
}

/// What the reader can say to a request.
fn answers(row: &TakeBackRow, next: &str) -> AnyView {
    let lang = use_language();
    let what = format::licenses(lang, &row.licenses);
    let holds = row.answers && !row.mine;
    let keep = holds.then(|| button(KeepTakeBack::url(), row.id, lang.keep_ticket(), &what, next));
    let give = holds.then(|| button(GiveTakeBack::url(), row.id, lang.give_ticket_back(), &what, next));
    let cancels = row.mine && row.state.is_open();
    let cancel = cancels.then(|| {
        button(
            CancelTakeBack::url(),
            row.id,
            lang.cancel_take_back(),
            &what,
            next,
        )
    });
    let undo = row.undo_key.clone().map(|key| {
        let name = lang.permission_of(lang.undo_take_back(), &what);
        view! {
            <form method="post" action=Undo::url()>
                <input type="hidden" name="key" value=key.clone()/>
                <input type="hidden" name="undo_key" value=format!("{key}-undo")/>
                <input type="hidden" name="next" value=next.to_owned()/>
                <button class="btn" aria-label=name>{lang.undo_take_back()}</button>
            </form>
        }
    });
    view! { <span class="actions">{keep} {give} {cancel} {undo}</span> }.into_any()
}

/// What was said to requests here, and was refused.
#[component]
fn Refusals() -> impl IntoView {
    let keep = failure(ServerAction::<KeepTakeBack>::new().value());
    let give = failure(ServerAction::<GiveTakeBack>::new().value());
    let cancel = failure(ServerAction::<CancelTakeBack>::new().value());
    let undo = failure(ServerAction::<Undo>::new().value());
    view! {
        <Problem error=keep/>
        <Problem error=give/>
        <Problem error=cancel/>
        <Problem error=undo/>
    }
}

/// On the page of a ticket: that it will be taken back, and what can be said to that.
#[component]
pub fn AskedBack(ticket: TicketId) -> impl IntoView {
    let lang = use_language();
    let found = Resource::new(
        || (),
        move |()| {
            read_take_backs(TakeBackQuery {
                ticket: Some(ticket),
                page: 0,
            })
        },
    );
    let notice = move |row: TakeBackRow| {
        let day = format::date(lang, row.due_at);
        let by = row.by.as_deref().map(|by| lang.asks_back(by));
        let next = addresses::ticket(ticket);
        view! {
            <section class="panel" aria-labelledby="asked-back">
                <h2 id="asked-back">{lang.take_back_state(row.state, &day)}</h2>
                <p>{lang.ticket_is_asked_back(&day)} " " {by} " " {goes_to(&row)}</p>
                {answers(&row, &next)}
            </section>
        }
    };
    view! {
        <Refusals/>
        <Transition>
            {move || Suspend::new(async move {
                let row = found.await.ok().and_then(|page| page.rows.into_iter().next());
                row.map(notice)
            })}
        </Transition>
    }
}

/// Where it goes, where the reader may know.
fn goes_to(row: &TakeBackRow) -> Option<String> {
    let lang = use_language();
    let known = !matches!(row.to, domain::tickets::Holder::Elsewhere);
    known.then(|| lang.goes_back_to(&format::holder(lang, &row.to)))
}

fn page_of(page: u32) -> String {
    let asked = if page > 0 {
        vec![("page", page.to_string())]
    } else {
        Vec::new()
    };
    format::address(addresses::TAKE_BACKS, &asked)
}

/// The page of all that the reader is asked for, and asked for.
#[component]
pub fn TakeBacksPage() -> impl IntoView {
    let lang = use_language();
    let page = use_page();
    let found = Resource::new(
        move || page.get(),
        |page| read_take_backs(TakeBackQuery { ticket: None, page }),
    );
    view! {
        <div class="page wide">
            <PageHead title=lang.take_backs()/>
            <ActivityTabs/>
            <p class="quiet">{lang.take_backs_explained()}</p>
            <Refusals/>
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Found found page=page.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Found(found: TakeBackPage, page: u32) -> impl IntoView {
    let lang = use_language();
    let TakeBackPage { rows, total } = found;
    if total == 0 {
        return view! { <p class="empty" role="status">{lang.no_take_backs()}</p> }.into_any();
    }
    let next = page_of(page);
    let row = |row: TakeBackRow| view! { <Row row next=next.clone()/> };
    view! {
        <table class="rows">
            <caption class="hidden">{lang.take_backs()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.product()}</th>
                    <th scope="col">{lang.asked_back_from()}</th>
                    <th scope="col">{lang.take_back_to()}</th>
                    <th scope="col">{lang.asked_back_by()}</th>
                    <th scope="col">{lang.moves_on()}</th>
                    <th scope="col">{lang.state()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
        <Pager page=page size=TAKE_BACKS_PAGE total=total to=Callback::new(page_of)/>
    }
    .into_any()
}

#[component]
fn Row(row: TakeBackRow, next: String) -> impl IntoView {
    let lang = use_language();
    let day = format::date(lang, row.due_at);
    let state = lang.take_back_state(row.state, &day);
    let answers = answers(&row, &next);
    view! {
        <tr>
            <th scope="row">
                <a href=addresses::ticket(row.ticket)>{format::licenses(lang, &row.licenses)}</a>
            </th>
            <td data-label=lang.asked_back_from()>{format::holder(lang, &row.from)}</td>
            <td data-label=lang.take_back_to()>{format::holder(lang, &row.to)}</td>
            <td data-label=lang.asked_back_by()>{row.by.unwrap_or_else(|| lang.someone().to_owned())}</td>
            <td data-label=lang.moves_on()>
                <time datetime=format::machine_time(row.due_at)>{day}</time>
            </td>
            <td data-label=lang.state()>{state} " " {answers}</td>
        </tr>
    }
}
