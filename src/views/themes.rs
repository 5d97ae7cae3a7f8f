//! Light or dark.

use std::str::FromStr;

/// The cookie in which a browser remembers its theme.
pub const THEME_COOKIE: &str = "theme";

/// In which colours the pages stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Theme {
    /// As the browser wishes, and with it the system.
    #[default]
    System,
    Light,
    Dark,
}

/// There is no theme of that name.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("there is no theme of that name")]
pub struct NoTheme;

impl Theme {
    /// All of them, in the order in which they are offered.
    pub const ALL: &[Self] = &[Self::Light, Self::Dark, Self::System];

    /// Its name in the cookie and in the document.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    /// The colours of browsers around it, as `color-scheme` names them.
    #[must_use]
    pub const fn color_scheme(self) -> &'static str {
        match self {
            Self::System => "light dark",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }
}

impl FromStr for Theme {
    type Err = NoTheme;

    fn from_str(name: &str) -> Result<Self, NoTheme> {
        let mut all = Self::ALL.iter();
        all.find(|theme| theme.name() == name).copied().ok_or(NoTheme)
    }
}
