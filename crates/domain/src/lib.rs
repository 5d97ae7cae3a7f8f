//! The words and rules of the portal: pure values, shared by browser and server.
//!
//! Nothing in here knows a clock, a database or a screen, and nothing imports another room of this crate.

#![warn(missing_docs)]

pub mod access;
pub mod accounts;
pub mod groups;
pub mod history;
pub mod ids;
pub mod instance;
pub mod licensing;
pub mod names;
pub mod refusals;
pub mod resellers;
pub mod texts;
pub mod tickets;
pub mod time;
