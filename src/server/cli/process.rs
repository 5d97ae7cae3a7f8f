//! What the program gets from the machine: time, randomness, a log, passwords that are typed.

use std::io::IsTerminal;

use domain::time::at_millisecond;
use jiff::Timestamp;

use crate::{server::cli::failure::Failure, store::sources::Sources};

/// Time and randomness of the machine.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the portal gets its clock"
)]
#[must_use]
pub fn machine() -> Sources {
    let clock = || {
        let since = std::time::SystemTime::now()
            .duration_since(std::time::UNIX_EPOCH)
            .unwrap_or_default();
        let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
        at_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
    };
    #[expect(
        clippy::expect_used,
        reason = "without randomness no session is safe: better no answer than a weak one"
    )]
    let entropy = |bytes: &mut [u8]| getrandom::fill(bytes).expect("the operating system gives randomness");
    Sources::new(clock, entropy)
}

/// Logs to standard error from here on.
///
/// # Errors
/// That the filter is none.
pub(super) fn start_log(filter: &str) -> Result<(), Failure> {
    use tracing_subscriber::{EnvFilter, fmt, prelude::*};
    let filter: EnvFilter = filter
        .parse()
        .map_err(|error| format!("log filter {filter:?}: {error}"))?;
    // It would write whole addresses of webhooks, with what may be secret in them.
    let filter = filter.add_directive("ureq=off".parse()?);
    let lines = fmt::layer().with_writer(std::io::stderr);
    // One JSON object a line for machines, plain lines for people.
    let lines = if std::io::stderr().is_terminal() {
        lines.boxed()
    } else {
        lines.json().boxed()
    };
    tracing_subscriber::registry()
        .with(filter)
        .with(lines)
        .try_init()?;
    Ok(())
}

/// A password from a prompt, twice, or the first line of standard input.
///
/// # Errors
/// That the two differ, or nothing can be read.
pub(super) fn read_password() -> Result<String, Failure> {
    if std::io::stdin().is_terminal() {
        let password = rpassword::prompt_password("Password: ")?;
        if password != rpassword::prompt_password("Once more: ")? {
            return Err("the two passwords differ".into());
        }
        return Ok(password);
    }
    let mut line = String::new();
    std::io::stdin().read_line(&mut line)?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}
