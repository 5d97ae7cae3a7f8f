//! Amending licences (N17): previewed, now or on a day, taken back while nothing followed. What machines hold stays good until
//! its end; they learn of it at their next renewal.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Actor, Denied, LicenseFacts, authorize_amend, authorize_undo_amendment},
    history::{changes::Change, events::EventKind},
    ids::{AmendmentId, LicenseId, TicketId, UserId},
    licensing::amendments::{Amendment, Grant, InvalidAmendment, timeline::Timeline},
    refusals::Refusal,
    resellers::quotas::QuotaBranch,
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError, actor, idempotency,
        licensing::{coverage::shared, licenses::found_license},
        readers, tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        history::events::Entry,
        licensing::{
            amendments::{New, Stored},
            containers::Container,
            licenses::Granted,
        },
        tickets::Ticket,
        visibility::VisibilityScope,
    },
    views::licensing::amendments::{
        AmendmentPreview, AmendmentRow, AmendmentState, Foreseen, InContainer, LicenseAmendments, Loss,
        MAX_AMENDED, MAX_MACHINES, MachineKnowledge, NewAmendment,
    },
};

/// Licences whose amendments are settled in one round.
const ROUND: u32 = 100;

/// A licence that is looked at because of its amendments, with all that is judged about it.
struct Found {
    granted: Granted,
    ticket: Ticket,
    branch: Option<QuotaBranch>,
    stored: Vec<Stored>,
    whole: Timeline,
    /// Now, and not before what came into force last: a clock that was set back undoes nothing.
    now: Timestamp,
}

impl Found {
    /// A licence that the actor sees.
    async fn of(tx: &mut Tx, actor: &Actor, id: LicenseId, now: Timestamp) -> Result<Self, OpError> {
        let (granted, ticket) = found_license(tx, id).await?;
        // Not asked further about a hidden one (R12).
        if !actor.sees_ticket(&ticket.facts) {
            return Err(Denied::Hidden.into());
        }
        let branch = branch(tx, &ticket, &granted, now).await?;
        let stored = store::licensing::amendments::of_licenses(tx, &[id])
            .await?
            .remove(&id)
            .unwrap_or_default();
        Ok(Self::new(granted, ticket, branch, stored, now))
    }

    fn new(
        granted: Granted,
        ticket: Ticket,
        branch: Option<QuotaBranch>,
        stored: Vec<Stored>,
        now: Timestamp,
    ) -> Self {
        let settled = stored
            .iter()
            .filter(|one| one.settled)
            .map(|one| one.recorded.from);
        Self {
            whole: store::licensing::amendments::whole(&granted, &stored),
            now: settled.max().unwrap_or(now).max(now),
            granted,
            ticket,
            branch,
            stored,
        }
    }

    const fn facts(&self) -> LicenseFacts<'_> {
        LicenseFacts {
            id: self.granted.license.id,
            product: self.granted.product,
            ticket: &self.ticket.facts,
            branch: self.branch.as_ref(),
        }
    }

    /// How often it was amended, takings back included.
    fn version(&self) -> u32 {
        let undone = self.stored.iter().filter(|one| one.recorded.undone.is_some());
        u32::try_from(self.stored.len() + undone.count()).unwrap_or(u32::MAX)
    }

    const fn key(&self) -> (TicketId, LicenseId) {
        (self.ticket.facts.id, self.granted.license.id)
    }
}

/// The level of a ticket, with the filters and quotas that hold there.
async fn branch(
    tx: &mut Tx,
    ticket: &Ticket,
    granted: &Granted,
    now: Timestamp,
) -> Result<Option<QuotaBranch>, OpError> {
    Ok(match readers::level(&ticket.facts.place) {
        Some(level) => {
            let product = Some(granted.product);
            Some(store::resellers::quotas::branch(tx, level.clone(), product, now).await?)
        }
        None => None,
    })
}

/// What the history says of an amendment that came into force.
const fn kind(amendment: Amendment) -> EventKind {
    match amendment {
        Amendment::Renew { .. } => EventKind::LicenseRenewed,
        Amendment::Extend { .. } => EventKind::LicenseExtended,
        Amendment::Quantity { .. } => EventKind::LicenseQuantityChanged,
        Amendment::Suspend => EventKind::LicenseSuspended,
        Amendment::Reinstate => EventKind::LicenseReinstated,
        Amendment::Revoke => EventKind::LicenseRevoked,
    }
}

