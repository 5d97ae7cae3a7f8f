//! Webhooks: what they tell, to whom, how often; and what they keep to themselves.

pub mod blind;
pub mod failing;
pub mod receiver;
pub mod servers;

use domain::history::webhooks::{MAX_WEBHOOKS, Receivers};
use license_portal::{
    jobs::webhooks::{PATIENCE, Sender},
    ops::history::{chain, webhooks},
    store::{Engine, encryption::WEBHOOKS},
};
use serde_json::Value;

use crate::{
    history::webhooks::receiver::{Receiver, Say, keys},
    support::{
        client::{Answer, Client},
        moments::ms,
        portal::{BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    what_happens_is_told_signed_and_in_order,
    a_webhook_is_kept_by_the_admins_of_its_group,
    the_log_is_bounded_and_paged,
);

const TREE: &str = "
    @isv^
    #loose
    Company/
      @boss*
      #c
      Team/
        @nina* @ned
        #t1 #t2
        Lab/
          @lena*
          #l
      Other/
        @olaf*
        #o
";

/// The portal, which lets webhooks reach this machine.
async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, TREE).await;
    private(&portal).await
}

async fn private(portal: &TestPortal) -> TestPortal {
    portal.with(|portal| portal.receivers = Receivers::Private).await
}

fn sender(portal: &TestPortal) -> Sender {
    Sender::new(
        &portal.store,
        "https://portal.example.org",
        Receivers::Private,
        PATIENCE,
    )
}

/// Makes a webhook, and yields its id.
async fn create(portal: &TestPortal, who: &str, group: Option<&str>, url: &str, topics: &[&str]) -> Answer {
    let group = group.map(|group| portal.group(group).to_string());
    let mut fields = vec![("name", "Receiver"), ("url", url)];
    fields.extend(group.as_deref().map(|group| ("group", group)));
    fields.extend(topics.iter().map(|topic| ("topics[]", *topic)));
    portal.client(who).await.post("create_webhook", &fields).await
}

async fn created(portal: &TestPortal, who: &str, group: Option<&str>, url: &str) -> String {
    crate::support::client::id_in(&create(portal, who, group, url, &[]).await.ok())
}

/// Everything that happened is sealed, and what is due is sent.
async fn send(portal: &TestPortal, sender: &Sender) {
    chain::seal(&portal.store).await.unwrap();
    sender.round().await.unwrap();
}

async fn detail(client: &Client, webhook: &str) -> Value {
    client.post("webhook", &[("webhook", webhook)]).await.ok()
}

/// State and outcome of the deliveries, the newest first.
async fn log(client: &Client, webhook: &str) -> Vec<String> {
    let detail = detail(client, webhook).await;
    let rows = detail["deliveries"].as_array().unwrap().iter();
    rows.map(|row| {
        let state = row["state"].as_str().unwrap();
        match &row["outcome"] {
            Value::Null => state.to_owned(),
            outcome => format!("{state} {outcome}"),
        }
    })
    .collect()
}

async fn moves(portal: &TestPortal, who: &str, ticket: &str, to: &str) {
    let key = format!("move-{}", portal.store.sources.fresh_id());
    let to = match to {
        "none" => to.to_owned(),
        to => portal.owner(to).to_string(),
    };
    let client = portal.client(who).await;
    client.reassign(&portal.picks(&[ticket]), &to, &key).await.ok();
    portal.learn().await;
}

/// The ids of the events that somebody reads in the history of a branch, the oldest first.
async fn history(portal: &TestPortal, who: &str, group: &str) -> Vec<String> {
    let group = portal.group(group).to_string();
    let client = portal.client(who).await;
    let page = client.post("events", &[("query[group]", &group)]).await.ok();
    let rows = page["rows"].as_array().unwrap().iter();
    rows.map(|row| crate::support::client::id_in(&row["id"]))
        .rev()
        .collect()
}

