//! The licence administration (S16).

use domain::licensing::usage::PEOPLE_KEPT;
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    api::{
        instance::{DemandSecondFactor, ReplaceLicense, RequestLicense, WithdrawRequest, instance},
        licensing::usage::KeepUseByPerson,
    },
    i18n::format::{date, date_time, last_moment},
    ui::{
        instance::requests::{RequestForm, Requests},
        kit::{
            browser,
            forms::{AskedFirst, Problem, after, failure},
            icons::PersonIcon,
            language::use_language,
            meter::Meter,
            tabs::{Tabs, tab_bar},
        },
        licensing::usage::own::in_days,
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{addresses, instance::Overview},
};

/// The parts of the page.
const STATUS: &str = "status";
const REQUESTS: &str = "requests";
const SECURITY: &str = "security";
const USE: &str = "use";
const FILE: &str = "file";

/// When a request that was just recorded is looked at again.
const MAILED_BY: std::time::Duration = std::time::Duration::from_secs(3);

/// The licence administration's overview.
#[component]
pub fn InstancePage() -> impl IntoView {
    let lang = use_language();
    let tabs = Tabs::new(&[STATUS, REQUESTS, SECURITY, USE, FILE]);
    let bar = tab_bar(vec![
        tabs.tab(addresses::INSTANCE, STATUS, lang.license_and_seats()),
        tabs.tab(addresses::INSTANCE, REQUESTS, lang.requests()),
        tabs.tab(addresses::INSTANCE, SECURITY, lang.login_security()),
        tabs.tab(addresses::INSTANCE, USE, lang.use_by_person()),
        tabs.tab(addresses::INSTANCE, FILE, lang.license_file_tab()),
    ]);
    let replace = ServerAction::<ReplaceLicense>::new();
    let request = ServerAction::<RequestLicense>::new();
    let withdraw = ServerAction::<WithdrawRequest>::new();
    let demand = ServerAction::<DemandSecondFactor>::new();
    let keep = ServerAction::<KeepUseByPerson>::new();
    after(withdraw, move || {
        request.clear();
        browser::land();
    });
    let overview = live::kept(
        || (),
        move || {
            [
                replace.version().get(),
                request.version().get(),
                withdraw.version().get(),
                demand.version().get(),
                keep.version().get(),
            ]
        },
        |()| instance(),
    );
    // The mail leaves right afterwards.
    after(request, move || {
        set_timeout(move || overview.refetch(), MAILED_BY)
    });
    view! {
        <div class="page">
            <AdminNav/>
            <PageHead title=lang.license_administration()/>
            {bar}
            // Whichever part is shown: without an answer there is none.
            <Transition>
                {move || Suspend::new(async move { overview.await.err().map(|error| view! { <Trouble error/> }) })}
            </Transition>
            <div hidden=tabs.hides(STATUS)>
                <Transition>
                    {move || Suspend::new(async move {
                        let overview = overview.await.ok()?;
                        Some(view! { <Facts overview/> })
                    })}
                </Transition>
            </div>
            <div hidden=tabs.hides(REQUESTS)>
                <RequestForm action=request overview/>
                <Problem error=failure(withdraw.value())/>
                <p class="saved" role="status">
                    {move || matches!(withdraw.value().get(), Some(Ok(()))).then(|| lang.request_is_withdrawn())}
                </p>
                <Transition>
                    {move || Suspend::new(async move {
                        let overview = overview.await.ok()?;
                        Some(view! { <Requests requests=overview.requests withdraw/> })
                    })}
                </Transition>
            </div>
            <div hidden=tabs.hides(SECURITY)>
                <Problem error=failure(demand.value())/>
                <Transition>
                    {move || Suspend::new(async move {
                        let overview = overview.await.ok()?;
                        Some(view! { <LoginSecurity demanded=overview.second_factor_demanded demand/> })
                    })}
                </Transition>
            </div>
            <div hidden=tabs.hides(USE)>
                <Problem error=failure(keep.value())/>
                <Transition>
                    {move || Suspend::new(async move {
                        let overview = overview.await.ok()?;
                        Some(view! { <UseByPerson since=overview.use_by_person_since keep/> })
                    })}
                </Transition>
            </div>
            <div hidden=tabs.hides(FILE)>
                <ReplaceFile replace/>
            </div>
        </div>
    }
}

/// Takes another licence of the instance.
#[component]
fn ReplaceFile(replace: ServerAction<ReplaceLicense>) -> impl IntoView {
    let lang = use_language();
    view! {
        <section class="panel">
            <h2>{lang.replace_license()}</h2>
            <Problem error=failure(replace.value())/>
            <p class="saved" role="status">
                {move || matches!(replace.value().get(), Some(Ok(()))).then(|| lang.license_replaced())}
            </p>
            <ActionForm action=replace attr:class="stack">
                <label class="labelled" for="license">{lang.license_file()}</label>
                <textarea
                    id="license"
                    class="input mono"
                    name="license"
                    rows="4"
                    required
                    autocomplete="off"
                    spellcheck="false"
                ></textarea>
                <p class="actions">
                    <button class="btn primary">{lang.replace_license()}</button>
                </p>
            </ActionForm>
        </section>
    }
}

