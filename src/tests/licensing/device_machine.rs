//! Machines without a network under simulated time (R8): requests, updates and receipts that are lost, come late, twice or in
//! another order; people who give back, withdraw, report lost and recover. Whatever happens, no unit is free while a machine
//! can use it, but for those that an admin answered for.

use domain::licensing::{
    containers::ContainerKind,
    devices::{Answer, Asked, Custody, DEVICE_LIFETIME, Device},
};
use jiff::Timestamp;

use crate::support::dice::Dice;

/// One unit, given to the machine at some time.
struct Unit {
    custody: Custody,
    /// The last update that it was in.
    update: Option<i64>,
    /// An admin answered for it.
    approved: bool,
}

/// What was sent to the machine: which update, for which request, and the units with their ends.
#[derive(Clone)]
struct Update {
    id: i64,
    number: u32,
    held: Vec<(usize, Timestamp)>,
}

/// What the machine has on its disk.
#[derive(Default)]
struct Machine {
    number: u32,
    /// What it imported last.
    held: Vec<(usize, Timestamp)>,
}

struct Simulation {
    dice: Dice,
    now: Timestamp,
    granted: usize,
    device: Device,
    units: Vec<Unit>,
    machine: Machine,
    /// On their way, for ever: whoever carries them can do so again.
    requests: Vec<u32>,
    updates: Vec<Update>,
    receipts: Vec<(i64, Vec<usize>)>,
}

impl Simulation {
    fn new(seed: u64) -> Self {
        let mut dice = Dice::new(seed);
        let granted = usize::try_from(dice.below(4) + 1).unwrap();
        Self {
            dice,
            now: Timestamp::UNIX_EPOCH,
            granted,
            device: Device::default(),
            units: Vec::new(),
            machine: Machine::default(),
            requests: Vec::new(),
            updates: Vec::new(),
            receipts: Vec::new(),
        }
    }

    fn one_of<T: Clone>(dice: &mut Dice, all: &[T]) -> Option<T> {
        // Mostly the last one.
        let back = dice.below(4) * dice.below(3);
        let at = all.len().checked_sub(1 + usize::try_from(back).unwrap())?;
        all.get(at).cloned()
    }

    fn out(&self) -> usize {
        self.units
            .iter()
            .filter(|unit| !unit.custody.state.is_over())
            .count()
    }

    fn activate(&mut self) {
        if self.out() < self.granted {
            self.units.push(Unit {
                custody: Custody::begin(ContainerKind::Device),
                update: None,
                approved: false,
            });
        }
    }

    /// The portal gets a request: the last one, or one that somebody kept.
    fn answer(&mut self) {
        let Some(number) = Self::one_of(&mut self.dice, &self.requests) else {
            return;
        };
        let nonce = format!("nonce {number}");
        let asked = Asked {
            key: "key",
            hardware: "hardware",
            number,
            nonce: &nonce,
        };
        let before = self.device.number;
        match self.device.judge(&asked) {
            Ok(Answer::Fresh) => {
                assert!(number > before);
                let id = i64::try_from(self.updates.len()).unwrap() + 1;
                let until = self.now + DEVICE_LIFETIME;
                let mut held = Vec::new();
                for (at, unit) in self.units.iter_mut().enumerate() {
                    if let Ok(Some(custody)) = unit.custody.collect(until) {
                        unit.custody = custody;
                        unit.update = Some(id);
                        held.push((at, until));
                    }
                }
                self.updates.push(Update { id, number, held });
                self.device = Device {
                    hardware: Some("hardware".to_owned()),
                    key: Some("key".to_owned()),
                    lost: false,
                    number,
                    nonce: Some(nonce),
                    update: Some(id),
                };
            }
            Ok(Answer::Again) => assert_eq!(number, before),
            Err(_) => assert!(self.device.lost || number <= before),
        }
    }

    /// The machine gets an update; it imports the answer to its last request alone.
    fn import(&mut self) {
        let Some(update) = Self::one_of(&mut self.dice, &self.updates) else {
            return;
        };
        if update.number == self.machine.number {
            let held = update.held.iter().map(|(at, _)| *at).collect();
            self.receipts.push((update.id, held));
            self.machine.held = update.held;
        }
    }

    /// The portal gets a receipt.
    fn confirm(&mut self) {
        let Some((update, held)) = Self::one_of(&mut self.dice, &self.receipts) else {
            return;
        };
        if self.device.expects(update).is_err() {
            return;
        }
        for (at, unit) in self.units.iter_mut().enumerate() {
            if let Ok(custody) = unit
                .custody
                .confirm(unit.update == Some(update), held.contains(&at))
            {
                unit.custody = custody;
            }
        }
    }

    fn take_back(&mut self) {
        let count = u64::try_from(self.units.len()).unwrap();
        if count == 0 {
            return;
        }
        let at = usize::try_from(self.dice.below(count)).unwrap();
        let withdrawn = self.dice.below(3) == 0;
        let unit = &mut self.units[at];
        let held = unit.custody.is_held(self.now);
        if let Ok(custody) = unit.custody.take_back(withdrawn, self.device.lost, self.now) {
            unit.approved = custody.state.is_over() && held;
            assert!(!unit.approved || withdrawn && self.device.lost);
            unit.custody = custody;
        }
    }

    fn step(&mut self, seed: u64) {
        match self.dice.below(20) {
            0..=2 => self.activate(),
            3..=4 => {
                self.machine.number += 1;
                self.requests.push(self.machine.number);
            }
            5..=8 => self.answer(),
            9..=12 => self.import(),
            13..=15 => self.confirm(),
            16..=17 => self.take_back(),
            18 if self.dice.below(6) == 0 => self.device.lost = !self.device.lost,
            _ => self.now += self.dice.span(DEVICE_LIFETIME / 2),
        }
        self.check(seed);
    }

    fn check(&self, seed: u64) {
        assert!(
            self.out() <= self.granted,
            "seed {seed}: more activated than granted"
        );
        let mut used = 0;
        for (at, until) in &self.machine.held {
            let unit = &self.units[*at];
            if *until <= self.now || unit.approved {
                continue;
            }
            used += 1;
            assert!(
                !unit.custody.state.is_over(),
                "seed {seed}: unit {at} is free, and the machine can use it"
            );
            assert!(
                unit.custody.is_held(self.now),
                "seed {seed}: unit {at} is used for longer than the portal knows"
            );
        }
        assert!(used <= self.granted, "seed {seed}: more used than granted");
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
fn r8_no_unit_is_free_while_a_machine_can_use_it() {
    simulate(4_000, 250);
}

#[test]
#[ignore = "takes longer than a test may"]
fn r8_no_unit_is_free_while_a_machine_can_use_it_with_many_seeds() {
    simulate(100_000, 1_000);
}
