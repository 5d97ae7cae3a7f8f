//! Logins: one at a time for each account, with a browser tab that gives signs of life (S18–S20).

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use domain::{
    access::{self, Denied},
    accounts::{
        presence::{Presence, TabId},
        sessions::{self, EndReason, GONE, LIFETIME, Session, Tab},
    },
    history::events::EventKind,
    ids::{IdentityProviderId, SessionId, UserId},
    refusals::Refusal,
    time::{days, earlier},
};
use jiff::{SignedDuration, Timestamp};

use crate::{
    ops::{
        OpError,
        accounts::{self, identity_providers::sign_in::ByProvider, impersonation, second_factors},
        actor,
        transactions::in_transaction,
    },
    store::{
        self, Engine, Store, Tx,
        accounts::sessions::{Listed, NewSession},
    },
    views::accounts::sessions::{ActiveSession, EndedSession, SessionPage},
};

/// How long ended logins are remembered.
const REMEMBERED: SignedDuration = days(90);
/// Longest reason of an administrator, in characters.
const MAX_NOTE: usize = 500;

/// The reason of an administrator, as it is recorded; `None` where none is given.
pub(crate) fn note(text: &str) -> Option<String> {
    let note: String = text.trim().chars().take(MAX_NOTE).collect();
    (!note.is_empty() && !note.contains('\0')).then_some(note)
}

/// Everything about logins; one for the whole process, because it hears the signs of life.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    presence: Arc<Mutex<Presence>>,
    idle: SignedDuration,
}

/// From where and with what somebody logs in.
#[derive(Debug, Clone, Default)]
pub struct Origin {
    /// Address of the browser.
    pub address: String,
    /// The browser, in words.
    pub browser: String,
    /// Hash of the token that the browser has already.
    pub token_hash: Option<String>,
    /// The hash that the given password fitted, where one was given.
    pub password_hash: Option<String>,
    /// The identity that signs them in, where one does.
    pub provider: Option<ByProvider>,
    /// The code of the second factor, in the second step of a login.
    pub code: Option<String>,
    /// The language of the browser, as a tag.
    pub language: Option<&'static str>,
}

impl Sessions {
    /// Begins to listen. A login ends when its user does nothing for as long as `idle`.
    #[must_use]
    pub fn new(store: Store, idle: SignedDuration) -> Self {
        let presence = Presence::new(store.sources.now(), store.engine() == Engine::Sqlite);
        Self {
            store,
            presence: Arc::new(Mutex::new(presence)),
            idle,
        }
    }

    fn presence(&self) -> MutexGuard<'_, Presence> {
        // What was heard stays right whoever panicked.
        self.presence.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn over(&self, session: &Session, now: Timestamp) -> Option<EndReason> {
        let active_at = self.presence().active_at(session);
        session.over(active_at, self.idle, now)
    }

