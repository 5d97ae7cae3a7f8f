//! What is hidden and what is absent: every kind of id in every call, route, page and file, for every kind of person, is
//! answered by the same bytes after the same statements (S4, R12), and in the same time.

mod addresses;
mod answers;
mod foreign;
mod times;

use http::Method;
use license_portal::store::Engine;

use crate::{
    policy::{
        administration::calls::request,
        alike::{
            addresses::loaded,
            answers::{Differences, changed},
            foreign::Foreign,
        },
        operations::CALLS,
        stage::{ABSENT, filled, stage, token},
    },
    support::{
        client::{Answer, Client, is_fault},
        portal::TestPortal,
        statements::recorded,
    },
};

on_both_engines!(
    hidden_and_absent_are_answered_alike,
    what_is_seen_takes_other_statements,
    a_machine_cannot_tell_hidden_from_absent,
);

mod every_hidden_object_is_answered_like_an_absent_one {
    use license_portal::store::Engine;

    use super::Extent;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::ask(Engine::Sqlite, Extent::All)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::ask(Engine::Postgres, Extent::All)).await;
    }
}

/// A member, the admin of a group and of the one above, a member with a container, somebody who creates, somebody who reads
/// reports, an admin who creates; and as whom an admin looks at the portal.
const PRINCIPALS: [(&str, Option<&str>); 8] = [
    ("user-1.1.1", None),
    ("admin-1.1.1", None),
    ("admin-1.1", None),
    ("user-2.1", None),
    ("user-2.2", None),
    ("user-2.3", None),
    ("admin-2.1", None),
    ("admin-1.1", Some("user-1.1.1")),
];

/// How much is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Extent {
    /// Each place holder by some of the people with one hidden object, in turns.
    Some,
    /// Each by everybody with every hidden object.
    All,
}

/// The way over which something is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Way {
    Page,
    Program,
}

/// A place holder in a call or an address.
#[derive(Debug, Clone, Copy)]
pub(super) struct Hole {
    text: &'static str,
    from: usize,
    to: usize,
}

impl Hole {
    /// All of a text.
    pub(super) fn all(text: &'static str) -> impl Iterator<Item = Self> {
        let end = move |from: usize| from + text[from..].find('}').expect("a closing brace") + 1;
        let holes = text.match_indices('{');
        holes.map(move |(from, _)| Self {
            text,
            from,
            to: end(from),
        })
    }

    /// Its kind, and which one of it.
    pub(super) fn kind_and_name(&self) -> (&'static str, &'static str) {
        let inner = &self.text[self.from + 1..self.to - 1];
        inner.split_once(' ').unwrap_or((inner, ""))
    }

    /// The text with something in its place.
    pub(super) fn with(&self, what: &str) -> String {
        format!("{}{what}{}", &self.text[..self.from], &self.text[self.to..])
    }
}

/// The calls that nothing has to happen before.
pub(super) fn calls() -> impl Iterator<Item = &'static str> {
    CALLS
        .lines()
        .filter(|line| line.contains('{') && !line.contains(" => "))
}

/// Somebody who asks.
pub(super) struct Principal {
    pub(super) portal: TestPortal,
    pub(super) client: Client,
    /// Whose places and tokens they name as their own.
    pub(super) me: &'static str,
    /// Who looks through their eyes.
    by: Option<&'static str>,
}

impl Principal {
    pub(super) async fn new(portal: &TestPortal, login: &'static str, through: Option<&'static str>) -> Self {
        let mut principal = Self {
            portal: portal.clone(),
            client: portal.client(login).await,
            me: through.unwrap_or(login),
            by: through.map(|_| login),
        };
        principal.begin().await;
        principal
    }

    /// Begins to look as somebody else, where they do.
    async fn begin(&mut self) {
        if let Some(by) = self.by {
            self.client = self.portal.client(by).await;
            let user = self.portal.person(self.me).to_string();
            self.client.post("view_as", &[("user", &user)]).await.ok();
        }
    }

    /// All rows are as they were, and nothing was tried too often.
    async fn again(&mut self) {
        self.portal.restore().await;
        self.begin().await;
    }

