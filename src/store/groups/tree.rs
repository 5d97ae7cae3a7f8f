//! The tree as one reader sees it, branch by branch; and searching it for groups and people.

use domain::{
    groups::{Lineage, tree::Node},
    ids::{GroupId, UserId},
    tickets::owners::Owner,
};
use sqlx::Row;

use crate::{
    store::{
        StoreError, Tx,
        groups::{self, PERMISSIONS, permissions},
        tickets::listing::COUNTED,
        visibility::{Sql, VisibilityScope, containing},
    },
    views::groups::tree::TreeRow,
};

/// Tickets visible in the branch below the group `g`.
fn push_branch_count(sql: &mut Sql, visibility: &VisibilityScope) {
    sql.push(
        "(SELECT COUNT(*) FROM (SELECT 1 FROM groups lg JOIN tickets t ON t.level_group_id = lg.id
          WHERE lg.path >= g.path AND lg.path < g.path || '~'",
    );
    visibility.push_sees_ticket(sql);
    sql.push(" LIMIT ").int(COUNTED + 1).push(") AS counted)");
}

/// The groups right below one, or at the top of what the reader sees, that the reader sees.
///
/// # Errors
/// [`StoreError`].
pub async fn child_groups(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    parent: Option<GroupId>,
) -> Result<Vec<TreeRow>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT g.id, g.name, g.path, ");
    // What stands right below: groups the reader sees, and people: all for an admin, oneself for a member.
    sql.push("(SELECT COUNT(*) FROM groups c WHERE c.parent_id = g.id), ");
    sql.push("(SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id), ");
    push_branch_count(&mut sql, visibility);
    sql.push(" FROM groups g WHERE ");
    match parent {
        Some(parent) => {
            sql.push("g.parent_id = ").int(parent.0);
        }
        None if visibility.actor.isv_admin => {
            sql.push("g.parent_id IS NULL");
        }
        None => {
            sql.push("g.id IN (");
            for (at, lineage) in visibility.lineages.iter().enumerate() {
                sql.push(if at == 0 { "" } else { ", " }).int(lineage.group().0);
            }
            sql.push(if visibility.lineages.is_empty() {
                "NULL)"
            } else {
                ")"
            });
        }
    }
    visibility.push_sees_group(&mut sql, "g.path");
    sql.push(" ORDER BY g.folded, g.id");
    let rows = sql.query().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let lineage = groups::lineage_of(&row.try_get::<String, _>(2)?)?;
        let Some(visible) = visibility.visible(&lineage) else {
            continue;
        };
        // At the top stand the groups above which the reader sees none.
        if parent.is_none() && visible.groups().len() > 1 {
            continue;
        }
        let group = lineage.group();
        let children = if visibility.actor.administers(&lineage) {
            row.try_get::<i64, _>(3)? + row.try_get::<i64, _>(4)?
        } else {
            let below = visibility
                .lineages
                .iter()
                .filter(|other| other.parent() == Some(group))
                .count();
            i64::try_from(below + usize::from(visibility.actor.is_member(group))).unwrap_or(i64::MAX)
        };
        found.push(TreeRow {
            node: Node::Group(group),
            name: row.try_get(1)?,
            lineage: Some(visible),
            children: u32::try_from(children).unwrap_or(u32::MAX),
            tickets: u64::try_from(row.try_get::<i64, _>(5)?).unwrap_or_default(),
            permissions: visibility.actor.memberships.get(&group).copied(),
            isv_admin: false,
        });
    }
    Ok(found)
}

/// The people of a group that the reader sees, each with the tickets that came to them through it.
///
/// # Errors
/// [`StoreError`].
pub async fn people(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    group: &Lineage,
) -> Result<Vec<TreeRow>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT u.id, u.name, u.isv_admin, ")
        .push(PERMISSIONS)
        .push(
        ", (SELECT COUNT(*) FROM tickets t WHERE t.owner_user_id = u.id AND t.context_group_id = m.group_id)
         FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = ",
    );
    sql.int(group.group().0);
    if !visibility.actor.administers(group) {
        sql.push(" AND u.id = ").int(visibility.actor.user.0);
    }
    sql.push(" ORDER BY u.folded, u.id");
    let rows = sql.query().fetch_all(tx.conn()).await?;
    let visible = visibility.visible(group);
    let person = |row: &sqlx::any::AnyRow| {
        Ok(TreeRow {
            node: Node::Person {
                user: UserId(row.try_get(0)?),
                group: Some(group.group()),
            },
            name: row.try_get(1)?,
            lineage: visible.clone(),
            children: 0,
            tickets: u64::try_from(row.try_get::<i64, _>(4)?).unwrap_or_default(),
            permissions: Some(permissions(row.try_get::<Option<String>, _>(3)?.as_deref())?),
            isv_admin: row.try_get::<i64, _>(2)? != 0,
        })
    };
    rows.iter().map(person).collect()
}

