//! A portal of a few lines that speaks the protocol, and the program as its client.

use std::{
    collections::HashMap,
    io::{BufRead, BufReader, Read, Write},
    net::{TcpListener, TcpStream},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::{Arc, Mutex, MutexGuard},
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use ed25519_dalek::{
    SigningKey,
    pkcs8::{EncodePrivateKey, spki::der::pem::LineEnding},
};
use jiff::Timestamp;
use jose::{self, Jwk, NumericDate};
use serde_json::{Value, json};

/// Article number of the floating licence.
pub const FLOATING: &str = "CAD-1";
/// Article number of the licence that is bound to machines.
pub const NODE_LOCKED: &str = "SIM-9";
/// The container of the credential.
pub const CONTAINER: &str = "71";
const KEY_ID: &str = "72";

/// Seconds since 1970.
#[expect(
    clippy::disallowed_methods,
    reason = "the program under test has the machine's clock too"
)]
pub fn now() -> i64 {
    SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| i64::try_from(since.as_secs()).unwrap())
}

/// A moment, in seconds since 1970.
pub fn date(seconds: i64) -> NumericDate {
    Timestamp::from_second(seconds).unwrap().into()
}

/// What the portal does, and what it has seen.
pub struct State {
    /// Closes every connection unanswered.
    pub down: bool,
    /// So many leases are granted without anybody being told.
    pub lost_answers: u32,
    /// Answers like a proxy whose server is away.
    pub proxy_error: Option<u16>,
    /// The credential was revoked.
    pub revoked: bool,
    /// Leases are gone.
    pub lost: bool,
    /// So many requests for a lease find none free.
    pub busy: u32,
    /// `Retry-After` of those.
    pub retry_after: u64,
    /// Seconds for which a lease holds.
    pub lifetime: i64,
    /// Seconds after which it should be renewed.
    pub renew_after: u64,
    /// Signs licences.
    pub key: SigningKey,
    pub kid: String,
    /// Claims that are put over the right ones.
    pub claims: Value,
    /// Access tokens that are accepted.
    pub tokens: Vec<String>,
    /// Requests, in the order of their answers.
    pub seen: Vec<String>,
    /// Idempotency keys of requests for a lease.
    pub keys: Vec<String>,
    /// Everything that must not be shown.
    pub secrets: Vec<String>,
    address: String,
    assertions: Vec<String>,
    count: u64,
}

/// The portal. Its threads end with the tests.
pub struct Fake {
    /// Where it listens.
    pub address: String,
    state: Arc<Mutex<State>>,
    key: SigningKey,
    folder: PathBuf,
}

struct Asked {
    line: String,
    headers: HashMap<String, String>,
    body: String,
}

