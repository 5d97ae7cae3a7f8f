//! Facets and their counts: of what the oracle sees and nothing else, whatever is asked for; a list narrowed by a facet holds as
//! many as its count says.

use std::collections::BTreeSet;

use domain::{
    groups::tree::Node,
    ids::{ProductId, TicketId},
    licensing::licenses::Binding,
    time::days,
};
use license_portal::{
    ops::{self, instance::organisation::file::Organisation},
    store::{Engine, tickets::listing::COUNTED},
    views::tickets::{
        PAGE, TicketQuery, TicketRow,
        bulk::{Matching, TicketSelection},
        facets::{BINDING, ENDS, Ends, FacetCounts, Facets, OWNER, OwnerKind, PRODUCT, STATE, TicketState},
    },
};

use crate::{
    policy::{
        oracle::{Holder, World},
        worlds::{file, some_worlds},
    },
    support::{
        portal::{BEGIN, TestPortal},
        statements::recorded,
        tree,
    },
    tickets::lists::portal_of_many,
};

on_both_engines!(
    counts_are_of_what_the_oracle_sees,
    long_lists_are_counted_up_to_a_limit,
    facets_of_long_lists_find_the_few_that_are_meant,
    counts_cost_the_same_for_many_as_for_few,
);

/// What the licence in a ticket is like: the tickets of a world hold one each, of one of three products.
#[derive(Debug, Clone, Copy)]
struct Kind {
    product: usize,
    state: usize,
    ends: usize,
    locked: bool,
}

const fn kind(ticket: usize) -> Kind {
    Kind {
        product: ticket % 3,
        state: ticket % 5,
        ends: (ticket / 2) % 5,
        locked: ticket % 4 == 1,
    }
}

fn product(ticket: usize) -> String {
    format!("product {}", kind(ticket).product)
}

/// The world, with licences of these kinds.
async fn build(portal: &TestPortal, world: &World) {
    let mut file = file(world);
    for (at, ticket) in file.tickets.iter_mut().enumerate() {
        ticket.licenses[0].product = product(at);
        // By which the ticket is found again.
        ticket.licenses[0].quantity = u32::try_from(at + 1).unwrap();
    }
    portal.import(&file).await;
    for at in 0..world.tickets.len() {
        let Kind {
            state, ends, locked, ..
        } = kind(at);
        let now = BEGIN.as_millisecond();
        let mut set = vec![match state {
            0 => "activated = 0".to_owned(),
            1 => "activated = quantity".to_owned(),
            2 => format!("suspended_at = {now}"),
            3 => format!("revoked_at = {now}"),
            _ => "activated = 1, reduced_to = 1".to_owned(),
        }];
        let until = |ahead: u32| format!("valid_until = {}", (BEGIN + days(ahead)).as_millisecond());
        set.push(match ends {
            0 => until(7),
            1 => until(60),
            2 => until(400),
            3 => format!("valid_until = {now}"),
            _ => "valid_until = NULL".to_owned(),
        });
        if locked {
            set.push("binding = 'node_locked'".to_owned());
        }
        portal
            .run(&format!(
                "UPDATE licenses SET {} WHERE quantity = {}",
                set.join(", "),
                at + 1
            ))
            .await;
    }
}

