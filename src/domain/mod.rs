//! The words and rules of the portal: pure values, shared by browser and server.
//!
//! Nothing in here knows a clock, a database or a screen, and nothing imports another room of this crate.

pub mod access;
pub mod addresses;
pub mod bulk;
pub mod chain;
pub mod codes;
pub mod containers;
pub mod creations;
pub mod credentials;
pub mod customers;
#[cfg(feature = "ssr")]
pub mod described;
pub mod devices;
pub mod events;
pub mod expiry;
pub mod groups;
pub mod history;
pub mod ids;
pub mod imports;
pub mod instance;
pub mod leases;
pub mod leavers;
pub mod license_targets;
pub mod licenses;
pub mod names;
pub mod owners;
pub mod partners;
pub mod permissions;
pub mod personal_tokens;
pub mod presence;
pub mod products;
pub mod qr_codes;
pub mod refusals;
pub mod reports;
pub mod requests;
pub mod seats;
pub mod second_factors;
pub mod sessions;
pub mod spreadsheets;
mod texts;
pub mod tickets;
pub mod tree;
pub mod users;
pub mod viewers;
pub mod webhooks;
