//! Moving: shown at once, sent, and taken back where the server refuses (experience 19, 20, 23, 24).

use std::collections::BTreeMap;

use domain::{
    access::Place,
    groups::{Lineage, tree::Node},
    ids::{GroupId, TicketId},
    refusals::Refusal,
    tickets::{Activated, SelectedTickets, owners::Owner},
};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::{
        groups::move_group,
        tickets::{reassign, selected, undo},
    },
    errors::{ApiError, words},
    i18n::Language,
    ui::{
        desk::{
            dragging::ticket_called,
            jobs::{Job, Undoable},
            overlay::{Change, Pending, Stage, seen_owner},
            state::DeskState,
            verdict::partly,
        },
        kit::{browser, keys::fresh_key},
        tickets::selection::Selection,
    },
    views::{
        groups::tree::TreeRow,
        tickets::{Target, TicketRow},
    },
};

impl DeskState {
    /// Moves tickets to a new owner. Where not all of them may go there, or it is not known here, that is
    /// shown first; otherwise it is asked what becomes of activated licences.
    pub fn assign_to(self, selection: Selection, target: Target) {
        let facts = || selection.rows.iter().map(|row| &row.facts);
        let refused = || {
            self.me
                .with_untracked(|me| partly(&me.actor, facts(), &target.place).is_some())
        };
        if selection.all.is_some() || selection.rows.len() > 1 && refused() {
            self.previewing.set(Some((selection, target)));
            return;
        }
        let Selection { rows, .. } = selection;
        if rows.iter().any(TicketRow::is_activated) {
            self.asking.set(Some((rows, target)));
        } else {
            self.assign_now(rows, target, None);
        }
    }

    /// Moves tickets: shown at once, then sent.
    pub fn assign_now(self, rows: Vec<TicketRow>, target: Target, activated: Option<Activated>) {
        let changes = self.pending.with_untracked(|pending| {
            let change = |before: TicketRow| {
                let mut after = before.clone();
                let between_groups = matches!(
                    (&before.facts.place, &target.place),
                    (Place::Group(_), Place::Group(_))
                );
                after.facts.protected &= between_groups;
                after.facts.place = target.place.clone();
                after.person.clone_from(&target.person);
                after.path.clone_from(&target.path);
                Change {
                    seen: seen_owner(pending, &before),
                    before,
                    after,
                }
            };
            rows.into_iter().map(change).collect::<Vec<_>>()
        });
        let behind = self.unanswered(&changes);
        self.submit(Job {
            key: fresh_key(),
            changes,
            to: target,
            activated,
            takes_back: None,
            behind,
        });
    }

    /// Keys of own moves of these tickets without an answer.
    fn unanswered(self, changes: &[Change]) -> Vec<String> {
        self.pending.with_untracked(|pending| {
            let sent = pending.iter().filter(|move_| move_.stage == Stage::Sent);
            let same = sent.filter(|move_| changes.iter().any(|c| move_.change(c.before.id()).is_some()));
            same.map(|move_| move_.key.clone()).collect()
        })
    }

    /// The owner, with name of the person and path of the group as far as they are known here.
    pub(super) fn in_words(self, place: Place) -> Target {
        let (person, path) = self.names_of(&place);
        Target {
            place,
            person,
            path,
            permitted: 0,
        }
    }

    fn names_of(self, place: &Place) -> (Option<String>, Vec<String>) {
        let group = |lineage: &Lineage| {
            let names = lineage
                .groups()
                .iter()
                .map(|group| self.name_of(Node::Group(*group)));
            names.filter(|name| !name.is_empty()).collect()
        };
        untrack(|| match place {
            Place::Unassigned => (None, Vec::new()),
            Place::Group(lineage) => (None, group(&self.full(lineage))),
            Place::User { user, context, .. } => {
                let me = self
                    .me
                    .with(|me| (me.actor.user == *user).then(|| me.name.clone()));
                let node = Node::Person {
                    user: *user,
                    group: context.as_ref().map(Lineage::group),
                };
                let path = context
                    .as_ref()
                    .map(|lineage| group(&self.full(lineage)))
                    .unwrap_or_default();
                (me.or_else(|| Some(self.name_of(node))), path)
            }
        })
    }

    /// The lineage as the tree shows it.
    fn full(self, lineage: &Lineage) -> Lineage {
        let row = self.row(Node::Group(lineage.group()));
        row.and_then(|row| row.lineage).unwrap_or_else(|| lineage.clone())
    }

    fn submit(self, job: Job) {
        let Job { key, changes, .. } = job.clone();
        self.pending.update(|pending| {
            pending.retain(|old| old.key != key);
            pending.push(Pending {
                key,
                changes,
                stage: Stage::Sent,
            });
        });
        self.selected
            .update(|selected| selected.retain(|id| !job.changes.iter().any(|c| c.before.id() == *id)));
        self.send(job);
    }

