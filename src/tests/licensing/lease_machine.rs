//! Leases under simulated time (start of R8): machines that acquire, renew, crash, come too late and give back, people who
//! move licences between containers and reset credentials. Whatever happens, never more machines hold something good than
//! were granted.

use domain::licensing::{
    leases::{LIFETIME, Lease, LeaseEnd, NODE_LIFETIME, Places},
    licenses::Binding,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::dice::Dice;

const CONTAINERS: usize = 3;

/// What the database knows of a lease, and what the machine really holds.
struct Held {
    container: usize,
    lease: Lease,
    /// Until when the signed text in the machine's hands is good; `None` once it was thrown away.
    good_until: Option<Timestamp>,
    revoked_at: Option<Timestamp>,
}

struct Simulation {
    dice: Dice,
    now: Timestamp,
    binding: Binding,
    lifetime: SignedDuration,
    granted: u32,
    /// When the licence itself expires.
    until: Option<Timestamp>,
    activated: [u32; CONTAINERS],
    /// In the order in which they were acquired.
    leases: Vec<Held>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let granted = u32::try_from(dice.below(5) + 1).unwrap();
        let node = dice.below(4) == 0;
        let lifetime = if node { NODE_LIFETIME } else { LIFETIME };
        let until = (dice.below(4) == 0).then(|| Timestamp::UNIX_EPOCH + dice.span(lifetime * 5));
        Self {
            dice,
            now: Timestamp::UNIX_EPOCH,
            binding: if node {
                Binding::NodeLocked
            } else {
                Binding::Floating
            },
            lifetime,
            granted,
            until,
            activated: [granted, 0, 0],
            leases: Vec::new(),
        }
    }

    fn places(&self, container: usize) -> Places {
        let occupying = |held: &&Held| held.lease.occupies(self.now);
        let out = self.leases.iter().filter(occupying).count();
        let taken = self
            .leases
            .iter()
            .filter(occupying)
            .filter(|held| held.container == container)
            .count();
        Places {
            activated: self.activated[container],
            taken: u32::try_from(taken).unwrap(),
            granted: self.granted,
            out: u32::try_from(out).unwrap(),
        }
    }

    fn over(&self) -> bool {
        self.until.is_some_and(|until| self.now >= until)
    }

    fn container(&mut self) -> usize {
        usize::try_from(self.dice.below(CONTAINERS as u64)).unwrap()
    }

    fn lease(&mut self) -> Option<usize> {
        let count = u64::try_from(self.leases.len()).unwrap();
        (count > 0).then(|| usize::try_from(self.dice.below(count)).unwrap())
    }

    fn acquire(&mut self, seed: u64) {
        let container = self.container();
        let places = self.places(container);
        let lease = if self.over() {
            None
        } else {
            Lease::acquire(places, self.binding, self.now, self.lifetime, self.until)
        };
        let free = !self.over() && places.taken < places.activated && places.out < places.granted;
        assert_eq!(lease.is_some(), free, "seed {seed}");
        if let Some(lease) = lease {
            self.leases.push(Held {
                container,
                lease,
                good_until: Some(lease.expires_at),
                revoked_at: None,
            });
        }
    }

    /// How many of the running leases of the same container are older.
    fn rank(&self, at: usize) -> u32 {
        let container = self.leases[at].container;
        let older = self.leases[..at]
            .iter()
            .filter(|held| held.container == container && held.lease.runs(self.now));
        u32::try_from(older.count()).unwrap()
    }

    fn renew(&mut self, seed: u64) {
        let Some(at) = self.lease() else { return };
        let (rank, now) = (self.rank(at), self.now);
        let quantity = self.activated[self.leases[at].container];
        let over = self.over();
        let (lifetime, until) = (self.lifetime, self.until);
        let held = &mut self.leases[at];
        if over {
            return;
        }
        match held.lease.renew(rank, quantity, now, lifetime, until) {
            Some(renewed) => {
                assert!(
                    held.revoked_at.is_none(),
                    "seed {seed}: what was taken was renewed"
                );
                held.lease = renewed;
                held.good_until = held.good_until.map(|_| renewed.expires_at);
            }
            // What nobody took, and what is in time, is never lost.
            None => assert!(!held.lease.runs(now), "seed {seed}: a running lease was lost"),
        }
    }

    fn release(&mut self) {
        let Some(at) = self.lease() else { return };
        let now = self.now;
        let held = &mut self.leases[at];
        if held.lease.occupies(now) {
            held.lease = held.lease.ended(now, LeaseEnd::Released);
        }
        held.good_until = None;
    }

    fn revoke(&mut self, at: usize) {
        let now = self.now;
        let held = &mut self.leases[at];
        if held.lease.end.is_none() {
            held.lease = held.lease.ended(now, LeaseEnd::Revoked);
            held.revoked_at = Some(now);
        }
    }

    /// Licences go from one container to another; what runs beyond is taken, the youngest first.
    fn transfer(&mut self) {
        let (from, to) = (self.container(), self.container());
        let count = u32::try_from(self.dice.below(u64::from(self.activated[from]) + 1)).unwrap();
        self.activated[from] -= count;
        self.activated[to] += count;
        let left = usize::try_from(self.activated[from]).unwrap();
        let running: Vec<usize> = (0..self.leases.len())
            .filter(|at| self.leases[*at].container == from && self.leases[*at].lease.runs(self.now))
            .collect();
        for at in running.into_iter().skip(left) {
            self.revoke(at);
        }
    }

    fn reset(&mut self) {
        let container = self.container();
        for at in 0..self.leases.len() {
            if self.leases[at].container == container {
                self.revoke(at);
            }
        }
    }

    fn step(&mut self, seed: u64) {
        match self.dice.below(16) {
            0..=4 => self.acquire(seed),
            5..=8 => self.renew(seed),
            9 => self.release(),
            10 => self.transfer(),
            11 if self.dice.below(3) == 0 => self.reset(),
            _ => self.now += self.dice.span(self.lifetime / 2),
        }
        self.check(seed);
        // What holds nothing and is good for nothing is forgotten.
        let now = self.now;
        self.leases
            .retain(|held| held.lease.occupies(now) || held.good_until.is_some_and(|until| until > now));
    }

    fn check(&self, seed: u64) {
        let now = self.now;
        let good = self
            .leases
            .iter()
            .filter(|held| held.good_until.is_some_and(|until| until > now));
        assert!(
            good.count() <= usize::try_from(self.granted).unwrap(),
            "seed {seed}: more out than granted"
        );
        let occupied = self.leases.iter().filter(|held| held.lease.occupies(now)).count();
        assert!(
            occupied <= usize::try_from(self.granted).unwrap(),
            "seed {seed}: more occupied than granted"
        );
        for container in 0..CONTAINERS {
            let running = self
                .leases
                .iter()
                .filter(|held| held.container == container && held.lease.runs(now));
            assert!(
                running.count() <= usize::try_from(self.activated[container]).unwrap(),
                "seed {seed}: more running than activated"
            );
        }
        for held in &self.leases {
            if let (Some(until), Some(at)) = (held.good_until, held.revoked_at) {
                assert!(
                    until <= at + self.lifetime,
                    "seed {seed}: good beyond revocation and lifetime"
                );
            }
            if let (Some(until), Some(end)) = (held.good_until, self.until) {
                assert!(until <= end, "seed {seed}: good beyond the licence");
            }
            // Its place stays with who holds something good.
            let good = held.good_until.is_some_and(|until| until > now);
            assert!(
                !good || held.lease.occupies(now),
                "seed {seed}: a place was free too early"
            );
            if self.binding == Binding::Floating && now >= held.lease.expires_at {
                assert!(
                    !held.lease.occupies(now),
                    "seed {seed}: an expired lease keeps its place"
                );
            }
        }
    }
}

fn simulate(seeds: u64, steps: u32) {
    for seed in 1..=seeds {
        let mut simulation = Simulation::new(seed);
        for _ in 0..steps {
            simulation.step(seed);
        }
    }
}

#[test]
fn r8_never_more_out_than_granted() {
    simulate(6_000, 250);
}

#[test]
#[ignore = "takes longer than a test may"]
fn r8_never_more_out_than_granted_with_many_seeds() {
    simulate(100_000, 1_000);
}
