//! That a licence is suspended or revoked, in a word where it is listed.

use domain::licensing::licenses::Standing;
use leptos::prelude::*;

use crate::{i18n::format, ui::kit::language::use_language};

/// Says since when a licence cannot be used, where somebody has stopped it.
#[component]
pub fn StandingBadge(standing: Standing) -> impl IntoView {
    let lang = use_language();
    let class = match standing {
        Standing::Suspended(_) => "tag warn",
        Standing::Revoked(_) => "tag over",
        Standing::NotYet(_) | Standing::Usable(_) | Standing::Expired(_) => return None,
    };
    format::standing(lang, standing).map(|words| view! { <span class=class>{words}</span> }.into_any())
}
