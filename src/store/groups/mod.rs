//! Groups, where they stand in the tree, and memberships; what a reader sees of them stands in [`tree`].

pub mod finding;
pub mod tree;

use std::collections::HashMap;

use domain::{
    access::{Authorized, GroupCreation, GroupDeletion, GroupMove, GroupRenaming, MembershipChange},
    accounts::{Login, Permissions},
    groups::Lineage,
    ids::{GroupId, TicketId, UserId},
    names::fold,
    tickets::owners::Owner,
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx, groups,
    row::{number, parsed, rows},
    sql::{BATCH, Sql, millis},
};

/// Characters of one id in a path.
pub(super) const SEGMENT: usize = 13;
/// Sorts after every character of a path: `path || '~'` ends the range of a branch.
pub(super) const AFTER: char = '~';

rows! {
    struct PersonGroupRow {
        user_id: UserId,
        path: String,
    }

    struct NameRow {
        id: GroupId,
        name: String,
    }

    struct ContentsRow {
        subgroups: i64,
        members: i64,
        tickets: i64,
        containers: i64,
    }

    struct InheritedRow {
        id: TicketId,
        owner_user_id: Option<UserId>,
        protected: bool,
    }

    struct MemberRow {
        id: UserId,
        name: String,
        login: String,
        permissions: Option<String>,
        isv_admin: bool,
    }
}

fn segment(id: i64) -> String {
    const DIGITS: &[u8; 32] = b"0123456789ABCDEFGHIJKLMNOPQRSTUV";
    (0..SEGMENT)
        .rev()
        .map(|at| char::from(DIGITS[usize::try_from(id >> (5 * at) & 31).unwrap_or_default()]))
        .collect()
}

/// The stored form of a lineage.
pub(super) fn path_of(lineage: &Lineage) -> String {
    lineage.groups().iter().map(|group| segment(group.0)).collect()
}

/// Whether that is the path of the group below the one with the path `above`; empty for none.
pub(super) fn is_path(path: &str, above: &str, group: i64) -> bool {
    path.strip_prefix(above).is_some_and(|own| own == segment(group))
}

/// A lineage from its stored form.
pub(super) fn lineage_of(path: &str) -> Result<Lineage, StoreError> {
    let bad = || StoreError::Inconsistent("groups.path");
    let groups = path.as_bytes().chunks(SEGMENT).map(|chunk| {
        let text = std::str::from_utf8(chunk)
            .ok()
            .filter(|text| text.len() == SEGMENT)?;
        i64::from_str_radix(text, 32).ok().map(GroupId)
    });
    Lineage::new(groups.collect::<Option<Vec<_>>>().ok_or_else(bad)?).map_err(|_| bad())
}

/// The column `permissions`: the names of what the membership `m` permits, as [`permissions`] reads them.
pub(super) const PERMISSIONS: &str = "(SELECT string_agg(mp.permission, ' ') FROM membership_permissions mp
     WHERE mp.user_id = m.user_id AND mp.group_id = m.group_id) AS permissions";

/// What a membership permits, from [`PERMISSIONS`].
pub(super) fn permissions(names: Option<&str>) -> Result<Permissions, StoreError> {
    let names = names.unwrap_or_default().split_whitespace();
    names
        .map(|name| name.parse())
        .collect::<Result<_, _>>()
        .map_err(|_| StoreError::Inconsistent("membership_permissions.permission"))
}

/// `(column within one of these branches)`: the paths are those of their topmost groups.
pub(super) fn push_branches(sql: &mut Sql, column: &str, paths: &[String]) {
    sql.push("(");
    for (at, path) in paths.iter().enumerate() {
        sql.push(if at == 0 { "(" } else { " OR (" })
            .push(column)
            .push(" >= ")
            .text(path.as_str());
        sql.push(" AND ")
            .push(column)
            .push(" < ")
            .text(format!("{path}{AFTER}"))
            .push(")");
    }
    sql.push(if paths.is_empty() { "1 = 0)" } else { ")" });
}

