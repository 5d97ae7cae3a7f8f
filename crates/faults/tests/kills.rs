//! Server and database are killed (SIGKILL) while tickets are moved (R5): what was acknowledged is there, nothing is there by halves, and what was
//! asked for without an answer is done once when it is asked for again under its key.

use std::{
    sync::atomic::{AtomicUsize, Ordering},
    time::Duration,
};

use faults::dice::Dice;

use crate::support::{
    database::{Database, Verdict},
    number,
    postgres::Postgres,
    program::{Address, Program, database_in},
    stage::begin,
    workload::Mover,
};

const MOVERS: usize = 4;

/// What happened in all rounds.
#[derive(Debug, Default)]
struct Outcome {
    kills: usize,
    acknowledged: usize,
    /// Moves without an answer, and how many of them had been done.
    open: usize,
    done: usize,
    /// Answers that the database is away.
    away: usize,
}

/// Works until the server is gone, or the test says that it is enough; counts what is acknowledged. Answers that the database is away are
/// counted, too, and the move is asked for again.
fn work(mover: &mut Mover, address: Address, acknowledged: &AtomicUsize, stop: &AtomicUsize) -> usize {
    let mut away = 0;
    while stop.load(Ordering::SeqCst) == 0 {
        let Ok(reply) = mover.make_one(address) else {
            return away;
        };
        match reply.status {
            200 => {
                acknowledged.fetch_add(1, Ordering::SeqCst);
            }
            503 => {
                away += 1;
                std::thread::sleep(Duration::from_millis(20));
            }
            _ => panic!("{reply:?}"),
        }
    }
    away
}

/// Waits until so many more are acknowledged, and a moment longer: in the midst of it, however slow the machine is.
fn in_the_midst(acknowledged: &AtomicUsize, dice: &mut Dice) {
    let goal = acknowledged.load(Ordering::SeqCst) + 1 + dice.index(40);
    while acknowledged.load(Ordering::SeqCst) < goal {
        std::thread::sleep(Duration::from_millis(1));
    }
    std::thread::sleep(Duration::from_micros(dice.below(20_000)));
}

/// Looks into the database, and settles what had no answer: asked for again, it is done, and done once.
fn settle(database: &Database, movers: &mut [Mover], address: Address, outcome: &mut Outcome, when: &str) {
    let verdict = Verdict::of(&database.found(), movers, None);
    verdict.good(when);
    outcome.done += verdict.unacknowledged.len();
    for mover in movers.iter_mut() {
        if mover.pending.is_some() {
            outcome.open += 1;
            let reply = mover.make_one(address).expect("an answer");
            assert_eq!(reply.status, 200, "{when}: {reply:?}");
        }
        // Asked for once more, it is answered, and nothing happens.
        if let Some(last) = mover.acknowledged.last() {
            let reply = mover.ask(address, last).expect("an answer");
            assert!([200, 429].contains(&reply.status), "{when}: {reply:?}");
        }
    }
    let verdict = Verdict::of(&database.found(), movers, None);
    verdict.good(when);
    assert!(verdict.unacknowledged.is_empty(), "{when}: {verdict:?}");
}

/// The server is killed so many times.
fn the_server_is_killed(address: &str, database: &Database, kills: usize, seed: u64) -> Outcome {
    let program = Program::built();
    let mut movers = begin(&program, address, MOVERS);
    let (mut outcome, mut dice) = (Outcome::default(), Dice::new(seed));
    let (acknowledged, stop) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let mut server = program.serve(address).expect("it starts");
    for kill in 1..=kills {
        let asked = server.address();
        std::thread::scope(|scope| {
            let (acknowledged, stop) = (&acknowledged, &stop);
            for mover in &mut movers {
                scope.spawn(move || work(mover, asked, acknowledged, stop));
            }
            in_the_midst(acknowledged, &mut dice);
            server.kill();
        });
        outcome.kills += 1;
        if address.starts_with("postgres") {
            wait_for_the_last_statements(database);
        }
        server = program.serve(address).expect("it starts again");
        settle(
            database,
            &mut movers,
            server.address(),
            &mut outcome,
            &format!("kill {kill}"),
        );
    }
    server.kill();
    program
        .run(address, &["verify-history"])
        .expect("the history is what was recorded");
    outcome.acknowledged = acknowledged.into_inner();
    outcome
}

