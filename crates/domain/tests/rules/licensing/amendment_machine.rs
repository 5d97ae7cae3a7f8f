//! Amendments under simulated time (N17): licences that are renewed, extended, made larger and smaller, suspended,
//! reinstated and revoked, now and on a day, and amendments that are taken back, while machines acquire, renew and give
//! back. Whatever happens, nothing that is signed reaches beyond what is granted, as far as that was known when it was
//! signed.

use domain::licensing::{
    amendments::{
        Amendment, Grant, RenewFrom, Term,
        timeline::{InUse, Place, Timeline},
    },
    leases::{LIFETIME, Lease, LeaseEnd, NODE_LIFETIME, Places},
    licenses::{Binding, Validity},
};
use jiff::{SignedDuration, Timestamp};

use crate::support::{dice::Dice, moments::ms};

const CONTAINERS: usize = 3;

/// What the database knows of a lease, and what the machine really holds.
struct Held {
    container: usize,
    lease: Lease,
    /// Until when the signed text in the machine's hands is good; `None` once it was thrown away.
    good_until: Option<Timestamp>,
    /// Whether an amendment came after it was signed that grants less before its end.
    stale: bool,
}

impl Held {
    fn good(&self, at: Timestamp) -> bool {
        self.good_until.is_some_and(|until| at < until)
    }
}

struct Simulation {
    seed: u64,
    dice: Dice,
    now: Timestamp,
    binding: Binding,
    lifetime: SignedDuration,
    /// With all amendments there ever were.
    whole: Timeline,
    /// With those alone that have not come into force when it was looked last.
    settled: Timeline,
    /// How many places there were at some moments.
    seen: Vec<(Timestamp, u32)>,
    activated: [u32; CONTAINERS],
    /// In the order in which they were acquired.
    leases: Vec<Held>,
    /// What was done, so that a test of nothing is noticed.
    done: Done,
}

