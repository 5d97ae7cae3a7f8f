//! The way to a provider and back: who is sent, who comes back, whose account that is, and who joins.

use domain::{
    access::{self, Denied},
    accounts::{
        clean_email,
        identity_providers::{FailedSignIn, LinkedBy, LoginClaim, PENDING_LIFE, login_of},
    },
    history::events::EventKind,
    ids::{GroupId, IdentityProviderId, UserId},
    names::clean_name,
    refusals::Refusal,
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError,
        accounts::{
            self,
            identity_providers::protocol::{Asserted, BrowserToken, Client, Providers, Returned, is_own},
        },
        instance::Vendor,
        tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        accounts::{
            identity_providers::{Pending, Provider},
            linked_identities::Identity,
            people::User,
        },
        history::events::Entry,
    },
};

/// Longest address of the page to show afterwards.
const MAX_NEXT: usize = 500;

/// Where a provider sends people back to, below the address of the portal.
#[must_use]
pub fn back_address(url: &str, provider: IdentityProviderId) -> String {
    format!("{url}{}", crate::views::addresses::sign_in_back(provider))
}

/// A provider that is switched on, with what the portal shows it.
async fn offered(tx: &mut Tx, url: &str, id: IdentityProviderId) -> Result<(Provider, Client), OpError> {
    let provider = store::accounts::identity_providers::by_id(tx, id).await?;
    let provider = provider
        .filter(|provider| provider.active)
        .ok_or(Refusal::from(FailedSignIn::Off))?;
    let secret = store::accounts::identity_providers::secret(tx, id).await?;
    let client = Client {
        issuer: provider.issuer.clone(),
        id: provider.client_id.clone(),
        secret: secret.ok_or(Refusal::from(FailedSignIn::Off))?,
        back: back_address(url, id),
    };
    Ok((provider, client))
}

/// Notes that somebody is sent to a provider, and yields the token for their browser.
pub(super) async fn leave(
    tx: &mut Tx,
    store: &Store,
    provider: IdentityProviderId,
    pending: &Pending,
    token: &str,
) -> Result<(), OpError> {
    let until = store.sources.now() + PENDING_LIFE;
    store::accounts::identity_providers::leave(tx, &tokens::hash(token), provider, pending, until).await?;
    Ok(())
}

/// Somebody wants to be signed in by that provider: the token for their browser, and where to send them.
///
/// # Errors
/// [`FailedSignIn`].
pub async fn begin(
    store: &Store,
    providers: &Providers,
    url: &str,
    id: IdentityProviderId,
    end_other: bool,
    next: &str,
) -> Result<(String, String), OpError> {
    let (provider, client) = offered(&mut store.begin_read().await?, url, id).await?;
    let token = tokens::fresh(&store.sources);
    let browser = BrowserToken::of(token.clone());
    let address = providers
        .address(&client, &provider.scopes, &browser, store.sources.now())
        .await;
    let address = address.map_err(|fault| Refusal::from(FailedSignIn::from(fault)))?;
    let pending = Pending {
        links: None,
        end_other,
        next: next.chars().take(MAX_NEXT).collect(),
    };
    in_transaction!(store, |tx| { leave(&mut tx, store, id, &pending, &token).await })?;
    Ok((token, address))
}

/// Where to send somebody who wants their account linked, and gave their password for it in this browser.
///
/// # Errors
/// [`FailedSignIn`].
pub async fn begin_linking(
    store: &Store,
    providers: &Providers,
    url: &str,
    id: IdentityProviderId,
    token: &str,
) -> Result<String, OpError> {
    let mut tx = store.begin_read().await?;
    let now = store.sources.now();
    let pending = store::accounts::identity_providers::away(&mut tx, &tokens::hash(token), id, now).await?;
    pending
        .and_then(|pending| pending.links)
        .ok_or(Refusal::from(FailedSignIn::Expired))?;
    let (provider, client) = offered(&mut tx, url, id).await?;
    drop(tx);
    let browser = BrowserToken::of(token.to_owned());
    let address = providers.address(&client, &provider.scopes, &browser, now).await;
    Ok(address.map_err(|fault| Refusal::from(FailedSignIn::from(fault)))?)
}

/// Who came back from a provider, verified.
#[derive(Debug, Clone)]
pub struct CameBack {
    /// What was wished for when they left.
    pub pending: Pending,
    /// Who they are there.
    pub identity: Identity,
    asserted: Asserted,
    login_claim: LoginClaim,
    join_group: Option<GroupId>,
}

/// Somebody comes back from a provider, in the browser with that token. That is used up, whatever comes of it.
///
/// # Errors
/// [`FailedSignIn`].
pub async fn come_back(
    store: &Store,
    providers: &Providers,
    url: &str,
    id: IdentityProviderId,
    token: &str,
    returned: &Returned,
) -> Result<CameBack, OpError> {
    let browser = BrowserToken::of(token.to_owned());
    // Somebody else's answer uses up nothing.
    if !is_own(&browser, returned) {
        return Err(Refusal::from(FailedSignIn::Expired).into());
    }
    let hash = tokens::hash(token);
    let (pending, provider, client) = in_transaction!(store, |tx| {
        let now = store.sources.now();
        let pending = store::accounts::identity_providers::away(&mut tx, &hash, id, now).await?;
        let pending = pending.ok_or(Refusal::from(FailedSignIn::Expired))?;
        if !store::accounts::identity_providers::come_back(&mut tx, &hash).await? {
            return Err(OpError::from(Refusal::from(FailedSignIn::Expired)));
        }
        let (provider, client) = offered(&mut tx, url, id).await?;
        Ok((pending, provider, client))
    })?;
    let asserted = providers
        .assertion(&client, &browser, returned, store.sources.now())
        .await;
    let asserted = asserted.map_err(Refusal::from)?;
    Ok(CameBack {
        pending,
        identity: Identity {
            provider: id,
            issuer: provider.issuer,
            subject: asserted.subject.clone(),
        },
        asserted,
        login_claim: provider.login_claim,
        join_group: provider.join_group,
    })
}

