//! Who amends licences (N17): permissions, filters and quotas; two at the same time; files; databases from before.

use domain::{
    ids::LicenseId,
    time::{DAY, days},
};
use license_portal::{
    ops::instance::organisation::{self, By, Format, export},
    store::Engine,
};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::{
    licensing::{
        amendments::{World, amend, over_time, preview, undo, why, world},
        leases,
    },
    resellers::creations::{before_resellers, filter},
    support::{
        client::{Answer, Client},
        portal::{BEGIN, TestPortal},
    },
};

on_both_engines!(
    n17_each_amendment_needs_its_permission,
    n17_what_is_hidden_is_absent,
    n17_filters_and_quotas_bind_who_amends,
    n17_the_second_admin_is_told,
    n17_renewing_and_revoking_race,
    n17_activating_and_reducing_race,
    n17_amendments_travel_in_files,
    n17_an_older_database_gets_amendments,
);

const TREE: &str = "
    @isv^
    #u
    Company/
      @boss*
      Partner/
        #t
        @petra*
        @rick=
        @chris~
        @rex?
        @plain #p
        Shop/
          #s
      Rival/
        #r
        @rita*=~?
";

async fn start(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, TREE).await;
    for group in ["Company", "Partner"] {
        filter(&portal, "isv", group, &["t", "p", "s", "r"]).await.ok();
    }
    let until = (BEGIN + days(30)).as_millisecond();
    portal
        .run(&format!("UPDATE licenses SET valid_until = {until}"))
        .await;
    portal
}

const KINDS: [(&str, &[(&str, &str)]); 5] = [
    ("Renew", &[("months", "1")]),
    ("Extend", &[("until", "2026-12-31")]),
    ("Quantity", &[("quantity", "2")]),
    ("Suspend", &[]),
    ("Revoke", &[]),
];

fn denied(answer: &Answer) -> String {
    let denied = &answer.json()["Refused"]["Denied"];
    format!("{} {}", answer.status, denied.as_str().unwrap_or_default())
}

async fn n17_each_amendment_needs_its_permission(engine: Engine) {
    let portal = start(engine).await;
    let license = portal.license_of("t");
    let refused = [
        "RenewersOnly",
        "RenewersOnly",
        "ChangersOnly",
        "ChangersOnly",
        "RevokersOnly",
    ];
    for (who, permitted) in [
        ("boss", [false; 5]),
        ("petra", [false; 5]),
        ("plain", [false; 5]),
        ("rick", [true, true, false, false, false]),
        ("chris", [false, false, true, true, false]),
        ("rex", [false, false, false, false, true]),
        ("isv", [true; 5]),
    ] {
        let by = portal.client(who).await;
        for ((kind, fields), (permitted, why)) in KINDS.iter().zip(permitted.into_iter().zip(refused)) {
            let told = preview(&by, license, kind, fields).await.ok();
            let outcome = &told[0]["outcome"];
            assert_eq!(outcome["Ok"].is_object(), permitted, "{who} {kind}: {outcome}");
            if !permitted {
                assert_eq!(outcome["Err"]["Denied"], why, "{who} {kind}");
                let before = portal.state().await;
                let answer = amend(&portal, &by, license, kind, fields).await;
                assert_eq!(denied(&answer), format!("403 {why}"), "{who} {kind}");
                assert_eq!(portal.state().await, before);
            }
        }
        let told = over_time(&portal, &by, "t").await;
        let may = [&told["may_renew"], &told["may_change"], &told["may_revoke"]];
        assert_eq!(
            may,
            [&json!(permitted[0]), &json!(permitted[2]), &json!(permitted[4])],
            "{who}"
        );
    }
    // Permissions hold in the branch; whoever has none there does not take back either.
    let chris = portal.client("chris").await;
    let made = amend(&portal, &chris, license, "Suspend", &[]).await.ok();
    let rick = portal.client("rick").await;
    assert_eq!(denied(&undo(&rick, &made[0]).await), "403 ChangersOnly");
    undo(&chris, &made[0]).await.ok();
    let below = amend(&portal, &chris, portal.license_of("s"), "Suspend", &[]).await;
    assert_eq!(
        below.status, 404,
        "a plain member does not see the tickets of a group below"
    );
}

