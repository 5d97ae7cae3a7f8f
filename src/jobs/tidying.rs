//! Forgets what nobody needs.

use std::{sync::Arc, time::Duration};

use tokio_util::sync::CancellationToken;

use crate::{auth::limits::Limits, metrics, ops, store::Store};

/// How often it is tidied up.
const LOOK: Duration = Duration::from_secs(600);

/// What is tidied up.
#[derive(Clone)]
pub struct Tidying {
    pub store: Store,
    /// How often something was tried.
    pub limits: Arc<Limits>,
}

impl Tidying {
    /// Tidies up until it is told to stop.
    pub async fn run(self, stop: CancellationToken) {
        while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
            self.limits.tidy();
            let leases = ops::licensing::leases::tidy(&self.store).await;
            let webhooks = ops::history::webhooks::tidy(&self.store).await;
            let take_backs = ops::licensing::take_backs::tidy(&self.store).await;
            metrics::round(
                "tidying",
                leases.is_ok() && webhooks.is_ok() && take_backs.is_ok(),
            );
            if let Err(error) = leases {
                tracing::warn!(%error, "cannot forget what machines do not use any more");
            }
            if let Err(error) = take_backs {
                tracing::warn!(%error, "cannot forget which tickets were asked for long ago");
            }
            if let Err(error) = webhooks {
                tracing::warn!(%error, "cannot forget what webhooks sent long ago");
            }
        }
    }
}
