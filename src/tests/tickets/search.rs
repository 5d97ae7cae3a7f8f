//! Searching tickets: random words find what a look at all names and codes finds, of what the reader sees, in the same order.

use domain::{groups::tree::Node, ids::UserId};
use license_portal::{
    ops::{instance::organisation::file::Organisation, tickets::page},
    store::{Engine, tickets::listing::COUNTED},
    views::tickets::{MAX_SEARCH, Sort, TicketQuery},
};
use proptest::{
    collection::vec,
    prelude::*,
    sample::{Index, select},
    strategy::ValueTree,
    test_runner::TestRunner,
};

use crate::{
    support::{portal::TestPortal, tree},
    tickets::lists::portal_of_many,
};

on_both_engines!(
    words_find_what_is_called_so,
    words_of_many_tickets_find_what_is_called_so,
    what_is_renamed_is_found_by_its_new_name,
    codes_of_an_older_database_are_found
);

const COMPANY: &str = "
    @isv^ #Isv-Studio
    @ned #Own
    #Atlas #Cad-Studio
    Company/
      @boss*
      #Atlas! #100%_Pure
      Straße/
        @ned #Cad-Studio #Größe
        @oneill- #Beacon
        #Atlas #Beacon!
      Nord-West/
        @anna #Größe
        #Cad-Studio #Field_Notes
    Elsewhere/
      @eve* #Beacon
      #Atlas #Größe
    straße/
      #Cad-Studio
";

/// A ticket, as a look at the tables finds it.
struct Found {
    id: String,
    code: String,
    /// Of its products, and of its owner.
    names: Vec<String>,
}

/// Some products get a German name, a number, a second licence.
fn organisation() -> Organisation {
    let mut file = tree::organisation(COMPANY);
    for (at, ticket) in file.tickets.iter_mut().enumerate() {
        if at % 3 == 0 {
            let mut other = ticket.licenses[0].clone();
            other.product = "Ölpumpe 1.1".to_owned();
            ticket.licenses.push(other);
        }
    }
    for (user, name) in file
        .users
        .iter_mut()
        .zip(["Ines", "Nëd Über", "Böss", "O'Neill \"Q\""])
    {
        user.name = Some(name.to_owned());
    }
    file
}

/// What the reader sees, in that order, from the tables.
async fn seen(portal: &TestPortal, visible: &str, order: &str) -> Vec<Found> {
    let rows = portal
        .texts(&format!(
            "SELECT t.id || '¦' || t.code || '¦' || COALESCE(g.name, '') || '¦' || COALESCE(u.name, '') || '¦'
                 || COALESCE(u.login, '') || '¦' || (SELECT string_agg(p.name || '¦' || p.name_de, '¦')
                 FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.ticket_id = t.id)
             FROM tickets t LEFT JOIN groups lg ON lg.id = t.level_group_id
             LEFT JOIN groups g ON g.id = t.owner_group_id LEFT JOIN users u ON u.id = t.owner_user_id
             WHERE {visible} ORDER BY {order}"
        ))
        .await;
    let found = |row: &String| {
        let mut fields = row.split('¦').map(str::to_lowercase);
        Found {
            id: fields.next().unwrap(),
            code: fields.next().unwrap(),
            names: fields.collect(),
        }
    };
    rows.iter().map(found).collect()
}

impl Found {
    fn has(&self, word: &str) -> bool {
        let code = word.replace('-', "");
        let is_part = code.len() >= 3 && code.chars().all(|c| c.is_ascii_alphanumeric());
        self.names.iter().any(|name| name.contains(word)) || (is_part && self.code.contains(&code))
    }
}

fn words(search: &str) -> Vec<String> {
    let search: String = search.chars().take(MAX_SEARCH).collect();
    search
        .to_lowercase()
        .split([' ', ',', '\t'])
        .filter(|word| !word.is_empty())
        .map(str::to_owned)
        .collect()
}

/// What people type: parts of what is there, and what means something to a database.
fn searches(there: &[Found]) -> impl Strategy<Value = String> + use<> {
    let names: Vec<String> = there.iter().flat_map(|ticket| ticket.names.clone()).collect();
    let codes: Vec<String> = there.iter().map(|ticket| ticket.code.clone()).collect();
    let part = |of: Vec<String>, longest: usize| {
        (select(of), any::<Index>(), 1..=longest).prop_map(|(text, from, length)| {
            let from = from.index(text.chars().count().max(1));
            text.chars().skip(from).take(length).collect::<String>()
        })
    };
    let odd = select(vec![
        "%",
        "_",
        "\\",
        "'",
        "\"",
        "\"\"",
        "*",
        "NEAR(",
        "OR",
        "AND",
        "NOT",
        "-",
        "a-b",
        "parts:x",
        "^a",
        "(",
        "zzzz",
        "ß",
        "SS",
        "Ü",
        "ö",
        "1",
        "1.1",
        ",",
        "\u{1F9EA}",
        "cad*",
        "--",
        "ABC\0",
        "0000000000000000000000000000",
    ])
    .prop_map(str::to_owned);
    let word = prop_oneof![
        6 => part(names, 8),
        2 => part(codes, 25),
        2 => odd,
        1 => "[a-zäöüß0-9]{1,2}",
        1 => "[a-z]{90,120}",
    ];
    let word = (word, any::<bool>()).prop_map(|(word, upper)| if upper { word.to_uppercase() } else { word });
    vec(word, 0..=3).prop_map(|words| words.join(" "))
}

