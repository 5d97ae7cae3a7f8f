//! What an instance asks the vendor of the portal for (N12): more seats, or another usage variant.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Most seats that can be asked for.
pub const MAX_SEATS: u32 = 1_000_000;
/// Longest name of a variant, in characters.
pub const MAX_VARIANT: usize = 120;
/// Longest note to the vendor, in characters.
pub const MAX_NOTE: usize = 2_000;

/// What is asked for.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Wish {
    /// Maximum number of active users.
    pub seats: u32,
    /// The usage variant; empty where the present one is to stay.
    pub variant: String,
    /// Something for the vendor to read.
    pub note: String,
}

/// Why a wish cannot be sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidWish {
    /// It asks for what is there already.
    #[error("this is what the instance has already")]
    Nothing,
    /// No seats, or more than [`MAX_SEATS`].
    #[error("between 1 and {MAX_SEATS} seats can be asked for")]
    Seats,
    /// The variant or the note are too long, or contain control characters.
    #[error("variant or note are too long, or contain control characters")]
    Text,
}

impl Wish {
    /// Trims and checks it against what there is.
    ///
    /// # Errors
    /// [`InvalidWish`].
    pub fn clean(self, seats: u32, variant: &str) -> Result<Self, InvalidWish> {
        let wish = Self {
            seats: self.seats,
            variant: self.variant.trim().to_owned(),
            note: self.note.trim().replace("\r\n", "\n"),
        };
        let fits = |text: &str, longest| text.chars().count() <= longest;
        if !fits(&wish.variant, MAX_VARIANT)
            || !fits(&wish.note, MAX_NOTE)
            || wish.variant.contains(char::is_control)
            || wish.note.contains(|c: char| c.is_control() && c != '\n')
        {
            Err(InvalidWish::Text)
        } else if !(1..=MAX_SEATS).contains(&wish.seats) {
            Err(InvalidWish::Seats)
        } else if wish.seats == seats && (wish.variant.is_empty() || wish.variant == variant) {
            Err(InvalidWish::Nothing)
        } else {
            Ok(wish)
        }
    }

    /// Whether a licence with these seats and that variant grants it.
    #[must_use]
    pub fn granted_by(&self, seats: u32, variant: &str) -> bool {
        seats >= self.seats && (self.variant.is_empty() || self.variant == variant)
    }
}

/// How far a request has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum RequestState {
    /// Written down; the mail to the vendor is still to be sent.
    Recorded,
    /// Mailed to the vendor, then.
    Mailed(Timestamp),
    /// A licence that grants it came into force, then.
    Granted(Timestamp),
    /// It was withdrawn, then.
    Withdrawn(Timestamp),
}

impl RequestState {
    /// Whether the vendor's answer is still awaited.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Recorded | Self::Mailed(_))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wish_asks_for_something_else() {
        let wish = |seats, variant: &str, note: &str| Wish {
            seats,
            variant: variant.to_owned(),
            note: note.to_owned(),
        };
        let check = |wish: Wish| wish.clean(12, "Professional");
        assert_eq!(
            check(wish(20, " Enterprise ", " a\r\nb ")),
            Ok(wish(20, "Enterprise", "a\nb"))
        );
        assert_eq!(
            check(wish(5, "", "")),
            Ok(wish(5, "", "")),
            "fewer is a wish, too"
        );
        for nothing in [wish(12, "", "please"), wish(12, "Professional", "")] {
            assert_eq!(check(nothing), Err(InvalidWish::Nothing));
        }
        for seats in [0, MAX_SEATS + 1] {
            assert_eq!(check(wish(seats, "", "")), Err(InvalidWish::Seats));
        }
        for (variant, note) in [
            ("x".repeat(121), String::new()),
            ("a\nSubject: b".to_owned(), String::new()),
            (String::new(), "\0".to_owned()),
        ] {
            assert_eq!(check(wish(20, &variant, &note)), Err(InvalidWish::Text));
        }
    }

    #[test]
    fn a_licence_grants_what_it_contains() {
        let wish = Wish {
            seats: 20,
            variant: "Enterprise".to_owned(),
            note: String::new(),
        };
        assert!(wish.granted_by(20, "Enterprise") && wish.granted_by(50, "Enterprise"));
        assert!(!wish.granted_by(19, "Enterprise") && !wish.granted_by(20, "Professional"));
    }

    #[test]
    fn a_request_is_open_until_it_is_granted_or_withdrawn() {
        let then = crate::time::at(7);
        assert!(RequestState::Recorded.is_open() && RequestState::Mailed(then).is_open());
        assert!(!RequestState::Granted(then).is_open() && !RequestState::Withdrawn(then).is_open());
    }
}
