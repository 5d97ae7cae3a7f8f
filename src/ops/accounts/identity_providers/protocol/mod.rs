//! What is spoken with identity providers: OpenID Connect with the authorization code flow, PKCE, state and nonce (RFC 9700, 2.1).
//!
//! Nothing that a provider says is believed before its signature, issuer, audience, times and nonce were verified, with one of its
//! own keys and an algorithm of [`id_tokens::ALGORITHMS`].

mod id_tokens;
mod provider;
mod requests;

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use domain::{
    accounts::identity_providers::{FailedSignIn, Issuer, MAX_PROVIDERS},
    history::webhooks::Receivers,
};
use jiff::{SignedDuration, Timestamp};
use openidconnect::{
    AuthenticationFlow, ClientId, ClientSecret, CsrfToken, IssuerUrl, Nonce, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, Scope,
    core::{CoreClient, CoreJwsSigningAlgorithm, CoreResponseType},
};
use tokio::sync::Semaphore;
use ureq::Agent;

use crate::ops::{
    accounts::identity_providers::protocol::{
        id_tokens::{ALGORITHMS, redeem, verified},
        provider::Metadata,
        requests::{call, undiscovered},
    },
    reach, tokens,
};

pub use crate::ops::accounts::identity_providers::protocol::provider::{Asserted, Client, Fault};

/// How long a provider may take for one answer.
pub const PATIENCE: Duration = Duration::from_secs(5);
/// Longest code that a provider sends along, in bytes.
pub const MAX_CODE: usize = 4096;
/// Requests to providers at the same time, in one server.
const AT_ONCE: usize = 32;
/// How long it is believed what a provider published about itself.
const FRESH: SignedDuration = SignedDuration::from_mins(10);
/// How long it is not asked again after keys that were not found.
const AGAIN: SignedDuration = SignedDuration::from_secs(30);
/// The token in the browser of who is sent to a provider, from which everything is derived that has to come back with them. So none
/// of it is stored, and nobody has it but that browser.
#[derive(Clone)]
pub struct BrowserToken(String);

impl BrowserToken {
    /// By the token of the cookie.
    #[must_use]
    pub const fn of(token: String) -> Self {
        Self(token)
    }

    fn derived(&self, what: &str) -> String {
        tokens::hash(&format!("{what} {}", self.0))
    }

    /// What comes back in the address.
    fn state(&self) -> String {
        self.derived("state")
    }

    /// What comes back in what is signed.
    fn nonce(&self) -> Nonce {
        Nonce::new(self.derived("nonce"))
    }

    /// What the provider was shown the hash of.
    fn verifier(&self) -> PkceCodeVerifier {
        PkceCodeVerifier::new(self.derived("verifier"))
    }
}

/// What a provider sends along with who comes back.
#[derive(Debug, Clone, Default)]
pub struct Returned {
    pub state: String,
    pub code: Option<String>,
    /// Who says that it sent them.
    pub iss: Option<String>,
    /// Why there is no code.
    pub error: Option<String>,
}

/// What a provider publishes, in plain words for who looks after it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Published {
    /// Where people are sent to.
    pub authorization_endpoint: String,
    /// Keys that it signs with.
    pub keys: usize,
    /// Those of [`ALGORITHMS`] that it says it signs with.
    pub algorithms: Vec<String>,
    /// It names itself when it sends people back.
    pub names_itself: bool,
    /// People can log out there.
    pub logs_out: bool,
}

struct Known {
    metadata: Arc<Metadata>,
    at: Timestamp,
}

/// Speaks with identity providers; one for the whole process.
#[derive(Clone)]
pub struct Providers {
    agent: Agent,
    reach: Receivers,
    places: Arc<Semaphore>,
    known: Arc<Mutex<HashMap<Issuer, Known>>>,
}

impl Providers {
    /// Which hosts it may reach, and how long each may take for an answer.
    #[must_use]
    pub fn new(reach: Receivers, patience: Duration) -> Self {
        Self {
            agent: reach::agent(reach, patience),
            reach,
            places: Arc::new(Semaphore::new(AT_ONCE)),
            known: Arc::default(),
        }
    }

