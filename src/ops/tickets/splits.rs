//! A part of a ticket becomes a ticket of its own, and two tickets of one owner become one (N17).

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Authorized, Denied, TicketJoin, TicketSplit, authorize_join, authorize_split},
    history::{changes::Change, events::EventKind},
    ids::{AmendmentId, LicenseId, TicketId, UserId},
    licensing::amendments::{Amendment, timeline::Timeline},
    refusals::Refusal,
    tickets::{
        codes::TicketCode,
        splits::{InvalidJoin, InvalidSplit, Joined, Part, Position, join, split},
    },
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, idempotency, readers, tokens, transactions::in_transaction},
    store::{
        self, Store, Tx,
        history::events::Entry,
        licensing::amendments::New,
        tickets::{
            Ticket,
            splits::{Amended, Found, NewTicket},
        },
        visibility::VisibilityScope,
    },
    views::tickets::{
        TicketRow,
        splits::{JoinCandidate, MAX_CANDIDATES, Wanted},
    },
};

/// A ticket that the actor sees.
async fn seen(tx: &mut Tx, actor: &Actor, ticket: TicketId) -> Result<Ticket, OpError> {
    let mut found = store::tickets::seen_by_ids(tx, actor, &[ticket]).await?;
    Ok(found.remove(&ticket).ok_or(Denied::Hidden)?)
}

/// The licences of a ticket, in their order.
async fn licenses(tx: &mut Tx, ticket: TicketId, now: Timestamp) -> Result<Vec<Found>, OpError> {
    let mut found = store::tickets::splits::licenses(tx, &[ticket], now).await?;
    Ok(found.remove(&ticket).unwrap_or_default())
}

fn positions_of(found: &[Found]) -> Vec<Position> {
    found.iter().map(|one| one.position).collect()
}

/// Now, and not before what came into force last: a clock that was set back undoes nothing.
fn moment(store: &Store, found: &[Found]) -> Timestamp {
    let stored = found.iter().flat_map(|one| &one.stored);
    let settled = stored.filter(|one| one.settled).map(|one| one.recorded.from);
    settled.fold(store.sources.now(), Timestamp::max)
}

/// What is written of a licence that has fewer or more afterwards.
struct Written<'a> {
    found: &'a Found,
    whole: Timeline,
    new: New<'a>,
}

impl<'a> Written<'a> {
    fn of(
        store: &Store,
        found: &'a Found,
        amendment: Amendment,
        now: Timestamp,
        key: &'a str,
    ) -> Result<Self, Refusal> {
        let before = store::licensing::amendments::whole(&found.granted, &found.stored);
        let (whole, recorded) = before.amend(amendment, None, now)?;
        let (before, after) = (before.at(now), whole.at(now));
        let new = New {
            id: AmendmentId(store.sources.fresh_id()),
            recorded,
            before,
            after,
            reason: "",
            key,
            made_at: now,
        };
        Ok(Self { found, whole, new })
    }

    const fn amended(&self) -> Amended<'_> {
        Amended {
            found: self.found,
            whole: &self.whole,
            new: self.new,
        }
    }

    const fn change(&self) -> Change {
        Change::Amendment {
            amendment: self.new.id,
            what: self.new.recorded.amendment,
            in_force_at: self.new.recorded.from,
            before: self.new.before,
            after: self.new.after,
        }
    }
}

