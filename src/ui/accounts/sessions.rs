//! Active sessions (S19): who is logged in, and the end of logins; and those that have ended.

use std::time::Duration;

use domain::{accounts::sessions::Tab, time::Seconds};
use leptos::{ev::SubmitEvent, prelude::*, task::spawn_local};
use leptos_router::hooks::use_query_map;

use crate::{
    api::accounts::sessions::{CloseSession, EndSession, active_sessions, ended_sessions},
    i18n::format::initials,
    ui::{
        kit::{
            browser,
            forms::{Problem, SearchForm, failure},
            language::use_language,
            pager::Pager,
            tabs::{self, tab_bar},
            time::Time,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, page_head::PageHead},
    },
    views::{
        accounts::sessions::{ActiveSession, EndedSession, PAGE, SessionPage},
        addresses,
    },
};

/// How often the idle times on the screen go on.
const SECOND: Duration = Duration::from_secs(1);
/// After how many of them the list is fetched by itself.
const AGAIN: u32 = 10;

/// What the list is narrowed to: a search, and the page.
#[derive(Clone, Copy)]
struct Asked {
    search: RwSignal<String>,
    page: Memo<u32>,
}

impl Asked {
    fn new() -> Self {
        let query = use_query_map();
        let search = query.with_untracked(|query| query.get_str("q").unwrap_or_default().to_owned());
        let page = Memo::new(move |_| {
            query.with(|query| {
                query
                    .get_str("page")
                    .and_then(|page| page.parse().ok())
                    .unwrap_or(0)
            })
        });
        Self {
            search: RwSignal::new(search),
            page,
        }
    }

    /// The address of another page of the same list.
    fn to(self, base: &'static str) -> Callback<u32, String> {
        Callback::new(move |page| {
            let search = self.search.get();
            let escaped = leptos_router::location::Url::escape(&search);
            match (search.is_empty(), page) {
                (true, 0) => base.to_owned(),
                (true, page) => format!("{base}?page={page}"),
                (false, page) => format!("{base}?q={escaped}&page={page}"),
            }
        })
    }
}

/// The logins that run, and those that have ended.
fn session_tabs(ended: bool) -> AnyView {
    let lang = use_language();
    tab_bar(vec![
        tabs::Tab::page(
            addresses::ACTIVE_SESSIONS.to_owned(),
            lang.active_sessions(),
            !ended,
        ),
        tabs::Tab::page(addresses::ENDED_SESSIONS.to_owned(), lang.ended_sessions(), ended),
    ])
}

