//! The policy of taking back what nobody uses (N18): who asks for a ticket, and who answers.

use crate::{
    access::{Actor, Authorized, Denied, Place, TicketFacts, authorize_reassign},
    ids::{GroupId, TicketId, UserId},
    licensing::take_backs::{InvalidTakeBack, TakeBackStep},
    refusals::Refusal,
    tickets::owners::Owner,
};

/// A ticket is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeBackAsking {
    /// The actor, in whose right it moves on its day.
    pub by: UserId,
    /// The ticket.
    pub ticket: TicketId,
    /// Who has it.
    pub from: Owner,
    /// The group that is to get it.
    pub to: GroupId,
}

/// What is said to a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Answer {
    /// Whoever has the ticket keeps it.
    Keep,
    /// Whoever has the ticket gives it back without waiting for the day.
    Give,
    /// Who asked no longer wants it.
    Cancel,
}

/// A request is answered.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct TakeBackAnswer {
    /// The actor, whom the history names.
    pub by: UserId,
    /// The ticket that was asked for.
    pub ticket: TicketId,
    /// What is said.
    pub answer: Answer,
}

impl Answer {
    /// What that does to the request at once; nothing where the ticket is still to move.
    #[must_use]
    pub const fn step(self) -> Option<TakeBackStep> {
        match self {
            Self::Keep => Some(TakeBackStep::Keep),
            Self::Give => None,
            Self::Cancel => Some(TakeBackStep::Cancel),
        }
    }
}

impl Actor {
    /// Whether the actor answers for who has the ticket: the person, or who administers the group.
    #[must_use]
    pub fn answers_for(&self, ticket: &TicketFacts) -> bool {
        self.sees_ticket(ticket)
            && match &ticket.place {
                Place::Unassigned => false,
                Place::Group(group) => self.administers(group),
                Place::User { user, .. } => *user == self.user,
            }
    }
}

/// May the actor ask for the ticket, to be moved to the group? Who may move it there at this moment; whether they still may is
/// asked again on the day.
///
/// # Errors
/// [`Denied`], with the first reason against it; [`InvalidTakeBack::Unowned`] where nobody has it.
pub fn authorize_take_back(
    actor: &Actor,
    ticket: &TicketFacts,
    to: &Place,
) -> Result<Authorized<TakeBackAsking>, Refusal> {
    let moved = authorize_reassign(actor, ticket, to)?;
    let Place::Group(group) = to else {
        return Err(InvalidTakeBack::NoGroup.into());
    };
    if ticket.place == Place::Unassigned {
        return Err(InvalidTakeBack::Unowned.into());
    }
    Ok(Authorized(TakeBackAsking {
        by: actor.user,
        ticket: moved.ticket,
        from: moved.from,
        to: group.group(),
    }))
}

/// May the actor answer like that to a request of `asked_by` for the ticket? For all but who is asked, and who asked, there is
/// nothing to answer.
///
/// # Errors
/// [`Denied::Hidden`].
pub fn authorize_answer(
    actor: &Actor,
    ticket: &TicketFacts,
    asked_by: UserId,
    answer: Answer,
) -> Result<Authorized<TakeBackAnswer>, Denied> {
    let may = match answer {
        Answer::Keep | Answer::Give => actor.answers_for(ticket),
        Answer::Cancel => actor.user == asked_by && actor.sees_ticket(ticket),
    };
    if may {
        Ok(Authorized(TakeBackAnswer {
            by: actor.user,
            ticket: ticket.id,
            answer,
        }))
    } else {
        Err(Denied::Hidden)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::{accounts::Permissions, groups::Lineage};

    fn actor(user: i64, group: Option<(i64, Permissions)>) -> Actor {
        Actor {
            user: UserId(user),
            isv_admin: false,
            memberships: group
                .map(|(group, permissions)| (GroupId(group), permissions))
                .into_iter()
                .collect::<BTreeMap<_, _>>(),
            impersonated: false,
        }
    }

    fn ticket(place: Place) -> TicketFacts {
        TicketFacts {
            id: TicketId(7),
            place,
            protected: false,
        }
    }

    #[test]
    fn n18_who_may_move_a_ticket_may_ask_for_it() {
        let company = Lineage::top(GroupId(1));
        let team = company.child(GroupId(2));
        let person = Place::User {
            user: UserId(9),
            context: Some(team.clone()),
            groups: vec![team.clone()],
        };
        let above = actor(1, Some((1, Permissions::ADMIN)));
        let admin = actor(2, Some((2, Permissions::ADMIN)));
        let member = actor(3, Some((2, Permissions::NONE)));
        let to = |group: &Lineage| Place::Group(group.clone());
        for (who, of, to, may) in [
            (&above, ticket(person.clone()), to(&company), Ok(())),
            (&above, ticket(to(&team)), to(&company), Ok(())),
            (&admin, ticket(person.clone()), to(&team), Ok(())),
            (
                &admin,
                ticket(person.clone()),
                to(&company),
                Err(Refusal::Denied(Denied::Hidden)),
            ),
            (
                &member,
                ticket(person.clone()),
                to(&team),
                Err(Refusal::Denied(Denied::Hidden)),
            ),
            (
                &admin,
                ticket(to(&team)),
                to(&team),
                Err(Refusal::Denied(Denied::AlreadyThere)),
            ),
            (
                &above,
                ticket(to(&team)),
                person.clone(),
                Err(Refusal::InvalidTakeBack(InvalidTakeBack::NoGroup)),
            ),
        ] {
            let asked = authorize_take_back(who, &of, &to).map(|_| ());
            assert_eq!(asked, may, "{who:?} {of:?} {to:?}");
        }
        let isv = Actor {
            isv_admin: true,
            ..actor(4, None)
        };
        let nobodys = authorize_take_back(&isv, &ticket(Place::Unassigned), &to(&team));
        assert_eq!(nobodys, Err(Refusal::InvalidTakeBack(InvalidTakeBack::Unowned)));
    }

    #[test]
    fn n18_whoever_has_it_answers_and_who_asked_takes_it_back() {
        let team = Lineage::top(GroupId(1)).child(GroupId(2));
        let person = ticket(Place::User {
            user: UserId(9),
            context: Some(team.clone()),
            groups: vec![team.clone()],
        });
        let group = ticket(Place::Group(team));
        let holder = actor(9, Some((2, Permissions::NONE)));
        let admin = actor(2, Some((2, Permissions::ADMIN)));
        let asker = actor(1, Some((1, Permissions::ADMIN)));
        let stranger = actor(5, None);
        let may = |who: &Actor, ticket: &TicketFacts| {
            [Answer::Keep, Answer::Give, Answer::Cancel]
                .map(|answer| authorize_answer(who, ticket, UserId(1), answer).is_ok())
        };
        assert_eq!(may(&holder, &person), [true, true, false]);
        assert_eq!(may(&admin, &person), [false; 3]);
        assert_eq!(may(&asker, &person), [false, false, true]);
        // A plain member sees the ticket of the group, and does not answer for it.
        assert_eq!(may(&holder, &group), [false; 3]);
        assert_eq!(may(&admin, &group), [true, true, false]);
        assert_eq!(may(&asker, &group), [true, true, true]);
        assert_eq!(may(&stranger, &group), [false; 3]);
        // Who asked and sees the ticket no more has nothing to say any more.
        assert!(authorize_answer(&actor(1, None), &group, UserId(1), Answer::Cancel).is_err());
    }
}