#[derive(Default)]
struct Done {
    amended: u64,
    undone: u64,
    renewed_over_a_turn: u64,
    lost: u64,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let node = dice.below(4) == 0;
        let (binding, lifetime) = if node {
            (Binding::NodeLocked, NODE_LIFETIME)
        } else {
            (Binding::Floating, LIFETIME)
        };
        let begin = Timestamp::UNIX_EPOCH;
        let end = begin + dice.span(lifetime * 6) + ms(1);
        let validity = match dice.below(5) {
            0 => Validity::Perpetual,
            1 => Validity::Between(Some(begin + dice.span(lifetime)), Some(end + lifetime)),
            2 => Validity::Days(1 + dice.small(40)),
            _ => Validity::Between(None, Some(end)),
        };
        let started = matches!(validity, Validity::Days(_)).then_some(begin);
        let quantity = dice.small(6) + 1;
        let timeline = Timeline::new(Grant::new(quantity, validity), started, Vec::new(), 0);
        Self {
            seed,
            now: begin,
            binding,
            lifetime,
            whole: timeline.clone(),
            settled: timeline,
            seen: Vec::new(),
            activated: [quantity.div_ceil(2), quantity / 2, 0],
            leases: Vec::new(),
            done: Done::default(),
            dice,
        }
    }

    fn count(&self, held: impl Fn(&Held) -> bool) -> u32 {
        u32::try_from(self.leases.iter().filter(|one| held(one)).count()).unwrap()
    }

    fn places(&self, container: usize) -> Places {
        Places {
            activated: self.activated[container],
            taken: self.count(|held| held.container == container && held.lease.occupies(self.now)),
            granted: self.settled.places(self.now),
            out: self.count(|held| held.lease.occupies(self.now)),
        }
    }

    /// The place of a lease that is acquired now in a container, or of one that is there.
    fn place(&self, container: usize, lease: Option<usize>) -> Place {
        let occupying = |container: usize, before: usize| {
            let leases = self.leases[..before].iter();
            let held = leases.filter(|held| held.container == container && held.lease.occupies(self.now));
            u32::try_from(held.count()).unwrap()
        };
        let all = self.leases.len();
        let elder = (0..container).map(|elder| self.activated[elder].max(occupying(elder, all)));
        Place {
            number: elder.sum::<u32>() + occupying(container, lease.unwrap_or(all)) + 1,
            activated: self.activated.iter().sum(),
            holds: lease.is_some_and(|at| self.leases[at].lease.expires_at > self.now),
        }
    }

    /// Until when a place can be signed; the outer one is `None` where it is not granted.
    fn covers(&self, container: usize, but: Option<usize>) -> Option<Option<Timestamp>> {
        let held = |at: Timestamp| {
            let others = self
                .leases
                .iter()
                .enumerate()
                .filter(|(one, _)| Some(*one) != but);
            let reaching =
                others.filter(|(_, held)| held.lease.occupies(self.now) && held.lease.expires_at > at);
            u32::try_from(reaching.count()).unwrap()
        };
        let place = self.place(container, but);
        let covered = self.settled.covers(self.now, place, held);
        assert_eq!(
            covered,
            self.whole.covers(self.now, place, held),
            "seed {}",
            self.seed
        );
        covered
    }

    fn acquire(&mut self) {
        let container = self.dice.index(CONTAINERS);
        let places = self.places(container);
        let Some(until) = self.covers(container, None) else {
            return;
        };
        let Some(lease) = Lease::acquire(places, self.binding, self.now, self.lifetime, until) else {
            return;
        };
        self.leases.push(Held {
            container,
            lease,
            good_until: Some(lease.expires_at),
            stale: false,
        });
        let good = self.count(|held| held.good(self.now));
        let granted = self.whole.places(self.now);
        assert!(good <= granted, "seed {}: {good} of {granted}", self.seed);
    }

    fn renew(&mut self) {
        if self.leases.is_empty() {
            return;
        }
        let at = self.dice.index(self.leases.len());
        let container = self.leases[at].container;
        let older = self.leases[..at].iter();
        let older = older.filter(|held| held.container == container && held.lease.runs(self.now));
        let rank = u32::try_from(older.count()).unwrap();
        if !self.leases[at].lease.runs(self.now) {
            return;
        }
        let Some(until) = self.covers(container, Some(at)) else {
            self.done.lost += 1;
            return;
        };
        let (now, lifetime, quantity) = (self.now, self.lifetime, self.activated[container]);
        let turns = self.settled.recorded().iter().any(|one| one.from > now);
        let held = &mut self.leases[at];
        let before = held.lease.expires_at;
        let renewed = held.lease.renew(rank, quantity, now, lifetime, until);
        let renewed = renewed.unwrap_or_else(|| panic!("seed {}: a running lease was lost", self.seed));
        held.lease = renewed;
        held.good_until = held.good_until.map(|_| renewed.expires_at);
        // What was signed before stays as it was, if it reaches further.
        held.stale &= renewed.expires_at == before;
        self.done.renewed_over_a_turn += u64::from(turns);
    }

    fn release(&mut self) {
        if self.leases.is_empty() {
            return;
        }
        let (at, now) = (self.dice.index(self.leases.len()), self.now);
        let held = &mut self.leases[at];
        if held.lease.occupies(now) {
            held.lease = held.lease.ended(now, LeaseEnd::Released);
        }
        held.good_until = None;
    }

    /// Licences are activated, or given back; what runs beyond is taken, the youngest first.
    fn activate(&mut self) {
        let container = self.dice.index(CONTAINERS);
        let sum: u32 = self.activated.iter().sum();
        let free = self.settled.at(self.now).quantity.saturating_sub(sum);
        if self.dice.below(2) == 0 {
            self.activated[container] += self.dice.small(free + 1);
            return;
        }
        self.activated[container] -= self.dice.small(self.activated[container] + 1);
        let (left, now) = (self.activated[container], self.now);
        let running = self.leases.iter_mut();
        let running = running.filter(|held| held.container == container && held.lease.runs(now));
        for held in running.skip(usize::try_from(left).unwrap()) {
            held.lease = held.lease.ended(now, LeaseEnd::Revoked);
        }
    }

    fn amendment(&mut self, from: Timestamp) -> Amendment {
        match self.dice.below(16) {
            0..=4 => Amendment::Renew {
                term: Term::Days(1 + self.dice.small(3)),
                from: RenewFrom::ALL[self.dice.index(RenewFrom::ALL.len())],
            },
            5 => Amendment::Extend {
                until: from + self.dice.span(self.lifetime * 4),
            },
            6..=10 => Amendment::Quantity {
                to: self.dice.small(8),
            },
            11..=12 => Amendment::Suspend,
            13..=14 => Amendment::Reinstate,
            _ if self.dice.below(8) == 0 => Amendment::Revoke,
            _ => Amendment::Reinstate,
        }
    }

    fn amend(&mut self) {
        let day = (self.dice.below(2) == 0).then(|| self.now + self.dice.span(self.lifetime * 3));
        let amendment = self.amendment(day.unwrap_or(self.now));
        let accepted = self.settled.amend(amendment, day, self.now);
        let whole = self.whole.amend(amendment, day, self.now);
        let (Ok((settled, new)), Ok((whole, _))) = (&accepted, &whole) else {
            assert_eq!(
                accepted.as_ref().err(),
                whole.as_ref().err(),
                "seed {}",
                self.seed
            );
            return;
        };
        let (before, after) = whole.around(new.number).unwrap();
        assert_eq!(
            before.amended(amendment, new.from, self.whole.started()),
            Ok(after)
        );
        self.became(settled.clone(), whole.clone());
        self.done.amended += 1;
    }

    /// What was signed until further than is granted from now on was signed before that was known.
    fn became(&mut self, settled: Timeline, whole: Timeline) {
        let less = |until: Timestamp| {
            let turns = turns(&self.whole, &whole, self.now, until);
            turns.iter().any(|at| whole.places(*at) < self.whole.places(*at))
        };
        let stale: Vec<bool> = self
            .leases
            .iter()
            .map(|held| held.good_until.is_some_and(less))
            .collect();
        for (held, stale) in self.leases.iter_mut().zip(stale) {
            held.stale |= stale;
        }
        self.settled = settled;
        self.whole = whole;
    }

    fn undo(&mut self) {
        let count = self.whole.recorded().len();
        if count == 0 {
            return;
        }
        let number = u32::try_from(self.dice.index(count)).unwrap() + 1;
        let occupying = self.leases.iter().filter(|held| held.lease.occupies(self.now));
        let in_use = InUse {
            activated: self.activated.iter().sum(),
            out: self.count(|held| held.lease.occupies(self.now)),
            signed_until: occupying.map(|held| held.lease.expires_at).max(),
        };
        let Ok(undone) = self.whole.undo(number, in_use, self.now) else {
            return;
        };
        let one = self
            .whole
            .recorded()
            .iter()
            .find(|one| one.number == number)
            .unwrap();
        if one.from <= self.now {
            let (before, _) = self.whole.around(number).unwrap();
            assert_eq!(undone.at(self.now), before, "seed {}", self.seed);
        }
        // What is held relies on it no more: nothing becomes stale.
        self.whole = undone.clone();
        self.settled = undone.settled(self.now).0;
        self.done.undone += 1;
    }

    /// Time passes, from one moment at which something changes to the next.
    fn pass(&mut self) {
        let until = self.now + self.dice.span(self.lifetime / 2);
        for at in turns(&self.whole, &self.settled, self.now, until) {
            self.now = at;
            self.check();
        }
        self.now = until;
    }

    fn step(&mut self) {
        match self.dice.below(20) {
            0..=4 => self.acquire(),
            5..=9 => self.renew(),
            10 => self.release(),
            11 => self.activate(),
            12 | 13 => self.amend(),
            14 => self.undo(),
            15 => self.settled = self.settled.settled(self.now).0,
            _ => self.pass(),
        }
        self.check();
        let now = self.now;
        self.leases
            .retain(|held| held.lease.occupies(now) || held.good(now));
    }

    fn check(&mut self) {
        let (now, seed) = (self.now, self.seed);
        assert_eq!(self.whole.at(now), self.settled.at(now), "seed {seed}");
        let granted = self.whole.places(now);
        let fresh = self.count(|held| held.good(now) && !held.stale);
        assert!(fresh <= granted, "seed {seed}: {fresh} out, {granted} granted");
        for held in &self.leases {
            let place = !held.good(now) || held.lease.occupies(now);
            assert!(place, "seed {seed}: a place was free too early");
        }
        // What happened cannot become different.
        self.seen.push((now, granted));
        let at = self.dice.index(self.seen.len());
        let (then, granted) = self.seen[at];
        // At one moment, the last word counts.
        if then < now {
            let last = self.seen.iter().rev().find(|(at, _)| *at == then);
            assert_eq!(
                last.map(|(_, granted)| *granted),
                Some(self.whole.places(then)),
                "seed {seed}: {granted}"
            );
        }
    }
}

