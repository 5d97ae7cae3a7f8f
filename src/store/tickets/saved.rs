//! Saved views of the list of tickets.

use domain::{
    access::{Authorized, ViewKeeping},
    ids::{GroupId, UserId, ViewId},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        row::rows,
        sql::{Sql, millis, push_in},
    },
    views::tickets::saved::ViewQuery,
};

/// A view as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StoredView {
    pub id: ViewId,
    /// Whose it is, where it is a person's.
    pub user: Option<UserId>,
    /// Whose it is, where it is a group's.
    pub group: Option<GroupId>,
    pub name: String,
    pub query: ViewQuery,
}

rows! {
    struct ViewRow {
        id: ViewId,
        user_id: Option<UserId>,
        group_id: Option<GroupId>,
        name: String,
        query: String,
    }
}

impl TryFrom<ViewRow> for StoredView {
    type Error = StoreError;

    fn try_from(row: ViewRow) -> Result<Self, StoreError> {
        let query = serde_json::from_str(&row.query);
        Ok(Self {
            id: row.id,
            user: row.user_id,
            group: row.group_id,
            name: row.name,
            query: query.map_err(|_| StoreError::Inconsistent("ticket_views.query"))?,
        })
    }
}

const COLUMNS: &str = "SELECT id, user_id, group_id, name, query FROM ticket_views WHERE ";

/// The view with that id.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: ViewId) -> Result<Option<StoredView>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push("id = ").int(id.0);
    let row: Option<ViewRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row.map(StoredView::try_from).transpose()
}

/// The views of a person and of these groups: the person's first, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn of(
    tx: &mut Tx,
    user: Option<UserId>,
    groups: &[GroupId],
) -> Result<Vec<StoredView>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS);
    push_in(&mut sql, "user_id", user.map(|user| user.0));
    push_in(&mut sql, " OR group_id", groups.iter().map(|group| group.0));
    sql.push(" ORDER BY CASE WHEN user_id IS NULL THEN 1 ELSE 0 END, name, id");
    let rows: Vec<ViewRow> = sql.rows().fetch_all(tx.conn()).await?;
    rows.into_iter().map(StoredView::try_from).collect()
}

/// Saves a view; one of the same owner and name is overwritten, and keeps its id, which is yielded.
///
/// # Errors
/// [`StoreError`].
pub async fn save(
    tx: &mut Tx,
    proof: &Authorized<ViewKeeping>,
    id: ViewId,
    (name, query): (&str, &ViewQuery),
    now: Timestamp,
) -> Result<(), StoreError> {
    let query = serde_json::to_string(query).map_err(|_| StoreError::Inconsistent("ticket_views.query"))?;
    sqlx::query(
        "INSERT INTO ticket_views (id, user_id, group_id, name, query, saved_at) VALUES ($1, $2, $3, $4, $5, $6)
         ON CONFLICT (id) DO UPDATE SET query = excluded.query, saved_at = excluded.saved_at",
    )
    .bind(id.0)
    .bind(proof.user.map(|user| user.0))
    .bind(proof.group.map(|group| group.0))
    .bind(name)
    .bind(query)
    .bind(millis(now))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Removes a view.
///
/// # Errors
/// [`StoreError`].
pub async fn remove(tx: &mut Tx, _proof: &Authorized<ViewKeeping>, id: ViewId) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM ticket_views WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}