/// Where the group stands; `None` when there is no such group.
///
/// # Errors
/// [`StoreError`].
pub async fn lineage(tx: &mut Tx, group: GroupId) -> Result<Option<Lineage>, StoreError> {
    let path: Option<String> = sqlx::query_scalar("SELECT path FROM groups WHERE id = $1")
        .bind(group.0)
        .fetch_optional(tx.conn())
        .await?;
    path.map(|path| lineage_of(&path)).transpose()
}

/// The groups of a person, with where each stands.
///
/// # Errors
/// [`StoreError`].
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Vec<Lineage>, StoreError> {
    let paths: Vec<String> = sqlx::query_scalar(
        "SELECT g.path FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id = $1 ORDER BY g.path",
    )
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    paths.iter().map(|path| lineage_of(path)).collect()
}

/// The groups of a person, with where each stands; `None` when there is no such person: one statement in both cases.
///
/// # Errors
/// [`StoreError`].
pub async fn of_known_user(tx: &mut Tx, user: UserId) -> Result<Option<Vec<Lineage>>, StoreError> {
    let paths: Vec<Option<String>> = sqlx::query_scalar(
        "SELECT g.path FROM users u LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN groups g ON g.id = m.group_id
         WHERE u.id = $1 ORDER BY g.path",
    )
    .bind(user.0)
    .fetch_all(tx.conn())
    .await?;
    if paths.is_empty() {
        return Ok(None);
    }
    let lineages = paths.iter().flatten().map(|path| lineage_of(path));
    lineages.collect::<Result<_, _>>().map(Some)
}

/// Where the groups stand. Groups that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn lineages(tx: &mut Tx, groups: &[GroupId]) -> Result<Vec<Lineage>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT path FROM groups WHERE id IN ")
        .id_list(groups.iter().map(|group| group.0));
    let paths: Vec<String> = sql.scalar().fetch_all(tx.conn()).await?;
    paths.iter().map(|path| lineage_of(path)).collect()
}

/// Names of groups, by id. Groups that do not exist are left out.
///
/// # Errors
/// [`StoreError`].
pub async fn names(tx: &mut Tx, groups: &[GroupId]) -> Result<Vec<(GroupId, String)>, StoreError> {
    let mut found = Vec::new();
    for chunk in groups.chunks(1024) {
        let mut sql = Sql::default();
        sql.push("SELECT id, name FROM groups WHERE id IN ")
            .id_list(chunk.iter().map(|group| group.0));
        let rows: Vec<NameRow> = sql.rows().fetch_all(tx.conn()).await?;
        found.extend(rows.into_iter().map(|row| (row.id, row.name)));
    }
    Ok(found)
}

/// The name of a group.
///
/// # Errors
/// [`StoreError`], also when there is no such group.
pub async fn name(tx: &mut Tx, group: GroupId) -> Result<String, StoreError> {
    Ok(sqlx::query_scalar("SELECT name FROM groups WHERE id = $1")
        .bind(group.0)
        .fetch_one(tx.conn())
        .await?)
}

/// Levels below the group, itself included: 1 for a group without subgroups.
///
/// # Errors
/// [`StoreError`].
pub async fn height(tx: &mut Tx, group: &Lineage) -> Result<usize, StoreError> {
    let path = path_of(group);
    let longest: i64 =
        sqlx::query_scalar("SELECT MAX(LENGTH(path)) FROM groups WHERE path >= $1 AND path < $2")
            .bind(path.as_str())
            .bind(format!("{path}{AFTER}"))
            .fetch_one(tx.conn())
            .await?;
    let longest: usize = number(longest, "groups.path")?;
    Ok(1 + (longest - path.len()) / SEGMENT)
}

/// Writes a new group.
///
/// # Errors
/// [`StoreError`].
pub async fn create(
    tx: &mut Tx,
    id: GroupId,
    creation: &Authorized<GroupCreation>,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    let lineage = creation
        .parent
        .as_ref()
        .map_or_else(|| Lineage::top(id), |parent| parent.child(id));
    insert(tx, &lineage, name, now).await
}

