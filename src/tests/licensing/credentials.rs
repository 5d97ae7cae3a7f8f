//! Credentials of containers (S10, S11, N8): who gets them, how long they are good, and what ends them.

use domain::{
    licensing::{credentials::MAX_CREDENTIALS, leases::LIFETIME},
    time::DAY,
};
use http::Method;
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{
    licensing::machines::{Machine, private_key},
    support::{
        client::{Answer, encoded},
        moments::{moment, ms},
        portal::{BEGIN, TestPortal},
    },
};

on_both_engines!(
    a_file_is_shown_once,
    who_reaches_the_container_gets_files,
    what_cannot_be_issued_is_told_on_a_page,
    a_credential_expires,
    a_credential_is_disabled_before_it_is_revoked,
    a_credential_is_replaced_with_overlap,
    a_reset_ends_everything_at_once,
    private_keys_stand_nowhere,
);

const TREE: &str = "@isv^\nCompany/\n @boss*\n North/\n  @ann\n  @ned\n  #t\n South/\n  @sam*\n";

async fn start(engine: Engine) -> TestPortal {
    TestPortal::start(engine, TREE).await
}

/// The credentials of the container, as somebody sees them.
async fn list(portal: &TestPortal, login: &str, container: &str) -> Answer {
    let client = portal.client(login).await;
    client.post("credentials", &[("container", container)]).await
}

async fn switch(portal: &TestPortal, login: &str, credential: &str, on: bool) -> Answer {
    let on = on.to_string();
    let client = portal.client(login).await;
    let fields = [("credential", credential), ("on", on.as_str())];
    client.post("switch_credential", &fields).await
}

async fn change(portal: &TestPortal, login: &str, function: &str, credential: &str) -> Answer {
    let client = portal.client(login).await;
    client.post(function, &[("credential", credential)]).await
}

async fn a_file_is_shown_once(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Büro").await;
    let answer = portal
        .issue("ann", container, &[("label", " ci/1 "), ("days", "30")])
        .await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    assert_eq!(answer.header("content-type"), "application/json");
    assert_eq!(answer.header("cache-control"), "no-store");
    assert_eq!(
        answer.header("content-disposition"),
        format!(
            "attachment; filename=\"B_ro-ci-1.credential.json\"; filename*=UTF-8''{}",
            encoded("Büro-ci-1.credential.json")
        )
    );
    let file: Value = answer.json();
    assert_eq!(file["format"], "license-portal/credential@1");
    assert_eq!(file["portal"], "https://portal.example.org");
    assert_eq!(file["container"], container.to_string());
    assert_eq!(file["name"], "Büro / ci/1");
    assert_eq!(file["portal_keys"][0]["crv"], "Ed25519");
    private_key(&file);
    // Loading the address again leads to the page of the container.
    let browser = portal.client("ann").await;
    let again = browser.get(&format!("/containers/{container}/credentials")).await;
    assert_eq!(again.status, 303);
    assert_eq!(again.header("location"), format!("/containers/{container}"));
    let rows = list(&portal, "ann", &container.to_string()).await.ok();
    assert_eq!(rows[0]["id"], file["key_id"]);
    assert_eq!(rows[0]["label"], "ci/1");
    assert_eq!(rows[0]["issued_by"], "ann");
    assert_eq!(rows[0]["state"], "Active");
    assert_eq!(rows[0]["last_used_at"], Value::Null);
    let issued = moment(&rows[0]["issued_at"]);
    assert_eq!(moment(&rows[0]["expires_at"]), issued + 30 * DAY);
    let mut machine = Machine::with_file(portal.nobody(), &answer.text());
    machine.log_in(&portal).await.ok();
    let rows = list(&portal, "ann", &container.to_string()).await.ok();
    assert!(moment(&rows[0]["last_used_at"]) >= BEGIN);
    let used = rows[0]["last_used_at"].clone();
    machine.get("/api/v1/container").await.ok();
    let rows = list(&portal, "ann", &container.to_string()).await.ok();
    assert_eq!(rows[0]["last_used_at"], used, "written once a minute");
    portal.pass(ms(60_000));
    machine.get("/api/v1/container").await.ok();
    let rows = list(&portal, "ann", &container.to_string()).await.ok();
    assert!(moment(&rows[0]["last_used_at"]) > moment(&used));
    let events = portal
        .texts("SELECT kind FROM events WHERE container_id IS NOT NULL")
        .await;
    assert_eq!(events, ["credential_issued"]);
}

