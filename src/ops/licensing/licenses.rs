//! Activating licences of tickets in containers, and getting them back (S8).

use std::collections::BTreeSet;

use domain::{
    access::{self, Actor, Authorized, Denied, LicenseRelease},
    history::events::{EventKind, OPERATOR},
    ids::{ActivationId, ContainerId, LicenseId, TicketId, UserId},
    licensing::{
        devices::{ActivationState, Stage},
        licenses::Standing,
    },
    refusals::Refusal,
};

use crate::{
    ops::{OpError, actor, idempotency, transactions::in_transaction},
    store::{
        self, Store, Tx,
        history::events::Entry,
        licensing::{
            containers::Container,
            licenses::{Activation, Granted},
        },
        tickets::Ticket,
    },
    views::licensing::licenses::{LicenseDetail, Unit},
};

/// Most activations in one operation.
pub const MAX_ACTIVATIONS: usize = 100;

/// The licences of a ticket: what they are, and where each is.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the ticket, or there is none.
pub async fn of_ticket(
    store: &Store,
    reader: UserId,
    ticket: TicketId,
) -> Result<Vec<LicenseDetail>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let mut found = store::tickets::seen_by_ids(&mut tx, &actor, &[ticket]).await?;
    let found = found.remove(&ticket).ok_or(Denied::Hidden)?;
    let activations = store::licensing::licenses::activations_of(&mut tx, ticket).await?;
    let ids: BTreeSet<ContainerId> = activations.iter().map(|running| running.container).collect();
    let ids: Vec<ContainerId> = ids.into_iter().collect();
    let containers = store::licensing::containers::by_ids(&mut tx, &ids).await?;
    let now = store.sources.now();
    let may_withdraw = containers
        .values()
        .next()
        .is_some_and(|container| access::authorize_withdraw(&actor, &found.facts, &container.facts).is_ok());
    let detail = |granted: Granted| {
        let of_license = |running: &&Activation| running.license == granted.license.id;
        let mut units = Vec::new();
        let mut elsewhere = Vec::new();
        for running in activations.iter().filter(of_license) {
            match containers.get(&running.container) {
                Some(container) if actor.reaches_container(&container.facts) => units.push(Unit {
                    activation: running.id,
                    container: running.container,
                    name: container.name.clone(),
                    person: container.person.clone(),
                    quantity: running.quantity,
                    since: running.since,
                    stage: Stage::at(running.custody, container.lost, now),
                }),
                Some(container) => {
                    let stage = Stage::at(running.custody, container.lost, now);
                    elsewhere.push((running.id, running.quantity, stage));
                }
                None => {}
            }
        }
        LicenseDetail {
            standing: granted.standing(now),
            license: granted.license,
            article: granted.article,
            features: granted.features,
            terms: granted.terms,
            units,
            elsewhere,
            may_withdraw,
        }
    };
    let granted = store::licensing::licenses::of_tickets(&mut tx, &[ticket]).await?;
    let granted = granted.into_iter().map(|granted| granted.as_of(now));
    Ok(granted.map(detail).collect())
}

/// A licence with its ticket, whoever sees that. One that does not exist takes as many statements as any other (R12).
///
/// # Errors
/// [`Denied::Hidden`] when there is none.
pub(crate) async fn found_license(tx: &mut Tx, license: LicenseId) -> Result<(Granted, Ticket), OpError> {
    let granted = store::licensing::licenses::by_id(tx, license).await?;
    let of = granted
        .as_ref()
        .map_or(TicketId(store::NOTHING), |granted| granted.ticket);
    let ticket = store::tickets::by_id(tx, of).await?;
    Ok(granted.zip(ticket).ok_or(Denied::Hidden)?)
}

/// A running activation, with all that is judged about it.
pub(crate) struct Running {
    pub(crate) activation: Activation,
    pub(crate) granted: Granted,
    pub(crate) ticket: Ticket,
    pub(crate) container: Container,
}

pub(crate) async fn found_activation(tx: &mut Tx, id: ActivationId) -> Result<Running, OpError> {
    let activation = store::licensing::licenses::running(tx, id).await?;
    let of = activation.as_ref();
    let (license, container) = of.map_or(
        (LicenseId(store::NOTHING), ContainerId(store::NOTHING)),
        |activation| (activation.license, activation.container),
    );
    let found = found_license(tx, license).await;
    let container = crate::ops::licensing::container_access::found(tx, container).await;
    let activation = activation.ok_or(Denied::Hidden)?;
    let ((granted, ticket), container) = (found?, container?);
    Ok(Running {
        activation,
        granted,
        ticket,
        container,
    })
}

/// How many of those that are there; all of them where no number is given.
fn part(quantity: Option<u32>, there: u32) -> Result<u32, Refusal> {
    match quantity {
        None => Ok(there),
        Some(0) => Err(Refusal::Malformed),
        Some(quantity) if quantity > there => Err(Refusal::NotEnough { free: there }),
        Some(quantity) => Ok(quantity),
    }
}

