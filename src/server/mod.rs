//! Wiring: configuration, login, the router, live updates, the command line.

pub mod assets;
pub mod cli;
pub mod config;
pub mod failures;
pub mod files;
pub mod forms;
pub mod headers;
pub mod live;
pub mod rest;
pub mod router;

use std::sync::Arc;

use domain::{
    access::Denied,
    history::{events::Channel, webhooks::Receivers},
    refusals::Refusal,
};

use crate::{
    errors::ApiError,
    ops::{
        OpError,
        accounts::sessions::Sessions,
        history::live::Live,
        instance::{Vendor, imports::Imports},
        licensing::access_tokens::Headless,
        outbox::Outbox,
    },
    store::{Store, StoreError},
};

/// Everything a request needs; one for the whole process.
#[derive(Clone)]
pub struct Portal {
    /// The database.
    pub store: Store,
    /// What the demo people log in with; `None` on a real instance.
    pub demo_password: Option<String>,
    /// TLS ends in front of the portal: cookies are `Secure`.
    pub https: bool,
    /// The last address in `X-Forwarded-For` is the client's.
    pub behind_proxy: bool,
    /// Whose signature the licence of the instance carries.
    pub vendor: Vendor,
    /// What machines are told.
    pub headless: Headless,
    /// Where the server listens.
    pub address: String,
    /// Who is logged in.
    pub sessions: Sessions,
    /// What is mailed.
    pub outbox: Outbox,
    /// Files that were uploaded.
    pub imports: Imports,
    /// Which receivers webhooks may have.
    pub receivers: Receivers,
    /// How often something may be tried.
    pub limits: Arc<crate::auth::limits::Limits>,
    /// What happens, as it happens.
    pub live: Live,
}

impl Portal {
    /// The same portal for whoever looks at it as another person.
    #[must_use]
    pub fn impersonated(&self, impersonated: bool) -> Self {
        Self {
            store: self.store.impersonated(impersonated),
            ..self.clone()
        }
    }

    /// The same portal for those who come through this door.
    #[must_use]
    pub fn over(&self, channel: Channel) -> Self {
        Self {
            store: self.store.over(channel),
            ..self.clone()
        }
    }
}

impl From<OpError> for ApiError {
    fn from(error: OpError) -> Self {
        match error {
            OpError::Refused(refusal) => Self::Refused(refusal),
            OpError::NoSuchActor => Self::NotLoggedIn,
            OpError::Store(error) => error.into(),
        }
    }
}

impl From<StoreError> for ApiError {
    fn from(error: StoreError) -> Self {
        if matches!(error, StoreError::OnlyImpersonated) {
            return Self::Refused(Refusal::ViewingAs);
        }
        tracing::error!(%error, "the database failed");
        Self::Internal
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        Self::Refused(Refusal::Denied(denied))
    }
}
