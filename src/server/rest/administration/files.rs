//! Files in and out, by programs: the downloads and uploads of the pages, at addresses of their own.

use axum::{Router, extract::Request, middleware, routing::MethodRouter};
use domain::{
    accounts::personal_tokens::{Area, Level, Scope},
    history::events::Channel,
};
use utoipa::{
    PartialSchema,
    openapi::{
        ContentBuilder, ObjectBuilder, RefOr, Required,
        path::{Operation, OperationBuilder, ParameterBuilder, ParameterIn},
        request_body::RequestBodyBuilder,
        schema::{Schema, Type},
        security::SecurityRequirement,
    },
};

use crate::server::{
    files::downloads::Downloads,
    rest::administration::{
        admission::let_in,
        description::{PERSONAL_TOKEN, responses},
    },
};

/// A file, and the address at which programs get or send it.
pub struct FileRoute {
    /// The method, in lower case.
    pub method: &'static str,
    /// The path below `/api/v1`.
    pub path: &'static str,
    /// What it demands of a token.
    pub scope: Scope,
    /// What it is.
    pub about: &'static str,
    /// What is sent with it: a media type, and the members, each with what it is; those with a `?` may be missing.
    sent: Option<(&'static str, &'static [(&'static str, &'static str)])>,
    /// The media type of the answer.
    answer: &'static str,
}

const JSON: &str = "application/json";
const FORM: &str = "multipart/form-data";
const CSV: &str = "text/csv";

const fn route(
    method: &'static str,
    path: &'static str,
    (area, level): (Area, Level),
    about: &'static str,
    sent: Option<(&'static str, &'static [(&'static str, &'static str)])>,
    answer: &'static str,
) -> FileRoute {
    FileRoute {
        method,
        path,
        scope: Scope { area, level },
        about,
        sent,
        answer,
    }
}

const NEW_CREDENTIAL: &[(&str, &str)] = &[
    ("label", "What uses it"),
    ("days?", "After how many days it expires; never, without"),
];

/// Every file.
pub const FILES: [FileRoute; 12] = [
    route(
        "get",
        "/events.csv",
        (Area::History, Level::Read),
        "The history as CSV, with the parameters of `GET /events`",
        None,
        CSV,
    ),
    route(
        "get",
        "/reports.csv",
        (Area::History, Level::Read),
        "A report as CSV, with the parameters of `GET /reports`",
        None,
        CSV,
    ),
    route(
        "get",
        "/use.csv",
        (Area::History, Level::Read),
        "Use as CSV: of a `ticket`, over a `span` (`24h`, `7d`, `30d` or `1y`); or with the parameters of `GET /use`, where `span` is written so",
        None,
        CSV,
    ),
    route(
        "post",
        "/creations/{creation}/codes",
        (Area::Tickets, Level::Read),
        "The codes of tickets that were created together, as `text` or as `csv`",
        Some((JSON, &[("kind", "`text` or `csv`")])),
        CSV,
    ),
    route(
        "post",
        "/containers/{container}/credentials",
        (Area::Licenses, Level::Write),
        "Issue a credential file: this answer is the only place where its key stands",
        Some((JSON, NEW_CREDENTIAL)),
        JSON,
    ),
    route(
        "post",
        "/containers/{container}/credentials/reset",
        (Area::Licenses, Level::Write),
        "Reset the credentials of a container, and issue a new file",
        Some((JSON, NEW_CREDENTIAL)),
        JSON,
    ),
    route(
        "post",
        "/containers/{container}/credentials/{credential}/rotate",
        (Area::Licenses, Level::Write),
        "Replace a credential by a new file",
        Some((
            JSON,
            &[
                ("overlap?", "For how many days the old one stays good"),
                ("days?", "After how many days the new one expires; never, without"),
            ],
        )),
        JSON,
    ),
    route(
        "get",
        "/containers/{container}/setup",
        (Area::Licenses, Level::Read),
        "The file that sets up a machine without a network",
        None,
        JSON,
    ),
    route(
        "get",
        "/containers/{container}/update",
        (Area::Licenses, Level::Write),
        "The update for a machine without a network, signed",
        None,
        "application/jwt",
    ),
    route(
        "post",
        "/containers/{container}/exchange",
        (Area::Licenses, Level::Write),
        "Hand in what a machine without a network wrote: its request, or its receipt",
        Some((
            FORM,
            &[
                ("file?", "The file, or a photo of its QR code"),
                ("text?", "Or its text"),
            ],
        )),
        JSON,
    ),
    route(
        "post",
        "/imports",
        (Area::Instance, Level::Write),
        "Upload a file to import: CSV by the name of its noun, such as `groups.csv`, or JSON. It is checked, and waits to be confirmed",
        Some((FORM, &[("file", "The file")])),
        JSON,
    ),
    route(
        "get",
        "/exports/{file}",
        (Area::Instance, Level::Read),
        "Everything as a file: `organisation.json`, or a CSV by the name of its noun, such as `groups.csv`",
        None,
        CSV,
    ),
];

