//! The credentials of a container, as part of its page (S10, S11, N8). Everything works without wasm: forms whose answer is
//! a file are plain ones, to which the browser answers with a download.

use std::time::Duration;

use domain::{
    ids::{ContainerId, CredentialId},
    licensing::credentials::{CredentialState, MAX_DAYS, MAX_OVERLAP},
    names::MAX_NAME,
};
use jiff::Timestamp;
use leptos::{prelude::*, task::spawn_local};

use crate::{
    api::licensing::credentials::{ResetCredentials, RevokeCredential, SwitchCredential, credentials},
    ui::{
        kit::{
            forms::{AskedFirst, Problem, Saved, after, failure},
            language::use_language,
            time::Time,
        },
        shell::{
            following::{Following, one_of, part},
            live::Known,
        },
    },
    views::{addresses, licensing::credentials::CredentialRow},
};

/// The heading, which gets the focus of what is gone.
const HEADING: &str = "credentials";

/// How long after a download was asked for the list is read again: first soon, then for slow lines.
const LOOK_AGAIN: [Duration; 2] = [Duration::from_secs(1), Duration::from_secs(5)];

/// The credentials of a container, and what can be done about them.
///
/// Made with the page: see `session::SignedIn`.
#[derive(Clone, Copy)]
pub struct CredentialActions {
    switch: ServerAction<SwitchCredential>,
    revoke: ServerAction<RevokeCredential>,
    reset: ServerAction<ResetCredentials>,
    /// A file was asked for: the page stays, and its list is old.
    asked: RwSignal<u32>,
    list: Following<Vec<CredentialRow>>,
    container: Memo<Option<ContainerId>>,
    known: Known<ContainerId, Vec<CredentialRow>>,
}

impl CredentialActions {
    /// For the container of a page.
    pub fn new(container: Memo<Option<ContainerId>>) -> Self {
        let switch = ServerAction::<SwitchCredential>::new();
        let revoke = ServerAction::<RevokeCredential>::new();
        let reset = ServerAction::<ResetCredentials>::new();
        let asked = RwSignal::new(0);
        // Only the last answer is told.
        after(switch, move || revoke.clear());
        after(revoke, move || switch.clear());
        let known = Known::nothing();
        let list = Resource::new(
            move || {
                let done = [
                    switch.version().get(),
                    revoke.version().get(),
                    reset.version().get(),
                ];
                (container.get(), done, asked.get())
            },
            move |(container, ..)| async move {
                match container {
                    Some(container) => known.or_before(container, credentials(container).await),
                    None => Ok(Vec::new()),
                }
            },
        );
        known.learn_from(container, list);
        Self {
            switch,
            revoke,
            reset,
            asked,
            list: Following::new(list, HEADING, |_| ()),
            container,
            known,
        }
    }

    /// Reads the list again.
    pub fn renew(self) {
        self.asked.try_update(|asked| *asked += 1);
    }

    /// Reads the list again if there is something new in it.
    pub fn look(self) {
        spawn_local(async move {
            if let Some(Some(container)) = self.container.try_get_untracked()
                && self.known.is_news(container, &credentials(container).await)
            {
                self.renew();
            }
        });
    }

    fn look_again(self) {
        for pause in LOOK_AGAIN {
            set_timeout(move || self.renew(), pause);
        }
    }
}

/// The credentials of a container: the list, and the forms to issue, replace, disable and revoke them, and to reset them all.
#[component]
pub fn Credentials(container: ContainerId, actions: CredentialActions) -> impl IntoView {
    let lang = use_language();
    let CredentialActions {
        switch,
        revoke,
        reset,
        list,
        ..
    } = actions;
    view! {
        <section class="panel" aria-label=lang.credentials()>
            <h2 id=HEADING tabindex="-1">{lang.credentials()}</h2>
            <p class="quiet">{lang.credentials_help()}</p>
            <Problem error=failure(switch.value())/>
            <Problem error=failure(revoke.value())/>
            {list.shows(move |list| view! { <List container list actions/> }.into_any())}
            <h3>{lang.issue_credential()}</h3>
            <form
                class="stack"
                method="post"
                action=addresses::credentials(container)
                on:submit=move |_| actions.look_again()
            >
                <NewFields/>
                <p class="warning">{lang.credential_shown_once()}</p>
                <p class="actions">
                    <button class="btn primary">{lang.issue_and_download()}</button>
                </p>
            </form>
        </section>
        <section class="panel danger">
            <h2>{lang.reset_credentials()}</h2>
            <p>{lang.reset_credentials_help()}</p>
            <Problem error=failure(reset.value())/>
            <Saved value=reset.value()/>
            <AskedFirst label=lang.reset_credentials() name=lang.reset_credentials()>
                <p>
                    <Transition>
                        {move || Suspend::new(async move {
                            let list = list.answers().await.unwrap_or_default();
                            let usable = list.iter().filter(|row| is_usable(row));
                            lang.reset_ends(&usable.map(|row| row.label.as_str()).collect::<Vec<_>>())
                        })}
                    </Transition>
                </p>
                <ActionForm action=reset>
                    <input type="hidden" name="container" value=container.to_string()/>
                    <button class="btn dangerous">{lang.reset_credentials()}</button>
                </ActionForm>
            </AskedFirst>
            <details>
                <summary>{lang.reset_with_new()}</summary>
                <form
                    class="stack"
                    method="post"
                    action=addresses::credentials_reset(container)
                    on:submit=move |_| actions.look_again()
                >
                    <NewFields/>
                    <p class="actions">
                        <button class="btn dangerous">{lang.reset_with_new()}</button>
                    </p>
                </form>
            </details>
        </section>
    }
}