fn entry(
    kind: EventKind,
    by: UserId,
    ticket: &Ticket,
    (id, license): (AmendmentId, LicenseId),
    (what, in_force_at): (Amendment, Timestamp),
    (before, after): (Grant, Grant),
) -> Entry {
    Entry {
        ticket: Some(ticket.facts.id),
        to: Some(ticket.facts.place.owner()),
        was_protected: ticket.facts.protected,
        license: Some((license, after.quantity)),
        change: Some(Change::Amendment {
            amendment: id,
            what,
            in_force_at,
            before,
            after,
        }),
        ..Entry::new(kind, by)
    }
}

/// What is asked for, checked as far as no licence is needed for it.
struct Asked<'a> {
    licenses: BTreeMap<LicenseId, Option<u32>>,
    amendment: Amendment,
    in_force: Option<Timestamp>,
    reason: &'a str,
}

impl<'a> Asked<'a> {
    fn of(new: &'a NewAmendment, now: Timestamp) -> Result<Self, OpError> {
        let licenses = new.licenses.iter().map(|one| (one.license, one.version));
        let licenses: BTreeMap<LicenseId, Option<u32>> = licenses.collect();
        if licenses.is_empty() {
            return Err(Refusal::NothingSelected.into());
        }
        if licenses.len() < new.licenses.len() || licenses.len() > MAX_AMENDED {
            return Err(Refusal::Malformed.into());
        }
        Ok(Self {
            licenses,
            amendment: new.amendment().map_err(Refusal::from)?,
            in_force: new.in_force(now).map_err(Refusal::from)?,
            reason: new.why().map_err(Refusal::from)?,
        })
    }
}

/// What amending licences would lead to: of each, or why it is not to be. Nothing is changed.
///
/// # Errors
/// [`Denied::Hidden`] where the reader does not see one of them; [`InvalidAmendment`] of what is wrong for all of them.
pub async fn preview(
    store: &Store,
    reader: UserId,
    new: &NewAmendment,
) -> Result<Vec<AmendmentPreview>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let now = store.sources.now();
    let mut found = Vec::new();
    for license in new.licenses.iter().take(MAX_AMENDED) {
        found.push(Found::of(&mut tx, &actor, license.license, now).await?);
    }
    let asked = Asked::of(new, now)?;
    let mut previews = Vec::with_capacity(found.len());
    for found in found {
        let outcome = match foreseen(&actor, &found, &asked) {
            Ok((whole, (before, after), at)) => {
                let losses = losses(&mut tx, &actor, &found, &whole, at).await?;
                Ok(Foreseen {
                    in_force_at: at,
                    before,
                    after,
                    losses,
                })
            }
            Err(refusal) => Err(refusal),
        };
        previews.push(AmendmentPreview {
            ticket: found.ticket.facts.id,
            version: found.version(),
            license: found.granted.as_of(found.now).license,
            outcome,
        });
    }
    Ok(previews)
}

/// What would come of it: the licence over time, how it stands before and after, and from when on.
fn foreseen(
    actor: &Actor,
    found: &Found,
    asked: &Asked<'_>,
) -> Result<(Timeline, (Grant, Grant), Timestamp), Refusal> {
    let before = found.whole.at(asked.in_force.unwrap_or(found.now));
    authorize_amend(actor, &found.facts(), asked.amendment, &before)?;
    let (whole, made) = found.whole.amend(asked.amendment, asked.in_force, found.now)?;
    let around = whole.around(made.number).unwrap_or((before, before));
    Ok((whole, around, made.from))
}

