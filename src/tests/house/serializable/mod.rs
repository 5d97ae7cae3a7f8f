//! Moves, re-parentings and revocations at the same time: whatever was acknowledged, refused and read is explained by one order
//! of transactions that agrees with real time (strict serializability), and each move stands in the history at a place where
//! the policy permits it (R4). Five mistakes that are planted are found.
//!
//! The verdict is that of `adya`, an implementation of Elle: dependencies between transactions (ww, wr, rw) and what ended
//! before something else began, and the cycles in that. It follows from what clients saw, and from no lock or snapshot of the
//! database.

mod clients;
mod doubles;
mod history;
mod world;

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

use adya::Workload;
use domain::{history::events::EventKind, ids::UserId, tickets::owners::Owner};
use license_portal::store::Engine;
use tokio::task::JoinSet;

use crate::{
    house::serializable::{
        clients::{Change, Notes, last, looks, moves, revokes, right, swings, wanders},
        doubles::Mistake,
        history::{Anomalies, Step, Transaction, anomalies},
        world::{World, admin},
    },
    support::{portal::TestPortal, rounds::share_of},
    tickets::races::events,
};

on_both_engines!(histories_are_serializable, mistakes_that_are_planted_are_found);

mod hundreds_of_histories_are_serializable {
    use license_portal::store::Engine;

    use super::share_of;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::histories(Engine::Sqlite, share_of(250), super::LONG)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::histories(Engine::Postgres, share_of(150), super::LONG)).await;
    }
}

/// Transactions of a long history: a million in 400 of them.
const LONG: usize = 2_600;
/// Of a short one.
const SHORT: usize = 500;
/// Those who move tickets.
const MOVERS: usize = 6;
/// Histories after which a mistake has to be found.
const PATIENCE: u64 = 20;

/// What a history consisted of.
#[derive(Debug, Default)]
struct Tally {
    transactions: usize,
    moved: usize,
    overtaken: usize,
    refused: usize,
    logged_out: usize,
    re_parented: usize,
    revoked: usize,
}

/// One history: its anomalies.
async fn one_history(
    portal: &TestPortal,
    mistake: Option<Mistake>,
    length: usize,
    seed: u64,
    tally: &mut Tally,
) -> Anomalies {
    let world = World::begin(portal, mistake, length).await;
    let mut everybody = JoinSet::new();
    for process in 0..MOVERS {
        everybody.spawn(moves(Arc::clone(&world), process, seed * 100 + process as u64));
    }
    everybody.spawn(looks(Arc::clone(&world), MOVERS, seed * 100 + 50));
    everybody.spawn(revokes(Arc::clone(&world), MOVERS + 1, seed * 100 + 60));
    everybody.spawn(wanders(Arc::clone(&world), MOVERS + 2, 0));
    everybody.spawn(swings(Arc::clone(&world), MOVERS + 3, 0));
    let mut notes = Notes::default();
    while let Some(done) = everybody.join_next().await {
        notes.and(done.expect("nobody panics"));
    }
    notes.and(last(&world, MOVERS).await);
    tally.transactions += world.counted();
    tally.moved += notes.acknowledged.len();
    tally.overtaken += notes.overtaken;
    tally.refused += notes.refused.len();
    tally.logged_out += notes.logged_out;
    tally.re_parented += notes.wandered.len();
    tally.revoked += notes.revoked.len();
    let mut found = std::mem::take(&mut notes.anomalies);
    found.extend(refusals(&mut notes));
    found.extend(unwritten(&notes.transactions));
    found.extend(anomalies(&notes.transactions, Workload::RwRegister));
    found.extend(anomalies(&notes.lists, Workload::ListAppend));
    found.extend(recorded(&world, &notes).await);
    found.extend(permitted(&world).await);
    found
}

/// Refusals that nothing explains; those that only a taken right explains become reads of it.
fn refusals(notes: &mut Notes) -> Anomalies {
    let mut found = Vec::new();
    let revoked: HashMap<&str, &Change> = notes
        .revoked
        .iter()
        .map(|(login, change)| (login.as_str(), change))
        .collect();
    let went = |group: usize, side: usize| {
        let mut wandered = notes.wandered.iter();
        let found = wandered.find(|(which, to, _)| (*which, *to) == (group, side));
        found.map(|(_, _, change)| change)
    };
    let mut reads = Vec::new();
    for refused in &notes.refused {
        let arrived = refused.side == 0
            || went(refused.group, refused.side).is_some_and(|change| change.ended < refused.begun);
        let stays = went(refused.group, refused.side + 1).is_none_or(|change| change.begun > refused.ended);
        if !(arrived && stays) {
            continue;
        }
        match revoked.get(refused.login.as_str()) {
            Some(change) if change.begun < refused.ended => reads.push(Transaction {
                process: refused.process,
                begun: refused.begun,
                ended: refused.ended,
                steps: vec![Step::Read(right(&refused.login), Some("gone".to_owned()))],
            }),
            _ => found.push((
                "refused without a reason".to_owned(),
                format!("{} in group {}", refused.login, refused.group),
            )),
        }
    }
    notes.transactions.extend(reads);
    found
}

