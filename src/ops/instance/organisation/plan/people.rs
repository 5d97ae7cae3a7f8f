//! Accounts, and who is in which group.

use std::collections::HashMap;

use domain::{
    access::{self, Denied},
    groups::Lineage,
    history::{changes::Change, events::EventKind},
    ids::UserId,
    instance::imports::{Noun, excerpt},
};

use crate::{
    ops::{
        OpError,
        instance::organisation::{
            checks,
            file::{FileMembership, FileUser},
            plan::{Plan, changes, told},
        },
    },
    store::{
        self, Tx,
        accounts::people::{NewAccount, User},
        history::events::Entry,
        instance::files::KnownAccount,
    },
    views::instance::imports::{Field, LineProblem, LineReport, Outcome},
};

impl Plan<'_> {
    pub(crate) async fn take_users(
        &mut self,
        tx: &mut Tx,
        entries: Vec<(u64, FileUser)>,
        reports: &mut Vec<LineReport>,
    ) -> Result<(), OpError> {
        let mut checked = Vec::with_capacity(entries.len());
        for (line, entry) in entries {
            match checks::user(&entry) {
                Ok(user) => checked.push((line, user)),
                Err(problem) => {
                    reports.push(told(line, Noun::Users, &entry.login, Outcome::Refused(problem)));
                }
            }
        }
        let logins: Vec<&str> = checked.iter().map(|(_, user)| user.login.as_str()).collect();
        let known = store::instance::files::users_by_logins(tx, &logins).await?;
        let known: HashMap<String, KnownAccount> = known
            .into_iter()
            .map(|account| (account.user.login.to_string(), account))
            .collect();
        let mut new = Vec::new();
        for (line, user) in checked {
            let login = user.login.to_string();
            let outcome = match known.get(&login) {
                Some(account) => self.take_known_user(tx, line, &user, account).await?,
                None => self.take_new_user(line, user, &mut new),
            };
            reports.push(told(line, Noun::Users, &login, outcome));
        }
        if let Some(writing) = self.writing {
            store::accounts::people::insert_users(tx, &new, writing.password, self.now).await?;
        }
        Ok(())
    }

    fn take_new_user(&mut self, line: u64, user: checks::User, new: &mut Vec<NewAccount>) -> Outcome {
        let id = UserId(self.store.sources.fresh_id());
        if let Err(problem) = self.users.add(user.login.as_str(), line, id) {
            return Outcome::Refused(problem);
        }
        // One seat is kept for the first ISV admin: without one nobody could switch the others on.
        let kept = u32::from(!self.isv_admin && !user.isv_admin);
        let wanted = user.active != Some(false);
        let active = wanted && self.left > kept;
        self.left -= u32::from(active);
        self.isv_admin |= active && user.isv_admin;
        self.new_users.push(id);
        self.is_new.insert(id);
        if self.writing.is_some() {
            new.push(NewAccount {
                user: User {
                    id,
                    name: user.name.unwrap_or_else(|| user.login.to_string()),
                    login: user.login,
                    isv_admin: user.isv_admin,
                },
                email: user.email,
                active,
            });
        }
        if wanted && !active {
            Outcome::CreatedInactive
        } else {
            Outcome::Created
        }
    }

    /// What is not said of an account stays as it is. Rights above all groups and seats are given elsewhere.
    async fn take_known_user(
        &mut self,
        tx: &mut Tx,
        line: u64,
        user: &checks::User,
        known: &KnownAccount,
    ) -> Result<Outcome, OpError> {
        if let Err(problem) = self.users.add(user.login.as_str(), line, known.user.id) {
            return Ok(Outcome::Refused(problem));
        }
        if user.isv_admin && !known.user.isv_admin {
            return Ok(Outcome::Refused(LineProblem::IsvAdminStays));
        }
        if user.active.is_some_and(|active| active != known.active) {
            return Ok(Outcome::Refused(LineProblem::ActiveStays));
        }
        let name = user.name.as_ref().filter(|name| **name != known.user.name);
        let email = user
            .email
            .as_ref()
            .filter(|email| Some(*email) != known.email.as_ref());
        // Asked only where the policy can say no: an ISV admin changes any other account.
        if email.is_some() && known.user.id == self.by() {
            let (_, subject) = store::accounts::by_id(tx, known.user.id)
                .await?
                .ok_or(Denied::Hidden)?;
            if let Err(denied) = access::authorize_email(&self.actor, &subject) {
                return Ok(Outcome::Refused(LineProblem::Denied(denied)));
            }
        }
        let fields = [name.map(|_| Field::Name), email.map(|_| Field::Email)];
        let fields: Vec<Field> = fields.into_iter().flatten().collect();
        if self.writing.is_some() && !fields.is_empty() {
            let (account, subject) = store::accounts::by_id(tx, known.user.id)
                .await?
                .ok_or(Denied::Hidden)?;
            let proof = access::authorize_account(&self.actor, &subject)?;
            let name = name.unwrap_or(&account.user.name);
            store::accounts::rewrite(tx, &proof, &account.user, name).await?;
            if let Some(email) = email {
                let proof = access::authorize_email(&self.actor, &subject)?;
                store::accounts::set_email(tx, &proof, Some(email)).await?;
            }
            let entry = Entry {
                user: Some(known.user.id),
                ..Entry::new(EventKind::UserChanged, self.by())
            };
            store::history::events::record(tx, &self.store.sources, entry).await?;
        }
        Ok(changes(fields))
    }

    /// Records who came into being, once they are in their groups.
    pub(crate) async fn record_new_users(&mut self, tx: &mut Tx) -> Result<(), OpError> {
        let new = std::mem::take(&mut self.new_users);
        if self.writing.is_none() {
            return Ok(());
        }
        for users in new.chunks(1000) {
            let entries: Vec<Entry> = users
                .iter()
                .map(|user| Entry {
                    user: Some(*user),
                    ..Entry::new(EventKind::UserCreated, self.by())
                })
                .collect();
            store::history::events::record_many(tx, &self.store.sources, &entries).await?;
        }
        Ok(())
    }

    pub(crate) async fn take_memberships(
        &mut self,
        tx: &mut Tx,
        entries: Vec<(u64, FileMembership)>,
        reports: &mut Vec<LineReport>,
    ) -> Result<(), OpError> {
        if entries.is_empty() {
            return Ok(());
        }
        let mut checked = Vec::with_capacity(entries.len());
        for (line, entry) in entries {
            let key = format!("{} · {}", excerpt(&entry.user), excerpt(&entry.group));
            match checks::membership(entry) {
                Ok(membership) => checked.push((line, key, membership)),
                Err(problem) => reports.push(told(line, Noun::Memberships, &key, Outcome::Refused(problem))),
            }
        }
        let logins = checked.iter().map(|(_, _, membership)| membership.login.as_str());
        let people = self.people(tx, logins).await?;
        let keys = checked.iter().map(|(_, _, membership)| membership.group.as_str());
        let places = self.places(tx, keys).await?;
        for (line, key, membership) in checked {
            let person = people.get(membership.login.as_str());
            let outcome = match (person, places.get(&membership.group)) {
                (None, _) => Outcome::Refused(LineProblem::NoUser(membership.login.to_string())),
                (_, None) => Outcome::Refused(LineProblem::NoGroup(excerpt(&membership.group))),
                (Some(user), Some(group)) => {
                    self.take_membership(tx, line, *user, group, &membership).await?
                }
            };
            reports.push(told(line, Noun::Memberships, &key, outcome));
        }
        Ok(())
    }

    async fn take_membership(
        &mut self,
        tx: &mut Tx,
        line: u64,
        user: UserId,
        lineage: &Lineage,
        membership: &checks::Membership,
    ) -> Result<Outcome, OpError> {
        let group = lineage.group();
        if let Some(first) = self.members.get(&(user, group)) {
            return Ok(Outcome::Refused(LineProblem::Twice(*first)));
        }
        self.members.insert((user, group), line);
        let then = membership.permissions;
        if self.is_new.contains(&user) {
            // Recorded with the account itself.
            if self.writing.is_some() {
                store::groups::insert_membership(tx, group, user, then).await?;
            }
            return Ok(Outcome::Created);
        }
        let now = store::groups::membership(tx, group, user).await?;
        let outcome = match now {
            None => Outcome::Created,
            Some(now) if now == then => Outcome::Unchanged,
            Some(_) => Outcome::Changed(vec![Field::Permissions]),
        };
        if self.writing.is_some() && outcome != Outcome::Unchanged {
            let groups = store::groups::of_user(tx, user).await?;
            let change = access::authorize_membership(&self.actor, lineage, user, &groups, now, Some(then))?;
            store::groups::set_membership(tx, &change).await?;
            let entry = Entry {
                group: Some(group),
                user: Some(user),
                change: Some(Change::Permissions {
                    before: now,
                    after: Some(then),
                }),
                ..Entry::new(EventKind::MemberSet, self.by())
            };
            store::history::events::record(tx, &self.store.sources, entry).await?;
        }
        Ok(outcome)
    }
}
