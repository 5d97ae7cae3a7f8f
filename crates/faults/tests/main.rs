//! The portal on a disk that fails, on one whose power goes, and killed, from outside: the program is driven over HTTP while it writes
//! (R5, R6, R7). `PORTAL_BIN` names the program; without it, or on a machine that mounts nothing, these tests fail.
//!
//! Most of them run shortly by themselves, and long where they are ignored otherwise: `.ci/prove`. Lines that begin with
//! "figure:" are what it shows in the end.

#![cfg(target_os = "linux")]
#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should end there"
)]

mod disk;
mod failing_disk;
mod kills;
mod power_cuts;
mod support;