async fn who_reaches_the_container_gets_files(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    let id = container.to_string();
    let credential = portal.issue("ann", container, &[("label", "x")]).await.json()["key_id"]
        .as_str()
        .unwrap()
        .to_owned();
    let files = |label: &'static str| {
        [
            (format!("/containers/{id}/credentials"), vec![("label", label)]),
            (
                format!("/containers/{id}/credentials/{credential}/rotate"),
                vec![("overlap", "1")],
            ),
            (
                format!("/containers/{id}/credentials/reset"),
                vec![("label", label)],
            ),
        ]
    };
    for (login, allowed) in [
        ("ned", false),
        ("sam", false),
        ("ann", true),
        ("boss", true),
        ("isv", true),
    ] {
        let status = if allowed { 200 } else { 404 };
        assert_eq!(list(&portal, login, &id).await.status, status, "{login}");
        let before = portal.number("SELECT COUNT(*) FROM credentials").await;
        for (path, fields) in files("new") {
            // The last one revoked what the others need.
            portal
                .run("UPDATE credentials SET revoked_at = NULL, expires_at = NULL")
                .await;
            let answer = portal.download(login, &path, &fields).await;
            assert_eq!(answer.status, status, "{login} {path}: {}", answer.text());
        }
        let after = portal.number("SELECT COUNT(*) FROM credentials").await;
        assert_eq!(after - before, if allowed { 3 } else { 0 }, "{login}");
        portal
            .run("UPDATE credentials SET revoked_at = NULL, expires_at = NULL")
            .await;
        portal
            .run(&format!("DELETE FROM credentials WHERE id <> {credential}"))
            .await;
        for on in [false, true] {
            assert_eq!(
                switch(&portal, login, &credential, on).await.status,
                status,
                "{login} {on}"
            );
        }
        portal.run("UPDATE credentials SET disabled_at = 5").await;
        assert_eq!(
            change(&portal, login, "revoke_credential", &credential)
                .await
                .status,
            status,
            "{login}"
        );
        let reset = portal
            .client(login)
            .await
            .post("reset_credentials", &[("container", &id)])
            .await;
        assert_eq!(reset.status, status, "{login}");
        portal
            .run("UPDATE credentials SET disabled_at = NULL, revoked_at = NULL")
            .await;
    }
    // What is hidden is like what does not exist, and a credential stays with its container.
    let sam = portal.client("sam").await;
    let post = async |path: &str| {
        let request = sam.request(Method::POST, path).body("label=x".into()).unwrap();
        let answer = sam.send(request).await;
        (answer.status, answer.text())
    };
    let hidden = post(&format!("/containers/{id}/credentials")).await;
    assert_eq!(hidden, post("/containers/4611686018427387903/credentials").await);
    assert_eq!(hidden, post("/containers/x/credentials").await);
    let other = portal.make_container("ann", "Other").await;
    let path = format!("/containers/{other}/credentials/{credential}/rotate");
    assert_eq!(portal.download("ann", &path, &[]).await.status, 404);
    // Nobody is sent to the login; another site's page is sent away.
    let nobody = portal.nobody();
    let request = nobody.request(Method::POST, &format!("/containers/{id}/credentials"));
    let answer = nobody.send(request.body("label=x".into()).unwrap()).await;
    assert_eq!(
        (answer.status, answer.header("location")),
        (303, format!("/login?next=/containers/{id}").as_str())
    );
    let ann = portal.client("ann").await;
    let foreign = ann
        .request(Method::POST, &format!("/containers/{id}/credentials"))
        .header("sec-fetch-site", "cross-site");
    assert_eq!(
        ann.send(foreign.body("label=x".into()).unwrap()).await.status,
        403
    );
    // Who issued it is known to who may know of them.
    portal
        .run(&format!(
            "UPDATE credentials SET issued_by = {}",
            portal.person("boss")
        ))
        .await;
    let rows = list(&portal, "ann", &id).await.ok();
    assert_eq!(rows[0]["issued_by"], Value::Null);
    let rows = list(&portal, "isv", &id).await.ok();
    assert_eq!(rows[0]["issued_by"], "boss");
}

