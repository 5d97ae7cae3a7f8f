//! The machine that a container is, as part of its page: the exchange with it (N10), and what becomes of it when it is lost.
//! Everything works without wasm: what is uploaded goes by a plain form.

use domain::{
    ids::ContainerId,
    licensing::devices::{ActivationState, MAX_HARDWARE, Stage},
};
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::licensing::containers::SetMachineLost,
    i18n::{
        Language,
        format::{date, date_time, machine_time},
    },
    ui::kit::{
        forms::{Problem, failure},
        language::use_language,
        qr_code::QrPicture,
    },
    views::{
        addresses,
        licensing::{
            devices::{Machine, UpdateDetail},
            qr_codes::QrCode,
        },
    },
};

/// How far an activation on a machine has come, in words; nothing for one in a cloud container.
#[must_use]
pub fn stage(lang: Language, stage: Stage) -> Option<String> {
    let state = stage.custody.state;
    if state == ActivationState::Assigned {
        return Some(lang.state_assigned().to_owned());
    }
    let day = date(lang, stage.custody.signed_until?);
    Some(match state {
        _ if !stage.held => lang.state_run_out(&day),
        _ if stage.lost => lang.state_lost(&day),
        ActivationState::Collected => lang.state_collected(&day),
        ActivationState::Returning => lang.state_leaving(false, &day),
        ActivationState::Withdrawing => lang.state_leaving(true, &day),
        _ => lang.state_confirmed(&day),
    })
}

/// What is known of the machine, in a list of facts.
#[component]
pub fn MachineFacts(machine: Machine) -> impl IntoView {
    let lang = use_language();
    let known = machine.host.is_some() || machine.hardware.is_some();
    view! {
        <dt>{lang.machine()}</dt>
        <dd>
            {machine.host} " " {machine.hardware.map(|hardware| view! { <span class="mono quiet wrap">{hardware}</span> })}
            {(!known).then(|| view! { <span class="quiet">{lang.machine_unknown()}</span> })} " "
            {machine.bound_at.map(|at| view! { <span class="quiet">{lang.bound_since(&date(lang, at))}</span> })}
        </dd>
    }
}

/// The steps of the exchange.
#[component]
pub fn Exchange(
    /// With which machine.
    container: ContainerId,
    /// Its container's name.
    name: Memo<String>,
    update: Memo<Option<UpdateDetail>>,
) -> impl IntoView {
    let lang = use_language();
    let exchanged = use_query_map().with_untracked(|query| query.get("exchanged"));
    let told = match exchanged.as_deref() {
        Some("update") => Some(lang.exchanged_update()),
        Some("receipt") => Some(lang.exchanged_receipt()),
        _ => None,
    };
    let waits = Memo::new(move |_| {
        update.with(|update| {
            update
                .as_ref()
                .is_some_and(|update| update.confirmed_at.is_none())
        })
    });
    let file = move |what: &str| format!("{:?}", format!("{}.{what}", name.get()));
    let request = move || {
        format!(
            "license-client request --setup {} --out request.jwt",
            file("setup.json")
        )
    };
    let import = move || {
        format!(
            "license-client update {} --receipt receipt.jwt",
            file("update.jwt")
        )
    };
    view! {
        <section class="panel" id="exchange" aria-label=lang.offline_exchange()>
            <h2>{lang.offline_exchange()}</h2>
            <p class="quiet">{lang.machine_help()}</p>
            <div role="status">{told.map(|told| view! { <p class="saved">{told}</p> })}</div>
            <ol class="steps">
                <li>
                    <h3>{lang.set_up_machine()}</h3>
                    <p>
                        <a class="btn" href=addresses::container_setup(container) download rel="external">
                            {lang.download_setup()}
                        </a>
                    </p>
                </li>
                <li>
                    <h3>{lang.write_request()}</h3>
                    <p>{lang.on_machine()} ": " <code class="mono wrap">{request}</code></p>
                    <Show when=move || !waits.get()>
                        <UploadForm container/>
                    </Show>
                </li>
                {move || update.get().map(|update| view! { <UpdateSteps container update import=import()/> })}
                <Show when=move || waits.get()>
                    <li>
                        <h3>{lang.bring_receipt()}</h3>
                        <UploadForm container/>
                    </li>
                </Show>
            </ol>
        </section>
    }
}

