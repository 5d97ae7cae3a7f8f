//! The license portal: licences as tickets in a tree of groups and people.
//!
//! The rooms, in reading order; each imports only from those above it, and no files of a room go round in a circle (a test
//! holds it):
//!
//! - the crates [`domain`], the words and rules, pure, in browser and server alike, with the policy in [`domain::access`];
//!   and `jose`, signed texts for the server and the headless client
//! - [`views`]: what screens and programs are told and send: rows, pages, details, queries, forms, addresses
//! - [`i18n`]: languages and texts
//! - [`errors`]: the one error that browser and server share, and its words
//! - `metrics`: what is counted for who operates the portal
//! - `store`: SQL and nothing else
//! - `ops`: one function per intent, one transaction, one event
//! - `auth`: who asks, as typed callers
//! - [`api`]: the server functions: a typed caller, one call of `ops`, a view
//! - [`ui`]: the screens
//! - `jobs`: what runs by itself
//! - `server`: the top: configuration, router, REST, files, command line
//!
//! [`views`] stand above [`i18n`], because texts are made of what they tell; views have no words of their own.
//!
//! Invariants: a ticket has exactly one owner; every change of owner carries a proof that only the policy can make;
//! the rights behind it are read in the transaction that writes it, and so is its entry in the history; nothing
//! that a reader may not know can be told from what does not exist.

#![recursion_limit = "512"]

pub mod api;
#[cfg(feature = "ssr")]
pub mod auth;
pub mod errors;
pub mod i18n;
#[cfg(feature = "ssr")]
pub mod jobs;
#[cfg(feature = "ssr")]
pub mod metrics;
#[cfg(feature = "ssr")]
pub mod ops;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod store;
pub mod ui;
pub mod views;

/// Wakes up the page that the server rendered.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub async fn hydrate() {
    // Otherwise a defect is told of as "unreachable executed", and nothing else.
    std::panic::set_hook(Box::new(|defect| leptos::logging::error!("{defect}")));
    let Some(body) = leptos::prelude::document().body() else {
        return;
    };
    let plain_links = ui::kit::browser::PlainLinks::begin();
    // Returns when the files of the page are there and it answers.
    let app = leptos::mount::hydrate_from_async(body, ui::app::App).await;
    app.forget();
    drop(plain_links);
    ui::kit::browser::mark_alive();
}
