//! Pages of the instance: its licence, imports.

pub mod identity_providers;
pub mod imports;
pub mod license;
pub mod requests;
