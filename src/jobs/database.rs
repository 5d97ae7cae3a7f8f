//! Watches the database: whoever waits for one that is silent gets an answer, and the next connection goes to the one that took over.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{
    metrics,
    store::{Store, Watch},
};

/// How often it is asked.
const LOOK: Duration = Duration::from_secs(1);
/// For how long it may be silent. A replica takes over within ten seconds, and whoever waits is to have an answer then.
const PATIENCE: Duration = Duration::from_secs(5);

/// Watches until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    let mut watch = Watch::new(store, PATIENCE);
    while stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_some() {
        let looked = stop.run_until_cancelled(watch.look()).await;
        if let Some(looked) = &looked {
            metrics::round("database", looked.is_ok());
        }
        match looked {
            Some(Err(error)) => tracing::warn!(%error, "cannot make other connections to the database"),
            Some(Ok(_)) => {}
            None => return,
        }
    }
}
