//! Which machines know of the last amendment of a licence, and until when the others may go on.

use leptos::prelude::*;

use crate::{
    i18n::format,
    ui::kit::language::use_language,
    views::{
        addresses,
        licensing::amendments::{MAX_MACHINES, MachineKnowledge},
    },
};

/// The machines that hold some of a licence that was amended.
#[component]
pub fn WhoKnows(
    machines: Vec<MachineKnowledge>,
    /// Name of the product.
    product: String,
) -> impl IntoView {
    let lang = use_language();
    if machines.is_empty() {
        return view! { <p class="quiet">{lang.no_machine_holds()}</p> }.into_any();
    }
    let more = machines.len() >= MAX_MACHINES as usize;
    let row = |machine: MachineKnowledge| {
        let knows = if machine.knows {
            view! { <span>{lang.knows_it()}</span> }.into_any()
        } else {
            let until = format::date_time(lang, machine.until);
            view! { <span class="tag warn wrap">{lang.knows_by(&until)}</span> }.into_any()
        };
        let container = match machine.container {
            Some(container) => view! {
                <a href=addresses::container(container.id)>
                    {lang.container_of(&container.name, &container.person)}
                </a>
            }
            .into_any(),
            None => view! { <span>{lang.in_hidden_container()}</span> }.into_any(),
        };
        view! {
            <tr>
                <th scope="row">{container}</th>
                <td data-label=lang.machine()>{machine.holder}</td>
                <td data-label=lang.quantity() class="number">{lang.count(machine.quantity)}</td>
                <td data-label=lang.knows_yet()>{knows}</td>
            </tr>
        }
        .into_any()
    };
    view! {
        <table class="rows">
            <caption class="hidden">{lang.permission_of(lang.who_knows_yet(), &product)}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.container()}</th>
                    <th scope="col">{lang.machine()}</th>
                    <th scope="col" class="number">{lang.quantity()}</th>
                    <th scope="col">{lang.knows_yet()}</th>
                </tr>
            </thead>
            <tbody>{machines.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
        {more.then(|| view! { <p class="quiet">{lang.first_machines(MAX_MACHINES)}</p> })}
    }
    .into_any()
}
