//! Server functions: what the browser may ask. One file per noun.
//!
//! A server function finds out who is asking, calls one function of `ops`, and nothing else.

#![expect(
    missing_docs,
    reason = "the macro makes a struct of each argument list; arguments are explained with the function"
)]

pub mod accounts;
pub mod bulk;
pub mod containers;
pub mod creations;
pub mod credentials;
pub mod error;
pub mod expiry;
pub mod groups;
pub mod history;
pub mod imports;
pub mod instance;
pub mod leavers;
pub mod licenses;
pub mod partners;
pub mod password_links;
pub mod personal_tokens;
pub mod products;
pub mod reports;
pub mod second_factors;
pub mod sessions;
pub mod tickets;
pub mod tree;
pub mod view_as;
pub mod viewers;
pub mod webhooks;
