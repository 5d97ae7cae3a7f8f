//! Machines show who they are: a signed assertion for an access token (RFC 7523), and the token with each request. Whether
//! the credential behind it may be used is read from the database every time.

use domain::{
    ids::{ContainerId, CredentialId},
    licensing::credentials::CredentialState,
    time::later,
};
use jiff::{SignedDuration, Timestamp};
use jose::{self, NumericDate, Unverified};
use serde::{Deserialize, Serialize};

use crate::{
    ops::{
        OpError,
        instance::{signed, signing_keys},
        tokens,
        transactions::in_transaction,
    },
    store::{self, Store, Tx, licensing::credentials::Credential},
};

/// How long an access token is good.
pub const LIFETIME: SignedDuration = SignedDuration::from_mins(10);
/// How long an assertion may be good.
pub const MAX_ASSERTION: SignedDuration = SignedDuration::from_mins(5);
/// Where assertions are for, below the address of the portal.
pub const TOKEN_PATH: &str = "/oauth/token";
/// Longest name of an assertion.
const MAX_JTI: usize = 200;
/// Longest assertion or token that is looked at, in bytes.
const MAX_TEXT: usize = 4096;
/// How often it is written that a credential was used.
const USED_EVERY: SignedDuration = SignedDuration::from_mins(1);

const ASSERTION: &str = "JWT";
const ACCESS_TOKEN: &str = "at+jwt";

/// What machines are told by the portal apart from what stands in the database.
#[derive(Debug, Clone)]
pub struct Headless {
    /// The address of the portal, without a slash at its end.
    pub url: String,
    /// How long a lease lasts without being renewed.
    pub lifetime: SignedDuration,
}

impl Headless {
    fn token_address(&self) -> String {
        format!("{}{TOKEN_PATH}", self.url)
    }
}

/// A machine that showed who it is. Only this module makes one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Machine {
    credential: CredentialId,
    container: ContainerId,
}

impl Machine {
    /// The credential it uses.
    #[must_use]
    pub const fn credential(&self) -> CredentialId {
        self.credential
    }

    /// The container it reaches.
    #[must_use]
    pub const fn container(&self) -> ContainerId {
        self.container
    }

    /// Whether the credential can still be used, as it is inside this transaction.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub(crate) async fn is_welcome(&self, tx: &mut Tx, now: Timestamp) -> Result<bool, OpError> {
        Ok(usable(tx, self.credential, now).await?.is_some())
    }
}

#[derive(Deserialize)]
struct Assertion {
    iss: String,
    sub: String,
    aud: String,
    iat: NumericDate,
    exp: NumericDate,
    jti: String,
}

#[derive(Serialize, Deserialize)]
struct AccessToken {
    iss: String,
    sub: String,
    aud: String,
    iat: NumericDate,
    exp: NumericDate,
    jti: String,
}

async fn usable(tx: &mut Tx, id: CredentialId, now: Timestamp) -> Result<Option<Credential>, OpError> {
    let found = store::licensing::credentials::by_id(tx, id).await?;
    Ok(found.filter(|found| found.times.state(now) == CredentialState::Active))
}

async fn used(tx: &mut Tx, credential: &Credential, now: Timestamp) -> Result<(), OpError> {
    if is_due(credential, now) {
        store::licensing::credentials::used(tx, credential.id, now).await?;
    }
    Ok(())
}

fn is_due(credential: &Credential, now: Timestamp) -> bool {
    // A clock that was set back does not keep it from being written.
    credential
        .last_used_at
        .is_none_or(|last| now.duration_since(last).abs() >= USED_EVERY)
}

