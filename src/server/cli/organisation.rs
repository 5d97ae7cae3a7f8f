//! `license-portal import` and `export`.

use std::{
    fs::File,
    io::{self, IsTerminal, Seek, Write},
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use clap::ValueEnum;
use domain::instance::imports::{Noun, Verdict};
use tokio::sync::mpsc;

use crate::{
    errors::words::explain_line,
    i18n::Language,
    ops::instance::{
        Vendor,
        organisation::{self, By, Format, Found, ImportError, Input, Progress, Task},
    },
    server::cli::failure::Failure,
    store::Store,
    views::instance::imports::{LineProblem, LineReport, Outcome},
};

/// What stands in a file, for who would rather say it than have it found out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GivenFormat {
    /// An organisation file (license-portal/organisation@1)
    Json,
    /// A table of products
    Products,
    /// A table of groups
    Groups,
    /// A table of users
    Users,
    /// A table of memberships
    Memberships,
    /// A table of tickets with their licences
    Tickets,
}

impl From<GivenFormat> for Format {
    fn from(given: GivenFormat) -> Self {
        match given {
            GivenFormat::Json => Self::Json,
            GivenFormat::Products => Self::Table(Noun::Products),
            GivenFormat::Groups => Self::Table(Noun::Groups),
            GivenFormat::Users => Self::Table(Noun::Users),
            GivenFormat::Memberships => Self::Table(Noun::Memberships),
            GivenFormat::Tickets => Self::Table(Noun::Tickets),
        }
    }
}

/// `license-portal import`.
#[derive(Debug, Clone, clap::Args)]
pub struct ImportArguments {
    /// The file; - for standard input
    file: PathBuf,
    /// Only say what would become of each line, on standard output; exit code 1 when something would be refused
    #[arg(long)]
    dry_run: bool,
    /// What stands in it [default: found out]
    #[arg(long, value_enum, value_name = "FORMAT")]
    format: Option<GivenFormat>,
}

/// `license-portal export`.
#[derive(Debug, Clone, clap::Args)]
pub struct ExportArguments {
    /// As a table (CSV) of one kind of entries
    #[arg(long, value_parser = noun, value_name = "NOUN")]
    csv: Option<Noun>,
}

fn noun(text: &str) -> Result<Noun, String> {
    let known: Vec<String> = Noun::ALL.iter().map(ToString::to_string).collect();
    text.parse().map_err(|_| format!("one of {}", known.join(", ")))
}

/// The file; what comes over standard input goes to the disk first, because it is read several times.
fn open(path: &Path) -> io::Result<Input> {
    if path.as_os_str() == "-" {
        let mut file = tempfile::tempfile()?;
        io::copy(&mut io::stdin().lock(), &mut file)?;
        file.rewind()?;
        return Ok(file.into());
    }
    let file = File::open(path)?;
    // A pipe cannot be read twice.
    if file.metadata()?.is_file() {
        return Ok(file.into());
    }
    let mut kept = tempfile::tempfile()?;
    io::copy(&mut &file, &mut kept)?;
    kept.rewind()?;
    Ok(kept.into())
}

/// A line of a report: "12  users  ann  refused: …".
fn written(report: &LineReport) -> String {
    let lang = Language::default();
    let noun = report.noun.map(|noun| noun.to_string()).unwrap_or_default();
    let outcome = match &report.outcome {
        Outcome::Refused(problem) => format!("refused: {}", explain_line(lang, problem)),
        Outcome::Changed(fields) => {
            let fields: Vec<&str> = fields.iter().map(|field| lang.field(*field)).collect();
            format!("changed: {}", fields.join(", "))
        }
        Outcome::CreatedInactive => "created, inactive: no seat is left".to_owned(),
        other => other.verdict().to_string(),
    };
    format!("{}\t{noun}\t{}\t{outcome}", report.line, report.key)
}

