//! What expires soon (N15): the page, and who is mailed what, once.

use std::collections::BTreeSet;

use domain::time::DAY;
use jiff::SignedDuration;
use license_portal::{
    ops::{
        instance::organisation::file::{FileLicense, FileOwner, FileTicket},
        licensing::digests::RETRY,
    },
    store::Engine,
};
use serde_json::{Value, json};

use crate::support::{
    client::{Answer, Client},
    moments::moment,
    portal::{BEGIN, BEGIN_MS, TestPortal},
    tree::{self, DEMO, PEOPLE},
};

on_both_engines!(
    n15_the_page_shows_what_ends_soon,
    n15_figures_by_branch,
    n15_of_what_expires_everybody_sees_what_they_see,
    n15_those_who_can_act_are_mailed_once,
    n15_mails_are_tried_again_and_say_what_is_so_then,
    n15_nobody_is_mailed_against_their_will,
);

const HOUR: SignedDuration = SignedDuration::from_hours(1);

const COMPANY: &str = "
    @isv^
    @ned #own
    #nobody
    Company/
      #c1
      @boss*
      North/
        #n1 #n2! #days #unbegun #past #perpetual
        @nina*
        @ned #n3
      South/
        #s1
        @sam*
";

/// The licence of a ticket ends so many hours from the beginning.
async fn ends(portal: &TestPortal, ticket: &str, hours: i32) {
    let (license, end) = (portal.license_of(ticket), (BEGIN + hours * HOUR).as_millisecond());
    portal
        .run(&format!(
            "UPDATE licenses SET valid_until = {end} WHERE id = {license}"
        ))
        .await;
}

async fn company(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    for (ticket, days) in [
        ("c1", 0),
        ("n1", 5),
        ("n2", 10),
        ("n3", 20),
        ("s1", 45),
        ("own", 80),
        ("nobody", 100),
    ] {
        ends(&portal, ticket, days * 24 + 12).await;
    }
    ends(&portal, "past", -1).await;
    let days = "UPDATE licenses SET valid_days = 30";
    portal
        .run(&format!("{days} WHERE id = {}", portal.license_of("unbegun")))
        .await;
    let started = (BEGIN - 24 * DAY).as_millisecond();
    portal
        .run(&format!(
            "{days}, started_at = {started} WHERE id = {}",
            portal.license_of("days")
        ))
        .await;
    portal
}

async fn expiring(by: &Client, query: &[(&str, &str)]) -> Answer {
    by.post("expiring", query).await
}

/// The products in the rows, as they come, and the total.
fn shown(page: &Value) -> (Vec<String>, u64) {
    let rows = page["rows"].as_array().unwrap();
    let name = |row: &Value| row["license"]["product"]["en"].as_str().unwrap().to_owned();
    (rows.iter().map(name).collect(), page["total"].as_u64().unwrap())
}

fn names(names: &[&str]) -> (Vec<String>, u64) {
    (
        names.iter().map(|name| (*name).to_owned()).collect(),
        names.len() as u64,
    )
}

