//! Who creates tickets and customers, who sets filters and quotas, and whose reports somebody reads (S13–S15, N13).

pub mod creations;
pub mod quotas;
pub mod reports;
