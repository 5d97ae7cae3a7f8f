//! Licences come alive: activation, and what brings them back (S8); the catalogue of products.

use std::sync::Arc;

use domain::time::DAY;
use license_portal::{
    ops::instance::organisation::file::{FileLicense, FileProduct},
    store::Engine,
};
use serde_json::{Value, json};
use tokio::sync::Barrier;

use crate::support::{
    client::{Client, id_in},
    moments::moment,
    portal::{BEGIN, TestPortal},
    tree,
};

on_both_engines!(
    s8_licences_are_activated_and_come_back,
    s8_never_more_than_there_are,
    s8_the_last_one_is_activated_once,
    s8_returns_are_counted,
    s8_time_begins_with_the_first_activation,
    s8_what_is_nobodys_is_assigned_first,
    a_move_asks_what_becomes_of_activated_licences,
    a_repetition_activates_once,
    the_catalogue_is_kept,
    an_older_database_gets_a_catalogue,
);

const COMPANY: &str = "
    @isv^
    #unassigned
    Company/
      #c1 #c2!
      @boss*
      North/
        #n1 #n2 #n3!
        @nina*
        @ned
        @nora
      South/
        @sam*
";

/// A portal over [`COMPANY`] where each ticket holds so many.
pub async fn start(engine: Engine, quantity: u32) -> TestPortal {
    start_with(engine, |license| license.quantity = quantity).await
}

async fn start_with(engine: Engine, change: impl Fn(&mut FileLicense)) -> TestPortal {
    let mut file = tree::organisation(COMPANY);
    for ticket in &mut file.tickets {
        change(&mut ticket.licenses[0]);
    }
    let portal = TestPortal::empty(engine).await;
    portal.import(&file).await;
    portal
}

/// What is in a container: product, quantity, and whether the reader sees the ticket.
pub async fn contents(by: &Client, container: &str) -> Vec<(String, u64, bool)> {
    let detail = by.post("container", &[("container", container)]).await.ok();
    let one = |row: &Value| {
        (
            row["product"]["en"].as_str().unwrap().to_owned(),
            row["quantity"].as_u64().unwrap(),
            !row["ticket"].is_null(),
        )
    };
    detail["activations"]
        .as_array()
        .unwrap()
        .iter()
        .map(one)
        .collect()
}

/// The first licence of a ticket as somebody sees it.
pub async fn license(portal: &TestPortal, by: &Client, ticket: &str) -> Value {
    let ticket = portal.ticket(ticket).to_string();
    by.post("licenses", &[("ticket", &ticket)]).await.ok()[0].clone()
}

async fn s8_licences_are_activated_and_come_back(engine: Engine) {
    let portal = start(engine, 5).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    // A member activates an open ticket of the group for themselves, and an admin for them.
    ned.activate(&portal, "n1", &cloud, 2).await.ok();
    nina.activate(&portal, "n1", &cloud, 1).await.ok();
    nina.activate(&portal, "n3", &cloud, 1).await.ok();
    assert_eq!(ned.activate(&portal, "n3", &cloud, 1).await.status, 404);
    // Whose container it is knows what is in it, also from a ticket in protected mode.
    let inside = vec![("n1".to_owned(), 3, true), ("n3".to_owned(), 1, false)];
    assert_eq!(contents(&ned, &cloud).await, inside);
    let seen = license(&portal, &nina, "n1").await;
    assert_eq!(
        (
            &seen["license"]["activated"],
            &seen["units"][0]["name"],
            &seen["units"][0]["person"]
        ),
        (&json!(3), &json!("Laptop"), &json!("ned"))
    );
    let activation = portal.activation("ned").to_string();
    ned.post("deactivate", &[("activation", &activation), ("quantity", "1")])
        .await
        .ok();
    assert_eq!(contents(&ned, &cloud).await[0].1, 2);
    let more = ned
        .post("deactivate", &[("activation", &activation), ("quantity", "3")])
        .await;
    assert_eq!(
        (more.status, more.text()),
        (409, r#"{"Refused":{"NotEnough":{"free":2}}}"#.to_owned())
    );
    ned.post("deactivate", &[("activation", &activation)]).await.ok();
    assert_eq!(contents(&ned, &cloud).await, vec![("n3".to_owned(), 1, false)]);
    let again = ned.post("deactivate", &[("activation", &activation)]).await;
    assert_eq!(again.status, 404, "it has ended");
    assert_eq!(
        license(&portal, &nina, "n1").await["license"]["activated"],
        json!(0)
    );
    // The history says who did what where.
    let history = nina
        .post("history", &[("ticket", &portal.ticket("n1").to_string())])
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
        [
            "LicenseDeactivated",
            "LicenseDeactivated",
            "LicenseActivated",
            "LicenseActivated"
        ]
    );
    assert_eq!(history[0]["licenses"], json!([2, ["Laptop", "ned"]]));
}

