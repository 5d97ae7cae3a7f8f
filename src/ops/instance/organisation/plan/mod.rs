//! What becomes of the entries of a file: the one code for the check beforehand and for the import itself.
//!
//! Of entries that went by, so much is kept as others can refer to: a hash of the name and an id. Groups are an exception:
//! they are kept until all of them are read, because any of them may hang on any other.

pub mod catalogue;
pub mod groups;
pub mod people;
pub mod products;
pub mod tickets;

use std::{
    collections::{HashMap, HashSet},
    sync::Arc,
};

use domain::{
    access::{self, Actor, Administration, Authorized, Denied},
    groups::Lineage,
    history::events::Channel,
    ids::{GroupId, ImportId, UserId},
    instance::imports::Noun,
    refusals::Refusal,
};
use jiff::Timestamp;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;

use crate::{
    ops::{
        OpError,
        instance::{
            Vendor,
            organisation::{
                checks,
                file::{FileGroup, FileMembership, FileProduct, FileTicket, FileUser},
                input::{Entries, Format, Input, Progress},
                outcome::{Found, ImportError},
                plan::catalogue::Catalogue,
                records::{Entry, Record},
            },
        },
        transactions::in_transaction,
    },
    store::{self, Store, StoreError, Tx},
    views::instance::imports::{LineProblem, LineReport, Outcome},
};

/// Who imports.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// The operator of the server.
    Operator,
    /// Somebody with an account, who has to be an ISV admin.
    Person(UserId),
}

/// Takes what was found to whoever keeps the report.
pub type Told = mpsc::Sender<Vec<LineReport>>;

/// How an import is done.
#[derive(Debug, Clone, Copy)]
pub struct Task<'a> {
    /// Who does it.
    pub by: By,
    /// What everybody in the file gets for the hash of their password.
    pub password: Option<&'a str>,
    /// The upload that it is, and the server that has it: it is over in the same transaction, or nothing is stored.
    pub upload: Option<(ImportId, i64)>,
    /// What is known of the instance from then on, by its name: stored with the file, or not at all.
    pub fact: Option<(&'a str, &'a str)>,
}

/// Finds out what would become of a file. The portal is read and not changed.
///
/// # Errors
/// [`ImportError`]; [`Denied::Hidden`] for all but ISV admins.
pub async fn check(
    store: &Store,
    vendor: &Vendor,
    by: By,
    input: &Input,
    format: Format,
    tell: &Told,
    progress: &Arc<Progress>,
) -> Result<Found, ImportError> {
    let mut tx = store.begin_read().await?;
    let mut plan = Plan::begin(store, &mut tx, vendor, by, None).await?;
    plan.tell = Some(tell);
    plan.read(&mut tx, input, format, progress).await?;
    Ok(plan.found)
}

/// Stores a file: all of it or nothing.
///
/// # Errors
/// [`ImportError`]; [`Denied::Hidden`] for all but ISV admins, and when the upload is not open any more.
pub async fn store_all(
    store: &Store,
    vendor: &Vendor,
    task: Task<'_>,
    input: &Input,
    format: Format,
    progress: &Arc<Progress>,
) -> Result<Found, ImportError> {
    let store = &store.over(Channel::Import);
    // Why nothing is stored, where an operation has no words for it.
    let mut why = None;
    let stored: Result<Found, OpError> = in_transaction!(store, |tx| {
        tx.change_rights().await?;
        let writing = Writing {
            password: task.password,
        };
        let mut plan = Plan::begin(store, &mut tx, vendor, task.by, Some(writing)).await?;
        match plan.read(&mut tx, input, format, progress).await {
            Ok(()) => {}
            Err(ImportError::Op(error)) => return Err(error),
            Err(other) => {
                why = Some(other);
                return Err(Refusal::Malformed.into());
            }
        }
        if plan.found.counts().refused > 0 {
            why = Some(ImportError::Refused(Box::new(plan.found)));
            return Err(Refusal::Malformed.into());
        }
        if let Some((import, server)) = task.upload
            && !store::instance::imports::finish(
                &mut tx,
                import,
                server,
                &plan.found.counts(),
                store.sources.now(),
            )
            .await?
        {
            Err(Denied::Hidden)?;
        }
        if let Some((name, value)) = task.fact {
            store::instance::set(&mut tx, name, value).await?;
        }
        Ok(plan.found)
    });
    match (stored, why) {
        (Ok(found), _) => Ok(found),
        (Err(_), Some(why)) => Err(why),
        // PostgreSQL: somebody made the same at the same moment.
        (Err(OpError::Store(error)), None) if error.is_duplicate() => Err(ImportError::Overtaken),
        (Err(error), None) => Err(error.into()),
    }
}

