//! What the address of the page says.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

/// Path and query of the page shown.
#[must_use]
pub fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let query = location.search.get();
        let path = location.pathname.get();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{}", query.trim_start_matches('?'))
        }
    })
}

/// The id that the route of the page calls `id`; `None` where the address holds something else.
#[must_use]
pub fn id_of_address<T>() -> Memo<Option<T>>
where
    T: FromStr + PartialEq + Send + Sync + 'static,
{
    let params = use_params_map();
    Memo::new(move |_| params.with(|params| params.get_str("id").and_then(|id| id.parse().ok())))
}

/// What the address says is searched for.
#[must_use]
pub fn searched(parameter: &str) -> RwSignal<String> {
    RwSignal::new(
        use_query_map().with_untracked(|query| query.get_str(parameter).unwrap_or_default().to_owned()),
    )
}
