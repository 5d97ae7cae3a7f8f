//! Accounts, for those who look after them: the list, the state within the pool of seats, the data, the password. Beside them:
//! people as the portal itself knows them, their logins, second factors, personal access tokens, and links for new passwords and new accounts.

pub mod identity_providers;
pub mod invitations;
pub mod linked_identities;
pub mod login_facts;
pub mod password_links;
pub mod people;
pub mod personal_tokens;
pub mod second_factors;
pub mod sessions;

use domain::{
    access::{AccountChange, AccountCreation, Authorized, EmailChange, Subject},
    accounts::seats::Seats,
    groups::Lineage,
    ids::UserId,
    names::fold,
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        accounts::people::{User, UserRow},
        row::{self, rows},
        sql::{Sql, containing, millis},
        visibility::VisibilityScope,
    },
    views::accounts::{PasswordState, StateFilter, USERS_PAGE, UserQuery, UserSort},
};

/// An account as it is stored.
#[derive(Debug, Clone)]
pub struct Account {
    pub user: User,
    /// Where mail reaches them.
    pub email: Option<String>,
    pub active: bool,
    /// What is known of the password.
    pub password: PasswordState,
}

const COLUMNS: &str = "u.id, u.login, u.name, u.isv_admin, u.email, u.active,
     CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END AS has_password, u.password_until,
     COALESCE((SELECT i.created_at FROM invitations i WHERE i.user_id = u.id),
         (SELECT c.created_at FROM customers c WHERE c.user_id = u.id)) AS asked_at,
     COALESCE((SELECT i.invited_at FROM invitations i WHERE i.user_id = u.id),
         (SELECT c.invited_at FROM customers c WHERE c.user_id = u.id)) AS invited_at";

rows! {
    /// A row of [`COLUMNS`].
    struct AccountRow {
        user: UserRow,
        email: Option<String>,
        active: bool,
        has_password: bool,
        password_until: Option<Timestamp>,
        asked_at: Option<Timestamp>,
        invited_at: Option<Timestamp>,
    }

    struct ActiveRow {
        accounts: i64,
        isv_admins: i64,
    }
}

impl TryFrom<AccountRow> for Account {
    type Error = StoreError;

    fn try_from(row: AccountRow) -> Result<Self, StoreError> {
        let password = match (row.has_password, row.password_until) {
            (false, _) => match (row.asked_at, row.invited_at) {
                (None, _) => PasswordState::None,
                (Some(asked), Some(sent)) if asked <= sent => PasswordState::Invited(sent),
                // What was sent is an earlier one.
                (Some(asked), _) => PasswordState::Inviting(asked),
            },
            (true, Some(until)) => PasswordState::Generated(until),
            (true, None) => PasswordState::Chosen,
        };
        Ok(Self {
            user: row.user.try_into()?,
            email: row.email,
            active: row.active,
            password,
        })
    }
}

/// A page of the accounts within the reader's reach, and how many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    query: &UserQuery,
) -> Result<(Vec<Account>, u64), StoreError> {
    let from = |sql: &mut Sql| {
        sql.push(" FROM users u WHERE ").push(match query.state {
            StateFilter::All => "1 = 1",
            StateFilter::Active => "u.active = 1",
            StateFilter::Inactive => "u.active = 0",
        });
        if !query.search.trim().is_empty() {
            sql.push(" AND u.folded LIKE ")
                .text(containing(&query.search))
                .push(" ESCAPE '\\'");
        }
        visibility.push_sees_user(sql);
    };
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*)");
    from(&mut sql);
    let total: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    let mut sql = Sql::default();
    sql.push("SELECT ").push(COLUMNS);
    from(&mut sql);
    sql.push(match (query.sort, query.reverse) {
        (UserSort::Name, false) => " ORDER BY u.folded, u.id",
        (UserSort::Name, true) => " ORDER BY u.folded DESC, u.id DESC",
        (UserSort::Login, false) => " ORDER BY u.login",
        (UserSort::Login, true) => " ORDER BY u.login DESC",
        (UserSort::State, false) => " ORDER BY u.active DESC, u.folded, u.id",
        (UserSort::State, true) => " ORDER BY u.active, u.folded, u.id",
    });
    sql.push(" LIMIT ")
        .int(i64::from(USERS_PAGE))
        .push(" OFFSET ")
        .int(i64::from(USERS_PAGE) * i64::from(query.page));
    let rows: Vec<AccountRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok((row::all(rows)?, u64::try_from(total).unwrap_or_default()))
}

