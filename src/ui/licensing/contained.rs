//! What is activated in a container, and how it gets out again: a part of the container's page.

use domain::{
    ids::{ActivationId, ContainerId},
    licensing::{licenses::Standing, targets::LicenseSource},
};
use leptos::prelude::*;

use crate::{
    api::licensing::{
        containers::{RemoveContainer, RenameContainer, SetMachineLost},
        licenses::{Deactivate, Transfer, WithdrawLicense},
    },
    i18n::format,
    ui::{
        kit::language::use_language,
        licensing::{
            amendments::standing::StandingBadge,
            board::{DraggedLicense, LicenseBoard},
            choices::{ContainerChoices, ContainerSearch, ContainerSelect},
            credentials::CredentialActions,
            dragging::{LicenseHandle, LicenseMore, lifted},
            machine::stage,
            units::GiveBack,
        },
        shell::following::part,
    },
    views::{
        addresses,
        licensing::containers::{ContainerDetail, ContainerLicense},
    },
};

/// What can be done on the page of a container.
#[derive(Clone, Copy)]
pub(super) struct Doing {
    pub(super) rename: ServerAction<RenameContainer>,
    pub(super) deactivate: ServerAction<Deactivate>,
    pub(super) withdraw: ServerAction<WithdrawLicense>,
    pub(super) transfer: ServerAction<Transfer>,
    pub(super) set_lost: ServerAction<SetMachineLost>,
    pub(super) remove: ServerAction<RemoveContainer>,
    pub(super) others: ContainerChoices,
    pub(super) board: LicenseBoard,
    pub(super) credentials: CredentialActions,
}

/// The form that the boxes in the rows belong to.
const TRANSFER: &str = "transfer";

/// What is activated in the container, and how it gets out again.
#[component]
pub(super) fn Licenses(
    container: ContainerId,
    detail: Signal<ContainerDetail>,
    actions: Doing,
) -> impl IntoView {
    let lang = use_language();
    let activations = part(detail, |detail| {
        let activations = detail.activations.iter();
        activations.map(|license| license.activation).collect::<Vec<_>>()
    });
    let some = part(detail, |detail| !detail.activations.is_empty());
    // From a machine, nothing goes straight into another container.
    let movable = part(detail, |detail| {
        detail.activations.iter().any(|license| !license.stage.held)
    });
    let row = move |activation: ActivationId| {
        let license = part(detail, move |detail| {
            let mut activations = detail.activations.iter();
            activations
                .find(|license| license.activation == activation)
                .cloned()
        });
        move || license.get().map(|license| view! { <License license actions/> })
    };
    let empty = move || view! { <p class="empty">{lang.container_empty()}</p> };
    view! {
        <Show when=move || some.get() fallback=empty>
            <table class="rows">
                <caption class="hidden">{lang.licenses()}</caption>
                <thead>
                    <tr>
                        <td></td>
                        <th scope="col">{lang.product()}</th>
                        <th scope="col">{lang.quantity()}</th>
                        <th scope="col">{lang.validity()}</th>
                        <th scope="col">{lang.ticket()}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    // By key: a row never turns into another one while somebody is about to press something in it.
                    <For each=move || activations.get() key=|activation| *activation children=row/>
                </tbody>
            </table>
        </Show>
        <Show when=move || movable.get()>
            <div class="transfer">
                <h3>{lang.transfer_to()}</h3>
                <ContainerSearch action=addresses::container(container) choices=actions.others/>
                <ActionForm action=actions.transfer attr:id=TRANSFER attr:class="beside">
                    <ContainerSelect choices=actions.others name="to" label=lang.container() without=Some(container)/>
                    <button class="btn">{lang.transfer()}</button>
                </ActionForm>
            </div>
        </Show>
    }
}

#[component]
fn License(license: ContainerLicense, actions: Doing) -> impl IntoView {
    let lang = use_language();
    let product = format::product(lang, &license.product).to_owned();
    let standing = match license.standing {
        standing @ (Standing::Suspended(_) | Standing::Revoked(_)) => {
            view! { <StandingBadge standing/> }.into_any()
        }
        standing => {
            let words = format::standing(lang, standing).unwrap_or_else(|| lang.perpetual().to_owned());
            view! { <span class="nowrap">{words}</span> }.into_any()
        }
    };
    let dragged_license = DraggedLicense {
        source: LicenseSource::Activated(license.activation),
        product: product.clone(),
        quantity: license.quantity,
    };
    let source = dragged_license.source;
    // Who does not see the ticket activates nothing of it elsewhere; and what a machine holds has to come back from it first.
    let liftable = license.ticket.is_some() && !license.stage.held;
    let lift = liftable.then(|| {
        let (dragged_license, what) = (dragged_license.clone(), product.clone());
        view! { <LicenseHandle dragged_license what/> }
    });
    let more = liftable.then(|| view! { <LicenseMore dragged_license what=product.clone()/> });
    view! {
        <tr
            class:liftable=liftable
            class:lifted=lifted(actions.board, source)
            data-license=liftable.then(|| source.to_string())
        >
            <td class="pick">
                {lift}
                {(!license.stage.held)
                    .then(|| {
                        view! {
                            <input
                                type="checkbox"
                                name="activations[]"
                                value=license.activation.to_string()
                                form=TRANSFER
                                aria-label=lang.select_row(&product)
                            />
                        }
                    })}
            </td>
            <th scope="row">
                <span>{product.clone()} " " <span class="mono quiet">{license.article}</span></span>
            </th>
            <td data-label=lang.quantity()>
                <span>
                    {license.quantity}
                    {(license.in_use > 0)
                        .then(|| view! { " " <span class="quiet nowrap">"· " {lang.count_in_use(license.in_use)}</span> })}
                </span>
            </td>
            <td data-label=lang.validity()>
                <span>
                    {standing}
                    {stage(lang, license.stage).map(|stage| view! { <span class="quiet stage">{stage}</span> })}
                </span>
            </td>
            <td data-label=lang.ticket()>
                {license
                    .ticket
                    .map(|(id, code)| view! { <a class="mono wrap" href=addresses::ticket(id) draggable="false">{code.to_string()}</a> })}
            </td>
            <td>
                <div class="gives">
                    <GiveBack
                        activation=license.activation
                        quantity=license.quantity
                        stage=license.stage
                        may_withdraw=license.may_withdraw
                        what=product
                        deactivate=actions.deactivate
                        withdraw=actions.withdraw
                    />
                    {more}
                </div>
            </td>
        </tr>
    }
}
