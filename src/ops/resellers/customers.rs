//! The customers of partners (S15): their accounts, and the mails with their links.

use domain::{
    access::{Authorized, CustomerCreation},
    accounts::{Login, clean_email},
    groups::Lineage,
    history::events::EventKind,
    ids::UserId,
    names::clean_name,
    refusals::Refusal,
    resellers::creations::InvalidCreation,
    time::{days, earlier, later},
};
use jiff::SignedDuration;

use crate::{
    ops::{OpError, instance::Vendor, tokens, transactions::in_transaction},
    store::{
        self, Store, Tx,
        accounts::people::User,
        history::events::Entry,
        resellers::customers::{New, Uninvited},
    },
    views::resellers::customers::NewCustomer,
};

/// How long the link of a mail can be used: as long as a generated password.
pub const INVITATION_LIFE: SignedDuration = crate::ops::accounts::passwords::GENERATED_LIFE;
/// How long a mail is left alone after it was tried to mail it.
const RETRY: SignedDuration = SignedDuration::from_mins(5);
/// For how long it is tried.
const GIVE_UP: SignedDuration = days(7);

/// Makes the account of a customer, switched on, and the group for it, within a transaction that does more.
///
/// # Errors
/// [`Refusal::NoSeatLeft`]; what is wrong with login, names or mail address.
pub(crate) async fn create(
    store: &Store,
    tx: &mut Tx,
    vendor: &Vendor,
    proof: &Authorized<CustomerCreation>,
    new: &NewCustomer,
    language: &str,
) -> Result<(), OpError> {
    let now = store.sources.now();
    let email = clean_email(&new.email).map_err(|_| Refusal::InvalidEmail)?;
    let email = email.ok_or(Refusal::from(InvalidCreation::NoEmail))?;
    let login = Some(new.login.trim()).filter(|login| !login.is_empty());
    let login: Login = login
        .unwrap_or(&email)
        .parse()
        .map_err(|_| Refusal::InvalidLogin)?;
    let name = Some(new.name.trim()).filter(|name| !name.is_empty());
    let name = clean_name(name.unwrap_or(login.as_str())).map_err(Refusal::from)?;
    let group_name = match &proof.own_group {
        Some(_) => clean_name(&new.group_name).map_err(Refusal::from)?,
        None => String::new(),
    };
    let mut seats = vendor.pool(tx, now).await?.take(1).map_err(Refusal::from)?;
    let user = User {
        id: proof.user,
        login,
        name,
        isv_admin: false,
    };
    let new = New {
        user: &user,
        email: &email,
        group_name: &group_name,
        language,
    };
    store::resellers::customers::create(tx, proof, new, &mut seats, now).await?;
    if let Some(own) = &proof.own_group {
        let entry = Entry {
            group: Some(own.group()),
            ..Entry::new(EventKind::GroupCreated, proof.by)
        };
        store::history::events::record(tx, &store.sources, entry).await?;
    }
    let level = proof.own_group.as_ref().or(proof.partner.as_ref());
    let entry = Entry {
        user: Some(proof.user),
        group: level.map(Lineage::group),
        ..Entry::new(EventKind::CustomerCreated, proof.by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// A mail to a customer: whose it is, and the secret in its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub to: Uninvited,
    /// The secret.
    pub token: String,
}

/// Takes a customer to send them their link. Until [`RETRY`] is over, nobody else gets them.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take_uninvited(store: &Store) -> Result<Option<Invitation>, OpError> {
    let now = store.sources.now();
    let (since, before) = (earlier(now, GIVE_UP), earlier(now, RETRY));
    // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
    let mut tx = store.begin_read().await?;
    if !store::resellers::customers::any_uninvited(&mut tx, since, before).await? {
        return Ok(None);
    }
    drop(tx);
    in_transaction!(store, |tx| {
        let token = tokens::fresh(&store.sources);
        let hash = tokens::hash(&token);
        let link = (hash.as_str(), later(now, INVITATION_LIFE));
        let to = store::resellers::customers::take_uninvited(&mut tx, since, before, now, link).await?;
        Ok(to.map(|to| Invitation { to, token }))
    })
}

/// Notes that a customer was sent their link.
///
/// # Errors
/// [`OpError::Store`].
pub async fn invited(store: &Store, user: UserId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        store::resellers::customers::invited(&mut tx, user, store.sources.now()).await?;
        Ok(())
    })
}
