//! Looking at the portal as another person (N16): where it begins, and the banner while it lasts.

use domain::ids::UserId;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::impersonation::{EndImpersonation, Impersonate},
    i18n::format,
    ui::{
        kit::forms::{Problem, failure},
        shell::session::{use_language, use_me},
    },
};

/// Says as whom the reader looks at the portal, on every page, and ends it. A plain form: nothing of the other person
/// stays behind in the page.
#[component]
pub fn ViewBanner() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let words = me
        .impersonated_until
        .map(|until| lang.viewing_as(&me.name, &format::time(until)));
    words.map(|words| {
        view! {
            <section class="view-as" aria-label=lang.viewing_as_somebody()>
                <p>{words}</p>
                <form method="post" action=EndImpersonation::url()>
                    <button class="btn">{lang.end_view()}</button>
                </form>
            </section>
        }
    })
}

/// The button that begins it.
#[component]
pub fn ViewAsForm(
    /// As whom.
    user: UserId,
) -> impl IntoView {
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
