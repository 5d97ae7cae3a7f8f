//! Who can see a ticket, and why (N2).

use domain::{
    access::{Denied, Place},
    groups::Lineage,
    ids::{TicketId, UserId},
};

use crate::{
    ops::{
        OpError, actor,
        readers::{self, Names},
    },
    store::{
        self, Store,
        tickets::viewers::{Candidate, Wanted},
        visibility::VisibilityScope,
    },
    views::tickets::viewers::{MOST_VIEWERS, Sight, Viewer},
};

/// Longest search, in characters.
const MAX_SEARCH: usize = 100;

/// The people who see the ticket, by name; with a search, the people whom it finds, with the answer for each. People and
/// rights above the reader are left out, as if they were not there (S4).
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the ticket, or there is none.
pub async fn of_ticket(
    store: &Store,
    reader: UserId,
    ticket: TicketId,
    search: &str,
) -> Result<Sight, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let asker = visibility.actor();
    let mut found = store::tickets::seen_by_ids(&mut tx, asker, &[ticket]).await?;
    let found = found.remove(&ticket).ok_or(Denied::Hidden)?;
    let facts = &found.facts;
    let level = readers::level(&facts.place);
    let visible = level.and_then(|level| visibility.visible(level));
    let groups = visible.as_ref().map_or(&[][..], Lineage::groups);
    let (owner, members_of) = match &facts.place {
        Place::Group(group) if !facts.protected => (None, Some(group.group())),
        Place::User { user, .. } => (Some(*user), None),
        Place::Group(_) | Place::Unassigned => (None, None),
    };
    let search: String = search.trim().chars().take(MAX_SEARCH).collect();
    let wanted = match search.as_str() {
        "" => Wanted::Entitled {
            person: owner,
            members_of,
        },
        name => Wanted::Named(name),
    };
    let mut candidates =
        store::tickets::viewers::candidates(&mut tx, &visibility, groups, wanted, MOST_VIEWERS + 1).await?;
    let more = candidates.len() > MOST_VIEWERS;
    candidates.truncate(MOST_VIEWERS);
    let viewer = |candidate: Candidate| Viewer {
        user: candidate.actor.user,
        sees: candidate.actor.as_known_to(asker, level).why_sees(facts),
        name: candidate.name,
        active: candidate.active,
    };
    let rows = candidates.into_iter().map(viewer).collect();
    let names = Names::of(&mut tx, &visibility, level).await?;
    let names = level.map_or_else(Vec::new, |level| names.path(&visibility, level));
    let path = groups.iter().copied().zip(names).collect();
    Ok(Sight {
        code: found.code,
        person: found.person,
        path,
        rows,
        more,
        whole: asker.isv_admin,
    })
}
