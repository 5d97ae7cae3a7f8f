//! The customers of partners (S15). They are their own outbox of invitations.

use std::collections::BTreeSet;

use domain::{
    access::{Authorized, CustomerCreation, CustomerFacts, Place},
    accounts::{Permissions, seats::Seats},
    groups::Lineage,
    ids::{GroupId, UserId},
    tickets::owners::Owner,
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        accounts::people::{self, User},
        groups,
        row::rows,
        sql::{Sql, Words, containing, millis, push_in},
    },
    views::resellers::customers::CustomerRow,
};

/// A customer as it is stored.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Customer {
    /// The facts that the policy needs.
    pub facts: CustomerFacts,
    /// What is shown.
    pub row: CustomerRow,
}

/// A customer who comes into being.
#[derive(Debug, Clone, Copy)]
pub struct New<'a> {
    /// The account.
    pub user: &'a User,
    /// Where mail reaches them.
    pub email: &'a str,
    /// Name of the group that is made for them; without one, it is not read.
    pub group_name: &'a str,
    /// the language of the mail: the creator's is the best guess.
    pub language: &'a str,
}

/// Writes a customer: the account, switched on with a seat of the pool, and the group for it, if it gets one.
///
/// # Errors
/// [`StoreError::Inconsistent`] when no seat was taken for it: a defect. A duplicate when the login is taken.
pub async fn create(
    tx: &mut Tx,
    proof: &Authorized<CustomerCreation>,
    new: New<'_>,
    seats: &mut Seats,
    now: Timestamp,
) -> Result<(), StoreError> {
    let New {
        user,
        email,
        group_name,
        language,
    } = new;
    if !seats.give() || user.id != proof.user {
        return Err(StoreError::Inconsistent("users.active"));
    }
    people::insert(tx, user, Some(email), None, true, now).await?;
    match (&proof.own_group, &proof.partner) {
        (Some(own), _) => {
            groups::insert(tx, own, group_name, now).await?;
            groups::insert_membership(tx, own.group(), user.id, Permissions::ADMIN).await?;
        }
        (None, Some(partner)) => {
            groups::insert_membership(tx, partner.group(), user.id, Permissions::NONE).await?;
        }
        (None, None) => {}
    }
    sqlx::query(
        "INSERT INTO customers (user_id, group_id, own_group_id, created_at, language) VALUES ($1, $2, $3, $4, $5)",
    )
    .bind(user.id.0)
    .bind(proof.partner.as_ref().map(|partner| partner.group().0))
    .bind(proof.own_group.as_ref().map(|own| own.group().0))
    .bind(millis(now))
    .bind(language)
    .execute(tx.conn())
    .await?;
    Ok(())
}

const COLUMNS: &str = "SELECT c.user_id, COALESCE(og.name, u.name) AS name, u.login, c.invited_at, pg.path AS partner, og.path AS own_group
     FROM customers c JOIN users u ON u.id = c.user_id
     LEFT JOIN groups pg ON pg.id = c.group_id LEFT JOIN groups og ON og.id = c.own_group_id WHERE ";

rows! {
    /// A row of [`COLUMNS`].
    struct CustomerOfRow {
        user_id: UserId,
        name: String,
        login: String,
        invited_at: Option<Timestamp>,
        partner: Option<String>,
        own_group: Option<String>,
    }
}

/// A customer, with the groups of the person.
fn customer(row: CustomerOfRow, groups: Vec<Lineage>) -> Result<Customer, StoreError> {
    let user = row.user_id;
    let lineage = |path: Option<String>| path.map(|path| groups::lineage_of(&path)).transpose();
    let (partner, own) = (lineage(row.partner)?, lineage(row.own_group)?);
    let place = match own {
        Some(own) => Place::Group(own),
        None => Place::User {
            user,
            context: partner.clone(),
            groups,
        },
    };
    Ok(Customer {
        facts: CustomerFacts { user, partner, place },
        row: CustomerRow {
            user,
            name: row.name,
            login: row.login,
            invited: row.invited_at.is_some(),
        },
    })
}

