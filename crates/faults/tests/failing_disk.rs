//! The n-th operation of the disk fails while tickets are moved, or it and many after it (R7): what is acknowledged is durable, what is not says so
//! with a clean error, and once the disk works again so does the portal. Afterwards the power goes, so that only what is really
//! on the disk counts; a sync that failed has written nothing, and the next one does not make up for it.

use std::{
    collections::BTreeMap,
    sync::{
        Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use faults::{
    dice::mixed,
    mount::{Failure, Fault, Mounted, Operation},
};

use crate::support::{
    database::{Database, Verdict},
    number,
    program::{Address, Program, Reply, database_in},
    stage::Beginning,
    workload::Mover,
    write,
};

/// Moves that are made after the disk works again.
const AFTERWARDS: usize = 3;
/// The most attempts at all moves of a run.
const ATTEMPTS: usize = 2_000;
/// The most operations for which a disk stays broken.
const LONGEST: u64 = 150;

/// What came of the runs.
#[derive(Debug, Default)]
struct Outcome {
    runs: usize,
    /// Runs in which something failed, by what failed first.
    failed: BTreeMap<Operation, usize>,
    /// Runs whose server did not start.
    ended_at_start: usize,
    acknowledged: usize,
    /// Answers that were clean errors.
    refused: usize,
    wrong: Vec<String>,
}

/// The fault of the n-th run: the disk is broken or full by chance, and in every fifth run for longer.
fn fault(n: u64) -> Fault {
    Fault {
        first: n,
        count: if n.is_multiple_of(5) { 1 + n % LONGEST } else { 1 },
        failure: if mixed(1, n).is_multiple_of(2) {
            Failure::Full
        } else {
            Failure::Broken
        },
    }
}

/// Whether the answer says that something is wrong, when to come again, and nothing else.
fn is_clean(reply: &Reply) -> bool {
    reply.status == 503 && reply.head.to_lowercase().contains("retry-after: ")
}

/// Moves tickets until the fault is over and some more are made. Counts clean errors.
fn work(disk: &Mounted, address: Address, mover: &mut Mover, last: u64) -> Result<usize, String> {
    let (mut refused, mut made_after) = (0, 0);
    for _ in 0..ATTEMPTS {
        let over = disk.operations() > last;
        let reply = mover
            .make_one(address)
            .map_err(|error| format!("no answer: {error}"))?;
        match reply.status {
            200 if over => made_after += 1,
            200 => {}
            _ if is_clean(&reply) => refused += 1,
            _ => return Err(format!("no clean error: {reply:?}")),
        }
        if made_after == AFTERWARDS {
            return Ok(refused);
        }
    }
    Err(format!(
        "not back after {ATTEMPTS} attempts, {refused} of them refused"
    ))
}

fn run(program: &Program, beginning: &Beginning, n: u64, outcome: &Mutex<Outcome>) {
    let fault = fault(n);
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Mounted::new(folder.path(), &beginning.image).expect("a disk of our own");
    let mut mover = beginning.movers[0].clone();
    disk.arm(fault);
    let mut wrong = Vec::new();
    let (mut refused, mut started) = (0, true);
    match program.serve(&database_in(disk.folder())) {
        Ok(server) => {
            match work(&disk, server.address(), &mut mover, fault.first + fault.count - 1) {
                Ok(count) => refused = count,
                Err(why) => wrong.push(why),
            }
            let log = server.kill();
            if !wrong.is_empty() {
                wrong.push(log);
            }
        }
        // Who starts it sees why.
        Err(said) => {
            started = false;
            if !said.to_lowercase().contains("error") {
                wrong.push(format!("it ends without a word: {said}"));
            }
        }
    }
    let failed = disk.failed();
    let (durable, seen) = (disk.after_power_cut(0), disk.image());
    drop(disk.end().expect("nobody uses it"));
    for (what, image) in [("after a power cut", durable), ("as programs see it", seen)] {
        let folder = tempfile::tempdir().expect("a folder");
        write(&image, folder.path());
        let address = database_in(folder.path());
        let opened = program.run(&address, &["verify-history"]);
        let verdict = Verdict::of(
            &Database::at(&address).found(),
            std::slice::from_ref(&mover),
            None,
        );
        let found = verdict.lost.iter().map(|key| format!("{what}: lost {key}"));
        wrong.extend(found.chain(verdict.faults.iter().map(|fault| format!("{what}: {fault}"))));
        wrong.extend(opened.err());
    }
    let mut outcome = outcome.lock().unwrap();
    outcome.runs += 1;
    outcome.ended_at_start += usize::from(!started);
    outcome.acknowledged += mover.acknowledged.len();
    outcome.refused += refused;
    if let Some((first, _)) = failed.first() {
        *outcome.failed.entry(*first).or_default() += 1;
    }
    outcome.wrong.extend(
        wrong
            .into_iter()
            .map(|wrong| format!("{n}: {fault:?} {failed:?}: {wrong}")),
    );
}

/// Each `stride`-th operation up to the last one fails, in a run of its own.
fn all_fail(last: u64, stride: u64) {
    let program = Program::built();
    let beginning = Beginning::on_sqlite(&program, 1);
    let (next, outcome) = (AtomicU64::new(1), Mutex::new(Outcome::default()));
    std::thread::scope(|scope| {
        for _ in 0..std::thread::available_parallelism().map_or(1, usize::from) {
            scope.spawn(|| {
                loop {
                    let n = next.fetch_add(stride, Ordering::Relaxed);
                    if n > last {
                        return;
                    }
                    run(&program, &beginning, n, &outcome);
                }
            });
        }
    });
    let outcome = outcome.into_inner().unwrap();
    println!(
        "figure: R7: one operation of the disk after another fails, up to the {last}th, every {stride}: {} runs (failed first: {:?}), {} moves acknowledged, {} answers were clean errors, {} servers did not start; {} wrong",
        outcome.runs,
        outcome.failed,
        outcome.acknowledged,
        outcome.refused,
        outcome.ended_at_start,
        outcome.wrong.len(),
    );
    let first: Vec<_> = outcome.wrong.iter().take(20).collect();
    assert!(first.is_empty(), "{first:#?}");
    assert!(
        outcome.failed.contains_key(&Operation::Write),
        "{:?}",
        outcome.failed
    );
    assert!(outcome.refused > 0, "a failing disk is told");
}

#[test]
fn a_failing_disk_is_told_and_costs_nothing_acknowledged() {
    all_fail(600, 37);
}

#[test]
#[ignore = "takes longer than a test may"]
fn thousands_of_failures_cost_nothing_acknowledged() {
    all_fail(
        number("PORTAL_FAILURES", 5_000),
        number("PORTAL_FAILURES_STRIDE", 1),
    );
}
