//! Pages that stand where another was expected.

use std::time::Duration;

use domain::{access::Denied, refusals::Refusal};
use leptos::{prelude::*, task::spawn_local};
use leptos_meta::Title;
use leptos_router::components::Redirect;

use crate::{
    api::accounts::sessions::who_am_i,
    errors::{ApiError, words::explain},
    ui::kit::{browser, language::use_language, location::here},
    views::addresses,
};

/// The HTTP status of the page that the server is rendering.
#[cfg(feature = "ssr")]
pub(crate) fn set_status(status: u16) {
    if let (Some(response), Ok(status)) = (
        use_context::<leptos_axum::ResponseOptions>(),
        http::StatusCode::from_u16(status),
    ) {
        response.set_status(status);
    }
}

#[cfg(not(feature = "ssr"))]
pub(crate) fn set_status(_status: u16) {}

/// What does not exist, and what the reader may not see: the same page for both (S4).
#[component]
pub fn NotFound() -> impl IntoView {
    set_status(404);
    let lang = use_language();
    view! {
        <Notice heading=lang.not_found() text=lang.not_found_text().to_owned()>
            <a class="btn primary" href=addresses::HOME>{lang.go_to_tickets()}</a>
        </Notice>
    }
}

/// How often it is looked whether the server is there again.
const LOOK: Duration = Duration::from_secs(3);

/// Loads the page once the server is there again. Where it was there all the time, this page alone was too much for it, and
/// comes again when it is asked for.
fn come_back() {
    let away = StoredValue::new(false);
    let look = move || {
        spawn_local(async move {
            match who_am_i().await {
                Err(error) if error.leaves_open() => drop(away.try_set_value(true)),
                _ if away.try_get_value() == Some(true) => browser::reload(),
                _ => {}
            }
        });
    };
    Effect::new(move |_| {
        look();
        browser::every(LOOK, look);
    });
}

/// The page in place of one that could not be shown.
#[component]
pub fn Trouble(
    /// Why it could not.
    error: ApiError,
) -> impl IntoView {
    let lang = use_language();
    match &error {
        ApiError::NotLoggedIn => {
            return view! { <Redirect path=addresses::login_address(&here().get_untracked())/> }.into_any();
        }
        ApiError::Refused(Refusal::Denied(Denied::Hidden)) => return view! { <NotFound/> }.into_any(),
        _ => {}
    }
    set_status(error.status());
    let first = match &error {
        ApiError::Refused(Refusal::PasswordTemporary) => {
            Some((lang.change_password(), addresses::MY_PASSWORD))
        }
        ApiError::Refused(Refusal::SecondFactorDemanded) => {
            Some((lang.second_factor(), addresses::MY_SECOND_FACTOR))
        }
        _ => None,
    };
    if let Some((heading, page)) = first {
        return view! {
            <Notice heading text=explain(lang, &error)>
                // A whole page load: this one does not know yet what comes first.
                <a class="btn primary" rel="external" href=page>{lang.go_on()}</a>
            </Notice>
        }
        .into_any();
    }
    let text = explain(lang, &error);
    let heading = match &error {
        ApiError::Unreachable => {
            come_back();
            lang.offline()
        }
        ApiError::DatabaseAway { .. } => {
            come_back();
            lang.moment_please()
        }
        ApiError::Overloaded { .. } => lang.moment_please(),
        // Trying again would change nothing.
        ApiError::Refused(_) | ApiError::Malformed => {
            let heading = match &error {
                ApiError::Refused(Refusal::Denied(_)) => lang.not_permitted(),
                _ => lang.not_done(),
            };
            return view! {
                <Notice heading text>
                    <a class="btn primary" href=addresses::HOME>{lang.go_to_tickets()}</a>
                </Notice>
            }
            .into_any();
        }
        _ => lang.something_broke(),
    };
    view! {
        <Notice heading text>
            // A whole page load: `rel=external` keeps the router from taking the click.
            <a class="btn primary" rel="external" href=here()>{lang.try_again()}</a>
            <a class="btn" href=addresses::HOME>{lang.go_to_tickets()}</a>
        </Notice>
    }
    .into_any()
}

/// A heading, a sentence, and what to do next.
#[component]
fn Notice(heading: &'static str, text: String, children: Children) -> impl IntoView {
    view! {
        <Title text=heading/>
        <div class="notice">
            <h1>{heading}</h1>
            <p>{text}</p>
            <p class="actions">{children()}</p>
        </div>
    }
}