/// A webhook each of Group 1.1, of Group 2 and of the instance, with a delivery each, for the matrix of operations.
pub async fn seed(portal: &TestPortal) {
    for (at, (group, keeper)) in [
        (Some("Group 1.1"), "admin-1.1"),
        (Some("Group 2"), "admin-2.1"),
        (None, "isv-admin"),
    ]
    .into_iter()
    .enumerate()
    {
        let (webhook, delivery) = (WEBHOOK + at, DELIVERY + at);
        let group = group.map_or("NULL".to_owned(), |group| portal.group(group).to_string());
        let keeper = portal.person(keeper);
        let url = portal.encrypt(&WEBHOOKS, webhook, "https://example.org/").await;
        for sql in [
            format!(
                "INSERT INTO webhooks (id, group_id, name, url, topics, made_by, made_at, kept_by, active)
                 VALUES ({webhook}, {group}, 'Desk', '{url}', '', {keeper}, {BEGIN_MS}, {keeper}, 1)"
            ),
            format!("INSERT INTO webhook_senders VALUES ({webhook}, 0, 0, 0)"),
            format!(
                "INSERT INTO webhook_deliveries (id, webhook_id, kind, made_at, state, in_line, due_at)
                 VALUES ({delivery}, {webhook}, 'ping', {BEGIN_MS}, 'delivered', 0, {BEGIN_MS})"
            ),
        ] {
            portal.run(&sql).await;
        }
    }
}

const WEBHOOK: usize = 8_300;
const DELIVERY: usize = 8_400;

/// Which of [`seed`] is that of the group.
fn seeded(group: &str) -> usize {
    match group {
        "Group 1.1" => 0,
        "Group 2" => 1,
        _ => 2,
    }
}

/// The id of the webhook of the group, or of the instance.
pub fn webhook_of(group: &str) -> String {
    (WEBHOOK + seeded(group)).to_string()
}

/// The id of its delivery.
pub fn delivery_of(group: &str) -> String {
    (DELIVERY + seeded(group)).to_string()
}

