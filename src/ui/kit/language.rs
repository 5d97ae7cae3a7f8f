//! The language in which the page is written.

use leptos::prelude::*;

use crate::i18n::Language;

/// The language of this page; it stays the same until the page is loaded again.
#[must_use]
pub fn use_language() -> Language {
    use_context().unwrap_or_default()
}