/// Splits so many licences off a ticket: they become a ticket of the same owner, with a code of its own. A repetition under the
/// same key splits nothing more, and is answered alike.
///
/// # Errors
/// [`Refusal::InvalidSplit`]; the policy's.
pub async fn split_ticket(
    store: &Store,
    by: UserId,
    ticket: TicketId,
    wanted: &[Wanted],
    key: &str,
) -> Result<TicketId, OpError> {
    let key = idempotency::key(key)?;
    let form = serde_json::to_string(wanted).unwrap_or_default();
    let what = format!("split {ticket} {}", tokens::hash(&form));
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some() {
                return made_under(&mut tx, by, key).await;
            }
            let source = seen(&mut tx, &actor, ticket).await?;
            let proof = authorize_split(&actor, &source.facts)?;
            let found = licenses(&mut tx, ticket, store.sources.now()).await?;
            let parts = split(&positions_of(&found), &by_license(wanted)?).map_err(Refusal::from)?;
            let new = NewTicket {
                id: TicketId(store.sources.fresh_id()),
                code: TicketCode::from_random(store.sources.random()),
            };
            store::tickets::splits::begin(&mut tx, &proof, &new).await?;
            let now = moment(store, &found);
            for part in parts {
                split_off(store, &mut tx, &proof, &found, (part, new.id), (now, key)).await?;
            }
            for ticket in [proof.ticket, new.id] {
                store::tickets::splits::name(&mut tx, ticket).await?;
            }
            let entry = Entry {
                ticket: Some(new.id),
                to: Some(proof.owner),
                was_protected: proof.protected,
                ..Entry::new(EventKind::TicketSplitOff, by)
            };
            store::history::events::record_under(&mut tx, &store.sources, key, entry).await?;
            store::history::events::keep_request(&mut tx, by, key, &what, 1, now).await?;
            Ok(new.id)
        }
    )
}

/// How many of which licence; each is named once.
fn by_license(wanted: &[Wanted]) -> Result<BTreeMap<LicenseId, u32>, Refusal> {
    let named: BTreeMap<LicenseId, u32> = wanted.iter().map(|one| (one.license, one.quantity)).collect();
    if named.len() < wanted.len() {
        return Err(InvalidSplit::Quantity.into());
    }
    Ok(named)
}

/// The ticket that was split off under the key.
async fn made_under(tx: &mut Tx, by: UserId, key: &str) -> Result<TicketId, OpError> {
    let events = store::history::events::of_request(tx, by, key).await?;
    let mut made = events
        .iter()
        .filter(|event| event.entry.kind == EventKind::TicketSplitOff);
    Ok(made
        .find_map(|event| event.entry.ticket)
        .ok_or(Refusal::KeyReused)?)
}

