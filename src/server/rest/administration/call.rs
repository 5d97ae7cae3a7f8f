//! From a request to the server function and back: the same function that the page calls, with the same rights.

use axum::{
    Json,
    response::{IntoResponse, Response},
};
use http::{HeaderValue, StatusCode, header};
use leptos::{
    prelude::{Owner, provide_context},
    reactive::computed::ScopedFuture,
    server_fn::ServerFn,
};
use serde::{Serialize, de::DeserializeOwned};
use serde_json::{Map, Value};

use crate::{
    errors::ApiError,
    ops::idempotency,
    server::rest::{
        administration::{
            route::{Called, Described, IDEMPOTENCY_KEY},
            told::problem,
        },
        problems::{self, Problem},
    },
};

/// Depth of nested fields in an address, as in forms.
const DEPTH: usize = 5;

/// What came into being.
#[derive(Debug, Serialize)]
struct Created<T> {
    id: T,
}

fn malformed(why: impl Into<String>) -> Problem {
    Problem::new(problems::MALFORMED_REQUEST, why)
}

/// What is missing in an address, by the names that stand in it.
fn missing(route: &Described, error: &str) -> String {
    let all = route
        .flattened
        .as_ref()
        .map(|whole| format!("missing field `{whole}`"));
    if all.is_some_and(|all| error.starts_with(&all)) {
        format!(
            "Parameters are missing. There are {}.",
            route.parameters.join(", ")
        )
    } else {
        error.to_owned()
    }
}

/// Calls the function with what stands in the request, and tells its answer as a `T`.
///
/// # Errors
/// A [`Problem`]: what cannot be read, and what the function refuses.
pub async fn call<F, A, T>(called: Called) -> Result<Response, Problem>
where
    F: ServerFn<Output = A, Error = ApiError> + DeserializeOwned,
    T: From<A> + Serialize,
{
    let function: F = if called.route.in_address() {
        let text = address_arguments(&called)?;
        let config = serde_qs::Config::new(DEPTH, false);
        config
            .deserialize_str(&text)
            .map_err(|error| malformed(missing(&called.route, &error.to_string())))?
    } else {
        let arguments = body_arguments(&called)?;
        serde_json::from_value(Value::Object(arguments)).map_err(|error| malformed(error.to_string()))?
    };
    let Called {
        portal,
        bearer,
        route,
        mut parts,
        ..
    } = called;
    // A login in the same request says nothing here: the token alone does.
    parts.headers.remove(header::COOKIE);
    let headers = parts.headers.clone();
    let context = move || {
        provide_context(portal);
        provide_context(bearer);
        provide_context(parts);
    };
    // A root of its own, as for the functions of pages.
    let owner = Owner::new_root(None);
    let answer = owner
        .with(|| {
            context();
            ScopedFuture::new(function.run_body())
        })
        .await;
    let answer = answer.map_err(|error| problem(&headers, &error))?;
    Ok(answered(&route, T::from(answer)))
}

fn answered<T: Serialize>(route: &Described, answer: T) -> Response {
    let mut response = match route.creates {
        Some(at) => {
            let id = serde_json::to_value(&answer).unwrap_or_default();
            let at = format!("/api/v1{at}/{}", id.as_str().unwrap_or_default());
            let at = [(header::LOCATION, at)];
            (StatusCode::CREATED, at, Json(Created { id: answer })).into_response()
        }
        None if route.answer.is_none() => StatusCode::NO_CONTENT.into_response(),
        None => Json(answer).into_response(),
    };
    // It is somebody's own.
    let no_store = HeaderValue::from_static("no-store");
    response.headers_mut().insert(header::CACHE_CONTROL, no_store);
    response
}

/// The arguments as a form, from path and query.
fn address_arguments(called: &Called) -> Result<String, Problem> {
    let route = &called.route;
    let mut fields = Vec::new();
    for (name, value) in &called.path {
        fields.push(format!("{name}={}", percent(value)));
    }
    let query = called.parts.uri.query().unwrap_or_default();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let name = name
            .replace("%5B", "[")
            .replace("%5b", "[")
            .replace("%5D", "]")
            .replace("%5d", "]");
        let first = name.split('[').next().unwrap_or_default();
        if route.path.contains(&format!("{{{first}}}"))
            || !route.parameters.iter().any(|known| known == first)
        {
            return Err(malformed(format!("There is no parameter {first:?}.")));
        }
        match &route.flattened {
            Some(whole) => {
                let rest = &name[first.len()..];
                fields.push(format!("{whole}[{first}]{rest}={value}"));
            }
            None => fields.push(format!("{name}={value}")),
        }
    }
    Ok(fields.join("&"))
}

/// Percent encoding of what stands in a path; ids and keys are visible ASCII.
fn percent(text: &str) -> String {
    let byte = |byte: u8| {
        if byte.is_ascii_alphanumeric() {
            char::from(byte).to_string()
        } else {
            format!("%{byte:02X}")
        }
    };
    text.bytes().map(byte).collect()
}

/// The arguments as an object, from path, header and body.
fn body_arguments(called: &Called) -> Result<Map<String, Value>, Problem> {
    let route = &called.route;
    let mut sent = if called.body.is_empty() {
        Map::new()
    } else {
        let json = called
            .parts
            .headers
            .get(header::CONTENT_TYPE)
            .and_then(|kind| kind.to_str().ok());
        if !json.is_some_and(|kind| kind.trim_start().starts_with("application/json")) {
            return Err(Problem::new(
                problems::UNSUPPORTED_MEDIA_TYPE,
                "Send JSON, with Content-Type: application/json.",
            ));
        }
        serde_json::from_slice(&called.body).map_err(|error| malformed(error.to_string()))?
    };
    if let Some(unknown) = sent.keys().find(|name| !route.parameters.contains(name)) {
        return Err(malformed(format!("There is no member {unknown:?}.")));
    }
    for (name, make) in route.made {
        if let Some(member) = sent.get_mut(*name) {
            *member = make(member.take()).map_err(|why| malformed(format!("{name}: {why}")))?;
        }
    }
    let mut arguments = match &route.flattened {
        Some(whole) => Map::from_iter([((*whole).to_owned(), Value::Object(sent))]),
        None => sent,
    };
    for (name, value) in &called.path {
        arguments.insert(name.clone(), Value::String(value.clone()));
    }
    if let Some(key) = route.key {
        let given = called.parts.headers.get(IDEMPOTENCY_KEY);
        let key_value = match given.map(HeaderValue::to_str) {
            Some(Ok(key)) if !idempotency::is_key(key) => {
                return Err(malformed(
                    "An idempotency key has 8 to 64 visible ASCII characters.",
                ));
            }
            Some(Ok(key)) => key.to_owned(),
            Some(Err(_)) => {
                return Err(malformed(
                    "The idempotency key is not made of visible ASCII characters.",
                ));
            }
            // Whoever sends none repeats nothing.
            None => hex::encode(called.portal.store.sources.random::<16>()),
        };
        arguments.insert(key.to_owned(), Value::String(key_value));
    }
    Ok(arguments)
}
