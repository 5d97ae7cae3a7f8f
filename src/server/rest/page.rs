//! `GET /api/v1`: the description of the interface for people, made from the same document that machines read.

use axum::{
    extract::State,
    response::{Html, IntoResponse, Response},
};
use http::header;
use leptos::prelude::*;
use serde_json::Value;

use crate::{
    server::{
        failures::PAGE_POLICY,
        rest::{openapi, problems, requests::PUBLIC},
    },
    ui::shell::assets::Assets,
};

const METHODS: [&str; 5] = ["get", "post", "put", "patch", "delete"];

/// The page.
pub async fn page(State(assets): State<Assets>) -> Response {
    // The address of the portal stands in the document only, and not on the page.
    let document = openapi::document("");
    let headers = [
        (header::CONTENT_SECURITY_POLICY, PAGE_POLICY),
        (header::CACHE_CONTROL, PUBLIC),
    ];
    (headers, Html(html(&document, &assets))).into_response()
}

fn text<'a>(value: &'a Value, name: &str) -> &'a str {
    value[name].as_str().unwrap_or_default()
}

/// Text in which code stands between backticks.
fn prose(text: &str) -> Vec<AnyView> {
    let part = |(at, part): (usize, &str)| {
        let part = part.to_owned();
        if at % 2 == 1 {
            view! { <code class="mono">{part}</code> }.into_any()
        } else {
            part.into_any()
        }
    };
    text.split('`').enumerate().map(part).collect()
}

/// The type of a value: the names that it refers to as links, its own otherwise.
fn kinds(value: &Value) -> Vec<AnyView> {
    if let Some(name) = value["$ref"].as_str() {
        let name = name.rsplit('/').next().unwrap_or_default().to_owned();
        let to = format!("#{name}");
        return vec![view! { <a href=to>{name}</a> }.into_any()];
    }
    let choices = ["oneOf", "anyOf", "allOf"]
        .iter()
        .find_map(|choices| value[*choices].as_array());
    if let Some(choices) = choices {
        return separated(choices.iter().map(kinds));
    }
    if let Some(values) = value["enum"].as_array() {
        let one = |value: &Value| vec![view! { <code class="mono">{value.to_string()}</code> }.into_any()];
        return separated(values.iter().map(one));
    }
    match &value["type"] {
        Value::String(kind) if kind == "array" => {
            let mut list = vec!["[".into_any()];
            list.extend(kinds(&value["items"]));
            list.push("]".into_any());
            list
        }
        Value::String(kind) if kind == "object" && value["properties"].is_object() => vec![members(value)],
        Value::String(kind) => vec![kind.clone().into_any()],
        Value::Array(names) => {
            let name = |name: &Value| vec![name.as_str().unwrap_or_default().to_owned().into_any()];
            separated(names.iter().map(name))
        }
        _ => Vec::new(),
    }
}

fn separated(choices: impl Iterator<Item = Vec<AnyView>>) -> Vec<AnyView> {
    let mut views = Vec::new();
    for (at, choice) in choices.enumerate() {
        if at > 0 {
            views.push(" | ".into_any());
        }
        views.extend(choice);
    }
    views
}

/// The members of an object, each with its type and what it means.
fn members(object: &Value) -> AnyView {
    let needed = |name: &str| {
        let mut needed = object["required"].as_array().into_iter().flatten();
        needed.any(|needed| needed == name)
    };
    let member = |(name, member): (&String, &Value)| {
        view! {
            <tr>
                <td><code class="mono">{name.clone()}</code></td>
                <td>{kinds(member)} {(!needed(name)).then_some(" (optional)")}</td>
                <td>{prose(text(member, "description"))}</td>
            </tr>
        }
    };
    let members: Vec<_> = object["properties"]
        .as_object()
        .map(|members| members.iter().map(member).collect())
        .unwrap_or_default();
    view! {
        <table class="rows">
            <thead>
                <tr>
                    <th scope="col">"Member"</th>
                    <th scope="col">"Type"</th>
                    <th scope="col">"Meaning"</th>
                </tr>
            </thead>
            <tbody>{members}</tbody>
        </table>
    }
    .into_any()
}

/// The media types of a body, each with the type of what stands in it.
fn content(value: &Value) -> Vec<AnyView> {
    let one = |(media, body): (&String, &Value)| {
        let media = media.clone();
        view! { <div><code class="mono">{media}</code> " " {kinds(&body["schema"])} </div> }.into_any()
    };
    value["content"]
        .as_object()
        .map(|kinds| kinds.iter().map(one).collect())
        .unwrap_or_default()
}

