//! The partner's customer (S15): in one form, with the tickets, the seat, and the letter with the link.

use license_portal::{
    ops::{self, accounts::invitations},
    store::Engine,
};
use tokio::task::JoinSet;

use crate::{
    resellers::creations::{create, create_by, portal},
    support::{
        client::{Answer, Client},
        moments::{at, ms},
        portal::TestPortal,
    },
};

on_both_engines!(
    s15_a_customer_gets_tickets_and_a_link,
    s15_a_customer_with_a_group_administers_it,
    s15_customers_are_served_again,
    a_customer_is_found_by_who_serves_them,
    s15_what_cannot_be_is_refused_as_a_whole,
    s15_the_last_seat_is_taken_once,
    s15_a_letter_is_written_by_one_of_two_servers,
);

const CHOSEN: &str = "drei kleine ziegen im mai";

/// The portal, with seats left.
async fn portal_with(engine: Engine, seats: u32) -> TestPortal {
    let portal = portal(engine).await;
    let file = portal.license(seats, |_| {});
    let isv = portal.client("isv").await;
    isv.post("replace_license", &[("license", &file)]).await.ok();
    portal
}

fn customer<'a>(email: &'a str, group: &'a str) -> [(&'a str, &'a str); 4] {
    [
        ("new[recipient]", "NewCustomer"),
        ("new[new_customer][email]", email),
        ("new[new_customer][group_name]", group),
        ("new[new_customer][name]", "Carla Customer"),
    ]
}

/// The token of the newest letter.
async fn token(portal: &TestPortal, mails: usize) -> String {
    let mail = portal.mails(mails).await.pop().expect("a mail");
    let (_, token) = mail.split_once("/password/new?token=").expect("a link");
    token.split_whitespace().next().expect("a token").to_owned()
}

/// Somebody follows the link of their letter, chooses a password, and logs in.
async fn come_in(portal: &TestPortal, token: &str, login: &str) -> Client {
    let nobody = portal.nobody();
    let form = [("token", token), ("chosen", CHOSEN)];
    nobody.post("use_password_link", &form).await.ok();
    let answer = nobody.log_in(login, CHOSEN).await;
    answer.ok();
    nobody.with_cookie(&answer)
}

