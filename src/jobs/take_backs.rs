//! Takes tickets back on their day, and ends the requests about those that were used or moved before it (N18).

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{metrics, ops, store::Store};

/// How often it is looked for what is due.
const LOOK: Duration = Duration::from_secs(60);

/// Goes on until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    let store = store.by_itself();
    loop {
        let done = ops::licensing::take_backs::carry_out(&store).await;
        metrics::round("take-backs", done.is_ok());
        if let Err(error) = done {
            tracing::warn!(%error, "cannot take tickets back");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}
