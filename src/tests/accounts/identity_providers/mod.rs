//! Signing in by an identity provider (N26): the way there and back, with one that is honest and one that is not.

mod hostile;
mod keeping;
mod linking;

use std::time::Duration;

use base64::{Engine as _, engine::general_purpose::URL_SAFE};
use domain::{accounts::identity_providers::PENDING_LIFE, history::webhooks::Receivers};
use jiff::SignedDuration;
use license_portal::{ops::accounts::identity_providers::protocol::Providers, store::Engine};
use serde_json::json;
use tokio::task::JoinSet;

use crate::support::{
    client::{Answer, Client, id_in},
    identity_provider::{CLIENT, CLIENT_SECRET, Provider, pairs},
    portal::TestPortal,
};

on_both_engines!(
    somebody_is_signed_in_by_their_identity,
    nobody_is_signed_in_by_their_mail_address,
    of_two_who_come_back_alike_one_is_signed_in,
    there_is_one_login_all_the_same,
    who_has_no_account_joins_within_the_seats,
    of_two_first_sign_ins_at_once_one_account_comes,
    the_portal_asks_for_its_own_second_factor,
    a_sign_in_waits_for_minutes,
);

pub const PASSWORD: &str = "correct horse battery";
const TREE: &str = "@isv^\nCompany/\n @boss*\n North/\n  @nina*\n  @ann\n South/\n  @sam\n";

/// A portal with a provider that is switched on, and its id there.
pub struct Setting {
    pub portal: TestPortal,
    pub provider: Provider,
    pub id: String,
}

impl Setting {
    pub async fn new(engine: Engine) -> Self {
        Self::with(engine, &[]).await
    }

    /// The same; the form of the provider says this besides.
    pub async fn with(engine: Engine, besides: &[(&str, &str)]) -> Self {
        let portal = TestPortal::start(engine, TREE).await;
        portal.set_quick_passwords(PASSWORD).await;
        let portal = portal
            .with(|portal| portal.providers = Providers::new(Receivers::Private, Duration::from_millis(600)))
            .await;
        let provider = Provider::start(portal.store.sources.clone()).await;
        let id = add(&portal, &provider, besides).await;
        switch(&portal, &id, true).await;
        Self { portal, provider, id }
    }

    /// An account is linked to what the provider calls that person.
    pub async fn link(&self, login: &str, subject: &str) {
        let user = self.portal.person(login);
        self.portal
            .run(&format!(
                "INSERT INTO linked_identities (user_id, provider_id, issuer, subject, linked_by, linked_at)
                 VALUES ({user}, {}, '{}', '{subject}', 'person', 0)",
                self.id, self.provider.issuer
            ))
            .await;
    }

    /// A browser is sent to the provider: the browser then, and where to.
    pub async fn leave(&self) -> (Client, String) {
        let nobody = self.portal.nobody();
        let answer = nobody.get(&format!("/login/with/{}?next=/add", self.id)).await;
        assert_eq!(answer.status, 303, "{}", answer.text());
        (nobody.with_cookie(&answer), answer.header("location").to_owned())
    }

    /// A browser is sent there and back.
    pub async fn sign_in(&self) -> Answer {
        let (browser, there) = self.leave().await;
        browser.get(&self.provider.authorize(&there)).await
    }

    /// So many logins run.
    pub async fn logins(&self) -> i64 {
        self.portal
            .number("SELECT COUNT(*) FROM sessions WHERE ended_at IS NULL AND provider_id IS NOT NULL")
            .await
    }
}

/// The form of a provider.
pub fn form<'a>(provider: &'a Provider, besides: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut form = vec![
        ("form[name]", "Example"),
        ("form[issuer]", provider.issuer.as_str()),
        ("form[client_id]", CLIENT),
        ("form[client_secret]", CLIENT_SECRET),
        ("form[scopes]", "profile email"),
    ];
    for (name, value) in besides {
        form.retain(|(there, _)| there != name);
        form.push((name, value));
    }
    form
}

pub async fn add(portal: &TestPortal, provider: &Provider, besides: &[(&str, &str)]) -> String {
    let isv = portal.client("isv").await;
    id_in(
        &isv.post("create_identity_provider", &form(provider, besides))
            .await
            .ok(),
    )
}

pub async fn switch(portal: &TestPortal, id: &str, on: bool) {
    let isv = portal.client("isv").await;
    let form = [("provider", id), ("on", if on { "true" } else { "false" })];
    isv.post("switch_identity_provider", &form).await.ok();
}

