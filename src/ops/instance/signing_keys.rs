//! What the portal signs with: access tokens, leases and licence files. Several servers share the keys, therefore they stand
//! in the database, their private halves encrypted; the first one is made when it is needed.

use std::collections::BTreeMap;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    licensing::leases::NODE_LIFETIME,
    time::{earlier, later},
};
use ed25519_dalek::{Signer as _, SigningKey, VerifyingKey};
use jiff::{SignedDuration, Timestamp};
use jose::{self, Jwk, JwkSet};
use serde::Serialize;

use crate::{
    ops::{OpError, instance::signed, transactions::in_transaction},
    store::{self, Store, StoreError, Tx, instance::signing_keys::SigningKey as Stored, sources::Sources},
};

/// How long the public half of a retired key is told: until everything that was signed with it has expired.
const TOLD: SignedDuration = NODE_LIFETIME;

/// The key that is signed with.
pub(crate) struct Signer {
    id: String,
    key: SigningKey,
}

impl Signer {
    pub(crate) fn id(&self) -> &str {
        &self.id
    }

    /// Signs a text that is no JWS, and yields the signature in base64. None of these begins like one, which is the base64url
    /// of a JSON object: so neither passes for the other.
    pub(crate) fn sign_text(&self, text: &str) -> String {
        STANDARD.encode(self.key.sign(text.as_bytes()).to_bytes())
    }

    /// Signs claims for a purpose.
    ///
    /// # Errors
    /// [`OpError::Store`] when they have no JSON form: a defect.
    pub(crate) fn sign(&self, typ: &str, claims: &impl Serialize) -> Result<String, OpError> {
        let text = jose::sign(typ, self.id.as_str(), claims, &self.key);
        Ok(text.map_err(|_| StoreError::Inconsistent("claims"))?)
    }
}

/// A key as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    pub id: String,
    /// When it was made.
    pub created_at: Timestamp,
    /// Since when nothing is signed with it any more.
    pub retired_at: Option<Timestamp>,
}

async fn make(tx: &mut Tx, sources: &Sources) -> Result<Signer, OpError> {
    let secret = sources.random::<32>();
    let key = SigningKey::from_bytes(&secret);
    let public = key.verifying_key();
    let id = jose::thumbprint(&public);
    let stored = Stored {
        id: id.clone(),
        public_key: signed::key_text(public.as_bytes()),
        created_at: sources.now(),
        retired_at: None,
    };
    let private = signed::key_text(&secret).into();
    store::instance::signing_keys::insert(tx, &stored, &private).await?;
    Ok(Signer { id, key })
}

/// The key that is signed with; it is made where there is none.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn signer(tx: &mut Tx, sources: &Sources) -> Result<Signer, OpError> {
    let Some((id, private)) = store::instance::signing_keys::in_use(tx).await? else {
        return make(tx, sources).await;
    };
    let key = signed::private_key(private.expose());
    let key = key.map_err(|_| StoreError::Inconsistent("signing_keys.private_key"))?;
    Ok(Signer { id, key })
}

/// The public halves of the keys that something in force may be signed with, the newest first.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn public(tx: &mut Tx, now: Timestamp) -> Result<Vec<(String, VerifyingKey)>, OpError> {
    told(tx, now, TOLD).await
}

/// The keys by which what lives for so long is believed.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn believed(
    tx: &mut Tx,
    now: Timestamp,
    lifetime: SignedDuration,
) -> Result<BTreeMap<String, VerifyingKey>, OpError> {
    Ok(told(tx, now, lifetime).await?.into_iter().collect())
}

async fn told(
    tx: &mut Tx,
    now: Timestamp,
    lifetime: SignedDuration,
) -> Result<Vec<(String, VerifyingKey)>, OpError> {
    let stored = store::instance::signing_keys::all(tx).await?;
    let stored = stored
        .into_iter()
        .filter(|key| key.retired_at.is_none_or(|at| now < later(at, lifetime)));
    stored
        .map(|key| {
            let public = signed::public_key(&key.public_key);
            let public = public.map_err(|_| StoreError::Inconsistent("signing_keys.public_key"))?;
            Ok((key.id, public))
        })
        .collect()
}

/// The public keys as machines read them (RFC 7517).
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn key_set(tx: &mut Tx, sources: &Sources) -> Result<JwkSet, OpError> {
    let keys = public(tx, sources.now()).await?;
    let keys = keys.iter().map(|(id, key)| Jwk::new(id.as_str(), key));
    Ok(JwkSet { keys: keys.collect() })
}

/// The public keys, for everybody.
///
/// # Errors
/// [`OpError::Store`].
pub async fn jwks(store: &Store) -> Result<JwkSet, OpError> {
    let known = {
        let mut tx = store.begin_read().await?;
        key_set(&mut tx, &store.sources).await?
    };
    if !known.keys.is_empty() {
        return Ok(known);
    }
    in_transaction!(store, |tx| {
        signer(&mut tx, &store.sources).await?;
        key_set(&mut tx, &store.sources).await
    })
}

/// Every key, the newest first, for operators.
///
/// # Errors
/// [`OpError::Store`].
pub async fn list(store: &Store) -> Result<Vec<KeyRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let row = |key: Stored| KeyRow {
        id: key.id,
        created_at: key.created_at,
        retired_at: key.retired_at,
    };
    let keys = store::instance::signing_keys::all(&mut tx).await?;
    Ok(keys.into_iter().map(row).collect())
}

/// Makes a new key to sign with. The private half of the old one is forgotten; its public half is told until everything
/// that was signed with it has expired. Returns the id of the new one.
///
/// # Errors
/// [`OpError::Store`].
pub async fn rotate(store: &Store) -> Result<String, OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        store::instance::signing_keys::retire_all(&mut tx, now).await?;
        store::instance::signing_keys::tidy(&mut tx, earlier(now, TOLD)).await?;
        Ok(make(&mut tx, &store.sources).await?.id)
    })
}
