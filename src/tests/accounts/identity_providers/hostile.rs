//! A provider, or somebody in between, that does not do as it should (RFC 9700, 4).

use std::time::Duration;

use license_portal::store::Engine;
use serde_json::json;

use crate::{
    accounts::identity_providers::{Setting, add, failed, switch},
    support::identity_provider::{Lies, Provider, Signed},
};

on_both_engines!(
    what_is_not_signed_by_the_provider_signs_nobody_in,
    claims_that_do_not_fit_sign_nobody_in,
    an_answer_works_in_the_browser_that_asked_for_it,
    providers_are_not_mixed_up,
    keys_may_be_rotated,
    a_provider_that_does_not_answer_holds_up_nobody_for_long,
    addresses_that_cannot_be_read_lead_to_a_page,
);

async fn what_is_not_signed_by_the_provider_signs_nobody_in(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("ann", "ann-there").await;
    for signed in [
        Signed::ByStranger,
        Signed::None,
        Signed::WithSecret,
        Signed::WithPublicKey,
    ] {
        setting.provider.lie(Lies {
            signed,
            ..Lies::default()
        });
        assert_eq!(failed(&setting.sign_in().await), "Untrusted", "{signed:?}");
    }
    assert_eq!(setting.logins().await, 0);
    setting.provider.lie(Lies::default());
    assert_eq!(setting.sign_in().await.header("location"), "/add");
}

async fn claims_that_do_not_fit_sign_nobody_in(engine: Engine) {
    let setting = Setting::new(engine).await;
    setting.link("ann", "ann-there").await;
    let now = setting.provider.now();
    for claims in [
        json!({ "iss": "https://elsewhere.example.org" }),
        json!({ "iss": format!("{}/", setting.provider.issuer) }),
        json!({ "aud": "another-client" }),
        json!({ "aud": ["portal-of-tests", "another-client"] }),
        json!({ "aud": null }),
        json!({ "nonce": "another" }),
        json!({ "nonce": null }),
        json!({ "exp": now - 120 }),
        json!({ "exp": null }),
        json!({ "iat": now - 3600 }),
        json!({ "iat": now + 3600 }),
        json!({ "sub": null }),
        json!({ "sub": "" }),
        json!({ "sub": "a".repeat(256) }),
    ] {
        setting.provider.lie(Lies {
            claims: claims.clone(),
            ..Lies::default()
        });
        assert_eq!(failed(&setting.sign_in().await), "Untrusted", "{claims}");
    }
    assert_eq!(setting.logins().await, 0);
    // A clock that is off by half a minute is let pass.
    setting.provider.lie(Lies {
        claims: json!({ "iat": setting.provider.now() + 30, "exp": setting.provider.now() - 30 }),
        ..Lies::default()
    });
    assert_eq!(setting.sign_in().await.header("location"), "/add");
}

async fn an_answer_works_in_the_browser_that_asked_for_it(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("ann", "ann-there").await;
    let (browser, there) = setting.leave().await;
    let back = setting.provider.authorize(&there);
    // Somebody is sent another one's answer, so that they act in that one's account.
    let (other, other_there) = setting.leave().await;
    for victim in [&portal.nobody(), &other] {
        assert_eq!(failed(&victim.get(&back).await), "Expired");
    }
    for bent in [
        back.replace("state=", "state=0"),
        back.split('&').next().unwrap().to_owned(),
        back.split('?').next().unwrap().to_owned(),
    ] {
        assert_eq!(failed(&browser.get(&bent).await), "Expired", "{bent}");
    }
    // A stolen code in one's own way back: what the provider was shown the hash of does not fit it.
    let code = |address: &str| address.split(['=', '&']).nth(1).unwrap().to_owned();
    let own = setting.provider.authorize(&other_there);
    let injected = own.replace(&code(&own), &code(&back));
    assert_eq!(failed(&other.get(&injected).await), "Untrusted");
    // Even a provider that does not look signs nobody in: what it signed was for another request.
    let (other, other_there) = setting.leave().await;
    let (_, third) = setting.leave().await;
    let (own, stolen) = (
        setting.provider.authorize(&other_there),
        setting.provider.authorize(&third),
    );
    setting.provider.lie(Lies {
        careless: true,
        ..Lies::default()
    });
    let injected = own.replace(&code(&own), &code(&stolen));
    assert_eq!(failed(&other.get(&injected).await), "Untrusted");
    assert_eq!(setting.logins().await, 0);
    setting.provider.lie(Lies::default());
    // What the person does not want, nor anything unread, uses up no code.
    let (browser, there) = setting.leave().await;
    let redeemed = setting.provider.asked().1;
    assert_eq!(
        failed(&browser.get(&setting.provider.decline(&there)).await),
        "Declined"
    );
    let (browser, there) = setting.leave().await;
    let without = setting.provider.authorize(&there).replace("code=code-", "code=");
    let empty = without
        .split('=')
        .nth(1)
        .unwrap()
        .split('&')
        .next()
        .unwrap()
        .to_owned();
    let without = without.replacen(&format!("code={empty}"), "code=", 1);
    assert_eq!(failed(&browser.get(&without).await), "Untrusted");
    assert_eq!(setting.provider.asked().1, redeemed);
}

