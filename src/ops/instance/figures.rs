//! How much there is and waits, for who operates the portal.

use std::time::Duration;

use domain::time::at_millisecond;
use jiff::Timestamp;

use crate::{
    metrics::{Figures, Queue},
    ops::{
        OpError,
        instance::{DEMO_VENDOR, ID, LICENSE, Vendor, backup::BACKED_UP_AT},
    },
    store::{
        self, Store,
        instance::figures::{Names, Waiting as Stored},
    },
};

const NAMES: Names = Names {
    id: ID,
    license: LICENSE,
    demo_vendor: DEMO_VENDOR,
    backed_up_at: BACKED_UP_AT,
};

/// What waits in one queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Waiting {
    pub queue: Queue,
    pub length: usize,
    /// For how long the oldest has.
    pub oldest: Option<Duration>,
}

/// Reads how much there is, and what waits in the database: one statement in one transaction.
///
/// # Errors
/// [`OpError::Store`].
pub async fn read(store: &Store, vendor: &Vendor) -> Result<(Figures, [Waiting; 3]), OpError> {
    let now = store.sources.now();
    let mut tx = store.begin_read().await?;
    let facts = store::instance::figures::facts(&mut tx, NAMES, now).await?;
    drop(tx);
    let ago = |at: Timestamp| Duration::try_from(now.duration_since(at)).unwrap_or_default();
    let waiting = |queue, of: Stored| Waiting {
        queue,
        length: count(of.length),
        oldest: of.since.map(ago),
    };
    let backup = facts.backed_up_at.as_deref().and_then(|text| text.parse().ok());
    let figures = Figures {
        leases: count(facts.leases),
        seats_used: count(facts.active),
        seats: usize::try_from(vendor.seats(&facts, now)).unwrap_or(usize::MAX),
        backup: backup.and_then(at_millisecond).map(ago),
    };
    let queues = [
        waiting(Queue::Digests, facts.digests),
        waiting(Queue::Webhooks, facts.deliveries),
        waiting(Queue::History, facts.unsealed),
    ];
    Ok((figures, queues))
}

fn count(rows: i64) -> usize {
    usize::try_from(rows).unwrap_or_default()
}
