//! What binds partners (S14, N13): filters that narrow downwards, and quotas that hold under any race.

use license_portal::store::Engine;
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    resellers::creations::{create, create_by, filter, portal},
    support::{
        client::{Answer, Client},
        portal::TestPortal,
    },
};

on_both_engines!(
    s14_filters_narrow_downwards,
    s14_what_binds_a_partner_is_changed_from_above,
    n13_quotas_count_the_whole_branch,
    n13_the_last_licence_is_created_once,
);

async fn quota(portal: &TestPortal, who: &str, group: &str, product: &str, quantity: &str) -> Answer {
    let (group, product) = (
        portal.group(group).to_string(),
        portal.product(product).to_string(),
    );
    let form = [
        ("group", group.as_str()),
        ("product", &product),
        ("period", "Month"),
        ("quantity", quantity),
    ];
    portal.client(who).await.post("set_quota", &form).await
}

/// The products that somebody is offered in a group.
async fn offered(portal: &TestPortal, who: &str, group: &str) -> Vec<String> {
    let group = portal.group(group).to_string();
    let form = portal
        .client(who)
        .await
        .post("creation_form", &[("group", &group)])
        .await
        .ok();
    let products = form["products"].as_array().unwrap().iter();
    products
        .map(|creatable| {
            creatable["product"]["data"]["article"]
                .as_str()
                .unwrap()
                .to_owned()
        })
        .collect()
}

fn denied(answer: &Answer) -> Value {
    answer.json()["Refused"]["Denied"].clone()
}

async fn s14_filters_narrow_downwards(engine: Engine) {
    let portal = portal(engine).await;
    assert_eq!(offered(&portal, "petra", "Partner").await, ["studio", "viewer"]);
    assert_eq!(offered(&portal, "sam", "Shop").await, ["studio", "viewer"]);
    // Whatever a group below names, what is above does not let through stays out.
    filter(&portal, "isv", "Shop", &["viewer", "field"]).await.ok();
    assert_eq!(offered(&portal, "sam", "Shop").await, ["viewer"]);
    create(&portal, "sam", "Shop", "viewer", &[]).await.ok();
    for product in ["studio", "field"] {
        let answer = create(&portal, "sam", "Shop", product, &[]).await;
        assert_eq!(
            (answer.status, denied(&answer)),
            (403, json!("NotInFilter")),
            "{product}"
        );
    }
    // A product that does not exist is answered alike.
    let absent = [("new[product]", "4611686018427387903")];
    let hidden = create(&portal, "sam", "Shop", "field", &[]).await;
    let absent = create(&portal, "sam", "Shop", "field", &absent).await;
    assert_eq!((hidden.status, &hidden.body), (absent.status, &absent.body));
    // Where nobody names a product, none may be created; but ISV admins create what they like.
    assert_eq!(offered(&portal, "rolf", "Rival").await, Vec::<String>::new());
    assert_eq!(
        denied(&create(&portal, "rolf", "Rival", "studio", &[]).await),
        "NotInFilter"
    );
    create(&portal, "isv", "Rival", "field", &[]).await.ok();
    // An empty filter lets nothing through.
    filter(&portal, "boss", "Shop", &[]).await.ok();
    assert_eq!(offered(&portal, "sam", "Shop").await, Vec::<String>::new());
    // A group that hangs somewhere else is bound by what is above it there.
    filter(&portal, "isv", "Rival", &["field"]).await.ok();
    let (shop, rival) = (
        portal.group("Shop").to_string(),
        portal.group("Rival").to_string(),
    );
    let boss = portal.client("boss").await;
    boss.post("set_product_filter", &[("group", &shop)]).await.ok();
    boss.post("move_group", &[("group", &shop), ("parent", &rival)])
        .await
        .ok();
    assert_eq!(offered(&portal, "sam", "Shop").await, ["field"]);
}

async fn s14_what_binds_a_partner_is_changed_from_above(engine: Engine) {
    let portal = portal(engine).await;
    let before = portal.state().await;
    for (who, group, product, expected) in [
        ("petra", "Partner", "studio", "FromAbove"),
        ("paul", "Partner", "studio", "FromAbove"),
        ("plain", "Partner", "studio", "AdminsOnly"),
        ("rita", "Partner", "studio", "AdminsOnly"),
        ("paul", "Shop", "studio", "Hidden"),
        ("rolf", "Partner", "studio", "Hidden"),
        ("boss", "Maker", "studio", "FromAbove"),
        // Nobody passes on what they do not have; whether there is such a product is not told.
        ("petra", "Shop", "field", "NotInFilter"),
        ("boss", "Partner", "studio", "NotInFilter"),
    ] {
        assert_eq!(
            denied(&filter(&portal, who, group, &[product]).await),
            expected,
            "{who} {group} {product}"
        );
        assert_eq!(
            denied(&quota(&portal, who, group, product, "5").await),
            expected,
            "{who} {group} {product}"
        );
    }
    assert_eq!(portal.state().await, before);
    filter(&portal, "petra", "Shop", &["studio"]).await.ok();
    quota(&portal, "petra", "Shop", "studio", "5").await.ok();
    assert_eq!(
        quota(&portal, "petra", "Shop", "studio", "1000000001")
            .await
            .status,
        422
    );
    assert_eq!(quota(&portal, "petra", "Shop", "studio", "-1").await.status, 400);
    // What is shown of it ends at one's own level.
    let detail = async |who: &str, group: &str| {
        let group = portal.group(group).to_string();
        portal
            .client(who)
            .await
            .post("partner", &[("group", &group)])
            .await
            .ok()
    };
    let shop = detail("sam", "Shop").await;
    assert_eq!(
        (&shop["may_change"], &shop["path"]),
        (&json!(false), &json!(["Shop"]))
    );
    assert_eq!(
        (&shop["choices"], &shop["quotas"][0]["quantity"]),
        (&json!([]), &json!(5))
    );
    assert_eq!(
        detail("petra", "Shop").await["choices"].as_array().unwrap().len(),
        2
    );
    assert_eq!(
        detail("isv", "Shop").await["choices"].as_array().unwrap().len(),
        3
    );
    let kinds = portal
        .texts("SELECT kind FROM events WHERE kind LIKE '%filter%' OR kind LIKE 'quota%' ORDER BY id")
        .await;
    assert_eq!(
        kinds,
        [
            "product_filter_changed",
            "product_filter_changed",
            "quota_changed"
        ]
    );
    // Without a number, the quota is gone.
    quota(&portal, "petra", "Shop", "studio", "").await.ok();
    assert_eq!(portal.number("SELECT COUNT(*) FROM quotas").await, 0);
}

