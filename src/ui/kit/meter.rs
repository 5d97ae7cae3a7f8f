//! How much of something is taken.

use leptos::prelude::*;

/// A bar beside the figures, which count: of nothing, it is empty.
#[component]
pub fn Meter(
    /// How much is taken.
    value: u64,
    /// Of how much.
    of: u64,
    /// What is measured.
    label: &'static str,
) -> impl IntoView {
    view! {
        <meter min="0" max=of.max(1).to_string() value=value.min(of).to_string() aria-label=label></meter>
    }
    .into_any()
}
