//! Accounts within the pool of seats (S16, S17), and the licence of the instance.

use domain::accounts::seats::UNLICENSED;
use license_portal::{
    ops::{
        accounts::people,
        instance::{Vendor, organisation},
    },
    store::Engine,
};
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client},
    moments::ms,
    portal::{BEGIN, TestPortal},
    tree,
};

on_both_engines!(
    s16_the_overview_shows_what_was_bought,
    s16_a_licence_that_cannot_be_used_is_refused,
    s16_without_a_licence_there_are_five_seats,
    s17_as_many_as_there_are_seats,
    s17_switching_on_needs_a_password,
    s17_asvs_7_4_2_a_deactivated_user_cannot_log_in,
    s17_several_at_once_or_none,
    s17_group_admins_look_after_their_branch,
    s17_ten_thousand_users_in_pages,
    s1_the_last_isv_admin_stays,
    an_import_without_seats_brings_people_in_as_inactive,
);

/// Everybody's password.
pub const PASSWORD: &str = "correct horse battery";
/// A password that can be chosen instead.
pub const CHOSEN: &str = "drei kleine ziegen im mai";
pub const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        @nina*
        @ned
        @multi
      South/
        @sam*
        @multi
";

/// A portal in which everybody has a password, with a licence for that many seats.
pub async fn portal(engine: Engine, text: &str, seats: u32) -> TestPortal {
    let portal = TestPortal::start(engine, text).await;
    portal.set_passwords(PASSWORD).await;
    let file = portal.license(seats, |_| {});
    let isv = portal.client("isv").await;
    isv.post("replace_license", &[("license", &file)]).await.ok();
    portal
}

async fn switch(client: &Client, portal: &TestPortal, people: &[&str], active: bool) -> Answer {
    let mut form: Vec<(String, String)> = people
        .iter()
        .enumerate()
        .map(|(at, login)| (format!("users[{at}]"), portal.person(login).to_string()))
        .collect();
    form.push(("active".to_owned(), active.to_string()));
    let form: Vec<(&str, &str)> = form
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    client.post("switch_users", &form).await
}

/// Logs in; yields the answer, and the browser afterwards.
pub async fn log_in(portal: &TestPortal, login: &str, password: &str) -> (Answer, Client) {
    let nobody = portal.nobody();
    let answer = nobody.log_in(login, password).await;
    let browser = nobody.with_cookie(&answer);
    (answer, browser)
}

pub async fn is_active(portal: &TestPortal, login: &str) -> bool {
    portal
        .number(&format!("SELECT active FROM users WHERE login = '{login}'"))
        .await
        == 1
}

async fn s16_the_overview_shows_what_was_bought(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let isv = portal.client("isv").await;
    let overview = isv.post("instance", &[]).await.ok();
    assert_eq!(overview["pool"], json!({ "seats": 12, "active": 6 }));
    let license = &overview["license"];
    assert_eq!(
        (
            &license["customer"],
            &license["number"],
            &license["variant"],
            &license["functions"]
        ),
        (
            &json!("C-1"),
            &json!("I-1"),
            &json!("Professional"),
            &json!(["resellers"])
        )
    );
    assert_eq!(license["contact"]["name"], "Erika");
    assert_eq!(overview["address"], "127.0.0.1:3000");
    assert_eq!(overview["version"], env!("CARGO_PKG_VERSION"));
    assert_eq!(
        portal.client("boss").await.post("instance", &[]).await.refused(),
        r#"404 {"Refused":{"Denied":"Hidden"}}"#
    );
}

