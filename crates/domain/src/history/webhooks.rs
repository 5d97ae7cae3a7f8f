//! Webhooks: where what happens is sent to, and what became of it.

use jiff::SignedDuration;
use serde::{Deserialize, Serialize};

use crate::{texts::enum_of_texts, time::days};

/// Most webhooks of a group, or of the instance.
pub const MAX_WEBHOOKS: usize = 10;
/// Longest address, in bytes.
pub const MAX_URL: usize = 500;

/// How long a delivery stays in the log.
pub const KEPT: SignedDuration = days(30);
/// Most deliveries in the log of a webhook.
pub const MAX_KEPT: i64 = 1_000;
/// How long one delivery is tried until its webhook switches itself off.
pub const PATIENCE: SignedDuration = days(3);

/// Which receivers the operator lets webhooks have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Receivers {
    /// Those on the public internet, over HTTPS.
    Public,
    /// Those on private networks, too; on the machine of the portal without TLS as well.
    Private,
}

/// Why a webhook cannot be kept like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidWebhook {
    /// Not an address, or a longer one than [`MAX_URL`].
    #[error("the address is none of a receiver; expected https://HOST/PATH, at most {MAX_URL} characters")]
    Address,
    /// It is not HTTPS.
    #[error("the address does not begin with https://")]
    Insecure,
    /// A user name or password stands before the host.
    #[error("the address contains a user name or password")]
    UserInfo,
    /// The group, or the instance, has [`MAX_WEBHOOKS`] already.
    #[error("there are {MAX_WEBHOOKS} webhooks already")]
    TooMany,
}

/// The address of a receiver. What stands in its query may be a secret.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookUrl(String);

impl std::fmt::Debug for WebhookUrl {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.shown())
    }
}

impl WebhookUrl {
    /// Checks what somebody typed.
    ///
    /// # Errors
    /// [`InvalidWebhook`], with the first reason against it.
    pub fn read(text: &str, receivers: Receivers) -> Result<Self, InvalidWebhook> {
        let text = text.trim();
        let odd = |c: char| {
            !c.is_ascii_graphic() || matches!(c, '\\' | '#' | '"' | '<' | '>' | '`' | '{' | '|' | '}')
        };
        if text.len() > MAX_URL || text.contains(odd) {
            return Err(InvalidWebhook::Address);
        }
        let (scheme, rest) = text.split_once("://").ok_or(InvalidWebhook::Address)?;
        let end = rest.find(['/', '?']).unwrap_or(rest.len());
        let (authority, path) = rest.split_at(end);
        if authority.contains('@') {
            return Err(InvalidWebhook::UserInfo);
        }
        let host = host(authority).ok_or(InvalidWebhook::Address)?;
        let local = host == "localhost" || host.starts_with("127.") || host == "[::1]";
        match scheme {
            "https" => {}
            "http" if receivers == Receivers::Private && local => {}
            "http" => return Err(InvalidWebhook::Insecure),
            _ => return Err(InvalidWebhook::Address),
        }
        let path = if path.starts_with('/') {
            path.to_owned()
        } else {
            format!("/{path}")
        };
        Ok(Self(format!("{scheme}://{authority}{path}")))
    }

    /// Takes an address from the database, which was checked before it was stored.
    #[must_use]
    pub const fn stored(text: String) -> Self {
        Self(text)
    }

    /// The address with its query: to store, and to send to.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// The address without its query, for lists.
    #[must_use]
    pub fn shown(&self) -> &str {
        self.0.split('?').next().unwrap_or_default()
    }

    /// Scheme, host and port: the path may be secret, too.
    #[must_use]
    pub fn origin(&self) -> &str {
        let path = self.0.match_indices('/').nth(2);
        path.map_or(&self.0, |(begin, _)| &self.0[..begin])
    }
}

/// The host of `HOST` or `HOST:PORT`.
fn host(authority: &str) -> Option<&str> {
    let (host, port) = match authority.strip_prefix('[') {
        Some(rest) => {
            let end = rest.find(']')? + 2;
            rest[..end - 2].parse::<std::net::Ipv6Addr>().ok()?;
            authority.split_at(end)
        }
        None => authority.split_at(authority.find(':').unwrap_or(authority.len())),
    };
    let port = match port.strip_prefix(':') {
        Some(port) => !port.starts_with('+') && port.parse::<u16>().is_ok_and(|port| port > 0),
        None => port.is_empty(),
    };
    let named = |c: char| c.is_ascii_alphanumeric() || matches!(c, '-' | '.' | '_');
    let fits = host.starts_with('[') || (!host.is_empty() && host.chars().all(named));
    (port && fits).then_some(host)
}

/// How long it is waited after so many attempts, before chance adds something: ten seconds at first, a day at last.
#[must_use]
pub const fn pause_after(attempts: u32) -> SignedDuration {
    match attempts {
        0 | 1 => SignedDuration::from_secs(10),
        2 => SignedDuration::from_mins(1),
        3 => SignedDuration::from_mins(5),
        4 => SignedDuration::from_mins(30),
        5 => SignedDuration::from_hours(2),
        6 => SignedDuration::from_hours(6),
        7 => SignedDuration::from_hours(12),
        _ => SignedDuration::from_hours(24),
    }
}