async fn n15_the_page_shows_what_ends_soon(engine: Engine) {
    let portal = company(engine).await;
    for (person, days, expected) in [
        ("nina", "90", &["n1", "days", "n2", "n3"][..]),
        ("nina", "7", &["n1", "days"]),
        ("ned", "90", &["n1", "days", "n3", "own"]),
        ("boss", "90", &["c1", "n1", "days", "n2", "n3", "s1"]),
        ("boss", "1", &["c1"]),
        ("isv", "90", &["c1", "n1", "days", "n2", "n3", "s1", "own"]),
        ("sam", "30", &[]),
    ] {
        let page = expiring(&portal.client(person).await, &[("query[days]", days)])
            .await
            .ok();
        assert_eq!(shown(&page), names(expected), "{person} {days}");
    }
    let nina = portal.client("nina").await;
    let page = expiring(&nina, &[]).await.ok();
    let row = &page["rows"][1];
    assert_eq!((moment(&row["end"]), &row["step"]), (BEGIN + 6 * DAY, &json!(1)));
    assert_eq!(row["holder"], json!({ "Group": ["North"] }));
    assert!(!page.to_string().contains("Company"));
    // Products are offered of what is seen, and narrow it.
    let products: Vec<&Value> = page["products"]
        .as_array()
        .unwrap()
        .iter()
        .map(|product| &product[1]["en"])
        .collect();
    assert_eq!(products.len(), 4);
    let product = portal.product("n2").to_string();
    let page = expiring(&nina, &[("query[product]", &product)]).await.ok();
    assert_eq!(shown(&page), names(&["n2"]));
    let product = portal.product("s1").to_string();
    assert_eq!(
        shown(&expiring(&nina, &[("query[product]", &product)]).await.ok()),
        names(&[])
    );
    // The page itself, and the next one, where there is nothing.
    let html = nina.get("/expiring").await;
    assert!(html.status == 200 && html.text().contains("By branch"));
    assert!(
        nina.get("/expiring?days=1")
            .await
            .text()
            .contains("Nothing of it expires")
    );
    let beyond = expiring(&nina, &[("query[page]", "9")]).await.ok();
    assert_eq!(shown(&beyond), (Vec::new(), 4));
}

async fn n15_figures_by_branch(engine: Engine) {
    let portal = company(engine).await;
    // Licences are counted, not the lines in which they stand.
    let many = portal.license_of("s1");
    portal
        .run(&format!("UPDATE licenses SET quantity = 1200 WHERE id = {many}"))
        .await;
    let isv = portal.client("isv").await;
    assert_eq!(expiring(&isv, &[]).await.ok()["total"], 7);
    let figures = async |person: &str, group: Option<&str>| {
        let group = group.map(|group| portal.group(group).to_string());
        let query: Vec<(&str, &str)> = group
            .iter()
            .map(|group| ("query[group]", group.as_str()))
            .collect();
        let page = expiring(&portal.client(person).await, &query).await.ok();
        let branches = page["branches"].as_array().unwrap().clone();
        let branch = |branch: Value| {
            let name = branch["branch"]
                .get("Group")
                .map_or(branch["branch"].clone(), |group| group[1].clone());
            (name, branch["counts"].clone())
        };
        let mut figures: Vec<(Value, Value)> = branches.into_iter().map(branch).collect();
        figures.sort_by_key(|(name, _)| name.to_string());
        figures
    };
    assert_eq!(
        figures("isv", None).await,
        [
            (json!("Personal"), json!([0, 0, 0, 0, 0, 1])),
            (json!(["Company"]), json!([1, 2, 1, 1, 1200, 0]))
        ]
    );
    let below = [
        (json!(["Company", "North"]), json!([0, 2, 1, 1, 0, 0])),
        (json!(["Company", "South"]), json!([0, 0, 0, 0, 1200, 0])),
        (json!(["Company"]), json!([1, 0, 0, 0, 0, 0])),
    ];
    assert_eq!(figures("isv", Some("Company")).await, below);
    assert_eq!(figures("boss", None).await, below);
    assert_eq!(figures("boss", Some("South")).await, below[1..2]);
    assert_eq!(
        figures("ned", None).await,
        [
            (json!("Personal"), json!([0, 0, 0, 0, 0, 1])),
            (json!(["North"]), json!([0, 2, 0, 1, 0, 0]))
        ]
    );
    // What came through a group that its person has left is no branch of theirs.
    let ned = portal.person("ned");
    portal
        .run(&format!("DELETE FROM memberships WHERE user_id = {ned}"))
        .await;
    assert_eq!(
        figures("ned", None).await,
        [(json!("Personal"), json!([0, 0, 0, 1, 0, 1]))]
    );
    // What stands above is hidden like what is nowhere.
    let nina = portal.client("nina").await;
    for group in [
        portal.group("Company").to_string(),
        "4611686018427387903".to_owned(),
    ] {
        assert_eq!(expiring(&nina, &[("query[group]", &group)]).await.status, 404);
    }
}

