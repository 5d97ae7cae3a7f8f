//! Containers (S9): the list, and one of them with what is activated in it.

use std::time::Duration;

use domain::{
    ids::{ActivationId, ContainerId},
    licensing::{containers::ContainerKind, licenses::Standing, targets::LicenseSource},
    names::MAX_NAME,
};
use leptos::{prelude::*, task::spawn_local};
use leptos_router::{hooks::use_query_map, location::Url};

use crate::{
    api::licensing::{
        containers::{RemoveContainer, RenameContainer, SetMachineLost, container, containers},
        licenses::{Deactivate, Transfer, WithdrawLicense},
    },
    errors::ApiError,
    i18n::format,
    ui::{
        kit::{
            browser,
            forms::{AskedFirst, Problem, Saved, SearchForm, failure, only_the_last},
            icons::PlusIcon,
            language::use_language,
            location::id_of_address,
            pager::Pager,
        },
        licensing::{
            amendments::standing::StandingBadge,
            board::{DraggedLicense, HEADING, LicenseBoard},
            choices::{ContainerChoices, ContainerSearch, ContainerSelect},
            credentials::{CredentialActions, Credentials},
            dragging::{LicenseDrag, LicenseHandle, LicenseMore, lifted},
            machine::{Exchange, Lost, MachineFacts, stage},
            units::GiveBack,
        },
        shell::{
            errors::Trouble,
            following::{self, Following, part},
            live,
            page_head::PageHead,
        },
    },
    views::{
        addresses,
        licensing::containers::{
            CONTAINERS_PAGE, ContainerDetail, ContainerLicense, ContainerPage as Listed, ContainerQuery,
            ContainerRow,
        },
    },
};

/// How often the page of a container asks what machines do there.
const MACHINES: Duration = Duration::from_secs(5);

fn address(query: &ContainerQuery) -> String {
    let mut asked = Vec::new();
    if !query.search.is_empty() {
        asked.push(format!("q={}", Url::escape(&query.search)));
    }
    if let Some(user) = query.user {
        asked.push(format!("user={user}"));
    }
    if query.page > 0 {
        asked.push(format!("page={}", query.page));
    }
    if asked.is_empty() {
        addresses::CONTAINERS.to_owned()
    } else {
        format!("{}?{}", addresses::CONTAINERS, asked.join("&"))
    }
}

