//! Server functions for partners: creating tickets, the filters and quotas that bind them, reports.

pub mod creations;
pub mod quotas;
pub mod reports;