    fn send(self, job: Job) {
        spawn_local(async move {
            let answer = match &job.takes_back {
                Some(key) => undo(key.clone(), job.key.clone()).await,
                None => {
                    let seen = job
                        .changes
                        .iter()
                        .map(|change| (change.before.id(), change.seen))
                        .collect();
                    match SelectedTickets::new(seen) {
                        Ok(selection) => {
                            let to = job.to.place.owner();
                            reassign(selection, to, job.activated, job.key.clone()).await
                        }
                        Err(_) => Err(ApiError::Malformed),
                    }
                }
            };
            // The desk may have been left meanwhile.
            if self.pending.try_with_untracked(|_| ()).is_some() {
                match answer {
                    Ok(_) => self.succeeded(job),
                    Err(error) => self.failed(job, &error),
                }
            }
        });
    }

    fn succeeded(self, job: Job) {
        self.stage(&job.key, Stage::Done);
        let arrived = job
            .changes
            .iter()
            .map(|change| (change.before.id(), change.after.owner()))
            .collect();
        let key = job.key.clone();
        self.moves.update_value(|moves| {
            moves.done.insert(key.clone(), arrived);
        });
        let what = self.what(&job.changes);
        if job.takes_back.is_some() {
            self.toasts.withdraw_undo();
            self.toasts.show(self.lang.taken_back(&what), None);
        } else {
            let target = self.owner_name(&job.changes);
            self.moves
                .update_value(|moves| moves.undoable.push(Undoable::Tickets(job)));
            let undo = Callback::new(move |()| self.undo(Some(&key)));
            self.toasts.show(self.lang.assigned(&what, &target), Some(undo));
        }
        self.wake_waiting();
        self.renew();
    }

    fn failed(self, job: Job, error: &ApiError) {
        let overtaken = matches!(error, ApiError::Refused(Refusal::Overtaken { .. }));
        if overtaken && !job.behind.is_empty() {
            // Perhaps by ourselves: it goes on when the earlier moves have been answered.
            self.moves.update_value(|moves| moves.waiting.push(job));
            self.wake_waiting();
            return;
        }
        self.heard(error);
        self.stage(&job.key, Stage::Failed);
        let superseded = self.pending.with_untracked(|pending| {
            let later = pending.iter().skip_while(|move_| move_.key != job.key).skip(1);
            let mut moved_on = later.filter(|move_| move_.stage != Stage::Failed);
            moved_on.any(|move_| job.changes.iter().all(|c| move_.change(c.before.id()).is_some()))
        });
        if !(overtaken && superseded) {
            let (what, why) = (self.what(&job.changes), words::explain(self.lang, error));
            let undoing = job.takes_back.is_some();
            let text = if undoing {
                self.lang.not_taken_back(&what, &why)
            } else {
                self.lang.not_moved(&what, &why)
            };
            let why = error.clone();
            let again = Callback::new(move |()| self.again(job.clone(), &why));
            let refused = matches!(error, ApiError::Refused(_));
            if undoing {
                self.toasts.withdraw_undo();
            }
            // What cannot be taken back any more cannot be tried again.
            self.toasts.error(text, (!(undoing && refused)).then_some(again));
        }
        self.wake_waiting();
        self.renew();
    }

    /// Tries a failed move once more.
    fn again(self, job: Job, error: &ApiError) {
        // Without an answer the move may have happened: the same key finds that out.
        if error.leaves_open() || job.takes_back.is_some() {
            self.submit(job);
            return;
        }
        spawn_local(async move {
            let ids = job.changes.iter().map(|change| change.before.id()).collect();
            match selected(ids).await {
                Ok(rows) if rows.is_empty() => self.trouble(&ApiError::HIDDEN, None),
                Ok(rows) => self.assign_to(Selection::these(rows), job.to),
                Err(error) => self.trouble(&error, None),
            }
        });
    }

    /// Sends the moves again that were overtaken by own moves, once all of those have been answered.
    fn wake_waiting(self) {
        let unanswered: Vec<_> = self.pending.with_untracked(|pending| {
            pending
                .iter()
                .filter(|p| p.stage == Stage::Sent)
                .map(|p| p.key.clone())
                .collect()
        });
        let ready = self.moves.try_update_value(|moves| {
            let (still, ready): (Vec<_>, Vec<_>) = std::mem::take(&mut moves.waiting)
                .into_iter()
                .partition(|job| job.behind.iter().any(|key| unanswered.contains(key)));
            moves.waiting = still;
            ready
                .into_iter()
                .map(|job| with_owners_seen_now(job, &moves.done))
                .collect::<Vec<_>>()
        });
        for job in ready.unwrap_or_default() {
            self.send(job);
        }
    }

