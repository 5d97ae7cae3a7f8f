//! Logins under simulated time (start of R8): tabs that beat, are throttled and lose beats, servers that restart, clocks
//! that jump. Whatever happens, an account has one login, and nobody whose tab is open loses it to somebody else.

use std::collections::BTreeMap;

use domain::{
    accounts::{
        presence::{Presence, TICK, TabId},
        sessions::{BEAT, GONE, IDLE, Session, Tab, check_second},
    },
    ids::{SessionId, UserId},
};
use jiff::{SignedDuration, Timestamp};

use crate::support::moments::ms;

/// Small, fast, and the same for the same seed.
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0 % n
    }

    /// Shorter than that, in whole milliseconds.
    fn span(&mut self, bound: SignedDuration) -> SignedDuration {
        let bound = u64::try_from(bound.as_millis()).unwrap();
        ms(i64::try_from(self.below(bound)).unwrap())
    }
}

/// A tab as it really is. Times are those of its own clock, which never jumps.
struct RealTab {
    session: SessionId,
    next_beat: Timestamp,
    /// A hidden tab may act once a minute only.
    hidden: bool,
    lost: u32,
}

struct Simulation {
    dice: Dice,
    /// Time as it really passes, and how far the server's clock is off.
    real: Timestamp,
    off: SignedDuration,
    /// Since when the server has been up, with a clock that did not jump.
    steady_since: Timestamp,
    /// The furthest the clock was ahead. Set back from there, what was written before looks like the near future, and
    /// counts for longer.
    ahead: SignedDuration,
    presence: Presence,
    sessions: BTreeMap<SessionId, Session>,
    tabs: BTreeMap<TabId, RealTab>,
    /// When the last tab of a login was really closed.
    closed_at: BTreeMap<SessionId, Timestamp>,
    next_id: u64,
    ticks: u64,
}

const BEGIN: Timestamp = Timestamp::constant(1_000_000, 0);
const ACCOUNTS: u64 = 3;

impl Simulation {
    fn new(seed: u64) -> Self {
        Self {
            dice: Dice(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1),
            real: BEGIN,
            off: SignedDuration::ZERO,
            steady_since: BEGIN,
            ahead: SignedDuration::ZERO,
            presence: Presence::new(BEGIN, true),
            sessions: BTreeMap::new(),
            tabs: BTreeMap::new(),
            closed_at: BTreeMap::new(),
            next_id: 0,
            ticks: 0,
        }
    }

    fn now(&self) -> Timestamp {
        self.real + self.off
    }

