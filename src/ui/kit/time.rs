//! Times as the reader's clock shows them.

use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    i18n::format::{date_time, local_date_time, machine_time},
    ui::kit::{browser, language::use_language},
};

/// A day and time in the reader's time zone, which the browser knows; until then, and where one points at it, in UTC.
#[component]
pub fn Time(
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    let lang = use_language();
    let local = RwSignal::new(None::<i32>);
    Effect::new(move |_| _ = local.try_set(browser::minutes_from_utc(at.as_millisecond())));
    let utc = date_time(lang, at);
    let title = utc.clone();
    // The list around it may be made anew before its turn comes.
    let text = move || match local.try_get().flatten() {
        Some(minutes) => local_date_time(lang, at, minutes),
        None => utc.clone(),
    };
    view! { <time datetime=machine_time(at) title=title>{text}</time> }.into_any()
}
