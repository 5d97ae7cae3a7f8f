//! The catalogue, what tickets grant, the containers that it is activated in, their machines with credentials and leases, and
//! what expires; and what machines made of all that.

pub mod amendments;
pub mod containers;
pub mod credentials;
pub mod devices;
pub mod digests;
pub mod expiry;
pub(crate) mod holdings;
pub mod leases;
pub mod licenses;
pub mod products;
pub mod take_backs;
pub(in crate::store) mod terms;
pub mod usage;
