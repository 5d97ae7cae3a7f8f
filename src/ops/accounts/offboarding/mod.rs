//! Offboardings (N7): tickets to new owners, licences back or into other containers, credentials, login, account and memberships
//! ended; rehearsed by the very same code, done in one transaction, told in a report.

pub mod found;

use std::collections::BTreeMap;

use domain::{
    access::{self, Denied},
    accounts::{
        offboarding::{Emptying, MAX_AT_ONCE, Plan, Step},
        sessions::{EndReason, Tab},
    },
    history::events::EventKind,
    ids::{ContainerId, EventId, GroupId, UserId},
    refusals::Refusal,
    tickets::owners::Owner,
};
use sha2::{Digest, Sha256};

use crate::{
    ops::{
        OpError,
        accounts::{
            self,
            offboarding::found::{activated, tickets_of},
            sessions::{self, Sessions},
        },
        actor, groups, history, idempotency,
        licensing::{credentials, licenses},
        readers::{self, Names},
        tickets::moves::carry_out,
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx, history::events::Entry, licensing::containers::Container,
        tickets::Ticket, visibility::VisibilityScope,
    },
    views::{
        accounts::offboarding::{Deed, DryRun, Line, OffboardingReport, Progress},
        history::Named,
    },
};

pub use crate::ops::accounts::offboarding::found::leaver;

/// A plan that is carried out, or rehearsed.
struct Course<'a> {
    store: &'a Store,
    sessions: &'a Sessions,
    visibility: VisibilityScope,
    user: UserId,
    /// Why a login ends whose tab is open.
    reason: Option<&'a str>,
    key: &'a str,
    lines: Vec<Line>,
    needs_reason: bool,
}

