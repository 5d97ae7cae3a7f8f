//! Licences live: renewed, changed, suspended and revoked, now and on a day, and taken back (N17), over HTTP.

use domain::{
    ids::ContainerId,
    time::{DAY, days},
};
use jiff::{SignedDuration, Timestamp};
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::{
    licensing::machines::Machine,
    support::{
        client::{Answer, Client},
        moments::{moment, ms},
        portal::{BEGIN, TestPortal},
    },
};

on_both_engines!(
    n17_an_early_renewal_joins_the_old_term,
    n17_what_has_ended_is_renewed,
    n17_a_suspended_licence_is_refused_until_it_is_reinstated,
    n17_what_is_revoked_stays_so,
    n17_a_reduction_says_who_loses_what,
    n17_amendments_are_taken_back_while_nothing_followed,
    n17_several_are_amended_or_none,
);

const TREE: &str = "@isv^\nTeam/\n @ann\n @bob\n #t\n";

/// A ticket with a licence that is activated in a container of Ann's, an ISV admin, and a machine.
pub struct World {
    pub portal: TestPortal,
    pub container: ContainerId,
    pub license: i64,
    pub isv: Client,
    pub machine: Machine,
}

/// So many floating licences of the product A, from the beginning for so long.
pub async fn world(engine: Engine, quantity: u32, term: Option<SignedDuration>) -> World {
    let portal = TestPortal::start(engine, TREE).await;
    let container = portal.make_container("ann", "Build").await;
    let until = term.map_or_else(String::new, |term| {
        format!("valid_until = {}", (BEGIN + term).as_millisecond())
    });
    let license = portal.activate("t", container, "A", quantity, &until).await;
    World {
        isv: portal.client("isv").await,
        machine: portal.machine("ann", container, "ci").await,
        portal,
        container,
        license,
    }
}

/// The form of an amendment.
fn form<'a>(license: &'a str, kind: &'a str, fields: &[(&'a str, &'a str)]) -> Vec<(String, &'a str)> {
    let mut form = vec![
        ("new[licenses][0][license]".to_owned(), license),
        ("new[kind]".to_owned(), kind),
    ];
    form.extend(fields.iter().map(|(name, value)| match *name {
        "version" => ("new[licenses][0][version]".to_owned(), *value),
        "key" => ("key".to_owned(), *value),
        name => (format!("new[{name}]"), *value),
    }));
    form
}

async fn send(by: &Client, function: &str, form: &[(String, &str)]) -> Answer {
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), *value)).collect();
    by.post(function, &form).await
}

/// Amends a licence.
pub async fn amend(
    portal: &TestPortal,
    by: &Client,
    license: i64,
    kind: &str,
    fields: &[(&str, &str)],
) -> Answer {
    let (license, key) = (
        license.to_string(),
        format!("amend-{}", portal.store.sources.fresh_id()),
    );
    let mut form = form(&license, kind, fields);
    if !fields.iter().any(|(name, _)| *name == "key") {
        form.push(("key".to_owned(), &key));
    }
    send(by, "amend_licenses", &form).await
}

/// What an amendment would lead to.
pub async fn preview(by: &Client, license: i64, kind: &str, fields: &[(&str, &str)]) -> Answer {
    let license = license.to_string();
    send(by, "preview_amendment", &form(&license, kind, fields)).await
}

/// The last of the licences of a ticket over time, as somebody sees it.
pub async fn over_time(portal: &TestPortal, by: &Client, ticket: &str) -> Value {
    let ticket = portal.ticket(ticket).to_string();
    let told = by.post("amendments", &[("ticket", &ticket)]).await.ok();
    told.as_array().unwrap().last().unwrap().clone()
}

pub async fn undo(by: &Client, amendment: &Value) -> Answer {
    let amendment = amendment.as_str().unwrap();
    by.post("undo_amendments", &[("amendments[0]", amendment)]).await
}

/// The reason why an amendment was refused.
pub fn why(answer: &Answer) -> Value {
    answer.json()["Refused"]["InvalidAmendment"].clone()
}

/// A moment, as forms have it.
pub fn day(at: Timestamp) -> String {
    at.to_string()
}

/// What the history says of licences.
pub async fn events(portal: &TestPortal) -> Vec<String> {
    portal
        .texts("SELECT kind FROM events WHERE kind LIKE 'license_%' ORDER BY id")
        .await
}

