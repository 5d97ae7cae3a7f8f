//! The history of what one may know of (N11).

pub mod chain;
pub mod live;
pub mod verification;
pub mod webhooks;

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Denied, names_its_person},
    groups::Lineage,
    history::{
        changes::Change,
        events::{EventKind, OPERATOR},
    },
    ids::{ContainerId, EventId, GroupId, LicenseId, ProductId, TicketId, UserId},
    licensing::products::ProductName,
    tickets::{Holder, owners::Owner},
    time::{DAY, later},
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, actor, readers::Names},
    store::{
        self, Store, Tx,
        history::{Filter, events::Event},
        licensing::containers::Container,
        sources::Sources,
        tickets::Ticket,
        visibility::VisibilityScope,
    },
    views::history::{By, Changed, Happened, HistoryPage, HistoryQuery, Named},
};

/// Longest search, in characters.
const MAX_SEARCH: usize = 100;
/// Most events of one request that are shown.
const MAX_OF_REQUEST: usize = 10_000;

/// A page of so many of the events that the reader is shown, newest first.
///
/// # Errors
/// [`Denied::Hidden`] when the reader does not see the person or group asked for, or there is none.
pub async fn page(
    store: &Store,
    reader: UserId,
    query: &HistoryQuery,
    count: usize,
) -> Result<HistoryPage, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let mut person = None;
    if let Some(id) = query.person {
        let found = store::accounts::people::names_and_groups(&mut tx, &[id])
            .await?
            .remove(&id);
        let (name, _) = found
            .filter(|(_, groups)| visibility.actor().sees_user(id, groups))
            .ok_or(Denied::Hidden)?;
        person = Some(name);
    }
    let mut group = None;
    if let Some(id) = query.group {
        let found = store::groups::lineage(&mut tx, id).await?;
        group = Some(
            found
                .filter(|lineage| visibility.actor().sees_group(lineage))
                .ok_or(Denied::Hidden)?,
        );
    }
    let path = match &group {
        Some(group) => Some(
            Names::of(&mut tx, &visibility, [group])
                .await?
                .path(&visibility, group),
        ),
        None => None,
    };
    let (events, next) = store::history::page(&mut tx, &visibility, &filter(query, group), count).await?;
    Ok(HistoryPage {
        rows: told(&mut tx, &visibility, &events).await?,
        next,
        person,
        group: path.and_then(|mut path| path.pop()),
    })
}

/// What the reader is shown of what happened last, the newest first.
///
/// # Errors
/// [`OpError`].
pub(crate) async fn lately(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    count: usize,
) -> Result<Vec<Happened>, OpError> {
    let filter = filter(&HistoryQuery::default(), None);
    let (events, _) = store::history::page(tx, visibility, &filter, count).await?;
    told(tx, visibility, &events).await
}

/// The events of one request that the reader is shown, the oldest first.
///
/// # Errors
/// [`OpError`].
pub(crate) async fn of_request(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    request: (UserId, String),
) -> Result<Vec<Happened>, OpError> {
    let filter = Filter {
        request: Some(request),
        ..filter(&HistoryQuery::default(), None)
    };
    let (mut events, _) = store::history::page(tx, visibility, &filter, MAX_OF_REQUEST).await?;
    events.reverse();
    let mut known = Known::of(tx, visibility, &events).await?;
    known.named = events.iter().filter_map(named).collect();
    Ok(events
        .iter()
        .map(|event| known.happened(visibility, event))
        .collect())
}

/// Whom the event itself names to its readers.
fn named(event: &Event) -> Option<UserId> {
    event.entry.user.filter(|_| names_its_person(event.entry.kind))
}

/// The events, which the reader is shown, as far as they may know them.
///
/// # Errors
/// [`OpError`].
pub(crate) async fn told(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    events: &[Event],
) -> Result<Vec<Happened>, OpError> {
    let known = Known::of(tx, visibility, events).await?;
    Ok(events
        .iter()
        .map(|event| known.happened(visibility, event))
        .collect())
}

fn filter(query: &HistoryQuery, group: Option<Lineage>) -> Filter {
    let kinds = EventKind::ALL.iter().copied();
    // Ids are ordered by time.
    let first = |at: Timestamp| EventId(Sources::first_id_at(at));
    let until = query.to.map_or(EventId(i64::MAX), |day| first(later(day, DAY)));
    Filter {
        request: None,
        search: query.search.chars().take(MAX_SEARCH).collect(),
        kinds: match query.topic {
            Some(topic) => kinds.filter(|kind| kind.topic() == topic).collect(),
            None => Vec::new(),
        },
        person: query.person,
        group,
        from: query.from.map_or(EventId(0), first),
        before: query.before.map_or(until, |before| before.min(until)),
    }
}