async fn what_cannot_be_issued_is_told_on_a_page(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    for (fields, status) in [
        (vec![("label", "")], 422),
        (vec![("label", "x"), ("days", "0")], 422),
        (vec![("label", "x"), ("days", "3651")], 422),
        (vec![("label", "x"), ("days", "soon")], 422),
        (vec![("days", "5")], 400),
    ] {
        let answer = portal.issue("ann", container, &fields).await;
        assert_eq!(answer.status, status, "{fields:?}");
        assert!(answer.header("content-type").starts_with("text/html"));
        assert!(answer.text().contains("This was not done"), "{}", answer.text());
    }
    for n in 0..MAX_CREDENTIALS {
        let label = format!("c{n}");
        assert_eq!(
            portal.issue("ann", container, &[("label", &label)]).await.status,
            200
        );
    }
    assert_eq!(
        portal.issue("ann", container, &[("label", "x")]).await.status,
        409
    );
    // All of them revoked, there is room again.
    let path = format!("/containers/{container}/credentials/reset");
    assert_eq!(portal.download("ann", &path, &[("label", "")]).await.status, 422);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM credentials WHERE revoked_at IS NULL")
            .await,
        20
    );
    assert_eq!(
        portal.download("ann", &path, &[("label", "new")]).await.status,
        200
    );
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM credentials WHERE revoked_at IS NULL")
            .await,
        1
    );
}

async fn a_credential_expires(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    let file = portal
        .issue("ann", container, &[("label", "x"), ("days", "1")])
        .await;
    let mut machine = Machine::with_file(portal.nobody(), &file.text());
    portal.pass(DAY - ms(60_000));
    machine.log_in(&portal).await.ok();
    portal.pass(ms(60_000));
    assert_eq!(
        machine.get("/api/v1/container").await.problem(),
        "401 unauthorized"
    );
    assert_eq!(machine.log_in(&portal).await.status, 401);
    let rows = list(&portal, "ann", &container.to_string()).await;
    // Meanwhile, Ann's login has ended.
    assert_eq!(rows.status, 200);
    assert_eq!(rows.json()[0]["state"], "Expired");
}

