//! Files in and out, for ISV admins: an upload, the report of what would become of it, and exports.

use domain::{
    ids::ImportId,
    instance::imports::{ImportState, Noun, Verdict},
};
use leptos::prelude::*;
use leptos_router::hooks::use_query_map;

use crate::{
    api::instance::imports::{ConfirmImport, DiscardImport, import, imports},
    errors::{ApiError, words::explain_line},
    i18n::{Language, format},
    ui::{
        kit::{
            browser,
            forms::{Problem, after, failure},
            language::use_language,
            location::id_of_address,
            pager::Pager,
            time::Time,
        },
        shell::{admin_nav::AdminNav, errors::Trouble, live, page_head::PageHead},
    },
    views::{
        addresses,
        instance::imports::{Import, ImportDetail, LineReport, Outcome, REPORT_PAGE},
    },
};

/// How often a page looks whether a running import has come further.
const LOOK: std::time::Duration = std::time::Duration::from_millis(1000);

/// The upload, the last imports, and the exports.
#[component]
pub fn ImportsPage() -> impl IntoView {
    let lang = use_language();
    let list = Resource::new(|| (), |()| imports());
    let export = |file: String, name: &'static str| {
        view! { <a class="btn" href=addresses::export(&file) download rel="external">{name}</a> }
    };
    let tables = Noun::ALL
        .iter()
        .map(|noun| export(format!("{noun}.csv"), lang.noun(*noun)));
    view! {
        <div class="page">
            <AdminNav/>
            <PageHead title=lang.import_export()/>
            <section class="panel">
                <h2>{lang.import_file()}</h2>
                <p class="quiet">{lang.import_explained()}</p>
                <form method="post" action=addresses::UPLOAD enctype="multipart/form-data" class="stack">
                    <label class="labelled">
                        {lang.file_to_import()}
                        <input class="input" type="file" name="file" accept=".csv,.json,text/csv,application/json" required/>
                    </label>
                    <p class="actions">
                        <button class="btn primary">{lang.check_file()}</button>
                    </p>
                </form>
            </section>
            <section class="panel">
                <h2>{lang.export_files()}</h2>
                <p class="quiet">{lang.export_explained()}</p>
                <p class="actions">
                    {export("organisation.json".to_owned(), lang.everything_json())} {tables.collect::<Vec<_>>()}
                </p>
            </section>
            <h2>{lang.imports()}</h2>
            <Suspense>
                {move || Suspend::new(async move {
                    match list.await {
                        Ok(list) if list.is_empty() => view! { <p class="empty">{lang.no_imports()}</p> }.into_any(),
                        Ok(list) => view! { <Table list/> }.into_any(),
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Suspense>
        </div>
    }
}

#[component]
fn Table(list: Vec<Import>) -> impl IntoView {
    let lang = use_language();
    let row = move |import: Import| {
        view! {
            <tr>
                <th scope="row">
                    <a href=addresses::import(import.id)>{name_of(lang, &import)}</a>
                </th>
                <td data-label=lang.uploaded_at()>
                    <Time at=import.at/>
                </td>
                <td data-label=lang.by_whom()>{import.by.clone().unwrap_or_else(|| lang.someone().to_owned())}</td>
                <td data-label=lang.import_state()>{lang.import_state_of(&import)}</td>
                <td data-label=lang.import_result()>{counts(lang, &import)}</td>
            </tr>
        }
    };
    view! {
        <table class="rows">
            <caption class="hidden">{lang.imports()}</caption>
            <thead>
                <tr>
                    <th scope="col">{lang.file()}</th>
                    <th scope="col">{lang.uploaded_at()}</th>
                    <th scope="col">{lang.by_whom()}</th>
                    <th scope="col">{lang.import_state()}</th>
                    <th scope="col">{lang.import_result()}</th>
                </tr>
            </thead>
            <tbody>{list.into_iter().map(row).collect::<Vec<_>>()}</tbody>
        </table>
    }
}

fn name_of(lang: Language, import: &Import) -> String {
    if import.file.is_empty() {
        lang.file().to_owned()
    } else {
        import.file.clone()
    }
}

/// "3 refused, 12 created": what there is none of is left out.
fn counts(lang: Language, import: &Import) -> String {
    let some = Verdict::ALL
        .iter()
        .filter(|verdict| import.counts.of(**verdict) > 0)
        .map(|verdict| {
            lang.so_many(
                *verdict,
                import.counts.of(*verdict),
                import.state == ImportState::Done,
            )
        });
    some.collect::<Vec<_>>().join(", ")
}

/// Which lines are shown, by the address.
fn asked(params: &leptos_router::params::ParamsMap) -> (Option<Verdict>, u32) {
    let verdict = params.get_str("only").and_then(|only| only.parse().ok());
    let page = params.get_str("page").and_then(|page| page.parse().ok());
    (verdict, page.unwrap_or_default())
}

fn address(id: ImportId, verdict: Option<Verdict>, page: u32) -> String {
    let only = verdict.map(|verdict| format!("only={verdict}"));
    let page = (page > 0).then(|| format!("page={page}"));
    let asked: Vec<String> = only.into_iter().chain(page).collect();
    if asked.is_empty() {
        addresses::import(id)
    } else {
        format!("{}?{}", addresses::import(id), asked.join("&"))
    }
}

/// One import: how far it has come, and its report.
#[component]
pub fn ImportPage() -> impl IntoView {
    let id = id_of_address::<ImportId>();
    let params = use_query_map();
    let query = Memo::new(move |_| params.with(asked));
    let confirm = ServerAction::<ConfirmImport>::new();
    let discard = ServerAction::<DiscardImport>::new();
    // What was pressed is gone then.
    after(confirm, browser::land);
    after(discard, browser::land);
    let looked = RwSignal::new(0_u32);
    let found = live::kept(
        move || (id.get(), query.get()),
        move || (confirm.version().get(), discard.version().get(), looked.get()),
        |(id, (verdict, page))| async move { import(id.ok_or(ApiError::HIDDEN)?, verdict, page).await },
    );
    // As long as it goes on by itself, the page looks again.
    Effect::new(move |_| {
        let running = found.get().and_then(Result::ok);
        if running.is_some_and(|detail| detail.import.state.is_running()) {
            set_timeout(
                move || {
                    looked.try_update(|times| *times += 1);
                },
                LOOK,
            );
        }
    });
    view! {
        <div class="page wide">
            <AdminNav/>
            <Problem error=failure(confirm.value())/>
            <Problem error=failure(discard.value())/>
            <Transition>
                {move || Suspend::new(async move {
                    match found.await {
                        Ok(detail) => {
                            let (verdict, page) = query.get_untracked();
                            view! { <Detail detail verdict page confirm discard/> }.into_any()
                        }
                        Err(error) => view! { <Trouble error/> }.into_any(),
                    }
                })}
            </Transition>
        </div>
    }
}

#[component]
fn Detail(
    detail: ImportDetail,
    verdict: Option<Verdict>,
    page: u32,
    confirm: ServerAction<ConfirmImport>,
    discard: ServerAction<DiscardImport>,
) -> impl IntoView {
    let lang = use_language();
    let ImportDetail { import, lines, total } = detail;
    let id = import.id;
    let by = import.by.clone().unwrap_or_else(|| lang.someone().to_owned());
    let about = format!(
        "{} · {by} · {}",
        format::date_time(lang, import.at),
        format::size(lang, import.bytes)
    );
    let report = (import.state != ImportState::Checking && import.counts.total() > 0)
        .then(|| view! { <Report import=import.clone() lines total verdict page/> });
    view! {
        <PageHead title=name_of(lang, &import)/>
        <p class="quiet">{about}</p>
        <Standing import=import.clone()/>
        {(import.state == ImportState::Checked)
            .then(|| {
                let ready = import.counts.refused == 0 && import.counts.total() > 0;
                view! {
                    <div class="actions">
                        {ready
                            .then(|| {
                                view! {
                                    <ActionForm action=confirm>
                                        <input type="hidden" name="import" value=id.to_string()/>
                                        <button class="btn primary">{lang.confirm_import()}</button>
                                    </ActionForm>
                                }
                            })}
                        <ActionForm action=discard>
                            <input type="hidden" name="import" value=id.to_string()/>
                            <button class="btn">{lang.discard_import()}</button>
                        </ActionForm>
                    </div>
                }
            })}
        {report}
    }
}

/// How far it has come, and what to do next.
#[component]
fn Standing(import: Import) -> impl IntoView {
    let lang = use_language();
    let next = match import.state {
        ImportState::Checking | ImportState::Confirmed | ImportState::Importing => {
            let share = f64::from(import.progress) / 1000.0;
            let here = address(import.id, None, 0);
            return view! {
                <p role="status" class="beside">
                    <strong>{lang.import_state_of(&import)}</strong>
                    <progress value=share.to_string() max="1" aria-label=lang.import_state_of(&import)></progress>
                    <span>{lang.percent_done(import.progress)}</span>
                </p>
                <p class="actions">
                    <a class="btn" href=here rel="external">{lang.refresh_import()}</a>
                </p>
            }
            .into_any();
        }
        ImportState::Checked if import.counts.refused > 0 => lang.correct_file(),
        ImportState::Checked if import.counts.total() == 0 => lang.nothing_in_file(),
        ImportState::Checked => lang.all_or_nothing(),
        ImportState::Done => lang.import_done(),
        ImportState::Failed => lang.nothing_imported(),
    };
    let class = match import.state {
        ImportState::Checked if import.counts.refused > 0 => "problem",
        ImportState::Failed => "problem",
        ImportState::Done => "saved",
        _ => "quiet",
    };
    let why = import.failure.map(|why| lang.import_failure(why));
    let inactive = (import.counts.inactive > 0)
        .then(|| view! { <p class="warning">{lang.left_inactive(import.counts.inactive)}</p> });
    view! {
        <p role="status">
            <strong>{lang.import_state_of(&import)}</strong>
            {(import.counts.total() > 0).then(|| format!(" · {}", counts(lang, &import)))}
        </p>
        <p class=class>{next} " " {why}</p>
        {inactive}
    }
    .into_any()
}

#[component]
fn Report(
    import: Import,
    lines: Vec<LineReport>,
    total: u64,
    verdict: Option<Verdict>,
    page: u32,
) -> impl IntoView {
    let lang = use_language();
    let id = import.id;
    let filter = |only: Option<Verdict>, name: String| {
        let current = (only == verdict).then_some("true");
        view! { <a href=address(id, only, 0) aria-current=current>{name}</a> }
    };
    let done = import.state == ImportState::Done;
    let filters = Verdict::ALL
        .iter()
        .filter(|verdict| import.counts.of(**verdict) > 0)
        .map(|verdict| {
            filter(
                Some(*verdict),
                lang.so_many(*verdict, import.counts.of(*verdict), done),
            )
        })
        .collect::<Vec<_>>();
    let list = if lines.is_empty() {
        view! { <p class="empty">{lang.no_lines()}</p> }.into_any()
    } else {
        let row = move |line: LineReport| view! { <Line line done/> };
        view! {
            <table class="rows">
                <caption class="hidden">{lang.import_report()}</caption>
                <thead>
                    <tr>
                        <th scope="col">{lang.line()}</th>
                        <th scope="col">{lang.kind_of_entry()}</th>
                        <th scope="col">{lang.entry()}</th>
                        <th scope="col">{lang.what_becomes()}</th>
                    </tr>
                </thead>
                <tbody>{lines.into_iter().map(row).collect::<Vec<_>>()}</tbody>
            </table>
        }
        .into_any()
    };
    let to = Callback::new(move |page| address(id, verdict, page));
    view! {
        <h2>{lang.import_report()}</h2>
        <nav class="sub-nav" aria-label=lang.import_report()>
            {filters} {filter(None, lang.all_lines().to_owned())}
        </nav>
        {list}
        <Pager page size=REPORT_PAGE total to/>
    }
}

#[component]
fn Line(line: LineReport, done: bool) -> impl IntoView {
    let lang = use_language();
    let verdict = lang.would_be(line.outcome.verdict(), done);
    let outcome = match &line.outcome {
        Outcome::Refused(problem) => view! {
            <span>
                <strong>{verdict}</strong>
                ": "
                {explain_line(lang, problem)}
            </span>
        }
        .into_any(),
        Outcome::Changed(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| lang.field(*field)).collect();
            format!("{verdict}: {}", fields.join(", ")).into_any()
        }
        Outcome::CreatedInactive => lang.created_inactive().into_any(),
        Outcome::Created | Outcome::Unchanged => verdict.into_any(),
    };
    view! {
        <tr>
            <td data-label=lang.line() class="number">{lang.count(line.line)}</td>
            <td data-label=lang.kind_of_entry()>{line.noun.map(|noun| lang.noun(noun))}</td>
            <td data-label=lang.entry()>
                <span class="mono">{line.key}</span>
            </td>
            <td data-label=lang.what_becomes()>{outcome}</td>
        </tr>
    }
}