impl Course<'_> {
    /// Keeps what became of a deed. A fault of the database ends the whole.
    fn told(&mut self, deed: Deed, outcome: Result<Progress, OpError>) -> Result<(), OpError> {
        let outcome = match outcome {
            Ok(progress) => Ok(progress),
            Err(OpError::Refused(refusal)) => Err(refusal),
            Err(fault) => return Err(fault),
        };
        self.lines.push(Line { deed, outcome });
        Ok(())
    }

    /// All steps of the plan. The rights are those with which it began, whatever it takes away.
    async fn run(&mut self, tx: &mut Tx, plan: &Plan) -> Result<(), OpError> {
        let (_, subject) = accounts::found(tx, self.user).await?;
        access::authorize_offboarding(self.visibility.actor(), &subject)?;
        let needed = plan.steps().any(|step| matches!(step, Step::Tickets(..)));
        let mut tickets = if needed {
            let (tickets, more) = tickets_of(tx, &self.visibility, self.user).await?;
            if more {
                let most = u32::try_from(MAX_AT_ONCE).unwrap_or(u32::MAX);
                return Err(Refusal::TooManyAtOnce { most }.into());
            }
            by_level(tickets)
        } else {
            BTreeMap::new()
        };
        for step in plan.steps() {
            match step {
                Step::Licenses(container, emptying) => self.licenses(tx, container, emptying).await?,
                Step::Credentials(container) => self.credentials(tx, container).await?,
                Step::Tickets(level, to) => {
                    self.tickets(tx, tickets.remove(&level).unwrap_or_default(), to)
                        .await?;
                }
                Step::Login => self.login(tx, plan.has(Step::Account)).await?,
                Step::Account => self.account(tx).await?,
                Step::Membership(group) => self.membership(tx, group).await?,
            }
        }
        Ok(())
    }

    /// A container of the leaver that the actor reaches.
    async fn own_container(&self, tx: &mut Tx, id: ContainerId) -> Result<Container, OpError> {
        let container = crate::ops::licensing::container_access::found(tx, id).await?;
        access::authorize_container(self.visibility.actor(), &container.facts)?;
        if container.facts.user == self.user {
            Ok(container)
        } else {
            Err(Denied::Hidden.into())
        }
    }

    async fn licenses(&mut self, tx: &mut Tx, id: ContainerId, to: Emptying) -> Result<(), OpError> {
        let container = self.own_container(tx, id).await?;
        let to = match to {
            Emptying::Back => None,
            Emptying::Into(other) => {
                let other = crate::ops::licensing::container_access::found(tx, other).await?;
                access::authorize_container(self.visibility.actor(), &other.facts)?;
                Some(other)
            }
        };
        let running = activated(tx, self.visibility.actor(), &container).await?;
        if running.len() > MAX_AT_ONCE {
            let most = u32::try_from(MAX_AT_ONCE).unwrap_or(u32::MAX);
            return Err(Refusal::TooManyAtOnce { most }.into());
        }
        for running in running {
            let product = running.granted.license.product.clone();
            let quantity = running.activation.quantity;
            let name = container.name.clone();
            let (deed, outcome) = match &to {
                None => {
                    let back = licenses::take_back(self.store, tx, self.visibility.actor(), &running).await;
                    let deed = Deed::LicenseBack {
                        product,
                        quantity,
                        container: name,
                    };
                    let progress = |over| if over { Progress::Done } else { Progress::AtMachine };
                    (deed, back.map(|state| progress(state.is_over())))
                }
                Some(to) => {
                    let moved =
                        licenses::transfer_one(self.store, tx, self.visibility.actor(), &running, to).await;
                    let deed = Deed::LicenseMoved {
                        product,
                        quantity,
                        container: name,
                        to: (to.person.clone(), to.name.clone()),
                    };
                    (deed, moved.map(|()| Progress::Done))
                }
            };
            self.told(deed, outcome)?;
        }
        Ok(())
    }

    async fn credentials(&mut self, tx: &mut Tx, id: ContainerId) -> Result<(), OpError> {
        let container = self.own_container(tx, id).await?;
        let proof = access::authorize_offboarding_credentials(self.visibility.actor(), &container.facts)?;
        let count = store::licensing::credentials::count(tx, &proof).await?;
        if count > 0 {
            let done = credentials::take_all_back(tx, self.store, &proof).await;
            let deed = Deed::CredentialsReset {
                container: container.name,
                count: u32::try_from(count).unwrap_or(u32::MAX),
            };
            self.told(deed, done.map(|()| Progress::Done))?;
        }
        Ok(())
    }

    async fn tickets(&mut self, tx: &mut Tx, tickets: Vec<Ticket>, to: Owner) -> Result<(), OpError> {
        let place = store::tickets::place(tx, to).await?;
        let told = readers::holder(tx, &self.visibility, to).await?;
        let mut moves = Vec::new();
        for ticket in tickets {
            let from = readers::holder(tx, &self.visibility, ticket.facts.place.owner()).await?;
            let moved = match &place {
                // Whoever leaves gets nothing.
                Some(_) if to.user() == Some(self.user) => Err(Denied::AlreadyThere),
                Some(place) => access::authorize_reassign(self.visibility.actor(), &ticket.facts, place),
                None => Err(Denied::Hidden),
            };
            let outcome = match moved {
                Ok(moved) => {
                    moves.push(moved);
                    Ok(Progress::Done)
                }
                Err(denied) => Err(denied.into()),
            };
            let deed = Deed::TicketMoved {
                ticket: ticket.facts.id,
                code: ticket.code,
                licenses: ticket.licenses,
                from,
                to: told.clone(),
            };
            self.told(deed, outcome)?;
        }
        let (by, kind) = (self.visibility.actor().user, EventKind::TicketMoved);
        carry_out(self.store, tx, by, kind, self.key, &moves).await
    }

    /// Ends the running login. While its tab is open, that takes a reason (settled reading).
    async fn login(&mut self, tx: &mut Tx, with_account: bool) -> Result<(), OpError> {
        let (_, subject) = accounts::found(tx, self.user).await?;
        let proof = access::authorize_account(self.visibility.actor(), &subject)?;
        let Some(session) = store::accounts::sessions::of_user(tx, self.user).await? else {
            return Ok(());
        };
        let tab = self.sessions.tab(&session);
        self.needs_reason = tab == Tab::Open;
        let why = match (with_account, tab) {
            (true, _) => EndReason::Deactivated,
            (false, Tab::Gone) => EndReason::Closed,
            (false, Tab::Open) => EndReason::EndedAnyway,
        };
        let outcome = if tab == Tab::Open && self.reason.is_none() {
            Err(Refusal::NoReason.into())
        } else {
            accounts::end_login_of(self.store, tx, &proof, why, self.reason).await
        };
        self.told(Deed::LoginEnded, outcome.map(|()| Progress::Done))
    }

    async fn account(&mut self, tx: &mut Tx) -> Result<(), OpError> {
        let (account, subject) = accounts::found(tx, self.user).await?;
        let proof = access::authorize_account(self.visibility.actor(), &subject)?;
        if account.active {
            let outcome = accounts::switch_off(self.store, tx, &account, &proof).await;
            self.told(Deed::AccountOff, outcome.map(|()| Progress::Done))?;
        }
        Ok(())
    }

    async fn membership(&mut self, tx: &mut Tx, group: GroupId) -> Result<(), OpError> {
        let lineage = store::groups::lineage(tx, group).await?;
        let path = match &lineage {
            Some(lineage) => Names::of(tx, &self.visibility, [lineage])
                .await?
                .path(&self.visibility, lineage),
            None => Vec::new(),
        };
        let actor = self.visibility.actor();
        let ended = groups::change_member(self.store, tx, actor, group, self.user, None).await;
        self.told(Deed::MembershipEnded { path }, ended.map(|()| Progress::Done))
    }

    /// What was seen, in a few characters. Whether somebody is logged in changes too often to be part of it.
    fn seen(&self) -> Result<String, OpError> {
        let lines: Vec<&Line> = self
            .lines
            .iter()
            .filter(|line| line.deed != Deed::LoginEnded)
            .collect();
        let text = serde_json::to_string(&lines).map_err(|_| StoreError::Inconsistent("leaver"))?;
        Ok(hex::encode(Sha256::digest(text)))
    }
}