/// All that a page of events names, read at once.
struct Known {
    /// Whom other events of the same request name.
    named: BTreeSet<UserId>,
    people: BTreeMap<UserId, (String, Vec<Lineage>)>,
    lineages: BTreeMap<GroupId, Lineage>,
    names: Names,
    tickets: BTreeMap<TicketId, Ticket>,
    containers: BTreeMap<ContainerId, Container>,
    products: BTreeMap<LicenseId, ProductName>,
    /// The catalogue, where an event tells of a product in it.
    catalogue: BTreeMap<ProductId, ProductName>,
}

impl Known {
    async fn of(tx: &mut Tx, visibility: &VisibilityScope, events: &[Event]) -> Result<Self, OpError> {
        let (mut people, mut groups) = (BTreeSet::new(), BTreeSet::new());
        let (mut tickets, mut containers) = (BTreeSet::new(), BTreeSet::new());
        let mut licenses = BTreeSet::new();
        for Event { entry, .. } in events {
            let owners = [entry.from, entry.to].into_iter().flatten();
            people.extend(owners.clone().filter_map(Owner::user));
            people.extend([entry.actor].into_iter().chain(entry.user));
            groups.extend(owners.filter_map(Owner::level).chain(entry.group));
            tickets.extend(entry.ticket);
            containers.extend(entry.container);
            licenses.extend(entry.license.map(|(license, _)| license));
        }
        let lineages = store::groups::lineages(tx, &groups.into_iter().collect::<Vec<_>>()).await?;
        let of_products = |event: &Event| {
            matches!(
                event.entry.change,
                Some(Change::Quota { .. } | Change::Filter { .. } | Change::Product { .. })
            )
        };
        let catalogue = if events.iter().any(of_products) {
            store::licensing::products::all(tx).await?
        } else {
            Vec::new()
        };
        Ok(Self {
            catalogue: catalogue
                .into_iter()
                .map(|product| (product.id, product.data.name))
                .collect(),
            named: BTreeSet::new(),
            people: store::accounts::people::names_and_groups(tx, &people.into_iter().collect::<Vec<_>>())
                .await?,
            names: Names::of(tx, visibility, &lineages).await?,
            lineages: lineages
                .into_iter()
                .map(|lineage| (lineage.group(), lineage))
                .collect(),
            tickets: store::tickets::by_ids(tx, &tickets.into_iter().collect::<Vec<_>>()).await?,
            containers: store::licensing::containers::by_ids(tx, &containers.into_iter().collect::<Vec<_>>())
                .await?,
            products: store::licensing::licenses::products_of(tx, &licenses.into_iter().collect::<Vec<_>>())
                .await?,
        })
    }

    /// The person, where the reader sees them, or is known to have known them.
    fn person(&self, visibility: &VisibilityScope, id: UserId, known: bool) -> Named<UserId> {
        match self.people.get(&id) {
            Some((name, groups)) if visibility.actor().sees_user(id, groups) => {
                Named::Known(id, name.clone())
            }
            Some((name, _)) if known || self.named.contains(&id) => Named::Former(name.clone()),
            _ => Named::Hidden,
        }
    }

    /// The visible path of a group; `None` where the reader does not see it.
    fn path(&self, visibility: &VisibilityScope, group: GroupId) -> Option<Vec<String>> {
        let lineage = self.lineages.get(&group)?;
        let seen = visibility.actor().sees_group(lineage);
        seen.then(|| self.names.path(visibility, lineage))
    }

    /// The owner in words; `own` stands for who knows the person because they did it themselves.
    fn holder(&self, visibility: &VisibilityScope, owner: Owner, own: bool) -> Holder {
        match owner {
            Owner::Unassigned if visibility.actor().isv_admin => Holder::Unassigned,
            Owner::Unassigned => Holder::Elsewhere,
            Owner::Group(group) => self
                .path(visibility, group)
                .map_or(Holder::Elsewhere, Holder::Group),
            Owner::User { user, context } => {
                let group = context.and_then(|context| self.lineages.get(&context));
                match self.person(visibility, user, own || visibility.actor().knows_holder(group)) {
                    Named::Known(_, name) | Named::Former(name) => {
                        let path = context.and_then(|context| self.path(visibility, context));
                        Holder::Person(name, path.unwrap_or_default())
                    }
                    Named::Hidden => Holder::Elsewhere,
                }
            }
        }
    }

