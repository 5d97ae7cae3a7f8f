//! The top of the house: configuration, router, live updates, command line, start and end.

pub mod assets;
pub mod cli;
pub mod config;
pub mod failures;
pub mod files;
pub mod headers;
pub mod live;
pub mod rest;
pub mod router;
