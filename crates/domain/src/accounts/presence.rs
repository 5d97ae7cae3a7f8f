//! Signs of life (S19): whether a browser still shows the portal under a login.
//!
//! Pure: times are passed in.

use std::collections::{BTreeMap, HashMap, VecDeque};

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

use crate::{
    accounts::sessions::{GONE, LIFETIME, NO_BEAT, Session, Tab},
    ids::SessionId,
    time::{earlier, later},
};

/// How often [`Presence::tick`] is to be called.
pub const TICK: SignedDuration = SignedDuration::from_secs(5);
/// By how much a clock may be set back and be believed.
const SET_BACK: SignedDuration = SignedDuration::from_secs(1);

/// Pages of one login that may load at the same time, and tabs that may have said goodbye lately; of more, the oldest is
/// forgotten.
const MOST_REMEMBERED: usize = 16;

/// A tab of a browser; made up by the page when it is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(transparent)]
pub struct TabId(pub u64);

/// What one server process has heard of one session.
#[derive(Debug, Clone)]
struct Heard {
    active_at: Timestamp,
    beat_at: Timestamp,
    /// The tabs that have not said goodbye, and when each was heard last.
    tabs: BTreeMap<TabId, Timestamp>,
    /// When pages were asked for whose tabs have given no sign of life yet, the oldest first.
    loading: VecDeque<Timestamp>,
    /// The tabs that said goodbye last. A sign of life that they sent before may come after it.
    left: VecDeque<TabId>,
    /// Begun in this process: it knows every tab.
    from_the_beginning: bool,
    /// The page that follows a login is in `loading` already.
    page_follows: bool,
    saved: bool,
}

impl Heard {
    /// The person is there, and a tab is about to open.
    fn tab_opens(&mut self, now: Timestamp) {
        self.active_at = self.active_at.max(now);
        if self.loading.len() == MOST_REMEMBERED {
            self.loading.pop_front();
        }
        self.loading.push_back(now);
    }
}

/// What is to be written about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsaved {
    /// The login whose row is written.
    pub id: SessionId,
    /// When its user last did something.
    pub active_at: Timestamp,
    /// When a tab of it was heard last by this process.
    pub beat_at: Timestamp,
    /// All tabs that this process knew have said goodbye.
    pub left: bool,
}

/// What one server process has heard of open tabs, in memory: signs of life are written now and then, together.
///
/// Where it cannot know better, a tab counts as open: after a start, when the clock was set, when the machine slept.
#[derive(Debug)]
pub struct Presence {
    /// Since when this process would have heard every tab.
    listening_since: Timestamp,
    ticked_at: Timestamp,
    /// No other process hears of these tabs: then a goodbye of the last one is final.
    alone: bool,
    heard: HashMap<SessionId, Heard>,
}

impl Presence {
    /// Begins to listen, alone or beside other processes over the same database.
    #[must_use]
    pub fn new(now: Timestamp, alone: bool) -> Self {
        Self {
            listening_since: now,
            ticked_at: now,
            alone,
            heard: HashMap::new(),
        }
    }

    /// To be called every [`TICK`]: notices when time did not pass as it should, and forgets sessions that are over.
    pub fn tick(&mut self, now: Timestamp) {
        if self.lost_track(now) {
            self.listening_since = now;
            for heard in self.heard.values_mut() {
                heard.active_at = heard.active_at.min(now);
                heard.beat_at = heard.beat_at.min(now);
                for at in heard.tabs.values_mut().chain(&mut heard.loading) {
                    *at = now;
                }
            }
        }
        self.ticked_at = now;
        self.heard
            .retain(|_, heard| now.duration_since(heard.beat_at) < LIFETIME);
    }

    /// The clock jumped, or the process did not run.
    fn lost_track(&self, now: Timestamp) -> bool {
        let passed = now.duration_since(self.ticked_at);
        passed < -SET_BACK || passed > 4 * TICK
    }

    fn of(&mut self, session: SessionId, now: Timestamp) -> &mut Heard {
        let heard = self.heard.entry(session).or_insert_with(|| Heard {
            active_at: Timestamp::MIN,
            beat_at: now,
            tabs: BTreeMap::new(),
            loading: VecDeque::new(),
            left: VecDeque::new(),
            from_the_beginning: false,
            page_follows: false,
            saved: false,
        });
        heard.beat_at = heard.beat_at.max(now);
        heard.saved = false;
        heard
    }

    /// A login begins, and a tab is about to open.
    pub fn begun(&mut self, session: SessionId, now: Timestamp) {
        let heard = self.of(session, now);
        heard.from_the_beginning = true;
        heard.tab_opens(now);
        heard.page_follows = true;
    }

