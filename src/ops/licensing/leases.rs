//! Machines use the licences of their container (N9): what there is, and floating licences for a while. Node-locked ones
//! stand in `nodes.rs`.
//!
//! A refusal is an answer here, and not an error: machines act on it.

use domain::{
    ids::{LeaseId, LicenseId},
    licensing::{
        leases::{Lease, LeaseEnd, LeaseRefusal, MAX_WAIT, renew_after},
        licenses::{Binding, Standing},
        usage::RAW_KEPT,
    },
    names::clean_name,
    time::earlier,
};
use jiff::{SignedDuration, Timestamp};
use jose::NumericDate;
use serde::Serialize;

use crate::{
    metrics,
    ops::{
        OpError, idempotency,
        instance::{restoration, signing_keys},
        licensing::{
            access_tokens::{Headless, Machine},
            coverage::{Asked, covered},
            usage,
        },
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx,
        licensing::{
            containers::Container,
            leases::Stored,
            licenses::{Activation, Granted},
        },
    },
};

/// What signed licences say that they are.
pub const LICENSE_TYP: &str = "license+jwt";
/// An answer to a machine.
pub type Answer<T> = Result<Result<T, LeaseRefusal>, OpError>;

/// What a machine was refused, and of which licence, as far as it was about one.
pub(crate) struct Refused {
    why: LeaseRefusal,
    license: Option<LicenseId>,
}

/// Why the work for a machine ended early.
pub(crate) enum Stop {
    Refused(Refused),
    Failed(OpError),
}

impl From<LeaseRefusal> for Stop {
    fn from(why: LeaseRefusal) -> Self {
        Self::Refused(Refused { why, license: None })
    }
}

impl Stop {
    /// A refusal of that licence.
    const fn of(license: Option<LicenseId>, why: LeaseRefusal) -> Self {
        Self::Refused(Refused { why, license })
    }
}

impl From<OpError> for Stop {
    fn from(error: OpError) -> Self {
        Self::Failed(error)
    }
}

impl From<StoreError> for Stop {
    fn from(error: StoreError) -> Self {
        Self::Failed(error.into())
    }
}

/// Refusals are found before anything is written, so that the transaction may well be committed.
pub(crate) fn answer<T>(outcome: Result<T, Stop>) -> Result<Result<T, Refused>, OpError> {
    match outcome {
        Ok(value) => Ok(Ok(value)),
        Err(Stop::Refused(refusal)) => Ok(Err(refusal)),
        Err(Stop::Failed(error)) => Err(error),
    }
}

/// What the machine is told, once what it was refused is written down (N18).
pub(crate) async fn told<T>(
    store: &Store,
    machine: &Machine,
    asked: metrics::Asked,
    answer: Result<Result<T, Refused>, OpError>,
) -> Answer<T> {
    match answer? {
        Ok(value) => {
            metrics::lease_told(asked);
            Ok(Ok(value))
        }
        Err(Refused { why, license }) => {
            metrics::lease_refused(&why);
            if let Some(license) = license {
                usage::refused(store, machine.credential(), license, &why).await;
            }
            Ok(Err(why))
        }
    }
}

/// A licence of the container, as its machines see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Available {
    /// What it is.
    pub granted: Granted,
    /// How many the container has.
    pub quantity: u32,
    /// How many of those are in use.
    pub in_use: u32,
    /// Whether it can be used now.
    pub standing: Standing,
}

/// A licence in use by the machine that asked.
#[derive(Clone, PartialEq, Eq)]
pub struct InUse {
    /// The lease.
    pub stored: Stored,
    /// Of which licence.
    pub granted: Granted,
    /// After what time it should be renewed.
    pub renew_after: SignedDuration,
    /// What the machine may show: the signed licence.
    pub token: String,
}

#[derive(Serialize)]
struct Claims<'a> {
    iss: &'a str,
    aud: String,
    sub: String,
    jti: String,
    iat: NumericDate,
    exp: NumericDate,
    article: &'a str,
    product: &'a str,
    features: &'a [String],
    quantity: u32,
    #[serde(skip_serializing_if = "Option::is_none")]
    fingerprint: Option<&'a str>,
}

