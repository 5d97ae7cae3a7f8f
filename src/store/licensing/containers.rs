//! Containers.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Authorized, ContainerChange, ContainerCreation, ContainerFacts},
    groups::Lineage,
    ids::{ContainerId, UserId},
    licensing::containers::ContainerKind,
    names::fold,
};
use jiff::Timestamp;

use crate::{
    store::{
        NOTHING, StoreError, Tx,
        groups::{self, groups_of_people},
        row::{number, parsed, rows},
        sql::{Sql, containing, millis},
        visibility::VisibilityScope,
    },
    views::licensing::containers::{CONTAINERS_PAGE, ContainerQuery},
};

/// A container as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Container {
    /// The facts the policy needs.
    pub facts: ContainerFacts,
    pub name: String,
    /// What it is.
    pub kind: ContainerKind,
    /// Name of the person it belongs to.
    pub person: String,
    /// Whether it is a machine that is reported lost.
    pub lost: bool,
}

const COLUMNS: &str = "SELECT c.id, c.user_id, c.name, c.kind, cg.path, u.name AS person, d.lost_at
     FROM containers c JOIN users u ON u.id = c.user_id LEFT JOIN groups cg ON cg.id = c.context_group_id
     LEFT JOIN devices d ON d.container_id = c.id";

rows! {
    /// A row of [`COLUMNS`].
    struct ContainerRow {
        id: ContainerId,
        user_id: UserId,
        name: String,
        kind: String,
        path: Option<String>,
        person: String,
        lost_at: Option<Timestamp>,
    }
}

impl ContainerRow {
    /// The container, with the groups of its person.
    fn completed(self, groups: Vec<Lineage>) -> Result<Container, StoreError> {
        Ok(Container {
            facts: ContainerFacts {
                id: self.id,
                user: self.user_id,
                context: self.path.map(|path| groups::lineage_of(&path)).transpose()?,
                groups,
            },
            name: self.name,
            kind: parsed(&self.kind, "containers.kind")?,
            person: self.person,
            lost: self.lost_at.is_some(),
        })
    }
}

async fn complete(tx: &mut Tx, rows: Vec<ContainerRow>) -> Result<Vec<Container>, StoreError> {
    let mut people: BTreeSet<UserId> = rows.iter().map(|row| row.user_id).collect();
    if people.is_empty() {
        people.insert(UserId(NOTHING));
    }
    let groups_of = groups_of_people(tx, people).await?;
    let container = |row: ContainerRow| {
        let groups = groups_of.get(&row.user_id).cloned().unwrap_or_default();
        row.completed(groups)
    };
    rows.into_iter().map(container).collect()
}

/// A container that was not removed.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: ContainerId) -> Result<Option<Container>, StoreError> {
    Ok(by_ids(tx, &[id]).await?.remove(&id))
}

/// The containers with these ids, by id. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn by_ids(
    tx: &mut Tx,
    ids: &[ContainerId],
) -> Result<BTreeMap<ContainerId, Container>, StoreError> {
    if ids.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut sql = Sql::default();
    sql.push(COLUMNS)
        .push(" WHERE c.removed_at IS NULL AND c.id IN ")
        .id_list(ids.iter().map(|id| id.0));
    let rows = sql.rows().fetch_all(tx.conn()).await?;
    let containers = complete(tx, rows).await?;
    Ok(containers
        .into_iter()
        .map(|container| (container.facts.id, container))
        .collect())
}

/// A page of the containers that the reader reaches, by name; and how many there are in all.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    query: &ContainerQuery,
) -> Result<(Vec<Container>, u64), StoreError> {
    let condition = |sql: &mut Sql| {
        sql.push(" WHERE c.removed_at IS NULL");
        visibility.push_reaches_container(sql);
        if let Some(user) = query.user {
            sql.push(" AND c.user_id = ").int(user.0);
        }
        if !query.search.trim().is_empty() {
            sql.push(" AND (c.folded LIKE ")
                .text(containing(&query.search))
                .push(" ESCAPE '\\' OR u.folded LIKE ")
                .text(containing(&query.search))
                .push(" ESCAPE '\\')");
        }
    };
    let mut count = Sql::default();
    count.push(
        "SELECT COUNT(*) FROM containers c JOIN users u ON u.id = c.user_id
         LEFT JOIN groups cg ON cg.id = c.context_group_id",
    );
    condition(&mut count);
    let total: i64 = count.scalar().fetch_one(tx.conn()).await?;
    let mut sql = Sql::default();
    sql.push(COLUMNS);
    condition(&mut sql);
    sql.push(" ORDER BY u.folded, u.id, c.folded, c.id LIMIT ")
        .int(i64::from(CONTAINERS_PAGE))
        .push(" OFFSET ")
        .int(i64::from(query.page) * i64::from(CONTAINERS_PAGE));
    let rows = sql.rows().fetch_all(tx.conn()).await?;
    Ok((complete(tx, rows).await?, number(total, "containers")?))
}

/// How many containers the reader reaches.
///
/// # Errors
/// [`StoreError`].
pub async fn count(tx: &mut Tx, visibility: &VisibilityScope) -> Result<u64, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT COUNT(*) FROM containers c JOIN users u ON u.id = c.user_id
         LEFT JOIN groups cg ON cg.id = c.context_group_id WHERE c.removed_at IS NULL",
    );
    visibility.push_reaches_container(&mut sql);
    let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    number(count, "containers")
}

/// How many containers a person has.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count_of(tx: &mut Tx, user: UserId) -> Result<u32, StoreError> {
    let count: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM containers WHERE user_id = $1")
        .bind(user.0)
        .fetch_one(tx.conn())
        .await?;
    number(count, "containers")
}

/// Writes a container; one that is a dongle has a serial number.
///
/// # Errors
/// [`StoreError`].
pub async fn insert(
    tx: &mut Tx,
    proof: &Authorized<ContainerCreation>,
    id: ContainerId,
    kind: ContainerKind,
    serial: Option<&str>,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO containers (id, user_id, context_group_id, kind, name, folded, created_at)
         VALUES ($1, $2, $3, $4, $5, $6, $7)",
    )
    .bind(id.0)
    .bind(proof.user.0)
    .bind(proof.context.map(|group| group.0))
    .bind(kind.to_string())
    .bind(name)
    .bind(fold(name))
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    match kind {
        ContainerKind::Cloud => Ok(()),
        ContainerKind::Device | ContainerKind::Dongle => {
            let device = sqlx::query("INSERT INTO devices (container_id, hardware) VALUES ($1, $2)");
            device.bind(id.0).bind(serial).execute(tx.conn()).await?;
            Ok(())
        }
    }
}

/// Removes a container: it is nowhere to be found from now on, and its row stays for the history.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(
    tx: &mut Tx,
    proof: &Authorized<ContainerChange>,
    now: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE containers SET removed_at = $1 WHERE id = $2 AND removed_at IS NULL")
        .bind(millis(now))
        .bind(proof.container.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Gives a container another name.
///
/// # Errors
/// [`StoreError`].
pub async fn rename(tx: &mut Tx, proof: &Authorized<ContainerChange>, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE containers SET name = $1, folded = $2 WHERE id = $3")
        .bind(name)
        .bind(fold(name))
        .bind(proof.container.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
