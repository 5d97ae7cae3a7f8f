//! What the portal says, in each of its languages.
//!
//! A language is a folder of texts and a line in [`languages`]. Its files have the names of the areas, and so have the
//! indexes beside it, which make the texts methods of [`Language`]. A text that a language lacks does not compile; one that
//! no index names is dead code.

/// The languages, one a line: name, tag (BCP 47) and folder. Who speaks none of them reads the first.
macro_rules! languages {
    ($macro:ident $(, $($arguments:tt)*)?) => {
        $macro! {
            [
                En: "en", en;
                De: "de", de;
            ]
            $($($arguments)*)?
        }
    };
}

#[macro_use]
mod macros;

mod accounts;
mod desk;
mod errors;
mod general;
mod groups;
mod history;
mod instance;
mod licensing;
mod mails;
mod resellers;
mod shell;
mod sign_ins;
mod take_backs;
mod tickets;
mod use_by_person;

pub mod format;

use serde::{Deserialize, Serialize};

languages!(declare);

/// The cookie in which a browser remembers its language.
pub const LANGUAGE_COOKIE: &str = "lang";

impl Language {
    /// The language of a tag or of an `Accept-Language` header: the first that the portal speaks, else the default.
    #[must_use]
    pub fn from_tags(tags: &str) -> Self {
        tags.split(',').find_map(Self::spoken).unwrap_or_default()
    }

    /// The language of one tag: it itself, or another variety of it.
    fn spoken(tag: &str) -> Option<Self> {
        // A weight may follow: "de-AT;q=0.8".
        let tag = tag.split(';').next().unwrap_or_default().trim();
        let spoken = |alike: fn(&str, &str) -> bool| {
            let mut languages = Self::ALL.iter();
            languages.find(|language| alike(language.tag(), tag)).copied()
        };
        spoken(|one, other| one.eq_ignore_ascii_case(other))
            .or_else(|| spoken(|one, other| primary(one).eq_ignore_ascii_case(primary(other))))
    }
}

/// The first part of a tag: "de" of "de-AT".
fn primary(tag: &str) -> &str {
    tag.split(['-', '_']).next().unwrap_or(tag)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_first_language_that_is_spoken_is_taken() {
        assert_eq!(Language::from_tags("de"), Language::De);
        assert_eq!(Language::from_tags("tlh, de-AT;q=0.9, en;q=0.8"), Language::De);
        assert_eq!(Language::from_tags("EN-us,de"), Language::En);
        assert_eq!(Language::from_tags("den"), Language::En);
        assert_eq!(Language::from_tags(""), Language::En);
        for &language in Language::ALL {
            assert_eq!(Language::from_tags(language.tag()), language);
        }
    }

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(Language::En.count(999), "999");
        assert_eq!(Language::En.count(1240), "1,240");
        assert_eq!(Language::De.count(1_234_567), "1.234.567");
    }
}
