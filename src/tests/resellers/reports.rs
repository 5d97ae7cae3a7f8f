//! Reports of one's own branch (N13): numbers, and nothing from above or beside.

use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{
    resellers::creations::{create, portal},
    support::{
        client::Client,
        portal::{BEGIN_MS, TestPortal},
    },
};

on_both_engines!(
    n13_reports_count_the_own_branch,
    n13_reports_are_for_who_may_read_them,
    n13_reports_have_pages_and_a_file,
);

/// The lines of a report: period, product, created, assigned, activated, expiring.
async fn lines(client: &Client, query: &[(&str, &str)]) -> Vec<Value> {
    let report = client.post("report", query).await.ok();
    let rows = report["rows"].as_array().unwrap().iter();
    rows.map(|row| {
        json!([
            row["article"],
            row["created"],
            row["assigned"],
            row["activated"],
            row["expiring"]
        ])
    })
    .collect()
}

/// Two groups that create, something expiring, something activated.
async fn sold(engine: Engine) -> TestPortal {
    let portal = portal(engine).await;
    let fields = [("new[quantity]", "3"), ("new[series]", "2")];
    create(&portal, "paul", "Partner", "studio", &fields).await.ok();
    let stock = [
        ("new[recipient]", "Stock"),
        ("new[quantity]", "5"),
        ("new[validity]", "Between"),
        ("new[to]", "2025-07-15"),
    ];
    create(&portal, "sam", "Shop", "viewer", &stock).await.ok();
    let far = [
        ("new[recipient]", "Stock"),
        ("new[validity]", "Between"),
        ("new[to]", "2026-07-15"),
    ];
    create(&portal, "petra", "Partner", "viewer", &far).await.ok();
    // ISV admins give Partner something; nobody there created it.
    create(&portal, "isv", "Partner", "field", &[("new[recipient]", "Stock")])
        .await
        .ok();
    create(&portal, "isv", "Rival", "field", &[("new[recipient]", "Stock")])
        .await
        .ok();
    portal
        .run("UPDATE licenses SET activated = 2 WHERE quantity = 5")
        .await;
    portal
}

async fn n13_reports_count_the_own_branch(engine: Engine) {
    let portal = sold(engine).await;
    let branch = [
        json!(["field", 0, 1, 0, 0]),
        json!(["studio", 6, 0, 0, 0]),
        json!(["viewer", 6, 6, 2, 5]),
    ];
    for who in ["petra", "paul", "rita"] {
        assert_eq!(lines(&portal.client(who).await, &[]).await, branch, "{who}");
    }
    assert_eq!(
        lines(&portal.client("sam").await, &[]).await,
        [json!(["viewer", 5, 5, 2, 5])]
    );
    assert_eq!(
        lines(&portal.client("rolf").await, &[]).await,
        [json!(["field", 0, 1, 0, 0])]
    );
    let boss = portal.client("boss").await;
    assert_eq!(lines(&boss, &[]).await[0], json!(["field", 0, 2, 0, 0]));
    let shop = portal.group("Shop").to_string();
    assert_eq!(
        lines(&boss, &[("query[group]", &shop)]).await,
        [json!(["viewer", 5, 5, 2, 5])]
    );
    // A code that is taken outside of the branch leaves nothing but its creation.
    let isv = portal.client("isv").await;
    let everything = lines(&isv, &[("query[by]", "Total")]).await;
    assert_eq!(
        everything,
        [
            json!(["field", 2, 2, 0, 0]),
            json!(["studio", 6, 0, 0, 0]),
            json!(["viewer", 6, 6, 2, 5])
        ]
    );
    let other = portal.owner("Rival").to_string();
    let ticket = portal
        .number("SELECT MIN(id) FROM tickets WHERE creation_id IS NOT NULL AND owner_group_id IS NULL")
        .await;
    isv.reassign(&format!("{ticket}=none"), &other, "to-the-rival")
        .await
        .ok();
    assert_eq!(lines(&portal.client("petra").await, &[]).await, branch);
    assert_eq!(
        lines(&portal.client("rolf").await, &[]).await[1],
        json!(["studio", 0, 3, 0, 0])
    );
}

