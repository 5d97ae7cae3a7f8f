//! An identity provider of the tests' own, over the network: honest at first, and hostile as each test has it.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Form, Json, Router,
    extract::State,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use base64::{
    Engine as _,
    engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
};
use ed25519_dalek::{Signer, SigningKey};
use hmac::{Hmac, KeyInit, Mac};
use http::{HeaderMap, StatusCode, header};
use license_portal::store::sources::Sources;
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio::{net::TcpListener, task::JoinHandle};

/// What the provider gave the portal.
pub const CLIENT: &str = "portal-of-tests";
/// The secret beside it.
pub const CLIENT_SECRET: &str = "canary-client-secret-61";

/// How something is signed that should be signed by a key of the provider.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Signed {
    /// By the key that it publishes.
    Honestly,
    /// By a key of somebody else, under the name of its own.
    ByStranger,
    /// Not at all.
    None,
    /// With the secret of the client, which others may have.
    WithSecret,
    /// With the public key as if it were a secret.
    WithPublicKey,
}

/// Where it lies.
#[derive(Debug, Clone)]
pub struct Lies {
    pub signed: Signed,
    /// Claims in the place of the right ones; null takes one away.
    pub claims: Value,
    /// What its discovery calls it.
    pub issuer: Option<String>,
    /// Who says, in the address, that it sent the person back.
    pub iss: Option<String>,
    /// It says that it names itself, and does not.
    pub silent: bool,
    /// It takes every code, as often as it comes, from whomever.
    pub careless: bool,
    /// How long each answer takes.
    pub delay: Duration,
    /// How much stands in each answer besides, in bytes.
    pub ballast: usize,
    /// Where it redirects instead of answering.
    pub redirect: Option<String>,
}

impl Default for Lies {
    fn default() -> Self {
        Self {
            signed: Signed::Honestly,
            claims: json!({}),
            issuer: None,
            iss: None,
            silent: false,
            careless: false,
            delay: Duration::ZERO,
            ballast: 0,
            redirect: None,
        }
    }
}

struct Granted {
    nonce: String,
    challenge: String,
    back: String,
    person: Value,
}

struct Inner {
    key: SigningKey,
    name_of_key: String,
    published: Vec<(String, [u8; 32])>,
    granted: HashMap<String, Granted>,
    codes: usize,
    person: Value,
    lies: Lies,
    discovered: usize,
    redeemed: usize,
}

/// The provider.
#[derive(Clone)]
pub struct Provider {
    /// Its address, by which it calls itself.
    pub issuer: String,
    inner: Arc<Mutex<Inner>>,
    sources: Sources,
    _server: Arc<Stopped>,
}

struct Stopped(JoinHandle<()>);

impl Drop for Stopped {
    fn drop(&mut self) {
        self.0.abort();
    }
}

