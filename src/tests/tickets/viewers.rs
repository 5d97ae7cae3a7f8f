//! Who can see a ticket (N2): on random worlds, the answer is the oracle's, as far as the asker may know.

use std::collections::BTreeSet;

use domain::{access::Denied, refusals::Refusal};
use license_portal::{
    ops::{self, OpError},
    store::Engine,
};

use crate::{
    policy::{
        oracle::{Holder, World},
        worlds::{file, some_worlds},
    },
    support::portal::TestPortal,
    tickets::moves::COMPANY,
};

on_both_engines!(answers_tell_what_the_asker_may_know, n2_answers_have_reasons);

/// Whether a person sees the ticket by what the asker may know: rights in groups that the asker sees, and whose it is.
fn known_to_see(world: &World, asker: usize, person: usize, ticket: usize) -> bool {
    let (holder, protected) = world.tickets[ticket];
    if world.isv_admins[asker] {
        return world.sees(person, ticket);
    }
    let admin = |level: usize| {
        world.memberships[person].iter().any(|(group, rights)| {
            rights.admin && world.within(level, *group) && world.sees_group(asker, *group)
        })
    };
    match holder {
        Holder::Nobody => false,
        Holder::Group(group) => {
            admin(group) || (!protected && world.member(person, group) && world.sees_group(asker, group))
        }
        Holder::Person(owner, context) => owner == person || context.is_some_and(admin),
    }
}

async fn answers_tell_what_the_asker_may_know(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let (mut yes, mut no, mut hidden) = (0, 0, 0);
    for world in some_worlds(if engine == Engine::Sqlite { 40 } else { 15 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        let people = 0..world.isv_admins.len();
        for (asker, ticket) in people.clone().flat_map(|asker| {
            let tickets = 0..world.tickets.len();
            tickets.map(move |ticket| (asker, ticket))
        }) {
            let reader = portal.person(&format!("p{asker}"));
            let id = portal.ticket(&format!("t{ticket}"));
            let ask =
                |search: &'static str| ops::tickets::viewers::of_ticket(&portal.store, reader, id, search);
            if !world.sees(asker, ticket) {
                let refused = ask("").await;
                let expected = Err(OpError::from(Refusal::Denied(Denied::Hidden)).to_string());
                assert_eq!(
                    refused.map_err(|error| error.to_string()),
                    expected,
                    "{asker}, {ticket}: {world:#?}"
                );
                hidden += 1;
                continue;
            }
            let is_owner = |person: usize| matches!(world.tickets[ticket].0, Holder::Person(owner, _) if owner == person);
            let expected: BTreeSet<usize> = people
                .clone()
                .filter(|person| world.sees_person(asker, *person) || is_owner(*person))
                .filter(|person| known_to_see(&world, asker, *person, ticket))
                .collect();
            let number = |name: &str| name.trim_start_matches('p').parse::<usize>().unwrap();
            let all = ask("").await.unwrap();
            assert!(!all.more && all.whole == world.isv_admins[asker]);
            let listed: BTreeSet<usize> = all.rows.iter().map(|row| number(&row.name)).collect();
            assert_eq!(listed, expected, "p{asker} asks about t{ticket}: {world:#?}");
            assert!(all.rows.iter().all(|row| row.sees.is_ok()));
            let named = ask("p").await.unwrap();
            let known: Vec<usize> = people
                .clone()
                .filter(|person| world.sees_person(asker, *person))
                .collect();
            let found: BTreeSet<usize> = named.rows.iter().map(|row| number(&row.name)).collect();
            assert_eq!(found, known.into_iter().collect());
            for row in named.rows {
                let sees = known_to_see(&world, asker, number(&row.name), ticket);
                assert_eq!(
                    row.sees.is_ok(),
                    sees,
                    "p{asker} asks about {} and t{ticket}: {world:#?}",
                    row.name
                );
                *(if sees { &mut yes } else { &mut no }) += 1;
            }
        }
    }
    assert!(yes >= 150 && no >= 150 && hidden >= 150, "{yes} {no} {hidden}");
}

/// What somebody is told: name, and the reasons as they are sent.
async fn told(portal: &TestPortal, asker: &str, ticket: &str, search: &str) -> Vec<(String, String)> {
    let ticket = portal.ticket(ticket).to_string();
    let client = portal.client(asker).await;
    let answer = client
        .post("viewers", &[("ticket", &ticket), ("search", search)])
        .await;
    let sight = answer.ok();
    let rows = sight["rows"].as_array().unwrap().iter();
    let row = |row: &serde_json::Value| (row["name"].as_str().unwrap().to_owned(), row["sees"].to_string());
    rows.map(row).collect()
}

async fn n2_answers_have_reasons(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (company, north) = (portal.group("Company"), portal.group("North"));
    let own = |name: &str, sees: String| (name.to_owned(), sees);
    let member = || format!(r#"{{"Ok":[{{"Member":"{north}"}}]}}"#);
    // Who stands above is not told to who stands below; in protected mode, members see nothing.
    assert_eq!(
        told(&portal, "nina", "n3", "").await,
        [own("nina", format!(r#"{{"Ok":[{{"Admin":"{north}"}}]}}"#))]
    );
    assert_eq!(
        told(&portal, "boss", "n3", "").await,
        [
            own("boss", format!(r#"{{"Ok":[{{"Admin":"{company}"}}]}}"#)),
            own("nina", format!(r#"{{"Ok":[{{"Admin":"{north}"}}]}}"#)),
        ]
    );
    assert_eq!(
        told(&portal, "boss", "n3", "ned").await,
        [own("ned", format!(r#"{{"Err":{{"Protected":"{north}"}}}}"#))]
    );
    // A plain member knows of nobody else.
    assert_eq!(told(&portal, "ned", "n1", "").await, [own("ned", member())]);
    assert_eq!(
        told(&portal, "boss", "n1", "sam").await,
        [own("sam", format!(r#"{{"Err":{{"NotInGroup":"{north}"}}}}"#))]
    );
    // A leaver keeps what was theirs.
    assert_eq!(
        told(&portal, "nina", "left", "").await,
        [
            own("gone", r#"{"Ok":["Own"]}"#.to_owned()),
            own("nina", format!(r#"{{"Ok":[{{"Admin":"{north}"}}]}}"#)),
        ]
    );
    assert_eq!(
        told(&portal, "isv", "own", "").await,
        [
            own("isv", r#"{"Ok":["IsvAdmin"]}"#.to_owned()),
            own("ned", r#"{"Ok":["Own"]}"#.to_owned()),
        ]
    );
    assert_eq!(
        told(&portal, "isv", "loose-1", "guest").await,
        [own("guest", r#"{"Err":"Unassigned"}"#.to_owned())]
    );
}
