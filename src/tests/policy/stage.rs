//! The stage of the matrix: the example tree with one of everything, and the names of it all in calls.

use std::collections::HashMap;

use domain::accounts::personal_tokens::Scopes;
use jiff::Timestamp;
use license_portal::{
    ops::tokens,
    store::{Engine, encryption::IDENTITY_PROVIDERS},
};

use crate::{
    history::webhooks,
    policy::operations::CALLS,
    support::{
        client::{Client, LIST, form},
        portal::{BEGIN_MS, TestPortal},
        tree::{DEMO, PEOPLE},
    },
};

/// An id that nothing has.
pub const ABSENT: &str = "4611686018427387903";

/// The id of tickets that somebody created.
pub const CREATION: i64 = 9_500;
/// The id of an amendment of a licence in Group 1.1.
pub const AMENDMENT: i64 = 9_800;
/// The id of a request for a ticket of Group 1.1.
pub const TAKE_BACK: i64 = 9_850;
/// The id of a saved view of Group 1.1; that of one of Group 2 is the next.
const VIEW: i64 = 9_900;
/// The id of an identity provider that does not answer.
const PROVIDER: i64 = 9_950;
/// The id of the newcomer.
const NEWCOMER: i64 = 9_970;
/// The id of a report about a leaver.
pub const REPORT: i64 = 6_000;
/// The id of a request to the vendor.
const REQUEST: i64 = 7_000;
/// The id of a file that was uploaded.
pub const IMPORT: i64 = 8_200;

/// Puts ids in the place of names.
pub fn fill(portal: &TestPortal, me: &str, text: &str) -> String {
    let mut filled = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        let (name, after) = after.split_once('}').expect("a closing brace");
        let (kind, name) = name.split_once(' ').unwrap_or((name, ""));
        filled.push_str(before);
        filled.push_str(&match (kind, name) {
            // Nobody has no id; they get one that nobody has.
            ("user", "me") if me == "nobody" => "1".to_owned(),
            ("owner", name) if me == "nobody" && name.starts_with("@me") => "user:1".to_owned(),
            ("group", name) => portal.group(name).to_string(),
            ("user", "me") => portal.person(me).to_string(),
            ("user", name) => portal.person(name).to_string(),
            ("ticket", name) => portal.ticket(name).to_string(),
            ("owner", name) => portal.owner(&name.replace("@me", &format!("@{me}"))).to_string(),
            ("placed", name) => portal.pick(name),
            ("code", name) => portal.code(name),
            ("instance-license", seats) => portal.license(seats.parse().expect("a number"), |_| {}),
            ("session", name) => portal.session(name).to_string(),
            ("request", _) => REQUEST.to_string(),
            ("report", _) => REPORT.to_string(),
            ("license", name) => portal.license_of(name).to_string(),
            ("product", name) => portal.product(name).to_string(),
            ("container", name) => portal.container(name).to_string(),
            ("activation", name) => portal.activation(name).to_string(),
            ("credential", name) => credential_of(portal, name),
            ("import", _) => IMPORT.to_string(),
            ("token", "me") if me == "nobody" => ABSENT.to_owned(),
            ("token", "me") => token_of(me).to_string(),
            ("token", name) => token_of(name).to_string(),
            ("view", group) => view_of(group).to_string(),
            ("provider", _) => PROVIDER.to_string(),
            ("take-back", _) => TAKE_BACK.to_string(),
            ("amendment", _) => AMENDMENT.to_string(),
            ("creation", _) => CREATION.to_string(),
            ("totp", _) => portal.code_in(0),
            ("fingerprint", of) => portal.seen_ahead(of),
            ("webhook", group) => webhooks::webhook_of(group),
            ("delivery", group) => webhooks::delivery_of(group),
            ("email", _) => format!("{me}@example.org"),
            _ => panic!("unknown place holder {kind:?}"),
        });
        rest = after;
    }
    filled + rest
}

/// The id of the saved view of a group.
pub fn view_of(group: &str) -> i64 {
    if group == "Group 1.1" { VIEW } else { VIEW + 1 }
}

async fn saved_views(portal: &TestPortal) {
    for name in ["Group 1.1", "Group 2"] {
        let (id, group) = (view_of(name), portal.group(name));
        portal
            .run(&format!(
                "INSERT INTO ticket_views (id, group_id, name, query, saved_at) VALUES ({id}, {group}, 'Free', '{{}}', {BEGIN_MS})"
            ))
            .await;
    }
}

