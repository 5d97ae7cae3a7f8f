//! Passwords: argon2id with the parameters OWASP recommends (19 MiB, two passes), in the PHC string format.

use std::cell::RefCell;

use argon2::{
    Argon2, Block, Params,
    password_hash::{
        PasswordVerifier,
        phc::{Output, PasswordHash},
    },
};
use base64::{Engine, prelude::BASE64_STANDARD_NO_PAD as STANDARD_NO_PAD};
use domain::accounts::{MAX_PASSWORD, MIN_PASSWORD, WeakPassword};

use crate::store::sources::Sources;

/// Words that whoever attacks this portal tries first.
const PORTAL_WORDS: [&str; 7] = [
    "license", "licence", "portal", "ticket", "lizenz", "passwort", "password",
];
/// Of a longer password, no more is compared with what is easy to guess: the rest is length enough.
const LOOKED_AT: usize = 64;

/// The hash function refused its work.
#[derive(Debug, thiserror::Error)]
#[error("the password could not be hashed")]
pub struct HashError;

/// How hashes with the portal's parameters begin.
const PARAMETERS: &str = "$argon2id$v=19$m=19456,t=2,p=1$";

thread_local! {
    /// The 19 MiB that a hash needs, kept for the next one. Asked for anew each time, they are scattered over the heaps of
    /// threads, which do not give them back.
    static MEMORY: RefCell<Vec<Block>> = const { RefCell::new(Vec::new()) };
}

/// The hash itself, with the portal's parameters.
fn digest(password: &str, salt: &[u8]) -> Result<Output, HashError> {
    let argon2 = Argon2::default();
    let mut output = [0; Params::DEFAULT_OUTPUT_LEN];
    MEMORY.with_borrow_mut(|memory| {
        memory.resize(argon2.params().block_count(), Block::default());
        argon2
            .hash_password_into_with_memory(password.as_bytes(), salt, &mut output, memory.as_mut_slice())
            .map_err(|_| HashError)
    })?;
    Output::new(&output).map_err(|_| HashError)
}

/// Hashes a password. Takes some ten milliseconds of a processor: not for an async thread.
///
/// # Errors
/// [`HashError`].
pub fn hash(sources: &Sources, password: &str) -> Result<String, HashError> {
    let salt = sources.random::<16>();
    let output = digest(password, &salt)?;
    let [salt, output] = [&salt[..], output.as_ref()].map(|bytes| STANDARD_NO_PAD.encode(bytes));
    Ok(format!("{PARAMETERS}{salt}${output}"))
}

/// Whether the password fits. Without a hash the same work is done for nothing, so that the time of the answer does
/// not tell which logins exist.
#[must_use]
pub fn verify(password: &str, hash: Option<&str>) -> bool {
    // Of a password that nobody has: 32 random bytes, thrown away.
    const NOBODY: &str =
        "$argon2id$v=19$m=19456,t=2,p=1$MDEyMzQ1Njc4OWFiY2RlZg$Fc3NvNNA2b0HyrqbMK1Yf6kYz6rVwJ5sT0uZ4dQ1s2E";
    let stored = hash.unwrap_or(NOBODY);
    let matches = PasswordHash::new(stored).is_ok_and(|known| match (known.salt, known.hash) {
        // Compared in constant time.
        (Some(salt), Some(expected)) if stored.starts_with(PARAMETERS) => {
            digest(password, &salt).is_ok_and(|output| output == expected)
        }
        _ => Argon2::default()
            .verify_password(password.as_bytes(), &known)
            .is_ok(),
    });
    matches && hash.is_some()
}

/// Whether a person may choose the password: long enough, not common, and not made of their own words or the portal's
/// (NIST SP 800-63B-4, 3.1.1.2; ASVS 5.0, 6.2.1, 6.2.4, 6.2.9). No rules about kinds of characters (6.2.5).
///
/// # Errors
/// [`WeakPassword`].
pub fn check(password: &str, own: &[&str]) -> Result<(), WeakPassword> {
    if password.chars().count() < MIN_PASSWORD {
        return Err(WeakPassword::TooShort);
    }
    if password.len() > MAX_PASSWORD {
        return Err(WeakPassword::TooLong);
    }
    let looked_at: String = password.chars().take(LOOKED_AT).collect();
    let words: Vec<&str> = PORTAL_WORDS.iter().chain(own).copied().collect();
    let mut rest = looked_at.to_lowercase();
    for word in words.iter().filter(|word| word.chars().count() >= 3) {
        rest = rest.replace(&word.to_lowercase(), "");
    }
    let too_little_else = rest.chars().filter(|c| c.is_alphanumeric()).count() < MIN_PASSWORD / 2;
    if too_little_else || zxcvbn::zxcvbn(&looked_at, &words).score() <= zxcvbn::Score::Two {
        return Err(WeakPassword::Guessable);
    }
    Ok(())
}

