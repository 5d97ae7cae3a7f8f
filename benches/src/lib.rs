//! What the benchmarks share: a made-up organisation of any size, databases that hold it, and two sides measured in turn.

pub mod cluster;
pub mod fill;
pub mod organisation;
pub mod rounds;
pub mod stores;
pub mod tree;

use license_portal::store::Engine;

/// Why a benchmark could not be run.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;

/// Whether `PORTAL_BENCH_SCALE=small` asks for a run of seconds that proves only that the benchmarks work.
#[must_use]
pub fn small() -> bool {
    std::env::var("PORTAL_BENCH_SCALE").is_ok_and(|scale| scale == "small")
}

/// The one number or the other, by [`small`].
#[must_use]
pub fn scaled(full: usize, quick: usize) -> usize {
    if small() { quick } else { full }
}

/// Whether to measure on that engine: `dragged_item bench … -- sqlite` or `-- postgres` asks for one only.
#[must_use]
pub fn wanted(engine: Engine) -> bool {
    let named = |name: &str| std::env::args().any(|argument| argument == name);
    match engine {
        Engine::Sqlite => !named("postgres"),
        Engine::Postgres => !named("sqlite"),
    }
}
