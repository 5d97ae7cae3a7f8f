//! Server functions of partners, their customers and their quotas.

pub mod creations;
pub mod quotas;
pub mod reports;
