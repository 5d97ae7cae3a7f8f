//! Tickets, over HTTP.

pub mod bulk;
pub mod bulk_races;
pub mod codes;
pub mod few_statements;
pub mod levels;
pub mod lists;
pub mod moves;
pub mod races;
pub mod search;
pub mod splits;
pub mod viewers;
