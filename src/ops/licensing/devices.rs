//! The exchange with machines that have no network (N10): a setup for them, an update as the answer to each request, and
//! what their receipts confirm. And what becomes of those that are lost.

use std::collections::BTreeSet;

use domain::{
    access::{Authorized, ContainerChange},
    history::events::EventKind,
    ids::{ContainerId, UserId},
    licensing::{
        devices::{Answer, Asked, DEVICE_LIFETIME, InvalidExchange, MAX_HARDWARE, MAX_HOST},
        licenses::Standing,
    },
    refusals::Refusal,
    time::later,
};
use jiff::Timestamp;
use jose::{
    InvalidToken,
    offline::{self, Held, Receipt, Request, Setup, Update},
    thumbprint,
};

use crate::{
    ops::{
        OpError,
        instance::{restoration, signing_keys},
        licensing::{container_access::permitted, coverage::shared, licenses},
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx,
        history::events::Entry,
        licensing::{containers::Container, devices::Stored},
    },
};

/// Longest request or receipt that is looked at, in bytes.
const MAX_TEXT: usize = 16 * 1024;
/// Length of a nonce: 128 bits in base64url.
const NONCE: usize = 22;

/// What a text of a machine led to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exchanged {
    /// A request: there is an update for the machine.
    Updated,
    /// A receipt: the machine holds what it got, and nothing else.
    Confirmed,
}

impl From<InvalidToken> for OpError {
    fn from(reason: InvalidToken) -> Self {
        let why = match reason {
            InvalidToken::BadSignature => InvalidExchange::Altered,
            _ => InvalidExchange::Unreadable,
        };
        Self::Refused(why.into())
    }
}

fn invalid(why: InvalidExchange) -> OpError {
    Refusal::from(why).into()
}

fn entry(kind: EventKind, by: UserId, container: &Container) -> Entry {
    Entry {
        user: Some(container.facts.user),
        container: Some(container.facts.id),
        ..Entry::new(kind, by)
    }
}

/// A container that is a machine.
async fn machine(
    tx: &mut Tx,
    by: UserId,
    id: ContainerId,
) -> Result<(Container, Authorized<ContainerChange>, Stored), OpError> {
    let (container, proof) = permitted(tx, by, id).await?;
    let stored = store::licensing::devices::of_container(tx, id).await?;
    Ok((container, proof, stored.ok_or(Refusal::OtherKind)?))
}

/// What a machine is set up with, as JSON, and what the file may be called.
///
/// # Errors
/// [`Denied::Hidden`](domain::access::Denied::Hidden); [`Refusal::OtherKind`].
pub async fn setup(
    store: &Store,
    url: &str,
    by: UserId,
    container: ContainerId,
) -> Result<(String, String), OpError> {
    in_transaction!(store, |tx| {
        let (container, _, stored) = machine(&mut tx, by, container).await?;
        // So that there is a key to be told.
        signing_keys::signer(&mut tx, &store.sources).await?;
        let setup = Setup {
            format: offline::SETUP.to_owned(),
            portal: url.to_owned(),
            container: container.facts.id.to_string(),
            name: container.name.clone(),
            hardware: stored.device.hardware,
            portal_keys: signing_keys::key_set(&mut tx, &store.sources).await?.keys,
        };
        let text =
            serde_json::to_string_pretty(&setup).map_err(|_| StoreError::Inconsistent("containers.name"))?;
        Ok((format!("{}.setup.json", container.name), text))
    })
}

/// The last update for a machine, and what the file may be called.
///
/// # Errors
/// [`Denied::Hidden`](domain::access::Denied::Hidden); [`Refusal::OtherKind`]; [`InvalidExchange::NotExpected`] where
/// there is none.
pub async fn update(store: &Store, by: UserId, container: ContainerId) -> Result<(String, String), OpError> {
    let mut tx = store.begin_read().await?;
    let (container, _, stored) = machine(&mut tx, by, container).await?;
    let (text, _) = stored
        .update
        .ok_or_else(|| invalid(InvalidExchange::NotExpected))?;
    Ok((format!("{}.update.jwt", container.name), text))
}

