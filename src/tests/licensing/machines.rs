//! A headless machine: a credential file, and requests without cookies.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::STANDARD};
use domain::ids::ContainerId;
use ed25519_dalek::SigningKey;
use http::{Method, Request, header};
use jiff::Timestamp;
use jose;
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client, form},
    portal::{BEGIN_MS, TestPortal},
};

/// The address that portals in tests tell machines.
pub const URL: &str = "https://portal.example.org";

/// What asks for an access token.
const ASSERTION: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// A machine with a credential file.
#[derive(Clone)]
pub struct Machine {
    pub client: Client,
    pub file: Value,
    pub key: SigningKey,
    pub token: String,
}

/// The key in a credential file, as any reader of PKCS#8 would find it.
pub fn private_key(file: &Value) -> SigningKey {
    let pem = file["private_key"].as_str().unwrap();
    let lines: Vec<&str> = pem.lines().collect();
    assert_eq!(lines.len(), 3, "one line between the two of PEM");
    let der = STANDARD.decode(lines[1]).unwrap();
    SigningKey::from_bytes(der[16..].try_into().unwrap())
}

impl Machine {
    /// With that file, and without a token.
    pub fn with_file(client: Client, text: &str) -> Self {
        let file: Value = serde_json::from_str(text).unwrap();
        let key = private_key(&file);
        Self {
            client,
            file,
            key,
            token: String::new(),
        }
    }

    /// The same machine, asking another server.
    pub fn at(&self, portal: &TestPortal) -> Self {
        Self {
            client: portal.nobody(),
            ..self.clone()
        }
    }

    pub fn key_id(&self) -> &str {
        self.file["key_id"].as_str().unwrap()
    }

    /// The claims of an assertion of this moment.
    pub fn claims(&self, now: Timestamp) -> Value {
        static NUMBER: std::sync::atomic::AtomicU64 = std::sync::atomic::AtomicU64::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        json!({
            "iss": self.key_id(), "sub": self.key_id(), "aud": format!("{URL}/oauth/token"),
            "iat": now.as_second(), "exp": now.as_second() + 60, "jti": format!("jti-{number}"),
        })
    }

    /// A signed assertion.
    pub fn assertion(&self, claims: &Value) -> String {
        jose::sign("JWT", self.key_id(), claims, &self.key).unwrap()
    }

    /// What comes back for an assertion.
    pub async fn present(&self, assertion: &str) -> Answer {
        let fields = [
            ("grant_type", "client_credentials"),
            ("client_assertion_type", ASSERTION),
            ("client_assertion", assertion),
        ];
        let request = self.client.request(Method::POST, "/oauth/token");
        self.client
            .send(request.body(form(&fields).into()).unwrap())
            .await
    }

    /// Gets an access token.
    pub async fn log_in(&mut self, portal: &TestPortal) -> Answer {
        let claims = self.claims(portal.store.sources.now());
        let answer = self.present(&self.assertion(&claims)).await;
        if answer.status == 200 {
            answer.json()["access_token"]
                .as_str()
                .unwrap()
                .clone_into(&mut self.token);
        }
        answer
    }

    /// Sends a request with the access token.
    pub async fn send(&self, method: Method, path: &str, body: Option<&Value>, key: Option<&str>) -> Answer {
        let mut request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        if let Some(key) = key {
            request = request.header("idempotency-key", key);
        }
        let body = match body {
            Some(body) => {
                request = request.header(header::CONTENT_TYPE, "application/json");
                Body::from(body.to_string())
            }
            None => Body::empty(),
        };
        self.client.send(request.body(body).unwrap()).await
    }

    pub async fn get(&self, path: &str) -> Answer {
        self.send(Method::GET, path, None, None).await
    }

    pub async fn delete(&self, path: &str) -> Answer {
        self.send(Method::DELETE, path, None, None).await
    }

    /// Asks for a floating licence.
    pub async fn acquire(&self, product: &str, holder: &str, key: &str) -> Answer {
        let body = json!({ "product": product, "holder": holder });
        self.send(Method::POST, "/api/v1/leases", Some(&body), Some(key))
            .await
    }

