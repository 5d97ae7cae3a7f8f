//! Much at once, for files: what is there by the names that files know it by, many new rows in a statement, and everything
//! page by page in an order that does not depend on ids.

use std::collections::HashMap;

use domain::{
    accounts::Login,
    groups::Lineage,
    ids::{GroupId, LicenseId, ProductId, TicketId, UserId},
    licensing::licenses::{Terms, Validity},
    tickets::{codes::TicketCode, owners::Owner},
};
use jiff::Timestamp;
use sqlx::{FromRow, any::AnyRow};

use crate::{
    store::{
        StoreError, Tx,
        accounts::people::{NewAccount, UserRow},
        groups,
        row::{self, rows},
        sql::{BATCH, Sql, Value},
        tickets::{self, Ticket, columns_of},
    },
    views::licensing::products::Product,
};

/// Names that are looked up at once.
const LOOK_UP: usize = 512;

/// A group, with what names it in files.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyedGroup {
    /// Where it stands.
    pub lineage: Lineage,
    pub key: String,
    pub name: String,
    /// Key of the group above.
    pub parent: Option<String>,
}

rows! {
    /// A row of [`GROUP`].
    struct KeyedGroupRow {
        path: String,
        key: String,
        name: String,
        parent: Option<String>,
    }

    /// A row of [`ACCOUNT`].
    struct KnownAccountRow {
        user: UserRow,
        email: Option<String>,
        active: bool,
    }

    struct MembershipRow {
        user_id: UserId,
        group_id: GroupId,
        login: String,
        key: String,
    }

    struct KeyRow {
        id: GroupId,
        key: String,
    }

    struct LoginRow {
        id: UserId,
        login: String,
    }
}

impl TryFrom<KeyedGroupRow> for KeyedGroup {
    type Error = StoreError;

    fn try_from(row: KeyedGroupRow) -> Result<Self, StoreError> {
        Ok(Self {
            lineage: groups::lineage_of(&row.path)?,
            key: row.key,
            name: row.name,
            parent: row.parent,
        })
    }
}

impl TryFrom<KnownAccountRow> for KnownAccount {
    type Error = StoreError;

    fn try_from(row: KnownAccountRow) -> Result<Self, StoreError> {
        Ok(Self {
            user: row.user.try_into()?,
            email: row.email,
            active: row.active,
        })
    }
}

const GROUP: &str =
    "SELECT g.path, g.key, g.name, p.key AS parent FROM groups g LEFT JOIN groups p ON p.id = g.parent_id";

/// The groups with these keys. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn groups_by_keys(tx: &mut Tx, keys: &[&str]) -> Result<Vec<KeyedGroup>, StoreError> {
    let mut found = Vec::new();
    for keys in keys.chunks(LOOK_UP) {
        let mut sql = Sql::default();
        sql.push(GROUP)
            .push(" WHERE g.key IN ")
            .text_list(keys.iter().copied());
        let rows: Vec<KeyedGroupRow> = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(row::all::<_, KeyedGroup>(rows)?);
    }
    Ok(found)
}

/// The groups behind that one, in the order of files: parents first, then by key.
///
/// # Errors
/// [`StoreError`].
pub async fn groups_after(
    tx: &mut Tx,
    last: Option<&KeyedGroup>,
    limit: i64,
) -> Result<Vec<KeyedGroup>, StoreError> {
    let mut sql = Sql::default();
    sql.push(GROUP);
    if let Some(last) = last {
        let length = groups::path_of(&last.lineage).len();
        let length = i64::try_from(length).map_err(|_| StoreError::Inconsistent("groups.path"))?;
        sql.push(" WHERE LENGTH(g.path) > ").int(length);
        sql.push(" OR (LENGTH(g.path) = ").int(length);
        sql.push(" AND g.key > ").text(last.key.as_str()).push(")");
    }
    sql.push(" ORDER BY LENGTH(g.path), g.key LIMIT ").int(limit);
    let rows: Vec<KeyedGroupRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// Keys of groups, by id. Groups that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn keys_of_groups(tx: &mut Tx, groups: &[GroupId]) -> Result<HashMap<GroupId, String>, StoreError> {
    let groups: Vec<i64> = groups.iter().map(|group| group.0).collect();
    let rows: Vec<KeyRow> = texts_of(tx, "SELECT id, key FROM groups WHERE id IN ", &groups).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.key)).collect())
}

