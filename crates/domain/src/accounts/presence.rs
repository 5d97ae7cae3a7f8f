//! Signs of life (S19): whether a browser still shows the portal under a login.
//!
//! Pure: times are passed in, in milliseconds since 1970 (UTC).

use std::collections::{BTreeMap, HashMap, VecDeque};

use serde::{Deserialize, Serialize};

use crate::{
    accounts::sessions::{GONE, LIFETIME, Session, Tab},
    ids::SessionId,
};

/// How often [`Presence::tick`] is to be called.
pub const TICK: i64 = 5_000;

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
    active_at: i64,
    beat_at: i64,
    /// The tabs that have not said goodbye, and when each was heard last.
    tabs: BTreeMap<TabId, i64>,
    /// When pages were asked for whose tabs have given no sign of life yet, the oldest first.
    loading: VecDeque<i64>,
    /// The tabs that said goodbye last. A sign of life that they sent before may come after it.
    left: VecDeque<TabId>,
    /// Begun in this process: it knows every tab.
    from_the_beginning: bool,
    /// The page that follows a login is in `loading` already.
    page_follows: bool,
    saved: bool,
}

/// What is to be written about a session.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Unsaved {
    /// The login whose row is written.
    pub id: SessionId,
    /// When its user last did something.
    pub active_at: i64,
    /// When a tab of it was heard last by this process.
    pub beat_at: i64,
    /// All tabs that this process knew have said goodbye.
    pub left: bool,
}

/// What one server process has heard of open tabs, in memory: signs of life are written now and then, together.
///
/// Where it cannot know better, a tab counts as open: after a start, when the clock was set, when the machine slept.
#[derive(Debug)]
pub struct Presence {
    /// Since when this process would have heard every tab.
    listening_since: i64,
    ticked_at: i64,
    /// No other process hears of these tabs: then a goodbye of the last one is final.
    alone: bool,
    heard: HashMap<SessionId, Heard>,
}

impl Presence {
    /// Begins to listen, alone or beside other processes over the same database.
    #[must_use]
    pub fn new(now: i64, alone: bool) -> Self {
        Self {
            listening_since: now,
            ticked_at: now,
            alone,
            heard: HashMap::new(),
        }
    }

    /// To be called every [`TICK`]: notices when time did not pass as it should, and forgets sessions that are over.
    pub fn tick(&mut self, now: i64) {
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
        self.heard.retain(|_, heard| now - heard.beat_at < LIFETIME);
    }

    /// The clock jumped, or the process did not run.
    const fn lost_track(&self, now: i64) -> bool {
        now < self.ticked_at - 1000 || now - self.ticked_at > 4 * TICK
    }

