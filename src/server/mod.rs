//! The top: configuration, router, live updates, command line, start and end.

pub mod assets;
pub mod cli;
pub mod config;
mod connections;
pub mod failures;
pub mod files;
pub mod forms;
pub mod headers;
pub mod hosts;
pub mod live;
mod manifest;
pub mod metrics;
mod refusals;
pub mod rest;
pub mod router;
pub mod security_txt;
mod shares;
mod sign_in;
