//! A disk that fails on demand, for tests of programs that must not lose what they acknowledged.
//!
//! [`disk`] is the model: what programs see, what would be there after a power cut, and every change in its order.
//! [`mount`] puts it under a folder of this machine (FUSE), for any program: SQLite in the portal most of all. A run is recorded once; a
//! power cut at any point of it is then a matter of replaying the record that far, without mounting anything again.
//!
//! Tests of the portal on such disks stand in `tests`, and drive the program from outside, over HTTP: so this crate depends on
//! nothing of the portal, and nothing of the portal on it.

#![cfg(target_os = "linux")]

pub mod dice;
pub mod disk;
pub mod mount;