/// Serves the file at the address for programs, by the handler of the page.
///
/// # Panics
/// In tests, when the table has no such file.
pub fn at(downloads: &Downloads, path: &'static str, handler: MethodRouter<Downloads>) -> Router {
    let found = FILES.iter().find(|file| file.path == path);
    debug_assert!(found.is_some(), "{path} stands in the table");
    let scope = found.map(|file| file.scope);
    let downloads = Downloads {
        portal: downloads.portal.over(Channel::Api),
        ..downloads.clone()
    };
    let portal = downloads.portal.clone();
    let let_in =
        middleware::from_fn(move |request: Request, next| let_in(portal.clone(), scope, request, next));
    Router::new()
        .route(&format!("/api/v1{path}"), handler.route_layer(let_in))
        .with_state(downloads)
}

impl FileRoute {
    /// What the OpenAPI document says.
    pub fn operation(&self) -> Operation {
        let text = || Schema::Object(ObjectBuilder::new().schema_type(Type::String).build());
        let id = format!(
            "{}{}",
            self.method,
            self.path.replace(['/', '-', '.'], "_").replace(['{', '}'], "")
        );
        let mut operation = OperationBuilder::new()
            .tag("Files")
            .operation_id(Some(id))
            .summary(Some(self.about))
            .description(Some(format!("Scope: `{}`.", self.scope)))
            .security(SecurityRequirement::new(PERSONAL_TOKEN, [self.scope.to_string()]));
        for hole in self
            .path
            .split('{')
            .skip(1)
            .filter_map(|rest| rest.split_once('}'))
        {
            operation = operation.parameter(
                ParameterBuilder::new()
                    .name(hole.0)
                    .parameter_in(ParameterIn::Path)
                    .required(Required::True)
                    .schema(Some(text())),
            );
        }
        if let Some((media, members)) = self.sent {
            let mut object = ObjectBuilder::new();
            for (name, about) in members {
                let (name, needed) = name.strip_suffix('?').map_or((*name, true), |name| (name, false));
                let member = ObjectBuilder::new()
                    .schema_type(Type::String)
                    .description(Some(*about));
                object = object.property(name, Schema::Object(member.build()));
                if needed {
                    object = object.required(name);
                }
            }
            let content = ContentBuilder::new()
                .schema(Some(Schema::Object(object.build())))
                .build();
            operation = operation.request_body(Some(
                RequestBodyBuilder::new()
                    .content(media, content)
                    .required(Some(Required::True))
                    .build(),
            ));
        }
        let answer: RefOr<Schema> = if self.answer == JSON {
            serde_json::Value::schema()
        } else {
            String::schema()
        };
        operation
            .responses(responses(
                if self.path == "/imports" { 201 } else { 200 },
                Some((self.answer, answer)),
                "The file, or what became of it",
            ))
            .build()
    }
}
