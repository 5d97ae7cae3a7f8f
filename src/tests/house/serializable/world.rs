//! The world of one history: groups that wander from one top-level group to the next, admins of these who lose their rights,
//! and tickets that go from hand to hand. No register ever has a value twice, so that a value tells which write was read.

use std::{
    collections::HashMap,
    fmt::Write as _,
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
    },
};

use domain::{
    access::Place,
    ids::{GroupId, TicketId, UserId},
    tickets::owners::Owner,
};

use crate::{
    house::serializable::{
        doubles::Mistake,
        history::{Moments, Version},
    },
    support::{client::Client, portal::TestPortal, tree},
};

/// Top-level groups; a group wanders through all of them once.
pub const SIDES: usize = 10;
/// Admins of each of them; each loses that right at most once.
pub const ADMINS: usize = 5;
/// Groups that wander.
pub const GROUPS: usize = 3;
/// Tickets of each of these.
const TICKETS: usize = 6;
/// Members of all of these, who hold tickets.
const MEMBERS: usize = 40;
/// Tickets that go to and fro under keys that are sent twice.
pub const SWINGS: usize = 2;

/// The admin of a side.
pub fn admin(side: usize, number: usize) -> String {
    format!("a{side}x{number}")
}

fn text() -> String {
    let mut text = String::from("@isv^\n");
    for side in 0..SIDES {
        let _ = writeln!(text, "S{side}/");
        for number in 0..ADMINS {
            let _ = writeln!(text, " @{}*", admin(side, number));
        }
        for group in (0..GROUPS).filter(|_| side == 0) {
            let _ = writeln!(text, " H{group}/");
            for ticket in 0..TICKETS {
                let _ = writeln!(text, "  #t{group}x{ticket}");
            }
            for member in 0..MEMBERS {
                let _ = writeln!(text, "  @m{member}");
            }
        }
    }
    text.push_str("Swing/\n @swinger*\n");
    for swing in 0..SWINGS {
        let _ = writeln!(text, " #w{swing}");
    }
    text
}

/// A ticket that moves.
pub struct Ticket {
    pub id: TicketId,
    /// Which group's.
    pub group: usize,
    /// The owner it began with.
    first: Owner,
    /// Where it was when somebody looked last.
    pub believed: Mutex<Owner>,
    /// Owners that it never had.
    unused: Mutex<Vec<Owner>>,
}

impl Ticket {
    /// An owner that it never had; to be given back if it does not get there.
    pub fn take_unused(&self) -> Option<Owner> {
        self.unused.lock().unwrap().pop()
    }

    /// It did not get there.
    pub fn give_back(&self, owner: Owner) {
        self.unused.lock().unwrap().insert(0, owner);
    }

    /// An owner as the value of its register.
    pub fn version(&self, owner: Owner) -> Version {
        (owner != self.first).then(|| owner.to_string())
    }

    /// The register.
    pub fn register(&self) -> String {
        format!("ticket {}", self.id)
    }
}

/// A group that wanders.
pub struct Wanderer {
    pub id: GroupId,
    /// Below which top-level group it is, as far as is known.
    pub side: AtomicUsize,
}

/// Where a group is, as the value of its register.
pub fn side_version(side: usize) -> Version {
    (side > 0).then(|| format!("S{side}"))
}

/// All that those who take part know.
pub struct World {
    pub portal: TestPortal,
    /// Whose moves are tried: the portal's own, or ones with a mistake.
    pub mistake: Option<Mistake>,
    pub isv: Client,
    pub clients: HashMap<String, Client>,
    pub people: HashMap<String, UserId>,
    pub sides: Vec<GroupId>,
    pub groups: Vec<Wanderer>,
    pub tickets: Vec<Ticket>,
    pub swings: Vec<TicketId>,
    /// Where those are, and where they go.
    pub swing: [Owner; 2],
    pub moments: Moments,
    /// Transactions that were asked for.
    asked: AtomicUsize,
    /// So many are.
    wanted: usize,
}

impl World {
    /// Begins anew in that portal.
    pub async fn begin(portal: &TestPortal, mistake: Option<Mistake>, wanted: usize) -> Arc<Self> {
        portal.clear().await;
        portal.import(&tree::organisation(&text())).await;
        let sides = (0..SIDES).map(|side| portal.group(&format!("S{side}"))).collect();
        let members: Vec<UserId> = (0..MEMBERS).map(|n| portal.person(&format!("m{n}"))).collect();
        let wanderer = |group: usize| Wanderer {
            id: portal.group(&format!("H{group}")),
            side: AtomicUsize::new(0),
        };
        let groups: Vec<Wanderer> = (0..GROUPS).map(wanderer).collect();
        let ticket = |at: usize| {
            let group = at / TICKETS;
            let level = groups[group].id;
            let owner = |user: &UserId| Owner::User {
                user: *user,
                context: Some(level),
            };
            Ticket {
                id: portal.ticket(&format!("t{group}x{}", at % TICKETS)),
                group,
                first: Owner::Group(level),
                believed: Mutex::new(Owner::Group(level)),
                unused: Mutex::new(members.iter().map(owner).collect()),
            }
        };
        let tickets = (0..GROUPS * TICKETS).map(ticket).collect();
        let (mut clients, mut people) = (HashMap::new(), HashMap::new());
        let admins = (0..SIDES).flat_map(|side| (0..ADMINS).map(move |number| admin(side, number)));
        for login in admins.chain(["isv".to_owned(), "swinger".to_owned()]) {
            clients.insert(login.clone(), portal.client(&login).await);
            people.insert(login.clone(), portal.person(&login));
        }
        Arc::new(Self {
            mistake,
            isv: clients["isv"].clone(),
            clients,
            people,
            sides,
            groups,
            tickets,
            swings: (0..SWINGS).map(|n| portal.ticket(&format!("w{n}"))).collect(),
            swing: [portal.owner("Swing"), portal.owner("@swinger/Swing")],
            moments: Moments::default(),
            asked: AtomicUsize::new(0),
            wanted,
            portal: portal.clone(),
        })
    }

    /// Whether there is to be another transaction.
    pub fn goes_on(&self) -> bool {
        self.asked.load(Ordering::SeqCst) < self.wanted
    }

    /// One more is asked for.
    pub fn count(&self) {
        self.asked.fetch_add(1, Ordering::SeqCst);
    }

    /// So many are to be.
    pub const fn wanted(&self) -> usize {
        self.wanted
    }

    /// So many were.
    pub fn counted(&self) -> usize {
        self.asked.load(Ordering::SeqCst)
    }

    /// The wandering group that a place belongs to, and its side.
    pub fn side_of(&self, place: &Place) -> Option<(usize, usize)> {
        let level = match place {
            Place::Group(level) => level,
            Place::User { context, .. } => context.as_ref()?,
            Place::Unassigned => return None,
        };
        let group = self.groups.iter().position(|group| group.id == level.group())?;
        let side = self.sides.iter().position(|side| Some(*side) == level.parent())?;
        Some((group, side))
    }
}
