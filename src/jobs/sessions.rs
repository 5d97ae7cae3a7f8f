//! Listens for the beats of open tabs: writes what was heard, and ends logins that are over.

use domain::accounts::presence::TICK;
use tokio::time::MissedTickBehavior;
use tokio_util::sync::CancellationToken;

use crate::{metrics, ops::accounts::sessions::Sessions};

/// Ticks between two times that what was heard is written.
const UNWRITTEN: u64 = 3;

/// Listens until it is told to stop. What was heard last is for whoever ends the portal to write.
pub async fn run(sessions: Sessions, stop: CancellationToken) {
    let mut ticks = tokio::time::interval(TICK.unsigned_abs());
    ticks.set_missed_tick_behavior(MissedTickBehavior::Skip);
    for tick in 1_u64.. {
        if stop.run_until_cancelled(ticks.tick()).await.is_none() {
            return;
        }
        sessions.tick();
        if tick.is_multiple_of(UNWRITTEN) {
            let done = match sessions.save().await {
                Ok(()) => sessions.sweep().await,
                Err(error) => Err(error),
            };
            metrics::round("sessions", done.is_ok());
            if let Err(error) = done {
                tracing::warn!(%error, "cannot write who is there");
            }
        }
    }
}
