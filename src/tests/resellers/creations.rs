//! Creating tickets (S13): who may, what comes of it, and who has the codes.

use http::Method;
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client, id_in},
    portal::TestPortal,
};

on_both_engines!(
    s13_codes_are_created_handed_out_and_taken,
    s13_codes_leave_as_files_and_by_mail,
    s13_what_is_created_for_the_group_waits_in_protected_mode,
    s13_rules_are_those_of_the_form,
    s13_a_repetition_creates_nothing_more,
    s13_permissions_travel_in_organisation_files,
    an_older_database_gets_permissions,
);

/// A partner with somebody who does everything, somebody who only creates tickets, and somebody who only reads reports.
pub const COMPANY: &str = "
    @isv^
    #studio #viewer #field
    Maker/
      @boss*
      Partner/
        @petra*+
        @paul+
        @rita%
        @plain
        Shop/
          @sam*+
      Rival/
        @rolf*+
";

/// The portal, in which the partner may create what its filter names.
pub async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    // Of them, the products alone are wanted.
    for table in ["licenses", "tickets"] {
        portal.run(&format!("DELETE FROM {table}")).await;
    }
    portal.learn().await;
    filter(&portal, "isv", "Partner", &["studio", "viewer"])
        .await
        .ok();
    portal
}

/// Sets the product filter of a group.
pub async fn filter(portal: &TestPortal, who: &str, group: &str, products: &[&str]) -> Answer {
    let group = portal.group(group).to_string();
    let mut form = vec![
        ("group".to_owned(), group),
        ("filtered".to_owned(), "true".to_owned()),
    ];
    for (at, product) in products.iter().enumerate() {
        form.push((format!("products[{at}]"), portal.product(product).to_string()));
    }
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    portal.client(who).await.post("set_product_filter", &form).await
}

/// Tickets, asked for by somebody's browser: in which group, of what, and what else the form says.
pub async fn create_by(
    client: &Client,
    portal: &TestPortal,
    group: &str,
    product: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let (group, product) = (
        portal.group(group).to_string(),
        portal.product(product).to_string(),
    );
    let key = format!("create-{}", portal.store.sources.fresh_id());
    let given = |name: &str| fields.iter().any(|(field, _)| *field == name);
    let mut form = vec![
        ("new[group]", group.as_str()),
        ("new[product]", &product),
        ("key", &key),
    ];
    for (name, value) in [
        ("new[quantity]", "1"),
        ("new[series]", "1"),
        ("new[binding]", "Floating"),
    ] {
        if !given(name) {
            form.push((name, value));
        }
    }
    form.retain(|(name, _)| !given(name));
    form.extend(fields);
    client.post("create_tickets", &form).await
}

/// The same, by somebody.
pub async fn create(
    portal: &TestPortal,
    who: &str,
    group: &str,
    product: &str,
    fields: &[(&str, &str)],
) -> Answer {
    create_by(&portal.client(who).await, portal, group, product, fields).await
}

/// What somebody is told of tickets that were created.
async fn told(portal: &TestPortal, who: &str, id: &Value) -> Answer {
    let id = id_in(id);
    portal
        .client(who)
        .await
        .post("creation", &[("creation", &id)])
        .await
}

fn codes(creation: &Value) -> Vec<(String, bool)> {
    let tickets = creation["tickets"].as_array().unwrap().iter();
    tickets
        .map(|ticket| {
            let code = ticket["code"].as_str().unwrap().to_owned();
            (code, ticket["free"].as_bool().unwrap())
        })
        .collect()
}

