//! Asking the vendor of the portal for more seats, or another usage variant (S16, N12).

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::support::{client::Client, portal::TestPortal};

on_both_engines!(
    n12_a_request_is_recorded_mailed_and_granted,
    n12_requests_that_make_no_sense,
    n12_a_request_is_mailed_by_one_of_two_servers,
    n12_without_an_address_it_is_only_recorded,
    nothing_is_written_while_nothing_happens,
);

const COMPANY: &str = "@isv^\nTeam/\n @ann*\n";

async fn states(isv: &Client) -> Vec<Value> {
    let overview = isv.post("instance", &[]).await.ok();
    let requests = overview["requests"].as_array().unwrap();
    requests.iter().map(|request| request["state"].clone()).collect()
}

/// Waits until the newest request was mailed.
async fn mailed(isv: &Client) {
    for _ in 0..200 {
        if states(isv).await[0].get("Mailed").is_some() {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    panic!("the request is not mailed: {:?}", states(isv).await);
}

async fn n12_a_request_is_recorded_mailed_and_granted(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let isv = portal.client("isv").await;
    let file = portal.license(12, |_| {});
    isv.post("replace_license", &[("license", &file)]).await.ok();
    let form = [
        ("seats", "20"),
        ("variant", "Enterprise"),
        ("note", "Für den Mai.\r\nDanke!"),
    ];
    isv.post("request_license", &form).await.ok();
    let mail = portal.mails(1).await.remove(0);
    assert!(mail.contains("To: maker@example.org\r\n"), "{mail}");
    for part in [
        "Customer ID: C-1",
        "Instance number: I-1",
        "12 -> 20",
        "Professional -> Enterprise",
        "Danke!",
    ] {
        assert!(mail.contains(part), "{part} is missing: {mail}");
    }
    mailed(&isv).await;
    let overview = isv.post("instance", &[]).await.ok();
    assert_eq!(overview["vendor_mail"], "maker@example.org");
    assert_eq!(
        overview["requests"][0]["wish"],
        json!({ "seats": 20, "variant": "Enterprise", "note": "Für den Mai.\nDanke!" })
    );
    // A licence that gives less leaves it open; one that gives it ends it.
    let less = portal.license(20, |_| {});
    isv.post("replace_license", &[("license", &less)]).await.ok();
    assert!(states(&isv).await[0].get("Mailed").is_some());
    let granted = portal.license(25, |license| license.variant = "Enterprise".to_owned());
    isv.post("replace_license", &[("license", &granted)]).await.ok();
    assert!(states(&isv).await[0].get("Granted").is_some());
    // Another one is withdrawn, once.
    isv.post("request_license", &[("seats", "30")]).await.ok();
    let overview = isv.post("instance", &[]).await.ok();
    let id = crate::support::client::id_in(&overview["requests"][0]["id"]);
    let withdraw = async || isv.post("withdraw_request", &[("request", &id)]).await;
    withdraw().await.ok();
    assert!(states(&isv).await[0].get("Withdrawn").is_some());
    assert_eq!(withdraw().await.status, 404);
    assert_eq!(
        portal
            .texts("SELECT kind FROM events WHERE kind LIKE 'license_request%' ORDER BY id")
            .await,
        [
            "license_requested",
            "license_requested",
            "license_request_withdrawn"
        ]
    );
}

async fn n12_requests_that_make_no_sense(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let isv = portal.client("isv").await;
    let before = portal.state().await;
    for (seats, variant, status, why) in [
        ("5", "", 422, json!({ "Refused": { "InvalidWish": "Nothing" } })),
        ("0", "", 422, json!({ "Refused": { "InvalidWish": "Seats" } })),
        (
            "4000000000",
            "",
            422,
            json!({ "Refused": { "InvalidWish": "Seats" } }),
        ),
        (
            "9",
            "x\nBcc: you@example.org",
            422,
            json!({ "Refused": { "InvalidWish": "Text" } }),
        ),
        ("-1", "", 400, json!("Malformed")),
        ("many", "", 400, json!("Malformed")),
    ] {
        let answer = isv
            .post("request_license", &[("seats", seats), ("variant", variant)])
            .await;
        assert_eq!(
            (answer.status, answer.json()),
            (status, why),
            "{seats} {variant:?}"
        );
    }
    assert_eq!(portal.state().await, before);
}

async fn n12_a_request_is_mailed_by_one_of_two_servers(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let second = portal.second().await;
    let isv = portal.client("isv").await;
    for seats in 11..17 {
        let server = if seats % 2 == 0 { &portal } else { &second };
        let isv = Client {
            router: server.nobody().router,
            ..isv.clone()
        };
        isv.post("request_license", &[("seats", &seats.to_string())])
            .await
            .ok();
        // Both servers look for what is to be mailed after each of their own changes.
        for server in [&portal, &second] {
            let noted = server.store.begin_write().await.unwrap();
            server.store.commit(noted).await.unwrap();
        }
        mailed(&isv).await;
    }
    assert_eq!(portal.mails(6).await.len(), 6);
}

async fn n12_without_an_address_it_is_only_recorded(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let other = portal.with(|portal| portal.outbox.vendor_mail = None).await;
    let isv = other.client("isv").await;
    let page = isv.get("/instance").await.text();
    assert!(page.contains("you have to send them yourself"));
    let page = portal.client("isv").await.get("/instance").await.text();
    assert!(page.contains("is mailed to maker@example.org"));
}

/// What waits for changes must not make some itself.
async fn nothing_is_written_while_nothing_happens(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let isv = portal.client("isv").await;
    isv.post("request_license", &[("seats", "20")]).await.ok();
    mailed(&isv).await;
    let commits = portal.store.commits();
    tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    let before = *commits.borrow();
    tokio::time::sleep(std::time::Duration::from_millis(300)).await;
    assert_eq!(*commits.borrow(), before);
}
