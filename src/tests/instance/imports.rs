//! Uploads over HTTP: a file is checked, shown, confirmed and stored, one at a time; whatever happens to its server, nothing is
//! stored by halves; and everything comes out again as files.

use std::time::Duration;

use axum::body::Body;
use domain::instance::imports::{GONE, Noun, WAITS};
use http::{Method, Request, header};
use license_portal::{
    jobs::{
        self,
        supervisor::{self, Health, Job},
    },
    ops::instance::{imports::Imports, organisation::Format},
    store::Engine,
};
use serde_json::Value;

use crate::{
    instance::files::{exported, large},
    support::{
        client::{Answer, Client},
        portal::TestPortal,
        process::{Browser, Server},
        tree::DEMO,
    },
};

on_both_engines!(
    a_file_is_checked_shown_confirmed_and_stored,
    a_file_with_a_refused_line_cannot_be_confirmed,
    uploads_are_for_isv_admins,
    one_file_at_a_time,
    nobody_changes_their_own_mail_address_by_a_file,
    whoever_confirms_is_still_an_isv_admin,
    what_changed_in_between_is_noticed,
    any_server_confirms_and_the_one_with_the_file_stores,
    a_file_waits_for_an_hour,
    everything_comes_out_as_files,
    uploads_of_any_form_are_answered,
    a_server_killed_in_the_midst_leaves_nothing_by_halves,
);

const BOUNDARY: &str = "----------------------------boundary";

/// The body of the form with a file in it.
fn form_with(name: &str, file: &[u8]) -> Vec<u8> {
    let head = format!(
        "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"file\"; filename=\"{name}\"\r\n\
         Content-Type: text/csv\r\n\r\n"
    );
    [
        head.as_bytes(),
        file,
        format!("\r\n--{BOUNDARY}--\r\n").as_bytes(),
    ]
    .concat()
}

fn multipart(client: &Client, body: Vec<u8>) -> Request<Body> {
    let mut request = client
        .request(Method::POST, "/imports/upload")
        .body(Body::from(body))
        .unwrap();
    let kind = format!("multipart/form-data; boundary={BOUNDARY}");
    request
        .headers_mut()
        .insert(header::CONTENT_TYPE, kind.parse().unwrap());
    request
        .headers_mut()
        .insert(header::ACCEPT, "text/html".parse().unwrap());
    request
}

async fn upload(client: &Client, file: impl AsRef<[u8]>) -> Answer {
    client
        .send(multipart(client, form_with("file.csv", file.as_ref())))
        .await
}

/// The id of a file that must be taken.
async fn taken(client: &Client, file: impl AsRef<[u8]>) -> String {
    let answer = upload(client, file).await;
    assert_eq!(answer.status, 303, "{}", answer.text());
    answer
        .header("location")
        .strip_prefix("/imports/")
        .expect("the page of the import")
        .to_owned()
}

async fn detail(client: &Client, id: &str) -> Value {
    client.post("import", &[("import", id)]).await.ok()
}

/// The import, once it does not go on by itself.
async fn settled(client: &Client, id: &str) -> Value {
    for _ in 0..2000 {
        let found = detail(client, id).await;
        if !["Checking", "Confirmed", "Importing"].contains(&found["import"]["state"].as_str().unwrap()) {
            return found;
        }
        tokio::time::sleep(Duration::from_millis(5)).await;
    }
    panic!("the import never ends: {}", detail(client, id).await);
}

async fn confirm(client: &Client, id: &str) -> Answer {
    client.post("confirm_import", &[("import", id)]).await
}

fn state(found: &Value) -> (&str, &str) {
    let failure = found["import"]["failure"].as_str();
    (
        found["import"]["state"].as_str().unwrap(),
        failure.unwrap_or_default(),
    )
}

/// One's own mail address is changed with the password, and in no other way (ASVS 5.0, 7.5.1).
async fn nobody_changes_their_own_mail_address_by_a_file(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n").await;
    let isv = portal.client("isv").await;
    let id = taken(&isv, "login,email\nisv,thief@example.org\nann,ann@example.org\n").await;
    let found = settled(&isv, &id).await;
    let outcomes: Vec<&Value> = found["lines"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| &line["outcome"])
        .collect();
    let refused = serde_json::json!({ "Refused": { "Denied": "OwnEmail" } });
    assert_eq!(outcomes, [&refused, &serde_json::json!({ "Changed": ["Email"] })]);
    assert_eq!(confirm(&isv, &id).await.status, 409);
}

