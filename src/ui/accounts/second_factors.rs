//! The second factor: adding and removing one's own, and the step of a login that asks for its code.

use domain::accounts::sessions::RequiredAction;
use jiff::Timestamp;
use leptos::{prelude::*, server_fn::ServerFn};
use leptos_router::hooks::use_query_map;

use crate::{
    api::accounts::second_factors::{
        BeginSecondFactor, ConfirmSecondFactor, LogInWithCode, RemoveSecondFactor, RenewRecoveryCodes,
        own_second_factor,
    },
    i18n::format::date_time,
    ui::{
        kit::{
            browser,
            copy::CopyButton,
            forms::{Problem, after, failure},
            language::use_language,
            qr_code::QrPicture,
        },
        shell::{
            auth_layout::{AuthLayout, EndOther},
            errors::Trouble,
            live,
            page_head::PageHead,
            session::use_me,
        },
    },
    views::{accounts::second_factors::SecondFactor, addresses, licensing::qr_codes::QrCode},
};

/// The step of a login that asks for the code. A plain form, like the first step.
#[component]
pub fn CodePage() -> impl IntoView {
    let lang = use_language();
    let query = use_query_map();
    let next = move || query.with(|query| query.get_str("next").unwrap_or(addresses::HOME).to_owned());
    let end_other = query.with_untracked(|query| query.get_str("end_other").is_some());
    let failed = failure(ServerAction::<LogInWithCode>::new().value());
    view! {
        <AuthLayout title=lang.enter_code()>
            <Problem error=failed/>
            <form class="stack" method="post" action=LogInWithCode::url()>
                <input type="hidden" name="next" value=next/>
                {end_other.then(|| view! { <input type="hidden" name="end_other" value="true"/> })}
                <label class="labelled">
                    {lang.code_or_recovery()}
                    <input class="input mono" name="code" autocomplete="one-time-code" spellcheck="false" required/>
                </label>
                {(!end_other).then(|| view! { <EndOther error=failed/> })}
                <button class="btn primary wide">{lang.log_in()}</button>
            </form>
            <p class="aside">
                <a href=addresses::LOGIN>{lang.log_in_anew()}</a>
            </p>
        </AuthLayout>
    }
}

/// What can be done about one's second factor.
#[derive(Clone, Copy)]
struct Actions {
    begin: ServerAction<BeginSecondFactor>,
    confirm: ServerAction<ConfirmSecondFactor>,
    renew: ServerAction<RenewRecoveryCodes>,
    remove: ServerAction<RemoveSecondFactor>,
}

