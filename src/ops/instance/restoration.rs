//! That the portal was restored from a backup (N27), and what is held back because of it.

use domain::{
    history::{
        changes::Change,
        events::{EventKind, OPERATOR},
    },
    licensing::{
        licenses::Binding,
        restoration::{Meanwhile, Restoration},
    },
    time::Milliseconds,
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{OpError, transactions::in_transaction},
    store::{self, Store, StoreError, Tx, history::events::Entry},
    views::instance::Restored,
};

/// The fact under which the database keeps it.
const RESTORED: &str = "restored";
/// The same, while the history does not say it yet.
const UNRECORDED: &str = "restored_unrecorded";
/// The same, for the longest time, in milliseconds, that a server was ever set to sign leases for.
const LONGEST_LEASE: &str = "longest_lease";
/// Where no server noted it: more than that no server can be set to.
const UNKNOWN_LEASE: SignedDuration = SignedDuration::from_hours(24);

/// Notes for how long this server signs leases: after a restore, what may be out is held back for so long.
///
/// # Errors
/// [`OpError`].
pub async fn note_lease(store: &Store, lifetime: SignedDuration) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let known = store::instance::fact(&mut tx, LONGEST_LEASE).await?;
        let known = known.and_then(|text| text.parse::<i64>().ok());
        let lifetime = Milliseconds::from(lifetime).0;
        if known.is_none_or(|known| known < lifetime) {
            store::instance::set(&mut tx, LONGEST_LEASE, &lifetime.to_string()).await?;
        }
        Ok(())
    })
}

async fn longest_lease(tx: &mut Tx) -> Result<SignedDuration, StoreError> {
    let known = store::instance::fact(tx, LONGEST_LEASE).await?;
    let known = known.and_then(|text| text.parse().ok());
    Ok(known.map_or(UNKNOWN_LEASE, SignedDuration::from_millis))
}

/// Notes, in the transaction of a restore, that it happened.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn begin(
    tx: &mut Tx,
    made_at: Timestamp,
    meanwhile: Meanwhile,
    now: Timestamp,
) -> Result<Restoration, StoreError> {
    let longest = longest_lease(tx).await?;
    let offline = store::instance::backup::has_devices(tx).await?;
    let restoration = Restoration::new(made_at, now, meanwhile, longest, offline);
    // What was still held back at the time of the backup stays so.
    let restoration = match last(tx).await? {
        Some(before) if meanwhile == Meanwhile::Nothing => Restoration {
            leases_until: restoration.leases_until.max(before.leases_until),
            nodes_until: restoration.nodes_until.max(before.nodes_until),
            offline_until: restoration.offline_until.max(before.offline_until),
            ..restoration
        },
        _ => restoration,
    };
    write(tx, &restoration).await?;
    // The database may have an older schema at this moment, which events of this portal do not fit.
    store::instance::set(tx, UNRECORDED, "1").await?;
    Ok(restoration)
}

/// Writes into the history that the portal was restored, unless it stands there: once the schema is up to date, and at the start of a
/// server, because a restore may be killed in between.
///
/// # Errors
/// [`OpError::Store`].
pub async fn record(store: &Store) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let unrecorded = store::instance::fact(&mut tx, UNRECORDED).await?.is_some();
        if let Some(restored) = last(&mut tx).await?.filter(|_| unrecorded) {
            let made_at = restored.made_at;
            let entry = Entry {
                change: Some(Change::Restored { made_at }),
                ..Entry::new(EventKind::Restored, OPERATOR)
            };
            store::history::events::record_in(&mut tx, &store.sources, entry, &[]).await?;
            store::instance::unset(&mut tx, UNRECORDED).await?;
        }
        Ok(())
    })
}

async fn write(tx: &mut Tx, restoration: &Restoration) -> Result<(), StoreError> {
    let text =
        serde_json::to_string(restoration).map_err(|_| StoreError::Inconsistent("instance.restored"))?;
    store::instance::set(tx, RESTORED, &text).await
}

async fn last(tx: &mut Tx) -> Result<Option<Restoration>, StoreError> {
    let stored = store::instance::fact(tx, RESTORED).await?;
    let read =
        |text: String| serde_json::from_str(&text).map_err(|_| StoreError::Inconsistent("instance.restored"));
    stored.map(read).transpose()
}

/// Until when nobody gets a licence of that kind anew, where that is so.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn is_held(
    tx: &mut Tx,
    binding: Binding,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let until = last(tx).await?.map(|restored| restored.holds_until(binding));
    Ok(until.filter(|until| now < *until))
}

/// Until when no lease is renewed, where that is so.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn are_leases_held(tx: &mut Tx, now: Timestamp) -> Result<Option<Timestamp>, StoreError> {
    let until = last(tx).await?.map(|restored| restored.leases_until);
    Ok(until.filter(|until| now < *until))
}

/// The same for people.
///
/// # Errors
/// [`StoreError`].
pub(super) async fn told(tx: &mut Tx, now: Timestamp) -> Result<Option<Restored>, StoreError> {
    Ok(last(tx).await?.map(|restored| Restored {
        made_at: restored.made_at,
        at: restored.at,
        until: Some(restored.ends_at()).filter(|until| now < *until),
    }))
}

/// The last restore, if there was one.
///
/// # Errors
/// [`OpError::Store`].
pub async fn get(store: &Store) -> Result<Option<Restoration>, OpError> {
    let mut tx = store.begin_read().await?;
    Ok(last(&mut tx).await?)
}

/// Holds back no longer what an operator knows that no machine has. `None` where nothing was restored.
///
/// # Errors
/// [`OpError::Store`].
pub async fn shorten(store: &Store, meanwhile: Meanwhile) -> Result<Option<Restoration>, OpError> {
    in_transaction!(store, |tx| {
        let Some(before) = last(&mut tx).await? else {
            return Ok(None);
        };
        let after = before.knowing(meanwhile, store.sources.now());
        write(&mut tx, &after).await?;
        Ok(Some(after))
    })
}