/// An account, with the facts that the policy needs.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<(Account, Subject)>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(" FROM users u WHERE u.id = ")
        .int(id.0);
    let row: Option<AccountRow> = sql.rows().fetch_optional(tx.conn()).await?;
    // Asked for whether there is an account or not: one that the reader may not know of takes no longer than none (R12).
    let groups = crate::store::groups::of_user(tx, id).await?;
    let Some(account) = row::optional::<_, Account>(row)? else {
        return Ok(None);
    };
    let subject = Subject {
        user: id,
        isv_admin: account.user.isv_admin,
        groups,
    };
    Ok(Some((account, subject)))
}

/// The groups of these people.
///
/// # Errors
/// [`StoreError`].
pub async fn groups_of(tx: &mut Tx, people: &[UserId]) -> Result<Vec<(UserId, Vec<Lineage>)>, StoreError> {
    let mut found = crate::store::groups::groups_of_people(tx, people.iter().copied()).await?;
    let of = |user: &UserId| (*user, found.remove(user).unwrap_or_default());
    Ok(people.iter().map(of).collect())
}

/// How many accounts are active; and of ISV admins how many.
///
/// # Errors
/// [`StoreError`].
pub async fn active(tx: &mut Tx) -> Result<(u32, u32), StoreError> {
    let row: ActiveRow = sqlx::query_as(
        "SELECT COUNT(*) AS accounts, COALESCE(SUM(CASE WHEN isv_admin = 1 THEN 1 ELSE 0 END), 0) AS isv_admins
         FROM users WHERE active = 1",
    )
    .fetch_one(tx.conn())
    .await?;
    Ok((
        u32::try_from(row.accounts).unwrap_or(u32::MAX),
        u32::try_from(row.isv_admins).unwrap_or(u32::MAX),
    ))
}

/// Writes the account of a new person, switched off.
///
/// # Errors
/// [`StoreError`]; a duplicate when the login is taken.
pub async fn create(
    tx: &mut Tx,
    proof: &Authorized<AccountCreation>,
    user: &User,
    email: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    people::insert(tx, user, email, None, false, now).await?;
    if let Some((group, permissions)) = &proof.membership {
        crate::store::groups::insert_membership(tx, group.group(), user.id, *permissions).await?;
    }
    Ok(())
}

/// Switches the account on, with a seat of the pool.
///
/// # Errors
/// [`StoreError::Inconsistent`] when no seat was taken for it: a defect.
pub async fn switch_on(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    seats: &mut Seats,
) -> Result<(), StoreError> {
    if !seats.give() {
        return Err(StoreError::Inconsistent("users.active"));
    }
    write_state(tx, proof.user, true).await
}

/// Switches the account off. The password is kept; access tokens are worth nothing any more.
///
/// # Errors
/// [`StoreError`].
pub async fn switch_off(tx: &mut Tx, proof: &Authorized<AccountChange>) -> Result<(), StoreError> {
    personal_tokens::forget(tx, proof.user).await?;
    write_state(tx, proof.user, false).await
}

async fn write_state(tx: &mut Tx, user: UserId, active: bool) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET active = $1 WHERE id = $2")
        .bind(i64::from(active))
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Writes the name.
///
/// # Errors
/// [`StoreError`].
pub async fn rewrite(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    user: &User,
    name: &str,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET name = $1, folded = $2 WHERE id = $3")
        .bind(name)
        .bind(fold(&format!("{name} {}", user.login)))
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Writes the mail address.
///
/// # Errors
/// [`StoreError`].
pub async fn set_email(
    tx: &mut Tx,
    proof: &Authorized<EmailChange>,
    email: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET email = $1 WHERE id = $2")
        .bind(email)
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    // A link that was sent to the address before.
    password_links::forget(tx, proof.user).await
}

/// Writes the hash of a generated password, which can be used until then. Access tokens are worth nothing any more.
///
/// # Errors
/// [`StoreError`].
pub async fn set_generated_password(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    hash: &str,
    until: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET password_hash = $1, password_until = $2 WHERE id = $3")
        .bind(hash)
        .bind(millis(until))
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    second_factors::end_waiting(tx, proof.user).await?;
    personal_tokens::forget(tx, proof.user).await?;
    password_links::forget(tx, proof.user).await
}
