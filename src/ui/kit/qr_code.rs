//! A QR code.

use leptos::prelude::*;

use crate::{ui::shell::session::use_language, views::licensing::qr_codes::QrCode};

/// The picture, with the four squares of white around it that scanners want.
#[component]
pub fn QrPicture(
    /// What is drawn.
    picture: QrCode,
) -> impl IntoView {
    let lang = use_language();
    let side = picture.width + 8;
    view! {
        <svg
            class="qr"
            viewBox=format!("-4 -4 {side} {side}")
            role="img"
            aria-label=lang.qr_code()
            shape-rendering="crispEdges"
        >
            <path d=picture.path></path>
        </svg>
    }
}
