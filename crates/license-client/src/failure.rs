//! What can go wrong, in words and as exit code.

use std::fmt;

/// How the program ends when it fails by itself; the numbers of sysexits.h where it has one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// Wrong arguments, or neither credential nor state given.
    Usage = 64,
    /// A file that cannot be read, written or believed.
    BadFile = 65,
    /// The portal cannot be reached, or does not answer as it should.
    Unreachable = 69,
    /// No licence is free now.
    NoneFree = 75,
    /// The lease was lost, or the licence ended, while the program ran.
    Lost = 76,
    /// The portal refuses the credential.
    Refused = 77,
    /// The container or machine has no licence that could be used in this way.
    NoLicense = 78,
    /// The program to be run cannot be started.
    CannotRun = 126,
    /// The program to be run does not exist.
    NotFound = 127,
}

/// The table for `--help`; `docs/machines.md` has the same.
pub const EXIT_CODES: &str = "\
Exit codes:
    0  done
   64  wrong arguments, or no credential given; offline, no state
   65  a file cannot be read or written, or is not what it should be
   69  the portal cannot be reached, or does not work
   75  no licence is free now: try again later
   76  the lease was lost, or the licence ended, while the program ran
   77  the portal refuses the credential: it needs a new one
   78  the container, or the machine, has no licence that can be used in this way
`run` ends with the exit code of its program, 128+N when a signal N ended it, 126 or 127 when it cannot be started.";

/// What happened, and what to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Failure {
    /// How to end.
    pub exit: Exit,
    message: String,
}

impl Failure {
    /// A failure, in words for whoever started the program.
    pub fn new(exit: Exit, message: impl Into<String>) -> Self {
        Self {
            exit,
            message: message.into(),
        }
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

/// Text from elsewhere, fit for a terminal: on one line, without control characters, not endless.
pub fn clean(text: &str) -> String {
    let visible = |c: char| if c.is_control() { ' ' } else { c };
    text.chars().take(300).map(visible).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_from_elsewhere_cannot_steer_the_terminal() {
        assert_eq!(clean("a\u{1b}[2Jb\nc\u{9b}d"), "a [2Jb c d");
        assert_eq!(clean(&"ä".repeat(1000)).chars().count(), 300);
    }
}
