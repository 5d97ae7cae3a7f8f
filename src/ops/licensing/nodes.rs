//! Node-locked licences (N9): bound to one machine by its fingerprint, until it gives them back.

use domain::{
    history::events::EventKind,
    ids::LeaseId,
    licensing::{
        leases::{LeaseEnd, LeaseRefusal, NODE_LIFETIME},
        licenses::Binding,
    },
};

use crate::{
    metrics,
    ops::{
        idempotency::is_visible,
        licensing::{
            access_tokens::{Headless, Machine},
            leases::{
                Answer, Holder, InUse, answer, found, name, place, renewed, signed, told, usable, welcome,
            },
            licenses,
        },
        transactions::in_transaction,
    },
    store::{self, Store, licensing::leases::Stored},
};

/// Lengths of fingerprints, in characters.
const FINGERPRINT: std::ops::RangeInclusive<usize> = 1..=128;

/// Binds a licence to the machine; `true` when it was not bound before. Again, it is the same one, with a fresh file.
///
/// # Errors
/// [`OpError::Store`](crate::ops::OpError::Store).
pub async fn bind(
    store: &Store,
    headless: &Headless,
    machine: &Machine,
    product: &str,
    fingerprint: &str,
    called: &str,
) -> Answer<(InUse, bool)> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            if !is_visible(fingerprint, &FINGERPRINT) {
                return Err(LeaseRefusal::Invalid(
                    "fingerprint: 1 to 128 visible ASCII characters are needed",
                )
                .into());
            }
            let called = name(called)?;
            let usable = usable(&mut tx, machine, product, Binding::NodeLocked, now).await?;
            for (activation, ..) in &usable {
                if let Some(bound) =
                    store::licensing::leases::of_node(&mut tx, activation.id, fingerprint).await?
                {
                    let (stored, granted) = renewed(&mut tx, machine, bound, NODE_LIFETIME, now).await?;
                    return Ok((
                        signed(&mut tx, store, headless, stored, granted, now).await?,
                        false,
                    ));
                }
            }
            let holder = Holder {
                name: &called,
                fingerprint: Some(fingerprint),
                request_key: None,
            };
            let times = (NODE_LIFETIME, now);
            let (stored, granted) = place(&mut tx, store, machine, usable, &holder, times).await?;
            licenses::record_node(&mut tx, store, EventKind::LicenseBound, &stored).await?;
            Ok((
                signed(&mut tx, store, headless, stored, granted, now).await?,
                true,
            ))
        };
        answer(work.await)
    });
    let asked = match &answer {
        Ok(Ok((_, true))) => metrics::Asked::Bound,
        _ => metrics::Asked::Refreshed,
    };
    told(store, machine, asked, answer).await
}

/// A fresh file for a machine that is bound already.
///
/// # Errors
/// [`OpError::Store`](crate::ops::OpError::Store).
pub async fn refresh(store: &Store, headless: &Headless, machine: &Machine, id: LeaseId) -> Answer<InUse> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            let stored = found(&mut tx, machine, id, Binding::NodeLocked).await?;
            let (stored, granted) = renewed(&mut tx, machine, stored, NODE_LIFETIME, now).await?;
            signed(&mut tx, store, headless, stored, granted, now).await
        };
        answer(work.await)
    });
    told(store, machine, metrics::Asked::Refreshed, answer).await
}

/// Gives the licence of a machine back; that counts, where the licence may be given back so many times only. One that was
/// given back already stays as it is, and one that was taken does not count.
///
/// # Errors
/// [`OpError::Store`](crate::ops::OpError::Store).
pub async fn give_back(store: &Store, machine: &Machine, id: LeaseId) -> Answer<()> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            let stored = found(&mut tx, machine, id, Binding::NodeLocked).await?;
            if !stored.lease.occupies(now) {
                return Ok(());
            }
            if stored.lease.runs(now)
                && !store::licensing::leases::count_return(&mut tx, stored.license).await?
            {
                return Err(LeaseRefusal::NoReturnsLeft.into());
            }
            let kind = EventKind::LicenseUnbound;
            let credential = machine.credential();
            let given_back = Stored {
                lease: stored.lease.ended(now, LeaseEnd::Released),
                ..stored
            };
            store::licensing::leases::write(&mut tx, &given_back, None).await?;
            let by = Stored {
                credential,
                ..given_back
            };
            licenses::record_node(&mut tx, store, kind, &by).await?;
            Ok(())
        };
        answer(work.await)
    });
    told(store, machine, metrics::Asked::Returned, answer).await
}
