//! The pages of a list.

use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::ui::kit::language::use_language;

/// The page that the address names, from 0.
pub fn use_page() -> Memo<u32> {
    let params = use_query_map();
    Memo::new(move |_| {
        let page = params.with(|params| params.get_str("page").and_then(|page| page.parse().ok()));
        page.unwrap_or_default()
    })
}

/// Which rows are shown, and the pages before and after.
#[component]
pub fn Pager(
    /// The page shown, from 0.
    #[prop(into)]
    page: Signal<u32>,
    size: u32,
    /// Rows on all pages.
    #[prop(into)]
    total: Signal<u64>,
    /// Beyond this number there are more than that.
    #[prop(default = u32::MAX)]
    counted: u32,
    /// The address of a page.
    to: Callback<u32, String>,
) -> impl IntoView {
    let lang = use_language();
    let size = u64::from(size);
    let pages = move || {
        let (page, total) = (page.get(), total.get());
        let from = u64::from(page) * size;
        let link = |page: u32, name: &'static str, sign: &'static str| {
            view! { <a class="page" href=to.run(page) aria-label=name data-noscroll="">{sign}</a> }
        };
        let before = page
            .checked_sub(1)
            .map(|page| link(page, lang.page_before(), "‹"));
        let after = (from + size < total).then(|| link(page + 1, lang.page_after(), "›"));
        let range = (from < total).then(|| {
            let of = lang.count_up_to(total, counted);
            lang.range(from + 1, (from + size).min(total), &of)
        });
        view! { {before} <span>{range}</span> {after} }
    };
    view! { <nav class="pages" aria-label=lang.pages()>{pages}</nav> }
}
