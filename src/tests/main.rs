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

mod accounts;
mod groups;
mod history;
mod house;
mod instance;
mod licensing;
mod policy;
mod resellers;
mod support;
mod tickets;
