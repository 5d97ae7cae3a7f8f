//! What the address of the page says.

use std::str::FromStr;

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_params_map, use_query_map};

/// A query without what a refused form has put there: it is about an attempt, and says nothing of the page.
fn without_refusal(query: &str) -> String {
    let asked = query.trim_start_matches('?').split('&');
    let about_page =
        |pair: &&str| !pair.is_empty() && !pair.starts_with("__err=") && !pair.starts_with("__path=");
    asked.filter(about_page).collect::<Vec<_>>().join("&")
}

/// Path and query of the page shown.
#[must_use]
pub fn here() -> Signal<String> {
    let location = use_location();
    Signal::derive(move || {
        let query = location.search.with(|query| without_refusal(query));
        let path = location.pathname.get();
        if query.is_empty() {
            path
        } else {
            format!("{path}?{query}")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_refusal_is_no_part_of_an_address() {
        let refused = "next=%2Fticket&__path=%2Fapi%2Flog_in&__err=IldyaW5nIg&q=a";
        assert_eq!(without_refusal(refused), "next=%2Fticket&q=a");
        assert_eq!(without_refusal("?__path=%2Fapi%2Flog_in&__err=x"), "");
        assert_eq!(without_refusal("?q=__err="), "q=__err=");
    }
}
