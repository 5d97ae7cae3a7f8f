//! Which of the readers who have pages open are told of events, and of which places.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use domain::{
    access::{self, ContainerFacts, TicketFacts},
    groups::tree::Node,
    history::events::EventKind,
    ids::{ContainerId, GroupId, UserId},
    tickets::owners::Owner,
};

use crate::{
    ops::{
        OpError,
        history::live::{
            pages::{Pages, Reader},
            places::Place,
        },
    },
    store::{
        self, Tx,
        history::events::{Entry, Event},
    },
};

/// Containers that are read at once.
const READ: usize = 128;

/// The facts about what events name, as they are in one transaction.
pub(super) struct Facts {
    places: HashMap<Owner, access::Place>,
    containers: BTreeMap<ContainerId, ContainerFacts>,
}

impl Facts {
    /// Reads them: the same few statements however many pages are open.
    pub(super) async fn of(tx: &mut Tx, events: &[Event]) -> Result<Self, OpError> {
        let owners: BTreeSet<Owner> = events.iter().flat_map(|event| owners(&event.entry)).collect();
        let places = store::tickets::bulk::places(tx, &owners).await?;
        let named: BTreeSet<ContainerId> = events.iter().filter_map(|event| event.entry.container).collect();
        let named: Vec<ContainerId> = named.into_iter().collect();
        let mut containers = BTreeMap::new();
        for named in named.chunks(READ) {
            let found = store::licensing::containers::by_ids(tx, named).await?;
            containers.extend(found.into_iter().map(|(id, container)| (id, container.facts)));
        }
        Ok(Self { places, containers })
    }

    /// Who is told of which places.
    pub(super) fn told(&self, events: &[Event], pages: &Pages) -> HashMap<Reader, BTreeSet<Place>> {
        let mut told = Telling {
            facts: self,
            pages,
            told: HashMap::new(),
        };
        for Event { entry, .. } in events {
            told.of_ticket(entry);
            told.of_container(entry);
            told.of_tree(entry);
        }
        told.told
    }
}

fn owners(entry: &Entry) -> impl Iterator<Item = Owner> {
    let group = entry.group.map(Owner::Group);
    [group, entry.from, entry.to].into_iter().flatten()
}

/// The people whose rights or logins these events may have changed.
pub(super) fn people(events: &[Event]) -> impl Iterator<Item = UserId> {
    events.iter().filter_map(|event| event.entry.user)
}

/// The groups whose members all have other rights by these events.
pub(super) fn dissolved(events: &[Event]) -> impl Iterator<Item = GroupId> {
    let deleted = events
        .iter()
        .filter(|event| event.entry.kind == EventKind::GroupDeleted);
    deleted.filter_map(|event| event.entry.group)
}

struct Telling<'a> {
    facts: &'a Facts,
    pages: &'a Pages,
    told: HashMap<Reader, BTreeSet<Place>>,
}

impl Telling<'_> {
    fn tell(&mut self, readers: Vec<Reader>, places: &[Place]) {
        for reader in readers {
            self.told.entry(reader).or_default().extend(places);
        }
    }

    fn of_ticket(&mut self, event: &Entry) {
        let Some(ticket) = event.ticket else { return };
        // A move ends protected mode; a switch of it shows the ticket, or hides it from who saw it.
        let moved = event.kind != EventKind::GroupDeleted && event.license.is_none();
        let still_protected = event.was_protected && !moved;
        for (owner, protected) in [(event.from, event.was_protected), (event.to, still_protected)] {
            let Some((owner, place)) = owner.and_then(|owner| Some((owner, self.facts.places.get(&owner)?)))
            else {
                continue;
            };
            let facts = TicketFacts {
                id: ticket,
                place: place.clone(),
                protected,
            };
            let readers = self
                .pages
                .among(&place.audience(), |actor| actor.sees_ticket(&facts));
            self.tell(readers, &[Place::Node(node(owner)), Place::Ticket(ticket)]);
        }
    }

    /// Who reaches the container, and may know of what was activated in it or given back.
    fn of_container(&mut self, event: &Entry) {
        let Some((id, container)) = event
            .container
            .and_then(|id| Some((id, self.facts.containers.get(&id)?)))
        else {
            return;
        };
        let activated = match (event.ticket, event.to) {
            (Some(ticket), Some(owner)) => {
                // Where the ticket is cannot be said any more.
                let Some(place) = self.facts.places.get(&owner) else {
                    return;
                };
                Some(TicketFacts {
                    id: ticket,
                    place: place.clone(),
                    protected: event.was_protected,
                })
            }
            _ => None,
        };
        let readers = self.pages.among(&container.audience(), |actor| {
            actor.reaches_container(container)
                && activated
                    .as_ref()
                    .is_none_or(|ticket| actor.sees_activation(ticket, container))
        });
        self.tell(readers, &[Place::Container(id)]);
    }

    fn of_tree(&mut self, event: &Entry) {
        if event.ticket.is_some() {
            return;
        }
        for owner in owners(event) {
            if let Some(own) = event.user {
                // Who left a group hears of it, too.
                self.tell(self.pages.of(own), &[Place::Tree]);
            }
            if let Some(place) = self.facts.places.get(&owner) {
                let readers = self.pages.among(&place.audience(), |actor| actor.reaches(place));
                self.tell(readers, &[Place::Tree]);
            }
        }
    }
}

const fn node(owner: Owner) -> Node {
    match owner {
        Owner::Unassigned => Node::Unassigned,
        Owner::Group(group) => Node::Group(group),
        Owner::User { user, context } => Node::Person { user, group: context },
    }
}
