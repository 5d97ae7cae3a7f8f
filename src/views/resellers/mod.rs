//! What is told of partners and their customers.

pub mod creations;
pub mod customers;
pub mod quotas;
pub mod reports;
