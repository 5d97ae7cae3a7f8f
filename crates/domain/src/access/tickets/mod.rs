//! Reasons for seeing a ticket, and saved views of lists. Seeing and moving themselves are decided one level up, in [`access`](crate::access).

pub mod saved;
pub mod splits;
pub mod viewers;
