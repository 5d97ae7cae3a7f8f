//! How commands fail.

/// Told on standard error, in a sentence; the exit code is 1 then.
pub type Failure = Box<dyn std::error::Error + Send + Sync>;