pub(super) async fn insert(
    tx: &mut Tx,
    lineage: &Lineage,
    name: &str,
    now: Timestamp,
) -> Result<(), StoreError> {
    groups::insert_groups(
        tx,
        &[(lineage.clone(), lineage.group().to_string(), name.to_owned())],
        now,
    )
    .await
}

/// Writes the new name.
///
/// # Errors
/// [`StoreError`].
pub async fn rename(tx: &mut Tx, renaming: &Authorized<GroupRenaming>, name: &str) -> Result<(), StoreError> {
    sqlx::query("UPDATE groups SET name = $1, folded = $2 WHERE id = $3")
        .bind(name)
        .bind(fold(name))
        .bind(renaming.group.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Hangs the group, with all below it, at its new place.
///
/// # Errors
/// [`StoreError`].
pub async fn relocate(tx: &mut Tx, moving: &Authorized<GroupMove>) -> Result<(), StoreError> {
    move_branch(tx, &moving.from, &moving.to).await
}

async fn move_branch(tx: &mut Tx, from: &Lineage, to: &Lineage) -> Result<(), StoreError> {
    let (old, new) = (path_of(from), path_of(to));
    sqlx::query("UPDATE groups SET parent_id = $1 WHERE id = $2")
        .bind(to.parent().map(|parent| parent.0))
        .bind(from.group().0)
        .execute(tx.conn())
        .await?;
    let after = i64::try_from(old.len() + 1).map_err(|_| StoreError::Inconsistent("groups.path"))?;
    sqlx::query(
        "UPDATE groups SET path = $1 || SUBSTR(path, CAST($2 AS INTEGER)) WHERE path >= $3 AND path < $4",
    )
    .bind(new)
    .bind(after)
    .bind(old.as_str())
    .bind(format!("{old}{AFTER}"))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// What a group holds.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Contents {
    /// Groups right below it.
    pub subgroups: u32,
    pub members: u32,
    /// Tickets of its level: its own, and its people's that came through it.
    pub tickets: u64,
    /// Containers with the group for context.
    pub containers: u64,
}

/// Counts what the group holds.
///
/// # Errors
/// [`StoreError`].
pub async fn contents(tx: &mut Tx, group: GroupId) -> Result<Contents, StoreError> {
    let row: ContentsRow = sqlx::query_as(
        "SELECT (SELECT COUNT(*) FROM groups WHERE parent_id = $1) AS subgroups,
                (SELECT COUNT(*) FROM memberships WHERE group_id = $1) AS members,
                (SELECT COUNT(*) FROM tickets WHERE level_group_id = $1) AS tickets,
                (SELECT COUNT(*) FROM containers WHERE context_group_id = $1) AS containers",
    )
    .bind(group.0)
    .fetch_one(tx.conn())
    .await?;
    Ok(Contents {
        subgroups: u32::try_from(row.subgroups).unwrap_or(u32::MAX),
        members: u32::try_from(row.members).unwrap_or(u32::MAX),
        tickets: u64::try_from(row.tickets).unwrap_or(u64::MAX),
        containers: u64::try_from(row.containers).unwrap_or(u64::MAX),
    })
}

/// A ticket that the heir of a dissolved group got, as its own or as the context of a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Inherited {
    /// Which ticket.
    pub ticket: TicketId,
    /// Its owner before.
    pub from: Owner,
    /// Its owner afterwards.
    pub to: Owner,
    /// Whether it is in protected mode.
    pub protected: bool,
}

async fn inherited(tx: &mut Tx, group: GroupId, heir: GroupId) -> Result<Vec<Inherited>, StoreError> {
    let rows: Vec<InheritedRow> = sqlx::query_as(
        "SELECT id, owner_user_id, protected FROM tickets WHERE level_group_id = $1 ORDER BY id",
    )
    .bind(group.0)
    .fetch_all(tx.conn())
    .await?;
    let owner = |user: Option<UserId>, level: GroupId| match user {
        Some(user) => Owner::User {
            user,
            context: Some(level),
        },
        None => Owner::Group(level),
    };
    let ticket = |row: InheritedRow| Inherited {
        ticket: row.id,
        from: owner(row.owner_user_id, group),
        to: owner(row.owner_user_id, heir),
        protected: row.protected,
    };
    Ok(rows.into_iter().map(ticket).collect())
}

/// Dissolves the group: what it holds goes to the heir, its people too where they follow. Yields the tickets that the
/// heir got.
///
/// # Errors
/// [`StoreError`]; a foreign key refuses when something is left and there is no heir.
pub async fn dissolve(
    tx: &mut Tx,
    deletion: &Authorized<GroupDeletion>,
    people_follow: bool,
    now: Timestamp,
) -> Result<Vec<Inherited>, StoreError> {
    let group = deletion.group.group().0;
    let mut tickets = Vec::new();
    if let Some(heir) = &deletion.heir {
        tickets = inherited(tx, deletion.group.group(), heir.group()).await?;
        let children: Vec<String> = sqlx::query_scalar("SELECT path FROM groups WHERE parent_id = $1")
            .bind(group)
            .fetch_all(tx.conn())
            .await?;
        for path in children {
            let child = lineage_of(&path)?;
            move_branch(tx, &child, &heir.child(child.group())).await?;
        }
        let heir = heir.group().0;
        sqlx::query(
            "UPDATE tickets SET owner_group_id = $1, level_group_id = $1, owner_since = $2 WHERE owner_group_id = $3",
        )
        .bind(heir)
        .bind(millis(now))
        .bind(group)
        .execute(tx.conn())
        .await?;
        sqlx::query(
            "UPDATE tickets SET context_group_id = $1, level_group_id = $1 WHERE context_group_id = $2",
        )
        .bind(heir)
        .bind(group)
        .execute(tx.conn())
        .await?;
        sqlx::query("UPDATE containers SET context_group_id = $1 WHERE context_group_id = $2")
            .bind(heir)
            .bind(group)
            .execute(tx.conn())
            .await?;
        if people_follow {
            sqlx::query(
                "INSERT INTO memberships (user_id, group_id)
                 SELECT m.user_id, $1 FROM memberships m WHERE m.group_id = $2
                 AND NOT EXISTS (SELECT 1 FROM memberships h WHERE h.group_id = $1 AND h.user_id = m.user_id)",
            )
            .bind(heir)
            .bind(group)
            .execute(tx.conn())
            .await?;
        }
    }
    crate::store::resellers::dissolution::dissolve(tx, &deletion.group).await?;
    sqlx::query("DELETE FROM memberships WHERE group_id = $1")
        .bind(group)
        .execute(tx.conn())
        .await?;
    sqlx::query("DELETE FROM groups WHERE id = $1")
        .bind(group)
        .execute(tx.conn())
        .await?;
    Ok(tickets)
}

/// What the person may do in the group; `None` for who is not a member.
///
/// # Errors
/// [`StoreError`].
pub async fn membership(
    tx: &mut Tx,
    group: GroupId,
    user: UserId,
) -> Result<Option<Permissions>, StoreError> {
    let sql = format!("SELECT {PERMISSIONS} FROM memberships m WHERE m.user_id = $1 AND m.group_id = $2");
    let names: Option<Option<String>> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql))
        .bind(user.0)
        .bind(group.0)
        .fetch_optional(tx.conn())
        .await?;
    names.map(|names| permissions(names.as_deref())).transpose()
}