/// Why a page is shown instead of what was wanted.
#[track_caller]
pub fn told(answer: &Answer) -> String {
    assert_eq!(answer.status, 303, "{}", answer.text());
    let address = answer.header("location");
    let query = address.split_once('?').map_or("", |(_, query)| query);
    let pairs = pairs(query);
    let error = pairs
        .get("__err")
        .unwrap_or_else(|| panic!("no problem in {address:?}"));
    String::from_utf8(URL_SAFE.decode(error).unwrap()).unwrap()
}

/// The same, of a sign-in that failed.
#[track_caller]
pub fn failed(answer: &Answer) -> String {
    let told = told(answer);
    let told: serde_json::Value = serde_json::from_str(&told).unwrap();
    told["Refused"]["FailedSignIn"]
        .as_str()
        .unwrap_or_else(|| panic!("{told}"))
        .to_owned()
}

async fn somebody_is_signed_in_by_their_identity(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("ann", "ann-there").await;
    let page = portal.nobody().get("/login").await;
    let link = format!("href=\"/login/with/{}", setting.id);
    assert!(
        page.text().contains("Sign in with Example") && page.text().contains(&link),
        "{}",
        page.text()
    );

    let (browser, there) = setting.leave().await;
    let back = setting.provider.authorize(&there);
    let answer = browser.get(&back).await;
    assert_eq!((answer.status, answer.header("location")), (303, "/add"));
    let ann = portal.nobody().with_cookie(&answer);
    assert_eq!(ann.post("me", &[]).await.ok()["login"], "ann");
    let used = "SELECT COUNT(*) FROM linked_identities WHERE last_used_at IS NOT NULL";
    assert_eq!(portal.number(used).await, 1);
    // Nothing of it is left, and the same answer signs nobody in again.
    assert_eq!(portal.number("SELECT COUNT(*) FROM pending_sign_ins").await, 0);
    assert_eq!(failed(&browser.get(&back).await), "Expired");

    // Who logs out is offered to log out there, too.
    let left = ann.post("log_out", &[]).await;
    let there = format!("/login/with/{}/out", setting.id);
    assert!(
        left.header("location").starts_with("/login?left="),
        "{}",
        left.header("location")
    );
    let page = portal.nobody().get(left.header("location")).await;
    assert!(page.text().contains(&there), "{}", page.text());
    let out = portal.nobody().get(&there).await;
    let leads = out.header("location");
    assert!(
        leads.starts_with(&format!(
            "{}/leave?client_id={CLIENT}&post_logout_redirect_uri=",
            setting.provider.issuer
        )),
        "{leads}"
    );

    // Switched off, it signs nobody in, and is not offered.
    let (browser, there) = setting.leave().await;
    switch(portal, &setting.id, false).await;
    assert_eq!(
        failed(&browser.get(&setting.provider.authorize(&there)).await),
        "Off"
    );
    let begun = portal.nobody().get(&format!("/login/with/{}", setting.id)).await;
    assert_eq!(failed(&begun), "Off");
    assert_eq!(
        failed(&portal.nobody().get("/login/with/4611686018427387903").await),
        "Off"
    );
    assert_eq!(failed(&portal.nobody().get("/login/with/x").await), "Off");
    assert!(
        !portal
            .nobody()
            .get("/login")
            .await
            .text()
            .contains("Sign in with")
    );
    switch(portal, &setting.id, true).await;

    // Nor are they let in whose account is switched off.
    let ann = portal.person("ann");
    portal
        .run(&format!("UPDATE users SET active = 0 WHERE id = {ann}"))
        .await;
    assert_eq!(told(&setting.sign_in().await), r#"{"Refused":"Inactive"}"#);
    assert_eq!(setting.logins().await, 0);
}

async fn nobody_is_signed_in_by_their_mail_address(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting
        .portal
        .run("UPDATE users SET email = login || '@example.org'")
        .await;
    for claims in [
        json!({ "sub": "stranger", "email": "ann@example.org", "email_verified": true, "preferred_username": "ann" }),
        json!({ "sub": "ann", "email": "isv@example.org", "email_verified": true }),
    ] {
        setting.provider.person(claims);
        assert_eq!(failed(&setting.sign_in().await), "Unknown");
    }
    assert_eq!(
        setting
            .portal
            .number("SELECT COUNT(*) FROM linked_identities")
            .await,
        0
    );
    assert_eq!(setting.logins().await, 0);
}

async fn of_two_who_come_back_alike_one_is_signed_in(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("ann", "ann-there").await;
    let second = setting.portal.second().await;
    let second = second
        .with(|portal| portal.providers = Providers::new(Receivers::Private, Duration::from_millis(600)))
        .await;
    for _ in 0..4 {
        let (browser, there) = setting.leave().await;
        let back = setting.provider.authorize(&there);
        let mut answers = JoinSet::new();
        for router in
            [&setting.portal, &second, &setting.portal, &second].map(|portal| portal.nobody().router)
        {
            let browser = Client::new(router, browser.cookie.clone());
            let back = back.clone();
            answers.spawn(async move { browser.get(&back).await });
        }
        let answers = answers.join_all().await;
        let entered = answers
            .iter()
            .filter(|answer| answer.header("location") == "/add")
            .count();
        assert_eq!(entered, 1, "of {} answers", answers.len());
        assert_eq!(setting.logins().await, 1);
        setting
            .portal
            .run("DELETE FROM sessions WHERE provider_id IS NOT NULL")
            .await;
    }
}

async fn there_is_one_login_all_the_same(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("ann", "ann-there").await;
    let ann = setting.portal.client("ann").await;
    ann.post("beat", &[("tab", "7"), ("idle", "0")]).await.ok();
    let refused = told(&setting.sign_in().await);
    assert!(
        refused.contains("LoggedInAlready") && refused.contains("open"),
        "{refused}"
    );
    // Its tab gone, it ends for who wants that.
    setting.portal.pass(SignedDuration::from_secs(120));
    let answer = setting.sign_in().await;
    assert!(told(&answer).contains("gone"), "{}", told(&answer));
    let page = setting.portal.nobody().get(answer.header("location")).await;
    assert!(page.text().contains("end_other=true"), "{}", page.text());
    let nobody = setting.portal.nobody();
    let begun = nobody
        .get(&format!("/login/with/{}?end_other=true", setting.id))
        .await;
    let browser = nobody.with_cookie(&begun);
    let answer = browser
        .get(&setting.provider.authorize(begun.header("location")))
        .await;
    assert_eq!(answer.header("location"), "/");
    assert_eq!(ann.post("me", &[]).await.json(), json!(null));
    assert_eq!(setting.logins().await, 1);
}

async fn who_has_no_account_joins_within_the_seats(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    let new = json!({
        "sub": "zoe-there", "preferred_username": "Zoe", "name": "Zoe Z", "email": "zoe@example.org", "email_verified": true,
    });
    setting.provider.person(new.clone());
    assert_eq!(failed(&setting.sign_in().await), "Unknown");
    let group = portal.group("South").to_string();
    let isv = portal.client("isv").await;
    let version = isv
        .post("identity_provider", &[("provider", &setting.id)])
        .await
        .ok()["version"]
        .to_string();
    let mut changed = form(
        &setting.provider,
        &[("form[join_group]", &group), ("form[version]", &version)],
    );
    changed.push(("provider", &setting.id));
    changed.retain(|(name, _)| *name != "form[client_secret]");
    isv.post("save_identity_provider", &changed).await.ok();

    // All seats are taken.
    assert!(told(&setting.sign_in().await).contains("NoSeatLeft"));
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM users WHERE login = 'zoe'")
            .await,
        0
    );
    let license = portal.license(20, |_| {});
    isv.post("replace_license", &[("license", &license)]).await.ok();
    let answer = setting.sign_in().await;
    assert_eq!(answer.header("location"), "/add", "{}", answer.text());
    portal.learn().await;
    let zoe = portal.nobody().with_cookie(&answer);
    let me = zoe.post("me", &[]).await.ok();
    assert_eq!(
        (me["login"].as_str(), me["name"].as_str()),
        (Some("zoe"), Some("Zoe Z"))
    );
    let row = "SELECT u.email || ' ' || u.active || ' ' || u.isv_admin || ' ' || l.linked_by || ' ' || m.group_id FROM users u
        JOIN linked_identities l ON l.user_id = u.id JOIN memberships m ON m.user_id = u.id WHERE u.login = 'zoe'";
    assert_eq!(
        portal.texts(row).await,
        [format!("zoe@example.org 1 0 provider {group}")]
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM membership_permissions p JOIN users u ON u.id = p.user_id WHERE u.login = 'zoe'").await, 0);
    let kinds =
        "SELECT kind FROM events WHERE actor_id = (SELECT id FROM users WHERE login = 'zoe') ORDER BY id";
    assert_eq!(
        portal.texts(kinds).await,
        ["user_created", "user_activated", "identity_linked"]
    );

    // Somebody else's login is nobody's to join with; nor is none.
    setting
        .provider
        .person(json!({ "sub": "other", "preferred_username": "ann" }));
    assert_eq!(failed(&setting.sign_in().await), "LoginTaken");
    for name in [json!(null), json!(""), json!("Zoe Z")] {
        setting
            .provider
            .person(json!({ "sub": "other", "preferred_username": name }));
        assert_eq!(failed(&setting.sign_in().await), "NoLogin");
    }
    // An address that the provider did not verify is none.
    setting
        .provider
        .person(json!({ "sub": "yan", "preferred_username": "yan", "email": "ann@example.org" }));
    assert_eq!(setting.sign_in().await.header("location"), "/add");
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM users WHERE login = 'yan' AND email IS NULL")
            .await,
        1
    );

    // An account that was made for the provider and became one of an ISV admin is not signed in by it.
    zoe.post("log_out", &[]).await.ok();
    portal
        .run("UPDATE users SET isv_admin = 1 WHERE login = 'zoe'")
        .await;
    setting.provider.person(new);
    assert_eq!(failed(&setting.sign_in().await), "Unknown");
}

