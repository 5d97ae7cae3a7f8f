//! The policy's table of visibility (S3) as a condition in SQL, for lists. It decides nothing of its own: property
//! tests hold it against `Actor::sees_ticket`, ticket by ticket.

use domain::{access::Actor, groups::Lineage, ids::GroupId};

use crate::store::{
    StoreError, Tx, groups,
    sql::{Sql, push_in},
};

/// What a reader may see, in the form in which statements use it.
#[derive(Debug, Clone)]
pub struct VisibilityScope {
    pub(super) actor: Actor,
    /// Paths of the topmost groups of the branches the actor administers.
    pub(super) branches: Vec<String>,
    /// Groups of which the actor is a member without administering them.
    pub(super) plain: Vec<GroupId>,
    /// All groups the actor is a member of.
    pub(super) lineages: Vec<Lineage>,
}

impl VisibilityScope {
    /// Reads what the actor's groups reach.
    ///
    /// # Errors
    /// [`StoreError`].
    pub async fn of(tx: &mut Tx, actor: Actor) -> Result<Self, StoreError> {
        let lineages = groups::of_user(tx, actor.user).await?;
        Ok(Self::over(actor, lineages))
    }

    /// What these groups reach: all that the actor is a member of, sorted by path.
    pub(crate) fn over(actor: Actor, lineages: Vec<Lineage>) -> Self {
        let mut branches: Vec<String> = Vec::new();
        // `of_user` sorts by path, so that a branch comes before the branches in it.
        for lineage in lineages
            .iter()
            .filter(|lineage| actor.memberships.get(&lineage.group()).is_some_and(|p| p.admin()))
        {
            let path = groups::path_of(lineage);
            if !branches.iter().any(|branch| path.starts_with(branch.as_str())) {
                branches.push(path);
            }
        }
        let plain = lineages
            .iter()
            .filter(|lineage| !actor.administers(lineage))
            .map(Lineage::group)
            .collect();
        Self {
            actor,
            branches,
            plain,
            lineages,
        }
    }

    /// The reader.
    #[must_use]
    pub const fn actor(&self) -> &Actor {
        &self.actor
    }

    /// The groups that the reader is a member of, where they stand.
    #[must_use]
    pub fn lineages(&self) -> &[Lineage] {
        &self.lineages
    }

    /// The part of a lineage that the reader may see: from their topmost group in it downwards (S4). `None` when they
    /// may not even see the group itself.
    #[must_use]
    pub fn visible(&self, lineage: &Lineage) -> Option<Lineage> {
        let mut upwards = Some(lineage.clone());
        let mut visible = Vec::new();
        while let Some(group) = upwards.filter(|group| self.actor.sees_group(group)) {
            visible.push(group.group());
            upwards = group.above();
        }
        visible.reverse();
        Lineage::new(visible).ok()
    }

    /// `(column within an administered branch)`; the reader is no ISV admin.
    pub(super) fn push_branches(&self, sql: &mut Sql, column: &str) {
        groups::push_branches(sql, column, &self.branches);
    }

    /// `AND (…)`: the group `g`, whose path `path` is, is visible to the reader.
    pub(super) fn push_sees_group(&self, sql: &mut Sql, path: &str) {
        if self.actor.isv_admin {
            return;
        }
        sql.push(" AND (");
        self.push_branches(sql, path);
        push_in(sql, " OR g.id", self.plain.iter().map(|group| group.0));
        sql.push(")");
    }

    /// `AND (…)`: the ticket `t`, whose level is `lg` (outer join), is visible to the reader.
    pub(super) fn push_sees_ticket(&self, sql: &mut Sql) {
        if self.actor.isv_admin {
            return;
        }
        sql.push(" AND ((t.owner_user_id = ").int(self.actor.user.0);
        if self.actor.impersonated {
            let groups = self.lineages.iter().map(|lineage| lineage.group().0);
            push_in(sql, " AND t.context_group_id", groups);
        }
        sql.push(")");
        if !self.branches.is_empty() {
            sql.push(" OR ");
            self.push_branches(sql, "lg.path");
        }
        if !self.plain.is_empty() {
            push_in(
                sql,
                " OR (t.protected = 0 AND t.owner_group_id",
                self.plain.iter().map(|group| group.0),
            );
            sql.push(")");
        }
        sql.push(")");
    }

    /// The tickets that the reader, who is no ISV admin, sees: the same as [`VisibilityScope::push_sees_ticket`], gathered from
    /// the indexes by person and by level. Each of them once.
    pub(super) fn push_visible_tickets(&self, sql: &mut Sql) {
        let me = self.actor.user.0;
        sql.push("SELECT o.* FROM tickets o WHERE o.owner_user_id = ")
            .int(me);
        if self.actor.impersonated {
            // Those of groups that they administer come with the branches.
            push_in(
                sql,
                " AND o.context_group_id",
                self.plain.iter().map(|group| group.0),
            );
        }
        if !self.branches.is_empty() {
            sql.push(
                " UNION ALL SELECT b.* FROM groups bg JOIN tickets b ON b.level_group_id = bg.id WHERE ",
            );
            self.push_branches(sql, "bg.path");
            if !self.actor.impersonated {
                sql.push(" AND (b.owner_user_id IS NULL OR b.owner_user_id <> ")
                    .int(me)
                    .push(")");
            }
        }
        if !self.plain.is_empty() {
            push_in(
                sql,
                " UNION ALL SELECT p.* FROM tickets p WHERE p.protected = 0 AND p.owner_group_id IS NOT NULL
                  AND p.level_group_id",
                self.plain.iter().map(|group| group.0),
            );
        }
    }

    /// `AND (…)`: the person `u` is within the reader's reach.
    pub(super) fn push_sees_user(&self, sql: &mut Sql) {
        if self.actor.isv_admin {
            return;
        }
        sql.push(" AND (u.id = ").int(self.actor.user.0);
        self.push_administers_user(sql);
        sql.push(")");
    }

    /// `AND (…)`: the container `c` of the person `u`, with the group context `cg` (outer join), is within the reader's
    /// reach.
    pub(super) fn push_reaches_container(&self, sql: &mut Sql) {
        if self.actor.isv_admin {
            return;
        }
        sql.push(" AND (u.id = ").int(self.actor.user.0);
        self.push_administers_user(sql);
        if !self.branches.is_empty() {
            sql.push(" OR ");
            self.push_branches(sql, "cg.path");
        }
        sql.push(")");
    }

    /// ` OR …`: the reader administers a group that the person `u` is a member of.
    fn push_administers_user(&self, sql: &mut Sql) {
        if !self.branches.is_empty() {
            sql.push(
                " OR EXISTS (SELECT 1 FROM memberships um JOIN groups ug ON ug.id = um.group_id
                  WHERE um.user_id = u.id AND ",
            );
            self.push_branches(sql, "ug.path");
            sql.push(")");
        }
    }
}