/// Who is logged in.
#[component]
pub fn ActiveSessions() -> impl IntoView {
    let lang = use_language();
    let asked = Asked::new();
    let first = Resource::new(
        move || (asked.search.get(), asked.page.get()),
        |(search, page)| active_sessions(search, page),
    );
    let ending = Ending {
        close: ServerAction::new(),
        end: ServerAction::new(),
    };
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.sessions()/>
            {session_tabs(false)}
            <p class="quiet">{lang.sessions_explained()}</p>
            <SearchForm action=addresses::ACTIVE_SESSIONS name="q" label=lang.search_people() text=asked.search/>
            <Problem error=failure(ending.close.value())/>
            <Problem error=failure(ending.end.value())/>
            <p class="saved" role="status">
                {move || {
                    let ended = matches!(ending.close.value().get(), Some(Ok(())))
                        || matches!(ending.end.value().get(), Some(Ok(())));
                    ended.then(|| lang.session_is_closed())
                }}
            </p>
            <Transition>
                {move || Suspend::new(async move {
                    match first.await {
                        Ok(first) => view! { <Running first asked ending/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The two ways to end a login.
#[derive(Clone, Copy)]
struct Ending {
    close: ServerAction<CloseSession>,
    end: ServerAction<EndSession>,
}

/// The running logins. It fetches them again by itself, without disturbing what is typed in a row.
#[component]
fn Running(first: SessionPage<ActiveSession>, asked: Asked, ending: Ending) -> impl IntoView {
    let lang = use_language();
    let list = RwSignal::new(first);
    // Seconds since the list was fetched: idle times go on.
    let age = RwSignal::new(0_u32);
    let renew = move || {
        spawn_local(async move {
            let (search, page) = (asked.search.get_untracked(), asked.page.get_untracked());
            // Without an answer the old list stays, and its times go on.
            if let Ok(fresh) = active_sessions(search, page).await {
                list.try_set(fresh);
                age.try_set(0);
            }
        });
    };
    Effect::new(move |_| {
        browser::every(SECOND, move || {
            age.update(|age| *age += 1);
            if age.get_untracked().is_multiple_of(AGAIN) {
                renew();
            }
        });
    });
    Effect::watch(
        move || (ending.close.version().get(), ending.end.version().get()),
        move |_, _, _| renew(),
        false,
    );
    let total = Signal::derive(move || list.with(|list| list.total));
    let refresh = move |event: SubmitEvent| {
        event.prevent_default();
        renew();
    };
    view! {
        <div class="list-head">
            <p role="status">{move || lang.count_logins(total.get())}</p>
            <form method="get" action=addresses::ACTIVE_SESSIONS on:submit=refresh>
                <input type="hidden" name="q" value=move || asked.search.get()/>
                <button class="btn">{lang.refresh()}</button>
            </form>
        </div>
        <Show
            when=move || list.with(|list| !list.rows.is_empty())
            fallback=move || view! { <p class="empty">{lang.no_sessions()}</p> }
        >
            <table class="rows sessions">
                <caption class="hidden">{lang.active_sessions()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.person()}</th>
                        <th scope="col">{lang.logged_in_since()}</th>
                        <th scope="col">{lang.idle_time()}</th>
                        <th scope="col">{lang.address()}</th>
                        <th scope="col">{lang.browser()}</th>
                        <th scope="col">{lang.browser_tab()}</th>
                        <th scope="col">
                            <span class="hidden">{lang.end_login()}</span>
                        </th>
                    </tr>
                </thead>
                <tbody>
                    <For each=move || list.with(|list| list.rows.clone()) key=|row| row.id let:row>
                        <RunningRow row list age ending/>
                    </For>
                </tbody>
            </table>
        </Show>
        <Pager page=asked.page size=PAGE total to=asked.to(addresses::ACTIVE_SESSIONS)/>
    }
}

#[component]
fn RunningRow(
    row: ActiveSession,
    list: RwSignal<SessionPage<ActiveSession>>,
    age: RwSignal<u32>,
    ending: Ending,
) -> impl IntoView {
    let lang = use_language();
    let ActiveSession { id, own, .. } = row;
    // The row stays while the list is fetched anew; these change in it.
    let fresh = move |get: fn(&ActiveSession) -> (Seconds, Tab), or: (Seconds, Tab)| {
        list.with(|list| list.rows.iter().find(|row| row.id == id).map_or(or, get))
    };
    let shown = move || fresh(|row| (row.idle, row.tab), (row.idle, row.tab));
    let idle = move || {
        let (Seconds(known), _) = shown();
        lang.seconds(Seconds(known + i64::from(age.get())))
    };
    let open = move || shown().1 == Tab::Open;
    let actions = if own {
        view! { <span class="tag mine">{lang.this_is_you()}</span> }.into_any()
    } else {
        let close = lang.permission_of(lang.close_session(), &row.name);
        let anyway = lang.permission_of(lang.end_anyway(), &row.name);
        let end = lang.permission_of(lang.end_login(), &row.name);
        view! {
            <div class="row-actions">
                <ActionForm action=ending.close>
                    <input type="hidden" name="session" value=id.to_string()/>
                    <button class="btn" aria-label=close>{lang.close_session()}</button>
                </ActionForm>
                <details>
                    <summary aria-label=anyway>{lang.end_anyway()}</summary>
                    <ActionForm action=ending.end>
                        <input type="hidden" name="session" value=id.to_string()/>
                        <label class="labelled">
                            {lang.reason()}
                            <input class="input" name="reason" required maxlength="500" autocomplete="off"/>
                        </label>
                        <p class="quiet">{lang.reason_recorded()}</p>
                        <button class="btn danger" aria-label=end>{lang.end_login()}</button>
                    </ActionForm>
                </details>
            </div>
        }
        .into_any()
    };
    let viewing = move || {
        let now = list.with(|list| {
            let row = list.rows.iter().find(|row| row.id == id);
            row.and_then(|row| row.viewing_as.clone())
        });
        now.map(|name| view! { <span class="tag warn views">{lang.views_as(&name)}</span> })
    };
    view! {
        <tr>
            <PersonCell name=row.name login=row.login besides=move || viewing/>
            <td data-label=lang.logged_in_since()>
                <Time at=row.since/>
            </td>
            <td data-label=lang.idle_time() class="number">{idle}</td>
            <td data-label=lang.address()><span class="mono">{row.address}</span></td>
            <td data-label=lang.browser()>{row.browser}</td>
            <td data-label=lang.browser_tab()>
                <span class="tag" class:mine=open>
                    {move || if open() { lang.tab_open() } else { lang.tab_gone() }}
                </span>
            </td>
            <td>{actions}</td>
        </tr>
    }
}

#[component]
fn PersonCell(
    name: String,
    login: String,
    /// What else is to be said of them.
    #[prop(optional, into)]
    besides: ViewFn,
) -> impl IntoView {
    view! {
        <th scope="row">
            <span class="person">
                <span class="avatar" aria-hidden="true">{initials(&name)}</span>
                <span>{name} " " <small class="mono quiet">{login}</small> {besides.run()}</span>
            </span>
        </th>
    }
}

/// The logins that have ended.
#[component]
pub fn EndedSessions() -> impl IntoView {
    let lang = use_language();
    let asked = Asked::new();
    let list = Resource::new(
        move || (asked.search.get(), asked.page.get()),
        |(search, page)| ended_sessions(search, page),
    );
    view! {
        <div class="page wide">
            <AdminNav/>
            <PageHead title=lang.sessions()/>
            {session_tabs(true)}
            <SearchForm action=addresses::ENDED_SESSIONS name="q" label=lang.search_people() text=asked.search/>
            <Transition>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) if list.rows.is_empty() => {
                            view! { <p class="empty">{lang.no_ended_sessions()}</p> }.into_any()
                        }
                        Ok(list) => {
                            let total = list.total;
                            view! {
                                <EndedTable rows=list.rows/>
                                <Pager page=asked.page size=PAGE total to=asked.to(addresses::ENDED_SESSIONS)/>
                            }
                                .into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn EndedTable(rows: Vec<EndedSession>) -> impl IntoView {
    let lang = use_language();
    let row = move |row: EndedSession| {
        let how = lang.end_reason(row.reason);
        view! {
            <tr>
                <PersonCell name=row.name login=row.login/>
                <td data-label=lang.logged_in_since()>
                    <Time at=row.since/>
                </td>
                <td data-label=lang.logged_in_until()>
                    <Time at=row.until/>
                </td>
                <td data-label=lang.how_it_ended()>
                    {how} {row.by.map(|by| format!(" · {by}"))}
                    {row.note.map(|note| view! { <q class="note">{note}</q> })}
                </td>
                <td data-label=lang.address()><span class="mono">{row.address}</span></td>
                <td data-label=lang.browser()>{row.browser}</td>
            </tr>
        }
    };
    view! {
        <table class="rows sessions">
            <caption class="hidden">{lang.ended_sessions()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.person()}</th>
                    <th scope="col">{lang.logged_in_since()}</th>
                    <th scope="col">{lang.logged_in_until()}</th>
                    <th scope="col">{lang.how_it_ended()}</th>
                    <th scope="col">{lang.address()}</th>
                    <th scope="col">{lang.browser()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
}