/// What is demanded of logins.
#[component]
fn LoginSecurity(demanded: bool, demand: ServerAction<DemandSecondFactor>) -> impl IntoView {
    let lang = use_language();
    let (state, switch) = if demanded {
        (lang.second_factor_is_demanded(), lang.end_second_factor_demand())
    } else {
        (lang.second_factor_not_demanded(), lang.demand_second_factor())
    };
    view! {
        <section class="panel">
            <h2>{lang.login_security()}</h2>
            <p role="status">{state}</p>
            <p class="quiet">{lang.demand_second_factor_help()}</p>
            <ActionForm action=demand>
                <input type="hidden" name="on" value=(!demanded).to_string()/>
                <button class="btn">{switch}</button>
            </ActionForm>
        </section>
    }
}

/// Whether use is kept by person.
#[component]
fn UseByPerson(
    /// Since when it is.
    since: Option<Timestamp>,
    keep: ServerAction<KeepUseByPerson>,
) -> impl IntoView {
    let lang = use_language();
    let state = since.map_or_else(
        || lang.use_by_person_off().to_owned(),
        |since| lang.use_by_person_on(&date_time(lang, since)),
    );
    let switch = if since.is_some() {
        view! {
            <AskedFirst label=lang.end_use_by_person() name=lang.end_use_by_person()>
                <p class="quiet">{lang.end_use_by_person_help()}</p>
                <ActionForm action=keep>
                    <input type="hidden" name="on" value="false"/>
                    <button class="btn dangerous">{lang.end_use_by_person()}</button>
                </ActionForm>
            </AskedFirst>
        }
        .into_any()
    } else {
        view! {
            <ActionForm action=keep>
                <input type="hidden" name="on" value="true"/>
                <button class="btn">{lang.keep_use_by_person()}</button>
            </ActionForm>
        }
        .into_any()
    };
    view! {
        <section class="panel">
            <h2>{lang.use_by_person()}</h2>
            <p role="status">{state}</p>
            <p class="quiet">{lang.keep_use_by_person_help(in_days(PEOPLE_KEPT))}</p>
            {switch}
        </section>
    }
}

#[component]
fn Facts(overview: Overview) -> impl IntoView {
    let lang = use_language();
    let Overview {
        pool,
        instance,
        license,
        invalid,
        restored,
        address,
        version,
        ..
    } = overview;
    let fact = |name: &'static str, value: String| {
        (!value.is_empty()).then(|| view! { <dt>{name}</dt> <dd>{value}</dd> })
    };
    let unlicensed = license.is_none();
    let contact = license.as_ref().map(|license| license.contact.clone());
    let bought = license.map(|license| {
        let functions = if license.functions.is_empty() {
            lang.none().to_owned()
        } else {
            license.functions.join(", ")
        };
        let end = license.expires_at.map_or_else(
            || lang.without_end().to_owned(),
            // The last moment, not the first after it.
            |end| date(lang, last_moment(end)),
        );
        view! {
            {fact(lang.customer_id(), license.customer)} {fact(lang.instance_number(), license.number)}
            {fact(lang.usage_variant(), license.variant)} {fact(lang.special_functions(), functions)}
            {fact(lang.valid_until(), end)}
        }
    });
    view! {
        {invalid
            .map(|why| view! { <p class="problem" role="alert">{lang.invalid_license(why)}</p> })}
        {unlicensed.then(|| view! { <p class="warning">{lang.unlicensed()}</p> })}
        {restored
            .map(|restored| {
                let (made_at, at) = (date_time(lang, restored.made_at), date_time(lang, restored.at));
                let held = restored.until.map(|until| lang.held_after_restore(&date_time(lang, until)));
                let kind = if held.is_some() { "warning" } else { "quiet" };
                view! {
                    <p class=kind>
                        {lang.restored(&made_at, &at)} " " {held}
                    </p>
                }
            })}
        <section class="panel">
            <dl class="facts wide">
                <dt>{lang.maximum_active()}</dt>
                <dd>{pool.seats}</dd>
                <dt>{lang.current_active()}</dt>
                <dd>
                    {pool.active} " "
                    <Meter value=u64::from(pool.active) of=u64::from(pool.seats) label=lang.current_active()/>
                </dd>
                {bought}
                <dt>{lang.server_ip()}</dt>
                <dd class="mono">{address}</dd>
                <dt>{lang.current_version()}</dt>
                <dd>{version}</dd>
                <dt>{lang.instance_id()}</dt>
                <dd>
                    <span class="mono">{instance}</span>
                    <small class="note">{lang.instance_id_help()}</small>
                </dd>
            </dl>
            <a class="row-link" href=addresses::USERS>
                <PersonIcon/>
                {lang.list_of_users()}
            </a>
        </section>
        {contact
            .map(|contact| {
                view! {
                    <section class="panel">
                        <h2>{lang.your_customer_information()}</h2>
                        <dl class="facts wide">
                            {fact(lang.company(), contact.company)} {fact(lang.main_contact(), contact.name)}
                            {fact(lang.email(), contact.email)} {fact(lang.phone(), contact.phone)}
                        </dl>
                    </section>
                }
            })}
        <section class="panel">
            <h2>{lang.master_data()}</h2>
            <a class="row-link" href=addresses::USERS>
                <PersonIcon/>
                {lang.persons_and_users()}
            </a>
        </section>
    }
}
