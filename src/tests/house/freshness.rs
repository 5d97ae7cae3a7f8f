//! Two servers over one database: what the one has acknowledged as revoked, the other one allows in no request that begins
//! afterwards (R10). SQLite serves one process, which is both then.

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex,
        atomic::{AtomicU64, Ordering},
    },
};

use axum::body::Body;
use domain::{accounts::personal_tokens::Scopes, ids::ContainerId};
use http::{Method, Request, header};
use jiff::{SignedDuration, Timestamp};
use license_portal::{ops::tokens, store::Engine};
use tokio::task::JoinSet;

use crate::{
    licensing::machines::Machine,
    support::{
        client::{Client, form, is_fault},
        portal::{BEGIN_MS, TestPortal},
        rounds::share_of,
    },
};

on_both_engines!(
    nothing_is_allowed_after_a_revocation_elsewhere,
    a_server_that_remembers_is_found_out,
);

mod a_million_times_nothing_is_allowed_after_a_revocation_elsewhere {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::rounds(Engine::Postgres, super::share_of(1_000_000), false)).await;
    }
}

const TREE: &str = "@isv^\nCompany/\n @boss*\n North/\n  @ann*\n  @ned\n  #n\n";
/// Requests after each revocation.
const AFTER: usize = 48;
/// Of which so many are under way at the same time.
const AT_ONCE: usize = 6;
/// Rounds after which what was counted of attempts is forgotten.
const PATIENCE: usize = 8;

/// What is revoked.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Right {
    /// A login.
    Login,
    /// An account, with its login.
    Account,
    /// An account; its login stays, its tokens do not work.
    AccountOfToken,
    /// A membership.
    Membership,
    /// A personal access token.
    Token,
    /// A credential of a container, which is switched off.
    Credential,
    /// All credentials of a container.
    Credentials,
}

const RIGHTS: [Right; 7] = [
    Right::Login,
    Right::Account,
    Right::AccountOfToken,
    Right::Membership,
    Right::Token,
    Right::Credential,
    Right::Credentials,
];

type Make = dyn Fn() -> Request<Body> + Send + Sync;

/// A request that the right permits.
#[derive(Clone)]
struct Ask {
    name: &'static str,
    make: Arc<Make>,
    /// It changes nothing, so that it can be tried before.
    reads: bool,
}

impl Ask {
    fn new(
        name: &'static str,
        reads: bool,
        make: impl Fn() -> Request<Body> + Send + Sync + 'static,
    ) -> Self {
        Self {
            name,
            make: Arc::new(make),
            reads,
        }
    }

    /// A server function, asked by a browser.
    fn of_page(client: &Client, name: &'static str, reads: bool, fields: &[(&str, &str)]) -> Self {
        let (client, fields) = (client.clone(), form(fields));
        Self::new(name, reads, move || {
            // A key is new each time.
            let fields = fields.replace("KEY", &format!("freshness-{}", number()));
            let request = client.request(Method::POST, &format!("/api/{name}"));
            request.body(fields.into()).unwrap()
        })
    }

    /// A route, asked with a token.
    fn of_program(name: &'static str, token: &str, path: String) -> Self {
        let bearer = format!("Bearer {token}");
        Self::new(name, true, move || {
            let request = Request::get(&path).header(header::AUTHORIZATION, &bearer);
            request.body(Body::empty()).unwrap()
        })
    }
}

/// A number that nothing else in this process has.
fn number() -> u64 {
    static NUMBER: AtomicU64 = AtomicU64::new(0);
    NUMBER.fetch_add(1, Ordering::SeqCst)
}

/// Statuses, and how often each is given once more, by what was asked.
type Remembered = Arc<Mutex<HashMap<&'static str, (u16, u32)>>>;

/// A server that is asked.
#[derive(Clone)]
struct Asked {
    portal: TestPortal,
    /// The mistake that is planted: answers that are remembered for a while, by who asked for what.
    remembered: Option<Remembered>,
}

/// How often a remembered answer is given.
const REMEMBERED: u32 = 4;

impl Asked {
    async fn status(&self, ask: &Ask) -> u16 {
        if let Some(remembered) = &self.remembered
            && let Some((status, left)) = remembered.lock().unwrap().get_mut(ask.name)
            && *left > 0
        {
            *left -= 1;
            return *status;
        }
        let answer = self.portal.nobody().send((ask.make)()).await;
        let what = ask.name;
        assert!(!is_fault(answer.status), "{what}: {}", answer.text());
        assert_ne!(answer.status, 429, "{what}: nobody asks too often here");
        if let Some(remembered) = &self.remembered {
            remembered
                .lock()
                .unwrap()
                .insert(what, (answer.status, REMEMBERED));
        }
        answer.status
    }
}

