//! Signs of life: whether a browser still shows the portal under a login (S19).
//!
//! Told as stories: at some second something happens, and then the tab is open or gone.

use domain::{
    accounts::{
        presence::{Presence, TICK, TabId, Unsaved},
        sessions::{GONE, LIFETIME, Session, Tab},
    },
    ids::{SessionId, UserId},
    time::later,
};
use jiff::{SignedDuration, Timestamp};

use crate::support::moments::{at, ms};

const SESSION: Session = Session {
    id: SessionId(1),
    user: UserId(501),
    begun_at: at(0),
    active_at: at(0),
    beat_at: at(0),
    required_action: None,
    impersonation: None,
};

/// One server process, and the login as the database knows it.
struct Server {
    presence: Presence,
    session: Session,
    now: Timestamp,
    /// When the process ticked last, or would have.
    ticked: Timestamp,
}

impl Server {
    /// Started at this second; alone, or beside others over the same database.
    fn started(second: &str, alone: bool) -> Self {
        let now = moment(second);
        Self {
            presence: Presence::new(now, alone),
            session: SESSION,
            now,
            ticked: now,
        }
    }

    /// Tells a story, line by line: `AT  WHAT  open|gone`. Meanwhile the process ticks as it should.
    ///
    /// `login`, `page`, `beat a` and `leave a` happen to the login; `time` passes; `asleep` it passed without ticks, or the clock
    /// was set; `wakes` is that and the tick after it; `saved` has the process write what it heard; `elsewhere` is what another
    /// process wrote about a sign of life at that second.
    fn story(&mut self, story: &str) {
        for line in story.lines().map(str::trim).filter(|line| !line.is_empty()) {
            let words: Vec<&str> = line.split_whitespace().collect();
            let (now, tab) = (moment(words[0]), words[words.len() - 1]);
            let awake = !matches!(words[1], "asleep" | "wakes");
            while awake && later(self.ticked, TICK) <= now {
                self.ticked = later(self.ticked, TICK);
                self.presence.tick(self.ticked);
            }
            self.now = now;
            if !awake {
                self.ticked = now;
            }
            self.happens(&words[1..words.len() - 1]);
            assert_eq!(self.tab(), tab, "{line}");
        }
    }

    fn happens(&mut self, what: &[&str]) {
        let (id, now) = (self.session.id, self.now);
        let tab = |name: &str| TabId(name.bytes().map(u64::from).sum());
        match what {
            ["login"] => self.presence.begun(id, now),
            ["page"] => self.presence.asked_for_page(id, now),
            ["beat", name] => self.presence.beat(id, tab(name), ms(0), now),
            ["leave", name] => self.presence.leave(id, tab(name), now),
            ["time" | "asleep"] => {}
            ["wakes"] => self.presence.tick(now),
            ["saved"] => {
                for heard in self.presence.unsaved() {
                    self.session.beat_at = if heard.left { at(0) } else { heard.beat_at };
                }
            }
            ["elsewhere", second] => self.session.beat_at = moment(second),
            _ => panic!("{what:?}"),
        }
    }

    fn tab(&self) -> &'static str {
        match self.presence.tab(&self.session, self.now) {
            Tab::Open => "open",
            Tab::Gone => "gone",
        }
    }
}

/// `89.999`, in seconds.
fn moment(text: &str) -> Timestamp {
    let (seconds, rest) = text.split_once('.').unwrap_or((text, "0"));
    at(seconds.parse::<i64>().unwrap() * 1000 + format!("{rest:0<3}").parse::<i64>().unwrap())
}

#[test]
fn a_silent_tab_is_gone_and_one_that_says_goodbye_at_once() {
    assert_eq!(GONE, ms(90_000));
    Server::started("0", true).story(
        "
        0       login     open
        0       page      open
        1       beat a    open
        2       beat b    open
        3       leave a   open
        4       leave b   gone
        5       beat c    open
        94.999  time      open
        95      time      gone
        ",
    );
    // A page that does not come to its first sign of life counts like a silent tab.
    Server::started("0", true).story(
        "
        1000      login   open
        1000      page    open
        1089.999  time    open
        1090      time    gone
        1100      page    open
        1189.999  time    open
        1190      time    gone
        ",
    );
}

