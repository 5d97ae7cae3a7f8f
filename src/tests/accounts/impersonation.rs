//! Looking at the portal as another person (N16): what is seen, that nothing is changed, and how it ends.

use std::collections::BTreeSet;

use domain::accounts::sessions::{IDLE, IMPERSONATION_LIFE};
use http::Method;
use jiff::SignedDuration;
use license_portal::{store::Engine, views::addresses::HISTORY_FILE};
use serde_json::{Value, json};

use crate::{
    policy::{
        matrix::seen,
        operations::CALLS,
        stage::{containers, filled, look_ahead, newcomer},
    },
    resellers::creations,
    support::{
        client::{Client, form, id_in},
        moments::ms,
        portal::TestPortal,
        tree::DEMO,
    },
};

on_both_engines!(
    who_looks_sees_no_more_than_the_person_and_no_more_than_they_may,
    who_may_look_as_whom,
    every_function_reads_as_the_person_or_refuses,
    no_files_and_no_secrets_are_given_out,
    pages_give_out_no_codes,
    it_is_recorded_and_ends_when_it_is_ended,
    it_ends_after_an_hour_and_says_so,
    it_ends_with_the_right_to_it,
    it_ends_with_the_login,
    the_admin_stays_logged_in_meanwhile,
);

const COMPANY: &str = "
    @isv^
    @other^
    @guest
    @ned #own
    Company/
      @boss*
      @other
      #c1
      North/
        @nina*
        @ned #ned-1
        @nora #nora-1
        @multi #multi-1
        @gone- #left
        #n1 #n2!
        Harbour/
          @ned #ned-2
          #h1
      South/
        @sam*
        @multi #multi-2
        #s1
";

const TICKETS: [&str; 12] = [
    "own", "c1", "ned-1", "ned-2", "nora-1", "multi-1", "multi-2", "left", "n1", "n2", "h1", "s1",
];

async fn look(portal: &TestPortal, who: &str, whom: &str) -> Client {
    let client = portal.client(who).await;
    let user = portal.person(whom).to_string();
    client.post("view_as", &[("user", &user)]).await.ok();
    client
}

async fn end(client: &Client) {
    client.post("end_view", &[]).await.ok();
}

const VIEWING: &str = r#"403 {"Refused":"ViewingAs"}"#;
const OVER: &str = r#"403 {"Refused":"ViewOver"}"#;

