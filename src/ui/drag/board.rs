//! What the screens with a drag have in common: what is dragged over what, and what is said of it. Mouse, finger and keys
//! drive any [`Board`].

use std::{
    fmt::{Debug, Display},
    str::FromStr,
    sync::Arc,
};

use leptos::{prelude::*, web_sys::Element};

use crate::{
    i18n::Language,
    ui::{
        drag::gesture::At,
        kit::{browser, toast::Toasts},
    },
};

/// The signals of a drag of `C` over targets `T`.
pub struct Drag<C: 'static, T: 'static> {
    pub dragged_item: RwSignal<Option<Arc<C>>>,
    /// By keys, not by a pointer.
    pub by_keys: RwSignal<bool>,
    /// The target it is over.
    pub over: RwSignal<Option<T>>,
    /// Where the pointer is.
    pub at: RwSignal<At>,
    /// A finger rests on something that can be dragged, and has yet to rest a little longer.
    pub resting: RwSignal<bool>,
    /// What the live region says.
    pub spoken: RwSignal<String>,
    /// What had the focus before.
    origin: StoredValue<Option<String>>,
}

impl<C, T> Clone for Drag<C, T> {
    fn clone(&self) -> Self {
        *self
    }
}

impl<C, T> Copy for Drag<C, T> {}

impl<C: Send + Sync + 'static, T: Send + Sync + 'static> Default for Drag<C, T> {
    fn default() -> Self {
        Self {
            dragged_item: RwSignal::new(None),
            by_keys: RwSignal::new(false),
            over: RwSignal::new(None),
            at: RwSignal::new((0.0, 0.0)),
            resting: RwSignal::new(false),
            spoken: RwSignal::default(),
            origin: StoredValue::new(None),
        }
    }
}