/// Writes what the policy permitted.
///
/// # Errors
/// [`StoreError`].
pub async fn set_membership(tx: &mut Tx, change: &Authorized<MembershipChange>) -> Result<(), StoreError> {
    match change.permissions {
        Some(permissions) => insert_membership(tx, change.group, change.user, permissions).await,
        None => {
            sqlx::query("DELETE FROM memberships WHERE user_id = $1 AND group_id = $2")
                .bind(change.user.0)
                .bind(change.group.0)
                .execute(tx.conn())
                .await?;
            Ok(())
        }
    }
}

/// Writes a membership of an organisation file or of the demo data.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_membership(
    tx: &mut Tx,
    group: GroupId,
    user: UserId,
    permissions: Permissions,
) -> Result<(), StoreError> {
    let statements = [
        "INSERT INTO memberships (user_id, group_id) VALUES ($1, $2) ON CONFLICT (user_id, group_id) DO NOTHING",
        "DELETE FROM membership_permissions WHERE user_id = $1 AND group_id = $2",
    ];
    for statement in statements {
        sqlx::query(statement)
            .bind(user.0)
            .bind(group.0)
            .execute(tx.conn())
            .await?;
    }
    for permission in permissions.iter() {
        sqlx::query("INSERT INTO membership_permissions (user_id, group_id, permission) VALUES ($1, $2, $3)")
            .bind(user.0)
            .bind(group.0)
            .bind(permission.to_string())
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// The members of a group, by name.
///
/// # Errors
/// [`StoreError`].
pub async fn members(
    tx: &mut Tx,
    group: GroupId,
) -> Result<Vec<(UserId, String, Login, Permissions, bool)>, StoreError> {
    let sql = format!(
        "SELECT u.id, u.name, u.login, {PERMISSIONS}, u.isv_admin
         FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = $1 ORDER BY u.folded, u.id"
    );
    let rows: Vec<MemberRow> = sqlx::query_as(sqlx::AssertSqlSafe(sql))
        .bind(group.0)
        .fetch_all(tx.conn())
        .await?;
    let member = |row: MemberRow| {
        let login = parsed(&row.login, "users.login")?;
        let permissions = permissions(row.permissions.as_deref())?;
        Ok((row.id, row.name, login, permissions, row.isv_admin))
    };
    rows.into_iter().map(member).collect()
}

/// Writes groups whose parents are there already, each with its key and name.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_groups(
    tx: &mut Tx,
    groups: &[(Lineage, String, String)],
    now: Timestamp,
) -> Result<(), StoreError> {
    for groups in groups.chunks(BATCH) {
        let rows = groups.iter().map(|(lineage, key, name)| {
            vec![
                lineage.group().0.into(),
                lineage.parent().map(|parent| parent.0).into(),
                name.as_str().into(),
                fold(name).into(),
                groups::path_of(lineage).into(),
                key.as_str().into(),
                now.into(),
            ]
        });
        let table = "groups (id, parent_id, name, folded, path, key, created_at)";
        Sql::insert(table, rows).query().execute(tx.conn()).await?;
    }
    Ok(())
}

pub(super) async fn groups_of_people(
    tx: &mut Tx,
    people: impl IntoIterator<Item = UserId>,
) -> Result<HashMap<UserId, Vec<Lineage>>, StoreError> {
    let mut found: HashMap<UserId, Vec<Lineage>> = HashMap::new();
    let mut people = people.into_iter().peekable();
    if people.peek().is_none() {
        return Ok(found);
    }
    let mut sql = Sql::default();
    sql.push(
        "SELECT m.user_id, g.path FROM memberships m JOIN groups g ON g.id = m.group_id WHERE m.user_id IN ",
    )
    .id_list(people.map(|user| user.0))
    .push(" ORDER BY m.user_id, g.path");
    for PersonGroupRow { user_id, path } in sql.rows().fetch_all(tx.conn()).await? {
        found.entry(user_id).or_default().push(lineage_of(&path)?);
    }
    Ok(found)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_round_trip_and_sort_like_branches() {
        let top = Lineage::top(GroupId(i64::MAX >> 1));
        let below = top.child(GroupId(1));
        assert_eq!(lineage_of(&path_of(&below)).unwrap(), below);
        let path = path_of(&top);
        assert!(path < path_of(&below) && path_of(&below) < format!("{path}{AFTER}"));
        assert!(lineage_of("").is_err() && lineage_of("0").is_err() && lineage_of("!!!!!!!!!!!!!").is_err());
    }
}
