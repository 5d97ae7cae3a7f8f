//! People who may see a ticket, and what they have a right to there (N2).

use std::collections::BTreeMap;

use domain::{
    access::Actor,
    accounts::Permissions,
    ids::{GroupId, UserId},
};

use crate::store::{
    StoreError, Tx,
    groups::{PERMISSIONS, permissions},
    row::rows,
    sql::{Sql, containing, push_in},
    visibility::VisibilityScope,
};

/// Whom to look for.
#[derive(Debug, Clone, Copy)]
pub enum Wanted<'a> {
    /// People whose name contains this.
    Named(&'a str),
    /// People with a right at the ticket.
    Entitled {
        /// Who has it.
        person: Option<UserId>,
        /// The group whose plain members see it.
        members_of: Option<GroupId>,
    },
}

/// A person, with what they have a right to in the groups asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    pub name: String,
    /// Whether they can log in.
    pub active: bool,
    /// Their rights there.
    pub actor: Actor,
}

rows! {
    struct CandidateRow {
        id: UserId,
        name: String,
        active: bool,
        isv_admin: bool,
    }

    struct RightsRow {
        user_id: UserId,
        group_id: GroupId,
        permissions: Option<String>,
    }
}

/// Without rights yet.
impl From<CandidateRow> for Candidate {
    fn from(row: CandidateRow) -> Self {
        Self {
            name: row.name,
            active: row.active,
            actor: Actor {
                user: row.id,
                isv_admin: row.isv_admin,
                memberships: BTreeMap::new(),
                impersonated: false,
            },
        }
    }
}

/// At most so many of the people within the reader's reach, by name, with their rights in the groups.
///
/// # Errors
/// [`StoreError`].
pub async fn candidates(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    groups: &[GroupId],
    wanted: Wanted<'_>,
    limit: usize,
) -> Result<Vec<Candidate>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT u.id, u.name, u.active, u.isv_admin FROM users u WHERE ");
    match wanted {
        Wanted::Named(name) => {
            sql.push("u.folded LIKE ")
                .text(containing(name))
                .push(" ESCAPE '\\'");
            visibility.push_sees_user(&mut sql);
        }
        Wanted::Entitled { person, members_of } => {
            sql.push("(");
            push_in(
                &mut sql,
                "u.id IN (SELECT m.user_id FROM memberships m WHERE m.group_id",
                groups.iter().map(|group| group.0),
            );
            sql.push(
                " AND (EXISTS (SELECT 1 FROM membership_permissions p WHERE p.user_id = m.user_id
                  AND p.group_id = m.group_id AND p.permission = 'admin')",
            );
            if let Some(group) = members_of {
                sql.push(" OR m.group_id = ").int(group.0);
            }
            sql.push(")");
            if visibility.actor.isv_admin {
                sql.push(" UNION SELECT i.id FROM users i WHERE i.isv_admin = 1");
            }
            sql.push(")");
            visibility.push_sees_user(&mut sql);
            sql.push(")");
            // Who sees the ticket knows whose it is.
            if let Some(person) = person {
                sql.push(" OR u.id = ").int(person.0);
            }
        }
    }
    sql.push(" ORDER BY u.folded, u.id LIMIT ")
        .int(i64::try_from(limit).unwrap_or(i64::MAX));
    let rows: Vec<CandidateRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut found: Vec<Candidate> = rows.into_iter().map(Candidate::from).collect();
    read_rights(tx, groups, &mut found).await?;
    Ok(found)
}

/// Reads what each of them has a right to in the groups.
async fn read_rights(tx: &mut Tx, groups: &[GroupId], people: &mut [Candidate]) -> Result<(), StoreError> {
    let mut sql = Sql::default();
    push_in(
        &mut sql,
        &format!("SELECT m.user_id, m.group_id, {PERMISSIONS} FROM memberships m WHERE m.group_id"),
        groups.iter().map(|group| group.0),
    );
    push_in(
        &mut sql,
        " AND m.user_id",
        people.iter().map(|person| person.actor.user.0),
    );
    let mut rights: BTreeMap<UserId, BTreeMap<GroupId, Permissions>> = BTreeMap::new();
    let rows: Vec<RightsRow> = sql.rows().fetch_all(tx.conn()).await?;
    for row in rows {
        let permissions = permissions(row.permissions.as_deref())?;
        rights
            .entry(row.user_id)
            .or_default()
            .insert(row.group_id, permissions);
    }
    for person in people {
        person.actor.memberships = rights.remove(&person.actor.user).unwrap_or_default();
    }
    Ok(())
}
