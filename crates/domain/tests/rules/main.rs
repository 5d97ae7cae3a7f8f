//! The rules as the requirements state them: tables over small organisations, and machines under simulated time.

#![expect(
    clippy::unwrap_used,
    clippy::panic,
    reason = "a test that cannot go on should end there"
)]

mod access;
mod accounts;
mod licensing;
mod limits;
mod support;
mod tickets;
