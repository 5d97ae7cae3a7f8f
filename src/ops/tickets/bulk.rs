//! Moving many tickets at once (N3): what would happen, and doing exactly that.

use domain::{
    access::{self, Actor, Authorized, Denied, Reassignment},
    history::events::EventKind,
    ids::{TicketId, UserId},
    refusals::Refusal,
    tickets::{Activated, MAX_CLEARED, MAX_TICKETS, SelectedTickets, owners::Owner},
};
use sha2::{Digest, Sha256};

use crate::{
    ops::{
        OpError, actor, idempotency, readers,
        tickets::{self, moves::finish},
        transactions::in_transaction,
    },
    store::{self, Store, Tx, tickets::Ticket, visibility::VisibilityScope},
    views::tickets::{
        Moved, TicketRow,
        bulk::{EXAMPLES, Matching, Preview, Reason, Refused, Seen, TicketSelection},
    },
};

/// A ticket that was chosen, and what the policy says of its move.
struct Judged {
    /// `None` where the actor does not see it, or there is none.
    ticket: Option<Ticket>,
    verdict: Result<Authorized<Reassignment>, Reason>,
}

impl Judged {
    /// Whether it would move, and licences of it are activated.
    fn is_activated(&self) -> bool {
        self.verdict.is_ok() && self.ticket.as_ref().is_some_and(Ticket::is_activated)
    }
}

/// What the preview said to whoever moves, and what they agreed to.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Agreed {
    /// The fingerprint of the preview.
    pub seen: Seen,
    /// Those that may not move stay, and the others move without them.
    pub only_permitted: bool,
}

/// All tickets that a list holds for the actor, by id.
///
/// # Errors
/// [`Refusal::TooManyTickets`]; [`Denied::Hidden`] when the actor does not see the node.
pub(crate) async fn matching(tx: &mut Tx, actor: &Actor, list: &Matching) -> Result<Vec<Ticket>, OpError> {
    let query = list.query();
    let visibility = VisibilityScope::of(tx, actor.clone()).await?;
    let place = tickets::places::place_of(tx, &visibility, list.node).await?;
    let branch = place.as_ref().and_then(readers::level);
    let found = store::tickets::listing::all(tx, &visibility, &query, branch, MAX_TICKETS + 1).await?;
    if found.len() > MAX_TICKETS {
        return Err(Refusal::TooManyTickets.into());
    }
    // The list is made by SQL; what counts is the policy.
    let sees = |ticket: &Ticket| actor.sees_ticket(&ticket.facts);
    Ok(found.into_iter().filter(sees).collect())
}

/// Judges each of the tickets in the state of this transaction, by id.
async fn judge(
    tx: &mut Tx,
    actor: &Actor,
    chosen: &TicketSelection,
    to: Owner,
) -> Result<Vec<Judged>, OpError> {
    let place = store::tickets::place(tx, to).await?;
    let place = place.filter(|place| actor.reaches(place)).ok_or(Denied::Hidden)?;
    let verdict =
        |ticket: &Ticket| access::authorize_reassign(actor, &ticket.facts, &place).map_err(Reason::Denied);
    Ok(match chosen {
        TicketSelection::These(selection) => {
            let ids: Vec<TicketId> = selection.tickets().iter().map(|(ticket, _)| *ticket).collect();
            let mut found = store::tickets::seen_by_ids(tx, actor, &ids).await?;
            let judged = |(id, seen): &(TicketId, Owner)| {
                let ticket = found.remove(id);
                let verdict = match &ticket {
                    None => Err(Reason::Denied(Denied::Hidden)),
                    Some(ticket) if ticket.facts.place.owner() != *seen => Err(Reason::Overtaken),
                    Some(ticket) => verdict(ticket),
                };
                Judged { ticket, verdict }
            };
            selection.tickets().iter().map(judged).collect()
        }
        TicketSelection::Matching(list) => {
            let judged = |ticket: Ticket| Judged {
                verdict: verdict(&ticket),
                ticket: Some(ticket),
            };
            matching(tx, actor, list).await?.into_iter().map(judged).collect()
        }
    })
}

/// What [`Seen`] says of these. Of tickets that the actor does not see it says how many there are: which, nobody can tell
/// from those that do not exist.
fn fingerprint(to: Owner, judged: &[Judged]) -> Seen {
    let mut hash = Sha256::new();
    hash.update(to.to_string());
    let mut unseen = 0;
    for Judged { ticket, verdict } in judged {
        let Some(ticket) = ticket else {
            unseen += 1;
            continue;
        };
        let (facts, activated) = (&ticket.facts, ticket.is_activated());
        let (owner, verdict) = (facts.place.owner(), verdict.as_ref().err());
        hash.update(format!(
            "\n{} {owner} {} {activated} {verdict:?}",
            facts.id, facts.protected
        ));
    }
    hash.update(format!("\n{unseen}"));
    Seen::new(hash.finalize().into())
}

/// The tickets that were chosen, as the reader may see them.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see one of them, or the list; [`Refusal::TooManyTickets`].
pub async fn rows(
    store: &Store,
    reader: UserId,
    chosen: &TicketSelection,
) -> Result<Vec<TicketRow>, OpError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let tickets = chosen_tickets(&mut tx, &actor, chosen).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    readers::rows(&mut tx, &visibility, tickets).await
}

fn count(tickets: usize) -> u32 {
    u32::try_from(tickets).unwrap_or(u32::MAX)
}

