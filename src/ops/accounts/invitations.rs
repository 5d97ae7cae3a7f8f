//! Mails with the link of a new account: to people whom an administrator invited (S17), and to customers (S15).

use domain::{
    accounts::GENERATED_LIFE,
    time::{days, earlier, later},
};
use jiff::SignedDuration;

use crate::{
    ops::{OpError, tokens, transactions::in_transaction},
    store::{
        self, Store,
        accounts::invitations::{List, Uninvited},
    },
};

/// How long the link of a mail can be used: as long as a generated password.
pub const LIFE: SignedDuration = GENERATED_LIFE;
/// How long a mail is left alone after it was tried to mail it.
const RETRY: SignedDuration = SignedDuration::from_mins(5);
/// For how long it is tried.
pub(super) const GIVE_UP: SignedDuration = days(7);

/// A mail to somebody: whose it is, and the secret in its link.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Invitation {
    pub to: Uninvited,
    /// The secret.
    pub token: String,
}

/// Takes somebody to send them their link. Until [`RETRY`] is over, nobody else gets them.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take(store: &Store) -> Result<Option<Invitation>, OpError> {
    for list in List::ALL {
        if let Some(taken) = take_from(store, list).await? {
            return Ok(Some(taken));
        }
    }
    Ok(None)
}

async fn take_from(store: &Store, list: List) -> Result<Option<Invitation>, OpError> {
    let now = store.sources.now();
    let (since, before) = (earlier(now, GIVE_UP), earlier(now, RETRY));
    // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
    let mut tx = store.begin_read().await?;
    if !store::accounts::invitations::any(&mut tx, list, since, before).await? {
        return Ok(None);
    }
    drop(tx);
    in_transaction!(store, |tx| {
        let token = tokens::fresh(&store.sources);
        let hash = tokens::hash(&token);
        let link = (hash.as_str(), later(now, LIFE));
        let to = store::accounts::invitations::take(&mut tx, list, since, before, now, link).await?;
        Ok(to.map(|to| Invitation { to, token }))
    })
}

/// Notes that somebody was sent their link.
///
/// # Errors
/// [`OpError::Store`].
pub async fn sent(store: &Store, to: &Uninvited) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        store::accounts::invitations::invited(&mut tx, to.list, to.user, store.sources.now()).await?;
        Ok(())
    })
}
