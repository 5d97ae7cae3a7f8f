//! Those who take part in a history, and what they see.

use std::{
    sync::{Arc, atomic::Ordering},
    time::Duration,
};

use domain::{ids::TicketId, tickets::owners::Owner};
use license_portal::ops;
use serde_json::Value;

use crate::{
    house::serializable::{
        doubles::{self, Move, Outcome},
        history::{Anomalies, Step, Transaction},
        world::{ADMINS, SIDES, World, admin, side_version},
    },
    support::dice::Dice,
};

/// Somebody's request was answered as if there were nothing.
pub struct Refused {
    pub process: usize,
    pub login: String,
    pub group: usize,
    pub side: usize,
    pub begun: usize,
    pub ended: usize,
}

/// A group went to a side, or a right was taken, between these moments.
pub struct Change {
    pub begun: usize,
    pub ended: usize,
}

/// What somebody noted.
#[derive(Default)]
pub struct Notes {
    /// Of registers.
    pub transactions: Vec<Transaction>,
    /// Of lists.
    pub lists: Vec<Transaction>,
    pub refused: Vec<Refused>,
    /// Groups that went to a side.
    pub wandered: Vec<(usize, usize, Change)>,
    /// Admins whose right was taken.
    pub revoked: Vec<(String, Change)>,
    /// Keys of what was acknowledged, with the ticket.
    pub acknowledged: Vec<(TicketId, String)>,
    /// What should not have been answered so.
    pub anomalies: Anomalies,
    pub overtaken: usize,
    pub logged_out: usize,
}

impl Notes {
    /// With those of somebody else.
    pub fn and(&mut self, other: Self) {
        self.transactions.extend(other.transactions);
        self.lists.extend(other.lists);
        self.refused.extend(other.refused);
        self.wandered.extend(other.wandered);
        self.revoked.extend(other.revoked);
        self.acknowledged.extend(other.acknowledged);
        self.anomalies.extend(other.anomalies);
        self.overtaken += other.overtaken;
        self.logged_out += other.logged_out;
    }

    fn transaction(&mut self, process: usize, change: &Change, steps: Vec<Step>) {
        self.transactions.push(Transaction {
            process,
            begun: change.begun,
            ended: change.ended,
            steps,
        });
    }
}

/// The register of a right.
pub fn right(login: &str) -> String {
    format!("right {login}")
}

/// The register of a login.
fn login_register(login: &str) -> String {
    format!("login {login}")
}

/// The register of a wandering group.
fn group_register(group: usize) -> String {
    format!("group H{group}")
}

/// The processes of logins are counted from here.
const LOGINS: usize = 1_000;

/// The owner that a refusal names.
fn named(world: &World, now: &Value) -> Owner {
    let group = |path: &Value| {
        let name = path
            .as_array()
            .and_then(|path| path.last())
            .and_then(Value::as_str);
        world.portal.group(name.expect("a group"))
    };
    match (now.get("Person"), now.get("Group")) {
        (Some(person), _) => Owner::User {
            user: world.portal.person(person[0].as_str().expect("a name")),
            context: Some(group(&person[1])),
        },
        (_, Some(path)) => Owner::Group(group(path)),
        _ => panic!("an owner that admins know: {now}"),
    }
}

async fn send(world: &World, login: &str, wanted: &Move) -> Outcome {
    if let Some(mistake) = world.mistake {
        return doubles::reassign(&world.portal.store, mistake, wanted).await;
    }
    let tickets = format!("{}={}", wanted.ticket, wanted.seen);
    let client = &world.clients[login];
    let answer = client
        .reassign(&tickets, &wanted.to.to_string(), &wanted.key)
        .await;
    match answer.status {
        200 => Outcome::Moved,
        401 => Outcome::LoggedOut,
        404 => Outcome::Hidden,
        409 => Outcome::Overtaken(named(world, &answer.json()["Refused"]["Overtaken"]["now"])),
        other => panic!("{other}: {}", answer.text()),
    }
}

