//! What screens and programs are told: rows, pages, details; and what they ask with: queries and forms.

pub mod accounts;
pub mod addresses;
pub mod find;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
mod moments;
pub mod overview;
pub mod resellers;
#[cfg(feature = "ssr")]
pub mod schemas;
pub mod start;
pub mod themes;
pub mod tickets;
