//! The portal, as its REST protocol shows it to headless clients.

use std::{sync::Arc, time::Duration};

use jiff::{SignedDuration, Timestamp, fmt::rfc2822::DateTimeParser};
use jose::{self, InvalidToken, JwkSet, NumericDate};
use serde::{Deserialize, de::DeserializeOwned};
use serde_json::{Value, json};
use ureq::{
    Agent,
    http::{Method, Request, Uri, header::HeaderMap},
    tls::TlsConfig,
};

use crate::{
    certificates::trusted,
    credential::Credential,
    failure::{Exit, Failure, clean},
    licenses::{self, Claims},
    machine::{from_now, hex, now, random},
};

/// How long a request may take while nothing else is at stake.
pub const PATIENCE: Duration = Duration::from_secs(30);
/// Longest answer that is read, in bytes.
const MAX_ANSWER: u64 = 4 * 1024 * 1024;
/// How long an assertion can be used. Long enough for a slow network, and the protocol allows no more than five minutes.
const ASSERTION: SignedDuration = SignedDuration::from_secs(60);

/// Why the portal did not do what it was asked.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Refusal {
    /// It cannot be reached, or does not work: asking again later may help.
    Unreachable(String),
    /// It is asked too often.
    Busy(Option<Duration>),
    /// It does not accept the credential.
    Credential(String),
    /// It says no, and why.
    Problem(Problem),
}

/// Problem details (RFC 9457).
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Problem {
    /// Last segment of its type: what the protocol calls it.
    pub kind: String,
    /// The portal's words.
    pub detail: String,
    /// When to ask again, if the portal says so.
    pub retry_after: Option<Duration>,
}

impl Refusal {
    /// In words, after what was to be done.
    pub fn failure(self, credential: &Credential) -> Failure {
        let portal = &credential.portal;
        let (exit, message) = match self {
            Self::Unreachable(why) => (
                Exit::Unreachable,
                format!("{portal} {why}. Check the address and the network, or try again later"),
            ),
            Self::Busy(_) => (
                Exit::NoneFree,
                format!("{portal} is asked too often by this address or credential. Try again in a minute"),
            ),
            Self::Credential(why) => (
                Exit::Refused,
                format!(
                    "the portal refuses the credential {}{why}. It was revoked, disabled or replaced, or has expired: \
                     ask a group admin for a new credential file",
                    clean(&credential.key_id)
                ),
            ),
            Self::Problem(problem) => (
                Exit::NoLicense,
                format!("the portal refuses: {} ({})", problem.detail, problem.kind),
            ),
        };
        Failure::new(exit, message)
    }
}

/// Seconds for which one has to wait, if that is what the header says.
fn retry_after(headers: &HeaderMap) -> Option<Duration> {
    let seconds = headers.get("retry-after")?.to_str().ok()?.parse().ok()?;
    Some(Duration::from_secs(seconds))
}

struct Answer {
    status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Answer {
    fn read<T: DeserializeOwned>(&self) -> Result<T, Refusal> {
        // Serde's words quote the answer, and a token may stand in it.
        let read = if self.body.is_empty() {
            serde_json::from_str("null")
        } else {
            serde_json::from_slice(&self.body)
        };
        read.map_err(|_| {
            let what = "answers in a way this program does not understand: it may be too old for the portal";
            Refusal::Unreachable(what.to_owned())
        })
    }

    fn strange(&self) -> Refusal {
        let hint = match self.status {
            300..=399 => "; redirects are not followed, so the address may have changed",
            404 => "; is that the address of the portal?",
            _ => "",
        };
        Refusal::Unreachable(format!("answers with status {}{hint}", self.status))
    }

    /// What the answer says no with. Only the portal itself gives problems: what a proxy in front of it says when the
    /// portal is away is not taken for the portal's word.
    fn refusal(&self) -> Refusal {
        #[derive(Deserialize)]
        struct Details {
            r#type: String,
            #[serde(default)]
            title: String,
            #[serde(default)]
            detail: String,
        }
        match self.status {
            429 => return Refusal::Busy(retry_after(&self.headers)),
            400..=499 => {}
            _ => return self.strange(),
        }
        match serde_json::from_slice::<Details>(&self.body) {
            Ok(details) if details.r#type != "about:blank" => Refusal::Problem(Problem {
                kind: clean(details.r#type.rsplit('/').next().unwrap_or_default()),
                detail: clean(if details.detail.is_empty() {
                    &details.title
                } else {
                    &details.detail
                }),
                retry_after: retry_after(&self.headers),
            }),
            _ => self.strange(),
        }
    }
}

struct Token {
    text: String,
    /// Until when it is used.
    until: Timestamp,
}

/// A lease, as the portal grants it. Without `Debug`, because of the token.
#[derive(Deserialize)]
pub struct Lease {
    pub id: String,
    /// After how many seconds it should be renewed.
    pub renew_after: u64,
    /// The signed licence.
    pub token: String,
}

/// A machine that a licence is bound to.
#[derive(Deserialize)]
pub struct Node {
    pub id: String,
    /// The signed licence.
    pub file: String,
}