/// A password of 20 random characters: 99 bits.
#[must_use]
pub fn generate(sources: &Sources) -> String {
    letters::<4, 5>(sources)
}

/// Random characters that nobody confuses, in groups with hyphens between them; each is worth almost five bits.
#[must_use]
pub(crate) fn letters<const GROUPS: usize, const LENGTH: usize>(sources: &Sources) -> String {
    let letters = b"abcdefghjkmnpqrstuvwxyz23456789";
    // 248 is the largest multiple of 31 in a byte: above it, some letters would be likelier than others.
    let mut random = std::iter::repeat_with(|| sources.random::<32>())
        .flatten()
        .filter(|byte| *byte < 248)
        .map(|byte| char::from(letters[usize::from(byte) % letters.len()]));
    let groups: [String; GROUPS] = std::array::from_fn(|_| random.by_ref().take(LENGTH).collect());
    groups.join("-")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;

    #[test]
    fn asvs_6_2_4_passwords_that_are_easy_to_guess_are_refused() {
        for (password, why) in [
            ("short", WeakPassword::TooShort),
            ("fourteen chars", WeakPassword::TooShort),
            ("passwordpassword", WeakPassword::Guessable),
            ("aaaaaaaaaaaaaaaaaaaaaa", WeakPassword::Guessable),
            ("123456789012345678", WeakPassword::Guessable),
            ("qwertyuiopasdfghjkl", WeakPassword::Guessable),
            ("licenseportalticket", WeakPassword::Guessable),
            ("annette-annette", WeakPassword::Guessable),
        ] {
            assert_eq!(check(password, &["annette"]), Err(why), "{password}");
        }
        assert_eq!(check(&"x".repeat(1025), &[]), Err(WeakPassword::TooLong));
        // Long, in any script, without digits or signs.
        for password in [
            "correct horse battery staple",
            "drei kleine ziegen im mai",
            "Ёжик и 🐟 в тумане утром",
        ] {
            assert_eq!(check(password, &[]), Ok(()), "{password}");
        }
    }

    #[test]
    fn hashes_are_those_of_argon2id_however_often_the_memory_was_used() {
        use argon2::password_hash::PasswordHasher;

        let sources = Sources::new(|| jiff::Timestamp::UNIX_EPOCH, |bytes| bytes.fill(7));
        for password in ["correct horse battery staple", "", "Ёжик"] {
            let own = hash(&sources, password).expect("a hash");
            let theirs: PasswordHash = Argon2::default()
                .hash_password_with_salt(password.as_bytes(), &[7; 16])
                .expect("a hash");
            assert_eq!(own, theirs.to_string());
            assert!(verify(password, Some(&own)));
            assert!(!verify("wrong", Some(&own)) && !verify(password, None));
        }
        // With other parameters, as before an update of these.
        let params = Params::new(8, 1, 1, None).expect("parameters");
        let weak = Argon2::new(argon2::Algorithm::Argon2id, argon2::Version::V0x13, params);
        let weak: PasswordHash = weak.hash_password_with_salt(b"x", &[7; 16]).expect("a hash");
        assert!(verify("x", Some(&weak.to_string())) && !verify("y", Some(&weak.to_string())));
        assert!(!verify("x", Some("no hash")));
    }

    #[test]
    fn generated_passwords_are_good_ones() {
        let next = std::sync::atomic::AtomicU8::new(0);
        let sources = Sources::new(
            || Timestamp::UNIX_EPOCH,
            move |bytes| {
                for byte in bytes {
                    *byte = next.fetch_add(37, std::sync::atomic::Ordering::Relaxed);
                }
            },
        );
        let (first, second) = (generate(&sources), generate(&sources));
        assert_eq!((first.len(), first != second), (23, true));
        assert_eq!(check(&first, &[]), Ok(()));
    }
}
