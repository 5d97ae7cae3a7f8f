//! What was done for a leaver (N7): line by line, to be printed, and found again in the history.

use domain::ids::{EventId, UserId};
use leptos::prelude::*;

use crate::{
    api::accounts::offboarding::offboarding_report,
    errors::ApiError,
    i18n::Language,
    ui::{
        history::overview::whereabouts,
        kit::{language::use_language, location::id_of_address, time::Time},
        shell::{errors::Trouble, page_head::PageHead},
    },
    views::{
        accounts::offboarding::OffboardingReport,
        addresses,
        history::{By, Happened, Named},
    },
};

#[component]
pub fn OffboardingReportPage() -> impl IntoView {
    let id = id_of_address::<EventId>();
    let report = Resource::new(
        move || id.get(),
        |id| async move { offboarding_report(id.ok_or(ApiError::HIDDEN)?).await },
    );
    view! {
        <div class="page">
            <Suspense>
                {move || Suspend::new(async move {
                    match report.await {
                        Ok(report) => view! { <Report report/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

fn name(lang: Language, person: &Named<UserId>) -> String {
    match person {
        Named::Known(_, name) | Named::Former(name) => name.clone(),
        Named::Hidden => lang.a_person_you_cannot_see().to_owned(),
    }
}

#[component]
fn Report(report: OffboardingReport) -> impl IntoView {
    let lang = use_language();
    let OffboardingReport {
        at, by, person, rows, ..
    } = report;
    let by = match &by {
        By::Person(person) => name(lang, person),
        By::Operator => lang.operator().to_owned(),
        By::Machine => lang.a_machine().to_owned(),
    };
    let row = |row: Happened| {
        let ticket = row.ticket.as_ref().map(|(id, code)| {
            view! { <a class="mono" href=addresses::ticket(*id)>{code.to_string()}</a> " " }
        });
        let group = row.group.as_ref().and_then(|group| match group {
            Named::Known(_, name) | Named::Former(name) => Some(name.clone()),
            Named::Hidden => None,
        });
        view! {
            <tr>
                <th scope="row">{lang.event(row.kind)}</th>
                <td data-label=lang.about_what()>
                    <span>{ticket} {group} " " {whereabouts(lang, &row)}</span>
                </td>
            </tr>
        }
    };
    view! {
        <PageHead title=lang.leaver_named(&name(lang, &person))/>
        <p>
            <Time at=at/>
            " · "
            {lang.by_whom()}
            ": "
            {by}
        </p>
        <table class="rows">
            <caption class="hidden">{lang.leaver_report()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.what_happened()}</th>
                    <th scope="col">{lang.about_what()}</th>
                </tr>
            </thead>
            <tbody>{rows.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
        <p class="quiet actions">{lang.report_printable()}</p>
        <p class="actions">
            <a class="btn" href=addresses::HISTORY>{lang.history()}</a>
        </p>
    }
}
