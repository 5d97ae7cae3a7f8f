//! Idempotency keys: the same form sent twice moves a ticket once.

use leptos::prelude::use_context;

/// A key that the server made for the page it is rendering, so that a form works before, or without, wasm.
#[derive(Debug, Clone)]
pub struct RequestKey(pub String);

/// A key for one request made in this browser. Unique, not secret.
#[cfg(feature = "hydrate")]
#[must_use]
pub fn fresh_key() -> String {
    let part = || {
        let digits = js_sys::Math::random().to_bits() & ((1 << 52) - 1);
        format!("{digits:013x}")
    };
    format!("{}{}{:012x}", part(), part(), js_sys::Date::now().to_bits() >> 16)
}

/// The server makes its keys itself: see [`RequestKey`].
#[cfg(not(feature = "hydrate"))]
#[must_use]
pub fn fresh_key() -> String {
    String::new()
}

/// The key for the hidden field of a form.
#[must_use]
pub fn form_key() -> String {
    use_context::<RequestKey>().map_or_else(fresh_key, |RequestKey(key)| key)
}