async fn customers(tx: &mut Tx, sql: Sql) -> Result<Vec<Customer>, StoreError> {
    let rows: Vec<CustomerOfRow> = sql.rows().fetch_all(tx.conn()).await?;
    // Where a customer is a group, the person's are not asked for.
    let people = rows.iter().filter(|row| row.own_group.is_none());
    let people: Vec<UserId> = people.map(|row| row.user_id).collect();
    let mut groups = groups::groups_of_people(tx, people).await?;
    let found = rows.into_iter().map(|row| {
        let groups = groups.remove(&row.user_id).unwrap_or_default();
        customer(row, groups)
    });
    found.collect()
}

/// The customer whose person that is.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, user: UserId) -> Result<Option<Customer>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push("c.user_id = ").int(user.0);
    let row: Option<CustomerOfRow> = sql.rows().fetch_optional(tx.conn()).await?;
    // Asked for whether there is such a customer or not (R12).
    let groups = groups::of_user(tx, user).await?;
    row.map(|row| customer(row, groups)).transpose()
}

/// The customers that were created in the group, or for an ISV admin all, whose name contains the text; by name, at most so
/// many.
///
/// # Errors
/// [`StoreError`].
pub async fn of_group(
    tx: &mut Tx,
    group: Option<GroupId>,
    search: &str,
    limit: i64,
) -> Result<Vec<Customer>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS);
    match group {
        Some(group) => sql.push("c.group_id = ").int(group.0),
        None => sql.push("1 = 1"),
    };
    if !search.trim().is_empty() {
        for (at, column) in ["u.folded", "og.folded"].into_iter().enumerate() {
            sql.push(if at == 0 { " AND (" } else { " OR " }).push(column);
            sql.push(" LIKE ").text(containing(search)).push(" ESCAPE '\\'");
        }
        sql.push(")");
    }
    sql.push(" ORDER BY COALESCE(og.folded, u.folded), c.user_id LIMIT ")
        .int(limit);
    customers(tx, sql).await
}

/// The customers whose names have all the words, of those whose partners stand in these branches, or of all; at most so many.
/// Who may know of them is for the policy to say.
///
/// # Errors
/// [`StoreError`].
pub async fn find(
    tx: &mut Tx,
    branches: Option<&[Lineage]>,
    words: &Words,
    limit: i64,
) -> Result<Vec<Customer>, StoreError> {
    const NAME: &str = "COALESCE(og.folded, u.folded)";
    let mut sql = Sql::default();
    sql.push(COLUMNS);
    match branches {
        Some(branches) => {
            let paths: Vec<String> = branches.iter().map(groups::path_of).collect();
            groups::push_branches(&mut sql, "pg.path", &paths);
        }
        None => drop(sql.push("1 = 1")),
    }
    words.push_matches(&mut sql, NAME);
    sql.push(" ORDER BY ");
    words.push_rank(&mut sql, NAME);
    sql.push(", ").push(NAME).push(", c.user_id LIMIT ").int(limit);
    customers(tx, sql).await
}

/// The customers whose persons or groups are among these owners of tickets; by name.
///
/// # Errors
/// [`StoreError`].
pub async fn of_owners(tx: &mut Tx, owners: &BTreeSet<Owner>) -> Result<Vec<Customer>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push("(");
    let people = owners.iter().filter_map(|owner| owner.user());
    push_in(&mut sql, "c.user_id", people.map(|user| user.0));
    sql.push(" OR ");
    let levels = owners.iter().filter_map(|owner| owner.level());
    push_in(&mut sql, "c.own_group_id", levels.map(|group| group.0));
    sql.push(") ORDER BY COALESCE(og.folded, u.folded), c.user_id");
    customers(tx, sql).await
}
