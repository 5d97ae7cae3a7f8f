//! Server functions for what is in the tickets: activating it in containers, credentials, the catalogue, what expires.

pub mod amendments;
pub mod containers;
pub mod credentials;
pub mod expiry;
pub mod licenses;
pub mod products;
pub mod take_backs;
pub mod usage;
