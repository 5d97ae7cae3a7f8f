//! What the pages of use share: the choice of a span, and the charts.

use domain::{
    licensing::usage::{HOUR, UseSpan},
    time::{DAY, Seconds},
};
use jiff::Timestamp;
use leptos::prelude::*;

use crate::{
    i18n::{Language, format},
    ui::kit::{
        chart::{
            heat::HeatChart,
            lines::{Drawn, LineChart},
            table::TableBehind,
        },
        language::use_language,
    },
    views::licensing::usage::average,
};

/// A step of a chart: its first moment, a value in tenths, how many there may be, how often machines were refused, and the minutes
/// in which they waited.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    pub begin: Timestamp,
    pub value: u64,
    pub limit: Option<u64>,
    pub refused: u64,
    pub waited: u64,
    /// How long licences were leased.
    pub leased: Seconds,
}

/// Links to the same page over other spans.
#[component]
pub fn Spans(chosen: UseSpan, to: Callback<UseSpan, String>) -> impl IntoView {
    let lang = use_language();
    let link = move |span: &UseSpan| {
        let current = (*span == chosen).then_some("page");
        view! {
            <a href=to.run(*span) aria-current=current>
                {lang.use_span(*span)}
            </a>
        }
    };
    view! {
        <nav class="sub-nav" aria-label=lang.use_period()>
            {UseSpan::ALL.iter().map(link).collect::<Vec<_>>()}
        </nav>
    }
}

/// The name of a step: a day, or an hour of it.
fn name(lang: Language, begin: Timestamp, step: Seconds) -> String {
    if step.0 >= DAY.as_secs() {
        format::date(lang, begin)
    } else {
        format::date_time(lang, begin)
    }
}

/// So many hours, with a tenth.
fn hours(lang: Language, leased: Seconds) -> String {
    format::tenths(lang, average(leased, HOUR.into()))
}

/// What was used step by step, as a chart and as a table.
#[component]
pub fn Course(
    steps: Vec<Step>,
    /// How long each is.
    step: Seconds,
    /// A name for it on the page.
    id: String,
    /// What of.
    of: String,
    /// What its values are.
    values: &'static str,
) -> impl IntoView {
    let lang = use_language();
    let Some((first, last)) = steps.first().zip(steps.last()) else {
        return view! { <p class="empty">{lang.no_use_yet()}</p> }.into_any();
    };
    let most = steps.iter().max_by_key(|step| step.value).unwrap_or(last);
    let refused: u64 = steps.iter().map(|step| step.refused).sum();
    let described = lang.use_described(
        &name(lang, first.begin, step),
        &name(lang, last.begin, step),
        &format::tenths(lang, most.value),
        &name(lang, most.begin, step),
        &lang.count(refused),
    );
    // Some six names below the chart.
    let every = steps.len().div_ceil(6).max(1);
    let names = steps.iter().enumerate().step_by(every);
    let names = names.map(|(place, at)| {
        let name = if step.0 >= DAY.as_secs() || steps.len() > 48 {
            format::date(lang, at.begin)
        } else {
            format::time(at.begin)
        };
        (place, name)
    });
    let drawn = Drawn {
        values: steps.iter().map(|step| step.value).collect(),
        limits: steps.iter().map(|step| step.limit).collect(),
        marks: steps.iter().map(|step| step.refused).collect(),
        names: names.collect(),
    };
    let limited = steps.iter().any(|step| step.limit.is_some());
    let mut head = vec![
        if step.0 >= DAY.as_secs() {
            lang.use_day()
        } else {
            lang.use_hour()
        }
        .to_owned(),
        values.to_owned(),
        lang.use_hours_leased().to_owned(),
    ];
    if limited {
        head.push(lang.use_granted().to_owned());
    }
    head.extend([lang.use_refused().to_owned(), lang.use_waited().to_owned()]);
    let row = |at: &Step| {
        let mut numbers = vec![format::tenths(lang, at.value), hours(lang, at.leased)];
        if limited {
            numbers.push(at.limit.map_or_else(String::new, |limit| lang.count(limit / 10)));
        }
        numbers.extend([lang.count(at.refused), lang.count(at.waited)]);
        (name(lang, at.begin, step), numbers)
    };
    let rows: Vec<(String, Vec<String>)> = steps.iter().rev().map(row).collect();
    let title = format!("{of}: {values}");
    view! {
        <p class="legend" aria-hidden="true">
            <span class="key used"></span>
            {values}
            {limited
                .then(|| {
                    view! {
                        <span class="key granted"></span>
                        {lang.use_granted()}
                    }
                })}
            <span class="key refused"></span>
            {lang.use_refused()}
        </p>
        <LineChart drawn id title=title.clone() described/>
        <TableBehind summary=lang.as_table().to_owned() caption=title head rows/>
    }
    .into_any()
}

/// When most was used, by weekday and hour.
#[component]
pub fn Week(
    /// How long licences were leased in each hour of the week.
    week: Vec<Seconds>,
    /// A name for it on the page.
    id: String,
    /// What of.
    of: String,
) -> impl IntoView {
    let lang = use_language();
    let values: Vec<u64> = week.iter().map(|leased| average(*leased, HOUR.into())).collect();
    let most = values.iter().copied().enumerate().max_by_key(|(_, value)| *value);
    let (place, value) = most.unwrap_or_default();
    let hour = |place: usize| format!("{}:00", place % 24);
    let described = lang.use_week_described(
        &format::tenths(lang, value),
        lang.weekday(place / 24),
        &hour(place),
    );
    let days: Vec<String> = (0..7).map(|day| lang.weekday(day).to_owned()).collect();
    let mut head = vec![lang.use_hour().to_owned()];
    head.extend(days.iter().cloned());
    let rows = (0..24).map(|at| {
        let numbers = (0..7).map(|day| {
            let value = values.get(day * 24 + at).copied().unwrap_or_default();
            format::tenths(lang, value)
        });
        (hour(at), numbers.collect())
    });
    let rows: Vec<(String, Vec<String>)> = rows.collect();
    let title = format!("{of}: {}", lang.use_by_weekday());
    view! {
        <HeatChart values days id title=title.clone() described/>
        <TableBehind summary=lang.as_table().to_owned() caption=title head rows/>
    }
    .into_any()
}

/// Of which branch a page tells, and the way to all of them; nothing where it tells of all.
#[component]
pub fn Branch(
    /// Names of the groups down to it.
    path: Vec<String>,
    /// The address of the same of all branches.
    all: String,
) -> impl IntoView {
    let lang = use_language();
    (!path.is_empty()).then(|| {
        view! {
            <p class="beside">
                <span class="tag mine">{format::path(&path)}</span>
                <a href=all>{lang.all_branches()}</a>
            </p>
        }
    })
}

/// Since when use is known, and what is not counted.
#[component]
pub fn Known(since: Option<Timestamp>, until: Timestamp) -> impl IntoView {
    let lang = use_language();
    let known =
        since.map(|since| lang.use_known(&format::date_time(lang, since), &format::date_time(lang, until)));
    view! {
        <p class="quiet">
            {known} " " {lang.use_not_counted()}
        </p>
    }
}
