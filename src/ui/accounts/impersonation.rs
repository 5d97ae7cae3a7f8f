//! Looking at the portal as another person (N16): where it begins, and the banner while it lasts.

use domain::ids::UserId;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::impersonation::Impersonate,
    ui::kit::{
        forms::{Problem, failure},
        language::use_language,
    },
};

/// The button that begins it.
#[component]
pub fn ViewAsForm(user: UserId) -> impl IntoView {
    let lang = use_language();
    let refused = failure(ServerAction::<Impersonate>::new().value());
    view! {
        <section class="panel">
            <h2>{lang.view_as_person()}</h2>
            <Problem error=refused/>
            <form method="post" action=Impersonate::url()>
                <input type="hidden" name="user" value=user.to_string()/>
                <p class="quiet">{lang.view_as_help()}</p>
                <button class="btn">{lang.view_as_person()}</button>
            </form>
        </section>
    }
}