/// Moves tickets as one admin or another.
pub async fn moves(world: Arc<World>, process: usize, seed: u64) -> Notes {
    let (mut dice, mut notes, mut number) = (Dice::new(seed), Notes::default(), 0);
    let mut below = move |n: usize| usize::try_from(dice.below(n as u64)).unwrap();
    while world.goes_on() {
        let ticket = &world.tickets[below(world.tickets.len())];
        let Some(to) = ticket.take_unused() else {
            look(&world, process, &mut notes).await;
            continue;
        };
        let seen = *ticket.believed.lock().unwrap();
        let believed = world.groups[ticket.group].side.load(Ordering::SeqCst);
        let side = if below(8) == 0 { below(SIDES) } else { believed };
        let of_isv = below(10) == 0;
        let login = if of_isv {
            "isv".to_owned()
        } else {
            admin(side, below(ADMINS))
        };
        let wanted = Move {
            by: world.people[&login],
            ticket: ticket.id,
            seen,
            to,
            key: format!("move-{process}-{number}"),
        };
        number += 1;
        world.count();
        let begun = [world.moments.next(), world.moments.next()];
        let outcome = send(&world, &login, &wanted).await;
        let ended = [world.moments.next(), world.moments.next()];
        // Whoever asks is recognised before the move begins, in a transaction of its own.
        let login_seen = Change {
            begun: begun[0],
            ended: ended[1],
        };
        let change = Change {
            begun: begun[1],
            ended: ended[0],
        };
        let mut steps = Vec::new();
        if !of_isv {
            steps.push(Step::Read(right(&login), None));
            steps.push(Step::Read(group_register(ticket.group), side_version(side)));
        }
        let logged_in = (outcome == Outcome::LoggedOut).then(|| "ended".to_owned());
        if world.mistake.is_none() && !of_isv {
            let step = Step::Read(login_register(&login), logged_in);
            notes.transaction(LOGINS + process, &login_seen, vec![step]);
        }
        if outcome != Outcome::Moved {
            ticket.give_back(to);
        }
        match outcome {
            Outcome::Moved => {
                *ticket.believed.lock().unwrap() = to;
                steps.push(Step::Read(ticket.register(), ticket.version(seen)));
                steps.push(Step::Write(ticket.register(), to.to_string()));
                notes.transaction(process, &change, steps);
                notes.acknowledged.push((ticket.id, wanted.key));
            }
            Outcome::Overtaken(now) => {
                *ticket.believed.lock().unwrap() = now;
                steps.push(Step::Read(ticket.register(), ticket.version(now)));
                notes.transaction(process, &change, steps);
                notes.overtaken += 1;
            }
            Outcome::Hidden => notes.refused.push(Refused {
                process,
                login,
                group: ticket.group,
                side,
                begun: change.begun,
                ended: change.ended,
            }),
            Outcome::LoggedOut => notes.logged_out += 1,
        }
    }
    notes
}

/// Reads all tickets, with where their groups stand, in one transaction.
pub async fn look(world: &World, process: usize, notes: &mut Notes) {
    let ids: Vec<TicketId> = world.tickets.iter().map(|ticket| ticket.id).collect();
    world.count();
    let begun = world.moments.next();
    let rows = ops::tickets::selected(&world.portal.store, world.people["isv"], &ids).await;
    let ended = world.moments.next();
    let (mut steps, mut sides) = (Vec::new(), vec![None; world.groups.len()]);
    for row in rows.expect("rows") {
        let ticket = world.tickets.iter().find(|ticket| ticket.id == row.id()).unwrap();
        *ticket.believed.lock().unwrap() = row.owner();
        steps.push(Step::Read(ticket.register(), ticket.version(row.owner())));
        let (group, side) = world.side_of(&row.facts.place).expect("a place below a side");
        if sides[group] != Some(side) {
            sides[group] = Some(side);
            steps.push(Step::Read(group_register(group), side_version(side)));
        }
    }
    notes.transaction(process, &Change { begun, ended }, steps);
}

