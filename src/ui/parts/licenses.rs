//! The licences of a ticket (S8): what they are, where each is, and what one may do with it.

use leptos::prelude::*;

use super::{
    choices::{ContainerChoices, ContainerSearch, ContainerSelect},
    forms::{Problem, Saved, after, failure},
    license_drag::{LicenseHandle, LicenseMore, lifted},
    machine::stage,
};
use crate::{
    api::licenses::{Activate, Deactivate, WithdrawLicense, licenses},
    domain::{
        devices::Stage,
        ids::{ActivationId, TicketId},
        license_targets::LicenseSource,
        licenses::{Binding, LicenseDetail, Standing, Unit},
    },
    ui::{
        errors::explain,
        format,
        keys::form_key,
        license_board::{Freight, HEADING, LicenseBoard},
        live,
        pages::containers::CONTAINERS,
        session::use_language,
    },
};

/// What can be done with the licences of a ticket.
///
/// Made with the page: see `session::SignedIn`.
#[derive(Clone, Copy)]
pub struct LicenseActions {
    activate: ServerAction<Activate>,
    deactivate: ServerAction<Deactivate>,
    withdraw: ServerAction<WithdrawLicense>,
    containers: ContainerChoices,
    list: Resource<Result<Vec<LicenseDetail>, crate::api::error::ApiError>>,
    /// How often others changed something.
    renewed: RwSignal<usize>,
    /// Licences on their way into containers.
    pub board: LicenseBoard,
}

impl LicenseActions {
    /// For the ticket of a page.
    pub fn new(ticket: Memo<Option<TicketId>>) -> Self {
        let (activate, deactivate, withdraw) = (
            ServerAction::<Activate>::new(),
            ServerAction::<Deactivate>::new(),
            ServerAction::<WithdrawLicense>::new(),
        );
        // Only the last answer is told.
        after(activate, move || {
            deactivate.clear();
            withdraw.clear();
        });
        after(deactivate, move || {
            activate.clear();
            withdraw.clear();
        });
        after(withdraw, move || {
            activate.clear();
            deactivate.clear();
        });
        let containers = ContainerChoices::new("container");
        let board = LicenseBoard::new(containers.search());
        provide_context(board);
        let renewed = RwSignal::new(0_usize);
        live::follow(
            move || ticket.get().map(|ticket| format!("ticket:{ticket}")),
            move || {
                board.keep_focus();
                renewed.try_update(|times| *times += 1);
            },
        );
        let known = live::Known::nothing();
        let list = Resource::new(
            move || {
                let done = [
                    activate.version().get(),
                    deactivate.version().get(),
                    withdraw.version().get(),
                    board.answered.get(),
                ];
                (ticket.get(), done, renewed.get())
            },
            move |(ticket, ..)| async move {
                match ticket {
                    Some(ticket) => known.or_before(ticket, licenses(ticket).await),
                    None => Ok(Vec::new()),
                }
            },
        );
        known.learn_from(ticket, list);
        board.follow(list);
        Self {
            activate,
            deactivate,
            withdraw,
            containers,
            list,
            renewed,
            board,
        }
    }
}

impl LicenseActions {
    /// How often something was done, here or by others: what else the page says is old then.
    #[must_use]
    pub fn done(self) -> usize {
        self.renewed.get()
            + self.activate.version().get()
            + self.deactivate.version().get()
            + self.withdraw.version().get()
            + self.board.answered.get()
    }
}

/// The licences of the ticket.
#[component]
pub fn Licenses(
    /// Which ticket.
    ticket: TicketId,
    /// What can be done.
    actions: LicenseActions,
) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <h2 id=HEADING tabindex="-1">{lang.licenses()}</h2>
            <Problem error=failure(actions.activate.value())/>
            <Problem error=failure(actions.deactivate.value())/>
            <Problem error=failure(actions.withdraw.value())/>
            <Saved value=actions.activate.value()/>
            <Saved value=actions.deactivate.value()/>
            <Saved value=actions.withdraw.value()/>
            <ContainerSearch action=format!("/ticket/{ticket}") choices=actions.containers/>
            <Transition>
                {move || Suspend::new(async move {
                    match actions.list.await {
                        Ok(list) if list.is_empty() => view! { <p class="empty">{lang.no_licenses()}</p> }.into_any(),
                        Ok(list) => {
                            list.into_iter()
                                .map(|detail| view! { <License detail actions/> })
                                .collect::<Vec<_>>()
                                .into_any()
                        }
                        Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
                    }
                })}
            </Transition>
        </section>
    }
}

