//! Identity providers, for ISV admins: the list with the form for a new one, and the page of each.

use domain::{
    accounts::identity_providers::{MAX_CLIENT_ID, MAX_CLIENT_SECRET, MAX_ISSUER, MAX_SCOPES},
    ids::{GroupId, IdentityProviderId},
    names::MAX_NAME,
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::{
        accounts::identity_providers::{
            CreateIdentityProvider, DeleteIdentityProvider, SaveIdentityProvider, SwitchIdentityProvider,
            TestIdentityProvider, identity_provider, identity_providers,
        },
        groups::administered,
    },
    errors::ApiError,
    ui::{
        kit::{
            copy::CopyButton,
            forms::{AskedFirst, Problem, Saved, failure, only_the_last},
            language::use_language,
            location::id_of_address,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{
        accounts::identity_providers::{ProviderRow, TestRun},
        addresses,
        groups::Choice,
    },
};

/// All providers.
#[component]
pub fn IdentityProvidersPage() -> impl IntoView {
    let lang = use_language();
    let create = ServerAction::<CreateIdentityProvider>::new();
    let refused = failure(create.value());
    let list = Resource::new(|| (), |()| identity_providers());
    let removed = use_query_map().with_untracked(|query| query.get_str("done") == Some("removed"));
    view! {
        <div class="page">
            <AdminNav/>
            <PageHead title=lang.identity_providers()/>
            <p class="quiet">{lang.identity_providers_help()}</p>
            <Problem error=refused/>
            <p class="saved" role="status">{removed.then(|| lang.provider_removed())}</p>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(rows) if rows.is_empty() => {
                            view! { <p class="empty">{lang.no_identity_providers()}</p> }.into_any()
                        }
                        Ok(rows) => view! { <List rows/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            // Without scripts, what was refused is told on the page as it is loaded again.
            <details class="asked" open=refused.get_untracked().is_some()>
                <summary class="btn primary">{lang.new_identity_provider_dots()}</summary>
                <section class="panel">
                    <h2>{lang.new_identity_provider()}</h2>
                    <ActionForm action=create attr:class="stack">
                        <Fields row=None/>
                        <p class="actions">
                            <button class="btn primary">{lang.add_provider()}</button>
                        </p>
                    </ActionForm>
                </section>
            </details>
        </div>
    }
}

#[component]
fn List(rows: Vec<ProviderRow>) -> impl IntoView {
    let lang = use_language();
    let row = move |row: ProviderRow| {
        view! {
            <tr>
                <th scope="row">
                    <a href=addresses::identity_provider(row.id)>{row.name.clone()}</a>
                </th>
                <td data-label=lang.issuer()>
                    <span class="mono wrap">{row.issuer.clone()}</span>
                </td>
                <td data-label=lang.linked_accounts()>{row.linked}</td>
                <td data-label=lang.state()>
                    <StateTag active=row.active/>
                </td>
            </tr>
        }
    };
    view! {
        <table class="rows" aria-label=lang.identity_providers()>
            <thead>
                <tr>
                    <th scope="col">{lang.name()}</th>
                    <th scope="col">{lang.issuer()}</th>
                    <th scope="col">{lang.linked_accounts()}</th>
                    <th scope="col">{lang.state()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
}

#[component]
fn StateTag(active: bool) -> impl IntoView {
    let lang = use_language();
    let (word, class) = if active {
        (lang.provider_on(), "tag mine")
    } else {
        (lang.provider_off(), "tag")
    };
    view! { <span class=class>{word}</span> }
}

#[derive(Clone, Copy)]
struct Actions {
    save: ServerAction<SaveIdentityProvider>,
    switch: ServerAction<SwitchIdentityProvider>,
    test: ServerAction<TestIdentityProvider>,
    delete: ServerAction<DeleteIdentityProvider>,
}

impl Actions {
    fn new() -> Self {
        let actions = Self {
            save: ServerAction::new(),
            switch: ServerAction::new(),
            test: ServerAction::new(),
            delete: ServerAction::new(),
        };
        only_the_last([actions.save.into(), actions.switch.into(), actions.test.into()]);
        actions
    }
}

/// A provider.
#[component]
pub fn IdentityProviderPage() -> impl IntoView {
    let id = id_of_address::<IdentityProviderId>();
    let actions = Actions::new();
    let provider = live::kept(
        move || id.get(),
        move || [actions.save.version().get(), actions.switch.version().get()],
        |id| async move { identity_provider(id.ok_or(ApiError::HIDDEN)?).await },
    );
    view! {
        <div class="page">
            <AdminNav/>
            <Problem error=failure(actions.save.value())/>
            <Problem error=failure(actions.switch.value())/>
            <Problem error=failure(actions.test.value())/>
            <Problem error=failure(actions.delete.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match provider.await {
                        Ok(row) => view! { <Settings row actions/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Settings(row: ProviderRow, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let (id, active) = (row.id, row.active);
    let back = row.back.clone();
    let of_branch = row.branch.map(|_| addresses::sign_in(id));
    let remove = lang.permission_of(lang.remove_provider(), &row.name);
    view! {
        <PageHead title=row.name.clone()>
            <span class="actions end">
                <ActionForm action=actions.test>
                    <input type="hidden" name="provider" value=id.to_string()/>
                    <button class="btn">{lang.test_provider()}</button>
                </ActionForm>
                <ActionForm action=actions.switch>
                    <input type="hidden" name="provider" value=id.to_string()/>
                    <input type="hidden" name="on" value=(!active).to_string()/>
                    <button class="btn" class:primary=!active>
                        {if active { lang.switch_provider_off() } else { lang.switch_provider_on() }}
                    </button>
                </ActionForm>
            </span>
        </PageHead>
        <p><StateTag active/></p>
        <p class="quiet">{lang.test_provider_help()}</p>
        <Found test=actions.test/>
        <section class="panel">
            <dl class="facts">
                <dt>{lang.back_address()}</dt>
                <dd>
                    <span class="mono wrap">{back.clone()}</span> " " <CopyButton text=back label=lang.back_address()/>
                    <p class="quiet">{lang.back_address_help()}</p>
                </dd>
                {of_branch
                    .map(|address| {
                        view! {
                            <dt>{lang.branch_address()}</dt>
                            <dd>
                                <span class="mono wrap">{address}</span>
                                <p class="quiet">{lang.branch_address_help()}</p>
                            </dd>
                        }
                    })}
                <dt>{lang.linked_accounts()}</dt>
                <dd>{row.linked}</dd>
            </dl>
        </section>
        <section class="panel">
            <Saved value=actions.save.value()/>
            <ActionForm action=actions.save attr:class="stack">
                <input type="hidden" name="provider" value=id.to_string()/>
                <Fields row=Some(row)/>
                <p class="actions">
                    <button class="btn primary">{lang.save()}</button>
                </p>
            </ActionForm>
        </section>
        <AskedFirst label=lang.remove_provider() name=remove.clone()>
            <p class="quiet">{lang.remove_provider_help()}</p>
            <ActionForm action=actions.delete>
                <input type="hidden" name="provider" value=id.to_string()/>
                <button class="btn dangerous" aria-label=remove>{lang.remove_provider()}</button>
            </ActionForm>
        </AskedFirst>
    }
}

/// What a test run found.
#[component]
fn Found(test: ServerAction<TestIdentityProvider>) -> impl IntoView {
    let lang = use_language();
    let found = move |run: TestRun| match run.problem {
        Some(problem) => {
            view! { <p class="problem">{lang.provider_does_not_work()} " " {problem}</p> }.into_any()
        }
        None => {
            let algorithms = if run.algorithms.is_empty() {
                lang.no_usable_algorithm().to_owned()
            } else {
                run.algorithms.join(", ")
            };
            let itself = if run.names_itself {
                lang.provider_names_itself()
            } else {
                lang.provider_does_not_name_itself()
            };
            view! {
                <p class="saved">{lang.provider_works()}</p>
                <ul>
                    <li>{lang.provider_sends_to(&run.authorization_endpoint)}</li>
                    <li>{lang.provider_signs_with(run.keys, &algorithms)}</li>
                    <li>{itself}</li>
                    {run.logs_out.then(|| view! { <li>{lang.provider_logs_out()}</li> })}
                </ul>
            }
            .into_any()
        }
    };
    view! { <div role="status">{move || test.value().get().and_then(Result::ok).map(found)}</div> }
}

/// A group to choose, or none.
#[component]
fn GroupField(
    name: &'static str,
    label: &'static str,
    help: &'static str,
    none: &'static str,
    chosen: Option<GroupId>,
    groups: Resource<Result<Vec<Choice>, ApiError>>,
) -> impl IntoView {
    let chosen_id = chosen.map(|group| group.to_string());
    view! {
        <label class="labelled">
            {label}
            <select class="input" name=name>
                <option value="">{none}</option>
                <Suspense>
                    {move || {
                        let chosen = chosen_id.clone();
                        Suspend::new(async move {
                            let mut options = groups.await.unwrap_or_default();
                            let ids: Vec<String> = options.iter().map(|choice| choice.id.to_string()).collect();
                            let missing = chosen.clone().filter(|chosen| !ids.contains(chosen));
                            let option = |choice: Choice| {
                                let id = choice.id.to_string();
                                let selected = chosen.as_deref() == Some(id.as_str());
                                view! { <option value=id selected=selected>{choice.label}</option> }
                            };
                            let options = options.drain(..).map(option).collect::<Vec<_>>();
                            view! {
                                // More groups than the list offers: the chosen one stays.
                                {missing.map(|id| view! { <option value=id.clone() selected=true>{id.clone()}</option> })}
                                {options}
                            }
                        })
                    }}
                </Suspense>
            </select>
            <small class="note">{help}</small>
        </label>
    }
}

#[component]
fn TextField(
    name: &'static str,
    label: &'static str,
    value: String,
    longest: usize,
    #[prop(optional)] help: Option<&'static str>,
    #[prop(optional)] required: bool,
) -> impl IntoView {
    view! {
        <label class="labelled">
            {label}
            <input
                class="input"
                name=name
                value=value
                required=required
                maxlength=longest.to_string()
                autocomplete="off"
                spellcheck="false"
            />
            {help.map(|help| view! { <small class="note">{help}</small> })}
        </label>
    }
}

#[component]
fn Fields(
    /// What it is like so far; none of a new one.
    row: Option<ProviderRow>,
) -> impl IntoView {
    let lang = use_language();
    let groups = Resource::new(|| (), |()| administered(String::new(), None));
    let new = row.is_none();
    let has_secret = row.as_ref().is_some_and(|row| row.has_secret);
    let secret_help = match (new, has_secret) {
        (true, _) => None,
        (false, true) => Some(lang.client_secret_kept()),
        (false, false) => Some(lang.client_secret_lost()),
    };
    let text = |of: fn(&ProviderRow) -> &String| row.as_ref().map(of).cloned();
    let scopes = text(|row| &row.scopes).unwrap_or_else(|| "profile email".to_owned());
    let (branch, join) = row
        .as_ref()
        .map_or((None, None), |row| (row.branch, row.join_group));
    let (by_email, gives_factor) = row
        .as_ref()
        .map_or((false, false), |row| (row.login_is_email, row.gives_factor));
    let version = row.as_ref().map_or(0, |row| row.version);
    view! {
        <input type="hidden" name="form[version]" value=version.to_string()/>
        <TextField
            name="form[name]"
            label=lang.name()
            value=text(|row| &row.name).unwrap_or_default()
            longest=MAX_NAME
            required=true
        />
        <TextField
            name="form[issuer]"
            label=lang.issuer()
            value=text(|row| &row.issuer).unwrap_or_default()
            longest=MAX_ISSUER
            help=lang.issuer_help()
            required=true
        />
        <TextField
            name="form[client_id]"
            label=lang.client_id()
            value=text(|row| &row.client_id).unwrap_or_default()
            longest=MAX_CLIENT_ID
            required=true
        />
        <label class="labelled">
            {lang.client_secret()}
            <input
                class="input"
                type="password"
                name="form[client_secret]"
                maxlength=MAX_CLIENT_SECRET.to_string()
                required=!has_secret
                autocomplete="off"
            />
            {secret_help.map(|help| view! { <small class="note">{help}</small> })}
        </label>
        <TextField name="form[scopes]" label=lang.scopes() value=scopes longest=MAX_SCOPES help=lang.scopes_help()/>
        <GroupField
            name="form[branch]"
            label=lang.branch_of_provider()
            help=lang.branch_of_provider_help()
            none=lang.whole_instance()
            chosen=branch
            groups
        />
        <GroupField
            name="form[join_group]"
            label=lang.join_group()
            help=lang.join_group_help()
            none=lang.nobody_joins()
            chosen=join
            groups
        />
        <label class="check">
            <input type="checkbox" name="form[login_is_email]" value="true" checked=by_email/>
            {lang.login_is_email()}
        </label>
        <label class="check">
            <input type="checkbox" name="form[gives_factor]" value="true" checked=gives_factor/>
            {lang.gives_factor()}
        </label>
        <p class="quiet">{lang.gives_factor_help()}</p>
    }
}
