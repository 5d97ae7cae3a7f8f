//! What a form has just done, in the address of the page after it.

use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::ui::kit::language::use_language;

/// What a form has just done; the page after it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Tickets were added by their codes.
    Added,
    /// Tickets were moved.
    Moved,
    /// Licences were amended.
    Amended,
    /// The ticket was split off another one.
    Split,
    /// Another ticket was joined to it.
    Joined,
}

impl Done {
    const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Moved => "moved",
            Self::Amended => "amended",
            Self::Split => "split",
            Self::Joined => "joined",
        }
    }

    /// The address `next`, that of a page of the portal, with this in it.
    #[must_use]
    pub fn then(self, next: &str) -> String {
        let sign = if next.contains('?') { '&' } else { '?' };
        format!("{next}{sign}done={}", self.name())
    }

    /// What the address says was done.
    #[must_use]
    pub fn of(params: &ParamsMap) -> Option<Self> {
        let said = params.get_str("done")?;
        [Self::Added, Self::Moved, Self::Amended, Self::Split, Self::Joined]
            .into_iter()
            .find(|done| done.name() == said)
    }
}

/// What the form before this page has done.
#[component]
pub fn JustDone() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    move || {
        let done = params.with(Done::of)?;
        let words = match done {
            Done::Added => lang.tickets_added(),
            Done::Moved => lang.tickets_moved(),
            Done::Amended => lang.amendments_made(),
            Done::Split => lang.split_done(),
            Done::Joined => lang.join_done(),
        };
        Some(view! { <p class="done" role="status">{words}</p> })
    }
}
