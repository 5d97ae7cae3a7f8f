//! The interface for programs of people: it does what the pages do, for the same people.

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use http::{Method, Request, header};
use license_portal::{
    domain::sessions::GONE,
    server::rest::administration::{Described, ROUTES, files::FILES},
    store::Engine,
};
use serde_json::{Map, Value, json};

use crate::{
    client::{Answer, Client, encoded, is_fault},
    golden,
    matrix::{filled, stage, token},
    operations::CALLS,
    portal::TestPortal,
    tree::PEOPLE,
};

on_both_engines!(
    every_cell_is_that_of_the_pages,
    every_file_is_that_of_the_pages,
    a_route_does_what_the_page_does,
);

/// What programs do not do, because a person does it in person.
const IN_PERSON: [(&str, &str); 24] = [
    ("me", "a login"),
    ("demo", "a login"),
    ("language", "a browser"),
    ("log_in", "a login"),
    ("log_in_with_code", "a login"),
    ("log_out", "a login"),
    ("beat", "a tab of a browser"),
    ("leave", "a tab of a browser"),
    ("view_as", "a login"),
    ("end_view", "a login"),
    ("forgot_password", "one's own password"),
    ("password_link", "one's own password"),
    ("use_password_link", "one's own password"),
    ("change_password", "one's own password"),
    ("my_data", "one's own account"),
    ("save_me", "one's own account"),
    ("own_second_factor", "one's own second factor"),
    ("begin_second_factor", "one's own second factor"),
    ("confirm_second_factor", "one's own second factor"),
    ("renew_recovery_codes", "one's own second factor"),
    ("remove_second_factor", "one's own second factor"),
    ("tokens", "a token makes no tokens"),
    ("create_token", "a token makes no tokens"),
    ("revoke_token", "a token makes no tokens"),
];

