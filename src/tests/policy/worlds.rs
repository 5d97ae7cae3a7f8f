//! Random worlds, and the same world in the terms of the oracle, of the policy, and of an organisation file.

use std::collections::BTreeMap;

use domain::{
    access::{Actor, Place},
    accounts::{Permission, Permissions},
    groups::Lineage,
    ids::{GroupId, UserId},
    licensing::containers::ContainerKind,
    tickets::owners::Owner,
};
use license_portal::ops::{
    instance::organisation::file::{
        FORMAT, FileGroup, FileLicense, FileMembership, FileOwner, FileTicket, FileUser, Organisation,
    },
    licensing::containers::{self, NewContainer},
};
use proptest::{
    collection::vec, option::weighted, prelude::*, sample::Index, strategy::ValueTree,
    test_runner::TestRunner,
};

use crate::{
    policy::oracle::{Holder, Rights, World},
    support::portal::TestPortal,
};

impl Rights {
    /// In the terms of the policy.
    fn permissions(&self) -> Permissions {
        let given = [
            (self.admin, Permission::Admin),
            (self.create_ticket, Permission::CreateTicket),
        ];
        given
            .into_iter()
            .filter_map(|(given, permission)| given.then_some(permission))
            .collect()
    }
}

/// Trees of at most twelve groups; the first person is an ISV admin.
pub fn worlds() -> impl Strategy<Value = World> {
    let groups = vec(weighted(0.75, any::<Index>()), 1..=12);
    let people = vec(
        (prop::bool::weighted(0.1), vec((any::<Index>(), 0..6_u8), 0..4)),
        1..=5,
    );
    let tickets = vec((0..7_u8, any::<Index>(), any::<Index>(), any::<bool>()), 1..=10);
    (groups, people, tickets).prop_map(|(groups, people, tickets)| {
        // A parent comes before its children, so that there is no circle.
        let parent =
            |(at, index): (usize, Option<Index>)| index.filter(|_| at > 0).map(|index| index.index(at));
        let parents: Vec<Option<usize>> = groups.into_iter().enumerate().map(parent).collect();
        let memberships = people.iter().map(|(_, memberships)| {
            let one = |(group, rights): &(Index, u8)| {
                (
                    group.index(parents.len()),
                    Rights {
                        admin: rights % 3 == 0,
                        create_ticket: *rights > 3,
                    },
                )
            };
            memberships.iter().map(one).collect::<BTreeMap<_, _>>()
        });
        let mut memberships: Vec<BTreeMap<usize, Rights>> = memberships.collect();
        memberships.insert(0, BTreeMap::new());
        let mut isv_admins: Vec<bool> = people.iter().map(|(isv_admin, _)| *isv_admin).collect();
        isv_admins.insert(0, true);
        let ticket = |(kind, person, group, protected): (u8, Index, Index, bool)| {
            let (person, group) = (person.index(isv_admins.len()), group.index(parents.len()));
            match kind {
                0 => (Holder::Nobody, false),
                1..=3 => (Holder::Group(group), protected),
                4 | 5 => (Holder::Person(person, Some(group)), false),
                _ => (Holder::Person(person, None), false),
            }
        };
        let tickets = tickets.into_iter().map(ticket).collect();
        World {
            parents,
            isv_admins,
            memberships,
            tickets,
        }
    })
}

// The world in the terms of the policy: numbers from one are ids.

pub fn group_id(group: usize) -> GroupId {
    GroupId(i64::try_from(group + 1).unwrap())
}

pub fn user_id(person: usize) -> UserId {
    UserId(i64::try_from(person + 1).unwrap())
}

pub fn lineage(world: &World, group: usize) -> Lineage {
    let mut groups = vec![group_id(group)];
    let mut at = group;
    while let Some(parent) = world.parents[at] {
        groups.insert(0, group_id(parent));
        at = parent;
    }
    Lineage::new(groups).unwrap()
}

pub fn actor(world: &World, person: usize) -> Actor {
    let memberships = world.memberships[person].iter();
    Actor {
        user: user_id(person),
        isv_admin: world.isv_admins[person],
        memberships: memberships
            .map(|(group, rights)| (group_id(*group), rights.permissions()))
            .collect(),
        impersonated: false,
    }
}

pub fn place(world: &World, holder: Holder) -> Place {
    match holder {
        Holder::Nobody => Place::Unassigned,
        Holder::Group(group) => Place::Group(lineage(world, group)),
        Holder::Person(person, context) => Place::User {
            user: user_id(person),
            context: context.map(|group| lineage(world, group)),
            groups: world.memberships[person]
                .keys()
                .map(|group| lineage(world, *group))
                .collect(),
        },
    }
}

/// The world as an organisation file: groups `g0`, people `p0`, tickets `t0`.
pub fn file(world: &World) -> Organisation {
    let group = |group: usize| format!("g{group}");
    let owner = |holder: Holder| match holder {
        Holder::Nobody => None,
        Holder::Group(at) => Some(FileOwner {
            group: Some(group(at)),
            ..FileOwner::default()
        }),
        Holder::Person(person, context) => Some(FileOwner {
            group: None,
            user: Some(format!("p{person}")),
            context: context.map(group),
        }),
    };
    let names = |rights: &Rights| rights.permissions().names();
    let groups = world.parents.iter().enumerate();
    let people = world.isv_admins.iter().enumerate();
    let memberships = world.memberships.iter().enumerate();
    let memberships =
        memberships.flat_map(|(person, of)| of.iter().map(move |(at, rights)| (person, *at, rights)));
    let tickets = world.tickets.iter().enumerate();
    Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: groups
            .map(|(at, parent)| FileGroup {
                key: group(at),
                name: group(at),
                parent: parent.map(group),
            })
            .collect(),
        users: people
            .map(|(at, isv)| FileUser {
                login: format!("p{at}"),
                email: None,
                name: None,
                isv_admin: *isv,
                active: None,
            })
            .collect(),
        memberships: memberships
            .map(|(person, at, rights)| FileMembership {
                user: format!("p{person}"),
                group: group(at),
                permissions: names(rights),
            })
            .collect(),
        products: Vec::new(),
        tickets: tickets
            .map(|(at, (holder, protected))| FileTicket {
                code: None,
                owner: owner(*holder),
                protected: *protected,
                licenses: vec![FileLicense {
                    product: format!("t{at}"),
                    quantity: 1,
                    ..FileLicense::default()
                }],
            })
            .collect(),
    }
}

pub fn owner(portal: &TestPortal, holder: Holder) -> Owner {
    portal.owner(&match holder {
        Holder::Nobody => "-".to_owned(),
        Holder::Group(group) => format!("g{group}"),
        Holder::Person(person, None) => format!("@p{person}"),
        Holder::Person(person, Some(group)) => format!("@p{person}/g{group}"),
    })
}

/// A container for each of the first people, called after them: `c0` is of `p0`.
pub async fn containers(portal: &TestPortal, people: usize) {
    for person in 0..people {
        let name = format!("c{person}");
        let new = NewContainer {
            kind: ContainerKind::Cloud,
            serial: "",
            name: &name,
        };
        let of = owner(portal, Holder::Person(person, None));
        let key = format!("container-{name}");
        containers::create(&portal.store, portal.person("p0"), of, new, &key)
            .await
            .unwrap();
    }
}

/// Worlds that are the same in each run.
pub fn some_worlds(count: usize) -> Vec<World> {
    let mut runner = TestRunner::deterministic();
    (0..count)
        .map(|_| worlds().new_tree(&mut runner).unwrap().current())
        .collect()
}
