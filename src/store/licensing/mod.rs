//! Rows of products, licences, containers and machines.

pub mod containers;
pub mod credentials;
pub mod devices;
pub mod digests;
pub mod expiry;
pub mod leases;
pub mod licenses;
pub mod products;