    /// A page was asked for by the person: they are there, and a tab is about to open.
    pub fn asked_for_page(&mut self, session: SessionId, now: Timestamp) {
        let heard = self.of(session, now);
        if std::mem::take(&mut heard.page_follows) {
            heard.active_at = heard.active_at.max(now);
        } else {
            heard.tab_opens(now);
        }
    }

    /// A tab gave a sign of life. Its user has done nothing in it for so long as `idle`: the sign itself is no activity.
    pub fn beat(&mut self, session: SessionId, tab: TabId, idle: SignedDuration, now: Timestamp) {
        let heard = self.of(session, now);
        heard.active_at = heard
            .active_at
            .max(earlier(now, idle.clamp(SignedDuration::ZERO, LIFETIME)));
        if !heard.left.contains(&tab) && heard.tabs.insert(tab, now).is_none() {
            heard.loading.pop_front();
        }
    }

    /// A tab was closed, or went on to another page. What other processes hear of may still be open: beside them, a
    /// goodbye is no more than silence.
    pub fn leave(&mut self, session: SessionId, tab: TabId, now: Timestamp) {
        if self.alone {
            let heard = self.of(session, now);
            if heard.tabs.remove(&tab).is_none() && !heard.left.contains(&tab) {
                // Closed before its first sign of life got through.
                heard.loading.pop_front();
            }
            if heard.left.len() == MOST_REMEMBERED {
                heard.left.pop_front();
            }
            heard.left.push_back(tab);
        }
    }

    /// When the person last did something, as far as is known.
    #[must_use]
    pub fn active_at(&self, session: &Session) -> Timestamp {
        let here = self.heard.get(&session.id).map(|heard| heard.active_at);
        here.map_or(session.active_at, |here| here.max(session.active_at))
    }

    /// Whether a tab is open. The session may have been heard by other processes too: what they wrote counts.
    #[must_use]
    pub fn tab(&self, session: &Session, now: Timestamp) -> Tab {
        if self.lost_track(now) {
            return Tab::Open;
        }
        // Written by a clock that is far ahead: says nothing.
        let written = if session.beat_at > later(now, GONE) {
            NO_BEAT
        } else {
            session.beat_at
        };
        let last = match self.heard.get(&session.id) {
            None => Some(written.max(self.listening_since)),
            Some(heard) => {
                let unknown = (!heard.from_the_beginning).then_some(self.listening_since);
                let heard_last = heard.tabs.values().chain(&heard.loading).max();
                let here = heard_last.copied().or(unknown);
                let elsewhere = (written > heard.beat_at).then_some(written);
                here.map(|at| at.max(self.listening_since)).max(elsewhere)
            }
        };
        match last {
            Some(last) if now.duration_since(last) < GONE => Tab::Open,
            _ => Tab::Gone,
        }
    }