/// The moments from `now` until `until` at which one of the two may grant another number.
fn turns(one: &Timeline, other: &Timeline, now: Timestamp, until: Timestamp) -> Vec<Timestamp> {
    let mut turns = vec![now];
    let mut at = now;
    while let Some(next) = [one.next_turn(at), other.next_turn(at)]
        .into_iter()
        .flatten()
        .min()
    {
        if next >= until {
            break;
        }
        turns.push(next);
        at = next;
    }
    turns
}

fn simulate(seeds: u64, steps: u32) {
    let mut sum = Done::default();
    for seed in 1..=seeds {
        let mut simulation = Simulation::new(seed);
        for _ in 0..steps {
            simulation.step();
        }
        sum.amended += simulation.done.amended;
        sum.undone += simulation.done.undone;
        sum.renewed_over_a_turn += simulation.done.renewed_over_a_turn;
        sum.lost += simulation.done.lost;
    }
    for (what, times) in [
        ("amended", sum.amended),
        ("undone", sum.undone),
        ("renewed before a turn", sum.renewed_over_a_turn),
        ("lost", sum.lost),
    ] {
        assert!(times > seeds / 4, "hardly ever {what}: {times}");
    }
}

#[test]
fn n17_nothing_signed_reaches_beyond_what_is_granted() {
    simulate(4_000, 250);
}

