//! The optimistic view: what the server confirmed, with the moves still on their way laid over it.
//!
//! A move that fails takes only itself away. So the late failure of one never reverts another.

use std::collections::BTreeSet;

use domain::{
    access::{Actor, Place},
    groups::tree::Node,
    ids::TicketId,
    tickets::owners::Owner,
};

use crate::views::tickets::{TicketPage, TicketQuery, TicketRow};

/// How far a move has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Sent, not answered.
    Sent,
    /// Done; the page that shows it has not arrived yet.
    Done,
    /// Refused; the page that shows where the tickets are now has not arrived yet.
    Failed,
}

/// One ticket of a move.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// The owner named to the server as the one seen.
    pub seen: Owner,
    /// The ticket before.
    pub before: TicketRow,
    /// The ticket as it will be.
    pub after: TicketRow,
}

/// A move on its way.
#[derive(Debug, Clone, PartialEq)]
pub struct Pending {
    /// Its idempotency key.
    pub key: String,
    pub changes: Vec<Change>,
    /// How far it has come.
    pub stage: Stage,
}

/// A ticket in the list.
#[derive(Debug, Clone, PartialEq)]
pub struct Shown {
    pub row: TicketRow,
    /// A move of it is on its way.
    pub moving: bool,
}

/// Whether the ticket stands in the list of the node.
#[must_use]
pub fn belongs(query: &TicketQuery, actor: &Actor, row: &TicketRow) -> bool {
    let owner = row.owner();
    let there = match query.node {
        Node::All => true,
        Node::Mine => owner.user() == Some(actor.user),
        Node::Unassigned => owner == Owner::Unassigned,
        Node::Loose => matches!(owner, Owner::User { context: None, .. }),
        Node::Group(group) => match &row.facts.place {
            Place::Group(level)
            | Place::User {
                context: Some(level), ..
            } => level.group() == group || query.below && level.is_within(group),
            Place::Unassigned | Place::User { context: None, .. } => false,
        },
        Node::Person { .. } => query.node.owner() == Some(owner),
    };
    there && actor.sees_ticket(&row.facts)
}

/// The list as shown: rows and total.
#[must_use]
pub fn overlay(
    page: &TicketPage,
    pending: &[Pending],
    query: &TicketQuery,
    actor: &Actor,
) -> (Vec<Shown>, u64) {
    let mut rows: Vec<Shown> = page
        .rows
        .iter()
        .map(|row| Shown {
            row: row.clone(),
            moving: false,
        })
        .collect();
    let mut total = page.total;
    for move_ in pending {
        for Change { after, .. } in &move_.changes {
            let at = rows.iter().position(|shown| shown.row.id() == after.id());
            let moved = || Shown {
                row: after.clone(),
                moving: move_.stage == Stage::Sent,
            };
            match (at, belongs(query, actor, after)) {
                (Some(at), true) => rows[at] = moved(),
                (Some(at), false) => {
                    rows.remove(at);
                    total = total.saturating_sub(1);
                }
                // What arrives is shown where it can be: whether it matches a search or facets, only the server knows.
                (None, true) if query.page == 0 && !query.is_narrowed() && query.node != Node::All => {
                    rows.insert(0, moved());
                    total += 1;
                }
                (None, _) => {}
            }
        }
    }
    (rows, total)
}

/// Forgets the moves that a fresh page shows: those settled before it was asked for. A move stays while one of the same
/// ticket that was made before it has no answer: that one would be seen again.
pub fn forget(pending: &mut Vec<Pending>, settled: &BTreeSet<String>, fresh: bool) {
    let shown = |p: &Pending| settled.contains(&p.key) && (fresh || p.stage != Stage::Done);
    let mut before: Vec<TicketId> = Vec::new();
    pending.retain(|p| {
        let tickets = || p.changes.iter().map(|change| change.before.id());
        let keep = !shown(p) || p.stage == Stage::Done && tickets().any(|id| before.contains(&id));
        if keep {
            before.extend(tickets());
        }
        keep
    });
}

/// The owner to name as seen when the ticket is moved again: moves not yet answered may not have happened.
#[must_use]
pub fn seen_owner(pending: &[Pending], row: &TicketRow) -> Owner {
    let mut unanswered = pending.iter().filter(|move_| move_.stage == Stage::Sent);
    let change = unanswered.find_map(|move_| move_.change(row.id()));
    change.map_or_else(|| row.owner(), |change| change.seen)
}

