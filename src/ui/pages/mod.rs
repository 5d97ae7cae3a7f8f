//! The pages, one file each.

pub mod add;
pub mod containers;
pub mod desk;
pub mod errors;
#[cfg(feature = "ssr")]
pub mod failure;
pub mod groups;
pub mod history;
pub mod imports;
pub mod instance;
pub mod login;
pub mod me;
pub mod members;
pub mod move_tickets;
pub mod new_container;
pub mod password;
pub mod password_links;
pub mod products;
pub mod second_factors;
pub mod sessions;
pub mod ticket;
pub mod user;
pub mod users;
pub mod viewers;
