//! The interface for machines as such: problems, limits of bodies, its own description.

use axum::body::Body;
use http::{Method, Request, header};
use license_portal::{server::rest::problems, store::Engine};
use serde_json::json;

use crate::support::portal::TestPortal;

on_both_engines!(
    whatever_is_sent_is_answered_with_a_problem,
    the_interface_describes_itself,
);

async fn whatever_is_sent_is_answered_with_a_problem(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n #t\n").await;
    let container = portal.make_container("ann", "Build").await;
    let machine = portal.machine("ann", container, "ci").await;
    let nobody = portal.nobody();
    for (method, path, problem) in [
        (Method::GET, "/api/v1/nowhere", "404 not-found"),
        (Method::POST, "/api/v1/nowhere", "404 not-found"),
        (Method::GET, "/api/v1/leases/1/renew/more", "404 not-found"),
        (Method::PUT, "/api/v1/container", "405 method-not-allowed"),
        (Method::GET, "/api/v1/leases", "405 method-not-allowed"),
        (Method::POST, "/api/v1/openapi.json", "405 method-not-allowed"),
        (Method::POST, "/.well-known/jwks.json", "405 method-not-allowed"),
        (Method::GET, "/api/v1/container", "401 unauthorized"),
        (Method::DELETE, "/api/v1/leases/1", "401 unauthorized"),
    ] {
        let request = Request::builder()
            .method(&method)
            .uri(path)
            .body(Body::empty())
            .unwrap();
        let answer = nobody.send(request).await;
        assert_eq!(answer.problem(), problem, "{method} {path}");
        assert!(!answer.header("x-request-id").is_empty());
    }
    let send = async |kind: &str, body: String| {
        let request = Request::post("/api/v1/leases")
            .header(header::AUTHORIZATION, format!("Bearer {}", machine.token))
            .header("idempotency-key", "key-1234")
            .header(header::CONTENT_TYPE, kind);
        nobody.send(request.body(body.into()).unwrap()).await
    };
    for (kind, body, problem) in [
        ("text/plain", "{}".to_owned(), "415 unsupported-media-type"),
        ("application/json", String::new(), "422 invalid-request"),
        ("application/json", "{".to_owned(), "422 invalid-request"),
        ("application/json", "[]".to_owned(), "422 invalid-request"),
        ("application/json", "{}".to_owned(), "422 invalid-request"),
        (
            "application/json",
            r#"{"product":1,"holder":"x"}"#.to_owned(),
            "422 invalid-request",
        ),
        (
            "application/json",
            r#"{"product":"A","holder":"x","more":1}"#.to_owned(),
            "422 invalid-request",
        ),
        (
            "application/json",
            format!("{}1{}", "[".repeat(5000), "]".repeat(5000)),
            "422 invalid-request",
        ),
        (
            "application/json",
            format!("\"{}\"", "x".repeat(70_000)),
            "413 too-large",
        ),
        (
            "application/json",
            format!("\"{}\"", "x".repeat(300_000)),
            "413 too-large",
        ),
    ] {
        let answer = send(kind, body).await;
        assert_eq!(answer.problem(), problem);
    }
    // A browser of another site is sent away; programs send no such headers.
    let foreign = Request::post("/api/v1/leases").header("sec-fetch-site", "cross-site");
    let foreign = nobody.send(foreign.body(Body::empty()).unwrap()).await;
    assert_eq!(foreign.problem(), "403 foreign-request");
    // A cookie opens nothing here, and a token opens nothing there.
    let ann = portal.client("ann").await;
    assert_eq!(ann.get("/api/v1/container").await.problem(), "401 unauthorized");
    let me = Request::post("/api/my_data").header(header::AUTHORIZATION, format!("Bearer {}", machine.token));
    let me = me.header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
    assert_eq!(nobody.send(me.body(Body::empty()).unwrap()).await.status, 401);
    // Other addresses are answered as ever.
    assert_eq!(nobody.post("my_data", &[]).await.status, 401);
    assert_ne!(
        nobody.post("nowhere", &[]).await.header("content-type"),
        problems::MEDIA_TYPE
    );
}

async fn the_interface_describes_itself(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let nobody = portal.nobody();
    let answer = nobody.get("/api/v1/openapi.json").await;
    let document = answer.ok();
    assert!(document["openapi"].as_str().unwrap().starts_with("3.1"));
    assert_eq!(document["servers"][0]["url"], "https://portal.example.org");
    assert_eq!(
        document["components"]["securitySchemes"]["access_token"]["scheme"],
        "bearer"
    );
    assert_eq!(document["security"], json!([{ "access_token": [] }]));
    // Every problem of a request is described, and every one that is described exists.
    let text = document.to_string();
    for kind in problems::ALL
        .iter()
        .filter(|kind| kind.status < 500 && ![403, 405].contains(&kind.status))
    {
        let general = ["not-found"].contains(&kind.slug);
        assert!(
            general || text.contains(&format!("`{}`", kind.slug)) || kind.slug == "too-many-requests",
            "{}",
            kind.slug
        );
    }
    for (path, operations) in document["paths"].as_object().unwrap() {
        for (method, operation) in operations.as_object().unwrap() {
            for (status, answer) in operation["responses"].as_object().unwrap() {
                let problem = answer["content"].get(problems::MEDIA_TYPE).is_some();
                let oauth = path == "/oauth/token" && ["400", "401"].contains(&status.as_str());
                assert_eq!(
                    problem,
                    !status.starts_with('2') && !oauth,
                    "{method} {path} {status}"
                );
            }
            // What is described is served.
            let method: Method = method.to_uppercase().parse().unwrap();
            let address: Vec<&str> = path
                .split('/')
                .map(|part| if part.starts_with('{') { "1" } else { part })
                .collect();
            let request = Request::builder().method(&method).uri(address.join("/"));
            let served = nobody.send(request.body(Body::empty()).unwrap()).await.status;
            assert!(![404, 405].contains(&served), "{method} {path}: {served}");
        }
    }
    let references = text.matches("\"$ref\":\"#/components/schemas/").count();
    assert!(references > 20);
    for reference in text.split("\"$ref\":\"#/components/schemas/").skip(1) {
        let name = reference.split('"').next().unwrap();
        assert!(document["components"]["schemas"][name].is_object(), "{name}");
    }
    let page = nobody.get("/api/v1").await;
    assert_eq!(page.status, 200);
    let page_text = page.text();
    assert!(page_text.contains("POST /api/v1/leases") && page_text.contains("no-license-free"));
    assert!(
        !page_text.contains("<script")
            && page
                .header("content-security-policy")
                .contains("default-src 'none'")
    );
    assert!(page_text.contains("id=\"LeaseRequest\""));
    let problem = nobody.get("/problems/lease-lost").await;
    assert_eq!(
        (problem.status, problem.header("location")),
        (303, "/api/v1#lease-lost")
    );
    assert_eq!(nobody.get("/problems/nothing").await.status, 404);
}
