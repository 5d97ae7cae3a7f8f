//! The addresses of pages to which answers and mails lead. The screens have the rest.

use leptos_router::location::Url;

/// The address of the login page that afterwards leads to `next`.
#[must_use]
pub fn login_address(next: &str) -> String {
    format!("/login?next={}", Url::escape(next))
}

/// The address of the page that asks for the code of a second factor, and afterwards leads to `next`.
#[must_use]
pub fn code_address(next: &str, end_other: bool) -> String {
    let end_other = if end_other { "&end_other=true" } else { "" };
    format!("/login/code?next={}{end_other}", Url::escape(next))
}