/// Somebody in Group 1.1 who has no password yet.
pub async fn newcomer(portal: &TestPortal) {
    let group = portal.group("Group 1.1");
    for sql in [
        format!(
            "INSERT INTO users (id, login, name, folded, email, isv_admin, active, created_at)
             VALUES ({NEWCOMER}, 'newcomer', 'Newcomer', 'newcomer', 'newcomer@example.org', 0, 0, {BEGIN_MS})"
        ),
        format!("INSERT INTO memberships (user_id, group_id) VALUES ({NEWCOMER}, {group})"),
    ] {
        portal.run(&sql).await;
    }
}

async fn identity_provider(portal: &TestPortal) {
    let secret = portal.encrypt(&IDENTITY_PROVIDERS, PROVIDER, "secret").await;
    portal
        .run(&format!(
            "INSERT INTO identity_providers (id, name, issuer, client_id, client_secret, scopes, login_claim, gives_factor, active)
             VALUES ({PROVIDER}, 'Company', 'https://id.example.org', 'portal', '{secret}', 'email', 'email', 0, 1)"
        ))
        .await;
}

/// Asks for the previews whose fingerprints stand in calls.
pub async fn look_ahead(portal: &TestPortal) {
    let client = portal.client("isv-admin").await;
    for holder in CALLS.split("{fingerprint ").skip(1) {
        let (of, _) = holder.split_once('}').expect("a closing brace");
        portal.look_ahead(&client, of).await;
    }
}

/// The form of a call, encoded.
pub fn filled(portal: &TestPortal, me: &str, call: &str) -> (String, String) {
    let (function, arguments) = call.split_once(' ').unwrap_or((call, ""));
    let pairs: Vec<(&str, String)> = arguments
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| {
            (
                name,
                if value == "me" {
                    me.to_owned()
                } else {
                    fill(portal, me, value)
                },
            )
        })
        .collect();
    let pairs: Vec<(&str, &str)> = pairs
        .iter()
        .map(|(name, value)| (*name, value.as_str()))
        .collect();
    // What the longest forms have in common.
    let given = |name: &str| pairs.iter().any(|(known, _)| *known == name);
    let rest = match function {
        "tickets" => format!("&{LIST}"),
        "create_tickets" => [
            ("new[quantity]", "1"),
            ("new[series]", "1"),
            ("new[binding]", "Floating"),
            ("key", "operations"),
        ]
        .into_iter()
        .filter(|(name, _)| !given(name))
        .map(|(name, value)| format!("&{name}={value}"))
        .collect(),
        _ => String::new(),
    };
    (function.to_owned(), form(&pairs) + &rest)
}

/// A report about somebody who left, a link for a forgotten password, somebody who begins to add a second factor, somebody who has one and is about to give
/// its code, and a request to the vendor.
async fn credentials(portal: &TestPortal, clients: &mut HashMap<&str, Client>) {
    let (begins, has) = (portal.person("user-1.1.1"), portal.person("user-2.1"));
    let late = BEGIN_MS + 24 * 60 * 60 * 1000;
    for login in ["user-1.1.1", "user-2.1"] {
        portal.second_factor(login).await;
    }
    for sql in [
        format!("UPDATE second_factors SET confirmed_at = NULL, begun_at = {late} WHERE user_id = {begins}"),
        format!(
            "INSERT INTO pending_logins VALUES ('{}', {has}, {late})",
            tokens::hash("pending")
        ),
        format!(
            "INSERT INTO password_links VALUES ('{}', {has}, {late})",
            tokens::hash("link")
        ),
        format!(
            "INSERT INTO license_requests (id, requested_at, requested_by, seats, variant, note, mailed_at)
             VALUES ({REQUEST}, {BEGIN_MS}, {has}, 30, '', '', {BEGIN_MS})"
        ),
        format!(
            "INSERT INTO events (id, at, kind, actor_id, request_key, user_id)
             VALUES ({REPORT}, {BEGIN_MS}, 'leaver_processed', {}, 'leaver-of-somebody', {begins})",
            portal.person("admin-1.1")
        ),
        format!(
            "INSERT INTO event_groups (event_id, group_id) VALUES ({REPORT}, {})",
            portal.group("Group 1.1")
        ),
        format!("INSERT INTO event_people VALUES ({REPORT}, {begins})"),
    ] {
        portal.run(&sql).await;
    }
    let client = clients.get_mut("user-2.1").expect("a client");
    let login = client.cookie.take().expect("a login");
    client.cookie = Some(format!("{login}; portal-code=pending"));
}

