//! Folds what machines used into hours and days (N18), and forgets what is older than it is kept.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{metrics, ops, store::Store};

/// How often it is looked for an hour that is over.
const LOOK: Duration = Duration::from_secs(60);

/// Folds until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    loop {
        // Hours that nobody folded while the server was away.
        loop {
            match ops::licensing::usage::fold(&store).await {
                Ok(true) if !stop.is_cancelled() => {}
                Ok(_) => {
                    metrics::round("usage", true);
                    break;
                }
                Err(error) => {
                    metrics::round("usage", false);
                    tracing::warn!(%error, "cannot fold what machines used");
                    break;
                }
            }
        }
        if let Err(error) = ops::licensing::usage::sweep(&store).await {
            tracing::warn!(%error, "cannot forget what machines used long ago");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}