    fn of(&mut self, session: SessionId, now: i64) -> &mut Heard {
        let heard = self.heard.entry(session).or_insert_with(|| Heard {
            active_at: i64::MIN,
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
    pub fn begun(&mut self, session: SessionId, now: i64) {
        self.asked_for_page(session, now);
        let heard = self.of(session, now);
        heard.from_the_beginning = true;
        heard.page_follows = true;
    }

    /// A page was asked for by the person: they are there, and a tab is about to open.
    pub fn asked_for_page(&mut self, session: SessionId, now: i64) {
        let heard = self.of(session, now);
        heard.active_at = heard.active_at.max(now);
        if std::mem::take(&mut heard.page_follows) {
            return;
        }
        if heard.loading.len() == MOST_REMEMBERED {
            heard.loading.pop_front();
        }
        heard.loading.push_back(now);
    }

    /// A tab gave a sign of life. Its user has done nothing in it for `idle` milliseconds: the sign itself is no activity.
    pub fn beat(&mut self, session: SessionId, tab: TabId, idle: i64, now: i64) {
        let heard = self.of(session, now);
        heard.active_at = heard.active_at.max(now - idle.clamp(0, LIFETIME));
        if !heard.left.contains(&tab) && heard.tabs.insert(tab, now).is_none() {
            heard.loading.pop_front();
        }
    }

    /// A tab was closed, or went on to another page. What other processes hear of may still be open: beside them, a
    /// goodbye is no more than silence.
    pub fn leave(&mut self, session: SessionId, tab: TabId, now: i64) {
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
    pub fn active_at(&self, session: &Session) -> i64 {
        let here = self.heard.get(&session.id).map(|heard| heard.active_at);
        here.map_or(session.active_at, |here| here.max(session.active_at))
    }

    /// Whether a tab is open. The session may have been heard by other processes too: what they wrote counts.
    #[must_use]
    pub fn tab(&self, session: &Session, now: i64) -> Tab {
        if self.lost_track(now) {
            return Tab::Open;
        }
        // Written by a clock that is far ahead: says nothing.
        let written = if session.beat_at > now + GONE {
            0
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
            Some(last) if now - last < GONE => Tab::Open,
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
    use crate::ids::UserId;

    const SESSION: Session = Session {
        id: SessionId(1),
        user: UserId(1),
        begun_at: 0,
        active_at: 0,
        beat_at: 0,
        required_action: None,
        impersonation: None,
    };

    fn pass(presence: &mut Presence, from: i64, to: i64) {
        for now in (from..=to).step_by(5_000) {
            presence.tick(now);
        }
    }

    #[test]
    fn a_silent_tab_is_gone_and_one_that_says_goodbye_at_once() {
        let mut presence = Presence::new(0, true);
        let (first, second) = (TabId(1), TabId(2));
        presence.begun(SESSION.id, 0);
        presence.asked_for_page(SESSION.id, 0);
        presence.beat(SESSION.id, first, 0, 1);
        presence.beat(SESSION.id, second, 0, 2);
        presence.leave(SESSION.id, first, 3);
        assert_eq!(presence.tab(&SESSION, 3), Tab::Open, "the other tab is open");
        presence.leave(SESSION.id, second, 4);
        assert_eq!(presence.tab(&SESSION, 4), Tab::Gone);
        presence.beat(SESSION.id, TabId(3), 0, 5);
        pass(&mut presence, 0, GONE);
        assert_eq!(presence.tab(&SESSION, GONE + 4), Tab::Open);
        assert_eq!(presence.tab(&SESSION, GONE + 5), Tab::Gone);
    }

    #[test]
    fn a_goodbye_may_overtake_the_first_sign_of_life() {
        let mut presence = Presence::new(0, true);
        presence.begun(SESSION.id, 0);
        presence.asked_for_page(SESSION.id, 0);
        presence.leave(SESSION.id, TabId(1), 1);
        assert_eq!(presence.tab(&SESSION, 1), Tab::Gone);
        presence.beat(SESSION.id, TabId(1), 0, 2);
        assert_eq!(presence.tab(&SESSION, 2), Tab::Gone);
        presence.asked_for_page(SESSION.id, 3);
        presence.leave(SESSION.id, TabId(1), 4);
        assert_eq!(presence.tab(&SESSION, 4), Tab::Open, "said twice");
    }

    #[test]
    fn after_a_start_a_tab_has_time_to_be_heard() {
        let mut presence = Presence::new(1_000_000, true);
        assert_eq!(presence.tab(&SESSION, 1_000_000), Tab::Open);
        pass(&mut presence, 1_000_000, 1_000_000 + GONE);
        assert_eq!(presence.tab(&SESSION, 1_000_000 + GONE), Tab::Gone);
    }

    #[test]
    fn a_goodbye_is_final_only_where_every_tab_is_known() {
        // After a restart there may be another tab that was not heard yet.
        let mut restarted = Presence::new(1_000_000, true);
        restarted.leave(SESSION.id, TabId(1), 1_000_000);
        assert_eq!(restarted.tab(&SESSION, 1_000_000), Tab::Open);
        pass(&mut restarted, 1_000_000, 1_000_000 + GONE);
        assert_eq!(restarted.tab(&SESSION, 1_000_000 + GONE), Tab::Gone);
        // Beside other processes, too.
        let mut one_of_two = Presence::new(0, false);
        one_of_two.begun(SESSION.id, 0);
        one_of_two.beat(SESSION.id, TabId(1), 0, 0);
        one_of_two.leave(SESSION.id, TabId(1), 0);
        pass(&mut one_of_two, 0, GONE);
        assert_eq!(one_of_two.tab(&SESSION, GONE - 1), Tab::Open);
        assert_eq!(one_of_two.tab(&SESSION, GONE), Tab::Gone);
    }

    #[test]
    fn a_jump_of_the_clock_closes_nothing() {
        for jump in [3_600_000, -3_600_000] {
            let mut presence = Presence::new(10_000_000, true);
            presence.beat(SESSION.id, TabId(1), 0, 10_000_000);
            let now = 10_000_000 + jump;
            assert_eq!(presence.tab(&SESSION, now), Tab::Open, "before the next tick");
            presence.tick(now);
            assert_eq!(presence.tab(&SESSION, now), Tab::Open);
            pass(&mut presence, now, now + GONE);
            assert_eq!(presence.tab(&SESSION, now + GONE), Tab::Gone, "silent since");
        }
    }

    #[test]
    fn what_other_processes_wrote_counts() {
        let mut presence = Presence::new(0, true);
        presence.beat(SESSION.id, TabId(1), 0, 0);
        pass(&mut presence, 0, 200_000);
        let elsewhere = Session {
            beat_at: 150_000,
            ..SESSION
        };
        assert_eq!(presence.tab(&elsewhere, 200_000), Tab::Open);
        assert_eq!(presence.tab(&SESSION, 200_000), Tab::Gone);
    }

    #[test]
    fn signs_of_life_are_no_activity() {
        let mut presence = Presence::new(0, true);
        presence.asked_for_page(SESSION.id, 0);
        presence.beat(SESSION.id, TabId(1), 60_000, 60_000);
        assert_eq!(presence.active_at(&SESSION), 0);
        presence.beat(SESSION.id, TabId(1), 1_000, 80_000);
        assert_eq!(presence.active_at(&SESSION), 79_000);
        assert_eq!(
            presence.unsaved(),
            [Unsaved {
                id: SESSION.id,
                active_at: 79_000,
                beat_at: 80_000,
                left: false
            }]
        );
        assert_eq!(presence.unsaved(), []);
    }
}
