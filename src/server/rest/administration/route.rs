//! What a route is: an address for a server function, and a call of it.

use std::{collections::BTreeMap, future::Future, pin::Pin, sync::Arc};

use axum::{body::Bytes, response::Response};
use domain::accounts::personal_tokens::Scope;
use http::request::Parts;
use serde_json::Value;
use utoipa::openapi::{RefOr, schema::Schema};

use crate::{auth::portal::Portal, ops::accounts::personal_tokens::Bearer, server::rest::problems::Problem};

/// A request, on its way to the server function.
pub struct Called {
    /// The portal, for those who come over this channel.
    pub portal: Portal,
    /// Who comes.
    pub bearer: Bearer,
    /// The route.
    pub route: Arc<Described>,
    /// What stands in the path, by name.
    pub path: Vec<(String, String)>,
    /// The request, without its body.
    pub parts: Parts,
    /// Its body.
    pub body: Bytes,
}

/// The header that makes a repetition be answered like the first request.
pub const IDEMPOTENCY_KEY: &str = "Idempotency-Key";

/// The answer to a call, to come.
pub type Answering = Pin<Box<dyn Future<Output = Result<Response, Problem>> + Send>>;

/// Where an argument stands that is neither in the path nor a member of the body or a parameter of the query.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Place {
    /// It is the header `Idempotency-Key`.
    Key,
    /// Its own members stand for themselves, in the query or in the body.
    Members,
}

/// Makes the argument of a server function out of what a body holds, or says why it cannot.
pub type Make = fn(Value) -> Result<Value, String>;

/// An address for a server function.
pub struct Route {
    /// The method, in lower case.
    pub method: &'static str,
    /// The path below `/api/v1`; arguments of the function stand in it in braces.
    pub path: &'static str,
    /// What it demands of a token: all of these.
    pub scopes: &'static [Scope],
    /// Under which heading it is described.
    pub tag: &'static str,
    /// A line that says what it is, and paragraphs that say more.
    pub about: &'static [&'static str],
    /// The path of the server function.
    pub function: &'static str,
    /// Where what it creates is found, below `/api/v1`.
    pub creates: Option<&'static str>,
    /// The types of its arguments and of its answer.
    pub types: fn() -> Types,
    /// The arguments with a place of their own.
    pub placed: &'static [(&'static str, Place)],
    /// The arguments of which bodies hold something else.
    pub made: &'static [(&'static str, Make)],
    /// Calls the function.
    pub call: fn(Called) -> Answering,
}

/// The types of a route, as JSON schemas.
pub struct Types {
    /// An object with a member for each argument.
    pub arguments: RefOr<Schema>,
    /// The answer; none where there is none.
    pub answer: Option<RefOr<Schema>>,
    /// What the two refer to, by name.
    pub named: Vec<(String, RefOr<Schema>)>,
}

/// A route, with its arguments sorted by where they stand in a request.
pub struct Described {
    /// The method, in lower case.
    pub method: &'static str,
    /// The path below `/api/v1`.
    pub path: &'static str,
    /// What it demands of a token: all of these.
    pub scopes: &'static [Scope],
    /// The path of the server function.
    pub function: &'static str,
    /// Where what it creates is found.
    pub creates: Option<&'static str>,
    /// Calls the function.
    pub call: fn(Called) -> Answering,
    /// The arguments of which bodies hold something else.
    pub made: &'static [(&'static str, Make)],
    /// The argument whose members the parameters are.
    pub flattened: Option<&'static str>,
    /// The argument that is the idempotency key.
    pub key: Option<&'static str>,
    /// What may stand in the query or in the body, by name.
    pub parameters: Vec<String>,
    /// The types of arguments in the path, and of the parameters.
    pub types: BTreeMap<String, RefOr<Schema>>,
    /// The type of the answer.
    pub answer: Option<RefOr<Schema>>,
    pub(super) required: Vec<String>,
    pub(super) named: Vec<(String, RefOr<Schema>)>,
    pub(super) tag: &'static str,
    pub(super) about: &'static [&'static str],
}