async fn what_happens_is_told_signed_and_in_order(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    moves(&portal, "nina", "t1", "@ned/Team").await;
    chain::seal(&portal.store).await.unwrap();
    let webhook = created(&portal, "nina", Some("Team"), &format!("{}?key=7", receiver.url)).await;
    moves(&portal, "nina", "t1", "Team").await;
    moves(&portal, "lena", "l", "@lena/Lab").await;
    moves(&portal, "boss", "o", "Company").await;
    send(&portal, &sender).await;

    // It begins where the history ended; what happens elsewhere is not told.
    let got = receiver.take();
    let kinds: Vec<String> = got.iter().map(receiver::Got::kind).collect();
    assert_eq!(kinds, ["webhook_created", "ticket_moved", "ticket_moved"]);
    let told: Vec<String> = got
        .iter()
        .map(|got| got.json()["data"]["id"].as_str().unwrap().to_owned())
        .collect();
    assert_eq!(history(&portal, "nina", "Team").await[1..], told);
    let keys = keys(&portal).await;
    for got in &got {
        assert_eq!((got.method.as_str(), got.path.as_str()), ("POST", "/hook?key=7"));
        assert_eq!(got.header("content-type"), "application/json");
        assert!(got.is_signed(&keys), "{got:?}");
        assert!(got.id().starts_with("msg_"), "{got:?}");
        let mut altered = got.clone();
        altered.body = altered
            .body
            .replace("ticket", "Ticket")
            .replace("webhook", "Webhook");
        assert!(!altered.is_signed(&keys));
    }
    let moved = got[1].json();
    let ticket = portal.ticket("t1").to_string();
    assert_eq!(moved["data"]["by"]["name"], "nina");
    assert_eq!(moved["data"]["by"]["id"], portal.person("nina").to_string());
    assert_eq!(moved["data"]["ticket"], ticket.as_str());
    assert_eq!(moved["data"]["from"]["name"], "ned");
    assert_eq!(moved["data"]["to"]["path"], serde_json::json!(["Team"]));
    assert_eq!(moved["data"]["to"]["id"], portal.group("Team").to_string());
    assert_eq!(moved["data"]["over"], "browser");
    assert_eq!(
        moved["data"]["link"],
        format!("https://portal.example.org/ticket/{ticket}")
    );
    assert!(
        !got[1].body.contains(&portal.code("t1")),
        "whoever has the code can take the ticket"
    );

    // Once is enough; a test, and what is asked for again, under the same id.
    send(&portal, &sender).await;
    assert!(receiver.take().is_empty());
    let nina = portal.client("nina").await;
    for _ in 0..2 {
        nina.post("test_webhook", &[("webhook", &webhook)]).await.ok();
    }
    send(&portal, &sender).await;
    assert_eq!(
        receiver
            .take()
            .iter()
            .map(receiver::Got::kind)
            .collect::<Vec<_>>(),
        ["ping"]
    );
    let again = crate::support::client::id_in(&detail(&nina, &webhook).await["deliveries"][1]["id"]);
    nina.post("send_again", &[("delivery", &again)]).await.ok();
    send(&portal, &sender).await;
    let sent_again = receiver.take();
    assert_eq!(sent_again.len(), 1);
    assert_eq!(
        (sent_again[0].id(), sent_again[0].kind()),
        (got[2].id(), got[2].kind())
    );
    assert_eq!(log(&nina, &webhook).await, [r#"Delivered {"Status":204}"#; 4]);

    // Only what it is about; a new key is one of those published.
    let form = [
        ("webhook", webhook.as_str()),
        ("name", "Groups"),
        ("url", receiver.url.as_str()),
        ("topics[]", "Groups"),
    ];
    nina.post("save_webhook", &form).await.ok();
    license_portal::ops::instance::signing_keys::rotate(&portal.store)
        .await
        .unwrap();
    moves(&portal, "nina", "t1", "@ned/Team").await;
    let group = portal.group("Lab").to_string();
    nina.post("rename_group", &[("group", &group), ("name", "Laboratory")])
        .await
        .ok();
    send(&portal, &sender).await;
    let got = receiver.take();
    assert_eq!(
        got.iter().map(receiver::Got::kind).collect::<Vec<_>>(),
        ["webhook_changed", "group_renamed"]
    );
    assert!(
        got.iter().all(|got| !got.is_signed(&keys)),
        "signed with the old key"
    );
    let keys = receiver::keys(&portal).await;
    assert!(got.iter().all(|got| got.is_signed(&keys)));
    assert_eq!(
        got[1].json()["data"]["link"],
        format!("https://portal.example.org/groups/{group}")
    );
    assert_eq!(got[1].json()["data"]["group"]["name"], "Laboratory");

    // Switched off it says nothing, and then goes on where it stopped.
    nina.post("switch_webhook", &[("webhook", &webhook), ("on", "false")])
        .await
        .ok();
    nina.post("rename_group", &[("group", &group), ("name", "Lab")])
        .await
        .ok();
    send(&portal, &sender).await;
    assert!(receiver.take().is_empty());
    nina.post("switch_webhook", &[("webhook", &webhook), ("on", "true")])
        .await
        .ok();
    send(&portal, &sender).await;
    assert_eq!(
        receiver.kinds(),
        ["webhook_changed", "group_renamed", "webhook_changed"]
    );
    nina.post("delete_webhook", &[("webhook", &webhook)]).await.ok();
    let absent = nina.post("webhook", &[("webhook", &webhook)]).await;
    assert_eq!(absent.status, 404);
    assert_eq!(portal.number("SELECT COUNT(*) FROM webhook_deliveries").await, 0);
}

async fn a_webhook_is_kept_by_the_admins_of_its_group(engine: Engine) {
    let portal = portal(engine).await;
    let url = "https://example.org/hook?token=secret";
    for (who, group, status) in [
        ("isv", None, 200),
        ("boss", None, 404),
        ("isv", Some("Team"), 200),
        ("boss", Some("Team"), 200),
        ("nina", Some("Team"), 200),
        ("ned", Some("Team"), 403),
        ("lena", Some("Team"), 404),
        ("olaf", Some("Team"), 404),
        ("nina", Some("Company"), 404),
    ] {
        let answer = create(&portal, who, group, url, &[]).await;
        assert_eq!(answer.status, status, "{who} {group:?} {}", answer.text());
    }
    let nina = portal.client("nina").await;
    let group = portal.group("Team").to_string();
    let list = nina.post("webhooks", &[("group", &group)]).await;
    assert_eq!(list.ok()["rows"].as_array().unwrap().len(), 3);
    // What may be a secret is not in lists; who stands above is nobody that one knows.
    assert!(
        !list.text().contains("secret") && !list.text().contains("boss"),
        "{}",
        list.text()
    );
    assert_eq!(list.json()["rows"][0]["made_by"], "Hidden");
    let page = nina.get(&format!("/groups/{group}/webhooks")).await;
    assert_eq!(page.status, 200);
    assert!(!page.text().contains("secret") && page.text().contains("https://example.org/hook"));
    let ned = portal.client("ned").await;
    let webhook = crate::support::client::id_in(&list.json()["rows"][2]["id"]);
    assert_eq!(ned.post("webhook", &[("webhook", &webhook)]).await.status, 404);

    for (url, why) in [
        ("http://example.org/", "Insecure"),
        ("https://me:secret@example.org/", "UserInfo"),
        ("nowhere", "Address"),
    ] {
        let answer = create(&portal, "nina", Some("Team"), url, &[]).await;
        assert_eq!(
            answer.refused(),
            format!(r#"422 {{"Refused":{{"InvalidWebhook":"{why}"}}}}"#)
        );
    }
    for _ in 3..MAX_WEBHOOKS {
        create(&portal, "nina", Some("Team"), url, &["Tickets", "Groups"])
            .await
            .ok();
    }
    let answer = create(&portal, "nina", Some("Team"), url, &[]).await;
    assert_eq!(
        answer.refused(),
        r#"422 {"Refused":{"InvalidWebhook":"TooMany"}}"#
    );
    let kinds = "SELECT kind FROM events WHERE kind LIKE 'webhook%'";
    assert_eq!(portal.texts(kinds).await.len(), MAX_WEBHOOKS + 1);

    // They end with their group.
    let other = portal.group("Company").to_string();
    let boss = portal.client("boss").await;
    boss.post("delete_group", &[("group", &group), ("heir", &other)])
        .await
        .ok();
    assert_eq!(portal.number("SELECT COUNT(*) FROM webhooks").await, 1);
    let ended = "SELECT kind FROM events WHERE kind = 'webhook_deleted'";
    assert_eq!(portal.texts(ended).await.len(), MAX_WEBHOOKS);
}

async fn the_log_is_bounded_and_paged(engine: Engine) {
    let portal = portal(engine).await;
    let webhook = created(&portal, "nina", Some("Team"), "https://example.org/").await;
    let rows = (0..1_100).map(|at| {
        let state = if at == 0 { "waiting" } else { "delivered" };
        format!(
            "({}, {webhook}, 'ping', {}, '{state}', 0, 0)",
            1_000 + at,
            BEGIN_MS + at
        )
    });
    portal
        .run(&format!(
            "INSERT INTO webhook_deliveries (id, webhook_id, kind, made_at, state, in_line, due_at) VALUES {}",
            rows.collect::<Vec<_>>().join(", ")
        ))
        .await;
    let nina = portal.client("nina").await;
    let first = detail(&nina, &webhook).await;
    let next = crate::support::client::id_in(&first["next"]);
    assert_eq!(
        (
            crate::support::client::id_in(&first["deliveries"][0]["id"]),
            next.as_str()
        ),
        ("2099".to_owned(), "2075")
    );
    let second = nina
        .post("webhook", &[("webhook", &webhook), ("before", &next)])
        .await
        .ok();
    assert_eq!(second["deliveries"][0]["id"], "2074");
    webhooks::tidy(&portal.store).await.unwrap();
    let left = "SELECT COUNT(*) FROM webhook_deliveries";
    assert_eq!(portal.number(left).await, 1_001, "what waits stays");
    portal.jump(domain::history::webhooks::KEPT + ms(60_000));
    webhooks::tidy(&portal.store).await.unwrap();
    assert_eq!(portal.number(left).await, 1);
}
