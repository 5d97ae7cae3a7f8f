//! Requests to hosts that users name: they reach nobody whom a user must not reach through the portal.

use std::{net::SocketAddr, time::Duration};

use domain::history::{addresses::is_public, webhooks::Receivers};
use ureq::{
    Agent,
    config::Config,
    http::Uri,
    unversioned::{
        resolver::{DefaultResolver, ResolvedSocketAddrs, Resolver},
        transport::{DefaultConnector, NextTimeout},
    },
};

/// What asks hosts that users name, each for no longer than `patience` all in all, and follows no redirects.
#[must_use]
pub fn agent(reach: Receivers, patience: Duration) -> Agent {
    let config = Config::builder()
        .http_status_as_error(false)
        .max_redirects(0)
        // Whatever the environment says: through a proxy, nobody would look at the address that is connected to.
        .proxy(None)
        .timeout_global(Some(patience))
        .max_idle_connections(0)
        .user_agent(concat!("license-portal/", env!("CARGO_PKG_VERSION")))
        .build();
    Agent::with_parts(config, DefaultConnector::default(), Guarded::to(reach))
}

/// The host has an address that the operator does not let users reach.
#[derive(Debug, thiserror::Error)]
#[error("not an address that may be reached")]
pub struct NotAllowed;

/// Finds the addresses of hosts, and lets through only those that may be reached. These are the ones that are connected to:
/// a host cannot have other ones a moment later.
#[derive(Debug)]
struct Guarded {
    reach: Receivers,
    inner: DefaultResolver,
}

impl Guarded {
    fn to(reach: Receivers) -> Self {
        Self {
            reach,
            inner: DefaultResolver::default(),
        }
    }

    fn lets_through(&self, uri: &Uri, address: &SocketAddr) -> bool {
        match (uri.scheme_str(), self.reach) {
            (Some("https"), Receivers::Public) => is_public(address.ip()),
            (Some("https"), Receivers::Private) => true,
            // Without TLS only on this machine.
            (_, Receivers::Private) => address.ip().is_loopback(),
            (_, Receivers::Public) => false,
        }
    }
}

impl Resolver for Guarded {
    fn resolve(
        &self,
        uri: &Uri,
        config: &Config,
        timeout: NextTimeout,
    ) -> Result<ResolvedSocketAddrs, ureq::Error> {
        let found = self.inner.resolve(uri, config, timeout);
        let addresses = found.map_err(|error| match error {
            ureq::Error::Io(_) => ureq::Error::HostNotFound,
            error => error,
        })?;
        // One of them is enough to refuse: a host of the internet has none.
        if addresses.iter().all(|address| self.lets_through(uri, address)) {
            Ok(addresses)
        } else {
            Err(ureq::Error::Other(Box::new(NotAllowed)))
        }
    }
}
