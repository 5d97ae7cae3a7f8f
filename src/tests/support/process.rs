//! The program itself, as a process that can be killed, over the network.

use std::{
    net::SocketAddr,
    process::{Command, ExitStatus, Stdio},
    sync::mpsc,
    time::Duration,
};

use domain::accounts::sessions::{GONE, IDLE};
use license_portal::store::Engine;
use serde_json::{Value, json};

pub use crate::support::running::{FORM, Reply};
use crate::support::{
    client::{Client, form},
    moments::ms,
    portal::TestPortal,
    running::{Running, SITE, send},
};

impl Reply {
    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{self:?}");
        self.json()
    }
}

on_both_engines!(
    logins_outlive_a_server_that_was_killed,
    what_was_answered_outlives_a_server_that_was_killed,
    a_killed_server_keeps_nobody_out_for_longer_than_a_tab_may_be_silent,
);

/// A running server; killed when it is dropped.
pub struct Server {
    running: Running,
    /// Where it listens.
    pub address: SocketAddr,
}

/// The program, without settings from elsewhere.
pub fn program() -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_license-portal"));
    program.env_clear().stdin(Stdio::null()).stdout(Stdio::null());
    program
}

impl Server {
    /// Starts the program on the database of the portal, with a site that consists of names.
    pub fn start(portal: &TestPortal, database: &str, arguments: &[&str]) -> Self {
        std::fs::write(portal.site().join("hash.txt"), SITE).expect("a site");
        let mut serve = program();
        serve
            .args(["--database", database, "--key-file"])
            .arg(portal.key_file())
            .args(["serve", "--listen", "127.0.0.1:0", "--site"])
            .arg(portal.site())
            .args(arguments);
        let running = Running::start(&mut serve, Duration::from_secs(30))
            .unwrap_or_else(|log| panic!("the server does not start:\n{log}"));
        Self {
            address: running.address,
            running,
        }
    }

    /// SIGKILL: nothing is finished or written any more. Returns all that was logged.
    pub fn kill(mut self) -> String {
        self.running.kill()
    }

    /// SIGTERM: the server ends by itself. Returns how, and all that was logged.
    pub fn terminate(mut self) -> (ExitStatus, String) {
        let process = self.running.child.id().to_string();
        let asked = Command::new("kill").args(["-TERM", &process]).status();
        assert!(asked.expect("kill").success());
        self.running.ended()
    }

    /// What it has logged so far.
    pub fn log(&self) -> String {
        self.running.log.lock().unwrap().clone()
    }

    /// The most memory that the process has used so far, in kB.
    pub fn peak_memory(&self) -> u64 {
        let status =
            std::fs::read_to_string(format!("/proc/{}/status", self.running.child.id())).expect("it runs");
        let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let peak = peak.expect("a figure").trim().trim_end_matches(" kB");
        peak.parse().expect("a number")
    }

    /// A browser without a cookie.
    pub fn browser(&self) -> Browser {
        Browser {
            address: self.address,
            cookie: None,
        }
    }
}

/// Somebody's browser, over the network.
#[derive(Clone)]
pub struct Browser {
    pub address: SocketAddr,
    pub cookie: Option<String>,
}

impl Browser {
    /// Calls a server function.
    pub fn post(&self, function: &str, arguments: &[(&str, &str)]) -> Reply {
        self.send(
            "POST",
            &format!("/api/{function}"),
            FORM,
            form(arguments).as_bytes(),
        )
        .expect("an answer")
    }

    /// Sends a request and waits for the whole answer.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn send(&self, method: &str, path: &str, headers: &str, body: &[u8]) -> std::io::Result<Reply> {
        let cookie = self.cookie.as_ref();
        let cookie = cookie.map_or_else(String::new, |cookie| format!("Cookie: {cookie}\r\n"));
        let (what, headers) = (format!("{method} {path}"), format!("{cookie}{headers}"));
        send(self.address, &what, &headers, body, Duration::from_secs(20))
    }

    /// Logs in, and takes the cookie if there is one.
    pub fn log_in(&self, login: &str, password: &str, end_other: bool) -> (Reply, Self) {
        let end_other = end_other.to_string();
        let form = [
            ("login", login),
            ("password", password),
            ("end_other", &end_other),
        ];
        let reply = self.post("log_in", &form);
        let cookie = reply.cookie().or(self.cookie.clone());
        (
            reply,
            Self {
                cookie,
                ..self.clone()
            },
        )
    }

    /// The same browser before another server.
    fn before(&self, server: &Server) -> Self {
        Self {
            address: server.address,
            ..self.clone()
        }
    }

    /// The login of who is logged in.
    fn who(&self) -> Value {
        self.post("me", &[]).ok()["login"].clone()
    }
}