async fn s13_codes_are_created_handed_out_and_taken(engine: Engine) {
    let portal = portal(engine).await;
    let fields = [("new[quantity]", "2"), ("new[series]", "3")];
    let id = create(&portal, "paul", "Partner", "studio", &fields).await.ok();
    let created = told(&portal, "paul", &id).await.ok();
    let codes_of = codes(&created);
    assert_eq!(codes_of.len(), 3);
    assert!(codes_of.iter().all(|(_, free)| *free));
    assert_eq!(created["row"]["free"], 3);
    // What is nobody's is seen by ISV admins; of those who created it, by nobody else.
    for who in ["petra", "boss", "sam", "rita", "plain"] {
        assert_eq!(told(&portal, who, &id).await.status, 404, "{who}");
    }
    assert_eq!(told(&portal, "isv", &id).await.status, 200);
    let isv = portal.client("isv").await;
    assert_eq!(isv.list("none").await, ["studio", "studio", "studio"]);
    assert!(portal.client("paul").await.list("all").await.is_empty());
    // Somebody takes one: its creator is told that it is gone, and not where.
    let plain = portal.client("plain").await;
    let me = portal.owner("@plain").to_string();
    plain
        .post("redeem", &[("codes", &codes_of[1].0), ("to", &me)])
        .await
        .ok();
    let created = told(&portal, "paul", &id).await.ok();
    assert_eq!(created["row"]["free"], 2);
    let taken: Vec<bool> = codes(&created).iter().map(|(_, free)| !free).collect();
    assert_eq!(taken, [false, true, false]);
    assert!(
        created["tickets"]
            .as_array()
            .unwrap()
            .iter()
            .all(|ticket| ticket["seen"].is_null())
    );
    // Each is in the history, with the group in which it was created.
    let group = portal.group("Partner");
    let recorded = "SELECT COUNT(*) FROM events e JOIN event_groups g ON g.event_id = e.id WHERE e.kind = 'ticket_created'";
    assert_eq!(
        portal
            .number(&format!("{recorded} AND g.group_id = {group}"))
            .await,
        3
    );
    let list = portal.client("paul").await.post("creations", &[]).await.ok();
    assert_eq!(
        (&list["total"], &list["rows"][0]["tickets"]),
        (&json!(1), &json!(3))
    );
    // Without the permission, the codes are gone.
    let (group, paul) = (group.to_string(), portal.person("paul").to_string());
    isv.post("set_member", &[("group", &group), ("user", &paul)])
        .await
        .ok();
    assert_eq!(told(&portal, "paul", &id).await.status, 404);
}

async fn s13_codes_leave_as_files_and_by_mail(engine: Engine) {
    let portal = portal(engine).await;
    let id = create(&portal, "paul", "Partner", "studio", &[("new[series]", "2")])
        .await
        .ok();
    let all: Vec<String> = codes(&told(&portal, "paul", &id).await.ok())
        .into_iter()
        .map(|(code, _)| code)
        .collect();
    let page = format!("/created/{}", id_in(&id));
    let path = format!("{page}/codes");
    let ask = async |who: &str, kind: &str| {
        let client = portal.client(who).await;
        let request = client
            .request(Method::POST, &path)
            .body(format!("kind={kind}").into());
        client.send(request.unwrap()).await
    };
    let text = ask("paul", "text").await;
    assert_eq!(
        text.text(),
        all.iter().map(|code| format!("{code}\r\n")).collect::<String>()
    );
    assert_eq!(text.header("cache-control"), "no-store");
    assert_eq!(
        text.header("content-disposition"),
        "attachment; filename=\"codes.txt\""
    );
    let table = ask("paul", "csv").await.text();
    assert!(
        table.starts_with("code,product,quantity,validity,state\r\n"),
        "{table}"
    );
    assert!(
        table.contains(&format!("{},studio,1,perpetual,free\r\n", all[0])),
        "{table}"
    );
    assert_eq!(ask("paul", "x").await.status, 400);
    assert_eq!(ask("petra", "text").await.status, 404);
    assert_eq!(
        portal.client("paul").await.get(&path).await.header("location"),
        page
    );
    // The page has them, too, without wasm.
    let page = portal.client("paul").await.get(&page).await;
    assert!(
        page.text().contains(&all[1]) && page.header("cache-control").contains("no-store"),
        "{}",
        page.header("cache-control")
    );
    let mail = async |who: &str, to: &str| {
        let id = id_in(&id);
        let client = portal.client(who).await;
        client
            .post("mail_codes", &[("creation", &id), ("email", to)])
            .await
    };
    assert_eq!(mail("paul", "nowhere").await.status, 422);
    assert_eq!(mail("petra", "a@example.org").await.status, 404);
    mail("paul", "customer@example.org").await.ok();
    let sent = portal.mails(1).await.remove(0);
    assert!(sent.contains("To: customer@example.org\r\n"), "{sent}");
    assert!(all.iter().all(|code| sent.contains(code.as_str())), "{sent}");
    // Once by mail, and the files that were downloaded above.
    let kinds = portal
        .texts("SELECT kind FROM events WHERE kind IN ('codes_mailed', 'codes_downloaded') ORDER BY id")
        .await;
    assert_eq!(kinds, ["codes_downloaded", "codes_downloaded", "codes_mailed"]);
    // Nothing is left to hand out.
    let me = portal.owner("@plain").to_string();
    let plain = portal.client("plain").await;
    plain
        .post("redeem", &[("codes", &all.join(";")), ("to", &me)])
        .await
        .ok();
    assert_eq!(
        mail("paul", "customer@example.org").await.refused(),
        r#"409 {"Refused":"NoFreeCodes"}"#
    );
    assert_eq!(ask("paul", "text").await.status, 409);
}