async fn n13_reports_are_for_who_may_read_them(engine: Engine) {
    let portal = sold(engine).await;
    let group = async |who: &str, group: &str| {
        let group = portal.group(group).to_string();
        let client = portal.client(who).await;
        client.post("report", &[("query[group]", &group)]).await.status
    };
    assert_eq!(portal.client("plain").await.post("report", &[]).await.status, 404);
    assert_eq!(
        (group("rita", "Partner").await, group("paul", "Partner").await),
        (200, 200)
    );
    // What stands below is not theirs to name; what stands above or beside is nobody's below.
    for (who, of) in [
        ("rita", "Shop"),
        ("paul", "Shop"),
        ("rita", "Maker"),
        ("petra", "Maker"),
        ("petra", "Rival"),
        ("plain", "Partner"),
    ] {
        assert_eq!(group(who, of).await, 404, "{who} and {of}");
    }
    assert_eq!(group("petra", "Shop").await, 200);
    // Who may view reports may nothing else: no ticket, code, person, history, product filter.
    let rita = portal.client("rita").await;
    assert!(rita.list("all").await.is_empty());
    for (function, form) in [
        ("users", vec![]),
        ("creations", vec![]),
        ("creation_form", vec![]),
        ("products", vec![]),
    ] {
        assert_eq!(rita.post(function, &form).await.status, 404, "{function}");
    }
    let partner = portal.group("Partner").to_string();
    assert_eq!(rita.post("partner", &[("group", &partner)]).await.status, 403);
    let events = rita.post("events", &[("query[search]", "")]).await.ok();
    assert_eq!(events["rows"], json!([]));
    let report = rita.post("report", &[]).await.ok();
    assert_eq!(
        report["groups"],
        json!([{ "id": portal.group("Partner"), "label": "Partner" }])
    );
}

async fn n13_reports_have_pages_and_a_file(engine: Engine) {
    let portal = sold(engine).await;
    // One creation on each of sixty days.
    let (group, product, user) = (
        portal.group("Partner"),
        portal.product("studio"),
        portal.person("paul"),
    );
    for day in 0..60_i64 {
        let at = BEGIN_MS - day * 86_400_000;
        portal
            .run(&format!(
                "INSERT INTO creations (id, group_id, product_id, quantity, tickets, created_by, created_at, request_key)
                 VALUES ({}, {group}, {product}, 1, 1, {user}, {at}, 'day-{day}')",
                1_000 + day
            ))
            .await;
    }
    let rita = portal.client("rita").await;
    let days = [("query[by]", "Day"), ("query[from]", "1743465600000")];
    let first = rita.post("report", &days).await.ok();
    assert_eq!(
        (&first["total"], first["rows"].as_array().unwrap().len()),
        (&json!(62), 50)
    );
    let mut next = days.to_vec();
    next.push(("query[page]", "1"));
    assert_eq!(lines(&rita, &next).await.len(), 12);
    // By month: May and June have their own lines.
    let months = lines(&rita, &[("query[by]", "Month")]).await;
    assert_eq!(months[1], json!(["studio", 7, 0, 0, 0]));
    assert!(months.contains(&json!(["studio", 31, 0, 0, 0])), "{months:?}");
    let file = rita.get("/reports.csv?by=day&from=2025-04-01").await;
    assert_eq!((file.status, file.header("cache-control")), (200, "no-store"));
    let text = file.text();
    assert_eq!(text.lines().count(), 63);
    assert!(
        text.starts_with("period,article,product,created,assigned,activated,expiring\r\n"),
        "{text:.200}"
    );
    assert!(
        text.contains("2025-05-31,studio,studio,1,0,0,0\r\n"),
        "{text:.400}"
    );
    assert_eq!(portal.client("plain").await.get("/reports.csv").await.status, 404);
    let nobody = portal.nobody().get("/reports.csv").await;
    assert_eq!(nobody.header("location"), "/login?next=/reports");
    // The page, without wasm.
    let page = rita
        .get("/reports?by=day&from=2025-05-30&to=2025-05-31")
        .await
        .text();
    assert!(
        page.contains("31 May 2025") && !page.contains("29 May 2025"),
        "the days asked for"
    );
    // Figures are grouped as the language has it, and end at the right; on a card the product is the title.
    portal
        .run("UPDATE creations SET quantity = 25403 WHERE request_key = 'day-1'")
        .await;
    let page = rita
        .get("/reports?by=day&from=2025-05-30&to=2025-05-31")
        .await
        .text();
    assert!(page.contains("25,403") && !page.contains(">25403<"), "{page}");
    assert!(
        page.contains("class=\"number\"") && page.contains("class=\"period\""),
        "{page}"
    );
    let (_, title) = page.rsplit_once("<th scope=\"row\">").unwrap();
    assert!(title.split("</th>").next().unwrap().contains("studio"), "{title}");
}