async fn a_credential_is_disabled_before_it_is_revoked(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    portal.activate("t", container, "A", 1, "").await;
    let mut machine = portal.machine("ann", container, "ci").await;
    let id = machine.key_id().to_owned();
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let refused = change(&portal, "ann", "revoke_credential", &id).await.refused();
    assert_eq!(refused, r#"409 {"Refused":{"InvalidCredential":"NotDisabled"}}"#);
    switch(&portal, "ann", &id, false).await.ok();
    switch(&portal, "ann", &id, false).await.ok();
    // At once, whatever token the machine has.
    assert_eq!(machine.renew(&lease).await.problem(), "401 unauthorized");
    assert_eq!(machine.log_in(&portal).await.status, 401);
    switch(&portal, "ann", &id, true).await.ok();
    machine.renew(&lease).await.id();
    switch(&portal, "ann", &id, false).await.ok();
    change(&portal, "ann", "revoke_credential", &id).await.ok();
    change(&portal, "ann", "revoke_credential", &id).await.ok();
    assert_eq!(machine.renew(&lease).await.problem(), "401 unauthorized");
    for on in [true, false] {
        let refused = switch(&portal, "ann", &id, on).await.refused();
        assert_eq!(refused, r#"409 {"Refused":{"InvalidCredential":"Over"}}"#);
    }
    let path = format!("/containers/{container}/credentials/{id}/rotate");
    assert_eq!(portal.download("ann", &path, &[]).await.status, 409);
    assert_eq!(
        portal
            .texts("SELECT kind FROM events WHERE credential_id IS NOT NULL ORDER BY id")
            .await,
        [
            "credential_issued",
            "credential_disabled",
            "credential_enabled",
            "credential_disabled",
            "credential_revoked"
        ]
    );
    // Its lease has ended; the place is free when what the machine holds has expired.
    let other = portal.machine("ann", container, "other").await;
    assert_eq!(
        other.acquire("A", "host", "key-2345").await.problem(),
        "409 no-license-free"
    );
    portal.pass(LIFETIME);
    other.acquire("A", "host", "key-2345").await.id();
}

async fn a_credential_is_replaced_with_overlap(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    let mut old = portal.machine("ann", container, "ci").await;
    let path = format!("/containers/{container}/credentials/{}/rotate", old.key_id());
    for (overlap, status) in [("31", 422), ("-1", 422), ("x", 422)] {
        assert_eq!(
            portal
                .download("ann", &path, &[("overlap", overlap)])
                .await
                .status,
            status
        );
    }
    let file = portal
        .download("ann", &path, &[("overlap", "2"), ("days", "90")])
        .await;
    assert_eq!(file.status, 200);
    assert_eq!(file.json()["name"], "Build / ci");
    let mut new = Machine::with_file(portal.nobody(), &file.text());
    assert_ne!(new.key_id(), old.key_id());
    new.log_in(&portal).await.ok();
    portal.pass(2 * DAY - ms(60_000));
    old.log_in(&portal).await.ok();
    portal.pass(ms(60_000));
    assert_eq!(old.get("/api/v1/container").await.problem(), "401 unauthorized");
    new.log_in(&portal).await.ok();
    // The overlap makes nothing longer; without one the old one ends at once.
    let path = format!("/containers/{container}/credentials/{}/rotate", new.key_id());
    let before = portal
        .number(&format!(
            "SELECT expires_at FROM credentials WHERE id = {}",
            new.key_id()
        ))
        .await;
    portal.pass(70 * DAY);
    assert_eq!(
        portal.download("ann", &path, &[("overlap", "30")]).await.status,
        200
    );
    let after = portal
        .number(&format!(
            "SELECT expires_at FROM credentials WHERE id = {}",
            new.key_id()
        ))
        .await;
    assert_eq!(before, after);
    new.log_in(&portal).await.ok();
    assert_eq!(
        portal.download("ann", &path, &[("overlap", "0")]).await.status,
        200
    );
    assert_eq!(new.get("/api/v1/container").await.problem(), "401 unauthorized");
}

async fn a_reset_ends_everything_at_once(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    portal.activate("t", container, "A", 2, "").await;
    let first = portal.machine("ann", container, "first").await;
    let second = portal.machine("ann", container, "second").await;
    let lease = first.acquire("A", "host", "key-1234").await.id();
    let elsewhere = match engine {
        Engine::Postgres => portal.second().await,
        Engine::Sqlite => portal.clone(),
    };
    let there = second.at(&elsewhere);
    there.renew(&lease).await.id();
    // The admin above resets it on one server; on the other one, too, nothing works any more.
    let path = format!("/containers/{container}/credentials/reset");
    let file = portal.download("boss", &path, &[("label", "after")]).await;
    assert_eq!(file.status, 200);
    for machine in [&first, &second, &first.at(&elsewhere), &there] {
        assert_eq!(
            machine.get("/api/v1/container").await.problem(),
            "401 unauthorized"
        );
        assert_eq!(machine.renew(&lease).await.problem(), "401 unauthorized");
        assert_eq!(machine.clone().log_in(&portal).await.status, 401);
    }
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM leases WHERE ended_at IS NULL")
            .await,
        0
    );
    let mut new = Machine::with_file(elsewhere.nobody(), &file.text());
    new.log_in(&elsewhere).await.ok();
    assert_eq!(new.renew(&lease).await.problem(), "410 lease-lost");
    new.acquire("A", "one", "key-2345").await.id();
    // What the old machine holds is good until its end.
    assert_eq!(
        new.acquire("A", "two", "key-3456").await.problem(),
        "409 no-license-free"
    );
    let isv = portal.client("isv").await;
    isv.post("reset_credentials", &[("container", &container.to_string())])
        .await
        .ok();
    assert_eq!(new.get("/api/v1/container").await.problem(), "401 unauthorized");
    let rows = list(&portal, "ann", &container.to_string()).await.ok();
    let states: Vec<&Value> = rows.as_array().unwrap().iter().map(|row| &row["state"]).collect();
    assert_eq!(states, [&json!("Revoked"), &json!("Revoked"), &json!("Revoked")]);
}

async fn private_keys_stand_nowhere(engine: Engine) {
    let portal = start(engine).await;
    let container = portal.make_container("ann", "Build").await;
    portal.activate("t", container, "A", 1, "").await;
    let mut machine = portal.machine("ann", container, "ci").await;
    machine.acquire("A", "host", "key-1234").await.id();
    machine.log_in(&portal).await.ok();
    let seed = machine.key.to_bytes();
    let dump = crate::house::canaries::dump(&portal).await;
    use base64::{
        Engine as _,
        engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD},
    };
    let hex = hex::encode(seed);
    for secret in [
        URL_SAFE_NO_PAD.encode(seed),
        STANDARD.encode(seed),
        hex,
        machine.file["private_key"]
            .as_str()
            .unwrap()
            .lines()
            .nth(1)
            .unwrap()
            .to_owned(),
        machine.token.clone(),
    ] {
        assert!(!dump.contains(&secret));
    }
    assert!(dump.contains(machine.key_id()), "it was looked at");
}