/// Whether the ticket is one of those that are wanted, as plainly as possible.
fn fits(world: &World, person: usize, ticket: usize, wanted: &Facets, products: &[ProductId]) -> bool {
    let Kind {
        product,
        state,
        ends,
        locked,
    } = kind(ticket);
    let (holder, protected) = world.tickets[ticket];
    let full = state == 1 || state == 4;
    let any = |none: bool, some: bool| none || some;
    let in_state = |state_: &TicketState| match state_ {
        TicketState::Free => state == 0 && ends != 3,
        TicketState::Active | TicketState::Full => full,
        TicketState::Ended => ends == 3,
        TicketState::Suspended => state == 2,
        TicketState::Revoked => state == 3,
        TicketState::Protected => protected,
    };
    let owned_by = |owner: &OwnerKind| match owner {
        OwnerKind::Group => matches!(holder, Holder::Group(_)),
        OwnerKind::Person => matches!(holder, Holder::Person(..)),
        OwnerKind::Me => matches!(holder, Holder::Person(owner, _) if owner == person),
        OwnerKind::Nobody => holder == Holder::Nobody,
    };
    let ends_so = |wanted: &Ends| match wanted {
        Ends::Month => ends == 0,
        Ends::Quarter => ends < 2,
        Ends::Later => ends == 2,
        Ends::Never => ends == 4,
    };
    let of = products.get(product);
    any(
        wanted.product.is_empty(),
        of.is_some_and(|of| wanted.product.contains(of)),
    ) && any(wanted.state.is_empty(), wanted.state.iter().any(in_state))
        && any(wanted.owner.is_empty(), wanted.owner.iter().any(owned_by))
        && any(wanted.ends.is_empty(), wanted.ends.iter().any(ends_so))
        && any(
            wanted.binding.is_empty(),
            wanted
                .binding
                .iter()
                .any(|wanted| (*wanted == Binding::NodeLocked) == locked),
        )
}

/// Every value of every facet that there is, alone and with the other facets as they are, with how many tickets it is said to have.
fn told(counts: &FacetCounts, wanted: &Facets) -> Vec<(Facets, u64)> {
    fn alone(wanted: &Facets, facet: &str, value: &str) -> Facets {
        wanted.clone().with_any(facet).with(facet, value)
    }
    let mut told = Vec::new();
    told.extend(counts.products.iter().map(|count| {
        let product = count.product.to_string();
        (alone(wanted, PRODUCT, &product), count.tickets)
    }));
    let states = counts.states.iter();
    told.extend(states.map(|count| (alone(wanted, STATE, count.value.name()), count.tickets)));
    let owners = counts.owners.iter();
    told.extend(owners.map(|count| (alone(wanted, OWNER, count.value.name()), count.tickets)));
    let ends = counts.ends.iter();
    told.extend(ends.map(|count| (alone(wanted, ENDS, count.value.name()), count.tickets)));
    told.extend(counts.bindings.iter().map(|count| {
        let binding = count.value.to_string();
        (alone(wanted, BINDING, &binding), count.tickets)
    }));
    told
}

/// Some choices, of one value of a facet, of several, and of all.
fn choices(products: &[ProductId; 3]) -> Vec<Facets> {
    let [first, second, _] = products;
    let mut choices: Vec<Facets> = [
        "",
        "state:free",
        "ends:90,owner:group",
        "state:protected,binding:floating",
        "owner:me,state:full",
        "state:free,state:revoked",
        // What the ticket is in, and what its licence is in.
        "state:protected,state:suspended",
        "state:protected,state:ended,ends:never,ends:30",
        "owner:group,owner:me,state:active,state:suspended",
        "owner:person,owner:nobody,ends:later,ends:30,binding:floating,binding:node_locked",
        "state:free,state:active,state:full,state:ended,state:suspended,state:revoked,state:protected",
    ]
    .map(|text| text.parse().unwrap())
    .into();
    let products = [first, second].map(ToString::to_string);
    let one = Facets::NONE.with(PRODUCT, &products[0]);
    choices.push(
        one.clone()
            .with(PRODUCT, &products[1])
            .with(STATE, "protected")
            .with(STATE, "free"),
    );
    choices.push(one.clone().with(PRODUCT, &products[1]));
    choices.push(one);
    choices
}

