//! Partners, over HTTP.

pub mod creations;
pub mod customers;
pub mod quotas;
pub mod reports;