/// Who loses how many of a licence at a moment, and until when they may go on.
async fn losses(
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    whole: &Timeline,
    at: Timestamp,
) -> Result<Vec<Loss>, OpError> {
    let parts = store::licensing::leases::parts(tx, found.granted.license.id, found.now).await?;
    let before = shared(found.whole.places(at), &parts);
    let after = shared(whole.places(at), &parts);
    let ids: BTreeSet<_> = parts.iter().map(|part| part.container).collect();
    let containers = store::licensing::containers::by_ids(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let lost = parts.iter().zip(before.into_iter().zip(after));
    let lost = lost.filter(|(part, (before, after))| after < before && part.quantity > 0);
    Ok(lost
        .map(|(part, (_, left))| Loss {
            container: named(actor, containers.get(&part.container)),
            quantity: part.quantity,
            left,
            until: part.signed_until.unwrap_or(at).max(at),
        })
        .collect())
}

fn named(actor: &Actor, container: Option<&Container>) -> Option<InContainer> {
    let container = container.filter(|container| actor.reaches_container(&container.facts))?;
    Some(InContainer {
        id: container.facts.id,
        name: container.name.clone(),
        person: container.person.clone(),
    })
}

/// Amends licences: all of them or none. A repetition under the same key changes nothing, and is answered alike.
///
/// # Errors
/// [`Refusal::InvalidAmendment`], [`InvalidAmendment::Overtaken`] among them; [`Refusal::OverQuota`]; the policy's.
pub async fn amend(
    store: &Store,
    by: UserId,
    new: &NewAmendment,
    key: &str,
) -> Result<Vec<AmendmentId>, OpError> {
    let key = idempotency::key(key)?;
    // Not the form itself: reasons have no place there.
    let what = format!(
        "amend {}",
        tokens::hash(&serde_json::to_string(new).unwrap_or_default())
    );
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            // What is sold in addition counts for quotas.
            tx.hold_creations().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some() {
                return Ok(store::licensing::amendments::of_request(&mut tx, by, key).await?);
            }
            let now = store.sources.now();
            for license in new.licenses.iter().take(MAX_AMENDED) {
                Found::of(&mut tx, &actor, license.license, now).await?;
            }
            let asked = Asked::of(new, now)?;
            let mut made = Vec::with_capacity(asked.licenses.len());
            for (license, seen) in &asked.licenses {
                let found = Found::of(&mut tx, &actor, *license, now).await?;
                made.push(amend_one(store, &mut tx, &actor, &found, &asked, *seen, key).await?);
            }
            let count = u32::try_from(made.len()).unwrap_or(u32::MAX);
            store::history::events::keep_request(&mut tx, by, key, &what, count, now).await?;
            Ok(made)
        }
    )
}

async fn amend_one(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    asked: &Asked<'_>,
    seen: Option<u32>,
    key: &str,
) -> Result<AmendmentId, OpError> {
    let before = found.whole.at(asked.in_force.unwrap_or(found.now));
    let proof = authorize_amend(actor, &found.facts(), asked.amendment, &before)?;
    if seen.is_some_and(|seen| seen != found.version()) {
        return Err(Refusal::from(InvalidAmendment::Overtaken).into());
    }
    let amended = found.whole.amend(asked.amendment, asked.in_force, found.now);
    let (whole, recorded) = amended.map_err(Refusal::from)?;
    let (before, after) = whole.around(recorded.number).unwrap_or((before, before));
    let id = AmendmentId(store.sources.fresh_id());
    let new = New {
        id,
        recorded,
        before,
        after,
        reason: asked.reason,
        key,
        made_at: found.now,
    };
    store::licensing::amendments::insert(tx, &proof, &found.granted, &new).await?;
    store::licensing::amendments::write(tx, found.key(), &whole, found.now).await?;
    let kind = if recorded.from <= found.now {
        kind(asked.amendment)
    } else {
        EventKind::LicenseAmendmentPlanned
    };
    let entry = entry(
        kind,
        actor.user,
        &found.ticket,
        (id, found.granted.license.id),
        (asked.amendment, recorded.from),
        (before, after),
    );
    store::history::events::record(tx, &store.sources, entry).await?;
    Ok(id)
}

