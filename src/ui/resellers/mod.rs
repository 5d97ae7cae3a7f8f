//! Pages of partners: creating tickets, quotas, reports.

pub mod create;
pub mod created;
pub mod quotas;
pub mod reports;
