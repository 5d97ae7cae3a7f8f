//! The program, as processes that run, are killed and are asked over HTTP.

use std::{
    io::{BufRead, BufReader, Read, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, mpsc},
    thread::JoinHandle,
    time::Duration,
};

use serde_json::Value;
use tempfile::TempDir;

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
        std::fs::write(site.join("hash.txt"), "js: 1\nwasm: 2\ncss: 3\n").expect("a file");
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
        let mut child = self
            .command()
            .args(["--database", database, "--log", "warn", "serve"])
            .args(["--listen", "127.0.0.1:0", "--site", "site"])
            .stdout(Stdio::null())
            .spawn()
            .expect("the program starts");
        let log = Arc::new(Mutex::new(String::new()));
        let (tell, told) = mpsc::channel();
        let lines = BufReader::new(child.stderr.take().expect("a log"));
        let writing = Arc::clone(&log);
        let reading = std::thread::spawn(move || {
            for line in lines.lines().map_while(Result::ok) {
                if let Some((_, address)) = line.split_once("License Portal: http://") {
                    let _ = tell.send(address.trim().parse().expect("an address"));
                }
                let mut log = writing.lock().unwrap();
                log.push_str(&line);
                log.push('\n');
            }
        });
        let mut server = Server {
            child,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            log,
            reading: Some(reading),
        };
        match told.recv_timeout(Duration::from_secs(60)) {
            Ok(address) => {
                server.address = address;
                Ok(server)
            }
            // It closed its log, or says nothing any more.
            Err(_) => Err(server.kill()),
        }
    }
}

/// The address of a database in a folder.
pub fn database_in(folder: &Path) -> String {
    format!("sqlite:{}", folder.join("portal.db").display())
}

/// A running server; killed when it is dropped.
pub struct Server {
    child: Child,
    address: SocketAddr,
    log: Arc<Mutex<String>>,
    reading: Option<JoinHandle<()>>,
}

impl Server {
    /// SIGKILL. Returns all that was logged, in which there is no panic.
    pub fn kill(mut self) -> String {
        self.end();
        let log = self.log.lock().unwrap().clone();
        assert!(!log.contains("panicked"), "{log}");
        log
    }

    fn end(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
        if let Some(reading) = self.reading.take() {
            let _ = reading.join();
        }
    }

    /// Where to ask it.
    pub const fn address(&self) -> Address {
        Address(self.address)
    }

    /// Logs the ISV admin of the demo data in, and makes tokens with which to move tickets.
    pub fn tokens(&self, count: usize) -> Vec<String> {
        let address = self.address();
        let login = format!("login=isv-admin&password={}", PASSWORD.replace(' ', "%20"));
        let reply = address.send("/api/log_in", FORM, &login).expect("an answer");
        let cookie = reply
            .head
            .lines()
            .find_map(|line| line.strip_prefix("set-cookie: "));
        let cookie = cookie.and_then(|cookie| cookie.split(';').next());
        let cookie = cookie.unwrap_or_else(|| panic!("a cookie: {reply:?}"));
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

impl Drop for Server {
    fn drop(&mut self) {
        self.end();
    }
}

/// What forms say they are.
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// Where a server listens.
#[derive(Debug, Clone, Copy)]
pub struct Address(SocketAddr);

/// What came back.
#[derive(Debug)]
pub struct Reply {
    pub status: u16,
    pub head: String,
    pub body: String,
}

impl Reply {
    /// The body, read as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|error| panic!("{error}: {self:?}"))
    }
}

impl Address {
    /// Posts something, and waits for the whole answer.
    ///
    /// # Errors
    /// When the server is gone.
    pub fn send(self, path: &str, headers: &str, body: &str) -> std::io::Result<Reply> {
        let mut stream = TcpStream::connect(self.0)?;
        stream.set_read_timeout(Some(Duration::from_secs(60)))?;
        // 1.0: the answer comes in one piece, and ends with the connection.
        let request = format!(
            "POST {path} HTTP/1.0\r\nHost: {}\r\nContent-Length: {}\r\n{headers}\r\n{body}",
            self.0,
            body.len()
        );
        stream.write_all(request.as_bytes())?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        let Some((head, body)) = answer.split_once("\r\n\r\n") else {
            return Err(std::io::ErrorKind::UnexpectedEof.into());
        };
        let status = head.split(' ').nth(1).and_then(|status| status.parse().ok());
        Ok(Reply {
            status: status.expect("a status"),
            head: head.to_owned(),
            body: body.to_owned(),
        })
    }
}
