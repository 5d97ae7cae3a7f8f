//! Joins another ticket of the same owner to a ticket (N17): works before, and without, wasm.

use domain::ids::TicketId;
use leptos::prelude::*;

use crate::{
    api::tickets::splits::{JoinTickets, join_candidates},
    errors::ApiError,
    i18n::{Language, format},
    ui::{
        kit::{
            forms::{Problem, failure, leads_on},
            keys::form_key,
            language::use_language,
            location::id_of_address,
        },
        licensing::amendments::standing::StoppedBadges,
        shell::{errors::Trouble, page_head::PageHead},
        tickets::{done::Done, ticket::the_ticket},
    },
    views::{
        addresses,
        tickets::{TicketRow, splits::JoinCandidate},
    },
};

/// The page that asks which one.
#[component]
pub fn JoinPage() -> impl IntoView {
    let id = id_of_address::<TicketId>();
    let loaded = Resource::new(
        move || id.get(),
        |id| async move {
            let into = the_ticket(id).await?;
            let candidates = join_candidates(into.id()).await?;
            Ok::<_, ApiError>((into, candidates))
        },
    );
    let join = ServerAction::<JoinTickets>::new();
    leads_on(join, move |()| {
        let into = id.get_untracked().map(addresses::ticket);
        Done::Joined.then(&into.unwrap_or_else(|| addresses::HOME.to_owned()))
    });
    view! {
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    match loaded.await {
                        Ok((into, candidates)) => view! { <JoinForm into candidates join/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn JoinForm(
    into: TicketRow,
    candidates: Vec<JoinCandidate>,
    join: ServerAction<JoinTickets>,
) -> impl IntoView {
    let lang = use_language();
    let page = addresses::ticket(into.id());
    let head = view! {
        <PageHead title=lang.join_title()/>
        <p>
            {format::licenses(lang, &into.licenses)} " "
            <a class="mono quiet" href=page.clone()>{into.code.to_string()}</a>
        </p>
    };
    if candidates.is_empty() {
        return view! {
            {head}
            <p class="empty">{lang.nothing_to_join()}</p>
        }
        .into_any();
    }
    let choices = candidates
        .into_iter()
        .enumerate()
        .map(|(at, candidate)| choice(lang, at == 0, candidate));
    let choices = choices.collect::<Vec<_>>();
    view! {
        {head}
        <Problem error=failure(join.value())/>
        <ActionForm action=join attr:class="panel stack amending">
            <input type="hidden" name="into" value=into.id().to_string()/>
            <input type="hidden" name="key" value=form_key()/>
            <input type="hidden" name="next" value=Done::Joined.then(&page)/>
            <p>{lang.join_explained()}</p>
            <fieldset class="stack">
                <legend>{lang.join_which()}</legend>
                <div class="choices">{choices}</div>
            </fieldset>
            <p class="actions">
                <button class="btn primary">{lang.join_button()}</button>
            </p>
        </ActionForm>
    }
    .into_any()
}

fn choice(lang: Language, first: bool, candidate: JoinCandidate) -> AnyView {
    let JoinCandidate { ticket, becomes_one } = candidate;
    let outcome = match becomes_one {
        0 => lang.stays_beside().to_owned(),
        n => lang.becomes_one(n),
    };
    view! {
        <label class="check">
            <input type="radio" name="ticket" value=ticket.id().to_string() checked=first required/>
            <span>
                {format::licenses(lang, &ticket.licenses)} " " <StoppedBadges licenses=ticket.licenses.clone()/> " "
                <span class="mono quiet wrap">{ticket.code.to_string()}</span> " "
                <span class="quiet">"· " {outcome}</span>
            </span>
        </label>
    }
    .into_any()
}
