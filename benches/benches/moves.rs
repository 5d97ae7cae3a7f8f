//! P2: one move through the portal, rights and history and all, next to the two bare statements it cannot do without.

use std::{collections::HashMap, fs, path::Path};

use fastrand::Rng;
use domain::{history::events::EventKind, ids::{GroupId, UserId}, tickets::{SelectedTickets, owners::Owner}};
use license_portal::{ops, server::cli::machine, store::{Engine, Store}};
use license_portal_benches::{Failure, cluster::Cluster, organisation::{FIRST_TICKET, Organisation, person_id, ticket_id}, rounds::{Comparison, Stopwatch, Target}, scaled, stores::{Scratch, bare_pool, postgres, scratch, sqlite_file}, tree::{FIRST_GROUP, STRIDE, group_id}, wanted};
use sqlx::AnyPool;

const ROUNDS: usize = 9;

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let organisation = Organisation::new(scaled(10_000, 1000));
    println!(
        "P2: {} groups, {} tickets",
        organisation.tree.len(),
        organisation.tickets.len()
    );
    if wanted(Engine::Sqlite) {
        on_sqlite(&organisation).await?;
    }
    if wanted(Engine::Postgres)
        && let Some(cluster) = Cluster::start()?
    {
        on_postgres(&cluster, &organisation).await?;
    }
    Ok(())
}

async fn on_sqlite(organisation: &Organisation) -> Result<(), Failure> {
    let folder = Scratch(scratch("moves")?);
    let file = folder.0.join("portal.db");
    fs::copy(sqlite_file(organisation).await?, &file)?;
    let address = format!("sqlite://{}", file.display());
    let mut desk = Desk::open(Engine::Sqlite, &address, organisation).await?;
    let mut against_bare = Comparison::default();
    desk.warm_up().await?;
    for _ in 0..ROUNDS {
        let ours = desk.through_the_portal(moves()).await?;
        against_bare.push(ours, desk.bare(moves()).await?);
    }
    against_bare.print(
        "SQLite, move : UPDATE+INSERT over such a pool",
        Target::Speed(0.95),
    );
    desk.close().await;
    Ok(())
}

async fn on_postgres(cluster: &Cluster, organisation: &Organisation) -> Result<(), Failure> {
    let folder = Scratch(scratch("moves")?);
    let script = folder.0.join("move.sql");
    fs::write(&script, PGBENCH)?;
    let address = postgres(cluster, organisation).await?;
    let mut desk = Desk::open(Engine::Postgres, &address, organisation).await?;
    let (mut against_pgbench, mut against_bare) = (Comparison::default(), Comparison::default());
    desk.warm_up().await?;
    for round in 0..ROUNDS {
        let ours = desk.through_the_portal(moves()).await?;
        against_pgbench.push(ours, pgbench(cluster, &script, organisation, round)?);
        let ours = desk.through_the_portal(moves()).await?;
        against_bare.push(ours, desk.bare(moves()).await?);
    }
    against_pgbench.print("PostgreSQL, move : pgbench -M prepared", Target::Speed(0.85));
    against_bare.print(
        "PostgreSQL, move : UPDATE+INSERT over such a pool",
        Target::Speed(0.85),
    );
    desk.close().await;
    Ok(())
}

/// In one round of one side.
fn moves() -> usize {
    scaled(500, 20)
}

/// What [`Desk::bare`] does. Tickets of odd numbers are its own.
const PGBENCH: &str = "\\set ticket :first_ticket + (2 * random(0, :pairs - 1) + 1) * :stride
\\set from :first_group + random(0, :groups - 1) * :stride
\\set to :first_group + random(0, :groups - 1) * :stride
\\set event :event + 1
BEGIN ISOLATION LEVEL SERIALIZABLE;
UPDATE tickets SET owner_group_id = :to, owner_user_id = NULL, context_group_id = NULL, level_group_id = :to, \
 protected = 0, owner_since = :event WHERE id = :ticket;
INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected) \
 VALUES (:event, :event, 'ticket_moved', :actor, 'pgbench-' || :event::text, :ticket, 'group:' || :from::text, \
 'group:' || :to::text, 0);
COMMIT;
";

fn pgbench(
    cluster: &Cluster,
    script: &Path,
    organisation: &Organisation,
    round: usize,
) -> Result<f64, Failure> {
    let number = |n: usize| i64::try_from(n).unwrap_or_default();
    let variables = [
        ("first_ticket", FIRST_TICKET),
        ("first_group", FIRST_GROUP),
        ("stride", STRIDE),
        ("pairs", number(organisation.tickets.len() / 2)),
        ("groups", number(organisation.tree.len())),
        ("actor", person_id(1).0),
        // Above the portal's own, and growing, as those do.
        ("event", i64::MAX / 2 + 1_000_000 * number(round)),
    ];
    cluster.pgbench("portal", script, moves(), &variables)
}