/// Logins of people, by id. People who do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn logins_of_users(tx: &mut Tx, users: &[UserId]) -> Result<HashMap<UserId, String>, StoreError> {
    let users: Vec<i64> = users.iter().map(|user| user.0).collect();
    let rows: Vec<LoginRow> = texts_of(tx, "SELECT id, login FROM users WHERE id IN ", &users).await?;
    Ok(rows.into_iter().map(|row| (row.id, row.login)).collect())
}

async fn texts_of<R>(tx: &mut Tx, select: &str, ids: &[i64]) -> Result<Vec<R>, StoreError>
where
    R: for<'r> FromRow<'r, AnyRow> + Send + Unpin,
{
    let mut found = Vec::new();
    for ids in ids.chunks(LOOK_UP) {
        let mut sql = Sql::default();
        sql.push(select).id_list(ids.iter().copied());
        found.extend(sql.rows().fetch_all(tx.conn()).await?);
    }
    Ok(found)
}

/// An account, as files know it.
pub type KnownAccount = NewAccount;

const ACCOUNT: &str = "SELECT id, login, name, isv_admin, email, active FROM users";

/// The accounts with these logins. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn users_by_logins(tx: &mut Tx, logins: &[&str]) -> Result<Vec<KnownAccount>, StoreError> {
    let mut found = Vec::new();
    for logins in logins.chunks(LOOK_UP) {
        let mut sql = Sql::default();
        sql.push(ACCOUNT)
            .push(" WHERE login IN ")
            .text_list(logins.iter().copied());
        let rows: Vec<KnownAccountRow> = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(row::all::<_, KnownAccount>(rows)?);
    }
    Ok(found)
}

/// The accounts behind that login, by login.
///
/// # Errors
/// [`StoreError`].
pub async fn users_after(
    tx: &mut Tx,
    last: Option<&Login>,
    limit: i64,
) -> Result<Vec<KnownAccount>, StoreError> {
    let mut sql = Sql::default();
    sql.push(ACCOUNT);
    sql.push(" WHERE login > ").text(last.map_or("", Login::as_str));
    sql.push(" ORDER BY login LIMIT ").int(limit);
    let rows: Vec<KnownAccountRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// Login and key of the memberships behind that one, by both.
///
/// # Errors
/// [`StoreError`].
pub async fn memberships_after(
    tx: &mut Tx,
    last: Option<&(String, String)>,
    limit: i64,
) -> Result<Vec<(UserId, GroupId, (String, String))>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT m.user_id, m.group_id, u.login, g.key FROM users u JOIN memberships m ON m.user_id = u.id
         JOIN groups g ON g.id = m.group_id",
    );
    if let Some((login, key)) = last {
        sql.push(" WHERE u.login > ").text(login.as_str());
        sql.push(" OR (u.login = ").text(login.as_str());
        sql.push(" AND g.key > ").text(key.as_str()).push(")");
    }
    sql.push(" ORDER BY u.login, g.key LIMIT ").int(limit);
    let rows: Vec<MembershipRow> = sql.rows().fetch_all(tx.conn()).await?;
    let membership = |row: MembershipRow| (row.user_id, row.group_id, (row.login, row.key));
    Ok(rows.into_iter().map(membership).collect())
}

/// Writes products.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_products(
    tx: &mut Tx,
    products: &[Product],
    now: Timestamp,
) -> Result<(), StoreError> {
    for products in products.chunks(BATCH) {
        let rows = products.iter().map(|Product { id, data }| {
            vec![
                id.0.into(),
                data.article.as_str().into(),
                data.name.en.as_str().into(),
                data.name.de.as_str().into(),
                data.name.folded().into(),
                data.features.join("\n").into(),
                now.into(),
            ]
        });
        let table = "products (id, article, name, name_de, folded, features, created_at)";
        Sql::insert(table, rows).query().execute(tx.conn()).await?;
    }
    Ok(())
}

