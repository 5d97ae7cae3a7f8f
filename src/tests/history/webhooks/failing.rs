//! Receivers that do not take what they are sent, and those that webhooks must not reach.

use domain::history::webhooks::{PATIENCE, Receivers};
use jiff::SignedDuration;
use license_portal::{jobs::webhooks::Sender, store::Engine};
use tokio::net::TcpListener;

use crate::{
    history::webhooks::{Receiver, Say, created, detail, log, moves, portal, send, sender},
    support::{
        moments::{moment, ms},
        portal::{BEGIN, TestPortal},
    },
};

on_both_engines!(
    what_is_not_taken_is_sent_again_and_in_order,
    who_does_not_answer_for_three_days_is_left_alone,
    who_is_gone_is_left_alone_and_nobody_is_sent_elsewhere,
    private_addresses_are_out_of_reach,
    a_slow_receiver_keeps_nobody_else_waiting,
);

const MINUTE: SignedDuration = SignedDuration::from_mins(1);
const HOUR: SignedDuration = SignedDuration::from_hours(1);

async fn what_is_not_taken_is_sent_again_and_in_order(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    send(&portal, &sender).await;
    receiver.take();
    receiver.says(Say::Status(500, None));
    receiver.says(Say::Status(429, Some(("retry-after", "3600".to_owned()))));
    moves(&portal, "nina", "t1", "@ned/Team").await;
    moves(&portal, "nina", "t2", "@ned/Team").await;
    send(&portal, &sender).await;
    assert_eq!(receiver.got().len(), 1, "the second waits for the first");
    send(&portal, &sender).await;
    assert_eq!(receiver.got().len(), 1, "it is waited for ten seconds");
    let nina = portal.client("nina").await;
    let shown = detail(&nina, &webhook).await;
    assert!(moment(&shown["row"]["next_attempt"]) > BEGIN, "{shown}");
    portal.jump(ms(13_000));
    send(&portal, &sender).await;
    assert_eq!(receiver.got().len(), 2);
    // The receiver asked for an hour.
    portal.jump(30 * MINUTE);
    send(&portal, &sender).await;
    assert_eq!(receiver.got().len(), 2);
    // Whoever looks at it can try at once; a test does not wait either.
    let nina = portal.client("nina").await;
    nina.post("test_webhook", &[("webhook", &webhook)]).await.ok();
    send(&portal, &sender).await;
    assert_eq!(receiver.kinds()[2..], ["ping"]);
    let waiting = crate::support::client::id_in(&detail(&nina, &webhook).await["deliveries"][1]["id"]);
    nina.post("send_again", &[("delivery", &waiting)]).await.ok();
    send(&portal, &sender).await;
    let got = receiver.got();
    assert_eq!(got.len(), 5);
    assert_eq!((got[0].id(), got[0].id()), (got[1].id(), got[3].id()));
    assert_ne!(got[3].id(), got[4].id());
    let tickets: Vec<_> = [&got[3], &got[4]]
        .map(|got| got.json()["data"]["ticket"].clone())
        .into();
    assert_eq!(
        tickets,
        [portal.ticket("t1").to_string(), portal.ticket("t2").to_string()]
    );
    let attempts = detail(&nina, &webhook).await["deliveries"][2]["attempts"].clone();
    assert_eq!(attempts, 3);
}

async fn who_does_not_answer_for_three_days_is_left_alone(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    let nina = portal.person("nina");
    portal
        .run(&format!(
            "UPDATE users SET email = 'nina@example.org' WHERE id = {nina}"
        ))
        .await;
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    receiver.always(Say::Status(503, None));
    for _ in 0..200 {
        send(&portal, &sender).await;
        portal.jump(HOUR);
    }
    assert!(
        (8..20).contains(&receiver.got().len()),
        "{}",
        receiver.got().len()
    );
    let ids: std::collections::BTreeSet<String> =
        receiver.take().iter().map(|got| got.id().to_owned()).collect();
    assert_eq!(ids.len(), 1);
    let nina = portal.client("nina").await;
    let shown = detail(&nina, &webhook).await;
    assert_eq!(shown["row"]["active"], false);
    let (why, at) = (&shown["row"]["stopped"][0], moment(&shown["row"]["stopped"][1]));
    let made = moment(&shown["row"]["made_at"]);
    assert_eq!(why, "Failing");
    assert!(
        (PATIENCE..PATIENCE + 30 * HOUR).contains(&at.duration_since(made)),
        "{made} {at}"
    );
    assert_eq!(
        portal
            .texts("SELECT kind FROM events WHERE kind = 'webhook_stopped'")
            .await
            .len(),
        1
    );
    let mail = portal.mails(1).await.remove(0);
    assert!(
        mail.contains("nina@example.org") && mail.contains(&format!("/webhooks/{webhook}")),
        "{mail}"
    );
    let page = nina.get(&format!("/webhooks/{webhook}")).await.text();
    assert!(
        page.contains("for three days the receiver did not take a message"),
        "{page}"
    );
    // Nothing was lost.
    receiver.always(Say::Status(200, None));
    nina.post("switch_webhook", &[("webhook", &webhook), ("on", "true")])
        .await
        .ok();
    send(&portal, &sender).await;
    assert_eq!(
        receiver.kinds(),
        ["webhook_created", "webhook_stopped", "webhook_changed"]
    );
    assert!(ids.contains(receiver.got()[0].id()));
}