async fn split_off(
    store: &Store,
    tx: &mut Tx,
    proof: &Authorized<TicketSplit>,
    found: &[Found],
    (part, new): (Part, TicketId),
    (now, key): (Timestamp, &str),
) -> Result<(), OpError> {
    let (license, quantity, change) = match part {
        Part::Whole(license) => {
            let of = of(found, license)?;
            store::tickets::splits::split_off(tx, proof, new, part, None).await?;
            (license, of.position.grant.quantity, None)
        }
        Part::Units { of: license, off, .. } => {
            let of = of(found, license)?;
            let written = Written::of(store, of, Amendment::Split { off }, now, key)?;
            let units = (LicenseId(store.sources.fresh_id()), written.amended());
            store::tickets::splits::split_off(tx, proof, new, part, Some(units)).await?;
            (license, off, Some(written.change()))
        }
    };
    let entry = Entry {
        ticket: Some(proof.ticket),
        to: Some(proof.owner),
        was_protected: proof.protected,
        license: Some((license, quantity)),
        change,
        ..Entry::new(EventKind::TicketSplit, proof.by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

fn of(found: &[Found], license: LicenseId) -> Result<&Found, Denied> {
    let mut found = found.iter();
    found
        .find(|one| one.position.license == license)
        .ok_or(Denied::Hidden)
}

/// Joins a ticket to another one of the same owner: equal licences that nothing was done with become one, the others go over as
/// they are. The ticket and its code are no more. A repetition under the same key changes nothing, and is answered alike.
///
/// # Errors
/// [`Refusal::InvalidJoin`]; the policy's.
pub async fn join_tickets(
    store: &Store,
    by: UserId,
    (ticket, into): (TicketId, TicketId),
    key: &str,
) -> Result<(), OpError> {
    let key = idempotency::key(key)?;
    let what = format!("join {ticket} {into}");
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some() {
                return Ok(());
            }
            let (source, target) = (
                seen(&mut tx, &actor, ticket).await,
                seen(&mut tx, &actor, into).await,
            );
            let (source, target) = (source?, target?);
            let proof = authorize_join(&actor, &source.facts, &target.facts)?;
            if store::tickets::splits::is_asked_back(&mut tx, ticket).await? {
                return Err(Refusal::from(InvalidJoin::AskedBack).into());
            }
            let now = store.sources.now();
            let from = licenses(&mut tx, ticket, now).await?;
            let kept = licenses(&mut tx, into, now).await?;
            let joined = join(&positions_of(&from), &positions_of(&kept)).map_err(Refusal::from)?;
            for one in joined {
                join_one(store, &mut tx, &proof, (&from, one), key).await?;
            }
            store::tickets::splits::end(&mut tx, &proof, &source.code).await?;
            store::tickets::splits::name(&mut tx, into).await?;
            let entry = Entry {
                ticket: Some(ticket),
                to: Some(proof.owner),
                was_protected: proof.protected,
                ..Entry::new(EventKind::TicketJoinedInto, by)
            };
            store::history::events::record_under(&mut tx, &store.sources, key, entry).await?;
            store::history::events::keep_request(&mut tx, by, key, &what, 1, now).await?;
            Ok(())
        }
    )
}

async fn join_one(
    store: &Store,
    tx: &mut Tx,
    proof: &Authorized<TicketJoin>,
    (from, joined): (&[Found], Joined),
    key: &str,
) -> Result<(), OpError> {
    let (license, quantity, change) = match joined {
        Joined::Whole(license) => {
            let of = of(from, license)?;
            store::tickets::splits::join(tx, proof, joined, None).await?;
            (license, of.position.grant.quantity, None)
        }
        Joined::Units {
            into: license, more, ..
        }
        | Joined::Takes { license, more, .. } => {
            if matches!(joined, Joined::Takes { .. }) {
                store::tickets::splits::join(tx, proof, Joined::Whole(license), None).await?;
            }
            // Read again: two of the ticket may become part of one.
            let kept = licenses(tx, proof.into, store.sources.now()).await?;
            let now = moment(store, &kept);
            let like = of(&kept, license)?;
            // Under a key of their own each, as several may come to one licence.
            let key = format!("{key}/{more}/{}", like.stored.len());
            let written = Written::of(store, like, Amendment::Join { more }, now, &key)?;
            store::tickets::splits::join(tx, proof, joined, Some(written.amended())).await?;
            // So many came: of what takes the other, all that it was.
            let came = of(from, license).map_or(more, |one| one.position.grant.quantity);
            (license, came, Some(written.change()))
        }
    };
    let entry = Entry {
        ticket: Some(proof.into),
        to: Some(proof.owner),
        was_protected: proof.protected,
        license: Some((license, quantity)),
        change,
        ..Entry::new(EventKind::TicketJoined, proof.by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// The tickets that can be joined to this one: of the same owner, protected like it or not, those of the same products first;
/// at most [`MAX_CANDIDATES`].
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn candidates(
    store: &Store,
    reader: UserId,
    ticket: TicketId,
) -> Result<Vec<JoinCandidate>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let into = seen(&mut tx, &actor, ticket).await?;
    let now = store.sources.now();
    let mut found = store::tickets::splits::beside(&mut tx, &into, MAX_CANDIDATES).await?;
    found.retain(|one| authorize_join(&actor, &one.facts, &into.facts).is_ok());
    let ids: Vec<TicketId> = found.iter().map(|one| one.facts.id).chain([ticket]).collect();
    let mut positions = store::tickets::splits::licenses(&mut tx, &ids, now).await?;
    let kept = positions_of(&positions.remove(&ticket).unwrap_or_default());
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let rows = readers::rows(&mut tx, &visibility, found).await?;
    let candidate = |ticket: TicketRow| {
        let licenses = positions.get(&ticket.id()).map_or(&[][..], Vec::as_slice);
        let joined = join(&positions_of(licenses), &kept).unwrap_or_default();
        let one = joined.iter().filter(|one| !matches!(one, Joined::Whole(_)));
        JoinCandidate {
            becomes_one: u32::try_from(one.count()).unwrap_or(u32::MAX),
            ticket,
        }
    };
    Ok(rows.into_iter().map(candidate).collect())
}