/// Inside this transaction, the machine is still welcome.
pub(crate) async fn welcome(tx: &mut Tx, machine: &Machine, now: Timestamp) -> Result<(), Stop> {
    if machine.is_welcome(tx, now).await? {
        Ok(())
    } else {
        Err(LeaseRefusal::Unauthorized.into())
    }
}

/// Signs what the lease says.
pub(crate) async fn signed(
    tx: &mut Tx,
    store: &Store,
    headless: &Headless,
    stored: Stored,
    granted: Granted,
    now: Timestamp,
) -> Result<InUse, Stop> {
    let signer = signing_keys::signer(tx, &store.sources).await?;
    let claims = Claims {
        iss: &headless.url,
        aud: stored.container.to_string(),
        sub: stored.license.to_string(),
        jti: stored.id.to_string(),
        iat: now.into(),
        exp: stored.lease.expires_at.into(),
        article: &granted.article,
        product: &granted.license.product.en,
        features: &granted.features,
        // What one machine has.
        quantity: 1,
        fingerprint: stored.fingerprint.as_deref(),
    };
    let token = signer.sign(LICENSE_TYP, &claims)?;
    Ok(InUse {
        renew_after: renew_after(now, stored.lease.expires_at),
        stored,
        granted,
        token,
    })
}

/// Whether the machine means this licence: by the article number of its product, or by its own id.
fn is_meant(granted: &Granted, product: &str) -> bool {
    granted.article == product || granted.license.id.to_string() == product
}

/// An activation of the product that can be used now, and its licence.
pub(crate) type Usable = (Activation, Granted);

/// The activations in the container that the machine may use for the product.
pub(crate) async fn usable(
    tx: &mut Tx,
    machine: &Machine,
    product: &str,
    binding: Binding,
    now: Timestamp,
) -> Result<Vec<Usable>, Stop> {
    let mut found = store::licensing::licenses::activations_in(tx, machine.container()).await?;
    found.retain(|(_, granted)| is_meant(granted, product));
    if found.is_empty() {
        return Err(LeaseRefusal::NoSuchLicense.into());
    }
    found.retain(|(_, granted)| granted.terms.binding == binding);
    if found.is_empty() {
        return Err(LeaseRefusal::WrongBinding.into());
    }
    let first = found.first().map(|(_, granted)| granted.license.id);
    let mut why = LeaseRefusal::NotValid;
    found.retain(|(_, granted)| match granted.standing(now) {
        Standing::Usable(_) => true,
        // What can be had again is told before what cannot.
        Standing::Suspended(_) => {
            why = LeaseRefusal::Suspended;
            false
        }
        Standing::Revoked(_) => {
            if why == LeaseRefusal::NotValid {
                why = LeaseRefusal::Revoked;
            }
            false
        }
        Standing::NotYet(_) | Standing::Expired(_) => false,
    });
    if found.is_empty() {
        return Err(Stop::of(first, why));
    }
    Ok(found)
}

/// What a machine says about itself.
pub(crate) struct Holder<'a> {
    pub name: &'a str,
    pub fingerprint: Option<&'a str>,
    pub request_key: Option<&'a str>,
}

/// A place in the first of the activations that has one free.
pub(crate) async fn place(
    tx: &mut Tx,
    store: &Store,
    machine: &Machine,
    usable: Vec<Usable>,
    holder: &Holder<'_>,
    (lifetime, now): (SignedDuration, Timestamp),
) -> Result<(Stored, Granted), Stop> {
    // The one that would have been had first is refused.
    let first = usable.first().map(|(_, granted)| granted.license.id);
    // All of one binding.
    if let Some((_, granted)) = usable.first()
        && let Some(until) = restoration::is_held(tx, granted.terms.binding, now).await?
    {
        return Err(Stop::of(first, none_free(until, now)));
    }
    let mut free_at = None;
    for (activation, granted) in usable {
        let (places, next) = store::licensing::leases::places(tx, &activation, &granted, now).await?;
        let until = if places.any_free() {
            covered(tx, &granted, Asked::New(&activation, places.out), now).await?
        } else {
            None
        };
        let lease =
            until.and_then(|until| Lease::acquire(places, granted.terms.binding, now, lifetime, until));
        let Some(lease) = lease else {
            free_at = free_at.into_iter().chain(next).min();
            continue;
        };
        let stored = Stored {
            id: LeaseId(store.sources.fresh_id()),
            activation: activation.id,
            license: granted.license.id,
            container: activation.container,
            credential: machine.credential(),
            holder: holder.name.to_owned(),
            fingerprint: holder.fingerprint.map(str::to_owned),
            lease,
        };
        store::licensing::leases::insert(tx, &stored, holder.request_key, now).await?;
        return Ok((stored, granted));
    }
    Err(Stop::of(first, none_free(free_at.unwrap_or(Timestamp::MAX), now)))
}

