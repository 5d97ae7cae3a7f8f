//! The banner while the reader looks at the portal as another person (N16).

use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::impersonation::EndImpersonation,
    i18n::format,
    ui::{kit::language::use_language, shell::session::use_me},
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