async fn counts_are_of_what_the_oracle_sees(engine: Engine) {
    let portal = TestPortal::empty(engine).await;
    let (mut counted, mut hidden) = (0, 0);
    for world in some_worlds(if engine == Engine::Sqlite { 5 } else { 2 }) {
        portal.clear().await;
        build(&portal, &world).await;
        let named = portal
            .texts("SELECT name || '=' || id FROM products WHERE name LIKE 'product %' ORDER BY name")
            .await;
        let id = |at: usize| {
            let prefix = format!("product {at}=");
            let named = named.iter().find_map(|row| row.strip_prefix(prefix.as_str()));
            named.map_or(ProductId(1), |id| id.parse().unwrap())
        };
        let products = [id(0), id(1), id(2)];
        for person in 0..world.isv_admins.len() {
            let reader = portal.person(&format!("p{person}"));
            for wanted in choices(&products) {
                let query = |facets: Facets| TicketQuery {
                    facets,
                    ..TicketQuery::of(Node::All)
                };
                let counts = ops::tickets::facets(&portal.store, reader, &query(wanted.clone()))
                    .await
                    .unwrap();
                assert!(!counts.at_least);
                let number = |facets: &Facets, sees: &dyn Fn(usize) -> bool| {
                    let tickets = (0..world.tickets.len())
                        .filter(|ticket| sees(*ticket) && fits(&world, person, *ticket, facets, &products));
                    tickets.count() as u64
                };
                // What is wanted itself has no count of its own: the list has.
                let itself = number(&wanted, &|ticket| world.sees(person, ticket));
                let page = ops::tickets::page(&portal.store, reader, &query(wanted.clone()))
                    .await
                    .unwrap();
                assert_eq!(page.total, itself, "{wanted} by p{person}: {world:#?}");
                let listed: BTreeSet<TicketId> = page.rows.iter().map(TicketRow::id).collect();
                assert_eq!(
                    listed.len() as u64,
                    itself.min(PAGE.into()),
                    "{wanted} by p{person}"
                );
                // All of them, as files and moves of whole lists have them.
                let all = TicketSelection::Matching(Matching::of(&query(wanted.clone()), 0));
                let all: TicketSelection = all.to_string().parse().unwrap();
                let rows = ops::tickets::bulk::rows(&portal.store, reader, &all)
                    .await
                    .unwrap();
                assert_eq!(rows.len() as u64, itself, "{wanted} by p{person}");
                for (facets, tickets) in told(&counts, &wanted) {
                    let what = format!("{facets} after {wanted} by p{person}: {counts:?} in {world:#?}");
                    let expected = number(&facets, &|ticket| world.sees(person, ticket));
                    assert_eq!(tickets, expected, "{what}");
                    let page = ops::tickets::page(&portal.store, reader, &query(facets.clone()))
                        .await
                        .unwrap();
                    assert_eq!(page.total, expected, "the list, {what}");
                    counted += tickets;
                    hidden += number(&facets, &|_| true) - expected;
                }
                // No product is named that the reader sees nothing of.
                let seen: BTreeSet<String> = (0..world.tickets.len())
                    .filter(|ticket| world.sees(person, *ticket))
                    .map(product)
                    .collect();
                for count in &counts.products {
                    assert!(
                        seen.contains(&count.name.en),
                        "{count:?} by p{person}: {world:#?}"
                    );
                    assert!(count.tickets > 0, "{count:?}");
                }
            }
        }
    }
    assert!(counted > 300 && hidden > 100, "{counted} {hidden}");
}

/// More than is counted, of which few are of each of the rare kinds.
async fn many(engine: Engine) -> TestPortal {
    let mut file: Organisation = tree::organisation(
        "@isv^\nCompany/\n @boss*\n #Often\n #Rare!\n @ned #Neds\nElsewhere/\n #Rare\n @eve",
    );
    let often = COUNTED + 100;
    let portal = portal_of_many(engine, &mut file, |ticket| {
        if ticket.licenses[0].product == "Often" {
            often
        } else {
            5
        }
    })
    .await;
    let soon = (BEGIN + days(7)).as_millisecond();
    for set in [
        format!("UPDATE licenses SET valid_until = {soon} WHERE product_id IN (SELECT id FROM products WHERE name LIKE 'Rare%')"),
        "UPDATE licenses SET activated = quantity WHERE product_id IN (SELECT id FROM products WHERE name LIKE 'Neds%')".to_owned(),
    ] {
        portal.run(&set).await;
    }
    portal
}

