//! Requests to the vendor of the portal, as part of the licence administration (N12).

use domain::instance::requests::{MAX_NOTE, MAX_SEATS, MAX_VARIANT, RequestState};
use leptos::prelude::*;

use crate::{
    api::instance::{RequestLicense, WithdrawRequest},
    errors::ApiError,
    i18n::format::date_time,
    ui::kit::{
        forms::{Problem, failure},
        language::use_language,
    },
    views::instance::{Overview, requests::LicenseRequest},
};

/// The form, with where requests go.
#[component]
pub fn RequestForm(
    action: ServerAction<RequestLicense>,
    /// The overview, which knows the vendor's address.
    overview: Resource<Result<Overview, ApiError>>,
) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <h2>{lang.request_license()}</h2>
            <Transition>
                {move || Suspend::new(async move {
                    // What went wrong is told in the place of the overview.
                    let overview = overview.await.ok()?;
                    Some(match overview.vendor_mail {
                        Some(address) => view! { <p class="quiet">{lang.requests_go_to(&address)}</p> }.into_any(),
                        None => view! { <p class="warning">{lang.request_not_mailed()}</p> }.into_any(),
                    })
                })}
            </Transition>
            <Problem error=failure(action.value())/>
            <p class="saved" role="status">
                {move || matches!(action.value().get(), Some(Ok(()))).then(|| lang.request_recorded())}
            </p>
            <ActionForm action=action attr:class="stack">
                <label class="labelled">
                    {lang.request_seats()}
                    <input
                        class="input"
                        type="number"
                        name="seats"
                        min="1"
                        max=MAX_SEATS.to_string()
                        required
                        autocomplete="off"
                    />
                </label>
                <label class="labelled">
                    {lang.usage_variant()}
                    <input class="input" name="variant" maxlength=MAX_VARIANT.to_string() autocomplete="off"/>
                    <small class="note">{lang.request_variant_help()}</small>
                </label>
                <label class="labelled">
                    {lang.request_note()}
                    <textarea class="input" name="note" rows="3" maxlength=MAX_NOTE.to_string()></textarea>
                </label>
                <p class="actions">
                    <button class="btn primary">{lang.send_request()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

/// What was asked for.
#[component]
pub fn Requests(
    /// The newest first.
    requests: Vec<LicenseRequest>,
    /// What withdraws one.
    withdraw: ServerAction<WithdrawRequest>,
) -> impl IntoView {
    let lang = use_language();
    let row = move |request: LicenseRequest| {
        let at = match request.state {
            RequestState::Recorded => None,
            RequestState::Mailed(at) | RequestState::Granted(at) | RequestState::Withdrawn(at) => Some(at),
        };
        let at = at.map(|at| date_time(lang, at)).unwrap_or_default();
        let wish = request.wish;
        let name = format!("{}: {}", lang.request_seats(), wish.seats);
        let label = lang.permission_of(lang.withdraw(), &name);
        view! {
            <li>
                <strong>{name}</strong>
                {(!wish.variant.is_empty()).then(|| format!(" · {}", wish.variant))}
                <br/>
                <span class="quiet">
                    {date_time(lang, request.at)} ", " {request.by} " — " {lang.request_state(request.state, &at)}
                </span>
                {(!wish.note.is_empty()).then(|| view! { <p class="note">{wish.note}</p> })}
                {request
                    .state
                    .is_open()
                    .then(|| {
                        view! {
                            <ActionForm action=withdraw>
                                <input type="hidden" name="request" value=request.id.to_string()/>
                                <button class="btn" aria-label=label>{lang.withdraw()}</button>
                            </ActionForm>
                        }
                    })}
            </li>
        }
    };
    let requests: Vec<_> = requests.into_iter().map(row).collect();
    (!requests.is_empty()).then(|| {
        view! {
            <section class="panel">
                <h2>{lang.requests()}</h2>
                <ul class="requests" aria-label=lang.requests()>{requests}</ul>
            </section>
        }
    })
}
