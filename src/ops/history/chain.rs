//! The history as a chain of hashes with signed checkpoints (N11): events are sealed right after they were recorded, and
//! [verified](super::verification) from the beginning.
//!
//! Transactions do not seal their own events: the end of the chain would be the one row that all of them change. What
//! was committed is sealed afterwards, in one order, by one server at a time. What comes with a time that cannot be is left out.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    history::{
        chain::{self, Columns, Form, Link, Readers, Value, Window},
        changes::Change,
        events::{EventKind, OPERATOR},
    },
    ids::{EventId, GroupId},
    tickets::owners::Owner,
};
use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ops::{OpError, instance::signing_keys},
    store::{
        self, Store, Tx,
        history::{
            chain::{Checkpoint, Last, Shown},
            events::Entry,
        },
    },
};

/// What signed checkpoints are for.
pub(super) const TYP: &str = "history-checkpoint+jwt";
/// Events that are sealed in one transaction, and read at once.
pub(super) const BATCH: i64 = 512;
/// Most events that are listed as left out.
const REFUSED: i64 = 100;
/// A checkpoint stays when there are so many events between it and the one before …
const EVERY: i64 = 1_000;
/// … or so much time.
const AGE: SignedDuration = SignedDuration::from_hours(1);

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Claims {
    /// The last event before it.
    pub position: i64,
    /// The hash there.
    pub hash: String,
    /// When it was made; signed texts have it in milliseconds since 1970.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    pub at: Timestamp,
}

pub(super) fn hash(bytes: impl AsRef<[u8]>) -> Link {
    Link(Sha256::digest(bytes).into())
}

/// The groups that inherit what happened in these, one after the other.
pub(super) fn inheriting(readers: &Readers, heirs: &BTreeMap<GroupId, GroupId>) -> BTreeSet<GroupId> {
    let mut inheriting = BTreeSet::new();
    for group in &readers.groups {
        let mut group = group;
        // Ends in a circle, too, which only an altered history has.
        while let Some(above) = heirs.get(group).filter(|above| inheriting.insert(**above)) {
            group = above;
        }
    }
    for group in &readers.groups {
        inheriting.remove(group);
    }
    inheriting
}

/// Which dissolution an event tells of: the group, and the one above it.
fn dissolution(columns: &Columns) -> Option<(GroupId, GroupId)> {
    let value = |name| {
        columns
            .iter()
            .find(|(column, _)| *column == name)
            .map(|(_, value)| value)
    };
    let Some(Value::Text(kind)) = value("kind") else {
        return None;
    };
    let (Some(Value::Number(group)), Some(Value::Text(above)), None) =
        (value("group_id"), value("from_owner"), value("ticket_id"))
    else {
        return None;
    };
    match above.parse() {
        Ok(Owner::Group(above)) if *kind == EventKind::GroupDeleted.to_string() => {
            Some((GroupId(*group), above))
        }
        _ => None,
    }
}

/// Seals the events that wait for it, and says how many there were.
///
/// # Errors
/// [`OpError::Store`].
pub async fn seal(store: &Store) -> Result<usize, OpError> {
    let mut sealed = 0;
    loop {
        let mut tx = store.begin_read().await?;
        let last = store::history::chain::last(&mut tx).await?;
        let window = window(store, last.as_ref());
        if store::history::chain::waiting(&mut tx, window, 1)
            .await?
            .is_empty()
        {
            return Ok(sealed);
        }
        // What a history of the first form does not cover is read before anybody has to wait.
        let earlier = earlier(&mut tx, last.as_ref()).await?;
        drop(tx);
        sealed += seal_batch(store, earlier).await?;
    }
}

/// Seals the first events that wait; none where the chain went on meanwhile in a way that `earlier` does not fit.
async fn seal_batch(store: &Store, earlier: Option<(i64, Link)>) -> Result<usize, OpError> {
    let mut tx = store.begin_seal().await?;
    let last = store::history::chain::last(&mut tx).await?;
    let window = window(store, last.as_ref());
    let Some(end) = End::of(last, earlier) else {
        return Ok(0);
    };
    let events = store::history::chain::waiting(&mut tx, window, BATCH).await?;
    append(store, &mut tx, end, &events).await?;
    store.commit(tx).await?;
    Ok(events.len())
}