async fn providers_are_not_mixed_up(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("ann", "ann-there").await;
    let other = Provider::start(portal.store.sources.clone()).await;
    let other_id = add(portal, &other, &[("form[name]", "Other")]).await;
    switch(portal, &other_id, true).await;
    // What another provider calls like ann is not ann.
    let nobody = portal.nobody();
    let begun = nobody.get(&format!("/login/with/{other_id}")).await;
    let browser = nobody.with_cookie(&begun);
    let back = other.authorize(begun.header("location"));
    // Sent on to the address of the first one.
    let elsewhere = back.replace(&other_id, &setting.id);
    assert_eq!(failed(&browser.get(&elsewhere).await), "Expired");
    assert_eq!(
        setting.provider.asked().1,
        0,
        "nobody was shown the code of another"
    );
    assert_eq!(failed(&browser.get(&back).await), "Unknown");
    // Who says that it sent the person back is somebody else, or nobody although it says it does.
    for lies in [
        Lies {
            iss: Some(other.issuer.clone()),
            ..Lies::default()
        },
        Lies {
            silent: true,
            ..Lies::default()
        },
    ] {
        setting.provider.lie(lies);
        let (browser, there) = setting.leave().await;
        let redeemed = setting.provider.asked().1;
        assert_eq!(
            failed(&browser.get(&setting.provider.authorize(&there)).await),
            "Untrusted"
        );
        assert_eq!(
            setting.provider.asked().1,
            redeemed,
            "no code was shown to anybody"
        );
    }
    // A second provider with the same issuer signs in its own people alone.
    setting.provider.lie(Lies::default());
    let twin = add(portal, &setting.provider, &[("form[name]", "Twin")]).await;
    switch(portal, &twin, true).await;
    let begun = nobody.get(&format!("/login/with/{twin}")).await;
    let back = setting.provider.authorize(begun.header("location"));
    assert_eq!(failed(&nobody.with_cookie(&begun).get(&back).await), "Unknown");
    assert_eq!(setting.logins().await, 0);
    // A provider of a branch signs in nobody of another one, nor an ISV admin, whatever it asserts.
    let north = portal.group("North");
    portal
        .run(&format!(
            "UPDATE identity_providers SET branch_id = {} WHERE id = {}",
            north.0, setting.id
        ))
        .await;
    for login in ["sam", "boss", "isv"] {
        portal.run("DELETE FROM linked_identities").await;
        setting.link(login, "ann-there").await;
        assert_eq!(failed(&setting.sign_in().await), "Unknown", "{login}");
    }
    let page = portal.nobody().get("/login").await.text();
    assert!(
        page.contains("Sign in with Other") && !page.contains("Sign in with Example"),
        "{page}"
    );
    portal.run("DELETE FROM linked_identities").await;
    setting.link("ann", "ann-there").await;
    assert_eq!(setting.sign_in().await.header("location"), "/add");
}

