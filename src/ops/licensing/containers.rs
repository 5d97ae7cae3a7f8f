//! Containers (S9): within whose reach they are, and what is in them.

use domain::{
    access::{self, Denied},
    groups::Lineage,
    history::events::EventKind,
    ids::{ContainerId, TicketId, UserId},
    licensing::{
        containers::{ContainerKind, MAX_CONTAINERS},
        devices::{ActivationState, MAX_HARDWARE, Stage},
    },
    names::clean_name,
    refusals::Refusal,
    tickets::owners::Owner,
};
use jiff::Timestamp;
use qrcode::EcLevel;

use crate::{
    ops::{
        OpError, actor, idempotency,
        licensing::{
            container_access::{found, permitted},
            credentials, qr_codes,
        },
        readers::Names,
        transactions::in_transaction,
    },
    store::{
        self, Store,
        history::events::Entry,
        licensing::{containers::Container, devices::Stored},
        visibility::VisibilityScope,
    },
    views::licensing::{
        containers::{ContainerDetail, ContainerLicense, ContainerPage, ContainerQuery, ContainerRow},
        devices::{Machine, UpdateDetail},
    },
};

/// Beyond this nobody turns pages; a search is the way.
const MAX_PAGE: u32 = 10_000;
/// Longest update, in bytes, that becomes a picture: cameras do not read those with more squares.
const MAX_PICTURE: usize = 1800;

pub(crate) fn row(visibility: &VisibilityScope, names: &Names, container: Container) -> ContainerRow {
    let visible = |context: &Lineage| visibility.visible(context).is_some();
    let context = container
        .facts
        .context
        .as_ref()
        .filter(|context| visible(context));
    ContainerRow {
        id: container.facts.id,
        name: container.name,
        kind: container.kind,
        user: container.facts.user,
        person: container.person,
        context: context.map(|context| (context.group(), names.path(visibility, context))),
    }
}

/// The containers within the reader's reach, by the names of their people.
///
/// # Errors
/// [`OpError`].
pub async fn list(store: &Store, reader: UserId, query: &ContainerQuery) -> Result<ContainerPage, OpError> {
    let query = ContainerQuery {
        search: query.search.chars().take(100).collect(),
        page: query.page.min(MAX_PAGE),
        ..query.clone()
    };
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let (containers, total) = store::licensing::containers::page(&mut tx, &visibility, &query).await?;
    let contexts = containers
        .iter()
        .filter_map(|container| container.facts.context.as_ref());
    let names = Names::of(&mut tx, &visibility, contexts).await?;
    let rows = containers
        .into_iter()
        .map(|container| row(&visibility, &names, container))
        .collect();
    Ok(ContainerPage { rows, total })
}

/// A container, with what is activated in it as far as the reader may know.
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn detail(store: &Store, reader: UserId, id: ContainerId) -> Result<ContainerDetail, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let container = found(&mut tx, id).await?;
    access::authorize_container(visibility.actor(), &container.facts)?;
    let in_it = store::licensing::licenses::activations_in(&mut tx, id).await?;
    let tickets: Vec<TicketId> = in_it.iter().map(|(_, granted)| granted.ticket).collect();
    let tickets = store::tickets::by_ids(&mut tx, &tickets).await?;
    let now = store.sources.now();
    let machine = store::licensing::devices::of_container(&mut tx, id).await?;
    let last = machine.as_ref().and_then(|machine| machine.device.update);
    let outdated = in_it.iter().any(|(running, _)| {
        let state = running.custody.state;
        state == ActivationState::Assigned || state.is_leaving() && running.update == last
    });
    let in_use = store::licensing::leases::in_use(&mut tx, id, now).await?;
    let mut activations = Vec::new();
    for (running, granted) in in_it {
        let Some(ticket) = tickets.get(&granted.ticket) else {
            continue;
        };
        if !visibility
            .actor()
            .sees_activation(&ticket.facts, &container.facts)
        {
            continue;
        }
        let standing = granted.standing(now);
        activations.push(ContainerLicense {
            activation: running.id,
            license: running.license,
            product: granted.license.product,
            article: granted.article,
            quantity: running.quantity,
            in_use: in_use.get(&running.id).copied().unwrap_or(0),
            since: running.since,
            stage: Stage::at(running.custody, container.lost, now),
            may_withdraw: access::authorize_withdraw(visibility.actor(), &ticket.facts, &container.facts)
                .is_ok(),
            binding: granted.terms.binding,
            standing,
            ticket: visibility
                .actor()
                .sees_ticket(&ticket.facts)
                .then(|| (ticket.facts.id, ticket.code.clone())),
        });
    }
    let names = Names::of(&mut tx, &visibility, container.facts.context.as_ref()).await?;
    Ok(ContainerDetail {
        row: row(&visibility, &names, container),
        machine: machine.map(|machine| shown(machine, outdated)),
        activations,
    })
}

