//! What can be done with products, licences, containers and machines.

pub mod access_tokens;
pub mod amendments;
pub mod container_access;
pub mod containers;
pub(crate) mod coverage;
pub mod credentials;
pub mod devices;
pub mod digests;
pub mod expiry;
pub mod leases;
pub mod licenses;
pub mod nodes;
pub mod products;
pub mod qr_codes;
pub mod take_backs;
pub mod targets;
pub mod usage;
