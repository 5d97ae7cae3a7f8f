//! What a provider signed: fetched with a code, and verified (OpenID Connect Core, 3.1.3.7).

use chrono::{DateTime, Utc};
use domain::accounts::identity_providers::{CLOCK_SKEW, is_subject};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthType, AuthorizationCode, ClaimsVerificationError, ClientId, ClientSecret, Nonce, PkceCodeVerifier,
    RedirectUrl, RequestTokenError, SignatureVerificationError, TokenResponse,
    core::{CoreClient, CoreClientAuthMethod, CoreIdToken, CoreJwsSigningAlgorithm},
};
use ureq::Agent;

use crate::ops::accounts::identity_providers::protocol::{
    provider::{Asserted, Client, Fault, Metadata},
    requests::{call, unasked},
};

/// How long ago what it signs may have been signed.
const SIGNED_WITHIN: SignedDuration = SignedDuration::from_mins(10);

/// The algorithms that something may be signed with: those with a key that only the provider has.
pub(super) const ALGORITHMS: [CoreJwsSigningAlgorithm; 9] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EcdsaP384Sha384,
    CoreJwsSigningAlgorithm::EdDsa,
];

/// Exchanges the code for what the provider signed.
pub(super) fn redeem(
    agent: &Agent,
    client: &Client,
    metadata: &Metadata,
    code: String,
    verifier: PkceCodeVerifier,
) -> Result<CoreIdToken, Fault> {
    let untrusted = |why: &str| Fault::Untrusted(why.to_owned());
    let back = RedirectUrl::new(client.back.clone()).map_err(|_| untrusted("no address to come back to"))?;
    let methods = metadata.token_endpoint_auth_methods_supported();
    // Without a list, it is HTTP Basic (OpenID Connect Discovery, 3).
    let basic = methods.is_none_or(|methods| methods.contains(&CoreClientAuthMethod::ClientSecretBasic));
    let of = CoreClient::from_provider_metadata(
        metadata.clone(),
        ClientId::new(client.id.clone()),
        Some(ClientSecret::new(client.secret.expose().to_owned())),
    )
    .set_redirect_uri(back)
    .set_auth_type(if basic {
        AuthType::BasicAuth
    } else {
        AuthType::RequestBody
    });
    let request = of
        .exchange_code(AuthorizationCode::new(code))
        .map_err(|_| untrusted("it has no address where codes are redeemed"))?;
    let answer = request
        .set_pkce_verifier(verifier)
        .request(&|request| call(agent, request))
        .map_err(|error| match error {
            RequestTokenError::Request(error) => unasked(&error),
            RequestTokenError::ServerResponse(response) => {
                untrusted(&format!("it did not take the code: {}", response.error()))
            }
            RequestTokenError::Parse(..) | RequestTokenError::Other(_) => {
                untrusted("what it gives for a code cannot be read")
            }
        })?;
    let token = answer.id_token().cloned();
    token.ok_or_else(|| untrusted("it gives nothing for a code that says who it is"))
}

fn moment(at: Timestamp) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(at.as_millisecond()).unwrap_or_default()
}

/// What it says of the person, once it is certain that the provider says so, to the portal, in answer to this very request.
pub(super) fn verified(
    client: &Client,
    metadata: &Metadata,
    token: &CoreIdToken,
    nonce: &Nonce,
    now: Timestamp,
) -> Result<Asserted, Fault> {
    let of = CoreClient::from_provider_metadata(
        metadata.clone(),
        ClientId::new(client.id.clone()),
        Some(ClientSecret::new(client.secret.expose().to_owned())),
    );
    let (earliest, latest) = (moment(now - SIGNED_WITHIN), moment(now + CLOCK_SKEW));
    let verifier = of
        .id_token_verifier()
        .set_allowed_algs(ALGORITHMS)
        .set_time_fn(move || moment(now - CLOCK_SKEW))
        .set_issue_time_verifier_fn(move |at| {
            if (earliest..=latest).contains(&at) {
                Ok(())
            } else {
                Err("signed at another time".to_owned())
            }
        });
    let claims = token.claims(&verifier, nonce).map_err(|error| match error {
        ClaimsVerificationError::SignatureVerification(SignatureVerificationError::NoMatchingKey) => {
            Fault::UnknownKey
        }
        // The library's words name what does not fit, and what stands there instead.
        other => Fault::Untrusted(format!(
            "what it signed does not hold: {}",
            short(&other.to_string())
        )),
    })?;
    let subject = claims.subject().as_str().to_owned();
    if !is_subject(&subject) {
        return Err(Fault::Untrusted("it does not say who it is".to_owned()));
    }
    let verified = claims.email_verified() == Some(true);
    Ok(Asserted {
        subject,
        preferred_username: claims.preferred_username().map(|name| name.as_str().to_owned()),
        name: claims
            .name()
            .and_then(|name| name.iter().next())
            .map(|(_, name)| name.as_str().to_owned()),
        email: claims
            .email()
            .filter(|_| verified)
            .map(|email| email.as_str().to_owned()),
    })
}

/// No more of it than fits a line of the log.
fn short(text: &str) -> String {
    text.chars().filter(|c| !c.is_control()).take(200).collect()
}
