//! The history is verified from its beginning (N11): that no event was altered, removed, added, moved, or hidden from who is
//! to be shown it.

use std::collections::{BTreeMap, HashMap};

use domain::{
    history::{
        chain::{self, CLOCK_TOLERANCE, Columns, Form, Link, Value},
        changes::Change,
        events::EventKind,
    },
    ids::{EventId, GroupId},
    time::{at_millisecond, later},
};
use ed25519_dalek::VerifyingKey;
use jiff::{SignedDuration, Timestamp};
use jose::{self, InvalidToken};
use sha2::{Digest, Sha256};

use crate::{
    ops::{
        OpError,
        history::chain::{BATCH, Claims, TYP, hash, inheriting, window},
        instance::signing_keys,
    },
    store::{
        self, Store, Tx,
        history::chain::{Checkpoint, Sealed, Shown},
    },
};

/// Most faults that are listed.
const LISTED: usize = 100;
/// By how much time may run backwards against the latest of all events before: an event may be early by as much against one
/// that was itself early.
const BACKWARDS: SignedDuration = SignedDuration::from_secs(2 * CLOCK_TOLERANCE.as_secs());

/// Something that is wrong with the history.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum Fault {
    /// The event does not fit its hash.
    #[error(
        "position {0}: the event or who is shown it was altered, exchanged or moved, or the one before it was"
    )]
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
    /// Somebody is shown the event, or is not, as no event of the history says.
    #[error(
        "position {0}: who is shown the event was altered: a dissolved group's history belongs to the one above it"
    )]
    Readers(i64),
    /// The event is sealed in an earlier form than one before it.
    #[error("position {0}: the event is sealed without its readers, as by an older server; end that one")]
    Older(i64),
    /// The event is far earlier than one before it.
    #[error("position {0}: time runs backwards")]
    Backwards(i64),
    /// The event waits, because of its time.
    #[error(
        "event {0}: it is not sealed, because its time runs backwards or ahead; see `license-portal accept-events`"
    )]
    Refused(EventId),
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
    /// The groups that inherited the history of dissolved ones.
    heirs: BTreeMap<GroupId, GroupId>,
    /// The form of the last event.
    form: Option<Form>,
    /// Over who is shown the events of the first form.
    earlier: Sha256,
    /// The latest time of all events in the present form.
    latest: Option<Timestamp>,
    /// Where time runs backwards, unless an operator accepted it: that is said at most a batch later.
    backwards: Vec<i64>,
}

impl Walk {
    fn event(&mut self, event: &Sealed, shown: &Shown) -> Option<Link> {
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
        let computed = match (&event.columns, event.form) {
            (Some(columns), Some(form)) => self.computed(event.position, columns, form, shown, stored),
            _ => None,
        };
        if computed.is_none() || computed != stored {
            self.found.add(Fault::Altered(event.position));
        }
        if inheriting(&shown.readers, &self.heirs) != shown.inherited {
            self.found.add(Fault::Readers(event.position));
        }
        // What comes next is held against what stands here, so that one alteration is told once.
        self.hash = stored;
        computed
    }

    /// The hash that the event should have.
    fn computed(
        &mut self,
        position: i64,
        columns: &Columns,
        form: Form,
        shown: &Shown,
        stored: Option<Link>,
    ) -> Option<Link> {
        if self.form.is_some_and(|before| form < before) {
            self.found.add(Fault::Older(position));
        }
        let first = self.form == Some(Form::Rows) && form == Form::Readers;
        self.form = Some(form);
        if form == Form::Readers {
            self.time(position, columns);
        } else {
            self.earlier
                .update(chain::readers_bytes(position, &shown.readers));
        }
        let Some(before) = &self.hash else {
            // Behind a gap there is nothing to compute from: the event counts as what it says.
            return stored;
        };
        Some(match form {
            Form::Rows => hash(chain::bytes(before, position, columns)),
            Form::Readers => {
                let earlier = first.then(|| Link(self.earlier.clone().finalize().into()));
                hash(chain::bytes_with_readers(
                    before,
                    position,
                    columns,
                    &shown.readers,
                    earlier.as_ref(),
                ))
            }
        })
    }

    fn time(&mut self, position: i64, columns: &Columns) {
        let value = |name| {
            columns
                .iter()
                .find(|(column, _)| *column == name)
                .map(|(_, value)| value)
        };
        let Some(Value::Number(at)) = value("at") else {
            return;
        };
        let Some(at) = at_millisecond(*at) else { return };
        if self.latest.is_some_and(|latest| at < later(latest, -BACKWARDS)) {
            self.backwards.push(position);
        }
        self.latest = self.latest.max(Some(at));
        if let (Some(Value::Text(kind)), Some(Value::Text(change))) = (value("kind"), value("change"))
            && *kind == EventKind::HistoryAccepted.to_string()
            && let Ok(Change::Accepted { events }) = serde_json::from_str(change)
        {
            self.backwards
                .retain(|known| *known < position - i64::from(events));
            self.latest = Some(at);
        }
        let passed = self.backwards.partition_point(|known| *known <= position - BATCH);
        for known in self.backwards.drain(..passed) {
            self.found.add(Fault::Backwards(known));
        }
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
        heirs: store::history::chain::heirs(&mut tx).await?,
        form: None,
        earlier: Sha256::new(),
        latest: None,
        backwards: Vec::new(),
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
        let ids: Vec<EventId> = events.iter().map(|event| event.id).collect();
        let shown = store::history::chain::shown(&mut tx, &ids).await?;
        let nobody = Shown::default();
        let mut links = HashMap::new();
        for event in &events {
            if let Some(link) = walk.event(event, shown.get(&event.id).unwrap_or(&nobody)) {
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
    end(store, &mut tx, walk, after).await
}

/// What lies behind the last event.
async fn end(store: &Store, tx: &mut Tx, mut walk: Walk, after: i64) -> Result<Verified, OpError> {
    for position in std::mem::take(&mut walk.backwards) {
        walk.found.add(Fault::Backwards(position));
    }
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
    let window = window(store, store::history::chain::last(tx).await?.as_ref());
    walk.found.waiting = store::history::chain::count_waiting(tx, window).await?;
    for (event, _) in store::history::chain::refused(tx, window, BATCH).await? {
        walk.found.add(Fault::Refused(event));
    }
    let newest = store::history::chain::last_checkpoints(tx, 1).await?;
    walk.found.newest = newest.into_iter().next().map(|checkpoint| checkpoint.signed);
    Ok(walk.found)
}
