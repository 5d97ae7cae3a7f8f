//! People and what they may do in a group (S1, S13).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

/// What a membership permits beyond plain membership. A set; more can be added without touching the policy's core.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Hash, Serialize, Deserialize)]
pub struct Permissions {
    /// Administers the group and every group below it.
    pub admin: bool,
    /// Creates tickets for customers (S13).
    pub create_ticket: bool,
}

impl Permissions {
    /// A plain member.
    pub const NONE: Self = Self {
        admin: false,
        create_ticket: false,
    };
    /// An admin.
    pub const ADMIN: Self = Self {
        admin: true,
        create_ticket: false,
    };

    /// Whether everything in `other` is in `self` too.
    #[must_use]
    pub const fn covers(self, other: Self) -> bool {
        (self.admin || !other.admin) && (self.create_ticket || !other.create_ticket)
    }

    /// The names of the permissions in the set, as organisation files write them.
    #[must_use]
    pub fn names(self) -> Vec<&'static str> {
        [("admin", self.admin), ("create_ticket", self.create_ticket)]
            .into_iter()
            .filter_map(|(name, has)| has.then_some(name))
            .collect()
    }

    /// Adds the permission of that name.
    ///
    /// # Errors
    /// The name itself, when there is no such permission.
    pub fn with_name(self, name: &str) -> Result<Self, UnknownPermission> {
        match name {
            "admin" => Ok(Self { admin: true, ..self }),
            "create_ticket" => Ok(Self {
                create_ticket: true,
                ..self
            }),
            _ => Err(UnknownPermission(name.to_owned())),
        }
    }
}

/// There is no permission of that name.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("there is no permission {0:?}; known are admin and create_ticket")]
pub struct UnknownPermission(pub String);

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
    /// The name as text.
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

impl From<Login> for String {
    fn from(login: Login) -> Self {
        login.0
    }
}

impl TryFrom<String> for Login {
    type Error = InvalidLogin;
    fn try_from(text: String) -> Result<Self, InvalidLogin> {
        text.parse()
    }
}

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
    fn permissions_cover_what_they_contain() {
        let both = Permissions {
            admin: true,
            create_ticket: true,
        };
        assert!(both.covers(Permissions::ADMIN) && both.covers(both) && both.covers(Permissions::NONE));
        assert!(!Permissions::ADMIN.covers(both) && !Permissions::NONE.covers(Permissions::ADMIN));
    }
}
