//! That a licence is suspended or revoked, in a word where it is listed.

use domain::licensing::licenses::{License, Standing};
use leptos::prelude::*;

use crate::{i18n::format, ui::kit::language::use_language};

/// Says which of the licences of a ticket are suspended or revoked; of several, with the name of the product.
#[component]
pub fn StoppedBadges(licenses: Vec<License>) -> impl IntoView {
    let lang = use_language();
    let several = licenses.len() > 1;
    let badge = |license: &License| {
        let standing = license.stopped?;
        let product = several
            .then(|| view! { <small>{format::product(lang, &license.product).to_owned()}</small> " " });
        Some(view! { " " <span class="nowrap">{product} <StandingBadge standing/></span> }.into_any())
    };
    licenses.iter().filter_map(badge).collect::<Vec<_>>()
}

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
