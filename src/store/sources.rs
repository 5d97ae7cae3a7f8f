//! Time and randomness, passed in by whoever starts the portal, so that tests have them in hand.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use domain::time::{Milliseconds, whole_millisecond};
use jiff::Timestamp;

type Clock = dyn Fn() -> Timestamp + Send + Sync;
type Entropy = dyn Fn(&mut [u8]) + Send + Sync;

/// Where time and randomness come from.
#[derive(Clone)]
pub struct Sources {
    clock: Arc<Clock>,
    entropy: Arc<Entropy>,
    last_id: Arc<AtomicI64>,
}

/// 2024-01-01, the beginning of the time in ids.
const EPOCH: Timestamp = Timestamp::constant(1_704_067_200, 0);
/// Bits of an id below its time.
const RANDOM_BITS: u32 = 20;

impl Sources {
    /// From a clock and a source of cryptographic randomness.
    pub fn new(
        clock: impl Fn() -> Timestamp + Send + Sync + 'static,
        entropy: impl Fn(&mut [u8]) + Send + Sync + 'static,
    ) -> Self {
        Self {
            clock: Arc::new(clock),
            entropy: Arc::new(entropy),
            last_id: Arc::new(AtomicI64::new(0)),
        }
    }

    /// The same randomness at the times of another clock.
    #[must_use]
    pub(crate) fn with_clock(&self, clock: impl Fn() -> Timestamp + Send + Sync + 'static) -> Self {
        Self {
            clock: Arc::new(clock),
            entropy: Arc::clone(&self.entropy),
            last_id: Arc::default(),
        }
    }

    /// The time of day, in whole milliseconds.
    #[must_use]
    pub fn now(&self) -> Timestamp {
        whole_millisecond((self.clock)())
    }

    /// That many random bytes.
    #[must_use]
    pub fn random<const N: usize>(&self) -> [u8; N] {
        let mut bytes = [0; N];
        (self.entropy)(&mut bytes);
        bytes
    }

    /// The smallest id that could have been made at that time.
    #[must_use]
    pub fn first_id_at(at: Timestamp) -> i64 {
        Milliseconds::from(at.duration_since(EPOCH))
            .0
            .clamp(0, i64::MAX >> RANDOM_BITS)
            << RANDOM_BITS
    }

    /// A new id: ordered by time, strictly within this process, random otherwise.
    #[must_use]
    pub fn fresh_id(&self) -> i64 {
        let random = i64::from(u32::from_le_bytes(self.random::<4>()) >> (32 - RANDOM_BITS));
        let wanted = Self::first_id_at(self.now()) | random;
        // Where a burst, or a clock set back, would repeat the past, go on by a small random step.
        let next = |last: i64| {
            if wanted > last {
                wanted
            } else {
                last + 1 + random % 1024
            }
        };
        let before = self
            .last_id
            .fetch_update(Ordering::Relaxed, Ordering::Relaxed, |last| Some(next(last)));
        next(before.unwrap_or_else(|last| last))
    }
}

#[cfg(test)]
mod tests {
    use domain::time::later;
    use jiff::SignedDuration;

    use super::*;

    #[test]
    fn ids_grow_even_when_the_clock_stands_still() {
        let sources = Sources::new(
            || later(EPOCH, SignedDuration::from_millis(5)),
            |bytes| bytes.fill(0xAB),
        );
        let ids: Vec<i64> = (0..1000).map(|_| sources.fresh_id()).collect();
        assert!(ids.windows(2).all(|two| two[0] < two[1]) && ids[0] > 0);
    }
}
