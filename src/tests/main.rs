//! Integration tests: the whole portal in this process, each test on both engines.
//!
//! `TestPortal` is a portal over a database of its own, `Client` somebody's browser, `tree` the literals from which
//! portals are built. PostgreSQL is expected where `.ci/postgres start` puts it; without it the tests on it fail.

#![expect(
    clippy::unwrap_used,
    clippy::expect_used,
    reason = "a test that cannot go on should end there"
)]

/// Defines each test once for each engine.
macro_rules! on_both_engines {
    ($($test:ident),* $(,)?) => {$(
        mod $test {
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn sqlite() {
                Box::pin(super::$test(license_portal::store::Engine::Sqlite)).await;
            }
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn postgres() {
                Box::pin(super::$test(license_portal::store::Engine::Postgres)).await;
            }
        }
    )*};
}

mod access_tokens;
mod account_races;
mod accounts;
mod administration;
mod asvs;
mod bad_input;
mod bulk;
mod bulk_races;
mod canaries;
mod chain;
mod client;
mod codes;
mod container_reach;
mod containers;
mod creations;
mod credentials;
mod customers;
mod database;
mod device_machine;
mod devices;
mod exchange;
mod expiry;
mod failures;
mod files;
mod golden;
mod groups;
mod history;
mod history_worlds;
mod imports;
mod killed;
mod labs;
mod lease_machine;
mod lease_races;
mod leases;
mod leavers;
mod levels;
mod licenses;
mod lists;
mod live;
mod login;
mod machines;
mod mail;
mod matrix;
mod members;
mod memberships;
mod moves;
mod names;
mod nodes;
mod operations;
mod oracle;
mod pages;
mod partners;
mod password_links;
mod passwords;
mod personal_tokens;
mod portal;
mod process;
mod properties;
mod races;
mod reports;
mod requests;
mod rest;
mod rooms;
mod second_factors;
mod session_machine;
mod sessions;
mod stage;
mod tree;
mod view_as;
mod viewers;
mod webhooks;
mod worlds;
