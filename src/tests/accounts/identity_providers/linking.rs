//! One's own account and one's identity elsewhere: linked and unlinked by who gives the password.

use license_portal::store::Engine;
use serde_json::json;

use crate::{
    accounts::identity_providers::{PASSWORD, Setting, failed},
    support::client::Client,
};

on_both_engines!(
    an_account_is_linked_by_who_gives_its_password,
    a_link_is_of_one_account,
    an_isv_admin_links_their_account_themselves,
    what_ends_the_login_ends_the_linking,
);

/// Somebody gives their password, and their browser may go to the provider.
async fn allowed(setting: &Setting, login: &str) -> (Client, Client) {
    let person = setting.portal.client(login).await;
    let form = [("provider", setting.id.as_str()), ("present", PASSWORD)];
    let answer = person.post("link_sign_in", &form).await;
    assert_eq!(
        answer.header("location"),
        format!("/me/sign-ins?go={}", setting.id),
        "{}",
        answer.text()
    );
    let away = setting
        .portal
        .nobody()
        .with_cookie(&answer)
        .cookie
        .expect("a cookie");
    let both = format!("{}; {away}", person.cookie.clone().expect("a login"));
    let browser = Client::new(person.router.clone(), Some(both));
    (person, browser)
}

async fn linked(setting: &Setting) -> Vec<String> {
    let sql = "SELECT u.login || ' ' || l.subject || ' ' || l.linked_by FROM linked_identities l JOIN users u ON u.id = l.user_id
        ORDER BY u.login";
    setting.portal.texts(sql).await
}

async fn an_account_is_linked_by_who_gives_its_password(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    let ann = portal.client("ann").await;
    let own = async || ann.post("own_sign_ins", &[]).await.ok();
    assert_eq!(
        (
            own().await["linked"].clone(),
            own().await["offered"][0]["name"].clone()
        ),
        (json!([]), json!("Example"))
    );
    let link = format!("/login/with/{}/link", setting.id);
    let wrong = [("provider", setting.id.as_str()), ("present", "wrong")];
    assert_eq!(
        ann.post("link_sign_in", &wrong).await.refused(),
        r#"403 {"Refused":"WrongPassword"}"#
    );
    assert_eq!(
        failed(&ann.get(&link).await),
        "Expired",
        "without the password nobody goes there"
    );
    let (_, browser) = allowed(&setting, "ann").await;
    let page = browser
        .get(&format!("/me/sign-ins?go={}", setting.id))
        .await
        .text();
    assert!(
        page.contains(&link) && page.contains("Go on to Example"),
        "{page}"
    );
    let there = browser.get(&link).await;
    let back = setting.provider.authorize(there.header("location"));
    let answer = browser.get(&back).await;
    assert_eq!(answer.header("location"), "/me/sign-ins?done=linked");
    assert_eq!(linked(&setting).await, ["ann ann-there person"]);
    assert_eq!(own().await["linked"][0]["name"], "Example");
    assert_eq!(own().await["offered"], json!([]));
    assert_eq!(failed(&browser.get(&back).await), "Expired");
    let again = [("provider", setting.id.as_str()), ("present", PASSWORD)];
    assert!(
        ann.post("link_sign_in", &again)
            .await
            .refused()
            .contains("LinkedAlready")
    );
    ann.post("log_out", &[]).await.ok();
    assert_eq!(setting.sign_in().await.header("location"), "/add");
    portal.run("DELETE FROM sessions").await;

    let ann = portal.client("ann").await;
    assert_eq!(
        ann.post("unlink_sign_in", &wrong).await.refused(),
        r#"403 {"Refused":"WrongPassword"}"#
    );
    ann.post("unlink_sign_in", &again).await.ok();
    ann.post("unlink_sign_in", &again).await.ok();
    assert!(linked(&setting).await.is_empty());
    ann.post("log_out", &[]).await.ok();
    assert_eq!(failed(&setting.sign_in().await), "Unknown");
    let kinds = "SELECT kind FROM events WHERE kind LIKE 'identity_%linked' ORDER BY id";
    assert_eq!(
        portal.texts(kinds).await,
        ["identity_linked", "identity_unlinked"]
    );
}

async fn a_link_is_of_one_account(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("sam", "ann-there").await;
    let (_, browser) = allowed(&setting, "ann").await;
    let there = browser.get(&format!("/login/with/{}/link", setting.id)).await;
    let answer = browser
        .get(&setting.provider.authorize(there.header("location")))
        .await;
    assert_eq!(failed(&answer), "OfAnother");
    assert!(
        answer.header("location").starts_with("/me/sign-ins?"),
        "{}",
        answer.header("location")
    );
    assert_eq!(linked(&setting).await, ["sam ann-there person"]);
    // What was allowed to ann is nothing to whoever else is logged in there.
    let (_, browser) = allowed(&setting, "ann").await;
    let there = browser.get(&format!("/login/with/{}/link", setting.id)).await;
    setting.provider.person(json!({ "sub": "new" }));
    let back = setting.provider.authorize(there.header("location"));
    let nina = setting.portal.client("nina").await;
    let (_, away) = browser.cookie.as_deref().unwrap().split_once("; ").unwrap();
    let of_nina = Client::new(
        nina.router.clone(),
        Some(format!("{}; {away}", nina.cookie.unwrap())),
    );
    assert_eq!(failed(&of_nina.get(&back).await), "Expired");
    assert_eq!(linked(&setting).await, ["sam ann-there person"]);
}

async fn an_isv_admin_links_their_account_themselves(engine: Engine) {
    let setting = Setting::new(engine).await;
    let (isv, browser) = allowed(&setting, "isv").await;
    setting.provider.person(json!({ "sub": "isv-there" }));
    let there = browser.get(&format!("/login/with/{}/link", setting.id)).await;
    let answer = browser
        .get(&setting.provider.authorize(there.header("location")))
        .await;
    assert_eq!(answer.header("location"), "/me/sign-ins?done=linked");
    isv.post("log_out", &[]).await.ok();
    assert_eq!(setting.sign_in().await.header("location"), "/add");
}

async fn what_ends_the_login_ends_the_linking(engine: Engine) {
    let setting = Setting::new(engine).await;
    let (ann, browser) = allowed(&setting, "ann").await;
    let there = browser.get(&format!("/login/with/{}/link", setting.id)).await;
    let back = setting.provider.authorize(there.header("location"));
    ann.post("log_out", &[]).await.ok();
    let answer = browser.get(&back).await;
    assert_eq!(answer.header("location"), "/login?next=%2Fme%2Fsign%2Dins");
    assert!(linked(&setting).await.is_empty());
}