/// One's own second factor.
#[component]
pub fn SecondFactorPage() -> impl IntoView {
    let lang = use_language();
    let demanded = use_me().required_action == Some(RequiredAction::AddSecondFactor);
    let Actions {
        begin,
        confirm,
        renew,
        remove,
    } = Actions {
        begin: ServerAction::new(),
        confirm: ServerAction::new(),
        renew: ServerAction::new(),
        remove: ServerAction::new(),
    };
    // What was pressed is gone after each.
    after(begin, move || {
        remove.clear();
        browser::land();
    });
    after(confirm, browser::land);
    after(renew, move || {
        confirm.clear();
        browser::land();
    });
    after(remove, move || {
        confirm.clear();
        renew.clear();
        browser::land();
    });
    let state = live::kept(
        || (),
        move || {
            [
                begin.version().get(),
                confirm.version().get(),
                renew.version().get(),
                remove.version().get(),
            ]
        },
        |()| own_second_factor(),
    );
    let codes = Signal::derive(move || {
        let made = confirm.value().get().or_else(|| renew.value().get());
        made.and_then(Result::ok)
    });
    view! {
        <div class="page">
            <PageHead title=lang.second_factor()/>
            {demanded.then(|| view! { <p class="warning">{lang.refused_second_factor_demanded()}</p> })}
            <p class="quiet">{lang.second_factor_help()}</p>
            <Problem error=failure(begin.value())/>
            <Problem error=failure(confirm.value())/>
            <Problem error=failure(renew.value())/>
            <Problem error=failure(remove.value())/>
            <p class="saved" role="status">
                {move || matches!(remove.value().get(), Some(Ok(()))).then(|| lang.second_factor_removed())}
            </p>
            <RecoveryCodes codes/>
            <Transition>
                {move || Suspend::new(async move {
                    let actions = Actions { begin, confirm, renew, remove };
                    match state.await {
                        Ok(SecondFactor::Off) => view! { <Off actions/> }.into_any(),
                        Ok(SecondFactor::Begun { secret, picture }) => {
                            view! { <Begun secret picture actions/> }.into_any()
                        }
                        Ok(SecondFactor::On { since, recovery_codes }) => {
                            view! { <On since recovery_codes actions/> }.into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The recovery codes that were just made: here and never again.
#[component]
fn RecoveryCodes(codes: Signal<Option<Vec<String>>>) -> impl IntoView {
    let lang = use_language();
    view! {
        <div role="status">
            {move || {
                codes
                    .get()
                    .map(|codes| {
                        let all = codes.join("\n");
                        let code = |code: String| view! { <li class="mono">{code}</li> };
                        view! {
                            <section class="panel generated">
                                <h2>{lang.recovery_codes()}</h2>
                                <p>{lang.recovery_codes_once()}</p>
                                <ul class="codes" aria-label=lang.recovery_codes()>
                                    {codes.into_iter().map(code).collect::<Vec<_>>()}
                                </ul>
                                <p class="actions">
                                    <CopyButton text=all label=lang.copy_recovery_codes()/>
                                    // Loads the page anew: what the person had to do first is done.
                                    <a class="btn primary" href=addresses::HOME rel="external">{lang.go_on()}</a>
                                </p>
                            </section>
                        }
                    })
            }}
        </div>
    }
}

#[component]
fn PresentPassword() -> impl IntoView {
    let lang = use_language();
    view! {
        <label class="labelled">
            {lang.present_password()}
            <input class="input" type="password" name="present" autocomplete="current-password" required/>
        </label>
    }
}

#[component]
fn Off(actions: Actions) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <p>{lang.second_factor_off()}</p>
            <ActionForm action=actions.begin attr:class="stack">
                <PresentPassword/>
                <p class="actions">
                    <button class="btn primary">{lang.add_second_factor()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

#[component]
fn Begun(secret: String, picture: QrCode, actions: Actions) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <p>{lang.scan_picture()}</p>
            <QrPicture width=picture.width path=picture.path/>
            <p>{lang.secret()} ": " <code class="mono">{secret}</code></p>
            <ActionForm action=actions.confirm attr:class="stack">
                <label class="labelled">
                    {lang.code_of_app()}
                    <input
                        class="input mono"
                        name="code"
                        inputmode="numeric"
                        autocomplete="one-time-code"
                        required
                    />
                </label>
                <p class="actions">
                    <button class="btn primary">{lang.confirm_code()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

#[component]
fn On(since: Timestamp, recovery_codes: u32, actions: Actions) -> impl IntoView {
    let lang = use_language();
    view! {
        <p>{lang.second_factor_on(&date_time(lang, since), recovery_codes)}</p>
        <section class="panel">
            <h2>{lang.renew_recovery_codes()}</h2>
            <p class="quiet">{lang.renew_recovery_codes_help()}</p>
            <ActionForm action=actions.renew attr:class="stack">
                <PresentPassword/>
                <p class="actions">
                    <button class="btn">{lang.renew_recovery_codes()}</button>
                </p>
            </ActionForm>
        </section>
        <section class="panel danger">
            <h2>{lang.remove_second_factor()}</h2>
            <ActionForm action=actions.remove attr:class="stack">
                <PresentPassword/>
                <p class="actions">
                    <button class="btn danger">{lang.remove_second_factor()}</button>
                </p>
            </ActionForm>
        </section>
    }
}
