//! People who may see a ticket, and what they have a right to there (N2).

use std::collections::BTreeMap;

use domain::{
    access::Actor,
    accounts::Permissions,
    ids::{GroupId, UserId},
};
use sqlx::Row;

use crate::store::{
    StoreError, Tx,
    groups::{PERMISSIONS, permissions},
    visibility::{Sql, VisibilityScope, containing, push_in},
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
    /// Their name.
    pub name: String,
    /// Whether they can log in.
    pub active: bool,
    /// Their rights there.
    pub actor: Actor,
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
    let rows = sql.query().fetch_all(tx.conn()).await?;
    let mut found = Vec::with_capacity(rows.len());
    for row in rows {
        let (active, isv_admin): (i64, i64) = (row.try_get(2)?, row.try_get(3)?);
        found.push(Candidate {
            name: row.try_get(1)?,
            active: active != 0,
            actor: Actor {
                user: UserId(row.try_get(0)?),
                isv_admin: isv_admin != 0,
                memberships: BTreeMap::new(),
                impersonated: false,
            },
        });
    }
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
    let mut rights: BTreeMap<i64, BTreeMap<GroupId, Permissions>> = BTreeMap::new();
    for row in sql.query().fetch_all(tx.conn()).await? {
        let permissions = permissions(row.try_get::<Option<String>, _>(2)?.as_deref())?;
        let group = GroupId(row.try_get(1)?);
        rights
            .entry(row.try_get(0)?)
            .or_default()
            .insert(group, permissions);
    }
    for person in people {
        person.actor.memberships = rights.remove(&person.actor.user.0).unwrap_or_default();
    }
    Ok(())
}
