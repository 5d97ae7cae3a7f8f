//! P4: a page of 50 visible tickets for each kind of actor in each order, next to fetching the same 50 by their ids.

use std::collections::HashMap;

use domain::{groups::tree::Node, ids::UserId, tickets::owners::Owner};
use license_portal::{ops, server::cli::machine, store::{Engine, Store}, views::tickets::{PAGE, Sort, TicketQuery}};
use license_portal_benches::{Failure, cluster::Cluster, organisation::{Organisation, person_id}, rounds::{Comparison, Stopwatch, Target, quantile}, scaled, stores::{bare_pool, postgres, sqlite_file}, tree::group_id, wanted};
use sqlx::{AnyPool, AssertSqlSafe, Row};

const ROUNDS: usize = 5;
/// Different pages of one kind of actor in one order.
const PAGES: usize = 20;
/// Seconds after which a round has enough of a slow page, if every page had its turn.
const PATIENCE: f64 = 1.5;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let organisation = Organisation::new(scaled(100_000, 4000));
    println!(
        "P4: {} groups, {} tickets; figures are of the 99th percentile of each round",
        organisation.tree.len(),
        organisation.tickets.len()
    );
    let readers = readers(&organisation);
    if wanted(Engine::Sqlite) {
        let file = sqlite_file(&organisation).await?;
        measure(Engine::Sqlite, &format!("sqlite://{}", file.display()), &readers).await?;
    }
    if wanted(Engine::Postgres)
        && let Some(cluster) = Cluster::start()?
    {
        let address = postgres(&cluster, &organisation).await?;
        measure(Engine::Postgres, &address, &readers).await?;
    }
    Ok(())
}

/// A kind of actor: some of them, and what they look at.
struct Readers {
    kind: &'static str,
    looks: Vec<(UserId, Node)>,
}

/// The kinds of actors, each with a page of 50 to see.
fn readers(organisation: &Organisation) -> Vec<Readers> {
    let (tree, people) = (&organisation.tree, &organisation.people);
    let page = usize::try_from(PAGE).unwrap_or_default();
    let mut in_group: HashMap<Owner, usize> = HashMap::new();
    let mut personal: HashMap<UserId, usize> = HashMap::new();
    for ticket in &organisation.tickets {
        if !ticket.protected {
            *in_group.entry(ticket.owner).or_default() += 1;
        }
        if let Some(user) = ticket.owner.user() {
            *personal.entry(user).or_default() += 1;
        }
    }
    let own = |at: usize| personal.get(&person_id(at)).copied().unwrap_or_default();
    let top = tree.biggest_top();
    let of = |kind, pick: &dyn Fn(usize) -> Option<Node>| Readers {
        kind,
        looks: (0..people.len())
            .filter_map(|at| Some((person_id(at), pick(at)?)))
            .take(PAGES)
            .collect(),
    };
    let admin_of = |at: usize| {
        people[at]
            .memberships
            .iter()
            .find(|(_, admin)| *admin)
            .map(|(group, _)| *group)
    };
    let plain = |at: usize| !people[at].isv_admin && admin_of(at).is_none();
    vec![
        of("ISV admin", &|at| people[at].isv_admin.then_some(Node::All)),
        of("ISV admin at a big group", &|at| {
            people[at].isv_admin.then_some(Node::Group(group_id(top)))
        }),
        of("admin of a big group", &|at| {
            (admin_of(at) == Some(top)).then_some(Node::All)
        }),
        of("admin of a small deep group", &|at| {
            admin_of(at)
                .filter(|group| tree.depth(*group) >= 5 && (8..40).contains(&tree.span(*group).len()))
                .map(|_| Node::All)
        }),
        of("plain member", &|at| {
            let groups = people[at].memberships.iter();
            let visible: usize = groups
                .filter_map(|(group, _)| in_group.get(&Owner::Group(group_id(*group))))
                .sum();
            (plain(at) && own(at) < 5 && visible >= page).then_some(Node::All)
        }),
        of("user with personal tickets", &|at| {
            (plain(at) && own(at) >= page).then_some(Node::Mine)
        }),
    ]
}