/// A request to a route, with the arguments of a form of the page.
fn request(function: &str, form: &str, token: Option<&str>) -> Option<Request<Body>> {
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
    let fits =
        |route: &&&std::sync::Arc<Described>| holes(route.path).iter().all(|hole| given(hole).is_some());
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

/// The rows of the golden file: the answers of the pages.
fn golden_rows() -> BTreeMap<String, Vec<String>> {
    let file = include_str!("golden/operations.txt");
    let rows = file.lines().skip(1).map(|line| {
        // Columns are separated by two blanks or more.
        let mut cells: Vec<&str> = line
            .split("  ")
            .map(str::trim)
            .filter(|cell| !cell.is_empty())
            .collect();
        let answers = cells.split_off(cells.len() - PEOPLE.len() - 1);
        (cells.join("  "), answers.into_iter().map(str::to_owned).collect())
    });
    rows.collect()
}

/// What concerns a login says nothing about a token.
fn about_logins(preparation: &str) -> bool {
    [
        "view_as",
        "silence",
        "end_session",
        "close_session",
        "generate_password",
        // A login stays until its end when the account is switched off; a token does not.
        "plan=account",
    ]
    .iter()
    .any(|function| preparation.contains(function))
}

async fn every_cell_is_that_of_the_pages(engine: Engine) {
    let (portal, clients) = stage(engine).await;
    let rows = golden_rows();
    let nobody = portal.nobody();
    let mut called = BTreeSet::new();
    for line in CALLS.lines().filter(|line| !line.is_empty()) {
        let (preparation, call) = match line.split_once(" => ") {
            Some((preparation, call)) => (Some(preparation), call),
            None => (None, line),
        };
        if preparation.is_some_and(about_logins) {
            // From then on the tabs are gone.
            if preparation.is_some_and(|preparation| preparation.ends_with("silence")) {
                portal.pass(GONE);
            }
            continue;
        }
        for (at, person) in PEOPLE.into_iter().chain(["nobody"]).enumerate() {
            let shown = (person != "nobody").then(|| token(person));
            let (function, form) = filled(&portal, person, call);
            let Some(request) = request(&function, &form, shown.as_deref()) else {
                continue;
            };
            if let Some((other, preparation)) = preparation.and_then(|text| text.split_once(' ')) {
                let (function, form) = filled(&portal, other, preparation);
                clients[other].post_form(&function, &form).await.ok();
            }
            let reads = request.method() == Method::GET;
            let answer = nobody.send(request).await;
            assert!(!is_fault(answer.status), "{call} by {person}: {}", answer.text());
            let done = matches!(answer.status, 200 | 201 | 204);
            let found = if done {
                "200".to_owned()
            } else {
                answer.status.to_string()
            };
            // Who shows no token is not listened to, whatever they say.
            let expected = shown.as_ref().map_or("401", |_| rows[line][at].as_str());
            assert_eq!(found, expected, "{line} by {person}: {}", answer.text());
            if preparation.is_some() || (done && !reads) {
                portal.restore().await;
            }
            called.insert(function);
        }
    }
    let routed: BTreeSet<String> = ROUTES
        .iter()
        .map(|route| route.function.trim_start_matches("/api/").to_owned())
        .collect();
    assert_eq!(called, routed, "routes that no call of operations.rs fits");
}

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=part";

/// A field of a form in parts.
fn part(name: &str, file: &str, text: &str) -> String {
    format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n--part--\r\n")
}

/// The files of the pages, with what is sent: method and address there, method and address here, and the form. What stands
/// in braces is filled as in `operations.rs`.
fn files() -> Vec<(&'static str, &'static str, &'static str, String, &'static str)> {
    let issued = || "label=x".to_owned();
    let csv = || part("file", "; filename=\"groups.csv\"", "name\r\n");
    vec![
        ("GET", "/history.csv", "/events.csv", String::new(), ""),
        (
            "GET",
            "/reports.csv?group={g Group 2}",
            "/reports.csv?group={g Group 2}",
            String::new(),
            "",
        ),
        (
            "POST",
            "/created/{n}/codes",
            "/creations/{n}/codes",
            "kind=csv".to_owned(),
            FORM,
        ),
        (
            "POST",
            "/containers/{k user-1.1.1}/credentials",
            "/containers/{k user-1.1.1}/credentials",
            issued(),
            FORM,
        ),
        (
            "POST",
            "/containers/{k user-2.1}/credentials",
            "/containers/{k user-2.1}/credentials",
            "label=".to_owned(),
            FORM,
        ),
        (
            "POST",
            "/containers/{k user-2.1}/credentials/reset",
            "/containers/{k user-2.1}/credentials/reset",
            issued(),
            FORM,
        ),
        (
            "POST",
            "/containers/{k user-1.1.1}/credentials/{y user-1.1.1}/rotate",
            "/containers/{k user-1.1.1}/credentials/{y user-1.1.1}/rotate",
            "overlap=7&days=x".to_owned(),
            FORM,
        ),
        (
            "GET",
            "/containers/{k user-1.2.1}/setup",
            "/containers/{k user-1.2.1}/setup",
            String::new(),
            "",
        ),
        (
            "GET",
            "/containers/{k user-1.2.1}/update",
            "/containers/{k user-1.2.1}/update",
            String::new(),
            "",
        ),
        (
            "POST",
            "/containers/{k user-1.2.1}/exchange",
            "/containers/{k user-1.2.1}/exchange",
            part("text", "", "no request"),
            PARTS,
        ),
        ("POST", "/imports/upload", "/imports", csv(), PARTS),
        (
            "GET",
            "/exports/groups.csv",
            "/exports/groups.csv",
            String::new(),
            "",
        ),
        (
            "GET",
            "/exports/nothing.csv",
            "/exports/nothing.csv",
            String::new(),
            "",
        ),
    ]
}

/// Discards the file that waits, once it can be.
async fn discard(portal: &TestPortal, isv: &Client) {
    for id in portal
        .texts("SELECT CAST(id AS TEXT) FROM imports WHERE open = 1")
        .await
    {
        while isv.post("discard_import", &[("import", &id)]).await.status != 200 {
            tokio::task::yield_now().await;
        }
    }
}

async fn every_file_is_that_of_the_pages(engine: Engine) {
    let (portal, clients) = stage(engine).await;
    // Another file waits to be confirmed otherwise.
    portal.run("DELETE FROM import_beats").await;
    portal.run("DELETE FROM imports").await;
    let mut asked = BTreeSet::new();
    for (method, page, route, form, kind) in files() {
        let method: Method = method.parse().unwrap();
        for person in PEOPLE {
            let filled = |address: &str| crate::matrix::fill(&portal, person, address);
            let request = |address: String| {
                let request = Request::builder()
                    .method(&method)
                    .uri(address.replace(' ', "%20"));
                if kind.is_empty() {
                    request
                } else {
                    request.header(header::CONTENT_TYPE, kind)
                }
            };
            let cookie = clients[person].cookie.clone().unwrap();
            let of_page = request(filled(page)).header(header::COOKIE, cookie);
            let of_page = portal
                .nobody()
                .send(of_page.body(form.clone().into()).unwrap())
                .await;
            // What people are led on to, programs are told.
            let led_on = of_page.status == 303;
            if led_on {
                discard(&portal, &clients["isv-admin"]).await;
            }
            let bearer = format!("Bearer {}", token(person));
            let by_program =
                request(format!("/api/v1{}", filled(route))).header(header::AUTHORIZATION, bearer);
            let by_program = portal
                .nobody()
                .send(by_program.body(form.clone().into()).unwrap())
                .await;
            let expected = if led_on { 201 } else { of_page.status };
            assert_eq!(
                by_program.status,
                expected,
                "{route} by {person}: {}",
                by_program.text()
            );
            if by_program.status >= 400 {
                assert_eq!(
                    by_program.header("content-type"),
                    "application/problem+json",
                    "{route} by {person}"
                );
            }
            if by_program.status == 201 {
                discard(&portal, &clients["isv-admin"]).await;
            }
        }
        let shape = |path: &str| {
            path.split(['{', '}'])
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let route = route.split('?').next().unwrap();
        let known = FILES
            .iter()
            .find(|file| file.method == method.as_str().to_lowercase() && shape(file.path) == shape(route));
        asked.insert(known.map_or("/exports/{file}", |file| file.path));
    }
    let all: BTreeSet<&str> = FILES.iter().map(|file| file.path).collect();
    assert_eq!(asked, all);
}

#[test]
fn every_function_of_the_pages_has_a_route() {
    let routed: BTreeSet<&str> = ROUTES.iter().map(|route| route.function).collect();
    let in_person: BTreeSet<String> = IN_PERSON
        .iter()
        .map(|(function, _)| format!("/api/{function}"))
        .collect();
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        assert_ne!(
            routed.contains(path),
            in_person.contains(path),
            "{path} has neither a route nor a reason to have none, or both"
        );
    }
}

#[test]
fn the_routes_are_these() {
    let mut rows = vec![
        ["method", "path", "scope", "function"]
            .map(str::to_owned)
            .to_vec(),
    ];
    for route in ROUTES.iter() {
        rows.push(vec![
            route.method.to_uppercase(),
            route.path.to_owned(),
            route
                .scopes
                .iter()
                .map(ToString::to_string)
                .collect::<Vec<_>>()
                .join(" "),
            route.function.trim_start_matches("/api/").to_owned(),
        ]);
    }
    for file in &FILES {
        let (method, scope) = (file.method.to_uppercase(), file.scope.to_string());
        rows.push(vec![method, file.path.to_owned(), scope, "a file".to_owned()]);
    }
    golden::check("routes.txt", &golden::table(&rows));
}

/// A program of somebody.
struct Program {
    nobody: Client,
    token: String,
}

impl Program {
    async fn send(&self, method: Method, path: &str, body: Option<Value>) -> Answer {
        let request = Request::builder()
            .method(method)
            .uri(path)
            .header(header::AUTHORIZATION, format!("Bearer {}", self.token));
        let request = match body {
            Some(body) => request
                .header(header::CONTENT_TYPE, "application/json")
                .body(body.to_string().into()),
            None => request.body(Body::empty()),
        };
        self.nobody.send(request.unwrap()).await
    }
}

async fn a_route_does_what_the_page_does(engine: Engine) {
    let (portal, clients) = stage(engine).await;
    let program = Program {
        nobody: portal.nobody(),
        token: token("admin-1.1"),
    };
    // Ids are texts, lists are paged, queries are flat.
    let list = program
        .send(
            Method::GET,
            "/api/v1/tickets?node=all&below=true&search=&sort=since&reverse=false&page=0",
            None,
        )
        .await;
    let page = clients["admin-1.1"]
        .post_form("tickets", &format!("query[node]=all&{}", crate::client::LIST))
        .await;
    assert_eq!(list.ok(), page.ok());
    assert!(list.json()["rows"][0]["facts"]["id"].is_string());
    assert_eq!(list.header("cache-control"), "no-store");
    assert!(!list.header("ratelimit").is_empty());
    // What is created is where it is said to be.
    let below = portal.group("Group 1.1").to_string();
    let made = program
        .send(
            Method::POST,
            "/api/v1/groups",
            Some(json!({"parent": below, "name": "By a script"})),
        )
        .await;
    assert_eq!(made.status, 201, "{}", made.text());
    let id = made.json()["id"].as_str().unwrap().to_owned();
    assert_eq!(made.header("location"), format!("/api/v1/groups/{id}"));
    let group = program
        .send(Method::GET, made.header("location"), None)
        .await
        .ok();
    assert_eq!(group["path"].as_array().unwrap().last().unwrap(), "By a script");
    // The history tells the way.
    let events = program.send(Method::GET, "/api/v1/events", None).await.ok();
    assert_eq!(
        (&events["rows"][0]["kind"], &events["rows"][0]["way"]),
        (&json!("GroupCreated"), &json!("Api"))
    );
    // A repetition with the same key is done once.
    let ticket = portal.pick("1.1-open");
    let to = portal.owner("Group 1").to_string();
    let moved = || async {
        let request = Request::post("/api/v1/moves")
            .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", "by-a-script-1")
            .body(json!({"tickets": ticket, "to": to}).to_string().into())
            .unwrap();
        program.nobody.send(request).await.ok()
    };
    assert_eq!(moved().await, moved().await);
    let undone = program
        .send(Method::POST, "/api/v1/moves/by-a-script-1/undo", None)
        .await;
    assert_eq!(undone.ok()["tickets"], 1, "{}", undone.text());
    // Problems tell what was wrong: for people, and for programs.
    let refused = program
        .send(
            Method::PATCH,
            &format!("/api/v1/groups/{below}"),
            Some(json!({"name": ""})),
        )
        .await;
    assert_eq!(refused.status, 422, "{}", refused.text());
    assert_eq!(refused.header("content-type"), "application/problem+json");
    let problem = refused.json();
    assert!(
        problem["type"]
            .as_str()
            .unwrap()
            .ends_with("/problems/invalid-request")
    );
    assert_eq!(problem["refusal"], json!({"InvalidName": "Empty"}));
    for (method, path, body, status) in [
        (Method::GET, "/api/v1/groups/x".to_owned(), None, 404),
        (Method::GET, "/api/v1/tickets?nodes=all".to_owned(), None, 400),
        (
            Method::PATCH,
            format!("/api/v1/groups/{below}"),
            Some(json!({"nome": "x"})),
            400,
        ),
        (
            Method::PATCH,
            format!("/api/v1/groups/{below}"),
            Some(json!([])),
            400,
        ),
        (
            Method::PATCH,
            format!("/api/v1/groups/{below}"),
            Some(json!({"name": 7})),
            400,
        ),
        (
            Method::PUT,
            format!("/api/v1/groups/{below}"),
            Some(json!({})),
            405,
        ),
        (Method::GET, "/api/v1/nothing".to_owned(), None, 404),
    ] {
        let answer = program.send(method, &path, body).await;
        assert_eq!(answer.status, status, "{path}: {}", answer.text());
        assert_eq!(
            answer.header("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    // A login is no token, and a token no login.
    let by_cookie = clients["admin-1.1"].get(&format!("/api/v1/groups/{below}")).await;
    assert_eq!(by_cookie.status, 401);
    let page = Request::post("/api/group")
        .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
        .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(format!("group={below}").into())
        .unwrap();
    assert_eq!(program.nobody.send(page).await.status, 401);
}
