//! The fields of a person: what forms about accounts and customers ask for.

use domain::{
    accounts::{MAX_EMAIL, MAX_LOGIN},
    names::MAX_NAME,
};
use leptos::prelude::*;

use crate::ui::kit::language::use_language;

/// A name: of a person, or of the group that is made for them.
#[component]
pub fn NameField(
    /// What stands above it.
    label: &'static str,
    /// What the form calls it.
    #[prop(default = "name")]
    name: &'static str,
    /// What stands in it.
    #[prop(optional)]
    value: String,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
    /// Whether it can only be read.
    #[prop(optional)]
    readonly: bool,
    /// What stands below it.
    #[prop(optional)]
    note: Option<&'static str>,
) -> impl IntoView {
    view! {
        <label class="labelled">
            {label}
            <input
                class="input"
                name=name
                value=value
                required=required
                maxlength=MAX_NAME.to_string()
                autocomplete="off"
                readonly=readonly
            />
            {note.map(|note| view! { <small class="note">{note}</small> })}
        </label>
    }
}

/// A mail address.
#[component]
pub fn EmailField(
    /// What the form calls it.
    #[prop(default = "email")]
    name: &'static str,
    /// What stands in it.
    #[prop(optional)]
    value: String,
    /// Whether it can only be read.
    #[prop(optional)]
    readonly: bool,
) -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.email()}
            <input
                class="input"
                type="email"
                name=name
                value=value
                maxlength=MAX_EMAIL.to_string()
                autocomplete="off"
                readonly=readonly
            />
        </label>
    }
}

/// What a person logs in with.
#[component]
pub fn LoginField(
    /// What stands above it.
    label: &'static str,
    /// What the form calls it.
    #[prop(default = "login")]
    name: &'static str,
    /// Whether it has to be filled in.
    #[prop(optional)]
    required: bool,
    /// What stands below it.
    note: &'static str,
) -> impl IntoView {
    view! {
        <label class="labelled">
            {label}
            <input
                class="input mono"
                name=name
                required=required
                maxlength=MAX_LOGIN.to_string()
                autocomplete="off"
                autocapitalize="none"
                spellcheck="false"
            />
            <small class="note">{note}</small>
        </label>
    }
}
