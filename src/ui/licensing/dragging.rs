//! Bringing licences into containers (S8): handles and buttons beside them, the shelf of containers that appears under a
//! drag, and the dialog that does the same by taps and keys alone.

use domain::licensing::targets::LicenseSource;
use leptos::{ev::SubmitEvent, prelude::*};

use crate::{
    api::licensing::licenses::containers_for,
    errors::{
        ApiError,
        words::{explain, why_not},
    },
    i18n::{Language, format},
    ui::{
        drag::{board::Board, ghost::Ghost, keyboard, pointer},
        kit::{
            dialog::{SheetHead, dialog_while},
            forms::SearchForm,
            icons::ContainerIcon,
            language::use_language,
            toast::ToastArea,
        },
        licensing::board::{Asking, DraggedLicense, LicenseBoard, container_name},
    },
    views::licensing::{
        containers::{CONTAINERS_PAGE, ContainerRow},
        targets::{LicenseTarget, LicenseTargets},
    },
};

/// Lifts licences by a click or by keys; the row with it can be dragged.
#[component]
pub fn LicenseHandle(
    dragged_license: DraggedLicense,
    /// What they are, for who does not see the row.
    what: String,
) -> impl IntoView {
    let board = expect_context::<LicenseBoard>();
    board.offer(dragged_license.clone());
    let name = use_language().drag_code(&what);
    view! {
        <button
            type="button"
            class="handle with-wasm"
            data-control="handle"
            aria-label=name.clone()
            title=name
            on:click=move |_| keyboard::lift(board, dragged_license.clone())
        >
            <span class="grip" aria-hidden="true">"⠿"</span>
        </button>
    }
}

/// Opens the dialog for licences.
#[component]
pub fn LicenseMore(
    dragged_license: DraggedLicense,
    /// What they are, for who does not see the row.
    what: String,
) -> impl IntoView {
    let lang = use_language();
    let board = expect_context::<LicenseBoard>();
    let words = match dragged_license.source {
        LicenseSource::Free(_) => lang.activate_in_dots(),
        LicenseSource::Activated(_) => lang.transfer_to_dots(),
    };
    view! {
        <button
            type="button"
            class="btn with-wasm"
            data-control="more"
            aria-label=lang.permission_of(words, &what)
            on:click=move |_| {
                board.asking.set(Some(Asking { dragged_license: dragged_license.clone(), to: None, by_keys: false }));
            }
        >
            {words}
        </button>
    }
}

/// Whether the licences are being dragged.
pub fn lifted(board: LicenseBoard, source: LicenseSource) -> Memo<bool> {
    Memo::new(move |_| {
        board.drag().dragged_item.with(|dragged_license| {
            dragged_license
                .as_ref()
                .is_some_and(|dragged_license| dragged_license.source == source)
        })
    })
}

/// The drag of licences on a page. It stands in the page once.
#[component]
pub fn LicenseDrag(
    /// What is known of it.
    board: LicenseBoard,
) -> impl IntoView {
    let drag = board.drag();
    let dragging = Memo::new(move |_| drag.dragged_item.with(Option::is_some));
    Effect::new(move |_| pointer::listen(board));
    view! {
        <div class="carry" class:dragging=dragging class:by-keys=drag.by_keys class:resting=drag.resting>
            {move || {
                dragging
                    .get()
                    .then(|| {
                        view! {
                            <Shelf board/>
                            <Ghost board/>
                        }
                    })
            }}
            <div class="scrim"></div>
            <p class="hidden announcer" role="status" aria-live="assertive">{drag.spoken}</p>
        </div>
        <BringDialog board/>
        <ToastArea/>
    }
}

/// The containers, while something is dragged.
#[component]
fn Shelf(board: LicenseBoard) -> impl IntoView {
    let lang = use_language();
    let bays = move || {
        let Some(LicenseTargets { rows, total }) = board.targets.get() else {
            return view! { <p class="skeleton">{lang.loading()}</p> }.into_any();
        };
        if rows.is_empty() {
            return view! { <p class="empty">{lang.no_containers()}</p> }.into_any();
        }
        let more = total > u64::from(CONTAINERS_PAGE);
        let bay = |target: LicenseTarget| view! { <Bay board target/> };
        view! {
            <div role="listbox" aria-labelledby="shelf">{rows.into_iter().map(bay).collect::<Vec<_>>()}</div>
            {more.then(|| view! { <p class="empty">{lang.narrow_containers()}</p> })}
        }
        .into_any()
    };
    view! {
        <section class="shelf" aria-labelledby="shelf">
            <h2 id="shelf">{lang.containers()}</h2>
            <div class="shelf-lines">{bays}</div>
        </section>
    }
}

/// A container to drop on: whose it is, and what a drop does there or why it does nothing.
#[component]
fn Bay(board: LicenseBoard, target: LicenseTarget) -> impl IntoView {
    let lang = use_language();
    let LicenseTarget { container, denied } = target;
    let id = container.id;
    let over = Memo::new(move |_| board.drag().over.get() == Some(id));
    let remark = move || match denied {
        Some(denied) => Some(why_not(lang, &denied)),
        None if over.get() => board.drag().dragged_item.with(|dragged_license| {
            dragged_license
                .as_ref()
                .map(|dragged_license| match dragged_license.source {
                    LicenseSource::Free(_) => lang.drop_to_activate(),
                    LicenseSource::Activated(_) => lang.drop_to_transfer(),
                })
        }),
        None => None,
    };
    view! {
        <div
            role="option"
            class="bay"
            class:yes=denied.is_none()
            class:no=denied.is_some()
            class:over=over
            data-container=id.to_string()
            aria-disabled=denied.is_some().then_some("true")
            aria-selected=move || over.get().to_string()
            tabindex="-1"
        >
            <ContainerIcon/>
            <span class="bay-name">
                <bdi>{container_name(lang, &container)}</bdi>
                <small>{context(&container)}</small>
            </span>
            <span class="why">{remark}</span>
        </div>
    }
}

