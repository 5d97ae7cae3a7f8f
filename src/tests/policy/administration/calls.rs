//! The form of a page as a request to the route that does the same.

use std::sync::Arc;

use axum::body::Body;
use http::{Method, Request, header};
use license_portal::server::rest::administration::{Described, ROUTES};
use serde_json::{Map, Value, json};

use crate::support::client::encoded;

/// A request to a route, with the arguments of a form of the page.
pub fn request(function: &str, form: &str, token: Option<&str>) -> Option<Request<Body>> {
    let fields: Vec<(String, String)> = form
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| (name.to_owned(), decoded(value)))
        .collect();
    let given = |name: &str| {
        fields
            .iter()
            .find(|(known, _)| known == name)
            .map(|(_, value)| value)
    };
    let path = format!("/api/{function}");
    let fits = |route: &&&Arc<Described>| holes(route.path).iter().all(|hole| given(hole).is_some());
    let routes = ROUTES.iter().filter(|route| route.function == path);
    let routes: Vec<_> = routes.collect();
    let route = routes
        .iter()
        .filter(fits)
        .max_by_key(|route| holes(route.path).len())?;
    let mut address = format!("/api/v1{}", route.path);
    let (mut query, mut body, mut key) = (Vec::new(), Value::Object(Map::new()), None);
    for (name, value) in &fields {
        let hole = format!("{{{name}}}");
        if address.contains(&hole) {
            address = address.replace(&hole, &encoded(value));
            continue;
        }
        if route.key == Some(name.as_str()) {
            key = Some(value.clone());
            continue;
        }
        // `query[search]` is `search` here.
        let name = match route.flattened {
            Some(whole) => name
                .strip_prefix(&format!("{whole}["))
                .map_or_else(|| name.clone(), |rest| rest.replacen(']', "", 1)),
            None => name.clone(),
        };
        if route.in_address() {
            query.push(format!("{name}={}", encoded(value)));
        } else {
            put(&mut body, &name, typed(route, &name, value));
        }
    }
    if !query.is_empty() {
        address = format!("{address}?{}", query.join("&"));
    }
    let method = Method::from_bytes(route.method.to_uppercase().as_bytes()).unwrap();
    let mut request = Request::builder().method(method).uri(address);
    if let Some(token) = token {
        request = request.header(header::AUTHORIZATION, format!("Bearer {token}"));
    }
    if let Some(key) = key {
        request = request.header("Idempotency-Key", key);
    }
    let body = if route.in_address() {
        Body::empty()
    } else {
        request = request.header(header::CONTENT_TYPE, "application/json");
        Body::from(body.to_string())
    };
    Some(request.body(body).unwrap())
}

/// The names in braces.
fn holes(path: &str) -> Vec<&str> {
    path.split('{')
        .skip(1)
        .filter_map(|rest| rest.split_once('}'))
        .map(|(name, _)| name)
        .collect()
}

fn decoded(text: &str) -> String {
    let mut bytes = Vec::new();
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        if byte == b'%' {
            let digits = [rest.next().unwrap(), rest.next().unwrap()];
            bytes.push(u8::from_str_radix(str::from_utf8(&digits).unwrap(), 16).unwrap());
        } else {
            bytes.push(byte);
        }
    }
    String::from_utf8(bytes).unwrap()
}

/// A value as JSON, by the type that the route names.
fn typed(route: &Described, name: &str, value: &str) -> Value {
    let (first, nested) = name
        .split_once('[')
        .map_or((name, false), |(first, _)| (first, true));
    let kind = serde_json::to_string(&route.types.get(first)).unwrap();
    let refers = |name: &str| kind.contains(&format!("/{name}\""));
    // What is none of these is sent as it is.
    let object = if refers("Owner") {
        owner(value)
    } else if refers("TicketList") || refers("TicketChoice") {
        selection(value)
    } else if refers("Steps") {
        value
            .split(';')
            .filter(|step| !step.is_empty())
            .map(step)
            .collect()
    } else if refers("Codes") {
        Some(value.split(';').collect())
    } else if refers("Features") {
        Some(value.lines().collect())
    } else {
        None
    };
    if let Some(object) = object {
        return object;
    }
    if (nested || kind.contains("\"boolean\""))
        && let Ok(yes) = value.parse::<bool>()
    {
        return yes.into();
    }
    let counts = ["[version]", "[quantity]"];
    if (kind.contains("\"integer\"") || counts.iter().any(|count| name.ends_with(count)))
        && let Ok(number) = value.parse::<i64>()
    {
        return number.into();
    }
    value.into()
}

/// The owner of a text: `group:7`, `user:4@7`.
pub fn owner(text: &str) -> Option<Value> {
    if text == "none" {
        return Some(json!({"unassigned": true}));
    }
    let (kind, id) = text.split_once(':')?;
    match (kind, id.split_once('@')) {
        ("group", _) => Some(json!({"group": id})),
        ("user", Some((user, group))) => Some(json!({"user": user, "context": group})),
        ("user", None) => Some(json!({"user": id})),
        _ => None,
    }
}

/// The tickets of a text: `12=group:7;13=user:4`, `matching 12 below group:7 search`.
pub fn selection(text: &str) -> Option<Value> {
    if let Some(list) = text.strip_prefix("matching ") {
        let mut parts = list.splitn(4, ' ').skip(1);
        let (below, node) = (parts.next()?, parts.next()?);
        let search = parts.next().unwrap_or_default();
        let node = owner(node).unwrap_or_else(|| json!({"list": node}));
        return Some(json!({"node": node, "below": below == "below", "search": search}));
    }
    let ticket = |text: &str| {
        let (ticket, of) = text.split_once('=')?;
        Some(json!({"ticket": ticket, "owner": owner(of)?}))
    };
    text.split(';').map(ticket).collect()
}

/// The step of a text: `tickets:7=group:7`, `licenses:8=back`, `login`.
fn step(text: &str) -> Option<Value> {
    let Some((step, of)) = text.split_once(':') else {
        return Some(json!({"step": text}));
    };
    let (of, to) = of.split_once('=').map_or((of, None), |(of, to)| (of, Some(to)));
    match (step, to) {
        ("tickets", Some(to)) if of == "none" => Some(json!({"step": step, "to": owner(to)?})),
        ("tickets", Some(to)) => Some(json!({"step": step, "level": of, "to": owner(to)?})),
        ("licenses", Some("back")) => Some(json!({"step": step, "container": of})),
        ("licenses", Some(to)) => Some(json!({"step": step, "container": of, "into": to})),
        ("credentials", None) => Some(json!({"step": step, "container": of})),
        ("membership", None) => Some(json!({"step": step, "group": of})),
        _ => None,
    }
}

/// Puts a value where its name says: `users[0]`, `permissions[admin]`.
fn put(into: &mut Value, name: &str, value: Value) {
    let mut place = into;
    let parts: Vec<&str> = name.split('[').map(|part| part.trim_end_matches(']')).collect();
    for (at, part) in parts.iter().enumerate() {
        let list = parts
            .get(at + 1)
            .is_some_and(|next| next.parse::<usize>().is_ok());
        let empty = if list { json!([]) } else { json!({}) };
        place = match place {
            Value::Array(values) => {
                let at: usize = part.parse().unwrap();
                while values.len() <= at {
                    values.push(empty.clone());
                }
                &mut values[at]
            }
            other => other.as_object_mut().unwrap().entry(*part).or_insert(empty),
        };
    }
    *place = value;
}