impl Provider {
    /// Begins to listen on this machine; the time is that of the sources.
    pub async fn start(sources: Sources) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let issuer = format!("http://{}", listener.local_addr().expect("an address"));
        let key = SigningKey::from_bytes(&[11; 32]);
        let inner = Inner {
            published: vec![("first".to_owned(), key.verifying_key().to_bytes())],
            key,
            name_of_key: "first".to_owned(),
            granted: HashMap::new(),
            codes: 0,
            person: json!({ "sub": "ann-there" }),
            lies: Lies::default(),
            discovered: 0,
            redeemed: 0,
        };
        let inner = Arc::new(Mutex::new(inner));
        let state = (issuer.clone(), Arc::clone(&inner), sources.clone());
        let router = Router::new()
            .route("/.well-known/openid-configuration", get(discovery))
            .route("/keys", get(keys))
            .route("/token", post(token))
            .with_state(state);
        let server = tokio::spawn(async move {
            axum::serve(listener, router).await.expect("the provider serves");
        });
        Self {
            issuer,
            inner,
            sources,
            _server: Arc::new(Stopped(server)),
        }
    }

    /// From now on it lies like that.
    pub fn lie(&self, lies: Lies) {
        self.inner.lock().unwrap().lies = lies;
    }

    /// Whom it signs in from now on, by their claims.
    pub fn person(&self, claims: Value) {
        self.inner.lock().unwrap().person = claims;
    }

    /// It signs with another key from now on, and publishes that alone.
    pub fn rotate(&self, name: &str, seed: u8) {
        let mut inner = self.inner.lock().unwrap();
        inner.key = SigningKey::from_bytes(&[seed; 32]);
        inner.published = vec![(name.to_owned(), inner.key.verifying_key().to_bytes())];
        inner.name_of_key = name.to_owned();
    }

    /// It signs with a key that it does not publish.
    pub fn hide_key(&self, name: &str) {
        self.inner.lock().unwrap().name_of_key = name.to_owned();
    }

    /// How often it was asked what it publishes, and for codes.
    pub fn asked(&self) -> (usize, usize) {
        let inner = self.inner.lock().unwrap();
        (inner.discovered, inner.redeemed)
    }

    /// The person signs in there and is sent back: what their browser asks of the portal then.
    pub fn authorize(&self, address: &str) -> String {
        let query = address
            .strip_prefix(&format!("{}/authorize?", self.issuer))
            .unwrap_or_else(|| panic!("{address} is not of {}", self.issuer));
        let asked = pairs(query);
        assert_eq!(
            (asked["response_type"].as_str(), asked["client_id"].as_str()),
            ("code", CLIENT)
        );
        assert_eq!(asked["code_challenge_method"], "S256");
        assert!(asked["scope"].split(' ').any(|scope| scope == "openid"));
        assert!(
            asked["state"].len() >= 43 && asked["nonce"].len() >= 43,
            "{address}"
        );
        let mut inner = self.inner.lock().unwrap();
        inner.codes += 1;
        let code = format!("code-{}", inner.codes);
        let granted = Granted {
            nonce: asked["nonce"].clone(),
            challenge: asked["code_challenge"].clone(),
            back: asked["redirect_uri"].clone(),
            person: inner.person.clone(),
        };
        inner.granted.insert(code.clone(), granted);
        let iss = inner.lies.iss.clone().unwrap_or_else(|| self.issuer.clone());
        let iss = if inner.lies.silent {
            String::new()
        } else {
            format!("&iss={}", super::client::encoded(&iss))
        };
        let path = asked["redirect_uri"]
            .splitn(4, '/')
            .nth(3)
            .expect("a path")
            .to_owned();
        format!("/{path}?code={code}&state={}{iss}", asked["state"])
    }

    /// The person does not want to.
    pub fn decline(&self, address: &str) -> String {
        let back = self.authorize(address);
        let (path, query) = back.split_once('?').unwrap();
        let of = pairs(query);
        format!(
            "{path}?error=access_denied&state={}&iss={}",
            of["state"],
            super::client::encoded(&self.issuer)
        )
    }

    /// Its clock, in seconds.
    pub fn now(&self) -> i64 {
        self.sources.now().as_second()
    }
}

/// The pairs of a query.
pub fn pairs(query: &str) -> HashMap<String, String> {
    let text = |text: &str| {
        let bytes = text.replace('+', " ");
        let mut read = Vec::new();
        let mut rest = bytes.bytes();
        while let Some(byte) = rest.next() {
            if byte == b'%' {
                let digits = [rest.next().unwrap(), rest.next().unwrap()];
                read.push(u8::from_str_radix(std::str::from_utf8(&digits).unwrap(), 16).unwrap());
            } else {
                read.push(byte);
            }
        }
        String::from_utf8(read).unwrap()
    };
    let pair = |pair: &str| {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        (text(name), text(value))
    };
    query.split('&').map(pair).collect()
}

type Shared = (String, Arc<Mutex<Inner>>, Sources);

/// What an answer is like beside what stands in it.
async fn answered(inner: &Arc<Mutex<Inner>>, mut body: Value) -> Response {
    let lies = inner.lock().unwrap().lies.clone();
    tokio::time::sleep(lies.delay).await;
    if let Some(to) = lies.redirect {
        return (StatusCode::FOUND, [(header::LOCATION, to)]).into_response();
    }
    if lies.ballast > 0 {
        body["ballast"] = "x".repeat(lies.ballast).into();
    }
    Json(body).into_response()
}