    fn fresh(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    fn has_open_tab(&self, session: SessionId) -> bool {
        self.tabs.values().any(|tab| tab.session == session)
    }

    fn end(&mut self, session: SessionId) {
        self.sessions.remove(&session);
        self.tabs.retain(|_, tab| tab.session != session);
    }

    fn end_idle(&mut self) {
        let now = self.now();
        let over: Vec<SessionId> = self
            .sessions
            .values()
            .filter(|session| {
                session
                    .over(self.presence.active_at(session), IDLE, now)
                    .is_some()
            })
            .map(|session| session.id)
            .collect();
        for session in over {
            self.end(session);
        }
    }

    /// Time passes, with the server up or not; tabs whose beat is due send it, and some beats are lost.
    fn pass(&mut self, span: SignedDuration, up: bool) {
        let until = self.real + span;
        while self.real < until {
            self.real += TICK.min(until.duration_since(self.real));
            let now = self.now();
            if up {
                self.presence.tick(now);
                self.ticks += 1;
                if self.ticks.is_multiple_of(3) {
                    self.save();
                }
            }
            let due: Vec<TabId> = self
                .tabs
                .iter()
                .filter(|(_, tab)| tab.next_beat <= self.real)
                .map(|(id, _)| *id)
                .collect();
            for id in due {
                let lost = !up || self.dice.below(8) == 0;
                let twice = self.dice.below(8) == 0;
                let Some(tab) = self.tabs.get_mut(&id) else {
                    continue;
                };
                let pause = if tab.hidden { ms(60_000) } else { BEAT };
                tab.next_beat = self.real + pause;
                // A tab that stays unheard for longer than allowed is another story: of it no promise is made.
                if lost && (!up || (tab.lost == 0 && !tab.hidden)) {
                    tab.lost += 1;
                    continue;
                }
                tab.lost = 0;
                let session = tab.session;
                for _ in 0..if twice { 2 } else { 1 } {
                    self.presence.beat(session, id, ms(0), now);
                }
            }
        }
    }

    fn save(&mut self) {
        let now = self.now();
        for heard in self.presence.unsaved() {
            if let Some(session) = self.sessions.get_mut(&heard.id) {
                session.active_at = session.active_at.max(heard.active_at);
                if session.beat_at <= heard.beat_at {
                    session.beat_at = if heard.left {
                        Timestamp::UNIX_EPOCH
                    } else {
                        heard.beat_at
                    };
                }
            }
        }
        for session in self.sessions.values_mut() {
            if session.beat_at > now + GONE {
                session.beat_at = now;
            }
        }
    }

    fn open_tab(&mut self, session: SessionId) {
        let id = TabId(self.fresh());
        let tab = RealTab {
            session,
            next_beat: self.real,
            hidden: self.dice.below(3) == 0,
            lost: 0,
        };
        self.presence.asked_for_page(session, self.now());
        self.tabs.insert(id, tab);
        self.closed_at.remove(&session);
    }

    fn log_in(&mut self, seed: u64) {
        let user = UserId(i64::try_from(self.dice.below(ACCOUNTS)).unwrap() + 1);
        let now = self.now();
        let other = self
            .sessions
            .values()
            .find(|session| session.user == user)
            .copied();
        let tab = other.map(|other| self.presence.tab(&other, now));
        match check_second(other.as_ref().zip(tab), true) {
            Ok(ends) => {
                if let Some(ends) = ends {
                    assert!(
                        !self.has_open_tab(ends),
                        "seed {seed}: a login with an open tab was replaced"
                    );
                    self.end(ends);
                }
                let id = SessionId(i64::try_from(self.fresh()).unwrap());
                let session = Session {
                    id,
                    user,
                    begun_at: now,
                    active_at: now,
                    beat_at: now,
                    required_action: None,
                    impersonation: None,
                };
                self.sessions.insert(id, session);
                self.presence.begun(id, now);
                self.open_tab(id);
            }
            Err(busy) => {
                assert_eq!(busy.tab, Tab::Open);
                let other = other.unwrap();
                let silent_since = self.closed_at.get(&other.id).copied().unwrap_or(self.real);
                let waited = self.real.duration_since(silent_since.max(self.steady_since));
                let allowed = GONE + TICK + if self.off < self.ahead { GONE } else { ms(0) };
                assert!(
                    self.has_open_tab(other.id) || waited <= allowed,
                    "seed {seed}: locked out for {waited} by a login without a tab"
                );
            }
        }
        let running = self
            .sessions
            .values()
            .filter(|session| session.user == user)
            .count();
        assert_eq!(running, 1, "seed {seed}");
    }

    fn pick(&mut self) -> Option<SessionId> {
        let count = u64::try_from(self.sessions.len()).unwrap();
        let at = (count > 0).then(|| self.dice.below(count))?;
        self.sessions.keys().nth(usize::try_from(at).unwrap()).copied()
    }

    fn step(&mut self, seed: u64) {
        self.end_idle();
        match self.dice.below(12) {
            0 | 1 => self.log_in(seed),
            2 => {
                if let Some(session) = self.pick() {
                    self.open_tab(session);
                }
            }
            3 | 4 => {
                // A tab is closed; its goodbye may not get through.
                let Some((id, session)) = self.tabs.iter().next().map(|(id, tab)| (*id, tab.session)) else {
                    return;
                };
                self.tabs.remove(&id);
                if self.dice.below(3) > 0 {
                    self.presence.leave(session, id, self.now());
                }
                if !self.has_open_tab(session) {
                    self.closed_at.insert(session, self.real);
                }
            }
            5 => {
                let Some(session) = self.pick() else { return };
                if self.presence.tab(&self.sessions[&session], self.now()) == Tab::Gone {
                    assert!(!self.has_open_tab(session), "seed {seed}: CLOSE hit an open tab");
                    self.end(session);
                }
            }
            6 => self.save(),
            7 => {
                // The clock is set.
                self.off += self.dice.span(ms(7_200_000)) - ms(3_600_000);
                self.ahead = self.ahead.max(self.off);
                self.steady_since = self.real;
            }
            8 => {
                // The server dies, is away for a while, and comes back knowing what it wrote.
                let away = self.dice.span(ms(300_000));
                self.pass(away, false);
                self.presence = Presence::new(self.now(), true);
                self.steady_since = self.real;
            }
            _ => {
                let some = self.dice.span(ms(40_000));
                self.pass(some, true);
            }
        }
    }
}

#[test]
fn r8_one_login_and_no_open_tab_closed() {
    for seed in 1..=4_000 {
        let mut simulation = Simulation::new(seed);
        for _ in 0..250 {
            simulation.step(seed);
        }
    }
}
