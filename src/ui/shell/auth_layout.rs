//! The frame of pages for people who are not logged in.

use domain::{
    accounts::sessions::{LoggedInAlready, Tab},
    refusals::Refusal,
};
use leptos::prelude::*;
use leptos_meta::Title;

use crate::{
    errors::ApiError,
    ui::{
        kit::{icons::Sign, language::use_language},
        shell::{bar::LanguageSwitch, recent},
    },
    views::addresses,
};

/// A narrow page with a heading.
#[component]
pub fn AuthLayout(
    title: &'static str,
    /// What stands in the panel.
    children: Children,
    /// What stands below the panel.
    #[prop(optional, into)]
    below: ViewFnOnce,
) -> impl IntoView {
    view! {
        <Title text=title/>
        <main id="main" class="login" tabindex="-1">
            <AuthHead/>
            <section class="panel">
                <h1>{title}</h1>
                {children()}
            </section>
            {below.run()}
        </main>
    }
}

/// The sign of the portal, and the other languages.
#[component]
pub fn AuthHead() -> impl IntoView {
    let lang = use_language();
    // Nobody is logged in.
    Effect::new(|_| recent::forget());
    view! {
        <div class="login-head">
            <a class="brand" href=addresses::HOME>
                <Sign/>
                {lang.license_portal()}
            </a>
            <LanguageSwitch/>
        </div>
    }
}

/// Where another login of the account stands in the way and its tab is gone: the box by which it ends (S18).
#[component]
pub fn EndOther(
    /// The error of the last attempt, if it failed.
    #[prop(into)]
    error: Signal<Option<ApiError>>,
) -> impl IntoView {
    let lang = use_language();
    let gone = move || {
        matches!(
            error.get(),
            Some(ApiError::Refused(Refusal::LoggedInAlready(LoggedInAlready {
                tab: Tab::Gone,
                ..
            })))
        )
    };
    move || {
        gone().then(|| {
            view! {
                <label class="check">
                    <input type="checkbox" name="end_other" value="true"/>
                    {lang.end_other_login()}
                </label>
            }
        })
    }
}

/// A field for a new password.
#[component]
pub fn NewPasswordField() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.new_password()}
            <input
                class="input"
                type="password"
                name="chosen"
                autocomplete="new-password"
                minlength=domain::accounts::MIN_PASSWORD.to_string()
                required
                aria-describedby="password-help"
            />
        </label>
        <p id="password-help" class="quiet">{lang.password_help()}</p>
    }
}
