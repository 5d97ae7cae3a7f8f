//! Requests that no page and no program would send: well-formed ones in which bytes, names and values are changed, over every
//! server function, every route and the files, by everybody. Whatever comes, the answer is no defect (R11).

use std::collections::BTreeMap;

use axum::body::{Body, to_bytes};
use http::{HeaderName, HeaderValue, Method, Request, Uri, header};
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{
    policy::{
        administration::calls::request,
        operations::CALLS,
        stage::{filled, stage, token},
    },
    support::{
        client::{Client, encoded, is_fault},
        dice::Dice,
        portal::TestPortal,
        tree::PEOPLE,
    },
};

on_both_engines!(nothing_that_is_sent_is_a_defect);

mod a_million_times_nothing_that_is_sent_is_a_defect {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::send(Engine::Sqlite, 1_000_000)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::send(Engine::Postgres, 100_000)).await;
    }
}

/// After so many requests all rows are again as they were: some of them log people out, or end what others are about.
const ROUND: usize = 300;

/// What stands in the place of a value.
const STRANGE: [&str; 34] = [
    "",
    " ",
    "0",
    "-1",
    "1.5",
    "4294967296",
    "9223372036854775807",
    "9223372036854775808",
    "-9223372036854775809",
    "1e400",
    "NaN",
    "true",
    "null",
    "[]",
    "{}",
    "%",
    "%00",
    "%ff%fe",
    "\0",
    "\u{202e}",
    "\u{1f600}",
    "a\u{301}\u{301}\u{301}",
    "..%2f..%2fetc%2fpasswd",
    "' OR 1=1 --",
    "<script>",
    "all",
    "none",
    "group:1",
    "user:1@1",
    "user:9223372036854775807@-1",
    "2026-02-30",
    "9999-12-31T23:59:59.999Z",
    "-009999-01-01T00:00:00Z",
    "+275760-09-13",
];

/// Headers that come along.
const HEADERS: [(&str, &str); 14] = [
    ("accept", "text/html"),
    ("accept", "*/*;q=x"),
    ("accept-language", "de;q=9,,;=,x-klingon"),
    ("content-type", "application/json"),
    ("content-type", "multipart/form-data"),
    ("content-type", "text/plain; charset=\"x"),
    ("cookie", "portal=; lang=xx; login=%; =;;"),
    ("authorization", "Bearer \u{e4}"),
    ("authorization", "Basic Og=="),
    ("idempotency-key", "short"),
    ("x-forwarded-for", "1.1.1.1,,::,x"),
    ("referer", "https://[/"),
    ("if-none-match", "\"\", W/"),
    ("range", "bytes=9-1,-"),
];

/// Addresses of pages and files.
const ADDRESSES: [&str; 16] = [
    "/tickets/all?page=1",
    "/ticket/1",
    "/ticket/1/viewers?search=x",
    "/groups/1",
    "/users?search=x&page=2",
    "/containers/1/update",
    "/containers/1/setup",
    "/creations/1/codes.csv",
    "/history?from=2025-01-01&topic=Tickets",
    "/imports/1",
    "/move?tickets=1=none&to=group:1",
    "/api/v1/exports/users.csv",
    "/api/v1/history.csv?from=0",
    "/api/v1/nothing",
    "/problems/x",
    "/.well-known/jwks.json",
];

fn pick<'a, T>(dice: &mut Dice, from: &'a [T]) -> &'a T {
    &from[dice.below(from.len() as u64) as usize]
}

/// A place in something that is so long.
fn at(dice: &mut Dice, length: usize) -> usize {
    dice.below(length as u64 + 1) as usize
}

/// The fields of a form, some of them changed.
fn changed_form(dice: &mut Dice, form: &str) -> Vec<u8> {
    let mut fields: Vec<String> = form.split('&').map(str::to_owned).collect();
    for _ in 0..=dice.below(2) {
        let field = dice.below(fields.len() as u64) as usize;
        let (name, value) = fields[field].split_once('=').unwrap_or((&fields[field], ""));
        let strange = *pick(dice, &STRANGE);
        let new = match dice.below(7) {
            0 => format!("{name}={}", encoded(strange)),
            1 => format!("{name}={strange}"),
            2 => format!("{name}[0]={value}"),
            3 => format!("{name}[{}]={value}", encoded(strange)),
            4 => format!("{}={value}", name.replace(['[', ']'], "")),
            5 => format!("{name}={value}&{name}={}", encoded(strange)),
            _ => String::new(),
        };
        fields[field] = new;
    }
    let mut bytes = fields.join("&").into_bytes();
    if dice.below(4) == 0 {
        change_bytes(dice, &mut bytes);
    }
    bytes
}

fn change_bytes(dice: &mut Dice, bytes: &mut Vec<u8>) {
    for _ in 0..=dice.below(3) {
        let (one, other) = (at(dice, bytes.len()), at(dice, bytes.len()));
        let range = one.min(other)..one.max(other);
        match dice.below(4) {
            0 => drop(bytes.drain(range)),
            1 => {
                let again = bytes[range.clone()].to_vec();
                bytes.splice(range.start..range.start, again);
            }
            2 => {
                if let Some(byte) = bytes.get_mut(one) {
                    *byte ^= 1 << dice.below(8);
                }
            }
            _ => bytes.insert(one, dice.below(256) as u8),
        }
        bytes.truncate(100_000);
    }
}

