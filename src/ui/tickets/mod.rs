//! Pages of tickets.

pub mod activated;
pub mod move_page;
pub mod redeem;
pub mod ticket;
pub mod viewers;
