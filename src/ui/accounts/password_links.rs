//! The forgotten password: asking for a link, and setting a new password by it (S12).

use domain::accounts::MAX_EMAIL;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    api::accounts::password_links::{ForgotPassword, UsePasswordLink, password_link},
    errors::words::explain,
    ui::{
        kit::{
            forms::{Problem, failure},
            language::use_language,
        },
        shell::auth_layout::{AuthLayout, NewPasswordField},
    },
    views::addresses,
};

/// Asks for a link.
#[component]
pub fn ForgottenPage() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let sent = move || query.with(|query| query.get_str("sent").is_some());
    let failed = failure(ServerAction::<ForgotPassword>::new().value());
    view! {
        <AuthLayout title=lang.forgot_password()>
            <Problem error=failed/>
            <p class="saved" role="status">{move || sent().then(|| lang.link_sent())}</p>
            <p class="quiet">{lang.forgot_password_text()}</p>
            <form class="stack" method="post" action=ForgotPassword::url()>
                <label class="labelled">
                    {lang.email()}
                    <input
                        class="input"
                        type="email"
                        name="email"
                        autocomplete="email"
                        maxlength=MAX_EMAIL.to_string()
                        required
                    />
                </label>
                <button class="btn primary wide">{lang.send_link()}</button>
            </form>
            <p class="aside">
                <a href=addresses::LOGIN>{lang.to_login()}</a>
            </p>
        </AuthLayout>
    }
}

/// Sets a new password by the link that one was sent.
#[component]
pub fn NewPasswordPage() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let token = query.with_untracked(|query| query.get_str("token").unwrap_or_default().to_owned());
    let asked = token.clone();
    let link = Resource::new(|| (), move |()| password_link(asked.clone()));
    let failed = failure(ServerAction::<UsePasswordLink>::new().value());
    view! {
        <AuthLayout title=lang.set_new_password()>
            <Problem error=failed/>
            <Suspense>
                {move || {
                    let token = token.clone();
                    Suspend::new(async move {
                        match link.await {
                            Ok(login) => view! {
                                <form class="stack" method="post" action=UsePasswordLink::url()>
                                    <input type="hidden" name="token" value=token/>
                                    <label class="labelled">
                                        {lang.login()}
                                        <input
                                            class="input mono"
                                            name="username"
                                            autocomplete="username"
                                            value=login.to_string()
                                            readonly
                                        />
                                    </label>
                                    <NewPasswordField/>
                                    <button class="btn primary wide">{lang.set_new_password()}</button>
                                </form>
                            }
                            .into_any(),
                            Err(error) => view! {
                                <p class="problem" role="alert">{explain(lang, &error)}</p>
                                <p>
                                    // Who has used it has a password.
                                    <a class="btn primary" href=addresses::LOGIN>{lang.log_in()}</a> " "
                                    <a class="btn" href=addresses::FORGOTTEN>{lang.ask_for_another_link()}</a>
                                </p>
                            }
                            .into_any(),
                        }
                    })
                }}
            </Suspense>
        </AuthLayout>
    }
}