fn by_level(tickets: Vec<Ticket>) -> BTreeMap<Option<GroupId>, Vec<Ticket>> {
    let mut levels: BTreeMap<Option<GroupId>, Vec<Ticket>> = BTreeMap::new();
    for ticket in tickets {
        levels
            .entry(ticket.facts.place.owner().level())
            .or_default()
            .push(ticket);
    }
    levels
}

/// Goes through a plan as [`process`] would, line by line, and takes everything back.
///
/// # Errors
/// [`Denied`], where the reader may not see them off, or a container in it is hidden; [`Refusal::TooManyAtOnce`]. What is
/// refused besides stands in its line.
pub async fn dry_run(
    store: &Store,
    sessions: &Sessions,
    by: UserId,
    user: UserId,
    plan: &Plan,
) -> Result<DryRun, OpError> {
    in_transaction!(store, |tx| {
        tx.dry_run();
        tx.change_rights().await?;
        let actor = actor(&mut tx, by).await?;
        let mut course = Course {
            store,
            sessions,
            visibility: VisibilityScope::of(&mut tx, actor).await?,
            user,
            reason: None,
            key: "",
            lines: Vec::new(),
            needs_reason: false,
        };
        course.run(&mut tx, plan).await?;
        if course.needs_reason {
            // The form asks for it; it is nothing that stands against the plan.
            let login = course
                .lines
                .iter_mut()
                .filter(|line| line.deed == Deed::LoginEnded);
            login.for_each(|line| line.outcome = Ok(Progress::Done));
        }
        Ok(DryRun {
            seen: course.seen()?,
            needs_reason: course.needs_reason,
            lines: course.lines,
        })
    })
}

