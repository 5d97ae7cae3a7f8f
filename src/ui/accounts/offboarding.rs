//! The wizard for a leaver (N7): what becomes of what somebody has, seen before it is done.
//!
//! The plan stands in the address, in fields of a plain form: the page works before wasm, and can be gone back to.

use domain::{
    accounts::offboarding::{Emptying, InvalidPlan, Plan, Step},
    ids::{GroupId, UserId},
    tickets::owners::Owner,
};
use leptos::prelude::*;
use leptos_router::{hooks::use_query_map, params::ParamsMap};

use crate::{
    api::accounts::offboarding::{ProcessOffboarding, dry_run_offboarding, leaver},
    errors::{ApiError, words::explain_refusal},
    i18n::{Language, format},
    ui::{
        kit::{
            browser,
            forms::{FilterForm, Problem, after, failure},
            keys::form_key,
            language::use_language,
            location::id_of_address,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{
        accounts::offboarding::{
            Deed, DryRun, Line, Offboarding, OffboardingContainer, OffboardingLevel, OffboardingMembership,
            Progress, Successor,
        },
        addresses,
        groups::Choice,
        licensing::containers::ContainerRow,
    },
};

/// The plan of an address; `None` where none was sent yet.
fn asked(params: &ParamsMap) -> Option<Result<Plan, InvalidPlan>> {
    params.get_str("shown")?;
    let texts = params.get_all("step").unwrap_or_default();
    let steps = texts.iter().filter(|text| !text.is_empty());
    let steps: Result<Vec<Step>, InvalidPlan> = steps.map(|text| text.parse()).collect();
    Some(steps.and_then(Plan::new))
}

#[component]
pub fn OffboardingPage() -> impl IntoView {
    let lang = use_language();
    let id = id_of_address::<UserId>();
    let params = use_query_map();
    let successor = Memo::new(move |_| {
        params.with(|params| {
            params
                .get_str("successor")
                .and_then(|user| user.parse::<UserId>().ok())
        })
    });
    let search =
        Memo::new(move |_| params.with(|params| params.get_str("q").unwrap_or_default().trim().to_owned()));
    let plan = Memo::new(move |_| params.with(asked));
    let process = ServerAction::<ProcessOffboarding>::new();
    // What was done leads to its report: the person may be out of sight by then.
    let refused = RwSignal::new(0_u32);
    after(process, move || {
        if process
            .value()
            .with_untracked(|value| matches!(value, Some(Err(_))))
        {
            refused.update(|times| *times += 1);
        }
    });
    let found = live::kept(
        move || (id.get(), successor.get(), search.get()),
        move || refused.get(),
        |(id, successor, search)| async move { leaver(id.ok_or(ApiError::HIDDEN)?, successor, search).await },
    );
    // Looked at again after each attempt that was refused: what stood against it stands in its line.
    let dry_run = live::kept(
        move || (id.get(), plan.get()),
        move || refused.get(),
        |(id, plan)| async move {
            match plan {
                Some(Ok(plan)) => Ok(Some(
                    dry_run_offboarding(id.ok_or(ApiError::HIDDEN)?, plan).await?,
                )),
                Some(Err(InvalidPlan)) | None => Ok(None),
            }
        },
    );
    view! {
        <div class="page">
            <AdminNav/>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => {
                            let search = search.get_untracked();
                            view! { <Wizard found plan=plan.get_untracked() search/> }.into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
            <Problem error=failure(process.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    let unreadable = matches!(plan.get_untracked(), Some(Err(InvalidPlan)));
                    match dry_run.await.transpose().zip(id.get_untracked()) {
                        Some((Ok(dry_run), user)) => {
                            let plan = plan.get_untracked().and_then(Result::ok).unwrap_or_default();
                            view! { <Preview dry_run user plan process/> }.into_any()
                        }
                        // Of somebody who is hidden, it was said above.
                        Some((Err(error), _)) if error == ApiError::HIDDEN => ().into_any(),
                        // So it was if neither could be asked.
                        Some((Err(error), _)) if found.await.err().as_ref() == Some(&error) => ().into_any(),
                        Some((Err(error), _)) => view! { <Trouble error/> }.into_any(),
                        None => {
                            unreadable
                                .then(|| view! { <p class="problem" role="alert">{lang.plan_unreadable()}</p> })
                                .into_any()
                        }
                    }
                })}
            </Transition>
        </div>
    }
}

/// The form in which the plan is made.
#[component]
fn Wizard(found: Offboarding, plan: Option<Result<Plan, InvalidPlan>>, search: String) -> impl IntoView {
    let lang = use_language();
    let plan = match plan {
        Some(Ok(plan)) => plan,
        Some(Err(InvalidPlan)) | None => found.proposal(),
    };
    let has = |step: Step| plan.has(step);
    let successor = found.successor.clone();
    let target = StoredValue::new((successor.clone(), found.groups));
    let tickets = found
        .levels
        .into_iter()
        .map(|level| tickets(lang, level, &plan, target))
        .collect::<Vec<_>>();
    let holding = found.containers.iter().filter(|container| container.licenses > 0);
    let licenses = holding
        .cloned()
        .map(|container| licenses(lang, container, &plan, target))
        .collect::<Vec<_>>();
    let credentials = found
        .containers
        .iter()
        .filter(|container| container.credentials > 0);
    let credentials = credentials
        .map(|container| {
            let (step, name) = (Step::Credentials(container.row.id), &container.row.name);
            let label = lang.credentials_of(name, container.credentials);
            check(
                step,
                has(step),
                format!("{} ({label})", lang.reset_its_credentials()),
            )
        })
        .collect::<Vec<_>>();
    let login = (found.may_change && found.logged_in.is_some())
        .then(|| check(Step::Login, has(Step::Login), lang.end_running_login().to_owned()));
    let account = (found.may_change && found.active).then(|| {
        check(
            Step::Account,
            has(Step::Account),
            lang.switch_account_off().to_owned(),
        )
    });
    let nothing = (found.may_change && login.is_none() && account.is_none()).then(|| lang.nothing_to_end());
    let memberships = found
        .memberships
        .into_iter()
        .filter(|membership| membership.may_end);
    let memberships = memberships
        .map(|OffboardingMembership { group, path, .. }| {
            let step = Step::Membership(group);
            check(step, has(step), format::path(&path))
        })
        .collect::<Vec<_>>();
    let chosen = successor.map(|successor| successor.user.0);
    let person = move |Choice { id, label }: Choice| {
        view! { <option value=id.to_string() selected=chosen == Some(id)>{label}</option> }
    };
    // Whoever takes over stays in the list, whatever is searched for.
    let absent = target.with_value(|(successor, _)| {
        let successor = successor.as_ref()?;
        let choice = Choice {
            id: successor.user.0,
            label: successor.name.clone(),
        };
        (!found.people.iter().any(|person| person.id == choice.id)).then_some(choice)
    });
    let people = absent
        .into_iter()
        .chain(found.people)
        .map(person)
        .collect::<Vec<_>>();
    view! {
        <PageHead title=lang.leaver_named(&found.name)/>
        <p class="quiet">
            <a href=addresses::user(found.user)>{found.login.to_string()}</a>
        </p>
        <p>{lang.leaver_explained()}</p>
        <FilterForm
            action=addresses::offboarding(found.user)
            noscroll=true
            on:submit=move |_| show_preview()
        >
            <input type="hidden" name="shown" value="1"/>
            <fieldset class="panel stack">
                <legend>{lang.who_takes_over()}</legend>
                <div class="beside">
                    <label class="labelled grow">
                        {lang.search_people()}
                        <input class="input" type="search" name="q" value=search autocomplete="off"/>
                    </label>
                    <label class="labelled grow">
                        {lang.person()}
                        <select class="input" name="successor">
                            <option value="">{lang.nobody_takes_over()}</option>
                            {people}
                        </select>
                    </label>
                    <button class="btn">{lang.show()}</button>
                </div>
            </fieldset>
            <fieldset class="panel stack">
                <legend>{lang.leaver_tickets()}</legend>
                {tickets.is_empty().then(|| view! { <p class="empty">{lang.no_leaver_tickets()}</p> })}
                {tickets}
            </fieldset>
            <fieldset class="panel stack">
                <legend>{lang.leaver_licenses()}</legend>
                {(licenses.is_empty() && credentials.is_empty())
                    .then(|| view! { <p class="empty">{lang.no_leaver_containers()}</p> })}
                {licenses}
                {credentials}
            </fieldset>
            <fieldset class="panel stack">
                <legend>{lang.login_and_account()}</legend>
                {login}
                {account}
                {nothing.map(|nothing| view! { <p class="quiet">{nothing}</p> })}
                {(!found.may_change).then(|| view! { <p class="quiet">{lang.account_stays()}</p> })}
            </fieldset>
            <fieldset class="panel stack">
                <legend>{lang.end_memberships()}</legend>
                {memberships.is_empty().then(|| view! { <p class="empty">{lang.no_memberships()}</p> })}
                {memberships}
            </fieldset>
            <p class="actions">
                <button class="btn primary">{lang.preview()}</button>
            </p>
        </FilterForm>
    }
}

/// Leads to the preview: it stands below what was pressed, and perhaps below the screen. Who searches goes on in the list of
/// people.
fn show_preview() {
    if !browser::focus_is_within("[type=search]") {
        browser::focus_soon(vec!["#preview".to_owned()]);
    }
}

fn check(step: Step, on: bool, label: String) -> AnyView {
    view! {
        <label class="check">
            <input type="checkbox" name="step" value=step.to_string() checked=on/>
            {label}
        </label>
    }
    .into_any()
}

fn option(step: Step, plan: &Plan, label: String) -> AnyView {
    view! { <option value=step.to_string() selected=plan.has(step)>{label}</option> }.into_any()
}

/// Who takes over, and the groups that could get something.
type Targets = StoredValue<(Option<Successor>, Vec<Choice>)>;

/// The new owner of the tickets of one level.
fn tickets(lang: Language, level: OffboardingLevel, plan: &Plan, targets: Targets) -> AnyView {
    let OffboardingLevel { level, path, tickets } = level;
    let name = if level.is_some() {
        format::path(&path)
    } else {
        lang.without_group_context().to_owned()
    };
    let options = targets.with_value(|(successor, groups)| {
        let of = |owner| Step::Tickets(level, owner);
        // Its own group comes first, and once.
        let own = level.map(|group| (Owner::Group(group), format::path(&path)));
        let taken = successor.iter().flat_map(|successor| &successor.owners);
        let taken = taken.map(|(owner, holder)| (*owner, format::holder(lang, holder)));
        let others = groups
            .iter()
            .map(|group| (Owner::Group(GroupId(group.id)), group.label.clone()));
        let others = others.filter(|(owner, _)| Some(*owner) != level.map(Owner::Group));
        let all = own.into_iter().chain(taken).chain(others);
        all.map(|(owner, label)| option(of(owner), plan, label))
            .collect::<Vec<_>>()
    });
    view! {
        <label class="labelled">
            {lang.tickets_of_level(&name, tickets)}
            <select class="input" name="step">
                <option value="">{lang.leave_as_it_is()}</option>
                {options}
            </select>
        </label>
    }
    .into_any()
}

/// The place of the licences in one container.
fn licenses(lang: Language, container: OffboardingContainer, plan: &Plan, targets: Targets) -> AnyView {
    let OffboardingContainer { row, licenses, .. } = container;
    let id = row.id;
    let back = option(
        Step::Licenses(id, Emptying::Back),
        plan,
        lang.take_back().to_owned(),
    );
    let into = |other: &ContainerRow| {
        let label = lang.transfer_into(&other.person, &other.name);
        option(Step::Licenses(id, Emptying::Into(other.id)), plan, label)
    };
    let others = targets.with_value(|(successor, _)| {
        let containers = successor.iter().flat_map(|successor| &successor.containers);
        containers.map(into).collect::<Vec<_>>()
    });
    view! {
        <label class="labelled">
            {lang.licenses_in(&row.name, licenses)}
            <select class="input" name="step">
                <option value="">{lang.leave_as_it_is()}</option>
                {back}
                {others}
            </select>
        </label>
    }
    .into_any()
}

/// What would happen, and the button that has it happen.
#[component]
fn Preview(
    dry_run: DryRun,
    user: UserId,
    plan: Plan,
    process: ServerAction<ProcessOffboarding>,
) -> impl IntoView {
    let lang = use_language();
    let DryRun {
        lines,
        seen,
        needs_reason,
    } = dry_run;
    let refused = lines.iter().filter(|line| line.outcome.is_err()).count();
    let body = if lines.is_empty() {
        view! { <p class="empty">{lang.nothing_will_happen()}</p> }.into_any()
    } else {
        let steps = lines.len();
        let row = |line: Line| view! { <Row line/> };
        view! {
            <p role="status">{lang.steps_refused(steps, refused)}</p>
            <table class="rows">
                <caption class="hidden">{lang.what_will_happen()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.step()}</th>
                        <th scope="col">{lang.about_what()}</th>
                        <th scope="col">{lang.answer()}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
            {if refused > 0 {
                view! { <p class="warning">{lang.leave_refused_out()}</p> }.into_any()
            } else {
                view! {
                    <ActionForm action=process attr:class="stack">
                        <input type="hidden" name="user" value=user.to_string()/>
                        <input type="hidden" name="plan" value=plan.to_string()/>
                        <input type="hidden" name="seen" value=seen/>
                        <input type="hidden" name="key" value=form_key()/>
                        {needs_reason
                            .then(|| {
                                view! {
                                    <label class="labelled">
                                        {lang.tab_open_reason()}
                                        <input class="input" name="reason" required maxlength="500" autocomplete="off"/>
                                    </label>
                                }
                            })}
                        <p class="actions">
                            <button class="btn dangerous">{lang.do_it()}</button>
                        </p>
                    </ActionForm>
                }
                    .into_any()
            }}
        }
        .into_any()
    };
    Effect::new(|_| show_preview());
    view! {
        <section class="panel" aria-labelledby="preview">
            <h2 id="preview" tabindex="-1">{lang.what_will_happen()}</h2>
            {body}
        </section>
    }
}

#[component]
fn Row(line: Line) -> impl IntoView {
    let lang = use_language();
    let (deed, about) = words(lang, &line.deed);
    let answer = match &line.outcome {
        Ok(Progress::Done) => lang.will_be_done().to_owned(),
        Ok(Progress::AtMachine) => lang.waits_for_machine().to_owned(),
        Err(refusal) => format!("{}: {}", lang.step_refused(), explain_refusal(lang, refusal)),
    };
    view! {
        <tr>
            <th scope="row">{deed}</th>
            <td data-label=lang.about_what()>
                <span>{about}</span>
            </td>
            <td data-label=lang.answer()>
                <span class:refused=line.outcome.is_err()>{answer}</span>
            </td>
        </tr>
    }
}

/// A deed in words: what, and about what.
fn words(lang: Language, deed: &Deed) -> (&'static str, String) {
    match deed {
        Deed::LicenseBack {
            product,
            quantity,
            container,
        } => {
            let product = format::product(lang, product);
            (
                lang.deed_license_back(),
                format!("{quantity} × {product} · {container}"),
            )
        }
        Deed::LicenseMoved {
            product,
            quantity,
            container,
            to: (person, name),
        } => {
            let product = format::product(lang, product);
            let about = format!("{quantity} × {product} · {container} → {person} · {name}");
            (lang.deed_license_moved(), about)
        }
        Deed::CredentialsReset { container, count } => (
            lang.deed_credentials_reset(),
            lang.credentials_of(container, *count),
        ),
        Deed::TicketMoved {
            code,
            licenses,
            from,
            to,
            ..
        } => {
            let (from, to) = (format::holder(lang, from), format::holder(lang, to));
            let content = format::licenses(lang, licenses);
            (
                lang.deed_ticket_moved(),
                format!("{code} · {content} · {from} → {to}"),
            )
        }
        Deed::LoginEnded => (lang.deed_login_ended(), String::new()),
        Deed::AccountOff => (lang.deed_account_off(), lang.seat_free().to_owned()),
        Deed::MembershipEnded { path } => (lang.deed_membership_ended(), format::path(path)),
    }
}