impl Pending {
    /// What it does to that ticket.
    #[must_use]
    pub fn change(&self, ticket: TicketId) -> Option<&Change> {
        self.changes.iter().find(|change| change.before.id() == ticket)
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use domain::{
        groups::Lineage,
        ids::{GroupId, UserId},
    };

    fn lineage(groups: &[i64]) -> Lineage {
        Lineage::new(groups.iter().map(|id| GroupId(*id)).collect()).unwrap()
    }

    fn admin() -> Actor {
        Actor {
            user: UserId(1),
            isv_admin: true,
            memberships: BTreeMap::new(),
            impersonated: false,
        }
    }

    fn page() -> TicketPage {
        TicketPage {
            rows: vec![TicketRow::of_group(1, &[1, 11]), TicketRow::of_group(2, &[1, 11])],
            total: 2,
            path: Vec::new(),
        }
    }

    fn move_(key: &str, id: i64, to: &[i64], stage: Stage) -> Pending {
        let before = TicketRow::of_group(id, &[1, 11]);
        let change = Change {
            seen: before.owner(),
            before,
            after: TicketRow::of_group(id, to),
        };
        Pending {
            key: key.to_owned(),
            changes: vec![change],
            stage,
        }
    }

    fn list(pending: &[Pending], group: i64, below: bool) -> (Vec<(i64, Owner)>, u64) {
        let query = TicketQuery {
            below,
            ..TicketQuery::of(Node::Group(GroupId(group)))
        };
        let (rows, total) = overlay(&page(), pending, &query, &admin());
        (
            rows.iter()
                .map(|shown| (shown.row.id().0, shown.row.owner()))
                .collect(),
            total,
        )
    }

    const fn group(id: i64) -> Owner {
        Owner::Group(GroupId(id))
    }

    #[test]
    fn a_ticket_leaves_the_list_or_shows_its_new_owner() {
        let away = [move_("a", 1, &[1, 12], Stage::Sent)];
        assert_eq!(list(&away, 11, true), (vec![(2, group(11))], 1));
        assert_eq!(list(&away, 1, true), (vec![(1, group(12)), (2, group(11))], 2));
    }

    #[test]
    fn a_ticket_arrives_in_the_list_of_its_new_owner() {
        let here = [move_("a", 3, &[1, 12], Stage::Sent)];
        assert_eq!(list(&here, 12, false).0.first(), Some(&(3, group(12))));
    }

    #[test]
    fn the_failure_of_one_move_does_not_revert_another() {
        let mut both = vec![
            move_("a", 1, &[1, 12], Stage::Sent),
            move_("b", 1, &[1, 13], Stage::Done),
        ];
        assert_eq!(list(&both, 1, true).0[0], (1, group(13)));
        both.remove(0);
        assert_eq!(list(&both, 1, true).0[0], (1, group(13)));
        both.clear();
        assert_eq!(list(&both, 1, true).0[0], (1, group(11)));
    }

    #[test]
    fn a_confirmed_move_is_shown_until_the_one_before_it_is_answered() {
        let mut both = vec![
            move_("a", 1, &[1, 12], Stage::Sent),
            move_("b", 1, &[1, 13], Stage::Done),
        ];
        let settled = |keys: &[&str]| keys.iter().map(|key| (*key).to_owned()).collect();
        forget(&mut both, &settled(&["b"]), true);
        assert_eq!(list(&both, 1, true).0[0], (1, group(13)));
        both[0].stage = Stage::Failed;
        forget(&mut both, &settled(&["a", "b"]), true);
        assert_eq!(both, []);
    }

    #[test]
    fn a_person_of_the_level_is_in_the_list_of_the_level() {
        let mut row = TicketRow::of_group(1, &[1, 11]);
        row.facts.place = Place::User {
            user: UserId(5),
            context: Some(lineage(&[1, 11])),
            groups: Vec::new(),
        };
        let lists = |group: i64, below: bool| {
            let query = TicketQuery {
                below,
                ..TicketQuery::of(Node::Group(GroupId(group)))
            };
            belongs(&query, &admin(), &row)
        };
        assert!(lists(11, false) && lists(11, true) && lists(1, true));
        assert!(!lists(1, false));
    }

    #[test]
    fn a_second_move_names_the_owner_that_the_server_confirmed() {
        let moved = TicketRow::of_group(1, &[1, 12]);
        assert_eq!(
            seen_owner(&[move_("a", 1, &[1, 12], Stage::Sent)], &moved),
            group(11)
        );
        assert_eq!(
            seen_owner(&[move_("a", 1, &[1, 12], Stage::Done)], &moved),
            group(12)
        );
        assert_eq!(seen_owner(&[], &moved), group(12));
    }
}
