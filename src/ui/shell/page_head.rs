//! The head of a page.

use leptos::{prelude::*, text_prop::TextProp};
use leptos_meta::Title;

/// What a page is about, which is the title of the document, too; its state and what can be done here stand beside it.
#[component]
pub fn PageHead(
    /// Thing or list that the page shows.
    #[prop(into)]
    title: TextProp,
    /// State, then actions.
    #[prop(optional)]
    children: Option<Children>,
) -> impl IntoView {
    let heading = title.clone();
    view! {
        <Title text=title/>
        <div class="page-head">
            <h1>{move || heading.get()}</h1>
            {children.map(|children| children())}
        </div>
    }
}