async fn long_lists_are_counted_up_to_a_limit(engine: Engine) {
    let portal = many(engine).await;
    let query = TicketQuery::of(Node::All);
    for (login, at_least) in [("isv", true), ("boss", true), ("ned", true), ("eve", false)] {
        let reader = portal.person(login);
        let counts = ops::tickets::facets(&portal.store, reader, &query).await.unwrap();
        assert_eq!(counts.at_least, at_least, "{login}");
        let limit = u64::try_from(COUNTED + 1).unwrap();
        for (facets, tickets) in told(&counts, &Facets::NONE) {
            let found = TicketQuery {
                facets: facets.clone(),
                ..query.clone()
            };
            let page = ops::tickets::page(&portal.store, reader, &found).await.unwrap();
            assert!(
                tickets <= page.total && tickets <= limit,
                "{login} {facets}: {tickets}, {}",
                page.total
            );
            assert!(
                at_least || tickets == page.total,
                "{login} {facets}: {tickets}, {}",
                page.total
            );
        }
    }
}

async fn facets_of_long_lists_find_the_few_that_are_meant(engine: Engine) {
    let portal = many(engine).await;
    for (login, facets, expected) in [
        ("isv", "ends:30", 10),
        ("boss", "ends:30", 5),
        ("boss", "ends:30,state:protected", 5),
        ("isv", "ends:30,state:protected", 5),
        ("isv", "state:active", 5),
        ("boss", "state:full,owner:person", 5),
        ("boss", "state:full,owner:group", 0),
        ("isv", "state:suspended", 0),
        ("ned", "owner:me", 5),
        ("isv", "state:active,state:suspended", 5),
        (
            "isv",
            "state:full,owner:person,owner:nobody,ends:never,ends:30",
            5,
        ),
        ("boss", "ends:30,state:protected,state:full", 5),
        ("isv", "state:protected,state:suspended,ends:30,ends:never", 5),
    ] {
        let query = TicketQuery {
            facets: facets.parse().unwrap(),
            ..TicketQuery::of(Node::All)
        };
        let reader = portal.person(login);
        let page = ops::tickets::page(&portal.store, reader, &query).await.unwrap();
        assert_eq!(
            (page.total, page.rows.len()),
            (expected, usize::try_from(expected).unwrap()),
            "{login} {facets}"
        );
        let company = TicketQuery {
            node: Node::Group(portal.group("Company")),
            ..query
        };
        if login != "ned" {
            let page = ops::tickets::page(&portal.store, reader, &company).await.unwrap();
            assert_eq!(page.total, expected.min(5), "{login} {facets} in the branch");
        }
    }
}

async fn counts_cost_the_same_for_many_as_for_few(engine: Engine) {
    let mut costs = Vec::new();
    for count in [3, 60] {
        let mut file = tree::organisation("@isv^\nCompany/\n @boss*\n #Ticket");
        let portal = portal_of_many(engine, &mut file, |_| count).await;
        let boss = portal.person("boss");
        let query = TicketQuery::of(Node::Group(portal.group("Company")));
        let (counts, mut statements) = recorded(ops::tickets::facets(&portal.store, boss, &query)).await;
        assert_eq!(counts.unwrap().states[0].tickets, u64::try_from(count).unwrap());
        // SQLite's are not told.
        statements.retain(|statement| !statement.starts_with("COMMIT") && !statement.starts_with("ROLLBACK"));
        assert!(statements.len() <= 10, "{statements:#?}");
        costs.push(statements.len());
    }
    assert_eq!(costs[0], costs[1]);
}