#[component]
fn License(detail: LicenseDetail, actions: LicenseActions) -> impl IntoView {
    let lang = use_language();
    let product = format::product(lang, &detail.license.product).to_owned();
    let free = detail.license.quantity - detail.license.activated;
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
        Standing::Usable(Some(_)) | Standing::Expired(_) => format::standing(lang, detail.standing),
        Standing::Usable(None) | Standing::NotYet(_) => None,
    };
    let expired = matches!(detail.standing, Standing::Expired(_));
    let may_withdraw = detail.may_withdraw;
    let unit = {
        let product = product.clone();
        move |unit: Unit| {
            let what = lang.permission_of(&product, &lang.container_of(&unit.name, &unit.person));
            let freight = Freight {
                source: LicenseSource::Activated(unit.activation),
                product: product.clone(),
                quantity: unit.quantity,
            };
            let source = freight.source;
            // What a machine holds has to come back from it first.
            let liftable = !unit.stage.held;
            let lift = liftable.then(|| {
                let (freight, what) = (freight.clone(), what.clone());
                view! { <LicenseHandle freight what/> }
            });
            let more = liftable.then(|| {
                let what = what.clone();
                view! { <LicenseMore freight what/> }
            });
            view! {
                <li
                    class="unit"
                    class:liftable=liftable
                    class:lifted=lifted(actions.board, source)
                    data-license=liftable.then(|| source.to_string())
                >
                    {lift}
                    <a class="row-link" href=format!("{CONTAINERS}/{}", unit.container) draggable="false">
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
    };
    let away = {
        let product = product.clone();
        move |(activation, quantity, at): (ActivationId, u32, Stage)| {
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
    };
    let nowhere = detail.units.is_empty() && detail.elsewhere.is_empty();
    let select = format!("container-{}", detail.license.id);
    view! {
        <article class="license">
            <LicenseHead detail=detail.clone() free=if expired { 0 } else { free } board=actions.board/>
            <p class="quiet">
                <span class="mono">{detail.article}</span> " · " {lang.activated_of(detail.license.activated, detail.license.quantity)} " · "
                {format::validity(lang, detail.terms.validity)} {standing.map(|standing| format!(" ({standing})"))} " · " {binding}
                " · " {lang.returns()} ": " {returns}
                {(!detail.features.is_empty())
                    .then(|| format!(" · {}: {}", lang.features(), detail.features.join(", ")))}
            </p>
            {if nowhere {
                view! { <p class="quiet">{lang.not_activated()}</p> }.into_any()
            } else {
                view! {
                    <ul class="plain-list">
                        // By key: a row never turns into another one while somebody is about to press something in it.
                        <For each=move || detail.units.clone() key=|unit| unit.activation children=unit/>
                        <For each=move || detail.elsewhere.clone() key=|(activation, ..)| *activation children=away/>
                    </ul>
                }
                    .into_any()
            }}
            {(free > 0 && !expired)
                .then(|| {
                    let number = lang.permission_of(lang.quantity(), &product);
                    let button = lang.permission_of(lang.activate(), &product);
                    view! {
                        <ActionForm action=actions.activate attr:class="beside">
                            <input type="hidden" name="license" value=detail.license.id.to_string()/>
                            <input type="hidden" name="key" value=key(detail.license.id.0)/>
                            <label class="labelled">
                                {lang.quantity()}
                                <input
                                    class="input number"
                                    type="number"
                                    name="quantity"
                                    value="1"
                                    min="1"
                                    max=free.to_string()
                                    required
                                    aria-label=number
                                />
                            </label>
                            <ContainerSelect
                                choices=actions.containers
                                name="container"
                                id=select
                                label=lang.activate_in()
                                without=None
                            />
                            <button class="btn" aria-label=button>{lang.activate()}</button>
                        </ActionForm>
                    }
                })}
        </article>
    }
}

/// The name of the product. What is free of it can be lifted here.
#[component]
fn LicenseHead(detail: LicenseDetail, free: u32, board: LicenseBoard) -> impl IntoView {
    let lang = use_language();
    let product = format::product(lang, &detail.license.product).to_owned();
    let freight = Freight {
        source: LicenseSource::Free(detail.license.id),
        product: product.clone(),
        quantity: free,
    };
    let source = freight.source;
    let liftable = free > 0;
    let lift = liftable.then(|| {
        let (freight, what) = (freight.clone(), product.clone());
        view! { <LicenseHandle freight what/> }
    });
    let more = liftable.then(|| view! { <LicenseMore freight what=product.clone()/> });
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

/// A key for each form of the page: the same form sent twice activates once.
fn key(license: i64) -> String {
    format!("{}-{license:x}", form_key())
}

/// Gives some or all of an activation back, or recovers it from a machine that is lost.
#[component]
pub fn GiveBack(
    /// Which.
    activation: ActivationId,
    /// How many there are.
    quantity: u32,
    /// How far it has come.
    stage: Stage,
    /// Whether the reader may take it back on the ticket's side.
    may_withdraw: bool,
    /// What it is, for who does not see the row.
    what: String,
    /// Gives it back.
    deactivate: ServerAction<Deactivate>,
    /// Takes it back.
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
