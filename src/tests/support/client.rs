//! Somebody's browser: requests of server functions and pages, without a network in between.

use axum::{
    Router,
    body::{Body, Bytes, to_bytes},
    response::Response,
};
use http::{HeaderMap, Method, Request, StatusCode, header};
use serde_json::Value;
use tower::ServiceExt;

use crate::support::portal::TestPortal;

/// A browser.
#[derive(Clone)]
pub struct Client {
    pub router: Router,
    pub cookie: Option<String>,
}

/// What came back.
pub struct Answer {
    pub status: u16,
    pub headers: HeaderMap,
    pub body: Bytes,
}

impl Answer {
    /// The body, read as JSON.
    pub fn json(&self) -> Value {
        serde_json::from_slice(&self.body).unwrap_or_else(|error| panic!("{error}: {:?}", self.text()))
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// A header, or nothing.
    pub fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    /// The body of an answer that must be a success.
    #[track_caller]
    pub fn ok(&self) -> Value {
        assert_eq!(self.status, 200, "{}", self.text());
        self.json()
    }

    /// Status and reason of an answer that must be a refusal.
    #[track_caller]
    pub fn refused(&self) -> String {
        assert_ne!(self.status, 200, "{}", self.text());
        format!("{} {}", self.status, self.text())
    }
}

impl Client {
    pub const fn new(router: Router, cookie: Option<String>) -> Self {
        Self { router, cookie }
    }

    /// Calls a server function.
    pub async fn post(&self, function: &str, arguments: &[(&str, &str)]) -> Answer {
        self.post_form(function, &form(arguments)).await
    }

    /// Calls a server function with a form that is written already.
    pub async fn post_form(&self, function: &str, form: &str) -> Answer {
        self.send(
            self.request(Method::POST, &format!("/api/{function}"))
                .body(form.to_owned().into())
                .unwrap(),
        )
        .await
    }

    /// Opens a page.
    pub async fn get(&self, path: &str) -> Answer {
        self.send(self.request(Method::GET, path).body(Body::empty()).unwrap())
            .await
    }

    /// A request of this browser, for tests that add something to it.
    pub fn request(&self, method: Method, path: &str) -> http::request::Builder {
        let mut request = Request::builder().method(&method).uri(path);
        if method == Method::POST {
            request = request.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        match &self.cookie {
            Some(cookie) => request.header(header::COOKIE, cookie),
            None => request,
        }
    }

    /// Sends the request and waits for the whole answer.
    pub async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.open(request).await;
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, usize::MAX).await.expect("a body");
        Answer {
            status: parts.status.as_u16(),
            headers: parts.headers,
            body,
        }
    }

    /// Sends the request; the answer's body is still to come.
    pub async fn open(&self, request: Request<Body>) -> Response {
        self.router
            .clone()
            .oneshot(request)
            .await
            .expect("the router always answers")
    }

    /// Asks to be logged in.
    pub async fn log_in(&self, login: &str, password: &str) -> Answer {
        self.post("log_in", &[("login", login), ("password", password)])
            .await
    }

    /// The browser after it took the cookie of the answer; without one it has what it had.
    pub fn with_cookie(&self, answer: &Answer) -> Self {
        let set = answer.headers.get_all(header::SET_COOKIE).iter();
        // Without a value it takes a cookie away.
        let cookie = set
            .filter_map(|cookie| cookie.to_str().unwrap().split(';').next())
            .find(|cookie| !cookie.ends_with('='));
        Self {
            cookie: cookie.map(str::to_owned).or_else(|| self.cookie.clone()),
            ..self.clone()
        }
    }

