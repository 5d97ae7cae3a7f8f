//! Carries out what is planned for a day: amendments of licences come into force by themselves, and are written down here.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{ops, store::Store};

/// How often it is looked for what came into force. Nothing waits for it: what is due counts for every decision at once.
const LOOK: Duration = Duration::from_secs(1);

/// Carries out until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    loop {
        if let Err(error) = ops::licensing::amendments::carry_out(&store).await {
            tracing::warn!(%error, "cannot carry out planned amendments");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}
