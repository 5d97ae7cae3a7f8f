//! "Move to…": the owners to which some of the chosen tickets may go, and how many.

use std::collections::HashMap;

use domain::{
    access::{self, Actor, Place, TicketFacts},
    ids::UserId,
    tickets::owners::Owner,
};

use crate::{
    ops::{OpError, actor, readers::Names, tickets::bulk},
    store::{self, Store, tickets::Ticket, visibility::VisibilityScope},
    views::tickets::{Target, bulk::TicketSelection},
};

/// Most targets shown; the search narrows them.
const SHOWN: usize = 100;
/// Candidates looked at, of groups and of people each, before the policy leaves out what is forbidden.
const CANDIDATES: i64 = 500;

/// Tickets that the policy cannot tell apart, and how many there are: thousands of tickets are of few kinds.
struct Kinds(Vec<(TicketFacts, u32)>);

impl Kinds {
    fn of(tickets: Vec<Ticket>) -> Self {
        let mut at: HashMap<(Owner, bool), usize> = HashMap::new();
        let mut kinds: Vec<(TicketFacts, u32)> = Vec::new();
        for Ticket { facts, .. } in tickets {
            let at = *at
                .entry((facts.place.owner(), facts.protected))
                .or_insert(kinds.len());
            match kinds.get_mut(at) {
                Some((_, tickets)) => *tickets += 1,
                None => kinds.push((facts, 1)),
            }
        }
        Self(kinds)
    }

    fn permitted<'a>(&'a self, actor: &'a Actor, to: &'a Place) -> impl Iterator<Item = u32> + 'a {
        let permitted =
            |(facts, _): &&(TicketFacts, u32)| access::authorize_reassign(actor, facts, to).is_ok();
        self.0.iter().filter(permitted).map(|(_, tickets)| *tickets)
    }
}

/// The owners to which the reader may give some of the tickets, groups first, by name; at most 100.
///
/// # Errors
/// [`Denied::Hidden`](access::Denied::Hidden) when the reader does not see one of the tickets, or the list;
/// [`TooManyTickets`](domain::refusals::Refusal::TooManyTickets).
pub async fn permitted(
    store: &Store,
    reader: UserId,
    chosen: &TicketSelection,
    search: &str,
) -> Result<Vec<Target>, OpError> {
    let search: String = search.chars().take(100).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let kinds = Kinds::of(bulk::chosen_tickets(&mut tx, visibility.actor(), chosen).await?);
    let mut candidates: Vec<(Place, Option<String>)> = Vec::new();
    if visibility.actor().isv_admin && search.trim().is_empty() {
        candidates.push((Place::Unassigned, None));
    }
    let groups = store::groups::tree::find_groups(&mut tx, &visibility, &search, CANDIDATES).await?;
    candidates.extend(
        groups
            .into_iter()
            .map(|found| (Place::Group(found.lineage), None)),
    );
    for found in store::groups::tree::find_people(&mut tx, &visibility, &search, CANDIDATES).await? {
        let Owner::User { user, .. } = found.owner else {
            continue;
        };
        let groups = found.context.iter().cloned().collect();
        candidates.push((
            Place::User {
                user,
                context: found.context,
                groups,
            },
            Some(found.name),
        ));
    }
    let some_may = |place: &Place| kinds.permitted(visibility.actor(), place).next().is_some();
    candidates.retain(|(place, _)| some_may(place));
    candidates.truncate(SHOWN);
    let lineages = candidates
        .iter()
        .filter_map(|(place, _)| crate::ops::readers::level(place));
    let names = Names::of(&mut tx, &visibility, lineages).await?;
    let target = |(place, person): (Place, Option<String>)| Target {
        permitted: kinds.permitted(visibility.actor(), &place).sum(),
        person,
        path: crate::ops::readers::level(&place)
            .map_or_else(Vec::new, |level| names.path(&visibility, level)),
        place: crate::ops::readers::known_place(&visibility, place),
    };
    Ok(candidates.into_iter().map(target).collect())
}
