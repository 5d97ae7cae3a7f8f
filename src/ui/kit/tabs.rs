//! The parts of a page, one shown at a time. Each has an address of its own: without scripts its tab is a link like others.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::ui::kit::{browser, language::use_language};

/// Parameter of the address that names the part.
pub const PARAMETER: &str = "tab";

/// A tab: where it leads, and what it is called.
pub struct Tab {
    to: String,
    name: &'static str,
    current: Signal<bool>,
    count: Option<Signal<String>>,
}

impl Tab {
    /// A tab that leads to a page of its own.
    #[must_use]
    pub fn page(to: String, name: &'static str, current: bool) -> Self {
        Self {
            to,
            name,
            current: Signal::stored(current),
            count: None,
        }
    }

    /// With the number of things in it.
    #[must_use]
    pub fn counting(self, count: Signal<String>) -> Self {
        Self {
            count: Some(count),
            ..self
        }
    }
}

/// The parts of a page by the words that stand for them in its address; the first is shown where the address names none.
///
/// Parts that are not shown are in the page all the same, hidden: what is typed in them stays, and what they show goes on.
#[derive(Clone, Copy)]
pub struct Tabs {
    first: &'static str,
    current: Memo<&'static str>,
}

impl Tabs {
    /// Follows the address of the page.
    #[must_use]
    pub fn new(parts: &'static [&'static str]) -> Self {
        let query = use_query_map();
        let first = parts.first().copied().unwrap_or_default();
        let current = Memo::new(move |_| {
            query
                .with(|query| {
                    let asked = query.get_str(PARAMETER).unwrap_or_default();
                    parts.iter().copied().find(|part| *part == asked)
                })
                .unwrap_or(first)
        });
        Self { first, current }
    }

    /// The same without a part that is not there for the reader: who asks for it gets the first.
    #[must_use]
    pub fn without(self, part: &'static str) -> Self {
        let Self { first, current } = self;
        let current = Memo::new(move |_| current.try_get().filter(|asked| *asked != part).unwrap_or(first));
        Self { first, current }
    }

    /// The tab of a part of the page with that address.
    #[must_use]
    pub fn tab(self, page: &str, part: &'static str, name: &'static str) -> Tab {
        let current = self.current;
        Tab {
            to: self.address(page, part),
            name,
            current: Signal::derive(move || current.try_get() == Some(part)),
            count: None,
        }
    }

    /// The address of a part.
    #[must_use]
    pub fn address(self, page: &str, part: &str) -> String {
        if part == self.first {
            page.to_owned()
        } else {
            part_of(page, part)
        }
    }

    /// Whether a part is not the one shown, for the attribute `hidden`.
    #[must_use]
    pub fn hides(self, part: &'static str) -> Signal<bool> {
        let current = self.current;
        Signal::derive(move || current.try_get().is_some_and(|current| current != part))
    }
}

/// The address of a part of a page, which is not its first.
#[must_use]
pub fn part_of(page: &str, part: &str) -> String {
    format!("{page}?{PARAMETER}={part}")
}

/// Tabs beside each other; they scroll where there is no room for all.
#[must_use]
pub fn tab_bar(tabs: Vec<Tab>) -> AnyView {
    let lang = use_language();
    // The one shown may lie beyond the edge.
    Effect::new(|_| browser::scroll_to(".tab-bar [aria-current]"));
    let link = |tab: Tab| {
        let Tab {
            to,
            name,
            current,
            count,
        } = tab;
        let count = count.map(|count| view! { " " <span class="tab-count">{move || count.try_get()}</span> });
        view! {
            <a href=to aria-current=move || current.try_get().unwrap_or(false).then_some("page") data-noscroll="">{name} {count}</a>
        }
    };
    view! {
        <nav class="tab-bar" aria-label=lang.parts_of_page()>
            {tabs.into_iter().map(link).collect::<Vec<_>>()}
        </nav>
    }
    .into_any()
}
