//! Seals what was recorded, by whichever server, about a second later.

use std::time::Duration;

use tokio_util::sync::CancellationToken;

use crate::{metrics, ops, store::Store};

/// How long events wait to be sealed.
const LOOK: Duration = Duration::from_secs(1);
/// How often it is looked for events that are not sealed because of their time, in looks.
const REFUSED: u32 = 60;

/// Seals until it is told to stop.
pub async fn run(store: Store, stop: CancellationToken) {
    for look in 0_u32.. {
        if look.is_multiple_of(REFUSED) {
            warn_of_refused(&store).await;
        }
        let sealed = ops::history::chain::seal(&store).await;
        metrics::round("sealing", sealed.is_ok());
        if let Err(error) = sealed {
            tracing::warn!(%error, "cannot seal the history");
        }
        if stop.run_until_cancelled(tokio::time::sleep(LOOK)).await.is_none() {
            return;
        }
    }
}

async fn warn_of_refused(store: &Store) {
    match ops::history::chain::refused(store).await {
        Ok(refused) if refused.is_empty() => {}
        Ok(refused) => tracing::error!(
            events = refused.len(),
            "events are not sealed, because their time runs backwards or ahead: see `license-portal accept-events`"
        ),
        Err(error) => tracing::warn!(%error, "cannot look for events that are not sealed"),
    }
}