/// PostgreSQL may still be busy with what the killed server asked for last.
fn wait_for_the_last_statements(database: &Database) {
    let busy = "SELECT CAST(pid AS TEXT) FROM pg_stat_activity
        WHERE datname = current_database() AND state <> 'idle' AND pid <> pg_backend_pid()";
    while !database.rows(busy).expect("an answer").is_empty() {
        std::thread::sleep(Duration::from_millis(5));
    }
}

/// PostgreSQL is killed so many times, while the server goes on.
fn postgres_is_killed(postgres: &mut Postgres, kills: usize, seed: u64) -> Outcome {
    let program = Program::built();
    let address = postgres.address();
    let database = Database::at(&address);
    let mut movers = begin(&program, &address, MOVERS);
    let (mut outcome, mut dice) = (Outcome::default(), Dice::new(seed));
    let acknowledged = AtomicUsize::new(0);
    let server = program.serve(&address).expect("it starts");
    for kill in 1..=kills {
        let (stop, asked) = (AtomicUsize::new(0), server.address());
        outcome.away += std::thread::scope(|scope| {
            let (acknowledged, stop) = (&acknowledged, &stop);
            let working: Vec<_> = movers
                .iter_mut()
                .map(|mover| scope.spawn(move || work(mover, asked, acknowledged, stop)))
                .collect();
            in_the_midst(acknowledged, &mut dice);
            postgres.kill();
            std::thread::sleep(Duration::from_millis(dice.below(300)));
            postgres.restart();
            // Tickets are moved again, without anybody having started the server.
            let back = acknowledged.load(Ordering::SeqCst) + MOVERS;
            while acknowledged.load(Ordering::SeqCst) < back {
                std::thread::sleep(Duration::from_millis(1));
            }
            stop.store(1, Ordering::SeqCst);
            working
                .into_iter()
                .map(|mover| mover.join().expect("a mover"))
                .sum::<usize>()
        });
        outcome.kills += 1;
        settle(
            &database,
            &mut movers,
            asked,
            &mut outcome,
            &format!("kill {kill}"),
        );
    }
    server.kill();
    program
        .run(&address, &["verify-history"])
        .expect("the history is what was recorded");
    outcome.acknowledged = acknowledged.into_inner();
    outcome
}

impl Outcome {
    fn tell(&self, what: &str) {
        println!(
            "figure: R5: {what} killed {} times while {MOVERS} people move tickets: {} moves acknowledged, 0 lost, 0 by halves; {} without an answer, of which {} were done and all are done once when asked for again; {} answers that the database is away",
            self.kills, self.acknowledged, self.open, self.done, self.away
        );
        assert!(self.acknowledged > self.kills, "{self:?}");
    }
}

fn on_sqlite(kills: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let address = database_in(folder.path());
    let outcome = the_server_is_killed(&address, &Database::at(&address), kills, 1);
    outcome.tell("the server on SQLite");
    assert!(outcome.open > 0, "some were on their way: {outcome:?}");
}

fn on_postgres(kills: usize) {
    let postgres = Postgres::start();
    let address = postgres.address();
    let outcome = the_server_is_killed(&address, &Database::at(&address), kills, 2);
    outcome.tell("the server on PostgreSQL");
    assert!(outcome.open > 0, "some were on their way: {outcome:?}");
}

fn under_the_server(kills: usize) {
    postgres_is_killed(&mut Postgres::start(), kills, 3).tell("PostgreSQL");
}

#[test]
fn moves_outlive_a_server_on_sqlite_that_is_killed() {
    on_sqlite(4);
}

#[test]
fn moves_outlive_a_server_on_postgres_that_is_killed() {
    on_postgres(1);
}

#[test]
fn moves_outlive_a_database_that_is_killed() {
    under_the_server(1);
}

#[test]
#[ignore = "takes longer than a test may"]
fn moves_outlive_a_server_on_sqlite_that_is_killed_a_thousand_times() {
    on_sqlite(number("PORTAL_KILLS_SQLITE", 1_000));
}

#[test]
#[ignore = "takes longer than a test may"]
fn moves_outlive_a_server_on_postgres_that_is_killed_often() {
    on_postgres(number("PORTAL_KILLS_POSTGRES", 200));
}

#[test]
#[ignore = "takes longer than a test may"]
fn moves_outlive_a_database_that_is_killed_often() {
    under_the_server(number("PORTAL_KILLS_POSTGRES", 200));
}
