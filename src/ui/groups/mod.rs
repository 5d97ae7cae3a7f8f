//! Pages of groups, and choosing from them.

pub mod choices;
pub mod group;
pub mod members;
