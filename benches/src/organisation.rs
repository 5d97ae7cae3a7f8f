//! A made-up organisation: people, memberships and tickets in a [`Tree`]; the same for the same size.

use fastrand::Rng;
use domain::{ids::{GroupId, TicketId, UserId}, tickets::owners::Owner};

use crate::tree::{Tree, group_id, numbered, skewed};

/// The id of the first person.
pub const FIRST_PERSON: i64 = 2 << 54;
/// The id of the first ticket.
pub const FIRST_TICKET: i64 = 3 << 54;
/// 2025-01-01: nothing is younger.
pub const NEWEST: i64 = 1_735_689_600_000;
/// Tickets for each group.
pub const TICKETS_PER_GROUP: usize = 10;
/// What is sold.
pub const PRODUCTS: [&str; 12] = [
    "Atlas Server",
    "Beacon",
    "Cartographer",
    "Drawing Board",
    "Field Notes",
    "Harbour Master",
    "Ledger",
    "Night Watch",
    "Pathfinder",
    "Signal Tower",
    "Telegraph",
    "Workbench",
];
const WORDS: [&str; 16] = [
    "Accounting",
    "Assembly",
    "Care",
    "Design",
    "Energy",
    "Field Service",
    "Harbour",
    "Laboratory",
    "Logistics",
    "Maintenance",
    "Office",
    "Planning",
    "Research",
    "Sales",
    "Training",
    "Workshop",
];
const YEAR: i64 = 31_536_000_000;

/// A person.
#[derive(Debug, Clone)]
pub struct Person {
    /// Groups, by number, and whether the person is admin there.
    pub memberships: Vec<(usize, bool)>,
    /// Stands above every group.
    pub isv_admin: bool,
}

/// A ticket.
#[derive(Debug, Clone, Copy)]
pub struct Ticket {
    /// Whose.
    pub owner: Owner,
    /// Protected mode.
    pub protected: bool,
    /// Since when.
    pub since: i64,
    /// Places in [`PRODUCTS`]; one or two.
    pub products: (usize, Option<usize>),
}

/// The whole.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// The groups.
    pub tree: Tree,
    /// The people; the first is the ISV admin.
    pub people: Vec<Person>,
    /// The tickets.
    pub tickets: Vec<Ticket>,
}

impl Organisation {
    /// One of that many groups: half as many people, ten tickets a group.
    #[must_use]
    pub fn new(groups: usize) -> Self {
        let mut rng = Rng::with_seed(20_250_601);
        let tree = Tree::new(groups, &mut rng);
        let mut people = vec![Person {
            memberships: Vec::new(),
            isv_admin: true,
        }];
        // Every top-level group has an admin.
        let tops = (0..groups).filter(|at| tree.parent(*at).is_none());
        people.extend(tops.map(|top| Person {
            memberships: vec![(top, true)],
            isv_admin: false,
        }));
        while people.len() < (groups / 2).max(50) {
            people.push(member(&tree, &mut rng));
        }
        let members: Vec<(usize, usize)> = people
            .iter()
            .enumerate()
            .flat_map(|(person, of)| of.memberships.iter().map(move |(group, _)| (person, *group)))
            .collect();
        let tickets = (0..groups * TICKETS_PER_GROUP)
            .map(|_| ticket(&tree, &members, people.len(), &mut rng))
            .collect();
        Self {
            tree,
            people,
            tickets,
        }
    }

    /// What a group is called; not unique.
    #[must_use]
    pub fn name(at: usize) -> String {
        format!("{} {}", WORDS[at * 7 % WORDS.len()], at * 7919 % 100_003)
    }
}

fn member(tree: &Tree, rng: &mut Rng) -> Person {
    let admin = rng.u8(..10) == 0;
    let count = 1 + skewed(rng, 12, 3);
    let mut memberships: Vec<(usize, bool)> = (0..count)
        .map(|_| rng.usize(..tree.len()))
        .map(|group| (group, false))
        .collect();
    memberships.sort_unstable();
    memberships.dedup();
    if admin {
        memberships[0].1 = true;
    }
    Person {
        memberships,
        isv_admin: false,
    }
}

fn ticket(tree: &Tree, members: &[(usize, usize)], people: usize, rng: &mut Rng) -> Ticket {
    let owner = match rng.u8(..100) {
        0..70 => Owner::Group(group_id(rng.usize(..tree.len()))),
        70..90 => {
            let (person, group) = members[skewed(rng, members.len(), 3)];
            Owner::User {
                user: person_id(person),
                context: Some(group_id(group)),
            }
        }
        90..95 => Owner::User {
            user: person_id(skewed(rng, people, 3)),
            context: None,
        },
        _ => Owner::Unassigned,
    };
    Ticket {
        owner,
        protected: matches!(owner, Owner::Group(_)) && rng.u8(..10) == 0,
        since: NEWEST - rng.i64(..YEAR),
        products: (
            skewed(rng, PRODUCTS.len(), 2),
            (rng.u8(..4) == 0).then(|| rng.usize(..PRODUCTS.len())),
        ),
    }
}

/// The id of the person of that number.
#[must_use]
pub fn person_id(at: usize) -> UserId {
    UserId(numbered(FIRST_PERSON, at))
}

/// The id of the ticket of that number.
#[must_use]
pub fn ticket_id(at: usize) -> TicketId {
    TicketId(numbered(FIRST_TICKET, at))
}

/// The columns of an owner: group, person, context, level.
#[must_use]
pub fn columns_of(owner: Owner) -> [Option<i64>; 4] {
    let level = owner.level().map(|group| group.0);
    let group = match owner {
        Owner::Group(GroupId(group)) => Some(group),
        Owner::Unassigned | Owner::User { .. } => None,
    };
    let person = owner.user().map(|user| user.0);
    [group, person, level.filter(|_| person.is_some()), level]
}