/// Each page has one tab, whose first sign of life or goodbye is that of the page.
#[test]
fn pages_and_tabs_are_counted() {
    Server::started("0", true).story(
        "
        0   login     open
        1   page      open
        2   page      open
        3   page      open
        4   leave a   open
        5   leave b   open
        6   leave c   gone
        7   page      open
        8   page      open
        9   beat d    open
        10  beat d    open
        11  leave d   open
        12  leave e   gone
        ",
    );
    // Of very many, the oldest is forgotten.
    let mut server = Server::started("0", true);
    server.story("0 login open \n 0 page open");
    for page in 1..=40 {
        server.story(&format!("{page} page open"));
    }
    for left in 1..=15 {
        server.story(&format!("{} leave {} open", 40 + left, "x".repeat(left)));
    }
    server.story("60 leave y gone");
}

#[test]
fn a_goodbye_may_overtake_the_signs_of_life_before_it() {
    Server::started("0", true).story(
        "
        0   login     open
        0   page      open
        1   leave a   gone
        2   beat a    gone
        3   page      open
        4   leave b   gone
        5   beat a    gone
        6   beat b    gone
        7   page      open
        8   leave a   open
        9   beat c    open
        10  leave c   gone
        ",
    );
    // So many goodbyes are remembered.
    let mut server = Server::started("0", true);
    server.story("0 login open \n 0 page open \n 1 leave a gone");
    for left in 1..=15 {
        server.story(&format!("{} leave {} gone", 1 + left, "x".repeat(left)));
    }
    server.story(
        "
        20  beat a    gone
        21  leave y   gone
        22  beat a    open
        ",
    );
}

#[test]
fn after_a_start_a_tab_has_time_to_be_heard() {
    Server::started("1000", true).story(
        "
        1000      time    open
        1089.999  time    open
        1090      time    gone
        1091      beat a  open
        ",
    );
    // What was written before the start says less than that.
    let mut server = Server::started("1000", true);
    server.session.beat_at = moment("950");
    server.story(
        "
        1089.999  time    open
        1090      time    gone
        ",
    );
}

/// After a restart there may be another tab that was not heard yet; beside other processes, one that they hear.
#[test]
fn a_goodbye_is_final_only_where_every_tab_is_known() {
    Server::started("1000", true).story(
        "
        1000      leave a  open
        1089.999  time     open
        1090      time     gone
        ",
    );
    Server::started("0", false).story(
        "
        0       login    open
        0       beat a   open
        1       leave a  open
        89.999  time     open
        90      time     gone
        ",
    );
}

/// Where it cannot know better, a tab counts as open.
#[test]
fn a_jump_of_the_clock_closes_nothing() {
    Server::started("10000", true).story(
        "
        10000      beat a  open
        13600      asleep  open
        13600      wakes   open
        13689.999  time    open
        13690      time    gone
        ",
    );
    Server::started("10000", true).story(
        "
        10000     beat a  open
        6400      asleep  open
        6400      wakes   open
        6489.999  time    open
        6490      time    gone
        ",
    );
    // A page that was loading, and nothing else.
    Server::started("10000", true).story(
        "
        10000      login   open
        13600      wakes   open
        13689.999  time    open
        13690      time    gone
        ",
    );
}

/// A tick may come late by three others, and the clock may be set back by a second.
#[test]
fn a_little_less_than_a_jump_is_none() {
    assert_eq!(TICK, ms(5_000));
    let silent = "
        0     beat a  open
        100   time    gone
    ";
    for (at, tab) in [
        ("120", "gone"),
        ("120.001", "open"),
        ("99", "gone"),
        ("98.999", "open"),
    ] {
        let mut server = Server::started("0", true);
        server.story(silent);
        server.story(&format!("{at} asleep {tab}"));
        server.story(&format!("{at} wakes {tab}"));
    }
}

