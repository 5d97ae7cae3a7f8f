//! Identity providers, as ISV admins look after them.

use license_portal::store::{Engine, encryption::IDENTITY_PROVIDERS};
use serde_json::json;

use crate::{
    accounts::identity_providers::{Setting, form, switch},
    support::{
        client::id_in,
        identity_provider::{CLIENT_SECRET, Lies},
    },
};

on_both_engines!(providers_are_kept_by_isv_admins, a_test_run_says_what_was_found);

async fn providers_are_kept_by_isv_admins(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    let isv = portal.client("isv").await;
    let of = [("provider", setting.id.as_str())];
    for login in ["boss", "ann"] {
        let person = portal.client(login).await;
        for function in [
            "identity_providers",
            "identity_provider",
            "delete_identity_provider",
            "test_identity_provider",
        ] {
            assert!(
                person.post(function, &of).await.refused().starts_with("404"),
                "{function}"
            );
        }
        assert!(
            person
                .post("create_identity_provider", &form(&setting.provider, &[]))
                .await
                .refused()
                .starts_with("404")
        );
    }
    let row = isv.post("identity_provider", &of).await;
    assert!(!row.text().contains(CLIENT_SECRET), "nobody reads the secret");
    assert_eq!(
        row.ok()["back"],
        format!("{}/login/with/{}/back", portal.portal.headless.url, setting.id)
    );
    assert_eq!(portal.secrets(&IDENTITY_PROVIDERS).await, [CLIENT_SECRET]);
    for (field, value, why) in [
        ("form[name]", "", "InvalidName"),
        ("form[issuer]", "ftp://id.example.org", "Issuer"),
        ("form[client_id]", "", "ClientId"),
        ("form[client_secret]", "", "ClientSecret"),
        ("form[scopes]", "a\"b", "Scopes"),
        ("form[join_group]", "4611686018427387903", "Hidden"),
    ] {
        let refused = isv
            .post(
                "create_identity_provider",
                &form(&setting.provider, &[(field, value)]),
            )
            .await
            .refused();
        assert!(refused.contains(why), "{field}: {refused}");
    }
    let (north, south) = (
        portal.group("North").to_string(),
        portal.group("South").to_string(),
    );
    let outside = form(
        &setting.provider,
        &[("form[branch]", &north), ("form[join_group]", &south)],
    );
    assert!(
        isv.post("create_identity_provider", &outside)
            .await
            .refused()
            .contains("OutsideBranch")
    );

    // Of two who change it, the second one is told; without a secret it keeps the one that it has.
    let version = isv.post("identity_provider", &of).await.ok()["version"].to_string();
    let mut changed = form(
        &setting.provider,
        &[("form[name]", "Renamed"), ("form[version]", &version)],
    );
    changed.retain(|(name, _)| *name != "form[client_secret]");
    changed.push(of[0]);
    isv.post("save_identity_provider", &changed).await.ok();
    assert!(
        isv.post("save_identity_provider", &changed)
            .await
            .refused()
            .contains("Changed")
    );
    assert_eq!(portal.secrets(&IDENTITY_PROVIDERS).await, [CLIENT_SECRET]);
    let listed = isv.post("identity_providers", &[]).await.ok();
    assert_eq!(
        (listed[0]["name"].as_str(), listed[0]["active"].as_bool()),
        (Some("Renamed"), Some(true))
    );

    // A group that is dissolved is joined by nobody; links go with their provider.
    setting.link("ann", "ann-there").await;
    isv.post("delete_identity_provider", &of).await.ok();
    assert_eq!(portal.number("SELECT COUNT(*) FROM linked_identities").await, 0);
    assert!(
        isv.post("identity_provider", &of)
            .await
            .refused()
            .starts_with("404")
    );
    let kinds = "SELECT kind FROM events WHERE kind LIKE 'identity_provider%' ORDER BY id";
    assert_eq!(
        portal.texts(kinds).await,
        [
            "identity_provider_created",
            "identity_provider_changed",
            "identity_provider_changed",
            "identity_provider_deleted"
        ]
    );
}

async fn a_test_run_says_what_was_found(engine: Engine) {
    let setting = Setting::new(engine).await;
    let portal = &setting.portal;
    let isv = portal.client("isv").await;
    let other = id_in(
        &isv.post("create_identity_provider", &form(&setting.provider, &[]))
            .await
            .ok(),
    );
    let run = async || {
        isv.post("test_identity_provider", &[("provider", &other)])
            .await
            .ok()
    };
    let found = run().await;
    assert_eq!(found["problem"], json!(null));
    assert_eq!(
        (found["keys"].as_u64(), found["names_itself"].as_bool()),
        (Some(1), Some(true))
    );
    assert_eq!(
        found["algorithms"],
        json!(["EdDSA"]),
        "what the portal does not take is not told as if it did"
    );
    setting.provider.lie(Lies {
        issuer: Some("https://elsewhere.example.org".to_owned()),
        ..Lies::default()
    });
    assert_eq!(run().await["problem"], "it calls itself by another issuer");
    switch(portal, &other, true).await;
    portal
        .run("UPDATE identity_providers SET client_secret = NULL, active = 0")
        .await;
    let on = [("provider", other.as_str()), ("on", "true")];
    assert!(
        isv.post("switch_identity_provider", &on)
            .await
            .refused()
            .contains("ClientSecret")
    );
}