/// Takes a request or a receipt: which of the two, the text says itself.
#[component]
fn UploadForm(container: ContainerId) -> impl IntoView {
    let lang = use_language();
    view! {
        <form
            class="stack"
            method="post"
            enctype="multipart/form-data"
            action=addresses::container_exchange(container)
        >
            <label class="labelled">
                {lang.file_or_photo()}
                <input class="input" type="file" name="file" accept=".jwt,.txt,text/plain,image/png,image/jpeg"/>
            </label>
            <label class="labelled">
                {lang.exchange_text()}
                <textarea class="input mono" name="text" rows="2" autocomplete="off" spellcheck="false"></textarea>
            </label>
            <p class="actions">
                <button class="btn primary">{lang.upload()}</button>
            </p>
        </form>
    }
}

#[component]
fn UpdateSteps(container: ContainerId, update: UpdateDetail, import: String) -> impl IntoView {
    let lang = use_language();
    let confirmed = match update.confirmed_at {
        Some(at) => lang.confirmed_on(&date_time(lang, at)),
        None => lang.not_confirmed().to_owned(),
    };
    let picture = match update.picture {
        Some(QrCode { width, path }) => view! { <QrPicture width path/> }.into_any(),
        None => view! { <p class="quiet">{lang.update_too_long()}</p> }.into_any(),
    };
    view! {
        <li>
            <h3>{lang.take_update()}</h3>
            <p>
                <time datetime=machine_time(update.at)>{lang.update_of(&date_time(lang, update.at))}</time> " " {confirmed}
            </p>
            {update.outdated.then(|| view! { <p class="warning">{lang.update_needed()}</p> })}
            {update
                .confirmed_at
                .is_none()
                .then(|| {
                    view! {
                        <p>
                            <a class="btn" href=addresses::container_update(container) download rel="external">
                                {lang.download_update()}
                            </a>
                        </p>
                        {picture}
                        <p>{lang.on_machine()} ": " <code class="mono wrap">{import}</code></p>
                    }
                })}
        </li>
    }
}

/// Reports the machine lost, or found.
#[component]
pub fn Lost(
    container: ContainerId,
    /// Since when it is reported lost.
    lost_at: Option<Timestamp>,
    set_lost: ServerAction<SetMachineLost>,
) -> impl IntoView {
    let lang = use_language();
    let (word, help) = match lost_at {
        None => (lang.report_lost(), lang.report_lost_help()),
        Some(_) => (lang.report_found(), lang.report_found_help()),
    };
    view! {
        <section class="panel" class:danger=lost_at.is_none()>
            <h2>{word}</h2>
            <p>{help}</p>
            <Problem error=failure(set_lost.value())/>
            <ActionForm action=set_lost>
                <input type="hidden" name="container" value=container.to_string()/>
                <input type="hidden" name="lost" value=lost_at.is_none().to_string()/>
                <button class="btn" class:dangerous=lost_at.is_none()>{word}</button>
            </ActionForm>
        </section>
    }
}

/// What a new container is, in its form.
#[component]
pub fn KindFields() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled" for="kind">{lang.kind()}</label>
        <select id="kind" class="input" name="kind">
            <option value="Cloud">{lang.kind_cloud()}</option>
            <option value="Device">{lang.kind_device()}</option>
            <option value="Dongle">{lang.kind_dongle()}</option>
        </select>
        <label class="labelled of-dongle">
            {lang.serial_number()}
            <input class="input mono" name="serial" maxlength=MAX_HARDWARE.to_string() autocomplete="off"/>
            <small class="note">{lang.serial_number_help()}</small>
        </label>
    }
}
