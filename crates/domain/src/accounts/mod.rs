//! People and what they may do in a group (S1, S13).

pub mod identity_providers;
pub mod offboarding;
pub mod permissions;
pub mod personal_tokens;
pub mod presence;
pub mod seats;
pub mod second_factors;
pub mod sessions;

use std::{fmt, str::FromStr};

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::serialized_as_text;

pub use crate::accounts::permissions::{Permission, Permissions, UnknownPermission};

/// Shortest password a person may choose, in characters, where it is the only factor (NIST SP 800-63B-4, 3.1.1.2).
pub const MIN_PASSWORD: usize = 15;
/// Longest, in bytes: hashing is paid per byte.
pub const MAX_PASSWORD: usize = 1024;

/// How long a generated password can be used, and the link that a new account is sent (ASVS 5.0, 6.4.1).
pub const GENERATED_LIFE: SignedDuration = SignedDuration::from_hours(72);

/// Why a password cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum WeakPassword {
    /// Less than [`MIN_PASSWORD`] characters.
    #[error("a password has at least {MIN_PASSWORD} characters")]
    TooShort,
    /// More than [`MAX_PASSWORD`] bytes.
    #[error("a password has at most {MAX_PASSWORD} bytes")]
    TooLong,
    /// Common, or made of the person's and the portal's own words (ASVS 5.0, 6.2.4).
    #[error("the password is too easy to guess")]
    Guessable,
}

/// Longest mail address, in bytes (RFC 5321).
pub const MAX_EMAIL: usize = 254;

/// The text was not a mail address.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a mail address")]
pub struct InvalidEmail;

/// Trims and checks a mail address; none where it is empty. Whether mail arrives, only a mail tells.
///
/// # Errors
/// [`InvalidEmail`].
pub fn clean_email(text: &str) -> Result<Option<String>, InvalidEmail> {
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    // One address and nothing around it: no list, no name before it (RFC 5321, 4.1.2, without quoted names and literals).
    let of_name = |c: char| c.is_alphanumeric() || "!#$%&'*+-/=?^_`{|}~.".contains(c);
    let of_host = |c: char| c.is_alphanumeric() || c == '-';
    let fits = text.len() <= MAX_EMAIL
        && text.split_once('@').is_some_and(|(name, host)| {
            !name.is_empty()
                && name.chars().all(of_name)
                && host
                    .split('.')
                    .all(|label| !label.is_empty() && label.chars().all(of_host))
        });
    if fits {
        Ok(Some(text.to_owned()))
    } else {
        Err(InvalidEmail)
    }
}

/// Longest login name, in characters.
pub const MAX_LOGIN: usize = 64;

/// The name a person logs in with: lower case, one spelling.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Login(String);

/// The text was not a login name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "not a login name: 1 to {MAX_LOGIN} lower-case letters, digits and . _ - + @, beginning with a letter or digit"
)]
pub struct InvalidLogin;

impl Login {
    /// The name, as it is stored and compared.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Login {
    type Err = InvalidLogin;

    fn from_str(text: &str) -> Result<Self, InvalidLogin> {
        let text = text.trim().to_lowercase();
        let fits = (1..=MAX_LOGIN).contains(&text.chars().count())
            && text
                .chars()
                .all(|c| c.is_alphanumeric() || matches!(c, '.' | '_' | '-' | '+' | '@'))
            && text.starts_with(char::is_alphanumeric);
        if fits { Ok(Self(text)) } else { Err(InvalidLogin) }
    }
}

impl fmt::Display for Login {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

serialized_as_text!(Login);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_login_has_one_spelling() {
        assert_eq!(
            " Admin-1.1 ".parse::<Login>().map(String::from),
            Ok("admin-1.1".to_owned())
        );
        for text in ["", "-x", "a b", "a\0", &"x".repeat(65), "<b>"] {
            assert_eq!(text.parse::<Login>(), Err(InvalidLogin), "{text:?}");
        }
    }

    #[test]
    fn mail_addresses_are_cleaned() {
        assert_eq!(clean_email("  "), Ok(None));
        assert_eq!(
            clean_email(" ann@example.org "),
            Ok(Some("ann@example.org".to_owned()))
        );
        for text in [
            "a.b+c_d@x",
            "o'neil@sub-domain.example.org",
            "jürgen@bücher.example",
        ] {
            assert_eq!(clean_email(text), Ok(Some(text.to_owned())));
        }
        for text in [
            "ann",
            "@example.org",
            "ann@",
            "a b@c",
            "a@b\nBcc: x",
            "a@b,c@d",
            "a@b;c@d",
            "x<evil@example.org>",
            "a@b@c",
            "\"a\"@b",
            "a@b..c",
            "a@[127.0.0.1]",
            &format!("{}@b", "a".repeat(300)),
        ] {
            assert_eq!(clean_email(text), Err(InvalidEmail), "{text:?}");
        }
    }

    #[test]
    fn a_login_is_compared_as_it_is_written() {
        let login: Login = "Ann".parse().unwrap();
        assert_eq!(login.as_str(), "ann");
        assert_eq!(login.to_string(), "ann");
    }
}
