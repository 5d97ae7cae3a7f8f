//! Server functions: what the browser may ask. One file per noun.
//!
//! A server function finds out who is asking, calls one function of `ops`, and nothing else.

pub mod accounts;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
pub mod resellers;
pub mod tickets;