/// Whose account it is that came back; where there is none and the provider may make one, a new one within the seats.
///
/// # Errors
/// [`FailedSignIn`]; [`Refusal::NoSeatLeft`].
pub async fn account_of(store: &Store, vendor: &Vendor, back: &CameBack) -> Result<UserId, OpError> {
    for again in [true, false] {
        let linked = {
            let mut tx = store.begin_read().await?;
            store::accounts::linked_identities::of(&mut tx, &back.identity).await?
        };
        match linked {
            Some(link) if link.provider == back.identity.provider => return Ok(link.user),
            // Another provider's people are its own.
            Some(_) => return Err(Refusal::from(FailedSignIn::Unknown).into()),
            None => {}
        }
        match join(store, vendor, back).await {
            // In another browser, the same person was faster.
            Err(OpError::Store(error)) if error.is_duplicate() => {}
            Err(OpError::Refused(Refusal::FailedSignIn(FailedSignIn::LoginTaken))) if again => {}
            joined => return joined,
        }
    }
    Err(Refusal::from(FailedSignIn::Unknown).into())
}

/// Makes the account of somebody who has none, as the provider wishes.
async fn join(store: &Store, vendor: &Vendor, back: &CameBack) -> Result<UserId, OpError> {
    let unknown = || Refusal::from(FailedSignIn::Unknown);
    if back.join_group.is_none() {
        return Err(unknown().into());
    }
    let id = UserId(store.sources.fresh_id());
    let claim = match back.login_claim {
        LoginClaim::PreferredUsername => &back.asserted.preferred_username,
        LoginClaim::Email => &back.asserted.email,
    };
    let login = login_of(claim.as_deref()).map_err(Refusal::from)?;
    let name = back.asserted.name.as_deref().unwrap_or_default();
    let name = clean_name(name)
        .or_else(|_| clean_name(login.as_str()))
        .map_err(Refusal::from)?;
    let email = back.asserted.email.as_deref().unwrap_or_default();
    // One that cannot be written to is none.
    let email = clean_email(email).ok().flatten();
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        // Read again with the account that it lets in.
        let provider = store::accounts::identity_providers::by_id(&mut tx, back.identity.provider).await?;
        let provider = provider
            .filter(|provider| provider.active)
            .ok_or(Refusal::from(FailedSignIn::Off))?;
        let group = provider.join_group.ok_or_else(unknown)?;
        let group = store::groups::lineage(&mut tx, group)
            .await?
            .ok_or_else(unknown)?;
        let branch = match provider.branch {
            Some(branch) => Some(
                store::groups::lineage(&mut tx, branch)
                    .await?
                    .ok_or_else(unknown)?,
            ),
            None => None,
        };
        let joins = access::authorize_joining(branch.as_ref(), group.clone(), id);
        let (creation, change) = joins.map_err(|_: Denied| unknown())?;
        if store::accounts::people::by_login(&mut tx, &login)
            .await?
            .is_some()
        {
            return Err(OpError::from(Refusal::from(FailedSignIn::LoginTaken)));
        }
        let mut seats = vendor.pool(&mut tx, now).await?.take(1).map_err(Refusal::from)?;
        let user = User {
            id,
            login: login.clone(),
            name: name.clone(),
            isv_admin: false,
        };
        store::accounts::create(&mut tx, &creation, &user, email.as_deref(), now).await?;
        let entry = Entry {
            user: Some(id),
            group: Some(group.group()),
            ..Entry::new(EventKind::UserCreated, id)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        store::accounts::switch_on(&mut tx, &change, &mut seats).await?;
        accounts::record(&mut tx, store, EventKind::UserActivated, id, id).await?;
        store::accounts::linked_identities::insert(&mut tx, &change, &back.identity, LinkedBy::Provider, now)
            .await?;
        accounts::record(&mut tx, store, EventKind::IdentityLinked, id, id).await?;
        Ok(id)
    })
}

/// What signs an account in instead of a password, as it is looked at in the transaction that begins the login.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ByProvider(pub Identity);

impl ByProvider {
    /// Whether the identity still signs that account in. Returns whether its provider asked for a second factor.
    ///
    /// # Errors
    /// [`FailedSignIn`].
    pub(in crate::ops::accounts) async fn holds(
        &self,
        tx: &mut Tx,
        user: UserId,
        now: Timestamp,
    ) -> Result<bool, OpError> {
        let unknown = || Refusal::from(FailedSignIn::Unknown);
        let Self(identity) = self;
        let link = store::accounts::linked_identities::of(tx, identity).await?;
        let link = link.filter(|link| link.user == user && link.provider == identity.provider);
        let link = link.ok_or_else(unknown)?;
        let provider = store::accounts::identity_providers::by_id(tx, identity.provider).await?;
        let same = |provider: &Provider| provider.active && provider.issuer == identity.issuer;
        let provider = provider.filter(same).ok_or(Refusal::from(FailedSignIn::Off))?;
        let (_, subject) = store::accounts::by_id(tx, user).await?.ok_or_else(unknown)?;
        let branch = match provider.branch {
            Some(branch) => Some(store::groups::lineage(tx, branch).await?.ok_or_else(unknown)?),
            None => None,
        };
        access::authorize_sign_in(branch.as_ref(), &subject, link.by).map_err(|_| unknown())?;
        store::accounts::linked_identities::used(tx, user, identity.provider, now).await?;
        Ok(provider.gives_factor)
    }
}
