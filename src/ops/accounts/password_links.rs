//! The forgotten password (S12): links by mail that set a new one, once (ASVS 5.0, 6.4.3).

use domain::{accounts::Login, history::events::EventKind, refusals::Refusal, time::later};
use jiff::SignedDuration;

use crate::{
    ops::{
        OpError,
        accounts::{self, passwords},
        tokens,
        transactions::in_transaction,
    },
    store::{self, Store},
};

/// How long a link can be used.
pub const LIFE: SignedDuration = SignedDuration::from_mins(30);

/// A link for an account.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PasswordLink {
    /// Whose password it sets.
    pub login: Login,
    /// The secret in it.
    pub token: String,
}

/// Makes a link for each active account that has the mail address, in the place of earlier ones.
///
/// # Errors
/// [`OpError::Store`].
pub async fn create(store: &Store, email: &str) -> Result<Vec<PasswordLink>, OpError> {
    in_transaction!(store, |tx| {
        let mut links = Vec::new();
        for (user, login) in store::accounts::password_links::accounts(&mut tx, email).await? {
            let token = tokens::fresh(&store.sources);
            let until = later(store.sources.now(), LIFE);
            store::accounts::password_links::replace(&mut tx, user, &tokens::hash(&token), until).await?;
            links.push(PasswordLink { login, token });
        }
        Ok(links)
    })
}

/// Whose password a link sets. Looking does not use it up: mail programs look at links, too.
///
/// # Errors
/// [`Refusal::LinkExpired`].
pub async fn login(store: &Store, token: &str) -> Result<Login, OpError> {
    let mut tx = store.begin_read().await?;
    let owner =
        store::accounts::password_links::owner(&mut tx, &tokens::hash(token), store.sources.now()).await?;
    let owner = owner.ok_or(Refusal::LinkExpired)?;
    let user = store::accounts::people::by_id(&mut tx, owner).await?;
    Ok(user.ok_or(Refusal::LinkExpired)?.login)
}

/// Sets a new password by a link, which is used up. A running login of the account ends. A second factor stays: it is
/// asked for at the next login as at any other.
///
/// # Errors
/// [`Refusal::LinkExpired`], [`Refusal::WeakPassword`].
pub async fn set_password(store: &Store, token: &str, chosen: &str) -> Result<(), OpError> {
    let token_hash = tokens::hash(token);
    let user = {
        let mut tx = store.begin_read().await?;
        let owner = store::accounts::password_links::owner(&mut tx, &token_hash, store.sources.now()).await?;
        let user = store::accounts::people::by_id(&mut tx, owner.ok_or(Refusal::LinkExpired)?).await?;
        user.ok_or(Refusal::LinkExpired)?
    };
    passwords::check(chosen, &accounts::own_words(&user)).map_err(Refusal::from)?;
    let hash = accounts::hashed(store, chosen.to_owned()).await?;
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        // Once: whoever is second finds nothing.
        let owner = store::accounts::password_links::owner(&mut tx, &token_hash, now).await?;
        if owner != Some(user.id) {
            Err(Refusal::LinkExpired)?;
        }
        store::accounts::people::set_password(&mut tx, user.id, &hash, now).await?;
        accounts::record(&mut tx, store, EventKind::PasswordChanged, user.id, user.id).await
    })
}