fn context(container: &ContainerRow) -> Option<String> {
    let (_, names) = container.context.as_ref()?;
    Some(format::path(names))
}

/// Asks where licences go to and how many, or only how many. Open while there is a question.
///
/// It stands in the page once. The browser keeps the focus inside, closes it on Esc, and gives the focus back.
#[component]
fn BringDialog(board: LicenseBoard) -> impl IntoView {
    let lang = use_language();
    let asking = board.asking;
    let dialog = dialog_while(move || asking.with(Option::is_some));
    view! {
        <dialog
            class="sheet"
            node_ref=dialog
            aria-labelledby="bring"
            on:close=move |_| board.close()
            on:click=move |event| {
                // A click on the dialog itself is one beside its contents.
                if event.target() == event.current_target() {
                    board.close();
                }
            }
        >
            {move || {
                asking
                    .get()
                    .map(|asked| {
                        view! {
                            <div class="sheet-body">
                                <SheetHead heading=question(lang, &asked) id="bring" close=move || board.close()/>
                                <BringForm board asked/>
                            </div>
                        }
                    })
            }}
        </dialog>
    }
}

fn question(
    lang: Language,
    Asking {
        dragged_license, to, ..
    }: &Asking,
) -> String {
    match (to, dragged_license.source) {
        (Some(to), _) => lang.activate_how_many(&dragged_license.product, &container_name(lang, to)),
        (None, LicenseSource::Free(_)) => lang.activate_what_in(&dragged_license.product),
        (None, LicenseSource::Activated(_)) => lang.transfer_what_to(&dragged_license.product),
    }
}

/// The form in the dialog.
#[component]
fn BringForm(board: LicenseBoard, asked: Asking) -> impl IntoView {
    let lang = use_language();
    let Asking {
        dragged_license, to, ..
    } = asked;
    let chosen = RwSignal::new(to.clone());
    // Those of a container go together.
    let quantity = RwSignal::new(if dragged_license.divisible() {
        1
    } else {
        dragged_license.quantity
    });
    let source = dragged_license.source;
    let most = dragged_license.quantity;
    let number = dragged_license.divisible().then(|| {
        view! {
            <label class="labelled">
                {lang.quantity()}
                <input
                    class="input number"
                    type="number"
                    value="1"
                    min="1"
                    max=most.to_string()
                    required
                    autofocus=to.is_some()
                    on:input:target=move |event| {
                        // What is no number, the browser does not let through.
                        if let Ok(number) = event.target().value().parse() {
                            quantity.set(number);
                        }
                    }
                />
            </label>
        }
    });
    let choice = to.is_none().then(|| view! { <Choice source chosen/> });
    let button = match source {
        LicenseSource::Free(_) => lang.activate(),
        LicenseSource::Activated(_) => lang.transfer(),
    };
    // The browser asks for a choice before it submits.
    let on_submit = move |event: SubmitEvent| {
        event.prevent_default();
        if let Some(to) = chosen.get_untracked() {
            let number = quantity.get_untracked();
            board.close();
            board.bring(dragged_license.clone(), to, number);
        }
    };
    view! {
        <form id="bring-form" class="move-form" on:submit=on_submit>
            {choice}
            {number}
            <p class="actions">
                <button class="btn primary">{button}</button>
            </p>
        </form>
    }
}

/// The containers to choose from; those that are not permitted say why.
#[component]
fn Choice(source: LicenseSource, chosen: RwSignal<Option<ContainerRow>>) -> impl IntoView {
    let lang = use_language();
    let text = RwSignal::new(String::new());
    let found = Resource::new(move || text.get(), move |text| containers_for(source, text));
    let rows = move |answer: Result<LicenseTargets, ApiError>| match answer {
        Err(error) => view! { <p class="problem">{explain(lang, &error)}</p> }.into_any(),
        Ok(LicenseTargets { rows, .. }) if rows.is_empty() => {
            view! { <p class="empty">{lang.no_matches()}</p> }.into_any()
        }
        Ok(LicenseTargets { rows, total }) => {
            let more = total > u64::from(CONTAINERS_PAGE);
            view! {
                // By key: a row never turns into another one while somebody is about to press it.
                <For each=move || rows.clone() key=|target| target.container.id let:target>
                    <ChoiceRow target chosen/>
                </For>
                {more.then(|| view! { <p class="empty">{lang.narrow_containers()}</p> })}
            }
            .into_any()
        }
    };
    view! {
        <SearchForm action="" name="q" label=lang.search_containers() text/>
        <fieldset class="targets">
            <legend class="hidden">{lang.containers()}</legend>
            <Transition>{move || Suspend::new(async move { rows(found.await) })}</Transition>
        </fieldset>
    }
}

#[component]
fn ChoiceRow(target: LicenseTarget, chosen: RwSignal<Option<ContainerRow>>) -> impl IntoView {
    let lang = use_language();
    let LicenseTarget { container, denied } = target;
    let id = container.id;
    let name = container_name(lang, &container);
    let remark = denied
        .map(|denied| why_not(lang, &denied).to_owned())
        .or_else(|| context(&container));
    view! {
        <label class="target" class:no=denied.is_some()>
            <input
                type="radio"
                name="to"
                required
                disabled=denied.is_some()
                on:change=move |_| chosen.set(Some(container.clone()))
                prop:checked=move || chosen.with(|chosen| chosen.as_ref().is_some_and(|chosen| chosen.id == id))
            />
            <ContainerIcon/>
            <span class="target-name">{name} " " <small>{remark}</small></span>
        </label>
    }
}
