//! Mails about what expires soon (N15): who is to get one, and what stands in it.

use std::collections::BTreeSet;

use domain::{
    access::{self, Concerned, Reachable},
    groups::Lineage,
    history::events::EventKind,
    ids::{GroupId, UserId},
    licensing::expiry::{MAX_IN_DIGEST, crossed, day_of},
    time::earlier,
};
use jiff::SignedDuration;

use crate::{
    ops::{OpError, accounts, actor, licensing::expiry::rows, transactions::in_transaction},
    store::{self, Store, Tx, licensing::digests::Asked, visibility::VisibilityScope},
    views::licensing::expiry::Digest,
};

/// How long a mail is left alone after it was tried to send it.
pub const RETRY: SignedDuration = SignedDuration::from_mins(15);

/// Who can act about tickets that belong to these, as far as they can be mailed.
async fn reachable(tx: &mut Tx, of: &[Concerned]) -> Result<Reachable, OpError> {
    let levels = of.iter().filter_map(|concerned| match concerned {
        Concerned::Level(lineage) => Some(lineage),
        Concerned::Person(_) | Concerned::Nobody => None,
    });
    let groups: BTreeSet<GroupId> = levels
        .map(Lineage::groups)
        .flat_map(<[GroupId]>::to_vec)
        .collect();
    let groups: Vec<GroupId> = groups.into_iter().collect();
    let mut reachable = Reachable {
        isv_admins: store::licensing::digests::isv_admins(tx)
            .await?
            .into_iter()
            .collect(),
        ..Reachable::default()
    };
    for (group, admin) in store::licensing::digests::admins_of(tx, &groups).await? {
        reachable.admins.entry(group).or_default().insert(admin);
    }
    Ok(reachable)
}

/// Finds out, once a day, who is to be mailed. Of several servers one does.
///
/// # Errors
/// [`OpError::Store`].
pub async fn find_out(store: &Store) -> Result<(), OpError> {
    let mut tx = store.begin_read().await?;
    let now = store.sources.now();
    let since = store::licensing::digests::found_until(&mut tx).await?;
    if day_of(since) >= day_of(now) {
        return Ok(());
    }
    let concerned = store::licensing::expiry::concerned(&mut tx, &crossed(since, now, now), None).await?;
    let reachable = reachable(&mut tx, &concerned).await?;
    drop(tx);
    let told = concerned
        .iter()
        .flat_map(|concerned| reachable.who_can_act(concerned));
    let told: BTreeSet<UserId> = told.collect();
    in_transaction!(store, |tx| {
        if store::licensing::digests::found_out(&mut tx, since, now).await? {
            for user in &told {
                store::licensing::digests::ask_for(&mut tx, *user, since, now).await?;
            }
        }
        Ok(())
    })
}

/// Takes a mail to write it. Until [`RETRY`] is over, nobody else gets it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take(store: &Store) -> Result<Option<Asked>, OpError> {
    // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
    let mut tx = store.begin_read().await?;
    if !store::licensing::digests::any_asked(&mut tx, earlier(store.sources.now(), RETRY)).await? {
        return Ok(None);
    }
    drop(tx);
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        Ok(store::licensing::digests::take(&mut tx, earlier(now, RETRY), now).await?)
    })
}

/// What stands in a mail: what its reader sees now, and can act about. `None` where there is nothing, or it is not wanted.
///
/// # Errors
/// [`OpError::Store`].
pub async fn compose(store: &Store, asked: &Asked) -> Result<Option<Digest>, OpError> {
    let mut tx = store.begin_read().await?;
    let Some(digest) = store::licensing::digests::recipient(&mut tx, asked.user).await? else {
        return Ok(None);
    };
    let actor = actor(&mut tx, asked.user).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let now = store.sources.now();
    let ranges = crossed(asked.since, asked.until, now);
    let mut concerned = store::licensing::expiry::concerned(&mut tx, &ranges, Some(&visibility)).await?;
    let reachable = reachable(&mut tx, &concerned).await?;
    concerned.retain(|concerned| reachable.who_can_act(concerned).contains(&asked.user));
    let (endings, [total, licenses]) =
        store::licensing::expiry::endings(&mut tx, &visibility, &ranges, &concerned, MAX_IN_DIGEST).await?;
    let rows = rows(&mut tx, &visibility, endings, now).await?;
    Ok((!rows.is_empty()).then_some(Digest {
        rows,
        total,
        licenses,
        ..digest
    }))
}

/// A mail was sent, or there was nothing to send.
///
/// # Errors
/// [`OpError::Store`].
pub async fn done(store: &Store, asked: &Asked) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        Ok(store::licensing::digests::done(&mut tx, asked).await?)
    })
}

/// Whether the person is mailed what expires.
///
/// # Errors
/// [`OpError`].
pub async fn is_wanted(store: &Store, user: UserId) -> Result<bool, OpError> {
    let mut tx = store.begin_read().await?;
    Ok(store::licensing::digests::is_wanted(&mut tx, user).await?)
}

/// The person wants to be mailed what expires, or not. Again, it changes nothing.
///
/// # Errors
/// [`OpError`].
pub async fn want(store: &Store, user: UserId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, user).await?;
        let proof = access::authorize_own_account(&actor);
        if store::licensing::digests::is_wanted(&mut tx, user).await? != on {
            store::licensing::digests::want(&mut tx, &proof, on).await?;
            accounts::record(&mut tx, store, EventKind::UserChanged, user, user).await?;
        }
        Ok(())
    })
}
