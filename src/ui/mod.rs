//! The screens.

pub mod app;
pub mod browser;
pub mod desk;
pub mod drag;
pub mod errors;
pub mod following;
pub mod format;
pub mod keys;
pub mod license_board;
pub mod live;
pub mod pages;
pub mod parts;
pub mod session;
pub mod toast;
pub mod words;