async fn who_is_gone_is_left_alone_and_nobody_is_sent_elsewhere(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver, other) = (sender(&portal), Receiver::start().await, Receiver::start().await);
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    for status in [301, 302, 303, 307, 308] {
        receiver.says(Say::Status(status, Some(("location", other.url.clone()))));
        send(&portal, &sender).await;
        portal.jump(24 * HOUR / 2);
    }
    assert_eq!((receiver.got().len(), other.got().len()), (5, 0));
    let nina = portal.client("nina").await;
    assert_eq!(log(&nina, &webhook).await, [r#"Waiting {"Status":308}"#]);
    receiver.says(Say::Status(410, None));
    portal.jump(2 * HOUR);
    send(&portal, &sender).await;
    let nina = portal.client("nina").await;
    let shown = detail(&nina, &webhook).await;
    assert_eq!(
        (&shown["row"]["active"], &shown["row"]["stopped"][0]),
        (&false.into(), &"Gone".into())
    );
    moves(&portal, "nina", "t1", "@ned/Team").await;
    portal.jump(HOUR);
    send(&portal, &sender).await;
    assert_eq!(receiver.got().len(), 6);
    // With another address, it goes on.
    let nina = portal.client("nina").await;
    let form = [
        ("webhook", webhook.as_str()),
        ("name", "New"),
        ("url", &other.url),
    ];
    nina.post("save_webhook", &form).await.ok();
    nina.post("switch_webhook", &[("webhook", &webhook), ("on", "true")])
        .await
        .ok();
    send(&portal, &sender).await;
    assert_eq!(other.kinds()[0], "webhook_created");
    assert_eq!(other.got().len(), 5);
}

/// What a ping to the address ends with, from a portal on the internet.
async fn refused(portal: &TestPortal, sender: &Sender, url: &str) -> String {
    let webhook = created(portal, "isv", None, url).await;
    let isv = portal.client("isv").await;
    isv.post("test_webhook", &[("webhook", &webhook)]).await.ok();
    portal.run("UPDATE webhooks SET active = 0").await;
    sender.round().await.unwrap();
    let told = log(&isv, &webhook).await.remove(0);
    isv.post("delete_webhook", &[("webhook", &webhook)]).await.ok();
    told
}

async fn private_addresses_are_out_of_reach(engine: Engine) {
    let portal = portal(engine).await;
    let listener = TcpListener::bind("[::]:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    let connected = tokio::spawn(async move { listener.accept().await.map(|_| ()) });
    let public = Sender::new(
        &portal.store,
        "https://portal.example.org",
        Receivers::Public,
        crate::history::webhooks::PATIENCE,
    );
    // Also by a name that leads there, and in other spellings of the same address.
    for host in [
        "127.0.0.1",
        "localhost",
        "127.1",
        "2130706433",
        "0x7f000001",
        "0.0.0.0",
        "[::1]",
        "[::]",
        "[::ffff:127.0.0.1]",
        "[64:ff9b::7f00:1]",
        "10.0.0.1",
        "169.254.169.254",
        "100.64.0.1",
        "192.168.1.1",
        "[fd00::1]",
        "[fe80::1]",
        "224.0.0.1",
    ] {
        let told = refused(&portal, &public, &format!("https://{host}:{port}/")).await;
        assert_eq!(told, "Failed {\"Failure\":\"NoHost\"}", "{host}");
    }
    // One that was made while the operator allowed it.
    let told = refused(&portal, &public, &format!("http://localhost:{port}/")).await;
    assert_eq!(told, "Failed {\"Failure\":\"NoHost\"}");
    assert!(!connected.is_finished(), "somebody was connected to");
    let unknown = refused(&portal, &public, "https://no-such-host.invalid/").await;
    assert_eq!(unknown, "Failed {\"Failure\":\"NoHost\"}");
    // Where the operator allows it, TLS is needed all the same: nobody speaks it here.
    let told = refused(&portal, &sender(&portal), &format!("https://localhost:{port}/")).await;
    assert!(told.starts_with("Failed {\"Failure\":"), "{told}");
    assert!(connected.await.unwrap().is_ok());
}

async fn a_slow_receiver_keeps_nobody_else_waiting(engine: Engine) {
    let portal = portal(engine).await;
    let (slow, fast) = (Receiver::start().await, Receiver::start().await);
    slow.always(Say::Nothing);
    created(&portal, "nina", Some("Team"), &slow.url).await;
    created(&portal, "nina", Some("Team"), &fast.url).await;
    let sender = sender(&portal);
    license_portal::ops::history::chain::seal(&portal.store)
        .await
        .unwrap();
    let sending = tokio::spawn({
        let sender = sender.clone();
        async move { sender.round().await.unwrap() }
    });
    fast.has(2).await;
    slow.has(1).await;
    assert!(!sending.is_finished(), "the slow one is still waited for");
    sending.abort();
}
