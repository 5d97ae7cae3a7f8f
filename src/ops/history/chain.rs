//! The history as a chain of hashes with signed checkpoints (N11): events are sealed right after they were recorded, and
//! the chain is verified from its beginning.
//!
//! Transactions do not seal their own events: the end of the chain would be the one row that all of them change. What
//! was committed is sealed afterwards, in one order, by one server at a time.

use std::collections::{BTreeMap, HashMap};

use domain::history::chain::{self, Columns, Link};
use ed25519_dalek::VerifyingKey;
use jiff::{SignedDuration, Timestamp};
use jose::{self, InvalidToken};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::{
    ops::{OpError, instance::signing_keys},
    store::{
        self, Store, Tx,
        history::chain::{Checkpoint, Sealed},
    },
};

/// What signed checkpoints are for.
const TYP: &str = "history-checkpoint+jwt";
/// Events that are sealed in one transaction, and read at once.
const BATCH: i64 = 512;
/// A checkpoint stays when there are so many events between it and the one before …
const EVERY: i64 = 1_000;
/// … or so much time.
const AGE: SignedDuration = SignedDuration::from_hours(1);
/// Most faults that are listed.
const LISTED: usize = 100;

/// What a checkpoint says.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
struct Claims {
    /// The last event before it.
    position: i64,
    /// The hash there.
    hash: String,
    /// When it was made; signed texts have it in milliseconds since 1970.
    #[serde(with = "jiff::fmt::serde::timestamp::millisecond::required")]
    at: Timestamp,
}

fn link(before: &Link, position: i64, columns: &Columns) -> Link {
    Link(Sha256::digest(chain::bytes(before, position, columns)).into())
}

/// Seals the events that wait for it, and says how many there were.
///
/// # Errors
/// [`OpError::Store`].
pub async fn seal(store: &Store) -> Result<usize, OpError> {
    let mut tx = store.begin_read().await?;
    if store::history::chain::waiting(&mut tx, 1).await?.is_empty() {
        return Ok(0);
    }
    drop(tx);
    let mut sealed = 0;
    loop {
        let batch = seal_batch(store).await?;
        sealed += batch;
        if i64::try_from(batch).is_ok_and(|batch| batch < BATCH) {
            return Ok(sealed);
        }
    }
}

async fn seal_batch(store: &Store) -> Result<usize, OpError> {
    let mut tx = store.begin_seal().await?;
    let events = store::history::chain::waiting(&mut tx, BATCH).await?;
    if events.is_empty() {
        return Ok(0);
    }
    let last = store::history::chain::last(&mut tx).await?;
    let known = store::history::chain::last_checkpoints(&mut tx, 2).await?;
    let superseded = superseded(&known, last.as_ref());
    // A last hash that is none is for the verification to find; what happens from now on is sealed all the same.
    let hash = last.as_ref().and_then(|(_, hash)| hash.as_deref()?.parse().ok());
    let mut end = (
        last.map_or(0, |(position, _)| position),
        hash.unwrap_or(Link::START),
    );
    let mut links = Vec::with_capacity(events.len());
    for (id, columns) in &events {
        let position = end.0 + 1;
        end = (position, link(&end.1, position, columns));
        links.push((*id, end.0, end.1));
    }
    store::history::chain::seal(&mut tx, &links).await?;
    let signer = signing_keys::signer(&mut tx, &store.sources).await?;
    let claims = Claims {
        position: end.0,
        hash: end.1.to_string(),
        at: store.sources.now(),
    };
    let checkpoint = Checkpoint {
        signed: signer.sign(TYP, &claims)?,
        key_id: signer.id().to_owned(),
        position: claims.position,
        hash: claims.hash,
        at: claims.at,
    };
    store::history::chain::add_checkpoint(&mut tx, &checkpoint).await?;
    if let Some(superseded) = superseded {
        store::history::chain::remove_checkpoint(&mut tx, superseded).await?;
    }
    store.commit(tx).await?;
    Ok(events.len())
}