/// Takes amendments back, while nothing followed from them: all of them or none.
///
/// # Errors
/// [`InvalidAmendment::Gone`], [`InvalidAmendment::Followed`], [`InvalidAmendment::Conflict`]; the policy's.
pub async fn undo(store: &Store, by: UserId, amendments: &[AmendmentId]) -> Result<(), OpError> {
    // The youngest first: what came after an amendment is taken back before it.
    let ids: BTreeSet<AmendmentId> = amendments.iter().copied().collect();
    if ids.is_empty() {
        return Err(Refusal::NothingSelected.into());
    }
    if ids.len() > MAX_AMENDED {
        return Err(Refusal::Malformed.into());
    }
    in_transaction!(store, |tx| {
        tx.hold_rights().await?;
        let actor = actor(&mut tx, by).await?;
        for id in ids.iter().rev() {
            let stored = store::licensing::amendments::by_id(&mut tx, *id).await?;
            let license = stored
                .as_ref()
                .map_or(LicenseId(store::NOTHING), |stored| stored.license);
            let found = Found::of(&mut tx, &actor, license, store.sources.now()).await?;
            let stored = stored.ok_or(Denied::Hidden)?;
            undo_one(store, &mut tx, &actor, &found, &stored).await?;
        }
        Ok(())
    })
}

async fn undo_one(
    store: &Store,
    tx: &mut Tx,
    actor: &Actor,
    found: &Found,
    stored: &Stored,
) -> Result<(), OpError> {
    let (what, number) = (stored.recorded.amendment, stored.recorded.number);
    let proof = authorize_undo_amendment(actor, &found.facts(), what)?;
    let in_use = store::licensing::amendments::in_use(tx, stored.license, found.now).await?;
    let undone = found
        .whole
        .undo(number, in_use, found.now)
        .map_err(Refusal::from)?;
    let (before, after) = found
        .whole
        .around(number)
        .unwrap_or((stored.before, stored.after));
    store::licensing::amendments::undo(tx, &proof, stored.id, found.now).await?;
    store::licensing::amendments::write(tx, found.key(), &undone, found.now).await?;
    let entry = entry(
        EventKind::LicenseAmendmentUndone,
        actor.user,
        &found.ticket,
        (stored.id, stored.license),
        (what, stored.recorded.from),
        (after, before),
    );
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// The licences of a ticket over time: what was done to them and is planned, and which machines know of it.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the ticket, or there is none.
pub async fn of_ticket(
    store: &Store,
    reader: UserId,
    ticket: TicketId,
) -> Result<Vec<LicenseAmendments>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut seen = store::tickets::seen_by_ids(&mut tx, visibility.actor(), &[ticket]).await?;
    let ticket = seen.remove(&ticket).ok_or(Denied::Hidden)?;
    let now = store.sources.now();
    let granted = store::licensing::licenses::of_tickets(&mut tx, &[ticket.facts.id]).await?;
    let ids: Vec<LicenseId> = granted.iter().map(|granted| granted.license.id).collect();
    let mut stored = store::licensing::amendments::of_licenses(&mut tx, &ids).await?;
    let of_all = stored.values().flatten();
    let people: BTreeSet<UserId> = of_all
        .flat_map(|one| [Some(one.by), one.undone_by])
        .flatten()
        .collect();
    let people: Vec<UserId> = people.into_iter().collect();
    let people = store::accounts::people::names_and_groups(&mut tx, &people).await?;
    let person = |user: UserId| {
        let (name, groups) = people.get(&user)?;
        visibility.actor().sees_user(user, groups).then(|| name.clone())
    };
    let mut told = Vec::with_capacity(granted.len());
    for granted in granted {
        let stored = stored.remove(&granted.license.id).unwrap_or_default();
        let branch = branch(&mut tx, &ticket, &granted, now).await?;
        let found = Found::new(granted, ticket.clone(), branch, stored, now);
        let machines = machines(&mut tx, visibility.actor(), &found).await?;
        told.push(over_time(visibility.actor(), found, machines, person));
    }
    Ok(told)
}

