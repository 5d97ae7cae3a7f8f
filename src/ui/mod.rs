//! The screens.

pub mod accounts;
pub mod app;
pub mod desk;
pub mod drag;
pub mod groups;
pub mod history;
pub mod instance;
pub mod kit;
pub mod licensing;
pub mod pages;
pub mod parts;
pub mod resellers;
pub mod shell;
pub mod tickets;
