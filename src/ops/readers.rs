//! Telling a reader no more than they may know: paths begin at their own level, names they may not know are left out.

use std::collections::{BTreeSet, HashMap};

use domain::{
    access::{Place, TicketFacts},
    groups::Lineage,
    ids::{GroupId, UserId},
    tickets::{Holder, owners::Owner},
};

use crate::{
    ops::OpError,
    store::{self, Tx, tickets::Ticket, visibility::VisibilityScope},
    views::tickets::TicketRow,
};

/// The names along lineages, read once for a whole list.
pub(crate) struct Names(HashMap<GroupId, String>);

impl Names {
    /// Reads the names of all groups in the lineages that the reader may see.
    pub(crate) async fn of(
        tx: &mut Tx,
        visibility: &VisibilityScope,
        lineages: impl IntoIterator<Item = &Lineage>,
    ) -> Result<Self, OpError> {
        let visible = lineages
            .into_iter()
            .filter_map(|lineage| visibility.visible(lineage));
        let groups: BTreeSet<GroupId> = visible.flat_map(|lineage| lineage.groups().to_vec()).collect();
        let names = store::groups::names(tx, &groups.into_iter().collect::<Vec<_>>()).await?;
        Ok(Self(names.into_iter().collect()))
    }

    /// The names along the visible part of a lineage.
    pub(crate) fn path(&self, visibility: &VisibilityScope, lineage: &Lineage) -> Vec<String> {
        let visible = visibility.visible(lineage);
        let groups = visible.as_ref().map_or(&[][..], Lineage::groups);
        groups
            .iter()
            .filter_map(|group| self.0.get(group).cloned())
            .collect()
    }
}

/// The level of a place, with where it stands.
pub(crate) const fn level(place: &Place) -> Option<&Lineage> {
    match place {
        Place::Unassigned => None,
        Place::Group(group) => Some(group),
        Place::User { context, .. } => context.as_ref(),
    }
}

/// A place as the reader may know it: lineages begin at what they see.
pub(crate) fn known_place(visibility: &VisibilityScope, place: Place) -> Place {
    // What is reached, but does not stand below anything that is seen, is an id without a name: the group context of
    // a leaver.
    let known = |group: &Lineage| {
        visibility
            .visible(group)
            .unwrap_or_else(|| Lineage::top(group.group()))
    };
    match place {
        Place::Unassigned => Place::Unassigned,
        Place::Group(group) => Place::Group(known(&group)),
        Place::User {
            user,
            context,
            groups,
        } => Place::User {
            user,
            context: context.as_ref().map(known),
            groups: groups
                .iter()
                .filter_map(|group| visibility.visible(group))
                .collect(),
        },
    }
}

/// Tickets as the reader may see them. Whoever calls this has made sure that the reader sees the tickets.
pub(crate) async fn rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    tickets: Vec<Ticket>,
) -> Result<Vec<TicketRow>, OpError> {
    let names = Names::of(
        tx,
        visibility,
        tickets.iter().filter_map(|ticket| level(&ticket.facts.place)),
    )
    .await?;
    let row = |ticket: Ticket| {
        let path =
            level(&ticket.facts.place).map_or_else(Vec::new, |lineage| names.path(visibility, lineage));
        let place = known_place(visibility, ticket.facts.place);
        TicketRow {
            facts: TicketFacts {
                place,
                ..ticket.facts
            },
            code: ticket.code,
            licenses: ticket.licenses,
            person: ticket.person,
            path,
            since: ticket.since,
        }
    };
    Ok(tickets.into_iter().map(row).collect())
}

/// An owner in words that the reader may know.
pub(crate) async fn holder(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    owner: Owner,
) -> Result<Holder, OpError> {
    let Some(place) = store::tickets::place(tx, owner).await? else {
        return Ok(Holder::Elsewhere);
    };
    match &place {
        Place::Unassigned if visibility.actor().isv_admin => Ok(Holder::Unassigned),
        Place::Group(group) if visibility.actor().sees_group(group) => Ok(Holder::Group(
            Names::of(tx, visibility, [group]).await?.path(visibility, group),
        )),
        Place::User {
            user,
            context,
            groups,
        } if visibility.actor().sees_user(*user, groups) => {
            let name = person(tx, visibility, *user).await?;
            let path = match context {
                Some(context) => Names::of(tx, visibility, [context])
                    .await?
                    .path(visibility, context),
                None => Vec::new(),
            };
            Ok(name.map_or(Holder::Elsewhere, |name| Holder::Person(name, path)))
        }
        Place::Unassigned | Place::Group(_) | Place::User { .. } => Ok(Holder::Elsewhere),
    }
}

/// The name of a person, if the reader may know of them.
pub(crate) async fn person(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    user: UserId,
) -> Result<Option<String>, OpError> {
    let groups = store::groups::of_user(tx, user).await?;
    if !visibility.actor().sees_user(user, &groups) {
        return Ok(None);
    }
    Ok(store::accounts::people::by_id(tx, user)
        .await?
        .map(|user| user.name))
}