    fn stage(self, key: &str, stage: Stage) {
        self.pending.update(|pending| {
            for move_ in pending.iter_mut().filter(|move_| move_.key == key) {
                move_.stage = stage;
            }
        });
    }

    /// Takes a move back: the one with that key, or the last.
    pub fn undo(self, key: Option<&str>) {
        let found = self.moves.try_update_value(|moves| {
            let at = match key {
                Some(key) => moves.undoable.iter().position(|done| done.key() == key)?,
                None => moves.undoable.len().checked_sub(1)?,
            };
            Some(moves.undoable.remove(at))
        });
        match found.flatten() {
            None => self
                .toasts
                .show(self.lang.nothing_to_undo_here().to_owned(), None),
            Some(Undoable::Many { key, tickets }) => self.undo_many(key, tickets),
            Some(Undoable::Group { group, back_to, .. }) => self.move_group(group, back_to, true),
            Some(Undoable::Tickets(job)) => {
                let back = |change: Change| Change {
                    seen: change.after.owner(),
                    before: change.after,
                    after: change.before,
                };
                let changes = job.changes.into_iter().map(back).collect();
                self.submit(Job {
                    key: fresh_key(),
                    changes,
                    to: job.to,
                    activated: None,
                    takes_back: Some(job.key),
                    behind: Vec::new(),
                });
            }
        }
    }

    /// Hangs a group under another parent.
    pub fn move_group(self, group: TreeRow, parent: Option<GroupId>, is_undo: bool) {
        let Node::Group(id) = group.node else { return };
        let back_to = group.lineage.as_ref().and_then(Lineage::parent);
        let target = untrack(|| self.name_of(parent.map_or(Node::All, Node::Group)));
        spawn_local(async move {
            match move_group(id, parent).await {
                Ok(()) if is_undo => {
                    self.toasts.withdraw_undo();
                    self.toasts.show(self.lang.taken_back(&group.name), None);
                }
                Ok(()) => {
                    let key = fresh_key();
                    let done = Undoable::Group {
                        group: group.clone(),
                        back_to,
                        key: key.clone(),
                    };
                    self.moves.update_value(|moves| moves.undoable.push(done));
                    let undo = Callback::new(move |()| self.undo(Some(&key)));
                    let target = if parent.is_none() {
                        self.lang.top_level()
                    } else {
                        &target
                    };
                    self.toasts
                        .show(self.lang.group_moved(&group.name, target), Some(undo));
                }
                Err(error) => {
                    self.heard(&error);
                    let text = self
                        .lang
                        .not_moved(&group.name, &words::explain(self.lang, &error));
                    let again = Callback::new(move |()| self.move_group(group.clone(), parent, is_undo));
                    self.toasts.error(text, Some(again));
                }
            }
            // First where it has gone to, so that its line and the focus on it only change places.
            let renew = move || {
                self.renew();
                browser::focus_soon(vec![format!("[data-node=\"{}\"]", Node::Group(id))]);
            };
            match parent {
                Some(parent) => self.open_branch(Node::Group(parent), renew),
                None => renew(),
            }
        });
    }

    /// Tells of something that went wrong.
    pub fn trouble(self, error: &ApiError, retry: Option<Callback<()>>) {
        self.heard(error);
        self.toasts.error(words::explain(self.lang, error), retry);
    }

    /// The tickets in a few words.
    fn what(self, changes: &[Change]) -> String {
        match changes {
            [change] => ticket_called(self.lang, &change.before),
            _ => self.lang.count_tickets(changes.len() as u64),
        }
    }

    /// The owner they come to, in a few words.
    fn owner_name(self, changes: &[Change]) -> String {
        let row = changes.first().map(|change| &change.after);
        let name = row.and_then(|row| row.person.clone().or_else(|| row.path.last().cloned()));
        owner_called(self.lang, name, row.map(TicketRow::owner))
    }
}

/// An owner in a few words.
pub(super) fn owner_called(lang: Language, name: Option<String>, owner: Option<Owner>) -> String {
    match name {
        Some(name) if !name.is_empty() => name,
        _ if owner == Some(Owner::Unassigned) => lang.unassigned().to_owned(),
        _ => lang.new_owner().to_owned(),
    }
}

/// The move, naming the owners to which the moves before it have brought the tickets.
fn with_owners_seen_now(mut job: Job, done: &BTreeMap<String, Vec<(TicketId, Owner)>>) -> Job {
    for change in &mut job.changes {
        let mut latest = job.behind.iter().rev().filter_map(|key| done.get(key)).flatten();
        if let Some((_, owner)) = latest.find(|(ticket, _)| *ticket == change.before.id()) {
            change.seen = *owner;
        }
    }
    job.behind.clear();
    job
}