/// What is asked for with a new credential.
#[component]
fn NewFields() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.credential_label()}
            <input class="input" name="label" required maxlength=MAX_NAME.to_string() autocomplete="off"/>
            <small class="note">{lang.credential_label_help()}</small>
        </label>
        <Days/>
    }
}

#[component]
fn Days() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.credential_days()}
            <input class="input" type="number" name="days" min="1" max=MAX_DAYS.to_string() autocomplete="off"/>
            <small class="note">{lang.credential_days_help()}</small>
        </label>
    }
}

#[component]
fn List(
    container: ContainerId,
    list: Signal<Vec<CredentialRow>>,
    actions: CredentialActions,
) -> impl IntoView {
    let lang = use_language();
    let credentials = part(list, |list| list.iter().map(|row| row.id).collect::<Vec<_>>());
    let some = part(list, |list| !list.is_empty());
    let row = move |id: CredentialId| {
        let find = move |list: &Vec<CredentialRow>| list.iter().find(|row| row.id == id).cloned();
        one_of(list, find).map(|row| move || view! { <Row container row=row.get() actions/> })
    };
    let empty = move || view! { <p class="empty">{lang.no_credentials()}</p> };
    view! {
        <Show when=move || some.get() fallback=empty>
            <table class="rows credentials" aria-label=lang.credentials()>
                <thead>
                    <tr>
                        <th scope="col">{lang.credential_label()}</th>
                        <th scope="col">{lang.credential_issued()}</th>
                        <th scope="col">{lang.credential_expires()}</th>
                        <th scope="col">{lang.credential_last_used()}</th>
                        <th scope="col">{lang.state()}</th>
                        <td></td>
                    </tr>
                </thead>
                <tbody>
                    // By key: what somebody opened stays with its credential when another one comes before it.
                    <For each=move || credentials.get() key=|id| *id children=row/>
                </tbody>
            </table>
        </Show>
    }
}

const fn is_usable(row: &CredentialRow) -> bool {
    matches!(row.state, CredentialState::Active | CredentialState::Disabled)
}

#[component]
fn Row(container: ContainerId, row: CredentialRow, actions: CredentialActions) -> impl IntoView {
    let lang = use_language();
    let time = move |at: Option<Timestamp>| match at {
        Some(at) => view! { <Time at=at/> }.into_any(),
        None => lang.credential_never().into_any(),
    };
    let named = |what: &str| lang.permission_of(what, &row.label);
    let id = row.id.to_string();
    let usable = is_usable(&row);
    let switch = usable.then(|| {
        let on = row.state == CredentialState::Disabled;
        let word = if on {
            lang.enable_credential()
        } else {
            lang.disable_credential()
        };
        let (id, name) = (id.clone(), named(word));
        view! {
            <ActionForm action=actions.switch>
                <input type="hidden" name="credential" value=id/>
                <input type="hidden" name="on" value=on.to_string()/>
                <button class="btn" aria-label=name>{word}</button>
            </ActionForm>
        }
    });
    let replace = usable.then(|| {
        let name = named(lang.replace_and_download());
        view! {
            <form
                class="stack"
                method="post"
                action=addresses::credential_rotate(container, row.id)
                on:submit=move |_| actions.look_again()
            >
                <label class="labelled">
                    {lang.credential_overlap()}
                    <input
                        class="input"
                        type="number"
                        name="overlap"
                        min="0"
                        max=MAX_OVERLAP.to_string()
                        value="7"
                        required
                        autocomplete="off"
                    />
                </label>
                <Days/>
                <p class="actions">
                    <button class="btn" aria-label=name>{lang.replace_and_download()}</button>
                </p>
            </form>
        }
    });
    // What is in use is disabled first.
    let revoke = matches!(row.state, CredentialState::Disabled | CredentialState::Expired).then(|| {
        let (id, name) = (id.clone(), named(lang.revoke_credential()));
        view! {
            <ActionForm action=actions.revoke>
                <input type="hidden" name="credential" value=id/>
                <p class="quiet">{lang.revoke_credential_help()}</p>
                <button class="btn dangerous" aria-label=name>{lang.revoke_credential()}</button>
            </ActionForm>
        }
    });
    let first = (row.state == CredentialState::Active)
        .then(|| view! { <p class="quiet">{lang.disable_before_revoking()}</p> });
    // It says what is behind it: what has expired is not replaced any more.
    let word = if replace.is_some() {
        lang.more_about_credential()
    } else {
        lang.revoke_credential()
    };
    let more = (replace.is_some() || revoke.is_some()).then(|| {
        view! {
            <details>
                <summary aria-label=named(word)>{word}</summary>
                {replace}
                {revoke}
                {first}
            </details>
        }
    });
    view! {
        <tr>
            <th scope="row">{row.label.clone()}</th>
            <td data-label=lang.credential_issued()>
                <span>{time(Some(row.issued_at))} " " {row.issued_by.map(|name| lang.issued_by(&name))}</span>
            </td>
            <td data-label=lang.credential_expires()>{time(row.expires_at)}</td>
            <td data-label=lang.credential_last_used()>{time(row.last_used_at)}</td>
            <td data-label=lang.state()>
                <span class="tag" class:mine=row.state == CredentialState::Active>{lang.credential_state(row.state)}</span>
            </td>
            <td class="row-actions">{switch} {more}</td>
        </tr>
    }
}