/// Everybody in the example tree, with an end for every ticket: the page shows of the tickets seen those that end in time.
async fn n15_of_what_expires_everybody_sees_what_they_see(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    let words = DEMO.split_whitespace().filter_map(|word| word.strip_prefix('#'));
    let tickets: Vec<&str> = words.map(|word| word.trim_end_matches('!')).collect();
    for (at, ticket) in (0..).zip(&tickets) {
        ends(&portal, ticket, at * 5 * 24 + 12).await;
    }
    let soon: BTreeSet<String> = tickets
        .iter()
        .take(18)
        .map(|ticket| (*ticket).to_owned())
        .collect();
    for person in PEOPLE {
        let client = portal.client(person).await;
        let seen: BTreeSet<String> = client.list("all").await.into_iter().collect();
        let expected: BTreeSet<String> = seen.intersection(&soon).cloned().collect();
        let page = expiring(&client, &[]).await.ok();
        let (rows, total) = shown(&page);
        assert_eq!(total, expected.len() as u64, "{person}");
        assert_eq!(rows.into_iter().collect::<BTreeSet<_>>(), expected, "{person}");
    }
}

/// A portal whose people can be mailed, after its first look for what expires.
async fn mailing(engine: Engine, tree: &str) -> TestPortal {
    let portal = TestPortal::start(engine, tree).await;
    while portal.number("SELECT until FROM expiry_runs").await == 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    portal
        .run("UPDATE users SET email = login || '@example.org'")
        .await;
    portal
        .run("UPDATE users SET language = 'de' WHERE login = 'nina'")
        .await;
    portal
}

/// Waits until so many mails are there, and nothing is left to be mailed; the newest last.
async fn mails(portals: &[&TestPortal], count: usize) -> Vec<String> {
    let folder = portals[0].site().join("mail");
    for _ in 0..1_000 {
        // Each server looks for what is due after a change of its own.
        for portal in portals {
            let tx = portal.store.begin_write().await.unwrap();
            portal.store.commit(tx).await.unwrap();
        }
        let there = std::fs::read_dir(&folder).map_or(0, Iterator::count);
        if there >= count && portals[0].number("SELECT COUNT(*) FROM expiry_digests").await == 0 {
            let mails = portals[0].mails(count).await;
            assert_eq!(mails.len(), count, "{mails:#?}");
            return mails;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    panic!("there are no {count} mails");
}

/// The mail to somebody among these.
fn to<'a>(mails: &'a [String], login: &str) -> &'a str {
    let found: Vec<&String> = mails
        .iter()
        .filter(|mail| mail.contains(&format!("To: {login}@example.org\r\n")))
        .collect();
    assert_eq!(found.len(), 1, "mails to {login}: {mails:#?}");
    found[0]
}

