//! What tickets grant and where it is used (S8–S11): the catalogue, activations, amendments, credentials, leases, devices, expiry,
//! what is taken back, and what a restore leaves open.

pub mod amendments;
pub mod containers;
pub mod credentials;
pub mod devices;
pub mod expiry;
pub mod leases;
pub mod licenses;
pub mod products;
pub mod restoration;
pub mod take_backs;
pub mod targets;
pub mod usage;
