//! How the licences of a ticket were used.

use domain::{
    ids::TicketId,
    licensing::{
        licenses::License,
        usage::{HOUR, UseSpan, forecast::Forecast},
    },
    time::{days, later},
};
use jiff::Timestamp;
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::licensing::usage::read_ticket_use,
    errors::ApiError,
    i18n::{Language, format},
    ui::{
        kit::{copy::HeadCode, language::use_language, location::id_of_address},
        licensing::usage::parts::{Course, Known, Spans, Step, Week},
        shell::{errors::Trouble, page_head::PageHead},
    },
    views::{
        addresses,
        licensing::usage::{
            BY, BY_PERSON, LicenseUse, MachineUse, PersonUse, TicketUse, UsePoint, average, span_of,
        },
    },
};

/// The page of it.
#[component]
pub fn TicketUsePage() -> impl IntoView {
    let lang = use_language();
    let id = id_of_address::<TicketId>();
    let params = use_query_map();
    let span = Memo::new(move |_| params.with(|params| span_of(params.get_str("span"))));
    let found = Resource::new(
        move || (id.get(), span.get()),
        |(id, span)| async move { read_ticket_use(id.ok_or(ApiError::HIDDEN)?, span).await },
    );
    view! {
        <div class="page wide">
            <Transition fallback=move || view! { <p role="status">{lang.loading()}</p> }>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(found) => view! { <Found found span=span.get_untracked()/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

/// The address of the page, or of the file, over a span.
fn address(base: &str, span: UseSpan, ticket: Option<TicketId>) -> String {
    let mut parameters = Vec::new();
    if let Some(ticket) = ticket {
        parameters.push(("ticket", ticket.to_string()));
    }
    if span != UseSpan::default() {
        parameters.push(("span", span.to_string()));
    }
    format::address(base, &parameters)
}

#[component]
fn Found(found: TicketUse, span: UseSpan) -> impl IntoView {
    let lang = use_language();
    let TicketUse {
        ticket,
        code,
        since,
        until,
        step,
        people_since,
        licenses,
    } = found;
    let page = addresses::ticket_use(ticket);
    let to = Callback::new(move |span| address(&page, span, None));
    let file = address(addresses::USE_FILE, span, Some(ticket));
    let has_people = licenses.iter().any(|license| !license.people.is_empty());
    let people_file = has_people.then(|| {
        let file = format!("{file}&{BY}={BY_PERSON}");
        view! { <a class="btn" href=file download rel="external">{lang.person_csv()}</a> }
    });
    let contents: Vec<License> = licenses.iter().map(|one| one.license.clone()).collect();
    let code = code.to_string();
    let title = if contents.is_empty() {
        lang.use_of(&code)
    } else {
        lang.use_of(&format::licenses(lang, &contents))
    };
    let license = move |license: LicenseUse| view! { <OfLicense license step until people_since/> };
    view! {
        <PageHead title>
            <HeadCode code/>
            <p class="actions end">
                <a class="btn" href=addresses::ticket(ticket)>{lang.ticket()}</a>
                <a class="btn" href=file download rel="external">{lang.download_csv()}</a>
                {people_file}
            </p>
        </PageHead>
        <Spans chosen=span to/>
        {licenses.into_iter().map(license).collect::<Vec<_>>()}
        <Known since until/>
    }
}

#[component]
fn OfLicense(
    license: LicenseUse,
    step: domain::time::Seconds,
    until: Timestamp,
    people_since: Option<Timestamp>,
) -> impl IntoView {
    let lang = use_language();
    let LicenseUse {
        license,
        points,
        peak,
        refusals,
        week,
        forecast,
        machines,
        people,
        ..
    } = license;
    let what = format::license(lang, &license);
    let id = format!("use-{}", license.id);
    let at = |point: UsePoint| Step {
        begin: point.begin,
        value: u64::from(point.peak) * 10,
        limit: point.granted.map(|granted| u64::from(granted) * 10),
        refused: point.refused.into(),
        waited: point.waited.into(),
        leased: point.leased,
    };
    let waited: u64 = points.iter().map(|point| u64::from(point.waited)).sum();
    let steps: Vec<Step> = points.into_iter().map(at).collect();
    let refusals = refusals.into_iter().map(|refused| {
        view! {
            <dt>{lang.use_refusal(refused.why)}</dt>
            <dd>{lang.count(refused.times)}</dd>
        }
    });
    view! {
        <section class="panel" aria-labelledby=format!("{id}-name")>
            <h2 id=format!("{id}-name")>{what.clone()}</h2>
            <dl class="facts">
                <dt>{lang.use_most_at_once()}</dt>
                <dd>{lang.use_of_granted(peak, license.quantity)}</dd>
                {refusals.collect::<Vec<_>>()}
                <dt>{lang.use_waited()}</dt>
                <dd>{lang.count(waited)}</dd>
                <dt>{lang.use_forecast()}</dt>
                <dd>{ahead(lang, forecast, until)}</dd>
            </dl>
            <div class="plots">
                <div>
                    <Course
                        steps
                        step
                        id=id.clone()
                        of=what.clone()
                        values=lang.use_most_at_once()
                    />
                </div>
                <div>
                    <h3>{lang.use_by_weekday()}</h3>
                    <Week week id=format!("{id}-week") of=what/>
                </div>
            </div>
            <Machines machines/>
            {people_since.map(|since| view! { <People people since/> })}
        </section>
    }
}

/// What the past says of the time to come, with its doubt.
fn ahead(lang: Language, forecast: Forecast, from: Timestamp) -> String {
    let day = |ahead: u32| format::date(lang, later(from, days(ahead)));
    match forecast {
        Forecast::Unknown => lang.forecast_unknown().to_owned(),
        Forecast::Enough => lang.forecast_enough().to_owned(),
        Forecast::Full => lang.forecast_full().to_owned(),
        Forecast::Gone {
            earliest,
            likely,
            latest: Some(latest),
        } => lang.forecast_gone(&day(likely), &day(earliest), &day(latest)),
        Forecast::Gone {
            earliest,
            likely,
            latest: None,
        } => lang.forecast_gone_perhaps(&day(likely), &day(earliest)),
    }
}

#[component]
fn Machines(machines: Vec<MachineUse>) -> impl IntoView {
    let lang = use_language();
    let row = move |machine: MachineUse| {
        let leased = average(machine.leased, HOUR.into());
        view! {
            <tr>
                <th scope="row">{machine.machine}</th>
                <td data-label=lang.container()>
                    <a href=addresses::container(machine.container)>
                        {lang.container_of(&machine.name, &machine.person)}
                    </a>
                </td>
                <td class="number" data-label=lang.use_leases()>{lang.count(machine.leases)}</td>
                <td class="number" data-label=lang.use_hours_leased()>{format::tenths(lang, leased)}</td>
                <td data-label=lang.last_used()>
                    <time datetime=format::machine_time(machine.last)>{format::date_time(lang, machine.last)}</time>
                </td>
            </tr>
        }
    };
    (!machines.is_empty()).then(|| {
        view! {
            <h3>{lang.use_by_machine()}</h3>
            <table class="rows">
                <caption class="hidden">{lang.use_by_machine()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.machine()}</th>
                        <th scope="col">{lang.container()}</th>
                        <th scope="col" class="number">{lang.use_leases()}</th>
                        <th scope="col" class="number">{lang.use_hours_leased()}</th>
                        <th scope="col">{lang.last_used()}</th>
                    </tr>
                </thead>
                <tbody>{machines.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
    })
}

/// What people used: those within reach, and nothing where there are none.
#[component]
fn People(people: Vec<PersonUse>, since: Timestamp) -> impl IntoView {
    let lang = use_language();
    let row = move |found: PersonUse| {
        view! {
            <tr>
                <th scope="row">
                    <a href=addresses::user(found.person)>{found.name}</a>
                </th>
                <td class="number" data-label=lang.use_hours_leased()>
                    {format::tenths(lang, average(found.leased, HOUR.into()))}
                </td>
                <td class="number" data-label=lang.use_refused()>{lang.count(found.refused)}</td>
                <td class="number" data-label=lang.use_waited()>{lang.count(found.waited)}</td>
            </tr>
        }
    };
    (!people.is_empty()).then(|| {
        let title = lang.use_by_person_since(&format::date(lang, since));
        view! {
            <h3>{title.clone()}</h3>
            <table class="rows">
                <caption class="hidden">{title}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.person()}</th>
                        <th scope="col" class="number">{lang.use_hours_leased()}</th>
                        <th scope="col" class="number">{lang.use_refused()}</th>
                        <th scope="col" class="number">{lang.use_waited()}</th>
                    </tr>
                </thead>
                <tbody>{people.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
    })
}
