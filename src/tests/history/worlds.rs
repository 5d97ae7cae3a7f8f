//! The history in random worlds (N11): the list shows what the policy shows, and the policy what the oracle says.

use std::collections::BTreeSet;

use domain::{
    access::EventFacts,
    history::events::EventKind,
    ids::{ContainerId, TicketId, UserId},
    tickets::owners::Owner,
};
use license_portal::{
    ops,
    store::{self, Engine, history::events::Entry},
    views::history::{Happened, HistoryPage, HistoryQuery},
};

use crate::{
    policy::{
        oracle::{self, Holder},
        worlds::{actor, file, lineage, owner, some_worlds, user_id},
    },
    support::portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(lists_show_what_the_policy_shows);

/// An event in the terms of the oracle: numbers of people and groups.
#[derive(Debug, Clone)]
struct Event {
    actor: usize,
    people: Vec<usize>,
    groups: Vec<usize>,
}

impl Event {
    /// "What they did, what happened to them, and what happened in the branches they administer."
    fn expected(&self, world: &oracle::World, person: usize) -> bool {
        world.isv_admins[person]
            || self.actor == person
            || self.people.contains(&person)
            || self.groups.iter().any(|group| world.admin(person, *group))
    }

    fn permitted(&self, world: &oracle::World, person: usize) -> bool {
        actor(world, person).sees_event(&EventFacts {
            actor: user_id(self.actor),
            people: self.people.iter().map(|person| user_id(*person)).collect(),
            groups: self.groups.iter().map(|group| lineage(world, *group)).collect(),
        })
    }
}

fn level(holder: Holder) -> Option<usize> {
    match holder {
        Holder::Group(group) | Holder::Person(_, Some(group)) => Some(group),
        Holder::Nobody | Holder::Person(_, None) => None,
    }
}

fn person(holder: Holder) -> Option<usize> {
    match holder {
        Holder::Person(person, _) => Some(person),
        Holder::Nobody | Holder::Group(_) => None,
    }
}

/// What can happen in a world, with what the oracle says about it.
fn entries(portal: &TestPortal, world: &oracle::World) -> Vec<(Entry, Event)> {
    let mut entries = Vec::new();
    let people = world.isv_admins.len();
    let id = |person: usize| portal.person(&format!("p{person}"));
    let group_id = |group: usize| portal.group(&format!("g{group}"));
    let mut add = |kind: EventKind, event: (Vec<usize>, Vec<usize>), change: &dyn Fn(&mut Entry)| {
        let actor = entries.len() % people;
        let mut entry = Entry::new(kind, id(actor));
        change(&mut entry);
        let (people, groups) = event;
        entries.push((
            entry,
            Event {
                actor,
                people,
                groups,
            },
        ));
    };
    let owners = world.owners();
    for (at, from) in owners.iter().enumerate() {
        let to = owners[(7 * at + 3) % owners.len()];
        let both = [*from, to];
        let event = (
            both.into_iter().filter_map(person).collect(),
            both.into_iter().filter_map(level).collect(),
        );
        add(EventKind::TicketMoved, event, &|entry| {
            entry.ticket = Some(TicketId(1));
            (entry.from, entry.to) = (Some(owner(portal, *from)), Some(owner(portal, to)));
        });
    }
    for group in 0..world.parents.len() {
        add(EventKind::GroupRenamed, (vec![], vec![group]), &|entry| {
            entry.group = Some(group_id(group));
        });
        let parent = world.parents[group];
        let groups = parent.into_iter().chain([group]).collect();
        add(EventKind::GroupMoved, (vec![], groups), &|entry| {
            entry.group = Some(group_id(group));
            entry.from = parent.map(|parent| Owner::Group(group_id(parent)));
        });
    }
    for person in 0..people {
        let groups: Vec<usize> = world.memberships[person].keys().copied().collect();
        add(EventKind::UserChanged, (vec![person], groups.clone()), &|entry| {
            entry.user = Some(id(person));
        });
        let group = person % world.parents.len();
        add(EventKind::MemberRemoved, (vec![person], vec![group]), &|entry| {
            (entry.user, entry.group) = (Some(id(person)), Some(group_id(group)));
        });
        // Everybody's container has this group for its context; its number is that of its person, and one.
        let container = Some(ContainerId(i64::try_from(person + 1).unwrap()));
        let here: BTreeSet<usize> = groups.into_iter().chain([group]).collect();
        add(
            EventKind::CredentialIssued,
            (vec![person], here.into_iter().collect()),
            &|entry| entry.container = container,
        );
        // Of licences, the ticket says where it happened.
        let ticket = owners[person % owners.len()];
        let event = (super_people(person, ticket), level(ticket).into_iter().collect());
        add(EventKind::LicenseActivated, event, &|entry| {
            entry.ticket = Some(TicketId(1));
            entry.to = Some(owner(portal, ticket));
            (entry.user, entry.container) = (Some(id(person)), container);
        });
        add(EventKind::ProductCreated, (vec![], vec![]), &|_| {});
    }
    entries
}

fn super_people(container: usize, ticket: Holder) -> Vec<usize> {
    std::iter::once(container).chain(person(ticket)).collect()
}

async fn write(portal: &TestPortal, world: &oracle::World, entries: &[(Entry, Event)]) {
    for person in 0..world.isv_admins.len() {
        let (user, group) = (
            portal.person(&format!("p{person}")),
            portal.group(&format!("g{}", person % world.parents.len())),
        );
        portal
            .run(&format!(
                "INSERT INTO containers (id, user_id, context_group_id, kind, name, folded, created_at)
                 VALUES ({}, {user}, {group}, 'cloud', 'c', 'c', {BEGIN_MS})",
                person + 1
            ))
            .await;
    }
    let mut tx = portal.store.begin_write().await.unwrap();
    for (entry, _) in entries {
        store::history::events::record(&mut tx, &portal.store.sources, entry.clone())
            .await
            .unwrap();
    }
    portal.store.commit(tx).await.unwrap();
}

/// All pages of a list, oldest first.
pub async fn all(portal: &TestPortal, reader: UserId, query: HistoryQuery, count: usize) -> Vec<Happened> {
    let (mut rows, mut query) = (Vec::new(), query);
    loop {
        let HistoryPage { rows: page, next, .. } = ops::history::page(&portal.store, reader, &query, count)
            .await
            .unwrap();
        assert!(page.len() <= count);
        rows.extend(page);
        if next.is_none() {
            break;
        }
        query.before = next;
    }
    rows.reverse();
    rows
}

async fn lists_show_what_the_policy_shows(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let mut decisions = [0, 0];
    for world in some_worlds(if engine == Engine::Sqlite { 20 } else { 12 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        portal.run("DELETE FROM events").await;
        let entries = entries(&portal, &world);
        write(&portal, &world, &entries).await;
        let ids = portal
            .texts("SELECT CAST(id AS TEXT) FROM events ORDER BY id")
            .await;
        assert_eq!(ids.len(), entries.len());
        for person in 0..world.isv_admins.len() {
            let reader = portal.person(&format!("p{person}"));
            let mut shown = Vec::new();
            for ((entry, event), id) in entries.iter().zip(&ids) {
                let permitted = event.permitted(&world, person);
                assert_eq!(
                    permitted,
                    event.expected(&world, person),
                    "p{person}, {event:?}: {world:#?}"
                );
                decisions[usize::from(permitted)] += 1;
                if permitted {
                    shown.push((id.clone(), entry.kind));
                }
            }
            let found = all(&portal, reader, HistoryQuery::default(), 7).await;
            let found: Vec<_> = found.iter().map(|row| (row.id.to_string(), row.kind)).collect();
            assert_eq!(found, shown, "p{person}: {world:#?}");
            for group in 0..world.parents.len() {
                let group_id = portal.group(&format!("g{group}"));
                let query = HistoryQuery {
                    group: Some(group_id),
                    ..HistoryQuery::default()
                };
                if !world.sees_group(person, group) {
                    let refused = ops::history::page(&portal.store, reader, &query, 7).await;
                    assert!(refused.is_err(), "p{person} sees g{group}: {world:#?}");
                    continue;
                }
                let inside: Vec<_> = entries
                    .iter()
                    .zip(&ids)
                    .filter(|((_, event), _)| {
                        event.expected(&world, person)
                            && event.groups.iter().any(|at| world.within(*at, group))
                    })
                    .map(|((entry, _), id)| (id.clone(), entry.kind))
                    .collect();
                let found = all(&portal, reader, query, 7).await;
                let found: Vec<_> = found.iter().map(|row| (row.id.to_string(), row.kind)).collect();
                assert_eq!(found, inside, "p{person} in g{group}: {world:#?}");
            }
        }
    }
    assert!(decisions.iter().all(|count| *count >= 1_000), "{decisions:?}");
}
