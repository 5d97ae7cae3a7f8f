//! The table behind a chart: the same numbers, for who cannot see it, and for who wants them exactly.

use leptos::prelude::*;

/// A table that opens below a chart. In each row a name comes first, then numbers.
#[component]
pub fn TableBehind(
    /// What opens it.
    summary: String,
    caption: String,
    head: Vec<String>,
    rows: Vec<(String, Vec<String>)>,
) -> impl IntoView {
    let names = head.clone();
    let heads = head.into_iter().enumerate().map(|(at, name)| {
        view! {
            <th scope="col" class:number=at != 0>
                {name}
            </th>
        }
    });
    let row = move |(name, numbers): (String, Vec<String>)| {
        let cells = numbers.into_iter().zip(names.iter().skip(1).cloned());
        let cells = cells.map(|(number, label)| {
            view! {
                <td class="number" data-label=label>
                    {number}
                </td>
            }
        });
        view! {
            <tr>
                <th scope="row">{name}</th>
                {cells.collect::<Vec<_>>()}
            </tr>
        }
    };
    view! {
        <details class="behind">
            <summary>{summary}</summary>
            <table class="rows">
                <caption class="hidden">{caption}</caption>
                <thead>
                    <tr>{heads.collect::<Vec<_>>()}</tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        </details>
    }
    .into_any()
}
