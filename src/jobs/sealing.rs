//! Seals what was recorded, by whichever server, about a second later.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{ops, store::Store};

/// How long events wait to be sealed.
const LOOK: Duration = Duration::from_secs(1);

/// Seals until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    loop {
        if let Err(error) = ops::history::chain::seal(&store).await {
            tracing::warn!(%error, "cannot seal the history");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}
