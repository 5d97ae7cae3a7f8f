//! The page that amends licences: works before, and without, wasm. What is to be done stands in its address.

use std::collections::BTreeSet;

use domain::ids::{LicenseId, TicketId};
use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::{
        licensing::amendments::{AmendLicenses, preview_amendment},
        tickets::selected,
    },
    errors::{ApiError, words::explain},
    ui::{
        kit::{
            forms::{FilterForm, Problem, failure},
            language::use_language,
        },
        licensing::amendments::{
            asked::{Asked, Subject, address, kind_word, subject_of, what},
            fields::Fields,
            offered::somewhere,
            preview::{LeaveOut, Outlook},
        },
        shell::{
            errors::{NotFound, Trouble},
            session::use_me,
        },
    },
    views::{
        addresses,
        licensing::amendments::{AmendedLicense, AmendmentPreview, MAX_AMENDED},
        tickets::TicketRow,
    },
};

/// What the address says.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Address {
    licenses: Vec<(TicketId, LicenseId)>,
    asked: Asked,
    /// The form was sent: what would come of it is shown.
    sent: bool,
    /// Whether it says how many there are to be.
    quantity: bool,
    next: String,
}

fn read(params: &ParamsMap) -> Address {
    let licenses = params.get_all("license").unwrap_or_default();
    let said = |name: &str| params.get_str(name).map(str::to_owned);
    Address {
        licenses: licenses
            .iter()
            .filter_map(|license| subject_of(license))
            .collect(),
        asked: Asked::read(said),
        sent: params.get_str("sent").is_some(),
        quantity: params.get_str("quantity").is_some(),
        next: said("next").unwrap_or_else(|| addresses::HOME.to_owned()),
    }
}

/// What the server says: the tickets, and what would come of it, once that was asked.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
struct Loaded {
    rows: Vec<TicketRow>,
    previews: Option<Result<Vec<AmendmentPreview>, ApiError>>,
}

async fn load(address: Address) -> Result<Loaded, ApiError> {
    let tickets: BTreeSet<_> = address.licenses.iter().map(|(ticket, _)| *ticket).collect();
    let rows = if tickets.is_empty() || address.licenses.len() > MAX_AMENDED {
        Vec::new()
    } else {
        selected(tickets.into_iter().collect()).await?
    };
    let previews = if address.sent && !rows.is_empty() {
        let licenses = address.licenses.iter().map(|(_, license)| AmendedLicense {
            license: *license,
            version: None,
        });
        Some(preview_amendment(address.asked.new_amendment(licenses.collect())).await)
    } else {
        None
    };
    Ok(Loaded { rows, previews })
}

/// The page.
#[component]
pub fn AmendPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let asked = Memo::new(move |_| params.with(read));
    let loaded = Resource::new(move || asked.get(), load);
    let refused = failure(ServerAction::<AmendLicenses>::new().value());
    view! {
        <Title text=lang.amend_title()/>
        <div class="page">
            <Problem error=refused/>
            <Transition>
                {move || Suspend::new(async move {
                    let answer = loaded.await;
                    let address = asked.get_untracked();
                    match answer {
                        Err(error) => view! { <Trouble error/> }.into_any(),
                        Ok(_) if address.licenses.len() > MAX_AMENDED => {
                            view! { <Nothing why=lang.amend_too_many(MAX_AMENDED)/> }.into_any()
                        }
                        Ok(_) if address.licenses.is_empty() => {
                            view! { <Nothing why=lang.nothing_to_amend().to_owned()/> }.into_any()
                        }
                        Ok(loaded) => found(address, loaded),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Nothing(why: String) -> impl IntoView {
    let lang = use_language();
    view! {
        <h1>{lang.amend_title()}</h1>
        <p class="problem">{why}</p>
        <p class="actions">
            <a class="btn primary" href=addresses::HOME>{lang.go_to_tickets()}</a>
        </p>
    }
}

fn found(address: Address, loaded: Loaded) -> AnyView {
    let lang = use_language();
    let Loaded { rows, previews } = loaded;
    // In the order of the address, which is that of the preview.
    let known = |(ticket, license): &(TicketId, LicenseId)| {
        let row = rows.iter().find(|row| row.id() == *ticket)?;
        let license = row.licenses.iter().find(|known| known.id == *license)?;
        Some((Subject::of(lang, row, license), license.quantity))
    };
    let known: Vec<_> = address.licenses.iter().filter_map(known).collect();
    if known.len() < address.licenses.len() {
        return view! { <NotFound/> }.into_any();
    }
    let quantity = known.first().map(|(_, quantity)| quantity.to_string());
    let subjects: Vec<_> = known.into_iter().map(|(subject, _)| subject).collect();
    view! { <Amending address subjects quantity=quantity.unwrap_or_default() previews/> }.into_any()
}

#[component]
fn Amending(
    address: Address,
    subjects: Vec<Subject>,
    /// How many there are of the first.
    quantity: String,
    previews: Option<Result<Vec<AmendmentPreview>, ApiError>>,
) -> impl IntoView {
    let lang = use_language();
    let Address {
        asked,
        next,
        quantity: entered,
        ..
    } = address;
    let several = subjects.len() > 1;
    let kinds = if several {
        somewhere(&use_me().actor)
    } else {
        vec![asked.kind]
    };
    let word = if several {
        lang.amend_title()
    } else {
        kind_word(lang, asked.kind)
    };
    let heading = lang.permission_of(word, &what(lang, &subjects));
    let first = Asked {
        quantity: if entered || several {
            asked.quantity.clone()
        } else {
            quantity
        },
        ..asked.clone()
    };
    let licenses = if several {
        choice(&subjects)
    } else {
        let one = |subject: &Subject| view! { <input type="hidden" name="license" value=subject.value()/> };
        subjects.iter().map(one).collect::<Vec<_>>().into_any()
    };
    let outlook = previews.map(|answer| match answer {
        Ok(previews) => {
            let (kind, back) = (asked.kind, next.clone());
            let leave_out = move |left: Vec<Subject>| LeaveOut::Page(self::address(&left, kind, &back));
            view! {
                <section class="panel" aria-labelledby="preview">
                    <h2 id="preview">{lang.preview()}</h2>
                    <Outlook asked subjects previews next=next.clone() leave_out=Callback::new(leave_out)/>
                </section>
            }
            .into_any()
        }
        Err(error) => view! { <p class="problem" role="alert">{explain(lang, &error)}</p> }.into_any(),
    });
    view! {
        <h1>{heading}</h1>
        <FilterForm action=addresses::AMEND noscroll=true attr:class="panel stack amending">
            <input type="hidden" name="sent" value="1"/>
            <input type="hidden" name="next" value=next/>
            {licenses}
            <Fields asked=first kinds/>
            <p class="actions">
                <button class="btn primary">{lang.preview()}</button>
            </p>
        </FilterForm>
        <div aria-live="polite">{outlook}</div>
    }
}

/// Which of several licences: without wasm, the desk selects none.
fn choice(subjects: &[Subject]) -> AnyView {
    let lang = use_language();
    let one = |subject: &Subject| {
        view! {
            <label class="check">
                <input type="checkbox" name="license" value=subject.value() checked/>
                <span>
                    {subject.what.clone()} " " <span class="mono quiet wrap">{subject.code.clone()}</span> " "
                    <span class="quiet">{subject.owner.clone()}</span>
                </span>
            </label>
        }
    };
    view! {
        <fieldset class="stack">
            <legend>{lang.licenses_to_amend()}</legend>
            <div class="choices">{subjects.iter().map(one).collect::<Vec<_>>()}</div>
        </fieldset>
    }
    .into_any()
}