fn shown(stored: Stored, outdated: bool) -> Machine {
    let confirmed_at = stored.confirmed_at;
    let detail = |(text, at): (String, Timestamp)| UpdateDetail {
        at,
        confirmed_at,
        outdated,
        picture: Some(text)
            .filter(|text| text.len() <= MAX_PICTURE)
            .and_then(|text| qr_codes::picture(&text, EcLevel::L)),
    };
    Machine {
        hardware: stored.device.hardware,
        host: stored.host,
        bound_at: stored.bound_at,
        lost_at: stored.lost_at,
        update: stored.update.map(detail),
    }
}

/// A new container.
#[derive(Debug, Clone, Copy)]
pub struct NewContainer<'a> {
    /// What it is.
    pub kind: ContainerKind,
    /// Serial number of a dongle; nothing for others.
    pub serial: &'a str,
    pub name: &'a str,
}

/// Makes a container for a person. A repetition under the same key makes no other one.
///
/// # Errors
/// [`Refusal::InvalidName`], [`Refusal::InvalidSerial`]; the policy's.
pub async fn create(
    store: &Store,
    by: UserId,
    of: Owner,
    new: NewContainer<'_>,
    key: &str,
) -> Result<ContainerId, OpError> {
    let key = idempotency::key(key)?;
    let name = clean_name(new.name).map_err(Refusal::from)?;
    let serial = match new.kind {
        ContainerKind::Cloud | ContainerKind::Device => None,
        ContainerKind::Dongle => Some(serial(new.serial)?),
    };
    let id = ContainerId(store.sources.fresh_id());
    // What is kept of the request ends with the id of what it made.
    let asked = format!("{} {of} {} {name} ", new.kind, serial.unwrap_or_default());
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            let actor = actor(&mut tx, by).await?;
            let of = store::tickets::place(&mut tx, of).await?.ok_or(Denied::Hidden)?;
            let proof = access::authorize_create_container(&actor, &of)?;
            match store::history::events::request(&mut tx, by, key).await? {
                Some((what, _)) => {
                    let made = what.strip_prefix(&asked).and_then(|id| id.parse().ok());
                    made.ok_or_else(|| Refusal::KeyReused.into())
                }
                None => {
                    let has = store::licensing::containers::count_of(&mut tx, proof.user).await?;
                    if has >= MAX_CONTAINERS {
                        return Err(Refusal::TooManyContainers.into());
                    }
                    let now = store.sources.now();
                    store::licensing::containers::insert(&mut tx, &proof, id, new.kind, serial, &name, now)
                        .await?;
                    let entry = Entry {
                        user: Some(proof.user),
                        container: Some(id),
                        ..Entry::new(EventKind::ContainerCreated, by)
                    };
                    store::history::events::record(&mut tx, &store.sources, entry).await?;
                    store::history::events::keep_request(&mut tx, by, key, &format!("{asked}{id}"), 1, now)
                        .await?;
                    Ok(id)
                }
            }
        }
    )
}

fn serial(text: &str) -> Result<&str, Refusal> {
    let text = text.trim();
    if idempotency::is_visible(text, &(1..=MAX_HARDWARE)) {
        Ok(text)
    } else {
        Err(Refusal::InvalidSerial)
    }
}

/// Removes a container in which nothing is activated, with all its credentials.
///
/// # Errors
/// [`Refusal::ContainerNotEmpty`]; the policy's.
pub async fn remove(store: &Store, by: UserId, id: ContainerId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (container, proof) = permitted(&mut tx, by, id).await?;
        if !store::licensing::licenses::activations_in(&mut tx, id)
            .await?
            .is_empty()
        {
            Err(Refusal::ContainerNotEmpty)?;
        }
        credentials::revoke_all(&mut tx, store, &proof).await?;
        store::licensing::containers::remove(&mut tx, &proof, store.sources.now()).await?;
        let entry = Entry {
            user: Some(container.facts.user),
            container: Some(id),
            ..Entry::new(EventKind::ContainerRemoved, by)
        };
        Ok(store::history::events::record(&mut tx, &store.sources, entry).await?)
    })
}

/// Gives a container another name.
///
/// # Errors
/// [`Refusal::InvalidName`]; the policy's.
pub async fn rename(store: &Store, by: UserId, id: ContainerId, name: &str) -> Result<(), OpError> {
    let name = clean_name(name).map_err(Refusal::from)?;
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let (container, proof) = permitted(&mut tx, by, id).await?;
        store::licensing::containers::rename(&mut tx, &proof, &name).await?;
        let entry = Entry {
            user: Some(container.facts.user),
            container: Some(id),
            ..Entry::new(EventKind::ContainerRenamed, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}