struct Servers {
    both: [TestPortal; 2],
    container: ContainerId,
}

impl Servers {
    async fn start(engine: Engine) -> Self {
        let first = TestPortal::start(engine, TREE).await;
        let container = first.make_container("ned", "Build").await;
        let second = match engine {
            Engine::Postgres => first.second().await,
            Engine::Sqlite => first.clone(),
        };
        Self {
            both: [first, second],
            container,
        }
    }

    /// Their clocks go on with each look at them; here they are those of one place.
    fn set_clocks(&self) {
        let [one, other] = self.both.each_ref().map(|server| server.store.sources.now());
        let behind: SignedDuration = one.duration_since(other);
        if behind.is_positive() {
            self.both[1].jump(behind);
        } else {
            self.both[0].jump(-behind);
        }
    }

    /// A token of ann's.
    async fn token(&self) -> (u64, String) {
        let (portal, number) = (&self.both[0], 20_000 + number());
        let token = format!("lpt_freshness-{number}");
        let (hash, scopes) = (tokens::hash(&token), Scopes::all());
        let user = portal.person("ann");
        portal
            .run(&format!(
                "INSERT INTO personal_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
                 VALUES ({number}, {user}, 'Script', '{hash}', '{scopes}', {BEGIN_MS}, {})",
                Timestamp::MAX.as_millisecond()
            ))
            .await;
        (number, token)
    }

    /// Gives the right, and yields what it permits and how it is taken.
    async fn give(&self, right: Right, by: &TestPortal) -> (Vec<Ask>, Taking) {
        let (isv, ann) = (by.client("isv").await, by.person("ann").to_string());
        let north = by.group("North").to_string();
        by.run("UPDATE users SET active = 1 WHERE active = 0").await;
        let browser = by.client("ann").await;
        let group =
            |token: &str| Ask::of_program("group of a token", token, format!("/api/v1/groups/{north}"));
        let of_login = || {
            vec![
                Ask::of_page(&browser, "group", true, &[("group", &north)]),
                Ask::of_page(&browser, "my_data", true, &[]),
                Ask::of_page(&browser, "save_me", false, &[("name", "Ann")]),
            ]
        };
        let taking = |function, fields: &[(&str, &str)]| Taking {
            by: isv.clone(),
            function,
            form: form(fields),
        };
        match right {
            Right::Login => {
                let session = by
                    .number(&format!(
                        "SELECT id FROM sessions WHERE user_id = {ann} AND ended_at IS NULL"
                    ))
                    .await;
                let fields = [("session", session.to_string()), ("reason", "Lost".to_owned())];
                let fields = fields.each_ref().map(|(name, value)| (*name, value.as_str()));
                (of_login(), taking("end_session", &fields))
            }
            Right::Account => {
                let (_, token) = self.token().await;
                let mut asks = of_login();
                asks.push(group(&token));
                (
                    asks,
                    taking(
                        "switch_users",
                        &[("users[0]", &ann), ("active", "false"), ("end_login", "true")],
                    ),
                )
            }
            Right::AccountOfToken => {
                let (_, token) = self.token().await;
                (
                    vec![group(&token)],
                    taking("switch_users", &[("users[0]", &ann), ("active", "false")]),
                )
            }
            Right::Membership => {
                let (_, token) = self.token().await;
                let (ticket, to) = (by.ticket("n").to_string(), by.owner("@ned/North").to_string());
                let tickets = by.pick("n");
                let asks = vec![
                    Ask::of_page(&browser, "group", true, &[("group", &north)]),
                    Ask::of_page(&browser, "history", true, &[("ticket", &ticket)]),
                    group(&token),
                    Ask::of_page(
                        &browser,
                        "reassign",
                        false,
                        &[("tickets", &tickets), ("to", &to), ("key", "KEY")],
                    ),
                ];
                let fields = [("group", north.as_str()), ("user", ann.as_str())];
                (asks, taking("remove_member", &fields))
            }
            Right::Token => {
                let (id, token) = self.token().await;
                let taking = Taking {
                    by: browser.clone(),
                    ..taking("revoke_token", &[("token", &id.to_string())])
                };
                (vec![group(&token)], taking)
            }
            Right::Credential | Right::Credentials => {
                let machine = by
                    .machine("ned", self.container, &format!("machine {}", number()))
                    .await;
                let taking = match right {
                    Right::Credential => taking(
                        "switch_credential",
                        &[("credential", machine.key_id()), ("on", "false")],
                    ),
                    _ => taking("reset_credentials", &[("container", &self.container.to_string())]),
                };
                (of_machine(&machine, by), taking)
            }
        }
    }
}