/// The people who are in no group, each with the tickets that came to them through none. For ISV admins.
///
/// # Errors
/// [`StoreError`].
pub async fn people_without_group(tx: &mut Tx) -> Result<Vec<TreeRow>, StoreError> {
    let rows: Vec<(i64, String, i64, i64)> = sqlx::query_as(
        "SELECT u.id, u.name, u.isv_admin,
         (SELECT COUNT(*) FROM tickets t WHERE t.owner_user_id = u.id AND t.context_group_id IS NULL)
         FROM users u WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id) ORDER BY u.folded, u.id",
    )
    .fetch_all(tx.conn())
    .await?;
    let person = |(id, name, isv_admin, tickets): (i64, String, i64, i64)| TreeRow {
        node: Node::Person {
            user: UserId(id),
            group: None,
        },
        name,
        lineage: None,
        children: 0,
        tickets: u64::try_from(tickets).unwrap_or_default(),
        permissions: None,
        isv_admin: isv_admin != 0,
    };
    Ok(rows.into_iter().map(person).collect())
}

/// A group found by a search.
#[derive(Debug, Clone)]
pub struct FoundGroup {
    /// Where it stands.
    pub lineage: Lineage,
    /// Its name.
    pub name: String,
}

/// Groups the reader sees whose name contains the text, by path; at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn find_groups(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    search: &str,
    limit: i64,
) -> Result<Vec<FoundGroup>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT g.path, g.name FROM groups g WHERE g.folded LIKE ")
        .text(containing(search));
    sql.push(" ESCAPE '\\'");
    visibility.push_sees_group(&mut sql, "g.path");
    sql.push(" ORDER BY g.folded, g.id LIMIT ").int(limit);
    let rows = sql.query().fetch_all(tx.conn()).await?;
    let found = |row: &sqlx::any::AnyRow| {
        Ok(FoundGroup {
            lineage: groups::lineage_of(&row.try_get::<String, _>(0)?)?,
            name: row.try_get(1)?,
        })
    };
    rows.iter().map(found).collect()
}

/// A person found by a search, as a member of a group or as themselves.
#[derive(Debug, Clone)]
pub struct FoundPerson {
    /// The owner that a ticket given to them gets.
    pub owner: Owner,
    /// Their name.
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// The group, and where it stands.
    pub context: Option<Lineage>,
}

/// People within the reader's reach whose name or login contains the text, once for each of their groups that the
/// reader sees; for an ISV admin, people without a group too. By name; at most `limit`.
///
/// # Errors
/// [`StoreError`].
pub async fn find_people(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    search: &str,
    limit: i64,
) -> Result<Vec<FoundPerson>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT u.id, u.name, u.login, g.path FROM users u LEFT JOIN memberships m ON m.user_id = u.id
         LEFT JOIN groups g ON g.id = m.group_id WHERE u.folded LIKE ",
    );
    sql.text(containing(search)).push(" ESCAPE '\\'");
    visibility.push_sees_user(&mut sql);
    if !visibility.actor.isv_admin {
        sql.push(" AND (u.id = ")
            .int(visibility.actor.user.0)
            .push(" OR ");
        visibility.push_branches(&mut sql, "g.path");
        sql.push(")");
    }
    sql.push(" ORDER BY u.folded, u.id, g.path LIMIT ").int(limit);
    let rows = sql.query().fetch_all(tx.conn()).await?;
    let found = |row: &sqlx::any::AnyRow| {
        let context = row
            .try_get::<Option<String>, _>(3)?
            .map(|path| groups::lineage_of(&path))
            .transpose()?;
        let owner = Owner::User {
            user: UserId(row.try_get(0)?),
            context: context.as_ref().map(Lineage::group),
        };
        Ok(FoundPerson {
            owner,
            name: row.try_get(1)?,
            login: row.try_get(2)?,
            context,
        })
    };
    rows.iter().map(found).collect()
}