fn over_time(
    actor: &Actor,
    found: Found,
    machines: Vec<MachineKnowledge>,
    person: impl Fn(UserId) -> Option<String>,
) -> LicenseAmendments {
    let may = |amendment| authorize_undo_amendment(actor, &found.facts(), amendment).is_ok();
    let row = |one: &Stored| {
        let planned = one.recorded.from > found.now;
        // What is planned is foreseen from all that comes before it.
        let foreseen = found.whole.around(one.recorded.number).filter(|_| planned);
        let (before, after) = foreseen.unwrap_or((one.before, one.after));
        let by = person(one.by);
        AmendmentRow {
            id: one.id,
            number: one.recorded.number,
            what: one.recorded.amendment,
            before,
            after,
            reason: by.is_some().then(|| one.reason.clone()),
            by,
            made_at: one.made_at,
            in_force_at: one.recorded.from,
            state: match one.recorded.undone {
                Some(_) => AmendmentState::Undone,
                None if planned => AmendmentState::Planned,
                None => AmendmentState::InForce,
            },
            undone_at: one.recorded.undone,
            undone_by: one.undone_by.and_then(&person),
            may_undo: one.recorded.undone.is_none() && may(one.recorded.amendment),
        }
    };
    let mut amendments: Vec<AmendmentRow> = found.stored.iter().map(row).collect();
    amendments.sort_by_key(|row| std::cmp::Reverse(row.number));
    let grant = found.whole.at(found.now);
    LicenseAmendments {
        version: found.version(),
        grant,
        standing: grant.at(found.now, found.granted.started),
        may_renew: may(Amendment::Extend { until: found.now }),
        may_change: may(Amendment::Suspend),
        may_revoke: may(Amendment::Revoke),
        amendments,
        machines,
        license: found.granted.as_of(found.now).license,
    }
}

/// Which machines know of the last change of a licence.
async fn machines(tx: &mut Tx, actor: &Actor, found: &Found) -> Result<Vec<MachineKnowledge>, OpError> {
    let changes = found.stored.iter();
    let changes = changes.flat_map(|one| [Some(one.made_at), one.recorded.undone]);
    let Some(changed) = changes.flatten().max() else {
        return Ok(Vec::new());
    };
    let holdings =
        store::licensing::leases::holdings(tx, found.granted.license.id, found.now, MAX_MACHINES).await?;
    let ids: BTreeSet<_> = holdings.iter().map(|one| one.container).collect();
    let containers = store::licensing::containers::by_ids(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let machine = |one: store::licensing::leases::Holding| {
        let container = named(actor, containers.get(&one.container));
        MachineKnowledge {
            holder: one.holder.filter(|_| container.is_some()),
            container,
            quantity: one.quantity,
            knows: one.signed_at >= changed,
            until: one.until,
        }
    };
    Ok(holdings.into_iter().map(machine).collect())
}

/// Settles what came into force by itself, one licence after the other, each in a transaction of its own. How many there were.
///
/// # Errors
/// [`OpError::Store`].
pub async fn carry_out(store: &Store) -> Result<u32, OpError> {
    let due = {
        let mut tx = store.begin_read().await?;
        store::licensing::amendments::due(&mut tx, store.sources.now(), ROUND).await?
    };
    let mut done = 0;
    for license in due {
        done += settle(store, license).await?;
    }
    Ok(done)
}

/// Settles the amendments of a licence that came into force. Where another server was faster, there are none left.
async fn settle(store: &Store, license: LicenseId) -> Result<u32, OpError> {
    in_transaction!(store, |tx| {
        let (granted, ticket) = found_license(&mut tx, license).await?;
        let stored = store::licensing::amendments::of_licenses(&mut tx, &[license]).await?;
        let stored = stored.into_values().next().unwrap_or_default();
        let found = Found::new(granted, ticket, None, stored, store.sources.now());
        let is_due =
            |one: &&Stored| !one.settled && one.recorded.undone.is_none() && one.recorded.from <= found.now;
        let mut settled = 0;
        for one in found.stored.iter().filter(is_due) {
            let around = found.whole.around(one.recorded.number);
            let (before, after) = around.unwrap_or((one.before, one.after));
            store::licensing::amendments::settle(&mut tx, one.id, &before, &after).await?;
            let entry = entry(
                kind(one.recorded.amendment),
                one.by,
                &found.ticket,
                (one.id, license),
                (one.recorded.amendment, one.recorded.from),
                (before, after),
            );
            store::history::events::record(&mut tx, &store.sources, entry).await?;
            settled += 1;
        }
        if settled > 0 {
            store::licensing::amendments::write(&mut tx, found.key(), &found.whole, found.now).await?;
        }
        Ok(settled)
    })
}