/// What a machine asks for.
fn of_machine(machine: &Machine, portal: &TestPortal) -> Vec<Ask> {
    let container = Ask::of_program("container", &machine.token, "/api/v1/container".to_owned());
    let (machine, sources) = (machine.clone(), portal.store.sources.clone());
    let token = Ask::new("access token", true, move || {
        let assertion = machine.assertion(&machine.claims(sources.now()));
        let fields = [
            ("grant_type", "client_credentials"),
            (
                "client_assertion_type",
                "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ),
            ("client_assertion", &assertion),
        ];
        let request = machine.client.request(Method::POST, "/oauth/token");
        request.body(form(&fields).into()).unwrap()
    });
    vec![container, token]
}

/// How a right is taken.
struct Taking {
    by: Client,
    function: &'static str,
    form: String,
}

/// One right is given, used, and taken at one server; then the other one is asked for what it permitted. Returns how many
/// requests were allowed.
async fn round(servers: &Servers, right: Right, turn: usize, remembers: bool) -> usize {
    servers.set_clocks();
    let (by, other) = (&servers.both[turn % 2], &servers.both[1 - turn % 2]);
    let (asks, taking) = servers.give(right, by).await;
    let asked = Asked {
        portal: other.clone(),
        remembered: remembers.then(Arc::default),
    };
    for ask in asks.iter().filter(|ask| ask.reads) {
        let status = asked.status(ask).await;
        assert!(
            (200..300).contains(&status),
            "{right:?} permits {}: {status}",
            ask.name
        );
    }
    let taken = taking.by.post_form(taking.function, &taking.form).await;
    assert_eq!(taken.status, 200, "{right:?}: {}", taken.text());
    // From here on it is acknowledged.
    let mut after = JoinSet::new();
    for task in 0..AT_ONCE {
        let (asks, asked) = (asks.clone(), asked.clone());
        after.spawn(async move {
            let mut allowed = 0;
            for turn in 0..AFTER / AT_ONCE {
                let status = asked.status(&asks[(task + turn) % asks.len()]).await;
                let refused = matches!(status, 303 | 400 | 401 | 403 | 404);
                assert!(refused || (200..300).contains(&status), "{status}");
                allowed += usize::from(!refused);
            }
            allowed
        });
    }
    let allowed = after.join_all().await.into_iter().sum();
    match right {
        Right::Membership => {
            let (group, user) = (by.group("North").to_string(), by.person("ann").to_string());
            let fields = [
                ("group", group.as_str()),
                ("user", user.as_str()),
                ("permissions[admin]", "true"),
            ];
            by.client("isv").await.post("set_member", &fields).await.ok();
        }
        // A container has so many that are not revoked, and no more.
        Right::Credential => {
            by.run("UPDATE credentials SET revoked_at = issued_at WHERE revoked_at IS NULL")
                .await;
        }
        _ => {}
    }
    allowed
}

/// Rounds until so many requests were sent; how many of them were allowed.
async fn rounds(engine: Engine, requests: usize, remembers: bool) -> usize {
    let mut servers = Servers::start(engine).await;
    let (mut sent, mut allowed) = (0, 0);
    for turn in 0..requests.div_ceil(AFTER) {
        if turn % PATIENCE == PATIENCE - 1 {
            servers.both = servers.both.each_ref().map(TestPortal::without_attempts);
        }
        // Each right is taken at both servers.
        allowed += round(&servers, RIGHTS[(turn / 2) % RIGHTS.len()], turn, remembers).await;
        sent += AFTER;
    }
    if !remembers {
        println!(
            "figure: {engine:?}: {sent} requests to the other of two servers after {} acknowledged revocations: {allowed} allowed",
            sent / AFTER
        );
        assert_eq!(allowed, 0);
    }
    allowed
}

async fn nothing_is_allowed_after_a_revocation_elsewhere(engine: Engine) {
    rounds(engine, 2_000, false).await;
}

/// The mistake that this looks for: a server that answers out of its memory.
async fn a_server_that_remembers_is_found_out(engine: Engine) {
    let found = rounds(engine, AFTER * 2 * RIGHTS.len(), true).await;
    assert!(found > 0);
}
