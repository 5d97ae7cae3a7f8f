//! Persons and users (S17): the list, within the pool of seats.

use leptos::{html, prelude::*};
use leptos_router::{hooks::use_query_map, location::Url, params::ParamsMap};

use crate::{
    api::accounts::{GeneratePassword, SwitchUsers, users},
    i18n::format::{initials, path},
    ui::{
        kit::{
            copy::CopyButton,
            forms::{Problem, Saved, SearchForm, after, failure, reset_when_other, revealed_when},
            icons::PlusIcon,
            language::use_language,
            meter::Meter,
            pager::Pager,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{
        accounts::{
            PasswordState, SeatsLeft, StateFilter, USERS_PAGE, UserPage, UserQuery, UserRow, UserSort,
        },
        addresses,
    },
};

fn asked(params: &ParamsMap) -> UserQuery {
    UserQuery {
        search: params.get_str("q").unwrap_or_default().trim().to_owned(),
        state: match params.get_str("state") {
            Some("active") => StateFilter::Active,
            Some("inactive") => StateFilter::Inactive,
            _ => StateFilter::All,
        },
        sort: match params.get_str("sort") {
            Some("login") => UserSort::Login,
            Some("state") => UserSort::State,
            _ => UserSort::Name,
        },
        reverse: params.get_str("reverse") == Some("1"),
        page: params
            .get_str("page")
            .and_then(|page| page.parse().ok())
            .unwrap_or(0),
    }
}

fn address(query: &UserQuery) -> String {
    let mut asked = Vec::new();
    if !query.search.is_empty() {
        asked.push(format!("q={}", Url::escape(&query.search)));
    }
    match query.state {
        StateFilter::All => {}
        StateFilter::Active => asked.push("state=active".to_owned()),
        StateFilter::Inactive => asked.push("state=inactive".to_owned()),
    }
    match query.sort {
        UserSort::Name => {}
        UserSort::Login => asked.push("sort=login".to_owned()),
        UserSort::State => asked.push("sort=state".to_owned()),
    }
    if query.reverse {
        asked.push("reverse=1".to_owned());
    }
    if query.page > 0 {
        asked.push(format!("page={}", query.page));
    }
    if asked.is_empty() {
        addresses::USERS.to_owned()
    } else {
        format!("{}?{}", addresses::USERS, asked.join("&"))
    }
}

/// What can be done from the list.
#[derive(Clone, Copy)]
struct Actions {
    switch: ServerAction<SwitchUsers>,
    generate: ServerAction<GeneratePassword>,
}

/// The list of users.
#[component]
pub fn UsersPage() -> impl IntoView {
    let lang = use_language();
    let params = use_query_map();
    let text = RwSignal::new(params.with_untracked(|params| asked(params).search));
    let query = Memo::new(move |_| UserQuery {
        search: text.get(),
        ..params.with(asked)
    });
    let actions = Actions {
        switch: ServerAction::new(),
        generate: ServerAction::new(),
    };
    let list = live::kept(
        move || query.get(),
        move || [actions.switch.version().get(), actions.generate.version().get()],
        users,
    );
    after(actions.generate, move || actions.switch.clear());
    let ids = move || {
        let list = list.get()?.ok()?;
        Some(list.rows.iter().map(|row| row.id).collect::<Vec<_>>())
    };
    reset_when_other(ids, "#bulk");
    let filter = move |state: StateFilter, name: &'static str| {
        let to = move || {
            query.with(|query| {
                address(&UserQuery {
                    state,
                    page: 0,
                    ..query.clone()
                })
            })
        };
        let current = move || (query.with(|query| query.state) == state).then_some("true");
        view! { <a href=to aria-current=current>{name}</a> }
    };
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.persons_and_users()>
                <a class="btn primary" href=addresses::NEW_USER>
                    <PlusIcon/>
                    {lang.new_user()}
                </a>
            </PageHead>
            <SearchForm action=addresses::USERS name="q" label=lang.search_people() text/>
            <nav class="sub-nav" aria-label=lang.state()>
                {filter(StateFilter::All, lang.everyone())} {filter(StateFilter::Active, lang.active())}
                {filter(StateFilter::Inactive, lang.inactive())}
            </nav>
            <Problem error=failure(actions.switch.value())/>
            <Problem error=failure(actions.generate.value())/>
            <Saved value=actions.switch.value()/>
            <Generated value=actions.generate.value()/>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) => view! { <Table list query actions/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The seats of the instance in words, with a bar where the reader may know how many there are.
#[component]
pub fn Seats(seats: SeatsLeft) -> impl IntoView {
    let lang = use_language();
    let bar = match seats {
        SeatsLeft::Pool(pool) => {
            let (active, all) = (u64::from(pool.active), u64::from(pool.seats));
            Some(view! { <Meter value=active of=all label=lang.current_active()/> })
        }
        SeatsLeft::IsLeft(_) => None,
    };
    view! { {lang.seats(seats)} " " {bar} }
}

/// The password that was just generated: here and never again.
#[component]
pub fn Generated(
    /// The value of the action.
    #[prop(into)]
    value: Signal<Option<Result<String, crate::errors::ApiError>>>,
) -> impl IntoView {
    let lang = use_language();
    let place = NodeRef::<html::Div>::new();
    revealed_when(place, move || value.with(|value| matches!(value, Some(Ok(_)))));
    view! {
        <div role="status" node_ref=place>
            {move || {
                value
                    .get()
                    .and_then(Result::ok)
                    .map(|password| {
                        view! {
                            <div class="panel generated">
                                <p>
                                    {lang.password_generated_for()} " " <code class="mono code">{password.clone()}</code> " "
                                    <CopyButton text=password/>
                                </p>
                                <p class="quiet">{lang.generated_once()}</p>
                            </div>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn Table(list: UserPage, query: Memo<UserQuery>, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let UserPage { rows, total, seats } = list;
    let page = Signal::derive(move || query.with(|query| query.page));
    let to = Callback::new(move |page| {
        query.with(|query| {
            address(&UserQuery {
                page,
                ..query.clone()
            })
        })
    });
    let header = move |sort: UserSort, name: &'static str| {
        let (now, reverse) = query.with_untracked(|query| (query.sort, query.reverse));
        let to = query.with_untracked(|query| {
            address(&UserQuery {
                sort,
                reverse: now == sort && !reverse,
                page: 0,
                ..query.clone()
            })
        });
        let order = (now == sort).then_some(if reverse { "descending" } else { "ascending" });
        let arrow = (now == sort).then_some(if reverse { "↓" } else { "↑" });
        view! {
            <th scope="col" aria-sort=order>
                <a href=to>
                    {name} {arrow.map(|arrow| view! { <span class="arrow" aria-hidden="true">{arrow}</span> })}
                </a>
            </th>
        }
    };
    let none = rows.is_empty();
    let row = move |row| view! { <Row row actions/> };
    view! {
        <p class="seats"><Seats seats/></p>
        {if none {
            view! { <p class="empty">{lang.no_users()}</p> }.into_any()
        } else {
            view! {
                <table class="rows users">
                    <caption class="hidden">{lang.persons_and_users()}</caption>
                    <thead>
                        <tr>
                            <td></td>
                            {header(UserSort::Name, lang.name())}
                            {header(UserSort::Login, lang.login())}
                            <th scope="col">{lang.groups_of_person()}</th>
                            {header(UserSort::State, lang.state())}
                            <th scope="col">{lang.password()}</th>
                        </tr>
                    </thead>
                    <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
                </table>
                <Bulk actions/>
            }
                .into_any()
        }}
        <Pager page size=USERS_PAGE total=Signal::stored(total) to/>
    }
}

/// The form that the boxes in the rows belong to.
const BULK: &str = "bulk";

/// Switches those selected on or off, all or none.
#[component]
fn Bulk(actions: Actions) -> impl IntoView {
    let lang = use_language();
    view! {
        <ActionForm action=actions.switch attr:id=BULK attr:class="bulk">
            <span>{lang.with_selected()}":"</span>
            <button class="btn" name="active" value="true">{lang.selected_on()}</button>
            <button class="btn" name="active" value="false">{lang.selected_off()}</button>
            <label class="check">
                <input type="checkbox" name="end_login" value="true"/>
                {lang.end_login_too()}
            </label>
        </ActionForm>
        <p class="quiet">{lang.login_stays()}</p>
    }
}

#[component]
fn Row(row: UserRow, actions: Actions) -> impl IntoView {
    let lang = use_language();
    let UserRow {
        id,
        login,
        name,
        isv_admin,
        active,
        password,
        groups,
        ..
    } = row;
    let generate = lang.permission_of(lang.generate_password(), &name);
    let choose = lang.select_row(&name);
    let state = if active { lang.active() } else { lang.inactive() };
    let password = match password {
        PasswordState::Chosen => view! { <span class="quiet">{lang.password_set()}</span> }.into_any(),
        PasswordState::Generated(_) => {
            view! { <span class="quiet">{lang.generated_password()}</span> }.into_any()
        }
        PasswordState::Inviting(_) => view! { <span class="quiet">{lang.inviting_short()}</span> }.into_any(),
        PasswordState::Invited(_) => view! { <span class="quiet">{lang.invited_short()}</span> }.into_any(),
        PasswordState::None => view! {
            <ActionForm action=actions.generate>
                <input type="hidden" name="user" value=id.to_string()/>
                <span class="quiet">{lang.no_password()}</span> " "
                <button class="btn with-wasm" aria-label=generate>{lang.generate_password()}</button>
            </ActionForm>
        }
        .into_any(),
    };
    let groups: Vec<_> = groups
        .into_iter()
        .map(|(_, names)| view! { <span class="path">{path(&names)}</span> })
        .collect();
    view! {
        <tr>
            <td class="pick">
                <input type="checkbox" name="users[]" value=id.to_string() form=BULK aria-label=choose/>
            </td>
            <th scope="row">
                <a class="person" href=addresses::user(id)>
                    <span class="avatar" aria-hidden="true">{initials(&name)}</span>
                    <span>{name}</span>
                </a>
                {isv_admin.then(|| view! { <span class="tag mine">{lang.isv_admin()}</span> })}
            </th>
            <td data-label=lang.login()><span class="mono">{login.to_string()}</span></td>
            <td data-label=lang.groups_of_person() class="paths"><span>{groups}</span></td>
            <td data-label=lang.state()>
                <span class="tag" class:mine=active>{state}</span>
            </td>
            <td data-label=lang.password()>{password}</td>
        </tr>
    }
}
