//! What routes look like to programs: the arguments by place, and the operations of the OpenAPI document.

use utoipa::{
    PartialSchema,
    openapi::{
        ContentBuilder, HttpMethod, ObjectBuilder, Ref, RefOr, Required, ResponseBuilder, Responses,
        ResponsesBuilder,
        path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{Object, Schema, Type},
        security::SecurityRequirement,
    },
};

use crate::server::rest::{
    administration::route::{Described, IDEMPOTENCY_KEY, Place, Route, Types},
    problems,
};

const JSON: &str = "application/json";

fn object(schema: &RefOr<Schema>) -> Option<&Object> {
    match schema {
        RefOr::T(Schema::Object(object)) => Some(object),
        _ => None,
    }
}

impl Described {
    /// Sorts the arguments of a route.
    #[must_use]
    pub fn new(route: &Route) -> Self {
        let Types {
            arguments,
            answer,
            named,
        } = (route.types)();
        let arguments = object(&arguments).cloned().unwrap_or_default();
        let (mut types, mut required) = (arguments.properties, arguments.required);
        let in_path = |name: &str| route.path.contains(&format!("{{{name}}}"));
        let at = |place| {
            let mut placed = route.placed.iter();
            placed.find(|(_, found)| *found == place).map(|(name, _)| *name)
        };
        let (key, flattened) = (at(Place::Key), at(Place::Members));
        if let Some(key) = key {
            types.remove(key);
        }
        if let Some(whole) = flattened {
            let whole = types.remove(whole);
            let name = match &whole {
                Some(RefOr::Ref(reference)) => reference.ref_location.rsplit('/').next(),
                _ => None,
            };
            let found = named.iter().find(|(known, _)| Some(known.as_str()) == name);
            if let Some(members) = found.and_then(|(_, schema)| object(schema)) {
                types.extend(members.properties.clone());
                required.extend(members.required.clone());
            }
        }
        let parameters = types.keys().filter(|name| !in_path(name)).cloned().collect();
        Self {
            method: route.method,
            path: route.path,
            scopes: route.scopes,
            function: route.function,
            creates: route.creates,
            call: route.call,
            made: route.made,
            flattened,
            key,
            parameters,
            types: types.into_iter().collect(),
            answer,
            required,
            named,
            tag: route.tag,
            about: route.about,
        }
    }

    /// Whether all arguments stand in the address: there is no body then.
    #[must_use]
    pub fn in_address(&self) -> bool {
        matches!(self.method, "get" | "delete")
    }

    /// Whether an id stands there in the path, and no text.
    #[must_use]
    pub fn is_id(&self, name: &str) -> bool {
        self.types.get(name) != Some(&String::schema())
    }

    fn is_required(&self, name: &String) -> bool {
        self.required.contains(name)
    }

