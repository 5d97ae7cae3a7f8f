//! The memberships in the form of a user (S1, S17): what it offers is what the policy permits.

use domain::accounts::Permissions;
use http::{Method, header};
use license_portal::store::Engine;

use crate::support::{client::Client, portal::TestPortal};

on_both_engines!(
    s17_the_form_offers_what_is_permitted,
    s17_the_form_shows_the_groups_of_its_reader,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        @nina*
        @ned
        @multi
        Harbour/
          @multi*
      South/
        @sam*+
        @sue+
        @multi+
";

async fn memberships(client: &Client, user: &str) -> Vec<serde_json::Value> {
    let answer = client.post("user", &[("user", user)]).await;
    match answer.status {
        404 => Vec::new(),
        _ => answer.ok()["memberships"].as_array().unwrap().clone(),
    }
}

/// Everything that anybody is offered is tried, and so is everything that is not.
async fn s17_the_form_offers_what_is_permitted(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let mut readers = Vec::new();
    for login in ["isv", "boss", "nina", "sam"] {
        readers.push(portal.client(login).await);
    }
    portal.keep().await;
    let names = Permissions::all().names();
    let (mut permitted, mut refused) = (0, 0);
    for reader in &readers {
        for person in ["isv", "boss", "nina", "ned", "multi", "sam", "sue"] {
            let user = portal.person(person).to_string();
            for membership in memberships(reader, &user).await {
                let group = crate::support::client::id_in(&membership["group"]);
                let now = |permission: &str| membership["permissions"][permission].as_bool().unwrap();
                let may = |permission: &str| membership["grant"][permission].as_bool().unwrap();
                for changed in &names {
                    let field = |name: &String| {
                        let then = now(name) != (name == changed);
                        (format!("permissions[{name}]"), then.to_string())
                    };
                    let fields: Vec<_> = names.iter().map(field).collect();
                    let mut form = vec![("group", group.as_str()), ("user", &user)];
                    form.extend(fields.iter().map(|(name, then)| (name.as_str(), then.as_str())));
                    let answer = reader.post("set_member", &form).await;
                    assert_eq!(
                        answer.status == 200,
                        may(changed),
                        "{person} {membership} {changed}"
                    );
                    if may(changed) {
                        permitted += 1;
                    } else {
                        refused += 1;
                    }
                    portal.restore().await;
                }
                let covers = names.iter().all(|name| may(name) || !now(name));
                let removed = reader
                    .post("remove_member", &[("group", &group), ("user", &user)])
                    .await;
                assert_eq!(
                    removed.status == 200,
                    covers && may("admin"),
                    "{person} {membership}"
                );
                portal.restore().await;
            }
        }
    }
    assert!(
        permitted > 20 && refused > 5,
        "{permitted} permitted, {refused} refused"
    );
}

async fn s17_the_form_shows_the_groups_of_its_reader(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let multi = portal.person("multi").to_string();
    let paths = async |login: &str| {
        let seen = memberships(&portal.client(login).await, &multi).await;
        let mut paths: Vec<_> = seen
            .iter()
            .map(|membership| membership["path"].to_string())
            .collect();
        paths.sort();
        paths
    };
    assert_eq!(paths("nina").await, [r#"["North","Harbour"]"#, r#"["North"]"#]);
    assert_eq!(paths("sam").await, [r#"["South"]"#]);
    assert_eq!(paths("boss").await.len(), 3);
    assert_eq!(paths("ned").await.len(), 0);
    // The page, before there is wasm: forms for what she may change, and no trace of the rest.
    let page = async |login: &str, person: &str| {
        let client = portal.client(login).await;
        let path = format!("/users/{}", portal.person(person));
        let request = client
            .request(Method::GET, &path)
            .header(header::ACCEPT, "text/html");
        client.send(request.body("".into()).unwrap()).await.text()
    };
    let text = page("nina", "multi").await;
    for label in [
        "Admin: North",
        "Save: North",
        "Remove: North",
        "Save: North › Harbour",
        "Add to group",
        "There is no other group.",
    ] {
        assert!(text.contains(label), "{label}");
    }
    assert!(!text.contains("South") && !text.contains("Company"));
    // Added and removed there.
    let (nina, ned) = (portal.client("nina").await, portal.person("ned").to_string());
    let harbour = portal.group("Harbour").to_string();
    let option = format!("<option value=\"{harbour}\">North › Harbour");
    assert!(page("nina", "ned").await.contains(&option));
    nina.post(
        "set_member",
        &[
            ("group", &harbour),
            ("user", &ned),
            ("permissions[admin]", "true"),
        ],
    )
    .await
    .ok();
    let text = page("nina", "ned").await;
    assert!(text.contains("Remove: North › Harbour") && !text.contains(&option));
    let added = memberships(&nina, &ned).await;
    let added = added.iter().find(|membership| membership["path"][1] == "Harbour");
    let granted: Permissions = serde_json::from_value(added.unwrap()["permissions"].clone()).unwrap();
    assert_eq!(granted, Permissions::ADMIN);
    nina.post("remove_member", &[("group", &harbour), ("user", &ned)])
        .await
        .ok();
    assert!(!page("nina", "ned").await.contains("Remove: North › Harbour"));
}
