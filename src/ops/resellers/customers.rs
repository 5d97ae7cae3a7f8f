//! The customers of partners (S15): their accounts.

use domain::{
    access::{Authorized, CustomerCreation},
    accounts::{Login, clean_email},
    groups::Lineage,
    history::events::EventKind,
    names::clean_name,
    refusals::Refusal,
    resellers::creations::InvalidCreation,
};

use crate::{
    ops::{OpError, instance::Vendor},
    store::{self, Store, Tx, accounts::people::User, history::events::Entry, resellers::customers::New},
    views::resellers::customers::NewCustomer,
};

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
