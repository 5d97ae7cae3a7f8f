//! What a form has just done, in the address of the page after it.

use leptos_router::params::ParamsMap;

/// What a form has just done; the page after it says so.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Done {
    /// Tickets were added by their codes.
    Added,
    /// Tickets were moved.
    Moved,
}

impl Done {
    const fn name(self) -> &'static str {
        match self {
            Self::Added => "added",
            Self::Moved => "moved",
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
        [Self::Added, Self::Moved]
            .into_iter()
            .find(|done| done.name() == said)
    }
}
