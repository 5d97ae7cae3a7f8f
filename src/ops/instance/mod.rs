//! The instance itself (S16): its licence, and with it the pool of seats.

pub mod backup;
mod claims;
pub mod demo;
pub mod doctor;
pub mod encryption;
pub mod figures;
pub mod imports;
pub mod organisation;
pub mod requests;
pub mod restoration;
pub mod signed;
pub mod signing_keys;

use domain::{
    access,
    accounts::seats::{Pool, UNLICENSED},
    history::events::EventKind,
    ids::UserId,
    instance::{Contact, InstanceLicense, InvalidLicense},
    refusals::Refusal,
};
use ed25519_dalek::{SigningKey, VerifyingKey};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, transactions::in_transaction},
    store::{self, Store, StoreError, Tx, history::events::Entry, instance::figures::Facts},
    views::instance::Overview,
};

pub use self::claims::Claims;

/// The facts under which the database keeps it.
const ID: &str = "id";
const LICENSE: &str = "license";
const DEMO_VENDOR: &str = "demo_maker";
/// The same, for that a second factor is demanded.
pub(crate) const SECOND_FACTOR_DEMANDED: &str = "second_factor_demanded";

/// Whose signature a licence of this instance carries.
#[derive(Debug, Clone, Default)]
pub struct Vendor {
    /// The key from the settings, or the one that was built in.
    pub key: Option<VerifyingKey>,
    /// A demo brings a vendor of its own, made up with the demo data.
    pub demo: bool,
}

impl Vendor {
    async fn key(&self, tx: &mut Tx) -> Result<Option<VerifyingKey>, StoreError> {
        if !self.demo {
            return Ok(self.key);
        }
        let demo = store::instance::fact(tx, DEMO_VENDOR).await?;
        Ok(demo.and_then(|text| signed::public_key(&text).ok()).or(self.key))
    }

    async fn verified(
        &self,
        tx: &mut Tx,
        file: &str,
        now: Timestamp,
    ) -> Result<Result<InstanceLicense, InvalidLicense>, StoreError> {
        let Some(key) = self.key(tx).await? else {
            return Ok(Err(InvalidLicense::NoVendor));
        };
        Ok(judged(file, &key, &id(tx).await?, now))
    }

    /// The seats that are granted by what the database says of the instance.
    pub(crate) fn seats(&self, facts: &Facts, now: Timestamp) -> u32 {
        let demo = facts.demo_vendor.as_deref().filter(|_| self.demo);
        let key = demo.and_then(|text| signed::public_key(text).ok()).or(self.key);
        let id = facts.id.as_deref().unwrap_or_default();
        let license = facts.license.as_deref().zip(key);
        let license = license.and_then(|(file, key)| judged(file, &key, id, now).ok());
        license.map_or(UNLICENSED, |license| license.seats)
    }

    /// The licence in force, or why the stored one is not.
    async fn in_force(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<Option<Result<InstanceLicense, InvalidLicense>>, StoreError> {
        match store::instance::fact(tx, LICENSE).await? {
            Some(file) => Ok(Some(self.verified(tx, &file, now).await?)),
            None => Ok(None),
        }
    }

    /// The licence in force.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn license(
        &self,
        tx: &mut Tx,
        now: Timestamp,
    ) -> Result<Option<InstanceLicense>, StoreError> {
        Ok(self.in_force(tx, now).await?.and_then(Result::ok))
    }

    /// The pool of seats, as it is inside this transaction.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn pool(&self, tx: &mut Tx, now: Timestamp) -> Result<Pool, StoreError> {
        let license = self.license(tx, now).await?;
        let (active, _) = store::accounts::active(tx).await?;
        Ok(Pool {
            seats: license.map_or(UNLICENSED, |license| license.seats),
            active,
        })
    }
}

/// The licence in the file, where that vendor signed it for that instance.
fn judged(
    file: &str,
    key: &VerifyingKey,
    instance: &str,
    now: Timestamp,
) -> Result<InstanceLicense, InvalidLicense> {
    signed::verify::<Claims>(file, key)
        .map(InstanceLicense::from)
        .and_then(|license| license.check(instance, now).map(|()| license))
}