/// Carries a plan out: all of it or nothing, in one transaction. `reason` is recorded with the end of a login; `seen` is that of
/// the rehearsal that was agreed to. A repetition under the same key is answered like the first. Returns which report tells it.
///
/// # Errors
/// The refusal of the first line that has one; [`Refusal::ChangedSince`] where something else would happen than was seen;
/// [`Refusal::Malformed`] where nothing would happen.
pub async fn process(
    store: &Store,
    sessions: &Sessions,
    by: UserId,
    user: UserId,
    plan: &Plan,
    (reason, seen): (&str, Option<&str>),
    key: &str,
) -> Result<EventId, OpError> {
    let key = idempotency::key(key)?;
    let reason = sessions::note(reason);
    let what = format!("leaver {user} {plan}");
    in_transaction!(
        store,
        keyed | tx | {
            tx.change_rights().await?;
            tx.hold_tickets().await?;
            let actor = actor(&mut tx, by).await?;
            if idempotency::done(&mut tx, by, key, &what).await?.is_some() {
                return reported(&mut tx, by, key).await;
            }
            tx.under(key);
            let (_, subject) = accounts::found(&mut tx, user).await?;
            // Not asked further about a hidden one (R12).
            if !actor.sees_user(user, &subject.groups) {
                Err(Denied::Hidden)?;
            }
            let groups = actor.administered_of(&subject.groups);
            let mut course = Course {
                store,
                sessions,
                visibility: VisibilityScope::of(&mut tx, actor).await?,
                user,
                reason: reason.as_deref(),
                key,
                lines: Vec::new(),
                needs_reason: false,
            };
            course.run(&mut tx, plan).await?;
            let now = course.seen()?;
            if let Some(refusal) = course.lines.iter().find_map(|line| line.outcome.as_ref().err()) {
                return Err(refusal.clone().into());
            }
            if seen.is_some_and(|seen| seen != now) {
                return Err(Refusal::ChangedSince.into());
            }
            if course.lines.is_empty() {
                return Err(Refusal::Malformed.into());
            }
            let entry = Entry {
                user: Some(user),
                ..Entry::new(EventKind::LeaverProcessed, by)
            };
            let report = store::history::events::record_in(&mut tx, &store.sources, entry, &groups).await?;
            let count = u32::try_from(course.lines.len()).unwrap_or(u32::MAX);
            store::history::events::keep_request(&mut tx, by, key, &what, count, store.sources.now()).await?;
            Ok(report)
        }
    )
}

/// The report about what was done under that key.
async fn reported(tx: &mut Tx, by: UserId, key: &str) -> Result<EventId, OpError> {
    let events = store::history::events::of_request(tx, by, key).await?;
    let report = events
        .into_iter()
        .find(|event| event.entry.kind == EventKind::LeaverProcessed);
    Ok(report.ok_or(Denied::Hidden)?.id)
}

/// What was done for a leaver, as far as the reader may know it.
///
/// # Errors
/// [`Denied::Hidden`] for who is not shown that it happened.
pub async fn report(store: &Store, reader: UserId, id: EventId) -> Result<OffboardingReport, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    let visibility = VisibilityScope::of(&mut tx, actor).await?;
    let kind = EventKind::LeaverProcessed;
    // Looked for whether there is one or not (R12).
    let nothing = (UserId(store::NOTHING), String::new());
    let request = store::history::events::request_of(&mut tx, id, kind).await?;
    let request = request.unwrap_or(nothing);
    let mut rows = history::of_request(&mut tx, &visibility, request).await?;
    let at = rows.iter().position(|row| row.id == id).ok_or(Denied::Hidden)?;
    let head = rows.remove(at);
    Ok(OffboardingReport {
        id,
        at: head.at,
        by: head.by,
        person: head.person.unwrap_or(Named::Hidden),
        rows,
    })
}