/// There is always a checkpoint at the end of the chain. The one that stands there goes when the chain goes on, unless it is
/// far from the one before. One that does not fit the chain stays for the verification.
fn superseded<'a>(known: &'a [Checkpoint], last: Option<&(i64, Option<String>)>) -> Option<&'a Checkpoint> {
    let [newest, before] = known else { return None };
    let fits = last
        .is_some_and(|(position, hash)| newest.position == *position && hash.as_ref() == Some(&newest.hash));
    let far = newest.position - before.position >= EVERY || newest.at.duration_since(before.at) >= AGE;
    (fits && !far).then_some(newest)
}

/// Something that is wrong with the history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The event does not fit its hash.
    #[error("position {0}: the event was altered, exchanged or moved, or the one before it was")]
    Altered(i64),
    /// There are no events at these positions.
    #[error("positions {0} to {1}: the events are missing")]
    Missing(i64, i64),
    /// No event is sealed with such a position.
    #[error("position {0}: there is no such position; the event was moved or added")]
    Misplaced(i64),
    /// The chain goes on beyond its last checkpoint.
    #[error("positions {0} to {1}: the events were added without a signature")]
    Unsigned(i64, i64),
    /// The chain had another hash when the checkpoint was made.
    #[error("position {0}: the history is not the one of which a checkpoint was made here")]
    Contradicted(i64),
    /// The signed text is not the one that was stored with that position.
    #[error("position {0}: the checkpoint was altered: {1}")]
    Checkpoint(i64, InvalidToken),
    /// A checkpoint was made where there is nothing now.
    #[error("positions {0} to {1}: the events are missing at the end; a checkpoint was made behind them")]
    Cut(i64, i64),
    /// The checkpoint that was kept elsewhere is none of this portal.
    #[error("the checkpoint that was kept elsewhere is not one of this portal: {0}")]
    Kept(InvalidToken),
}

/// What the verification found.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Verified {
    /// Events in the chain.
    pub sealed: u64,
    /// Events that wait to be sealed.
    pub waiting: i64,
    /// Signed checkpoints.
    pub checkpoints: u64,
    /// What is wrong, in order; the first hundred.
    pub faults: Vec<Fault>,
    /// How many faults there are.
    pub count: u64,
    /// The last checkpoint, to be kept elsewhere.
    pub newest: Option<String>,
}

impl Verified {
    fn add(&mut self, fault: Fault) {
        self.count += 1;
        if self.faults.len() < LISTED {
            self.faults.push(fault);
        }
    }
}

/// Where the verification stands in the chain.
struct Walk {
    found: Verified,
    keys: BTreeMap<String, VerifyingKey>,
    /// The checkpoint that was kept elsewhere.
    kept: Option<Claims>,
    /// The position of the last event.
    position: i64,
    /// The hash there; `None` behind a gap.
    hash: Option<Link>,
    /// The last position that is signed.
    signed: i64,
}

impl Walk {
    fn event(&mut self, event: &Sealed) -> Option<Link> {
        self.found.sealed += 1;
        if event.position <= self.position {
            self.found.add(Fault::Misplaced(event.position));
            return None;
        }
        if event.position > self.position + 1 {
            self.found
                .add(Fault::Missing(self.position + 1, event.position - 1));
            self.hash = None;
        }
        self.position = event.position;
        let stored = event.hash.as_deref().and_then(|hash| hash.parse().ok());
        let columns = event.columns.as_ref();
        let computed = match (&self.hash, columns) {
            (Some(before), Some(columns)) => Some(link(before, event.position, columns)),
            // Behind a gap there is nothing to compute from: the event counts as what it says.
            (None, Some(_)) => stored,
            (_, None) => None,
        };
        if computed.is_none() || computed != stored {
            self.found.add(Fault::Altered(event.position));
        }
        // What comes next is held against what stands here, so that one alteration is told once.
        self.hash = stored;
        computed
    }

