//! Hidden and absent take the same time: medians over a thousand pairs, asked in turns, are within 5 % of each other.

use std::{collections::BTreeSet, time::Duration};

use license_portal::store::Engine;
use tokio::time::Instant;

use crate::{
    policy::{
        alike::{Hole, Principal, Way, answers::changed, calls, foreign::Foreign, pairs},
        stage::stage,
    },
    support::{portal::TestPortal, rounds::share_of, statements::recorded},
};

mod hidden_and_absent_take_the_same_time {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::measure(Engine::Sqlite)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::measure(Engine::Postgres)).await;
    }
}

const PAIRS: usize = 1_000;
/// How much longer the one may take, in per mille.
const TOLERANCE: u64 = 50;
/// A difference is one if it is there each time; the machine does other things, too.
const MEASUREMENTS: usize = 3;

fn median(times: &mut [Duration]) -> Duration {
    times.sort_unstable();
    times[times.len() / 2]
}

/// By how many per mille the slower is slower than the other, and whether that is the first.
fn difference(one: Duration, other: Duration) -> (u64, bool) {
    let (faster, slower) = (one.min(other).as_nanos(), one.max(other).as_nanos());
    let per_mille = (slower - faster) * 1_000 / faster.max(1);
    (u64::try_from(per_mille).unwrap_or(u64::MAX), one > other)
}

/// The medians of both, asked in turns. Who has tried too often is forgiven, and the time of that answer does not count.
async fn medians(
    principal: &mut Principal,
    portal: &TestPortal,
    hole: &Hole,
    both: [&str; 2],
    pairs: usize,
) -> [Duration; 2] {
    let calls = both.map(|id| hole.with(id));
    let mut times = [const { Vec::new() }; 2];
    for pair in 0..pairs {
        // Neither is always the first.
        for at in [pair % 2, 1 - pair % 2] {
            let (mut status, mut time) = ask(principal, &calls[at]).await;
            if status == 429 {
                forgive(principal, portal);
                (status, time) = ask(principal, &calls[at]).await;
            }
            assert!(status != 0 && status != 429, "{}: {status}", calls[at]);
            times[at].push(time);
        }
    }
    times.map(|mut times| median(&mut times))
}

async fn ask(principal: &Principal, call: &str) -> (u16, Duration) {
    let begun = Instant::now();
    let answer = principal.call(Way::Page, call).await;
    (answer.map_or(0, |answer| answer.status), begun.elapsed())
}

fn forgive(principal: &mut Principal, portal: &TestPortal) {
    principal.portal = portal.without_attempts();
    principal.client.router = principal.portal.nobody().router;
}

async fn measure(engine: Engine) {
    let (portal, _) = stage(engine).await;
    let count = share_of(PAIRS);
    let (mut differences, mut failed) = (Vec::new(), Vec::new());
    for login in ["admin-1.1.1", "user-1.1.1"] {
        let mut principal = Principal::new(&portal, login, None).await;
        let foreign = Foreign::to(&portal, &principal.client, principal.me).await;
        let mut known = BTreeSet::new();
        for call in calls() {
            let function = call.split(' ').next().unwrap();
            for hole in Hole::all(call) {
                let Some((hidden, absent)) = pairs(&principal, &foreign, &hole).into_iter().next() else {
                    continue;
                };
                let both = [hidden.as_str(), absent.as_str()];
                // Each function once for each kind of id, and only where nothing comes of it.
                let (answer, statements) = recorded(principal.call(Way::Page, &hole.with(&hidden))).await;
                let status = answer.map_or(0, |answer| answer.status);
                if status < 300 && changed(&statements) {
                    portal.restore().await;
                    continue;
                }
                if !known.insert((function, hole.kind_and_name().0, status)) {
                    continue;
                }
                let mut least = (u64::MAX, [Duration::ZERO; 2]);
                for _ in 0..MEASUREMENTS {
                    forgive(&mut principal, &portal);
                    let found = medians(&mut principal, &portal, &hole, both, count).await;
                    let (per_mille, _) = difference(found[0], found[1]);
                    least = least.min((per_mille, found));
                    if per_mille <= TOLERANCE {
                        break;
                    }
                }
                differences.push(least.0);
                if least.0 > TOLERANCE {
                    failed.push(format!("{login}: {call} with {both:?}: {:?}", least.1));
                }
            }
        }
    }
    differences.sort_unstable();
    println!(
        "figure: {engine:?}: hidden against absent in {} forms of calls, {count} pairs each: medians differ by {} ‰ in the median, {} ‰ at most",
        differences.len(),
        differences[differences.len() / 2],
        differences[differences.len() - 1]
    );
    assert!(failed.is_empty(), "{}", failed.join("\n"));
}

#[test]
fn a_difference_of_one_in_twenty_is_found() {
    let of = |milliseconds: [u64; 3]| median(&mut milliseconds.map(Duration::from_millis));
    assert_eq!(difference(of([90, 100, 900]), of([103, 1, 200])), (30, false));
    let (per_mille, first) = difference(of([231, 5, 300]), of([218, 210, 999]));
    assert!(per_mille > TOLERANCE && first, "{per_mille}");
}