async fn n13_quotas_count_the_whole_branch(engine: Engine) {
    let portal = portal(engine).await;
    quota(&portal, "isv", "Partner", "studio", "10").await.ok();
    let many = |quantity, series| [("new[quantity]", quantity), ("new[series]", series)];
    create(&portal, "sam", "Shop", "studio", &many("2", "3"))
        .await
        .ok();
    let before = portal.state().await;
    let over = create(&portal, "paul", "Partner", "studio", &many("5", "1")).await;
    assert_eq!(
        over.refused(),
        r#"409 {"Refused":{"OverQuota":{"wanted":5,"period":"Month","left":4}}}"#
    );
    // Who stands below the quota is told no number of it.
    let over = create(&portal, "sam", "Shop", "studio", &many("5", "1")).await;
    assert_eq!(
        over.refused(),
        r#"409 {"Refused":{"OverQuota":{"wanted":5,"period":"Month","left":null}}}"#
    );
    assert_eq!(portal.state().await, before);
    let left = async |who: &str, group: &str| {
        let group = portal.group(group).to_string();
        let form = portal
            .client(who)
            .await
            .post("creation_form", &[("group", &group)])
            .await
            .ok();
        form["products"][0]["left"].clone()
    };
    assert_eq!(left("paul", "Partner").await, json!([["Month", 4]]));
    assert_eq!(left("sam", "Shop").await, json!([]));
    // Other products, other groups, and what ISV admins create do not count.
    create(&portal, "paul", "Partner", "viewer", &many("50", "1"))
        .await
        .ok();
    create(&portal, "isv", "Partner", "studio", &many("50", "1"))
        .await
        .ok();
    create(&portal, "paul", "Partner", "studio", &many("4", "1"))
        .await
        .ok();
    assert_eq!(
        create(&portal, "paul", "Partner", "studio", &[]).await.status,
        409
    );
    // What was created in a dissolved group still counts for the group above.
    let (shop, boss) = (portal.group("Shop").to_string(), portal.client("petra").await);
    let partner = portal.group("Partner").to_string();
    boss.post("delete_group", &[("group", &shop), ("heir", &partner)])
        .await
        .ok();
    assert_eq!(
        create(&portal, "paul", "Partner", "studio", &[]).await.status,
        409
    );
    // The month before is over.
    portal
        .run("UPDATE creations SET created_at = created_at - 86400000")
        .await;
    create(&portal, "paul", "Partner", "studio", &many("10", "1"))
        .await
        .ok();
    assert_eq!(
        create(&portal, "paul", "Partner", "studio", &[]).await.status,
        409
    );
}

/// Sixteen at once on two servers, for room for three.
async fn n13_the_last_licence_is_created_once(engine: Engine) {
    let portal = portal(engine).await;
    let second = match engine {
        Engine::Postgres => portal.second().await,
        Engine::Sqlite => portal.clone(),
    };
    let (petra, paul) = (portal.client("petra").await, portal.client("paul").await);
    let sam = portal.client("sam").await;
    for round in 1..=4 {
        let room = (3 * round).to_string();
        quota(&portal, "isv", "Partner", "studio", &room).await.ok();
        let mut race = JoinSet::new();
        for n in 0..16 {
            let server = if n % 2 == 0 { &portal } else { &second };
            let (client, group) = match n % 3 {
                0 => (&petra, "Partner"),
                1 => (&paul, "Partner"),
                _ => (&sam, "Shop"),
            };
            let client = Client {
                cookie: client.cookie.clone(),
                ..server.nobody()
            };
            let server = server.clone();
            race.spawn(async move { create_by(&client, &server, group, "studio", &[]).await });
        }
        let answers = race.join_all().await;
        let won = answers.iter().filter(|answer| answer.status == 200).count();
        assert_eq!(won, 3, "in round {round}");
        for lost in answers.iter().filter(|answer| answer.status != 200) {
            assert!(
                lost.refused().starts_with(r#"409 {"Refused":{"OverQuota""#),
                "{}",
                lost.text()
            );
        }
        let sum = "SELECT CAST(SUM(quantity * tickets) AS BIGINT) FROM creations";
        assert_eq!(portal.number(sum).await, 3 * round);
    }
}