async fn discovery(State((issuer, inner, _)): State<Shared>) -> Response {
    let called = {
        let mut inner = inner.lock().unwrap();
        inner.discovered += 1;
        inner.lies.issuer.clone().unwrap_or_else(|| issuer.clone())
    };
    let body = json!({
        "issuer": called,
        "authorization_endpoint": format!("{issuer}/authorize"),
        "token_endpoint": format!("{issuer}/token"),
        "jwks_uri": format!("{issuer}/keys"),
        "end_session_endpoint": format!("{issuer}/leave"),
        "response_types_supported": ["code"],
        "subject_types_supported": ["public"],
        // What it offers is not what the portal takes.
        "id_token_signing_alg_values_supported": ["EdDSA", "HS256", "none"],
        "authorization_response_iss_parameter_supported": true,
    });
    answered(&inner, body).await
}

async fn keys(State((_, inner, _)): State<Shared>) -> Response {
    let key = |(name, key): &(String, [u8; 32])| {
        json!({
            "kty": "OKP", "crv": "Ed25519", "use": "sig", "alg": "EdDSA", "kid": name,
            "x": URL_SAFE_NO_PAD.encode(key),
        })
    };
    let keys: Vec<Value> = inner.lock().unwrap().published.iter().map(key).collect();
    answered(&inner, json!({ "keys": keys })).await
}

fn refused() -> Response {
    (StatusCode::BAD_REQUEST, Json(json!({ "error": "invalid_grant" }))).into_response()
}

async fn token(
    State((issuer, inner, sources)): State<Shared>,
    headers: HeaderMap,
    Form(form): Form<HashMap<String, String>>,
) -> Response {
    let token = {
        let mut inner = inner.lock().unwrap();
        inner.redeemed += 1;
        let shown = format!("Basic {}", STANDARD.encode(format!("{CLIENT}:{CLIENT_SECRET}")));
        let authorization = headers
            .get(header::AUTHORIZATION)
            .map(|value| value.to_str().unwrap());
        if authorization != Some(&shown) || form["grant_type"] != "authorization_code" {
            return refused();
        }
        let careless = inner.lies.careless;
        let granted = if careless {
            inner.granted.get(&form["code"]).map(|granted| Granted {
                nonce: granted.nonce.clone(),
                challenge: granted.challenge.clone(),
                back: granted.back.clone(),
                person: granted.person.clone(),
            })
        } else {
            inner.granted.remove(&form["code"])
        };
        let Some(granted) = granted else {
            return refused();
        };
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(form["code_verifier"].as_bytes()));
        if !careless && (challenge != granted.challenge || form["redirect_uri"] != granted.back) {
            return refused();
        }
        let now = sources.now().as_second();
        let mut claims = json!({
            "iss": issuer, "aud": CLIENT, "iat": now, "exp": now + 300, "nonce": granted.nonce,
        });
        for from in [&granted.person, &inner.lies.claims] {
            for (name, value) in from.as_object().unwrap() {
                if value.is_null() {
                    claims.as_object_mut().unwrap().remove(name);
                } else {
                    claims[name] = value.clone();
                }
            }
        }
        signed(&inner, &claims)
    };
    let body = json!({ "access_token": "x", "token_type": "Bearer", "expires_in": 60, "id_token": token });
    answered(&inner, body).await
}

fn signed(inner: &Inner, claims: &Value) -> String {
    let algorithm = match inner.lies.signed {
        Signed::Honestly | Signed::ByStranger => "EdDSA",
        Signed::None => "none",
        Signed::WithSecret | Signed::WithPublicKey => "HS256",
    };
    let header = json!({ "alg": algorithm, "kid": inner.name_of_key, "typ": "JWT" });
    let part = |value: &Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let text = format!("{}.{}", part(&header), part(claims));
    let mac = |key: &[u8]| {
        let mut mac = Hmac::<Sha256>::new_from_slice(key).expect("a key");
        mac.update(text.as_bytes());
        mac.finalize().into_bytes().to_vec()
    };
    let signature = match inner.lies.signed {
        Signed::Honestly => inner.key.sign(text.as_bytes()).to_bytes().to_vec(),
        Signed::ByStranger => SigningKey::from_bytes(&[99; 32])
            .sign(text.as_bytes())
            .to_bytes()
            .to_vec(),
        Signed::None => Vec::new(),
        Signed::WithSecret => mac(CLIENT_SECRET.as_bytes()),
        Signed::WithPublicKey => mac(&inner.published[0].1),
    };
    format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature))
}