/// How the plan is carried out.
#[derive(Clone, Copy)]
struct Writing<'a> {
    password: Option<&'a str>,
}

/// Names that went by in a file, with the line and what they stand for.
struct Seen<T>(HashMap<u128, (u64, T)>);

impl<T> Default for Seen<T> {
    fn default() -> Self {
        Self(HashMap::new())
    }
}

impl<T: Copy> Seen<T> {
    fn hash(name: &str) -> u128 {
        let mut half = [0; 16];
        half.copy_from_slice(&Sha256::digest(name.as_bytes())[..16]);
        u128::from_le_bytes(half)
    }

    fn get(&self, name: &str) -> Option<T> {
        self.0.get(&Self::hash(name)).map(|(_, what)| *what)
    }

    /// Keeps it, unless it was there already.
    fn add(&mut self, name: &str, line: u64, what: T) -> Result<(), LineProblem> {
        let hash = Self::hash(name);
        match self.0.get(&hash) {
            Some((first, _)) => Err(LineProblem::Twice(*first)),
            None => {
                self.0.insert(hash, (line, what));
                Ok(())
            }
        }
    }
}

struct Plan<'a> {
    store: &'a Store,
    actor: Actor,
    proof: Authorized<Administration>,
    writing: Option<Writing<'a>>,
    now: Timestamp,
    found: Found,
    tell: Option<&'a Told>,
    catalogue: Catalogue,
    articles: Seen<()>,
    waiting: Vec<Waiting>,
    groups: Seen<GroupId>,
    /// Where the groups of the file will stand.
    lineages: HashMap<GroupId, Lineage>,
    users: Seen<UserId>,
    /// Those who come into being.
    new_users: Vec<UserId>,
    is_new: HashSet<UserId>,
    members: HashMap<(UserId, GroupId), u64>,
    codes: Seen<()>,
    /// Seats that are left, and whether an ISV admin has one.
    left: u32,
    isv_admin: bool,
}

impl<'a> Plan<'a> {
    async fn begin(
        store: &'a Store,
        tx: &mut Tx,
        vendor: &Vendor,
        by: By,
        writing: Option<Writing<'a>>,
    ) -> Result<Self, OpError> {
        let actor = match by {
            By::Operator => Actor::operator(),
            By::Person(person) => crate::ops::actor(tx, person).await?,
        };
        let now = store.sources.now();
        let (_, isv_admins) = store::accounts::active(tx).await?;
        Ok(Self {
            store,
            proof: access::authorize_administration(&actor)?,
            actor,
            writing,
            now,
            found: Found::default(),
            tell: None,
            catalogue: Catalogue::read(tx).await?,
            articles: Seen::default(),
            waiting: Vec::new(),
            groups: Seen::default(),
            lineages: HashMap::new(),
            users: Seen::default(),
            new_users: Vec::new(),
            is_new: HashSet::new(),
            members: HashMap::new(),
            codes: Seen::default(),
            left: vendor.pool(tx, now).await?.left(),
            isv_admin: isv_admins > 0,
        })
    }

    /// Who is recorded to have done it.
    fn by(&self) -> UserId {
        self.actor.user
    }

    async fn read(
        &mut self,
        tx: &mut Tx,
        input: &Input,
        format: Format,
        progress: &Arc<Progress>,
    ) -> Result<(), ImportError> {
        let nouns = format.nouns();
        let times = u64::try_from(nouns.len()).unwrap_or(1);
        progress.begin(input.size()?.saturating_mul(times));
        for noun in nouns {
            let mut entries = Entries::of(input, format, *noun, progress);
            let taken = self.take_all(tx, *noun, &mut entries, format).await;
            entries.end().await?;
            let readable = taken?;
            if *noun == Noun::Groups {
                let reports = self.place_groups(tx).await?;
                self.report(reports).await;
            }
            if *noun == Noun::Memberships || format == Format::Table(Noun::Users) {
                self.record_new_users(tx).await?;
            }
            let in_vain = self.writing.is_some() && self.found.counts().refused > 0;
            if !readable || in_vain {
                break;
            }
        }
        Ok(())
    }

