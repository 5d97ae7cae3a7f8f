//! What partners may create, for which customers, and what they report (S13–S15, N13).

pub mod creations;
pub mod quotas;
