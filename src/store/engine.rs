//! Which databases there are.

/// The two kinds of database.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Engine {
    /// Embedded; one server process.
    Sqlite,
    /// One or several server processes.
    Postgres,
}
