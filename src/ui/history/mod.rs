//! Pages of the history and of webhooks.

pub mod overview;
pub mod webhook;
pub mod webhooks;
