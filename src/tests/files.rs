//! Organisation files: broken ones are refused whole, with place and reason; what is written can be read again.

use license_portal::{
    ops::organisation::{self, ImportError, Organisation},
    store::Engine,
};
use serde_json::{Value, json};

use crate::{
    portal::TestPortal,
    tree::{self, DEMO},
};

on_both_engines!(
    broken_files_are_refused_with_place_and_reason,
    a_file_that_collides_with_the_portal_is_refused,
    what_is_exported_can_be_imported,
    the_demo_is_loaded_once,
);

fn file() -> Value {
    json!({
        "format": "license-portal/organisation@1",
        "groups": [{ "key": "a", "name": "A" }, { "key": "b", "name": "B", "parent": "a" }],
        "users": [{ "login": "ann" }, { "login": "bob", "email": "bob@example.org" }],
        "memberships": [{ "user": "ann", "group": "a", "permissions": ["admin"] }],
        "tickets": [{ "owner": { "group": "b" }, "licenses": [{ "product": "P", "quantity": 1 }] }]
    })
}

/// As the command line does it.
async fn load(portal: &TestPortal, text: &str) -> Result<(), ImportError> {
    let file: Organisation = serde_json::from_str(text)?;
    organisation::import(&portal.store, &portal.portal.maker, &file, None, |_, _| {})
        .await
        .map(|_| ())
}

async fn broken_files_are_refused_with_place_and_reason(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let before = portal.state().await;
    for (text, reason) in [
        (
            "",
            "the file cannot be read: EOF while parsing a value at line 1 column 0",
        ),
        (
            "{",
            "the file cannot be read: EOF while parsing an object at line 1 column 1",
        ),
        (
            "[1]",
            "the file cannot be read: invalid type: integer `1`, expected a string at line 1 column 2",
        ),
        (
            "{\"format\": \"x\"}",
            "format: \"x\" is not \"license-portal/organisation@1\"",
        ),
        (
            "\0\0",
            "the file cannot be read: expected value at line 1 column 1",
        ),
    ] {
        assert_eq!(load(&portal, text).await.unwrap_err().to_string(), reason);
    }
    let with = |pointer: &str, value: Value| {
        let mut file = file();
        let (above, field) = pointer.rsplit_once('/').unwrap();
        match file.pointer_mut(above).unwrap() {
            Value::Array(list) => list.push(value),
            object => object[field] = value,
        }
        file.to_string()
    };
    let long = "x".repeat(10_000);
    let cases = [
        (
            "/groups/0/parent",
            json!("b"),
            "groups[0].parent: the groups form a circle",
        ),
        (
            "/groups/0/parent",
            json!("a"),
            "groups[0].parent: the groups form a circle",
        ),
        (
            "/groups/1/parent",
            json!("z"),
            "groups[1].parent: there is no group with the key \"z\"",
        ),
        ("/groups/1/key", json!("a"), "groups[1].key: \"a\" occurs twice"),
        (
            "/groups/1/name",
            json!(long),
            "groups[1].name: the name is longer than 120 characters",
        ),
        ("/groups/1/name", json!(" "), "groups[1].name: the name is empty"),
        (
            "/groups/1/name",
            json!("a\u{202e}b"),
            "groups[1].name: the name contains a control character",
        ),
        ("/users/1/login", json!("ANN"), "users[1].login: ann occurs twice"),
        (
            "/users/1/login",
            json!("<b>"),
            "users[1].login: not a login name: 1 to 64",
        ),
        (
            "/users/1/name",
            json!("a\u{0}"),
            "users[1].name: the name contains a control character",
        ),
        (
            "/users/1/email",
            json!("nowhere"),
            "users[1].email: not an e-mail address",
        ),
        (
            "/users/1/email",
            json!("a\u{0}@b"),
            "users[1].email: not an e-mail address",
        ),
        (
            "/memberships/0/user",
            json!("eve"),
            "memberships[0].user: there is no user with the login \"eve\"",
        ),
        (
            "/memberships/0/group",
            json!("z"),
            "memberships[0].group: there is no group with the key \"z\"",
        ),
        (
            "/memberships/0/permissions",
            json!(["root"]),
            "memberships[0].permissions: there is no permission \"root\"",
        ),
        (
            "/memberships/-",
            json!({"user": "ann", "group": "a", "permissions": []}),
            "memberships[1]: the same person and group occur twice",
        ),
        (
            "/tickets/0/owner",
            json!({"group": "z"}),
            "tickets[0].owner: there is no group with the key \"z\"",
        ),
        (
            "/tickets/0/owner",
            json!({"user": "eve"}),
            "tickets[0].owner: there is no user with the login \"eve\"",
        ),
        (
            "/tickets/0/owner",
            json!({"user": "ann", "context": "z"}),
            "tickets[0].owner.context: there is no group with the key \"z\"",
        ),
        (
            "/tickets/0/owner",
            json!({"user": "ann", "group": "a"}),
            "tickets[0].owner: names neither exactly one group nor exactly one user",
        ),
        (
            "/tickets/0/owner",
            json!({}),
            "tickets[0].owner: names neither exactly one group nor exactly one user",
        ),
        (
            "/tickets/0/code",
            json!("typo"),
            "tickets[0].code: a ticket code has five groups of five characters",
        ),
        (
            "/tickets/0/licenses/0/product",
            json!(long),
            "tickets[0].licenses[0].product: the name is longer than 120 characters",
        ),
        (
            "/tickets/0/licenses/0/quantity",
            json!(0),
            "tickets[0].licenses[0].quantity: not between 1 and 1000000000",
        ),
        (
            "/tickets/0/licenses/0/quantity",
            json!(-1),
            "the file cannot be read: invalid value: integer `-1`, expected u32",
        ),
        (
            "/tickets/-",
            json!({"owner": {"user": "ann"}, "protected": true}),
            "tickets[1].protected: only group tickets can be protected",
        ),
        (
            "/groups/0/colour",
            json!("red"),
            "the file cannot be read: unknown field `colour`",
        ),
        (
            "/colour",
            json!("red"),
            "the file cannot be read: unknown field `colour`",
        ),
        (
            "/users",
            json!(7),
            "the file cannot be read: invalid type: integer `7`, expected a sequence",
        ),
    ];
    for (pointer, value, reason) in cases {
        let found = load(&portal, &with(pointer, value))
            .await
            .expect_err(reason)
            .to_string();
        assert!(found.starts_with(reason), "{pointer}: {found}");
        assert_eq!(portal.state().await, before, "{reason}");
    }
    let deep: Vec<Value> = (0..100)
        .map(|n| json!({ "key": n.to_string(), "name": "N", "parent": (n > 0).then(|| (n - 1).to_string()) }))
        .collect();
    let found = load(
        &portal,
        &json!({ "format": "license-portal/organisation@1", "groups": deep }).to_string(),
    )
    .await;
    assert_eq!(
        found.unwrap_err().to_string(),
        "groups[64]: deeper than 64 levels"
    );
    assert_eq!(portal.state().await, before);
    load(&portal, &file().to_string()).await.unwrap();
}

