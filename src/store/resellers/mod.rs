//! Partners: their quotas and product filters, what they created, their customers, and reports about their branches.

pub mod creations;
pub mod customers;
pub mod dissolution;
pub mod quotas;
pub mod reports;
