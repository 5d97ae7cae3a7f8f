//! The vocabulary of the tests.

pub mod client;
pub mod database;
#[path = "../../../crates/domain/tests/rules/support/dice.rs"]
#[expect(dead_code, reason = "the tests of the rules use all of it")]
pub mod dice;
pub mod golden;
pub mod identity_provider;
pub mod mail;
pub mod moments;
pub mod portal;
pub mod process;
pub mod rounds;
pub mod running;
pub mod statements;
pub mod tree;
