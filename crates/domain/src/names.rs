//! Names of groups and people, as people type them.

use serde::{Deserialize, Serialize};

/// Longest name, in characters.
pub const MAX_NAME: usize = 120;

/// Why a name was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidName {
    /// Nothing but white space.
    #[error("the name is empty")]
    Empty,
    /// More than [`MAX_NAME`] characters.
    #[error("the name is longer than {MAX_NAME} characters")]
    TooLong,
    /// Line breaks, control characters, or characters that turn the writing direction of their surroundings.
    #[error("the name contains a control character")]
    Control,
}

/// Whether it ends a line, controls a device, or turns the writing direction of what stands around it.
#[must_use]
pub fn breaks_the_screen(c: char) -> bool {
    c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}')
}

/// Trims and checks a name.
///
/// Any script and emoji are welcome. Explicit bidirectional controls are not: they would let one name change how
/// its neighbours on the screen read (Unicode TR #36, "Trojan Source").
///
/// # Errors
/// [`InvalidName`], with the reason.
pub fn clean_name(name: &str) -> Result<String, InvalidName> {
    let name = name.trim();
    if name.is_empty() {
        return Err(InvalidName::Empty);
    }
    if name.chars().count() > MAX_NAME {
        return Err(InvalidName::TooLong);
    }
    if name.chars().any(breaks_the_screen) {
        Err(InvalidName::Control)
    } else {
        Ok(name.to_owned())
    }
}

/// The form in which names are searched and compared: lower case, by Unicode's simple mapping.
#[must_use]
pub fn fold(text: &str) -> String {
    text.to_lowercase()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_all_scripts_pass() {
        for name in [
            "Group 1",
            "قسم الهندسة",
            "🧪 Labor",
            "Ünïçödé",
            "O'Neill & Söhne <GmbH>",
            "研究所",
        ] {
            assert_eq!(clean_name(&format!(" {name} ")), Ok(name.to_owned()));
        }
    }

    #[test]
    fn names_that_break_the_screen_do_not() {
        assert_eq!(clean_name(" \t "), Err(InvalidName::Empty));
        assert_eq!(clean_name(&"x".repeat(10_000)), Err(InvalidName::TooLong));
        assert_eq!(clean_name("a\nb"), Err(InvalidName::Control));
        assert_eq!(clean_name("a\0b"), Err(InvalidName::Control));
        assert_eq!(clean_name("a\u{202E}b"), Err(InvalidName::Control));
    }

    #[test]
    fn the_longest_name_passes_and_one_more_character_does_not() {
        let longest = "ü".repeat(MAX_NAME);
        assert_eq!(clean_name(&longest), Ok(longest.clone()));
        assert_eq!(clean_name(&format!("{longest}x")), Err(InvalidName::TooLong));
    }
}