    /// Whether the file could be read to its end.
    async fn take_all(
        &mut self,
        tx: &mut Tx,
        noun: Noun,
        entries: &mut Entries,
        format: Format,
    ) -> Result<bool, OpError> {
        let mut readable = true;
        while let Some(batch) = entries.next().await {
            let mut reports = Vec::with_capacity(batch.len());
            let mut records = Records::default();
            for Entry { line, record } in batch {
                match record {
                    Ok(Record::Product(product)) => records.products.push((line, product)),
                    Ok(Record::Group(group)) => records.groups.push((line, group)),
                    Ok(Record::User(user)) => records.users.push((line, user)),
                    Ok(Record::Membership(membership)) => records.memberships.push((line, membership)),
                    Ok(Record::Ticket(ticket)) => records.tickets.push((line, ticket)),
                    Err(problem) => {
                        readable &= format != Format::Json;
                        reports.push(told(line, noun, "", Outcome::Refused(problem)));
                    }
                }
            }
            self.take_products(tx, records.products, &mut reports).await?;
            self.take_groups(records.groups, &mut reports);
            self.take_users(tx, records.users, &mut reports).await?;
            self.take_memberships(tx, records.memberships, &mut reports)
                .await?;
            self.take_tickets(tx, records.tickets, &mut reports).await?;
            reports.sort_by_key(|report| report.line);
            self.report(reports).await;
            if self.writing.is_some() && self.found.counts().refused > 0 {
                break;
            }
        }
        Ok(readable)
    }

    async fn report(&mut self, reports: Vec<LineReport>) {
        for report in &reports {
            self.found.add(report);
        }
        if let Some(tell) = self.tell
            && !reports.is_empty()
        {
            // Where nobody keeps it any more, the counts are all there is.
            let _ = tell.send(reports).await;
        }
    }

    /// The people with these logins, of the file or of the portal.
    async fn people<'l>(
        &self,
        tx: &mut Tx,
        logins: impl Iterator<Item = &'l str>,
    ) -> Result<HashMap<String, UserId>, StoreError> {
        let (mut known, mut asked) = (HashMap::new(), Vec::new());
        for login in logins {
            match self.users.get(login) {
                Some(user) => drop(known.insert(login.to_owned(), user)),
                None => asked.push(login),
            }
        }
        if !asked.is_empty() {
            let found = store::instance::files::users_by_logins(tx, &asked).await?;
            known.extend(
                found
                    .into_iter()
                    .map(|account| (account.user.login.to_string(), account.user.id)),
            );
        }
        Ok(known)
    }

    /// The groups with these keys, of the file or of the portal, with where they stand.
    async fn places<'k>(
        &self,
        tx: &mut Tx,
        keys: impl Iterator<Item = &'k str>,
    ) -> Result<HashMap<String, Lineage>, StoreError> {
        let (mut known, mut asked) = (HashMap::new(), Vec::new());
        for key in keys {
            match self.groups.get(key).and_then(|group| self.lineages.get(&group)) {
                Some(lineage) => drop(known.insert(key.to_owned(), lineage.clone())),
                None => asked.push(key),
            }
        }
        if !asked.is_empty() {
            let found = store::instance::files::groups_by_keys(tx, &asked).await?;
            known.extend(found.into_iter().map(|group| (group.key, group.lineage)));
        }
        Ok(known)
    }
}

#[derive(Default)]
struct Records {
    products: Vec<(u64, FileProduct)>,
    groups: Vec<(u64, FileGroup)>,
    users: Vec<(u64, FileUser)>,
    memberships: Vec<(u64, FileMembership)>,
    tickets: Vec<(u64, FileTicket)>,
}

fn told(line: u64, noun: Noun, key: &str, outcome: Outcome) -> LineReport {
    LineReport {
        line,
        noun: Some(noun),
        key: domain::instance::imports::excerpt(key),
        outcome,
    }
}

/// The changes of something that is there.
fn changes(fields: Vec<crate::views::instance::imports::Field>) -> Outcome {
    if fields.is_empty() {
        Outcome::Unchanged
    } else {
        Outcome::Changed(fields)
    }
}

/// A group that is read, and waits for the others.
pub(crate) struct Waiting {
    line: u64,
    group: checks::Group,
    twice: Option<LineProblem>,
}
