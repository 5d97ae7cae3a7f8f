//! One's own account and one's identities elsewhere: linked and unlinked by who gives the password of the account.

use domain::{
    access,
    accounts::identity_providers::{FailedSignIn, LinkedBy},
    history::events::EventKind,
    ids::{IdentityProviderId, SessionId, UserId},
    refusals::Refusal,
};

use crate::{
    ops::{
        OpError,
        accounts::{
            self,
            identity_providers::sign_in::{CameBack, leave},
            reauthentication::Reauthentication,
        },
        actor, tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        accounts::identity_providers::{Pending, Provider},
    },
    views::accounts::identity_providers::{LinkedSignIn, LinkedSignIns, Offered},
};

/// Whether that account could be signed in by the provider at all.
async fn suits(tx: &mut Tx, provider: &Provider, user: UserId) -> Result<bool, OpError> {
    let Some((_, subject)) = store::accounts::by_id(tx, user).await? else {
        return Err(OpError::NoSuchActor);
    };
    let branch = match provider.branch {
        Some(branch) => match store::groups::lineage(tx, branch).await? {
            Some(branch) => Some(branch),
            None => return Ok(false),
        },
        None => None,
    };
    Ok(access::authorize_sign_in(branch.as_ref(), &subject, LinkedBy::Person).is_ok())
}

/// One's own links, and the providers that one's account can be linked to.
///
/// # Errors
/// [`OpError::Store`].
pub async fn own(store: &Store, user: UserId) -> Result<LinkedSignIns, OpError> {
    let mut tx = store.begin_read().await?;
    let linked = store::accounts::linked_identities::of_user(&mut tx, user).await?;
    let mut offered = Vec::new();
    for provider in store::accounts::identity_providers::all(&mut tx).await? {
        let new = linked.iter().all(|linked| linked.provider != provider.id);
        if provider.active && new && suits(&mut tx, &provider, user).await? {
            offered.push(Offered {
                id: provider.id,
                name: provider.name,
            });
        }
    }
    let has_password = store::accounts::people::password(&mut tx, user).await?.is_some();
    let row = |linked: store::accounts::linked_identities::Linked| LinkedSignIn {
        provider: linked.provider,
        name: linked.name,
        linked_at: linked.linked_at,
        last_used_at: linked.last_used_at,
    };
    Ok(LinkedSignIns {
        linked: linked.into_iter().map(row).collect(),
        offered,
        has_password,
    })
}

/// Somebody wants their account linked, and gives its password. Returns the token for their browser.
///
/// # Errors
/// [`Refusal::WrongPassword`]; [`FailedSignIn::Off`]; [`FailedSignIn::LinkedAlready`].
pub async fn begin(store: &Store, by: &Reauthentication, id: IdentityProviderId) -> Result<String, OpError> {
    let confirmed = by.confirm(store).await?;
    let session = by.session.ok_or(OpError::NoSuchActor)?;
    let token = tokens::fresh(&store.sources);
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let provider = store::accounts::identity_providers::by_id(&mut tx, id).await?;
        let provider = provider
            .filter(|provider| provider.active)
            .ok_or(Refusal::from(FailedSignIn::Off))?;
        if !suits(&mut tx, &provider, by.user).await? {
            return Err(Refusal::from(FailedSignIn::Off).into());
        }
        let linked = store::accounts::linked_identities::of_user(&mut tx, by.user).await?;
        if linked.iter().any(|linked| linked.provider == id) {
            return Err(Refusal::from(FailedSignIn::LinkedAlready).into());
        }
        let pending = Pending {
            links: Some((by.user, session)),
            end_other: false,
            next: String::new(),
        };
        leave(&mut tx, store, id, &pending, &token).await
    })?;
    Ok(token)
}

/// Links the account of who came back, in the login in which they gave their password.
///
/// # Errors
/// [`FailedSignIn`].
pub async fn finish(
    store: &Store,
    back: &CameBack,
    (user, session): (UserId, SessionId),
) -> Result<(), OpError> {
    let identity = &back.identity;
    let linked: Result<(), OpError> = in_transaction!(store, |tx| {
        // Whatever ended it meanwhile, such as a new password: nothing is linked in a login that is over.
        let running = store::accounts::sessions::by_id(&mut tx, session).await?;
        if running.is_none_or(|running| running.user != user || running.impersonation.is_some()) {
            return Err(Refusal::from(FailedSignIn::Expired).into());
        }
        let provider = store::accounts::identity_providers::by_id(&mut tx, identity.provider).await?;
        let same = |provider: &Provider| provider.active && provider.issuer == identity.issuer;
        let provider = provider.filter(same).ok_or(Refusal::from(FailedSignIn::Off))?;
        if !suits(&mut tx, &provider, user).await? {
            return Err(Refusal::from(FailedSignIn::Off).into());
        }
        if let Some(link) = store::accounts::linked_identities::of(&mut tx, identity).await? {
            let why = if link.user == user {
                FailedSignIn::LinkedAlready
            } else {
                FailedSignIn::OfAnother
            };
            return Err(Refusal::from(why).into());
        }
        let proof = access::authorize_own_account(&actor(&mut tx, user).await?);
        let now = store.sources.now();
        store::accounts::linked_identities::insert(&mut tx, &proof, identity, LinkedBy::Person, now).await?;
        accounts::record(&mut tx, store, EventKind::IdentityLinked, user, user).await
    });
    match linked {
        Err(OpError::Store(error)) if error.is_duplicate() => {
            Err(Refusal::from(FailedSignIn::LinkedAlready).into())
        }
        linked => linked,
    }
}

/// Takes one's own link to a provider away; the present password is asked for. Again, it changes nothing.
///
/// # Errors
/// [`Refusal::WrongPassword`].
pub async fn remove(store: &Store, by: &Reauthentication, id: IdentityProviderId) -> Result<(), OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let proof = access::authorize_own_account(&actor(&mut tx, user).await?);
        if store::accounts::linked_identities::delete(&mut tx, &proof, id).await? {
            // One that waits for a code was begun by it, perhaps.
            store::accounts::second_factors::end_waiting(&mut tx, user).await?;
            accounts::record(&mut tx, store, EventKind::IdentityUnlinked, user, user).await?;
        }
        Ok(())
    })
}
