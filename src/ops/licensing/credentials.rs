//! Credentials of containers (S10, S11, N8): issued as a file that is shown once, replaced, switched off, taken back.

use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::{
    access::{Authorized, ContainerChange, Denied},
    history::events::EventKind,
    ids::{ContainerId, CredentialId, UserId},
    licensing::{
        containers::ContainerKind,
        credentials::{
            CredentialState, CredentialTimes, InvalidCredential, MAX_CREDENTIALS, expiry, overlap,
        },
    },
    names::clean_name,
    refusals::Refusal,
};
use ed25519_dalek::SigningKey;
use jiff::Timestamp;
use jose::Jwk;
use serde::Serialize;

use crate::{
    ops::{
        OpError, actor,
        instance::{signed, signing_keys},
        licensing::container_access::permitted,
        readers,
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx,
        history::events::Entry,
        licensing::{containers::Container, credentials::Credential},
        visibility::VisibilityScope,
    },
    views::licensing::credentials::CredentialRow,
};

/// What a credential file says that it is.
pub const FORMAT: &str = "license-portal/credential@1";
/// How many of the revoked ones are listed.
const LISTED: i64 = 20;
/// What stands before the 32 bytes of an Ed25519 key in PKCS#8 (RFC 8410, section 7).
const PKCS8: [u8; 16] = [
    0x30, 0x2e, 0x02, 0x01, 0x00, 0x30, 0x05, 0x06, 0x03, 0x2b, 0x65, 0x70, 0x04, 0x22, 0x04, 0x20,
];

/// A credential file. Its text is a secret; the portal does not keep it.
pub struct CredentialFile {
    /// What it may be called: container and label.
    pub name: String,
    /// What stands in it: JSON.
    pub text: String,
}

#[derive(Serialize)]
struct Content<'a> {
    format: &'static str,
    portal: &'a str,
    container: String,
    name: String,
    key_id: String,
    private_key: String,
    portal_keys: Vec<Jwk>,
}

/// A credential, its container, and the proof.
async fn permitted_credential(
    tx: &mut Tx,
    by: UserId,
    credential: CredentialId,
) -> Result<(Credential, Container, Authorized<ContainerChange>), OpError> {
    let credential = store::licensing::credentials::by_id(tx, credential).await?;
    // Asked for whether there is a credential or not (R12).
    let of = credential
        .as_ref()
        .map_or(ContainerId(store::NOTHING), |found| found.container);
    let (container, proof) = permitted(tx, by, of).await?;
    Ok((credential.ok_or(Denied::Hidden)?, container, proof))
}

/// The credentials of a container: those that are not revoked, then the last revoked ones, each the newest first.
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn list(
    store: &Store,
    reader: UserId,
    container: ContainerId,
) -> Result<Vec<CredentialRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let (_, proof) = permitted(&mut tx, reader, container).await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let now = store.sources.now();
    let mut rows = Vec::new();
    for credential in store::licensing::credentials::of_container(&mut tx, &proof, LISTED).await? {
        rows.push(CredentialRow {
            id: credential.id,
            issued_by: readers::person(&mut tx, &visibility, credential.issued_by).await?,
            label: credential.label,
            issued_at: credential.issued_at,
            expires_at: credential.times.expires_at,
            last_used_at: credential.last_used_at,
            state: credential.times.state(now),
        });
    }
    Ok(rows)
}

