//! A receiver of webhooks, over the network: it keeps what it gets, and answers what it is told to.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex},
    time::Duration,
};

use axum::{
    Router,
    body::{Body, to_bytes},
    extract::Request,
    response::Response,
    routing::any,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use ed25519_dalek::Signature;
use http::{HeaderMap, Method};
use jose::JwkSet;
use serde_json::Value;
use tokio::{net::TcpListener, task::JoinHandle};

use crate::support::portal::TestPortal;

/// A message as it came.
#[derive(Debug, Clone)]
pub struct Got {
    pub method: Method,
    pub path: String,
    headers: HeaderMap,
    pub body: String,
}

impl Got {
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub fn id(&self) -> &str {
        self.header("webhook-id")
    }

    pub fn json(&self) -> Value {
        serde_json::from_str(&self.body).expect("a message is JSON")
    }

    /// What kind of event it tells.
    pub fn kind(&self) -> String {
        self.json()["type"].as_str().unwrap().to_owned()
    }

    /// Whether one of these keys signed it, by the specification of Standard Webhooks.
    pub fn is_signed(&self, keys: &JwkSet) -> bool {
        let Some(key) = keys.key(self.header("webhook-key-id")) else {
            return false;
        };
        let signature = self.header("webhook-signature").strip_prefix("v1a,");
        let signature = STANDARD.decode(signature.expect("a signature")).expect("base64");
        let signature = Signature::from_slice(&signature).expect("a signature of Ed25519");
        let signed = format!("{}.{}.{}", self.id(), self.header("webhook-timestamp"), self.body);
        key.verify_strict(signed.as_bytes(), &signature).is_ok()
    }
}

/// What it answers with.
#[derive(Debug, Clone)]
pub enum Say {
    /// A status, and perhaps a header.
    Status(u16, Option<(&'static str, String)>),
    /// Nothing at all.
    Nothing,
}

/// The receiver; gone when it is dropped.
pub struct Receiver {
    pub url: String,
    got: Arc<Mutex<Vec<Got>>>,
    says: Arc<Mutex<VecDeque<Say>>>,
    always: Arc<Mutex<Say>>,
    serving: JoinHandle<()>,
}

impl Drop for Receiver {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

impl Receiver {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
        let url = format!("http://{}/hook", listener.local_addr().unwrap());
        let got = Arc::<Mutex<Vec<Got>>>::default();
        let says = Arc::<Mutex<VecDeque<Say>>>::default();
        let always = Arc::new(Mutex::new(Say::Status(204, None)));
        let (keeping, next, otherwise) = (Arc::clone(&got), Arc::clone(&says), Arc::clone(&always));
        let answer = move |request: Request| {
            let (keeping, next, otherwise) =
                (Arc::clone(&keeping), Arc::clone(&next), Arc::clone(&otherwise));
            async move {
                let (parts, body) = request.into_parts();
                let body = to_bytes(body, usize::MAX).await.expect("a body");
                keeping.lock().unwrap().push(Got {
                    method: parts.method,
                    path: parts.uri.to_string(),
                    headers: parts.headers,
                    body: String::from_utf8(body.to_vec()).expect("UTF-8"),
                });
                let say = next.lock().unwrap().pop_front();
                let say = say.unwrap_or_else(|| otherwise.lock().unwrap().clone());
                match say {
                    Say::Status(status, header) => {
                        let mut response = Response::builder().status(status);
                        if let Some((name, value)) = header {
                            response = response.header(name, value);
                        }
                        response.body(Body::empty()).unwrap()
                    }
                    Say::Nothing => std::future::pending().await,
                }
            }
        };
        let router = Router::new().fallback(any(answer));
        let serving = tokio::spawn(async move { axum::serve(listener, router).await.unwrap() });
        Self {
            url,
            got,
            says,
            always,
            serving,
        }
    }

    /// It answers like this next.
    pub fn says(&self, say: Say) {
        self.says.lock().unwrap().push_back(say);
    }

    /// It answers with that status from now on.
    pub fn always(&self, say: Say) {
        *self.always.lock().unwrap() = say;
    }

    /// All that it got, in order.
    pub fn got(&self) -> Vec<Got> {
        self.got.lock().unwrap().clone()
    }

    /// The kinds of all that it got.
    pub fn kinds(&self) -> Vec<String> {
        self.got().iter().map(Got::kind).collect()
    }

    /// Forgets what it got, and says what it was.
    pub fn take(&self) -> Vec<Got> {
        std::mem::take(&mut self.got.lock().unwrap())
    }

    /// Waits until it got so many messages.
    pub async fn has(&self, count: usize) -> Vec<Got> {
        for _ in 0..3_000 {
            let got = self.got();
            if got.len() >= count {
                return got;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("there are no {count} messages: {:?}", self.got());
    }
}

/// The keys that the portal publishes.
pub async fn keys(portal: &TestPortal) -> JwkSet {
    let answer = portal.nobody().get("/.well-known/jwks.json").await;
    serde_json::from_slice(&answer.body).expect("keys")
}
