//! Identity providers, as ISV admins look after them; [`sign_in`] is the way to one and back, [`links`] are one's own, and
//! [`protocol`] is what is spoken with them.

pub mod links;
pub mod protocol;
pub mod sign_in;

use domain::{
    access::{self, Actor, Denied},
    accounts::identity_providers::{
        InvalidProvider, Issuer, LoginClaim, MAX_PROVIDERS, clean_client_id, clean_client_secret,
        clean_scopes,
    },
    groups::Lineage,
    history::{events::EventKind, webhooks::Receivers},
    ids::{GroupId, IdentityProviderId, UserId},
    names::clean_name,
    refusals::Refusal,
};

use crate::{
    ops::{
        OpError,
        accounts::identity_providers::{protocol::Providers, sign_in::back_address},
        actor,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx, accounts::identity_providers::Provider, encryption::Secret, history::events::Entry,
    },
    views::accounts::identity_providers::{Offered, ProviderForm, ProviderRow, TestRun},
};

/// The form of a provider, checked.
struct Checked {
    provider: Provider,
    /// The new secret, where one was typed.
    secret: Option<Secret>,
}

async fn group(tx: &mut Tx, id: Option<GroupId>) -> Result<Option<Lineage>, OpError> {
    match id {
        Some(id) => Ok(Some(store::groups::lineage(tx, id).await?.ok_or(Denied::Hidden)?)),
        None => Ok(None),
    }
}

async fn checked(
    tx: &mut Tx,
    id: IdentityProviderId,
    form: &ProviderForm,
    reach: Receivers,
) -> Result<Checked, OpError> {
    let invalid = |why: InvalidProvider| OpError::from(Refusal::from(why));
    let branch = group(tx, form.branch).await?;
    let join = group(tx, form.join_group).await?;
    if let (Some(branch), Some(join)) = (&branch, &join)
        && !join.is_within(branch.group())
    {
        return Err(invalid(InvalidProvider::OutsideBranch));
    }
    let secret = match form.client_secret.trim() {
        "" => None,
        typed => Some(clean_client_secret(typed).map_err(invalid)?.to_owned().into()),
    };
    Ok(Checked {
        provider: Provider {
            id,
            branch: form.branch,
            name: clean_name(&form.name).map_err(Refusal::from)?,
            issuer: Issuer::read(&form.issuer, reach).map_err(invalid)?,
            client_id: clean_client_id(&form.client_id).map_err(invalid)?.to_owned(),
            scopes: clean_scopes(&form.scopes).map_err(invalid)?,
            login_claim: if form.login_is_email {
                LoginClaim::Email
            } else {
                LoginClaim::PreferredUsername
            },
            join_group: form.join_group,
            gives_factor: form.gives_factor,
            active: false,
            version: form.version,
        },
        secret,
    })
}

async fn record(tx: &mut Tx, store: &Store, kind: EventKind, by: UserId) -> Result<(), OpError> {
    Ok(store::history::events::record(tx, &store.sources, Entry::new(kind, by)).await?)
}

/// Providers that the login page offers to everybody: those of the instance. Those of branches are reached by their address alone, so
/// that the page tells nobody which branches there are (S4).
///
/// # Errors
/// [`OpError::Store`].
pub async fn offered(store: &Store) -> Result<Vec<Offered>, OpError> {
    let mut tx = store.begin_read().await?;
    let all = store::accounts::identity_providers::all(&mut tx).await?;
    let shown = all
        .into_iter()
        .filter(|provider| provider.active && provider.branch.is_none());
    let shown = shown.map(|provider| Offered {
        id: provider.id,
        name: provider.name,
    });
    Ok(shown.collect())
}

async fn row(tx: &mut Tx, url: &str, provider: Provider) -> Result<ProviderRow, OpError> {
    Ok(ProviderRow {
        linked: store::accounts::linked_identities::count(tx, provider.id).await?,
        has_secret: store::accounts::identity_providers::has_secret(tx, provider.id).await?,
        back: back_address(url, provider.id),
        id: provider.id,
        branch: provider.branch,
        name: provider.name,
        issuer: provider.issuer.to_string(),
        client_id: provider.client_id,
        scopes: provider.scopes,
        login_is_email: provider.login_claim == LoginClaim::Email,
        join_group: provider.join_group,
        gives_factor: provider.gives_factor,
        active: provider.active,
        version: provider.version,
    })
}

/// All providers.
///
/// # Errors
/// The policy's.
pub async fn list(store: &Store, url: &str, by: UserId) -> Result<Vec<ProviderRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor: Actor = actor(&mut tx, by).await?;
    access::authorize_providers(&actor)?;
    let mut rows = Vec::new();
    for provider in store::accounts::identity_providers::all(&mut tx).await? {
        rows.push(row(&mut tx, url, provider).await?);
    }
    Ok(rows)
}

/// A provider.
///
/// # Errors
/// The policy's.
pub async fn detail(
    store: &Store,
    url: &str,
    by: UserId,
    id: IdentityProviderId,
) -> Result<ProviderRow, OpError> {
    let mut tx = store.begin_read().await?;
    let actor: Actor = actor(&mut tx, by).await?;
    access::authorize_providers(&actor)?;
    let provider = store::accounts::identity_providers::by_id(&mut tx, id).await?;
    row(&mut tx, url, provider.ok_or(Denied::Hidden)?).await
}