    /// Makes a container for somebody: `@ned`, `@ned/North`. Only a dongle has a serial number.
    pub async fn create_container(
        &self,
        portal: &TestPortal,
        of: &str,
        name: &str,
        kind: &str,
        serial: &str,
    ) -> Answer {
        let of = portal.owner(of).to_string();
        let key = format!("container-{}", portal.store.sources.fresh_id());
        let fields = [
            ("of", of.as_str()),
            ("name", name),
            ("kind", kind),
            ("serial", serial),
            ("key", &key),
        ];
        let answer = self.post("create_container", &fields).await;
        portal.learn().await;
        answer
    }

    /// Makes a cloud container for somebody, and yields its id.
    pub async fn cloud_container(&self, portal: &TestPortal, of: &str, name: &str) -> String {
        let made = self.create_container(portal, of, name, "Cloud", "").await;
        id_in(&made.ok())
    }

    /// Activates so many of the first licence of a ticket.
    pub async fn activate(
        &self,
        portal: &TestPortal,
        ticket: &str,
        container: &str,
        quantity: u32,
    ) -> Answer {
        let license = portal.license_of(ticket).to_string();
        let key = format!("activate-{}", portal.store.sources.fresh_id());
        let quantity = quantity.to_string();
        let fields = [
            ("license", license.as_str()),
            ("container", container),
            ("quantity", &quantity),
            ("key", &key),
        ];
        let answer = self.post("activate", &fields).await;
        portal.learn().await;
        answer
    }

    /// Moves tickets (`ID=OWNER;…`).
    pub async fn reassign(&self, tickets: &str, to: &str, key: &str) -> Answer {
        self.post("reassign", &[("tickets", tickets), ("to", to), ("key", key)])
            .await
    }

    /// What would happen if tickets (`ID=OWNER;…`, or `matching …`) were moved.
    pub async fn preview(&self, tickets: &str, to: &str) -> Answer {
        self.post("preview_move", &[("tickets", tickets), ("to", to)])
            .await
    }

    /// Moves tickets as a preview said.
    pub async fn move_as_previewed(
        &self,
        tickets: &str,
        to: &str,
        preview: &Value,
        only_permitted: bool,
        key: &str,
    ) -> Answer {
        let only_permitted = only_permitted.to_string();
        let fields = [
            ("tickets", tickets),
            ("to", to),
            ("seen", preview["seen"].as_str().expect("a fingerprint")),
            ("only_permitted", &only_permitted),
            ("key", key),
        ];
        self.post("move_as_previewed", &fields).await
    }

    /// The products of the tickets at a node, sorted.
    pub async fn list(&self, node: &str) -> Vec<String> {
        let page = self
            .post_form("tickets", &format!("query[node]={node}&{LIST}"))
            .await
            .ok();
        let mut names = products(&page["rows"]);
        names.sort();
        names
    }
}

/// The rest of a query for tickets.
pub const LIST: &str =
    "query[below]=true&query[search]=&query[sort]=since&query[reverse]=false&query[page]=0";

/// The id in an answer, as it is sent back.
pub fn id_in(answer: &Value) -> String {
    answer.as_str().expect("an id").to_owned()
}

/// The products in rows of tickets.
pub fn products(rows: &Value) -> Vec<String> {
    rows.as_array()
        .unwrap()
        .iter()
        .map(|row| row["licenses"][0]["product"]["en"].as_str().unwrap().to_owned())
        .collect()
}

/// A form, url-encoded; the brackets of nested names stay as they are.
pub fn form(arguments: &[(&str, &str)]) -> String {
    let pairs = arguments
        .iter()
        .map(|(name, value)| format!("{name}={}", encoded(value)));
    pairs.collect::<Vec<_>>().join("&")
}

/// Percent encoding of everything that is not a letter or digit.
pub fn encoded(text: &str) -> String {
    let byte = |byte: u8| match byte {
        b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => char::from(byte).to_string(),
        other => format!("%{other:02X}"),
    };
    text.bytes().map(byte).collect()
}

/// Whether a status tells of a defect of the portal.
pub fn is_fault(status: u16) -> bool {
    StatusCode::from_u16(status).is_ok_and(|status| status.is_server_error())
}
