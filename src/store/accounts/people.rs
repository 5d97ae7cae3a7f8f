//! People.

use std::collections::BTreeMap;

use domain::{
    access::Actor,
    accounts::{Login, sessions::EndReason},
    groups::Lineage,
    ids::{GroupId, UserId},
    names::fold,
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx,
    accounts::{password_links, personal_tokens, second_factors, sessions},
    groups::{PERMISSIONS, groups_of_people, permissions},
    row::{self, parsed, rows},
    sql::{BATCH, Sql},
};

/// People that are read at once.
const READ: usize = 256;

/// A person, as the portal itself knows them.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct User {
    pub id: UserId,
    /// The name they log in with.
    pub login: Login,
    /// Name shown to people.
    pub name: String,
    /// Stands above every group.
    pub isv_admin: bool,
}

rows! {
    /// The columns id, login, name and `isv_admin` of a person.
    pub(crate) struct UserRow {
        id: UserId,
        login: String,
        name: String,
        isv_admin: bool,
    }

    struct UserWithEmailRow {
        user: UserRow,
        email: Option<String>,
    }

    /// One row with neither a group nor permissions for who is in no group.
    struct MembershipRow {
        isv_admin: bool,
        group_id: Option<GroupId>,
        permissions: Option<String>,
    }

    struct ReaderRow {
        id: UserId,
        membership: MembershipRow,
    }

    struct NameRow {
        id: UserId,
        name: String,
    }

    struct StateRow {
        active: bool,
        password_until: Option<Timestamp>,
    }

    struct PasswordRow {
        id: UserId,
        password_hash: Option<String>,
    }
}

impl TryFrom<UserRow> for User {
    type Error = StoreError;

    fn try_from(row: UserRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            login: parsed(&row.login, "users.login")?,
            name: row.name,
            isv_admin: row.isv_admin,
        })
    }
}

/// What the policy needs to know of whoever asks; `None` when there is no such person.
///
/// # Errors
/// [`StoreError`].
pub async fn actor(tx: &mut Tx, id: UserId) -> Result<Option<Actor>, StoreError> {
    let sql = format!(
        "SELECT u.isv_admin, m.group_id, {PERMISSIONS} FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.id = $1"
    );
    let rows: Vec<MembershipRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(id.0)
        .fetch_all(tx.conn())
        .await?;
    let Some(MembershipRow { isv_admin, .. }) = rows.first() else {
        return Ok(None);
    };
    let isv_admin = *isv_admin;
    let mut memberships = BTreeMap::new();
    for row in rows {
        if let Some(group) = row.group_id {
            memberships.insert(group, permissions(row.permissions.as_deref())?);
        }
    }
    Ok(Some(Actor {
        user: id,
        isv_admin,
        memberships,
        impersonated: tx.impersonated,
    }))
}

/// The same for many; those who do not exist are left out. `impersonated` is said by who knows.
///
/// # Errors
/// [`StoreError`].
pub async fn actors(tx: &mut Tx, people: &[UserId]) -> Result<BTreeMap<UserId, Actor>, StoreError> {
    let mut actors = BTreeMap::new();
    for people in people.chunks(READ) {
        let mut sql = Sql::default();
        sql.push("SELECT u.id, u.isv_admin, m.group_id, ")
            .push(PERMISSIONS)
            .push(" FROM users u LEFT JOIN memberships m ON m.user_id = u.id WHERE u.id IN ")
            .id_list(people.iter().map(|user| user.0));
        let rows: Vec<ReaderRow> = sql.rows().fetch_all(tx.conn()).await?;
        for ReaderRow { id, membership } in rows {
            let actor = actors.entry(id).or_insert_with(|| Actor {
                user: id,
                isv_admin: membership.isv_admin,
                memberships: BTreeMap::new(),
                impersonated: false,
            });
            if let Some(group) = membership.group_id {
                actor
                    .memberships
                    .insert(group, permissions(membership.permissions.as_deref())?);
            }
        }
    }
    Ok(actors)
}

/// The person; `None` when there is none.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: UserId) -> Result<Option<User>, StoreError> {
    let row: Option<UserRow> = sqlx::query_as("SELECT id, login, name, isv_admin FROM users WHERE id = $1")
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    row::optional(row)
}

/// The names of people, and the groups of each. People who do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn names_and_groups(
    tx: &mut Tx,
    people: &[UserId],
) -> Result<BTreeMap<UserId, (String, Vec<Lineage>)>, StoreError> {
    if people.is_empty() {
        return Ok(BTreeMap::new());
    }
    let mut groups_of = groups_of_people(tx, people.iter().copied()).await?;
    let mut sql = Sql::default();
    sql.push("SELECT id, name FROM users WHERE id IN ")
        .id_list(people.iter().map(|user| user.0));
    let rows: Vec<NameRow> = sql.rows().fetch_all(tx.conn()).await?;
    let person = |NameRow { id, name }| (id, (name, groups_of.remove(&id).unwrap_or_default()));
    Ok(rows.into_iter().map(person).collect())
}

