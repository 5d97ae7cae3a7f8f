//! Server functions of products, licences, containers and machines.

pub mod containers;
pub mod credentials;
pub mod expiry;
pub mod licenses;
pub mod products;