/// Whether that person may exchange anything for the container: before a file is read, which is dear.
///
/// # Errors
/// [`Denied::Hidden`](domain::access::Denied::Hidden); [`Refusal::OtherKind`].
pub async fn expect(store: &Store, by: UserId, container: ContainerId) -> Result<(), OpError> {
    let mut tx = store.begin_read().await?;
    machine(&mut tx, by, container).await?;
    Ok(())
}

/// Takes a request or a receipt of the machine that a container is. The same one again changes nothing.
///
/// # Errors
/// [`InvalidExchange`]; [`Refusal::OtherKind`]; the policy's.
pub async fn exchange(
    store: &Store,
    url: &str,
    by: UserId,
    container: ContainerId,
    text: &str,
) -> Result<Exchanged, OpError> {
    let text = text.trim();
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let found = machine(&mut tx, by, container).await?;
        if text.len() > MAX_TEXT {
            return Err(invalid(InvalidExchange::Unreadable));
        }
        if Receipt::is_meant(text) {
            confirm(&mut tx, store, url, by, found, text).await
        } else {
            answer(&mut tx, store, url, by, found, Request::open(text)?).await
        }
    })
}

async fn answer(
    tx: &mut Tx,
    store: &Store,
    url: &str,
    by: UserId,
    (container, proof, stored): (Container, Authorized<ContainerChange>, Stored),
    request: Request,
) -> Result<Exchanged, OpError> {
    let asked = Asked {
        key: &request.key,
        hardware: &request.hardware,
        number: request.number,
        nonce: &request.nonce,
    };
    let fits = |text: &str, most: usize| {
        (1..=most).contains(&text.chars().count()) && !text.chars().any(char::is_control)
    };
    if !fits(asked.hardware, MAX_HARDWARE) || !fits(&request.host, MAX_HOST) || asked.nonce.len() != NONCE {
        return Err(invalid(InvalidExchange::Unreadable));
    }
    if request.aud != url || request.sub != container.facts.id.to_string() {
        return Err(invalid(InvalidExchange::Foreign));
    }
    if stored.device.judge(&asked).map_err(Refusal::from)? == Answer::Again {
        return Ok(Exchanged::Updated);
    }
    if store::licensing::devices::is_elsewhere(tx, asked.key, container.facts.id).await? {
        return Err(invalid(InvalidExchange::Foreign));
    }
    let now = store.sources.now();
    let id = store.sources.fresh_id();
    let licenses = collected(tx, &proof, id, now).await?;
    let key = offline::key_of(asked.key).ok_or_else(|| invalid(InvalidExchange::Unreadable))?;
    let update = Update {
        iss: url.to_owned(),
        sub: request.sub.clone(),
        device: thumbprint(&key),
        hardware: request.hardware.clone(),
        nonce: request.nonce.clone(),
        jti: id.to_string(),
        iat: now.into(),
        exp: later(now, DEVICE_LIFETIME).into(),
        keys: signing_keys::key_set(tx, &store.sources).await?.keys,
        licenses,
    };
    let signer = signing_keys::signer(tx, &store.sources).await?;
    let text = signer.sign(offline::UPDATE, &update)?;
    store::licensing::devices::answer(tx, &proof, &asked, &request.host, (id, &text), now).await?;
    store::history::events::record(
        tx,
        &store.sources,
        entry(EventKind::MachineUpdated, by, &container),
    )
    .await?;
    Ok(Exchanged::Updated)
}

