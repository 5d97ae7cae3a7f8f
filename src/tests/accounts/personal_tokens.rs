//! Personal access tokens: made in person, narrowed by scopes, ended in many ways.

use axum::body::Body;
use domain::{accounts::personal_tokens::MAX_TOKENS, time::DAY};
use http::{Request, header};
use license_portal::store::Engine;
use serde_json::json;

use crate::support::{
    client::{Answer, Client},
    moments::{moment, ms},
    portal::{BEGIN, TestPortal},
};

on_both_engines!(
    a_token_does_what_its_scopes_name,
    a_token_is_made_in_person,
    a_token_ends,
    a_token_waits_for_what_its_person_has_to_do_first,
);

const COMPANY: &str = "
    @isv^
    Company/
      #c1
      @boss*
      North/
        #n1
        @nina*
        @ned
      South/
        @sam
";

async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    portal.set_passwords("correct").await;
    portal
}

/// Makes a token with the scopes (`tickets:read`).
async fn make(client: &Client, scopes: &[&str], days: &str, present: &str) -> Answer {
    let scopes: Vec<(String, &str)> = scopes
        .iter()
        .filter_map(|scope| scope.split_once(':'))
        .map(|(area, level)| (format!("scopes[{area}]"), level))
        .collect();
    let mut fields = vec![("name", "Script"), ("days", days), ("present", present)];
    fields.extend(scopes.iter().map(|(name, level)| (name.as_str(), *level)));
    client.post("create_token", &fields).await
}

async fn token(client: &Client, scopes: &[&str]) -> String {
    let made = make(client, scopes, "90", "correct").await;
    made.ok().as_str().unwrap().to_owned()
}

async fn ask(portal: &TestPortal, token: &str, path: &str) -> Answer {
    let request = Request::get(format!("/api/v1{path}"))
        .header(header::AUTHORIZATION, format!("Bearer {token}"))
        .body(Body::empty())
        .unwrap();
    portal.nobody().send(request).await
}

async fn a_token_does_what_its_scopes_name(engine: Engine) {
    let portal = portal(engine).await;
    let boss = portal.client("boss").await;
    let reads = token(&boss, &["groups:read"]).await;
    let writes = token(&boss, &["groups:write"]).await;
    let group = format!("/groups/{}", portal.group("North"));
    for token in [&reads, &writes] {
        ask(&portal, token, &group).await.ok();
        let answer = ask(&portal, token, "/users").await;
        assert_eq!(answer.status, 403);
        assert_eq!(
            answer.header("www-authenticate"),
            "Bearer error=\"insufficient_scope\", scope=\"users:read\""
        );
        assert!(
            answer.json()["type"]
                .as_str()
                .unwrap()
                .ends_with("/insufficient-scope")
        );
    }
    let rename = |token: &str| {
        Request::patch(format!("/api/v1{group}"))
            .header(header::AUTHORIZATION, format!("Bearer {token}"))
            .header(header::CONTENT_TYPE, "application/json")
            .body(json!({"name": "Nord"}).to_string().into())
            .unwrap()
    };
    assert_eq!(portal.nobody().send(rename(&reads)).await.status, 403);
    assert_eq!(portal.nobody().send(rename(&writes)).await.status, 204);
    // Whoever lacks the right learns the same with every token: what is hidden is not there.
    let sam = portal.client("sam").await;
    let all = token(&sam, &["groups:write"]).await;
    assert_eq!(ask(&portal, &all, &group).await.status, 404);
    // The scope is judged first, so that it tells nothing about what exists.
    let none = token(&sam, &["history:read"]).await;
    let absent = ask(&portal, &none, "/groups/4611686018427387903").await;
    assert_eq!(ask(&portal, &none, &group).await.text(), absent.text());
}

