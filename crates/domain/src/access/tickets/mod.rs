//! Reasons for seeing a ticket. Seeing and moving themselves are decided one level up, in [`access`](crate::access).

pub mod viewers;
