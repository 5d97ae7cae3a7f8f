//! The page of a container (S9): what is activated in it, what gets at it, and what it is called.

use std::time::Duration;

use domain::{ids::ContainerId, licensing::containers::ContainerKind, names::MAX_NAME};
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::licensing::containers::container,
    errors::ApiError,
    i18n::format,
    ui::{
        kit::{
            browser,
            forms::{AskedFirst, Problem, Saved, failure, only_the_last},
            language::use_language,
            location::id_of_address,
            menu::{Actions, MenuLink},
            meter::Meter,
            tabs::{Tabs, tab_bar},
        },
        licensing::{
            board::{HEADING, LicenseBoard},
            choices::ContainerChoices,
            contained::{Doing, Licenses},
            credentials::{CredentialActions, Credentials},
            dragging::LicenseDrag,
            machine::{Exchange, Lost, MachineFacts},
        },
        shell::{
            following::{self, Following, part},
            live,
            page_head::PageHead,
        },
    },
    views::{addresses, licensing::containers::ContainerDetail},
};

/// How often the page of a container asks what machines do there.
const MACHINES: Duration = Duration::from_secs(5);

/// The parts of the page.
const LICENSES: &str = "licenses";
const CREDENTIALS: &str = "credentials";
const SETTINGS: &str = "settings";