/// Nobody gets a place now; at that time somebody may.
fn none_free(at: Timestamp, now: Timestamp) -> LeaseRefusal {
    let second = SignedDuration::from_secs(1);
    let wait = at.duration_since(now).saturating_add(second);
    LeaseRefusal::NoneFree {
        retry_after: wait.clamp(second, MAX_WAIT),
    }
}

/// A lease of the machine's container, with that binding.
pub(crate) async fn found(
    tx: &mut Tx,
    machine: &Machine,
    id: LeaseId,
    binding: Binding,
) -> Result<Stored, Stop> {
    let stored = store::licensing::leases::by_id(tx, id).await?;
    let stored =
        stored.filter(|stored| stored.container == machine.container() && stored.lease.binding == binding);
    Ok(stored.ok_or(LeaseRefusal::NoSuchLease)?)
}

/// Renews a lease that was found; from now on it belongs to the credential that was used.
pub(crate) async fn renewed(
    tx: &mut Tx,
    machine: &Machine,
    stored: Stored,
    lifetime: SignedDuration,
    now: Timestamp,
) -> Result<(Stored, Granted), Stop> {
    let activation = store::licensing::licenses::running(tx, stored.activation).await?;
    let activation = activation.ok_or(LeaseRefusal::Lost)?;
    let granted = store::licensing::licenses::by_id(tx, stored.license).await?;
    let granted = granted.ok_or(StoreError::Inconsistent("leases.license_id"))?;
    let license = Some(granted.license.id);
    match granted.standing(now) {
        Standing::Usable(_) => {}
        Standing::Suspended(_) => Err(Stop::of(license, LeaseRefusal::Suspended))?,
        Standing::Revoked(_) => Err(Stop::of(license, LeaseRefusal::Revoked))?,
        Standing::NotYet(_) | Standing::Expired(_) => Err(LeaseRefusal::Lost)?,
    }
    let among = store::licensing::leases::among(tx, &stored, now).await?;
    let until = covered(tx, &granted, Asked::Of(&stored, among), now).await?;
    let reduced = granted.license.activated > granted.quantity(now);
    let until = until.ok_or_else(|| {
        let why = if reduced {
            LeaseRefusal::Reduced
        } else {
            LeaseRefusal::Lost
        };
        Stop::of(license, why)
    })?;
    let lease = stored
        .lease
        .renew(among.rank, activation.quantity, now, lifetime, until);
    let renewed = Stored {
        credential: machine.credential(),
        lease: lease.ok_or(LeaseRefusal::Lost)?,
        ..stored
    };
    store::licensing::leases::write(tx, &renewed, Some(now)).await?;
    Ok((renewed, granted))
}

/// Checks what a machine calls itself.
pub(crate) fn name(text: &str) -> Result<String, LeaseRefusal> {
    clean_name(text)
        .map_err(|_| LeaseRefusal::Invalid("the name of the machine is empty, too long, or not printable"))
}

