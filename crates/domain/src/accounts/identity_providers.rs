//! Who signs people in besides the portal itself: providers of OpenID Connect, and who is who there (N26).

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{accounts::Login, history::webhooks::Receivers, serialized_as_text};

/// Most providers of an instance.
pub const MAX_PROVIDERS: usize = 50;
/// Longest issuer, in bytes.
pub const MAX_ISSUER: usize = 300;
/// Longest client id, in bytes.
pub const MAX_CLIENT_ID: usize = 200;
/// Longest client secret, in bytes.
pub const MAX_CLIENT_SECRET: usize = 500;
/// Longest list of scopes, in bytes.
pub const MAX_SCOPES: usize = 200;
/// Longest subject, in bytes (OpenID Connect Core, 2).
pub const MAX_SUBJECT: usize = 255;
/// How long somebody may take at the provider.
pub const PENDING_LIFE: SignedDuration = SignedDuration::from_mins(10);
/// Most people at providers at the same time: beyond it, who left first has to begin anew.
pub const MAX_PENDING: u32 = 10_000;
/// By how much the clock of a provider may be off.
pub const CLOCK_SKEW: SignedDuration = SignedDuration::from_mins(1);

crate::texts::enum_of_texts! {
    /// Which claim becomes the login of somebody who joins.
    LoginClaim, else UnknownClaim;
    /// What the provider calls them, `preferred_username`.
    PreferredUsername = "preferred_username",
    /// Their mail address, which the provider must have verified.
    Email = "email",
}

crate::texts::enum_of_texts! {
    /// Who linked an account to an identity.
    LinkedBy, else UnknownLinkedBy;
    /// Its person, who had the account and gave its password.
    Person = "person",
    /// The provider, for whom the account was made.
    Provider = "provider",
}

/// Why a provider cannot be kept like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidProvider {
    /// Not the address of an issuer, or a longer one than [`MAX_ISSUER`].
    #[error(
        "the issuer is no address; expected https://HOST/PATH without ? and #, at most {MAX_ISSUER} characters"
    )]
    Issuer,
    /// The client id is missing, too long, or has odd characters.
    #[error("the client id is missing or cannot be used")]
    ClientId,
    /// The client secret is missing, too long, or has odd characters.
    #[error("the client secret is missing or cannot be used")]
    ClientSecret,
    /// The scopes cannot be used.
    #[error("the scopes cannot be used; expected words separated by spaces")]
    Scopes,
    /// There are [`MAX_PROVIDERS`] already.
    #[error("there are {MAX_PROVIDERS} providers already")]
    TooMany,
    /// People of a branch join outside of it.
    #[error("the group to join is not in the branch")]
    OutsideBranch,
    /// Somebody else changed it since it was read.
    #[error("the provider was changed meanwhile")]
    Changed,
}

/// Why somebody was not signed in, or an account not linked, by a provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum FailedSignIn {
    /// There is no such provider, or it is switched off.
    #[error("sign-in by this provider is not offered")]
    Off,
    /// It was begun in another browser or too long ago, or was done already.
    #[error("the sign-in was begun elsewhere or too long ago, or is done already")]
    Expired,
    /// The provider says that it, or the person, does not want to.
    #[error("the provider did not let the person through")]
    Declined,
    /// The provider does not answer, or not in time.
    #[error("the provider does not answer")]
    Unreachable,
    /// What the provider says cannot be believed.
    #[error("the answer of the provider cannot be trusted")]
    Untrusted,
    /// Nobody here is linked to that identity, or it may not sign them in. Which of both is not told.
    #[error("no account is linked to this identity")]
    Unknown,
    /// Who joins would get the login of somebody else.
    #[error("there is an account with that login already")]
    LoginTaken,
    /// Who joins has nothing that could be a login.
    #[error("the provider names nothing that can be a login")]
    NoLogin,
    /// The identity belongs to another account.
    #[error("this identity is linked to another account")]
    OfAnother,
    /// The account is linked to another identity of the provider.
    #[error("the account is linked to this provider already")]
    LinkedAlready,
}

