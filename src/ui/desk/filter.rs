//! The filter of the list: facets with counts, and what of them is set.

use domain::licensing::licenses::Binding;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    i18n::{Language, format},
    ui::{
        desk::{
            address::{Panel, sort_name},
            kept::kept,
            opener::{Opened, Opener},
            state::DeskState,
        },
        kit::{
            browser,
            icons::{CrossIcon, FilterIcon},
        },
    },
    views::{
        addresses,
        tickets::{
            Sort, TicketQuery,
            facets::{
                BINDING, ENDS, Ends, FacetCounts, Facets, OWNER, OwnerKind, PRODUCT, ProductCount, STATE,
                TicketState, ValueCount,
            },
        },
    },
};

/// What has the focus once a filter is taken away.
const OPENER: &str = "[data-opens=\"filter\"]";

/// A value that can be chosen: as it stands in addresses, in words, and how many tickets there are of it, where that is known.
type Offered = (String, String, Option<u64>);

/// Opens and closes the filter. It is a link, so that it works before wasm has loaded.
#[component]
pub fn FilterButton() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let set = move || desk.query.with(|query| query.facets.set().len());
    view! {
        <Opener panel=Panel::Filter>
            <FilterIcon/>
            {desk.lang.filter_list()}
            {move || Some(set()).filter(|set| *set > 0).map(|set| view! { <span class="badge">{set}</span> })}
        </Opener>
    }
}

/// What is set, each to be taken away.
#[component]
pub fn Chips() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let without = move |facets: Facets| {
        desk.query.with(|query| {
            desk.address(&TicketQuery {
                facets,
                page: 0,
                ..query.clone()
            })
        })
    };
    let set = Memo::new(move |_| desk.query.with(|query| query.facets.clone()));
    let chip = move |(facet, value): (&'static str, String)| {
        let to = without(set.get().without(facet, &value));
        let name = lang.facet(facet);
        let value = words(lang, facet, &value, desk.counts.read().as_ref());
        let label = lang.without_filter(name, &value);
        view! {
            <li>
                <a
                    class="chip"
                    href=to
                    data-noscroll=""
                    aria-label=label
                    on:click=|_| browser::focus_soon(vec![OPENER.to_owned()])
                >
                    <span>{name} ": "</span>
                    <b>{value}</b>
                    <CrossIcon/>
                </a>
            </li>
        }
    };
    move || {
        let facets = set.get();
        (!facets.is_empty()).then(|| {
            view! {
                <ul class="chips" aria-label=lang.active_filters()>
                    {facets.set().into_iter().map(chip).collect::<Vec<_>>()}
                    <li>
                        <a
                            class="chip-clear"
                            href=without(Facets::NONE)
                            data-noscroll=""
                            on:click=|_| browser::focus_soon(vec![OPENER.to_owned()])
                        >
                            {lang.clear_filters()}
                        </a>
                    </li>
                </ul>
            }
            .into_any()
        })
    }
}

/// The facets, each with its values and how many tickets there are of them; and the order, which phones have no heads of columns
/// for. Choosing acts at once; without wasm, a button does.
#[component]
pub fn FilterPanel() -> impl IntoView {
    let desk = expect_context::<DeskState>();
    let lang = desk.lang;
    let keep = move || {
        kept(
            desk,
            &[PRODUCT, STATE, OWNER, ENDS, BINDING, "sort", "reverse", "page"],
        )
    };
    view! {
        <Opened panel=Panel::Filter>
            <form
                class="filter-panel"
                method="get"
                tabindex="-1"
                aria-label=lang.filter_tickets()
                action=move || desk.query.with(|query| addresses::tickets(query.node))
                on:submit=|event: SubmitEvent| event.prevent_default()
            >
                {keep}
                {Facets::NAMES.map(|facet| facet_field(desk, facet)).into_iter().collect::<Vec<_>>()}
                {order_field(desk)}
                <button class="btn without-wasm">{lang.show()}</button>
            </form>
        </Opened>
    }
}

/// A facet: any of its values can be chosen, and as long as none is, all of them are wanted.
fn facet_field(desk: DeskState, facet: &'static str) -> AnyView {
    let lang = desk.lang;
    let asked = Memo::new(move |_| desk.query.with(|query| query.facets.values(facet)));
    let offered = Memo::new(move |_| {
        desk.counts.with(|counts| {
            let mut offered = offered(lang, facet, counts.as_ref());
            // What is asked for can be seen and taken away, whether there is such a thing or not.
            for asked in asked.get() {
                if !offered.iter().any(|(value, ..)| *value == asked) {
                    let words = words(lang, facet, &asked, counts.as_ref());
                    offered.push((asked, words, None));
                }
            }
            (offered, counts.as_ref().is_some_and(|counts| counts.at_least))
        })
    });
    let values = Memo::new(move |_| {
        let values = |(offered, _): &(Vec<Offered>, bool)| -> Vec<String> {
            offered.iter().map(|(value, ..)| value.clone()).collect()
        };
        offered.with(values)
    });
    // A value that is chosen stays the element that it is, and keeps the focus; its number changes.
    let line = move |value: String| {
        let named = value.clone();
        let words = Memo::new(move |_| {
            offered.with(|(offered, at_least)| {
                let (_, words, tickets) = offered.iter().find(|(value, ..)| *value == named)?;
                Some(match tickets {
                    None => words.clone(),
                    // Of more than were counted, none among those says nothing.
                    Some(0) if *at_least => words.clone(),
                    Some(tickets) => lang.value_counted(words, &lang.count_at_least(*tickets, *at_least)),
                })
            })
        });
        let named = value.clone();
        let chosen = Memo::new(move |_| asked.with(|asked| asked.contains(&named)));
        let named = value.clone();
        let choose = move |chosen: bool| {
            let query = desk.query.get_untracked();
            let facets = query.facets.clone();
            desk.show(&TicketQuery {
                facets: match chosen {
                    true => facets.with(facet, &named),
                    false => facets.without(facet, &named),
                },
                page: 0,
                ..query
            });
        };
        view! {
            <label class="check">
                <input
                    type="checkbox"
                    name=facet
                    value=value
                    checked=chosen
                    prop:checked=chosen
                    on:change:target=move |event| choose(event.target().checked())
                />
                <span>{words}</span>
            </label>
        }
        .into_any()
    };
    view! {
        <fieldset class="facet" hidden=move || values.with(Vec::is_empty)>
            <legend>{lang.facet(facet)}</legend>
            <For each=move || values.get() key=String::clone let:value>
                {line(value)}
            </For>
        </fieldset>
    }
    .into_any()
}