async fn s16_a_licence_that_cannot_be_used_is_refused(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let isv = portal.client("isv").await;
    let good = portal.license(99, |_| {});
    let parts: Vec<&str> = good.split('.').collect();
    let bigger = portal.license(999, |_| {});
    let altered = [parts[0], bigger.split('.').nth(1).unwrap(), parts[2]].join(".");
    let foreign = portal.license(99, |license| license.aud = "another".to_owned());
    let expired = portal.license(99, |license| license.expires_at = Some(BEGIN));
    for (file, why) in [
        ("", "Malformed"),
        ("nonsense", "Malformed"),
        (altered.as_str(), "Forged"),
        (&foreign, "Foreign"),
        (&expired, "Expired"),
    ] {
        let answer = isv.post("replace_license", &[("license", file)]).await;
        assert_eq!(
            (answer.status, answer.json()),
            (422, json!({ "Refused": { "InvalidLicense": why } }))
        );
        let overview = isv.post("instance", &[]).await.ok();
        assert_eq!(overview["pool"]["seats"], 12, "the one in force stays");
    }
    // One that expires later falls back to no licence, and says why.
    let soon = portal.license(99, |license| license.expires_at = Some(BEGIN + ms(600_000)));
    isv.post("replace_license", &[("license", &soon)]).await.ok();
    assert_eq!(isv.post("instance", &[]).await.ok()["pool"]["seats"], 99);
    portal.pass(ms(601_000));
    let overview = isv.post("instance", &[]).await.ok();
    assert_eq!(
        (
            &overview["pool"]["seats"],
            &overview["invalid"],
            &overview["license"]
        ),
        (&json!(UNLICENSED), &json!("Expired"), &Value::Null)
    );
}

async fn s16_without_a_licence_there_are_five_seats(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let isv = portal.client("isv").await;
    let overview = isv.post("instance", &[]).await.ok();
    assert_eq!(overview["pool"], json!({ "seats": UNLICENSED, "active": 6 }));
    assert_eq!(
        (&overview["license"], &overview["invalid"]),
        (&Value::Null, &Value::Null)
    );
    // A server that knows no vendor believes nobody.
    let good = portal.license(99, |_| {});
    let other = portal.with(|portal| portal.vendor = Vendor::default()).await;
    assert_eq!(
        other
            .client("isv")
            .await
            .post("replace_license", &[("license", &good)])
            .await
            .json(),
        json!({ "Refused": { "InvalidLicense": "NoVendor" } })
    );
}

async fn s17_as_many_as_there_are_seats(engine: Engine) {
    let portal = portal(engine, COMPANY, 5).await;
    let isv = portal.client("isv").await;
    // More are active than a smaller licence allows: nobody is thrown out, nobody else gets in.
    switch(&isv, &portal, &["ned"], false).await.ok();
    let refused = switch(&isv, &portal, &["ned"], true).await;
    assert_eq!(
        (refused.status, refused.json()),
        (
            409,
            json!({ "Refused": { "NoSeatLeft": { "wanted": 1, "left": 0 } } })
        )
    );
    switch(&isv, &portal, &["multi"], false).await.ok();
    switch(&isv, &portal, &["ned"], true).await.ok();
    assert!(is_active(&portal, "ned").await && !is_active(&portal, "multi").await);
    // What is so already is no error, and takes no seat.
    switch(&isv, &portal, &["ned", "ned"], true).await.ok();
    let page = isv.post("users", &[]).await.ok();
    assert_eq!(page["seats"], json!({ "Pool": { "seats": 5, "active": 5 } }));
}

async fn s17_switching_on_needs_a_password(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let isv = portal.client("isv").await;
    isv.post("create_user", &[("login", "new")]).await.ok();
    portal.learn().await;
    assert!(!is_active(&portal, "new").await);
    assert_eq!(
        switch(&isv, &portal, &["new"], true).await.refused(),
        r#"409 {"Refused":"NoPassword"}"#
    );
    let user = portal.person("new").to_string();
    isv.post("generate_password", &[("user", &user)]).await.ok();
    switch(&isv, &portal, &["new"], true).await.ok();
    assert!(is_active(&portal, "new").await);
}

async fn s17_asvs_7_4_2_a_deactivated_user_cannot_log_in(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let isv = portal.client("isv").await;
    let ned = portal.client("ned").await;
    switch(&isv, &portal, &["ned"], false).await.ok();
    // The running login stays until logout; then it is over.
    ned.post("branches", &[]).await.ok();
    ned.post("log_out", &[]).await.ok();
    let (answer, _) = log_in(&portal, "ned", PASSWORD).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"Inactive"}"#);
    assert_eq!(answer.header("set-cookie"), "");
    // With a wrong password nothing is told.
    let (answer, _) = log_in(&portal, "ned", "wrong").await;
    assert_eq!(answer.refused(), r#"401 "WrongLogin""#);
    // The password is kept.
    switch(&isv, &portal, &["ned"], true).await.ok();
    let (answer, ned) = log_in(&portal, "ned", PASSWORD).await;
    answer.ok();
    // "And end the running login".
    let user = portal.person("ned").to_string();
    isv.post(
        "switch_users",
        &[("users[0]", &user), ("active", "false"), ("end_login", "true")],
    )
    .await
    .ok();
    assert_eq!(ned.post("branches", &[]).await.status, 401, "at once");
    assert_eq!(
        portal
            .texts("SELECT end_reason FROM sessions WHERE end_reason = 'deactivated'")
            .await
            .len(),
        1
    );
}

