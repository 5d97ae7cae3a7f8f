//! The power goes while tickets are moved (R6): a run is recorded on a disk of our own, and cut at thousands of its points. Of what was not
//! synced there, a part is on the disk, some of it torn. What was acknowledged before is there, and nothing by halves; and the
//! same program with `synchronous = NORMAL` is caught.

use std::collections::BTreeSet;

use faults::{
    dice::Dice,
    disk::{Disk, Image},
    mount::{Line, Mounted},
};

use crate::support::{
    database::{Database, Verdict},
    number,
    program::{PASSWORD, Program, database_in},
    stage::Beginning,
    workload::Mover,
    write,
};

const MOVERS: usize = 3;

/// What happened on the disk, and to whom it was told.
struct Run {
    before: Image,
    record: Vec<Line>,
    movers: Vec<Mover>,
}

/// Everybody makes so many moves, at the same time; then the server is killed.
fn record(program: &Program, moves: usize) -> Run {
    let Beginning { image, mut movers } = Beginning::on_sqlite(program, MOVERS);
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Mounted::new(folder.path(), &image).expect("a disk of our own");
    let server = program.serve(&database_in(disk.folder())).expect("it starts");
    let address = server.address();
    std::thread::scope(|scope| {
        for (number, mover) in movers.iter_mut().enumerate() {
            let disk = &disk;
            scope.spawn(move || {
                for _ in 0..moves {
                    let reply = mover.make_one(address).expect("an answer");
                    assert_eq!(reply.status, 200, "{reply:?}");
                    disk.note(number as u64);
                }
            });
        }
    });
    server.kill();
    Run {
        before: image,
        record: disk.end().expect("nobody uses it"),
        movers,
    }
}

/// What was found in all the states that cuts left.
#[derive(Debug, Default)]
struct Outcome {
    states: usize,
    /// Acknowledged moves that were looked for, and those that were not there.
    expected: usize,
    lost: usize,
    /// Moves that were there before anybody was told.
    early: usize,
    /// States in which something was lost.
    with_losses: usize,
    faults: Vec<String>,
}

impl Outcome {
    fn add(&mut self, other: Self) {
        self.states += other.states;
        self.expected += other.expected;
        self.lost += other.lost;
        self.early += other.early;
        self.with_losses += other.with_losses;
        self.faults.extend(other.faults);
    }
}

/// Points of a record, one in each of as many parts of the same length.
fn points(length: usize, count: usize, seed: u64) -> BTreeSet<usize> {
    let mut dice = Dice::new(seed);
    let part = |n: usize| n * length / count;
    (0..count)
        .map(|n| part(n) + dice.index(part(n + 1) - part(n)) + 1)
        .collect()
}

/// Cuts the run at these points: once so that nothing is left that was not synced, once so that some of it is.
fn cut(program: &Program, run: &Run, points: &BTreeSet<usize>) -> Outcome {
    let threads = std::thread::available_parallelism().map_or(1, usize::from);
    let mut outcome = Outcome::default();
    std::thread::scope(|scope| {
        let parts: Vec<_> = (0..threads)
            .map(|part| {
                let points = points.iter().skip(part).step_by(threads).copied().collect();
                scope.spawn(move || cut_in_turn(program, run, &points))
            })
            .collect();
        for part in parts {
            outcome.add(part.join().expect("a part"));
        }
    });
    outcome
}

fn cut_in_turn(program: &Program, run: &Run, points: &BTreeSet<usize>) -> Outcome {
    let (mut outcome, mut disk, mut told) = (Outcome::default(), Disk::with(&run.before), [0; MOVERS]);
    for (at, line) in (1..).zip(&run.record) {
        match line {
            Line::Change(change) => disk.apply(change),
            Line::Note(mover) => told[usize::try_from(*mover).unwrap()] += 1,
        }
        if !points.contains(&at) {
            continue;
        }
        for seed in [0, at as u64] {
            let verdict = examine(program, &disk.after_power_cut(seed), &run.movers, &told);
            outcome.states += 1;
            outcome.expected += told.iter().sum::<usize>();
            outcome.lost += verdict.lost.len();
            outcome.with_losses += usize::from(!verdict.lost.is_empty());
            outcome.early += verdict.unacknowledged.len();
            let faults = verdict.faults.into_iter();
            outcome
                .faults
                .extend(faults.map(|fault| format!("cut at {at}, seed {seed}: {fault}")));
        }
    }
    outcome
}