/// A new key pair for the container: its public half is written, its private one stands in the file.
async fn make(
    tx: &mut Tx,
    store: &Store,
    url: &str,
    (container, proof): (&Container, &Authorized<ContainerChange>),
    label: &str,
    days: Option<u32>,
) -> Result<(CredentialId, CredentialFile), OpError> {
    if container.kind != ContainerKind::Cloud {
        return Err(Refusal::OtherKind.into());
    }
    let now = store.sources.now();
    let expires_at = expiry(now, days).map_err(Refusal::from)?;
    if store::licensing::credentials::count(tx, proof).await? >= MAX_CREDENTIALS {
        Err(Refusal::from(InvalidCredential::TooMany))?;
    }
    let secret = store.sources.random::<32>();
    let public = SigningKey::from_bytes(&secret).verifying_key();
    let id = CredentialId(store.sources.fresh_id());
    let public = signed::key_text(public.as_bytes());
    store::licensing::credentials::insert(tx, proof, id, label, &public, expires_at, now).await?;
    // So that there is a key to be told.
    signing_keys::signer(tx, &store.sources).await?;
    let content = Content {
        format: FORMAT,
        portal: url,
        container: container.facts.id.to_string(),
        name: format!("{} / {label}", container.name),
        key_id: id.to_string(),
        private_key: pem(&secret),
        portal_keys: signing_keys::key_set(tx, &store.sources).await?.keys,
    };
    let text =
        serde_json::to_string_pretty(&content).map_err(|_| StoreError::Inconsistent("credentials.label"))?;
    let name = format!("{}-{label}.credential.json", container.name);
    Ok((id, CredentialFile { name, text }))
}

/// PKCS#8 in PEM (RFC 8410, section 10.3): the 48 bytes fit on one line.
fn pem(secret: &[u8; 32]) -> String {
    let der = [PKCS8.as_slice(), secret.as_slice()].concat();
    format!(
        "-----BEGIN PRIVATE KEY-----\n{}\n-----END PRIVATE KEY-----\n",
        STANDARD.encode(der)
    )
}

async fn record(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    proof: &Authorized<ContainerChange>,
    credential: Option<CredentialId>,
) -> Result<(), OpError> {
    let entry = Entry {
        container: Some(proof.container),
        credential,
        ..Entry::new(kind, proof.by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// What becomes of the other credentials of a container when one is issued.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Others {
    /// They stay as they are.
    Stay,
    /// They are taken back, like by [`reset`].
    End,
}

/// Issues a credential; it expires after so many days, if any. The file is shown this once. `url` is the address of the
/// portal, for machines.
///
/// # Errors
/// [`Denied::Hidden`]; [`Refusal::InvalidName`] about the label; [`InvalidCredential::Days`], [`InvalidCredential::TooMany`].
/// Nothing is taken back then.
pub async fn issue(
    store: &Store,
    url: &str,
    by: UserId,
    container: ContainerId,
    (label, days): (&str, Option<u32>),
    others: Others,
) -> Result<CredentialFile, OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (container, proof) = permitted(&mut tx, by, container).await?;
        let label = clean_name(label).map_err(Refusal::from)?;
        let kind = match others {
            Others::Stay => EventKind::CredentialIssued,
            Others::End => {
                revoke_all(&mut tx, store, &proof).await?;
                EventKind::CredentialsReset
            }
        };
        let (id, file) = make(&mut tx, store, url, (&container, &proof), &label, days).await?;
        record(&mut tx, store, kind, &proof, Some(id)).await?;
        Ok(file)
    })
}

/// Replaces a credential of a container by a new one with the same label. The old one stays good for so many days of overlap, never longer
/// than it would anyway; with none it ends at once.
///
/// # Errors
/// [`Denied::Hidden`]; [`InvalidCredential`].
pub async fn rotate(
    store: &Store,
    url: &str,
    by: UserId,
    of: ContainerId,
    credential: CredentialId,
    overlap_days: u32,
    days: Option<u32>,
) -> Result<CredentialFile, OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (old, container, proof) = permitted_credential(&mut tx, by, credential).await?;
        if proof.container != of {
            Err(Denied::Hidden)?;
        }
        let now = store.sources.now();
        not_over(&old, now)?;
        let end = overlap(now, overlap_days, old.times.expires_at).map_err(Refusal::from)?;
        let (_, file) = make(&mut tx, store, url, (&container, &proof), &old.label, days).await?;
        let times = CredentialTimes {
            expires_at: Some(end),
            ..old.times
        };
        store::licensing::credentials::set_times(&mut tx, &proof, old.id, times).await?;
        record(&mut tx, store, EventKind::CredentialRotated, &proof, Some(old.id)).await?;
        Ok(file)
    })
}

