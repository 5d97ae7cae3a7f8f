//! Machines show who they are (RFC 7523): what is accepted, and that nothing else is.

use axum::body::Body;
use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use ed25519_dalek::SigningKey;
use http::{Method, Request, header};
use jose;
use license_portal::{
    ops::{instance::signing_keys, licensing::access_tokens},
    store::Engine,
};
use serde_json::{Value, json};

use crate::{
    licensing::machines::Machine,
    support::{client::form, moments::ms, portal::TestPortal},
};

on_both_engines!(
    an_assertion_is_good_for_one_token,
    assertions_with_anything_wrong_are_refused_alike,
    malformed_requests_for_tokens_are_told_what_is_missing,
    access_tokens_that_are_forged_or_expired_are_refused,
    keys_are_rotated_and_told_until_they_are_not_needed,
    tokens_are_limited,
);

async fn portal(engine: Engine) -> (TestPortal, Machine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n #t\n").await;
    let container = portal.make_container("ann", "Build").await;
    let machine = portal.machine("ann", container, "ci").await;
    (portal, machine)
}

async fn an_assertion_is_good_for_one_token(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    let assertion = machine.assertion(&machine.claims(portal.store.sources.now()));
    let answer = machine.present(&assertion).await;
    let token = answer.ok();
    assert_eq!(token["token_type"], "Bearer");
    assert_eq!(token["expires_in"], 600);
    assert_eq!(answer.header("cache-control"), "no-store");
    assert!(answer.headers.get("set-cookie").is_none());
    assert_eq!(machine.present(&assertion).await.status, 401, "replayed");
    // On another server, too; SQLite serves one process.
    if engine == Engine::Postgres {
        let elsewhere = machine.at(&portal.second().await);
        assert_eq!(elsewhere.present(&assertion).await.status, 401);
    }
    let again = machine.assertion(&machine.claims(portal.store.sources.now()));
    machine.present(&again).await.ok();
    // What was taken is kept only for as long as it would be good.
    assert!(portal.number("SELECT COUNT(*) FROM assertions").await >= 2);
    portal.pass(ms(10 * 60_000));
    license_portal::ops::licensing::leases::tidy(&portal.store)
        .await
        .unwrap();
    assert_eq!(portal.number("SELECT COUNT(*) FROM assertions").await, 0);
}