/// Moves tickets to and fro within the largest branch.
struct Desk {
    store: Store,
    pool: AnyPool,
    engine: Engine,
    admin: UserId,
    /// Group tickets of even numbers in the branch, and where each is.
    tickets: Vec<usize>,
    holders: HashMap<usize, GroupId>,
    groups: Vec<usize>,
    rng: Rng,
    moves: usize,
}

impl Desk {
    async fn open(engine: Engine, address: &str, organisation: &Organisation) -> Result<Self, Failure> {
        let top = organisation.tree.biggest_top();
        let span = organisation.tree.span(top);
        let groups: Vec<usize> = (0..organisation.tree.len())
            .filter(|group| span.contains(organisation.tree.span(*group).first))
            .collect();
        let ids: HashMap<GroupId, usize> = groups.iter().map(|group| (group_id(*group), *group)).collect();
        let mut holders = HashMap::new();
        for (number, ticket) in organisation.tickets.iter().enumerate().step_by(2) {
            match ticket.owner {
                Owner::Group(group) if ids.contains_key(&group) => {
                    holders.insert(number, group);
                }
                Owner::Group(_) | Owner::User { .. } | Owner::Unassigned => {}
            }
        }
        let mut tickets: Vec<usize> = holders.keys().copied().collect();
        tickets.sort_unstable();
        let is_admin = |of: &Vec<(usize, bool)>| of.as_slice() == [(top, true)];
        let admin = organisation
            .people
            .iter()
            .position(|person| is_admin(&person.memberships));
        Ok(Self {
            store: Store::open(address, 4, machine()).await?,
            pool: bare_pool(engine, address).await?,
            engine,
            admin: person_id(admin.ok_or("no admin of the largest branch")?),
            tickets,
            holders,
            groups,
            rng: Rng::with_seed(3),
            moves: 0,
        })
    }

    /// A ticket, its holder, and another group.
    fn next(&mut self) -> (usize, GroupId, GroupId) {
        self.moves += 1;
        let ticket = self.tickets[self.rng.usize(..self.tickets.len())];
        let from = self.holders[&ticket];
        loop {
            let to = group_id(self.groups[self.rng.usize(..self.groups.len())]);
            if to != from {
                self.holders.insert(ticket, to);
                return (ticket, from, to);
            }
        }
    }

    /// The first statements of a connection are prepared, and the first pages read.
    async fn warm_up(&mut self) -> Result<(), Failure> {
        self.through_the_portal(50).await?;
        self.bare(50).await?;
        Ok(())
    }

    async fn through_the_portal(&mut self, moves: usize) -> Result<f64, Failure> {
        let clock = Stopwatch::start();
        for _ in 0..moves {
            let (ticket, from, to) = self.next();
            let key = format!("bench-{:010}", self.moves);
            let selection = SelectedTickets::new(vec![(ticket_id(ticket), Owner::Group(from))])?;
            ops::tickets::reassign(&self.store, self.admin, &selection, Owner::Group(to), None, &key).await?;
        }
        Ok(clock.per(moves))
    }

    async fn bare(&mut self, moves: usize) -> Result<f64, Failure> {
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        let clock = Stopwatch::start();
        for _ in 0..moves {
            let (ticket, from, to) = self.next();
            let key = format!("bench-{:010}", self.moves);
            let (id, now) = (self.store.sources.fresh_id(), self.store.sources.now().as_millisecond());
            let mut tx = self.pool.begin_with(begin).await?;
            sqlx::query(
                "UPDATE tickets SET owner_group_id = $1, owner_user_id = NULL, context_group_id = NULL,
                     level_group_id = $2, protected = 0, owner_since = $3
                 WHERE id = $4",
            )
            .bind(to.0)
            .bind(to.0)
            .bind(now)
            .bind(ticket_id(ticket).0)
            .execute(&mut *tx)
            .await?;
            sqlx::query(
                "INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected)
                 VALUES ($1, $2, $3, $4, $5, $6, $7, $8, 0)",
            )
            .bind(id)
            .bind(now)
            .bind(EventKind::TicketMoved.to_string())
            .bind(self.admin.0)
            .bind(key)
            .bind(ticket_id(ticket).0)
            .bind(Owner::Group(from).to_string())
            .bind(Owner::Group(to).to_string())
            .execute(&mut *tx)
            .await?;
            tx.commit().await?;
        }
        Ok(clock.per(moves))
    }

    async fn close(self) {
        self.pool.close().await;
        self.store.close().await;
    }
}
