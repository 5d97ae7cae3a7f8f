//! What comes from the machine: clock, randomness, names.

use std::{
    io::{ErrorKind, Write},
    time::{Duration, Instant, SystemTime, UNIX_EPOCH},
};

use jiff::{SignedDuration, Timestamp};
use jose::NumericDate;
use sha2::{Digest, Sha256};

use crate::failure::{Exit, Failure};

const MACHINE_ID: &str = "/etc/machine-id";

/// Now, in whole milliseconds.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the client gets the time of day"
)]
pub fn now() -> Timestamp {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    let milliseconds = i64::try_from(since.as_millis()).unwrap_or(i64::MAX);
    Timestamp::from_millisecond(milliseconds).unwrap_or(Timestamp::MAX)
}

/// So long from now on; at the end of the calendar, its last moment.
pub fn from_now(span: SignedDuration) -> Timestamp {
    now().checked_add(span).unwrap_or(Timestamp::MAX)
}

/// A clock that nobody sets, for short times.
#[expect(
    clippy::disallowed_methods,
    reason = "the one place where the client gets a steady clock"
)]
pub fn instant() -> Instant {
    Instant::now()
}

/// How long it is until then; no time at all when it is over.
pub fn until(time: Timestamp) -> Duration {
    Duration::try_from(time.duration_since(now())).unwrap_or_default()
}

/// A moment to the second, as people and RFC 3339 write it.
pub fn time(at: impl Into<NumericDate>) -> String {
    at.into().to_string()
}

/// Random bytes.
pub fn random<const N: usize>() -> [u8; N] {
    let mut bytes = [0; N];
    #[expect(
        clippy::expect_used,
        reason = "an assertion that can be guessed is worse than none"
    )]
    getrandom::fill(&mut bytes).expect("the operating system gives randomness");
    bytes
}

/// Bytes in hexadecimal digits.
pub fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// Nine tenths of a time up to all of it: many clients that were started together must not stay together.
pub fn jittered(time: Duration) -> Duration {
    let [byte] = random();
    time.mul_f64(0.9 + 0.1 * f64::from(byte) / 255.0)
}

/// The name of the machine.
pub fn host() -> String {
    let name = rustix::system::uname().nodename().to_string_lossy().into_owned();
    if name.is_empty() {
        "unnamed".to_owned()
    } else {
        name
    }
}

/// What tells this machine from others: a digest of `/etc/machine-id`, which itself must not become known
/// (machine-id(5)). Nothing where the machine has no such id.
pub fn fingerprint() -> Option<String> {
    let id = std::fs::read_to_string(MACHINE_ID).ok()?;
    let id = id.trim();
    (id.len() == 32 && id.bytes().all(|byte| byte.is_ascii_hexdigit())).then(|| digest(id))
}

/// That the machine has no fingerprint; `option` is what gives something else.
pub fn no_fingerprint(option: &str) -> Failure {
    let message = format!(
        "this machine has no id in {MACHINE_ID}. Give something that stays the same and is only this machine's, with \
         {option}"
    );
    Failure::new(Exit::BadFile, message)
}

fn digest(id: &str) -> String {
    hex(&Sha256::digest(format!("license-portal/fingerprint@1\n{id}")))
}

/// Writes to standard output. A reader who has seen enough is no failure.
///
/// # Errors
/// When it cannot be written.
pub fn print(text: &str) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    match writeln!(out, "{text}").and_then(|()| out.flush()) {
        Err(error) if error.kind() != ErrorKind::BrokenPipe => {
            let message = format!("cannot write to standard output: {error}");
            Err(Failure::new(Exit::BadFile, message))
        }
        _ => Ok(()),
    }
}

/// Columns and lines of the terminal that standard output goes to, if it goes to one.
pub fn terminal() -> Option<(usize, usize)> {
    let size = rustix::termios::tcgetwinsize(std::io::stdout()).ok()?;
    Some((size.ws_col.into(), size.ws_row.into()))
}

/// Tells whoever started the program.
pub fn tell(text: &str) {
    // Where nobody listens, the program goes on: it is about the licence, not about the words.
    let _ = writeln!(std::io::stderr(), "license-client: {text}");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fingerprint_does_not_show_the_id() {
        let id = "0123456789abcdef0123456789abcdef";
        assert_eq!(digest(id).len(), 64);
        assert!(!digest(id).contains(&id[..8]));
        assert_ne!(digest(id), hex(&Sha256::digest(id)), "nobody else's digest");
    }

    #[test]
    fn jitter_only_shortens_and_only_a_little() {
        for _ in 0..100 {
            let time = jittered(Duration::from_secs(100));
            assert!((90..=100).contains(&time.as_secs()), "{time:?}");
        }
    }
}
