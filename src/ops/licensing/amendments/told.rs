//! What people are told of amendments: what one would lead to, and what was done to the licences of a ticket.

use std::collections::BTreeSet;

use domain::{
    access::{Actor, Denied, authorize_amend, authorize_undo_amendment},
    ids::{LicenseId, TicketId, UserId},
    licensing::amendments::{Amendment, Grant, timeline::Timeline},
    refusals::Refusal,
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError, actor,
        licensing::{
            amendments::found::{Asked, Found, branch},
            coverage::shared,
        },
    },
    store::{
        self, Store, Tx,
        licensing::{amendments::Stored, containers::Container},
        visibility::VisibilityScope,
    },
    views::licensing::amendments::{
        AmendmentPreview, AmendmentRow, AmendmentState, Foreseen, InContainer, LicenseAmendments, Loss,
        MAX_AMENDED, MAX_MACHINES, MachineKnowledge, NewAmendment,
    },
};

/// What amending licences would lead to: of each, or why it is not to be. Nothing is changed.
///
/// # Errors
/// [`Denied::Hidden`] where the reader does not see one of them; [`Refusal::InvalidAmendment`] of what is wrong for all of them.
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
    let parts = store::licensing::holdings::parts(tx, found.granted.license.id, found.now).await?;
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
            may_undo: one.recorded.undone.is_none()
                && !one.recorded.amendment.is_of_two_tickets()
                && may(one.recorded.amendment),
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
        store::licensing::holdings::holdings(tx, found.granted.license.id, found.now, MAX_MACHINES).await?;
    let ids: BTreeSet<_> = holdings.iter().map(|one| one.container).collect();
    let containers = store::licensing::containers::by_ids(tx, &ids.into_iter().collect::<Vec<_>>()).await?;
    let machine = |one: store::licensing::holdings::Holding| {
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