/// The events that are not sealed, because they would have to have happened long before the end of the chain, or are still to
/// come: somebody wrote them into the database, or the clock of a server was wrong. The first hundred, by id.
///
/// # Errors
/// [`OpError::Store`].
pub async fn refused(store: &Store) -> Result<Vec<(EventId, Columns)>, OpError> {
    let mut tx = store.begin_read().await?;
    let last = store::history::chain::last(&mut tx).await?;
    let window = window(store, last.as_ref());
    Ok(store::history::chain::refused(&mut tx, window, REFUSED).await?)
}

/// Seals them all the same, together with an event that says so, and says how many there were: for an operator who has looked
/// at them.
///
/// # Errors
/// [`OpError::Store`].
pub async fn accept(store: &Store) -> Result<u32, OpError> {
    let mut accepted = 0;
    loop {
        let mut tx = store.begin_seal().await?;
        let last = store::history::chain::last(&mut tx).await?;
        let window = window(store, last.as_ref());
        let mut events = store::history::chain::refused(&mut tx, window, BATCH - 1).await?;
        let count = u32::try_from(events.len()).unwrap_or(u32::MAX);
        let earlier = earlier(&mut tx, last.as_ref()).await?;
        let Some(end) = End::of(last, earlier).filter(|_| count > 0) else {
            return Ok(accepted);
        };
        let entry = Entry {
            change: Some(Change::Accepted { events: count }),
            ..Entry::new(EventKind::HistoryAccepted, OPERATOR)
        };
        let id = store::history::events::record_in(&mut tx, &store.sources, entry, &[]).await?;
        // At the end: what comes next is held against its time.
        events.push(store::history::chain::event(&mut tx, id).await?);
        append(store, &mut tx, end, &events).await?;
        store.commit(tx).await?;
        accepted += count;
    }
}

/// The newest checkpoint, to be kept elsewhere.
///
/// # Errors
/// [`OpError::Store`].
pub async fn newest_checkpoint(store: &Store) -> Result<Option<String>, OpError> {
    let mut tx = store.begin_read().await?;
    let newest = store::history::chain::last_checkpoints(&mut tx, 1).await?;
    Ok(newest.into_iter().next().map(|checkpoint| checkpoint.signed))
}

pub(super) fn window(store: &Store, last: Option<&Last>) -> Window {
    Window::new(last.map(|last| last.at), store.sources.now())
}

/// The hash over who is shown the events of the first form, where the chain ends in one, and the position of that.
async fn earlier(tx: &mut Tx, last: Option<&Last>) -> Result<Option<(i64, Link)>, OpError> {
    let Some(Last {
        form: Some(Form::Rows),
        position,
        ..
    }) = last
    else {
        return Ok(None);
    };
    let mut sum = Sha256::new();
    let mut after = i64::MIN;
    loop {
        let events = store::history::chain::sealed_after(tx, after, BATCH).await?;
        let Some(end) = events.last().map(|event| event.position) else {
            return Ok(Some((*position, Link(sum.finalize().into()))));
        };
        let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
        let mut shown = store::history::chain::shown(tx, &ids).await?;
        for event in &events {
            let readers = shown.remove(&event.id).unwrap_or_default().readers;
            sum.update(chain::readers_bytes(event.position, &readers));
        }
        after = end;
    }
}

/// The end of the chain, to go on from.
struct End {
    last: Option<Last>,
    /// What the next event has to cover besides itself.
    earlier: Option<Link>,
}

impl End {
    /// `None` where `earlier` was read at another end.
    fn of(last: Option<Last>, earlier: Option<(i64, Link)>) -> Option<Self> {
        let of_rows = last.as_ref().filter(|last| last.form == Some(Form::Rows));
        let earlier = match (of_rows, earlier) {
            (None, _) => None,
            (Some(last), Some((position, hash))) if position == last.position => Some(hash),
            (Some(_), _) => return None,
        };
        Some(Self { last, earlier })
    }
}

