//! The demo (S7): the example tree, and what happened in it for a year, all of it at its time and as the rules allow.

use std::collections::BTreeSet;

use domain::{groups::tree::Node, licensing::usage::UseSpan, time::days};
use license_portal::{
    ops::{
        self,
        history::{chain, verification},
        instance::{
            demo::{self, DemoError, Extent},
            doctor,
        },
    },
    store::{Engine, encryption::KeySource},
    views::{licensing::usage::UseQuery, tickets::TicketQuery},
};

use crate::support::portal::{BEGIN, TestPortal};

on_both_engines!(
    a_year_is_loaded_once,
    the_tree_is_that_of_the_task,
    the_year_holds_together,
    the_year_is_told_of,
    the_demo_is_never_mixed_with_anything_else,
    the_demo_is_known_as_such_or_not_there,
);

const PASSWORD: &str = "five-tickets-for-the-demo";

async fn year(engine: Engine) -> TestPortal {
    let portal = TestPortal::empty(engine).await;
    demo::load(&portal.store, PASSWORD, Extent::Year).await.unwrap();
    portal.learn().await;
    portal
}

async fn a_year_is_loaded_once(engine: Engine) {
    let portal = year(engine).await;
    let first = portal.state().await;
    for extent in [Extent::Year, Extent::Tree] {
        demo::load(&portal.store, PASSWORD, extent).await.unwrap();
        assert_eq!(portal.state().await, first);
    }
    let people = demo::people(&portal.store).await.unwrap();
    let logins: Vec<&str> = people.iter().map(|(login, _)| login.as_str()).collect();
    assert_eq!((logins.len(), logins[11]), (12, "partner"));
    // Customers of the partner have accounts, and nobody knows a password of theirs.
    let nobody = portal.nobody();
    for (login, status) in [
        ("partner", 200),
        ("user-2.3", 200),
        ("brandt", 401),
        ("lindner", 401),
    ] {
        let form = [("login", login), ("password", PASSWORD)];
        assert_eq!(nobody.post("log_in", &form).await.status, status, "{login}");
    }
}

/// Who has what, a line each, as a file tells it.
async fn owned(portal: &TestPortal) -> BTreeSet<String> {
    let all = TicketQuery::of(Node::All);
    let page = ops::tickets::page(&portal.store, portal.person("isv-admin"), &all);
    let rows = page.await.unwrap().rows;
    let line = |row: &license_portal::views::tickets::TicketRow| {
        let licenses: Vec<String> = row
            .licenses
            .iter()
            .map(|license| format!("{} {}", license.quantity, license.product.en))
            .collect();
        let place = (&row.path, &row.person, row.facts.protected);
        format!("{place:?}: {}", licenses.join(", "))
    };
    let of_partner = |line: &String| line.contains("Partner North");
    rows.iter().map(line).filter(|line| !of_partner(line)).collect()
}

async fn the_tree_is_that_of_the_task(engine: Engine) {
    let bare = TestPortal::empty(engine).await;
    demo::load(&bare.store, PASSWORD, Extent::Tree).await.unwrap();
    bare.learn().await;
    let lived = year(engine).await;
    let (bare, lived) = (owned(&bare).await, owned(&lived).await);
    let codes = |line: &&String| !line.starts_with("([], None");
    // The codes of the partner are nobody's yet: an ISV admin sees them beside the rest.
    assert_eq!(
        bare.iter().filter(codes).collect::<Vec<_>>(),
        lived.iter().filter(codes).collect::<Vec<_>>()
    );
    assert!(bare.is_subset(&lived), "{bare:#?} {lived:#?}");
}

async fn the_year_holds_together(engine: Engine) {
    let portal = year(engine).await;
    let now = portal.store.sources.now();
    let newest = [
        ("events", "at", 8),
        ("leases", "begun_at", 1),
        ("tickets", "owner_since", 21),
    ];
    for (table, column, ago) in newest {
        let told = format!("SELECT COALESCE(MAX({column}), 0) FROM {table}");
        let last = portal.number(&told).await;
        assert!(last > (BEGIN - days(ago)).as_millisecond(), "{table}: {last}");
        assert!(last < now.as_millisecond(), "{table}: {last}");
    }
    // Sealed as it happened: nothing in it is later than what comes after.
    chain::seal(&portal.store).await.unwrap();
    let verified = verification::verify(&portal.store, None).await.unwrap();
    assert!(verified.faults.is_empty(), "{:?}", verified.faults);
    let report = doctor::examine(&portal.store, KeySource::File(portal.key_file()))
        .await
        .unwrap();
    let found: Vec<String> = report
        .findings
        .iter()
        .map(|finding| finding.what.clone())
        .collect();
    assert_eq!(found, Vec::<String>::new());
}

async fn the_year_is_told_of(engine: Engine) {
    let portal = year(engine).await;
    let overview = ops::overview::page(&portal.store, portal.person("admin-2.1"))
        .await
        .unwrap();
    let used = overview.licenses.unwrap().all;
    assert!(used.activated >= 17 && used.in_use >= 2, "{used:?}");
    assert!(
        overview.ending >= 5 && !overview.lately.is_empty(),
        "{}",
        overview.ending
    );
    let told = async |login: &str| {
        let query = UseQuery {
            group: None,
            product: None,
            span: UseSpan::Year,
        };
        ops::licensing::usage::told::of_branch(&portal.store, portal.person(login), &query)
            .await
            .unwrap()
    };
    let (all, two) = (told("isv-admin").await, told("admin-2.1").await);
    let busy = |told: &license_portal::views::licensing::usage::BranchUse| {
        told.points.iter().filter(|point| point.leased.0 > 0).count()
    };
    assert!(
        busy(&all) >= 45 && busy(&two) >= 45,
        "{} {}",
        busy(&all),
        busy(&two)
    );
    assert!(
        two.products.iter().any(|product| product.refused > 0),
        "more machines than licences"
    );
}

async fn the_demo_is_never_mixed_with_anything_else(engine: Engine) {
    let other = TestPortal::start(engine, "@ann\n").await;
    let before = other.state().await;
    let loaded = demo::load(&other.store, PASSWORD, Extent::Year).await;
    assert!(matches!(loaded, Err(DemoError::NotEmpty)));
    assert_eq!(other.state().await, before);
}

/// A power cut between the people and what says that they are the demo would leave a portal that no other start completes.
async fn the_demo_is_known_as_such_or_not_there(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let fault = match engine {
        Engine::Sqlite => {
            "CREATE TRIGGER fault BEFORE INSERT ON instance WHEN NEW.name = 'demo'
             BEGIN SELECT RAISE(ABORT, 'fault'); END"
        }
        Engine::Postgres => "ALTER TABLE instance ADD CONSTRAINT fault CHECK (name <> 'demo')",
    };
    portal.run(fault).await;
    let failed = demo::load(&portal.store, PASSWORD, Extent::Tree).await;
    assert!(failed.is_err(), "{failed:?}");
    assert_eq!(portal.number("SELECT COUNT(*) FROM users").await, 0);
    portal
        .run(match engine {
            Engine::Sqlite => "DROP TRIGGER fault",
            Engine::Postgres => "ALTER TABLE instance DROP CONSTRAINT fault",
        })
        .await;
    demo::load(&portal.store, PASSWORD, Extent::Tree).await.unwrap();
    assert!(demo::is_loaded(&portal.store).await.unwrap());
}
