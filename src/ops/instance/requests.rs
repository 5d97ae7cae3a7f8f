//! Asking the vendor of the portal for more seats, or another usage variant (S16, N12).

use domain::{
    access::{self, Denied},
    history::events::EventKind,
    ids::{RequestId, UserId},
    instance::{InstanceLicense, requests::Wish},
    refusals::Refusal,
    time::earlier,
};
use jiff::SignedDuration;

use crate::{
    ops::{OpError, actor, instance::Vendor, transactions::in_transaction},
    store::{self, Store, history::events::Entry},
    views::instance::requests::LicenseRequest,
};

/// How long a request is left alone after it was tried to mail it.
pub const RETRY: SignedDuration = SignedDuration::from_mins(5);

/// Records a request. It is mailed by the job that writes mails.
///
/// # Errors
/// [`Refusal::InvalidWish`]; the policy's.
pub async fn request(store: &Store, vendor: &Vendor, by: UserId, wish: &Wish) -> Result<(), OpError> {
    let id = RequestId(store.sources.fresh_id());
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let proof = access::authorize_administration(&actor)?;
        let now = store.sources.now();
        let seats = vendor.pool(&mut tx, now).await?.seats;
        let variant = vendor.license(&mut tx, now).await?.map(|license| license.variant);
        let wish = wish.clone().clean(seats, variant.as_deref().unwrap_or_default());
        let wish = wish.map_err(Refusal::from)?;
        store::instance::requests::insert(&mut tx, &proof, id, &wish, now).await?;
        let entry = Entry::new(EventKind::LicenseRequested, by);
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}

/// Withdraws a request that was not answered yet.
///
/// # Errors
/// The policy's; [`Denied::Hidden`] when there is no such request.
pub async fn withdraw(store: &Store, by: UserId, id: RequestId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let proof = access::authorize_administration(&actor)?;
        if !store::instance::requests::end(&mut tx, &proof, id, false, store.sources.now()).await? {
            Err(Denied::Hidden)?;
        }
        let entry = Entry::new(EventKind::LicenseRequestWithdrawn, by);
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}

/// A request that is to be mailed, with what the vendor knows the instance by.
#[derive(Debug, Clone)]
pub struct Unmailed {
    /// The request.
    pub request: LicenseRequest,
    /// The id of the instance.
    pub instance: String,
    /// The licence in force.
    pub license: Option<InstanceLicense>,
}

/// Takes a request to mail it. Until [`RETRY`] is over, nobody else gets it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take_unmailed(store: &Store, vendor: &Vendor) -> Result<Option<Unmailed>, OpError> {
    // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
    let mut tx = store.begin_read().await?;
    if !store::instance::requests::any_unmailed(&mut tx, earlier(store.sources.now(), RETRY)).await? {
        return Ok(None);
    }
    drop(tx);
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        let Some(request) =
            store::instance::requests::take_unmailed(&mut tx, earlier(now, RETRY), now).await?
        else {
            return Ok(None);
        };
        Ok(Some(Unmailed {
            request,
            instance: crate::ops::instance::id(&mut tx).await?,
            license: vendor.license(&mut tx, now).await?,
        }))
    })
}

/// Notes that a request was mailed.
///
/// # Errors
/// [`OpError::Store`].
pub async fn mailed(store: &Store, id: RequestId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        store::instance::requests::mailed(&mut tx, id, store.sources.now()).await?;
        Ok(())
    })
}
