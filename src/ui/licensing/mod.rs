//! Pages of licences: containers, machines, products, expiry.

pub mod actions;
pub mod amendments;
pub mod board;
pub mod choices;
mod contained;
pub mod container;
pub mod containers;
pub mod credentials;
pub mod dragging;
pub mod expiring;
pub mod licenses;
pub mod machine;
pub mod new_container;
pub mod products;
pub mod take_backs;
pub mod units;
pub mod usage;
