//! The licences of a ticket (S8): what they are, where each is, and what one may do with it.

use domain::{
    ids::{LicenseId, TicketId},
    licensing::{
        licenses::{Binding, Standing},
        targets::LicenseSource,
    },
};
use leptos::prelude::*;

use crate::{
    i18n::format,
    ui::{
        kit::{
            forms::{Problem, Saved, failure},
            keys::form_key,
            language::use_language,
        },
        licensing::{
            actions::{LicenseActions, OfTicket},
            amendments::term::TermAndQuantity,
            board::{DraggedLicense, HEADING, LicenseBoard},
            choices::{ContainerSearch, ContainerSelect},
            dragging::{LicenseHandle, LicenseMore, lifted},
            units::Units,
        },
        shell::following::{one_of, part},
    },
    views::{addresses, licensing::licenses::LicenseDetail},
};

/// What became of what was asked for last.
#[component]
pub fn Answers(
    /// What can be asked for.
    actions: LicenseActions,
) -> impl IntoView {
    view! {
        <Problem error=failure(actions.activate.value())/>
        <Problem error=failure(actions.deactivate.value())/>
        <Problem error=failure(actions.withdraw.value())/>
        <Saved value=actions.activate.value()/>
        <Saved value=actions.deactivate.value()/>
        <Saved value=actions.withdraw.value()/>
        <Problem error=failure(actions.undo.value())/>
        <Saved value=actions.undo.value()/>
    }
}

/// The licences of the ticket, and where they are.
#[component]
pub fn Licenses(
    ticket: TicketId,
    of: Signal<OfTicket>,
    /// What can be done.
    actions: LicenseActions,
) -> impl IntoView {
    let lang = use_language();
    // Where nothing is free, nothing is activated, and no container is looked for.
    let some_free = part(of, |of| of.licenses.iter().any(|detail| free(detail) != 0));
    view! {
        <section class="panel">
            <h2 id=HEADING tabindex="-1">{lang.licenses()}</h2>
            <Show when=move || some_free.get()>
                <ContainerSearch action=addresses::ticket(ticket) choices=actions.containers/>
            </Show>
            <List of actions/>
        </section>
    }
}

#[component]
fn List(of: Signal<OfTicket>, actions: LicenseActions) -> impl IntoView {
    let lang = use_language();
    let list: Signal<Vec<LicenseDetail>> = part(of, |of: &OfTicket| of.licenses.clone()).into();
    let licenses = part(list, |list| {
        list.iter().map(|detail| detail.license.id).collect::<Vec<_>>()
    });
    let some = part(list, |list| !list.is_empty());
    let license = move |id: LicenseId| {
        let find = move |list: &Vec<LicenseDetail>| {
            let mut list = list.iter();
            list.find(|detail| detail.license.id == id).cloned()
        };
        one_of(list, find).map(|detail| view! { <License detail=detail.into() actions/> })
    };
    let empty = move || view! { <p class="empty">{lang.no_licenses()}</p> };
    view! {
        <Show when=move || some.get() fallback=empty>
            <For each=move || licenses.get() key=|license| *license children=license/>
        </Show>
    }
}

/// The licences of the ticket, and how they stand over time.
#[component]
pub fn Terms(
    ticket: TicketId,
    of: Signal<OfTicket>,
    /// What can be done.
    actions: LicenseActions,
) -> impl IntoView {
    let licenses = part(of, |of| {
        let amended = of.amendments.iter();
        amended.map(|one| one.license.id).collect::<Vec<_>>()
    });
    let license = move |id: LicenseId| {
        let find = move |of: &OfTicket| {
            let mut list = of.amendments.iter();
            list.find(|one| one.license.id == id).cloned()
        };
        let (amending, undo) = (actions.amending, actions.undo);
        one_of(of, find).map(|of| view! { <TermAndQuantity ticket of amending undo/> }.into_any())
    };
    view! { <For each=move || licenses.get() key=|license| *license children=license/> }
}

/// How many can be activated.
const fn free(detail: &LicenseDetail) -> u32 {
    match detail.standing {
        Standing::Expired(_) | Standing::Suspended(_) | Standing::Revoked(_) => 0,
        Standing::Usable(_) | Standing::NotYet(_) => {
            detail.license.quantity.saturating_sub(detail.license.activated)
        }
    }
}

