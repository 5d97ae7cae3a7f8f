//! Random trees: policy, SQL and a naive oracle agree; random moves leave one owner each, and were permitted.

use std::cell::Cell;

use domain::{
    access::{self, Place, TicketFacts},
    accounts::Permissions,
    groups::tree::Node,
    ids::TicketId,
    tickets::{SelectedTickets, owners::Owner},
};
use license_portal::{
    ops::{self, OpError},
    store::Engine,
    views::tickets::TicketQuery,
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::Index,
    strategy::ValueTree,
    test_runner::{Config, TestRunner},
};

use crate::{
    policy::{
        finding,
        oracle::{Holder, Rights, World},
        worlds::{actor, file, owner, place, some_worlds, worlds},
    },
    support::portal::TestPortal,
};

on_both_engines!(
    lists_show_what_the_oracle_sees,
    random_moves_are_permitted_one_by_one
);

#[test]
fn policy_and_oracle_agree() {
    let (decisions, allowed) = (Cell::new(0_u64), Cell::new(0_u64));
    let decide = |world: World| {
        let owners = world.owners();
        let places: Vec<Place> = owners.iter().map(|owner| place(&world, *owner)).collect();
        for person in 0..world.isv_admins.len() {
            let actor = actor(&world, person);
            for (ticket, (holder, protected)) in world.tickets.iter().enumerate() {
                let id = TicketId(i64::try_from(ticket + 1).unwrap());
                let facts = TicketFacts {
                    id,
                    place: place(&world, *holder),
                    protected: *protected,
                };
                assert_eq!(
                    actor.sees_ticket(&facts),
                    world.sees(person, ticket),
                    "{person} sees {ticket}: {world:#?}"
                );
                assert_eq!(
                    actor.why_sees(&facts).is_ok(),
                    actor.sees_ticket(&facts),
                    "{person} has reasons to see {ticket}: {world:#?}"
                );
                for (owner, place) in owners.iter().zip(&places) {
                    let moved = access::authorize_reassign(&actor, &facts, place);
                    let expected = world.may_move(person, ticket, *owner);
                    assert_eq!(
                        moved.is_ok(),
                        expected,
                        "{person} moves {ticket} to {owner:?}: {world:#?}"
                    );
                    if let Ok(moved) = moved {
                        let mut after = world.clone();
                        after.apply(ticket, *owner);
                        assert_eq!(moved.protected, after.tickets[ticket].1);
                    }
                    let redeemed = access::authorize_redeem(&actor, &facts, place).is_ok();
                    let expected_redeemed = world.may_redeem(person, ticket, *owner);
                    assert_eq!(
                        redeemed, expected_redeemed,
                        "{person} redeems {ticket} for {owner:?}: {world:#?}"
                    );
                    decisions.set(decisions.get() + 2);
                    allowed.set(allowed.get() + u64::from(expected) + u64::from(expected_redeemed));
                }
            }
        }
    };
    let mut runner = TestRunner::new(Config {
        cases: 200,
        failure_persistence: None,
        ..Config::default()
    });
    runner
        .run(&worlds(), |world| {
            decide(world);
            Ok(())
        })
        .unwrap();
    assert!(
        decisions.get() >= 100_000 && allowed.get() >= 1_000,
        "{decisions:?} {allowed:?}"
    );
}

/// The tickets that somebody should find at a node; `None` where they should find no node.
fn expected(
    world: &World,
    person: usize,
    node: Node,
    holder: Option<Holder>,
    below: bool,
) -> Option<Vec<String>> {
    let isv = world.isv_admins[person];
    let found = match holder {
        Some(Holder::Nobody) => isv,
        Some(Holder::Group(group)) => world.sees_group(person, group),
        Some(Holder::Person(other, context)) => {
            world.sees_person(person, other) && context.is_none_or(|group| world.sees_group(person, group))
        }
        None => isv || node != Node::Loose,
    };
    let at = |ticket: usize| match (world.tickets[ticket].0, holder) {
        (Holder::Group(at) | Holder::Person(_, Some(at)), Some(Holder::Group(group))) => {
            at == group || (below && world.within(at, group))
        }
        (at, Some(holder)) => at == holder,
        (Holder::Person(owner, context), None) => match node {
            Node::Mine => owner == person,
            Node::Loose => context.is_none(),
            _ => true,
        },
        (_, None) => node == Node::All,
    };
    let tickets = (0..world.tickets.len()).filter(|ticket| world.sees(person, *ticket) && at(*ticket));
    found.then(|| tickets.map(|ticket| format!("t{ticket}")).collect())
}