/// The address by which a provider calls itself. What it signs names it, letter for letter.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Issuer(String);
serialized_as_text!(Issuer);

impl Issuer {
    /// Checks what somebody typed: HTTPS; without TLS on the machine of the portal alone, where the operator lets private networks
    /// be reached.
    ///
    /// # Errors
    /// [`InvalidProvider::Issuer`].
    pub fn read(text: &str, reach: Receivers) -> Result<Self, InvalidProvider> {
        let issuer: Self = text.trim().parse().map_err(|_| InvalidProvider::Issuer)?;
        if issuer.0.starts_with("http:") && reach == Receivers::Public {
            return Err(InvalidProvider::Issuer);
        }
        Ok(issuer)
    }

    /// The address.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// The text is no address of an issuer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not the address of an issuer")]
pub struct InvalidIssuer;

impl std::str::FromStr for Issuer {
    type Err = InvalidIssuer;

    fn from_str(text: &str) -> Result<Self, InvalidIssuer> {
        let odd = |c: char| !c.is_ascii_graphic() || "\\#?@\"<>`{|}".contains(c);
        if text.len() > MAX_ISSUER || text.contains(odd) {
            return Err(InvalidIssuer);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidIssuer)?;
        let host = rest.split('/').next().unwrap_or_default();
        let local = ["localhost", "127.0.0.1", "[::1]"].iter().any(|local| {
            host.strip_prefix(local)
                .is_some_and(|port| port.is_empty() || port.starts_with(':'))
        });
        match scheme {
            "https" if !host.is_empty() && !host.starts_with(':') => {}
            "http" if local => {}
            _ => return Err(InvalidIssuer),
        }
        Ok(Self(text.to_owned()))
    }
}

impl std::fmt::Display for Issuer {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(&self.0)
    }
}

/// The client id that the provider gave the portal, as somebody typed it.
///
/// # Errors
/// [`InvalidProvider::ClientId`].
pub fn clean_client_id(text: &str) -> Result<&str, InvalidProvider> {
    printable(text, MAX_CLIENT_ID).ok_or(InvalidProvider::ClientId)
}

/// The secret that the provider gave the portal, as somebody typed it.
///
/// # Errors
/// [`InvalidProvider::ClientSecret`].
pub fn clean_client_secret(text: &str) -> Result<&str, InvalidProvider> {
    printable(text, MAX_CLIENT_SECRET).ok_or(InvalidProvider::ClientSecret)
}

fn printable(text: &str, longest: usize) -> Option<&str> {
    let text = text.trim();
    let fits =
        !text.is_empty() && text.len() <= longest && text.bytes().all(|byte| (0x20..0x7f).contains(&byte));
    fits.then_some(text)
}

/// The scopes that are asked for besides `openid`, each once.
///
/// # Errors
/// [`InvalidProvider::Scopes`].
pub fn clean_scopes(text: &str) -> Result<String, InvalidProvider> {
    let mut scopes: Vec<&str> = Vec::new();
    for scope in text.split_whitespace() {
        // RFC 6749, 3.3.
        let fits = scope
            .bytes()
            .all(|byte| byte.is_ascii_graphic() && byte != b'"' && byte != b'\\');
        if !fits {
            return Err(InvalidProvider::Scopes);
        }
        if scope != "openid" && !scopes.contains(&scope) {
            scopes.push(scope);
        }
    }
    let scopes = scopes.join(" ");
    if scopes.len() > MAX_SCOPES {
        return Err(InvalidProvider::Scopes);
    }
    Ok(scopes)
}

/// Whether that can be what an issuer calls a person.
#[must_use]
pub fn is_subject(text: &str) -> bool {
    !text.is_empty() && text.len() <= MAX_SUBJECT && !text.contains('\0')
}