/// The tickets with these codes. Those that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn tickets_by_codes(tx: &mut Tx, codes: &[&TicketCode]) -> Result<Vec<Ticket>, StoreError> {
    let mut found = Vec::new();
    for codes in codes.chunks(LOOK_UP) {
        let codes: Vec<String> = codes.iter().map(|code| code.compact()).collect();
        let mut sql = tickets::select();
        sql.push(" WHERE t.code IN ")
            .text_list(codes.iter().map(String::as_str));
        let rows = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(tickets::complete(tx, rows).await?);
    }
    Ok(found)
}

/// The tickets behind that code, by code.
///
/// # Errors
/// [`StoreError`].
pub async fn tickets_after(
    tx: &mut Tx,
    last: Option<&TicketCode>,
    limit: i64,
) -> Result<Vec<Ticket>, StoreError> {
    let mut sql = tickets::select();
    sql.push(" WHERE t.code > ")
        .text(last.map(TicketCode::compact).unwrap_or_default());
    sql.push(" ORDER BY t.code LIMIT ").int(limit);
    let rows = sql.rows().fetch_all(tx.conn()).await?;
    tickets::complete(tx, rows).await
}

/// A ticket that comes into being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewTicket {
    pub id: TicketId,
    pub code: TicketCode,
    pub owner: Owner,
    /// Protected mode.
    pub protected: bool,
    /// What it is found by.
    pub products: String,
    /// What is in it.
    pub licenses: Vec<NewLicense>,
}

/// A licence of a ticket that comes into being.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct NewLicense {
    pub id: LicenseId,
    pub product: ProductId,
    pub quantity: u32,
    pub terms: Terms,
}

/// Writes tickets with their licences.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_tickets(
    tx: &mut Tx,
    tickets: &[NewTicket],
    now: Timestamp,
) -> Result<(), StoreError> {
    for tickets in tickets.chunks(BATCH) {
        let rows = tickets.iter().map(|ticket| {
            let (group, user, context, level) = columns_of(ticket.owner);
            vec![
                ticket.id.0.into(),
                ticket.code.compact().into(),
                group.into(),
                user.into(),
                context.into(),
                level.into(),
                ticket.protected.into(),
                ticket.products.as_str().into(),
                now.into(),
                now.into(),
            ]
        });
        let table =
            "tickets (id, code, owner_group_id, owner_user_id, context_group_id, level_group_id, protected,
             products, owner_since, created_at)";
        Sql::insert(table, rows).query().execute(tx.conn()).await?;
        let parts = tickets
            .iter()
            .map(|ticket| vec![ticket.id.0.into(), ticket.code.compact().into()]);
        Sql::insert("ticket_parts (rowid, parts)", parts)
            .query()
            .execute(tx.conn())
            .await?;
    }
    let rows: Vec<Vec<Value>> = tickets
        .iter()
        .flat_map(|ticket| {
            let licenses = (0_i64..).zip(&ticket.licenses);
            licenses.map(|(position, license)| license_row(ticket.id, position, license))
        })
        .collect();
    for rows in rows.chunks(BATCH) {
        let table =
            "licenses (id, ticket_id, position, product_id, quantity, binding, valid_from, valid_until,
             valid_days, returns_left)";
        Sql::insert(table, rows.iter().cloned())
            .query()
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

fn license_row(ticket: TicketId, position: i64, license: &NewLicense) -> Vec<Value> {
    let (from, until, days) = match license.terms.validity {
        Validity::Perpetual => (None, None, None),
        Validity::Between(from, until) => (from, until, None),
        Validity::Days(days) => (None, None, Some(i64::from(days))),
    };
    vec![
        license.id.0.into(),
        ticket.0.into(),
        position.into(),
        license.product.0.into(),
        i64::from(license.quantity).into(),
        license.terms.binding.to_string().into(),
        from.into(),
        until.into(),
        days.into(),
        license.terms.returns_left.map(i64::from).into(),
    ]
}