/// Adds a provider, switched off, and yields its id.
///
/// # Errors
/// The policy's; [`Refusal::InvalidName`]; [`InvalidProvider`].
pub async fn create(
    store: &Store,
    by: UserId,
    form: &ProviderForm,
    reach: Receivers,
) -> Result<IdentityProviderId, OpError> {
    let id = IdentityProviderId(store.sources.fresh_id());
    in_transaction!(store, |tx| {
        let actor: Actor = actor(&mut tx, by).await?;
        let proof = access::authorize_providers(&actor)?;
        let Checked { provider, secret } = checked(&mut tx, id, form, reach).await?;
        let secret = secret.ok_or(Refusal::from(InvalidProvider::ClientSecret))?;
        if store::accounts::identity_providers::all(&mut tx).await?.len() >= MAX_PROVIDERS {
            Err(Refusal::from(InvalidProvider::TooMany))?;
        }
        store::accounts::identity_providers::insert(&mut tx, &proof, &provider, &secret).await?;
        record(&mut tx, store, EventKind::IdentityProviderCreated, by).await?;
        Ok(id)
    })
}

/// Changes a provider. Without a secret, it keeps the one that it has.
///
/// # Errors
/// The policy's; [`Refusal::InvalidName`]; [`InvalidProvider`].
pub async fn save(
    store: &Store,
    by: UserId,
    id: IdentityProviderId,
    form: &ProviderForm,
    reach: Receivers,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor: Actor = actor(&mut tx, by).await?;
        let proof = access::authorize_providers(&actor)?;
        let stored = store::accounts::identity_providers::by_id(&mut tx, id).await?;
        let stored = stored.ok_or(Denied::Hidden)?;
        if stored.version != form.version {
            Err(Refusal::from(InvalidProvider::Changed))?;
        }
        let Checked { mut provider, secret } = checked(&mut tx, id, form, reach).await?;
        provider.active = stored.active;
        store::accounts::identity_providers::update(&mut tx, &proof, &provider, secret.as_ref()).await?;
        record(&mut tx, store, EventKind::IdentityProviderChanged, by).await
    })
}

/// Switches a provider on or off; again, it changes nothing. Switched off, it signs nobody in; logins that run go on.
///
/// # Errors
/// The policy's; [`InvalidProvider::ClientSecret`] where its secret was lost.
pub async fn switch(store: &Store, by: UserId, id: IdentityProviderId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor: Actor = actor(&mut tx, by).await?;
        let proof = access::authorize_providers(&actor)?;
        let stored = store::accounts::identity_providers::by_id(&mut tx, id).await?;
        let mut provider = stored.ok_or(Denied::Hidden)?;
        if provider.active == on {
            return Ok(());
        }
        if on && !store::accounts::identity_providers::has_secret(&mut tx, id).await? {
            Err(Refusal::from(InvalidProvider::ClientSecret))?;
        }
        provider.active = on;
        store::accounts::identity_providers::update(&mut tx, &proof, &provider, None).await?;
        record(&mut tx, store, EventKind::IdentityProviderChanged, by).await
    })
}

/// Removes a provider, with the links to it. Accounts stay, and those without a password need one.
///
/// # Errors
/// The policy's.
pub async fn delete(store: &Store, by: UserId, id: IdentityProviderId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor: Actor = actor(&mut tx, by).await?;
        let proof = access::authorize_providers(&actor)?;
        store::accounts::identity_providers::by_id(&mut tx, id)
            .await?
            .ok_or(Denied::Hidden)?;
        store::accounts::identity_providers::delete(&mut tx, &proof, id).await?;
        record(&mut tx, store, EventKind::IdentityProviderDeleted, by).await
    })
}

/// Asks a provider what it publishes, as a sign-in would, and says what was found.
///
/// # Errors
/// The policy's.
pub async fn test(
    store: &Store,
    providers: &Providers,
    by: UserId,
    id: IdentityProviderId,
) -> Result<TestRun, OpError> {
    let provider = {
        let mut tx = store.begin_read().await?;
        let actor: Actor = actor(&mut tx, by).await?;
        access::authorize_providers(&actor)?;
        let provider = store::accounts::identity_providers::by_id(&mut tx, id).await?;
        provider.ok_or(Denied::Hidden)?
    };
    Ok(
        match providers.published(&provider.issuer, store.sources.now()).await {
            Ok(found) => TestRun {
                problem: None,
                authorization_endpoint: found.authorization_endpoint,
                keys: u32::try_from(found.keys).unwrap_or(u32::MAX),
                algorithms: found.algorithms,
                names_itself: found.names_itself,
                logs_out: found.logs_out,
            },
            Err(fault) => TestRun {
                problem: Some(fault.to_string()),
                ..TestRun::default()
            },
        },
    )
}

/// Where people log out at a provider, and come back from to `back`; `None` where it offers none, as far as is known without asking.
///
/// # Errors
/// [`OpError::Store`].
pub async fn log_out_address(
    store: &Store,
    providers: &Providers,
    id: IdentityProviderId,
    back: &str,
) -> Result<Option<String>, OpError> {
    let mut tx = store.begin_read().await?;
    let provider = store::accounts::identity_providers::by_id(&mut tx, id).await?;
    Ok(provider
        .filter(|provider| provider.active)
        .and_then(|provider| providers.log_out_address(&provider.issuer, &provider.client_id, back)))
}