async fn s13_what_is_created_for_the_group_waits_in_protected_mode(engine: Engine) {
    let portal = portal(engine).await;
    let stock = [("new[recipient]", "Stock")];
    create(&portal, "paul", "Partner", "viewer", &stock).await.ok();
    let seen = async |who: &str| portal.client(who).await.list("all").await.len();
    // By the table of the seed: the admins see it, its creator as a plain member does not.
    assert_eq!((seen("petra").await, seen("boss").await), (1, 1));
    assert_eq!((seen("paul").await, seen("plain").await), (0, 0));
    // Who has no permission, or not there.
    for (who, group, expected) in [
        ("boss", "Partner", "CreatorsOnly"),
        ("plain", "Partner", "CreatorsOnly"),
        ("rita", "Partner", "CreatorsOnly"),
        ("paul", "Maker", "Hidden"),
        ("paul", "Rival", "Hidden"),
        // It is below, and paul, who is no admin, does not know of it.
        ("paul", "Shop", "Hidden"),
        ("rolf", "Partner", "Hidden"),
        ("rolf", "Rival", "NotInFilter"),
    ] {
        let before = portal.state().await;
        let answer = create(&portal, who, group, "viewer", &stock).await;
        assert_eq!(answer.json()["Refused"]["Denied"], expected, "{who} in {group}");
        assert_eq!(portal.state().await, before);
    }
    create(&portal, "petra", "Shop", "viewer", &stock).await.ok();
    assert_eq!(seen("sam").await, 1);
}

async fn s13_rules_are_those_of_the_form(engine: Engine) {
    let portal = portal(engine).await;
    let days = [
        ("new[validity]", "Days"),
        ("new[days]", "30"),
        ("new[binding]", "NodeLocked"),
        ("new[returns]", "3"),
    ];
    let id = create(&portal, "petra", "Partner", "studio", &days).await.ok();
    let terms = &told(&portal, "petra", &id).await.ok()["terms"];
    assert_eq!(
        *terms,
        json!({ "validity": { "Days": 30 }, "binding": "NodeLocked", "returns_left": 3 })
    );
    let between = [
        ("new[validity]", "Between"),
        ("new[from]", "2025-07-01"),
        ("new[to]", "2025-07-31"),
    ];
    let id = create(&portal, "petra", "Partner", "studio", &between).await.ok();
    assert_eq!(
        told(&portal, "petra", &id).await.ok()["terms"]["validity"],
        json!({ "Between": ["2025-07-01T00:00:00Z", "2025-08-01T00:00:00Z"] })
    );
    let before = portal.state().await;
    for (fields, status, why) in [
        (&[("new[quantity]", "0")][..], 422, json!("Quantity")),
        (&[("new[series]", "501")], 422, json!("Series")),
        (&[("new[validity]", "Days")], 422, json!("Days")),
        (
            &[("new[validity]", "Between"), ("new[to]", "2024-01-01")],
            422,
            json!("Dates"),
        ),
        (
            &[("new[validity]", "Between"), ("new[to]", "someday")],
            422,
            json!("Dates"),
        ),
        (&[("new[recipient]", "Customer")], 422, json!("NoCustomer")),
        (&[("new[quantity]", "-1")], 400, Value::Null),
        (&[("new[validity]", "Sometimes")], 400, Value::Null),
        (&[("new[binding]", "x")], 400, Value::Null),
    ] {
        let answer = create(&portal, "petra", "Partner", "studio", fields).await;
        assert_eq!(
            (answer.status, &answer.json()["Refused"]["InvalidCreation"]),
            (status, &why),
            "{fields:?}"
        );
    }
    assert_eq!(portal.state().await, before);
}