async fn s8_never_more_than_there_are(engine: Engine) {
    let portal = start(engine, 5).await;
    let ned = portal.client("ned").await;
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    for quantity in ["6", "4294967295"] {
        let many = ned
            .activate(&portal, "n1", &cloud, quantity.parse().unwrap())
            .await;
        assert_eq!(
            (many.status, many.text()),
            (409, r#"{"Refused":{"NotEnough":{"free":5}}}"#.to_owned())
        );
    }
    assert_eq!(ned.activate(&portal, "n1", &cloud, 0).await.status, 400);
    ned.activate(&portal, "n1", &cloud, 5).await.ok();
    let one = ned.activate(&portal, "n1", &cloud, 1).await;
    assert_eq!(one.text(), r#"{"Refused":{"NotEnough":{"free":0}}}"#);
    // Behind the portal's back, the schema says the same.
    let license = portal.license_of("n1");
    let beyond = sqlx::query(sqlx::AssertSqlSafe(format!(
        "UPDATE licenses SET activated = 6 WHERE id = {license}"
    )))
    .execute(&portal.rows)
    .await;
    assert!(beyond.is_err());
}

/// R9 asks for so many rounds of sixteen.
mod s8_the_last_one_is_activated_once_many_times {
    use license_portal::store::Engine;

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn sqlite() {
        Box::pin(super::race_for_the_last_one(Engine::Sqlite, 10_000)).await;
    }

    #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
    #[ignore = "takes longer than a test may"]
    async fn postgres() {
        Box::pin(super::race_for_the_last_one(Engine::Postgres, 10_000)).await;
    }
}

async fn s8_the_last_one_is_activated_once(engine: Engine) {
    race_for_the_last_one(engine, 10).await;
}

async fn race_for_the_last_one(engine: Engine, rounds: usize) {
    let portal = start(engine, 3).await;
    let second = match engine {
        Engine::Postgres => portal.second().await,
        Engine::Sqlite => portal.clone(),
    };
    let ned = portal.client("ned").await;
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    ned.activate(&portal, "n1", &cloud, 2).await.ok();
    let license = portal.license_of("n1").to_string();
    for round in 0..rounds {
        let barrier = Arc::new(Barrier::new(16));
        let one = |at: usize| {
            let server = if at.is_multiple_of(2) { &portal } else { &second };
            let mut client = server.nobody();
            client.cookie.clone_from(&ned.cookie);
            let (barrier, license, cloud) = (Arc::clone(&barrier), license.clone(), cloud.clone());
            tokio::spawn(async move {
                barrier.wait().await;
                let key = format!("round-{round}-{at}");
                let form = [
                    ("license", license.as_str()),
                    ("container", &cloud),
                    ("quantity", "1"),
                    ("key", &key),
                ];
                client.post("activate", &form).await.status
            })
        };
        let mut answers = Vec::new();
        for racer in (0..16).map(one).collect::<Vec<_>>() {
            answers.push(racer.await.unwrap());
        }
        answers.sort_unstable();
        assert_eq!(
            (answers[0], answers[1], answers[15]),
            (200, 409, 409),
            "{answers:?}"
        );
        let out =
            format!("SELECT CAST(SUM(quantity) AS BIGINT) FROM activations WHERE license_id = {license}");
        assert_eq!(portal.number(&out).await, 3);
        portal
            .run(&format!(
                "UPDATE activations SET quantity = 2 WHERE license_id = {license}"
            ))
            .await;
        portal
            .run(&format!("UPDATE licenses SET activated = 2 WHERE id = {license}"))
            .await;
    }
}

async fn s8_returns_are_counted(engine: Engine) {
    let portal = start_with(engine, |license| license.returns = Some(1)).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    ned.activate(&portal, "n1", &cloud, 1).await.ok();
    let running = |portal: &TestPortal| portal.activation("ned").to_string();
    ned.post("deactivate", &[("activation", &running(&portal))])
        .await
        .ok();
    assert_eq!(
        license(&portal, &ned, "n1").await["terms"]["returns_left"],
        json!(0)
    );
    ned.activate(&portal, "n1", &cloud, 1).await.ok();
    let refused = ned.post("deactivate", &[("activation", &running(&portal))]).await;
    assert_eq!(
        (refused.status, refused.text()),
        (409, r#"{"Refused":"NoReturnsLeft"}"#.to_owned())
    );
    // Who administers the ticket takes it back all the same; a member does not.
    let form = [("activation", running(&portal))];
    let form = [(form[0].0, form[0].1.as_str())];
    assert_eq!(ned.post("withdraw_license", &form).await.status, 403);
    nina.post("withdraw_license", &form).await.ok();
    assert!(contents(&ned, &cloud).await.is_empty());
}

async fn s8_time_begins_with_the_first_activation(engine: Engine) {
    let portal = start_with(engine, |license| match license.product.as_str() {
        "n1" => license.days = Some(1),
        "n2" => license.valid_until = Some(BEGIN + DAY),
        "c1" => license.valid_from = Some(BEGIN + DAY),
        _ => {}
    })
    .await;
    let ned = portal.client("ned").await;
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    portal.pass(2 * DAY);
    let ned_again = portal.client("ned").await;
    let expired = ned_again.activate(&portal, "n2", &cloud, 1).await;
    assert_eq!(
        (expired.status, expired.text()),
        (409, r#"{"Refused":"LicenseExpired"}"#.to_owned())
    );
    ned_again.activate(&portal, "n1", &cloud, 1).await.ok();
    let running = portal.activation("ned").to_string();
    ned_again
        .post("deactivate", &[("activation", &running)])
        .await
        .ok();
    portal.pass(DAY);
    // Giving it back does not turn the clock back.
    let ned = portal.client("ned").await;
    let late = ned.activate(&portal, "n1", &cloud, 1).await;
    assert_eq!(late.text(), r#"{"Refused":"LicenseExpired"}"#);
    assert!(moment(&license(&portal, &ned, "n1").await["standing"]["Expired"]) > BEGIN);
}

async fn s8_what_is_nobodys_is_assigned_first(engine: Engine) {
    let portal = start(engine, 1).await;
    let isv = portal.client("isv").await;
    let cloud = isv.cloud_container(&portal, "@ned", "Laptop").await;
    let answer = isv.activate(&portal, "unassigned", &cloud, 1).await;
    assert_eq!(
        (answer.status, answer.text()),
        (403, r#"{"Refused":{"Denied":"Unowned"}}"#.to_owned())
    );
}

async fn a_move_asks_what_becomes_of_activated_licences(engine: Engine) {
    let portal = start(engine, 2).await;
    let (boss, nina, ned, sam) = (
        portal.client("boss").await,
        portal.client("nina").await,
        portal.client("ned").await,
        portal.client("sam").await,
    );
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    for ticket in ["n1", "n2"] {
        ned.activate(&portal, ticket, &cloud, 2).await.ok();
    }
    let south = portal.owner("South").to_string();
    let moving = async |ticket: &str, activated: Option<&str>, key: &str| {
        let pick = portal.pick(ticket);
        let mut form = vec![("tickets", pick.as_str()), ("to", &south), ("key", key)];
        form.extend(activated.map(|activated| ("activated", activated)));
        boss.post("reassign", &form).await
    };
    let asked = moving("n1", None, "not-said").await;
    assert_eq!(
        (asked.status, asked.text()),
        (409, r#"{"Refused":"StillActivated"}"#.to_owned())
    );
    moving("n1", Some("keep"), "keep-them").await.ok();
    moving("n2", Some("deactivate"), "deactivate").await.ok();
    portal.learn().await;
    // Kept: ned works on, and knows nothing of the ticket any more; its new admin knows that it is in use somewhere.
    assert_eq!(contents(&ned, &cloud).await, vec![("n1".to_owned(), 2, false)]);
    let seen = license(&portal, &sam, "n1").await;
    assert_eq!(
        (&seen["units"], &seen["elsewhere"][0][1]),
        (&json!([]), &json!(2))
    );
    assert_eq!(seen["may_withdraw"], json!(true));
    // Nina reaches the container, and the ticket has left her sight.
    assert!(contents(&nina, &cloud).await.is_empty());
    let elsewhere = id_in(&seen["elsewhere"][0][0]);
    assert_eq!(
        nina.post("withdraw_license", &[("activation", &elsewhere)])
            .await
            .status,
        404
    );
    sam.post("withdraw_license", &[("activation", &elsewhere)])
        .await
        .ok();
    assert!(contents(&ned, &cloud).await.is_empty());
    assert_eq!(
        license(&portal, &sam, "n2").await["license"]["activated"],
        json!(0)
    );
}

async fn a_repetition_activates_once(engine: Engine) {
    let portal = start(engine, 5).await;
    let ned = portal.client("ned").await;
    let of = portal.owner("@ned").to_string();
    let form = [
        ("of", of.as_str()),
        ("name", "Laptop"),
        ("kind", "Cloud"),
        ("key", "the-same-container"),
    ];
    let cloud = id_in(&ned.post("create_container", &form).await.ok());
    let again = id_in(&ned.post("create_container", &form).await.ok());
    assert_eq!(again, cloud);
    let license = portal.license_of("n1").to_string();
    let form = |quantity: &'static str| {
        [
            ("license", license.clone()),
            ("container", cloud.clone()),
            ("quantity", quantity.to_owned()),
            ("key", "the-same-key".to_owned()),
        ]
    };
    let send = async |quantity| {
        let form = form(quantity);
        let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, value.as_str())).collect();
        ned.post("activate", &form).await
    };
    send("2").await.ok();
    send("2").await.ok();
    assert_eq!(contents(&ned, &cloud).await, vec![("n1".to_owned(), 2, true)]);
    assert_eq!(send("3").await.status, 409);
}

async fn the_catalogue_is_kept(engine: Engine) {
    let portal = start(engine, 1).await;
    let (isv, nina) = (portal.client("isv").await, portal.client("nina").await);
    assert_eq!(nina.post("products", &[]).await.status, 404);
    let n1 = portal.product("n1").to_string();
    let form = [
        ("product", n1.as_str()),
        ("article", "NORTH-1"),
        ("name", "Northern Lights"),
        ("name_de", "Nordlicht Überall"),
        ("features", "aurora\nborealis"),
    ];
    isv.post("save_product", &form).await.ok();
    // Its tickets are found by the new names, in both languages.
    for search in ["northern", "ÜBERALL", "nordlicht"] {
        let query = format!(
            "query[node]=all&query[below]=true&query[search]={}&query[sort]=since&query[reverse]=false&query[page]=0",
            crate::support::client::encoded(search)
        );
        let found = nina.post_form("tickets", &query).await.ok();
        assert_eq!(
            found["rows"][0]["licenses"][0]["product"]["de"],
            json!("Nordlicht Überall"),
            "{search}"
        );
        assert_eq!(found["total"], json!(1));
    }
    let taken = isv
        .post("save_product", &[("article", "NORTH-1"), ("name", "Other")])
        .await;
    assert_eq!(
        (taken.status, taken.text()),
        (409, r#"{"Refused":"ArticleTaken"}"#.to_owned())
    );
    // A file brings products along, and finds those that are there by their article number.
    let mut file = tree::organisation("@new^ #NORTH-1 #FRESH-1");
    file.products.push(FileProduct {
        article: "FRESH-1".to_owned(),
        name: "Fresh".to_owned(),
        name_de: Some("Frisch".to_owned()),
        features: vec!["air".to_owned()],
    });
    portal.import(&file).await;
    let catalogue = isv.post("products", &[]).await.ok();
    let named = |article: &str| {
        let mut all = catalogue.as_array().unwrap().iter();
        all.find(|product| product["data"]["article"] == article)
            .cloned()
            .unwrap()
    };
    assert_eq!(named("NORTH-1")["data"]["name"]["en"], json!("Northern Lights"));
    assert_eq!(
        named("FRESH-1")["data"],
        json!({ "article": "FRESH-1", "name": { "en": "Fresh", "de": "Frisch" }, "features": ["air"] })
    );
}

/// The step of the schema that made the catalogue, over tickets from before.
async fn an_older_database_gets_a_catalogue(engine: Engine) {
    let portal = start(engine, 7).await;
    let before = portal.number("SELECT COUNT(*) FROM licenses").await;
    let names = "SELECT p.name || ' ' || l.quantity FROM licenses l JOIN products p ON p.id = l.product_id ORDER BY 1";
    let expected = portal.texts(names).await;
    crate::history::chain::before_history(&portal).await;
    for sql in [
        "CREATE TABLE older AS SELECT l.ticket_id, l.position, p.name AS product, l.quantity
         FROM licenses l JOIN products p ON p.id = l.product_id",
        "DROP TABLE leases",
        "DROP TABLE activations",
        "DROP TABLE assertions",
        "DROP TABLE credentials",
        "DROP TABLE devices",
        "DROP TABLE containers",
        "DROP TABLE signing_keys",
        "DROP TABLE licenses",
        "DROP TABLE products",
        "CREATE TABLE licenses (ticket_id BIGINT NOT NULL REFERENCES tickets (id), position BIGINT NOT NULL,
             product TEXT NOT NULL, quantity BIGINT NOT NULL CHECK (quantity > 0), PRIMARY KEY (ticket_id, position))",
        "INSERT INTO licenses SELECT ticket_id, position, product, quantity FROM older",
        "DROP TABLE older",
        "ALTER TABLE events DROP COLUMN container_id",
        "ALTER TABLE events DROP COLUMN license_id",
        "ALTER TABLE events DROP COLUMN quantity",
        "ALTER TABLE events DROP COLUMN credential_id",
        "DELETE FROM _sqlx_migrations WHERE version >= 7",
    ] {
        portal.run(sql).await;
    }
    portal.upgrade().await;
    assert_eq!(portal.number("SELECT COUNT(*) FROM licenses").await, before);
    assert_eq!(portal.texts(names).await, expected);
    portal.learn().await;
    let ned = portal.client("ned").await;
    let cloud = ned.cloud_container(&portal, "@ned", "Laptop").await;
    ned.activate(&portal, "n1", &cloud, 7).await.ok();
}
