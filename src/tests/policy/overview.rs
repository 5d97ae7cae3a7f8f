//! The overview: its figures are those of the lists behind them, for everybody, and cost the same for many as for few.

use std::collections::BTreeSet;

use domain::time::days;
use license_portal::{
    ops::{
        self,
        instance::organisation::file::{
            FORMAT, FileGroup, FileLicense, FileMembership, FileOwner, FileTicket, FileUser, Organisation,
        },
    },
    store::Engine,
    views::{
        overview::{Figures, OverviewPage, PRODUCTS, TOLD},
        tickets::TicketQuery,
    },
};

use crate::{
    licensing::leases::{World as Machines, world as machines},
    policy::{
        oracle::Holder,
        worlds::{containers, file, some_worlds},
    },
    support::{
        portal::{BEGIN, TestPortal},
        statements::recorded,
    },
};

on_both_engines!(
    figures_are_what_the_oracle_sees,
    what_is_activated_used_and_ends_is_counted,
    an_overview_costs_the_same_for_many_as_for_few,
);

async fn overview(portal: &TestPortal, login: &str) -> OverviewPage {
    ops::overview::page(&portal.store, portal.person(login))
        .await
        .unwrap()
}

async fn figures_are_what_the_oracle_sees(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let mut told = 0;
    for world in some_worlds(if engine == Engine::Sqlite { 10 } else { 4 }) {
        portal.clear().await;
        portal.import(&file(&world)).await;
        let people = world.isv_admins.len();
        containers(&portal, people).await;
        for person in 0..people {
            let page = overview(&portal, &format!("p{person}")).await;
            let what = format!("p{person}: {page:#?} in {world:#?}");
            let seen: Vec<usize> = (0..world.tickets.len())
                .filter(|ticket| world.sees(person, *ticket))
                .collect();
            let count = |of: &dyn Fn(Holder) -> bool| {
                let tickets = seen.iter().filter(|ticket| of(world.tickets[**ticket].0));
                u64::try_from(tickets.count()).unwrap()
            };
            let all = count(&|_| true);
            let mine = count(&|holder| matches!(holder, Holder::Person(owner, _) if owner == person));
            let nobodys = count(&|holder| holder == Holder::Nobody);
            assert_eq!((page.tickets, page.mine), (all, mine), "{what}");
            assert_eq!(
                page.unassigned,
                world.isv_admins[person].then_some(nobodys),
                "{what}"
            );
            // Each ticket holds one licence of a product of its own, and none is activated or ends.
            assert_eq!(page.waits.own_free, mine, "{what}");
            let licenses = page.licenses.as_ref().unwrap();
            let expected = Figures {
                granted: all,
                ..Figures::default()
            };
            assert_eq!(licenses.all, expected, "{what}");
            let names: BTreeSet<String> = seen.iter().map(|ticket| format!("t{ticket}")).collect();
            let found: BTreeSet<String> = licenses.products.iter().map(|row| row.name.en.clone()).collect();
            assert!(found.is_subset(&names), "{what}");
            assert_eq!(found.len() + licenses.more as usize, names.len(), "{what}");
            assert!(found.len() <= PRODUCTS, "{what}");
            let reached = (0..people).filter(|other| world.sees_person(person, *other));
            assert_eq!(page.containers, u64::try_from(reached.count()).unwrap(), "{what}");
            assert_eq!((page.ending, page.ends.len()), (0, 0), "{what}");
            // That containers came into being is known to who reaches them.
            assert!(page.lately.len() <= TOLD, "{what}");
            told += page.lately.len();
        }
    }
    assert!(told > 10, "{told}");
}