/// A file that another server has checked.
pub async fn upload(portal: &TestPortal) {
    let by = portal.person("isv-admin");
    portal
        .run(&format!(
            "INSERT INTO imports (id, uploaded_at, uploaded_by, file, bytes, state, server, created, open)
             VALUES ({IMPORT}, {BEGIN_MS}, {by}, 'groups.csv', 100, 'checked', 1, 1, 1)"
        ))
        .await;
    let later = Timestamp::MAX.as_millisecond() / 2;
    portal
        .run(&format!("INSERT INTO import_beats VALUES ({IMPORT}, {later}, 0)"))
        .await;
}

/// An access token for each person, good for everything.
pub async fn access_tokens(portal: &TestPortal) {
    for person in PEOPLE {
        let (id, user) = (token_of(person), portal.person(person));
        let (hash, scopes) = (tokens::hash(&token(person)), Scopes::all());
        portal
            .run(&format!(
                "INSERT INTO personal_tokens (id, user_id, name, token_hash, scopes, created_at, expires_at)
                 VALUES ({id}, {user}, 'Script', '{hash}', '{scopes}', {BEGIN_MS}, {})",
                Timestamp::MAX.as_millisecond()
            ))
            .await;
    }
}

/// The access token of a person.
pub fn token(person: &str) -> String {
    format!("lpt_{person}")
}

/// The id of the access token of a person.
pub fn token_of(person: &str) -> usize {
    12_000
        + PEOPLE
            .iter()
            .position(|known| *known == person)
            .expect("a person")
}

/// The credential of somebody's container.
pub fn credential_of(portal: &TestPortal, login: &str) -> String {
    (portal.container(login) + 100).to_string()
}

/// A container each for three people: cloud containers with a credential each, the first with a licence of a colleague's
/// ticket in it, and a device.
pub async fn containers(portal: &TestPortal) {
    for (at, (login, context)) in [
        ("user-1.1.1", Some("Group 1.1")),
        ("user-1.2.1", None),
        ("user-2.1", None),
    ]
    .into_iter()
    .enumerate()
    {
        let context = context.map_or("NULL".to_owned(), |group| portal.group(group).to_string());
        let user = portal.person(login);
        portal
            .run(&format!(
                "INSERT INTO containers (id, user_id, context_group_id, kind, name, folded, created_at)
                 VALUES ({}, {user}, {context}, 'cloud', 'Cloud', 'cloud', {BEGIN_MS})",
                8_000 + at
            ))
            .await;
        if login == "user-1.2.1" {
            portal
                .run("UPDATE containers SET kind = 'device' WHERE id = 8001")
                .await;
            portal
                .run("INSERT INTO devices (container_id) VALUES (8001)")
                .await;
            continue;
        }
        portal
            .run(&format!(
                "INSERT INTO credentials (id, container_id, label, public_key, issued_at, issued_by)
                 VALUES ({}, {}, 'Build', '-', {BEGIN_MS}, {user})",
                8_100 + at,
                8_000 + at
            ))
            .await;
    }
    let license = portal.license_of("admin-1.1.1@1.1");
    portal
        .run(&format!(
            "UPDATE licenses SET activated = 1, started_at = {BEGIN_MS} WHERE id = {license}"
        ))
        .await;
    portal
        .run(&format!(
            "INSERT INTO activations (id, license_id, container_id, quantity, state, begun_at)
             VALUES (9000, {license}, 8000, 1, 'confirmed', {BEGIN_MS})"
        ))
        .await;
    portal.learn().await;
}

