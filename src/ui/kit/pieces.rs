//! Texts in which something was found.

use leptos::prelude::*;

/// A text with what was searched for marked.
pub fn in_pieces(pieces: &[(bool, String)]) -> AnyView {
    let piece = |(found, piece): &(bool, String)| {
        let piece = piece.clone();
        if *found {
            view! { <mark>{piece}</mark> }.into_any()
        } else {
            piece.into_any()
        }
    };
    pieces.iter().map(piece).collect_view().into_any()
}
