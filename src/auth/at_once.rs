//! How much somebody may have under way at the same time.

use std::{
    collections::HashMap,
    hash::Hash,
    sync::{Arc, Mutex, PoisonError},
};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// What is under way, by whom it is for.
#[derive(Debug)]
pub struct AtOnce<K> {
    most: usize,
    waiting: usize,
    present: Present<K>,
}

/// Those who have something under way or wait; nobody else stands in it.
type Present<K> = Arc<Mutex<HashMap<K, Turns>>>;

#[derive(Debug)]
struct Turns {
    free: Arc<Semaphore>,
    present: usize,
}

/// A place among those of the same key, until it is dropped.
#[derive(Debug)]
struct Place<K: Eq + Hash> {
    key: K,
    among: Present<K>,
}

/// Something under way, until it is dropped.
#[derive(Debug)]
pub struct Held<K: Eq + Hash> {
    _turn: OwnedSemaphorePermit,
    _place: Place<K>,
}

impl<K: Eq + Hash + Clone> AtOnce<K> {
    /// For each at most so much under way, and so much that waits.
    #[must_use]
    pub fn new(most: usize, waiting: usize) -> Self {
        Self {
            most,
            waiting,
            present: Arc::default(),
        }
    }

    fn enter(&self, key: K) -> Option<(Place<K>, Arc<Semaphore>)> {
        let mut all = self.present.lock().unwrap_or_else(PoisonError::into_inner);
        let turns = all.entry(key.clone()).or_insert_with(|| Turns {
            free: Arc::new(Semaphore::new(self.most)),
            present: 0,
        });
        if turns.present >= self.most + self.waiting {
            return None;
        }
        turns.present += 1;
        let free = Arc::clone(&turns.free);
        let among = Arc::clone(&self.present);
        Some((Place { key, among }, free))
    }

    /// One more for this one, at once; `None` where there is as much as may be.
    #[must_use]
    pub fn take(&self, key: K) -> Option<Held<K>> {
        let (place, free) = self.enter(key)?;
        Some(Held {
            _turn: free.try_acquire_owned().ok()?,
            _place: place,
        })
    }

    /// Waits for its turn; `None`, at once, where as much waits as may.
    pub async fn wait(&self, key: K) -> Option<Held<K>> {
        let (place, free) = self.enter(key)?;
        Some(Held {
            _turn: free.acquire_owned().await.ok()?,
            _place: place,
        })
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut all = self.among.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(turns) = all.get_mut(&self.key) {
            turns.present -= 1;
            if turns.present == 0 {
                all.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn each_has_as_much_under_way_as_may_be_and_nobody_is_kept() {
        let at_once = AtOnce::new(2, 0);
        let (first, second) = (at_once.take("a"), at_once.take("a"));
        assert!(first.is_some() && second.is_some() && at_once.take("a").is_none());
        let other = at_once.take("b");
        assert!(other.is_some());
        drop(first);
        assert!(at_once.take("a").is_some());
        drop((second, other));
        assert!(at_once.present.lock().expect("not poisoned").is_empty());
    }

    #[tokio::test]
    async fn who_waits_gets_the_next_turn_and_one_too_many_does_not_wait() {
        let at_once = Arc::new(AtOnce::new(1, 1));
        let first = at_once.take("a").expect("free");
        let waits = tokio::spawn({
            let at_once = at_once.clone();
            async move { at_once.wait("a").await.is_some() }
        });
        tokio::time::sleep(Duration::from_millis(20)).await;
        assert!(at_once.wait("a").await.is_none());
        assert!(at_once.wait("b").await.is_some(), "another's turns are their own");
        drop(first);
        assert!(waits.await.expect("it does not panic"));
        // Whoever gives up leaves.
        let first = at_once.take("a").expect("free");
        let gone = tokio::time::timeout(Duration::from_millis(5), at_once.wait("a")).await;
        assert!(gone.is_err());
        drop(first);
        assert!(at_once.present.lock().expect("not poisoned").is_empty());
    }
}