async fn n17_what_is_hidden_is_absent(engine: Engine) {
    let portal = start(engine).await;
    let absent = 4_611_686_018_427_387_903;
    let isv = portal.client("isv").await;
    let made = amend(&portal, &isv, portal.license_of("t"), "Suspend", &[])
        .await
        .ok();
    for (who, hidden) in [("rita", "t"), ("rick", "r"), ("chris", "p"), ("rex", "u")] {
        let by = portal.client(who).await;
        let license = portal.license_of(hidden);
        for (kind, fields) in KINDS {
            let (one, other) = (
                amend(&portal, &by, license, kind, fields).await,
                amend(&portal, &by, absent, kind, fields).await,
            );
            assert_eq!(
                (one.status, &one.body),
                (other.status, &other.body),
                "{who} {kind}"
            );
            assert_eq!(one.status, 404, "{who} {kind}");
            let (one, other) = (
                preview(&by, license, kind, fields).await,
                preview(&by, absent, kind, fields).await,
            );
            assert_eq!(
                (one.status, &one.body),
                (other.status, &other.body),
                "{who} {kind}"
            );
        }
        let ticket = portal.ticket(hidden).to_string();
        let one = by.post("amendments", &[("ticket", &ticket)]).await;
        let other = by.post("amendments", &[("ticket", &absent.to_string())]).await;
        assert_eq!((one.status, &one.body), (other.status, &other.body));
    }
    let rita = portal.client("rita").await;
    let (one, other) = (
        undo(&rita, &made[0]).await,
        undo(&rita, &json!(absent.to_string())).await,
    );
    assert_eq!((one.status, &one.body), (other.status, &other.body));
    assert_eq!(one.status, 404);
}

async fn n17_filters_and_quotas_bind_who_amends(engine: Engine) {
    let portal = start(engine).await;
    let license = portal.license_of("t");
    let (rick, chris) = (portal.client("rick").await, portal.client("chris").await);
    // What the filters do not let through, nobody amends but ISV admins.
    filter(&portal, "isv", "Company", &["s"]).await.ok();
    let answer = amend(&portal, &rick, license, "Renew", &[("days", "1")]).await;
    assert_eq!(denied(&answer), "403 NotInFilter");
    filter(&portal, "isv", "Company", &["t", "s"]).await.ok();
    // A quota of a month counts what comes in addition, and what is renewed; one in total only the former.
    let (group, product) = (portal.group("Company"), portal.product("t"));
    for (period, quantity) in [("month", 6), ("total", 5)] {
        portal
            .run(&format!(
                "INSERT INTO quotas VALUES ({group}, {product}, '{period}', {quantity})"
            ))
            .await;
    }
    let made = amend(&portal, &chris, license, "Quantity", &[("quantity", "4")])
        .await
        .ok();
    let over = amend(&portal, &rick, license, "Renew", &[("days", "1")]).await;
    assert_eq!(over.status, 409, "{}", over.text());
    assert!(over.json()["Refused"]["OverQuota"].is_object(), "{}", over.text());
    let over = amend(&portal, &chris, license, "Quantity", &[("quantity", "7")]).await;
    assert!(over.json()["Refused"]["OverQuota"].is_object(), "{}", over.text());
    // What is taken back counts no more.
    undo(&chris, &made[0]).await.ok();
    for _ in 0..2 {
        amend(&portal, &rick, license, "Renew", &[("days", "1")])
            .await
            .ok();
    }
    amend(&portal, &chris, license, "Quantity", &[("quantity", "5")])
        .await
        .ok();
    let over = amend(&portal, &rick, license, "Renew", &[("days", "1")]).await;
    assert!(over.json()["Refused"]["OverQuota"].is_object(), "{}", over.text());
    // ISV admins are bound by none, and count for none.
    let isv = portal.client("isv").await;
    amend(&portal, &isv, license, "Renew", &[("days", "1")])
        .await
        .ok();
}