/// What goes into an update. What other machines still hold does not, although it was given to this one: it can be collected
/// when they have let go of it.
async fn collected(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    update: i64,
    now: Timestamp,
) -> Result<Vec<Held>, OpError> {
    let mut licenses = Vec::new();
    for (activation, granted) in store::licensing::licenses::activations_in(tx, proof.container).await? {
        let validity = granted.timeline.at(now).validity;
        let (nbf, until) = match granted.standing(now) {
            Standing::Expired(_) | Standing::Suspended(_) | Standing::Revoked(_) => continue,
            Standing::Usable(until) => (None, until),
            Standing::NotYet(from) => (Some(from.into()), validity.end(granted.started)),
        };
        let before = activation.custody;
        if !before.is_held(now) {
            // An update without it would take it from the machine that may hold it already.
            if restoration::is_held(tx, granted.terms.binding, now)
                .await?
                .is_some()
            {
                return Err(invalid(InvalidExchange::Restored));
            }
            let held = store::licensing::leases::held(tx, granted.license.id, now).await?;
            if held.saturating_add(activation.quantity) > granted.quantity(now) {
                continue;
            }
        }
        // What is too many, the youngest lose first, and machines as a whole.
        if granted.license.activated > granted.quantity(now) {
            let parts = store::licensing::holdings::parts(tx, granted.license.id, now).await?;
            let counts = shared(granted.quantity(now), &parts);
            let of_this = parts
                .iter()
                .zip(counts)
                .find(|(part, _)| part.activation == activation.id);
            if of_this.is_none_or(|(part, counts)| counts < part.quantity) {
                continue;
            }
        }
        // Over the seam of a renewal, and not beyond a moment from which fewer are granted.
        let until = match granted.timeline.recorded() {
            [] => until,
            _ => granted.timeline.next_decrease(now),
        };
        let until = until.unwrap_or(Timestamp::MAX).min(later(now, DEVICE_LIFETIME));
        let Some(custody) = before.collect(until).map_err(Refusal::from)? else {
            continue;
        };
        store::licensing::licenses::collect(tx, proof, &activation, custody, update).await?;
        licenses.push(Held {
            id: activation.id.to_string(),
            article: granted.article,
            product: granted.license.product.en,
            features: granted.features,
            quantity: activation.quantity,
            nbf,
            exp: until.into(),
        });
    }
    Ok(licenses)
}

async fn confirm(
    tx: &mut Tx,
    store: &Store,
    url: &str,
    by: UserId,
    (container, proof, stored): (Container, Authorized<ContainerChange>, Stored),
    text: &str,
) -> Result<Exchanged, OpError> {
    let key = stored.device.key.as_deref().and_then(offline::key_of);
    let key = key.ok_or_else(|| invalid(InvalidExchange::NotExpected))?;
    let receipt = Receipt::open(text, &key).map_err(|reason| match reason {
        // Signed by another machine, or altered: without its key, that cannot be told.
        InvalidToken::BadSignature => invalid(InvalidExchange::Altered),
        other => other.into(),
    })?;
    if receipt.aud != url || receipt.sub != container.facts.id.to_string() {
        return Err(invalid(InvalidExchange::Foreign));
    }
    let update: i64 = receipt
        .update
        .parse()
        .map_err(|_| invalid(InvalidExchange::Unreadable))?;
    stored.device.expects(update).map_err(Refusal::from)?;
    if stored.confirmed_at.is_some() {
        return Ok(Exchanged::Confirmed);
    }
    let held: BTreeSet<&str> = receipt.held.iter().map(String::as_str).collect();
    let now = store.sources.now();
    for (activation, _) in store::licensing::licenses::activations_in(tx, container.facts.id).await? {
        let in_update = activation.update == Some(update);
        let is_held = held.contains(activation.id.to_string().as_str());
        let after = activation
            .custody
            .confirm(in_update, is_held)
            .map_err(Refusal::from)?;
        if after != activation.custody {
            store::licensing::licenses::confirm(tx, &proof, &activation, after.state, now).await?;
            if after.state.is_over() {
                licenses::record_end(tx, store, by, (&activation, after.state)).await?;
            }
        }
    }
    store::licensing::devices::confirm(tx, &proof, now).await?;
    store::history::events::record(
        tx,
        &store.sources,
        entry(EventKind::MachineConfirmed, by, &container),
    )
    .await?;
    Ok(Exchanged::Confirmed)
}

/// Reports a machine lost, or found again. From a lost one nothing is taken, and its licences can be recovered: when what it
/// holds has expired, or at once by who may withdraw them. Again, it changes nothing.
///
/// # Errors
/// [`Refusal::OtherKind`]; the policy's.
pub async fn set_lost(store: &Store, by: UserId, container: ContainerId, lost: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (container, proof, stored) = machine(&mut tx, by, container).await?;
        if stored.device.lost == lost {
            return Ok(());
        }
        store::licensing::devices::set_lost(&mut tx, &proof, lost.then(|| store.sources.now())).await?;
        let kind = if lost {
            EventKind::MachineLost
        } else {
            EventKind::MachineFound
        };
        Ok(store::history::events::record(&mut tx, &store.sources, entry(kind, by, &container)).await?)
    })
}
