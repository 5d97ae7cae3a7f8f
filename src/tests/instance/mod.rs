//! The instance, over HTTP.

pub mod encryption;
pub mod files;
pub mod imports;
pub mod requests;
pub mod rotation;
