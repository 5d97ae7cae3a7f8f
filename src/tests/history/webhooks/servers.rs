//! Several servers, servers that are killed, and what is secret about webhooks.

use std::{collections::BTreeSet, time::Duration};

use license_portal::{
    ops::history::{
        chain,
        webhooks::sending::{self, Composed},
    },
    store::{
        Engine,
        encryption::{SIGNING_KEYS, WEBHOOKS},
    },
};

use crate::{
    history::webhooks::{Receiver, create, created, moves, portal, send, sender},
    house::canaries::dump,
    support::{moments::ms, process::Server},
};

on_both_engines!(
    of_two_servers_one_sends_each,
    what_was_sent_and_not_noted_is_sent_again_under_its_id,
    a_killed_server_loses_nothing,
);

async fn of_two_servers_one_sends_each(engine: Engine) {
    let portal = portal(engine).await;
    let second = portal.second().await;
    let receivers = [
        Receiver::start().await,
        Receiver::start().await,
        Receiver::start().await,
    ];
    for receiver in &receivers {
        created(&portal, "nina", Some("Team"), &receiver.url).await;
    }
    let senders = [sender(&portal), sender(&second), sender(&portal)];
    for round in 0..6 {
        moves(
            &portal,
            "nina",
            "t1",
            if round % 2 == 0 { "@ned/Team" } else { "Team" },
        )
        .await;
        let (one, two) = tokio::join!(chain::seal(&portal.store), chain::seal(&second.store));
        assert!(one.unwrap() + two.unwrap() > 0);
        let [one, two, three] = &senders;
        let (one, two, three) = tokio::join!(one.round(), two.round(), three.round());
        one.and(two).and(three).unwrap();
    }
    send(&portal, &senders[0]).await;
    let sealed = portal
        .number("SELECT COUNT(*) FROM events WHERE position IS NOT NULL")
        .await;
    for receiver in &receivers {
        let got = receiver.got();
        let ids: BTreeSet<&str> = got.iter().map(|got| got.id()).collect();
        assert_eq!(ids.len(), got.len(), "one was sent twice");
        let order: Vec<i64> = got
            .iter()
            .map(|got| got.json()["data"]["id"].as_str().unwrap().parse().unwrap())
            .collect();
        assert!(order.is_sorted(), "{order:?}");
        // All three were made before anything was sealed.
        assert_eq!(i64::try_from(got.len()).unwrap(), sealed);
    }
}

async fn what_was_sent_and_not_noted_is_sent_again_under_its_id(engine: Engine) {
    let portal = portal(engine).await;
    let second = portal.second().await;
    let receiver = Receiver::start().await;
    let webhook = created(&portal, "nina", Some("Team"), &receiver.url).await;
    let webhook = webhook.parse().unwrap();
    chain::seal(&portal.store).await.unwrap();
    // A server takes it, composes the message, and is gone.
    let hold = sending::take(&portal.store, webhook)
        .await
        .unwrap()
        .expect("nobody has it");
    let delivery = sending::next(&portal.store, hold, 0)
        .await
        .unwrap()
        .expect("an event");
    let Some(Composed::Message(message)) = sending::compose(&portal.store, &delivery, "").await.unwrap()
    else {
        panic!("nothing to be sent");
    };
    assert!(sending::take(&second.store, webhook).await.unwrap().is_none());
    let other = sender(&second);
    send(&second, &other).await;
    assert!(
        receiver.got().is_empty(),
        "the other server leaves it alone for a while"
    );
    second.jump(ms(31_000));
    send(&second, &other).await;
    let got = receiver.got();
    assert_eq!(
        got.iter().map(|got| got.id()).collect::<Vec<_>>(),
        [message.id.as_str()]
    );
    // Should the first one live after all, what it notes does not count.
    let ending = sending::Ending::Withheld;
    assert!(
        !sending::settle(&portal.store, hold, &delivery, ending)
            .await
            .unwrap()
    );
    assert_eq!(
        portal.texts("SELECT state FROM webhook_deliveries").await,
        ["delivered"]
    );
}