async fn measure(engine: Engine, address: &str, kinds: &[Readers]) -> Result<(), Failure> {
    let store = Store::open(address, 4, machine()).await?;
    let pool = bare_pool(engine, address).await?;
    println!("{engine:?}");
    for readers in kinds {
        for sort in [Sort::Since, Sort::Code, Sort::Product, Sort::Owner] {
            let what = format!("{}, by {}", readers.kind, format!("{sort:?}").to_lowercase());
            let pages = pages(&store, readers, sort).await?;
            if pages.is_empty() {
                println!("{what:<58} nobody of this kind has {PAGE} tickets to see");
                continue;
            }
            compare(&store, &pool, &pages).await?.print(&what);
        }
    }
    pool.close().await;
    store.close().await;
    Ok(())
}

/// A page to ask for, and the ids on it.
struct Page {
    reader: UserId,
    query: TicketQuery,
    ids: Vec<i64>,
}

/// Full pages for these readers, from both ends; nearly all of what people ask for is at the beginning.
async fn pages(store: &Store, readers: &Readers, sort: Sort) -> Result<Vec<Page>, Failure> {
    let mut pages = Vec::new();
    let clock = Stopwatch::start();
    'enough: for page in 0..5 {
        for (reader, node) in &readers.looks {
            for reverse in [false, true] {
                let query = TicketQuery {
                    sort,
                    reverse,
                    page,
                    ..TicketQuery::of(*node)
                };
                let shown = ops::tickets::page(store, *reader, &query).await?;
                let ids: Vec<i64> = shown.rows.iter().map(|row| row.id().0).collect();
                if ids.len() == usize::try_from(PAGE)? {
                    pages.push(Page {
                        reader: *reader,
                        query,
                        ids,
                    });
                }
                if pages.len() == PAGES || clock.per(1) > PATIENCE {
                    break 'enough;
                }
            }
        }
    }
    Ok(pages)
}

/// Median and 99th percentile.
#[derive(Default)]
struct Latencies {
    p50: Comparison,
    p99: Comparison,
    calls: usize,
}

impl Latencies {
    fn print(&self, what: &str) {
        self.p99.print(what, Target::Cost(2.0));
        println!(
            "{:<58} {:<28} in the median; {} calls a round",
            "",
            self.p50.ratio(Target::Cost(2.0)).to_string(),
            self.calls
        );
    }
}

async fn compare(store: &Store, pool: &AnyPool, pages: &[Page]) -> Result<Latencies, Failure> {
    let mut latencies = Latencies::default();
    for _ in 0..ROUNDS {
        let (mut ours, mut theirs) = (Vec::new(), Vec::new());
        let round = Stopwatch::start();
        for call in 0..scaled(400, 40) {
            let page = &pages[call % pages.len()];
            let clock = Stopwatch::start();
            ops::tickets::page(store, page.reader, &page.query).await?;
            ours.push(clock.per(1));
            let clock = Stopwatch::start();
            by_ids(store.engine(), pool, &page.ids).await?;
            theirs.push(clock.per(1));
            if round.per(1) > PATIENCE && call >= pages.len().min(4) {
                break;
            }
        }
        ours.sort_unstable_by(f64::total_cmp);
        theirs.sort_unstable_by(f64::total_cmp);
        latencies.p50.push(quantile(&ours, 0.5), quantile(&theirs, 0.5));
        latencies.p99.push(quantile(&ours, 0.99), quantile(&theirs, 0.99));
        latencies.calls = ours.len();
    }
    Ok(latencies)
}

/// The rows with these ids, by primary key, in a reading transaction.
async fn by_ids(engine: Engine, pool: &AnyPool, ids: &[i64]) -> Result<(), Failure> {
    let places: Vec<String> = (1..=ids.len()).map(|n| format!("${n}")).collect();
    let sql = format!(
        "SELECT id, code, owner_group_id, owner_user_id, context_group_id, protected, owner_since
         FROM tickets WHERE id IN ({})",
        places.join(", ")
    );
    let begin = match engine {
        Engine::Sqlite => "BEGIN",
        Engine::Postgres => "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY",
    };
    let mut tx = pool.begin_with(begin).await?;
    let query = ids
        .iter()
        .fold(sqlx::query(AssertSqlSafe(sql)), |query, id| query.bind(*id));
    let rows = query.fetch_all(&mut *tx).await?;
    for row in &rows {
        let _: (i64, String) = (row.try_get(0)?, row.try_get(1)?);
    }
    if rows.len() == ids.len() {
        Ok(())
    } else {
        Err("a ticket is missing".into())
    }
}