async fn what_is_activated_used_and_ends_is_counted(engine: Engine) {
    let Machines {
        portal,
        container,
        machine,
    } = machines(engine, 3).await;
    let soon = (BEGIN + days(7)).as_millisecond();
    portal
        .activate("t", container, "B", 2, &format!("valid_until = {soon}"))
        .await;
    machine.acquire("A", "host", "key-1234").await.id();
    let isv = overview(&portal, "isv").await;
    let all = isv.licenses.as_ref().unwrap().all;
    assert_eq!((all.activated, all.in_use), (5, 1), "{isv:#?}");
    let ending = |page: &OverviewPage| {
        let ends: Vec<(String, u32)> = page
            .ends
            .iter()
            .map(|row| (row.license.product.en.clone(), row.license.quantity))
            .collect();
        (page.ending, ends)
    };
    assert_eq!(ending(&isv), (2, vec![("Product B".to_owned(), 2)]));
    // Bob is a member of the group, too, and sees its tickets, but not the container of Ann.
    let ann = overview(&portal, "ann").await;
    let bob = overview(&portal, "bob").await;
    assert_eq!((ann.containers, bob.containers), (1, 0));
    assert_eq!(ending(&ann), ending(&bob));
    portal.pass(days(8));
    let later = overview(&portal, "isv").await;
    assert_eq!(ending(&later), (0, Vec::new()));
    assert_eq!(later.licenses.unwrap().all.in_use, 0, "the lease is over");
}

async fn an_overview_costs_the_same_for_many_as_for_few(engine: Engine) {
    for login in ["nina", "isv", "ned"] {
        let mut costs = Vec::new();
        for count in [6, 60] {
            let portal = TestPortal::empty(engine).await;
            portal.import(&company(count)).await;
            // A history of as many events, and tickets that end.
            portal
                .run(&format!(
                    "UPDATE licenses SET valid_until = {}",
                    (BEGIN + days(7)).as_millisecond()
                ))
                .await;
            let nina = portal.person("nina");
            let query = TicketQuery::of(domain::groups::tree::Node::All);
            let tickets = ops::tickets::page(&portal.store, nina, &query)
                .await
                .unwrap()
                .rows;
            for ticket in tickets.iter().take(count.min(12)) {
                ops::tickets::protect(&portal.store, nina, ticket.id(), true)
                    .await
                    .unwrap();
            }
            let reader = portal.person(login);
            let (page, mut statements) = recorded(ops::overview::page(&portal.store, reader)).await;
            let page = page.unwrap();
            if login != "ned" {
                assert_eq!((page.ends.len(), page.lately.len()), (TOLD, TOLD));
            }
            // SQLite's are not told.
            statements
                .retain(|statement| !statement.starts_with("COMMIT") && !statement.starts_with("ROLLBACK"));
            assert!(
                statements.len() <= 32,
                "{login}: {}: {statements:#?}",
                statements.len()
            );
            costs.push(statements);
        }
        // Ned sees none of the few tickets that were protected, and one of the many.
        if login != "ned" {
            assert_eq!(costs[0].len(), costs[1].len(), "{login}: {costs:#?}");
        }
    }
}

/// So many groups below one, each with a ticket of a product of its own.
fn company(count: usize) -> Organisation {
    let group = |at: usize| format!("g{at}");
    let user = |login: &str| FileUser {
        login: login.to_owned(),
        email: None,
        name: None,
        isv_admin: login == "isv",
        active: None,
    };
    Organisation {
        format: FORMAT.to_owned(),
        source: None,
        groups: (0..count)
            .map(|at| FileGroup {
                key: group(at),
                name: group(at),
                parent: (at > 0).then(|| group(0)),
            })
            .collect(),
        users: ["isv", "nina", "ned"].map(user).to_vec(),
        memberships: [("nina", vec!["admin".to_owned()]), ("ned", Vec::new())]
            .map(|(user, permissions)| FileMembership {
                user: user.to_owned(),
                group: group(0),
                permissions,
            })
            .to_vec(),
        products: Vec::new(),
        tickets: (0..count)
            .map(|at| FileTicket {
                code: None,
                owner: Some(FileOwner {
                    group: Some(group(at)),
                    ..FileOwner::default()
                }),
                protected: false,
                licenses: vec![FileLicense {
                    product: format!("t{at}"),
                    quantity: 2,
                    ..FileLicense::default()
                }],
            })
            .collect(),
    }
}
