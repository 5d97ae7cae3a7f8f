//! Groups, over HTTP.

pub mod groups;
pub mod members;
pub mod memberships;
pub mod names;
