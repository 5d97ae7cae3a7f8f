//! Containers (S9): who sees what is in them, and where licences may be brought (S8).

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{
    licensing::licenses::{contents, license, start},
    support::client::Client,
};

on_both_engines!(
    s8_a_transfer_is_all_or_nothing,
    s8_containers_are_named_with_the_verdict_on_each,
    s9_admins_see_what_the_matrix_lets_them_see,
    s9_a_container_stays_with_the_admins_of_its_context,
);

async fn s8_a_transfer_is_all_or_nothing(engine: Engine) {
    let portal = start(engine, 2).await;
    let (nina, ned, boss) = (
        portal.client("nina").await,
        portal.client("ned").await,
        portal.client("boss").await,
    );
    let from = ned.cloud_container(&portal, "@ned", "Laptop").await;
    let to = nina.cloud_container(&portal, "@nora/North", "Desktop").await;
    nina.activate(&portal, "n1", &from, 2).await.ok();
    let n1 = portal.activation("ned").to_string();
    boss.activate(&portal, "c2", &from, 1).await.ok();
    let both: Vec<String> = portal
        .texts("SELECT CAST(id AS TEXT) FROM activations WHERE ended_at IS NULL ORDER BY id")
        .await;
    // Nina reaches both containers, and does not see the ticket above her: nothing is transferred.
    let form = [
        ("activations[0]", both[0].as_str()),
        ("activations[1]", &both[1]),
        ("to", &to),
    ];
    assert_eq!(nina.post("transfer", &form).await.status, 404);
    assert_eq!(contents(&boss, &from).await.len(), 2);
    nina.post("transfer", &[("activations[0]", &n1), ("to", &to)])
        .await
        .ok();
    assert_eq!(contents(&nina, &to).await, vec![("n1".to_owned(), 2, true)]);
    assert_eq!(
        license(&portal, &nina, "n1").await["license"]["activated"],
        json!(2)
    );
    boss.post("transfer", &[("activations[0]", both[1].as_str()), ("to", &to)])
        .await
        .ok();
    assert!(contents(&boss, &from).await.is_empty());
    assert_eq!(contents(&boss, &to).await.len(), 2);
    // Where it is already.
    let again = portal
        .texts("SELECT CAST(id AS TEXT) FROM activations WHERE ended_at IS NULL ORDER BY id")
        .await;
    let form = [("activations[0]", again[0].as_str()), ("to", &to)];
    assert_eq!(boss.post("transfer", &form).await.status, 409);
}

/// The containers for some licences, by name, each with why not.
async fn containers_for(by: &Client, source: &str, search: &str) -> Vec<(String, Value)> {
    let form = [("source", source), ("search", search)];
    let answer = by.post("containers_for", &form).await.ok();
    let rows = answer["rows"].as_array().unwrap();
    assert_eq!(answer["total"], json!(rows.len()));
    rows.iter()
        .map(|row| {
            let name = row["container"]["name"].as_str().unwrap();
            (name.to_owned(), row["denied"].clone())
        })
        .collect()
}

