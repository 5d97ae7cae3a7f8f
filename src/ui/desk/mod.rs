//! The desk: the tree of groups and people beside the list of tickets.

pub mod address;
pub mod amend;
mod dragging;
mod filtering;
mod finding;
pub mod forest;
mod found;
pub mod jobs;
pub mod load;
mod many;
pub mod move_dialog;
pub mod moves;
mod names;
pub mod overlay;
pub mod page;
pub mod preview;
pub mod select_all;
pub mod selection;
pub mod state;
pub mod ticket_table;
mod travel;
pub mod tree;
mod tree_filter;
pub mod verdict;
