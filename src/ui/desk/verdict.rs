//! Whether something may be dropped on a line of the tree: the shared policy, before the server decides (N1).

use domain::{
    access::{Actor, Denied, Place, TicketFacts, authorize_move_group, authorize_reassign},
    groups::{Lineage, tree::Node},
    ids::GroupId,
};

use crate::{ui::tickets::selection::Selection, views::groups::tree::TreeRow};

#[derive(Debug, Clone, PartialEq)]
pub enum DraggedItem {
    /// Tickets, as they were when the drag began.
    Tickets(Selection),
    /// A group with all below it.
    Group(TreeRow),
}

/// Where it would come to be.
#[derive(Debug, Clone, PartialEq)]
pub enum Destination {
    /// Tickets get this owner.
    Owner(Place),
    /// The server is asked first which of the tickets may get this owner.
    Preview(Place, Option<Partly>),
    /// A group comes to lie here; `None` is the top level.
    Parent(Option<GroupId>),
}

/// Some of the tickets may get the owner, and some may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Partly {
    pub allowed: usize,
    pub refused: usize,
    /// The first reason against it.
    pub why: Denied,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum NotHere {
    /// The policy says no.
    Denied(Denied),
    /// Such a thing is not kept there.
    NoTarget,
}

/// Whether, and as what, the dragged item may be dropped on the row.
///
/// # Errors
/// [`NotHere`], with the reason to be shown.
pub fn verdict(actor: &Actor, dragged_item: &DraggedItem, row: &TreeRow) -> Result<Destination, NotHere> {
    match dragged_item {
        DraggedItem::Tickets(selection) => {
            let facts = || selection.rows.iter().map(|ticket| &ticket.facts);
            let place = match row.node {
                Node::Mine => own_place(actor, &facts().collect::<Vec<_>>()),
                _ => place_of(row).ok_or(NotHere::NoTarget)?,
            };
            if selection.all.is_some() {
                // Of those that are not shown, only the server knows.
                return if actor.reaches(&place) {
                    Ok(Destination::Preview(place, None))
                } else {
                    Err(NotHere::Denied(Denied::Hidden))
                };
            }
            match partly(actor, facts(), &place) {
                None => Ok(Destination::Owner(place)),
                Some(Partly { allowed: 0, why, .. }) => Err(NotHere::Denied(why)),
                Some(partly) => Ok(Destination::Preview(place, Some(partly))),
            }
        }
        DraggedItem::Group(group) => {
            let parent = match row.node {
                Node::Group(_) => row.lineage.as_ref(),
                Node::All if actor.isv_admin => None,
                _ => return Err(NotHere::NoTarget),
            };
            let lineage = group.lineage.as_ref().ok_or(NotHere::NoTarget)?;
            // How deep the group is, only the server knows.
            authorize_move_group(actor, lineage, 0, parent).map_err(NotHere::Denied)?;
            Ok(Destination::Parent(parent.map(Lineage::group)))
        }
    }
}

/// How many of the tickets may go there, if some may not.
pub fn partly<'a>(
    actor: &Actor,
    tickets: impl Iterator<Item = &'a TicketFacts>,
    place: &Place,
) -> Option<Partly> {
    let (mut allowed, mut refused, mut first) = (0, 0, None);
    for ticket in tickets {
        match authorize_reassign(actor, ticket, place) {
            Ok(_) => allowed += 1,
            Err(why) => {
                refused += 1;
                first.get_or_insert(why);
            }
        }
    }
    first.map(|why| Partly {
        allowed,
        refused,
        why,
    })
}

/// Whether the actor may drag the group anywhere at all.
#[must_use]
pub fn movable(actor: &Actor, row: &TreeRow) -> bool {
    let Some(lineage) = &row.lineage else { return false };
    let from_there = lineage
        .above()
        .map_or(actor.isv_admin, |parent| actor.administers(&parent));
    matches!(row.node, Node::Group(_)) && from_there
}

/// The owner that a row stands for, with the facts known of it here.
fn place_of(row: &TreeRow) -> Option<Place> {
    match row.node {
        Node::All | Node::Mine | Node::Loose => None,
        Node::Unassigned => Some(Place::Unassigned),
        Node::Group(_) => row.lineage.clone().map(Place::Group),
        Node::Person { user, .. } => Some(Place::User {
            user,
            context: row.lineage.clone(),
            groups: row.lineage.iter().cloned().collect(),
        }),
    }
}