async fn n17_the_second_admin_is_told(engine: Engine) {
    let World {
        portal, license, isv, ..
    } = world(engine, 2, Some(DAY)).await;
    let version = over_time(&portal, &isv, "t").await["version"].to_string();
    let fields = [("days", "7"), ("version", version.as_str())];
    let made = amend(&portal, &isv, license, "Renew", &fields).await.ok();
    let late = amend(&portal, &isv, license, "Renew", &fields).await;
    assert_eq!((late.status, why(&late)), (409, json!("Overtaken")));
    // Taking back counts, too.
    let version = over_time(&portal, &isv, "t").await["version"].to_string();
    undo(&isv, &made[0]).await.ok();
    let late = amend(
        &portal,
        &isv,
        license,
        "Renew",
        &[("days", "7"), ("version", &version)],
    )
    .await;
    assert_eq!(why(&late), "Overtaken");
    // Sixteen at the same moment, on two servers: one wins.
    let version = over_time(&portal, &isv, "t").await["version"].to_string();
    let answers = at_once(&portal, engine, |portal, by, _| {
        let version = version.clone();
        async move {
            let fields = [("days", "7"), ("version", version.as_str())];
            amend(&portal, &by, license, "Renew", &fields).await
        }
    })
    .await;
    let won = answers.iter().filter(|answer| answer.status == 200).count();
    assert_eq!(won, 1);
    for answer in answers.iter().filter(|answer| answer.status != 200) {
        assert_eq!((answer.status, why(answer)), (409, json!("Overtaken")));
    }
}

/// Sixteen requests of the ISV admin at the same moment, on two servers where the engine has several.
async fn at_once<F>(
    portal: &TestPortal,
    engine: Engine,
    ask: impl Fn(TestPortal, Client, usize) -> F,
) -> Vec<Answer>
where
    F: Future<Output = Answer> + Send + 'static,
{
    let second = (engine == Engine::Postgres).then_some(portal.second().await);
    let mut race = JoinSet::new();
    for n in 0..16 {
        let portal = match &second {
            Some(second) if n % 2 == 1 => second.clone(),
            _ => portal.clone(),
        };
        let by = portal.client("isv").await;
        let asked = ask(portal, by, n);
        race.spawn(async move { (n, asked.await) });
    }
    let mut answers = race.join_all().await;
    answers.sort_by_key(|(n, _)| *n);
    answers.into_iter().map(|(_, answer)| answer).collect()
}

async fn n17_renewing_and_revoking_race(engine: Engine) {
    let World {
        portal,
        license,
        machine,
        ..
    } = world(engine, 2, Some(DAY)).await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let answers = at_once(&portal, engine, |portal, by, n| async move {
        match n {
            8 => amend(&portal, &by, license, "Revoke", &[]).await,
            _ => amend(&portal, &by, license, "Renew", &[("days", "1")]).await,
        }
    })
    .await;
    // What came before it is renewed, what came after it is told; nothing else.
    for (n, answer) in answers.iter().enumerate() {
        match answer.status {
            200 => {}
            409 => assert_eq!(why(answer), "Revoked", "{n}"),
            _ => panic!("{n}: {} {}", answer.status, answer.text()),
        }
    }
    assert_eq!(machine.renew(&lease).await.problem(), "409 license-revoked");
    let isv = portal.client("isv").await;
    let told = over_time(&portal, &isv, "t").await;
    let renewed = answers.iter().filter(|answer| answer.status == 200).count() - 1;
    let rows = told["amendments"].as_array().unwrap();
    assert_eq!(rows.len(), renewed + 1);
    assert_eq!(rows[0]["what"], "Revoke");
    let until = &told["grant"]["validity"]["Between"][1];
    let renewed = u32::try_from(renewed).unwrap();
    assert_eq!(until, &json!((BEGIN + DAY + days(renewed)).to_string()));
}

async fn n17_activating_and_reducing_race(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        ..
    } = world(engine, 4, None).await;
    // Logged in before everybody asks.
    portal.client("ann").await;
    amend(&portal, &isv, license, "Quantity", &[("quantity", "12")])
        .await
        .ok();
    let answers = at_once(&portal, engine, |portal, by, n| async move {
        match n {
            8 => amend(&portal, &by, license, "Quantity", &[("quantity", "6")]).await,
            _ => {
                let fields = [
                    ("license", license.to_string()),
                    ("container", container.to_string()),
                    ("quantity", "1".to_owned()),
                    ("key", format!("activate-{n}")),
                ];
                let fields: Vec<(&str, &str)> = fields
                    .iter()
                    .map(|(name, value)| (*name, value.as_str()))
                    .collect();
                portal.client("ann").await.post("activate", &fields).await
            }
        }
    })
    .await;
    let activated = answers
        .iter()
        .enumerate()
        .filter(|(n, answer)| *n != 8 && answer.status == 200);
    let activated = i64::try_from(activated.count()).unwrap() + 4;
    let stored = portal
        .number(&format!("SELECT activated FROM licenses WHERE id = {license}"))
        .await;
    assert_eq!(stored, activated);
    assert!((6..=12).contains(&activated), "{activated}");
    let granted = portal
        .number(&format!(
            "SELECT COALESCE(reduced_to, quantity) FROM licenses WHERE id = {license}"
        ))
        .await;
    assert_eq!(granted, 6);
}

