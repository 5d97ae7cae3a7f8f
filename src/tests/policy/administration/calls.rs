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
        let name = match &route.flattened {
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
    if (nested || kind.contains("\"boolean\""))
        && let Ok(yes) = value.parse::<bool>()
    {
        return yes.into();
    }
    if kind.contains("\"integer\"")
        && let Ok(number) = value.parse::<i64>()
    {
        return number.into();
    }
    value.into()
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