/// The portal of a credential.
pub struct Portal {
    agent: Agent,
    token: Option<Token>,
    /// Keys that were asked for, because the credential is older than them.
    newer_keys: Option<JwkSet>,
    /// Whose portal it is.
    pub credential: Arc<Credential>,
}

impl Portal {
    /// The portal of the credential; nothing is sent yet.
    ///
    /// # Errors
    /// When the certificates to be trusted cannot be read.
    pub fn new(credential: Credential) -> Result<Self, Failure> {
        let mut config = Agent::config_builder()
            .http_status_as_error(false)
            .max_redirects(0)
            .timeout_connect(Some(Duration::from_secs(10)))
            .user_agent(concat!("license-client/", env!("CARGO_PKG_VERSION")));
        if credential.portal.starts_with("https://") {
            config = config.tls_config(TlsConfig::builder().root_certs(trusted()?).build());
        }
        Ok(Self {
            agent: config.build().into(),
            token: None,
            newer_keys: None,
            credential: Arc::new(credential),
        })
    }

    /// Whether nobody on the way can read or alter what is sent.
    pub fn is_protected(&self) -> bool {
        let uri: Option<Uri> = self.credential.portal.parse().ok();
        let host = uri.as_ref().and_then(Uri::host).unwrap_or_default();
        let local = matches!(host, "localhost" | "127.0.0.1" | "[::1]");
        local || self.credential.portal.starts_with("https://")
    }

