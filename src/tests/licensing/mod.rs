//! Licences, containers and machines, over HTTP.

pub mod access_tokens;
pub mod amendment_moments;
pub mod amendment_rights;
pub mod amendments;
pub mod container_reach;
pub mod containers;
pub mod credentials;
pub mod device_machine;
pub mod devices;
pub mod exchange;
pub mod expiry;
pub mod labs;
pub mod lease_machine;
pub mod lease_races;
pub mod leases;
pub mod licenses;
pub mod machines;
pub mod nodes;
pub mod take_backs;
pub mod usage;
pub mod use_by_person;