    fn changed(&self, change: &Change) -> Changed {
        let named = |products: &BTreeSet<ProductId>| {
            let named = products.iter().filter_map(|product| self.catalogue.get(product));
            named.cloned().collect()
        };
        match change {
            Change::Quota {
                product,
                period,
                before,
                after,
            } => Changed::Quota {
                product: self.catalogue.get(product).cloned(),
                period: *period,
                before: *before,
                after: *after,
            },
            Change::Filter { before, after } => Changed::Filter {
                before: before.as_ref().map(named),
                after: after.as_ref().map(named),
            },
            Change::Permissions { before, after } => Changed::Permissions {
                before: *before,
                after: *after,
            },
            Change::Name { before, after } => Changed::Name {
                before: before.clone(),
                after: after.clone(),
            },
            Change::Product { product } => Changed::Product {
                product: self.catalogue.get(product).cloned(),
            },
            Change::Webhook { before, after, .. } => Changed::Webhook {
                before: before.clone(),
                after: after.clone(),
            },
            Change::Amendment {
                amendment,
                what,
                in_force_at,
                before,
                after,
            } => Changed::Amendment {
                amendment: *amendment,
                what: *what,
                in_force_at: *in_force_at,
                before: *before,
                after: *after,
            },
            Change::TakeBack {
                take_back,
                due_at,
                state,
            } => Changed::TakeBack {
                take_back: *take_back,
                due_at: *due_at,
                state: *state,
            },
            Change::Accepted { events } => Changed::Accepted { events: *events },
            Change::Restored { made_at } => Changed::Restored { made_at: *made_at },
        }
    }

    /// The event, as far as the reader may know it.
    fn happened(&self, visibility: &VisibilityScope, event: &Event) -> Happened {
        let entry = &event.entry;
        let ticket = entry.ticket.and_then(|ticket| self.tickets.get(&ticket));
        let ticket = ticket.filter(|ticket| visibility.actor().sees_ticket(&ticket.facts));
        let group = |group: GroupId| {
            let name = self.path(visibility, group).and_then(|mut path| path.pop());
            name.map_or(Named::Hidden, |name| Named::Known(group, name))
        };
        let container = |container: ContainerId| {
            let found = self.containers.get(&container);
            found
                .filter(|found| visibility.actor().reaches_container(&found.facts))
                .map_or(Named::Hidden, |found| Named::Known(container, found.name.clone()))
        };
        // Whoever creates tickets for customers sees no more of them, and knows for whom they were.
        let own = entry.kind == EventKind::TicketCreated && entry.actor == visibility.actor().user;
        let container = entry.container.map(container);
        // Who sees where the licences are, or were from, knows what they are of.
        let of_known = ticket.is_some() || matches!(container, Some(Named::Known(..)));
        let license = entry.license.filter(|_| of_known);
        let group = entry.group.map(group);
        // Names and numbers of a group are for who sees it.
        let change = entry.change.as_ref().filter(|_| match &group {
            Some(group) => visibility.actor().isv_admin || matches!(group, Named::Known(..)),
            None => true,
        });
        Happened {
            id: event.id,
            at: event.at,
            kind: entry.kind,
            channel: event.channel,
            by: match (entry.actor, entry.credential) {
                (OPERATOR, Some(_)) => By::Machine,
                (OPERATOR, None) => By::Operator,
                (person, _) => By::Person(self.person(visibility, person, false)),
            },
            ticket: ticket.map(|ticket| (ticket.facts.id, ticket.code.clone())),
            from: entry.from.map(|owner| self.holder(visibility, owner, own)),
            to: entry.to.map(|owner| match (entry.kind, owner) {
                // Codes were created: whoever is told that knows that they are nobody's yet.
                (EventKind::TicketCreated, Owner::Unassigned) => Holder::Unassigned,
                _ => self.holder(visibility, owner, own),
            }),
            group,
            change: change.map(|change| self.changed(change)),
            person: entry
                .user
                .map(|user| self.person(visibility, user, named(event).is_some())),
            container,
            product: license.and_then(|(license, _)| self.products.get(&license).cloned()),
            quantity: entry.license.map(|(_, quantity)| quantity),
        }
    }
}