/// Reads who administers a side, in one transaction.
async fn look_at_admins(world: &World, process: usize, side: usize, notes: &mut Notes) {
    world.count();
    let begun = world.moments.next();
    let detail = ops::groups::detail(&world.portal.store, world.people["isv"], world.sides[side]).await;
    let ended = world.moments.next();
    let detail = detail.expect("a group");
    let step = |number: usize| {
        let login = admin(side, number);
        let there = detail.members.iter().any(|member| member.login.as_str() == login);
        Step::Read(right(&login), (!there).then(|| "gone".to_owned()))
    };
    notes.transaction(process, &Change { begun, ended }, (0..ADMINS).map(step).collect());
}

/// Looks again and again.
pub async fn looks(world: Arc<World>, process: usize, seed: u64) -> Notes {
    let (mut dice, mut notes) = (Dice::new(seed), Notes::default());
    while world.goes_on() {
        if dice.below(4) == 0 {
            let side = usize::try_from(dice.below(SIDES as u64)).unwrap();
            look_at_admins(&world, process, side, &mut notes).await;
        } else {
            look(&world, process, &mut notes).await;
        }
    }
    notes
}

/// Waits for a share of the history to be over; whether it still goes on.
async fn waited(world: &World, turn: usize, turns: usize) -> bool {
    while world.goes_on() && world.counted() * (turns + 1) < world.wanted() * (turn + 1) {
        tokio::time::sleep(Duration::from_micros(300)).await;
    }
    world.goes_on()
}

/// Takes the rights of admins, one after the other: their membership, or their account and login.
pub async fn revokes(world: Arc<World>, process: usize, seed: u64) -> Notes {
    let (mut dice, mut notes) = (Dice::new(seed), Notes::default());
    let mut admins: Vec<(usize, usize)> = (0..SIDES)
        .flat_map(|side| (0..ADMINS).map(move |number| (side, number)))
        .collect();
    let all = admins.len();
    for turn in 0..all {
        if !waited(&world, turn, all).await {
            break;
        }
        let (side, number) = admins.swap_remove(usize::try_from(dice.below(admins.len() as u64)).unwrap());
        let login = admin(side, number);
        let (user, group) = (world.people[&login].to_string(), world.sides[side].to_string());
        // Moves with a mistake know no logins.
        let of_account = world.mistake.is_none() && turn % 2 == 1;
        world.count();
        let begun = world.moments.next();
        let answer = if of_account {
            let fields = [
                ("users[0]", user.as_str()),
                ("active", "false"),
                ("end_login", "true"),
            ];
            world.isv.post("switch_users", &fields).await
        } else {
            let fields = [("group", group.as_str()), ("user", user.as_str())];
            world.isv.post("remove_member", &fields).await
        };
        let ended = world.moments.next();
        assert_eq!(answer.status, 200, "{}", answer.text());
        let change = Change { begun, ended };
        let (register, value) = if of_account {
            (login_register(&login), "ended")
        } else {
            (right(&login), "gone")
        };
        let steps = vec![
            Step::Read(register.clone(), None),
            Step::Write(register, value.to_owned()),
        ];
        notes.transaction(process, &change, steps);
        if !of_account {
            notes.revoked.push((login, change));
        }
        look(&world, process, &mut notes).await;
    }
    notes
}

