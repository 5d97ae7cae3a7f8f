//! Files in and out as plain forms and links.

pub mod codes;
pub mod credentials;
pub mod downloads;
pub mod exchange;
pub mod history;
pub mod imports;
pub mod photos;
pub mod reports;
pub mod tickets;
pub mod usage;
