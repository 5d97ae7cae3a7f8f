//! Many tickets at once (N3) by many people at once, and as many as there may be.

use std::collections::BTreeMap;

use domain::{
    history::events::EventKind,
    ids::TicketId,
    tickets::{codes::TicketCode, owners::Owner},
};
use license_portal::store::Engine;
use serde_json::json;
use tokio::task::JoinSet;

use crate::{
    support::portal::{BEGIN_MS, TestPortal},
    tickets::{
        bulk::{at, below, crowd},
        races::events,
    },
};

on_both_engines!(sixteen_undo_and_move_at_once, more_than_ten_thousand_are_refused);

/// Each move stands in the history where the one before it has left the ticket, and the last one where the ticket is.
async fn history_tells_the_truth(portal: &TestPortal, begin: Owner) {
    let mut holders: BTreeMap<TicketId, Owner> = BTreeMap::new();
    for event in events(portal).await {
        assert!(matches!(
            event.entry.kind,
            EventKind::TicketMoved | EventKind::TicketMovedBack
        ));
        let ticket = event.entry.ticket.unwrap();
        let before = holders.insert(ticket, event.entry.to.unwrap()).unwrap_or(begin);
        assert_eq!(event.entry.from, Some(before), "ticket {ticket}");
    }
    portal.learn().await;
    for n in 0..60 {
        let name = format!("item{n}");
        let (ticket, owner) = (portal.ticket(&name), portal.holder(&name).await);
        let told = holders.get(&ticket).copied().unwrap_or(begin);
        assert_eq!(portal.owner(owner.trim_end_matches('!')), told, "{name}");
    }
}

async fn sixteen_undo_and_move_at_once(engine: Engine) {
    let portal = crowd(engine, 60).await;
    let (boss, ned, nina) = (
        portal.client("boss").await,
        portal.client("ned").await,
        portal.client("nina").await,
    );
    let (north, to_ned) = (portal.owner("North"), portal.owner("@ned/North").to_string());
    for round in 0..4 {
        portal.learn().await;
        let list = below(&portal, "North");
        let preview = boss.preview(&list, &to_ned).await.ok();
        let key = format!("all-to-ned-{round}");
        let moved = boss.move_as_previewed(&list, &to_ned, &preview, true, &key).await;
        assert_eq!(moved.status, 200, "{}", moved.text());
        portal.learn().await;
        let mut race: JoinSet<(bool, u16)> = JoinSet::new();
        for n in 0..16 {
            let (boss, key) = (boss.clone(), key.clone());
            if n % 2 == 0 {
                race.spawn(async move {
                    let undo_key = format!("undo-{round}-{n}-undo");
                    let answer = boss.post("undo", &[("key", &key), ("undo_key", &undo_key)]).await;
                    (true, answer.status)
                });
                continue;
            }
            // Half of the others take one away before the undo can be complete, the others read a preview of all.
            let (client, ticket, list) = (
                if n % 4 == 1 { ned.clone() } else { nina.clone() },
                portal.pick(&format!("item{n}")),
                list.clone(),
            );
            let back = north.to_string();
            race.spawn(async move {
                let preview = client.preview(&list, &back).await;
                assert_eq!(preview.status, 200, "{}", preview.text());
                let key = format!("one-back-{round}-{n}");
                let answer = client.reassign(&ticket, &back, &key).await;
                (false, answer.status)
            });
        }
        let answers = race.join_all().await;
        let undone = answers
            .iter()
            .filter(|(undo, status)| *undo && *status == 200)
            .count();
        let moved = answers
            .iter()
            .filter(|(undo, status)| !*undo && *status == 200)
            .count();
        assert!(
            answers.iter().all(|(_, status)| matches!(status, 200 | 409)),
            "{answers:?}"
        );
        // Whoever came first has won: one undo of all, or single moves that stop it.
        assert!(
            undone == 1 && moved == 0 || undone == 0 && moved == 8,
            "round {round}: {answers:?}"
        );
        assert_eq!(at(&portal, "North").await, if undone == 1 { 60 } else { 8 });
        history_tells_the_truth(&portal, north).await;
        if undone == 0 {
            let rest = boss.preview(&list, &north.to_string()).await.ok();
            boss.move_as_previewed(
                &list,
                &north.to_string(),
                &rest,
                true,
                &format!("rest-back-{round}"),
            )
            .await
            .ok();
        }
    }
}

/// So many more tickets of the group, behind the portal's back.
async fn fill(portal: &TestPortal, tickets: i64) {
    let group = portal.group("North");
    for numbers in (1..=tickets).collect::<Vec<_>>().chunks(1000) {
        let row = |n: &i64| {
            let mut random = [0; 24];
            for (at, digit) in random.iter_mut().take(8).enumerate() {
                *digit = u8::try_from(n >> (5 * at) & 31).unwrap();
            }
            let code = TicketCode::from_random(random).compact();
            format!(
                "({}, '{code}', {group}, {group}, 0, '', {BEGIN_MS}, {BEGIN_MS})",
                1_000_000 + n
            )
        };
        let rows: Vec<String> = numbers.iter().map(row).collect();
        let columns =
            "id, code, owner_group_id, level_group_id, protected, products, owner_since, created_at";
        portal
            .run(&format!(
                "INSERT INTO tickets ({columns}) VALUES {}",
                rows.join(", ")
            ))
            .await;
    }
}

async fn more_than_ten_thousand_are_refused(engine: Engine) {
    let portal = crowd(engine, 1).await;
    fill(&portal, 10_000).await;
    let boss = portal.client("boss").await;
    let (list, south) = (below(&portal, "North"), portal.owner("South").to_string());
    for answer in [
        boss.preview(&list, &south).await,
        boss.post("targets", &[("tickets", &list)]).await,
        boss.move_as_previewed(
            &list,
            &south,
            &json!({ "seen": "0".repeat(64) }),
            true,
            "too-many",
        )
        .await,
    ] {
        assert_eq!(answer.refused(), r#"422 {"Refused":"TooManyTickets"}"#);
    }
    boss.reassign(&portal.pick("item0"), &south, "one-away-first")
        .await
        .ok();
    // The router answers within 20 seconds, or says that it took too long.
    let preview = boss.preview(&list, &south).await.ok();
    let moved = boss
        .move_as_previewed(&list, &south, &preview, false, "ten-thousand")
        .await;
    assert_eq!(moved.ok()["tickets"], 10_000);
    let undo = [("key", "ten-thousand"), ("undo_key", "ten-thousand-back")];
    assert_eq!(boss.post("undo", &undo).await.ok()["tickets"], 10_000);
    assert_eq!(at(&portal, "North").await, 10_000);
}
