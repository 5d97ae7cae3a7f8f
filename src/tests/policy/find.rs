//! The search over everything: it finds what the oracle sees, says no more by its counts, and costs the same for many as for few.

use std::collections::BTreeSet;

use license_portal::{
    ops::{
        self,
        instance::organisation::file::{
            FORMAT, FileGroup, FileLicense, FileMembership, FileOwner, FileTicket, FileUser, Organisation,
        },
    },
    store::Engine,
    views::find::{FOUND, Found, FoundKind},
};

use crate::{
    policy::{
        oracle::{Holder, World},
        worlds::{containers, file, some_worlds},
    },
    support::{portal::TestPortal, statements::recorded},
};

on_both_engines!(
    nothing_is_found_that_the_oracle_does_not_see,
    umlauts_and_patterns_are_letters_like_any,
    the_best_comes_first,
    a_search_costs_the_same_for_many_as_for_few,
);

/// Whether all the words stand in one of the texts.
fn fits(search: &str, texts: &[String]) -> bool {
    let mut words = search.split_whitespace();
    words.all(|word| texts.iter().any(|text| text.contains(word)))
}

/// What somebody should find of a kind, by name.
fn expected(world: &World, person: usize, kind: FoundKind, search: &str) -> BTreeSet<String> {
    let people = 0..world.isv_admins.len();
    let named = |name: String| fits(search, std::slice::from_ref(&name)).then_some(name);
    match kind {
        FoundKind::Tickets => {
            let of = |holder: Holder| match holder {
                Holder::Nobody => String::new(),
                Holder::Group(group) => format!("g{group}"),
                Holder::Person(person, _) => format!("p{person}"),
            };
            (0..world.tickets.len())
                .filter(|ticket| world.sees(person, *ticket))
                .filter(|ticket| fits(search, &[format!("t{ticket}"), of(world.tickets[*ticket].0)]))
                .map(|ticket| format!("t{ticket}"))
                .collect()
        }
        FoundKind::People => people
            .filter(|other| world.sees_person(person, *other))
            .filter_map(|other| named(format!("p{other}")))
            .collect(),
        FoundKind::Groups => (0..world.parents.len())
            .filter(|group| world.sees_group(person, *group))
            .filter_map(|group| named(format!("g{group}")))
            .collect(),
        FoundKind::Containers => people
            .filter(|other| world.sees_person(person, *other))
            .filter_map(|other| named(format!("c{other}")))
            .collect(),
        FoundKind::Customers => BTreeSet::new(),
    }
}

fn names(found: &Found, kind: FoundKind) -> Vec<String> {
    match kind {
        FoundKind::Tickets => {
            let products = found.tickets.iter().map(|row| &row.licenses[0].product.en);
            products.cloned().collect()
        }
        FoundKind::People => found.people.iter().map(|row| row.name.clone()).collect(),
        FoundKind::Groups => {
            let names = found.groups.iter().filter_map(|row| row.path.last());
            names.cloned().collect()
        }
        FoundKind::Containers => found.containers.iter().map(|row| row.name.clone()).collect(),
        FoundKind::Customers => found
            .customers
            .iter()
            .map(|row| row.customer.name.clone())
            .collect(),
    }
}

async fn nothing_is_found_that_the_oracle_does_not_see(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let (mut found_at_all, mut more_at_all, mut hidden) = (0, 0, 0);
    for world in some_worlds(10) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        let people = world.isv_admins.len();
        containers(&portal, people).await;
        for person in 0..people {
            let reader = portal.person(&format!("p{person}"));
            for search in [
                "g", "p", "t", "c", "g1", "p0", "t1", "c2", "g0 t1", "t g", "zz", " ",
            ] {
                let found = ops::find::find(&portal.store, reader, search).await.unwrap();
                for kind in [
                    FoundKind::Tickets,
                    FoundKind::People,
                    FoundKind::Groups,
                    FoundKind::Containers,
                    FoundKind::Customers,
                ] {
                    let all = if search.trim().is_empty() {
                        BTreeSet::new()
                    } else {
                        expected(&world, person, kind, search)
                    };
                    let told = names(&found, kind);
                    let different: BTreeSet<String> = told.iter().cloned().collect();
                    let what =
                        format!("{kind:?} of {search:?} by p{person}: {told:?}, {all:?} in {world:#?}");
                    assert_eq!(different.len(), told.len(), "each once: {what}");
                    assert!(different.is_subset(&all), "{what}");
                    assert_eq!(told.len(), all.len().min(FOUND), "{what}");
                    assert_eq!(found.more.contains(&kind), all.len() > FOUND, "{what}");
                    found_at_all += told.len();
                    more_at_all += usize::from(all.len() > FOUND);
                    hidden += usize::from(all.len() < expected(&world, 0, kind, search).len());
                }
            }
        }
    }
    assert!(
        found_at_all > 500 && more_at_all > 10 && hidden > 100,
        "{found_at_all} {more_at_all} {hidden}"
    );
}