/// Gives the instance its id, at the first start.
///
/// # Errors
/// [`OpError`].
pub async fn ensure_id(store: &Store) -> Result<String, OpError> {
    in_transaction!(store, |tx| {
        if let Some(id) = store::instance::fact(&mut tx, ID).await? {
            return Ok(id);
        }
        let id = hex::encode(store.sources.random::<8>());
        store::instance::set(&mut tx, ID, &id).await?;
        Ok(id)
    })
}

/// The id of the instance.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn id(tx: &mut Tx) -> Result<String, StoreError> {
    Ok(store::instance::fact(tx, ID).await?.unwrap_or_default())
}

/// Why the stored licence is not in force, if there is one: for the operator, at the start.
///
/// # Errors
/// [`OpError::Store`].
pub async fn invalid_license(store: &Store, vendor: &Vendor) -> Result<Option<InvalidLicense>, OpError> {
    let mut tx = store.begin_read().await?;
    let stored = vendor.in_force(&mut tx, store.sources.now()).await?;
    Ok(stored.and_then(Result::err))
}

/// The overview, for ISV admins. `address` is where the server listens, `vendor_mail` where requests are mailed to.
///
/// # Errors
/// [`OpError`].
pub async fn overview(
    store: &Store,
    vendor: &Vendor,
    reader: UserId,
    address: &str,
    vendor_mail: Option<&str>,
) -> Result<Overview, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let proof = access::authorize_administration(&actor)?;
    let now = store.sources.now();
    let stored = vendor.in_force(&mut tx, now).await?;
    let invalid = stored.as_ref().and_then(|stored| stored.as_ref().err().copied());
    Ok(Overview {
        pool: vendor.pool(&mut tx, now).await?,
        instance: id(&mut tx).await?,
        requests: store::instance::requests::last(&mut tx, &proof).await?,
        vendor_mail: vendor_mail.map(str::to_owned),
        second_factor_demanded: store::instance::fact(&mut tx, SECOND_FACTOR_DEMANDED)
            .await?
            .is_some(),
        use_by_person_since: store::licensing::usage::people::kept_since(&mut tx).await?,
        restored: restoration::told(&mut tx, now).await?,
        license: stored.and_then(Result::ok),
        invalid,
        address: address.to_owned(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
    })
}

/// Replaces the licence. One that cannot be used is refused, and the one in force stays.
///
/// # Errors
/// [`InvalidLicense`].
pub async fn replace_license(store: &Store, vendor: &Vendor, by: UserId, file: &str) -> Result<(), OpError> {
    let file = file.trim();
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let proof = access::authorize_administration(&actor)?;
        let now = store.sources.now();
        let license = vendor
            .verified(&mut tx, file, now)
            .await?
            .map_err(Refusal::from)?;
        store::instance::set(&mut tx, LICENSE, file).await?;
        for request in store::instance::requests::open(&mut tx).await? {
            if request.wish.granted_by(license.seats, &license.variant) {
                store::instance::requests::end(&mut tx, &proof, request.id, true, now).await?;
            }
        }
        let entry = Entry::new(EventKind::LicenseReplaced, by);
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(())
    })
}

/// Gives a demo a licence with so many seats, signed by a vendor who exists for this alone, unless it has one.
///
/// # Errors
/// [`OpError`].
pub(crate) async fn license_demo(store: &Store, seats: u32) -> Result<(), OpError> {
    let id = ensure_id(store).await?;
    let key = SigningKey::from_bytes(&store.sources.random::<32>());
    let license = InstanceLicense {
        customer: "C-10042".to_owned(),
        number: "I-2026-0001".to_owned(),
        aud: id,
        seats,
        variant: "Demo".to_owned(),
        functions: vec!["resellers".to_owned(), "cloud-containers".to_owned()],
        contact: Contact {
            company: "Example Organisation".to_owned(),
            name: "Erika Mustermann".to_owned(),
            email: "erika.mustermann@example.org".to_owned(),
            phone: "+49 30 901820".to_owned(),
        },
        issued_at: store.sources.now(),
        expires_at: None,
    };
    let file = signed::sign(&Claims::from(license), &key).map_err(|_| StoreError::Inconsistent("license"))?;
    let public = signed::key_text(key.verifying_key().as_bytes());
    in_transaction!(store, |tx| {
        if store::instance::fact(&mut tx, DEMO_VENDOR).await?.is_none() {
            store::instance::set(&mut tx, DEMO_VENDOR, &public).await?;
            store::instance::set(&mut tx, LICENSE, &file).await?;
        }
        Ok(())
    })
}
