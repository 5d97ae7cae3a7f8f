//! Rules of partners, their customers and their quotas.

pub mod creations;
pub mod quotas;