const GROUPS: &str = "key,name,parent\nnew,New,Team\nTeam,Old team,\n";

async fn a_file_is_checked_shown_confirmed_and_stored(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    let before = portal.texts("SELECT name FROM groups").await;
    let id = taken(&isv, GROUPS).await;
    let found = settled(&isv, &id).await;
    assert_eq!(state(&found), ("Checked", ""));
    assert_eq!(found["import"]["file"], "file.csv");
    assert_eq!(
        (&found["total"], &found["import"]["counts"]["created"]),
        (&2.into(), &1.into())
    );
    assert_eq!(found["lines"][0]["outcome"], "Created");
    assert_eq!(found["lines"][1]["outcome"]["Changed"][0], "Name");
    assert_eq!(portal.texts("SELECT name FROM groups").await, before);
    let only = [("import", id.as_str()), ("verdict", "Changed")];
    assert_eq!(isv.post("import", &only).await.ok()["lines"][0]["line"], 3);
    let page = isv.get(&format!("/imports/{id}?only=changed")).await;
    assert!(page.text().contains("Would be changed: name") && page.text().contains("Import now"));
    confirm(&isv, &id).await.ok();
    assert_eq!(state(&settled(&isv, &id).await), ("Done", ""));
    assert_eq!(
        portal.texts("SELECT name FROM groups ORDER BY name").await,
        ["New", "Old team"]
    );
    let isv_id = portal.person("isv");
    assert_eq!(
        portal
            .texts("SELECT kind || ' ' || way || ' ' || actor_id FROM events ORDER BY id")
            .await,
        [
            format!("group_renamed import {isv_id}"),
            format!("group_created import {isv_id}")
        ]
    );
    // Over is over.
    assert_eq!(
        confirm(&isv, &id).await.refused(),
        r#"409 {"Refused":"ImportOver"}"#
    );
    let list = isv.post("imports", &[]).await.ok();
    assert_eq!(
        (&list[0]["state"], &list[0]["by"]),
        (&"Done".into(), &"isv".into())
    );
    // The same once more is nothing new.
    let id = taken(&isv, GROUPS).await;
    let found = settled(&isv, &id).await;
    assert_eq!(found["import"]["counts"]["unchanged"], 2);
    confirm(&isv, &id).await.ok();
    assert_eq!(state(&settled(&isv, &id).await), ("Done", ""));
    assert_eq!(portal.number("SELECT COUNT(*) FROM events").await, 2);
}

