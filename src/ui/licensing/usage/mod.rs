//! What machines made of licences (N18): of a ticket, of a branch, and what nobody uses.

pub mod branch;
pub mod own;
mod parts;
pub mod ticket;
pub mod unused;
