//! Mails about requests to take tickets back: each is a row until it was sent, and says how the request stands when it is written.

use domain::{
    ids::{TakeBackId, UserId},
    licensing::take_backs::TakeBackState,
    time::later,
};

use crate::{
    ops::{OpError, actor, licensing::digests::RETRY, readers, transactions::in_transaction},
    store::{self, Store, visibility::VisibilityScope},
    views::licensing::take_backs::TakeBackNews,
};

/// A mail that is to be written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct TakeBackMail {
    /// About which request.
    pub id: TakeBackId,
    pub user: UserId,
    pub email: String,
    /// The language of that person's mails.
    pub language: Option<String>,
    pub news: TakeBackNews,
}

/// Takes a mail to write it. Until [`RETRY`] is over, nobody else gets it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn take(store: &Store) -> Result<Option<TakeBackMail>, OpError> {
    loop {
        // Only looking, most of the time: who waits for changes would be woken by the end of a transaction that writes.
        let mut tx = store.begin_read().await?;
        if !store::licensing::take_backs::any_mail(&mut tx, store.sources.now()).await? {
            return Ok(None);
        }
        drop(tx);
        let taken: Option<(TakeBackId, UserId)> = in_transaction!(store, |tx| {
            let now = store.sources.now();
            Ok(store::licensing::take_backs::take_mail(&mut tx, now, later(now, RETRY)).await?)
        })?;
        let Some((id, user)) = taken else {
            return Ok(None);
        };
        let (mail, state) = compose(store, id, user).await?;
        match (mail, state) {
            (Some(mail), _) => return Ok(Some(mail)),
            (None, Some(state)) => mailed(store, id, user, state).await?,
            // It was forgotten, and its mails with it.
            (None, None) => {}
        }
    }
}

/// What stands in a mail, as far as its reader may know, and how the request stands. No mail for who cannot be mailed, and for
/// who no longer sees the ticket that they are asked for.
async fn compose(
    store: &Store,
    id: TakeBackId,
    user: UserId,
) -> Result<(Option<TakeBackMail>, Option<TakeBackState>), OpError> {
    let mut tx = store.begin_read().await?;
    let Some(request) = store::licensing::take_backs::by_id(&mut tx, id).await? else {
        return Ok((None, None));
    };
    let state = request.state;
    let Some((email, language)) = store::licensing::take_backs::recipient(&mut tx, user).await? else {
        return Ok((None, Some(state)));
    };
    let actor = actor(&mut tx, user).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let seen = store::tickets::seen_by_ids(&mut tx, visibility.actor(), &[request.ticket]).await?;
    let licenses = seen.get(&request.ticket).map(|ticket| ticket.licenses.clone());
    if state.is_open() && licenses.is_none() {
        return Ok((None, Some(state)));
    }
    let news = TakeBackNews {
        ticket: request.ticket,
        licenses: licenses.unwrap_or_default(),
        by: readers::person(&mut tx, &visibility, request.by).await?,
        due_at: request.due_at,
        state,
    };
    let mail = TakeBackMail {
        id,
        user,
        email,
        language,
        news,
    };
    Ok((Some(mail), Some(state)))
}

/// Somebody was mailed how the request stands, or cannot be.
///
/// # Errors
/// [`OpError::Store`].
pub async fn mailed(
    store: &Store,
    id: TakeBackId,
    user: UserId,
    state: TakeBackState,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        Ok(store::licensing::take_backs::mailed(&mut tx, id, user, state).await?)
    })
}
