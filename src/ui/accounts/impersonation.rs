//! Looking at the portal as another person (N16): where it begins.

use domain::ids::UserId;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::impersonation::Impersonate,
    ui::kit::{
        forms::{Problem, failure},
        language::use_language,
        menu::MenuButton,
    },
};

/// The item of a menu that begins it.
#[component]
pub fn ViewAs(user: UserId) -> impl IntoView {
    let lang = use_language();
    view! {
        <form method="post" action=Impersonate::url() role="none" title=lang.view_as_help()>
            <input type="hidden" name="user" value=user.to_string()/>
            <MenuButton label=lang.view_as_person()/>
        </form>
    }
}

/// Says why it did not begin.
#[component]
pub fn ViewAsRefused() -> impl IntoView {
    view! { <Problem error=failure(ServerAction::<Impersonate>::new().value())/> }
}
