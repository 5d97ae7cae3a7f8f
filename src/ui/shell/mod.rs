//! What surrounds every page: bars, session, errors, changes made by others.

pub mod admin_nav;
pub mod assets;
pub mod auth_layout;
pub mod bar;
pub mod errors;
#[cfg(feature = "ssr")]
pub mod failure;
pub mod following;
pub mod found;
pub mod help;
pub mod idle;
pub mod impersonation;
pub mod live;
pub mod page_head;
pub mod palette;
pub mod protected;
pub mod recent;
pub mod search_page;
pub mod session;
pub mod way;
