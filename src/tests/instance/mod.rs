//! The instance, over HTTP.

pub mod files;
pub mod imports;
pub mod requests;