async fn n17_an_early_renewal_joins_the_old_term(engine: Engine) {
    let World {
        portal, license, isv, ..
    } = world(engine, 1, Some(days(10))).await;
    let told = preview(&isv, license, "Renew", &[("days", "365")]).await.ok();
    let until = BEGIN + days(375);
    let foreseen = &told[0]["outcome"]["Ok"];
    assert_eq!(
        moment(&foreseen["before"]["validity"]["Between"][1]),
        BEGIN + days(10)
    );
    assert_eq!(moment(&foreseen["after"]["validity"]["Between"][1]), until);
    assert_eq!(foreseen["losses"], json!([]));
    assert_eq!(events(&portal).await, Vec::<String>::new(), "nothing was changed");
    let fields = [("days", "365"), ("reason", "Order 4711"), ("key", "renewal-1")];
    let made = amend(&portal, &isv, license, "Renew", &fields).await.ok();
    let again = amend(&portal, &isv, license, "Renew", &fields).await.ok();
    assert_eq!(made, again);
    assert_eq!(events(&portal).await, ["license_renewed"]);
    // The old term is what it was: the licence begins as before, and goes on without a gap.
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(moment(&told["grant"]["validity"]["Between"][1]), until);
    let row = &told["amendments"][0];
    assert_eq!(
        (
            &row["number"],
            &row["reason"],
            &row["by"],
            &row["state"],
            &row["may_undo"]
        ),
        (
            &json!(1),
            &json!("Order 4711"),
            &json!("isv"),
            &json!("InForce"),
            &json!(true)
        )
    );
    assert_eq!(
        row["what"],
        json!({ "Renew": { "term": { "Days": 365 }, "from": "End" } })
    );
    // Who does not see who did it, is not told why.
    let told = over_time(&portal, &portal.client("ann").await, "t").await;
    let row = &told["amendments"][0];
    assert_eq!(
        (&row["reason"], &row["by"], &row["may_undo"]),
        (&json!(null), &json!(null), &json!(false))
    );
    // Another request with that key is refused.
    let other = amend(&portal, &isv, license, "Suspend", &[("key", "renewal-1")]).await;
    assert_eq!(other.text(), r#"{"Refused":"KeyReused"}"#);
}

async fn n17_what_has_ended_is_renewed(engine: Engine) {
    let World { portal, license, .. } = world(engine, 1, Some(DAY)).await;
    portal.jump(days(3));
    let isv = portal.client("isv").await;
    let short = amend(&portal, &isv, license, "Renew", &[("days", "1")]).await;
    assert_eq!((short.status, why(&short)), (409, json!("OverAlready")));
    let begin = portal.store.sources.now();
    amend(
        &portal,
        &isv,
        license,
        "Renew",
        &[("days", "1"), ("begin", "NowIfEnded")],
    )
    .await
    .ok();
    let told = over_time(&portal, &isv, "t").await;
    let until = moment(&told["grant"]["validity"]["Between"][1]);
    assert!(
        until >= begin + DAY && until < begin + DAY + ms(60_000),
        "{until}"
    );
    amend(&portal, &isv, license, "Extend", &[("until", &day(until + DAY))])
        .await
        .ok();
    let sooner = amend(&portal, &isv, license, "Extend", &[("until", &day(until))]).await;
    assert_eq!((sooner.status, why(&sooner)), (409, json!("NotLater")));
    let no_day = amend(&portal, &isv, license, "Extend", &[("until", "soon")]).await;
    assert_eq!((no_day.status, why(&no_day)), (422, json!("Day")));
}

async fn n17_a_suspended_licence_is_refused_until_it_is_reinstated(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        machine,
    } = world(engine, 2, None).await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    let told = preview(&isv, license, "Suspend", &[]).await.ok();
    let losses = &told[0]["outcome"]["Ok"]["losses"];
    assert_eq!(
        (&losses[0]["quantity"], &losses[0]["left"]),
        (&json!(2), &json!(0))
    );
    assert_eq!(losses[0]["container"]["name"], "Build");
    let expires = portal.number("SELECT expires_at FROM leases").await;
    assert_eq!(moment(&losses[0]["until"]).as_millisecond(), expires);
    amend(&portal, &isv, license, "Suspend", &[]).await.ok();
    let twice = amend(&portal, &isv, license, "Suspend", &[]).await;
    assert_eq!((twice.status, why(&twice)), (409, json!("Suspended")));
    assert_eq!(machine.renew(&lease).await.problem(), "409 license-suspended");
    let other = machine.acquire("A", "other", "key-2345").await;
    assert_eq!(other.problem(), "409 license-suspended");
    let seen = machine.get("/api/v1/container").await.ok();
    assert_eq!(seen["licenses"][0]["state"], "suspended");
    // What is not usable is not activated either.
    let more = activated_once_more(&portal, license, container).await;
    assert_eq!(
        (more.status, more.text().as_str()),
        (409, r#"{"Refused":"LicenseSuspended"}"#)
    );
    amend(&portal, &isv, license, "Reinstate", &[]).await.ok();
    assert_eq!(machine.renew(&lease).await.status, 200, "its own lease goes on");
    machine.acquire("A", "other", "key-3456").await.id();
}

/// What comes back when Ann activates another one in the container.
async fn activated_once_more(portal: &TestPortal, license: i64, container: ContainerId) -> Answer {
    let key = format!("activate-{}", portal.store.sources.fresh_id());
    let fields = [
        ("license", license.to_string()),
        ("container", container.to_string()),
        ("quantity", "1".to_owned()),
        ("key", key),
    ];
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    portal.client("ann").await.post("activate", &fields).await
}

async fn n17_what_is_revoked_stays_so(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        machine,
    } = world(engine, 2, None).await;
    let lease = machine.acquire("A", "host", "key-1234").await.id();
    amend(&portal, &isv, license, "Revoke", &[]).await.ok();
    assert_eq!(machine.renew(&lease).await.problem(), "409 license-revoked");
    let more = activated_once_more(&portal, license, container).await;
    assert_eq!(
        (more.status, more.text().as_str()),
        (409, r#"{"Refused":"LicenseRevoked"}"#)
    );
    for (kind, fields) in [
        ("Reinstate", &[][..]),
        ("Suspend", &[]),
        ("Revoke", &[]),
        ("Quantity", &[("quantity", "5")]),
    ] {
        let answer = amend(&portal, &isv, license, kind, fields).await;
        assert_eq!((answer.status, why(&answer)), (409, json!("Revoked")), "{kind}");
    }
    // What is revoked expires no more, and can still be given back.
    let activation = portal.number("SELECT MAX(id) FROM activations").await.to_string();
    let ann = portal.client("ann").await;
    ann.post("deactivate", &[("activation", &activation)]).await.ok();
}

async fn n17_a_reduction_says_who_loses_what(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        machine,
    } = world(engine, 3, None).await;
    let (first, second) = (
        machine.acquire("A", "one", "key-one-1").await.id(),
        machine.acquire("A", "two", "key-two-2").await.id(),
    );
    let told = preview(&isv, license, "Quantity", &[("quantity", "1")])
        .await
        .ok();
    let losses = &told[0]["outcome"]["Ok"]["losses"];
    assert_eq!(
        (&losses[0]["quantity"], &losses[0]["left"]),
        (&json!(3), &json!(1))
    );
    amend(&portal, &isv, license, "Quantity", &[("quantity", "1")])
        .await
        .ok();
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(
        (&told["license"]["quantity"], &told["license"]["activated"]),
        (&json!(1), &json!(3))
    );
    // The elder stays, the younger learns of it.
    assert_eq!(machine.renew(&first).await.status, 200);
    assert_eq!(machine.renew(&second).await.problem(), "410 license-reduced");
    assert_eq!(
        machine.acquire("A", "new", "key-new-3").await.problem(),
        "409 no-license-free"
    );
    let more = activated_once_more(&portal, license, container).await;
    assert_eq!(more.text(), r#"{"Refused":{"NotEnough":{"free":0}}}"#);
    // As activations are given back, the quantity of the schema follows, and nothing can be activated beyond it.
    let ann = portal.client("ann").await;
    let activation = portal.number("SELECT MAX(id) FROM activations").await.to_string();
    let quantities = async || {
        portal
            .texts(&format!(
                "SELECT quantity || ' ' || COALESCE(reduced_to, 0) || ' ' || activated FROM licenses WHERE id = {license}"
            ))
            .await
    };
    assert_eq!(quantities().await, ["3 1 3"]);
    for left in ["2 1 2", "1 0 1", "1 0 0"] {
        ann.post("deactivate", &[("activation", &activation), ("quantity", "1")])
            .await
            .ok();
        assert_eq!(quantities().await, [left]);
    }
    let same = amend(&portal, &isv, license, "Quantity", &[("quantity", "1")]).await;
    assert_eq!((same.status, why(&same)), (409, json!("SameQuantity")));
    let none = amend(&portal, &isv, license, "Quantity", &[("quantity", "0")]).await;
    assert_eq!((none.status, why(&none)), (422, json!("Quantity")));
}

async fn n17_amendments_are_taken_back_while_nothing_followed(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        machine,
    } = world(engine, 1, None).await;
    let made = amend(&portal, &isv, license, "Quantity", &[("quantity", "3")])
        .await
        .ok();
    undo(&isv, &made[0]).await.ok();
    assert_eq!(over_time(&portal, &isv, "t").await["license"]["quantity"], 1);
    let gone = undo(&isv, &made[0]).await;
    assert_eq!((gone.status, why(&gone)), (409, json!("Gone")));
    // Something followed: another one is activated, and out.
    let made = amend(&portal, &isv, license, "Quantity", &[("quantity", "3")])
        .await
        .ok();
    activated_once_more(&portal, license, container).await.ok();
    let followed = undo(&isv, &made[0]).await;
    assert_eq!((followed.status, why(&followed)), (409, json!("Followed")));
    let told = over_time(&portal, &isv, "t").await;
    assert_eq!(told["amendments"].as_array().unwrap().len(), 2);
    assert_eq!(told["amendments"][1]["state"], "Undone");
    assert_eq!(told["amendments"][1]["undone_by"], "isv");
    // The last one in force is taken back before the one before it.
    amend(&portal, &isv, license, "Suspend", &[]).await.ok();
    let suspended = over_time(&portal, &isv, "t").await["amendments"][0]["id"].clone();
    assert_eq!(why(&undo(&isv, &made[0]).await), "Followed");
    undo(&isv, &suspended).await.ok();
    machine.acquire("A", "host", "key-1234").await.id();
    let absent = undo(&isv, &json!("4611686018427387903")).await;
    assert_eq!(absent.status, 404);
}