async fn lists_show_what_the_oracle_sees(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    for world in some_worlds(if engine == Engine::Sqlite { 10 } else { 4 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        for person in 0..world.isv_admins.len() {
            let reader = portal.person(&format!("p{person}"));
            let owners = world.owners().into_iter().map(|holder| {
                let node = match owner(&portal, holder) {
                    Owner::Unassigned => Node::Unassigned,
                    Owner::Group(group) => Node::Group(group),
                    Owner::User { user, context } => Node::Person { user, group: context },
                };
                (node, Some(holder))
            });
            for (node, holder) in [Node::All, Node::Mine, Node::Loose]
                .map(|node| (node, None))
                .into_iter()
                .chain(owners)
            {
                for below in [true, false] {
                    let query = TicketQuery {
                        below,
                        ..TicketQuery::of(node)
                    };
                    let expected = expected(&world, person, node, holder, below);
                    let page = ops::tickets::page(&portal.store, reader, &query).await;
                    let found = page.as_ref().ok().map(|page| {
                        assert_eq!(
                            u64::try_from(page.rows.len()).unwrap(),
                            page.total,
                            "the list and its count differ"
                        );
                        let mut names: Vec<String> = page
                            .rows
                            .iter()
                            .map(|row| row.licenses[0].product.en.clone())
                            .collect();
                        names.sort_by_key(|name| name[1..].parse::<usize>().unwrap());
                        names
                    });
                    assert_eq!(
                        found, expected,
                        "p{person} at {holder:?} {node} {below}: {world:#?}"
                    );
                    assert!(matches!(page, Ok(_) | Err(OpError::Refused(_))));
                    // A person's place shows the same with and without what is below.
                    if !matches!(node, Node::Group(_)) {
                        break;
                    }
                }
            }
            check_tree(&portal, &world, person).await;
            finding::check(&portal, &world, person).await;
        }
    }
}

/// The rows of the tree, their counts of children and of tickets.
async fn check_tree(portal: &TestPortal, world: &World, person: usize) {
    let reader = portal.person(&format!("p{person}"));
    let nodes: Vec<Node> = (0..world.parents.len())
        .map(|g| Node::Group(portal.group(&format!("g{g}"))))
        .collect();
    let branches = ops::groups::tree::branches(&portal.store, reader, &nodes)
        .await
        .unwrap();
    let seen = |group: &usize| world.sees_group(person, *group);
    let groups_below = |parent: Option<usize>| -> Vec<usize> {
        let top = |group: &usize| !world.parents[*group].is_some_and(|parent| seen(&parent));
        let is_child = |group: &usize| parent.map_or_else(|| top(group), |_| world.parents[*group] == parent);
        (0..world.parents.len())
            .filter(|group| seen(group) && is_child(group))
            .collect()
    };
    let people_in = |group: usize| -> Vec<usize> {
        let shown =
            |other: &usize| world.member(*other, group) && (*other == person || world.admin(person, group));
        (0..world.isv_admins.len()).filter(shown).collect()
    };
    let tickets = |at: &dyn Fn(Holder) -> bool| {
        (0..world.tickets.len())
            .filter(|t| world.sees(person, *t) && at(world.tickets[*t].0))
            .count()
    };
    let rows_below = |parent: Option<usize>| -> Vec<(String, usize, usize)> {
        let groups = groups_below(parent).into_iter().map(|group| {
            let in_branch = |holder| match holder {
                Holder::Group(at) | Holder::Person(_, Some(at)) => world.within(at, group),
                Holder::Nobody | Holder::Person(_, None) => false,
            };
            (
                format!("g{group}"),
                groups_below(Some(group)).len() + people_in(group).len(),
                tickets(&in_branch),
            )
        });
        let people = parent
            .into_iter()
            .flat_map(|group| people_in(group).into_iter().map(move |other| (group, other)));
        let people = people.map(|(group, other)| {
            (
                format!("p{other}"),
                0,
                tickets(&|holder| holder == Holder::Person(other, Some(group))),
            )
        });
        let mut rows: Vec<_> = groups.chain(people).collect();
        rows.sort();
        rows
    };
    let expected: Vec<_> = std::iter::once(None)
        .chain((0..world.parents.len()).filter(|group| seen(group)).map(Some))
        .map(rows_below)
        .collect();
    let found = branches.iter().map(|branch| {
        let named = branch.rows.iter().filter(|row| !row.name.is_empty());
        let mut rows: Vec<_> = named
            .map(|row| {
                (
                    row.name.clone(),
                    row.children as usize,
                    usize::try_from(row.tickets).unwrap(),
                )
            })
            .collect();
        rows.sort();
        rows
    });
    assert_eq!(
        found.collect::<Vec<_>>(),
        expected,
        "the tree of p{person}: {world:#?}"
    );
}

async fn random_moves_are_permitted_one_by_one(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let mut runner = TestRunner::deterministic();
    let steps = vec((0..20_u8, any::<Index>(), any::<Index>(), any::<Index>()), 60);
    for mut world in some_worlds(if engine == Engine::Sqlite { 8 } else { 4 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        let root = portal.person("p0");
        let mut moves = 0;
        for (at, (kind, first, second, third)) in steps
            .new_tree(&mut runner)
            .unwrap()
            .current()
            .into_iter()
            .enumerate()
        {
            let people = world.isv_admins.len();
            match kind {
                // A person comes, goes, or may do something else.
                0 | 1 => {
                    let (person, group) = (first.index(people), second.index(world.parents.len()));
                    let rights = [None, Some(false), Some(true)][third.index(3)];
                    let permissions = rights.map(|admin| {
                        if admin {
                            Permissions::ADMIN
                        } else {
                            Permissions::NONE
                        }
                    });
                    let (user, id) = (
                        portal.person(&format!("p{person}")),
                        portal.group(&format!("g{group}")),
                    );
                    let set = ops::groups::set_member(&portal.store, root, id, user, permissions).await;
                    match (set, rights) {
                        (Ok(()), None) => drop(world.memberships[person].remove(&group)),
                        (Ok(()), Some(admin)) => {
                            world.memberships[person].insert(
                                group,
                                Rights {
                                    admin,
                                    create_ticket: false,
                                },
                            );
                        }
                        (Err(OpError::Refused(_)), _) => {}
                        (Err(error), _) => panic!("{error}"),
                    }
                }
                // A group is hung somewhere else.
                2 => {
                    let (group, parent) = (
                        first.index(world.parents.len()),
                        second.index(world.parents.len()),
                    );
                    let id = |group: usize| portal.group(&format!("g{group}"));
                    let moved = ops::groups::reparent(&portal.store, root, id(group), Some(id(parent))).await;
                    let permitted = !world.within(parent, group) && world.parents[group] != Some(parent);
                    assert_eq!(moved.is_ok(), permitted, "g{group} below g{parent}: {world:#?}");
                    if permitted {
                        world.parents[group] = Some(parent);
                    }
                }
                // Half of the moves are such that are permitted to somebody.
                _ => {
                    let ticket = first.index(world.tickets.len());
                    let mut person = second.index(people);
                    let owners = world.owners();
                    let mut to = owners[third.index(owners.len())];
                    if kind % 2 == 0 {
                        let mut permitted = Vec::new();
                        for other in 0..people {
                            let open = owners.iter().filter(|to| world.may_move(other, ticket, **to));
                            permitted.extend(open.map(|to| (other, *to)));
                        }
                        if !permitted.is_empty() {
                            (person, to) = permitted[third.index(permitted.len())];
                        }
                    }
                    let id = portal.ticket(&format!("t{ticket}"));
                    let seen = owner(&portal, world.tickets[ticket].0);
                    let selection = SelectedTickets::new(vec![(id, seen)]).unwrap();
                    let by = portal.person(&format!("p{person}"));
                    let target = owner(&portal, to);
                    let moved = ops::tickets::reassign(
                        &portal.store,
                        by,
                        &selection,
                        target,
                        None,
                        &format!("random-{at}"),
                    )
                    .await;
                    assert!(matches!(moved, Ok(_) | Err(OpError::Refused(_))));
                    let permitted = world.may_move(person, ticket, to);
                    assert_eq!(
                        moved.is_ok(),
                        permitted,
                        "p{person} moves t{ticket} to {to:?}: {moved:?} {world:#?}"
                    );
                    if permitted {
                        world.apply(ticket, to);
                        moves += 1;
                    }
                }
            }
        }
        for (ticket, (holder, protected)) in world.tickets.iter().enumerate() {
            let mut tx = portal.store.begin_read().await.unwrap();
            let id = portal.ticket(&format!("t{ticket}"));
            let found = license_portal::store::tickets::by_ids(&mut tx, &[id])
                .await
                .unwrap();
            assert_eq!(found[&id].facts.place.owner(), owner(&portal, *holder));
            assert_eq!(found[&id].facts.protected, *protected);
        }
        assert!(moves > 0);
        assert_eq!(
            portal
                .number("SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved'")
                .await,
            moves
        );
        let two_owners =
            "SELECT COUNT(*) FROM tickets WHERE owner_group_id IS NOT NULL AND owner_user_id IS NOT NULL";
        assert_eq!(portal.number(two_owners).await, 0);
    }
}