fn operation(path: &str, method: &str, operation: &Value) -> AnyView {
    let parameter = |parameter: &Value| {
        view! {
            <li>
                <code class="mono">{text(parameter, "name").to_owned()}</code> " (" {text(parameter, "in").to_owned()}
                "): " {prose(text(parameter, "description"))}
            </li>
        }
    };
    let parameters: Vec<_> = operation["parameters"]
        .as_array()
        .map(|parameters| parameters.iter().map(parameter).collect())
        .unwrap_or_default();
    let answer = |(status, answer): (&String, &Value)| {
        view! {
            <tr>
                <td class="mono">{status.clone()}</td>
                <td>{prose(text(answer, "description"))}</td>
                <td>{content(answer)}</td>
            </tr>
        }
    };
    // What may go wrong with any route for programs of people is said once.
    let same_for_all =
        operation["security"][0][crate::server::rest::administration::description::PERSONAL_TOKEN].is_array();
    let shown = |(status, _): &(&String, &Value)| !same_for_all || status.starts_with('2');
    let answers: Vec<_> = operation["responses"]
        .as_object()
        .map(|answers| answers.iter().filter(shown).map(answer).collect())
        .unwrap_or_default();
    let title = format!("{} {path}", method.to_uppercase());
    let sent = content(&operation["requestBody"]);
    view! {
        <section class="panel">
            <h3 class="mono">{title}</h3>
            <p><strong>{text(operation, "summary").to_owned()}</strong></p>
            <p>{prose(text(operation, "description"))}</p>
            {(!parameters.is_empty()).then(|| view! { <ul>{parameters}</ul> })}
            {(!sent.is_empty()).then(|| view! { <div>"Send " {sent}</div> })}
            <table class="rows">
                <thead>
                    <tr>
                        <th scope="col">"Status"</th>
                        <th scope="col">"Meaning"</th>
                        <th scope="col">"Body"</th>
                    </tr>
                </thead>
                <tbody>{answers}</tbody>
            </table>
        </section>
    }
    .into_any()
}

fn kind((name, schema_of): (&String, &Value)) -> AnyView {
    let about = if schema_of["properties"].is_object() {
        members(schema_of)
    } else {
        view! { <p>{kinds(schema_of)}</p> }.into_any()
    };
    view! {
        <section class="panel" id=name.clone()>
            <h3>{name.clone()}</h3>
            <p>{prose(text(schema_of, "description"))}</p>
            {about}
        </section>
    }
    .into_any()
}

fn html(document: &Value, assets: &Assets) -> String {
    let title = text(&document["info"], "title").to_owned();
    let empty = serde_json::Map::new();
    let paths = document["paths"].as_object().unwrap_or(&empty);
    // Under their headings, in the order in which those come up.
    let mut headings: Vec<(&str, Vec<AnyView>)> = Vec::new();
    for (path, of_path) in paths {
        for method in METHODS.iter().filter(|method| of_path[**method].is_object()) {
            let heading = of_path[*method]["tags"][0].as_str().unwrap_or_default();
            let shown = operation(path, method, &of_path[*method]);
            match headings.iter_mut().find(|(known, _)| *known == heading) {
                Some((_, operations)) => operations.push(shown),
                None => headings.push((heading, vec![shown])),
            }
        }
    }
    let operations: Vec<_> = headings
        .into_iter()
        .map(|(heading, operations)| {
            let heading = heading.to_owned();
            view! {
                <h2>{heading}</h2>
                {operations}
            }
        })
        .collect();
    let kinds = document["components"]["schemas"].as_object().unwrap_or(&empty);
    let kinds: Vec<_> = kinds.iter().map(kind).collect();
    let problem = |kind: &problems::Kind| {
        view! {
            <tr id=kind.slug>
                <td class="mono">{kind.status}</td>
                <td><code class="mono">{kind.slug}</code></td>
                <td>{kind.title}</td>
            </tr>
        }
    };
    let problems: Vec<_> = problems::ALL.iter().map(problem).collect();
    let css = assets.css.clone();
    let page = view! {
        <html lang="en">
            <head>
                <meta charset="utf-8"/>
                <meta name="viewport" content="width=device-width, initial-scale=1"/>
                <meta name="color-scheme" content="light dark"/>
                // A text of its own would be followed by a mark, which stands in a title as it is.
                <title inner_html=title.clone()></title>
                <link rel="icon" href="/favicon.svg" type="image/svg+xml"/>
                <link rel="stylesheet" href=css/>
            </head>
            <body>
                <main id="main" class="main">
                    <div class="page described">
                        <h1>{title}</h1>
                        <p>{prose(text(&document["info"], "description"))}</p>
                        <p><a href="/api/v1/openapi.json">"The same for programs: OpenAPI 3.1"</a></p>
                        {operations}
                        <h2>"Types"</h2>
                        {kinds}
                        <h2>"Problems"</h2>
                        <table class="rows">
                            <thead>
                                <tr>
                                    <th scope="col">"Status"</th>
                                    <th scope="col">"Last segment of its type"</th>
                                    <th scope="col">"Meaning"</th>
                                </tr>
                            </thead>
                            <tbody>{problems}</tbody>
                        </table>
                    </div>
                </main>
            </body>
        </html>
    };
    format!("<!DOCTYPE html>{}", page.to_html())
}