const PASSWORD: &str = "correct horse battery";

/// A portal in which everybody has a password.
async fn portal(engine: Engine, text: &str) -> TestPortal {
    let portal = TestPortal::start(engine, text).await;
    portal.set_passwords(PASSWORD).await;
    portal
}

async fn logins_outlive_a_server_that_was_killed(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let start = || Server::start(&portal, portal.address(), &[]);
    let server = start();
    let (answer, ann) = server.browser().log_in("ann", PASSWORD, false);
    answer.ok();
    // Heard, and not written yet.
    ann.post("beat", &[("tab", "1"), ("idle", "0")]).ok();
    server.kill();
    let server = start();
    let ann = ann.before(&server);
    assert_eq!(ann.who(), "ann");
    // The server has heard nobody yet: the tab may well be open.
    let (answer, _) = server.browser().log_in("ann", PASSWORD, true);
    assert_eq!(answer.status, 409);
    assert_eq!(answer.json()["Refused"]["LoggedInAlready"]["tab"], "open");
    server.kill();
    // Instead of waiting, what is written moves into the past: she did nothing for as long as people may.
    portal
        .run(&format!(
            "UPDATE sessions SET active_at = active_at - {}",
            IDLE.as_millis()
        ))
        .await;
    let server = start();
    assert_eq!(ann.before(&server).post("me", &[]).ok(), json!(null));
    server.browser().log_in("ann", PASSWORD, false).0.ok();
}

async fn what_was_answered_outlives_a_server_that_was_killed(engine: Engine) {
    let people: String = (0..8).map(|n| format!(" @p{n}\n")).collect();
    let portal = portal(engine, &format!("@isv^\nTeam/\n{people}")).await;
    for round in 0..5 {
        portal
            .run("UPDATE sessions SET ended_at = begun_at, end_reason = 'logged_out' WHERE ended_at IS NULL")
            .await;
        let server = Server::start(&portal, portal.address(), &[]);
        let (tell, told) = mpsc::channel();
        for n in 0..8 {
            let (browser, tell) = (server.browser(), tell.clone());
            std::thread::spawn(move || {
                let login = format!("p{n}");
                let form = form(&[("login", &login), ("password", PASSWORD)]);
                if let Ok(reply) = browser.send("POST", "/api/log_in", FORM, form.as_bytes()) {
                    let _ = tell.send((login, reply));
                }
            });
        }
        drop(tell);
        // Killed after some of the answers, while others are on their way.
        let mut answered: Vec<_> = told.iter().take(1 + round).collect();
        server.kill();
        answered.extend(told.iter());
        assert!(answered.len() > round, "in round {round}");
        let server = Server::start(&portal, portal.address(), &[]);
        for (login, reply) in answered {
            assert_eq!(reply.status, 200, "{reply:?}");
            let browser = Browser {
                cookie: reply.cookie(),
                ..server.browser()
            };
            assert_eq!(browser.who(), login.as_str(), "in round {round}");
        }
    }
}

/// With a simulated clock: what was heard is lost with the server, and the next one begins to listen.
async fn a_killed_server_keeps_nobody_out_for_longer_than_a_tab_may_be_silent(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n @ann\n").await;
    let ann = portal.client("ann").await;
    // At work for longer than people may do nothing; the server writes what it hears every three ticks.
    for _ in 0..IDLE.as_secs() / 15 + 4 {
        ann.post("beat", &[("tab", "1"), ("idle", "0")]).await.ok();
        portal.portal.sessions.save().await.unwrap();
        portal.pass(ms(15_000));
    }
    ann.post("beat", &[("tab", "1"), ("idle", "0")]).await.ok();
    let log_in = async |portal: &TestPortal| {
        let form = [("login", "ann"), ("password", PASSWORD), ("end_other", "true")];
        portal.without_attempts().nobody().post("log_in", &form).await
    };
    // Killed twice: what the first one heard last was never written.
    let mut running = portal.clone();
    for _ in 0..2 {
        running.pass(GONE / 2);
        running = running.with(|_| {}).await;
        let again = Client {
            cookie: ann.cookie.clone(),
            ..running.nobody()
        };
        assert_eq!(again.post("me", &[]).await.ok()["login"], "ann");
        running.pass(GONE - ms(2_000));
        assert_eq!(log_in(&running).await.status, 409, "its tab may be open");
    }
    running.pass(ms(2_000));
    log_in(&running).await.ok();
}
