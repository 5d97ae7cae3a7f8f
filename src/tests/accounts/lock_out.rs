//! Nobody shuts somebody else out by trying passwords or codes (ASVS 5.0, 6.3.1), and nobody has more tries than one network.

use std::net::{IpAddr, SocketAddr};

use axum::extract::ConnectInfo;
use http::Method;
use license_portal::{auth::client_address::TrustedProxies, store::Engine};

use crate::support::{
    client::{Answer, Client, form},
    portal::TestPortal,
};

on_both_engines!(
    wrong_passwords_shut_out_the_network_they_come_from,
    after_many_from_everywhere_a_known_browser_gets_in,
    who_knows_the_password_does_not_shut_out_the_recovery_code,
    a_made_up_forwarded_address_does_not_count,
);

const PASSWORD: &str = "correct horse battery";

async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n @ann\n @bob\n").await;
    portal.set_passwords(PASSWORD).await;
    portal
}

/// Logs in from an address, with cookies and forwarded addresses.
async fn log_in(
    client: &Client,
    from: &str,
    headers: &[(&str, &str)],
    login: &str,
    password: &str,
) -> Answer {
    let from: IpAddr = from.parse().unwrap();
    let mut request = client
        .request(Method::POST, "/api/log_in")
        .extension(ConnectInfo(SocketAddr::from((from, 40_000))));
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let form = form(&[("login", login), ("password", password), ("end_other", "true")]);
    client.send(request.body(form.into()).unwrap()).await
}

/// The cookie by which the browser is known from now on.
fn device(answer: &Answer) -> String {
    let set = answer.headers.get_all("set-cookie").iter();
    let mut set = set.filter_map(|cookie| cookie.to_str().unwrap().split(';').next());
    set.find(|cookie| cookie.contains("-device="))
        .expect("a cookie")
        .to_owned()
}

async fn end_logins(portal: &TestPortal) {
    portal
        .run("UPDATE sessions SET ended_at = begun_at, end_reason = 'logged_out' WHERE ended_at IS NULL")
        .await;
}

async fn wrong_passwords_shut_out_the_network_they_come_from(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    for (from, same, other) in [
        ("192.0.2.1", "192.0.2.1", "192.0.2.2"),
        ("2001:db8:0:1::1", "2001:db8:0:1:ffff::9", "2001:db8:0:2::1"),
    ] {
        for _ in 0..10 {
            assert_eq!(log_in(&nobody, from, &[], "ann", "wrong").await.status, 401);
        }
        let answer = log_in(&nobody, same, &[], "ann", PASSWORD).await;
        assert_eq!(answer.status, 429, "{}", answer.text());
        assert!(!answer.header("retry-after").is_empty());
        // Ann herself is somewhere else, and others there are themselves.
        assert_eq!(log_in(&nobody, other, &[], "ann", PASSWORD).await.status, 200);
        assert_eq!(log_in(&nobody, from, &[], "bob", PASSWORD).await.status, 200);
        end_logins(&portal).await;
    }
}

async fn after_many_from_everywhere_a_known_browser_gets_in(engine: Engine) {
    let portal = portal(engine).await;
    let nobody = portal.nobody();
    let known = device(&log_in(&nobody, "198.51.100.1", &[], "ann", PASSWORD).await);
    let bobs = device(&log_in(&nobody, "198.51.100.1", &[], "bob", PASSWORD).await);
    end_logins(&portal).await;
    // Too long to be looked at: only the attempts are to count.
    let wrong = "x".repeat(2000);
    for n in 0..20 {
        for _ in 0..10 {
            log_in(&nobody, &format!("203.0.113.{n}"), &[], "ann", &wrong).await;
        }
    }
    let from = "198.51.100.1";
    let with = async |cookie: &str| log_in(&nobody, from, &[("cookie", cookie)], "ann", PASSWORD).await;
    assert_eq!(log_in(&nobody, from, &[], "ann", PASSWORD).await.status, 429);
    assert_eq!(with(&bobs).await.status, 429, "the browser of another person");
    let (name, token) = known.split_once('=').unwrap();
    let (nonce, tag) = token.split_once('.').unwrap();
    for made_up in [
        format!("{name}={nonce}.{}", "0".repeat(tag.len())),
        format!("{name}=00.{tag}"),
        format!("{name}={nonce}."),
        format!("{name}=."),
        format!("{name}={nonce}.ä{tag}"),
    ] {
        assert_eq!(with(&made_up).await.status, 429, "{made_up}");
    }
    assert_eq!(with(&known).await.status, 200);
    end_logins(&portal).await;
    // Nor does a known browser have more tries than another.
    for _ in 0..10 {
        log_in(&nobody, from, &[("cookie", &known)], "ann", &wrong).await;
    }
    assert_eq!(with(&known).await.status, 429);
    // With another password it is known no longer.
    portal.set_passwords("another horse battery").await;
    let portal = portal.without_attempts();
    for _ in 0..10 {
        log_in(&portal.nobody(), from, &[], "ann", &wrong).await;
    }
    let nobody = portal.nobody();
    let known = [("cookie", known.as_str())];
    let answer = log_in(&nobody, from, &known, "ann", "another horse battery").await;
    assert_eq!(answer.status, 429);
}

async fn who_knows_the_password_does_not_shut_out_the_recovery_code(engine: Engine) {
    let portal = portal(engine).await;
    portal.second_factor("ann").await;
    let code = "abcd-efgh-jkmn-pqrs-tuvw-xyz2";
    let hash = license_portal::ops::tokens::hash(&code.replace('-', ""));
    let ann = portal.person("ann");
    portal
        .run(&format!(
            "INSERT INTO recovery_codes (user_id, code_hash) VALUES ({ann}, '{hash}')"
        ))
        .await;
    let waiting = async |from: &str| {
        let answer = log_in(&portal.nobody(), from, &[], "ann", PASSWORD).await;
        portal.nobody().with_cookie(&answer)
    };
    let step = async |browser: &Client, from: &str, code: &str| {
        let from: IpAddr = from.parse().unwrap();
        let request = browser
            .request(Method::POST, "/api/log_in_with_code")
            .extension(ConnectInfo(SocketAddr::from((from, 40_000))))
            .body(form(&[("code", code), ("end_other", "false")]).into());
        browser.send(request.unwrap()).await
    };
    let thief = waiting("192.0.2.1").await;
    for _ in 0..20 {
        assert_eq!(step(&thief, "192.0.2.1", "000000").await.status, 403);
    }
    assert_eq!(step(&thief, "192.0.2.1", "000000").await.status, 429);
    // Ann's app still works at home, and so does her recovery code, wherever she is.
    let ann = waiting("192.0.2.2").await;
    assert_eq!(step(&ann, "192.0.2.2", "000000").await.status, 403);
    let ann = waiting("192.0.2.1").await;
    assert_eq!(step(&ann, "192.0.2.1", code).await.status, 200);
}

async fn a_made_up_forwarded_address_does_not_count(engine: Engine) {
    let portal = portal(engine).await;
    let behind = portal.with(|portal| portal.proxies = TrustedProxies::Any).await;
    let nobody = behind.nobody();
    for n in 0..11 {
        let made_up = format!("203.0.113.{n}");
        // As HAProxy does it: a line of its own below the one that came.
        let headers = [
            ("x-forwarded-for", made_up.as_str()),
            ("x-forwarded-for", "192.0.2.7"),
        ];
        let answer = log_in(&nobody, "10.0.0.1", &headers, "ann", "wrong").await;
        assert_eq!(answer.status, if n < 10 { 401 } else { 429 }, "{n}");
    }
}
