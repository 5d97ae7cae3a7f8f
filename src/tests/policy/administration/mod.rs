//! The interface for programs of people: it does what the pages do, for the same people.

pub mod calls;
pub mod files;

use std::collections::{BTreeMap, BTreeSet};

use axum::body::Body;
use domain::accounts::sessions::GONE;
use http::{Method, Request, header};
use license_portal::{
    server::rest::administration::{ROUTES, files::FILES},
    store::Engine,
};
use serde_json::{Value, json};

use crate::{
    policy::{
        administration::calls::{request, selection},
        operations::CALLS,
        stage::{filled, stage, token},
    },
    support::{
        client::{Answer, Client, is_fault},
        golden,
        tree::PEOPLE,
    },
};

on_both_engines!(every_cell_is_that_of_the_pages, a_route_does_what_the_page_does,);

/// What programs do not do, because a person does it in person.
const IN_PERSON: [(&str, &str); 27] = [
    ("me", "a login"),
    ("demo", "a login"),
    ("language", "a browser"),
    ("theme", "a browser"),
    ("start", "a browser"),
    ("list_layout", "a browser"),
    ("set_list_layout", "a browser"),
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
    ("own_second_factor", "one's own second factor"),
    ("begin_second_factor", "one's own second factor"),
    ("confirm_second_factor", "one's own second factor"),
    ("renew_recovery_codes", "one's own second factor"),
    ("remove_second_factor", "one's own second factor"),
    ("create_token", "a token makes no tokens"),
    ("offered_sign_ins", "a login"),
    ("own_sign_ins", "one's own sign-ins"),
    ("link_sign_in", "one's own sign-ins"),
    ("unlink_sign_in", "one's own sign-ins"),
];

/// The rows of the golden file: the answers of the pages.
fn golden_rows() -> BTreeMap<String, Vec<String>> {
    let file = include_str!("../../golden/operations.txt");
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
        .post_form(
            "tickets",
            &format!("query[node]=all&{}", crate::support::client::LIST),
        )
        .await;
    assert_eq!(list.ok(), page.ok());
    assert!(list.json()["rows"][0]["facts"]["id"].is_string());
    // Of several values of a facet any will do, here as there.
    let of = async |facets: &str| {
        let address = format!("/api/v1/tickets?node=all&below=true&facets={facets}");
        let list = program.send(Method::GET, &address, None).await;
        list.ok()["total"].as_u64().unwrap()
    };
    let (groups, people) = (of("owner:group").await, of("owner:person").await);
    assert!(groups > 0 && people > 0, "{groups} {people}");
    assert_eq!(of("owner:group,owner:person").await, groups + people);
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
    // The history tells the channel.
    let events = program.send(Method::GET, "/api/v1/events", None).await.ok();
    assert_eq!(
        (&events["rows"][0]["kind"], &events["rows"][0]["channel"]),
        (&json!("GroupCreated"), &json!("Api"))
    );
    // A repetition with the same key is done once.
    let tickets = selection(&portal.pick("1.1-open")).unwrap();
    let to = json!({"group": portal.group("Group 1").to_string()});
    let moved = || async {
        let request = Request::post("/api/v1/moves")
            .header(header::AUTHORIZATION, format!("Bearer {}", program.token))
            .header(header::CONTENT_TYPE, "application/json")
            .header("Idempotency-Key", "by-a-script-1")
            .body(json!({"tickets": tickets, "to": to}).to_string().into())
            .unwrap();
        program.nobody.send(request).await.ok()
    };
    assert_eq!(moved().await, moved().await);
    let undone = program
        .send(Method::POST, "/api/v1/moves/by-a-script-1/undo", None)
        .await;
    assert_eq!(undone.ok()["tickets"], 1, "{}", undone.text());
    // Owners and places of the tree are objects.
    let tree = program
        .send(Method::GET, &format!("/api/v1/tree?nodes[0]=group:{below}"), None)
        .await
        .ok();
    let nodes = |branch: &Value| -> Vec<Value> {
        let rows = branch["rows"].as_array().unwrap();
        rows.iter().map(|row| row["node"].clone()).collect()
    };
    assert!(nodes(&tree[0]).contains(&json!({"list": "all"})), "{tree}");
    assert_eq!(tree[1]["node"], json!({"group": below}));
    let person = portal.person("user-1.1.1").to_string();
    assert!(
        nodes(&tree[1]).contains(&json!({"user": person, "context": below})),
        "{tree}"
    );
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
        // An owner is never left out, and never half of one.
        (
            Method::POST,
            "/api/v1/moves".to_owned(),
            Some(json!({"tickets": tickets})),
            400,
        ),
        (
            Method::POST,
            "/api/v1/moves".to_owned(),
            Some(json!({"tickets": tickets, "to": null})),
            400,
        ),
        (
            Method::POST,
            "/api/v1/moves".to_owned(),
            Some(json!({"tickets": tickets, "to": {"unassigned": false}})),
            400,
        ),
        (
            Method::POST,
            "/api/v1/moves".to_owned(),
            Some(json!({"tickets": tickets, "to": {"group": below, "user": "1"}})),
            400,
        ),
        (
            Method::POST,
            "/api/v1/moves".to_owned(),
            Some(json!({"tickets": tickets, "to": format!("group:{below}")})),
            400,
        ),
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
