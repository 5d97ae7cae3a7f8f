//! The frame of pages for people who are not logged in.

use leptos::prelude::*;
use leptos_meta::Title;

use super::{bar::LanguageSwitch, icons::Sign};
use crate::ui::session::use_language;

/// A narrow page with a heading.
#[component]
pub fn Door(
    /// The heading.
    title: &'static str,
    /// What stands in the panel.
    children: Children,
    /// What stands below the panel.
    #[prop(optional, into)]
    below: ViewFnOnce,
) -> impl IntoView {
    let lang = use_language();
    view! {
        <Title text=title/>
        <main id="main" class="login" tabindex="-1">
            <div class="login-head">
                <span class="brand">
                    <Sign/>
                    {lang.license_portal()}
                </span>
                <LanguageSwitch/>
            </div>
            <section class="panel">
                <h1>{title}</h1>
                {children()}
            </section>
            {below.run()}
        </main>
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
                minlength=crate::domain::users::MIN_PASSWORD.to_string()
                required
                aria-describedby="password-help"
            />
        </label>
        <p id="password-help" class="quiet">{lang.password_help()}</p>
    }
}
