//! The interface for headless machines (N9).

pub mod access_tokens;
pub mod containers;
pub mod keys;
pub mod leases;
pub mod nodes;
