//! Offboardings (N7): seen before it is done, done as a whole, and told afterwards; of all that, what the admin administers.

mod undone;

use domain::accounts::sessions::GONE;
use license_portal::store::Engine;
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client, id_in},
    portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(
    n7_what_is_seen_is_done,
    n7_what_is_elsewhere_stays_and_stays_unknown,
    n7_who_left_stays_named,
    n7_an_open_tab_takes_a_reason,
    n7_licences_go_on_with_who_takes_over,
    n7_what_a_machine_holds_is_asked_back,
);

const COMPANY: &str = "
    @isv^
    @ned #own
    Company/
      @boss*
      North/
        @nina*
        @ned #n1 #n2
        @nora #nora
      South/
        @sam*
        @ned #s1
";

/// A portal in which ned has a container with licences in it.
async fn company(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let container = nina.cloud_container(&portal, "@ned/North", "Laptop").await;
    nina.activate(&portal, "n1", &container, 1).await.ok();
    portal
        .run(&format!(
            "INSERT INTO credentials (id, container_id, label, public_key, issued_at, issued_by)
             VALUES (77, {container}, 'Build', '-', {BEGIN_MS}, {})",
            portal.person("nina")
        ))
        .await;
    portal.learn().await;
    portal
}

/// A plan in which names stand for ids: `group.North`, `container.ned`, `owner.North`.
fn plan(portal: &TestPortal, text: &str) -> String {
    let mut steps = text.split_whitespace().map(|step| {
        let fill = |word: &str| match word.split_once('.') {
            Some(("group", name)) => portal.group(name).to_string(),
            Some(("container", login)) => portal.container(login).to_string(),
            Some(("owner", place)) => portal.owner(place).to_string(),
            _ => word.to_owned(),
        };
        let (what, of) = step.split_once(':').unwrap_or((step, ""));
        let of = of.split('=').map(fill).collect::<Vec<_>>().join("=");
        if of.is_empty() {
            what.to_owned()
        } else {
            format!("{what}:{of}")
        }
    });
    let first = steps.next().unwrap_or_default();
    steps.fold(first, |plan, step| format!("{plan};{step}"))
}

const WHOLE: &str = "licenses:container.ned=back credentials:container.ned tickets:group.North=owner.North
    tickets:group.South=owner.South tickets:none=owner.South login account membership:group.North membership:group.South";
const NORTH: &str = "licenses:container.ned=back credentials:container.ned tickets:group.North=owner.North membership:group.North";

async fn dry_run(portal: &TestPortal, by: &Client, text: &str) -> Answer {
    let (user, plan) = (portal.person("ned").to_string(), plan(portal, text));
    by.post("rehearse_leaver", &[("user", &user), ("plan", &plan)])
        .await
}

async fn process(portal: &TestPortal, by: &Client, text: &str, more: &[(&str, &str)]) -> Answer {
    let (user, plan) = (portal.person("ned").to_string(), plan(portal, text));
    let mut fields = vec![("user", user.as_str()), ("plan", plan.as_str())];
    fields.extend(more);
    if !more.iter().any(|(name, _)| *name == "key") {
        fields.push(("key", "leaver-of-ned"));
    }
    by.post("process_leaver", &fields).await
}

/// What stands in the lines: the kind of each deed, with `!` where it is refused.
fn deeds(dry_run: &Value) -> Vec<String> {
    let lines = dry_run["lines"].as_array().unwrap();
    let deed = |line: &Value| {
        let deed = &line["deed"];
        let name = deed
            .as_object()
            .map_or(deed.as_str(), |deed| deed.keys().next().map(String::as_str));
        let refused = line["outcome"].get("Ok").is_none();
        format!("{}{}", name.unwrap(), if refused { "!" } else { "" })
    };
    lines.iter().map(deed).collect()
}

fn kinds(report: &Value) -> Vec<String> {
    let rows = report["rows"].as_array().unwrap();
    rows.iter()
        .map(|row| row["kind"].as_str().unwrap().to_owned())
        .collect()
}

async fn report(by: &Client, id: &Value) -> Answer {
    by.post("leaver_report", &[("report", &id_in(id))]).await
}