/// Activates so many of a licence in a container. A repetition under the same key changes nothing.
///
/// # Errors
/// [`Refusal::NotEnough`]; [`Refusal::LicenseExpired`], [`Refusal::LicenseSuspended`], [`Refusal::LicenseRevoked`]; the
/// policy's.
pub async fn activate(
    store: &Store,
    by: UserId,
    license: LicenseId,
    container: ContainerId,
    quantity: u32,
    key: &str,
) -> Result<(), OpError> {
    let key = idempotency::key(key)?;
    let what = format!("activate {quantity} {license} {container}");
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_none() {
                let (granted, ticket) = found_license(&mut tx, license).await?;
                // Not asked further about a hidden one (R12).
                if !actor.sees_ticket(&ticket.facts) {
                    Err(Denied::Hidden)?;
                }
                let container = crate::ops::licensing::container_access::found(&mut tx, container).await?;
                let proof = access::authorize_activate(&actor, &ticket.facts, &container.facts)?;
                let now = store.sources.now();
                match granted.standing(now) {
                    Standing::NotYet(_) | Standing::Usable(_) => {}
                    Standing::Expired(_) => Err(Refusal::LicenseExpired)?,
                    Standing::Suspended(_) => Err(Refusal::LicenseSuspended)?,
                    Standing::Revoked(_) => Err(Refusal::LicenseRevoked)?,
                }
                let quantity = part(Some(quantity), granted.free(now))?;
                let id = ActivationId(store.sources.fresh_id());
                store::licensing::licenses::activate(
                    &mut tx,
                    &proof,
                    container.kind,
                    license,
                    quantity,
                    id,
                    now,
                )
                .await?;
                let entry = entry(
                    EventKind::LicenseActivated,
                    by,
                    &ticket,
                    &container,
                    (license, quantity),
                );
                store::history::events::record(&mut tx, &store.sources, entry).await?;
                store::history::events::keep_request(&mut tx, by, key, &what, quantity, now).await?;
            }
            Ok(())
        }
    )
}

fn entry(
    kind: EventKind,
    by: UserId,
    ticket: &Ticket,
    container: &Container,
    license: (LicenseId, u32),
) -> Entry {
    Entry {
        ticket: Some(ticket.facts.id),
        to: Some(ticket.facts.place.owner()),
        was_protected: ticket.facts.protected,
        user: Some(container.facts.user),
        container: Some(container.facts.id),
        license: Some(license),
        ..Entry::new(kind, by)
    }
}

/// Gives so many of an activation back to its ticket; all of them where no number is given.
///
/// # Errors
/// [`Refusal::NoReturnsLeft`]; [`Refusal::NotEnough`]; the policy's.
pub async fn deactivate(
    store: &Store,
    by: UserId,
    activation: ActivationId,
    quantity: Option<u32>,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let running = found_activation(&mut tx, activation).await?;
        let proof = access::authorize_deactivate(&actor, &running.ticket.facts, &running.container.facts)?;
        give_back(store, &mut tx, by, &running, &proof, quantity).await?;
        Ok(())
    })
}

/// Takes an activation back into its ticket, wherever it is.
///
/// # Errors
/// The policy's.
pub async fn withdraw(store: &Store, by: UserId, activation: ActivationId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let running = found_activation(&mut tx, activation).await?;
        let proof = access::authorize_withdraw(&actor, &running.ticket.facts, &running.container.facts)?;
        give_back(store, &mut tx, by, &running, &proof, None).await?;
        Ok(())
    })
}

/// Takes all activated licences of a ticket back before it moves: withdrawn by who may, otherwise given back where the
/// actor reaches the container.
///
/// # Errors
/// [`Refusal::NoReturnsLeft`]; the policy's.
pub(crate) async fn clear(store: &Store, tx: &mut Tx, actor: &Actor, ticket: &Ticket) -> Result<(), OpError> {
    for activation in store::licensing::licenses::activations_of(tx, ticket.facts.id).await? {
        let running = found_activation(tx, activation.id).await?;
        let proof = either_way(actor, &running).map_err(|_| Denied::AdminsOnly)?;
        give_back_at_once(store, tx, actor.user, &running, &proof).await?;
    }
    Ok(())
}

/// Withdrawn by who may, because that counts as no return; otherwise given back.
fn either_way(actor: &Actor, running: &Running) -> Result<Authorized<LicenseRelease>, Denied> {
    let (ticket, container) = (&running.ticket.facts, &running.container.facts);
    access::authorize_withdraw(actor, ticket, container)
        .or_else(|_| access::authorize_deactivate(actor, ticket, container))
}

/// Takes an activation back, in either way, and says how far that has come.
///
/// # Errors
/// [`Refusal::NoReturnsLeft`]; the policy's.
pub(crate) async fn take_back(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    running: &Running,
) -> Result<ActivationState, OpError> {
    let proof = either_way(actor, running)?;
    give_back(store, tx, actor.user, running, &proof, None).await
}