async fn exported(portal: &TestPortal) -> String {
    let mut file = Vec::new();
    export(&portal.store, By::Operator, Format::Json, &mut file)
        .await
        .unwrap();
    String::from_utf8(file).unwrap()
}

async fn n17_amendments_travel_in_files(engine: Engine) {
    let portal = start(engine).await;
    let isv = portal.client("isv").await;
    let license = portal.license_of("t");
    amend(
        &portal,
        &isv,
        license,
        "Renew",
        &[("months", "12"), ("reason", "Order 4711")],
    )
    .await
    .ok();
    let made = amend(&portal, &isv, license, "Quantity", &[("quantity", "9")])
        .await
        .ok();
    undo(&isv, &made[0]).await.ok();
    amend(&portal, &isv, license, "Suspend", &[]).await.ok();
    let on = (BEGIN + days(20)).to_string();
    amend(&portal, &isv, license, "Reinstate", &[("on", &on)])
        .await
        .ok();
    amend(&portal, &isv, portal.license_of("s"), "Revoke", &[])
        .await
        .ok();
    let file = exported(&portal).await;
    assert!(file.contains("Order 4711"), "{file}");
    let other = TestPortal::empty(engine).await;
    other.import(&serde_json::from_str(&file).unwrap()).await;
    assert_eq!(exported(&other).await, file);
    other.learn().await;
    let (told, seen) = (
        over_time(&portal, &isv, "t").await,
        over_time(&other, &other.client("isv").await, "t").await,
    );
    let but_ids = |told: &Value| {
        let mut told = told.clone();
        told["license"]["id"] = json!(null);
        for row in told["amendments"].as_array_mut().unwrap() {
            row["id"] = json!(null);
        }
        told
    };
    assert_eq!(but_ids(&told), but_ids(&seen));
    // What is planned comes into force there, too.
    other.jump(days(21));
    assert_eq!(
        license_portal::ops::licensing::amendments::carry_out(&other.store)
            .await
            .unwrap(),
        1
    );
    let told = over_time(&other, &other.client("isv").await, "t").await;
    assert_eq!(told["grant"]["suspended"], json!(null));
    // A file whose amendments lead elsewhere is refused.
    let elsewhere = file.replace("\"quantity\":1,\"valid_until\"", "\"quantity\":2,\"valid_until\"");
    let third = TestPortal::empty(engine).await;
    assert_ne!(elsewhere, file);
    let refused = organisation::import(
        &third.store,
        &third.portal.vendor,
        &serde_json::from_str(&elsewhere).unwrap(),
        None,
    )
    .await;
    assert!(format!("{refused:?}").contains("Amendments"), "{refused:?}");
}

async fn n17_an_older_database_gets_amendments(engine: Engine) {
    let leases::World {
        portal,
        container,
        machine,
    } = leases::world(engine, 2).await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let until = (BEGIN + days(30)).as_millisecond();
    portal
        .activate("t", container, "B", 1, &format!("valid_until = {until}"))
        .await;
    let kept = "SELECT id || ' ' || quantity || ' ' || activated || ' ' || COALESCE(valid_until, 0) FROM licenses ORDER BY id";
    let before = portal.texts(kept).await;
    before_resellers(&portal).await;
    portal.upgrade().await;
    assert_eq!(portal.texts(kept).await, before);
    // What was there goes on, and can be amended.
    machine.renew(&lease).await.ok();
    let isv = portal.client("isv").await;
    let license = portal.number("SELECT MAX(id) FROM licenses").await;
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(
        (&told["license"]["id"], &told["version"], &told["amendments"]),
        (&json!(LicenseId(license).to_string()), &json!(0), &json!([]))
    );
    amend(&portal, &isv, license, "Renew", &[("days", "1")])
        .await
        .ok();
}