async fn s13_a_repetition_creates_nothing_more(engine: Engine) {
    let portal = portal(engine).await;
    let key = [("key", "the-same-key")];
    let first = create(&portal, "paul", "Partner", "studio", &key).await.ok();
    assert_eq!(
        create(&portal, "paul", "Partner", "studio", &key).await.ok(),
        first
    );
    let other = create(&portal, "paul", "Partner", "viewer", &key).await;
    assert_eq!(other.refused(), r#"409 {"Refused":"KeyReused"}"#);
    assert_eq!(portal.number("SELECT COUNT(*) FROM creations").await, 1);
    // The largest series.
    let id = create(&portal, "paul", "Partner", "studio", &[("new[series]", "500")])
        .await
        .ok();
    assert_eq!(codes(&told(&portal, "paul", &id).await.ok()).len(), 500);
}

async fn s13_permissions_travel_in_organisation_files(engine: Engine) {
    let portal = portal(engine).await;
    let file =
        crate::instance::files::exported(&portal, license_portal::ops::instance::organisation::Format::Json)
            .await;
    let file: license_portal::ops::instance::organisation::file::Organisation =
        serde_json::from_str(&file).unwrap();
    let granted = |user: &str| {
        let found = file.memberships.iter().find(|membership| membership.user == user);
        found.unwrap().permissions.clone()
    };
    assert_eq!(granted("petra"), ["admin", "create_ticket"]);
    assert_eq!(granted("rita"), ["view_reports"]);
    // What the policy does not know is refused by the database as well as by the file.
    let (user, group) = (portal.person("plain"), portal.group("Partner"));
    let forged = format!("INSERT INTO membership_permissions VALUES ({user}, {group}, 'root')");
    let stored = sqlx::query(sqlx::AssertSqlSafe(forged))
        .execute(&portal.rows)
        .await;
    assert!(stored.is_err());
}

/// Takes the step of the schema back that made permissions rows, and all that came after it.
pub async fn before_resellers(portal: &TestPortal) {
    for sql in [
        "DROP TABLE invitations",
        "DROP TABLE use_by_person",
        "DROP TABLE take_back_mails",
        "DROP TABLE take_backs",
        "ALTER TABLE sessions DROP COLUMN provider_id",
        "ALTER TABLE sessions DROP COLUMN factor_given",
        "DROP TABLE pending_sign_ins",
        "DROP TABLE linked_identities",
        "DROP TABLE identity_providers",
        "DROP TABLE ticket_views",
        "DROP INDEX tickets_protected",
        "DROP INDEX licenses_revoked",
        "DROP INDEX licenses_suspended",
        "DROP INDEX licenses_activated",
        "DROP TABLE use_refusals",
        "DROP TABLE use_hours",
        "DROP TABLE use_days",
        "DROP INDEX leases_by_end",
        "DROP TABLE amendments",
        "ALTER TABLE leases DROP COLUMN signed_at",
        "ALTER TABLE licenses DROP COLUMN planned",
        "ALTER TABLE licenses DROP COLUMN reduced_to",
        "ALTER TABLE licenses DROP COLUMN suspended_at",
        "ALTER TABLE licenses DROP COLUMN revoked_at",
        "DROP TABLE ticket_parts",
        "ALTER TABLE event_groups DROP COLUMN inherited",
        "ALTER TABLE events DROP COLUMN form",
        "ALTER TABLE events DROP COLUMN change",
        "DROP TABLE encryption_keys",
        "DROP TABLE personal_tokens",
        "DROP INDEX sessions_viewing",
        "ALTER TABLE sessions DROP COLUMN view_user_id",
        "ALTER TABLE sessions DROP COLUMN view_until",
        "ALTER TABLE sessions DROP COLUMN view_recorded",
        "DROP INDEX licenses_by_end",
        "ALTER TABLE users DROP COLUMN expiry_mail",
        "ALTER TABLE users DROP COLUMN language",
        "DROP TABLE expiry_runs",
        "DROP TABLE expiry_digests",
        "DROP TABLE webhook_deliveries",
        "DROP TABLE webhook_senders",
        "DROP TABLE webhooks",
        "DROP TABLE import_lines",
        "DROP TABLE import_beats",
        "DROP TABLE imports",
        "DROP INDEX groups_by_key",
        "ALTER TABLE groups DROP COLUMN key",
        "DROP INDEX tickets_by_creation",
        "DROP INDEX tickets_by_level_created",
        "DROP INDEX tickets_by_created",
        "ALTER TABLE tickets DROP COLUMN creation_id",
        "DROP TABLE customers",
        "DROP TABLE creations",
        "DROP TABLE quotas",
        "DROP TABLE filtered_products",
        "DROP TABLE product_filters",
        "ALTER TABLE memberships ADD COLUMN admin BIGINT NOT NULL DEFAULT 0 CHECK (admin IN (0, 1))",
        "ALTER TABLE memberships ADD COLUMN create_ticket BIGINT NOT NULL DEFAULT 0 CHECK (create_ticket IN (0, 1))",
        "UPDATE memberships SET admin = (SELECT COUNT(*) FROM membership_permissions p WHERE p.user_id = memberships.user_id
             AND p.group_id = memberships.group_id AND p.permission = 'admin'),
         create_ticket = (SELECT COUNT(*) FROM membership_permissions p WHERE p.user_id = memberships.user_id
             AND p.group_id = memberships.group_id AND p.permission = 'create_ticket')",
        "DROP TABLE membership_permissions",
        "DROP TABLE permissions",
        "DELETE FROM _sqlx_migrations WHERE version >= 11",
    ] {
        portal.run(sql).await;
    }
}

async fn an_older_database_gets_permissions(engine: Engine) {
    let portal = portal(engine).await;
    let granted = "SELECT user_id || ' ' || group_id || ' ' || permission FROM membership_permissions
         WHERE permission <> 'view_reports' ORDER BY 1";
    let before = portal.texts(granted).await;
    assert_eq!(before.len(), 8, "{before:?}");
    before_resellers(&portal).await;
    portal.upgrade().await;
    assert_eq!(portal.texts(granted).await, before);
    assert!(portal.client("petra").await.list("all").await.is_empty());
}