async fn n7_what_is_seen_is_done(engine: Engine) {
    let portal = company(engine).await;
    let isv = portal.client("isv").await;
    let before = portal.state().await;
    let seen = dry_run(&portal, &isv, WHOLE).await.ok();
    assert_eq!(
        deeds(&seen),
        [
            "LicenseBack",
            "CredentialsReset",
            "TicketMoved",
            "TicketMoved",
            "TicketMoved",
            "TicketMoved",
            "AccountOff",
            "MembershipEnded",
            "MembershipEnded"
        ]
    );
    assert_eq!(portal.state().await, before, "a rehearsal changes nothing");
    let id = process(&portal, &isv, WHOLE, &[("seen", seen["seen"].as_str().unwrap())])
        .await
        .ok();
    assert_eq!(
        [
            portal.holder("n1").await,
            portal.holder("s1").await,
            portal.holder("own").await
        ],
        ["North", "South", "South"]
    );
    let ned = portal.person("ned");
    for (what, sql) in [
        (
            "memberships",
            format!("SELECT COUNT(*) FROM memberships WHERE user_id = {ned}"),
        ),
        ("seats", format!("SELECT active FROM users WHERE id = {ned}")),
        ("licences", "SELECT SUM(activated) FROM licenses".to_owned()),
        (
            "credentials",
            "SELECT COUNT(*) FROM credentials WHERE revoked_at IS NULL".to_owned(),
        ),
    ] {
        assert_eq!(
            portal.number(&format!("SELECT CAST(({sql}) AS BIGINT)")).await,
            0,
            "{what}"
        );
    }
    let told = report(&isv, &id).await.ok();
    let person = json!({ "Known": [ned, "ned"] });
    assert_eq!(
        (&told["person"], &told["by"]),
        (
            &person,
            &json!({ "Person": { "Known": [portal.person("isv"), "isv"] } })
        )
    );
    assert_eq!(
        kinds(&told),
        [
            "LicenseWithdrawn",
            "CredentialsReset",
            "TicketMoved",
            "TicketMoved",
            "TicketMoved",
            "TicketMoved",
            "UserDeactivated",
            "MemberRemoved",
            "MemberRemoved"
        ]
    );
    // The history leads to it, and the same request is answered alike.
    let page = isv.get("/history").await.text();
    assert!(page.contains(&format!("/leavers/{}", id_in(&id))), "{page}");
    let again = process(&portal, &isv, WHOLE, &[("seen", seen["seen"].as_str().unwrap())]).await;
    assert_eq!(again.ok(), id);
    let other = process(&portal, &isv, "account", &[]).await.refused();
    assert_eq!(other, r#"409 {"Refused":"KeyReused"}"#);
    let keys = "SELECT COUNT(DISTINCT request_key) FROM events WHERE request_key = 'leaver-of-ned'";
    assert_eq!(portal.number(keys).await, 1);
}

async fn n7_what_is_elsewhere_stays_and_stays_unknown(engine: Engine) {
    let portal = company(engine).await;
    let nina = portal.client("nina").await;
    let ned = portal.person("ned").to_string();
    let found = nina.post("leaver", &[("user", &ned)]).await.ok();
    assert_eq!(found["may_change"], json!(false));
    assert_eq!(found["logged_in"], Value::Null);
    let levels: Vec<&Value> = found["levels"]
        .as_array()
        .unwrap()
        .iter()
        .map(|level| &level["path"])
        .collect();
    assert_eq!(levels, [&json!(["North"])]);
    let memberships = found["memberships"].as_array().unwrap();
    assert_eq!(memberships.len(), 1);
    assert!(!found.to_string().contains("South") && !found.to_string().contains("Company"));
    // What she cannot see does not happen, whatever is asked for.
    let seen = dry_run(
        &portal,
        &nina,
        "tickets:group.South=owner.North tickets:none=owner.North",
    )
    .await
    .ok();
    assert_eq!(deeds(&seen), [""; 0]);
    for (forged, status) in [("account", 403), ("login", 403), ("membership:group.South", 404)] {
        let answer = process(&portal, &nina, forged, &[]).await;
        assert_eq!(answer.status, status, "{forged}: {}", answer.text());
    }
    let id = process(&portal, &nina, NORTH, &[]).await.ok();
    assert_eq!(
        [portal.holder("n1").await, portal.holder("s1").await],
        ["North", "@ned/South"]
    );
    assert_eq!(portal.holder("own").await, "@ned");
    let stays = format!("SELECT active FROM users WHERE id = {ned}");
    assert_eq!(portal.number(&stays).await, 1);
    let groups = format!(
        "SELECT g.name FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id = {ned}"
    );
    assert_eq!(portal.texts(&groups).await, ["South"]);
    // Who he was stays told where he was, though she sees him no more.
    let told = report(&nina, &id).await.ok();
    assert_eq!(told["person"], json!({ "Former": "ned" }));
    let rows = told["rows"].as_array().unwrap();
    assert!(
        rows.iter().all(|row| !row.to_string().contains("Elsewhere")),
        "{rows:?}"
    );
    assert!(
        rows.iter()
            .any(|row| row["from"] == json!({ "Person": ["ned", ["North"]] }))
    );
    assert!(rows.iter().any(|row| row["person"] == json!({ "Former": "ned" })));
    let page = nina.get(&format!("/leavers/{}", id_in(&id))).await.text();
    assert!(page.contains(">Leaver: ned<"), "{page}");
    assert_eq!(nina.get(&format!("/users/{ned}")).await.status, 404);
    let later = nina.post("events", &[("query[search]", "")]).await.ok();
    let removed = later["rows"].as_array().unwrap();
    let removed = removed.iter().find(|row| row["kind"] == "MemberRemoved").unwrap();
    assert_eq!(removed["person"], json!({ "Former": "ned" }));
    // Who administers her reads the report; who administers him elsewhere knows of none.
    let boss = portal.client("boss").await;
    let told = report(&boss, &id).await.ok();
    assert!(kinds(&told).contains(&"TicketMoved".to_owned()));
    assert_eq!(told["person"], json!({ "Known": [ned, "ned"] }));
    let (sam, absent) = (portal.client("sam").await, json!("4611686018427387903"));
    let (hidden, absent) = (report(&sam, &id).await, report(&sam, &absent).await);
    assert_eq!((hidden.status, hidden.text()), (404, absent.text()));
    let history = sam
        .post("events", &[("query[search]", "")])
        .await
        .ok()
        .to_string();
    assert!(
        !history.contains("LeaverProcessed") && !history.contains("North"),
        "{history}"
    );
}

/// Whoever ends the last membership of somebody no longer sees them, but knows whom the history is about.
async fn n7_who_left_stays_named(engine: Engine) {
    let portal = company(engine).await;
    let nina = portal.client("nina").await;
    let nora = portal.person("nora").to_string();
    let plan = format!("account;membership:{}", portal.group("North"));
    let fields = [
        ("user", nora.as_str()),
        ("plan", &plan),
        ("key", "leaver-of-nora"),
    ];
    let id = nina.post("process_leaver", &fields).await.ok();
    let former = json!({ "Former": "nora" });
    let told = report(&nina, &id).await.ok();
    let rows = told["rows"].as_array().unwrap().clone();
    assert_eq!(kinds(&told), ["UserDeactivated", "MemberRemoved"]);
    assert!(rows.iter().all(|row| row["person"] == former), "{rows:?}");
    assert_eq!(told["person"], former);
    let history = nina.post("events", &[("query[search]", "")]).await.ok();
    let of_nora = ["LeaverProcessed", "MemberRemoved", "UserDeactivated"].map(|kind| {
        let mut rows = history["rows"].as_array().unwrap().iter();
        let row = rows.find(|row| row["kind"] == kind).unwrap();
        row["person"].clone()
    });
    assert_eq!(of_nora, [former.clone(), former.clone(), former]);
    // A name is a name, and no way to the account.
    assert_eq!(nina.get(&format!("/users/{nora}")).await.status, 404);
    let page = nina.get("/history").await.text();
    assert!(
        page.contains("nora") && !page.contains(&format!("person={nora}")),
        "{page}"
    );
}

async fn n7_an_open_tab_takes_a_reason(engine: Engine) {
    let portal = company(engine).await;
    let boss = portal.client("boss").await;
    let ned = portal.client("ned").await;
    ned.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
    let seen = dry_run(&portal, &boss, "login account").await.ok();
    assert_eq!(
        (deeds(&seen), &seen["needs_reason"]),
        (vec!["LoginEnded".into(), "AccountOff".into()], &json!(true))
    );
    let before = portal.state().await;
    for reason in ["", "  "] {
        let refused = process(&portal, &boss, "login account", &[("reason", reason)])
            .await
            .refused();
        assert_eq!(refused, r#"422 {"Refused":"NoReason"}"#);
    }
    assert_eq!(portal.state().await, before);
    let done = process(
        &portal,
        &boss,
        "login account",
        &[("reason", "He left."), ("seen", seen["seen"].as_str().unwrap())],
    )
    .await;
    let id = done.ok();
    assert_eq!(ned.post("my_data", &[]).await.status, 401);
    assert_eq!(
        kinds(&report(&boss, &id).await.ok()),
        ["LoginEnded", "UserDeactivated"]
    );
    assert_eq!(
        portal
            .texts("SELECT end_reason || ': ' || end_note FROM sessions WHERE end_note IS NOT NULL")
            .await,
        ["deactivated: He left."]
    );
    // Of a tab that is gone nobody asks why; the account may stay on.
    portal.run("UPDATE users SET active = 1").await;
    portal.client("ned").await;
    portal.pass(GONE);
    let seen = dry_run(&portal, &boss, "login").await.ok();
    assert_eq!(seen["needs_reason"], json!(false));
    process(&portal, &boss, "login", &[("key", "only-the-login")])
        .await
        .ok();
    let last = "SELECT end_reason FROM sessions WHERE ended_at IS NOT NULL ORDER BY id DESC LIMIT 1";
    assert_eq!(portal.texts(last).await, ["closed"]);
}

async fn n7_licences_go_on_with_who_takes_over(engine: Engine) {
    let portal = company(engine).await;
    let nina = portal.client("nina").await;
    nina.cloud_container(&portal, "@nora/North", "Desktop").await;
    let (ned, nora) = (
        portal.person("ned").to_string(),
        portal.person("nora").to_string(),
    );
    let found = nina
        .post("leaver", &[("user", &ned), ("successor", &nora)])
        .await
        .ok();
    let successor = &found["successor"];
    assert_eq!(
        successor["owners"][0][0],
        json!(portal.owner("@nora/North").to_string())
    );
    assert_eq!(successor["containers"][0]["name"], "Desktop");
    let over = "licenses:container.ned=container.nora tickets:group.North=owner.@nora/North";
    let seen = dry_run(&portal, &nina, over).await.ok();
    assert_eq!(deeds(&seen), ["LicenseMoved", "TicketMoved", "TicketMoved"]);
    assert_eq!(
        seen["lines"][0]["deed"]["LicenseMoved"]["to"],
        json!(["nora", "Desktop"])
    );
    process(&portal, &nina, over, &[]).await.ok();
    assert_eq!(portal.holder("n1").await, "@nora/North");
    let container = portal.container("nora");
    let there = format!(
        "SELECT SUM(quantity) FROM activations WHERE container_id = {container} AND ended_at IS NULL"
    );
    assert_eq!(
        portal.number(&format!("SELECT CAST(({there}) AS BIGINT)")).await,
        1
    );
    // Somebody out of reach takes nothing over.
    let sam = portal.person("sam").to_string();
    assert_eq!(
        nina.post("leaver", &[("user", &ned), ("successor", &sam)])
            .await
            .status,
        404
    );
}

async fn n7_what_a_machine_holds_is_asked_back(engine: Engine) {
    let portal = company(engine).await;
    let nina = portal.client("nina").await;
    let running = portal.activation("ned");
    let until = BEGIN_MS + 90 * 24 * 60 * 60 * 1000;
    portal
        .run(&format!(
            "UPDATE containers SET kind = 'device' WHERE id = {}",
            portal.container("ned")
        ))
        .await;
    portal
        .run(&format!(
            "INSERT INTO devices (container_id) VALUES ({})",
            portal.container("ned")
        ))
        .await;
    portal
        .run(&format!(
            "UPDATE activations SET signed_until = {until} WHERE id = {running}"
        ))
        .await;
    let seen = dry_run(&portal, &nina, "licenses:container.ned=back").await.ok();
    assert_eq!(seen["lines"][0]["outcome"], json!({ "Ok": "AtMachine" }));
    process(&portal, &nina, "licenses:container.ned=back", &[])
        .await
        .ok();
    assert_eq!(
        portal.texts("SELECT state FROM activations").await,
        ["withdrawing"]
    );
    // It is on its way: there is nothing more to do about it.
    let seen = dry_run(&portal, &nina, "licenses:container.ned=back").await.ok();
    assert_eq!(deeds(&seen), [""; 0]);
    // A transfer cannot wait for a machine.
    portal.run("UPDATE activations SET state = 'confirmed'").await;
    nina.cloud_container(&portal, "@nora/North", "Desktop").await;
    let over = "licenses:container.ned=container.nora tickets:group.North=owner.North";
    let seen = dry_run(&portal, &nina, over).await.ok();
    assert_eq!(deeds(&seen), ["LicenseMoved!", "TicketMoved", "TicketMoved"]);
    let before = portal.state().await;
    let refused = process(&portal, &nina, over, &[("key", "over-to-nora")])
        .await
        .refused();
    assert_eq!(refused, r#"409 {"Refused":"OnMachine"}"#);
    assert_eq!(portal.state().await, before);
}