    fn send(
        &self,
        request: ureq::http::request::Builder,
        body: &[u8],
        patience: Duration,
    ) -> Result<Answer, Refusal> {
        let unreachable = |error: ureq::Error| {
            let why = match error {
                ureq::Error::HostNotFound => "cannot be found: the name is unknown".to_owned(),
                ureq::Error::Timeout(_) => "does not answer in time".to_owned(),
                other => format!("cannot be reached: {}", clean(&other.to_string())),
            };
            Refusal::Unreachable(why)
        };
        let request = request.body(body).map_err(|error| unreachable(error.into()))?;
        // A body, even an empty one, is only sent where one belongs.
        let sent = if request.method() == Method::POST {
            let request = self
                .agent
                .configure_request(request)
                .timeout_global(Some(patience))
                .build();
            self.agent.run(request)
        } else {
            let request = request.map(|_| ());
            let request = self
                .agent
                .configure_request(request)
                .timeout_global(Some(patience))
                .build();
            self.agent.run(request)
        };
        let (parts, body) = sent.map_err(unreachable)?.into_parts();
        let body = body
            .into_with_config()
            .limit(MAX_ANSWER)
            .read_to_vec()
            .map_err(unreachable)?;
        Ok(Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        })
    }

    fn request(&self, method: Method, path: &str) -> ureq::http::request::Builder {
        Request::builder()
            .method(method)
            .uri(format!("{}{path}", self.credential.portal))
    }

    /// The token in force, or a new one (RFC 7523, section 2.2).
    fn token(&mut self, fresh: bool, patience: Duration) -> Result<String, Refusal> {
        #[derive(Deserialize)]
        struct Granted {
            access_token: String,
            expires_in: u32,
        }
        if let Some(token) = self.token.as_ref().filter(|token| !fresh && now() < token.until) {
            return Ok(token.text.clone());
        }
        self.token = None;
        let key_id = &self.credential.key_id;
        let claims = json!({
            "iss": key_id,
            "sub": key_id,
            "aud": format!("{}/oauth/token", self.credential.portal),
            "iat": NumericDate::from(now()),
            "exp": NumericDate::from(from_now(ASSERTION)),
            "jti": hex(&random::<16>()),
        });
        let assertion = jose::sign("JWT", key_id.as_str(), &claims, &self.credential.key)
            .map_err(|error| Refusal::Unreachable(format!("cannot be asked: {error}")))?;
        // Nothing in an assertion has to be escaped.
        let form = format!(
            "grant_type=client_credentials\
             &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer\
             &client_assertion={assertion}"
        );
        let request = self
            .request(Method::POST, "/oauth/token")
            .header("content-type", "application/x-www-form-urlencoded")
            .header("accept", "application/json");
        let answer = self.send(request, form.as_bytes(), patience)?;
        match answer.status {
            200 => {}
            400 | 401 => return Err(refused(&answer)),
            _ => return Err(answer.refusal()),
        }
        let granted: Granted = answer.read()?;
        // Not to the last moment: the next request takes its time as well.
        let until = from_now(SignedDuration::from_millis(i64::from(granted.expires_in) * 900));
        self.token = Some(Token {
            text: granted.access_token.clone(),
            until,
        });
        Ok(granted.access_token)
    }

    fn ask<T: DeserializeOwned>(
        &mut self,
        method: &Method,
        path: &str,
        (body, key): (Option<&Value>, Option<&str>),
        patience: Duration,
    ) -> Result<T, Refusal> {
        let body = body.map(Value::to_string).unwrap_or_default();
        let mut fresh = false;
        loop {
            let token = self.token(fresh, patience)?;
            let mut request = self
                .request(method.clone(), path)
                .header("accept", "application/json, application/problem+json")
                .header("authorization", format!("Bearer {token}"));
            if !body.is_empty() {
                request = request.header("content-type", "application/json");
            }
            if let Some(key) = key {
                request = request.header("idempotency-key", key);
            }
            let answer = self.send(request, body.as_bytes(), patience)?;
            match answer.status {
                200..=299 => return answer.read(),
                401 if !fresh => fresh = true,
                401 => return Err(refused(&answer)),
                _ => return Err(answer.refusal()),
            }
        }
    }

    /// Whether the credential is accepted.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn log_in(&mut self) -> Result<(), Refusal> {
        self.token(true, PATIENCE).map(drop)
    }

    /// The container with its licences.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn container(&mut self) -> Result<Value, Refusal> {
        self.ask(&Method::GET, "/api/v1/container", (None, None), PATIENCE)
    }

    /// A lease. The same key twice gives the same lease.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn acquire(&mut self, product: &str, holder: &str, key: &str) -> Result<Lease, Refusal> {
        let body = json!({"product": product, "holder": holder});
        self.ask(
            &Method::POST,
            "/api/v1/leases",
            (Some(&body), Some(key)),
            PATIENCE,
        )
    }

    /// The same lease, for longer.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn renew(&mut self, lease: &str, patience: Duration) -> Result<Lease, Refusal> {
        let path = format!("/api/v1/leases/{}/renew", segment(lease)?);
        self.ask(&Method::POST, &path, (None, None), patience)
    }

    /// Gives a lease back.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn release(&mut self, lease: &str, patience: Duration) -> Result<(), Refusal> {
        let path = format!("/api/v1/leases/{}", segment(lease)?);
        self.ask::<Value>(&Method::DELETE, &path, (None, None), patience)
            .map(drop)
    }

    /// Binds a licence to a machine; the same machine twice gives the same node.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn activate(&mut self, product: &str, fingerprint: &str, name: &str) -> Result<Node, Refusal> {
        let body = json!({"product": product, "fingerprint": fingerprint, "name": name});
        self.ask(&Method::POST, "/api/v1/nodes", (Some(&body), None), PATIENCE)
    }

    /// Takes a licence away from a machine.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn deactivate(&mut self, node: &str) -> Result<(), Refusal> {
        let path = format!("/api/v1/nodes/{}", segment(node)?);
        self.ask::<Value>(&Method::DELETE, &path, (None, None), PATIENCE)
            .map(drop)
    }

    /// The keys that the portal signs licences with; asked without the credential.
    ///
    /// # Errors
    /// [`Refusal`].
    pub fn keys(&self) -> Result<JwkSet, Refusal> {
        let request = self.request(Method::GET, "/.well-known/jwks.json");
        let answer = self.send(request, &[], PATIENCE)?;
        match answer.status {
            200 => answer.read(),
            _ => Err(answer.refusal()),
        }
    }

    /// What a licence says that came from the portal. Keys that are younger than the credential are asked for, but only
    /// where nobody on the way can give others instead.
    ///
    /// # Errors
    /// Why the licence is not to be believed.
    pub fn open(&mut self, text: &str) -> Result<Claims, String> {
        let mut opened = licenses::open(text, &self.credential.portal_keys);
        if opened == Err(InvalidToken::UnknownKey)
            && let Some(keys) = &self.newer_keys
        {
            opened = licenses::open(text, keys);
        }
        if opened == Err(InvalidToken::UnknownKey) && self.is_protected() {
            let keys = self.newer_keys.insert(self.keys().unwrap_or_default());
            opened = licenses::open(text, keys);
        }
        let claims = opened.map_err(|error| error.to_string())?;
        claims.fits(&self.credential)?;
        Ok(claims)
    }
}

/// An id in a path: what the portal gave, or the user. Anything else than digits is no id.
fn segment(id: &str) -> Result<&str, Refusal> {
    if !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit()) {
        return Ok(id);
    }
    Err(Refusal::Problem(Problem {
        kind: "invalid-request".to_owned(),
        detail: format!("{:?} is not an id: ids consist of digits", clean(id)),
        retry_after: None,
    }))
}

/// Says by how much the clocks differ, because that looks just like a credential that is no longer valid.
fn refused(answer: &Answer) -> Refusal {
    #[derive(Deserialize)]
    struct Details {
        #[serde(alias = "error_description", alias = "detail")]
        description: String,
    }
    let mut why = String::new();
    if let Ok(details) = serde_json::from_slice::<Details>(&answer.body) {
        why = format!(" ({})", clean(&details.description));
    }
    let date = answer.headers.get("date").and_then(|date| date.to_str().ok());
    let date = date.and_then(|date| DateTimeParser::new().parse_timestamp(date).ok());
    let ahead = date.map_or(SignedDuration::ZERO, |date| now().duration_since(date));
    let seconds = ahead.as_secs().abs();
    if seconds > 60 {
        let direction = if ahead.is_positive() { "ahead of" } else { "behind" };
        why.push_str(&format!(
            "; the clock of this machine is {seconds} seconds {direction} the portal's"
        ));
    }
    Refusal::Credential(why)
}
