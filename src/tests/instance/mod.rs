//! The instance, over HTTP.

pub mod backups;
pub mod demo;
pub mod doctor;
pub mod encryption;
pub mod files;
pub mod imports;
pub mod requests;
pub mod restores;
pub mod rotation;
mod upgrades;