async fn n15_those_who_can_act_are_mailed_once(engine: Engine) {
    let portal = mailing(engine, COMPANY).await;
    let second = portal.second().await;
    let both = [&portal, &second];
    for ticket in ["c1", "n1", "n2", "n3", "s1", "own", "nobody"] {
        ends(&portal, ticket, 30 * 24 + 2).await;
    }
    let pass = |span| both.iter().for_each(|portal| portal.jump(span));
    // They come to the step of 30 days two hours after the beginning; the day of mails begins at five.
    pass(5 * HOUR);
    let first = mails(&both, 5).await;
    let nina = to(&first, "nina");
    assert!(
        nina.contains("3 Lizenzen") && nina.contains("1.07.2025, 02:00 UTC"),
        "{nina}"
    );
    for (ticket, of) in [
        ("n1", "nina"),
        ("n2", "nina"),
        ("n3", "nina"),
        ("s1", "sam"),
        ("c1", "boss"),
        ("own", "ned"),
        ("nobody", "isv"),
    ] {
        let link = format!("https://portal.example.org/ticket/{}", portal.ticket(ticket));
        for mail in &first {
            let told = mail.contains(&link);
            assert_eq!(told, mail == to(&first, of), "{ticket} is told to {of}: {mail}");
        }
    }
    // Nothing of what stands above, and no codes.
    assert!(
        !nina.contains("Company") && !nina.contains(&portal.code("n1")),
        "{nina}"
    );
    assert!(to(&first, "boss").contains("1 licence expires soon"));
    // On the days between the steps there is none; what comes to a step later is told then, to who can act then.
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'sam'")
        .await;
    ends(&portal, "n1", 40 * 24).await;
    pass(DAY);
    assert_eq!(mails(&both, 5).await, first);
    pass(15 * DAY);
    let then = mails(&both, 9).await;
    let boss = then[5..].iter().find(|mail| mail.contains("To: boss@")).unwrap();
    assert!(
        boss.contains("2 licences") && boss.contains(&portal.ticket("s1").to_string()),
        "{boss}"
    );
    let german = then[5..].iter().find(|mail| mail.contains("To: nina@")).unwrap();
    assert!(german.contains("3 Lizenzen"), "{german}");
}

