//! Carries out what is planned for a day: amendments of licences come into force by themselves, and are written down here.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{metrics, ops, store::Store};

/// How often it is looked for what came into force. Nothing waits for it: what is due counts for every decision at once.
const LOOK: Duration = Duration::from_secs(1);

/// Carries out until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    loop {
        let done = ops::licensing::amendments::carry_out(&store).await;
        metrics::round("amendments", done.is_ok());
        if let Err(error) = done {
            tracing::warn!(%error, "cannot carry out planned amendments");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}