fn organisation(groups: &[&str], people: &[(&str, &str)], products: &[&str]) -> Organisation {
    Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: groups
            .iter()
            .map(|name| FileGroup {
                key: (*name).to_owned(),
                name: (*name).to_owned(),
                parent: None,
            })
            .collect(),
        users: people
            .iter()
            .map(|(login, name)| FileUser {
                login: (*login).to_owned(),
                email: None,
                name: Some((*name).to_owned()),
                isv_admin: *login == "isv",
                active: None,
            })
            .collect(),
        memberships: Vec::new(),
        products: Vec::new(),
        tickets: products
            .iter()
            .map(|product| FileTicket {
                code: None,
                owner: Some(FileOwner {
                    group: Some(groups[0].to_owned()),
                    ..FileOwner::default()
                }),
                protected: false,
                licenses: vec![FileLicense {
                    product: (*product).to_owned(),
                    quantity: 1,
                    ..FileLicense::default()
                }],
            })
            .collect(),
    }
}

async fn umlauts_and_patterns_are_letters_like_any(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let groups = ["Müller & Söhne", "100% Öko_Strom", r"Back\slash"];
    let people = [("isv", "Isa"), ("umit", "Ümit Öz")];
    portal
        .import(&organisation(&groups, &people, &["Prüfstand-Simulation"]))
        .await;
    let isv = portal.person("isv");
    let find = async |search: &str| ops::find::find(&portal.store, isv, search).await.unwrap();
    let long = format!("Müller {}", "ü".repeat(10_000));
    for (search, kind, name) in [
        ("MÜLL", FoundKind::Groups, Some("Müller & Söhne")),
        ("söhne müller", FoundKind::Groups, Some("Müller & Söhne")),
        ("0%", FoundKind::Groups, Some("100% Öko_Strom")),
        ("%%", FoundKind::Groups, None),
        ("o_s", FoundKind::Groups, Some("100% Öko_Strom")),
        ("k_s", FoundKind::Groups, None),
        (r"k\s", FoundKind::Groups, Some(r"Back\slash")),
        ("ÖZ", FoundKind::People, Some("Ümit Öz")),
        ("umit", FoundKind::People, Some("Ümit Öz")),
        ("prüf", FoundKind::Tickets, Some("Prüfstand-Simulation")),
        ("\0", FoundKind::Groups, None),
        (&long, FoundKind::Groups, None),
    ] {
        let found = find(search).await;
        let name: Vec<&str> = name.into_iter().collect();
        assert_eq!(names(&found, kind), name, "{search:?}");
    }
}

async fn the_best_comes_first(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let groups = [
        "Almesh",
        "A Mesh",
        "Mesh",
        "Mesh Works",
        "Mesh Alpha",
        "Big mesh",
        "Zmesh",
    ];
    let products = ["Mesh Simulation", "Remesh"];
    portal
        .import(&organisation(&groups, &[("isv", "Isa")], &products))
        .await;
    let isv = portal.person("isv");
    let found = ops::find::find(&portal.store, isv, "mesh").await.unwrap();
    assert_eq!(
        names(&found, FoundKind::Groups),
        ["Mesh", "Mesh Alpha", "Mesh Works", "A Mesh", "Big mesh"]
    );
    assert_eq!(found.more, [FoundKind::Groups]);
    // All of them stand in a group that has the word, too; the newest comes first among equals.
    assert_eq!(names(&found, FoundKind::Tickets)[0], "Mesh Simulation");
    let code = found.tickets[1].code.to_string();
    let by_code = ops::find::find(&portal.store, isv, &code.to_lowercase())
        .await
        .unwrap();
    assert_eq!(by_code.tickets, found.tickets[1..]);
}

async fn a_search_costs_the_same_for_many_as_for_few(engine: Engine) {
    let mut costs = Vec::new();
    for count in [6, 40] {
        let portal = TestPortal::empty(engine).await;
        let names: Vec<String> = (0..count).map(|at| format!("mesh {at}")).collect();
        let logins: Vec<String> = (0..count).map(|at| format!("mesh-{at}")).collect();
        let groups: Vec<&str> = names.iter().map(String::as_str).collect();
        let mut people: Vec<(&str, &str)> = logins
            .iter()
            .map(|login| (login.as_str(), login.as_str()))
            .collect();
        people.push(("nina", "Nina"));
        let mut organisation = organisation(&groups, &people, &groups);
        for group in &groups {
            for user in ["nina", logins[0].as_str(), logins[1].as_str()] {
                organisation.memberships.push(FileMembership {
                    user: user.to_owned(),
                    group: (*group).to_owned(),
                    permissions: if user == "nina" {
                        vec!["admin".to_owned()]
                    } else {
                        Vec::new()
                    },
                });
            }
        }
        portal.import(&organisation).await;
        let nina = portal.person("nina");
        let (found, mut statements) = recorded(ops::find::find(&portal.store, nina, "mesh")).await;
        let found = found.unwrap();
        assert_eq!((found.groups.len(), found.tickets.len()), (FOUND, FOUND));
        assert_eq!(found.people.len(), 2);
        // SQLite's are not told.
        statements.retain(|statement| !statement.starts_with("COMMIT") && !statement.starts_with("ROLLBACK"));
        assert!(statements.len() <= 20, "{}: {statements:#?}", statements.len());
        costs.push(statements);
    }
    assert_eq!(costs[0].len(), costs[1].len(), "{costs:#?}");
}
