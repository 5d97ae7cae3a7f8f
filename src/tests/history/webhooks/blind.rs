//! A webhook tells what an admin of its group may read, whoever keeps it, and as long as they may.

use license_portal::store::Engine;
use serde_json::Value;

use crate::{
    history::webhooks::{Receiver, created, detail, history, log, moves, portal, send, sender},
    support::{moments::ms, portal::TestPortal},
};

on_both_engines!(
    nothing_above_the_group_is_told,
    who_loses_the_right_tells_nothing_more,
    what_left_the_branch_before_it_was_sent_is_withheld,
);

async fn nothing_above_the_group_is_told(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    // Kept by somebody above, who sees all of it.
    created(&portal, "boss", Some("Team"), &receiver.url).await;
    moves(&portal, "isv", "loose", "Company").await;
    moves(&portal, "boss", "c", "Team").await;
    moves(&portal, "boss", "t1", "Company").await;
    moves(&portal, "boss", "o", "@nina/Team").await;
    moves(&portal, "boss", "t2", "Other").await;
    let boss = portal.client("boss").await;
    let (team, other) = (
        portal.group("Team").to_string(),
        portal.group("Other").to_string(),
    );
    boss.post("move_group", &[("group", &team), ("parent", &other)])
        .await
        .ok();
    moves(&portal, "boss", "l", "Team").await;
    send(&portal, &sender).await;
    let got = receiver.got();
    let told: Vec<Value> = got.iter().map(|got| got.json()["data"]["id"].clone()).collect();
    let read: Vec<Value> = history(&portal, "nina", "Team")
        .await
        .into_iter()
        .map(Value::from)
        .collect();
    assert_eq!(told, read, "the same as in the history of an admin of the group");
    assert_eq!(
        receiver.kinds(),
        [
            "webhook_created",
            "ticket_moved",
            "ticket_moved",
            "ticket_moved",
            "ticket_moved",
            "group_moved",
            "ticket_moved"
        ]
    );
    for got in &got {
        assert_eq!(got.json()["data"]["by"]["name"], Value::Null, "{}", got.body);
        for hidden in ["Company", "Other", "boss", "isv", "olaf"] {
            assert!(!got.body.contains(hidden), "{hidden} in {}", got.body);
        }
        for hidden in [
            portal.group("Company").to_string(),
            other.clone(),
            portal.person("boss").to_string(),
        ] {
            assert!(!got.body.contains(&hidden), "{hidden} in {}", got.body);
        }
    }
    // A ticket that came is one; of one that left, the number is not told any more.
    let (came, left) = (got[1].json(), got[2].json());
    assert_eq!(came["data"]["ticket"], portal.ticket("c").to_string());
    assert_eq!(came["data"]["from"]["kind"], "elsewhere");
    assert_eq!(left["data"]["ticket"], Value::Null);
    assert_eq!(left["data"]["to"]["kind"], "elsewhere");

    // The one of the instance tells everything, also what belongs to no group.
    let everything = Receiver::start().await;
    created(&portal, "isv", None, &everything.url).await;
    moves(&portal, "isv", "c", "none").await;
    send(&portal, &sender).await;
    assert_eq!(everything.kinds(), ["webhook_created", "ticket_moved"]);
    assert_eq!(everything.got()[1].json()["data"]["to"]["kind"], "unassigned");
}

async fn remove(portal: &TestPortal, group: &str, who: &str) {
    let form = [
        ("group", portal.group(group).to_string()),
        ("user", portal.person(who).to_string()),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    portal.client("isv").await.post("remove_member", &form).await.ok();
}

async fn who_loses_the_right_tells_nothing_more(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    let labs = created(&portal, "lena", Some("Lab"), &receiver.url).await;
    send(&portal, &sender).await;
    receiver.take();
    // The right is gone before anything else happens: nothing of it is told, not even that.
    remove(&portal, "Team", "nina").await;
    moves(&portal, "boss", "t1", "@ned/Team").await;
    let lena = portal.person("lena");
    portal
        .run(&format!("UPDATE users SET active = 0 WHERE id = {lena}"))
        .await;
    moves(&portal, "boss", "l", "Team").await;
    send(&portal, &sender).await;
    assert!(receiver.got().is_empty(), "{:?}", receiver.got());
    let boss = portal.client("boss").await;
    for id in [&webhook, &labs] {
        let shown = detail(&boss, id).await;
        assert_eq!(
            (&shown["row"]["active"], &shown["row"]["stopped"][0]),
            (&false.into(), &"Keeper".into())
        );
    }
    let page = boss.get(&format!("/webhooks/{labs}")).await.text();
    assert!(
        page.contains("lena, who answers for it, no longer administers this group"),
        "{page}"
    );
    let stopped = "SELECT kind FROM events WHERE kind = 'webhook_stopped'";
    assert_eq!(portal.texts(stopped).await.len(), 2);
    // A test tells nothing either.
    boss.post("test_webhook", &[("webhook", &webhook)]).await.ok();
    send(&portal, &sender).await;
    assert!(receiver.got().is_empty());
    assert_eq!(log(&boss, &webhook).await[0], "Withheld");

    // Somebody else answers for it: it goes on where it stopped.
    boss.post("switch_webhook", &[("webhook", &webhook), ("on", "true")])
        .await
        .ok();
    send(&portal, &sender).await;
    let kinds = receiver.kinds();
    assert_eq!(kinds[..2], ["member_removed", "ticket_moved"], "{kinds:?}");
    assert_eq!(
        detail(&boss, &webhook).await["row"]["kept_by"]["Known"][1],
        "boss"
    );
}

async fn what_left_the_branch_before_it_was_sent_is_withheld(engine: Engine) {
    let portal = portal(engine).await;
    let (sender, receiver) = (sender(&portal), Receiver::start().await);
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    send(&portal, &sender).await;
    receiver.take();
    receiver.says(crate::history::webhooks::Say::Status(500, None));
    moves(&portal, "lena", "l", "@lena/Lab").await;
    send(&portal, &sender).await;
    assert_eq!(receiver.take().len(), 1);
    // The laboratory goes elsewhere, and its past with it.
    let form = [
        ("group", portal.group("Lab").to_string()),
        ("parent", portal.group("Other").to_string()),
    ];
    let form: Vec<_> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
    portal.client("boss").await.post("move_group", &form).await.ok();
    portal.jump(ms(60_000));
    send(&portal, &sender).await;
    // That it went is told: it happened in the group above it, too.
    assert_eq!(receiver.kinds(), ["group_moved"]);
    assert!(!receiver.got()[0].body.contains("Lab"));
    let nina = portal.client("nina").await;
    assert_eq!(log(&nina, &webhook).await[1], "Withheld");
}
