//! P1: what a decision of the policy costs in a large tree, next to the least it could cost and to two policy engines.

mod casbin;
mod cedar;
mod world;

use std::hint::black_box;

use domain::access;
use license_portal_benches::{Failure, rounds::{Comparison, Stopwatch, Target, seconds}, scaled, small};

use crate::world::World;

/// Groups of the large tree.
fn groups() -> usize {
    scaled(1_000_000, 10_000)
}

#[tokio::main(flavor = "current_thread")]
async fn main() -> Result<(), Failure> {
    let world = World::new(groups(), 1000, scaled(1_000_000, 20_000));
    println!(
        "P1: {} groups, {} actors, {} pairs",
        world.tree.len(),
        world.actors.len(),
        world.pairs.len()
    );
    agree(&world)?;
    against_intervals(&world);
    drop(world);
    against_cedar()?;
    against_casbin().await
}

/// The policy and the nested set say the same about every pair.
fn agree(world: &World) -> Result<(), Failure> {
    let (mut seen, mut moved) = (0, 0);
    for (number, pair) in world.pairs.iter().enumerate() {
        let actor = &world.actors[pair.actor];
        let sees = actor.sees_ticket(&pair.ticket);
        let moves = access::authorize_reassign(actor, &pair.ticket, &pair.to).is_ok();
        if (sees, moves) != world.expected(number) {
            return Err(format!("pair {number}: the policy and the nested set disagree").into());
        }
        seen += usize::from(sees);
        moved += usize::from(moves);
    }
    println!(
        "no disagreement in {} pairs; {seen} may see the ticket, {moved} may move it",
        world.pairs.len()
    );
    Ok(())
}

fn each<T>(items: &[T], decide: impl Fn(&T) -> bool) -> f64 {
    let clock = Stopwatch::start();
    let allowed = items.iter().filter(|item| decide(black_box(item))).count();
    black_box(allowed);
    clock.per(items.len())
}

fn sees(world: &World) -> f64 {
    each(&world.pairs, |pair| {
        world.actors[pair.actor].sees_ticket(&pair.ticket)
    })
}

fn moves(world: &World) -> f64 {
    each(&world.pairs, |pair| {
        access::authorize_reassign(&world.actors[pair.actor], &pair.ticket, &pair.to).is_ok()
    })
}

fn against_intervals(world: &World) {
    let target = Target::Cost(2.0);
    // Labels of a pair in hand, as its facts are.
    Comparison::of(
        15,
        || sees(world),
        || each(&world.labels, |pair| pair.branch.contains(pair.at)),
    )
    .print("sees_ticket : interval, labels in hand", target);
    Comparison::of(
        15,
        || moves(world),
        || {
            each(&world.labels, |pair| {
                pair.branch.contains(pair.at) && pair.branch.contains(pair.to)
            })
        },
    )
    .print("authorize_reassign : two intervals, labels in hand", target);
    // Labels of a group looked up among those of all groups.
    let places: Vec<u32> = (0..world.tree.len())
        .map(|group| world.tree.span(group).first)
        .collect();
    let indices: Vec<(usize, usize, usize)> = world
        .pairs
        .iter()
        .zip(&world.groups)
        .map(|(pair, (at, to))| (pair.actor, *at, *to))
        .collect();
    let branches: Vec<_> = world
        .memberships
        .iter()
        .map(|of| world.tree.span(of[0].0))
        .collect();
    Comparison::of(
        15,
        || sees(world),
        || each(&indices, |(actor, at, _)| branches[*actor].contains(places[*at])),
    )
    .print("sees_ticket : interval, labels looked up", target);
    Comparison::of(
        15,
        || moves(world),
        || {
            each(&indices, |(actor, at, to)| {
                branches[*actor].contains(places[*at]) && branches[*actor].contains(places[*to])
            })
        },
    )
    .print("authorize_reassign : two intervals, labels looked up", target);
}

/// Loading that takes longer than this ends the search for the largest size.
const PATIENCE: f64 = 60.0;

fn against_cedar() -> Result<(), Failure> {
    let sizes: &[usize] = if small() {
        &[1_000]
    } else {
        &[10_000, 100_000, 1_000_000]
    };
    for groups in sizes {
        let world = World::new(*groups, 1000, scaled(20_000, 1000));
        let clock = Stopwatch::start();
        let cedar = cedar::Cedar::load(&world)?;
        let loaded = clock.per(1);
        cedar.agree(&world)?;
        let comparison = Comparison::of(
            5,
            || sees(&world),
            || each(&cedar.requests, |request| cedar.decide(request)),
        );
        let what = format!(
            "sees_ticket : cedar-policy, {groups} groups (loaded in {})",
            seconds(loaded)
        );
        comparison.print(&what, Target::Speed(50.0));
        if loaded > PATIENCE {
            break;
        }
    }
    Ok(())
}

async fn against_casbin() -> Result<(), Failure> {
    let sizes: &[usize] = if small() {
        &[1_000]
    } else {
        &[10_000, 100_000, 1_000_000]
    };
    for groups in sizes {
        let mut loaded = 0.0;
        // It tries every rule in turn: once with as many actors as above, once with the rules of a single one.
        for (actors, decisions) in [(1000, scaled(100, 20)), (1, scaled(5000, 200))] {
            let world = World::new(*groups, actors, scaled(20_000, 1000));
            let clock = Stopwatch::start();
            let casbin = casbin::Casbin::load(&world, decisions).await?;
            loaded = clock.per(1);
            casbin.agree(&world)?;
            let comparison = Comparison::of(5, || sees(&world), || casbin.decide_all(&world));
            let what = format!(
                "sees_ticket : casbin, {groups} groups, {actors} actors (loaded in {})",
                seconds(loaded)
            );
            comparison.print(&what, Target::Speed(1000.0));
        }
        if loaded > PATIENCE {
            break;
        }
    }
    Ok(())
}