/// That its server says every two seconds that it is there, is no step of it. On SQLite nobody can hold it in its midst: it is
/// the one who writes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_that_is_not_stored_to_its_end_is_a_job_that_hangs() {
    let portal = TestPortal::start(Engine::Postgres, "@isv^\nTeam/\n").await;
    let imports = Imports::new(portal.store.clone(), portal.portal.vendor.clone());
    let portal = portal.with(|portal| portal.imports = imports.clone()).await;
    let health = Health::default();
    let job = Job::new(
        "imports",
        "stores files",
        Duration::from_secs(1),
        imports,
        jobs::imports::run,
    );
    let running = supervisor::start(vec![job.silent_for(Duration::from_secs(4))], health.clone());
    let isv = portal.client("isv").await;
    let id = taken(&isv, "login,name\nnew,New\n").await;
    assert_eq!(state(&settled(&isv, &id).await), ("Checked", ""));
    let held = portal.hold_writes().await;
    confirm(&isv, &id).await.ok();
    let hangs = async |hangs: bool| {
        for _ in 0..2000 {
            if health.lost().is_empty() != hangs {
                return;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("{:?}", health.failures("imports"));
    };
    hangs(true).await;
    assert_eq!(state(&detail(&isv, &id).await), ("Importing", ""));
    drop(held);
    assert_eq!(state(&settled(&isv, &id).await), ("Done", ""));
    hangs(false).await;
    running.end(Duration::from_secs(20)).await;
}

async fn a_file_with_a_refused_line_cannot_be_confirmed(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    let id = taken(&isv, "key,name,parent\na,A,\nb,B,nowhere\n").await;
    let found = settled(&isv, &id).await;
    assert_eq!(
        (state(&found), &found["import"]["counts"]["refused"]),
        (("Checked", ""), &1.into())
    );
    let page = isv.get(&format!("/imports/{id}")).await.text();
    assert!(page.contains("There is no group with the key “nowhere”") && !page.contains("Import now"));
    assert!(
        page.find("1 refused") < page.find("1 to create"),
        "what is refused comes first"
    );
    let mut request = isv
        .request(Method::GET, &format!("/imports/{id}"))
        .body(Body::empty())
        .unwrap();
    request
        .headers_mut()
        .insert(header::ACCEPT_LANGUAGE, "de".parse().unwrap());
    let page = isv.send(request).await.text();
    assert!(
        page.contains("Es gibt keine Gruppe mit dem Schlüssel „nowhere“") && page.contains("1 abgelehnt")
    );
    assert_eq!(confirm(&isv, &id).await.status, 409);
    isv.post("discard_import", &[("import", &id)]).await.ok();
    assert_eq!(state(&settled(&isv, &id).await), ("Failed", "Discarded"));
    // A file of no kind has a report, too.
    for (file, words) in [
        ("", "The file is empty."),
        ("hello", "does not name the columns"),
        ("{", "ends in the middle of its JSON"),
        ("{]", "no JSON, from column 2 on"),
    ] {
        let id = taken(&isv, file).await;
        let found = settled(&isv, &id).await;
        assert_eq!(found["import"]["counts"]["refused"], 1, "{found}");
        assert!(
            isv.get(&format!("/imports/{id}")).await.text().contains(words),
            "{words}"
        );
        isv.post("discard_import", &[("import", &id)]).await.ok();
    }
    assert_eq!(portal.number("SELECT COUNT(*) FROM events").await, 0);
}

async fn uploads_are_for_isv_admins(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    let before = portal.state().await;
    for person in ["admin-1.1", "user-1.1.1"] {
        let client = portal.client(person).await;
        assert_eq!(upload(&client, GROUPS).await.status, 404, "{person}");
        for path in [
            "/exports/organisation.json",
            "/exports/tickets.csv",
            "/exports/nothing.csv",
        ] {
            assert_eq!(client.get(path).await.status, 404, "{person} {path}");
        }
        let page = client.get("/imports").await;
        let absent = client.get("/imports/7").await;
        assert_eq!((page.status, absent.status), (404, 404), "{person}");
    }
    let nobody = portal.nobody();
    for answer in [
        upload(&nobody, GROUPS).await,
        nobody.get("/exports/users.csv").await,
    ] {
        assert_eq!(
            (answer.status, answer.header("location")),
            (303, "/login?next=/imports")
        );
    }
    assert_eq!(portal.state().await, before);
}

async fn one_file_at_a_time(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n@other^\nTeam/\n").await;
    let (isv, other) = (portal.client("isv").await, portal.client("other").await);
    let id = taken(&isv, GROUPS).await;
    settled(&isv, &id).await;
    let refused = upload(&other, GROUPS).await;
    assert_eq!(refused.status, 409);
    assert!(
        refused.text().contains("Another file is being imported"),
        "{}",
        refused.text()
    );
    // Both at once, on two servers.
    isv.post("discard_import", &[("import", &id)]).await.ok();
    let second = portal.second().await;
    let there = Client {
        cookie: other.cookie.clone(),
        ..second.nobody()
    };
    let (here, elsewhere) = tokio::join!(upload(&isv, GROUPS), upload(&there, GROUPS));
    let mut statuses = [here.status, elsewhere.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [303, 409]);
    assert_eq!(
        portal.number("SELECT COUNT(*) FROM imports WHERE open = 1").await,
        1
    );
}

async fn whoever_confirms_is_still_an_isv_admin(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\n@other^\nTeam/\n").await;
    let (isv, other) = (portal.client("isv").await, portal.client("other").await);
    let id = taken(&isv, GROUPS).await;
    settled(&isv, &id).await;
    // Anybody of them confirms it, and is recorded.
    confirm(&other, &id).await.ok();
    assert_eq!(state(&settled(&isv, &id).await), ("Done", ""));
    let by = format!(
        "SELECT COUNT(*) FROM events WHERE actor_id = {}",
        portal.person("other")
    );
    assert_eq!(portal.number(&by).await, 2);
    let id = taken(&isv, "key,name,parent\nmore,More,\n").await;
    settled(&isv, &id).await;
    portal
        .run("UPDATE users SET isv_admin = 0 WHERE login = 'other'")
        .await;
    assert_eq!(confirm(&other, &id).await.status, 404);
    // Not any more when it comes to storing it.
    portal
        .run(&format!(
            "UPDATE imports SET state = 'confirmed', confirmed_by = {} WHERE id = {id}",
            portal.person("other")
        ))
        .await;
    assert_eq!(state(&settled(&isv, &id).await), ("Failed", "NotPermitted"));
    assert_eq!(portal.number("SELECT COUNT(*) FROM groups").await, 2);
}

async fn what_changed_in_between_is_noticed(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\nOther/\n").await;
    let isv = portal.client("isv").await;
    let id = taken(&isv, "key,name,parent\na,A,Other\nb,B,a\n").await;
    settled(&isv, &id).await;
    isv.post("delete_group", &[("group", &portal.group("Other").to_string())])
        .await
        .ok();
    confirm(&isv, &id).await.ok();
    assert_eq!(state(&settled(&isv, &id).await), ("Failed", "Overtaken"));
    assert_eq!(portal.texts("SELECT name FROM groups").await, ["Team"]);
}

async fn any_server_confirms_and_the_one_with_the_file_stores(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    let second = portal.second().await;
    let there = Client {
        cookie: isv.cookie.clone(),
        ..second.nobody()
    };
    let id = taken(&isv, GROUPS).await;
    assert_eq!(state(&settled(&there, &id).await), ("Checked", ""));
    confirm(&there, &id).await.ok();
    assert_eq!(state(&settled(&there, &id).await), ("Done", ""));
    assert_eq!(portal.number("SELECT COUNT(*) FROM groups").await, 2);
    // A server that is not heard any more is gone, and the file with it.
    portal
        .run(
            "INSERT INTO imports (id, uploaded_at, uploaded_by, file, bytes, state, server, open)
             VALUES (7, 0, 0, 'x', 1, 'importing', 1, 1)",
        )
        .await;
    let long_ago = (portal.store.sources.now() - GONE).as_millisecond() - 1000;
    portal
        .run(&format!("INSERT INTO import_beats VALUES (7, {long_ago}, 0)"))
        .await;
    assert_eq!(state(&settled(&there, "7").await), ("Failed", "ServerEnded"));
}

async fn a_file_waits_for_an_hour(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    let id = taken(&isv, GROUPS).await;
    settled(&isv, &id).await;
    portal
        .run(&format!(
            "UPDATE imports SET uploaded_at = uploaded_at - {} - 1000",
            WAITS.as_millis()
        ))
        .await;
    for _ in 0..1000 {
        if state(&detail(&isv, &id).await) == ("Failed", "Waited") {
            return;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("it waits for ever");
}

async fn everything_comes_out_as_files(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    let isv = portal.client("isv-admin").await;
    let whole = isv.get("/exports/organisation.json").await;
    assert_eq!((whole.status, whole.header("cache-control")), (200, "no-store"));
    assert_eq!(
        whole.header("content-disposition"),
        "attachment; filename=\"organisation.json\""
    );
    assert_eq!(whole.text(), exported(&portal, Format::Json).await);
    for noun in Noun::ALL {
        let table = isv.get(&format!("/exports/{noun}.csv")).await;
        assert_eq!(
            table.header("content-type"),
            "text/csv; charset=utf-8; header=present"
        );
        assert_eq!(table.text(), exported(&portal, Format::Table(*noun)).await);
    }
    for path in [
        "/exports/history.csv",
        "/exports/organisation.csv",
        "/exports/x",
        "/exports/%2e%2e",
    ] {
        assert_eq!(isv.get(path).await.status, 404, "{path}");
    }
    // What is exported here is imported here, and nothing happens.
    let id = taken(&isv, whole.body).await;
    let found = settled(&isv, &id).await;
    assert_eq!(found["import"]["counts"]["unchanged"], found["total"]);
}

async fn uploads_of_any_form_are_answered(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    let whole = form_with("x.csv", GROUPS.as_bytes());
    let bodies = [
        Vec::new(),
        b"file=x".to_vec(),
        whole[..whole.len() / 2].to_vec(),
        format!(
            "--{BOUNDARY}\r\nContent-Disposition: form-data; name=\"other\"\r\n\r\nx\r\n--{BOUNDARY}--\r\n"
        )
        .into_bytes(),
    ];
    for body in bodies {
        let answer = isv.send(multipart(&isv, body)).await;
        assert!((400..500).contains(&answer.status), "{}", answer.status);
    }
    let plain = isv
        .request(Method::POST, "/imports/upload")
        .body("file=x".into())
        .unwrap();
    assert_eq!(isv.send(plain).await.status, 400);
    let back = isv.get("/imports/upload").await;
    assert_eq!((back.status, back.header("location")), (303, "/imports"));
    // A name is shown as it is, cut, and never a path of ours.
    let name = format!("../../etc/<b>{}\u{202e}", "x".repeat(500));
    let answer = isv
        .send(multipart(&isv, form_with(&name, GROUPS.as_bytes())))
        .await;
    let id = answer
        .header("location")
        .strip_prefix("/imports/")
        .unwrap()
        .to_owned();
    let page = {
        settled(&isv, &id).await;
        isv.get(&format!("/imports/{id}")).await.text()
    };
    assert!(page.contains("&lt;b") && !page.contains("<b>x") && !page.contains(&"x".repeat(200)));
    // Requests of other sites are none of the person's.
    let mut foreign = multipart(&isv, form_with("x.csv", GROUPS.as_bytes()));
    foreign
        .headers_mut()
        .insert("sec-fetch-site", "cross-site".parse().unwrap());
    assert_eq!(isv.send(foreign).await.status, 403);
}

const PASSWORD: &str = "correct horse battery";

/// Killed while it checks, and while it stores.
async fn a_server_killed_in_the_midst_leaves_nothing_by_halves(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    portal.set_passwords(PASSWORD).await;
    let before = portal.number("SELECT COUNT(*) FROM tickets").await;
    let table = large::tickets(20_000);
    let body = form_with("tickets.csv", table.as_bytes());
    let kind = format!("Content-Type: multipart/form-data; boundary={BOUNDARY}\r\n");
    let state = async |id: &str| {
        portal
            .texts(&format!("SELECT state FROM imports WHERE id = {id}"))
            .await
            .remove(0)
    };
    let wait_for = async |id: &str, wanted: &str| {
        for _ in 0..6000 {
            if state(id).await == wanted {
                return;
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        panic!("{}: never {wanted}", state(id).await);
    };
    let send = |browser: &Browser| {
        let reply = browser
            .send("POST", "/imports/upload", &kind, &body)
            .expect("an answer");
        assert_eq!(reply.status, 303, "{reply:?}");
        let place = reply
            .head
            .lines()
            .find_map(|line| line.strip_prefix("location: /imports/"));
        place.expect("a place").trim().to_owned()
    };
    let server = Server::start(&portal, portal.address(), &[]);
    let (reply, browser) = server.browser().log_in("isv", PASSWORD, false);
    reply.ok();
    let checking = send(&browser);
    server.kill();
    assert_eq!(state(&checking).await, "checking");
    // On PostgreSQL another server might have the file: it is missed after a while.
    let gone = async |id: &str| {
        portal
            .run(&format!(
                "UPDATE import_beats SET beat_at = 0 WHERE import_id = {id}"
            ))
            .await;
        wait_for(id, "failed").await;
    };
    let server = Server::start(&portal, portal.address(), &[]);
    gone(&checking).await;
    let browser = Browser {
        address: server.address,
        ..browser
    };
    let storing = send(&browser);
    wait_for(&storing, "checked").await;
    browser.post("confirm_import", &[("import", &storing)]).ok();
    wait_for(&storing, "importing").await;
    server.kill();
    assert_eq!(
        state(&storing).await,
        "importing",
        "it was killed in the midst of it"
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM tickets").await, before);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM events WHERE way = 'import'")
            .await,
        0
    );
    let server = Server::start(&portal, portal.address(), &[]);
    gone(&storing).await;
    // The next one goes through.
    let browser = Browser {
        address: server.address,
        ..browser
    };
    let id = send(&browser);
    wait_for(&id, "checked").await;
    browser.post("confirm_import", &[("import", &id)]).ok();
    wait_for(&id, "done").await;
    assert_eq!(
        portal.number("SELECT COUNT(*) FROM tickets").await,
        before + 20_000
    );
}