/// Asks for random words as each of the readers, and compares.
async fn compare(portal: &TestPortal, cases: usize) {
    let in_company = format!(
        "lg.path LIKE (SELECT path FROM groups WHERE id = {}) || '%'",
        portal.group("Company")
    );
    let plain = format!(
        "(t.owner_user_id = {} OR (t.protected = 0 AND t.owner_group_id = {}))",
        portal.person("ned"),
        portal.group("Straße")
    );
    let company = Node::Group(portal.group("Company"));
    let (mut none, mut some, mut all) = (0, 0, 0);
    for (who, node, visible) in [
        ("isv", Node::All, "1 = 1"),
        ("isv", company, in_company.as_str()),
        ("boss", Node::All, in_company.as_str()),
        ("ned", Node::All, plain.as_str()),
    ] {
        let reader: UserId = portal.person(who);
        for (sort, reverse, order) in [
            (Sort::Since, false, "t.owner_since DESC, t.id DESC"),
            (Sort::Code, true, "t.code DESC, t.id DESC"),
            (Sort::Product, false, "t.products, t.id"),
            (
                Sort::Owner,
                false,
                "COALESCE(g.folded, u.folded, ''), COALESCE(g.id, u.id, 0), t.owner_since DESC, t.id DESC",
            ),
        ] {
            let there = seen(portal, visible, order).await;
            assert!(!there.is_empty(), "{who}");
            let mut runner = TestRunner::deterministic();
            let searches = searches(&seen(portal, "1 = 1", "t.id").await);
            for _ in 0..cases {
                let search = searches.new_tree(&mut runner).unwrap().current();
                let words = words(&search);
                let expected: Vec<&str> = there
                    .iter()
                    .filter(|ticket| words.iter().all(|word| ticket.has(word)))
                    .map(|ticket| ticket.id.as_str())
                    .collect();
                let query = TicketQuery {
                    search: search.clone(),
                    sort,
                    reverse,
                    ..TicketQuery::of(node)
                };
                let found = page(&portal.store, reader, &query).await.unwrap();
                let ids: Vec<String> = found.rows.iter().map(|row| row.facts.id.to_string()).collect();
                assert_eq!(
                    ids,
                    expected.iter().take(50).copied().collect::<Vec<_>>(),
                    "{who} at {node} by {sort:?}: {search:?}"
                );
                assert_eq!(
                    found.total,
                    expected.len().min(COUNTED as usize + 1) as u64,
                    "{search:?}"
                );
                match expected.len() {
                    0 => none += 1,
                    len if len == there.len() => all += 1,
                    _ => some += 1,
                }
            }
        }
    }
    // The words are neither all in vain nor all everywhere.
    assert!(none > cases && some > cases && all > 0, "{none} {some} {all}");
}

async fn words_find_what_is_called_so(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    portal.import(&organisation()).await;
    compare(&portal, 60).await;
}

/// Where more is seen than is counted, the words lead to the tickets and not the other way round.
async fn words_of_many_tickets_find_what_is_called_so(engine: Engine) {
    let mut file = organisation();
    let portal = portal_of_many(engine, &mut file, |ticket| {
        let mut groups = ticket
            .owner
            .iter()
            .flat_map(|owner| [&owner.group, &owner.context]);
        match groups.any(|group| matches!(group.as_deref(), Some("Company" | "Nord-West"))) {
            true => COUNTED / 5 + 60,
            false => 40,
        }
    })
    .await;
    compare(&portal, 15).await;
}

/// How many tickets the ISV admin finds.
async fn hits(portal: &TestPortal, search: &str) -> u64 {
    let query = TicketQuery {
        search: search.to_owned(),
        ..TicketQuery::of(Node::All)
    };
    page(&portal.store, portal.person("isv"), &query)
        .await
        .unwrap()
        .total
}

async fn what_is_renamed_is_found_by_its_new_name(engine: Engine) {
    let portal = TestPortal::start(
        engine,
        "@isv^\nNorth/\n #Atlas #Beacon\n @ned #Atlas\nSouth/\n #Atlas",
    )
    .await;
    let isv = portal.client("isv").await;
    assert_eq!(
        (
            hits(&portal, "north atlas").await,
            hits(&portal, "atlas").await,
            hits(&portal, "polar").await
        ),
        (1, 3, 0)
    );
    let group = portal.group("North").to_string();
    isv.post("rename_group", &[("group", &group), ("name", "Polar")])
        .await
        .ok();
    assert_eq!(
        (
            hits(&portal, "north").await,
            hits(&portal, "POLAR").await,
            hits(&portal, "atlas pol").await
        ),
        (0, 2, 1)
    );
    // What moves is found where it is.
    let ticket = portal.pick("Beacon");
    let south = portal.owner("South").to_string();
    isv.reassign(&ticket, &south, "polar-to-south").await.ok();
    assert_eq!(
        (hits(&portal, "polar").await, hits(&portal, "south").await),
        (1, 2)
    );
}

async fn codes_of_an_older_database_are_found(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nNorth/\n #Atlas #Beacon").await;
    let codes = portal.texts("SELECT code FROM tickets ORDER BY id").await;
    for sql in [
        "DROP TABLE ticket_parts",
        "DELETE FROM _sqlx_migrations WHERE version = 21",
    ] {
        portal.run(sql).await;
    }
    portal.upgrade().await;
    for code in &codes {
        for part in [&code[3..12], &code[..5], &code[20..]] {
            let found = codes.iter().filter(|code| code.contains(part)).count() as u64;
            assert_eq!(hits(&portal, part).await, found, "{part}");
            assert_eq!(
                hits(&portal, &format!("{}-{} north", &part[..2], &part[2..])).await,
                found
            );
        }
    }
}