async fn a_token_is_made_in_person(engine: Engine) {
    let portal = portal(engine).await;
    let boss = portal.client("boss").await;
    for (scopes, days, present, refused) in [
        (
            &["groups:read"][..],
            "90",
            "wrong",
            "403 {\"Refused\":\"WrongPassword\"}",
        ),
        (
            &[],
            "90",
            "correct",
            "422 {\"Refused\":{\"InvalidToken\":\"NoScope\"}}",
        ),
        (
            &["groups:read"],
            "0",
            "correct",
            "422 {\"Refused\":{\"InvalidToken\":\"Days\"}}",
        ),
        (
            &["groups:read"],
            "366",
            "correct",
            "422 {\"Refused\":{\"InvalidToken\":\"Days\"}}",
        ),
    ] {
        assert_eq!(make(&boss, scopes, days, present).await.refused(), refused);
    }
    // It is listed, and nobody is told what it is.
    let made = token(&boss, &["groups:read", "tickets:write"]).await;
    let user = portal.person("boss").to_string();
    let list = boss.post("tokens", &[("user", &user)]).await;
    assert!(!list.text().contains(&made));
    assert_eq!(
        list.ok()[0]["scopes"],
        json!({"groups": "read", "tickets": "write"})
    );
    assert_eq!(list.json()[0]["last_used_at"], json!(null));
    ask(&portal, &made, "/groups").await.ok();
    let list = boss.post("tokens", &[("user", &user)]).await;
    assert!(moment(&list.ok()[0]["last_used_at"]) > BEGIN);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM events WHERE kind = 'token_created'")
            .await,
        1
    );
    // There is an end to them.
    for _ in 1..MAX_TOKENS {
        let fresh = portal.without_attempts();
        token(&fresh.client("boss").await, &["groups:read"]).await;
    }
    let fresh = portal.without_attempts();
    let more = make(&fresh.client("boss").await, &["groups:read"], "90", "correct").await;
    assert_eq!(more.refused(), "409 {\"Refused\":{\"InvalidToken\":\"TooMany\"}}");
}

async fn a_token_ends(engine: Engine) {
    let portal = portal(engine).await;
    let (nina, ned) = (portal.client("nina").await, portal.client("ned").await);
    let user = portal.person("ned").to_string();
    let id = |list: Answer| list.ok()[0]["id"].as_str().unwrap().to_owned();
    // By its person, and by who administers the account.
    for revoker in [&ned, &nina] {
        let made = token(&ned, &["groups:read"]).await;
        ask(&portal, &made, "/groups").await.ok();
        let listed = id(nina.post("tokens", &[("user", &user)]).await);
        revoker.post("revoke_token", &[("token", &listed)]).await.ok();
        assert_eq!(ask(&portal, &made, "/groups").await.status, 401);
        assert_eq!(ned.post("revoke_token", &[("token", &listed)]).await.status, 404);
    }
    // By time.
    let made = make(&ned, &["groups:read"], "1", "correct").await.ok();
    let made = made.as_str().unwrap().to_owned();
    portal.jump(DAY - ms(60_000));
    ask(&portal, &made, "/groups").await.ok();
    portal.jump(ms(60_000));
    assert_eq!(ask(&portal, &made, "/groups").await.status, 401);
    // With the account, and for good.
    let (isv, ned) = (portal.client("isv").await, portal.client("ned").await);
    let made = token(&ned, &["groups:read"]).await;
    isv.post("switch_users", &[("users[0]", &user), ("active", "false")])
        .await
        .ok();
    assert_eq!(ask(&portal, &made, "/groups").await.status, 401);
    isv.post("switch_users", &[("users[0]", &user), ("active", "true")])
        .await
        .ok();
    assert_eq!(ask(&portal, &made, "/groups").await.status, 401);
    // With a generated password, which is for somebody whose account is in danger.
    let made = token(&ned, &["groups:read"]).await;
    ask(&portal, &made, "/groups").await.ok();
    isv.post("generate_password", &[("user", &user)]).await.ok();
    assert_eq!(ask(&portal, &made, "/groups").await.status, 401);
    // What was never one is none.
    for made in ["lpt_x", "x", ""] {
        assert_eq!(ask(&portal, made, "/groups").await.status, 401);
    }
}

async fn a_token_waits_for_what_its_person_has_to_do_first(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, nina) = (portal.client("isv").await, portal.client("nina").await);
    let made = token(&nina, &["groups:read"]).await;
    ask(&portal, &made, "/groups").await.ok();
    isv.post("demand_second_factor", &[("on", "true")]).await.ok();
    let waits = ask(&portal, &made, "/groups").await;
    assert_eq!(waits.status, 403);
    assert_eq!(waits.json()["refusal"], json!("SecondFactorDemanded"));
}
