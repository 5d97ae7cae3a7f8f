//! The program, as processes that run, are killed and are asked over HTTP.

use std::{
    net::SocketAddr,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
    time::Duration,
};

use tempfile::TempDir;

pub use crate::support::running::Reply;
use crate::support::running::{FORM, Running, SITE, send};

/// What everybody of the demo data logs in with.
pub const PASSWORD: &str = "correct horse battery";

/// What the program is told of how sure a commit has to be; stands in it once.
const FULL: &[u8] = b"PRAGMA synchronous = FULL";
/// The same length, less sure.
const NORMAL: &[u8] = b"PRAGMA synchronous=NORMAL";

/// The program, and the folder it works in.
pub struct Program {
    path: PathBuf,
    folder: TempDir,
}

/// How the command ended, where that was no success: in its own words.
pub type Failed = String;

impl Program {
    /// The program that was built.
    pub fn built() -> Self {
        let Some(path) = std::env::var_os("PORTAL_BIN") else {
            panic!(
                "PORTAL_BIN is not set: run `.ci/server tested; export PORTAL_BIN=$PWD/target/debug/license-portal`"
            );
        };
        let folder = tempfile::tempdir().expect("a folder");
        let site = folder.path().join("site");
        std::fs::create_dir(&site).expect("a folder");
        std::fs::write(site.join("hash.txt"), SITE).expect("a file");
        Self {
            path: std::fs::canonicalize(&path).unwrap_or_else(|error| panic!("PORTAL_BIN={path:?}: {error}")),
            folder,
        }
    }

    /// A defect on purpose: the same program, but for `synchronous`, with which SQLite does not wait for the disk at the end of a transaction.
    pub fn that_does_not_wait_for_the_disk() -> Self {
        let mut program = Self::built();
        let mut bytes = std::fs::read(&program.path).expect("the program");
        let found: Vec<usize> = bytes
            .windows(FULL.len())
            .enumerate()
            .filter_map(|(at, window)| (window == FULL).then_some(at))
            .collect();
        assert_eq!(found.len(), 1, "the pragma stands in the program once");
        bytes[found[0]..found[0] + NORMAL.len()].copy_from_slice(NORMAL);
        let path = program.folder.path().join("license-portal");
        std::fs::copy(&program.path, &path).expect("a copy");
        std::fs::write(&path, bytes).expect("another program");
        program.path = path;
        program
    }

    fn command(&self) -> Command {
        let mut command = Command::new(&self.path);
        command
            .env_clear()
            .current_dir(self.folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    /// Runs a command of the program to its end.
    ///
    /// # Errors
    /// When it failed: what it said.
    pub fn run(&self, database: &str, arguments: &[&str]) -> Result<(), Failed> {
        let ran = self
            .command()
            .args(["--database", database])
            .args(arguments)
            .output();
        let Output { status, stderr, .. } = ran.expect("the program starts");
        let said = String::from_utf8_lossy(&stderr).into_owned();
        assert!(!said.contains("panicked"), "{arguments:?}: {said}");
        if status.success() {
            Ok(())
        } else {
            Err(format!("{arguments:?}: {status}: {said}"))
        }
    }

    /// Starts the server.
    ///
    /// # Errors
    /// When it ended instead: what it said.
    pub fn serve(&self, database: &str) -> Result<Server, Failed> {
        let mut serve = self.command();
        serve
            .args(["--database", database, "--log", "warn", "serve"])
            .args(["--listen", "127.0.0.1:0", "--site", "site"])
            .stdout(Stdio::null());
        match Running::start(&mut serve, Duration::from_secs(60)) {
            Ok(running) => Ok(Server(running)),
            Err(said) => Err(without_panic(said)),
        }
    }
}

/// What a server said, in which there is no panic.
fn without_panic(said: String) -> String {
    assert!(!said.contains("panicked"), "{said}");
    said
}

/// The address of a database in a folder.
pub fn database_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("portal.db").display())
}

/// A running server; killed when it is dropped.
pub struct Server(Running);

impl Server {
    /// SIGKILL. Returns all that was logged, in which there is no panic.
    pub fn kill(mut self) -> String {
        without_panic(self.0.kill())
    }

    /// Where to ask it.
    pub const fn address(&self) -> Address {
        Address(self.0.address)
    }

    /// Logs the ISV admin of the demo data in, and makes tokens with which to move tickets.
    pub fn tokens(&self, count: usize) -> Vec<String> {
        let address = self.address();
        let login = format!("login=isv-admin&password={}", PASSWORD.replace(' ', "%20"));
        let reply = address.send("/api/log_in", FORM, &login).expect("an answer");
        let cookie = reply.cookie().unwrap_or_else(|| panic!("a cookie: {reply:?}"));
        let make = |number| {
            let wish = format!(
                "name=t{number}&scopes[tickets]=write&days=300&present={}",
                PASSWORD.replace(' ', "%20")
            );
            let headers = format!("{FORM}Cookie: {cookie}\r\n");
            let reply = address
                .send("/api/create_token", &headers, &wish)
                .expect("an answer");
            assert_eq!(reply.status, 200, "{reply:?}");
            reply.json().as_str().expect("a token").to_owned()
        };
        (0..count).map(make).collect()
    }
}

/// Where a server listens.
#[derive(Debug, Clone, Copy)]
pub struct Address(SocketAddr);

impl Address {
    /// Posts something, and waits for the whole answer.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn send(self, path: &str, headers: &str, body: &str) -> std::io::Result<Reply> {
        let what = format!("POST {path}");
        send(self.0, &what, headers, body.as_bytes(), Duration::from_secs(60))
    }
}
