//! The program `license-client`, as a process, against a portal that only seems to be one.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on should end there")]

mod commands;
mod fake;
mod files;
mod holding;
mod machine;
mod offline;
mod running;