/// Hangs the groups from side to side, each through all of them.
pub async fn wanders(world: Arc<World>, process: usize, _: u64) -> Notes {
    let mut notes = Notes::default();
    let turns = world.groups.len() * (SIDES - 1);
    for turn in 0..turns {
        if !waited(&world, turn, turns).await {
            break;
        }
        let at = turn % world.groups.len();
        let group = &world.groups[at];
        let before = group.side.load(Ordering::SeqCst);
        let next = before + 1;
        let (id, parent) = (group.id.to_string(), world.sides[next].to_string());
        world.count();
        let begun = world.moments.next();
        let answer = world
            .isv
            .post("move_group", &[("group", &id), ("parent", &parent)])
            .await;
        let ended = world.moments.next();
        assert_eq!(answer.status, 200, "{}", answer.text());
        group.side.store(next, Ordering::SeqCst);
        let change = Change { begun, ended };
        let steps = vec![
            Step::Read(group_register(at), side_version(before)),
            Step::Write(group_register(at), format!("S{next}")),
        ];
        notes.transaction(process, &change, steps);
        notes.wandered.push((at, next, change));
        look(&world, process, &mut notes).await;
    }
    notes
}

/// Moves tickets to and fro, and sends some of these requests again: at the same moment, and after the way back.
pub async fn swings(world: Arc<World>, process: usize, _: u64) -> Notes {
    let mut notes = Notes::default();
    let by = world.people["swinger"];
    let [home, away] = world.swing;
    for number in 0.. {
        if !world.goes_on() {
            break;
        }
        let ticket = world.swings[number % world.swings.len()];
        let wanted = |key: &str, seen, to| Move {
            by,
            ticket,
            seen,
            to,
            key: format!("{key}-{process}-{number}"),
        };
        let (there, back) = (wanted("there", home, away), wanted("back", away, home));
        for (requests, turn) in [
            (vec![&there, &there], "at once"),
            (vec![&back], ""),
            (vec![&there], "later"),
        ] {
            let begun = world.moments.next();
            let sent = requests.iter().map(|wanted| {
                world.count();
                send(&world, "swinger", wanted)
            });
            let outcomes = futures_of(sent).await;
            let ended = world.moments.next();
            for outcome in outcomes {
                if outcome != Outcome::Moved {
                    let how = format!("{turn}, {}: {outcome:?}", requests[0].key);
                    notes
                        .anomalies
                        .push(("repetition answered otherwise".to_owned(), how));
                }
            }
            if turn != "later" {
                let key = requests[0].key.clone();
                notes.acknowledged.push((ticket, key.clone()));
                notes.lists.push(Transaction {
                    process,
                    begun,
                    ended,
                    steps: vec![Step::Append(ticket.to_string(), key)],
                });
            }
        }
        tokio::time::sleep(Duration::from_millis(4)).await;
    }
    notes
}

/// What comes of all of these, which go on at the same time.
async fn futures_of(futures: impl Iterator<Item = impl Future<Output = Outcome>>) -> Vec<Outcome> {
    let mut pinned: Vec<_> = futures.map(Box::pin).collect();
    let mut outcomes: Vec<Option<Outcome>> = vec![None; pinned.len()];
    std::future::poll_fn(|context| {
        for (future, outcome) in pinned.iter_mut().zip(&mut outcomes) {
            if outcome.is_none()
                && let std::task::Poll::Ready(done) = future.as_mut().poll(context)
            {
                *outcome = Some(done);
            }
        }
        if outcomes.iter().all(Option::is_some) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    outcomes.into_iter().flatten().collect()
}

/// The last look: at the registers and at the lists.
pub async fn last(world: &World, process: usize) -> Notes {
    let mut notes = Notes::default();
    look(world, process, &mut notes).await;
    for side in 0..SIDES {
        look_at_admins(world, process, side, &mut notes).await;
    }
    for ticket in &world.swings {
        let begun = world.moments.next();
        let keys = world
            .portal
            .texts(&format!(
                "SELECT request_key FROM events WHERE ticket_id = {ticket} ORDER BY id"
            ))
            .await;
        let ended = world.moments.next();
        notes.lists.push(Transaction {
            process,
            begun,
            ended,
            steps: vec![Step::List(ticket.to_string(), keys)],
        });
    }
    notes
}
