//! N3: a list of tickets moved through the portal as a preview said, rights and history and all, next to one bare UPDATE of
//! all of them and one INSERT of their entries in the history.

use std::fs;

use domain::{groups::tree::Node, history::events::EventKind, ids::{GroupId, UserId}, tickets::owners::Owner};
use license_portal::{ops::{self, tickets::bulk::Agreed}, server::cli::machine, store::{Engine, Store}, views::tickets::{TicketQuery, bulk::{Matching, TicketSelection}}};
use license_portal_benches::{Failure, cluster::Cluster, organisation::{Organisation, person_id, ticket_id}, rounds::{Comparison, Stopwatch, Target, seconds}, scaled, stores::{Scratch, bare_pool, postgres, scratch, sqlite_file}, tree::group_id, wanted};
use sqlx::AnyPool;

const ROUNDS: usize = 5;

/// In one move.
fn tickets() -> usize {
    scaled(10_000, 500)
}

#[tokio::main]
async fn main() -> Result<(), Failure> {
    let organisation = Organisation::new(scaled(10_000, 1000));
    println!("N3: {} tickets in one move", tickets());
    if wanted(Engine::Sqlite) {
        let folder = Scratch(scratch("bulk")?);
        let file = folder.0.join("portal.db");
        fs::copy(sqlite_file(&organisation).await?, &file)?;
        let address = format!("sqlite://{}", file.display());
        compare(Engine::Sqlite, &address, &organisation).await?;
    }
    if wanted(Engine::Postgres)
        && let Some(cluster) = Cluster::start()?
    {
        let address = postgres(&cluster, &organisation).await?;
        compare(Engine::Postgres, &address, &organisation).await?;
    }
    Ok(())
}

async fn compare(engine: Engine, address: &str, organisation: &Organisation) -> Result<(), Failure> {
    let mut desk = Desk::open(engine, address, organisation).await?;
    let mut against_bare = Comparison::default();
    let mut previews = Vec::new();
    desk.through_the_portal().await?;
    desk.bare().await?;
    for _ in 0..ROUNDS {
        let (preview, ours) = desk.through_the_portal().await?;
        previews.push(preview);
        against_bare.push(ours, desk.bare().await?);
    }
    let what = format!("{engine:?}, move of a list : one UPDATE and one INSERT");
    against_bare.print(&what, Target::Cost(3.0));
    let undone = desk.undo().await?;
    previews.sort_unstable_by(f64::total_cmp);
    println!(
        "{engine:?}: the preview takes {}, the move back {}",
        seconds(previews[previews.len() / 2]),
        seconds(undone)
    );
    desk.pool.close().await;
    desk.store.close().await;
    Ok(())
}

/// Two lists, one for each side, that go to and fro between two groups each.
struct Desk {
    store: Store,
    pool: AnyPool,
    engine: Engine,
    isv_admin: UserId,
    /// The portal's two groups; its list is in the first.
    ours: [GroupId; 2],
    theirs: [GroupId; 2],
    moves: i64,
    last: String,
}

impl Desk {
    async fn open(engine: Engine, address: &str, organisation: &Organisation) -> Result<Self, Failure> {
        // It installs the drivers of the other.
        let store = Store::open(address, 4, machine()).await?;
        let pool = bare_pool(engine, address).await?;
        let isv_admin = organisation
            .people
            .iter()
            .position(|person| person.isv_admin)
            .ok_or("no ISV admin")?;
        let leaf = |at: usize| group_id(organisation.tree.len() - at);
        let (ours, theirs) = ([leaf(1), leaf(2)], [leaf(3), leaf(4)]);
        // Nothing else is in these groups.
        for group in ours.into_iter().chain(theirs) {
            sqlx::query("UPDATE tickets SET owner_group_id = NULL, owner_user_id = NULL, context_group_id = NULL, level_group_id = NULL, protected = 0 WHERE level_group_id = $1")
                .bind(group.0)
                .execute(&pool)
                .await?;
        }
        for (parity, group) in [(0, ours[0]), (1, theirs[0])] {
            let first = ticket_id(parity).0;
            let last = ticket_id(parity + 2 * (tickets() - 1)).0;
            let stride = ticket_id(parity + 2).0 - first;
            sqlx::query(
                "UPDATE tickets SET owner_group_id = $1, owner_user_id = NULL, context_group_id = NULL,
                     level_group_id = $2, protected = 0
                 WHERE id >= $3 AND id <= $4 AND (id - $5) % $6 = 0",
            )
            .bind(group.0)
            .bind(group.0)
            .bind(first)
            .bind(last)
            .bind(first)
            .bind(stride)
            .execute(&pool)
            .await?;
        }
        Ok(Self {
            store,
            pool,
            engine,
            isv_admin: person_id(isv_admin),
            ours,
            theirs,
            moves: 0,
            last: String::new(),
        })
    }

