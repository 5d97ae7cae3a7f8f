//! `license-portal doctor`.

use std::{
    io::Write,
    path::{Path, PathBuf},
};

use clap::Args;
use rustix::fs::statvfs;

use crate::{
    ops::instance::doctor::{self, Check, Finding, Report},
    server::{
        cli::{failure::Failure, modes},
        config::Settings,
    },
    store::{Store, file_of},
};

/// How the report is written.
#[derive(Debug, Clone, Copy, Args)]
pub struct DoctorArguments {
    /// Write the report as JSON, for programs
    #[arg(long)]
    json: bool,
}

/// Bytes that are left where nothing else is known of what is needed.
const SPARE: u64 = 256 * 1024 * 1024;

/// What `doctor` looked at and found, as JSON.
#[derive(serde::Serialize)]
struct Told<'a> {
    ok: bool,
    #[serde(flatten)]
    report: &'a Report,
}

/// Looks everything over, and writes the report to standard output.
///
/// # Errors
/// That something is wrong.
pub async fn examine(
    store: &Store,
    settings: &Settings,
    config: Option<&Path>,
    arguments: DoctorArguments,
) -> Result<(), Failure> {
    let mut report = doctor::examine(store, settings.key.clone()).await?;
    files(&mut report, modes::found(settings, config));
    disk(&mut report, settings);
    let mut out = std::io::stdout().lock();
    if arguments.json {
        let told = Told {
            ok: report.is_well(),
            report: &report,
        };
        serde_json::to_writer_pretty(&mut out, &told)?;
        writeln!(out)?;
    } else {
        write!(out, "{}", in_words(&report))?;
    }
    match report.findings.len() {
        0 => Ok(()),
        1 => Err("one thing is wrong: see the report".into()),
        count => Err(format!("{count} things are wrong: see the report").into()),
    }
}

fn in_words(report: &Report) -> String {
    let mut text = String::new();
    for check in Check::ALL {
        let found: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.check == check)
            .collect();
        let state = match found.len() {
            _ if !report.looked_at.contains(&check) => "not looked at",
            0 => "well",
            _ => "WRONG",
        };
        text.push_str(&format!("{:<11} {state}\n", check.name()));
        for finding in found {
            let count = match finding.count {
                0 | 1 => String::new(),
                count => format!("{count}: "),
            };
            text.push_str(&format!("    {count}{}\n", finding.what));
            for example in &finding.examples {
                text.push_str(&format!("      {example}\n"));
            }
            text.push_str(&format!("    To do: {}\n", finding.todo));
        }
    }
    text
}

fn files(report: &mut Report, loose: Vec<(PathBuf, u32)>) {
    report.look_at(Check::Files);
    if loose.is_empty() {
        return;
    }
    let commands: Vec<String> = loose
        .iter()
        .map(|(path, _)| format!("chmod go= {}", path.display()))
        .collect();
    let examples = loose
        .iter()
        .map(|(path, mode)| format!("{} {mode:o}", path.display()))
        .collect();
    let what = "files may be read or changed by others of this machine";
    report.add(Check::Files, what, examples, &commands.join("; "));
}

/// Where bytes are needed, and how many: for a copy of the database, beside it, and for mails.
fn needed(settings: &Settings) -> Vec<(PathBuf, u64)> {
    let mut needed = Vec::new();
    if let Some(file) = file_of(&settings.database) {
        let bytes = std::fs::metadata(file).map_or(0, |metadata| metadata.len());
        let folder = match file.parent() {
            Some(folder) if !folder.as_os_str().is_empty() => folder,
            _ => Path::new("."),
        };
        needed.push((folder.to_owned(), bytes.saturating_add(SPARE)));
    }
    if settings.mail.smtp.is_none() {
        needed.push((settings.mail.folder.clone(), SPARE));
    }
    needed
}

fn disk(report: &mut Report, settings: &Settings) {
    report.look_at(Check::Disk);
    let free = |folder: &Path| {
        let disk = statvfs(folder).ok()?;
        Some(disk.f_bavail.saturating_mul(disk.f_frsize))
    };
    let short = too_little(needed(settings), free);
    if !short.is_empty() {
        let todo =
            "make room: an upgrade writes the database once more, and nothing can be changed on a full disk";
        report.add(Check::Disk, "there is little room", short, todo);
    }
}

/// Where less is free than is needed; what is not there yet needs nothing.
fn too_little(needed: Vec<(PathBuf, u64)>, free: impl Fn(&Path) -> Option<u64>) -> Vec<String> {
    let mega = |bytes: u64| bytes / 1024 / 1024;
    needed
        .into_iter()
        .filter_map(|(folder, bytes)| {
            let free = free(&folder)?;
            let path = folder.display();
            (free < bytes).then(|| format!("{path}: {} MB of {} MB", mega(free), mega(bytes)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_disk_that_is_nearly_full_is_found() {
        let needed = || {
            vec![
                (PathBuf::from("a"), 10 << 20),
                (PathBuf::from("b"), 3 << 20),
                (PathBuf::from("none"), 3 << 20),
            ]
        };
        let free = |folder: &Path| (folder != Path::new("none")).then_some(5 << 20);
        assert_eq!(too_little(needed(), free), ["a: 5 MB of 10 MB"]);
        assert!(too_little(needed(), |_| Some(11 << 20)).is_empty());
    }

    #[test]
    fn the_report_names_every_check_and_what_to_do() {
        let mut report = Report::default();
        for check in [Check::Schema, Check::Tickets] {
            report.look_at(check);
        }
        let ids = vec!["12".to_owned(), "13".to_owned()];
        report.add(Check::Tickets, "tickets have two owners", ids, "put it right");
        let text = in_words(&report);
        assert_eq!(
            text.lines().take(7).collect::<Vec<_>>(),
            [
                "schema      well",
                "structure   not looked at",
                "storage     not looked at",
                "references  not looked at",
                "tickets     WRONG",
                "    2: tickets have two owners",
                "      12",
            ]
        );
        assert!(text.contains("\n    To do: put it right\n"), "{text}");
        assert_eq!(
            text.lines().filter(|line| !line.starts_with(' ')).count(),
            Check::ALL.len()
        );
    }
}
