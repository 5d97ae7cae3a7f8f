//! The columns of the list: which, in which order, and how high the rows are.

use leptos::{ev::SubmitEvent, prelude::*, server_fn::ServerFn, task::spawn_local};

use crate::{
    api::tickets::layout::{SetListLayout, set_list_layout},
    ui::{
        desk::{
            address::Panel,
            opener::{Opened, Opener},
            state::DeskState,
        },
        kit::icons::ColumnsIcon,
    },
    views::tickets::layout::{Column, Layout},
};

/// Opens and closes the choice of columns.
#[component]
pub fn ColumnsButton() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    view! {
        <Opener panel=Panel::Columns>
            <ColumnsIcon/>
            {desk.lang.columns()}
        </Opener>
    }
}

/// A field for each place: which column stands there. Choosing acts at once; without wasm, a button does.
#[component]
pub fn ColumnsPanel() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    view! {
        <Opened panel=Panel::Columns>
            <form
                class="filter-panel"
                method="post"
                tabindex="-1"
                aria-label=lang.columns()
                action=SetListLayout::url()
                on:submit=|event: SubmitEvent| event.prevent_default()
            >
                <input type="hidden" name="next" value=move || desk.query.with(|query| desk.address(query))/>
                {(0..Column::ALL.len()).map(|place| place_field(desk, place)).collect::<Vec<_>>()}
                <label class="check">
                    <input
                        type="checkbox"
                        name="compact"
                        value="true"
                        checked=desk.layout.with_untracked(|layout| layout.compact)
                        prop:checked=move || desk.layout.with(|layout| layout.compact)
                        on:change:target=move |event| {
                            let compact = event.target().checked();
                            desk.lay_out(desk.layout.with_untracked(|layout| layout.with_rows(compact)));
                        }
                    />
                    <span>{lang.compact_rows()}</span>
                </label>
                <button class="btn without-wasm">{lang.save()}</button>
            </form>
        </Opened>
    }
}

fn place_field(desk: DeskState, place: usize) -> AnyView {
    let lang = desk.lang;
    let options = move || {
        let chosen = desk.layout.with(|layout| layout.columns().get(place).copied());
        let option = |column: Option<Column>| {
            let value = column.map(Column::name).unwrap_or_default();
            let words = column.map_or(lang.no_column(), |column| lang.column(column));
            let is_chosen = column == chosen;
            view! { <option value=value selected=is_chosen prop:selected=is_chosen>{words}</option> }
                .into_any()
        };
        let columns = Column::ALL.into_iter().map(Some);
        std::iter::once(None)
            .chain(columns)
            .map(option)
            .collect::<Vec<_>>()
    };
    let choose = move |name: String| {
        desk.lay_out(
            desk.layout
                .with_untracked(|layout| layout.with(place, Column::of(&name))),
        );
    };
    view! {
        <label>
            <span>{lang.column_at(place + 1)}</span>
            <select name=format!("columns[{place}]") on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        </label>
    }
    .into_any()
}

impl DeskState {
    /// Lays the list out like this, and has the browser remember it.
    fn lay_out(self, layout: Layout) {
        self.layout.set(layout.clone());
        let columns = layout
            .columns()
            .iter()
            .map(|column| column.name().to_owned())
            .collect();
        spawn_local(async move {
            if let Err(error) = set_list_layout(columns, layout.compact).await {
                self.heard(&error);
            }
        });
    }
}