    fn name(&self) -> String {
        match self.by {
            Some(by) => format!("{by} as {}", self.me),
            None => self.me.to_owned(),
        }
    }

    /// A call over that way; `None` where there is no such route.
    pub(super) async fn call(&self, way: Way, call: &str) -> Option<Answer> {
        let (function, form) = filled(&self.portal, self.me, call);
        Some(match way {
            Way::Page => self.client.post_form(&function, &form).await,
            Way::Program => {
                let request = request(&function, &form, Some(&token(self.me)))?;
                self.portal.nobody().send(request).await
            }
        })
    }
}

/// Every id in every call, once hidden from the caller, once absent: the same answer, after the same statements (S4).
async fn hidden_and_absent_are_answered_alike(engine: Engine) {
    ask(engine, Extent::Some).await;
}

async fn ask(engine: Engine, extent: Extent) {
    let (mut portal, _) = stage(engine).await;
    let (mut differences, mut objects) = (Differences::default(), 0);
    for (turn, (login, through)) in PRINCIPALS.into_iter().enumerate() {
        portal = portal.without_attempts();
        let mut principal = Principal::new(&portal, login, through).await;
        let foreign = Foreign::to(&portal, &principal.client, principal.me).await;
        objects += foreign.count();
        for (number, call) in calls().enumerate() {
            if number % 100 == 99 {
                principal.portal = principal.portal.without_attempts();
                principal.client.router = principal.portal.nobody().router;
            }
            for (place, hole) in Hole::all(call).enumerate() {
                let mut pairs = pairs(&principal, &foreign, &hole);
                let mut ways = vec![Way::Page, Way::Program];
                if extent == Extent::Some {
                    if !(number + place + turn).is_multiple_of(4) {
                        continue;
                    }
                    let one = (number + turn) % pairs.len().max(1);
                    pairs = pairs.into_iter().skip(one).take(1).collect();
                    ways.remove((number / 4 + turn) % 2);
                }
                // Who looks as another person does so in a browser.
                ways.retain(|way| *way == Way::Page || principal.by.is_none());
                for (pair, way) in pairs
                    .iter()
                    .flat_map(|pair| ways.iter().map(move |way| (pair, *way)))
                {
                    if let Some(how) = compared(&mut principal, way, &hole, pair).await {
                        let function = call.split(' ').next().unwrap();
                        let (kind, name) = hole.kind_and_name();
                        let field = hole.text[..hole.from].rsplit(['&', ' ']).next().unwrap();
                        differences
                            .found
                            .entry(format!("{function} {field} {way:?}"))
                            .or_insert_with(|| {
                                format!(
                                    "{} asks {call} with {pair:?} for {kind} {name}: {how}",
                                    principal.name()
                                )
                            });
                    }
                    differences.pairs += 1;
                }
            }
        }
        loaded(&mut principal, &foreign, extent, turn, &mut differences).await;
    }
    differences.end(engine, objects);
}

/// Hidden and absent ids for that place. What the call names besides is left out: to name something twice is another question.
pub(super) fn pairs(principal: &Principal, foreign: &Foreign, hole: &Hole) -> Vec<(String, String)> {
    let (kind, name) = hole.kind_and_name();
    let (_, rest) = filled(&principal.portal, principal.me, &hole.with(""));
    let mut pairs = foreign.pairs(&principal.portal, principal.me, kind, name);
    pairs.retain(|(hidden, _)| {
        let words = hidden.split(|c: char| !c.is_ascii_alphanumeric() && c != '-');
        let id = words.max_by_key(|word| word.len()).unwrap_or_default();
        !rest.contains(id)
    });
    pairs
}

