//! Where the units of a licence are (S8), and how they come back.

use domain::{
    ids::ActivationId,
    licensing::{devices::Stage, targets::LicenseSource},
};
use leptos::prelude::*;

use crate::{
    api::licensing::licenses::{Deactivate, WithdrawLicense},
    i18n::format,
    ui::{
        kit::language::use_language,
        licensing::{
            actions::LicenseActions,
            board::DraggedLicense,
            dragging::{LicenseHandle, LicenseMore, lifted},
            machine::stage,
        },
        shell::following::{one_of, part},
    },
    views::{
        addresses,
        licensing::licenses::{LicenseDetail, Unit},
    },
};

/// Where the licences are.
#[component]
pub fn Units(
    detail: Signal<LicenseDetail>,
    /// Name of its product.
    product: String,
    /// What can be done.
    actions: LicenseActions,
) -> impl IntoView {
    let lang = use_language();
    let nowhere = part(detail, |detail| {
        detail.units.is_empty() && detail.elsewhere.is_empty()
    });
    let units = part(detail, |detail| {
        detail
            .units
            .iter()
            .map(|unit| unit.activation)
            .collect::<Vec<_>>()
    });
    let elsewhere = part(detail, |detail| {
        let elsewhere = detail.elsewhere.iter();
        elsewhere.map(|(activation, ..)| *activation).collect::<Vec<_>>()
    });
    let may_withdraw = part(detail, |detail| detail.may_withdraw);
    let product = StoredValue::new(product);
    let unit = move |activation: ActivationId| {
        let find = move |detail: &LicenseDetail| {
            let mut units = detail.units.iter();
            units.find(|unit| unit.activation == activation).cloned()
        };
        one_of(detail, find).map(|unit| {
            move || {
                view! { <UnitRow unit=unit.get() may_withdraw=may_withdraw.get() product=product.get_value() actions/> }
            }
        })
    };
    let away = move |activation: ActivationId| {
        let find = move |detail: &LicenseDetail| {
            let mut elsewhere = detail.elsewhere.iter();
            elsewhere.find(|(other, ..)| *other == activation).copied()
        };
        one_of(detail, find).map(|unit| {
            move || {
                view! { <AwayRow unit=unit.get() may_withdraw=may_withdraw.get() product=product.get_value() actions/> }
            }
        })
    };
    let fallback = move || view! { <p class="quiet">{lang.not_activated()}</p> };
    view! {
        <Show when=move || !nowhere.get() fallback>
            <ul class="plain-list">
                // By key: a row never turns into another one while somebody is about to press something in it.
                <For each=move || units.get() key=|activation| *activation children=unit/>
                <For each=move || elsewhere.get() key=|activation| *activation children=away/>
            </ul>
        </Show>
    }
}

/// Some in a container that the reader reaches.
#[component]
fn UnitRow(unit: Unit, may_withdraw: bool, product: String, actions: LicenseActions) -> impl IntoView {
    let lang = use_language();
    let what = lang.permission_of(&product, &lang.container_of(&unit.name, &unit.person));
    let dragged_license = DraggedLicense {
        source: LicenseSource::Activated(unit.activation),
        product,
        quantity: unit.quantity,
    };
    let source = dragged_license.source;
    // What a machine holds has to come back from it first.
    let liftable = !unit.stage.held;
    let lift = liftable.then(|| {
        let (dragged_license, what) = (dragged_license.clone(), what.clone());
        view! { <LicenseHandle dragged_license what/> }
    });
    let more = liftable.then(|| {
        let what = what.clone();
        view! { <LicenseMore dragged_license what/> }
    });
    view! {
        <li
            class="unit"
            class:liftable=liftable
            class:lifted=lifted(actions.board, source)
            data-license=liftable.then(|| source.to_string())
        >
            {lift}
            <a class="row-link" href=addresses::container(unit.container) draggable="false">
                {lang.container_of(&unit.name, &unit.person)}
            </a>
            <span class="quiet">
                {unit.quantity} " × · " {format::date(lang, unit.since)}
                {stage(lang, unit.stage).map(|stage| format!(" · {stage}"))}
            </span>
            <GiveBack
                activation=unit.activation
                quantity=unit.quantity
                stage=unit.stage
                may_withdraw
                what
                deactivate=actions.deactivate
                withdraw=actions.withdraw
            />
            {more}
        </li>
    }
}

/// Some in a container that the reader does not reach.
#[component]
fn AwayRow(
    unit: (ActivationId, u32, Stage),
    may_withdraw: bool,
    product: String,
    actions: LicenseActions,
) -> impl IntoView {
    let lang = use_language();
    let (activation, quantity, at) = unit;
    let what = lang.permission_of(lang.withdraw_license(), &product);
    view! {
        <li class="unit">
            <span>{lang.in_hidden_container()}</span>
            <span class="quiet">
                {quantity} " ×" {stage(lang, at).map(|stage| format!(" · {stage}"))}
            </span>
            {(may_withdraw && (at.lost || !at.waits()))
                .then(|| {
                    view! {
                        <ActionForm action=actions.withdraw>
                            <input type="hidden" name="activation" value=activation.to_string()/>
                            <button class="btn" aria-label=what>{lang.withdraw_license()}</button>
                        </ActionForm>
                    }
                })}
        </li>
    }
}

/// Gives some or all of an activation back, or recovers it from a machine that is lost.
#[component]
pub fn GiveBack(
    activation: ActivationId,
    /// How many there are.
    quantity: u32,
    /// How far it has come.
    stage: Stage,
    /// Whether the reader may take it back on the ticket's side.
    may_withdraw: bool,
    /// What it is, for who does not see the row.
    what: String,
    deactivate: ServerAction<Deactivate>,
    withdraw: ServerAction<WithdrawLicense>,
) -> impl IntoView {
    let lang = use_language();
    if stage.waits() {
        return (stage.lost && may_withdraw)
            .then(|| {
                view! {
                    <ActionForm action=withdraw attr:class="row-actions">
                        <input type="hidden" name="activation" value=activation.to_string()/>
                        <button class="btn" aria-label=lang.permission_of(lang.recover_now(), &what)>
                            {lang.recover_now()}
                        </button>
                    </ActionForm>
                }
            })
            .into_any();
    }
    let word = if stage.lost {
        lang.recover()
    } else {
        lang.deactivate()
    };
    let number = lang.permission_of(lang.quantity(), &what);
    // From a machine, all of it comes back at once.
    let parts = quantity > 1 && stage.custody.signed_until.is_none();
    view! {
        <ActionForm action=deactivate attr:class="row-actions">
            <input type="hidden" name="activation" value=activation.to_string()/>
            {parts
                .then(|| {
                    view! {
                        <input
                            class="input number"
                            type="number"
                            name="quantity"
                            value=quantity.to_string()
                            min="1"
                            max=quantity.to_string()
                            required
                            aria-label=number
                        />
                    }
                })}
            <button class="btn" aria-label=lang.permission_of(word, &what)>{word}</button>
        </ActionForm>
    }
    .into_any()
}