    /// The running login under that hash of a token.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn running(&self, token_hash: &str) -> Result<Option<Session>, OpError> {
        let mut tx = self.store.begin_read().await?;
        let found = store::accounts::sessions::by_token(&mut tx, token_hash).await?;
        let now = self.store.sources.now();
        Ok(found.filter(|session| self.over(session, now).is_none()))
    }

    /// Those of these logins that run and are not over, in this transaction.
    ///
    /// # Errors
    /// [`OpError::Store`].
    pub(crate) async fn running_among(
        &self,
        tx: &mut Tx,
        ids: &[SessionId],
    ) -> Result<HashMap<SessionId, Session>, OpError> {
        let found = store::accounts::sessions::by_ids(tx, ids).await?;
        let now = self.store.sources.now();
        let running = found
            .into_iter()
            .filter(|session| self.over(session, now).is_none());
        Ok(running.map(|session| (session.id, session)).collect())
    }

    /// Begins a login under the hash of its token. The browser's own older login ends; another one of the account
    /// stands in the way, unless its tab is gone and `end_other` is wished. Where the account has a second factor, a
    /// code of it is needed.
    ///
    /// # Errors
    /// [`Refusal::LoggedInAlready`], [`Refusal::CodeNeeded`], [`Refusal::WrongCode`]; [`Refusal::WrongPassword`] when the
    /// password is another one by now.
    pub async fn begin(
        &self,
        user: UserId,
        token_hash: &str,
        origin: &Origin,
        end_other: bool,
    ) -> Result<(), OpError> {
        let store = &self.store;
        let id = in_transaction!(store, |tx| {
            let now = store.sources.now();
            // While the password was looked at, it may have been replaced, and the logins it began ended.
            if let Some(given) = &origin.password_hash
                && store::accounts::people::password(&mut tx, user).await?.as_ref() != Some(given)
            {
                Err(Refusal::WrongPassword)?;
            }
            // Read with the login: an account that is switched off at the same moment is not let in.
            match store::accounts::people::state(&mut tx, user).await? {
                Some((true, None)) => {}
                Some((true, Some(until))) if now < until => {}
                Some((true, Some(_))) => Err(Refusal::PasswordExpired)?,
                Some((false, _)) => Err(Refusal::Inactive)?,
                None => Err(OpError::NoSuchActor)?,
            }
            let provider = match &origin.provider {
                Some(by) => Some((by.0.provider, by.holds(&mut tx, user, now).await?)),
                None => None,
            };
            if provider.is_none_or(|(_, factor_given)| !factor_given) {
                second_factors::check(&mut tx, user, origin.code.as_deref(), now).await?;
            }
            if let Some(own) = &origin.token_hash
                && let Some(own) = store::accounts::sessions::by_token(&mut tx, own).await?
            {
                store::accounts::sessions::end(&mut tx, own.id, EndReason::Replaced, now).await?;
            }
            let mut other = store::accounts::sessions::of_user(&mut tx, user).await?;
            if let Some((over, reason)) = other.and_then(|other| Some((other, self.over(&other, now)?))) {
                store::accounts::sessions::end(&mut tx, over.id, reason, now).await?;
                other = None;
            }
            let tab = other.map(|other| self.presence().tab(&other, now));
            let ends = sessions::check_second(other.as_ref().zip(tab), end_other).map_err(Refusal::from)?;
            if let Some(ends) = ends {
                store::accounts::sessions::end(&mut tx, ends, EndReason::Replaced, now).await?;
            }
            let id = SessionId(store.sources.fresh_id());
            let new = NewSession {
                id,
                user,
                token_hash,
                address: &origin.address,
                browser: &origin.browser,
                provider,
                now,
            };
            store::accounts::sessions::create(&mut tx, &new).await?;
            if let Some(language) = origin.language {
                store::accounts::people::speaks(&mut tx, user, language).await?;
            }
            Ok(id)
        })?;
        self.presence().begun(id, self.store.sources.now());
        Ok(())
    }

    /// Its user logs out. Returns which provider had signed them in.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn log_out(&self, token_hash: &str) -> Result<Option<IdentityProviderId>, OpError> {
        let store = &self.store;
        in_transaction!(store, |tx| {
            let provider = store::accounts::sessions::provider(&mut tx, token_hash).await?;
            if let Some(session) = store::accounts::sessions::by_token(&mut tx, token_hash).await? {
                impersonation::record_end(&mut tx, store, &session).await?;
                store::accounts::sessions::end(
                    &mut tx,
                    session.id,
                    EndReason::LoggedOut,
                    store.sources.now(),
                )
                .await?;
            }
            Ok(provider)
        })
    }

    /// The person asked for a page.
    pub fn asked_for_page(&self, session: &Session) {
        self.presence()
            .asked_for_page(session.id, self.store.sources.now());
    }

    /// A tab gives a sign of life; its user has done nothing in it for so long. Returns how long the login
    /// lasts if nothing more is done anywhere.
    #[must_use]
    pub fn beat(&self, session: &Session, tab: TabId, idle: SignedDuration) -> SignedDuration {
        let now = self.store.sources.now();
        let mut presence = self.presence();
        presence.beat(session.id, tab, idle, now);
        let idle_left = self.idle - now.duration_since(presence.active_at(session));
        let life_left = LIFETIME - now.duration_since(session.begun_at);
        idle_left.min(life_left).max(SignedDuration::ZERO)
    }

    /// A tab was closed, or went on to another page.
    pub fn leave(&self, session: &Session, tab: TabId) {
        self.presence().leave(session.id, tab, self.store.sources.now());
    }

    /// The running logins of people whose name or login contains the text, the newest first, for an administrator.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn active(
        &self,
        reader: UserId,
        own: Option<SessionId>,
        search: &str,
        page: u32,
    ) -> Result<SessionPage<ActiveSession>, OpError> {
        let (rows, total) = self.page(reader, true, search, page).await?;
        let now = self.store.sources.now();
        let presence = self.presence();
        let row = |listed: Listed| ActiveSession {
            id: listed.session.id,
            name: listed.name,
            login: listed.login,
            since: listed.session.begun_at,
            idle: now
                .duration_since(presence.active_at(&listed.session))
                .max(SignedDuration::ZERO)
                .into(),
            address: listed.address,
            browser: listed.browser,
            tab: presence.tab(&listed.session, now),
            own: own == Some(listed.session.id),
            viewing_as: listed.viewing_as.filter(|_| {
                listed
                    .session
                    .impersonation
                    .is_some_and(|impersonation| impersonation.runs(now))
            }),
        };
        Ok(SessionPage {
            rows: rows.into_iter().map(row).collect(),
            total,
        })
    }

    /// The ended logins of people whose name or login contains the text, the last first, for an administrator.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn ended(
        &self,
        reader: UserId,
        search: &str,
        page: u32,
    ) -> Result<SessionPage<EndedSession>, OpError> {
        let (rows, total) = self.page(reader, false, search, page).await?;
        let row = |listed: Listed| {
            let end = listed.end?;
            Some(EndedSession {
                id: listed.session.id,
                name: listed.name,
                login: listed.login,
                since: listed.session.begun_at,
                until: end.at,
                reason: end.reason,
                by: end.by,
                note: end.note,
                address: listed.address,
                browser: listed.browser,
            })
        };
        Ok(SessionPage {
            rows: rows.into_iter().filter_map(row).collect(),
            total,
        })
    }

    async fn page(
        &self,
        reader: UserId,
        running: bool,
        search: &str,
        page: u32,
    ) -> Result<(Vec<Listed>, u64), OpError> {
        let mut tx = self.store.begin_read().await?;
        let actor = actor(&mut tx, reader).await?;
        let proof = access::authorize_administration(&actor)?;
        // Beyond this nobody turns pages; a search is the way.
        let page = page.min(10_000);
        Ok(store::accounts::sessions::page(&mut tx, &proof, running, search, page).await?)
    }

    /// CLOSE (S19): ends somebody's login at once, if its tab is gone.
    ///
    /// # Errors
    /// [`Refusal::TabOpen`].
    pub async fn close(&self, by: UserId, id: SessionId) -> Result<(), OpError> {
        self.end_for(by, id, None).await
    }

    /// Ends somebody's login although its tab is open. The reason is recorded.
    ///
    /// # Errors
    /// [`Refusal::NoReason`].
    pub async fn end_anyway(&self, by: UserId, id: SessionId, reason: &str) -> Result<(), OpError> {
        let Some(reason) = note(reason) else {
            // Of what may not be seen, nothing else is told first.
            let mut tx = self.store.begin_read().await?;
            access::authorize_administration(&actor(&mut tx, by).await?)?;
            return Err(Refusal::NoReason.into());
        };
        self.end_for(by, id, Some(&reason)).await
    }

    /// Whether a browser still shows the portal under the running login.
    pub(crate) fn tab(&self, session: &Session) -> Tab {
        self.presence().tab(session, self.store.sources.now())
    }

    async fn end_for(&self, by: UserId, id: SessionId, anyway: Option<&str>) -> Result<(), OpError> {
        let store = &self.store;
        in_transaction!(store, |tx| {
            let actor = actor(&mut tx, by).await?;
            let proof = access::authorize_administration(&actor)?;
            let session = store::accounts::sessions::by_id(&mut tx, id)
                .await?
                .ok_or(Denied::Hidden)?;
            let now = store.sources.now();
            let reason = match (self.presence().tab(&session, now), anyway) {
                (_, Some(_)) => EndReason::EndedAnyway,
                (Tab::Gone, None) => EndReason::Closed,
                (Tab::Open, None) => Err(Refusal::TabOpen)?,
            };
            store::accounts::sessions::end_for(&mut tx, &proof, id, reason, anyway, now).await?;
            accounts::record(&mut tx, store, EventKind::LoginEnded, by, session.user).await
        })
    }

    /// To be called every [`TICK`](domain::accounts::presence::TICK): time goes on.
    pub fn tick(&self) {
        self.presence().tick(self.store.sources.now());
    }

    /// Writes what was heard, together.
    ///
    /// # Errors
    /// [`OpError`]; what could not be written is heard again.
    pub async fn save(&self) -> Result<(), OpError> {
        let unsaved = self.presence().unsaved();
        if unsaved.is_empty() {
            return Ok(());
        }
        let store = &self.store;
        in_transaction!(store, |tx| {
            for heard in &unsaved {
                store::accounts::sessions::save(&mut tx, heard).await?;
            }
            Ok(())
        })
    }

    /// Ends logins that are over, and forgets those that ended long ago.
    ///
    /// # Errors
    /// [`OpError`].
    pub async fn sweep(&self) -> Result<(), OpError> {
        let store = &self.store;
        let now = store.sources.now();
        // Another server may have heard of activity that it has not written yet.
        let sure = now - GONE;
        in_transaction!(store, |tx| {
            for session in
                store::accounts::sessions::overdue(&mut tx, sure - LIFETIME, sure - self.idle).await?
            {
                if let Some(reason) = self.over(&session, sure) {
                    store::accounts::sessions::end(&mut tx, session.id, reason, now).await?;
                }
            }
            impersonation::record_ends(&mut tx, store, now).await?;
            store::accounts::sessions::settle(&mut tx, now).await?;
            store::accounts::sessions::forget(&mut tx, earlier(now, REMEMBERED)).await?;
            store::accounts::identity_providers::forget_away(&mut tx, now).await?;
            Ok(())
        })
    }
}