/// How the answers to both differ; `None` where they do not, or nothing answers over that way.
async fn compared(
    principal: &mut Principal,
    way: Way,
    hole: &Hole,
    (hidden, absent): &(String, String),
) -> Option<String> {
    let mut how = None;
    // A transaction may have to be repeated, and what is counted once a minute is due once.
    for _ in 0..3 {
        let mut answers = Vec::new();
        for id in [hidden, absent] {
            let (answer, statements) = recorded(principal.call(way, &hole.with(id))).await;
            let answer = answer?;
            assert!(!is_fault(answer.status), "{}: {}", hole.text, answer.text());
            if answer.status < 300 && changed(&statements) {
                principal.again().await;
            }
            answers.push((answer, statements));
        }
        let [one, other] = &answers[..] else {
            unreachable!()
        };
        how = Differences::between(
            (&one.0, &one.1[..], hidden.as_str()),
            (&other.0, &other.1[..], absent.as_str()),
            true,
        );
        if how.is_none() {
            break;
        }
    }
    how
}

/// The comparison would find it: what somebody does see is answered otherwise, and after other statements.
async fn what_is_seen_takes_other_statements(engine: Engine) {
    let (portal, _) = stage(engine).await;
    let principal = Principal::new(&portal, "user-1.1.1", None).await;
    for (call, seen) in [
        (
            "history ticket={ticket 1.1-open}",
            portal.ticket("1.1-open").to_string(),
        ),
        (
            "group group={group Group 1.1}",
            portal.group("Group 1.1").to_string(),
        ),
    ] {
        let hole = Hole::all(call).next().unwrap();
        let (one, statements) = recorded(principal.call(Way::Page, &hole.with(&seen))).await;
        let (other, fewer) = recorded(principal.call(Way::Page, &hole.with(ABSENT))).await;
        let (one, other) = (one.unwrap(), other.unwrap());
        assert_eq!((one.status, other.status), (200, 404));
        assert!(!fewer.is_empty(), "nothing was recorded");
        let mut both = [
            (&one, &statements[..], seen.as_str()),
            (&other, &fewer[..], ABSENT),
        ];
        assert!(Differences::between(both[0], both[1], true).is_some());
        // One statement more is enough.
        both[0].0 = &other;
        both[0].2 = ABSENT;
        assert!(Differences::between(both[0], both[1], false).is_none());
        let how = Differences::between(both[0], both[1], true);
        assert!(how.unwrap().starts_with("statements"));
    }
}

/// Leases of another container, for a machine.
async fn a_machine_cannot_tell_hidden_from_absent(engine: Engine) {
    let tree = "@isv^\nTeam/\n #a #n\n @ann\n @ned\n";
    let portal = TestPortal::start(engine, tree).await;
    let own = portal.make_container("ann", "Own").await;
    let foreign = portal.make_container("ned", "Foreign").await;
    portal.activate("a", own, "A", 4, "").await;
    portal.activate("n", foreign, "N", 4, "").await;
    let machine = portal.machine("ann", own, "one").await;
    let other = portal.machine("ned", foreign, "other").await;
    let lease = other.acquire("N", "somebody", "acquired-once").await.id();
    let used = machine.get("/api/v1/container").await;
    assert_eq!(used.status, 200);
    for (method, path) in [
        (Method::POST, "/api/v1/leases/{lease}/renew"),
        (Method::DELETE, "/api/v1/leases/{lease}"),
        (Method::GET, "/api/v1/nodes/{lease}"),
        (Method::DELETE, "/api/v1/nodes/{lease}"),
    ] {
        let mut answers = Vec::new();
        for id in [lease.as_str(), ABSENT] {
            let path = path.replace("{lease}", id);
            answers.push(recorded(machine.send(method.clone(), &path, None, None)).await);
        }
        let [one, absent] = &answers[..] else {
            unreachable!()
        };
        assert!(!is_fault(one.0.status), "{path}: {}", one.0.text());
        assert!((400..500).contains(&one.0.status), "{path}: {}", one.0.text());
        let how = Differences::between(
            (&one.0, &one.1[..], lease.as_str()),
            (&absent.0, &absent.1[..], ABSENT),
            true,
        );
        assert_eq!(how, None, "{method} {path}");
    }
    for product in ["N", "nothing"] {
        let answer = machine
            .acquire(product, "somebody", &format!("acquired-{product}"))
            .await;
        assert_eq!(answer.status, 404, "{product}: {}", answer.text());
    }
}
