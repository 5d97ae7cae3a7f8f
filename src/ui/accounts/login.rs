//! The login page.

use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    api::accounts::sessions::{LogIn, demo_people},
    ui::{
        accounts::sign_ins::{OfferedSignIns, SignedInElsewhere},
        kit::{
            forms::{Problem, failure},
            language::use_language,
        },
        shell::{
            auth_layout::{AuthLayout, EndOther},
            session::{login_was_here, typed_login},
        },
    },
    views::accounts::sessions::Demo,
    views::addresses,
};

/// Login, and on a server with demo data its people.
///
/// Plain forms: a login loads the page anew, so that nothing of the one before stays in it.
#[component]
pub fn LoginPage() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let next = move || query.with(|query| query.get_str("next").unwrap_or(addresses::HOME).to_owned());
    let failed = failure(ServerAction::<LogIn>::new().value());
    let demo = Resource::new(|| (), |()| demo_people());
    let password_set = query.with_untracked(|query| query.get_str("done") == Some("password"));
    let ended = login_was_here();
    let below = move || {
        view! {
            <Suspense>
                {move || Suspend::new(async move {
                    // Without an answer there is no list; the form above is enough.
                    demo.await.ok().flatten().map(|demo| view! { <DemoPeople demo next=next()/> })
                })}
            </Suspense>
        }
    };
    view! {
        <AuthLayout title=lang.log_in() below=below>
            <Problem error=failed/>
            {ended.then(|| view! { <p class="warning" role="status">{lang.login_has_ended_before()}</p> })}
            <p class="saved" role="status">{password_set.then(|| lang.password_set_log_in())}</p>
            <SignedInElsewhere/>
            <OfferedSignIns next=Signal::derive(next) error=failed/>
            <form class="stack" method="post" action=LogIn::url()>
                <input type="hidden" name="next" value=next/>
                <label class="labelled">
                    {lang.login()}
                    <input
                        class="input"
                        name="login"
                        value=typed_login()
                        autocomplete="username"
                        autocapitalize="none"
                        spellcheck="false"
                        required
                    />
                </label>
                <label class="labelled">
                    {lang.password()}
                    <input class="input" type="password" name="password" autocomplete="current-password" required/>
                </label>
                <EndOther error=failed/>
                <button class="btn primary wide">{lang.log_in()}</button>
            </form>
            <p class="aside">
                <a href=addresses::FORGOTTEN>{lang.forgot_password()}</a>
            </p>
        </AuthLayout>
    }
}

/// The people of the demo data, each with a button.
#[component]
fn DemoPeople(demo: Demo, next: String) -> impl IntoView {
    let lang = use_language();
    let Demo { people, password } = demo;
    let shared = password.clone();
    let person = move |(login, name): (domain::accounts::Login, String)| {
        view! {
            <li>
                <form method="post" action=LogIn::url()>
                    <input type="hidden" name="next" value=next.clone()/>
                    <input type="hidden" name="login" value=login.to_string()/>
                    <input type="hidden" name="password" value=shared.clone()/>
                    <button class="btn wide demo-person">
                        <span>{lang.log_in_as(&name)}</span>
                        <span class="mono quiet">{login.to_string()}</span>
                    </button>
                </form>
            </li>
        }
    };
    view! {
        <section class="panel demo">
            <h2>{lang.demo_data()}</h2>
            <p class="demo-warning">
                <strong>{lang.demo_warning()}</strong>
            </p>
            <p>{lang.password_of_all()} " " <code class="mono">{password}</code></p>
            <ul class="plain-list">{people.into_iter().map(person).collect::<Vec<_>>()}</ul>
        </section>
    }
}