#[component]
fn License(detail: Signal<LicenseDetail>, actions: LicenseActions) -> impl IntoView {
    let lang = use_language();
    let (license, product) = detail.with_untracked(|detail| {
        (
            detail.license.id,
            format::product(lang, &detail.license.product).to_owned(),
        )
    });
    let left = part(detail, free);
    let dragged_license = {
        let product = product.clone();
        move || DraggedLicense {
            source: LicenseSource::Free(license),
            product: product.clone(),
            quantity: left.get(),
        }
    };
    let form = {
        let product = product.clone();
        move || view! { <ActivateForm license product=product.clone() left actions/> }
    };
    view! {
        <article class="license">
            {move || view! { <LicenseHead dragged_license=dragged_license() board=actions.board/> }}
            {move || view! { <LicenseFacts detail=detail.get()/> }}
            <Units detail product actions/>
            <Show when=move || left.get() != 0>{form.clone()}</Show>
        </article>
    }
}

#[component]
fn LicenseFacts(detail: LicenseDetail) -> impl IntoView {
    let lang = use_language();
    let binding = match detail.terms.binding {
        Binding::Floating => lang.floating(),
        Binding::NodeLocked => lang.node_locked(),
    };
    let returns = match detail.terms.returns_left {
        None => lang.returns_unlimited().to_owned(),
        Some(left) => lang.returns_left(left),
    };
    let standing = match detail.standing {
        // Until when is worth saying where the days have begun to count.
        Standing::Usable(Some(_)) | Standing::Expired(_) | Standing::Suspended(_) | Standing::Revoked(_) => {
            format::standing(lang, detail.standing)
        }
        Standing::Usable(None) | Standing::NotYet(_) => None,
    };
    view! {
        <p class="quiet">
            <span class="mono">{detail.article}</span> " · "
            {lang.activated_of(detail.license.activated, detail.license.quantity)} " · "
            {format::validity(lang, detail.terms.validity)} {standing.map(|standing| format!(" ({standing})"))} " · " {binding}
            " · " {lang.returns()} ": " {returns}
            {(!detail.features.is_empty())
                .then(|| format!(" · {}: {}", lang.features(), detail.features.join(", ")))}
        </p>
    }
}

/// Activates what is left.
#[component]
fn ActivateForm(
    license: LicenseId,
    product: String,
    left: Memo<u32>,
    actions: LicenseActions,
) -> impl IntoView {
    let lang = use_language();
    let number = lang.permission_of(lang.quantity(), &product);
    let button = lang.permission_of(lang.activate(), &product);
    // The same one until it is done: what is sent again because no answer came activates once.
    let done = actions.activate.value();
    let key = Memo::new(move |before: Option<&String>| {
        // Read the first time, too: a memo follows nothing but what it has read.
        let done = matches!(&*done.read(), Some(Ok(_)));
        match before {
            Some(before) if !done => before.clone(),
            _ => format!("{}-{:x}", form_key(), license.0),
        }
    });
    view! {
        <ActionForm action=actions.activate attr:class="beside">
            <input type="hidden" name="license" value=license.to_string()/>
            <input type="hidden" name="key" value=move || key.get()/>
            <label class="labelled">
                {lang.quantity()}
                <input
                    class="input number"
                    type="number"
                    name="quantity"
                    value="1"
                    min="1"
                    max=move || left.get().to_string()
                    required
                    aria-label=number
                />
            </label>
            <ContainerSelect
                choices=actions.containers
                name="container"
                id=format!("container-{license}")
                label=lang.activate_in()
                without=None
            />
            <button class="btn" aria-label=button>{lang.activate()}</button>
        </ActionForm>
    }
}

/// The name of the product. What is free of it can be lifted here.
#[component]
fn LicenseHead(dragged_license: DraggedLicense, board: LicenseBoard) -> impl IntoView {
    let product = dragged_license.product.clone();
    let source = dragged_license.source;
    let liftable = dragged_license.quantity > 0;
    let lift = liftable.then(|| {
        let (dragged_license, what) = (dragged_license.clone(), product.clone());
        view! { <LicenseHandle dragged_license what/> }
    });
    let more = liftable.then(|| view! { <LicenseMore dragged_license what=product.clone()/> });
    view! {
        <div
            class="license-head"
            class:liftable=liftable
            class:lifted=lifted(board, source)
            data-license=liftable.then(|| source.to_string())
        >
            {lift}
            <h3>{product}</h3>
            {more}
        </div>
    }
}
