//! The policy of splitting and joining tickets (N17): for who may move them (S5).

use crate::{
    access::{Actor, Authorized, Denied, TicketFacts},
    ids::{TicketId, UserId},
    refusals::Refusal,
    tickets::{owners::Owner, splits::InvalidJoin},
};

/// A part of a ticket becomes a ticket of the same owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketSplit {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket that has less afterwards.
    pub ticket: TicketId,
    /// The owner of both, by which it was judged.
    pub owner: Owner,
    /// Protected mode of both.
    pub protected: bool,
}

/// A ticket becomes a part of another one of the same owner.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TicketJoin {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket that is no more afterwards.
    pub ticket: TicketId,
    /// The ticket that has all of it.
    pub into: TicketId,
    /// The owner of both, by which it was judged.
    pub owner: Owner,
    /// Protected mode of both.
    pub protected: bool,
}

/// May the actor split the ticket? Who sees a ticket may move it, to themselves or back to its group at least (S5): to take a
/// part of it is less. Owner and protected mode stay what they are.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_split(actor: &Actor, ticket: &TicketFacts) -> Result<Authorized<TicketSplit>, Denied> {
    if !actor.sees_ticket(ticket) {
        return Err(Denied::Hidden);
    }
    Ok(Authorized(TicketSplit {
        by: actor.user,
        ticket: ticket.id,
        owner: ticket.place.owner(),
        protected: ticket.protected,
    }))
}

/// May the actor make the ticket a part of the other one? Who sees both, while they have one owner and are protected or not,
/// both: so nothing of either is seen by more people than before.
///
/// # Errors
/// [`Denied::Hidden`]; [`Refusal::InvalidJoin`].
pub fn authorize_join(
    actor: &Actor,
    ticket: &TicketFacts,
    into: &TicketFacts,
) -> Result<Authorized<TicketJoin>, Refusal> {
    if !actor.sees_ticket(ticket) || !actor.sees_ticket(into) {
        return Err(Denied::Hidden.into());
    }
    let owner = ticket.place.owner();
    if ticket.id == into.id {
        return Err(InvalidJoin::Same.into());
    }
    if owner != into.place.owner() {
        return Err(InvalidJoin::Apart.into());
    }
    if ticket.protected != into.protected {
        return Err(InvalidJoin::Protected.into());
    }
    Ok(Authorized(TicketJoin {
        by: actor.user,
        ticket: ticket.id,
        into: into.id,
        owner,
        protected: into.protected,
    }))
}
