//! Machines without a network: the offline exchange, dongles, lost machines, and the end of a container (N10, S8).

use axum::body::Body;
use ed25519_dalek::SigningKey;
use http::{Method, header};
use license_portal::{
    domain::{devices::DEVICE_LIFETIME, leases::LIFETIME},
    jose::{JwkSet, sign},
    offline::{InvalidUpdate, REQUEST, Receipt, Request, Setup, Update, key_text},
    store::Engine,
};
use serde_json::{Value, json};

use crate::{
    client::{Answer, Client},
    portal::{BEGIN, TestPortal},
};

on_both_engines!(
    n10_licences_come_to_a_machine_and_back,
    n10_what_is_not_from_the_machine_is_refused,
    n10_the_same_text_twice_changes_nothing,
    n10_an_update_is_for_one_machine,
    n10_a_photo_is_as_good_as_a_file,
    n10_only_who_reaches_the_machine_exchanges,
    s8_a_lost_machine_is_recovered,
    s8_what_machines_still_hold_is_not_collected,
    s8_what_cannot_wait_for_a_machine_is_refused,
    a_dongle_is_known_by_its_serial_number,
    an_empty_container_is_removed,
    kinds_keep_to_their_ways,
    an_older_database_gets_devices,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        #n1 #n2
        @nina*
        @ned
      South/
        @sam*
";

/// A machine that never sees a network.
struct Lab {
    key: SigningKey,
    hardware: String,
    setup: Setup,
    number: u32,
    asked: Option<Request>,
    imported: Option<Update>,
}

impl Lab {
    async fn set_up(browser: &Client, container: &str, hardware: &str) -> Self {
        let file = browser.get(&format!("/containers/{container}/setup")).await;
        assert_eq!(file.status, 200, "{}", file.text());
        let setup: Setup = serde_json::from_str(&file.text()).unwrap();
        let mut seed = [7; 32];
        seed[..hardware.len().min(32)].copy_from_slice(&hardware.as_bytes()[..hardware.len().min(32)]);
        Self {
            key: SigningKey::from_bytes(&seed),
            hardware: setup.hardware.clone().unwrap_or_else(|| hardware.to_owned()),
            setup,
            number: 0,
            asked: None,
            imported: None,
        }
    }

    fn claims(&mut self) -> Request {
        self.number += 1;
        Request {
            aud: self.setup.portal.clone(),
            sub: self.setup.container.clone(),
            key: key_text(&self.key.verifying_key()),
            hardware: self.hardware.clone(),
            host: "lab-3".to_owned(),
            number: self.number,
            nonce: format!("nonce-{:016}", self.number),
            iat: BEGIN / 1000,
        }
    }

    fn request(&mut self) -> String {
        let asked = self.claims();
        self.asked = Some(asked.clone());
        asked.sign(&self.key).unwrap()
    }

    fn import(&mut self, text: &str, now: i64) -> Result<(), InvalidUpdate> {
        let keys = JwkSet {
            keys: self.setup.portal_keys.clone(),
        };
        let update = Update::open(text, &keys).map_err(InvalidUpdate::Token)?;
        update.answers(self.asked.as_ref().unwrap(), now / 1000)?;
        self.imported = Some(update);
        Ok(())
    }

    fn held(&self) -> Vec<(&str, u32)> {
        let licenses = &self.imported.as_ref().unwrap().licenses;
        licenses
            .iter()
            .map(|held| (held.article.as_str(), held.quantity))
            .collect()
    }

    fn receipt(&self) -> String {
        let update = self.imported.as_ref().unwrap();
        let receipt = Receipt {
            aud: update.iss.clone(),
            sub: update.sub.clone(),
            update: update.jti.clone(),
            held: update.licenses.iter().map(|held| held.id.clone()).collect(),
            iat: update.iat,
        };
        receipt.sign(&self.key).unwrap()
    }

    /// Request, update, receipt.
    async fn exchange(&mut self, portal: &TestPortal, browser: &Client) {
        let container = self.setup.container.clone();
        let request = self.request();
        taken(&upload(browser, &container, &request).await, "update");
        let update = update(browser, &container).await;
        self.import(&update, portal.store.sources.now()).unwrap();
        taken(&upload(browser, &container, &self.receipt()).await, "receipt");
    }
}

#[track_caller]
fn taken(answer: &Answer, what: &str) {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let to = answer.header("location");
    assert!(to.ends_with(&format!("?exchanged={what}#exchange")), "{to}");
}

/// Status and, of the page that says why, the sentence.
fn refused(answer: &Answer) -> (u16, String) {
    let page = answer.text();
    let text = page
        .split("<p>")
        .nth(1)
        .and_then(|rest| rest.split("</p>").next());
    (answer.status, text.unwrap_or_default().to_owned())
}

async fn upload(browser: &Client, container: &str, text: &str) -> Answer {
    send(browser, container, "text", text.as_bytes()).await
}

async fn send(browser: &Client, container: &str, field: &str, bytes: &[u8]) -> Answer {
    let name = if field == "file" {
        "; filename=\"request.jwt\""
    } else {
        ""
    };
    let mut body =
        format!("--x\r\nContent-Disposition: form-data; name=\"{field}\"{name}\r\n\r\n").into_bytes();
    body.extend_from_slice(bytes);
    body.extend_from_slice(b"\r\n--x--\r\n");
    let mut request = browser
        .request(Method::POST, &format!("/containers/{container}/exchange"))
        .body(Body::from(body))
        .unwrap();
    let kind = "multipart/form-data; boundary=x".parse().unwrap();
    request.headers_mut().insert(header::CONTENT_TYPE, kind);
    browser.send(request).await
}

async fn update(browser: &Client, container: &str) -> String {
    let file = browser.get(&format!("/containers/{container}/update")).await;
    assert_eq!(file.status, 200, "{}", file.text());
    file.text()
}

/// A device of Ned's.
async fn device(portal: &TestPortal, ned: &Client) -> String {
    let made = ned.create_container(portal, "@ned", "Lab", "Device", "").await;
    made.ok().to_string()
}

/// What is in a container: article, quantity, state.
async fn contents(by: &Client, container: &str) -> Vec<(String, u64, String)> {
    let detail = by.post("container", &[("container", container)]).await.ok();
    let text = |value: &Value| value.as_str().unwrap().to_owned();
    let row = |row: &Value| {
        let state = text(&row["stage"]["custody"]["state"]);
        (text(&row["article"]), row["quantity"].as_u64().unwrap(), state)
    };
    detail["activations"]
        .as_array()
        .unwrap()
        .iter()
        .map(row)
        .collect()
}

fn one(article: &str, quantity: u64, state: &str) -> Vec<(String, u64, String)> {
    vec![(article.to_owned(), quantity, state.to_owned())]
}

async fn activated(portal: &TestPortal, ticket: &str) -> i64 {
    let license = portal.license_of(ticket);
    portal
        .number(&format!("SELECT activated FROM licenses WHERE id = {license}"))
        .await
}

async fn activation(portal: &TestPortal) -> String {
    let id = portal
        .number("SELECT MAX(id) FROM activations WHERE ended_at IS NULL")
        .await;
    id.to_string()
}

/// A portal over [`COMPANY`], with three of each licence, and Ned's device.
async fn start(engine: Engine) -> (TestPortal, Client, String) {
    let portal = TestPortal::start(engine, COMPANY).await;
    portal.run("UPDATE licenses SET quantity = 3").await;
    let ned = portal.client("ned").await;
    let lab = device(&portal, &ned).await;
    (portal, ned, lab)
}

async fn n10_licences_come_to_a_machine_and_back(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 2).await.ok();
    assert_eq!(contents(&ned, &lab).await, one("n1", 2, "Assigned"));
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let request = machine.request();
    taken(&upload(&ned, &lab, &request).await, "update");
    assert_eq!(contents(&ned, &lab).await, one("n1", 2, "Collected"));
    let text = update(&ned, &lab).await;
    machine.import(&text, BEGIN).unwrap();
    assert_eq!(machine.held(), [("n1", 2)]);
    let until = machine.imported.as_ref().unwrap().licenses[0].exp;
    assert_eq!(until, (BEGIN + DEVICE_LIFETIME) / 1000);
    taken(&upload(&ned, &lab, &machine.receipt()).await, "receipt");
    assert_eq!(contents(&ned, &lab).await, one("n1", 2, "Confirmed"));

    // Given back, it is not free before the machine says so.
    let given = activation(&portal).await;
    ned.post("deactivate", &[("activation", &given)]).await.ok();
    assert_eq!(contents(&ned, &lab).await, one("n1", 2, "Returning"));
    assert_eq!(activated(&portal, "n1").await, 2);
    let more = ned.activate(&portal, "n1", &lab, 2).await;
    assert_eq!(more.refused(), r#"409 {"Refused":{"NotEnough":{"free":1}}}"#);
    let again = ned.post("deactivate", &[("activation", &given)]).await;
    assert_eq!(
        again.refused(),
        r#"409 {"Refused":{"InvalidTransition":"AskedAlready"}}"#
    );
    machine.exchange(&portal, &ned).await;
    assert!(machine.held().is_empty());
    assert_eq!(
        (contents(&ned, &lab).await, activated(&portal, "n1").await),
        (Vec::new(), 0)
    );
    let ticket = portal.ticket("n1").to_string();
    let history = portal
        .client("nina")
        .await
        .post("history", &[("ticket", &ticket)])
        .await
        .ok();
    let kinds: Vec<&str> = history
        .as_array()
        .unwrap()
        .iter()
        .map(|row| row["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["LicenseDeactivated", "LicenseAskedBack", "LicenseActivated"]
    );
    // What the machine is, the page shows.
    let detail = ned.post("container", &[("container", &lab)]).await.ok();
    assert_eq!(detail["machine"]["host"], json!("lab-3"));
    assert_eq!(detail["machine"]["hardware"], json!("fingerprint-1"));
}

async fn n10_what_is_not_from_the_machine_is_refused(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let other = device(&portal, &ned).await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let early = Receipt {
        aud: machine.setup.portal.clone(),
        sub: lab.clone(),
        update: "1".into(),
        held: vec![],
        iat: 0,
    };
    let early = early.sign(&machine.key).unwrap();
    let (status, why) = refused(&upload(&ned, &lab, &early).await);
    assert_eq!(status, 409);
    assert!(
        why.starts_with("The receipt is not about the last update"),
        "{why}"
    );

    let before = portal.state().await;
    let good = machine.request();
    let parts: Vec<&str> = good.split('.').collect();
    let none = format!(
        "eyJhbGciOiJub25lIiwidHlwIjoibGljZW5zZS1yZXF1ZXN0K2p3dCJ9.{}.",
        parts[1]
    );
    let first = if parts[2].starts_with('A') { 'B' } else { 'A' };
    let altered = format!("{}.{}.{first}{}", parts[0], parts[1], &parts[2][1..]);
    let for_other_portal = Request {
        aud: "https://elsewhere.example".into(),
        ..machine.claims()
    };
    let no_name = Request {
        host: String::new(),
        ..machine.claims()
    };
    let long = Request {
        hardware: "f".repeat(129),
        ..machine.claims()
    };
    let as_update = sign("license-update+jwt", None, &machine.claims(), &machine.key).unwrap();
    let unsigned_claims = sign(REQUEST, None, &json!({"key": 5}), &machine.key).unwrap();
    let signed = |request: &Request| request.sign(&machine.key).unwrap();
    let stolen = machine
        .asked
        .as_ref()
        .unwrap()
        .sign(&SigningKey::from_bytes(&[9; 32]))
        .unwrap();
    for (text, status, begins) in [
        ("", 422, "This is neither"),
        ("x", 422, "This is neither"),
        (&none, 422, "This is neither"),
        (&"x".repeat(100_000), 422, "This is neither"),
        (&as_update, 422, "This is neither"),
        (&unsigned_claims, 422, "This is neither"),
        (&signed(&no_name), 422, "This is neither"),
        (&signed(&long), 422, "This is neither"),
        (&altered, 422, "The text was altered"),
        (&stolen, 422, "The text was altered"),
        (&signed(&for_other_portal), 422, "It belongs to another machine"),
    ] {
        let (found, why) = refused(&upload(&ned, &lab, text).await);
        assert_eq!(found, status, "{text:.60}: {why}");
        assert!(why.starts_with(begins), "{text:.60}: {why}");
    }
    let binary = send(&ned, &lab, "file", &[0xff, 0xfe, 0, 1]).await;
    assert_eq!(binary.status, 422);
    let (status, why) = refused(&upload(&ned, &other, &good).await);
    assert!(
        status == 422 && why.starts_with("It belongs to another machine"),
        "{why}"
    );
    assert_eq!(portal.state().await, before, "nothing of it changed anything");

    // Once the machine has come, no other one is this one.
    taken(&upload(&ned, &lab, &good).await, "update");
    let mut impostor = Lab::set_up(&ned, &lab, "fingerprint-2").await;
    impostor.number = 5;
    assert_eq!(upload(&ned, &lab, &impostor.request()).await.status, 422);
    let moved = Request {
        hardware: "fingerprint-2".into(),
        number: 9,
        ..machine.claims()
    };
    assert_eq!(
        upload(&ned, &lab, &moved.sign(&machine.key).unwrap())
            .await
            .status,
        422
    );
    let mut twin = Lab::set_up(&ned, &other, "fingerprint-1").await;
    let why = refused(&upload(&ned, &other, &twin.request()).await).1;
    assert!(
        why.starts_with("It belongs to another machine"),
        "one key, one container: {why}"
    );
    // A receipt that somebody else signed.
    machine.asked = Request::open(&good).ok();
    machine.import(&update(&ned, &lab).await, BEGIN).unwrap();
    let receipt = machine.receipt();
    machine.key = SigningKey::from_bytes(&[9; 32]);
    assert_eq!(upload(&ned, &lab, &machine.receipt()).await.status, 422);
    taken(&upload(&ned, &lab, &receipt).await, "receipt");
}

async fn n10_the_same_text_twice_changes_nothing(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let first = machine.request();
    taken(&upload(&ned, &lab, &first).await, "update");
    let (update_1, state) = (update(&ned, &lab).await, portal.state().await);
    taken(&upload(&ned, &lab, &format!("\n {first} \n")).await, "update");
    assert_eq!(
        (update(&ned, &lab).await, portal.state().await),
        (update_1.clone(), state)
    );
    machine.import(&update_1, BEGIN).unwrap();
    let receipt_1 = machine.receipt();
    taken(&upload(&ned, &lab, &receipt_1).await, "receipt");
    let state = portal.state().await;
    taken(&upload(&ned, &lab, &receipt_1).await, "receipt");
    assert_eq!(portal.state().await, state);
    // With the next request, the former texts are worth nothing.
    machine.exchange(&portal, &ned).await;
    let state = portal.state().await;
    for (text, begins) in [
        (&first, "This request was used before"),
        (&receipt_1, "The receipt is not about"),
    ] {
        let (status, why) = refused(&upload(&ned, &lab, text).await);
        assert!(status == 409 && why.starts_with(begins), "{why}");
    }
    assert_eq!(portal.state().await, state);
}

async fn n10_an_update_is_for_one_machine(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    taken(&upload(&ned, &lab, &machine.request()).await, "update");
    let text = update(&ned, &lab).await;
    let mut other = Lab::set_up(&ned, &lab, "fingerprint-2").await;
    other.request();
    assert_eq!(other.import(&text, BEGIN), Err(InvalidUpdate::Foreign("machine")));
    machine.import(&text, BEGIN).unwrap();
    // The machine wrote another request: the former answer is no answer to that.
    machine.request();
    assert_eq!(machine.import(&text, BEGIN), Err(InvalidUpdate::Replayed));
    taken(
        &upload(
            &ned,
            &lab,
            &machine.asked.clone().unwrap().sign(&machine.key).unwrap(),
        )
        .await,
        "update",
    );
    let text = update(&ned, &lab).await;
    let late = machine.import(&text, BEGIN + DEVICE_LIFETIME + 1000);
    assert!(matches!(late, Err(InvalidUpdate::Token(_))), "{late:?}");
    machine.import(&text, BEGIN).unwrap();
    assert_eq!(machine.held(), [("n1", 1)]);
}

async fn n10_a_photo_is_as_good_as_a_file(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let request = machine.request();
    let mut empty = std::io::Cursor::new(Vec::new());
    image::GrayImage::new(90, 90)
        .write_to(&mut empty, image::ImageFormat::Png)
        .unwrap();
    let (status, why) = refused(&send(&ned, &lab, "file", empty.get_ref()).await);
    assert!(status == 422 && why.starts_with("No QR code"), "{why}");
    let code = qrcode::QrCode::new(&request).unwrap();
    let colors = code.to_colors();
    let (width, square) = (u32::try_from(code.width()).unwrap(), 8);
    let photo = image::GrayImage::from_fn((width + 8) * square, (width + 8) * square, |x, y| {
        let at = |n: u32| (n / square).checked_sub(4).filter(|n| *n < width);
        let dark = at(x)
            .zip(at(y))
            .is_some_and(|(x, y)| colors[(y * width + x) as usize] == qrcode::Color::Dark);
        image::Luma([if dark { 30 } else { 220 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    photo.write_to(&mut file, image::ImageFormat::Jpeg).unwrap();
    taken(&send(&ned, &lab, "file", file.get_ref()).await, "update");
    // The answer is a picture, too, and says the same.
    let detail = ned.post("container", &[("container", &lab)]).await.ok();
    assert!(detail["machine"]["update"]["picture"]["width"].as_u64().unwrap() > 40);
    machine.import(&update(&ned, &lab).await, BEGIN).unwrap();
    taken(
        &send(&ned, &lab, "file", machine.receipt().as_bytes()).await,
        "receipt",
    );
}

async fn n10_only_who_reaches_the_machine_exchanges(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    let request = machine.request();
    let sam = portal.client("sam").await;
    for path in ["setup", "update"] {
        let address = format!("/containers/{lab}/{path}");
        assert_eq!(sam.get(&address).await.status, 404, "{path}");
        let nobody = portal.nobody().get(&address).await;
        assert_eq!(
            (nobody.status, nobody.header("location")),
            (303, &*format!("/login?next=/containers/{lab}"))
        );
    }
    for container in [lab.as_str(), "4611686018427387903", "x"] {
        assert_eq!(upload(&sam, container, &request).await.status, 404, "{container}");
    }
    assert_eq!(upload(&portal.nobody(), &lab, &request).await.status, 303);
    let lost = [("container", lab.as_str()), ("lost", "true")];
    assert_eq!(sam.post("set_machine_lost", &lost).await.status, 404);
    assert_eq!(sam.post("remove_container", &lost[..1]).await.status, 404);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM devices WHERE bound_at IS NOT NULL")
            .await,
        0
    );
    // Who administers the person does what the person can do.
    let nina = portal.client("nina").await;
    taken(&upload(&nina, &lab, &request).await, "update");
    assert_eq!(nina.get(&format!("/containers/{lab}/update")).await.status, 200);
}

async fn s8_a_lost_machine_is_recovered(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let nina = portal.client("nina").await;
    ned.activate(&portal, "n1", &lab, 1).await.ok();
    ned.activate(&portal, "n2", &lab, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    let lost = [("container", lab.as_str()), ("lost", "true")];
    ned.post("set_machine_lost", &lost).await.ok();
    ned.post("set_machine_lost", &lost).await.ok();
    let reports = portal
        .number("SELECT COUNT(*) FROM events WHERE kind = 'machine_lost'")
        .await;
    assert_eq!(reports, 1);
    let (status, why) = refused(&upload(&ned, &lab, &machine.request()).await);
    assert!(
        status == 409 && why.starts_with("The machine is reported lost"),
        "{why}"
    );
    let of = |ticket: &str| {
        format!(
            "SELECT id FROM activations WHERE license_id = {} AND ended_at IS NULL",
            portal.license_of(ticket)
        )
    };
    let (first, second) = (
        portal.number(&of("n1")).await.to_string(),
        portal.number(&of("n2")).await.to_string(),
    );
    // Its person waits until its time is over.
    let early = ned.post("deactivate", &[("activation", &first)]).await;
    let until = portal.number("SELECT MAX(signed_until) FROM activations").await;
    assert_eq!(
        early.refused(),
        format!(r#"409 {{"Refused":{{"InvalidTransition":{{"Held":{until}}}}}}}"#)
    );
    assert_eq!(
        ned.post("withdraw_license", &[("activation", &first)])
            .await
            .status,
        403
    );
    // An admin of the ticket answers for it.
    nina.post("withdraw_license", &[("activation", &first)])
        .await
        .ok();
    assert_eq!(activated(&portal, "n1").await, 0);
    let replaced = portal
        .texts("SELECT state FROM activations WHERE ended_at IS NOT NULL")
        .await;
    assert_eq!(replaced, ["replaced"]);
    let new = device(&portal, &ned).await;
    ned.activate(&portal, "n1", &new, 1).await.ok();
    // The rest of its time is cut short: ninety days of signs of life would take long.
    let soon = portal.store.sources.now() + 1_000;
    portal
        .run(&format!("UPDATE activations SET signed_until = {soon}"))
        .await;
    assert_eq!(
        ned.post("deactivate", &[("activation", &second)]).await.status,
        409
    );
    portal.pass(2_000);
    ned.post("deactivate", &[("activation", &second)]).await.ok();
    assert_eq!(activated(&portal, "n2").await, 0);
    // Found again, it starts with nothing.
    ned.post("set_machine_lost", &[("container", &lab)]).await.ok();
    machine.exchange(&portal, &ned).await;
    assert!(machine.held().is_empty());
}

async fn s8_what_machines_still_hold_is_not_collected(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 1, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    online.acquire("A", "host", "key-1234").await.id();
    // The licence goes from the cloud to the machine without a network, while a program still runs under it.
    let running = activation(&portal).await;
    ned.post("transfer", &[("activations[0]", &running), ("to", &lab)])
        .await
        .ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    assert!(machine.held().is_empty(), "{:?}", machine.held());
    assert_eq!(contents(&ned, &lab).await, one("A", 1, "Assigned"));
    portal.pass(LIFETIME);
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("A", 1)]);
    // And the other way round: what the machine was recovered from by its time is free, and not before.
    let there = activation(&portal).await;
    let back = ned
        .post(
            "transfer",
            &[("activations[0]", &there), ("to", &cloud.to_string())],
        )
        .await;
    assert_eq!(back.refused(), r#"409 {"Refused":"OnMachine"}"#);
    online.log_in(&portal).await;
    assert_eq!(
        online.acquire("A", "host", "key-5678").await.problem(),
        "404 no-such-license"
    );
    ned.post("deactivate", &[("activation", &there)]).await.ok();
    machine.exchange(&portal, &ned).await;
    assert_eq!(contents(&ned, &lab).await, Vec::new());
}

async fn s8_what_cannot_wait_for_a_machine_is_refused(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    ned.activate(&portal, "n1", &lab, 2).await.ok();
    // Nothing was signed yet: it comes back at once, also a part of it.
    ned.post(
        "deactivate",
        &[("activation", &activation(&portal).await), ("quantity", "1")],
    )
    .await
    .ok();
    assert_eq!(activated(&portal, "n1").await, 1);
    ned.activate(&portal, "n1", &lab, 2).await.ok();
    let mut machine = Lab::set_up(&ned, &lab, "fingerprint-1").await;
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("n1", 1), ("n1", 2)], "each goes its own way");
    let before = portal.state().await;
    let last = activation(&portal).await;
    let part = ned
        .post("deactivate", &[("activation", &last), ("quantity", "1")])
        .await;
    assert_eq!(part.refused(), r#"409 {"Refused":"WholeOnly"}"#);
    let boss = portal.client("boss").await;
    let fields = [
        ("tickets", &*portal.pick("n1")),
        ("to", &*portal.owner("South").to_string()),
        ("key", "move-away"),
        ("activated", "deactivate"),
    ];
    assert_eq!(
        boss.post("reassign", &fields).await.refused(),
        r#"409 {"Refused":"OnMachine"}"#
    );
    assert_eq!(portal.state().await, before);
    let removed = ned.post("remove_container", &[("container", &lab)]).await;
    assert_eq!(removed.refused(), r#"409 {"Refused":"ContainerNotEmpty"}"#);
    // Kept activated, the ticket moves; whoever administers it there asks it back.
    let keep = [fields[0], fields[1], fields[2], ("activated", "keep")];
    boss.post("reassign", &keep).await.ok();
    boss.post("withdraw_license", &[("activation", &last)]).await.ok();
    machine.exchange(&portal, &ned).await;
    assert_eq!(machine.held(), [("n1", 1)]);
    assert_eq!(activated(&portal, "n1").await, 1);
}

async fn a_dongle_is_known_by_its_serial_number(engine: Engine) {
    let (portal, ned, _) = start(engine).await;
    for serial in ["", "  ", "with space", &"x".repeat(129)] {
        let refused = ned
            .create_container(&portal, "@ned", "Lab", "Dongle", serial)
            .await
            .refused();
        assert_eq!(refused, r#"422 {"Refused":"InvalidSerial"}"#, "{serial:?}");
    }
    let dongle = ned
        .create_container(&portal, "@ned", "Lab", "Dongle", " 3-1234567 ")
        .await
        .ok()
        .to_string();
    ned.activate(&portal, "n1", &dongle, 1).await.ok();
    let mut machine = Lab::set_up(&ned, &dongle, "").await;
    assert_eq!(machine.hardware, "3-1234567");
    let wrong = Request {
        hardware: "3-7654321".into(),
        ..machine.claims()
    };
    assert_eq!(
        upload(&ned, &dongle, &wrong.sign(&machine.key).unwrap())
            .await
            .status,
        422
    );
    machine.exchange(&portal, &ned).await;
    assert_eq!(contents(&ned, &dongle).await, one("n1", 1, "Confirmed"));
}

async fn an_empty_container_is_removed(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 1, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    let cloud = cloud.to_string();
    let full = ned.post("remove_container", &[("container", &cloud)]).await;
    assert_eq!(full.refused(), r#"409 {"Refused":"ContainerNotEmpty"}"#);
    ned.post("deactivate", &[("activation", &activation(&portal).await)])
        .await
        .ok();
    for container in [&cloud, &lab] {
        ned.post("remove_container", &[("container", container)])
            .await
            .ok();
        assert_eq!(
            ned.post("container", &[("container", container)]).await.status,
            404
        );
        assert_eq!(
            ned.post("remove_container", &[("container", container)])
                .await
                .status,
            404
        );
        assert_eq!(ned.activate(&portal, "n1", container, 1).await.status, 404);
    }
    assert_eq!(online.get("/api/v1/container").await.status, 401);
    assert_eq!(online.log_in(&portal).await.status, 401);
    let list = ned.post("containers", &[]).await.ok();
    assert_eq!((&list["total"], &list["rows"]), (&json!(0), &json!([])));
}

async fn kinds_keep_to_their_ways(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let cloud = portal.make_container("ned", "Cloud").await.to_string();
    for path in ["setup", "update"] {
        assert_eq!(
            ned.get(&format!("/containers/{cloud}/{path}")).await.status,
            409,
            "{path}"
        );
    }
    assert_eq!(upload(&ned, &cloud, "x").await.status, 409);
    let lost = [("container", cloud.as_str()), ("lost", "true")];
    assert_eq!(
        ned.post("set_machine_lost", &lost).await.refused(),
        r#"409 {"Refused":"OtherKind"}"#
    );
    let file = portal
        .download(
            "ned",
            &format!("/containers/{lab}/credentials"),
            &[("label", "ci")],
        )
        .await;
    assert_eq!(file.status, 409);
    // A machine that has not come yet has no update.
    assert_eq!(ned.get(&format!("/containers/{lab}/update")).await.status, 409);
}

/// The step of the schema that made the devices, over cloud containers from before.
async fn an_older_database_gets_devices(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    portal.run("DELETE FROM devices").await;
    portal
        .run(&format!("DELETE FROM containers WHERE id = {lab}"))
        .await;
    let cloud = portal.make_container("ned", "Cloud").await;
    portal.activate("n1", cloud, "A", 2, "").await;
    let mut online = portal.machine("ned", cloud, "ci").await;
    for sql in [
        "DROP TABLE devices",
        "ALTER TABLE containers DROP COLUMN kind",
        "ALTER TABLE containers DROP COLUMN removed_at",
        "ALTER TABLE containers ADD COLUMN kind TEXT NOT NULL DEFAULT 'cloud' CHECK (kind IN ('cloud'))",
        "DROP INDEX activations_running",
        "ALTER TABLE activations DROP COLUMN part",
        "ALTER TABLE activations DROP COLUMN signed_until",
        "ALTER TABLE activations DROP COLUMN update_id",
        "CREATE UNIQUE INDEX activations_running ON activations (container_id, license_id) WHERE ended_at IS NULL",
        "DELETE FROM _sqlx_migrations WHERE version >= 9",
    ] {
        portal.run(sql).await;
    }
    portal.store.migrate().await.unwrap();
    assert_eq!(contents(&ned, &cloud.to_string()).await, one("A", 2, "Confirmed"));
    assert_eq!(online.log_in(&portal).await.status, 200);
    online.acquire("A", "host", "key-1234").await.id();
    let lab = device(&portal, &ned).await;
    let given = activation(&portal).await;
    ned.post("transfer", &[("activations[0]", &given), ("to", &lab)])
        .await
        .ok();
    assert_eq!(contents(&ned, &lab).await, one("A", 2, "Assigned"));
}