enum_of_texts! {
    /// Why a webhook switched itself off.
    Stopped, else UnknownStop;
    /// Who answers for it no longer administers the group, or has no account that is switched on.
    Keeper = "keeper",
    /// The receiver said that it is gone for good (410).
    Gone = "gone",
    /// For [`PATIENCE`], the receiver did not take a delivery.
    Failing = "failing",
}

enum_of_texts! {
    /// What became of a delivery.
    DeliveryState, else UnknownDeliveryState;
    /// It is yet to be sent, or to be sent again.
    Waiting = "waiting",
    /// The receiver took it.
    Delivered = "delivered",
    /// The receiver did not take it, and it is not tried again by itself.
    Failed = "failed",
    /// It was not sent: the event is no longer one of the branch.
    Withheld = "withheld",
}

enum_of_texts! {
    /// Why there was no answer.
    Failure, else UnknownFailure;
    /// It took too long.
    Timeout = "timeout",
    /// There is no such host, or it stands on a network that the operator does not let webhooks reach.
    NoHost = "no_host",
    /// Nobody listens there, or the connection broke.
    Unreachable = "unreachable",
    /// The certificate is not good, or there is no TLS.
    Tls = "tls",
    /// Whatever is there does not speak HTTP.
    Protocol = "protocol",
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_are_https_and_without_secrets_before_the_host() {
        let read = |text: &str| WebhookUrl::read(text, Receivers::Public).map(|url| url.0);
        for (text, stored) in [
            ("https://example.org", "https://example.org/"),
            (" https://example.org/a?b=c ", "https://example.org/a?b=c"),
            ("https://example.org?b=c", "https://example.org/?b=c"),
            ("https://a_b.example.org:8443/", "https://a_b.example.org:8443/"),
            ("https://[2a00::1]:8443/x@y", "https://[2a00::1]:8443/x@y"),
        ] {
            assert_eq!(read(text).as_deref(), Ok(stored));
        }
        for (text, why) in [
            ("", InvalidWebhook::Address),
            ("example.org", InvalidWebhook::Address),
            ("ftp://example.org/", InvalidWebhook::Address),
            ("HTTPS://example.org/", InvalidWebhook::Address),
            ("https://", InvalidWebhook::Address),
            ("https:///path", InvalidWebhook::Address),
            ("https://exa mple.org/", InvalidWebhook::Address),
            ("https://exämple.org/", InvalidWebhook::Address),
            ("https://example.org/#part", InvalidWebhook::Address),
            ("https://example.org\\@other.org/", InvalidWebhook::Address),
            ("https://example.org:0/", InvalidWebhook::Address),
            ("https://example.org:65536/", InvalidWebhook::Address),
            ("https://example.org:+443/", InvalidWebhook::Address),
            ("https://example.org:/", InvalidWebhook::Address),
            ("https://[::1/", InvalidWebhook::Address),
            ("https://[x]/", InvalidWebhook::Address),
            ("https://me:secret@example.org/", InvalidWebhook::UserInfo),
            ("https://me@example.org/", InvalidWebhook::UserInfo),
            ("http://example.org/", InvalidWebhook::Insecure),
            ("http://localhost:1/", InvalidWebhook::Insecure),
        ] {
            assert_eq!(read(text), Err(why), "{text}");
        }
        let long = format!("https://example.org/{}", "x".repeat(MAX_URL));
        assert_eq!(read(&long), Err(InvalidWebhook::Address));
        let private = |text: &str| WebhookUrl::read(text, Receivers::Private).map(|_| ());
        assert_eq!(private("http://localhost:1/"), Ok(()));
        assert_eq!(private("http://127.0.0.1:1/"), Ok(()));
        assert_eq!(private("http://example.org/"), Err(InvalidWebhook::Insecure));
    }

    #[test]
    fn a_query_is_not_shown() {
        let url = WebhookUrl::read("https://example.org/a?token=secret", Receivers::Public).unwrap();
        assert_eq!(url.shown(), "https://example.org/a");
        assert_eq!(url.origin(), "https://example.org");
        assert_eq!(format!("{url:?}"), "https://example.org/a");
    }

    #[test]
    fn the_longest_address_is_kept_as_it_is() {
        let begin = "https://example.org/";
        let longest = format!("{begin}{}", "x".repeat(MAX_URL - begin.len()));
        let read = |text: &str| WebhookUrl::read(text, Receivers::Public);
        assert_eq!(read(&longest).unwrap().as_str(), longest);
        assert_eq!(read(&format!("{longest}x")), Err(InvalidWebhook::Address));
    }

    #[test]
    fn pauses_are_seconds_then_minutes_then_hours() {
        let pauses = [
            (0, SignedDuration::from_secs(10)),
            (1, SignedDuration::from_secs(10)),
            (2, SignedDuration::from_mins(1)),
            (3, SignedDuration::from_mins(5)),
            (4, SignedDuration::from_mins(30)),
            (5, SignedDuration::from_mins(120)),
            (6, SignedDuration::from_mins(360)),
            (7, SignedDuration::from_mins(720)),
            (8, SignedDuration::from_mins(1440)),
            (99, SignedDuration::from_mins(1440)),
        ];
        for (attempts, pause) in pauses {
            assert_eq!(pause_after(attempts), pause, "{attempts}");
        }
    }
}
