//! Looking at the portal as another person (N16): beginning and ending it, and whether it still may be.

use domain::{
    access::{self, Denied},
    accounts::sessions::{IMPERSONATION_LIFE, Session},
    history::events::EventKind,
    ids::{SessionId, UserId},
    refusals::Refusal,
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, accounts, actor, transactions::in_transaction},
    store::{self, Store, Tx},
};

/// Whose eyes a login sees with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Perspective {
    /// Its user's own.
    Own,
    /// Those of another person.
    Of {
        user: UserId,
        /// Whether that person is watched.
        impersonated: bool,
        /// When it is over.
        until: Timestamp,
    },
    /// Nobody's, until its user loads a page: the time is over, or the right to it has gone.
    Closed,
}

/// Whose eyes the login sees with now. The right to it is judged each time.
///
/// # Errors
/// [`OpError`].
pub async fn perspective(store: &Store, session: &Session) -> Result<Perspective, OpError> {
    let Some(impersonation) = session.impersonation else {
        return Ok(Perspective::Own);
    };
    if !impersonation.runs(store.sources.now()) {
        return Ok(Perspective::Closed);
    }
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, session.user).await?;
    let proof = match accounts::found(&mut tx, impersonation.user).await {
        Ok((_, subject)) => access::authorize_impersonation(&actor, &subject),
        Err(OpError::Refused(Refusal::Denied(denied))) => Err(denied),
        Err(error) => return Err(error),
    };
    Ok(proof.map_or(Perspective::Closed, |proof| Perspective::Of {
        user: proof.user,
        impersonated: proof.impersonated,
        until: impersonation.until,
    }))
}

/// Begins to look at the portal as that person, for at most [`IMPERSONATION_LIFE`].
///
/// # Errors
/// [`Refusal::Denied`].
pub async fn begin(store: &Store, session: &Session, user: UserId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, session.user).await?;
        let (_, subject) = accounts::found(&mut tx, user).await?;
        let proof = access::authorize_impersonation(&actor, &subject)?;
        // A login that has ended meanwhile looks at nothing.
        let own = store::accounts::sessions::by_id(&mut tx, session.id).await?;
        let own = own.ok_or(Denied::Hidden)?;
        record_end(&mut tx, store, &own).await?;
        let until = store.sources.now() + IMPERSONATION_LIFE;
        store::accounts::sessions::begin_impersonation(&mut tx, own.id, &proof, until).await?;
        accounts::record(&mut tx, store, EventKind::ViewBegan, proof.by, proof.user).await
    })
}

/// Ends it; returns as whom the login looked.
///
/// # Errors
/// [`Refusal::NotViewing`].
pub async fn end(store: &Store, id: SessionId) -> Result<UserId, OpError> {
    in_transaction!(store, |tx| {
        let session = store::accounts::sessions::by_id(&mut tx, id).await?;
        let (session, impersonation) = session
            .and_then(|session| Some((session, session.impersonation?)))
            .ok_or(Refusal::NotViewing)?;
        record_end(&mut tx, store, &session).await?;
        store::accounts::sessions::end_impersonation(&mut tx, id).await?;
        Ok(impersonation.user)
    })
}

/// Writes that the impersonation of a login has ended, if there is one and that is not written yet.
pub(crate) async fn record_end(tx: &mut Tx, store: &Store, session: &Session) -> Result<(), OpError> {
    if let Some(impersonation) = session
        .impersonation
        .filter(|impersonation| !impersonation.recorded)
    {
        store::accounts::sessions::end_recorded(tx, session.id).await?;
        accounts::record(tx, store, EventKind::ViewEnded, session.user, impersonation.user).await?;
    }
    Ok(())
}

/// Writes the end of all impersonations that are over by time, or with their logins.
pub(crate) async fn record_ends(tx: &mut Tx, store: &Store, now: Timestamp) -> Result<(), OpError> {
    for session in store::accounts::sessions::impersonations_over(tx, now).await? {
        record_end(tx, store, &session).await?;
    }
    Ok(())
}
