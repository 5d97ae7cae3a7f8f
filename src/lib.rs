//! The license portal: licences as tickets in a tree of groups and people.
//!
//! The rooms, in reading order; each imports only from those above it, and a test holds that. `domain` (rules, pure) and `jose`
//! (signed texts) are crates of their own.
//!
//! - [`views`]: what screens and programs are told, and what they ask with
//! - [`i18n`]: languages and texts
//! - [`errors`]: what can go wrong, with status and text
//! - `store`: SQL and nothing else
//! - `ops`: one function per intent, one transaction, one event
//! - `auth`: who asks
//! - [`api`]: the server functions
//! - [`ui`]: the screens
//! - `jobs`: what runs by itself, supervised
//! - `server`: configuration, router, the interface for programs, command line
//!
//! Areas have the same names in every room: tickets, groups, accounts, licensing, resellers, history, instance.
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
pub fn hydrate() {
    // Otherwise a defect is told of as "unreachable executed", and nothing else.
    std::panic::set_hook(Box::new(|defect| leptos::logging::error!("{defect}")));
    leptos::mount::hydrate_body(ui::app::App);
}