async fn of_two_first_sign_ins_at_once_one_account_comes(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    let group = portal.group("South");
    portal
        .run(&format!(
            "UPDATE identity_providers SET join_group_id = {}",
            group.0
        ))
        .await;
    let isv = portal.client("isv").await;
    let license = portal.license(20, |_| {});
    isv.post("replace_license", &[("license", &license)]).await.ok();
    setting
        .provider
        .person(json!({ "sub": "zoe-there", "preferred_username": "zoe" }));
    let mut answers = JoinSet::new();
    for _ in 0..4 {
        let (browser, there) = setting.leave().await;
        let back = setting.provider.authorize(&there);
        answers.spawn(async move { browser.get(&back).await });
    }
    for answer in answers.join_all().await {
        let entered = answer.header("location") == "/add";
        // One login at a time: the others are told so.
        assert!(
            entered || told(&answer).contains("LoggedInAlready"),
            "{}",
            answer.header("location")
        );
    }
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM users WHERE login = 'zoe'")
            .await,
        1
    );
    assert_eq!(setting.logins().await, 1);
}

async fn the_portal_asks_for_its_own_second_factor(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("nina", "nina-there").await;
    setting.provider.person(json!({ "sub": "nina-there" }));
    portal.second_factor("nina").await;
    let answer = setting.sign_in().await;
    assert_eq!(answer.header("location"), "/login/code?next=%2Fadd");
    assert_eq!(setting.logins().await, 0);
    let browser = portal.nobody().with_cookie(&answer);
    let code = portal.code_in(0);
    assert_eq!(
        browser
            .post("log_in_with_code", &[("code", "000000")])
            .await
            .refused(),
        r#"403 {"Refused":"WrongCode"}"#
    );
    let answer = browser
        .post("log_in_with_code", &[("code", &code), ("next", "/add")])
        .await;
    assert_eq!(answer.header("location"), "/add", "{}", answer.text());
    portal
        .nobody()
        .with_cookie(&answer)
        .post("log_out", &[])
        .await
        .ok();

    // One that asks for it itself is enough, even where the portal demands one.
    portal.run("DELETE FROM second_factors").await;
    portal
        .client("isv")
        .await
        .post("demand_second_factor", &[("on", "true")])
        .await
        .ok();
    let nina = portal.nobody().with_cookie(&setting.sign_in().await);
    let demanded = nina.post("me", &[]).await.ok()["required_action"].clone();
    assert_eq!(demanded, "AddSecondFactor");
    nina.post("log_out", &[]).await.ok();
    portal.run("UPDATE identity_providers SET gives_factor = 1").await;
    portal.second_factor("nina").await;
    let answer = setting.sign_in().await;
    assert_eq!(answer.header("location"), "/add");
    portal.run("DELETE FROM second_factors").await;
    let nina = portal.nobody().with_cookie(&answer);
    assert_eq!(nina.post("me", &[]).await.ok()["required_action"], json!(null));
}

async fn a_sign_in_waits_for_minutes(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("ann", "ann-there").await;
    let (browser, there) = setting.leave().await;
    let back = setting.provider.authorize(&there);
    setting.portal.jump(PENDING_LIFE + SignedDuration::from_secs(1));
    assert_eq!(failed(&browser.get(&back).await), "Expired");
    assert_eq!(
        setting.provider.asked().1,
        0,
        "its code is not even shown to the provider"
    );
    assert_eq!(
        setting
            .portal
            .number("SELECT COUNT(*) FROM pending_sign_ins")
            .await,
        1
    );
    setting.portal.portal.sessions.sweep().await.unwrap();
    assert_eq!(
        setting
            .portal
            .number("SELECT COUNT(*) FROM pending_sign_ins")
            .await,
        0
    );
}