/// Whether the account is switched on, and until when its password can be used where that is a generated one.
///
/// # Errors
/// [`StoreError`].
pub async fn state(tx: &mut Tx, id: UserId) -> Result<Option<(bool, Option<Timestamp>)>, StoreError> {
    let row: Option<StateRow> = sqlx::query_as("SELECT active, password_until FROM users WHERE id = $1")
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| (row.active, row.password_until)))
}

/// The hash of somebody's password.
///
/// # Errors
/// [`StoreError`].
pub async fn password(tx: &mut Tx, id: UserId) -> Result<Option<String>, StoreError> {
    let hash: Option<Option<String>> = sqlx::query_scalar("SELECT password_hash FROM users WHERE id = $1")
        .bind(id.0)
        .fetch_optional(tx.conn())
        .await?;
    Ok(hash.flatten())
}

/// The person of that login, with the hash of their password.
///
/// # Errors
/// [`StoreError`].
pub async fn by_login(tx: &mut Tx, login: &Login) -> Result<Option<(UserId, Option<String>)>, StoreError> {
    let row: Option<PasswordRow> = sqlx::query_as("SELECT id, password_hash FROM users WHERE login = $1")
        .bind(login.as_str())
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.map(|row| (row.id, row.password_hash)))
}

/// Everybody, in the order in which they were made, with their e-mail addresses.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn all_with_email(tx: &mut Tx) -> Result<Vec<(User, Option<String>)>, StoreError> {
    let rows: Vec<UserWithEmailRow> =
        sqlx::query_as("SELECT id, login, name, isv_admin, email FROM users ORDER BY id")
            .fetch_all(tx.conn())
            .await?;
    rows.into_iter()
        .map(|row| Ok((row.user.try_into()?, row.email)))
        .collect()
}

/// Writes which language a person uses, for mails to them.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn speaks(tx: &mut Tx, user: UserId, language: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET language = $1 WHERE id = $2 AND COALESCE(language, '') <> $1")
        .bind(language)
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Whether there is an ISV admin.
///
/// # Errors
/// [`StoreError`].
pub async fn any_isv_admin(tx: &mut Tx) -> Result<bool, StoreError> {
    let row: Option<i64> = sqlx::query_scalar("SELECT id FROM users WHERE isv_admin = 1 LIMIT 1")
        .fetch_optional(tx.conn())
        .await?;
    Ok(row.is_some())
}

/// Writes a person whom the operator of the server loads or creates.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert(
    tx: &mut Tx,
    user: &User,
    email: Option<&str>,
    password_hash: Option<&str>,
    active: bool,
    now: Timestamp,
) -> Result<(), StoreError> {
    let account = NewAccount {
        user: user.clone(),
        email: email.map(str::to_owned),
        active,
    };
    insert_users(tx, std::slice::from_ref(&account), password_hash, now).await
}

/// Writes the hash of a password that the person chose. Links that were to set another one are worth nothing, nor are
/// logins that wait for a second factor.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn choose_password(tx: &mut Tx, user: UserId, hash: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE users SET password_hash = $1, password_until = NULL WHERE id = $2")
        .bind(hash)
        .bind(user.0)
        .execute(tx.conn())
        .await?;
    second_factors::end_waiting(tx, user).await?;
    password_links::forget(tx, user).await
}

/// The same, from outside of a login, such as by the operator of the server; a running login of the person ends, and so
/// do their access tokens.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn set_password(
    tx: &mut Tx,
    user: UserId,
    hash: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    choose_password(tx, user, hash).await?;
    personal_tokens::forget(tx, user).await?;
    if let Some(session) = sessions::of_user(tx, user).await? {
        sessions::end(tx, session.id, EndReason::PasswordChanged, now).await?;
    }
    Ok(())
}

/// An account that comes into being.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NewAccount {
    pub user: User,
    /// Where mail reaches them.
    pub email: Option<String>,
    pub active: bool,
}

/// Writes accounts. All of them get that hash of a password, or none.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_users(
    tx: &mut Tx,
    accounts: &[NewAccount],
    password_hash: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    for accounts in accounts.chunks(BATCH) {
        let rows = accounts.iter().map(|NewAccount { user, email, active }| {
            vec![
                user.id.0.into(),
                user.login.as_str().into(),
                user.name.as_str().into(),
                fold(&format!("{} {}", user.name, user.login)).into(),
                email.clone().into(),
                password_hash.map(str::to_owned).into(),
                user.isv_admin.into(),
                now.into(),
                (*active).into(),
            ]
        });
        let table = "users (id, login, name, folded, email, password_hash, isv_admin, created_at, active)";
        Sql::insert(table, rows).query().execute(tx.conn()).await?;
    }
    Ok(())
}