/// The page of a container.
#[component]
pub fn ContainerPage() -> impl IntoView {
    let id = id_of_address::<ContainerId>();
    let others = ContainerChoices::new("container");
    let board = LicenseBoard::new(others.search());
    provide_context(board);
    let tabs = Tabs::new(&[LICENSES, CREDENTIALS, SETTINGS]);
    let actions = Doing {
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
    let Doing {
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
        <div class="page wide">{shown.shows(move |detail| view! { <Detail detail actions tabs/> }.into_any())}</div>
        <LicenseDrag board/>
    }
}

#[component]
fn Detail(detail: Signal<ContainerDetail>, actions: Doing, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let (id, kind) = detail.with_untracked(|detail| (detail.row.id, detail.row.kind));
    let lost_at = part(detail, |detail| {
        detail.machine.as_ref().and_then(|machine| machine.lost_at)
    });
    let name = part(detail, |detail| detail.row.name.clone());
    let update = part(detail, |detail| {
        detail.machine.as_ref().and_then(|machine| machine.update.clone())
    });
    let page = addresses::container(id);
    let cloud = kind == ContainerKind::Cloud;
    let tabs = if cloud { tabs } else { tabs.without(CREDENTIALS) };
    let how_many = part(detail, |detail| detail.activations.len() as u64);
    let count = Signal::derive(move || lang.count(how_many.get()));
    let mut parts = vec![tabs.tab(&page, LICENSES, lang.licenses()).counting(count)];
    if cloud {
        parts.push(tabs.tab(&page, CREDENTIALS, lang.credentials()));
    }
    parts.push(tabs.tab(&page, SETTINGS, lang.settings()));
    // With a machine, licences are exchanged right where they are listed.
    let exchange = (!cloud).then(|| {
        view! {
            // Who reported it lost: it gets nothing any more.
            <Show when=move || lost_at.get().is_none()>
                <Exchange container=id name update/>
            </Show>
        }
        .into_any()
    });
    let credentials = cloud.then(|| {
        view! {
            <div hidden=tabs.hides(CREDENTIALS)>
                <Credentials container=id actions=actions.credentials/>
            </div>
        }
        .into_any()
    });
    view! {
        <Head detail kind tabs/>
        {tab_bar(parts)}
        <Problem error=failure(actions.deactivate.value())/>
        <Problem error=failure(actions.withdraw.value())/>
        <Problem error=failure(actions.transfer.value())/>
        <Problem error=failure(actions.rename.value())/>
        <Saved value=actions.deactivate.value()/>
        <Saved value=actions.withdraw.value()/>
        <Saved value=actions.transfer.value()/>
        <Saved value=actions.rename.value()/>
        <div hidden=tabs.hides(LICENSES)>
            <section class="panel">
                <h2 id=HEADING tabindex="-1">{lang.licenses()}</h2>
                <Licenses container=id detail actions/>
            </section>
            {exchange}
        </div>
        {credentials}
        <div hidden=tabs.hides(SETTINGS)>
            <Settings detail actions/>
        </div>
    }
}

/// What it is, whose, how much of it is in use, and what can be done with it.
#[component]
fn Head(detail: Signal<ContainerDetail>, kind: ContainerKind, tabs: Tabs) -> impl IntoView {
    let lang = use_language();
    let id = detail.with_untracked(|detail| detail.row.id);
    let name = part(detail, |detail| detail.row.name.clone());
    let lost = part(detail, |detail| {
        detail
            .machine
            .as_ref()
            .is_some_and(|machine| machine.lost_at.is_some())
    });
    let whose = part(detail, |detail| {
        (detail.row.person.clone(), detail.row.context.clone())
    });
    let whose = move || {
        whose.with(|(person, context)| {
            let via = match context {
                Some((_, names)) => lang.via(&format::path(names)),
                None => lang.without_group_context().to_owned(),
            };
            format!("{person} {via}")
        })
    };
    let used = part(detail, |detail| {
        let all = detail.activations.iter().map(|one| u64::from(one.quantity));
        let used = detail.activations.iter().map(|one| u64::from(one.in_use));
        (used.sum::<u64>(), all.sum::<u64>())
    });
    let used = move || {
        let (used, all) = used.get();
        (kind == ContainerKind::Cloud && all > 0).then(|| {
            view! {
                <span class="head-meter">
                    {lang.leased_of(used, all)} " " <Meter value=used of=all label=lang.licenses()/>
                </span>
            }
        })
    };
    let page = addresses::container(id);
    let settings = tabs.address(&page, SETTINGS);
    let first = match kind {
        ContainerKind::Cloud => {
            let to = tabs.address(&page, CREDENTIALS);
            view! { <MenuLink to label=lang.issue_credential()/> }.into_any()
        }
        ContainerKind::Device | ContainerKind::Dongle => {
            let to = format!("{page}#exchange");
            view! { <MenuLink to label=lang.offline_exchange()/> }.into_any()
        }
    };
    view! {
        <PageHead title=following::title(move || name.try_get().unwrap_or_default())>
            <span class="tag">{lang.container_kind(kind)}</span>
            {move || lost.get().then(|| view! { <span class="tag warn">{lang.reported_lost()}</span> })}
            <span class="actions end">
                <Actions>
                    {first} <MenuLink to=settings.clone() label=lang.rename()/>
                    <MenuLink to=settings label=lang.remove_container_dots() danger=true/>
                </Actions>
            </span>
        </PageHead>
        <p class="head-line">
            <span class="quiet">{whose}</span>
            {used}
        </p>
        {(kind == ContainerKind::Cloud).then(|| view! { <p class="quiet">{lang.container_help()}</p> })}
    }
}

/// Its name, what is known of the machine, and its end.
#[component]
fn Settings(detail: Signal<ContainerDetail>, actions: Doing) -> impl IntoView {
    let lang = use_language();
    let (id, kind) = detail.with_untracked(|detail| (detail.row.id, detail.row.kind));
    let name = part(detail, |detail| detail.row.name.clone());
    let machine = part(detail, |detail| detail.machine.clone());
    let lost_at = part(detail, |detail| {
        detail.machine.as_ref().and_then(|machine| machine.lost_at)
    });
    let bound = part(detail, |detail| {
        let machine = detail.machine.as_ref();
        machine.is_some_and(|machine| machine.bound_at.is_some())
    });
    let facts = (kind != ContainerKind::Cloud).then(|| {
        view! {
            <dl class="facts">{move || machine.get().map(|machine| view! { <MachineFacts machine/> })}</dl>
        }
        .into_any()
    });
    view! {
        <section class="panel">
            {facts}
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
        <Show when=move || bound.get()>
            {move || view! { <Lost container=id lost_at=lost_at.get() set_lost=actions.set_lost/> }}
        </Show>
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
