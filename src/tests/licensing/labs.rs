//! Machines without a network: what they write, and what becomes of it at the portal.

use axum::body::Body;
use ed25519_dalek::SigningKey;
use http::{Method, header};
use jiff::Timestamp;
use jose::{
    JwkSet,
    offline::{InvalidUpdate, Receipt, Request, Setup, Update, key_text},
};
use license_portal::store::Engine;
use serde_json::Value;

use crate::support::{
    client::{Answer, Client, id_in},
    portal::{BEGIN, TestPortal},
};

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        #n1 #n2
        @nina*
        @ned
      South/
        @sam*
";

/// A machine that never sees a network.
pub struct Lab {
    pub key: SigningKey,
    /// Its fingerprint, or the serial number of the dongle.
    pub hardware: String,
    pub setup: Setup,
    /// Of the last request.
    pub number: u32,
    /// The last request.
    pub asked: Option<Request>,
    /// The last update.
    pub imported: Option<Update>,
}

impl Lab {
    /// With the setup of the container, which somebody downloads for it.
    pub async fn set_up(browser: &Client, container: &str, hardware: &str) -> Self {
        let file = browser.get(&format!("/containers/{container}/setup")).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let setup: Setup = serde_json::from_str(&file.text()).unwrap();
        let mut seed = [7; 32];
        seed[..hardware.len().min(32)].copy_from_slice(&hardware.as_bytes()[..hardware.len().min(32)]);
        Self {
            key: SigningKey::from_bytes(&seed),
            hardware: setup.hardware.clone().unwrap_or_else(|| hardware.to_owned()),
            setup,
            number: 0,
            asked: None,
            imported: None,
        }
    }

    /// What the next request says.
    pub fn claims(&mut self) -> Request {
        self.number += 1;
        Request {
            aud: self.setup.portal.clone(),
            sub: self.setup.container.clone(),
            key: key_text(&self.key.verifying_key()),
            hardware: self.hardware.clone(),
            host: "lab-3".to_owned(),
            number: self.number,
            nonce: format!("nonce-{:016}", self.number),
            iat: BEGIN.into(),
        }
    }

    /// Writes the next request.
    pub fn request(&mut self) -> String {
        let asked = self.claims();
        self.asked = Some(asked.clone());
        asked.sign(&self.key).unwrap()
    }

    /// Takes an update, at that time.
    pub fn import(&mut self, text: &str, now: Timestamp) -> Result<(), InvalidUpdate> {
        let keys = JwkSet {
            keys: self.setup.portal_keys.clone(),
        };
        let update = Update::open(text, &keys).map_err(InvalidUpdate::Token)?;
        update.answers(self.asked.as_ref().unwrap(), now)?;
        self.imported = Some(update);
        Ok(())
    }

    /// What the last update holds: articles and quantities.
    pub fn held(&self) -> Vec<(&str, u32)> {
        let licenses = &self.imported.as_ref().unwrap().licenses;
        licenses
            .iter()
            .map(|held| (held.article.as_str(), held.quantity))
            .collect()
    }

    /// Confirms the last update.
    pub fn receipt(&self) -> String {
        let update = self.imported.as_ref().unwrap();
        let receipt = Receipt {
            aud: update.iss.clone(),
            sub: update.sub.clone(),
            update: update.jti.clone(),
            held: update.licenses.iter().map(|held| held.id.clone()).collect(),
            iat: update.iat,
        };
        receipt.sign(&self.key).unwrap()
    }

    /// Request, update, receipt.
    pub async fn exchange(&mut self, portal: &TestPortal, browser: &Client) {
        let container = self.setup.container.clone();
        let request = self.request();
        taken(&upload(browser, &container, &request).await, "update");
        let update = update(browser, &container).await;
        self.import(&update, portal.store.sources.now()).unwrap();
        taken(&upload(browser, &container, &self.receipt()).await, "receipt");
    }
}

/// The portal took what was uploaded, a request (`update`) or a `receipt`.
#[track_caller]
pub fn taken(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location");
    assert!(to.ends_with(&format!("?exchanged={what}#exchange")), "{to}");
}

/// Status and, of the page that says why, the sentence.
pub fn refused(answer: &Answer) -> (u16, String) {
    let page = answer.text();
    let text = page
        .split("<p>")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next());
    (answer.status, text.unwrap_or_default().to_owned())
}

/// Uploads what a machine wrote.
pub async fn upload(browser: &Client, container: &str, text: &str) -> Answer {
    send(browser, container, "text", text.as_bytes()).await
}

/// Uploads bytes in a field of the form.
pub async fn send(browser: &Client, container: &str, field: &str, bytes: &[u8]) -> Answer {
    let name = if field == "file" {
        "; filename=\"request.jwt\""
    } else {
        ""
    };
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"{name}\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let mut request = browser
        .request(Method::POST, &format!("/containers/{container}/exchange"))
        .body(Body::from(body))
        .unwrap();
    let kind = "multipart/form-data; boundary=x".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    browser.send(request).await
}

/// Downloads the update.
pub async fn update(browser: &Client, container: &str) -> String {
    let file = browser.get(&format!("/containers/{container}/update")).await;
    assert_eq!(file.status, 200, "{}", file.text());
    file.text()
}

/// A device of Ned's.
pub async fn device(portal: &TestPortal, ned: &Client) -> String {
    let made = ned.create_container(portal, "@ned", "Lab", "Device", "").await;
    id_in(&made.ok())
}

/// What is in a container: article, quantity, state.
pub async fn contents(by: &Client, container: &str) -> Vec<(String, u64, String)> {
    let detail = by.post("container", &[("container", container)]).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| {
        let state = text(&row["stage"]["custody"]["state"]);
        (text(&row["article"]), row["quantity"].as_u64().unwrap(), state)
    };
    detail["activations"]
        .as_array()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

/// One licence and nothing else, as [`contents`] tells it.
pub fn one(article: &str, quantity: u64, state: &str) -> Vec<(String, u64, String)> {
    vec![(article.to_owned(), quantity, state.to_owned())]
}

/// How many of the licence of a ticket are activated.
pub async fn activated(portal: &TestPortal, ticket: &str) -> i64 {
    let license = portal.license_of(ticket);
    portal
        .number(&format!("SELECT activated FROM licenses WHERE id = {license}"))
        .await
}

/// The youngest activation.
pub async fn activation(portal: &TestPortal) -> String {
    let id = portal
        .number("SELECT MAX(id) FROM activations WHERE ended_at IS NULL")
        .await;
    id.to_string()
}

/// A portal over [`COMPANY`], with three of each licence, and Ned's device.
pub async fn start(engine: Engine) -> (TestPortal, Client, String) {
    let portal = TestPortal::start(engine, COMPANY).await;
    portal.run("UPDATE licenses SET quantity = 3").await;
    let ned = portal.client("ned").await;
    let lab = device(&portal, &ned).await;
    (portal, ned, lab)
}