const SECRET: &str = "canary-webhook-query-58";

async fn a_killed_server_loses_nothing(engine: Engine) {
    let portal = portal(engine).await;
    let (receiver, dead) = (Receiver::start().await, Receiver::start().await);
    let url = format!("{}?token={SECRET}", receiver.url);
    created(&portal, "nina", Some("Team"), &url).await;
    created(
        &portal,
        "nina",
        Some("Team"),
        &format!("{}?token={SECRET}", dead.url),
    )
    .await;
    dead.always(crate::history::webhooks::Say::Status(
        307,
        Some(("location", format!("/?token={SECRET}"))),
    ));
    let group = portal.group("Lab").to_string();
    let mut logs = String::new();
    for round in 0..3 {
        let arguments = ["--webhooks-to-private-addresses", "--log", "trace"];
        let server = Server::start(&portal, portal.address(), &arguments);
        // It is killed while it waits for an answer, and while more happens.
        receiver.says(crate::history::webhooks::Say::Status(200, None));
        receiver.says(crate::history::webhooks::Say::Nothing);
        for at in 0..3 {
            let name = format!("Lab {round}{at}");
            // The servers know another time, and end her login when they look.
            let nina = portal.client("nina").await;
            nina.post("rename_group", &[("group", &group), ("name", &name)])
                .await
                .ok();
        }
        receiver.has(receiver.got().len() + 2).await;
        logs.push_str(&tokio::task::spawn_blocking(move || server.kill()).await.unwrap());
        // Half a minute passes.
        portal.run("UPDATE webhook_senders SET held_until = 0").await;
    }
    let server = Server::start(
        &portal,
        portal.address(),
        &["--webhooks-to-private-addresses", "--log", "trace"],
    );
    // Two that were made, nine names, each told once, or again right after it was told.
    let mut told = Vec::new();
    for _ in 0..3_000 {
        let got = receiver.got().into_iter();
        told = got.map(|got| (got.id().to_owned(), got.kind())).collect();
        told.dedup();
        if told.len() >= 11 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    logs.push_str(&tokio::task::spawn_blocking(move || server.kill()).await.unwrap());
    let kinds: Vec<&str> = told.iter().map(|(_, kind)| kind.as_str()).collect();
    assert_eq!(
        kinds,
        [vec!["webhook_created"; 2], vec!["group_renamed"; 9]].concat()
    );
    let distinct: BTreeSet<&String> = told.iter().map(|(id, _)| id).collect();
    assert_eq!(distinct.len(), told.len(), "out of order: {told:?}");

    // What stands in the query of an address is nowhere but with the webhook.
    let leaks: Vec<&str> = logs.lines().filter(|line| line.contains(SECRET)).collect();
    assert!(
        logs.contains("a webhook was sent") && leaks.is_empty(),
        "{leaks:?}"
    );
    let list = portal
        .client("nina")
        .await
        .post("webhooks", &[("group", &portal.group("Team").to_string())])
        .await;
    assert!(!list.text().contains(SECRET));
    let dump = dump(&portal).await;
    assert!(dump.contains("webhooks ") && !dump.contains(SECRET));
    let addresses = portal.secrets(&WEBHOOKS).await;
    assert!(
        addresses.iter().any(|url| url.contains(SECRET)),
        "it is known all the same"
    );
    let private = portal.secrets(&SIGNING_KEYS).await;
    assert_eq!(private.len(), 1);
    for key in private {
        assert!(!dump.contains(&key));
        assert!(!logs.contains(&key));
        assert!(receiver.got().iter().all(|got| !got.body.contains(&key)));
    }
    let answer = create(
        &portal,
        "nina",
        Some("Team"),
        &format!("https://x:{SECRET}@e.org/"),
        &[],
    )
    .await;
    assert!(!answer.text().contains(SECRET));
}
