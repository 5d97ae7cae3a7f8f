//! Looks after files that were uploaded: stores those that were confirmed, and gives up those that nobody has any more.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{metrics, ops::instance::imports::Imports};

/// How often it is looked after them, besides when something was confirmed.
const LOOK: Duration = Duration::from_secs(1);

/// Looks after them until it is told to stop; what is being stored then is finished first.
pub async fn run(imports: Imports, stop: CancellationToken) {
    loop {
        let tended = imports.tend().await;
        metrics::round("imports", tended.is_ok());
        if let Err(error) = tended {
            tracing::warn!(%error, "cannot look after imports");
        }
        tokio::select! {
            () = stop.cancelled() => return,
            () = imports.confirmed() => {}
            () = tokio::time::sleep(LOOK) => {}
        }
    }
}