    /// Seconds for the preview, and for the move.
    async fn through_the_portal(&mut self) -> Result<(f64, f64), Failure> {
        self.moves += 1;
        let [from, to] = self.ours;
        let count = u32::try_from(tickets())?;
        let list = Matching::of(&TicketQuery::of(Node::Group(from)), count);
        let (list, to) = (TicketSelection::Matching(list), Owner::Group(to));
        let clock = Stopwatch::start();
        let preview = ops::tickets::bulk::preview(&self.store, self.isv_admin, &list, to).await?;
        let previewed = clock.per(1);
        if preview.allowed != count || !preview.refused.is_empty() {
            return Err(format!("{preview:?}").into());
        }
        let agreed = Agreed {
            seen: preview.seen,
            only_permitted: false,
        };
        let keep = Some(domain::tickets::Activated::Keep);
        self.last = format!("bench-{:010}", self.moves);
        let clock = Stopwatch::start();
        ops::tickets::bulk::reassign(&self.store, self.isv_admin, &list, to, &agreed, keep, &self.last).await?;
        self.ours.reverse();
        Ok((previewed, clock.per(1)))
    }

    async fn undo(&mut self) -> Result<f64, Failure> {
        let clock = Stopwatch::start();
        ops::tickets::undo(&self.store, self.isv_admin, &self.last, "bench-undo").await?;
        self.ours.reverse();
        Ok(clock.per(1))
    }

    async fn bare(&mut self) -> Result<f64, Failure> {
        self.moves += 1;
        let begin = match self.engine {
            Engine::Sqlite => "BEGIN IMMEDIATE",
            Engine::Postgres => "BEGIN ISOLATION LEVEL SERIALIZABLE",
        };
        let [from, to] = self.theirs;
        let now = self.store.sources.now().as_millisecond();
        let clock = Stopwatch::start();
        let mut tx = self.pool.begin_with(begin).await?;
        sqlx::query(
            "UPDATE tickets SET owner_group_id = $1, owner_user_id = NULL, context_group_id = NULL, level_group_id = $2,
                 protected = 0, owner_since = $3
             WHERE owner_group_id = $4",
        )
        .bind(to.0)
        .bind(to.0)
        .bind(now)
        .bind(from.0)
        .execute(&mut *tx)
        .await?;
        sqlx::query(
            "INSERT INTO events (id, at, kind, actor_id, request_key, ticket_id, from_owner, to_owner, was_protected)
             SELECT $1 + ROW_NUMBER() OVER (ORDER BY id), $2, $3, $4, $5, id, $6, $7, 0 FROM tickets
             WHERE owner_group_id = $8",
        )
        // Above the portal's own, and growing, as those do.
        .bind(i64::MAX / 2 + 1_000_000 * self.moves)
        .bind(now)
        .bind(EventKind::TicketMoved.to_string())
        .bind(self.isv_admin.0)
        .bind(format!("bench-{:010}", self.moves))
        .bind(Owner::Group(from).to_string())
        .bind(Owner::Group(to).to_string())
        .bind(to.0)
        .execute(&mut *tx)
        .await?;
        tx.commit().await?;
        self.theirs.reverse();
        Ok(clock.per(1))
    }
}