#[test]
#[ignore = "takes longer than a test may"]
fn n17_nothing_signed_reaches_beyond_what_is_granted_with_many_seeds() {
    simulate(100_000, 1_000);
}

/// A lease that is taken every second, from before the renewal until the end of the new term, is never refused.
#[test]
fn n17_a_renewal_has_no_gap() {
    for seed in 1..=400 {
        let mut dice = Dice::new(seed);
        let end = Timestamp::UNIX_EPOCH + ms(600_000) + dice.span(LIFETIME);
        let validity = match dice.below(2) {
            0 => Validity::Between(None, Some(end)),
            _ => Validity::Between(Some(Timestamp::UNIX_EPOCH), Some(end)),
        };
        let mut timeline = Timeline::new(Grant::new(1, validity), None, Vec::new(), 0);
        // Before the end, at the last moment, or planned.
        let made = end - ms(1) - dice.span(ms(600_000));
        let day = match dice.below(3) {
            0 => None,
            1 => Some(end),
            _ => Some(made + dice.span(end.duration_since(made))),
        };
        let from = [RenewFrom::End, RenewFrom::NowIfEnded][dice.index(2)];
        let term = Term::Days(1);
        let mut lease: Option<Lease> = None;
        let mut now = Timestamp::UNIX_EPOCH + dice.span(ms(1_000));
        let mut renewed = false;
        while now < end + LIFETIME * 2 {
            if !renewed && now >= made {
                timeline = timeline
                    .amend(Amendment::Renew { term, from }, day, made)
                    .unwrap()
                    .0;
                renewed = true;
            }
            if dice.below(30) == 0 {
                timeline = timeline.settled(now).0;
            }
            let only = Place {
                number: 1,
                activated: 1,
                holds: false,
            };
            let until = timeline.covers(now, only, |_| 0);
            let until = until.unwrap_or_else(|| panic!("seed {seed}: refused at {now}, the end is {end}"));
            let running = lease.and_then(|lease| lease.renew(0, 1, now, LIFETIME, until));
            lease = running.or_else(|| {
                let taken = lease.is_some_and(|lease| lease.occupies(now));
                let places = Places {
                    activated: 1,
                    taken: u32::from(taken),
                    granted: timeline.places(now),
                    out: u32::from(taken),
                };
                Lease::acquire(places, Binding::Floating, now, LIFETIME, until)
            });
            assert!(lease.is_some(), "seed {seed}: no place at {now}");
            now += ms(1_000);
        }
        assert!(renewed);
        assert_eq!(
            timeline.at(now).validity.end(None),
            Term::Days(1).after(end),
            "seed {seed}"
        );
    }
}
