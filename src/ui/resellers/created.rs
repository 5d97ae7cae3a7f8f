//! Tickets that were created together, with their codes: shown, copied, printed, downloaded, mailed (S13).

use std::time::Duration;

use domain::{accounts::MAX_EMAIL, ids::CreationId};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::resellers::creations::{MailCodes, creation},
    errors::ApiError,
    i18n::format,
    ui::{
        kit::{
            browser,
            copy::CopyButton,
            forms::{Problem, failure},
            language::use_language,
            location::id_of_address,
            time::Time,
        },
        resellers::create::customer,
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{
        addresses,
        resellers::creations::{CreatedTicket, CreationDetail},
    },
};

/// How often it is looked whether the mail to a customer has left, and after what time.
const LOOKS: u32 = 5;
const AGAIN: Duration = Duration::from_secs(2);

#[component]
pub fn CreatedPage() -> impl IntoView {
    let id = id_of_address::<CreationId>();
    let mail = ServerAction::<MailCodes>::new();
    let looks = RwSignal::new(0_u32);
    let detail = live::kept(
        move || id.get(),
        move || looks.get(),
        |id| async move { creation(id.ok_or(ApiError::HIDDEN)?).await },
    );
    // The mail with the link leaves right afterwards.
    Effect::new(move |_| {
        let waits = detail.with(|detail| match detail {
            Some(Ok(detail)) => detail.customers.iter().any(|customer| !customer.invited),
            _ => false,
        });
        if waits && looks.get_untracked() < LOOKS {
            set_timeout(
                move || {
                    looks.try_update(|looks| *looks += 1);
                },
                AGAIN,
            );
        }
    });
    view! {
        <div class="page">
            <AdminNav/>
            <Problem error=failure(mail.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match detail.await {
                        Ok(detail) => view! { <Detail detail mail/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Detail(detail: CreationDetail, mail: ServerAction<MailCodes>) -> impl IntoView {
    let lang = use_language();
    let row = &detail.row;
    let what = lang.created_what(row.tickets, row.quantity, format::product(lang, &row.product));
    let free: Vec<String> = detail.free_codes().map(ToString::to_string).collect();
    let ticket = move |ticket: CreatedTicket| {
        let state = if ticket.free {
            lang.ticket_free()
        } else {
            lang.ticket_taken()
        };
        let code = ticket.code.to_string();
        let shown = match ticket.seen {
            Some(id) => {
                view! { <a class="mono wrap" href=addresses::ticket(id)>{code.clone()}</a> }.into_any()
            }
            None => view! { <span class="mono wrap">{code.clone()}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">
                    {shown} {ticket.free.then(|| view! { " " <CopyButton text=code/> })}
                </th>
                <td data-label=lang.state()>
                    <span class="tag" class:mine=ticket.free>{state}</span>
                </td>
            </tr>
        }
    };
    let handing_out = if free.is_empty() {
        view! { <p class="done">{lang.all_assigned()}</p> }.into_any()
    } else {
        view! { <HandOut id=row.id free mail/> }.into_any()
    };
    view! {
        <PageHead title=lang.created_tickets()/>
        <p>
            {what} " · " {format::validity(lang, detail.terms.validity)} " · "
            <Time at=row.at/>
        </p>
        {detail
            .customers
            .into_iter()
            .map(|row| view! { <p>{lang.made_for()} " " {customer(lang, row)}</p> })
            .collect::<Vec<_>>()}
        {handing_out}
        <table class="rows">
            <caption class="hidden">{lang.ticket_codes()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.code()}</th>
                    <th scope="col">{lang.state()}</th>
                </tr>
            </thead>
            <tbody>{detail.tickets.into_iter().map(ticket).collect::<Vec<_>>()}</tbody>
        </table>
        <p class="actions">
            <a class="btn" href=addresses::CREATE>{lang.create_more()}</a>
        </p>
    }
}

/// The ways to hand the codes out.
#[component]
fn HandOut(id: CreationId, free: Vec<String>, mail: ServerAction<MailCodes>) -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let mailed = move || {
        matches!(mail.value().get(), Some(Ok(()))) || query.with(|query| query.get_str("mailed").is_some())
    };
    let file = move |kind: &'static str, name: &'static str| {
        view! {
            <form method="post" action=addresses::created_codes(id)>
                <input type="hidden" name="kind" value=kind/>
                <button class="btn">{name}</button>
            </form>
        }
    };
    view! {
        <section class="panel unprinted">
            <p class="quiet">{lang.codes_help()}</p>
            <div class="actions">
                <CopyButton text=free.join("; ") label=lang.copy_all_codes()/>
                <button class="btn with-wasm" type="button" on:click=|_| browser::print()>{lang.print()}</button>
                {file("text", lang.download_codes_text())}
                {file("csv", lang.download_codes_csv())}
            </div>
            <ActionForm action=mail>
                <input type="hidden" name="creation" value=id.to_string()/>
                <input type="hidden" name="next" value=format!("{}?mailed=true", addresses::created(id))/>
                <div class="beside">
                    <label class="labelled grow">
                        {lang.email()}
                        <input
                            class="input"
                            type="email"
                            name="email"
                            required
                            maxlength=MAX_EMAIL.to_string()
                            autocomplete="off"
                        />
                    </label>
                    <button class="btn">{lang.mail_codes()}</button>
                </div>
            </ActionForm>
            <p class="saved" role="status">{move || mailed().then(|| lang.codes_mailed())}</p>
        </section>
    }
}
