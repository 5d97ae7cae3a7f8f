//! What is told of licences, containers and machines.

pub mod amendments;
pub mod containers;
pub mod credentials;
pub mod devices;
pub mod expiry;
pub mod licenses;
pub mod products;
pub mod qr_codes;
pub mod take_backs;
pub mod targets;
pub mod usage;
