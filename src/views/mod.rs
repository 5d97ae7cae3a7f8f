//! What screens and programs are told: rows, pages, details; and what they ask with: queries and forms.

pub mod accounts;
pub mod addresses;
pub mod groups;
pub mod history;
pub mod instance;
pub mod licensing;
mod moments;
pub mod resellers;
#[cfg(feature = "ssr")]
pub mod schemas;
pub mod themes;
pub mod tickets;