async fn s17_several_at_once_or_none(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let (isv, nina) = (portal.client("isv").await, portal.client("nina").await);
    let before = portal.state().await;
    // Nina administers Ned, and shares Multi with South.
    let refused = switch(&nina, &portal, &["ned", "multi"], false).await;
    assert_eq!(refused.refused(), r#"403 {"Refused":{"Denied":"BeyondOwn"}}"#);
    assert_eq!(switch(&nina, &portal, &["ned", "sam"], false).await.status, 404);
    assert_eq!(
        switch(&isv, &portal, &[], false).await.refused(),
        r#"422 {"Refused":"NobodySelected"}"#
    );
    assert_eq!(portal.state().await, before);
    switch(&isv, &portal, &["ned", "multi", "sam"], false).await.ok();
    let small = portal.license(5, |_| {});
    isv.post("replace_license", &[("license", &small)]).await.ok();
    let refused = switch(&isv, &portal, &["ned", "multi", "sam"], true).await;
    assert_eq!(
        refused.json(),
        json!({ "Refused": { "NoSeatLeft": { "wanted": 3, "left": 2 } } })
    );
    assert!(!is_active(&portal, "ned").await, "all or none");
    switch(&isv, &portal, &["ned", "multi"], true).await.ok();
}

async fn s17_group_admins_look_after_their_branch(engine: Engine) {
    let portal = portal(engine, COMPANY, 12).await;
    let (boss, nina, ned) = (
        portal.client("boss").await,
        portal.client("nina").await,
        portal.client("ned").await,
    );
    let logins = async |client: &Client, search: &str| {
        let page = client.post("users", &[("query[search]", search)]).await.ok();
        let rows = page["rows"].as_array().unwrap().clone();
        let mut logins: Vec<String> = rows
            .iter()
            .map(|row| row["login"].as_str().unwrap().to_owned())
            .collect();
        logins.sort();
        (logins, page["total"].clone(), page["seats"].clone())
    };
    let (seen, total, seats) = logins(&nina, "").await;
    assert_eq!(
        (seen, total),
        (
            vec!["multi".to_owned(), "ned".to_owned(), "nina".to_owned()],
            json!(3)
        )
    );
    assert_eq!(
        seats,
        json!({ "IsLeft": true }),
        "how large the instance is, is not told (S4)"
    );
    assert_eq!(logins(&nina, "sam").await.0, Vec::<String>::new());
    assert_eq!(logins(&boss, "").await.0, ["boss", "multi", "ned", "nina", "sam"]);
    assert_eq!(ned.post("users", &[]).await.status, 404);
    // Of Multi, Nina sees the membership in her branch and no other.
    let multi = portal.person("multi").to_string();
    let detail = nina.post("user", &[("user", &multi)]).await.ok();
    assert_eq!(detail["row"]["groups"][0][1], json!(["North"]));
    assert_eq!(
        (
            detail["row"]["groups"].as_array().unwrap().len(),
            &detail["may_change"]
        ),
        (1, &json!(false))
    );
    let detail = boss.post("user", &[("user", &multi)]).await.ok();
    assert_eq!(
        (
            detail["row"]["groups"].as_array().unwrap().len(),
            &detail["may_change"]
        ),
        (2, &json!(true))
    );
    // Creating, in one's branch only.
    let (north, south) = (
        portal.group("North").to_string(),
        portal.group("South").to_string(),
    );
    nina.post(
        "create_user",
        &[("login", "new"), ("group", &north), ("name", "New Person")],
    )
    .await
    .ok();
    assert_eq!(
        nina.post("create_user", &[("login", "other"), ("group", &south)])
            .await
            .status,
        404
    );
    // The login is the portal's: that it is taken must be told, or nobody could choose another.
    assert_eq!(
        nina.post("create_user", &[("login", "sam"), ("group", &north)])
            .await
            .refused(),
        r#"409 {"Refused":"LoginTaken"}"#
    );
    portal.learn().await;
    let new = portal.person("new").to_string();
    nina.post(
        "save_user",
        &[("user", &new), ("name", "Renamed"), ("email", "new@example.org")],
    )
    .await
    .ok();
    assert_eq!(logins(&nina, "renamed").await.0, ["new"]);
}

async fn s17_ten_thousand_users_in_pages(engine: Engine) {
    let portal = portal(engine, "@isv^\nTeam/\n  @ann*\n", 5).await;
    let team = portal.group("Team").0;
    portal
        .run(
            "INSERT INTO users (id, login, name, folded, isv_admin, created_at, active)
             SELECT 1000000 + a.n * 100 + b.n, 'p' || (a.n * 100 + b.n), 'Person ' || (a.n * 100 + b.n), 'person ' || (a.n * 100 + b.n), 0, 0, 0
             FROM (SELECT x.d * 10 + y.d AS n FROM (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) x,
                  (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) y) a,
                  (SELECT x.d * 10 + y.d AS n FROM (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) x,
                  (SELECT 0 AS d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9) y) b",
        )
        .await;
    portal
        .run(&format!(
            "INSERT INTO memberships (user_id, group_id) SELECT id, {team} FROM users WHERE id BETWEEN 1000000 AND 1009999"
        ))
        .await;
    for who in ["isv", "ann"] {
        let client = portal.client(who).await;
        let total = if who == "isv" { 10_002 } else { 10_001 };
        let mut seen = std::collections::BTreeSet::new();
        for page in (0..201).step_by(40) {
            let answer = client
                .post(
                    "users",
                    &[("query[page]", &page.to_string()), ("query[sort]", "login")],
                )
                .await
                .ok();
            assert_eq!(answer["total"], total);
            let rows = answer["rows"].as_array().unwrap();
            seen.extend(rows.iter().map(|row| row["login"].as_str().unwrap().to_owned()));
        }
        assert_eq!(seen.len(), 5 * 50 + total - 200 * 50);
        let found = client
            .post("users", &[("query[search]", "person 9999")])
            .await
            .ok();
        assert_eq!(found["total"], 1);
    }
}

async fn s1_the_last_isv_admin_stays(engine: Engine) {
    let portal = portal(engine, "@isv^\n@second^\nTeam/\n  @ann\n", 12).await;
    let isv = portal.client("isv").await;
    let before = portal.state().await;
    assert_eq!(
        switch(&isv, &portal, &["isv", "second"], false).await.refused(),
        r#"409 {"Refused":"LastIsvAdmin"}"#
    );
    assert_eq!(portal.state().await, before);
    switch(&isv, &portal, &["second"], false).await.ok();
    assert_eq!(switch(&isv, &portal, &["isv"], false).await.status, 409);
}

async fn an_import_without_seats_brings_people_in_as_inactive(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let file = tree::organisation("Team/\n @a\n @b\n @c\n @d\n @e\n @f\n @zoe^\n");
    let imported = organisation::import(&portal.store, &portal.portal.vendor, &file, None)
        .await
        .unwrap();
    assert_eq!(imported.counts().inactive, 2);
    assert_eq!(
        portal.number("SELECT COUNT(*) FROM users WHERE active = 1").await,
        i64::from(UNLICENSED)
    );
    assert!(is_active(&portal, "zoe").await, "ISV admins come first");
    // Without one in the file, a seat is left for whom the operator makes.
    let other = TestPortal::empty(engine).await;
    let file = tree::organisation("Team/\n @a\n @b\n @c\n @d\n @e\n @f\n");
    let imported = organisation::import(&other.store, &other.portal.vendor, &file, None)
        .await
        .unwrap();
    assert_eq!(imported.counts().inactive, 2);
    let create = async |login: &str| {
        let login = login.parse().unwrap();
        people::create_isv_admin(&other.store, &other.portal.vendor, login, "Admin", CHOSEN).await
    };
    create("first").await.unwrap();
    assert_eq!(
        create("second").await.unwrap_err().to_string(),
        "1 seats are needed, and 0 are left"
    );
}