async fn s15_a_customer_gets_tickets_and_a_link(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    let mut fields = customer("Carla@example.org", "").to_vec();
    fields.push(("new[series]", "2"));
    create(&portal, "paul", "Partner", "studio", &fields).await.ok();
    portal.learn().await;
    assert_eq!(portal.holder("studio").await, "@carla@example.org/Partner");
    let mail = portal.mails(1).await.remove(0);
    assert!(mail.contains("To: Carla@example.org\r\n"), "{mail}");
    assert!(mail.contains("Your login: carla@example.org"), "{mail}");
    let token = token(&portal, 1).await;
    let hashes = portal.texts("SELECT token_hash FROM password_links").await;
    assert!(
        hashes.len() == 1 && hashes[0] != token,
        "the token itself stands nowhere"
    );
    let carla = come_in(&portal, &token, "carla@example.org").await;
    // She activates straight away.
    assert_eq!(carla.list("all").await, ["studio", "studio"]);
    let of = "@carla@example.org";
    let container = carla.cloud_container(&portal, of, "Laptop").await;
    carla.activate(&portal, "studio", &container, 1).await.ok();
    // Once is enough.
    let form = [("token", token.as_str()), ("chosen", CHOSEN)];
    let again = portal.nobody().post("use_password_link", &form).await;
    assert_eq!(again.refused(), r#"403 {"Refused":"LinkExpired"}"#);
    let kinds = portal
        .texts("SELECT DISTINCT kind FROM events ORDER BY kind")
        .await;
    assert!(kinds.contains(&"customer_created".to_owned()), "{kinds:?}");
    // Paul, who is no admin, does not see what he sold, nor the account: he serves the customer, and no more.
    assert!(portal.client("paul").await.list("all").await.is_empty());
    let user = portal.person("carla@example.org").to_string();
    let paul = portal.client("paul").await;
    assert_eq!(paul.post("user", &[("user", &user)]).await.status, 404);
    assert_eq!(portal.client("petra").await.list("all").await.len(), 2);
}

async fn a_customer_is_found_by_who_serves_them(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    for (email, group) in [("carla@example.org", ""), ("cora@example.org", "Café Carla")] {
        create(&portal, "paul", "Partner", "studio", &customer(email, group))
            .await
            .ok();
    }
    portal.learn().await;
    let own = portal.group("Café Carla");
    let partner = Some(portal.group("Partner"));
    for (person, people, customers) in [
        (
            "isv",
            2,
            vec![
                ("Café Carla", partner, Some(own)),
                ("Carla Customer", partner, None),
            ],
        ),
        (
            "petra",
            2,
            vec![
                ("Café Carla", partner, Some(own)),
                ("Carla Customer", partner, None),
            ],
        ),
        // Who only creates tickets serves them, and sees neither the account nor the group.
        (
            "paul",
            0,
            vec![("Café Carla", partner, None), ("Carla Customer", partner, None)],
        ),
        ("rolf", 0, Vec::new()),
        ("plain", 0, Vec::new()),
        ("boss", 2, Vec::new()),
    ] {
        let found = ops::find::find(&portal.store, portal.person(person), "carla")
            .await
            .unwrap();
        let mut told: Vec<_> = found
            .customers
            .iter()
            .map(|found| (found.customer.name.as_str(), found.partner, found.group))
            .collect();
        told.sort_unstable_by_key(|(name, ..)| *name);
        assert_eq!(told, customers, "{person}");
        assert_eq!(found.people.len(), people, "{person}");
    }
}

async fn s15_a_customer_with_a_group_administers_it(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    create(
        &portal,
        "paul",
        "Partner",
        "studio",
        &customer("carla@example.org", "Customer Ltd"),
    )
    .await
    .ok();
    portal.learn().await;
    assert_eq!(portal.holder("studio").await, "Customer Ltd");
    let carla = come_in(&portal, &token(&portal, 1).await, "carla@example.org").await;
    assert_eq!(carla.list("all").await, ["studio"]);
    let group = portal.group("Customer Ltd").to_string();
    let detail = carla.post("group", &[("group", &group)]).await.ok();
    assert_eq!(
        (detail["path"].to_string(), &detail["may"]["administer"]),
        (r#"["Customer Ltd"]"#.to_owned(), &true.into())
    );
    // Below the partner, and nobody else's.
    let path = portal
        .client("petra")
        .await
        .post("group", &[("group", &group)])
        .await
        .ok();
    assert_eq!(path["path"].to_string(), r#"["Partner","Customer Ltd"]"#);
    for who in ["paul", "sam", "rolf", "plain"] {
        assert_eq!(
            portal
                .client(who)
                .await
                .post("group", &[("group", &group)])
                .await
                .status,
            404,
            "{who}"
        );
    }
}

async fn s15_customers_are_served_again(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    create(
        &portal,
        "paul",
        "Partner",
        "studio",
        &customer("carla@example.org", "Customer Ltd"),
    )
    .await
    .ok();
    create(
        &portal,
        "sam",
        "Shop",
        "studio",
        &customer("dora@example.org", ""),
    )
    .await
    .ok();
    portal.learn().await;
    let offered = async |who: &str, group: &str| {
        let group = portal.group(group).to_string();
        let form = portal
            .client(who)
            .await
            .post("creation_form", &[("group", &group)])
            .await
            .ok();
        let customers = form["customers"].as_array().unwrap().iter();
        customers
            .map(|row| row["name"].as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    assert_eq!(offered("paul", "Partner").await, ["Customer Ltd"]);
    assert_eq!(offered("sam", "Shop").await, ["Carla Customer"]);
    let give = async |who: &str, group: &str, to: &str| {
        let user = portal.person(to).to_string();
        let fields = [("new[recipient]", "Customer"), ("new[customer]", user.as_str())];
        create(&portal, who, group, "viewer", &fields).await
    };
    give("paul", "Partner", "carla@example.org").await.ok();
    portal.learn().await;
    assert_eq!(portal.holder("viewer").await, "Customer Ltd");
    // Their links are stored when the mails are written.
    portal.mails(2).await;
    let before = portal.state().await;
    // Another one's customer, one of a group below, and somebody who is none.
    let hidden = |answer: Answer| assert_eq!(answer.refused(), r#"404 {"Refused":{"Denied":"Hidden"}}"#);
    hidden(give("sam", "Shop", "carla@example.org").await);
    hidden(give("paul", "Partner", "dora@example.org").await);
    hidden(give("petra", "Partner", "plain").await);
    assert_eq!(portal.state().await, before);
    // Who left the partner's group is its customer no more.
    let (shop, dora) = (
        portal.group("Shop").to_string(),
        portal.person("dora@example.org").to_string(),
    );
    let sam = portal.client("sam").await;
    sam.post("remove_member", &[("group", &shop), ("user", &dora)])
        .await
        .ok();
    hidden(give("sam", "Shop", "dora@example.org").await);
    assert_eq!(offered("sam", "Shop").await, Vec::<String>::new());
}

async fn s15_what_cannot_be_is_refused_as_a_whole(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    let before = portal.state().await;
    let long = "x".repeat(200);
    for (email, group, login, expected) in [
        ("", "", "", r#"422 {"Refused":{"InvalidCreation":"NoEmail"}}"#),
        ("nowhere", "", "", r#"422 {"Refused":"InvalidEmail"}"#),
        ("c@example.org", "", "plain", r#"409 {"Refused":"LoginTaken"}"#),
        ("c@example.org", "", "<c>", r#"422 {"Refused":"InvalidLogin"}"#),
        (
            "c@example.org",
            long.as_str(),
            "",
            r#"422 {"Refused":{"InvalidName":"TooLong"}}"#,
        ),
    ] {
        let mut fields = customer(email, group).to_vec();
        fields.push(("new[new_customer][login]", login));
        let answer = create(&portal, "paul", "Partner", "studio", &fields).await;
        assert_eq!(answer.refused(), expected);
    }
    // A customer without a product is none.
    let answer = create(
        &portal,
        "paul",
        "Partner",
        "field",
        &customer("c@example.org", ""),
    )
    .await;
    assert_eq!(answer.status, 403);
    // In somebody else's branch, or without the permission.
    for (who, group, status) in [
        ("rolf", "Partner", 404),
        ("plain", "Partner", 403),
        ("rita", "Partner", 403),
        ("paul", "Shop", 404),
    ] {
        let answer = create(&portal, who, group, "studio", &customer("c@example.org", "New")).await;
        assert_eq!(answer.status, status, "{who} in {group}");
    }
    assert_eq!(portal.state().await, before);
}

/// Sixteen customers for the last seat.
async fn s15_the_last_seat_is_taken_once(engine: Engine) {
    // Eight people are there already.
    let portal = portal_with(engine, 9).await;
    let second = match engine {
        Engine::Postgres => portal.second().await,
        Engine::Sqlite => portal.clone(),
    };
    let paul = portal.client("paul").await;
    let mut race = JoinSet::new();
    for n in 0..16 {
        let server = if n % 2 == 0 {
            portal.clone()
        } else {
            second.clone()
        };
        let client = Client {
            cookie: paul.cookie.clone(),
            ..server.nobody()
        };
        race.spawn(async move {
            let email = format!("c{n}@example.org");
            create_by(&client, &server, "Partner", "studio", &customer(&email, "")).await
        });
    }
    let answers = race.join_all().await;
    let (won, lost): (Vec<_>, Vec<_>) = answers.into_iter().partition(|answer| answer.status == 200);
    assert_eq!(won.len(), 1);
    for answer in lost {
        assert_eq!(
            answer.refused(),
            r#"409 {"Refused":{"NoSeatLeft":{"wanted":1,"left":0}}}"#
        );
    }
    assert_eq!(
        portal.number("SELECT COUNT(*) FROM users WHERE active = 1").await,
        9
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM customers").await, 1);
}

async fn s15_a_letter_is_written_by_one_of_two_servers(engine: Engine) {
    let portal = portal_with(engine, 20).await;
    let second = portal.second().await;
    for n in 0..4 {
        let email = format!("c{n}@example.org");
        create(&portal, "paul", "Partner", "studio", &customer(&email, ""))
            .await
            .ok();
        // Both servers look for what is to be mailed after each of their own changes.
        for server in [&portal, &second] {
            let noted = server.store.begin_write().await.unwrap();
            server.store.commit(noted).await.unwrap();
        }
        assert_eq!(portal.mails(n + 1).await.len(), n + 1);
    }
    let invited = "SELECT COUNT(*) FROM customers WHERE invited_at IS NOT NULL";
    for _ in 0..200 {
        if portal.number(invited).await == 4 {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    assert_eq!(portal.number(invited).await, 4);
    // Each link lasts for days.
    let until = portal.number("SELECT MIN(until) FROM password_links").await;
    assert!(at(until) > portal.store.sources.now() + invitations::LIFE - ms(60 * 60 * 1000));
}
