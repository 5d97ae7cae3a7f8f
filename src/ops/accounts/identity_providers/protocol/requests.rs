//! Single requests to a provider, and what it means when one fails.

use std::io::ErrorKind;

use openidconnect::{DiscoveryError, HttpRequest, HttpResponse};
use ureq::Agent;

use crate::ops::{accounts::identity_providers::protocol::provider::Fault, reach};

/// Largest answer of a provider, in bytes.
const MAX_ANSWER: u64 = 512 * 1024;

/// One request to a provider, of which no more is read than [`MAX_ANSWER`].
pub(super) fn call(agent: &Agent, request: HttpRequest) -> Result<HttpResponse, ureq::Error> {
    let answer = if request.method() == http::Method::GET {
        agent.run(request.map(|_| ()))?
    } else {
        agent.run(request)?
    };
    let (parts, mut body) = answer.into_parts();
    let body = body.with_config().limit(MAX_ANSWER).read_to_vec()?;
    Ok(HttpResponse::from_parts(parts, body))
}

pub(super) fn unasked(error: &ureq::Error) -> Fault {
    let why = match error {
        ureq::Error::Timeout(_) => "it takes too long",
        // Told alike: which names a private network knows is nothing to who asks.
        ureq::Error::HostNotFound => "there is no such host",
        ureq::Error::Other(other) if other.is::<reach::NotAllowed>() => "there is no such host",
        ureq::Error::Tls(_) | ureq::Error::Rustls(_) => "TLS failed",
        ureq::Error::Io(error) if error.kind() == ErrorKind::InvalidData => "TLS failed",
        ureq::Error::BodyExceedsLimit(_) => return Fault::Untrusted("its answer is too long".to_owned()),
        _ => "no connection",
    };
    Fault::Unreachable(why.to_owned())
}

pub(super) fn undiscovered(error: &DiscoveryError<ureq::Error>) -> Fault {
    match error {
        DiscoveryError::Request(error) => unasked(error),
        DiscoveryError::Response(status, ..) if status.is_server_error() => {
            Fault::Unreachable(format!("it answers {}", status.as_u16()))
        }
        DiscoveryError::Response(status, ..) => Fault::Untrusted(format!(
            "it publishes nothing about itself there (answer {})",
            status.as_u16()
        )),
        DiscoveryError::Validation(_) => Fault::Untrusted("it calls itself by another issuer".to_owned()),
        _ => Fault::Untrusted("what it publishes about itself cannot be read".to_owned()),
    }
}