/// Oneself, through the group that the policy permits for all of these tickets: their own level first (S6).
fn own_place(actor: &Actor, tickets: &[&TicketFacts]) -> Place {
    let groups: Vec<_> = actor
        .memberships
        .keys()
        .map(|group| Lineage::top(*group))
        .collect();
    let own = |context| Place::User {
        user: actor.user,
        context,
        groups: groups.clone(),
    };
    let level = tickets.first().and_then(|ticket| ticket.place.owner().level());
    let mut candidates: Vec<_> = groups.iter().cloned().map(Some).collect();
    candidates.sort_by_key(|group| group.as_ref().map(Lineage::group) != level);
    candidates.push(None);
    let permitted = |place: &Place| {
        tickets
            .iter()
            .all(|ticket| authorize_reassign(actor, ticket, place).is_ok())
    };
    let first = own(candidates[0].clone());
    candidates.into_iter().map(own).find(permitted).unwrap_or(first)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use super::*;
    use crate::views::tickets::{TicketQuery, TicketRow, bulk::Matching};
    use domain::{accounts::Permissions, ids::UserId, tickets::owners::Owner};

    fn lineage(groups: &[i64]) -> Lineage {
        Lineage::new(groups.iter().map(|id| GroupId(*id)).collect()).unwrap()
    }

    fn group(groups: &[i64]) -> TreeRow {
        row(Node::Group(lineage(groups).group()), Some(lineage(groups)))
    }

    fn row(node: Node, lineage: Option<Lineage>) -> TreeRow {
        TreeRow {
            node,
            name: String::new(),
            lineage,
            children: 0,
            tickets: 0,
            permissions: None,
            isv_admin: false,
        }
    }

    fn tickets(of: &[&[i64]]) -> Selection {
        let rows = of.iter().map(|groups| TicketRow::of_group(1, groups));
        Selection::these(rows.collect())
    }

    fn ticket(groups: &[i64]) -> DraggedItem {
        DraggedItem::Tickets(tickets(&[groups]))
    }

    fn actor(memberships: &[(i64, Permissions)]) -> Actor {
        let memberships: BTreeMap<_, _> = memberships.iter().map(|(id, p)| (GroupId(*id), *p)).collect();
        Actor {
            user: UserId(5),
            isv_admin: false,
            memberships,
            impersonated: false,
        }
    }

    #[test]
    fn an_admin_moves_within_the_branch_and_not_to_where_the_ticket_is() {
        let admin = actor(&[(1, Permissions::ADMIN)]);
        let to = verdict(&admin, &ticket(&[1, 11]), &group(&[1, 12]));
        assert_eq!(to, Ok(Destination::Owner(Place::Group(lineage(&[1, 12])))));
        let there = verdict(&admin, &ticket(&[1, 11]), &group(&[1, 11]));
        assert_eq!(there, Err(NotHere::Denied(Denied::AlreadyThere)));
        assert_eq!(
            verdict(&admin, &ticket(&[1]), &row(Node::All, None)),
            Err(NotHere::NoTarget)
        );
    }

    #[test]
    fn where_only_some_may_go_a_preview_comes_first() {
        let admin = actor(&[(1, Permissions::ADMIN)]);
        let to = Place::Group(lineage(&[1, 12]));
        let partly = Partly {
            allowed: 2,
            refused: 1,
            why: Denied::AlreadyThere,
        };
        let some = DraggedItem::Tickets(tickets(&[&[1, 11], &[1, 12], &[1]]));
        assert_eq!(
            verdict(&admin, &some, &group(&[1, 12])),
            Ok(Destination::Preview(to.clone(), Some(partly)))
        );
        let none = DraggedItem::Tickets(tickets(&[&[1, 12], &[1, 12]]));
        let already = Err(NotHere::Denied(Denied::AlreadyThere));
        assert_eq!(verdict(&admin, &none, &group(&[1, 12])), already);
        let all = Selection {
            all: Some(Matching::of(&TicketQuery::of(Node::All), 1240)),
            ..tickets(&[&[1, 12]])
        };
        assert_eq!(
            verdict(&admin, &DraggedItem::Tickets(all), &group(&[1, 12])),
            Ok(Destination::Preview(to, None))
        );
    }

    #[test]
    fn mine_is_oneself_through_the_level_of_the_ticket() {
        let member = actor(&[(7, Permissions::NONE), (11, Permissions::NONE)]);
        let Ok(Destination::Owner(place)) = verdict(&member, &ticket(&[11]), &row(Node::Mine, None)) else {
            panic!("refused")
        };
        assert_eq!(
            place.owner(),
            Owner::User {
                user: UserId(5),
                context: Some(GroupId(11))
            }
        );
    }

    #[test]
    fn a_group_does_not_go_into_itself() {
        let admin = actor(&[(1, Permissions::ADMIN)]);
        let inside = verdict(
            &admin,
            &DraggedItem::Group(group(&[1, 11])),
            &group(&[1, 11, 111]),
        );
        assert_eq!(inside, Err(NotHere::Denied(Denied::InsideItself)));
        let beside = verdict(&admin, &DraggedItem::Group(group(&[1, 11])), &group(&[1, 12]));
        assert_eq!(beside, Ok(Destination::Parent(Some(GroupId(12)))));
        assert!(movable(&admin, &group(&[1, 11])) && !movable(&admin, &group(&[1])));
    }
}