/// Imports a file, or says what would become of it.
///
/// # Errors
/// Whatever stopped it, in words for the operator.
pub async fn import(store: &Store, vendor: &Vendor, arguments: &ImportArguments) -> Result<(), Failure> {
    let path = arguments.file.display();
    let input = open(&arguments.file).map_err(|error| format!("cannot read {path}: {error}"))?;
    let format = input.format()?.and_then(|found| match arguments.format {
        Some(given) if Format::from(given) != found => Err(LineProblem::OtherFormat),
        _ => Ok(found),
    });
    let format =
        format.map_err(|problem| format!("{path}: {}", explain_line(Language::default(), &problem)))?;
    let progress = Arc::<Progress>::default();
    let showing = show(Arc::clone(&progress));
    let done = if arguments.dry_run {
        check(store, vendor, &input, format, &progress).await
    } else {
        let task = Task {
            by: By::Operator,
            password: None,
            upload: None,
            fact: None,
        };
        organisation::store_all(store, vendor, task, &input, format, &progress).await
    };
    showing.abort();
    // Its bar is gone once it has ended.
    let _ = showing.await;
    match done {
        Ok(found) if arguments.dry_run => summary(&found, &path.to_string()),
        Ok(found) => {
            for noun in format.nouns() {
                let counts = found.of(*noun);
                eprintln!(
                    "{noun}: {} created, {} changed, {} unchanged",
                    counts.created, counts.changed, counts.unchanged
                );
            }
            tell_of_people(&found);
            Ok(())
        }
        Err(ImportError::Refused(found)) => {
            for report in &found.refused {
                eprintln!("{}", written(report));
            }
            Err(format!("{path}: {}; nothing was imported", ImportError::Refused(found)).into())
        }
        Err(error) => Err(format!("{path}: {error}; nothing was imported").into()),
    }
}

fn summary(found: &Found, path: &str) -> Result<(), Failure> {
    let counts = found.counts();
    let so_many: Vec<String> = Verdict::ALL
        .iter()
        .map(|verdict| format!("{} {verdict}", counts.of(*verdict)))
        .collect();
    eprintln!("{}; nothing was changed.", so_many.join(", "));
    if counts.refused > 0 {
        return Err(format!("{path}: {} entries cannot be imported", counts.refused).into());
    }
    Ok(())
}

fn tell_of_people(found: &Found) {
    let people = found.of(Noun::Users);
    if people.inactive > 0 {
        eprintln!(
            "{} of the people are inactive: no seats were left for them.",
            people.inactive
        );
    }
    if people.created > 0 {
        eprintln!("Imported people have no password yet: license-portal password LOGIN");
    }
}

/// The report goes to standard output as it is made.
async fn check(
    store: &Store,
    vendor: &Vendor,
    input: &Input,
    format: Format,
    progress: &Arc<Progress>,
) -> Result<Found, ImportError> {
    let (tell, mut told) = mpsc::channel::<Vec<LineReport>>(2);
    let writing = tokio::spawn(async move {
        while let Some(reports) = told.recv().await {
            let text: String = reports.iter().map(|report| written(report) + "\n").collect();
            // Whoever reads it may have seen enough.
            if io::stdout().write_all(text.as_bytes()).is_err() {
                return;
            }
        }
    });
    let found = organisation::check(store, vendor, By::Operator, input, format, &tell, progress).await;
    drop(tell);
    let _ = writing.await;
    found
}

/// Shows on terminals how far it has come.
fn show(progress: Arc<Progress>) -> tokio::task::JoinHandle<()> {
    struct Cleared(indicatif::ProgressBar);
    impl Drop for Cleared {
        fn drop(&mut self) {
            self.0.finish_and_clear();
        }
    }
    tokio::spawn(async move {
        if !io::stderr().is_terminal() {
            return;
        }
        let bar = Cleared(indicatif::ProgressBar::new(0));
        loop {
            let (done, of) = progress.so_far();
            bar.0.set_length(of);
            bar.0.set_position(done);
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    })
}

/// Writes everything, or a table, to standard output.
///
/// # Errors
/// Those of database and output.
pub async fn export(store: &Store, arguments: &ExportArguments) -> Result<(), Failure> {
    let format = arguments.csv.map_or(Format::Json, Format::Table);
    let mut out = io::BufWriter::new(io::stdout());
    organisation::export(store, By::Operator, format, &mut out).await?;
    Ok(())
}
