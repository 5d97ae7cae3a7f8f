//! What happens, as it happens: events as they are recorded, and which places a reader may be told of.

use std::{collections::BTreeSet, fmt, sync::Arc};

use domain::{
    access::{Actor, TicketFacts},
    groups::tree::Node,
    history::events::EventKind,
    ids::{ContainerId, EventId, TicketId, UserId},
    tickets::owners::Owner,
};
use tokio::sync::broadcast;

use crate::{
    ops::{OpError, actor},
    store::{
        self, Store, Tx,
        history::events::{Entry, Event},
    },
};

/// Events that a receiver may be behind before it has to ask for everything again.
const BEHIND: usize = 1024;

/// The events of this process, for whoever listens.
#[derive(Clone)]
pub struct Live(broadcast::Sender<Arc<Event>>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::Sender::new(BEHIND))
    }
}

impl Live {
    /// Listens from here on.
    #[must_use]
    pub fn subscribe(&self) -> broadcast::Receiver<Arc<Event>> {
        self.0.subscribe()
    }

    /// Tells all who listen.
    pub fn tell(&self, event: Event) {
        // Nobody listening is no error.
        let _ = self.0.send(Arc::new(event));
    }
}

/// Something on a screen that may have changed.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Place {
    /// Everything: what happened is not known.
    All,
    /// The tree of groups and people.
    Tree,
    /// The list of tickets there.
    Node(Node),
    /// A ticket.
    Ticket(TicketId),
    /// A container.
    Container(ContainerId),
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::All => f.write_str("all"),
            Self::Tree => f.write_str("tree"),
            Self::Node(node) => node.fmt(f),
            Self::Ticket(ticket) => write!(f, "ticket:{ticket}"),
            Self::Container(container) => write!(f, "container:{container}"),
        }
    }
}

/// The events that were recorded after this one, the oldest first.
///
/// # Errors
/// [`OpError::Store`].
pub async fn since(store: &Store, event: EventId) -> Result<Vec<Event>, OpError> {
    let mut tx = store.begin_read().await?;
    let mut events: Vec<Event> = store::history::events::since(&mut tx, event).await?;
    // A burst longer than one read.
    while let Some(last) = events.last().filter(|_| events.len().is_multiple_of(1000)) {
        let more = store::history::events::since(&mut tx, last.id).await?;
        if more.is_empty() {
            break;
        }
        events.extend(more);
    }
    Ok(events)
}

/// Which places the reader should ask again about after these events: those that they may see at this moment.
///
/// # Errors
/// [`OpError::NoSuchActor`]; [`OpError::Store`].
pub async fn places(
    store: &Store,
    reader: UserId,
    events: &[Arc<Event>],
) -> Result<BTreeSet<Place>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let mut places = BTreeSet::new();
    // A move of many tickets names the same few owners again and again.
    let owners = events.iter().flat_map(|event| [event.entry.from, event.entry.to]);
    let known = store::tickets::bulk::places(&mut tx, &owners.flatten().collect()).await?;
    for Event { entry: event, .. } in events.iter().map(AsRef::as_ref) {
        if let Some(ticket) = event.ticket {
            // A move ends protected mode; a switch of it shows the ticket, or hides it from who saw it.
            let moved = event.kind != EventKind::GroupDeleted && event.license.is_none();
            let still_protected = event.was_protected && !moved;
            for (owner, protected) in [(event.from, event.was_protected), (event.to, still_protected)] {
                let Some(owner) = owner else { continue };
                let facts = known.get(&owner).map(|place| TicketFacts {
                    id: ticket,
                    place: place.clone(),
                    protected,
                });
                if facts.is_some_and(|facts| actor.sees_ticket(&facts)) {
                    places.insert(Place::Node(node(owner)));
                    places.insert(Place::Ticket(ticket));
                }
            }
        }
        if let Some(container) = event.container
            && knows_of(&mut tx, &actor, container, event).await?
        {
            places.insert(Place::Container(container));
        }
        if event.ticket.is_some() {
            continue;
        }
        let own_membership = event.user == Some(reader);
        let group = event.group.map(Owner::Group);
        for owner in [group, event.from, event.to].into_iter().flatten() {
            let place = store::tickets::place(&mut tx, owner).await?;
            if own_membership || place.is_some_and(|place| actor.reaches(&place)) {
                places.insert(Place::Tree);
            }
        }
    }
    Ok(places)
}

/// Whether the reader reaches the container, and may know of what was activated in it or given back.
async fn knows_of(
    tx: &mut Tx,
    actor: &Actor,
    container: ContainerId,
    event: &Entry,
) -> Result<bool, OpError> {
    let Some(container) = store::licensing::containers::by_id(tx, container).await? else {
        return Ok(false);
    };
    if !actor.reaches_container(&container.facts) {
        return Ok(false);
    }
    let (Some(ticket), Some(owner)) = (event.ticket, event.to) else {
        return Ok(true);
    };
    let place = store::tickets::place(tx, owner).await?;
    Ok(place.is_some_and(|place| {
        let ticket = TicketFacts {
            id: ticket,
            place,
            protected: event.was_protected,
        };
        actor.sees_activation(&ticket, &container.facts)
    }))
}

const fn node(owner: Owner) -> Node {
    match owner {
        Owner::Unassigned => Node::Unassigned,
        Owner::Group(group) => Node::Group(group),
        Owner::User { user, context } => Node::Person { user, group: context },
    }
}
