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

/// The words of a search, in the form of [`fold`], each once: white space stands between them. A name is found when it contains
/// each of them, in whatever order.
#[must_use]
pub fn words(search: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    for word in search.split_whitespace().map(fold) {
        if !words.contains(&word) {
            words.push(word);
        }
    }
    words
}

/// Where the words stand in a name: its text in pieces, each with whether it is a part of a word that was found. Names are
/// folded character by character here, so that a piece is one of the name as it is written.
#[must_use]
pub fn pieces(name: &str, words: &[String]) -> Vec<(bool, String)> {
    let characters: Vec<char> = name.chars().collect();
    // The folded name, and of each character in it the one that it comes from: `İ` folds to two.
    let folded: Vec<(usize, char)> = characters
        .iter()
        .enumerate()
        .flat_map(|(at, c)| c.to_lowercase().map(move |folded| (at, folded)))
        .collect();
    let mut found = vec![false; characters.len()];
    for word in words {
        let word: Vec<char> = word.chars().flat_map(char::to_lowercase).collect();
        if word.is_empty() {
            continue;
        }
        for window in folded.windows(word.len()) {
            if window.iter().map(|(_, c)| c).eq(&word) {
                for (at, _) in window {
                    found[*at] = true;
                }
            }
        }
    }
    let mut pieces: Vec<(bool, String)> = Vec::new();
    for (c, found) in characters.into_iter().zip(found) {
        match pieces.last_mut() {
            Some((same, piece)) if *same == found => piece.push(c),
            _ => pieces.push((found, c.to_string())),
        }
    }
    pieces
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

    #[test]
    fn words_are_folded_and_stand_once() {
        assert_eq!(words(" Ünit  1.2\tünit "), ["ünit", "1.2"]);
        assert!(words(" \n").is_empty());
    }

    #[test]
    fn pieces_are_those_of_the_name_as_it_is_written() {
        let marked = |name: &str, search: &str| -> String {
            let pieces = pieces(name, &words(search));
            assert_eq!(
                pieces.iter().map(|(_, piece)| piece.as_str()).collect::<String>(),
                name
            );
            let marked = |(found, piece): (bool, String)| if found { format!("[{piece}]") } else { piece };
            pieces.into_iter().map(marked).collect()
        };
        assert_eq!(marked("Group 1.2.1", "2.1 GRO"), "[Gro]up 1.[2.1]");
        assert_eq!(marked("banana", "ana"), "b[anana]");
        assert_eq!(marked("STRASSE Ä", "ä sse"), "STRA[SSE] [Ä]");
        assert_eq!(marked("İzmir Lab", "lab"), "İzmir [Lab]");
        assert_eq!(marked("Group 1", ""), "Group 1");
        assert_eq!(marked("", "a"), "");
    }
}