    pub async fn renew(&self, lease: &str) -> Answer {
        self.send(Method::POST, &format!("/api/v1/leases/{lease}/renew"), None, None)
            .await
    }

    pub async fn release(&self, lease: &str) -> Answer {
        self.delete(&format!("/api/v1/leases/{lease}")).await
    }

    /// Asks for a node-locked licence.
    pub async fn bind(&self, product: &str, fingerprint: &str) -> Answer {
        let body = json!({ "product": product, "fingerprint": fingerprint, "name": "a machine" });
        self.send(Method::POST, "/api/v1/nodes", Some(&body), None).await
    }
}

impl Answer {
    /// Status and last segment of the type of an answer that must be a problem.
    #[track_caller]
    pub fn problem(&self) -> String {
        assert_eq!(
            self.header("content-type"),
            "application/problem+json",
            "{} {}",
            self.status,
            self.text()
        );
        let problem = self.json();
        assert_eq!(problem["status"], self.status);
        let kind = problem["type"].as_str().unwrap();
        let slug = kind.strip_prefix(&format!("{URL}/problems/")).unwrap();
        format!("{} {slug}", self.status)
    }

    /// The id in an answer that must be a success.
    #[track_caller]
    pub fn id(&self) -> String {
        assert!(
            (200..300).contains(&self.status),
            "{} {}",
            self.status,
            self.text()
        );
        self.json()["id"].as_str().unwrap().to_owned()
    }
}

impl TestPortal {
    /// A container of somebody, written behind the portal's back.
    pub async fn make_container(&self, login: &str, name: &str) -> ContainerId {
        let id = ContainerId(self.store.sources.fresh_id());
        let user = self.person(login);
        self.run(&format!(
            "INSERT INTO containers (id, user_id, kind, name, folded, created_at)
             VALUES ({id}, {user}, 'cloud', '{name}', lower('{name}'), {BEGIN_MS})"
        ))
        .await;
        id
    }

    /// So many of a product of its own, granted by the ticket and activated in the container, written behind the portal's
    /// back. `more` sets other columns of the licence.
    pub async fn activate(
        &self,
        ticket: &str,
        container: ContainerId,
        article: &str,
        quantity: u32,
        more: &str,
    ) -> i64 {
        let fresh = || self.store.sources.fresh_id();
        let (product, license, activation) = (fresh(), fresh(), fresh());
        let ticket = self.ticket(ticket);
        self.run(&format!(
            "INSERT INTO products (id, article, name, name_de, folded, features, created_at)
             VALUES ({product}, '{article}', 'Product {article}', 'Produkt {article}', 'product', 'fly\nswim', {BEGIN_MS})"
        ))
        .await;
        self.run(&format!(
            "INSERT INTO licenses (id, ticket_id, position, product_id, quantity, activated, started_at)
             VALUES ({license}, {ticket}, {license}, {product}, {quantity}, {quantity}, {BEGIN_MS})"
        ))
        .await;
        self.run(&format!(
            "INSERT INTO activations (id, license_id, container_id, quantity, state, begun_at)
             VALUES ({activation}, {license}, {container}, {quantity}, 'confirmed', {BEGIN_MS})"
        ))
        .await;
        if !more.is_empty() {
            self.run(&format!("UPDATE licenses SET {more} WHERE id = {license}"))
                .await;
        }
        license
    }

    /// What comes back when somebody has a credential file issued.
    pub async fn issue(&self, login: &str, container: ContainerId, fields: &[(&str, &str)]) -> Answer {
        self.download(login, &format!("/containers/{container}/credentials"), fields)
            .await
    }

    /// What comes back for a form that asks for a file.
    pub async fn download(&self, login: &str, path: &str, fields: &[(&str, &str)]) -> Answer {
        let browser = self.client(login).await;
        let request = browser.request(Method::POST, path);
        browser.send(request.body(form(fields).into()).unwrap()).await
    }

    /// A machine with a credential of the container, and an access token.
    pub async fn machine(&self, login: &str, container: ContainerId, label: &str) -> Machine {
        let file = self.issue(login, container, &[("label", label)]).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let mut machine = Machine::with_file(self.nobody(), &file.text());
        assert_eq!(machine.log_in(self).await.status, 200);
        machine
    }
}
