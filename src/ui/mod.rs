//! The screens: `kit`, `drag` and `shell`, then the areas, `desk`, `page`, `pages`, `routes` and `app`; each imports only from those before it.

pub mod accounts;
pub mod app;
pub mod desk;
#[cfg(feature = "ssr")]
pub mod document;
pub mod drag;
pub mod groups;
pub mod history;
pub mod instance;
pub mod kit;
pub mod licensing;
pub mod overview;
mod page;
mod pages;
pub mod resellers;
mod routes;
pub mod shell;
pub mod tickets;