type Answer = (u16, Vec<(&'static str, String)>, Value);

fn problem(status: u16, kind: &str) -> Answer {
    let details = json!({"type": format!("/problems/{kind}"), "title": kind, "status": status, "detail": format!("it is {kind}")});
    (status, Vec::new(), details)
}

impl Fake {
    /// Starts it.
    pub fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let key = SigningKey::from_bytes(&random());
        let state = Arc::new(Mutex::new(State {
            down: false,
            lost_answers: 0,
            proxy_error: None,
            revoked: false,
            lost: false,
            busy: 0,
            retry_after: 1,
            lifetime: 600,
            renew_after: 300,
            key: SigningKey::from_bytes(&random()),
            kid: "portal-1".to_owned(),
            claims: json!({}),
            tokens: Vec::new(),
            seen: Vec::new(),
            keys: Vec::new(),
            secrets: vec![pem(&key).lines().nth(1).unwrap().to_owned()],
            address: address.clone(),
            assertions: Vec::new(),
            count: 0,
        }));
        let folder = std::env::temp_dir().join(format!(
            "license-client-{}",
            jose::thumbprint(&key.verifying_key())
        ));
        std::fs::create_dir(&folder).unwrap();
        let fake = Self {
            address: address.clone(),
            state: Arc::clone(&state),
            key: key.clone(),
            folder,
        };
        std::thread::spawn(move || {
            for stream in listener.incoming().map_while(Result::ok) {
                let (state, address, key) = (Arc::clone(&state), address.clone(), key.clone());
                std::thread::spawn(move || serve(stream, &state, &address, &key));
            }
        });
        fake.write("credential.json", &fake.credential().to_string());
        fake
    }

    /// What it does.
    pub fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap()
    }

    /// The content of a credential file.
    pub fn credential(&self) -> Value {
        let state = self.state();
        json!({
            "format": "license-portal/credential@1",
            "portal": self.address,
            "container": CONTAINER,
            "name": "Build machines / ci-1",
            "key_id": KEY_ID,
            "private_key": pem(&self.key),
            "portal_keys": [Jwk::new(state.kid.as_str(), &state.key.verifying_key())],
        })
    }

    /// A file only the owner can read.
    pub fn write(&self, name: &str, content: &str) -> PathBuf {
        use std::os::unix::fs::PermissionsExt;
        let path = self.folder.join(name);
        std::fs::write(&path, content).unwrap();
        std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o600)).unwrap();
        path
    }

    /// The program with the credential.
    pub fn program(&self, arguments: &[&str]) -> Command {
        let mut program = bare(arguments);
        program.env("LICENSE_CREDENTIAL", self.folder.join("credential.json"));
        program
    }

    /// What the program does, once it has ended.
    pub fn run(&self, arguments: &[&str]) -> Done {
        self.done(self.program(arguments).output().unwrap())
    }

    /// Starts the program, and waits until what it runs has written a line.
    pub fn started(&self, arguments: &[&str]) -> Running {
        Running::wait_for_a_line(self.program(arguments))
    }

    /// What came out, in which no secret is.
    pub fn done(&self, output: Output) -> Done {
        let done = Done {
            code: output.status.code(),
            out: String::from_utf8(output.stdout).unwrap(),
            err: String::from_utf8(output.stderr).unwrap(),
        };
        for secret in &self.state().secrets {
            assert!(
                !done.out.contains(secret) && !done.err.contains(secret),
                "{done:?}"
            );
        }
        done
    }

    /// How many requests began so.
    pub fn count(&self, start: &str) -> usize {
        self.state()
            .seen
            .iter()
            .filter(|line| line.starts_with(start))
            .count()
    }
}

impl Drop for Fake {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.folder);
    }
}

/// A running program.
pub struct Running {
    /// Its process.
    pub child: Child,
}

impl Running {
    /// Starts the program, and waits until what it runs has written a line.
    pub fn wait_for_a_line(mut program: Command) -> Self {
        let program = program.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut running = Self {
            child: program.spawn().unwrap(),
        };
        let mut byte = [0];
        while byte != *b"\n" {
            let read = running.child.stdout.as_mut().unwrap().read(&mut byte).unwrap();
            assert_eq!(read, 1, "it ended early: {:?}", running.child.wait_with_output());
        }
        running
    }

    /// Sends it a signal.
    pub fn signal(&self, signal: rustix::process::Signal) {
        rustix::process::kill_process(rustix::process::Pid::from_child(&self.child), signal).unwrap();
    }

    /// What it did, once it has ended.
    pub fn end(self, fake: &Fake) -> Done {
        fake.done(self.child.wait_with_output().unwrap())
    }
}

/// What the program did.
#[derive(Debug)]
pub struct Done {
    /// Its exit code.
    pub code: Option<i32>,
    /// Its standard output.
    pub out: String,
    /// Its standard error.
    pub err: String,
}

impl Done {
    /// It ended so, and said so.
    pub fn ends(&self, code: i32, says: &str) {
        assert_eq!(self.code, Some(code), "{self:?}");
        assert!(self.err.contains(says), "{says:?} in {self:?}");
    }
}

/// The program without a credential, and without what else is in the environment.
pub fn bare(arguments: &[&str]) -> Command {
    let mut program = Command::new(env!("CARGO_BIN_EXE_license-client"));
    program
        .args(arguments)
        .env_clear()
        .env("PATH", "/usr/bin:/bin")
        .stdin(Stdio::null());
    program
}

