//! The tree as one reader sees it, branch by branch; and searching it for groups and people.

use domain::{
    accounts::Login,
    groups::{Lineage, tree::Node},
    ids::{GroupId, UserId},
    tickets::owners::Owner,
};

use crate::{
    store::{
        StoreError, Tx,
        groups::{self, PERMISSIONS},
        row::{self, parsed, rows},
        sql::{Sql, containing, push_in},
        tickets::listing::COUNTED,
        visibility::VisibilityScope,
    },
    views::groups::tree::TreeRow,
};

rows! {
    struct GroupRow {
        name: String,
        path: String,
        subgroups: i64,
        members: i64,
        tickets: i64,
    }

    struct PersonRow {
        id: UserId,
        name: String,
        isv_admin: bool,
        tickets: i64,
    }

    struct MemberRow {
        person: PersonRow,
        permissions: Option<String>,
    }

    struct FoundMemberRow {
        person: PersonRow,
        permissions: Option<String>,
        login: String,
        path: Option<String>,
    }

    struct FoundGroupRow {
        path: String,
        name: String,
    }

    struct FoundPersonRow {
        id: UserId,
        name: String,
        login: String,
        path: Option<String>,
    }
}

impl PersonRow {
    /// A row of the tree without a lineage and permissions.
    fn in_group(self, group: Option<GroupId>) -> TreeRow {
        TreeRow {
            node: Node::Person { user: self.id, group },
            name: self.name,
            lineage: None,
            children: 0,
            tickets: u64::try_from(self.tickets).unwrap_or_default(),
            permissions: None,
            isv_admin: self.isv_admin,
        }
    }
}

/// Tickets visible in the branch below the group `g`.
fn push_branch_count(sql: &mut Sql, visibility: &VisibilityScope) {
    sql.push(
        "(SELECT COUNT(*) FROM (SELECT 1 FROM groups lg JOIN tickets t ON t.level_group_id = lg.id
          WHERE lg.path >= g.path AND lg.path < g.path || '~'",
    );
    visibility.push_sees_ticket(sql);
    sql.push(" LIMIT ").int(COUNTED + 1).push(") AS counted)");
}

/// Tickets that the reader sees in a group and below; [`COUNTED`] + 1 stands for more than that.
///
/// # Errors
/// [`StoreError`].
pub async fn tickets_in_branch(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    group: &Lineage,
) -> Result<u64, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT ");
    push_branch_count(&mut sql, visibility);
    sql.push(" FROM groups g WHERE g.id = ").int(group.group().0);
    let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    Ok(count.unsigned_abs())
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
    push_groups(&mut sql, visibility);
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
    let rows: Vec<GroupRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        // At the top stand the groups above which the reader sees none.
        let stands_here =
            |row: &TreeRow| parent.is_some() || row.lineage.iter().all(|l| l.groups().len() == 1);
        found.extend(group_row(visibility, row)?.filter(stands_here));
    }
    Ok(found)
}

/// The beginning of a statement whose rows are [`GroupRow`]s of the groups `g`.
fn push_groups(sql: &mut Sql, visibility: &VisibilityScope) {
    sql.push("SELECT g.name, g.path, ");
    // What stands right below: groups the reader sees, and people: all for an admin, oneself for a member.
    sql.push("(SELECT COUNT(*) FROM groups c WHERE c.parent_id = g.id) AS subgroups, ");
    sql.push("(SELECT COUNT(*) FROM memberships m WHERE m.group_id = g.id) AS members, ");
    push_branch_count(sql, visibility);
    sql.push(" AS tickets FROM groups g WHERE ");
}

/// A group as the reader sees it; `None` when they do not.
fn group_row(visibility: &VisibilityScope, row: GroupRow) -> Result<Option<TreeRow>, StoreError> {
    let lineage = groups::lineage_of(&row.path)?;
    let Some(visible) = visibility.visible(&lineage) else {
        return Ok(None);
    };
    let group = lineage.group();
    let children = if visibility.actor.administers(&lineage) {
        row.subgroups + row.members
    } else {
        let below = visibility
            .lineages
            .iter()
            .filter(|other| other.parent() == Some(group))
            .count();
        i64::try_from(below + usize::from(visibility.actor.is_member(group))).unwrap_or(i64::MAX)
    };
    Ok(Some(TreeRow {
        node: Node::Group(group),
        name: row.name,
        lineage: Some(visible),
        children: u32::try_from(children).unwrap_or(u32::MAX),
        tickets: u64::try_from(row.tickets).unwrap_or_default(),
        permissions: visibility.actor.memberships.get(&group).copied(),
        isv_admin: false,
    }))
}

/// The rows of groups that the reader sees, in any order.
///
/// # Errors
/// [`StoreError`].
pub async fn group_rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    groups: &[GroupId],
) -> Result<Vec<TreeRow>, StoreError> {
    if groups.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    push_groups(&mut sql, visibility);
    sql.push("g.id IN ").id_list(groups.iter().map(|group| group.0));
    visibility.push_sees_group(&mut sql, "g.path");
    let rows: Vec<GroupRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        found.extend(group_row(visibility, row)?);
    }
    Ok(found)
}