/// A screen on which something is dragged onto something.
pub trait Board: Copy + Send + Sync + 'static {
    type DraggedItem: Send + Sync + 'static;
    /// That onto which it is dragged; its text stands in the attribute [`Self::TARGET`].
    type Target: Copy + PartialEq + Debug + Display + FromStr + Send + Sync + 'static;
    /// What a drop there means.
    type Outcome;
    /// Why a drop there is not possible.
    type Why: Copy;

    /// Selects what a press can lift.
    const OBJECTS: &'static str;
    /// The id of the heading, which gets the focus where what had it is gone.
    const HEADING: &'static str;
    /// The attribute of targets.
    const TARGET: &'static str;
    /// Selects what scrolls when the drag comes near its edges.
    const SCROLLS: &'static str;
    /// Selects the field in which one types, during a drag too, which targets are shown.
    const FILTER: Option<&'static str> = None;

    fn drag(self) -> Drag<Self::DraggedItem, Self::Target>;
    /// The language of the page.
    fn language(self) -> Language;
    /// Messages at the bottom.
    fn messages(self) -> Toasts;
    /// What a press on this element, one of [`Self::OBJECTS`], lifts.
    fn item_of(self, pressed: &Element) -> Option<Self::DraggedItem>;
    /// What is dragged, in words.
    fn item_name(self, dragged_item: &Self::DraggedItem) -> String;
    /// What is dragged, in as few words as the drag image takes.
    fn item_title(self, dragged_item: &Self::DraggedItem) -> String {
        self.item_name(dragged_item)
    }
    /// What there is to say about it: what stands second on the drag image.
    fn item_contents(self, dragged_item: &Self::DraggedItem) -> String;
    /// How many it is, where that is more than one.
    fn item_count(self, _item: &Self::DraggedItem) -> Option<usize> {
        None
    }
    /// Name of a target.
    fn target_name(self, target: Self::Target) -> String;
    /// Whether what is dragged may be dropped there; `None` when nothing is dragged or the target is not shown.
    fn verdict(self, target: Self::Target) -> Option<Result<Self::Outcome, Self::Why>>;
    /// What there is to say about a permitted drop, in a few words.
    fn remark(self, _outcome: &Self::Outcome) -> Option<String> {
        None
    }
    /// Why not, in a few words.
    fn why_not(self, why: Self::Why) -> &'static str;
    /// Whether it is refused because it is there already: that is no prohibition.
    fn is_there(self, _why: Self::Why) -> bool {
        false
    }
    /// Why there is no target at all.
    fn no_targets(self) -> &'static str;
    /// The permitted targets, in the order in which they stand.
    fn permitted(self) -> Vec<Self::Target>;
    /// Focuses a target.
    fn focus_target(self, target: Self::Target);
    /// A drag by keys goes to its first permitted target, or gives up where there is none.
    fn set_out(self);
    /// How a drag by keys comes to [`Self::FILTER`], in a sentence; empty where there is none.
    fn how_to_filter(self) -> &'static str {
        ""
    }
    /// Goes on as a key says, during a drag by keys. Whether the key means a way.
    fn travel(self, key: &str) -> bool;
    /// Acts on a drop.
    fn dropped(
        self,
        dragged_item: Arc<Self::DraggedItem>,
        on: Self::Target,
        outcome: Self::Outcome,
        by_keys: bool,
    );

    /// Something was lifted.
    fn begun(self) {}
    /// The drag rests on this target now, or on none.
    fn rests_on(self, _target: Option<Self::Target>) {}
    /// The drag has ended, by a drop on this target or without one.
    fn ended(self, _on: Option<Self::Target>) {}
    /// Takes the last drop back, if drops can be taken back here.
    fn undo_last(self) -> bool {
        false
    }

    /// Whether something is dragged.
    fn drags(self) -> bool {
        self.drag().dragged_item.with_untracked(Option::is_some)
    }

    /// Whether it is dragged by keys.
    fn drags_by_keys(self) -> bool {
        self.drags() && self.drag().by_keys.get_untracked()
    }

    /// Tells screen readers.
    fn say(self, text: String) {
        let spoken = self.drag().spoken;
        // The same words twice would be read once.
        let again = spoken.with_untracked(|spoken| *spoken == text);
        spoken.set(if again { format!("{text}\u{a0}") } else { text });
    }

    fn lift(self, dragged_item: Self::DraggedItem, by_keys: bool, at: At) {
        let drag = self.drag();
        drag.origin.set_value(browser::focused());
        drag.by_keys.set(by_keys);
        drag.at.set(at);
        drag.over.set(None);
        let lifted = self.language().lifted(&self.item_name(&dragged_item), by_keys);
        self.say(match self.how_to_filter() {
            how if by_keys && !how.is_empty() => format!("{lifted} {how}"),
            _ => lifted,
        });
        drag.dragged_item.set(Some(Arc::new(dragged_item)));
        self.begun();
    }

    /// The drag is over this target now, or over none.
    fn hover(self, target: Option<Self::Target>) {
        let over = self.drag().over;
        if over.get_untracked() == target {
            return;
        }
        over.set(target);
        if let Some(target) = target {
            self.say_target(target);
        }
        self.rests_on(target);
    }

    /// A drag by keys comes to this target.
    fn arrive(self, target: Self::Target) {
        self.hover(Some(target));
        self.focus_target(target);
    }

    /// Tells screen readers where the drag is.
    fn say_target(self, target: Self::Target) {
        let Some(dragged_item) = self.drag().dragged_item.get_untracked() else {
            return;
        };
        let lang = self.language();
        let (what, name) = (
            self.item_name(&dragged_item),
            untrack(|| self.target_name(target)),
        );
        match untrack(|| self.verdict(target)) {
            Some(Ok(outcome)) => {
                let permitted = self.permitted();
                let at = permitted
                    .iter()
                    .position(|one| *one == target)
                    .map_or(0, |at| at + 1);
                let over = lang.over_target(&what, &name, at, permitted.len());
                self.say(match self.remark(&outcome) {
                    Some(remark) => format!("{over}. {remark}"),
                    None => over,
                });
            }
            Some(Err(why)) => self.say(lang.over_forbidden(&what, &name, self.why_not(why))),
            None => {}
        }
    }

    /// Tells the target and its position once more: there may be more targets now.
    fn say_again(self) {
        let over = self.drag().over;
        let target = over.get_untracked();
        over.set(None);
        self.hover(target);
    }

    /// Drops what is dragged where it is. Nothing is sent for a target that refuses it.
    fn drop_here(self) {
        let drag = self.drag();
        let Some(dragged_item) = drag.dragged_item.get_untracked() else {
            return;
        };
        let Some(target) = drag.over.get_untracked() else {
            self.cancel_drag();
            return;
        };
        let lang = self.language();
        let what = self.item_name(&dragged_item);
        let name = untrack(|| self.target_name(target));
        match untrack(|| self.verdict(target)) {
            Some(Ok(outcome)) => {
                let by_keys = drag.by_keys.get_untracked();
                self.end_drag(Some(target));
                self.say(lang.dropped(&what, &name));
                self.dropped(dragged_item, target, outcome, by_keys);
            }
            Some(Err(why)) => self.refuse(lang.refused(&what, &name, self.why_not(why))),
            // Somebody has deleted or moved it meanwhile.
            None => self.refuse(lang.target_gone(&what)),
        }
    }

    /// There is nowhere to go.
    fn give_up(self) {
        self.refuse(self.no_targets().to_owned());
    }

    /// Ends the drag, and says why.
    fn refuse(self, why: String) {
        self.cancel_drag();
        self.say(why.clone());
        self.messages().error(why, None);
    }

    /// Ends the drag as if it had not begun: the same page, the focus where it was, nothing sent.
    fn cancel_drag(self) {
        if !self.drags() {
            return;
        }
        let drag = self.drag();
        let by_keys = drag.by_keys.get_untracked();
        self.end_drag(None);
        self.say(self.language().drag_cancelled().to_owned());
        if by_keys && let Some(origin) = drag.origin.get_value() {
            browser::focus_soon(vec![origin, format!("#{}", Self::HEADING)]);
        }
    }

    /// What every end of a drag has in common.
    fn end_drag(self, on: Option<Self::Target>) {
        let drag = self.drag();
        drag.dragged_item.set(None);
        drag.over.set(None);
        drag.by_keys.set(false);
        self.ended(on);
    }
}