async fn n17_several_are_amended_or_none(engine: Engine) {
    let World {
        portal,
        container,
        license,
        isv,
        ..
    } = world(engine, 1, None).await;
    let other = portal.activate("t", container, "B", 2, "").await;
    amend(&portal, &isv, other, "Suspend", &[]).await.ok();
    let (license, other) = (license.to_string(), other.to_string());
    let two = [
        ("new[licenses][0][license]", license.as_str()),
        ("new[licenses][1][license]", &other),
    ];
    let before = portal.state().await;
    let mut form = two.to_vec();
    form.extend([("new[kind]", "Suspend"), ("key", "suspend-both")]);
    let refused = isv.post("amend_licenses", &form).await;
    assert_eq!(why(&refused), "Suspended");
    assert_eq!(portal.state().await, before, "every row is what it was");
    let told = isv.post("preview_amendment", &form[..3]).await.ok();
    assert!(told[0]["outcome"]["Ok"].is_object());
    assert_eq!(told[1]["outcome"]["Err"]["InvalidAmendment"], "Suspended");
    let mut form = two.to_vec();
    form.extend([
        ("new[kind]", "Quantity"),
        ("new[quantity]", "7"),
        ("key", "both-to-7"),
    ]);
    let made = isv.post("amend_licenses", &form).await.ok();
    let ids: Vec<&str> = made
        .as_array()
        .unwrap()
        .iter()
        .map(|id| id.as_str().unwrap())
        .collect();
    assert_eq!(ids.len(), 2);
    let both = [("amendments[0]", ids[0]), ("amendments[1]", ids[1])];
    isv.post("undo_amendments", &both).await.ok();
    let quantities = portal
        .texts("SELECT CAST(quantity AS TEXT) FROM licenses ORDER BY id")
        .await;
    assert_eq!(quantities[1..], ["1", "2"]);
}
