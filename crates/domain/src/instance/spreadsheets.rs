//! Texts in files that spreadsheets open.

use std::borrow::Cow;

/// By what a cell begins that a spreadsheet takes for a formula (OWASP, "CSV Injection").
const ARMED: [char; 11] = ['=', '+', '-', '@', '\t', '\r', '\n', '＝', '＋', '－', '＠'];

/// Whether a formula begins in it, behind so many apostrophes.
fn is_armed(text: &str) -> bool {
    text.trim_start_matches('\'').starts_with(ARMED)
}

/// A text that a spreadsheet takes for a text, whatever somebody called a group or themselves: what would begin a formula
/// gets an apostrophe in front; and so does what begins like that already, for [`rearmed`] to give back the text as it was.
#[must_use]
pub fn disarmed(text: &str) -> Cow<'_, str> {
    if is_armed(text) {
        Cow::Owned(format!("'{text}"))
    } else {
        Cow::Borrowed(text)
    }
}

/// The text that [`disarmed`] was given. Of other texts, apostrophes stay: `'t Hooft` is a name.
#[must_use]
pub fn rearmed(text: &str) -> &str {
    match text.strip_prefix('\'') {
        Some(rest) if is_armed(rest) => rest,
        _ => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formulas_become_texts_and_texts_come_back() {
        for armed in [
            "=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", "＝1", "'=1", "''=1",
        ] {
            assert_eq!(disarmed(armed), format!("'{armed}"));
        }
        for text in [
            "", "'", "a=b", "'t Hooft", "''", "=", "'=", "''+x", "Ü - x", "-", "'-'",
        ] {
            assert_eq!(rearmed(&disarmed(text)), text, "{text:?}");
        }
        assert_eq!(rearmed("'t Hooft"), "'t Hooft");
        assert_eq!(rearmed("'=1"), "=1");
    }
}