/// What becomes of an activation that is given or taken back. Where a machine holds it, that takes until the machine confirms.
async fn give_back(
    store: &Store,
    tx: &mut Tx,
    by: UserId,
    running: &Running,
    proof: &Authorized<LicenseRelease>,
    quantity: Option<u32>,
) -> Result<ActivationState, OpError> {
    let Running {
        activation,
        granted,
        ticket,
        container,
    } = running;
    let now = store.sources.now();
    let after = activation.custody.take_back(proof.withdrawn, container.lost, now);
    let state = after.map_err(Refusal::from)?.state;
    let counts = !proof.withdrawn && !activation.custody.state.is_leaving();
    if counts && granted.terms.returns_left == Some(0) {
        return Err(Refusal::NoReturnsLeft.into());
    }
    let quantity = part(quantity, activation.quantity)?;
    if activation.custody.signed_until.is_some() && quantity < activation.quantity {
        return Err(Refusal::WholeOnly.into());
    }
    store::licensing::licenses::release(tx, proof, activation, quantity, state, now).await?;
    let left = activation.quantity - quantity;
    store::licensing::leases::revoke_beyond(tx, activation.id, left, now).await?;
    let entry = entry(
        ended(state),
        by,
        ticket,
        container,
        (activation.license, quantity),
    );
    store::history::events::record(tx, &store.sources, entry).await?;
    Ok(state)
}

/// The same, where something else follows in the transaction that cannot wait for a machine.
async fn give_back_at_once(
    store: &Store,
    tx: &mut Tx,
    by: UserId,
    running: &Running,
    proof: &Authorized<LicenseRelease>,
) -> Result<(), OpError> {
    if give_back(store, tx, by, running, proof, None).await?.is_over() {
        Ok(())
    } else {
        Err(Refusal::OnMachine.into())
    }
}

/// What the history says of an activation that came to this state.
const fn ended(state: ActivationState) -> EventKind {
    match state {
        ActivationState::Withdrawn => EventKind::LicenseWithdrawn,
        ActivationState::Replaced => EventKind::LicenseRecovered,
        ActivationState::Returning | ActivationState::Withdrawing => EventKind::LicenseAskedBack,
        _ => EventKind::LicenseDeactivated,
    }
}

/// Records that a machine bound a licence to itself, or gave it back.
pub(crate) async fn record_node(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    node: &store::licensing::leases::Stored,
) -> Result<(), OpError> {
    let (_, ticket) = found_license(tx, node.license).await?;
    let container = crate::ops::licensing::container_access::found(tx, node.container).await?;
    let entry = Entry {
        credential: Some(node.credential),
        ..entry(kind, OPERATOR, &ticket, &container, (node.license, 1))
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Records that a machine gave an activation up, for the history of its ticket.
pub(crate) async fn record_end(
    tx: &mut Tx,
    store: &Store,
    by: UserId,
    (activation, state): (&Activation, ActivationState),
) -> Result<(), OpError> {
    let (_, ticket) = found_license(tx, activation.license).await?;
    let container = crate::ops::licensing::container_access::found(tx, activation.container).await?;
    let license = (activation.license, activation.quantity);
    let entry = entry(ended(state), by, &ticket, &container, license);
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Transfers activations to another container: all of them or none, each given back in one and activated in the other
/// (S8).
///
/// # Errors
/// Like [`deactivate`] and [`activate`].
pub async fn transfer(
    store: &Store,
    by: UserId,
    activations: &[ActivationId],
    to: ContainerId,
) -> Result<(), OpError> {
    let activations: BTreeSet<ActivationId> = activations.iter().copied().collect();
    if activations.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    if activations.len() > MAX_ACTIVATIONS {
        return Err(Refusal::Malformed.into());
    }
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let to = crate::ops::licensing::container_access::found(&mut tx, to).await?;
        // Not asked further about a hidden one (R12).
        if !actor.reaches_container(&to.facts) {
            Err(Denied::Hidden)?;
        }
        for activation in &activations {
            let running = found_activation(&mut tx, *activation).await?;
            transfer_one(store, &mut tx, &actor, &running, &to).await?;
        }
        Ok(())
    })
}

/// Transfers one activation to another container.
///
/// # Errors
/// As [`transfer`].
pub(crate) async fn transfer_one(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    running: &Running,
    to: &Container,
) -> Result<(), OpError> {
    let Running {
        activation,
        granted,
        ticket,
        container,
    } = running;
    let (release, proof) = access::authorize_transfer(actor, &ticket.facts, &container.facts, &to.facts)?;
    let now = store.sources.now();
    // What is too many since there are fewer goes nowhere else.
    let left = granted.license.activated.saturating_sub(activation.quantity);
    part(
        Some(activation.quantity),
        granted.quantity(now).saturating_sub(left),
    )?;
    give_back_at_once(store, tx, actor.user, running, &release).await?;
    let id = ActivationId(store.sources.fresh_id());
    let license = (activation.license, activation.quantity);
    store::licensing::licenses::activate(tx, &proof, to.kind, license.0, license.1, id, now).await?;
    let entry = entry(EventKind::LicenseActivated, actor.user, ticket, to, license);
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}