fn not_over(credential: &Credential, now: Timestamp) -> Result<(), Refusal> {
    match credential.times.state(now) {
        CredentialState::Revoked | CredentialState::Expired => Err(InvalidCredential::Over.into()),
        CredentialState::Active | CredentialState::Disabled => Ok(()),
    }
}

/// Switches a credential on or off: then it is refused from now on. Leases that were acquired with it end by themselves,
/// because they cannot be renewed. Again, it changes nothing.
///
/// # Errors
/// [`Denied::Hidden`]; [`InvalidCredential::Over`].
pub async fn switch(store: &Store, by: UserId, credential: CredentialId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (found, _, proof) = permitted_credential(&mut tx, by, credential).await?;
        let now = store.sources.now();
        not_over(&found, now)?;
        if found.times.disabled_at.is_none() == on {
            return Ok(());
        }
        let times = CredentialTimes {
            disabled_at: (!on).then_some(now),
            ..found.times
        };
        store::licensing::credentials::set_times(&mut tx, &proof, credential, times).await?;
        let kind = if on {
            EventKind::CredentialEnabled
        } else {
            EventKind::CredentialDisabled
        };
        record(&mut tx, store, kind, &proof, Some(credential)).await
    })
}

/// Takes a credential back for good, with the leases that were acquired with it. Only what was disabled, or has expired: so
/// what still needs it is found while that can be undone. Again, it changes nothing.
///
/// # Errors
/// [`Denied::Hidden`]; [`InvalidCredential::NotDisabled`].
pub async fn revoke(store: &Store, by: UserId, credential: CredentialId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (found, _, proof) = permitted_credential(&mut tx, by, credential).await?;
        let now = store.sources.now();
        match found.times.state(now) {
            CredentialState::Revoked => return Ok(()),
            CredentialState::Active => Err(Refusal::from(InvalidCredential::NotDisabled))?,
            CredentialState::Disabled | CredentialState::Expired => {}
        }
        let times = CredentialTimes {
            revoked_at: Some(now),
            ..found.times
        };
        store::licensing::credentials::set_times(&mut tx, &proof, credential, times).await?;
        store::licensing::leases::revoke_of(&mut tx, &proof, credential, now).await?;
        record(
            &mut tx,
            store,
            EventKind::CredentialRevoked,
            &proof,
            Some(credential),
        )
        .await
    })
}

pub(crate) async fn revoke_all(
    tx: &mut Tx,
    store: &Store,
    proof: &Authorized<ContainerChange>,
) -> Result<(), OpError> {
    let now = store.sources.now();
    store::licensing::credentials::revoke_all(tx, proof, now).await?;
    Ok(store::licensing::leases::revoke_all(tx, proof, now).await?)
}

/// Takes all credentials of a container back at once, with all that its machines use (S10).
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn reset(store: &Store, by: UserId, container: ContainerId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (_, proof) = permitted(&mut tx, by, container).await?;
        take_all_back(&mut tx, store, &proof).await
    })
}

/// Takes all credentials of a container back, and records it.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn take_all_back(
    tx: &mut Tx,
    store: &Store,
    proof: &Authorized<ContainerChange>,
) -> Result<(), OpError> {
    revoke_all(tx, store, proof).await?;
    record(tx, store, EventKind::CredentialsReset, proof, None).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn private_keys_are_written_as_rfc_8410_does() {
        // The key of section 10.3.
        let secret = [
            0xd4, 0xee, 0x72, 0xdb, 0xf9, 0x13, 0x58, 0x4a, 0xd5, 0xb6, 0xd8, 0xf1, 0xf7, 0x69, 0xf8, 0xad,
            0x3a, 0xfe, 0x7c, 0x28, 0xcb, 0xf1, 0xd4, 0xfb, 0xe0, 0x97, 0xa8, 0x8f, 0x44, 0x75, 0x58, 0x42,
        ];
        assert_eq!(
            pem(&secret),
            "-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2VwBCIEINTuctv5E1hK1bbY8fdp+K06/nwoy/HU++CXqI9EdVhC\n-----END PRIVATE KEY-----\n"
        );
    }
}
