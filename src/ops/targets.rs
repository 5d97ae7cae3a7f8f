//! "Move to…": the owners to which all of some tickets may go.

use super::{OpError, actor, readers::Names};
use crate::{
    domain::{
        access::{self, Denied, Place},
        ids::{TicketId, UserId},
        owners::Owner,
        tickets::{MAX_SELECTION, Target},
    },
    store::{self, Store, visibility::Reach},
};

/// Most targets shown; the search narrows them.
const SHOWN: usize = 100;
/// Candidates looked at, of groups and of people each, before the policy leaves out what is forbidden.
const CANDIDATES: i64 = 500;

/// The owners to which the reader may give all of the tickets, groups first, by name; at most 100.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see one of the tickets.
pub async fn permitted(
    store: &Store,
    reader: UserId,
    ids: &[TicketId],
    search: &str,
) -> Result<Vec<Target>, OpError> {
    let search: String = search.chars().take(100).collect();
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let reach = Reach::of(&mut tx, actor).await?;
    let ids = &ids[..ids.len().min(MAX_SELECTION)];
    let tickets = store::tickets::by_ids(&mut tx, ids).await?;
    if tickets.len() != ids.len()
        || !tickets
            .values()
            .all(|ticket| reach.actor().sees_ticket(&ticket.facts))
    {
        return Err(Denied::Hidden.into());
    }
    let mut candidates: Vec<(Place, Option<String>)> = Vec::new();
    if reach.actor().isv_admin && search.trim().is_empty() {
        candidates.push((Place::Unassigned, None));
    }
    let groups = store::tree::find_groups(&mut tx, &reach, &search, CANDIDATES).await?;
    candidates.extend(
        groups
            .into_iter()
            .map(|found| (Place::Group(found.lineage), None)),
    );
    for found in store::tree::find_people(&mut tx, &reach, &search, CANDIDATES).await? {
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
    candidates.retain(|(place, _)| {
        tickets
            .values()
            .all(|ticket| access::authorize_reassign(reach.actor(), &ticket.facts, place).is_ok())
    });
    candidates.truncate(SHOWN);
    let lineages = candidates
        .iter()
        .filter_map(|(place, _)| super::readers::level(place));
    let names = Names::of(&mut tx, &reach, lineages).await?;
    let target = |(place, person): (Place, Option<String>)| Target {
        person,
        path: super::readers::level(&place).map_or_else(Vec::new, |level| names.path(&reach, level)),
        place: super::readers::known_place(&reach, place),
    };
    Ok(candidates.into_iter().map(target).collect())
}
