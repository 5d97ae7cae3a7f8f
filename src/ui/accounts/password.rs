//! Changing one's own password (S12).

use domain::accounts::sessions::RequiredAction;
use leptos::{prelude::*, server_fn::ServerFn};

use crate::{
    api::accounts::ChangePassword,
    ui::{
        kit::{
            forms::{Problem, failure},
            language::use_language,
        },
        shell::{auth_layout::NewPasswordField, page_head::PageHead, session::use_me},
    },
    views::addresses,
};

/// The form. A plain one: afterwards the page is loaded anew, for a login that may do everything again.
#[component]
pub fn PasswordPage() -> impl IntoView {
    let lang = use_language();
    let me = use_me();
    let failed = failure(ServerAction::<ChangePassword>::new().value());
    view! {
        <div class="page">
            <PageHead title=lang.change_password()/>
            {(me.required_action == Some(RequiredAction::ReplacePassword)).then(|| view! { <p class="warning">{lang.replace_password_first()}</p> })}
            <Problem error=failed/>
            <form class="panel stack" method="post" action=ChangePassword::url()>
                <input type="hidden" name="next" value=format!("{}?done=password", addresses::ME)/>
                // For password managers.
                <input type="text" name="username" autocomplete="username" value=me.login.to_string() hidden/>
                <label class="labelled">
                    {lang.present_password()}
                    <input class="input" type="password" name="present" autocomplete="current-password" required/>
                </label>
                <NewPasswordField/>
                <label class="check">
                    <input type="checkbox" name="end_tokens" value="true"/>
                    {lang.end_own_tokens()}
                </label>
                <p class="actions">
                    <button class="btn primary">{lang.change_password()}</button>
                </p>
            </form>
        </div>
    }
}
