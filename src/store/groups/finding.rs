//! Finding groups and people in the tree by words of their names.
//!
//! Names are not indexed by their parts: a hundred thousand are looked through in their index in 20 ms. A reader of a branch
//! with little in it begins with that branch, whatever there is beside it.

use domain::{
    groups::tree::Node,
    ids::{GroupId, UserId},
};

use crate::store::{
    StoreError, Tx,
    row::rows,
    sql::{Sql, push_has_word, push_in},
    visibility::VisibilityScope,
};

/// Groups and memberships of a branch that are looked through by themselves; where there are more, the names are.
const FEW: i64 = 2_000;
/// The path of a group where the names lead: as an expression it is no reason to begin with the groups by path.
const LED: &str = "(g.path || '')";

rows! {
    struct GroupRow {
        id: GroupId,
        folded: String,
    }

    struct PersonRow {
        id: UserId,
        group_id: Option<GroupId>,
        folded: String,
    }
}

/// The groups and people that the reader sees in the tree and whose name, or login, has each of the words; a person once for
/// each of the groups in which they are seen. By name; at most `limit`. There is one word at least.
///
/// # Errors
/// [`StoreError`].
pub async fn nodes(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &[String],
    limit: usize,
) -> Result<Vec<Node>, StoreError> {
    // The longest word is in the fewest names.
    let mut words: Vec<&str> = words.iter().map(String::as_str).collect();
    words.sort_by_key(|word| std::cmp::Reverse(word.len()));
    let few = is_few(tx, visibility).await?;
    let limited = i64::try_from(limit).unwrap_or(i64::MAX);
    let groups = groups(tx, visibility, &words, few, limited).await?;
    let people = people(tx, visibility, &words, few, limited).await?;
    let mut found: Vec<(String, Node)> = Vec::with_capacity(groups.len() + people.len());
    found.extend(groups.into_iter().map(|row| (row.folded, Node::Group(row.id))));
    found.extend(people.into_iter().map(|row| {
        let node = Node::Person {
            user: row.id,
            group: row.group_id,
        };
        (row.folded, node)
    }));
    // Both are sorted: the sort is stable, and a merge.
    found.sort_by(|(one, _), (other, _)| one.cmp(other));
    found.truncate(limit);
    Ok(found.into_iter().map(|(_, node)| node).collect())
}

/// Whether the reader's branches hold few groups and memberships.
async fn is_few(tx: &mut Tx, visibility: &VisibilityScope) -> Result<bool, StoreError> {
    if visibility.actor.isv_admin {
        return Ok(false);
    }
    if visibility.branches.is_empty() {
        return Ok(true);
    }
    let mut sql = Sql::default();
    sql.push(
        "SELECT COUNT(*) FROM (SELECT 1 FROM groups g LEFT JOIN memberships m ON m.group_id = g.id WHERE ",
    );
    visibility.push_branches(&mut sql, "g.path");
    sql.push(" LIMIT ").int(FEW + 1).push(") AS counted");
    let count: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    Ok(count <= FEW)
}

async fn groups(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &[&str],
    few: bool,
    limit: i64,
) -> Result<Vec<GroupRow>, StoreError> {
    let engine = tx.engine;
    let mut sql = Sql::default();
    let push_words = |sql: &mut Sql| {
        for word in words {
            push_has_word(sql, engine, "g.folded", word);
        }
    };
    sql.push("SELECT id, folded FROM (SELECT g.id, g.folded FROM groups g WHERE ");
    if few {
        visibility.push_branches(&mut sql, "g.path");
        push_words(&mut sql);
        sql.push(" UNION SELECT g.id, g.folded FROM groups g WHERE ");
        push_in(&mut sql, "g.id", visibility.plain.iter().map(|group| group.0));
        push_words(&mut sql);
    } else {
        sql.push("1 = 1");
        push_words(&mut sql);
        visibility.push_sees_group(&mut sql, LED);
    }
    sql.push(") AS found ORDER BY folded, id LIMIT ").int(limit);
    Ok(sql.rows().fetch_all(tx.conn()).await?)
}

async fn people(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    words: &[&str],
    few: bool,
    limit: i64,
) -> Result<Vec<PersonRow>, StoreError> {
    let engine = tx.engine;
    let me = visibility.actor.user.0;
    let mut sql = Sql::default();
    let push_words = |sql: &mut Sql| {
        for word in words {
            push_has_word(sql, engine, "u.folded", word);
        }
    };
    sql.push("SELECT id, group_id, folded FROM (SELECT u.id, m.group_id, u.folded FROM ");
    // CROSS JOIN: SQLite begins with the left side.
    if visibility.actor.isv_admin {
        // Who is in no group stands in the tree, too.
        sql.push("users u LEFT JOIN memberships m ON m.user_id = u.id WHERE 1 = 1");
        push_words(&mut sql);
    } else if few {
        sql.push("groups g CROSS JOIN memberships m CROSS JOIN users u WHERE m.group_id = g.id AND u.id = m.user_id AND ");
        visibility.push_branches(&mut sql, "g.path");
        push_words(&mut sql);
        sql.push(" UNION SELECT u.id, m.group_id, u.folded FROM users u JOIN memberships m ON m.user_id = u.id WHERE u.id = ")
            .int(me);
        push_words(&mut sql);
    } else {
        sql.push("users u CROSS JOIN memberships m CROSS JOIN groups g WHERE m.user_id = u.id AND g.id = m.group_id");
        push_words(&mut sql);
        sql.push(" AND (u.id = ").int(me).push(" OR ");
        visibility.push_branches(&mut sql, LED);
        sql.push(")");
    }
    sql.push(") AS found ORDER BY folded, id, group_id LIMIT ")
        .int(limit);
    Ok(sql.rows().fetch_all(tx.conn()).await?)
}
