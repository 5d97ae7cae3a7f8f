//! Pages of tickets.

pub mod activated;
pub mod done;
pub mod join;
pub mod move_form;
pub mod move_page;
pub mod preview;
pub mod redeem;
pub mod selection;
pub mod split;
pub mod ticket;
pub mod viewers;
