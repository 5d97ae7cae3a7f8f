//! Pages for people who are logged in.

use domain::{access::Actor, accounts::sessions::RequiredAction};
use leptos::prelude::*;
use leptos_router::components::Redirect;

use crate::{
    ui::{
        kit::location::here,
        shell::{
            auth_layout::AuthHead,
            bar::Frame,
            errors::{NotFound, Trouble},
            session::Session,
        },
    },
    views::addresses,
};

/// A page for people who are logged in; all others are sent to the login page first.
#[component]
pub fn Protected(
    /// Whom it is for, where it is not for all: to the others it does not exist.
    #[prop(default = |_| true)]
    whom: fn(&Actor) -> bool,
    children: Children,
) -> impl IntoView {
    let Session(session) = expect_context();
    match session {
        Ok(Some(me)) => {
            let first = match me.required_action {
                Some(RequiredAction::ReplacePassword) => Some(addresses::MY_PASSWORD),
                Some(RequiredAction::AddSecondFactor) => Some(addresses::MY_SECOND_FACTOR),
                None => None,
            };
            match first.filter(|first| !here().get_untracked().starts_with(first)) {
                Some(first) => view! { <Redirect path=first/> }.into_any(),
                None if !whom(&me.actor) => view! { <Frame><NotFound/></Frame> }.into_any(),
                None => view! { <Frame>{children()}</Frame> }.into_any(),
            }
        }
        Ok(None) => view! { <Redirect path=addresses::login_address(&here().get_untracked())/> }.into_any(),
        Err(error) => view! {
            <main id="main" class="main" tabindex="-1">
                <Trouble error/>
            </main>
        }
        .into_any(),
    }
}

/// An address at which there is no page: with the bars for who is logged in, with the way to the login for all others.
#[component]
pub fn Unknown() -> impl IntoView {
    let Session(session) = expect_context();
    match session {
        // Until the first steps are done there is nothing that the bars lead to.
        Ok(Some(me)) if me.required_action.is_none() => view! { <Frame><NotFound/></Frame> }.into_any(),
        _ => view! {
            <main id="main" class="main" tabindex="-1">
                <div class="notice">
                    <AuthHead/>
                </div>
                <NotFound/>
            </main>
        }
        .into_any(),
    }
}
