//! Server functions: what the browser may ask, and programs by REST. One file per noun.
//!
//! A server function obtains one of the typed callers of `auth`, whose type says for whom it is, calls one function of `ops`,
//! and answers with a view. Logging in and out, which is the business of `auth` itself, is all there.

pub mod accounts;
pub mod find;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
pub mod overview;
pub mod resellers;
pub mod tickets;
