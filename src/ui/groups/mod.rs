//! Pages of groups, and choosing from them.

pub mod actions;
pub mod choices;
pub mod group;
pub mod members;
pub mod parts;