/// The login that a claim makes, in small letters.
///
/// # Errors
/// [`FailedSignIn::NoLogin`].
pub fn login_of(claim: Option<&str>) -> Result<Login, FailedSignIn> {
    let claim = claim.unwrap_or_default().trim().to_lowercase();
    claim.parse().map_err(|_| FailedSignIn::NoLogin)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_issuer_is_an_address_over_tls() {
        let read = |text: &str, reach| Issuer::read(text, reach).map(|issuer| issuer.as_str().to_owned());
        for good in [
            "https://id.example.org",
            "https://id.example.org:8443/realms/a",
            "https://id.example.org/",
        ] {
            assert_eq!(read(&format!(" {good} "), Receivers::Public).as_deref(), Ok(good));
        }
        for local in [
            "http://localhost:8080/realms/a",
            "http://127.0.0.1:1",
            "http://[::1]:1/x",
        ] {
            assert_eq!(read(local, Receivers::Private).as_deref(), Ok(local));
            assert_eq!(read(local, Receivers::Public), Err(InvalidProvider::Issuer));
        }
        for bad in [
            "",
            "id.example.org",
            "https://",
            "https://:80",
            "http://id.example.org",
            "http://localhost.example.org",
            "http://127.0.0.1.example.org",
            "https://id.example.org/?a",
            "https://id.example.org/#a",
            "https://a@id.example.org",
            "https://id.example.org/a b",
            "ftp://id.example.org",
        ] {
            assert_eq!(
                read(bad, Receivers::Private),
                Err(InvalidProvider::Issuer),
                "{bad:?}"
            );
        }
        let long = format!("https://id.example.org/{}", "a".repeat(MAX_ISSUER));
        assert_eq!(read(&long, Receivers::Public), Err(InvalidProvider::Issuer));
    }

    #[test]
    fn scopes_are_words_and_stand_there_once() {
        assert_eq!(
            clean_scopes("  openid profile  email profile ").as_deref(),
            Ok("profile email")
        );
        assert_eq!(clean_scopes("").as_deref(), Ok(""));
        for bad in ["a\"b", "ä", "a\\b", &"a".repeat(MAX_SCOPES + 1)] {
            assert_eq!(clean_scopes(bad), Err(InvalidProvider::Scopes), "{bad:?}");
        }
    }

    #[test]
    fn credentials_of_the_portal_are_printable() {
        assert_eq!(clean_client_id(" portal "), Ok("portal"));
        assert_eq!(clean_client_secret("a b~"), Ok("a b~"));
        for bad in ["", "  ", "a\nb", "ä"] {
            assert_eq!(clean_client_id(bad), Err(InvalidProvider::ClientId), "{bad:?}");
            assert_eq!(
                clean_client_secret(bad),
                Err(InvalidProvider::ClientSecret),
                "{bad:?}"
            );
        }
        assert!(clean_client_id(&"a".repeat(MAX_CLIENT_ID)).is_ok());
        assert!(clean_client_id(&"a".repeat(MAX_CLIENT_ID + 1)).is_err());
        assert!(clean_client_secret(&"a".repeat(MAX_CLIENT_SECRET + 1)).is_err());
    }

    #[test]
    fn a_claim_makes_a_login() {
        let login = |claim| login_of(claim).map(|login| login.to_string());
        assert_eq!(login(Some(" Ann@Example.org ")).as_deref(), Ok("ann@example.org"));
        for none in [None, Some(""), Some("Ann Maier"), Some("@ann")] {
            assert_eq!(login(none), Err(FailedSignIn::NoLogin), "{none:?}");
        }
        assert!(is_subject("a b") && !is_subject("") && !is_subject("a\0"));
        assert!(is_subject(&"a".repeat(MAX_SUBJECT)) && !is_subject(&"a".repeat(MAX_SUBJECT + 1)));
    }
}
