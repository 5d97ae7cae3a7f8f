//! Server functions: what the browser may ask. One file per noun.
//!
//! A server function finds out who is asking, calls one function of `ops`, and nothing else.

#![expect(
    missing_docs,
    reason = "the macro makes a struct of each argument list; arguments are explained with the function"
)]

pub mod accounts;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
pub mod resellers;
pub mod tickets;