/// The claims of an assertion that is one of this credential for this portal and this moment.
fn claims(
    text: &Unverified<'_>,
    credential: &Credential,
    headless: &Headless,
    now: Timestamp,
) -> Option<Assertion> {
    let key = signed::public_key(&credential.public_key).ok()?;
    let claims: Assertion = text.verify(&key).ok()?;
    let id = credential.id.to_string();
    let fits = claims.iss == id
        && claims.sub == id
        && claims.aud == headless.token_address()
        && jose::check_times(claims.iat, claims.exp, now).is_ok()
        && claims.exp.timestamp().duration_since(claims.iat.timestamp()) <= MAX_ASSERTION
        && (1..=MAX_JTI).contains(&claims.jti.len());
    fits.then_some(claims)
}

/// Gives an access token for an assertion, once; `None` for whatever is wrong with it. Why is told to nobody.
///
/// # Errors
/// [`OpError::Store`].
pub async fn issue(store: &Store, headless: &Headless, assertion: &str) -> Result<Option<String>, OpError> {
    let text = Some(assertion).filter(|text| text.len() <= MAX_TEXT);
    let Some(text) = text.and_then(|text| Unverified::read(text, ASSERTION).ok()) else {
        return Ok(None);
    };
    let Some(id) = text.key_id().and_then(|id| id.parse().ok()) else {
        return Ok(None);
    };
    // Whoever cannot sign does not get as far as to keep others from writing.
    let claims = {
        let mut tx = store.begin_read().await?;
        let now = store.sources.now();
        let credential = usable(&mut tx, id, now).await?;
        credential.and_then(|credential| claims(&text, &credential, headless, now))
    };
    let Some(claims) = claims else {
        return Ok(None);
    };
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        let Some(credential) = usable(&mut tx, id, now).await? else {
            return Ok(None);
        };
        let jti = tokens::hash(&claims.jti);
        // It is refused as expired from then on.
        let until = later(claims.exp.timestamp(), SignedDuration::from_secs(1));
        if !store::licensing::credentials::take_assertion(&mut tx, credential.id, &jti, until).await? {
            return Ok(None);
        }
        used(&mut tx, &credential, now).await?;
        let signer = signing_keys::signer(&mut tx, &store.sources).await?;
        let token = AccessToken {
            iss: headless.url.clone(),
            sub: credential.id.to_string(),
            aud: headless.url.clone(),
            iat: now.into(),
            exp: later(now, LIFETIME).into(),
            jti: tokens::fresh(&store.sources),
        };
        Ok(Some(signer.sign(ACCESS_TOKEN, &token)?))
    })
}

/// Who shows that access token; `None` for whatever is wrong with it or with its credential.
///
/// # Errors
/// [`OpError::Store`].
pub async fn machine(store: &Store, headless: &Headless, token: &str) -> Result<Option<Machine>, OpError> {
    let text = Some(token).filter(|text| text.len() <= MAX_TEXT);
    let Some(text) = text.and_then(|text| Unverified::read(text, ACCESS_TOKEN).ok()) else {
        return Ok(None);
    };
    let mut tx = store.begin_read().await?;
    let now = store.sources.now();
    let keys = signing_keys::believed(&mut tx, now, LIFETIME).await?;
    let key = text.key_id().and_then(|id| keys.get(id));
    let claims = key.and_then(|key| text.verify::<AccessToken>(key).ok());
    let claims = claims.filter(|claims| {
        claims.iss == headless.url
            && claims.aud == headless.url
            && jose::check_times(claims.iat, claims.exp, now).is_ok()
    });
    let Some(id) = claims.and_then(|claims| claims.sub.parse().ok()) else {
        return Ok(None);
    };
    let Some(credential) = usable(&mut tx, id, now).await? else {
        return Ok(None);
    };
    drop(tx);
    if is_due(&credential, now) {
        in_transaction!(store, |tx| {
            // Another server may have written it meanwhile.
            if let Some(credential) = usable(&mut tx, id, now).await? {
                used(&mut tx, &credential, now).await?;
            }
            Ok(())
        })?;
    }
    Ok(Some(Machine {
        credential: credential.id,
        container: credential.container,
    }))
}