#[test]
fn what_other_processes_wrote_counts() {
    let silent = "
        0    beat a  open
        200  time    gone
    ";
    let mut server = Server::started("0", false);
    server.story(silent);
    server.story(
        "
        200      elsewhere 110.001  open
        200      elsewhere 110      gone
        200      elsewhere 290      open
        200      elsewhere 290.001  gone
        ",
    );
    // Of a login that it never heard itself.
    Server::started("0", false).story(
        "
        200  elsewhere 110.001  open
        200  elsewhere 110      gone
        200  elsewhere 290.001  gone
        ",
    );
    // What it wrote itself says no more than what it knows.
    Server::started("0", true).story(
        "
        0   login         open
        1   beat a        open
        2   saved         open
        3   leave a       gone
        3   elsewhere 3   gone
        3   elsewhere 4   open
        ",
    );
}

#[test]
fn signs_of_life_are_no_activity() {
    let mut presence = Presence::new(at(0), true);
    assert_eq!(presence.active_at(&SESSION), at(0));
    presence.asked_for_page(SESSION.id, at(1_000));
    presence.beat(SESSION.id, TabId(1), ms(60_000), at(60_000));
    assert_eq!(presence.active_at(&SESSION), at(1_000));
    presence.beat(SESSION.id, TabId(1), ms(1_000), at(80_000));
    assert_eq!(presence.active_at(&SESSION), at(79_000));
    // A clock of a browser says what it likes.
    presence.beat(SESSION.id, TabId(1), ms(-5), at(80_000));
    assert_eq!(presence.active_at(&SESSION), at(80_000));
    presence.beat(SESSION.id, TabId(1), SignedDuration::MAX, at(90_000));
    assert_eq!(presence.active_at(&SESSION), at(80_000));
    // What other processes wrote counts where it is later.
    let elsewhere = |active_at| Session { active_at, ..SESSION };
    assert_eq!(presence.active_at(&elsewhere(at(79_999))), at(80_000));
    assert_eq!(presence.active_at(&elsewhere(at(80_001))), at(80_001));
}

#[test]
fn what_was_heard_is_written_once() {
    let mut presence = Presence::new(at(0), true);
    let unsaved = |active_at, beat_at, left| {
        vec![Unsaved {
            id: SESSION.id,
            active_at,
            beat_at,
            left,
        }]
    };
    presence.begun(SESSION.id, at(1_000));
    assert_eq!(
        presence.unsaved(),
        unsaved(at(1_000), at(1_000), false),
        "a page is loading"
    );
    assert_eq!(presence.unsaved(), []);
    presence.beat(SESSION.id, TabId(1), ms(500), at(2_000));
    assert_eq!(
        presence.unsaved(),
        unsaved(at(1_500), at(2_000), false),
        "a tab is open"
    );
    presence.asked_for_page(SESSION.id, at(3_000));
    presence.asked_for_page(SESSION.id, at(3_000));
    presence.leave(SESSION.id, TabId(1), at(4_000));
    assert_eq!(
        presence.unsaved(),
        unsaved(at(3_000), at(4_000), false),
        "another page is loading"
    );
    presence.leave(SESSION.id, TabId(2), at(5_000));
    assert_eq!(
        presence.unsaved(),
        unsaved(at(3_000), at(5_000), true),
        "the last tab was closed"
    );
}

/// A login that lasts no longer needs no memory.
#[test]
fn what_was_not_heard_for_a_lifetime_is_forgotten() {
    for (passed, active_at) in [(LIFETIME - ms(1), at(5)), (LIFETIME, at(0))] {
        let mut presence = Presence::new(at(0), true);
        presence.asked_for_page(SESSION.id, at(5));
        presence.tick(later(at(5), passed));
        assert_eq!(presence.active_at(&SESSION), active_at, "{passed}");
    }
}