/// The machine's container, with what is in it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn container(store: &Store, machine: &Machine) -> Answer<(Container, Vec<Available>)> {
    let mut tx = store.begin_read().await?;
    let work = async {
        let now = store.sources.now();
        welcome(&mut tx, machine, now).await?;
        let container = store::licensing::containers::by_id(&mut tx, machine.container()).await?;
        let container = container.ok_or(StoreError::Inconsistent("credentials.container_id"))?;
        let in_use = store::licensing::leases::in_use(&mut tx, machine.container(), now).await?;
        let activations = store::licensing::licenses::activations_in(&mut tx, machine.container()).await?;
        let available = |(activation, granted): (Activation, Granted)| Available {
            quantity: activation.quantity,
            in_use: in_use.get(&activation.id).copied().unwrap_or(0),
            standing: granted.standing(now),
            granted: granted.as_of(now),
        };
        Ok((container, activations.into_iter().map(available).collect()))
    };
    let answer = answer(work.await);
    told(store, machine, metrics::Asked::Container, answer).await
}

/// A floating licence for the machine. The same key again is answered with the same lease.
///
/// # Errors
/// [`OpError::Store`].
pub async fn acquire(
    store: &Store,
    headless: &Headless,
    machine: &Machine,
    product: &str,
    holder: &str,
    key: &str,
) -> Answer<InUse> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            if !idempotency::is_key(key) {
                let why = "Idempotency-Key: 8 to 64 visible ASCII characters are needed";
                return Err(LeaseRefusal::Invalid(why).into());
            }
            let holder = name(holder)?;
            if let Some(known) =
                store::licensing::leases::of_request(&mut tx, machine.credential(), key).await?
            {
                let granted = store::licensing::licenses::by_id(&mut tx, known.license).await?;
                let granted = granted.ok_or(StoreError::Inconsistent("leases.license_id"))?;
                if known.holder != holder || !is_meant(&granted, product) || !known.lease.runs(now) {
                    return Err(LeaseRefusal::KeyReused.into());
                }
                return signed(&mut tx, store, headless, known, granted, now).await;
            }
            let usable = usable(&mut tx, machine, product, Binding::Floating, now).await?;
            let holder = Holder {
                name: &holder,
                fingerprint: None,
                request_key: Some(key),
            };
            let times = (headless.lifetime, now);
            let (stored, granted) = place(&mut tx, store, machine, usable, &holder, times).await?;
            signed(&mut tx, store, headless, stored, granted, now).await
        };
        answer(work.await)
    });
    told(store, machine, metrics::Asked::Taken, answer).await
}

/// Renews a lease.
///
/// # Errors
/// [`OpError::Store`].
pub async fn renew(store: &Store, headless: &Headless, machine: &Machine, id: LeaseId) -> Answer<InUse> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            let stored = found(&mut tx, machine, id, Binding::Floating).await?;
            // It may have been given back since the backup, and its place be somebody else's.
            if let Some(until) = restoration::are_leases_held(&mut tx, now).await? {
                return Err(none_free(until, now).into());
            }
            let (stored, granted) = renewed(&mut tx, machine, stored, headless.lifetime, now).await?;
            signed(&mut tx, store, headless, stored, granted, now).await
        };
        answer(work.await)
    });
    told(store, machine, metrics::Asked::Renewed, answer).await
}

/// Gives a lease back. One that has ended stays as it is.
///
/// # Errors
/// [`OpError::Store`].
pub async fn release(store: &Store, machine: &Machine, id: LeaseId) -> Answer<()> {
    let answer = in_transaction!(store, |tx| {
        let work = async {
            let now = store.sources.now();
            welcome(&mut tx, machine, now).await?;
            let stored = found(&mut tx, machine, id, Binding::Floating).await?;
            if stored.lease.occupies(now) {
                let lease = stored.lease.ended(now, LeaseEnd::Released);
                store::licensing::leases::write(&mut tx, &Stored { lease, ..stored }, None).await?;
            }
            Ok(())
        };
        answer(work.await)
    });
    told(store, machine, metrics::Asked::Returned, answer).await
}

/// Forgets what means nothing any more. Leases that hold nothing are kept for what is told of use, and a repeated request is known
/// for as long.
///
/// # Errors
/// [`OpError::Store`].
pub async fn tidy(store: &Store) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        store::licensing::credentials::tidy(&mut tx, now).await?;
        store::licensing::leases::tidy(&mut tx, earlier(now, RAW_KEPT)).await?;
        Ok(())
    })
}
