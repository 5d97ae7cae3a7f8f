//! Everything that a request needs.

use std::sync::Arc;

use domain::history::{events::Channel, webhooks::Receivers};

use crate::{
    auth::{client_address::TrustedProxies, limits::Limits},
    ops::{
        accounts::{identity_providers::protocol::Providers, sessions::Sessions},
        history::live::Live,
        instance::{Vendor, imports::Imports},
        licensing::access_tokens::Headless,
        outbox::Outbox,
    },
    store::Store,
};

/// Everything a request needs; one for the whole process.
#[derive(Clone)]
pub struct Portal {
    /// The database.
    pub store: Store,
    /// What the demo people log in with; `None` on a real instance.
    pub demo_password: Option<String>,
    /// TLS ends in the portal, or in front of it: cookies are `Secure`.
    pub https: bool,
    /// The name under which it answers, besides addresses; any, where none is set.
    pub host: Option<String>,
    /// Whose `X-Forwarded-For` counts.
    pub proxies: TrustedProxies,
    /// Where to report a vulnerability, as an address.
    pub security_contact: Option<String>,
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
    /// Who signs people in besides the portal itself.
    pub providers: Providers,
    /// How often something may be tried.
    pub limits: Arc<Limits>,
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

    /// The same portal for those who come over this channel.
    #[must_use]
    pub fn over(&self, channel: Channel) -> Self {
        Self {
            store: self.store.over(channel),
            ..self.clone()
        }
    }
}