async fn keys_may_be_rotated(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("ann", "ann-there").await;
    let enter = async || {
        let answer = setting.sign_in().await;
        portal
            .run("DELETE FROM sessions WHERE provider_id IS NOT NULL")
            .await;
        answer
    };
    for _ in 0..3 {
        assert_eq!(enter().await.header("location"), "/add");
    }
    assert_eq!(setting.provider.asked(), (1, 3), "asked once what it publishes");
    setting.provider.rotate("second", 12);
    portal.jump(jiff::SignedDuration::from_secs(40));
    assert_eq!(enter().await.header("location"), "/add");
    assert_eq!(
        setting.provider.asked().0,
        2,
        "asked again for a key that was not known"
    );
    // A key that is published nowhere has it asked no more often than every half minute.
    setting.provider.hide_key("nowhere");
    for _ in 0..5 {
        assert_eq!(failed(&enter().await), "Untrusted");
    }
    assert!(setting.provider.asked().0 <= 3, "{:?}", setting.provider.asked());
}

async fn a_provider_that_does_not_answer_holds_up_nobody_for_long(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    setting.link("ann", "ann-there").await;
    let begin = async || {
        portal.jump(jiff::SignedDuration::from_mins(11));
        portal.nobody().get(&format!("/login/with/{}", setting.id)).await
    };
    let begun = tokio::time::Instant::now();
    let slow = Lies {
        delay: Duration::from_secs(30),
        ..Lies::default()
    };
    setting.provider.lie(slow);
    assert_eq!(failed(&begin().await), "Unreachable");
    assert!(begun.elapsed() < Duration::from_secs(8), "{:?}", begun.elapsed());
    for (lies, why) in [
        (
            Lies {
                ballast: 2_000_000,
                ..Lies::default()
            },
            "Untrusted",
        ),
        (
            Lies {
                issuer: Some("https://elsewhere.example.org".to_owned()),
                ..Lies::default()
            },
            "Untrusted",
        ),
        (
            Lies {
                redirect: Some(format!("{}/keys", setting.provider.issuer)),
                ..Lies::default()
            },
            "Untrusted",
        ),
    ] {
        setting.provider.lie(lies.clone());
        assert_eq!(failed(&begin().await), why, "{lies:?}");
    }
    assert_eq!(
        portal.number("SELECT COUNT(*) FROM pending_sign_ins").await,
        0,
        "nobody was sent there"
    );
    // It falls silent while somebody is there.
    setting.provider.lie(Lies::default());
    let begun = begin().await;
    let browser = portal.nobody().with_cookie(&begun);
    let back = setting.provider.authorize(begun.header("location"));
    setting.provider.lie(Lies {
        delay: Duration::from_secs(30),
        ..Lies::default()
    });
    assert_eq!(failed(&browser.get(&back).await), "Unreachable");
    setting.provider.lie(Lies {
        ballast: 2_000_000,
        ..Lies::default()
    });
    let (browser, there) = setting.leave().await;
    assert_eq!(
        failed(&browser.get(&setting.provider.authorize(&there)).await),
        "Untrusted"
    );
    // Where nobody listens, and where the operator lets nobody be reached.
    portal
        .run("UPDATE identity_providers SET issuer = 'http://127.0.0.1:1'")
        .await;
    assert_eq!(failed(&begin().await), "Unreachable");
    portal
        .run("UPDATE identity_providers SET issuer = 'http://localhost.example.org'")
        .await;
    assert_eq!(begin().await.status, 303);
    let strict = portal.with(|_| {}).await;
    portal
        .run(&format!(
            "UPDATE identity_providers SET issuer = '{}'",
            setting.provider.issuer
        ))
        .await;
    let asked = setting.provider.asked();
    let begun = strict.nobody().get(&format!("/login/with/{}", setting.id)).await;
    assert_eq!(failed(&begun), "Unreachable");
    assert_eq!(
        setting.provider.asked(),
        asked,
        "a private network is not reached"
    );
}

async fn addresses_that_cannot_be_read_lead_to_a_page(engine: Engine) {
    let setting = Setting::new(engine).await;
    let way = format!("/login/with/{}", setting.id);
    for query in ["end_other=perhaps", "next=/a&next=/b"] {
        let begun = setting.portal.nobody().get(&format!("{way}?{query}")).await;
        let there = begun.header("location").to_owned();
        assert!(there.starts_with(&setting.provider.issuer), "{query}: {there}");
    }
    for query in ["state=a&state=b", "code=%ff&code=a", "", "state"] {
        let back = setting.portal.nobody().get(&format!("{way}/back?{query}")).await;
        assert_eq!(failed(&back), "Expired", "{query}");
    }
}