async fn who_looks_sees_no_more_than_the_person_and_no_more_than_they_may(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    // Ned left South, and kept what came to him there; the ISV admin gave him something without a group.
    let isv = portal.client("isv").await;
    let (south, ned) = (
        portal.group("South").to_string(),
        portal.person("ned").to_string(),
    );
    isv.post("set_member", &[("group", &south), ("user", &ned)])
        .await
        .ok();
    isv.reassign(
        &portal.pick("s1"),
        &portal.owner("@ned/South").to_string(),
        "from-south",
    )
    .await
    .ok();
    isv.post("remove_member", &[("group", &south), ("user", &ned)])
        .await
        .ok();
    portal.learn().await;
    let own = seen(&portal, &portal.client("ned").await, &TICKETS).await;
    let all: BTreeSet<String> = ["own", "ned-1", "ned-2", "n1", "h1", "s1"]
        .map(str::to_owned)
        .into();
    assert_eq!(own, all);
    // Nina administers all of Ned's groups: neither what he has without one, nor what came from South.
    let nina = look(&portal, "nina", "ned").await;
    let through_nina = seen(&portal, &nina, &TICKETS).await;
    let shown: BTreeSet<String> = ["ned-1", "ned-2", "n1", "h1"].map(str::to_owned).into();
    assert_eq!(through_nina, shown);
    assert_eq!(nina.list("mine").await, ["ned-1", "ned-2"]);
    assert_eq!(nina.list(&format!("user:{ned}")).await, [""; 0]);
    let tree = nina.post("branches", &[]).await.text();
    assert!(
        tree.contains(r#""node":"mine","name":"","lineage":null,"children":0,"tickets":2"#),
        "{tree}"
    );
    // The history: not what happened to Ned elsewhere.
    let events = async |client: &Client| {
        let page = client.post_form("events", "query[search]=").await.ok();
        let rows = page["rows"].as_array().unwrap().iter();
        rows.map(|row| row["kind"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let (of_ned, of_nina) = (events(&portal.client("ned").await).await, events(&nina).await);
    assert_eq!(of_ned, ["ViewBegan", "MemberRemoved", "TicketMoved", "MemberSet"]);
    assert_eq!(of_nina, ["ViewBegan"]);
    let person = format!("query[person]={ned}");
    let page = nina.post_form("events", &person).await.ok();
    assert_eq!(page["rows"].as_array().unwrap().len(), 1);
    end(&nina).await;
    // An ISV admin sees all of it, because they see it anyway; and not what Ned does not see.
    let isv = look(&portal, "isv", "ned").await;
    assert_eq!(seen(&portal, &isv, &TICKETS).await, own);
    let me = isv.post("me", &[]).await.ok();
    assert_eq!(
        (&me["name"], &me["actor"]["isv_admin"]),
        (&json!("ned"), &json!(false))
    );
    end(&isv).await;
    assert!(seen(&portal, &isv, &TICKETS).await.contains("c1"));
    assert_eq!(isv.post("me", &[]).await.ok()["viewed_until"], Value::Null);
}

async fn who_may_look_as_whom(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let absent = 4_611_686_018_427_387_903_i64;
    let hidden = r#"404 {"Refused":{"Denied":"Hidden"}}"#;
    let beyond = r#"403 {"Refused":{"Denied":"BeyondOwn"}}"#;
    let oneself = r#"403 {"Refused":{"Denied":"Oneself"}}"#;
    for (who, whom, answer) in [
        ("nina", "ned", ""),
        ("nina", "nora", ""),
        // Also a member of a group that Nina does not see.
        ("nina", "multi", beyond),
        ("boss", "multi", ""),
        ("boss", "nina", ""),
        ("nina", "boss", hidden),
        ("sam", "ned", hidden),
        ("ned", "nora", hidden),
        ("boss", "guest", hidden),
        ("isv", "guest", ""),
        ("boss", "other", beyond),
        ("isv", "other", beyond),
        ("boss", "boss", oneself),
        ("isv", "isv", oneself),
        ("ned", "ned", r#"403 {"Refused":{"Denied":"AdminsOnly"}}"#),
    ] {
        let client = portal.client(who).await;
        let before = portal.state().await;
        let user = portal.person(whom).to_string();
        let found = client.post("view_as", &[("user", &user)]).await;
        if answer.is_empty() {
            found.ok();
            end(&client).await;
        } else {
            assert_eq!(found.refused(), answer, "{who} as {whom}");
            assert_eq!(portal.state().await, before);
        }
    }
    let nothing = portal
        .client("boss")
        .await
        .post("view_as", &[("user", &absent.to_string())])
        .await;
    assert_eq!(nothing.refused(), hidden);
    assert_eq!(
        portal.nobody().post("view_as", &[("user", "7")]).await.status,
        401
    );
}

/// What anybody may call, logged in or not, whoever they look as; and what ends the view.
const OTHERS: [&str; 17] = [
    "beat",
    "demo",
    "end_view",
    "forgot_password",
    "language",
    "leave",
    "list_layout",
    "log_in",
    "log_in_with_code",
    "log_out",
    "me",
    "offered_sign_ins",
    "password_link",
    "set_list_layout",
    "start",
    "theme",
    "use_password_link",
];

/// The functions that only read, and tell no secrets.
const READS: [&str; 50] = [
    "active_sessions",
    "administered",
    "amendments",
    "ancestors",
    "branch_use",
    "branches",
    "candidates",
    "container",
    "containers",
    "containers_for",
    "creation_form",
    "creations",
    "credentials",
    "ended_sessions",
    "events",
    "expiring",
    "expiry_mail",
    "find",
    "find_in_tree",
    "group",
    "history",
    "identity_provider",
    "identity_providers",
    "instance",
    "join_candidates",
    "leaver",
    "leaver_report",
    "licenses",
    "my_data",
    "overview",
    "partner",
    "preview_amendment",
    "preview_move",
    "product",
    "products",
    "report",
    "selected",
    "take_backs",
    "targets",
    "ticket_facets",
    "ticket_use",
    "ticket_views",
    "tickets",
    "tokens",
    "unused",
    "user",
    "users",
    "viewers",
    "webhook",
    "webhooks",
];

async fn every_function_reads_as_the_person_or_refuses(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    portal.client("user-2.1").await;
    containers(&portal).await;
    look_ahead(&portal).await;
    newcomer(&portal).await;
    let person = portal.client("user-1.1.1").await;
    // Both are logged in before anything is compared, and the views stand in the history.
    let isv = look(&portal, "isv-admin", "user-1.1.1").await;
    let admin = look(&portal, "admin-1.1", "user-1.1.1").await;
    portal.learn().await;
    let mut functions: BTreeSet<String> = leptos::server_fn::axum::server_fn_paths()
        .map(|(path, _)| path.trim_start_matches("/api/").to_owned())
        .collect();
    for read in READS {
        assert!(functions.contains(read), "there is no {read}");
    }
    for call in CALLS
        .lines()
        .filter(|line| !line.is_empty() && !line.contains(" => "))
    {
        let (function, form) = filled(&portal, "user-1.1.1", call);
        let function = function.as_str();
        if OTHERS.contains(&function) {
            functions.remove(function);
            continue;
        }
        let own = person.post_form(function, &form).await;
        if READS.contains(&function) {
            let through = isv.post_form(function, &form).await;
            assert_eq!(
                (through.status, through.text()),
                (own.status, own.text()),
                "{call}"
            );
            let through = admin.post_form(function, &form).await;
            assert!(
                through.status == own.status || through.status == 404,
                "{call}: {}",
                through.text()
            );
            functions.remove(function);
        } else if own.status != 400 || own.text() != r#""Malformed""# {
            for who in [&isv, &admin] {
                assert_eq!(who.post_form(function, &form).await.refused(), VIEWING, "{call}");
            }
            functions.remove(function);
            // The person themselves may have changed something.
            portal
                .run("DELETE FROM events WHERE kind NOT IN ('view_began')")
                .await;
        }
    }
    assert_eq!(functions, BTreeSet::new(), "these were not called");
}

async fn no_files_and_no_secrets_are_given_out(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    containers(&portal).await;
    let admin = look(&portal, "admin-1.1", "user-1.1.1").await;
    let container = portal.container("user-1.1.1");
    let before = portal.state().await;
    for (method, path, body) in [
        (
            Method::POST,
            format!("/containers/{container}/credentials"),
            form(&[("label", "New")]),
        ),
        (
            Method::POST,
            format!("/containers/{container}/credentials/reset"),
            form(&[("label", "New")]),
        ),
        (Method::GET, HISTORY_FILE.to_owned(), String::new()),
    ] {
        let request = admin.request(method, &path).body(body.into()).unwrap();
        let answer = admin.send(request).await;
        assert!(
            answer.status == 403 || answer.status == 404,
            "{path}: {}",
            answer.status
        );
        assert!(answer.header("content-disposition").is_empty(), "{path}");
        assert!(
            answer.text().contains("viewing the portal as somebody else"),
            "{path}: {}",
            answer.text()
        );
    }
    assert_eq!(portal.state().await, before);
    // The secret of a second factor stands on a page.
    let page = admin.get("/me/second-factor").await;
    assert!(
        page.text().contains("viewing the portal as somebody else"),
        "{}",
        page.text()
    );
}

/// A page is made of the answers of functions: on the server it tells no more than they do.
async fn pages_give_out_no_codes(engine: Engine) {
    let portal = creations::portal(engine).await;
    let made = creations::create(&portal, "paul", "Partner", "studio", &[])
        .await
        .ok();
    let (id, paul) = (id_in(&made), portal.client("paul").await);
    let page = format!("/created/{id}");
    let told = paul.post("creation", &[("creation", &id)]).await.ok();
    let code = told["tickets"][0]["code"].as_str().unwrap();
    assert!(paul.get(&page).await.text().contains(code));
    let boss = look(&portal, "boss", "paul").await;
    let answer = boss.get(&page).await;
    assert_eq!(answer.status, 403);
    assert!(!answer.text().contains(code));
    assert!(answer.text().contains("viewing the portal as somebody else"));
    // What reads and tells no secrets is there.
    assert_eq!(boss.get("/create").await.status, 200);
}

/// The kinds of events of a view, the oldest first, each with who and whom.
async fn recorded(portal: &TestPortal) -> Vec<String> {
    let sql =
        "SELECT e.kind || ' ' || a.login || ' ' || u.login FROM events e JOIN users a ON a.id = e.actor_id
               JOIN users u ON u.id = e.user_id WHERE e.kind LIKE 'view_%' ORDER BY e.id";
    portal.texts(sql).await
}

async fn it_is_recorded_and_ends_when_it_is_ended(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = look(&portal, "nina", "ned").await;
    let page = nina.get("/tickets/all").await.text();
    assert!(
        page.contains("You are viewing the portal as ned, until "),
        "{page}"
    );
    let again = nina
        .post("view_as", &[("user", &portal.person("nora").to_string())])
        .await;
    assert_eq!(again.refused(), VIEWING);
    // Administrators of the portal see who looks as whom.
    let isv = portal.client("isv").await;
    let looks = async || {
        let list = isv.post("active_sessions", &[("search", "nina")]).await.ok();
        list["rows"][0]["viewing_as"].clone()
    };
    assert_eq!(looks().await, "ned");
    end(&nina).await;
    assert_eq!(looks().await, Value::Null);
    assert_eq!(
        recorded(&portal).await,
        ["view_began nina ned", "view_ended nina ned"]
    );
    assert_eq!(
        nina.post("end_view", &[]).await.refused(),
        r#"409 {"Refused":"NotViewing"}"#
    );
    assert!(!nina.get("/tickets/all").await.text().contains("You are viewing"));
    // Nina may change things again.
    nina.reassign(
        &portal.pick("n1"),
        &portal.owner("@ned/North").to_string(),
        "nina-again",
    )
    .await
    .ok();
    // Ned reads in his history who it was, and of one above him only that it was.
    end(&look(&portal, "boss", "ned").await).await;
    let page = portal
        .client("ned")
        .await
        .post_form("events", "query[topic]=Accounts")
        .await
        .ok();
    let rows: Vec<(&Value, &Value)> = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (&row["kind"], &row["by"]))
        .collect();
    let hidden = json!({ "Person": "Hidden" });
    assert_eq!(
        rows[..2],
        [(&json!("ViewEnded"), &hidden), (&json!("ViewBegan"), &hidden)]
    );
}

async fn it_ends_after_an_hour_and_says_so(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = look(&portal, "nina", "ned").await;
    let stay = async |span: SignedDuration| {
        for _ in 0..span.as_secs() / (IDLE / 2).as_secs() {
            portal.pass(IDLE / 2);
            nina.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
        }
    };
    stay(IMPERSONATION_LIFE - IDLE / 2).await;
    assert_eq!(nina.list("mine").await, ["ned-1", "ned-2"]);
    stay(IDLE / 2).await;
    // The page that is still open is answered nothing, and changes nothing in her own name.
    assert_eq!(nina.post_form("users", "").await.refused(), OVER);
    let tickets = portal.pick("n1");
    let to = portal.owner("@ned/North").to_string();
    assert_eq!(
        nina.reassign(&tickets, &to, "from-the-old-page").await.refused(),
        OVER
    );
    let heard = nina.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
    assert_eq!(heard["user"], portal.person("nina").to_string());
    portal.portal.sessions.sweep().await.unwrap();
    portal.portal.sessions.sweep().await.unwrap();
    assert_eq!(
        recorded(&portal).await,
        ["view_began nina ned", "view_ended nina ned"]
    );
    assert_eq!(
        nina.reassign(&tickets, &to, "from-the-old-page").await.refused(),
        OVER
    );
    // The next page is her own.
    assert!(!nina.get("/tickets/all").await.text().contains("You are viewing"));
    nina.reassign(&tickets, &to, "from-the-new-page").await.ok();
    assert_eq!(recorded(&portal).await.len(), 2);
}

async fn it_ends_with_the_right_to_it(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, boss) = (look(&portal, "nina", "ned").await, portal.client("boss").await);
    // Ned comes into a group that Nina does not see.
    let (south, ned) = (
        portal.group("South").to_string(),
        portal.person("ned").to_string(),
    );
    boss.post("set_member", &[("group", &south), ("user", &ned)])
        .await
        .ok();
    assert_eq!(nina.post_form("users", "").await.refused(), OVER);
    nina.get("/").await;
    assert_eq!(
        recorded(&portal).await,
        ["view_began nina ned", "view_ended nina ned"]
    );
    assert_eq!(nina.post("me", &[]).await.ok()["name"], "nina");
    // Nina is no admin any more.
    boss.post("remove_member", &[("group", &south), ("user", &ned)])
        .await
        .ok();
    look(&portal, "nina", "ned").await;
    let (north, user) = (
        portal.group("North").to_string(),
        portal.person("nina").to_string(),
    );
    boss.post("set_member", &[("group", &north), ("user", &user)])
        .await
        .ok();
    assert_eq!(nina.post_form("users", "").await.refused(), OVER);
}

async fn it_ends_with_the_login(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = look(&portal, "nina", "ned").await;
    nina.post("log_out", &[]).await.ok();
    assert_eq!(
        recorded(&portal).await,
        ["view_began nina ned", "view_ended nina ned"]
    );
    assert_eq!(nina.post("me", &[]).await.ok(), Value::Null);
    // A new login is her own.
    let nina = portal.client("nina").await;
    assert_eq!(nina.post("me", &[]).await.ok()["name"], "nina");
    // One that ends by itself.
    look(&portal, "nina", "nora").await;
    portal.pass(2 * IDLE);
    portal.portal.sessions.sweep().await.unwrap();
    assert_eq!(
        recorded(&portal).await[2..],
        ["view_began nina nora", "view_ended nina nora"]
    );
}

async fn the_admin_stays_logged_in_meanwhile(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let nina = look(&portal, "nina", "ned").await;
    // It is Nina's login that is heard of, and no second one of Ned's.
    let heard = nina.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
    assert_eq!(heard["user"], portal.person("ned").to_string());
    portal.pass(IDLE - ms(60_000));
    nina.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
    portal.pass(ms(120_000));
    assert_eq!(ned.post("me", &[]).await.ok(), Value::Null);
    assert_eq!(nina.post("me", &[]).await.ok()["name"], "ned");
    let running = "SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL AND user_id = ";
    assert_eq!(
        portal
            .number(&format!("{running}{}", portal.person("nina")))
            .await,
        1
    );
}