    pub(super) fn operation(&self) -> Operation {
        let lines: Vec<&str> = self.about.iter().map(|line| line.trim()).collect();
        let (summary, more) = lines
            .split_first()
            .map_or(("", &[][..]), |(summary, more)| (*summary, more));
        let description = more.join(" ");
        let scopes: Vec<String> = self.scopes.iter().map(ToString::to_string).collect();
        let description = format!("{} Scope: `{}`.", description.trim(), scopes.join("`, `"));
        let id = format!(
            "{}{}",
            self.method,
            self.path.replace(['/', '-'], "_").replace(['{', '}'], "")
        );
        let mut operation = OperationBuilder::new()
            .tag(self.tag)
            .operation_id(Some(id))
            .summary(Some(summary))
            .description(Some(description.trim()))
            .security(SecurityRequirement::new(PERSONAL_TOKEN, scopes));
        for (name, schema) in self
            .types
            .iter()
            .filter(|(name, _)| !self.parameters.contains(name))
        {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(name)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(schema.clone())),
            );
        }
        if self.key.is_some() {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(IDEMPOTENCY_KEY)
                    .parameter_in(ParameterIn::Header)
                    .required(Required::False)
                    .description(Some(
                        "8 to 64 visible ASCII characters: a repetition with the same key is answered like the first request.",
                    ))
                    .schema(Some(text())),
            );
        }
        let sent = self
            .types
            .iter()
            .filter(|(name, _)| self.parameters.contains(name));
        if self.in_address() {
            for (name, schema) in sent {
                let needed = if self.is_required(name) {
                    Required::True
                } else {
                    Required::False
                };
                operation = operation.parameter(
                    ParameterBuilder::new()
                        .name(name)
                        .parameter_in(ParameterIn::Query)
                        .required(needed)
                        .schema(Some(schema.clone())),
                );
            }
        } else if !self.parameters.is_empty() {
            let mut body = ObjectBuilder::new();
            for (name, schema) in sent {
                body = body.property(name, schema.clone());
                if self.is_required(name) {
                    body = body.required(name);
                }
            }
            let content = ContentBuilder::new()
                .schema(Some(Schema::Object(body.build())))
                .build();
            operation = operation.request_body(Some(
                RequestBodyBuilder::new()
                    .content(JSON, content)
                    .required(Some(Required::True))
                    .build(),
            ));
        }
        operation.responses(self.responses()).build()
    }

    fn responses(&self) -> Responses {
        match (&self.answer, self.creates) {
            (Some(answer), Some(at)) => {
                let created = ObjectBuilder::new()
                    .property("id", answer.clone())
                    .required("id")
                    .build();
                let at = format!("It is at `/api/v1{at}/{{id}}`");
                responses(201, Some((JSON, Schema::Object(created).into())), &at)
            }
            (Some(answer), None) => responses(200, Some((JSON, answer.clone())), "The answer"),
            (None, _) => responses(204, None, "It is done"),
        }
    }
}

/// What a route may answer: that it is done, or one of the problems that any route may have.
pub fn responses(status: u16, answer: Option<(&str, RefOr<Schema>)>, about: &str) -> Responses {
    let mut done = ResponseBuilder::new().description(about);
    if let Some((media, schema)) = answer {
        done = done.content(media, ContentBuilder::new().schema(Some(schema)).build());
    }
    let problem = |(status, description): (u16, &str)| {
        let content = ContentBuilder::new()
            .schema(Some(Ref::from_schema_name("ProblemDetails")))
            .build();
        let response = ResponseBuilder::new()
            .description(description)
            .content(problems::MEDIA_TYPE, content)
            .build();
        (status.to_string(), response)
    };
    let problems = [
        (400, "`malformed-request`: it cannot be read"),
        (401, "`unauthorized`: the token is not accepted"),
        (403, "`insufficient-scope`; `denied`: you may not do that"),
        (
            404,
            "`not-found`: there is no such thing, or it is not yours to see",
        ),
        (409, "`conflict`: what is there now does not fit"),
        (413, "`too-large`"),
        (415, "`unsupported-media-type`"),
        (422, "`invalid-request`: a value cannot be used"),
        (429, "`too-many-requests`: try again after `Retry-After` seconds"),
        (500, "`internal-error`"),
    ];
    problems
        .into_iter()
        .map(problem)
        .fold(
            ResponsesBuilder::new().response(status.to_string(), done.build()),
            |responses, (status, response)| responses.response(status, response),
        )
        .build()
}

fn text() -> Schema {
    Schema::Object(ObjectBuilder::new().schema_type(Type::String).build())
}

pub(super) fn http_method(method: &str) -> HttpMethod {
    match method {
        "post" => HttpMethod::Post,
        "put" => HttpMethod::Put,
        "patch" => HttpMethod::Patch,
        "delete" => HttpMethod::Delete,
        _ => HttpMethod::Get,
    }
}

/// The name of the scheme in which programs of people show their token.
pub const PERSONAL_TOKEN: &str = "personal_token";
