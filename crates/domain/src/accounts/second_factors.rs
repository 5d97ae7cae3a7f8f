//! The second factor of a login: codes of an authenticator app (RFC 6238), or recovery codes that work once each.

use jiff::SignedDuration;

/// How many recovery codes there are at first.
pub const RECOVERY_CODES: usize = 10;
/// How long a second factor may wait for its first code.
pub const CONFIRM_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// How long a login with the right password may wait for its code.
pub const PENDING_LIFE: SignedDuration = SignedDuration::from_mins(5);

/// What somebody typed as a code.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Code {
    /// Six digits, from the app.
    OneTime(String),
    /// A recovery code, in the form in which it was made.
    Recovery(String),
}

impl Code {
    /// Reads what was typed: blanks and hyphens, and the case of letters, do not matter.
    #[must_use]
    pub fn read(text: &str) -> Self {
        let typed: String = text
            .chars()
            .filter(|c| c.is_alphanumeric())
            .take(64)
            .flat_map(char::to_lowercase)
            .collect();
        if typed.chars().all(|c| c.is_ascii_digit()) {
            Self::OneTime(typed)
        } else {
            Self::Recovery(typed)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_read_as_people_type_them() {
        assert_eq!(Code::read(" 123 456 "), Code::OneTime("123456".to_owned()));
        assert_eq!(
            Code::read("ABCD-efgh 2345"),
            Code::Recovery("abcdefgh2345".to_owned())
        );
        assert_eq!(Code::read(""), Code::OneTime(String::new()));
    }
}