/// Lets the portal open what is left, and looks into it.
fn examine(program: &Program, left: &Image, movers: &[Mover], told: &[usize]) -> Verdict {
    let folder = tempfile::tempdir().expect("a folder");
    write(left, folder.path());
    let address = database_in(folder.path());
    // It brings the schema up to date on the way.
    let opened = program.run(&address, &["verify-history"]);
    let mut verdict = Verdict::of(&Database::at(&address).found(), movers, Some(told));
    verdict.faults.extend(opened.err());
    verdict
}

/// What is shown, with so many moves of each mover and cuts.
fn nothing_acknowledged_is_lost(moves: usize, cuts: usize) {
    let program = Program::built();
    let run = record(&program, moves);
    let points = points(run.record.len(), cuts, 1);
    let outcome = cut(&program, &run, &points);
    println!(
        "figure: R6: power cut at {} of {} points of a run with {} moves, {} states: of {} acknowledged moves {} lost, {} inconsistencies; {} were there before anybody was told",
        points.len(),
        run.record.len(),
        moves * MOVERS,
        outcome.states,
        outcome.expected,
        outcome.lost,
        outcome.faults.len(),
        outcome.early,
    );
    assert!(outcome.expected > 0, "cuts come after acknowledgements, too");
    assert_eq!(outcome.lost, 0);
    assert!(outcome.faults.is_empty(), "{:#?}", outcome.faults);
}

/// The tool finds something where there is something to be found.
fn a_commit_that_does_not_wait_is_caught(moves: usize, cuts: usize) {
    let program = Program::that_does_not_wait_for_the_disk();
    let run = record(&program, moves);
    let points = points(run.record.len(), cuts, 2);
    let outcome = cut(&program, &run, &points);
    println!(
        "figure: R6 with synchronous=NORMAL, as a check of the check: acknowledged moves lost in {} of {} states, {} of {}",
        outcome.with_losses, outcome.states, outcome.lost, outcome.expected,
    );
    assert!(outcome.lost > 0, "{outcome:?}");
}

/// The very first start is cut, too: what is left then is a beginning, or nothing, and another start completes it.
fn a_first_start_is_begun_again(cuts: usize) {
    let program = Program::built();
    let demo = ["demo", "--demo-password", PASSWORD];
    let folder = tempfile::tempdir().expect("a folder");
    let disk = Mounted::new(folder.path(), &Image::new()).expect("a disk of our own");
    program
        .run(&database_in(disk.folder()), &demo)
        .expect("it is loaded");
    disk.note(0);
    let record = disk.end().expect("nobody uses it");
    let points = points(record.len(), cuts, 3);
    let (mut disk, mut told) = (Disk::default(), false);
    for (at, line) in (1..).zip(&record) {
        match line {
            Line::Change(change) => disk.apply(change),
            Line::Note(_) => told = true,
        }
        if !points.contains(&at) && at != record.len() {
            continue;
        }
        for seed in [0, at as u64] {
            let folder = tempfile::tempdir().expect("a folder");
            write(&disk.after_power_cut(seed), folder.path());
            let address = database_in(folder.path());
            let when = format!("cut at {at} of {}, seed {seed}", record.len());
            let database = Database::at(&address);
            let tickets = || {
                database
                    .rows("SELECT code FROM tickets")
                    .map_or(0, |rows| rows.len())
            };
            if told {
                assert_eq!(tickets(), 24, "{when}: it was told that they are there");
            }
            for command in [&demo[..], &["verify-history"]] {
                program
                    .run(&address, command)
                    .unwrap_or_else(|said| panic!("{when}: {said}"));
            }
            assert_eq!(tickets(), 24, "{when}");
            Verdict::of(&database.found(), &[], None).good(&when);
        }
    }
    println!(
        "figure: R6, the first start: power cut at {} of {} points; each was completed by another start",
        points.len(),
        record.len()
    );
}

#[test]
fn acknowledged_moves_survive_a_power_cut() {
    nothing_acknowledged_is_lost(12, 30);
}

#[test]
fn the_same_with_less_sync_is_found_out() {
    a_commit_that_does_not_wait_is_caught(8, 8);
}

#[test]
fn a_first_start_survives_a_power_cut() {
    a_first_start_is_begun_again(6);
}

#[test]
#[ignore = "takes longer than a test may"]
fn acknowledged_moves_survive_thousands_of_power_cuts() {
    nothing_acknowledged_is_lost(number("PORTAL_CUT_MOVES", 200), number("PORTAL_CUTS", 2_500));
}

#[test]
#[ignore = "takes longer than a test may"]
fn the_same_with_less_sync_is_found_out_often() {
    a_commit_that_does_not_wait_is_caught(60, 200);
}

#[test]
#[ignore = "takes longer than a test may"]
fn a_first_start_survives_hundreds_of_power_cuts() {
    a_first_start_is_begun_again(300);
}