fn order_field(desk: DeskState) -> AnyView {
    let lang = desk.lang;
    const ORDERS: [(Sort, bool); 8] = [
        (Sort::Since, false),
        (Sort::Since, true),
        (Sort::Product, false),
        (Sort::Product, true),
        (Sort::Owner, false),
        (Sort::Owner, true),
        (Sort::Code, false),
        (Sort::Code, true),
    ];
    let options = move || {
        let now = desk.query.with(|query| (query.sort, query.reverse));
        let options = ORDERS.into_iter().map(|(sort, reverse)| {
            let name = order_name(sort, reverse);
            option(name, lang.order(sort, reverse).to_owned(), (sort, reverse) == now)
        });
        options.collect::<Vec<_>>()
    };
    let choose = move |chosen: String| {
        let found = ORDERS
            .into_iter()
            .find(|(sort, reverse)| order_name(*sort, *reverse) == chosen);
        if let Some((sort, reverse)) = found {
            desk.show(&TicketQuery {
                sort,
                reverse,
                page: 0,
                ..desk.query.get_untracked()
            });
        }
    };
    labelled(lang.order_by(), "sort", options, choose)
}

/// As an order stands in the one field of a form.
fn order_name(sort: Sort, reverse: bool) -> String {
    let name = sort_name(sort);
    if reverse {
        format!("-{name}")
    } else {
        name.to_owned()
    }
}

fn labelled(
    label: &'static str,
    name: &'static str,
    options: impl Fn() -> Vec<AnyView> + Send + 'static,
    choose: impl Fn(String) + 'static,
) -> AnyView {
    view! {
        <label>
            <span>{label}</span>
            <select name=name on:change:target=move |event| choose(event.target().value())>
                {options}
            </select>
        </label>
    }
    .into_any()
}

fn option(value: String, words: String, chosen: bool) -> AnyView {
    view! { <option value=value selected=chosen prop:selected=chosen>{words}</option> }.into_any()
}

/// The values of a facet.
fn offered(lang: Language, facet: &str, counts: Option<&FacetCounts>) -> Vec<Offered> {
    fn of<T: Copy + PartialEq>(
        all: &[T],
        counts: Option<&Vec<ValueCount<T>>>,
        name: impl Fn(T) -> (String, &'static str),
    ) -> Vec<Offered> {
        let tickets = |value: T| {
            let count = counts?.iter().find(|count| count.value == value);
            count.map(|count| count.tickets)
        };
        let offered = |value: &T| {
            let (name, words) = name(*value);
            (name, words.to_owned(), tickets(*value))
        };
        all.iter().map(offered).collect()
    }
    match facet {
        STATE => of(TicketState::ALL, counts.map(|counts| &counts.states), |state| {
            (state.name().to_owned(), lang.ticket_state(state))
        }),
        OWNER => of(OwnerKind::ALL, counts.map(|counts| &counts.owners), |owner| {
            (owner.name().to_owned(), lang.owner_kind(owner))
        }),
        ENDS => of(Ends::ALL, counts.map(|counts| &counts.ends), |ends| {
            (ends.name().to_owned(), lang.ends_when(ends))
        }),
        BINDING => of(Binding::ALL, counts.map(|counts| &counts.bindings), |binding| {
            (binding.to_string(), lang.binding_name(binding))
        }),
        _ => {
            let products = counts.into_iter().flat_map(|counts| &counts.products);
            let one = |count: &ProductCount| {
                let name = format::product(lang, &count.name).to_owned();
                (count.product.to_string(), name, Some(count.tickets))
            };
            let mut products: Vec<Offered> = products.map(one).collect();
            // By name: by number, they would change places while one chooses.
            products.sort_by_cached_key(|(value, name, _)| (name.to_lowercase(), value.clone()));
            products
        }
    }
}

/// A value in words; of a product that is not among those that were counted, there is no name.
fn words(lang: Language, facet: &str, value: &str, counts: Option<&FacetCounts>) -> String {
    let offered = offered(lang, facet, counts);
    let known = offered.into_iter().find(|(name, ..)| name == value);
    known.map_or_else(|| lang.another_product().to_owned(), |(_, words, _)| words)
}