    /// What was heard since it was last asked.
    pub fn unsaved(&mut self) -> Vec<Unsaved> {
        let fresh = self.heard.iter_mut().filter(|(_, heard)| !heard.saved);
        fresh
            .map(|(id, heard)| {
                heard.saved = true;
                Unsaved {
                    id: *id,
                    active_at: heard.active_at,
                    beat_at: heard.beat_at,
                    left: heard.tabs.is_empty() && heard.loading.is_empty(),
                }
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        ids::UserId,
        time::{at, ms},
    };

    const SESSION: Session = Session {
        id: SessionId(1),
        user: UserId(1),
        begun_at: at(0),
        active_at: at(0),
        beat_at: at(0),
        required_action: None,
        impersonation: None,
    };

    fn pass(presence: &mut Presence, from: Timestamp, to: Timestamp) {
        let mut now = from;
        while now <= to {
            presence.tick(now);
            now = later(now, TICK);
        }
    }

    #[test]
    fn a_silent_tab_is_gone_and_one_that_says_goodbye_at_once() {
        let mut presence = Presence::new(at(0), true);
        let (first, second) = (TabId(1), TabId(2));
        presence.begun(SESSION.id, at(0));
        presence.asked_for_page(SESSION.id, at(0));
        presence.beat(SESSION.id, first, ms(0), at(1));
        presence.beat(SESSION.id, second, ms(0), at(2));
        presence.leave(SESSION.id, first, at(3));
        assert_eq!(presence.tab(&SESSION, at(3)), Tab::Open, "the other tab is open");
        presence.leave(SESSION.id, second, at(4));
        assert_eq!(presence.tab(&SESSION, at(4)), Tab::Gone);
        presence.beat(SESSION.id, TabId(3), ms(0), at(5));
        pass(&mut presence, at(0), later(at(0), GONE));
        assert_eq!(presence.tab(&SESSION, later(at(4), GONE)), Tab::Open);
        assert_eq!(presence.tab(&SESSION, later(at(5), GONE)), Tab::Gone);
    }

    #[test]
    fn a_goodbye_may_overtake_the_first_sign_of_life() {
        let mut presence = Presence::new(at(0), true);
        presence.begun(SESSION.id, at(0));
        presence.asked_for_page(SESSION.id, at(0));
        presence.leave(SESSION.id, TabId(1), at(1));
        assert_eq!(presence.tab(&SESSION, at(1)), Tab::Gone);
        presence.beat(SESSION.id, TabId(1), ms(0), at(2));
        assert_eq!(presence.tab(&SESSION, at(2)), Tab::Gone);
        presence.asked_for_page(SESSION.id, at(3));
        presence.leave(SESSION.id, TabId(1), at(4));
        assert_eq!(presence.tab(&SESSION, at(4)), Tab::Open, "said twice");
    }

    #[test]
    fn after_a_start_a_tab_has_time_to_be_heard() {
        let mut presence = Presence::new(at(1_000_000), true);
        assert_eq!(presence.tab(&SESSION, at(1_000_000)), Tab::Open);
        pass(&mut presence, at(1_000_000), later(at(1_000_000), GONE));
        assert_eq!(presence.tab(&SESSION, later(at(1_000_000), GONE)), Tab::Gone);
    }

    #[test]
    fn a_goodbye_is_final_only_where_every_tab_is_known() {
        // After a restart there may be another tab that was not heard yet.
        let mut restarted = Presence::new(at(1_000_000), true);
        restarted.leave(SESSION.id, TabId(1), at(1_000_000));
        assert_eq!(restarted.tab(&SESSION, at(1_000_000)), Tab::Open);
        pass(&mut restarted, at(1_000_000), later(at(1_000_000), GONE));
        assert_eq!(restarted.tab(&SESSION, later(at(1_000_000), GONE)), Tab::Gone);
        // Beside other processes, too.
        let mut one_of_two = Presence::new(at(0), false);
        one_of_two.begun(SESSION.id, at(0));
        one_of_two.beat(SESSION.id, TabId(1), ms(0), at(0));
        one_of_two.leave(SESSION.id, TabId(1), at(0));
        pass(&mut one_of_two, at(0), later(at(0), GONE));
        assert_eq!(
            one_of_two.tab(&SESSION, earlier(later(at(0), GONE), ms(1))),
            Tab::Open
        );
        assert_eq!(one_of_two.tab(&SESSION, later(at(0), GONE)), Tab::Gone);
    }

    #[test]
    fn a_jump_of_the_clock_closes_nothing() {
        for jump in [3_600_000, -3_600_000] {
            let mut presence = Presence::new(at(10_000_000), true);
            presence.beat(SESSION.id, TabId(1), ms(0), at(10_000_000));
            let now = later(at(10_000_000), ms(jump));
            assert_eq!(presence.tab(&SESSION, now), Tab::Open, "before the next tick");
            presence.tick(now);
            assert_eq!(presence.tab(&SESSION, now), Tab::Open);
            pass(&mut presence, now, later(now, GONE));
            assert_eq!(
                presence.tab(&SESSION, later(now, GONE)),
                Tab::Gone,
                "silent since"
            );
        }
    }

    #[test]
    fn what_other_processes_wrote_counts() {
        let mut presence = Presence::new(at(0), true);
        presence.beat(SESSION.id, TabId(1), ms(0), at(0));
        pass(&mut presence, at(0), at(200_000));
        let elsewhere = Session {
            beat_at: at(150_000),
            ..SESSION
        };
        assert_eq!(presence.tab(&elsewhere, at(200_000)), Tab::Open);
        assert_eq!(presence.tab(&SESSION, at(200_000)), Tab::Gone);
    }

    #[test]
    fn signs_of_life_are_no_activity() {
        let mut presence = Presence::new(at(0), true);
        presence.asked_for_page(SESSION.id, at(0));
        presence.beat(SESSION.id, TabId(1), ms(60_000), at(60_000));
        assert_eq!(presence.active_at(&SESSION), at(0));
        presence.beat(SESSION.id, TabId(1), ms(1_000), at(80_000));
        assert_eq!(presence.active_at(&SESSION), at(79_000));
        assert_eq!(
            presence.unsaved(),
            [Unsaved {
                id: SESSION.id,
                active_at: at(79_000),
                beat_at: at(80_000),
                left: false
            }]
        );
        assert_eq!(presence.unsaved(), []);
    }
}
