//! Splits a part of a ticket off (N17): works before, and without, wasm.

use domain::{ids::TicketId, licensing::licenses::License};
use leptos::prelude::*;

use crate::{
    api::tickets::splits::SplitTicket,
    i18n::format,
    ui::{
        kit::{
            forms::{Problem, failure, leads_on},
            keys::form_key,
            language::use_language,
            location::id_of_address,
        },
        licensing::amendments::standing::StoppedBadges,
        shell::{errors::Trouble, page_head::PageHead},
        tickets::ticket::the_ticket,
    },
    views::{addresses, tickets::TicketRow},
};

/// How many of a licence can be split off: what is free of it, or all of it.
fn free(license: &License) -> u32 {
    match license.stopped {
        Some(_) => 0,
        None => license.quantity.saturating_sub(license.activated),
    }
}

/// The page that asks how many of which licence.
#[component]
pub fn SplitPage() -> impl IntoView {
    let id = id_of_address::<TicketId>();
    let loaded = Resource::new(move || id.get(), the_ticket);
    let split = ServerAction::<SplitTicket>::new();
    leads_on(split, |new| addresses::after_split(*new));
    view! {
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok(row) => view! { <SplitForm row split/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn SplitForm(row: TicketRow, split: ServerAction<SplitTicket>) -> impl IntoView {
    let lang = use_language();
    let ticket = row.id();
    let alone = row.licenses.len() == 1;
    // The last of a ticket stays: so many can be had of a licence.
    let most = move |license: &License| match (alone, free(license)) {
        (true, free) => free.min(license.quantity.saturating_sub(1)),
        (false, _) => license.quantity,
    };
    let head = view! {
        <PageHead title=lang.split_title()/>
        <p>
            {format::licenses(lang, &row.licenses)} " "
            <a class="mono quiet" href=addresses::ticket(ticket)>{row.code.to_string()}</a>
        </p>
    };
    if row.licenses.iter().all(|license| most(license) == 0) {
        return view! {
            {head}
            <p class="empty">{lang.nothing_to_split()}</p>
        }
        .into_any();
    }
    let field = move |(at, license): (usize, &License)| {
        let product = format::product(lang, &license.product).to_owned();
        let number = lang.permission_of(lang.quantity(), &product);
        let help = format!("free-{}", license.id);
        view! {
            <div class="stack">
                <input type="hidden" name=format!("parts[{at}][license]") value=license.id.to_string()/>
                <label class="labelled">
                    <span>{product} " " <StoppedBadges licenses=vec![license.clone()]/></span>
                    <input
                        class="input number"
                        type="number"
                        inputmode="numeric"
                        name=format!("parts[{at}][quantity]")
                        value=if alone { "1" } else { "0" }
                        min=if alone { "1" } else { "0" }
                        max=most(license).to_string()
                        required
                        aria-label=number
                        aria-describedby=help.clone()
                    />
                </label>
                <p class="quiet" id=help>{lang.free_to_split(free(license), license.quantity)}</p>
            </div>
        }
    };
    view! {
        {head}
        <Problem error=failure(split.value())/>
        <ActionForm action=split attr:class="panel stack">
            <input type="hidden" name="ticket" value=ticket.to_string()/>
            <input type="hidden" name="key" value=form_key()/>
            <p>{lang.split_explained()} {(!alone).then(|| view! { " " {lang.split_free_or_whole()} })}</p>
            {row.licenses.iter().enumerate().map(field).collect::<Vec<_>>()}
            <p class="actions">
                <button class="btn primary">{lang.split_off()}</button>
            </p>
        </ActionForm>
    }
    .into_any()
}
