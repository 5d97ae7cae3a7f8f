//! What the tests say and draw: organisations, tables, chance.

pub mod dice;
pub mod moments;
pub mod organisation;
pub mod table;