async fn a_file_that_collides_with_the_portal_is_refused(engine: Engine) {
    let portal = TestPortal::start(engine, "@bob #t\n").await;
    let before = portal.state().await;
    let reason = load(&portal, &file().to_string()).await.unwrap_err().to_string();
    assert_eq!(reason, "users[1].login: bob exists in the portal already");
    let mut other = file();
    other["users"] = json!([{ "login": "ann" }]);
    other["tickets"][0]["code"] = json!(portal.code("t"));
    let reason = load(&portal, &other.to_string()).await.unwrap_err().to_string();
    assert_eq!(reason, "tickets[0].code: the code exists in the portal already");
    assert_eq!(portal.state().await, before);
}

/// The file with names in the place of keys, in an order of its own.
fn canonical(file: &Organisation) -> Value {
    let name = |key: &str| {
        file.groups
            .iter()
            .find(|group| group.key == key)
            .map(|group| group.name.clone())
    };
    let mut lines: Vec<String> = Vec::new();
    for group in &file.groups {
        lines.push(json!([group.name, group.parent.as_deref().map(name)]).to_string());
    }
    lines.extend(file.users.iter().map(|user| json!(["user", user]).to_string()));
    for membership in &file.memberships {
        lines.push(json!([membership.user, name(&membership.group), membership.permissions]).to_string());
    }
    for ticket in &file.tickets {
        let owner = ticket.owner.as_ref();
        let owner = owner.map(|o| {
            (
                o.group.as_deref().map(name),
                o.user.clone(),
                o.context.as_deref().map(name),
            )
        });
        lines.push(json!([ticket.code, owner, ticket.protected, ticket.licenses]).to_string());
    }
    lines.sort();
    json!(lines)
}

async fn what_is_exported_can_be_imported(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    let exported = organisation::export(&portal.store).await.unwrap();
    assert_eq!(exported.tickets.len(), tree::organisation(DEMO).tickets.len());
    let text = serde_json::to_string_pretty(&exported).unwrap();
    let other = TestPortal::empty(engine).await;
    load(&other, &text).await.unwrap();
    let again = organisation::export(&other.store).await.unwrap();
    assert_eq!(canonical(&again), canonical(&exported));
    assert_ne!(again.groups[0].key, exported.groups[0].key, "ids are made anew");
}

async fn the_demo_is_loaded_once(engine: Engine) {
    use license_portal::ops::demo;
    let portal = TestPortal::empty(engine).await;
    demo::load(&portal.store, "the password").await.unwrap();
    // Passwords are part of people.
    let but_people = async || {
        let mut state = portal.state().await;
        state.retain(|row| !row.starts_with("person "));
        state
    };
    let first = but_people().await;
    demo::load(&portal.store, "another password").await.unwrap();
    assert_eq!(but_people().await, first);
    let nobody = portal.nobody();
    let log_in = async |password| {
        nobody
            .post("log_in", &[("login", "user-2.3"), ("password", password)])
            .await
            .status
    };
    assert_eq!(
        (log_in("the password").await, log_in("another password").await),
        (401, 200)
    );
    // Never into a portal that holds something else.
    let other = TestPortal::start(engine, "@ann\n").await;
    assert!(matches!(
        demo::load(&other.store, "the password").await,
        Err(demo::DemoError::NotEmpty)
    ));
}
