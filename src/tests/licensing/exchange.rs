//! The offline exchange (N10): licences come to machines without a network by signed texts, and back.

use std::sync::{
    Arc,
    atomic::{AtomicBool, Ordering},
};

use axum::body::Body;
use domain::licensing::devices::DEVICE_LIFETIME;
use ed25519_dalek::SigningKey;
use http::{Method, header};
use jose::{
    NumericDate,
    offline::{InvalidUpdate, REQUEST, Receipt, Request},
    sign,
};
use license_portal::store::Engine;
use serde_json::json;
use tokio_stream::StreamExt;

use crate::{
    licensing::labs::{
        Lab, activated, activation, contents, device, one, refused, send, start, taken, update, upload,
    },
    support::{client::Client, moments::ms, portal::BEGIN},
};

on_both_engines!(
    n10_licences_come_to_a_machine_and_back,
    n10_what_is_not_from_the_machine_is_refused,
    n10_the_same_text_twice_changes_nothing,
    n10_an_update_is_for_one_machine,
    n10_a_photo_is_as_good_as_a_file,
    n10_only_who_reaches_the_machine_exchanges,
    n10_nothing_is_read_for_who_does_not_reach_the_machine,
);

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
    assert_eq!(until, (BEGIN + DEVICE_LIFETIME).into());
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
        iat: NumericDate::default(),
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
    let late = machine.import(&text, BEGIN + DEVICE_LIFETIME + ms(1000));
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

async fn n10_nothing_is_read_for_who_does_not_reach_the_machine(engine: Engine) {
    let (portal, ned, lab) = start(engine).await;
    let sam = portal.client("sam").await;
    let photo = async |browser: &Client, container: &str| {
        let read = Arc::new(AtomicBool::new(false));
        let noted = Arc::clone(&read);
        let part = "--x\r\nContent-Disposition: form-data; name=\"file\"; filename=\"photo.png\"\r\n\r\n";
        // The head of a picture of 10,000 by 10,000 pixels, and nothing behind it.
        let mut file = b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR\0\0\x27\x10\0\0\x27\x10\x08\0\0\0\0".to_vec();
        file.extend_from_slice(&crc32(&file[12..29]).to_be_bytes());
        file.extend_from_slice(b"\0\0\0\x10IDAT\x78\x9c");
        let chunks = [part.as_bytes().to_vec(), file, b"\r\n--x--\r\n".to_vec()];
        let stream = tokio_stream::iter(chunks.map(Ok::<_, std::io::Error>)).map(move |chunk| {
            noted.store(true, Ordering::SeqCst);
            chunk
        });
        let request = browser
            .request(Method::POST, &format!("/containers/{container}/exchange"))
            .body(Body::from_stream(stream));
        let mut request = request.unwrap();
        let kind = "multipart/form-data; boundary=x".parse().unwrap();
        request.headers_mut().insert(header::CONTENT_TYPE, kind);
        let answer = browser.send(request).await;
        (answer, read.load(Ordering::SeqCst))
    };
    for container in [lab.as_str(), "4611686018427387903", "x"] {
        let (answer, read) = photo(&sam, container).await;
        assert_eq!((answer.status, read), (404, false), "{container}");
    }
    let (answer, read) = photo(&ned, &lab).await;
    assert_eq!((answer.status, read), (422, true));
    assert!(
        answer.text().contains("at most 16 megapixels"),
        "{}",
        answer.text()
    );
}

/// As in PNG files.
fn crc32(bytes: &[u8]) -> u32 {
    let step = |sum: u32, byte: &u8| {
        (0..8).fold(sum ^ u32::from(*byte), |sum, _| {
            if sum & 1 == 1 {
                sum >> 1 ^ 0xEDB8_8320
            } else {
                sum >> 1
            }
        })
    };
    !bytes.iter().fold(!0, step)
}