/// Values that were read, and that no acknowledged transaction wrote.
fn unwritten(transactions: &[Transaction]) -> Anomalies {
    let steps = || transactions.iter().flat_map(|transaction| &transaction.steps);
    let written: HashSet<(&str, &str)> = steps()
        .filter_map(|step| match step {
            Step::Write(register, value) => Some((register.as_str(), value.as_str())),
            _ => None,
        })
        .collect();
    let of_nobody = |step: &Step| match step {
        Step::Read(register, Some(value)) if !written.contains(&(register.as_str(), value.as_str())) => {
            Some((
                "read of what nobody wrote".to_owned(),
                format!("{register} is {value}"),
            ))
        }
        _ => None,
    };
    steps().filter_map(of_nobody).collect()
}

/// The history against what was acknowledged: each move is there once, no other is, and each begins where the one before
/// ended.
async fn recorded(world: &World, notes: &Notes) -> Anomalies {
    let mut found = Vec::new();
    let mut times: BTreeMap<String, usize> = BTreeMap::new();
    let keys = "SELECT ticket_id || ' ' || request_key FROM events WHERE kind = 'ticket_moved'";
    for key in world.portal.texts(keys).await {
        *times.entry(key).or_default() += 1;
    }
    for (ticket, key) in &notes.acknowledged {
        match times.remove(&format!("{ticket} {key}")) {
            Some(1) => {}
            Some(times) => found.push(("done more than once".to_owned(), format!("{key}, {times} times"))),
            None => found.push(("acknowledged and lost".to_owned(), key.clone())),
        }
    }
    for key in times.into_keys() {
        found.push(("done and not acknowledged".to_owned(), key));
    }
    let mut owners: HashMap<_, Owner> = HashMap::new();
    for event in events(&world.portal).await {
        let (Some(ticket), Some(from), Some(to)) = (event.entry.ticket, event.entry.from, event.entry.to)
        else {
            continue;
        };
        if let Some(before) = owners.insert(ticket, to)
            && before != from
        {
            found.push((
                "a chain that is broken".to_owned(),
                format!("{ticket}: {before}, then from {from}"),
            ));
        }
    }
    found
}

/// Each move by an admin, judged where it stands in the history.
async fn permitted(world: &World) -> Anomalies {
    let mut found = Vec::new();
    let mut admins: HashMap<UserId, usize> = HashMap::new();
    for side in 0..world.sides.len() {
        for number in 0..world::ADMINS {
            admins.insert(world.people[&admin(side, number)], side);
        }
    }
    let everybody = admins.clone();
    let mut sides = vec![0; world.groups.len()];
    for event in events(&world.portal).await {
        let entry = event.entry;
        match entry.kind {
            EventKind::MemberRemoved => {
                admins.remove(&entry.user.expect("a person"));
            }
            EventKind::GroupMoved => {
                let group = world
                    .groups
                    .iter()
                    .position(|group| Some(group.id) == entry.group);
                let level = entry.to.and_then(Owner::level);
                let side = world.sides.iter().position(|side| Some(*side) == level);
                sides[group.expect("a group that wanders")] = side.expect("a side");
            }
            EventKind::TicketMoved if everybody.contains_key(&entry.actor) => {
                let ticket = world
                    .tickets
                    .iter()
                    .find(|ticket| Some(ticket.id) == entry.ticket);
                let side = sides[ticket.expect("a ticket that moves").group];
                if admins.get(&entry.actor) != Some(&side) {
                    found.push((
                        "a move without a right".to_owned(),
                        format!("{} by {} at side {side}", ticket.unwrap().id, entry.actor),
                    ));
                }
            }
            _ => {}
        }
    }
    found
}

async fn histories_are_serializable(engine: Engine) {
    histories(engine, 4, SHORT).await;
}

async fn histories(engine: Engine, count: usize, length: usize) {
    let portal = TestPortal::empty(engine).await;
    let mut tally = Tally::default();
    for seed in 0..count as u64 {
        let found = one_history(&portal, None, length, seed, &mut tally).await;
        assert!(found.is_empty(), "history {seed}: {found:#?}");
    }
    println!("figure: {engine:?}: {count} histories, 0 anomalies: {tally:?}");
    assert!(
        tally.moved > 0 && tally.overtaken > 0 && tally.refused > 0 && tally.logged_out > 0,
        "{tally:?}"
    );
    assert!(tally.re_parented > 0 && tally.revoked > 0, "{tally:?}");
}

/// Each mistake is found; where the engine has one writer, the same moves without one are not complained of.
async fn mistakes_that_are_planted_are_found(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    if engine == Engine::Sqlite {
        for seed in 0..2 {
            let found = one_history(
                &portal,
                Some(Mistake::Nothing),
                SHORT,
                seed,
                &mut Tally::default(),
            )
            .await;
            assert!(found.is_empty(), "{found:#?}");
        }
    }
    for mistake in [
        Mistake::ActorOutside,
        Mistake::TreeOutside,
        Mistake::OwnerUnasked,
        Mistake::KeyIgnored,
        Mistake::UpdateLost,
    ] {
        let mut kinds: BTreeMap<String, usize> = BTreeMap::new();
        for seed in 0..PATIENCE {
            for (kind, _) in one_history(&portal, Some(mistake), SHORT, seed, &mut Tally::default()).await {
                *kinds.entry(kind).or_default() += 1;
            }
            if !kinds.is_empty() {
                println!(
                    "figure: {engine:?}: {mistake:?} is found in history {}: {kinds:?}",
                    seed + 1
                );
                break;
            }
        }
        assert!(
            !kinds.is_empty(),
            "{mistake:?} is not found in {PATIENCE} histories"
        );
    }
}
