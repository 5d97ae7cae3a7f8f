//! Searching for groups, people and containers by their names, the best first.
//!
//! Names are few beside the tickets, and looked through one by one, as `tickets::search` does.

use domain::{
    groups::Lineage,
    ids::{ContainerId, UserId},
};

use crate::store::{
    StoreError, Tx,
    groups::{self, groups_of_people},
    row::rows,
    sql::{Sql, Words},
    visibility::VisibilityScope,
};

/// A person who was found.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Person {
    pub id: UserId,
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// Every group they are in, whether the reader sees it or not.
    pub groups: Vec<Lineage>,
}

rows! {
    struct PersonRow {
        id: UserId,
        name: String,
        login: String,
    }
}

/// The groups that the reader sees, whose names have all the words; at most so many.
///
/// # Errors
/// [`StoreError`].
pub async fn groups(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &Words,
    limit: i64,
) -> Result<Vec<Lineage>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT g.path FROM groups g WHERE 1 = 1");
    words.push_matches(&mut sql, "g.folded");
    visibility.push_sees_group(&mut sql, "g.path");
    sql.push(" ORDER BY ");
    words.push_rank(&mut sql, "g.folded");
    sql.push(", g.folded, g.id LIMIT ").int(limit);
    let paths: Vec<String> = sql.scalar().fetch_all(tx.conn()).await?;
    paths.iter().map(|path| groups::lineage_of(path)).collect()
}

/// The people within the reader's reach whose names and logins together have all the words; at most so many.
///
/// # Errors
/// [`StoreError`].
pub async fn people(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &Words,
    limit: i64,
) -> Result<Vec<Person>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT u.id, u.name, u.login FROM users u WHERE 1 = 1");
    words.push_matches(&mut sql, "u.folded");
    visibility.push_sees_user(&mut sql);
    sql.push(" ORDER BY ");
    words.push_rank(&mut sql, "u.folded");
    sql.push(", u.folded, u.id LIMIT ").int(limit);
    let rows: Vec<PersonRow> = sql.rows().fetch_all(tx.conn()).await?;
    let found: Vec<UserId> = rows.iter().map(|row| row.id).collect();
    let mut groups = groups_of_people(tx, found).await?;
    let person = |row: PersonRow| Person {
        groups: groups.remove(&row.id).unwrap_or_default(),
        id: row.id,
        name: row.name,
        login: row.login,
    };
    Ok(rows.into_iter().map(person).collect())
}

/// The containers within the reader's reach whose names have all the words; at most so many.
///
/// # Errors
/// [`StoreError`].
pub async fn containers(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &Words,
    limit: i64,
) -> Result<Vec<ContainerId>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT c.id FROM containers c JOIN users u ON u.id = c.user_id
         LEFT JOIN groups cg ON cg.id = c.context_group_id WHERE c.removed_at IS NULL",
    );
    words.push_matches(&mut sql, "c.folded");
    visibility.push_reaches_container(&mut sql);
    sql.push(" ORDER BY ");
    words.push_rank(&mut sql, "c.folded");
    sql.push(", c.folded, c.id LIMIT ").int(limit);
    let ids: Vec<i64> = sql.scalar().fetch_all(tx.conn()).await?;
    Ok(ids.into_iter().map(ContainerId).collect())
}
