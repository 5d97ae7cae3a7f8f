//! Groups, over HTTP.

pub mod changes;
pub mod finding;
pub mod members;
pub mod memberships;
pub mod names;
