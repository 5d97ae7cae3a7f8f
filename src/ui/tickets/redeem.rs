//! "Add ticket": takes tickets by their codes.

use domain::{
    ids::GroupId,
    tickets::{
        codes::{InvalidCode, TicketCode},
        owners::Owner,
    },
};
use leptos::prelude::*;

use crate::{
    api::{
        groups::{administered, group},
        tickets::Redeem,
    },
    errors::words::explain_code,
    i18n::{Language, format},
    ui::{
        kit::{
            forms::{Problem, failure, leads_on},
            language::use_language,
        },
        shell::{page_head::PageHead, session::use_me},
        tickets::done::Done,
    },
    views::addresses,
};

/// The first mistyped code, from 1, told before anything is sent.
fn first_mistake(codes: &str) -> Option<(u32, InvalidCode)> {
    let codes = codes.split(';').map(str::trim).filter(|code| !code.is_empty());
    (1..)
        .zip(codes)
        .find_map(|(at, code)| code.parse::<TicketCode>().err().map(|why| (at, why)))
}

/// To whom the reader can give tickets by their codes: themselves, alone or through a group of theirs, and the groups
/// they reach.
async fn owners(lang: Language, me: crate::views::accounts::sessions::Me) -> Vec<(Owner, String)> {
    let user = me.actor.user;
    let mut owners = vec![(Owner::User { user, context: None }, lang.for_myself().to_owned())];
    for id in me.actor.memberships.keys().copied() {
        // A group that went away meanwhile is left out.
        if let Ok(detail) = group(id).await {
            let path = format::path(&detail.path);
            owners.push((
                Owner::User {
                    user,
                    context: Some(id),
                },
                lang.myself_via(&path),
            ));
            owners.push((Owner::Group(id), path));
        }
    }
    let others = administered(String::new(), None).await.unwrap_or_default();
    let others = others
        .into_iter()
        .map(|choice| (Owner::Group(GroupId(choice.id)), choice.label));
    for (owner, label) in others {
        if owners.iter().all(|(known, _)| *known != owner) {
            owners.push((owner, label));
        }
    }
    owners
}

/// The page that redeems ticket codes.
#[component]
pub fn AddTickets() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let owners = Resource::new(|| (), move |()| owners(lang, me.clone()));
    let redeem = ServerAction::<Redeem>::new();
    leads_on(redeem, |_| Done::Added.then(addresses::ALL_TICKETS));
    let codes = RwSignal::new(String::new());
    let mistake = move || {
        codes
            .with(|codes| first_mistake(codes))
            .map(|(at, why)| lang.code_mistyped(at, &explain_code(lang, &why)))
    };
    view! {
        <div class="page">
            <PageHead title=lang.add_ticket()/>
            <Problem error=failure(redeem.value())/>
            <ActionForm action=redeem attr:class="panel stack">
                <input type="hidden" name="next" value=Done::Added.then(addresses::ALL_TICKETS)/>
                <label class="labelled" for="codes">{lang.ticket_codes()}</label>
                <textarea
                    id="codes"
                    class="input mono"
                    name="codes"
                    rows="4"
                    required
                    autocomplete="off"
                    autocapitalize="characters"
                    spellcheck="false"
                    placeholder="XXXXX-XXXXX-XXXXX-XXXXX-XXXXX"
                    aria-describedby="codes-help codes-mistake"
                    on:change:target=move |event| codes.set(event.target().value())
                    // A mistake is told when the field is left, and is gone as soon as it is corrected: a button must
                    // not move away from under the pointer that leaves the field for it.
                    on:input:target=move |event| {
                        if mistake().is_some() {
                            codes.set(event.target().value());
                        }
                    }
                ></textarea>
                <p id="codes-help" class="quiet">{lang.ticket_codes_help()}</p>
                <p id="codes-mistake" class="mistake" role="status">{mistake}</p>
                <label class="labelled" for="to">{lang.for_whom()}</label>
                <select id="to" class="input" name="to">
                    <Suspense>
                        {move || Suspend::new(async move {
                            let option = |(owner, label): (Owner, String)| {
                                view! { <option value=owner.to_string()>{label}</option> }
                            };
                            owners.await.into_iter().map(option).collect::<Vec<_>>()
                        })}
                    </Suspense>
                </select>
                <p class="actions">
                    <button class="btn primary">{lang.add_ticket()}</button>
                </p>
            </ActionForm>
        </div>
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn mistakes_are_found_before_anything_is_sent() {
        let good = TicketCode::from_random([7; 24]);
        assert_eq!(first_mistake(&format!("{good}; {good};")), None);
        assert_eq!(
            first_mistake(&format!("{good};ABC")),
            Some((2, InvalidCode::Length))
        );
        assert_eq!(first_mistake(""), None);
    }
}