async fn assertions_with_anything_wrong_are_refused_alike(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    let other = portal.make_container("isv", "Other").await;
    let other = portal.machine("isv", other, "other").await;
    let now = portal.store.sources.now().as_second();
    let claims = |change: &dyn Fn(&mut Value)| {
        let mut claims = machine.claims(portal.store.sources.now());
        change(&mut claims);
        claims
    };
    let signed = |change: &dyn Fn(&mut Value)| machine.assertion(&claims(change));
    let headed = |header: Value, key: &SigningKey| {
        let payload = URL_SAFE_NO_PAD.encode(claims(&|_| {}).to_string());
        let text = format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header.to_string()));
        let signature = ed25519_dalek::Signer::sign(key, text.as_bytes());
        format!("{text}.{}", URL_SAFE_NO_PAD.encode(signature.to_bytes()))
    };
    let kid = machine.key_id();
    let foreign = SigningKey::from_bytes(&[9; 32]);
    let unsigned = format!(
        "{}.{}.",
        URL_SAFE_NO_PAD.encode(json!({ "alg": "none", "kid": kid, "typ": "JWT" }).to_string()),
        URL_SAFE_NO_PAD.encode(claims(&|_| {}).to_string())
    );
    let right = signed(&|_| {});
    let altered = {
        let parts: Vec<&str> = right.split('.').collect();
        let longer = claims(&|claims| claims["exp"] = json!(now + 299));
        format!(
            "{}.{}.{}",
            parts[0],
            URL_SAFE_NO_PAD.encode(longer.to_string()),
            parts[2]
        )
    };
    let refused = [
        ("nothing", String::new()),
        ("no JWT", "a.b.c".to_owned()),
        ("alg none", unsigned),
        (
            "another algorithm",
            headed(json!({ "alg": "HS256", "kid": kid, "typ": "JWT" }), &machine.key),
        ),
        (
            "another type",
            headed(
                json!({ "alg": "EdDSA", "kid": kid, "typ": "license+jwt" }),
                &machine.key,
            ),
        ),
        (
            "no key id",
            headed(json!({ "alg": "EdDSA", "typ": "JWT" }), &machine.key),
        ),
        (
            "a demand",
            headed(
                json!({ "alg": "EdDSA", "kid": kid, "typ": "JWT", "crit": ["x"] }),
                &machine.key,
            ),
        ),
        (
            "an unknown key id",
            headed(
                json!({ "alg": "EdDSA", "kid": "4611686018427387903", "typ": "JWT" }),
                &machine.key,
            ),
        ),
        (
            "no number",
            headed(json!({ "alg": "EdDSA", "kid": "x", "typ": "JWT" }), &machine.key),
        ),
        (
            "the key id of another",
            headed(
                json!({ "alg": "EdDSA", "kid": other.key_id(), "typ": "JWT" }),
                &machine.key,
            ),
        ),
        (
            "a foreign key",
            headed(json!({ "alg": "EdDSA", "kid": kid, "typ": "JWT" }), &foreign),
        ),
        (
            "the key of another",
            headed(json!({ "alg": "EdDSA", "kid": kid, "typ": "JWT" }), &other.key),
        ),
        ("altered", altered),
        (
            "another issuer",
            signed(&|claims| claims["iss"] = json!(other.key_id())),
        ),
        (
            "another subject",
            signed(&|claims| claims["sub"] = json!(other.key_id())),
        ),
        (
            "for another portal",
            signed(&|claims| claims["aud"] = json!("https://elsewhere.example.org/oauth/token")),
        ),
        (
            "for the portal as such",
            signed(&|claims| claims["aud"] = json!("https://portal.example.org")),
        ),
        (
            "expired",
            signed(&|claims| {
                claims["iat"] = json!(now - 100);
                claims["exp"] = json!(now - 1);
            }),
        ),
        (
            "good for too long",
            signed(&|claims| claims["exp"] = json!(now + 301)),
        ),
        (
            "from the future",
            signed(&|claims| {
                claims["iat"] = json!(now + 120);
                claims["exp"] = json!(now + 180);
            }),
        ),
        ("without a name", signed(&|claims| claims["jti"] = json!(""))),
        (
            "with a long name",
            signed(&|claims| claims["jti"] = json!("x".repeat(201))),
        ),
        (
            "without an end",
            signed(&|claims| {
                claims.as_object_mut().unwrap().remove("exp");
            }),
        ),
        (
            "too long",
            signed(&|claims| claims["more"] = json!("x".repeat(5000))),
        ),
    ];
    let mut bodies = Vec::new();
    for (what, assertion) in refused {
        let answer = machine.present(&assertion).await;
        assert_eq!(answer.status, 401, "{what}: {}", answer.text());
        bodies.push(answer.text());
    }
    // As is one of a credential that was disabled: nothing can be learnt.
    portal
        .run(&format!(
            "UPDATE credentials SET disabled_at = 1 WHERE id = {}",
            other.key_id()
        ))
        .await;
    let disabled = other.assertion(&other.claims(portal.store.sources.now()));
    bodies.push(other.present(&disabled).await.text());
    bodies.dedup();
    assert_eq!(bodies, [r#"{"error":"invalid_client"}"#]);
    machine.present(&right).await.ok();
}

async fn malformed_requests_for_tokens_are_told_what_is_missing(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    let nobody = portal.nobody();
    let ask = async |fields: &[(&str, &str)]| {
        let request = nobody.request(Method::POST, "/oauth/token");
        nobody.send(request.body(form(fields).into()).unwrap()).await
    };
    let assertion = machine.assertion(&machine.claims(portal.store.sources.now()));
    let kind = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";
    for (fields, error) in [
        (vec![], "invalid_request"),
        (vec![("grant_type", "password")], "unsupported_grant_type"),
        (vec![("grant_type", "client_credentials")], "invalid_request"),
        (
            vec![
                ("grant_type", "client_credentials"),
                ("client_assertion", &assertion),
            ],
            "invalid_request",
        ),
        (
            vec![
                ("grant_type", "client_credentials"),
                ("client_assertion_type", kind),
            ],
            "invalid_request",
        ),
    ] {
        let answer = ask(&fields).await;
        assert_eq!(
            (answer.status, answer.json()["error"].as_str()),
            (400, Some(error))
        );
    }
    assert_eq!(
        nobody.get("/oauth/token").await.problem(),
        "405 method-not-allowed"
    );
    let json = Request::post("/oauth/token").header(header::CONTENT_TYPE, "application/json");
    let json = nobody.send(json.body("{}".into()).unwrap()).await;
    assert_eq!(json.problem(), "415 unsupported-media-type");
    // From a page of another site, whatever it sends.
    let foreign = nobody
        .request(Method::POST, "/oauth/token")
        .header("sec-fetch-site", "cross-site");
    let foreign = nobody.send(foreign.body(Body::empty()).unwrap()).await;
    assert_eq!(foreign.problem(), "403 foreign-request");
}

async fn access_tokens_that_are_forged_or_expired_are_refused(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    machine.get("/api/v1/container").await.ok();
    let mut forged: Vec<(&str, String)> = vec![("nothing", String::new()), ("no token", "x".to_owned())];
    let claims: Value = jose::read_unverified(&machine.token).unwrap();
    let kid = machine.file["portal_keys"][0]["kid"].as_str().unwrap();
    let own = |typ: &str, kid: &str, key: &SigningKey| jose::sign(typ, kid, &claims, key).unwrap();
    forged.push(("signed by the machine", own("at+jwt", kid, &machine.key)));
    forged.push((
        "with its own key id",
        own("at+jwt", machine.key_id(), &machine.key),
    ));
    forged.push((
        "an assertion",
        machine.assertion(&machine.claims(portal.store.sources.now())),
    ));
    forged.push(("altered", format!("{}x", machine.token)));
    forged.push(("too long", "x".repeat(10_000)));
    // What the portal itself signed for something else.
    let container: i64 = machine.file["container"].as_str().unwrap().parse().unwrap();
    portal
        .activate("t", domain::ids::ContainerId(container), "A", 1, "")
        .await;
    let lease = machine.acquire("A", "host", "forged-key").await;
    forged.push(("a lease", lease.json()["token"].as_str().unwrap().to_owned()));
    for (what, token) in forged {
        let wrong = Machine {
            token,
            ..machine.clone()
        };
        let answer = wrong.get("/api/v1/container").await;
        assert_eq!(answer.problem(), "401 unauthorized", "{what}");
        assert_eq!(
            answer.header("www-authenticate"),
            r#"Bearer error="invalid_token""#
        );
    }
    let other =
        Request::get("/api/v1/container").header(header::AUTHORIZATION, format!("Basic {}", machine.token));
    let other = portal.nobody().send(other.body(Body::empty()).unwrap()).await;
    assert_eq!(other.problem(), "401 unauthorized");
    portal.pass(access_tokens::LIFETIME + ms(1000));
    assert_eq!(
        machine.get("/api/v1/container").await.problem(),
        "401 unauthorized"
    );
}

async fn keys_are_rotated_and_told_until_they_are_not_needed(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    let told = async || -> Vec<String> {
        let keys = portal.nobody().get("/.well-known/jwks.json").await.ok();
        let keys = keys["keys"].as_array().unwrap().iter();
        keys.map(|key| key["kid"].as_str().unwrap().to_owned()).collect()
    };
    let before = told().await;
    assert_eq!(machine.file["portal_keys"][0]["kid"], before[0].as_str());
    let new = signing_keys::rotate(&portal.store).await.unwrap();
    assert_eq!(told().await, [new.clone(), before[0].clone()]);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM signing_keys WHERE private_key IS NOT NULL")
            .await,
        1,
        "the old private key is forgotten"
    );
    // Tokens of the old key live on, and no longer than they would.
    machine.get("/api/v1/container").await.ok();
    let mut again = machine.clone();
    again.log_in(&portal).await.ok();
    again.get("/api/v1/container").await.ok();
    let rows = signing_keys::list(&portal.store).await.unwrap();
    assert_eq!(rows.len(), 2);
    assert!(rows[0].retired_at.is_none() && rows[1].retired_at.is_some());
    portal
        .run("UPDATE signing_keys SET retired_at = retired_at - 2592000000 WHERE retired_at IS NOT NULL")
        .await;
    assert_eq!(told().await, [new]);
    // A portal without keys makes one.
    portal.run("DELETE FROM signing_keys").await;
    assert_eq!(told().await.len(), 1);
    let cached = portal.nobody().get("/.well-known/jwks.json").await;
    assert_eq!(cached.header("cache-control"), "public, max-age=300");
}

async fn tokens_are_limited(engine: Engine) {
    let (portal, machine) = portal(engine).await;
    let answer = machine.get("/api/v1/container").await;
    assert_eq!(answer.header("ratelimit-policy"), "\"credential\";q=600;w=60");
    assert!(answer.header("ratelimit").starts_with("\"credential\";r=59"));
    let mut last = machine.present("x").await;
    for _ in 0..700 {
        if last.status == 429 {
            break;
        }
        last = machine.present("x").await;
    }
    assert_eq!(last.problem(), "429 too-many-requests");
    assert!(last.header("retry-after").parse::<u64>().unwrap() > 0);
    // Who has a token goes on.
    machine.get("/api/v1/container").await.ok();
    assert_eq!(
        machine.at(&portal.without_attempts()).present("x").await.status,
        401
    );
}