/// Puts events at the end of the chain, and a checkpoint behind them.
async fn append(store: &Store, tx: &mut Tx, end: End, events: &[(EventId, Columns)]) -> Result<(), OpError> {
    let End { last, mut earlier } = end;
    let known = store::history::chain::last_checkpoints(tx, 2).await?;
    let superseded = superseded(&known, last.as_ref());
    // A last hash that is none is for the verification to find; what happens from now on is sealed all the same.
    let before = last.as_ref().and_then(|last| last.hash.as_deref()?.parse().ok());
    let mut before = before.unwrap_or(Link::START);
    let mut position = last.map_or(0, |last| last.position);
    let ids: Vec<EventId> = events.iter().map(|(id, _)| *id).collect();
    let mut shown = store::history::chain::shown(tx, &ids).await?;
    inherit_late(tx, events, &shown).await?;
    let mut links = Vec::with_capacity(events.len());
    for (id, columns) in events {
        position += 1;
        let readers = shown.remove(id).unwrap_or_default().readers;
        before = hash(chain::bytes_with_readers(
            &before,
            position,
            columns,
            &readers,
            earlier.take().as_ref(),
        ));
        links.push((*id, position, before));
    }
    if links.is_empty() {
        return Ok(());
    }
    store::history::chain::seal(tx, &links).await?;
    let signer = signing_keys::signer(tx, &store.sources).await?;
    let claims = Claims {
        position,
        hash: before.to_string(),
        at: store.sources.now(),
    };
    let checkpoint = Checkpoint {
        signed: signer.sign(TYP, &claims)?,
        key_id: signer.id().to_owned(),
        position: claims.position,
        hash: claims.hash,
        at: claims.at,
    };
    store::history::chain::add_checkpoint(tx, &checkpoint).await?;
    if let Some(superseded) = superseded {
        store::history::chain::remove_checkpoint(tx, superseded).await?;
    }
    Ok(())
}

/// What was recorded in a group while it was dissolved is shown in the one above it, too: the transactions did not see each
/// other, but one event is sealed after the other.
async fn inherit_late(
    tx: &mut Tx,
    events: &[(EventId, Columns)],
    shown: &BTreeMap<EventId, Shown>,
) -> Result<(), OpError> {
    let groups = shown
        .values()
        .flat_map(|shown| shown.readers.groups.iter().copied());
    let dissolved = store::history::chain::dissolved(tx, groups.collect()).await?;
    if dissolved.is_empty() {
        return Ok(());
    }
    let here: Vec<(GroupId, GroupId)> = events
        .iter()
        .filter_map(|(_, columns)| dissolution(columns))
        .collect();
    let mut heirs = store::history::chain::heirs(tx).await?;
    heirs.extend(here.iter().copied());
    let mut missing = BTreeSet::new();
    for (event, shown) in shown {
        let inheriting = inheriting(&shown.readers, &heirs);
        missing.extend(
            inheriting
                .difference(&shown.inherited)
                .map(|group| (*event, *group)),
        );
    }
    store::history::chain::inherit(tx, &missing).await?;
    for (group, above) in here {
        store::history::events::inherit_history(tx, group, above).await?;
    }
    Ok(())
}

/// There is always a checkpoint at the end of the chain. The one that stands there goes when the chain goes on, unless it is
/// far from the one before. One that does not fit the chain stays for the verification.
fn superseded<'a>(known: &'a [Checkpoint], last: Option<&Last>) -> Option<&'a Checkpoint> {
    let [newest, before] = known else { return None };
    let fits =
        last.is_some_and(|last| newest.position == last.position && last.hash.as_ref() == Some(&newest.hash));
    let far = newest.position - before.position >= EVERY || newest.at.duration_since(before.at) >= AGE;
    (fits && !far).then_some(newest)
}