/// The containers within the reader's reach.
#[component]
pub fn ContainersPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let text = RwSignal::new(
        params.with_untracked(|params| params.get_str("q").unwrap_or_default().trim().to_owned()),
    );
    let query = Memo::new(move |_| {
        params.with(|params| ContainerQuery {
            search: text.get(),
            user: params.get_str("user").and_then(|user| user.parse().ok()),
            page: params
                .get_str("page")
                .and_then(|page| page.parse().ok())
                .unwrap_or(0),
        })
    });
    let list = Resource::new(move || query.get(), containers);
    let new = move || match query.with(|query| query.user) {
        Some(user) => format!("{}?user={user}", addresses::NEW_CONTAINER),
        None => addresses::NEW_CONTAINER.to_owned(),
    };
    view! {
        <div class="page wide">
            <PageHead title=lang.containers()>
                <a class="btn primary" href=new>
                    <PlusIcon/>
                    {lang.new_container()}
                </a>
            </PageHead>
            <SearchForm action=addresses::CONTAINERS name="q" label=lang.search_containers() text/>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) => view! { <Table list query/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Table(list: Listed, query: Memo<ContainerQuery>) -> impl IntoView {
    let lang = use_language();
    let Listed { rows, total } = list;
    let page = Signal::derive(move || query.with(|query| query.page));
    let to = Callback::new(move |page| {
        query.with(|query| {
            address(&ContainerQuery {
                page,
                ..query.clone()
            })
        })
    });
    let row = move |row: ContainerRow| {
        view! {
            <tr>
                <th scope="row">
                    <span>
                        <a href=addresses::container(row.id)>{row.name}</a> " "
                        {(row.kind != ContainerKind::Cloud)
                            .then(|| view! { <span class="tag">{lang.container_kind(row.kind)}</span> })}
                    </span>
                </th>
                <td data-label=lang.whose()>{row.person}</td>
                <td data-label=lang.group_context()>
                    {row.context.map(|(_, names)| view! { <span class="path">{format::path(&names)}</span> })}
                </td>
            </tr>
        }
    };
    let table = if rows.is_empty() {
        let searched = query.with_untracked(|query| !query.search.is_empty());
        let empty = if searched {
            lang.no_matches()
        } else {
            lang.no_containers()
        };
        view! { <p class="empty">{empty}</p> }.into_any()
    } else {
        view! {
            <table class="rows">
                <caption class="hidden">{lang.containers()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.name()}</th>
                        <th scope="col">{lang.whose()}</th>
                        <th scope="col">{lang.group_context()}</th>
                    </tr>
                </thead>
                <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    view! {
        {table}
        <Pager page size=CONTAINERS_PAGE total=Signal::stored(total) to/>
    }
}

/// What can be done on the page of a container.
#[derive(Clone, Copy)]
struct Actions {
    rename: ServerAction<RenameContainer>,
    deactivate: ServerAction<Deactivate>,
    withdraw: ServerAction<WithdrawLicense>,
    transfer: ServerAction<Transfer>,
    set_lost: ServerAction<SetMachineLost>,
    remove: ServerAction<RemoveContainer>,
    others: ContainerChoices,
    board: LicenseBoard,
    credentials: CredentialActions,
}

/// The page of a container.
#[component]
pub fn ContainerPage() -> impl IntoView {
    let id = id_of_address::<ContainerId>();
    let others = ContainerChoices::new("container");
    let board = LicenseBoard::new(others.search());
    provide_context(board);
    let actions = Actions {
        rename: ServerAction::new(),
        deactivate: ServerAction::new(),
        withdraw: ServerAction::new(),
        transfer: ServerAction::new(),
        set_lost: ServerAction::new(),
        remove: ServerAction::new(),
        others,
        board,
        credentials: CredentialActions::new(id),
    };
    let Actions {
        rename,
        deactivate,
        withdraw,
        transfer,
        set_lost,
        ..
    } = actions;
    only_the_last([rename.into(), deactivate.into(), withdraw.into(), transfer.into()]);
    let renewed = RwSignal::new(0_u32);
    let known = live::Known::nothing();
    let detail = Resource::new(
        move || {
            let done = [
                rename.version().get(),
                deactivate.version().get(),
                withdraw.version().get(),
                transfer.version().get(),
                set_lost.version().get(),
                board.answered.get(),
            ];
            (id.get(), done, renewed.get())
        },
        move |(id, ..)| async move {
            let id = id.ok_or(ApiError::HIDDEN)?;
            known.or_before(id, container(id).await)
        },
    );
    known.learn_from(id, detail);
    let shown = Following::new(detail, HEADING, |detail| detail.row.id);
    let renew = move || {
        renewed.try_update(|times| *times += 1);
        actions.credentials.renew();
    };
    live::follow(move || id.get().map(|id| format!("container:{id}")), renew);
    // What machines do leaves no trace in the history, and what nobody changed disturbs nobody.
    let look = move || {
        spawn_local(async move {
            if let Some(Some(id)) = id.try_get_untracked()
                && known.is_news(id, &container(id).await)
            {
                renew();
            }
        });
        actions.credentials.look();
    };
    Effect::new(move |_| browser::every(MACHINES, look));
    view! {
        <div class="page wide">{shown.shows(move |detail| view! { <Detail detail actions/> }.into_any())}</div>
        <LicenseDrag board/>
    }
}

#[component]
fn Detail(detail: Signal<ContainerDetail>, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let (id, kind) = detail.with_untracked(|detail| (detail.row.id, detail.row.kind));
    let name = part(detail, |detail| detail.row.name.clone());
    let whose = part(detail, |detail| {
        (detail.row.person.clone(), detail.row.context.clone())
    });
    let machine = part(detail, |detail| detail.machine.clone());
    let lost_at = part(detail, |detail| {
        detail.machine.as_ref().and_then(|machine| machine.lost_at)
    });
    let bound = part(detail, |detail| {
        detail
            .machine
            .as_ref()
            .is_some_and(|machine| machine.bound_at.is_some())
    });
    let update = part(detail, |detail| {
        detail.machine.as_ref().and_then(|machine| machine.update.clone())
    });
    let context = move || {
        whose.with(|(_, context)| match context {
            Some((_, names)) => lang.via(&format::path(names)),
            None => lang.without_group_context().to_owned(),
        })
    };
    let use_of = match kind {
        ContainerKind::Cloud => view! { <Credentials container=id actions=actions.credentials/> }.into_any(),
        ContainerKind::Device | ContainerKind::Dongle => view! {
            // Who reported it lost: it gets nothing any more.
            <Show when=move || lost_at.get().is_none()>
                <Exchange container=id name update/>
            </Show>
            <Show when=move || bound.get()>
                {move || view! { <Lost container=id lost_at=lost_at.get() set_lost=actions.set_lost/> }}
            </Show>
        }
        .into_any(),
    };
    view! {
        <PageHead title=following::title(move || name.try_get().unwrap_or_default())>
            <span class="tag">{lang.container_kind(kind)}</span>
            {move || lost_at.get().map(|_| view! { <span class="tag warn">{lang.reported_lost()}</span> })}
        </PageHead>
        {(kind == ContainerKind::Cloud).then(|| view! { <p class="quiet">{lang.container_help()}</p> })}
        <section class="panel">
            <dl class="facts">
                <dt>{lang.whose()}</dt>
                <dd>{move || whose.get().0} " " <span class="quiet">{context}</span></dd>
                {move || machine.get().map(|machine| view! { <MachineFacts machine/> })}
            </dl>
            <Problem error=failure(actions.rename.value())/>
            <Saved value=actions.rename.value()/>
            <ActionForm action=actions.rename attr:class="beside">
                <input type="hidden" name="container" value=id.to_string()/>
                <label class="labelled grow">
                    {lang.name()}
                    <input
                        class="input"
                        name="name"
                        value=move || name.get()
                        required
                        maxlength=MAX_NAME.to_string()
                        autocomplete="off"
                    />
                </label>
                <button class="btn">{lang.rename()}</button>
            </ActionForm>
        </section>
        <section class="panel">
            <h2 id=HEADING tabindex="-1">{lang.licenses()}</h2>
            <Problem error=failure(actions.deactivate.value())/>
            <Problem error=failure(actions.withdraw.value())/>
            <Problem error=failure(actions.transfer.value())/>
            <Saved value=actions.deactivate.value()/>
            <Saved value=actions.withdraw.value()/>
            <Saved value=actions.transfer.value()/>
            <Licenses container=id detail actions/>
        </section>
        {use_of}
        <section class="panel danger">
            <h2>{lang.remove_container()}</h2>
            <p>{lang.remove_container_help()}</p>
            <Problem error=failure(actions.remove.value())/>
            <AskedFirst label=lang.remove_container() name=lang.remove_container()>
                <p>{move || lang.removal_of_container(&name.get())}</p>
                <ActionForm action=actions.remove>
                    <input type="hidden" name="container" value=id.to_string()/>
                    <button class="btn dangerous">{lang.remove_container()}</button>
                </ActionForm>
            </AskedFirst>
        </section>
    }
}

/// The form that the boxes in the rows belong to.
const TRANSFER: &str = "transfer";

/// What is activated in the container, and how it gets out again.
#[component]
fn Licenses(container: ContainerId, detail: Signal<ContainerDetail>, actions: Actions) -> impl IntoView {
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
fn License(license: ContainerLicense, actions: Actions) -> impl IntoView {
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
