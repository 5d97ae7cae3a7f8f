//! When something breaks, people get a page in their language, and it says what to do next.

use axum::{Router, body::Body, middleware, routing::get};
use http::{Method, Request, header};
use license_portal::{server::failures, store::Engine, ui::shell::assets::Assets};
use tower::ServiceExt;
use tower_http::catch_panic::CatchPanicLayer;

use crate::support::{
    client::{Answer, Client, form},
    portal::TestPortal,
};

on_both_engines!(
    every_bare_refusal_is_a_page_for_people,
    a_broken_database_is_told_in_plain_words,
    a_database_that_is_away_is_told_with_when_to_come_again,
    the_offline_page_is_kept_with_its_style,
);

/// What a browser sends when somebody follows a link or posts a form.
const PEOPLE: &str = "text/html,application/xhtml+xml,*/*;q=0.8";

async fn as_a_person(client: &Client, method: Method, path: &str, language: &str, body: Vec<u8>) -> Answer {
    let request = client
        .request(method, path)
        .header(header::ACCEPT, PEOPLE)
        .header(header::ACCEPT_LANGUAGE, language)
        .header(header::CONTENT_LENGTH, body.len());
    client.send(request.body(body.into()).unwrap()).await
}

async fn every_bare_refusal_is_a_page_for_people(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let isv = portal.client("isv").await;
    let path = "/api/rename_group";
    let answer = as_a_person(&isv, Method::POST, path, "de-AT,en;q=0.5", vec![b'x'; 300_000]).await;
    assert_eq!(answer.status, 413);
    assert!(answer.text().contains("<html lang=\"de\">"), "{}", answer.text());
    assert!(answer.text().contains("Das war zu groß"), "{}", answer.text());
    assert!(
        answer
            .header("content-security-policy")
            .contains("style-src 'self'")
    );
    let answer = as_a_person(&isv, Method::GET, path, "tlh,en", Vec::new()).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (405, "text/html; charset=utf-8")
    );
    assert!(answer.text().contains("<html lang=\"en\">"), "{}", answer.text());
    // Programs are not people.
    let answer = isv.get(path).await;
    assert_eq!((answer.status, answer.text().as_str()), (405, ""));
}

async fn a_broken_database_is_told_in_plain_words(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let isv = portal.client("isv").await;
    portal.run("ALTER TABLE memberships RENAME TO lost").await;
    for path in ["/", "/tickets/all", "/groups/new", "/me"] {
        let answer = as_a_person(&isv, Method::GET, path, "de", Vec::new()).await;
        assert_eq!(answer.status, 500, "{path}");
        assert!(
            answer.text().contains("Bei uns ist etwas schiefgegangen"),
            "{}",
            answer.text()
        );
        assert!(!answer.text().contains("memberships"), "{}", answer.text());
    }
}

async fn a_database_that_is_away_is_told_with_when_to_come_again(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n #t\n").await;
    let isv = portal.client("isv").await;
    portal.store.close().await;
    for path in ["/", "/tickets/all", "/groups/new", "/me"] {
        let answer = as_a_person(&isv, Method::GET, path, "de", Vec::new()).await;
        assert_eq!(
            (answer.status, answer.header("retry-after")),
            (503, "5"),
            "{path}"
        );
        assert!(answer.text().contains("Einen Moment bitte"), "{}", answer.text());
        assert!(answer.text().contains("Datenbank"), "{}", answer.text());
    }
    let answer = isv.post("me", &[]).await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert_eq!(answer.text(), r#"{"DatabaseAway":{"seconds":5}}"#);
    let form = form(&[("login", "isv"), ("password", "wrong")]);
    let answer = as_a_person(&portal.nobody(), Method::POST, "/api/log_in", "en", form.into()).await;
    assert!([302, 503].contains(&answer.status), "{}", answer.status);
    for path in ["/api/v1/tickets", "/api/v1/container"] {
        let request = Request::get(path).header(header::AUTHORIZATION, "Bearer lpt_0123456789abcdef");
        let answer = portal.nobody().send(request.body(Body::empty()).unwrap()).await;
        assert!([401, 503].contains(&answer.status), "{path}: {}", answer.text());
    }
    let answer = portal.nobody().get("/.well-known/jwks.json").await;
    assert_eq!((answer.status, answer.header("retry-after")), (503, "5"));
    assert_eq!(
        answer.json()["type"],
        "https://portal.example.org/problems/unavailable"
    );
    let live = isv.get("/live").await;
    assert_eq!((live.status, live.header("retry-after")), (503, "5"));
    assert_eq!(portal.nobody().get("/healthz").await.status, 200);
    assert_eq!(portal.nobody().get("/readyz").await.status, 503);
}

async fn the_offline_page_is_kept_with_its_style(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let nobody = portal.nobody();
    let worker = nobody.get("/offline.js?language=de").await;
    assert_eq!(
        (worker.status, worker.header("content-type")),
        (200, "text/javascript")
    );
    assert!(
        worker.text().contains("const style = \"/pkg/a.css\""),
        "{}",
        worker.text()
    );
    let page = as_a_person(&nobody, Method::GET, "/offline", "de", Vec::new()).await;
    assert_eq!(page.status, 200);
    assert!(
        page.text().contains("Der Server ist nicht erreichbar"),
        "{}",
        page.text()
    );
    assert!(page.text().contains("href=\"/pkg/a.css\""), "{}", page.text());
}

#[tokio::test]
async fn a_panic_is_a_page_too() {
    async fn broken() {
        panic!("a defect, on purpose");
    }
    let assets = Assets {
        js: String::new(),
        split: None,
        wasm: String::new(),
        css: "/pkg/a.css".into(),
        pages: Default::default(),
    };
    let router = Router::new()
        .route("/", get(broken))
        .layer(CatchPanicLayer::new())
        .layer(middleware::from_fn_with_state(assets, failures::give_page));
    let request = Request::get("/").header(header::ACCEPT, PEOPLE);
    let response = router
        .oneshot(request.body(Body::empty()).unwrap())
        .await
        .unwrap();
    assert_eq!(response.status(), 500);
    let body = axum::body::to_bytes(response.into_body(), usize::MAX)
        .await
        .unwrap();
    let text = std::str::from_utf8(&body).unwrap();
    assert!(text.contains("Something broke on our side"), "{text}");
    assert!(!text.contains("on purpose"), "{text}");
}