/// The rows of people, each in a group or in none, in any order, with their logins. Whoever calls this has made sure that the
/// reader sees them there.
///
/// # Errors
/// [`StoreError`].
pub async fn person_rows(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    people: &[(UserId, Option<GroupId>)],
) -> Result<Vec<(TreeRow, Login)>, StoreError> {
    if people.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT u.id, u.name, u.isv_admin, u.login, g.path, ")
        .push(PERMISSIONS)
        .push(
            ", (SELECT COUNT(*) FROM tickets t WHERE t.owner_user_id = u.id
              AND (t.context_group_id = m.group_id OR (t.context_group_id IS NULL AND m.group_id IS NULL))) AS tickets
             FROM users u LEFT JOIN memberships m ON m.user_id = u.id LEFT JOIN groups g ON g.id = m.group_id WHERE u.id IN ",
        )
        .id_list(people.iter().map(|(user, _)| user.0));
    // Of the other groups of these people nothing is counted.
    sql.push(" AND (m.group_id IS NULL");
    push_in(
        &mut sql,
        " OR m.group_id",
        people.iter().filter_map(|(_, group)| group.map(|group| group.0)),
    );
    sql.push(")");
    let rows: Vec<FoundMemberRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(people.len());
    for FoundMemberRow {
        person,
        permissions,
        login,
        path,
    } in rows
    {
        let lineage = path.map(|path| groups::lineage_of(&path)).transpose()?;
        let group = lineage.as_ref().map(Lineage::group);
        if !people.contains(&(person.id, group)) {
            continue;
        }
        let row = TreeRow {
            lineage: lineage.and_then(|lineage| visibility.visible(&lineage)),
            permissions: match group {
                Some(_) => Some(groups::permissions(permissions.as_deref())?),
                None => None,
            },
            ..person.in_group(group)
        };
        found.push((row, parsed(&login, "users.login")?));
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
        ", (SELECT COUNT(*) FROM tickets t WHERE t.owner_user_id = u.id AND t.context_group_id = m.group_id) AS tickets
         FROM memberships m JOIN users u ON u.id = m.user_id WHERE m.group_id = ",
    );
    sql.int(group.group().0);
    if !visibility.actor.administers(group) {
        sql.push(" AND u.id = ").int(visibility.actor.user.0);
    }
    sql.push(" ORDER BY u.folded, u.id");
    let rows: Vec<MemberRow> = sql.rows().fetch_all(tx.conn()).await?;
    let visible = visibility.visible(group);
    let person = |MemberRow { person, permissions }: MemberRow| {
        Ok(TreeRow {
            lineage: visible.clone(),
            permissions: Some(groups::permissions(permissions.as_deref())?),
            ..person.in_group(Some(group.group()))
        })
    };
    rows.into_iter().map(person).collect()
}

/// The people who are in no group, each with the tickets that came to them through none. For ISV admins.
///
/// # Errors
/// [`StoreError`].
pub async fn people_without_group(tx: &mut Tx) -> Result<Vec<TreeRow>, StoreError> {
    let rows: Vec<PersonRow> = sqlx::query_as(
        "SELECT u.id, u.name, u.isv_admin,
         (SELECT COUNT(*) FROM tickets t WHERE t.owner_user_id = u.id AND t.context_group_id IS NULL) AS tickets
         FROM users u WHERE NOT EXISTS (SELECT 1 FROM memberships m WHERE m.user_id = u.id) ORDER BY u.folded, u.id",
    )
    .fetch_all(tx.conn())
    .await?;
    Ok(rows.into_iter().map(|person| person.in_group(None)).collect())
}

/// A group found by a search.
#[derive(Debug, Clone)]
pub struct FoundGroup {
    /// Where it stands.
    pub lineage: Lineage,
    pub name: String,
}

impl TryFrom<FoundGroupRow> for FoundGroup {
    type Error = StoreError;

    fn try_from(row: FoundGroupRow) -> Result<Self, StoreError> {
        Ok(Self {
            lineage: groups::lineage_of(&row.path)?,
            name: row.name,
        })
    }
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
    row::all::<FoundGroupRow, _>(sql.rows().fetch_all(tx.conn()).await?)
}

/// A person found by a search, as a member of a group or as themselves.
#[derive(Debug, Clone)]
pub struct FoundPerson {
    /// The owner that a ticket given to them gets.
    pub owner: Owner,
    pub name: String,
    /// The name they log in with.
    pub login: String,
    /// The group, and where it stands.
    pub context: Option<Lineage>,
}

impl TryFrom<FoundPersonRow> for FoundPerson {
    type Error = StoreError;

    fn try_from(row: FoundPersonRow) -> Result<Self, StoreError> {
        let context = row.path.map(|path| groups::lineage_of(&path)).transpose()?;
        let owner = Owner::User {
            user: row.id,
            context: context.as_ref().map(Lineage::group),
        };
        Ok(Self {
            owner,
            name: row.name,
            login: row.login,
            context,
        })
    }
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
    row::all::<FoundPersonRow, _>(sql.rows().fetch_all(tx.conn()).await?)
}