/// A document, in which one value is another one.
fn change_value(dice: &mut Dice, value: &mut Value) {
    let inner: Vec<&mut Value> = match value {
        Value::Object(members) => members.values_mut().collect(),
        Value::Array(values) => values.iter_mut().collect(),
        _ => Vec::new(),
    };
    let count = inner.len() as u64;
    if let Some(inner) = inner.into_iter().nth(dice.below(count.max(1)) as usize)
        && dice.below(6) > 0
    {
        return change_value(dice, inner);
    }
    *value = match dice.below(8) {
        0 => json!(null),
        1 => json!([value.clone(), value.clone()]),
        2 => json!({ (*pick(dice, &STRANGE)): value.clone() }),
        3 => json!(-1),
        4 => json!(1.0e308),
        5 => (0..200).fold(json!(1), |inner, _| json!([inner])),
        6 => json!(true),
        _ => json!(*pick(dice, &STRANGE)),
    };
}

/// An address, in which a part is another one; `None` where it is none any more.
fn changed_address(dice: &mut Dice, address: &str) -> Option<Uri> {
    let parts: Vec<&str> = address.split_inclusive(['/', '?', '&', '=']).collect();
    let change = dice.below(parts.len() as u64) as usize;
    let strange = *pick(dice, &STRANGE);
    let encode = dice.below(3) > 0;
    let part = |(at, part): (usize, &&str)| {
        let (text, end) = part.split_at(part.len() - usize::from(part.ends_with(['/', '?', '&', '='])));
        match (at == change && at > 0, encode) {
            (false, _) => format!("{text}{end}"),
            (true, true) => format!("{}{end}", encoded(strange)),
            (true, false) => format!("{strange}{end}"),
        }
    };
    parts
        .iter()
        .enumerate()
        .map(part)
        .collect::<String>()
        .parse()
        .ok()
}

struct Sender {
    portal: TestPortal,
    dice: Dice,
    calls: Vec<&'static str>,
}

impl Sender {
    /// As a page sends it.
    fn of_page(&mut self, client: &Client, person: &str, call: &str) -> Option<Request<Body>> {
        let (function, form) = filled(&self.portal, person, call);
        let form = changed_form(&mut self.dice, &form);
        let method = if self.dice.below(30) == 0 {
            Method::PUT
        } else {
            Method::POST
        };
        let mut request = client
            .request(method, &format!("/api/{function}"))
            .body(form.into())
            .ok()?;
        request
            .headers_mut()
            .entry(header::CONTENT_TYPE)
            .or_insert(HeaderValue::from_static("application/x-www-form-urlencoded"));
        Some(request)
    }

    /// As a program sends it.
    async fn of_program(&mut self, person: &str, call: &str) -> Option<Request<Body>> {
        let (function, form) = filled(&self.portal, person, call);
        let shown = (person != "nobody").then(|| token(person));
        let (mut parts, body) = request(&function, &form, shown.as_deref())?.into_parts();
        let mut body = to_bytes(body, usize::MAX).await.ok()?.to_vec();
        let dice = &mut self.dice;
        if dice.below(2) == 0 || body.is_empty() {
            parts.uri = changed_address(dice, &parts.uri.to_string())?;
        } else if let Ok(mut value) = serde_json::from_slice::<Value>(&body) {
            change_value(dice, &mut value);
            body = value.to_string().into_bytes();
            if dice.below(5) == 0 {
                change_bytes(dice, &mut body);
            }
        }
        Some(Request::from_parts(parts, body.into()))
    }

    /// As somebody types it.
    fn of_address(&mut self, client: &Client) -> Option<Request<Body>> {
        let address = *pick(&mut self.dice, &ADDRESSES);
        let address = changed_address(&mut self.dice, address)?;
        client
            .request(Method::GET, &address.to_string())
            .body(Body::empty())
            .ok()
    }
}

async fn nothing_that_is_sent_is_a_defect(engine: Engine) {
    send(engine, 2_000).await;
}

async fn send(engine: Engine, count: usize) {
    let (portal, mut clients) = stage(engine).await;
    let calls = CALLS
        .lines()
        .filter(|line| !line.is_empty() && !line.contains("=>"));
    let mut sender = Sender {
        portal,
        dice: Dice::new(17),
        calls: calls.collect(),
    };
    let mut statuses: BTreeMap<u16, usize> = BTreeMap::new();
    let mut sent = 0;
    while sent < count {
        if sent % ROUND == 0 {
            sender.portal.restore().await;
            sender.portal = sender.portal.without_attempts();
            for client in clients.values_mut() {
                client.router = sender.portal.nobody().router;
            }
        }
        let people: Vec<&str> = PEOPLE.into_iter().chain(["nobody"]).collect();
        let person = *pick(&mut sender.dice, &people);
        let client = &clients[person];
        let call = *pick(&mut sender.dice, &sender.calls);
        let request = match sender.dice.below(20) {
            0 => sender.of_address(client),
            1..9 => sender.of_program(person, call).await,
            _ => sender.of_page(client, person, call),
        };
        let Some(mut request) = request else { continue };
        if sender.dice.below(8) == 0 {
            let (name, value) = *pick(&mut sender.dice, &HEADERS);
            let value = HeaderValue::from_bytes(value.as_bytes()).unwrap();
            request.headers_mut().insert(HeaderName::from_static(name), value);
        }
        let what = format!("{} {} by {person}, from {call}", request.method(), request.uri());
        let answer = client.send(request).await;
        assert!(!is_fault(answer.status), "{sent}: {what}: {}", answer.text());
        *statuses.entry(answer.status).or_default() += 1;
        sent += 1;
    }
    println!("figure: {engine:?}: {sent} malformed requests by status: {statuses:?}");
    // They are not all refused at the first look.
    for status in [200, 400, 401, 403, 404, 422] {
        assert!(
            statuses.contains_key(&status),
            "{status} is missing: {statuses:?}"
        );
    }
}