async fn s8_containers_are_named_with_the_verdict_on_each(engine: Engine) {
    let portal = start(engine, 2).await;
    let (boss, ned, sam) = (
        portal.client("boss").await,
        portal.client("ned").await,
        portal.client("sam").await,
    );
    let laptop = ned.cloud_container(&portal, "@ned", "Laptop").await;
    let desktop = ned.cloud_container(&portal, "@ned/North", "Desktop").await;
    boss.cloud_container(&portal, "@boss/Company", "Tower").await;
    sam.cloud_container(&portal, "@sam/South", "Server").await;
    let free = |ticket: &str| format!("free:{}", portal.license_of(ticket));
    let named = |list: &[(&str, Value)]| -> Vec<(String, Value)> {
        list.iter()
            .map(|(name, denied)| ((*name).to_owned(), denied.clone()))
            .collect()
    };
    let nothing = Value::Null;
    assert_eq!(
        containers_for(&ned, &free("n1"), "").await,
        named(&[("Desktop", nothing.clone()), ("Laptop", nothing.clone())])
    );
    // What boss owns is boss's alone to a member, and everybody's to boss.
    let all = containers_for(&boss, &free("n1"), "").await;
    assert_eq!(all.len(), 4);
    assert!(all.iter().all(|(_, denied)| denied.is_null()));
    assert_eq!(
        containers_for(&boss, &free("n1"), "lapt").await,
        named(&[("Laptop", nothing.clone())])
    );

    // The verdict is that of the drop: a member keeps licences to the level of their ticket.
    let other = portal.group("South").to_string();
    let ned_id = portal.person("ned").to_string();
    boss.post("set_member", &[("group", &other), ("user", &ned_id)])
        .await
        .ok();
    let elsewhere = ned.cloud_container(&portal, "@ned/South", "Elsewhere").await;
    assert_eq!(
        containers_for(&ned, &free("n1"), "").await,
        named(&[
            ("Desktop", nothing.clone()),
            ("Elsewhere", json!("KeepsToLevel")),
            ("Laptop", nothing.clone())
        ])
    );
    assert_eq!(ned.activate(&portal, "n1", &elsewhere, 1).await.status, 403);
    ned.activate(&portal, "n1", &desktop, 1).await.ok();

    // From container to container; where it is, it is already.
    let activation = format!("activated:{}", portal.activation("ned"));
    assert_eq!(
        containers_for(&ned, &activation, "").await,
        named(&[
            ("Desktop", json!("AlreadyThere")),
            ("Elsewhere", json!("KeepsToLevel")),
            ("Laptop", nothing)
        ])
    );
    ned.post(
        "transfer",
        &[
            ("activations[0]", &portal.activation("ned").to_string()),
            ("to", &laptop),
        ],
    )
    .await
    .ok();

    // Of what one does not see, there is nothing to be told.
    let absent = sam
        .post("containers_for", &[("source", "free:4611686018427387903")])
        .await;
    for source in [free("n1"), activation] {
        let hidden = sam.post("containers_for", &[("source", &source)]).await;
        assert_eq!((hidden.status, hidden.text()), (404, absent.text()), "{source}");
    }
}

async fn s9_admins_see_what_the_matrix_lets_them_see(engine: Engine) {
    let portal = start(engine, 1).await;
    let (nina, ned, sam) = (
        portal.client("nina").await,
        portal.client("ned").await,
        portal.client("sam").await,
    );
    // A ticket of ned's own, without group context, is nobody else's business.
    let own = portal.owner("@ned").to_string();
    portal
        .client("isv")
        .await
        .post("redeem", &[("codes", &portal.code("unassigned")), ("to", &own)])
        .await
        .ok();
    portal.learn().await;
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    ned.activate(&portal, "unassigned", &cloud, 1).await.ok();
    ned.activate(&portal, "n1", &cloud, 1).await.ok();
    assert_eq!(contents(&ned, &cloud).await.len(), 2);
    assert_eq!(contents(&nina, &cloud).await, vec![("n1".to_owned(), 1, true)]);
    let hidden = sam.post("container", &[("container", &cloud)]).await;
    let absent = sam
        .post("container", &[("container", "4611686018427387903")])
        .await;
    assert_eq!((hidden.status, hidden.text()), (404, absent.text()));
    let listed = |answer: Value| answer["total"].as_u64().unwrap();
    assert_eq!(listed(nina.post("containers", &[]).await.ok()), 1);
    assert_eq!(listed(sam.post("containers", &[]).await.ok()), 0);
    assert_eq!(
        listed(portal.client("nora").await.post("containers", &[]).await.ok()),
        0
    );
}

async fn s9_a_container_stays_with_the_admins_of_its_context(engine: Engine) {
    let portal = start(engine, 1).await;
    let (boss, nina) = (portal.client("boss").await, portal.client("nina").await);
    let cloud = nina.cloud_container(&portal, "@ned/North", "Laptop").await;
    nina.activate(&portal, "n1", &cloud, 1).await.ok();
    // A leaver's container: the licences in it are taken back, or given to somebody else (S6, S10).
    let (north, ned) = (
        portal.group("North").to_string(),
        portal.person("ned").to_string(),
    );
    boss.post("remove_member", &[("group", &north), ("user", &ned)])
        .await
        .ok();
    assert_eq!(contents(&nina, &cloud).await.len(), 1);
    // The group goes as well: the container follows its tickets to the heir.
    let (company, empty) = (
        portal.group("Company").to_string(),
        portal.group("North").to_string(),
    );
    let no_heir = boss.post("delete_group", &[("group", &empty)]).await;
    assert_eq!(no_heir.status, 409);
    boss.post("delete_group", &[("group", &empty), ("heir", &company)])
        .await
        .ok();
    assert_eq!(nina.post("container", &[("container", &cloud)]).await.status, 404);
    assert_eq!(contents(&boss, &cloud).await, vec![("n1".to_owned(), 1, true)]);
}
