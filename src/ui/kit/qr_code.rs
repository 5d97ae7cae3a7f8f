//! A QR code.

use leptos::prelude::*;

use crate::ui::kit::language::use_language;

/// The picture, with the four squares of white around it that scanners want.
#[component]
pub fn QrPicture(
    /// Modules on a side.
    width: usize,
    /// The dark modules, as the `d` of an SVG path.
    path: String,
) -> impl IntoView {
    let lang = use_language();
    let side = width + 8;
    view! {
        <svg
            class="qr"
            viewBox=format!("-4 -4 {side} {side}")
            role="img"
            aria-label=lang.qr_code()
            shape-rendering="crispEdges"
        >
            <path d=path></path>
        </svg>
    }
}
