//! Ticket codes: what stands on the paper, in the mail, in the clipboard.
//!
//! Five groups of five characters of Crockford's base 32. The last character checks the others, so that a typing
//! error is told before anything is looked up, and without telling whether a ticket exists.

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LENGTH: usize = 25;

/// The code of a ticket; 24 random characters (120 bits) and the check character.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct TicketCode([u8; LENGTH]);

/// Why a text is no ticket code.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error, Serialize, Deserialize)]
pub enum InvalidCode {
    /// It has not 25 characters.
    #[error("a ticket code has five groups of five characters")]
    Length,
    /// It contains a character that no code contains.
    #[error("{0:?} does not occur in ticket codes")]
    Character(char),
    /// The check character does not fit: a character is wrong, or two are swapped.
    #[error("a character is wrong or two are swapped")]
    Check,
}

/// The check character: a polynomial over GF(32) evaluated by Horner's rule with a primitive element, so that every
/// single wrong character and every swap of two characters within 31 places changes it.
fn check(values: &[u8]) -> u8 {
    // Multiplication by x modulo x⁵ + x² + 1.
    let times_x = |v: u8| (v << 1) & 0x1f ^ if v & 0x10 == 0 { 0 } else { 0b00101 };
    values.iter().fold(0, |sum, v| times_x(sum ^ v))
}

impl TicketCode {
    /// A code from 24 random bytes, of which five bits each count.
    #[must_use]
    pub fn from_random(bytes: [u8; LENGTH - 1]) -> Self {
        let values = bytes.map(|byte| byte & 0x1f);
        let mut code = [0; LENGTH];
        code[..LENGTH - 1].copy_from_slice(&values);
        code[LENGTH - 1] = check(&values);
        Self(code.map(|value| ALPHABET[usize::from(value)]))
    }

    /// The 25 characters without hyphens: the form that is stored and compared.
    #[must_use]
    pub fn compact(&self) -> String {
        self.0.iter().map(|c| char::from(*c)).collect()
    }
}

impl fmt::Display for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (at, c) in self.0.iter().enumerate() {
            if at > 0 && at % 5 == 0 {
                f.write_str("-")?;
            }
            write!(f, "{}", char::from(*c))?;
        }
        Ok(())
    }
}

/// Logs show no codes: whoever knows one may redeem it.
impl fmt::Debug for TicketCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("TicketCode(…)")
    }
}

impl FromStr for TicketCode {
    type Err = InvalidCode;

    /// Accepts lower case, missing or additional hyphens and spaces, and the look-alikes O, I and L.
    fn from_str(text: &str) -> Result<Self, InvalidCode> {
        let mut values = Vec::with_capacity(LENGTH);
        for c in text
            .chars()
            .filter(|c| !c.is_whitespace() && !matches!(c, '-' | '–' | '‑'))
        {
            let plain = match c.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            let value = ALPHABET.iter().position(|a| char::from(*a) == plain);
            values.push(
                value
                    .and_then(|v| u8::try_from(v).ok())
                    .ok_or(InvalidCode::Character(c))?,
            );
            if values.len() > LENGTH {
                return Err(InvalidCode::Length);
            }
        }
        let values: [u8; LENGTH] = values.try_into().map_err(|_| InvalidCode::Length)?;
        if check(&values[..LENGTH - 1]) != values[LENGTH - 1] {
            return Err(InvalidCode::Check);
        }
        Ok(Self(values.map(|value| ALPHABET[usize::from(value)])))
    }
}

crate::serialized_as_text!(TicketCode);

#[cfg(test)]
mod tests {
    use super::*;

    fn sample() -> TicketCode {
        TicketCode::from_random(std::array::from_fn(|i| u8::try_from(i * 37 % 251).unwrap()))
    }

    #[test]
    fn every_single_typing_error_is_noticed() {
        let code = sample().compact();
        for at in 0..LENGTH {
            for wrong in ALPHABET.iter().filter(|c| **c != code.as_bytes()[at]) {
                let mut typed = code.clone().into_bytes();
                typed[at] = *wrong;
                let typed = String::from_utf8(typed).unwrap();
                assert_eq!(typed.parse::<TicketCode>(), Err(InvalidCode::Check), "{typed}");
            }
        }
    }

    #[test]
    fn every_swap_of_two_is_noticed() {
        let code = sample().compact().into_bytes();
        for (a, b) in (0..LENGTH)
            .flat_map(|a| (a + 1..LENGTH).map(move |b| (a, b)))
            .filter(|(a, b)| code[*a] != code[*b])
        {
            let mut typed = code.clone();
            typed.swap(a, b);
            assert_eq!(
                String::from_utf8(typed).unwrap().parse::<TicketCode>(),
                Err(InvalidCode::Check),
                "{a} {b}"
            );
        }
    }

    #[test]
    fn readable_variants_are_accepted() {
        let code = sample();
        for text in [
            code.compact(),
            code.to_string().to_lowercase(),
            format!(" {} ", code.to_string().replace('-', " ")),
        ] {
            assert_eq!(text.parse::<TicketCode>().unwrap(), code);
        }
        let looks_alike = code.to_string().replace('0', "o").replace('1', "l");
        assert_eq!(looks_alike.parse::<TicketCode>().unwrap(), code);
    }

    #[test]
    fn missing_doubled_and_foreign_characters_are_told_apart() {
        let code = sample().compact();
        assert_eq!(code[1..].parse::<TicketCode>(), Err(InvalidCode::Length));
        assert_eq!(
            format!("{code}{code}").parse::<TicketCode>(),
            Err(InvalidCode::Length)
        );
        assert_eq!("".parse::<TicketCode>(), Err(InvalidCode::Length));
        assert_eq!(
            code.replacen(&code[3..4], "U", 1).parse::<TicketCode>(),
            Err(InvalidCode::Character('U'))
        );
        assert_eq!("ÄÖÜ".parse::<TicketCode>(), Err(InvalidCode::Character('Ä')));
    }

    /// On paper it has to stay good: neither its form nor its check character ever changes.
    #[test]
    fn a_code_is_printed_in_five_groups_with_its_check_character_at_the_end() {
        assert_eq!(sample().to_string(), "05AFM-SY8DJ-QW16G-NTZ49-ERX2Q");
        assert_eq!(sample().compact(), "05AFMSY8DJQW16GNTZ49ERX2Q");
    }

    #[test]
    fn logs_do_not_show_a_code() {
        assert_eq!(format!("{:?}", sample()), "TicketCode(…)");
    }
}
