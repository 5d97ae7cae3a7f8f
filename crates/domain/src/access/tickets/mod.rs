//! The policy on tickets.

pub mod viewers;
