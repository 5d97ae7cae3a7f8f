//! Every operation by every person, and the oracle.

pub mod administration;
mod alike;
mod facets;
mod find;
mod finding;
pub mod matrix;
pub mod operations;
pub mod oracle;
mod overview;
pub mod properties;
pub mod stage;
pub mod worlds;