    /// Which hosts it may reach.
    #[must_use]
    pub const fn reach(&self) -> Receivers {
        self.reach
    }

    /// Runs what waits for a provider beside what answers requests.
    async fn ask<T: Send + 'static>(
        &self,
        ask: impl FnOnce(&Agent) -> Result<T, Fault> + Send + 'static,
    ) -> Result<T, Fault> {
        let place = Arc::clone(&self.places).try_acquire_owned();
        let place = place.map_err(|_| Fault::Busy)?;
        let agent = self.agent.clone();
        let asked = tokio::task::spawn_blocking(move || {
            let answer = ask(&agent);
            drop(place);
            answer
        });
        asked
            .await
            .unwrap_or_else(|_| Err(Fault::Untrusted("its answer cannot be read".to_owned())))
    }

    /// What is known of what the provider publishes, where that is no older than `oldest`.
    fn known(&self, issuer: &Issuer, now: Timestamp, oldest: SignedDuration) -> Option<Arc<Metadata>> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        // A clock that was set back makes nothing fresh.
        let fresh = |known: &&Known| (SignedDuration::ZERO..oldest).contains(&now.duration_since(known.at));
        known
            .get(issuer)
            .filter(fresh)
            .map(|known| Arc::clone(&known.metadata))
    }

    /// What the provider publishes, asked for where what is known is older than `oldest`.
    async fn metadata(
        &self,
        issuer: &Issuer,
        now: Timestamp,
        oldest: SignedDuration,
    ) -> Result<Arc<Metadata>, Fault> {
        if let Some(metadata) = self.known(issuer, now, oldest) {
            return Ok(metadata);
        }
        let url = IssuerUrl::new(issuer.to_string())
            .map_err(|_| Fault::Untrusted("it has no address".to_owned()))?;
        let found = self
            .ask(move |agent| {
                Metadata::discover(&url, &|request| call(agent, request))
                    .map_err(|error| undiscovered(&error))
            })
            .await?;
        let metadata = Arc::new(found);
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if known.len() >= 2 * MAX_PROVIDERS {
            known.clear();
        }
        let found = Known {
            metadata: Arc::clone(&metadata),
            at: now,
        };
        known.insert(issuer.clone(), found);
        Ok(metadata)
    }

    /// Where somebody is sent to, and with what.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn address(
        &self,
        client: &Client,
        scopes: &str,
        browser: &BrowserToken,
        now: Timestamp,
    ) -> Result<String, Fault> {
        let metadata = self.metadata(&client.issuer, now, FRESH).await?;
        let back = RedirectUrl::new(client.back.clone())
            .map_err(|_| Fault::Untrusted("the portal has no address to come back to".to_owned()))?;
        let of = CoreClient::from_provider_metadata(
            (*metadata).clone(),
            ClientId::new(client.id.clone()),
            Some(ClientSecret::new(client.secret.expose().to_owned())),
        )
        .set_redirect_uri(back);
        let (state, nonce) = (browser.state(), browser.nonce());
        let flow = AuthenticationFlow::<CoreResponseType>::AuthorizationCode;
        let mut request = of.authorize_url(flow, move || CsrfToken::new(state), move || nonce);
        for scope in scopes.split_whitespace() {
            request = request.add_scope(Scope::new(scope.to_owned()));
        }
        let challenge = PkceCodeChallenge::from_code_verifier_sha256(&browser.verifier());
        let (url, _, _) = request.set_pkce_challenge(challenge).url();
        // It may stand nowhere else than where it is looked for: a link of the browser, over TLS as the issuer.
        let scheme = client.issuer.as_str().split(':').next().unwrap_or_default();
        if url.scheme() != "https" && url.scheme() != scheme {
            return Err(Fault::Untrusted("its page is not reached over TLS".to_owned()));
        }
        Ok(url.into())
    }

    /// What the provider asserts of who came back: the code is redeemed, and what comes for it verified.
    ///
    /// # Errors
    /// [`FailedSignIn`].
    pub async fn assertion(
        &self,
        client: &Client,
        browser: &BrowserToken,
        returned: &Returned,
        now: Timestamp,
    ) -> Result<Asserted, FailedSignIn> {
        let metadata = self.metadata(&client.issuer, now, FRESH).await.map_err(logged)?;
        // Before anything is sent anywhere: who came back from elsewhere brings the code of another provider (RFC 9207).
        let demanded = metadata
            .additional_metadata()
            .authorization_response_iss_parameter_supported;
        match returned.iss.as_deref() {
            Some(iss) if iss == client.issuer.as_str() => {}
            None if !demanded => {}
            _ => {
                return Err(logged(Fault::Untrusted(
                    "somebody else sent the person back".to_owned(),
                )));
            }
        }
        if returned.error.is_some() {
            return Err(FailedSignIn::Declined);
        }
        let code = returned
            .code
            .clone()
            .filter(|code| !code.is_empty() && code.len() <= MAX_CODE);
        let code =
            code.ok_or_else(|| logged(Fault::Untrusted("the person came back without a code".to_owned())))?;
        let token = {
            let (client, metadata, verifier) = (client.clone(), Arc::clone(&metadata), browser.verifier());
            let redeemed = self.ask(move |agent| redeem(agent, &client, &metadata, code, verifier));
            redeemed.await.map_err(logged)?
        };
        match verified(client, &metadata, &token, &browser.nonce(), now) {
            // It may have changed its keys since.
            Err(Fault::UnknownKey) => {
                let metadata = self.metadata(&client.issuer, now, AGAIN).await.map_err(logged)?;
                verified(client, &metadata, &token, &browser.nonce(), now).map_err(logged)
            }
            verified => verified.map_err(logged),
        }
    }

    /// What the provider publishes at this moment.
    ///
    /// # Errors
    /// [`Fault`].
    pub async fn published(&self, issuer: &Issuer, now: Timestamp) -> Result<Published, Fault> {
        let metadata = self.metadata(issuer, now, SignedDuration::ZERO).await?;
        let offered = metadata.id_token_signing_alg_values_supported();
        let text = |algorithm: &CoreJwsSigningAlgorithm| {
            let text = serde_json::to_value(algorithm).ok()?;
            Some(text.as_str()?.to_owned())
        };
        let algorithms = offered.iter().filter(|offered| ALGORITHMS.contains(offered));
        Ok(Published {
            authorization_endpoint: metadata.authorization_endpoint().to_string(),
            keys: metadata.jwks().keys().len(),
            algorithms: algorithms.filter_map(text).collect(),
            names_itself: metadata
                .additional_metadata()
                .authorization_response_iss_parameter_supported,
            logs_out: metadata.additional_metadata().end_session_endpoint.is_some(),
        })
    }

    /// Where somebody who was signed in by the provider can log out there, if that is known without asking it.
    #[must_use]
    pub fn log_out_address(&self, issuer: &Issuer, client_id: &str, back: &str) -> Option<String> {
        let known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let address = known
            .get(issuer)?
            .metadata
            .additional_metadata()
            .end_session_endpoint
            .clone()?;
        let mut url = openidconnect::url::Url::parse(&address).ok()?;
        if url.scheme() != "https" && !issuer.as_str().starts_with("http:") {
            return None;
        }
        url.query_pairs_mut()
            .append_pair("client_id", client_id)
            .append_pair("post_logout_redirect_uri", back);
        Some(url.into())
    }
}

/// Whether the state fits what the browser has.
#[must_use]
pub fn is_own(browser: &BrowserToken, returned: &Returned) -> bool {
    // Hashes are compared: how long it takes tells nothing of what would fit.
    tokens::hash(&browser.state()) == tokens::hash(&returned.state)
}

fn logged(fault: Fault) -> FailedSignIn {
    tracing::warn!(%fault, "an identity provider signed nobody in");
    fault.into()
}