fn random() -> [u8; 32] {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).unwrap();
    bytes
}

fn pem(key: &SigningKey) -> String {
    key.to_pkcs8_pem(LineEnding::LF).unwrap().to_string()
}

fn serve(stream: TcpStream, state: &Mutex<State>, address: &str, key: &SigningKey) {
    // Whoever goes away in the middle is not served.
    let _ = exchange(stream, state, address, key);
}

fn exchange(
    mut stream: TcpStream,
    state: &Mutex<State>,
    address: &str,
    key: &SigningKey,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(5)))?;
    let mut reader = BufReader::new(stream.try_clone()?);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let mut headers = HashMap::new();
    loop {
        let mut header = String::new();
        reader.read_line(&mut header)?;
        let Some((name, value)) = header.trim().split_once(": ") else {
            break;
        };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers
        .get("content-length")
        .map_or(0, |length| length.parse().unwrap());
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let asked = Asked {
        line: line.trim_end_matches(" HTTP/1.1\r\n").to_owned(),
        headers,
        body: String::from_utf8(body).unwrap(),
    };
    let (status, headers, body) = {
        let mut state = state.lock().unwrap();
        if state.down {
            return Ok(());
        }
        let answer = match state.proxy_error {
            Some(status) => (
                status,
                vec![("content-type", "text/html".to_owned())],
                Value::Null,
            ),
            None => state.answer(&asked, address, key),
        };
        state.seen.push(format!("{} {}", asked.line, answer.0));
        if asked.line == "POST /api/v1/leases" && state.lost_answers > 0 {
            state.lost_answers -= 1;
            return Ok(());
        }
        answer
    };
    let body = if body.is_null() {
        String::new()
    } else {
        body.to_string()
    };
    write!(
        stream,
        "HTTP/1.1 {status} X\r\ncontent-length: {}\r\nconnection: close\r\n",
        body.len()
    )?;
    for (name, value) in headers {
        write!(stream, "{name}: {value}\r\n")?;
    }
    write!(stream, "\r\n{body}")
}

impl State {
    fn answer(&mut self, asked: &Asked, address: &str, key: &SigningKey) -> Answer {
        match asked.line.as_str() {
            "GET /.well-known/jwks.json" => {
                let keys = [Jwk::new(self.kid.as_str(), &self.key.verifying_key())];
                return (200, Vec::new(), json!({ "keys": keys }));
            }
            "POST /oauth/token" => return self.grant(&asked.body, address, key),
            _ => {}
        }
        let token = asked
            .headers
            .get("authorization")
            .and_then(|value| value.strip_prefix("Bearer "));
        if self.revoked || !token.is_some_and(|token| self.tokens.iter().any(|known| known == token)) {
            return problem(401, "unauthorized");
        }
        let body: Value = serde_json::from_str(&asked.body).unwrap_or_default();
        let done = (204, Vec::new(), Value::Null);
        match asked.line.as_str() {
            "GET /api/v1/container" => {
                let license = |id: &str, article: &str, binding: &str, state: &str| {
                    json!({
                        "id": id, "article": article, "product": format!("Product\u{1b}[31m {article}"), "features": ["a"],
                        "quantity": 2, "in_use": 1, "binding": binding, "valid_from": null,
                        "valid_until": "2030-01-01T00:00:00Z", "state": state
                    })
                };
                let licenses = [
                    license("1", FLOATING, "floating", "usable"),
                    license("2", NODE_LOCKED, "node_locked", "not_yet_valid"),
                ];
                (
                    200,
                    Vec::new(),
                    json!({"id": CONTAINER, "name": "Build machines", "licenses": licenses}),
                )
            }
            "POST /api/v1/leases" => {
                self.keys.push(asked.headers["idempotency-key"].clone());
                assert!(!body["holder"].as_str().unwrap().is_empty());
                match body["product"].as_str() {
                    Some(FLOATING) if self.busy > 0 => {
                        self.busy -= 1;
                        let (status, _, body) = problem(409, "no-license-free");
                        (status, vec![("retry-after", self.retry_after.to_string())], body)
                    }
                    Some(FLOATING) => (201, Vec::new(), self.lease()),
                    Some(NODE_LOCKED) => problem(409, "wrong-binding"),
                    Some("OLD") => problem(409, "license-not-valid"),
                    Some("WEIRD") => problem(409, "made-up-later"),
                    _ => problem(404, "no-such-license"),
                }
            }
            "POST /api/v1/leases/81/renew" if self.lost => problem(410, "lease-lost"),
            "POST /api/v1/leases/81/renew" => (200, Vec::new(), self.lease()),
            "DELETE /api/v1/leases/81" | "DELETE /api/v1/nodes/91" => done,
            "DELETE /api/v1/nodes/92" => problem(409, "no-returns-left"),
            "POST /api/v1/nodes" => match body["product"].as_str() {
                Some(NODE_LOCKED) if self.busy == 0 => {
                    assert!(!body["name"].as_str().unwrap().is_empty());
                    let file =
                        self.license("91", NODE_LOCKED, &json!({ "fingerprint": body["fingerprint"] }));
                    (
                        201,
                        Vec::new(),
                        json!({"id": "91", "license": "2", "fingerprint": body["fingerprint"], "file": file}),
                    )
                }
                Some(NODE_LOCKED) => problem(409, "no-license-free"),
                Some(FLOATING) => problem(409, "wrong-binding"),
                _ => problem(404, "no-such-license"),
            },
            _ => problem(404, "not-found"),
        }
    }