    fn checkpoint(&mut self, checkpoint: &Checkpoint, links: &HashMap<i64, Link>) {
        self.found.checkpoints += 1;
        let claims = jose::verify::<Claims>(&checkpoint.signed, TYP, |kid| self.keys.get(kid).copied());
        match claims {
            Err(why) => self.found.add(Fault::Checkpoint(checkpoint.position, why)),
            Ok(claims)
                if (claims.position, &claims.hash, claims.at)
                    != (checkpoint.position, &checkpoint.hash, checkpoint.at) =>
            {
                let why = InvalidToken::BadSignature;
                self.found.add(Fault::Checkpoint(checkpoint.position, why));
            }
            Ok(claims) => {
                self.compare(&claims, links);
                self.signed = self.signed.max(claims.position);
            }
        }
    }

    fn compare(&mut self, claims: &Claims, links: &HashMap<i64, Link>) {
        let there = links.get(&claims.position).map(ToString::to_string);
        if there.as_ref() != Some(&claims.hash) {
            self.found.add(Fault::Contradicted(claims.position));
        }
    }
}

/// Verifies the whole history, and compares it with a checkpoint that was kept elsewhere, if there is one. Reads one state
/// of the database, some hundred events at a time.
///
/// # Errors
/// [`OpError::Store`]; what is wrong with the history is no error, but stands in the answer.
pub async fn verify(store: &Store, kept: Option<&str>) -> Result<Verified, OpError> {
    let mut tx = store.begin_read().await?;
    let keys = signing_keys::believed(&mut tx, store.sources.now(), SignedDuration::MAX).await?;
    let mut walk = Walk {
        found: Verified::default(),
        keys,
        kept: None,
        position: 0,
        hash: Some(Link::START),
        signed: 0,
    };
    if let Some(kept) = kept {
        match jose::verify(kept.trim(), TYP, |kid| walk.keys.get(kid).copied()) {
            Ok(claims) => walk.kept = Some(claims),
            Err(why) => walk.found.add(Fault::Kept(why)),
        }
    }
    let mut after = i64::MIN;
    loop {
        let events = store::history::chain::sealed_after(&mut tx, after, BATCH).await?;
        let Some(last) = events.last().map(|event| event.position) else {
            break;
        };
        let mut links = HashMap::new();
        for event in &events {
            if let Some(link) = walk.event(event) {
                links.insert(event.position, link);
            }
        }
        for checkpoint in store::history::chain::checkpoints(&mut tx, after.saturating_add(1), last).await? {
            walk.checkpoint(&checkpoint, &links);
        }
        if let Some(kept) = walk
            .kept
            .take_if(|kept| kept.position > after && kept.position <= last)
        {
            walk.compare(&kept, &links);
        }
        after = last;
    }
    end(&mut tx, walk, after).await
}

/// What lies behind the last event.
async fn end(tx: &mut Tx, mut walk: Walk, after: i64) -> Result<Verified, OpError> {
    let beyond = store::history::chain::checkpoints(tx, after.saturating_add(1), i64::MAX).await?;
    for checkpoint in &beyond {
        walk.found.checkpoints += 1;
        let fault = Fault::Cut(walk.position + 1, checkpoint.position);
        walk.found.add(fault);
    }
    if let Some(kept) = walk.kept.take() {
        let fault = Fault::Cut(walk.position + 1, kept.position);
        walk.found.add(fault);
    }
    if walk.signed < walk.position {
        let fault = Fault::Unsigned(walk.signed + 1, walk.position);
        walk.found.add(fault);
    }
    walk.found.waiting = store::history::chain::count_waiting(tx).await?;
    let newest = store::history::chain::last_checkpoints(tx, 1).await?;
    walk.found.newest = newest.into_iter().next().map(|checkpoint| checkpoint.signed);
    Ok(walk.found)
}