async fn n15_mails_are_tried_again_and_say_what_is_so_then(engine: Engine) {
    let portal = mailing(
        engine,
        &format!("{COMPANY}      West/\n        #w1\n        @zoe*\n"),
    )
    .await;
    for ticket in ["n1", "n2", "s1", "w1"] {
        ends(&portal, ticket, 7 * 24 + 1).await;
    }
    // Where the mails should lie is no folder.
    let folder = portal.site().join("mail");
    std::fs::write(&folder, "").unwrap();
    portal.pass(5 * HOUR);
    // One after the other: when the last one is tried, the others have failed.
    let last = format!(
        "SELECT COUNT(*) FROM expiry_digests WHERE tried_at > 0 AND user_id = {}",
        portal.person("zoe")
    );
    while portal.number(&last).await == 0 {
        let tx = portal.store.begin_write().await.unwrap();
        portal.store.commit(tx).await.unwrap();
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    // Meanwhile a ticket goes elsewhere.
    let boss = portal.client("boss").await;
    boss.reassign(
        &portal.pick("n1"),
        &portal.owner("South").to_string(),
        "elsewhere",
    )
    .await
    .ok();
    std::fs::remove_file(&folder).unwrap();
    portal.pass(RETRY);
    let sent = mails(&[&portal], 3).await;
    let (n1, n2) = (portal.ticket("n1").to_string(), portal.ticket("n2").to_string());
    assert!(
        to(&sent, "nina").contains(&n2) && !to(&sent, "nina").contains(&n1),
        "{sent:#?}"
    );
    assert!(to(&sent, "sam").contains(&n1), "{sent:#?}");
}

async fn n15_nobody_is_mailed_against_their_will(engine: Engine) {
    let portal = mailing(engine, COMPANY).await;
    let (nina, sam) = (portal.client("nina").await, portal.client("sam").await);
    assert_eq!(nina.post("expiry_mail", &[]).await.ok(), json!(true));
    nina.post("want_expiry_mail", &[("on", "false")]).await.ok();
    assert_eq!(nina.post("expiry_mail", &[]).await.ok(), json!(false));
    assert_eq!(sam.post("expiry_mail", &[]).await.ok(), json!(true));
    for (ticket, hours) in [("n1", 24 + 2), ("s1", 24 + 2)] {
        ends(&portal, ticket, hours).await;
    }
    // The language is the one that is used last.
    sam.post("language", &[("language", "de")]).await;
    portal.pass(5 * HOUR);
    let sent = mails(&[&portal], 1).await;
    assert!(to(&sent, "sam").contains("1 Lizenz"), "{sent:#?}");
    // Her refusal is in the history.
    let changed = "SELECT COUNT(*) FROM events WHERE kind = 'user_changed'";
    assert_eq!(portal.number(changed).await, 1);
    let nina = portal.client("nina").await;
    nina.post("want_expiry_mail", &[("on", "true")]).await.ok();
    nina.post("want_expiry_mail", &[("on", "true")]).await.ok();
    assert_eq!(portal.number(changed).await, 2);
}

/// How the database finds what ends between two moments.
async fn plan(portal: &TestPortal, engine: Engine) -> String {
    const END: &str = "COALESCE(l.valid_until, l.started_at + l.valid_days * 86400000)";
    let (explain, column) = match engine {
        Engine::Sqlite => ("EXPLAIN QUERY PLAN", 3),
        Engine::Postgres => ("EXPLAIN", 0),
    };
    let sql = format!(
        "{explain} SELECT l.id, {END} FROM licenses l CROSS JOIN tickets t
         WHERE l.ticket_id = t.id AND {END} > {BEGIN_MS} AND {END} <= {} ORDER BY {END}, l.ticket_id LIMIT 50",
        (BEGIN + DAY).as_millisecond()
    );
    let rows = sqlx::query(sqlx::AssertSqlSafe(sql))
        .fetch_all(&portal.rows)
        .await
        .unwrap();
    let detail = |row: &sqlx::any::AnyRow| sqlx::Row::get::<String, _>(row, column);
    rows.iter().map(detail).collect::<Vec<_>>().join("\n")
}

#[tokio::test]
async fn what_ends_is_found_by_its_index() {
    let portal = company(Engine::Sqlite).await;
    let plan = plan(&portal, Engine::Sqlite).await;
    assert!(plan.contains("licenses_by_end"), "{plan}");
}

/// 100,000 tickets that end within 100 days, in 100 groups.
async fn many(engine: Engine) {
    let mut tree = String::from("@isv^\nCompany/\n @boss*\n");
    for group in 0..100 {
        tree.push_str(&format!(" G{group}/\n  @admin{group}*\n"));
    }
    let mut file = tree::organisation(&tree);
    for at in 0..100_000 {
        file.tickets.push(FileTicket {
            code: None,
            owner: Some(FileOwner {
                group: Some(format!("G{}", at % 100)),
                ..FileOwner::default()
            }),
            protected: false,
            licenses: vec![FileLicense {
                product: format!("P{}", at % 7),
                quantity: 1,
                ..FileLicense::default()
            }],
        });
    }
    let portal = TestPortal::empty(engine).await;
    portal.import(&file).await;
    portal
        .run(&format!(
            "UPDATE licenses SET valid_until = {BEGIN_MS} + (id % 100) * 86400000 + 43200000"
        ))
        .await;
    portal.run("ANALYZE").await;
    let plan = plan(&portal, engine).await;
    assert!(plan.contains("licenses_by_end"), "{plan}");
    for (person, days) in [
        ("isv", "90"),
        ("isv", "1"),
        ("boss", "90"),
        ("boss", "1"),
        ("admin7", "90"),
        ("admin7", "1"),
    ] {
        let client = portal.client(person).await;
        let begin = tokio::time::Instant::now();
        let page = expiring(&client, &[("query[days]", days)]).await.ok();
        let took = begin.elapsed();
        let until = (BEGIN + days.parse::<i32>().unwrap() * DAY).as_millisecond();
        let mut sql = format!(
            "SELECT COUNT(*) FROM licenses l JOIN tickets t ON t.id = l.ticket_id WHERE valid_until <= {until}"
        );
        if person == "admin7" {
            sql.push_str(&format!(" AND level_group_id = {}", portal.group("G7")));
        }
        assert_eq!(page["total"], json!(portal.number(&sql).await), "{person}");
        println!("{engine:?} {person} {days}: {took:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
#[ignore = "takes longer than a test may"]
async fn a_page_among_a_hundred_thousand_tickets() {
    for engine in [Engine::Sqlite, Engine::Postgres] {
        many(engine).await;
    }
}