    /// As RFC 7523 has it, with the checks that the portal makes.
    fn grant(&mut self, form: &str, address: &str, key: &SigningKey) -> Answer {
        let form: HashMap<_, _> = form.split('&').filter_map(|pair| pair.split_once('=')).collect();
        assert_eq!(form["grant_type"], "client_credentials");
        assert_eq!(
            form["client_assertion_type"],
            "urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer"
        );
        let assertion = form["client_assertion"];
        self.secrets.push(assertion.to_owned());
        let known = |kid: &str| (kid == KEY_ID).then(|| key.verifying_key());
        let claims: Value = jose::verify(assertion, "JWT", known).unwrap();
        let [iat, exp] = ["iat", "exp"].map(|name| claims[name].as_i64().unwrap());
        let fits = claims["iss"] == KEY_ID
            && claims["sub"] == KEY_ID
            && claims["aud"] == format!("{address}/oauth/token")
            && exp - iat <= 300
            && jose::check_times(date(iat), date(exp), date(now()).timestamp()).is_ok();
        let jti = claims["jti"].as_str().unwrap().to_owned();
        assert!(fits && !self.assertions.contains(&jti), "{claims}");
        self.assertions.push(jti);
        if self.revoked {
            let earlier = "Sun, 22 Nov 2026 20:00:00 GMT".to_owned();
            return (401, vec![("date", earlier)], json!({"error": "invalid_client"}));
        }
        self.count += 1;
        let token = format!("access-token-{}", self.count);
        self.tokens.push(token.clone());
        self.secrets.push(token.clone());
        (
            200,
            Vec::new(),
            json!({"access_token": token, "token_type": "Bearer", "expires_in": 600}),
        )
    }

    fn lease(&mut self) -> Value {
        let token = self.license("81", FLOATING, &json!({}));
        self.secrets.push(token.clone());
        json!({
            "id": "81", "license": "1", "article": FLOATING, "product": "CAD", "features": [], "holder": "x",
            "expires_at": date(now() + self.lifetime).to_string(),
            "renew_after": self.renew_after, "token": token
        })
    }

    /// A signed licence.
    pub fn license(&self, id: &str, article: &str, more: &Value) -> String {
        let mut claims = json!({
            "iss": self.address, "aud": CONTAINER, "sub": "1", "jti": id, "iat": now(), "exp": now() + self.lifetime,
            "article": article, "product": "CAD", "features": ["solver"], "quantity": 1
        });
        for other in [more, &self.claims] {
            for (name, value) in other.as_object().unwrap() {
                claims[name] = value.clone();
            }
        }
        jose::sign("license+jwt", self.kid.as_str(), &claims, &self.key).unwrap()
    }
}
