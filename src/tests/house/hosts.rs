//! Under which names the portal answers, where a form leads after a refusal, and whom the portal names for vulnerabilities.

use axum::body::Body;
use http::{Method, header};
use license_portal::store::Engine;

use crate::support::{
    client::{Answer, Client, form},
    portal::TestPortal,
};

on_both_engines!(
    requests_under_names_of_others_are_not_served,
    a_refused_form_leads_back_to_nobody_else,
    the_contact_for_vulnerabilities_is_told,
);

async fn named(client: &Client, host: &str) -> Answer {
    let request = client.request(Method::GET, "/healthz").header(header::HOST, host);
    client.send(request.body(Body::empty()).unwrap()).await
}

async fn requests_under_names_of_others_are_not_served(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    for host in ["portal.example.org", "evil.example"] {
        assert_eq!(
            named(&portal.nobody(), host).await.status,
            200,
            "any, where none is set"
        );
    }
    let own = portal
        .with(|portal| portal.host = Some("portal.example.org".to_owned()))
        .await;
    for (host, status) in [
        ("portal.example.org", 200),
        ("Portal.Example.org:443", 200),
        ("127.0.0.1:3000", 200),
        ("[::1]:3000", 200),
        ("evil.example", 421),
        ("portal.example.org.evil.example", 421),
    ] {
        assert_eq!(named(&own.nobody(), host).await.status, status, "{host}");
    }
    // HTTP/1.0 names none.
    assert_eq!(own.nobody().get("/healthz").await.status, 200);
}

async fn a_refused_form_leads_back_to_nobody_else(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let nobody = portal.nobody();
    let refused = async |referer: &str| {
        let request = nobody
            .request(Method::POST, "/api/log_in")
            .header(header::HOST, "portal.example.org")
            .header(header::ACCEPT, "text/html")
            .header(header::REFERER, referer)
            .body(form(&[("login", "isv"), ("password", "wrong")]).into());
        nobody.send(request.unwrap()).await
    };
    let back = refused("https://portal.example.org/login").await;
    assert_eq!(back.status, 302);
    let address = back.header("location");
    assert!(
        address.starts_with("https://portal.example.org/login?"),
        "{address}"
    );
    for foreign in [
        "https://evil.example/login",
        "https://portal.example.org.evil.example/",
        "https://portal.example.org@evil.example/",
        "//evil.example",
        "not an address",
    ] {
        let answer = refused(foreign).await;
        let address = answer.header("location");
        assert!(!address.contains("evil"), "{foreign}: {address}");
        assert!(!address.contains("__err"), "{foreign}: {address}");
    }
}

async fn the_contact_for_vulnerabilities_is_told(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let path = "/.well-known/security.txt";
    assert_eq!(portal.nobody().get(path).await.status, 404);
    let portal = portal
        .with(|portal| portal.security_contact = Some("mailto:security@example.org".to_owned()))
        .await;
    let answer = portal.nobody().get(path).await;
    assert_eq!(
        (answer.status, answer.header("content-type")),
        (200, "text/plain; charset=utf-8")
    );
    let text = answer.text();
    let lines: Vec<&str> = text.lines().collect();
    assert_eq!(lines[0], "Contact: mailto:security@example.org");
    // Three months after the clock of the test.
    assert!(lines[1].starts_with("Expires: 2025-08-30T"), "{text}");
    assert_eq!(
        lines[2..],
        [
            "Preferred-Languages: en, de",
            "Canonical: https://portal.example.org/.well-known/security.txt"
        ]
    );
}