/// An admin and a member who create tickets in Group 2, where the member has created one, within a filter and a quota; who
/// reads its reports; a filter on Group 1; and seats for customers.
pub async fn resellers(portal: &TestPortal) {
    let (one, two) = (portal.group("Group 1"), portal.group("Group 2"));
    let (creator, reader) = (portal.person("user-2.2"), portal.person("user-2.3"));
    let admin = portal.person("admin-2.1");
    let (first, second) = (portal.product("1.1-open"), portal.product("2-open"));
    let code = domain::tickets::codes::TicketCode::from_random([7; 24]).compact();
    let license = portal.license(20, |_| {});
    for sql in [
        format!("INSERT INTO membership_permissions VALUES ({creator}, {two}, 'create_ticket')"),
        format!("INSERT INTO membership_permissions VALUES ({admin}, {two}, 'create_ticket')"),
        format!("INSERT INTO membership_permissions VALUES ({reader}, {two}, 'view_reports')"),
        format!("INSERT INTO product_filters VALUES ({one}), ({two})"),
        format!("INSERT INTO filtered_products VALUES ({one}, {first}), ({two}, {second})"),
        format!("INSERT INTO quotas VALUES ({two}, {second}, 'month', 5)"),
        format!(
            "INSERT INTO products (id, article, name, name_de, folded, features, created_at)
             VALUES (9400, 'created', 'created', 'created', 'created', '', {BEGIN_MS})"
        ),
        format!(
            "INSERT INTO creations (id, group_id, product_id, quantity, tickets, created_by, created_at, request_key)
             VALUES ({CREATION}, {two}, 9400, 1, 1, {creator}, {BEGIN_MS}, 'created-before')"
        ),
        format!(
            "INSERT INTO tickets (id, code, protected, products, owner_since, created_at, creation_id)
             VALUES (9600, '{code}', 0, 'created', {BEGIN_MS}, {BEGIN_MS}, {CREATION})"
        ),
        "INSERT INTO licenses (id, ticket_id, position, product_id, quantity) VALUES (9700, 9600, 0, 9400, 1)".to_owned(),
        format!("INSERT INTO instance (name, value) VALUES ('license', '{license}')"),
    ] {
        portal.run(&sql).await;
    }
    portal.learn().await;
}

/// A licence that was reduced.
async fn amended(portal: &TestPortal) {
    let (license, product) = (portal.license_of("1.1-open"), portal.product("1.1-open"));
    let by = portal.person("isv-admin");
    let grant = |quantity| {
        format!(r#"{{"quantity":{quantity},"validity":"Perpetual","suspended":null,"revoked":null}}"#)
    };
    let (before, after) = (grant(2), grant(1));
    portal
        .run(&format!(
            r#"INSERT INTO amendments (id, license_id, number, what, before_it, after_it, reason, made_by, made_at, in_force_at,
                 settled, product_id, added, renewed, request_key)
             VALUES ({AMENDMENT}, {license}, 1, '{{"Quantity":{{"to":1}}}}', '{before}', '{after}', '', {by}, {BEGIN_MS}, {BEGIN_MS},
                 1, {product}, 0, 0, 'amended-before')"#
        ))
        .await;
}

/// A ticket of Group 1.1 that an admin above wants back.
async fn asked_back(portal: &TestPortal) {
    let (ticket, by) = (portal.ticket("1.1-open"), portal.person("admin-1.1"));
    let (from, to) = (portal.group("Group 1.1"), portal.group("Group 1"));
    let (asked_at, due_at) = (BEGIN_MS + 60_000, BEGIN_MS + 14 * 24 * 60 * 60 * 1000);
    portal
        .run(&format!(
            "INSERT INTO take_backs (id, ticket_id, from_owner, to_group_id, asked_by, asked_at, due_at, state)
             VALUES ({TAKE_BACK}, {ticket}, 'group:{from}', {to}, {by}, {asked_at}, {due_at}, 'asked')"
        ))
        .await;
}

/// The example tree with everything in it that calls are about, and everybody's browser.
pub async fn stage(engine: Engine) -> (TestPortal, HashMap<&'static str, Client>) {
    let portal = TestPortal::start(engine, DEMO).await;
    containers(&portal).await;
    resellers(&portal).await;
    amended(&portal).await;
    asked_back(&portal).await;
    portal.set_quick_passwords("correct").await;
    let mut clients = HashMap::from([("nobody", portal.nobody())]);
    for person in PEOPLE {
        clients.insert(person, portal.client(person).await);
    }
    credentials(&portal, &mut clients).await;
    upload(&portal).await;
    access_tokens(&portal).await;
    webhooks::seed(&portal).await;
    saved_views(&portal).await;
    identity_provider(&portal).await;
    newcomer(&portal).await;
    portal.learn().await;
    look_ahead(&portal).await;
    portal.keep().await;
    (portal, clients)
}