/// What would happen if the tickets were given to the new owner.
///
/// # Errors
/// [`Denied::Hidden`] when the reader reaches no such owner, or sees no such list; [`Refusal::TooManyTickets`].
pub async fn preview(
    store: &Store,
    reader: UserId,
    chosen: &TicketSelection,
    to: Owner,
) -> Result<Preview, OpError> {
    let mut tx = store.begin_heavy_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let judged = judge(&mut tx, &actor, chosen, to).await?;
    let mut refused: Vec<Refused> = Vec::new();
    for Judged { ticket, verdict } in &judged {
        let Err(reason) = *verdict else { continue };
        let code = ticket.as_ref().map(|ticket| ticket.code.clone());
        match refused.iter_mut().find(|known| known.reason == reason) {
            Some(known) => {
                known.tickets += 1;
                known
                    .examples
                    .extend(code.filter(|_| known.examples.len() < EXAMPLES));
            }
            None => refused.push(Refused {
                reason,
                tickets: 1,
                examples: code.into_iter().collect(),
            }),
        }
    }
    // What is not seen comes last, wherever it stands among the ids.
    let unseen = |refused: &Refused| refused.reason == Reason::Denied(Denied::Hidden);
    refused.sort_by_key(|refused| (unseen(refused), std::cmp::Reverse(refused.tickets)));
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    Ok(Preview {
        to: readers::holder(&mut tx, &visibility, to).await?,
        allowed: count(judged.iter().filter(|judged| judged.verdict.is_ok()).count()),
        activated: count(judged.iter().filter(|judged| judged.is_activated()).count()),
        refused,
        seen: fingerprint(to, &judged),
    })
}

/// Gives the tickets to the new owner as the preview said: all or none, of those that move. `activated` says what becomes
/// of their activated licences; `key` makes a repetition harmless.
///
/// # Errors
/// [`Refusal::PreviewOutdated`] when any of them, its owner or the verdict on it is another one by now; the first reason
/// against it when some may not move, and it was not agreed to move the others; [`Refusal::StillActivated`] when nothing
/// was said about activated licences, [`Refusal::TooManyActivated`] when too many are to be taken back.
pub async fn reassign(
    store: &Store,
    by: UserId,
    chosen: &TicketSelection,
    to: Owner,
    agreed: &Agreed,
    activated: Option<Activated>,
    key: &str,
) -> Result<Moved, OpError> {
    let key = idempotency::key(key)?;
    let only = if agreed.only_permitted { "permitted" } else { "all" };
    let what = format!("{only} {} {to} {chosen}", agreed.seen);
    in_transaction!(
        store,
        keyed | tx | {
            tx.hold_rights().await?;
            if matches!(chosen, TicketSelection::Matching(_)) {
                tx.hold_tickets().await?;
            }
            let actor = actor(&mut tx, by).await?;
            if let Some(moved) = tickets::moves::repeated(&mut tx, by, key, &what).await? {
                Ok(moved)
            } else {
                let judged = judge(&mut tx, &actor, chosen, to).await?;
                if fingerprint(to, &judged) != agreed.seen {
                    Err(Refusal::PreviewOutdated)?;
                }
                let refused = judged.iter().find_map(|judged| judged.verdict.as_ref().err());
                let permitted = judged.iter().any(|judged| judged.verdict.is_ok());
                match refused {
                    Some(reason) if !(agreed.only_permitted && permitted) => Err(refusal(*reason))?,
                    // The list was empty.
                    None if !permitted => Err(Refusal::Malformed)?,
                    Some(_) | None => {}
                }
                let cleared = judged.iter().filter(|judged| judged.is_activated()).count();
                if activated == Some(Activated::Deactivate) && cleared > MAX_CLEARED {
                    Err(Refusal::TooManyActivated)?;
                }
                let mut moves = Vec::with_capacity(judged.len());
                for Judged { ticket, verdict } in judged {
                    let (Some(ticket), Ok(moved)) = (ticket, verdict) else {
                        continue;
                    };
                    tickets::moves::settle_activated(store, &mut tx, &actor, &ticket, activated).await?;
                    moves.push(moved);
                }
                finish(store, &mut tx, by, EventKind::TicketMoved, (key, &what), &moves).await
            }
        }
    )
}

const fn refusal(reason: Reason) -> Refusal {
    match reason {
        // The preview has said so, and nobody agreed to leave it out.
        Reason::Overtaken => Refusal::PreviewOutdated,
        Reason::Denied(denied) => Refusal::Denied(denied),
    }
}

/// The facts of the tickets that were chosen and that the actor sees.
///
/// # Errors
/// [`Denied::Hidden`] when the actor does not see one of a selection; otherwise as [`matching`].
pub(crate) async fn chosen_tickets(
    tx: &mut Tx,
    actor: &Actor,
    chosen: &TicketSelection,
) -> Result<Vec<Ticket>, OpError> {
    match chosen {
        TicketSelection::Matching(list) => matching(tx, actor, list).await,
        TicketSelection::These(selection) => selected(tx, actor, selection).await,
    }
}

async fn selected(tx: &mut Tx, actor: &Actor, selection: &SelectedTickets) -> Result<Vec<Ticket>, OpError> {
    let ids: Vec<TicketId> = selection.tickets().iter().map(|(ticket, _)| *ticket).collect();
    let found = store::tickets::seen_by_ids(tx, actor, &ids).await?;
    if found.len() == ids.len() {
        Ok(found.into_values().collect())
    } else {
        Err(Denied::Hidden.into())
    }
}
