//! Moving what the server has shown a preview of, and taking it back. Nothing of it is shown before it is done: of most of
//! the tickets this page knows nothing.

use domain::{refusals::Refusal, tickets::Activated};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::tickets::{bulk::move_as_previewed, undo},
    errors::{ApiError, words},
    ui::{
        desk::{jobs::Undoable, moves::owner_called, state::DeskState},
        kit::keys::fresh_key,
        tickets::selection::Selection,
    },
    views::tickets::{Target, bulk::Preview},
};

/// A move that was agreed to.
#[derive(Clone)]
struct Agreed {
    selection: Selection,
    target: Target,
    preview: Preview,
    activated: Option<Activated>,
    key: String,
}

impl DeskState {
    /// Moves what the preview permits.
    pub fn move_previewed(
        self,
        (selection, target): (Selection, Target),
        preview: Preview,
        activated: Option<Activated>,
    ) {
        self.select_none();
        self.send_agreed(Agreed {
            selection,
            target,
            preview,
            activated,
            key: fresh_key(),
        });
    }

    fn send_agreed(self, agreed: Agreed) {
        let Ok(asked) = agreed.selection.asked() else {
            return;
        };
        let tickets = agreed.preview.allowed;
        let words = self.lang.moving_so_many(tickets as usize);
        self.working.set(Some(words));
        spawn_local(async move {
            let Agreed {
                target,
                preview,
                activated,
                key,
                ..
            } = agreed.clone();
            let (to, only) = (target.place.owner(), !preview.refused.is_empty());
            let answer = move_as_previewed(asked, to, preview.seen, only, activated, key.clone()).await;
            // The desk may have been left meanwhile.
            if self.working.try_set(None).is_some() {
                return;
            }
            match answer {
                Ok(moved) => {
                    let name = target.person.or_else(|| target.path.last().cloned());
                    let name = owner_called(self.lang, name, Some(to));
                    let what = self.lang.count_tickets(u64::from(moved.tickets));
                    let many = Undoable::Many {
                        key: key.clone(),
                        tickets,
                    };
                    self.moves.update_value(|moves| moves.undoable.push(many));
                    let undo = Callback::new(move |()| self.undo(Some(&key)));
                    self.toasts.show(self.lang.assigned(&what, &name), Some(undo));
                }
                Err(error) => self.many_failed(agreed, &error),
            }
            self.renew();
        });
    }

    fn many_failed(self, agreed: Agreed, error: &ApiError) {
        self.heard(error);
        let what = self.lang.count_tickets(u64::from(agreed.preview.allowed));
        let why = words::explain(self.lang, error);
        let text = match error {
            ApiError::Refused(Refusal::PreviewOutdated) => why,
            _ => self.lang.not_moved(&what, &why),
        };
        // Without an answer the move may have happened: the same key finds that out.
        let unknown = error.leaves_open();
        let again = Callback::new(move |()| {
            if unknown {
                self.send_agreed(agreed.clone());
            } else {
                let Agreed {
                    selection, target, ..
                } = agreed.clone();
                self.previewing.set(Some((selection, target)));
            }
        });
        let label = match error {
            ApiError::Refused(Refusal::PreviewOutdated) => self.lang.look_again(),
            _ => self.lang.try_again(),
        };
        self.toasts.error_with(text, Some((label, again)));
    }

    /// Takes such a move back.
    pub(super) fn undo_many(self, key: String, tickets: u32) {
        self.undo_many_as(key, fresh_key(), tickets);
    }

    fn undo_many_as(self, key: String, undo_key: String, tickets: u32) {
        let words = self.lang.undoing_so_many(tickets as usize);
        self.working.set(Some(words));
        spawn_local(async move {
            let answer = undo(key.clone(), undo_key.clone()).await;
            if self.working.try_set(None).is_some() {
                return;
            }
            let what = self.lang.count_tickets(u64::from(tickets));
            match answer {
                Ok(_) => {
                    self.toasts.withdraw_undo();
                    self.toasts.show(self.lang.taken_back(&what), None);
                }
                Err(error) => {
                    self.heard(&error);
                    let why = words::explain(self.lang, &error);
                    let refused = matches!(error, ApiError::Refused(_));
                    let again =
                        Callback::new(move |()| self.undo_many_as(key.clone(), undo_key.clone(), tickets));
                    // What cannot be taken back any more cannot be tried again.
                    let again = (!refused).then_some(again);
                    self.toasts.withdraw_undo();
                    self.toasts.error(self.lang.not_taken_back(&what, &why), again);
                }
            }
            self.renew();
        });
    }
}
