//! `license-portal check-config`: the settings that `serve` would have.

use std::{io::Write, path::Path};

use serde::Serialize;

use crate::server::{
    cli::failure::Failure,
    config::{
        Problems, Settings,
        told::{Told, told as all},
    },
};

#[derive(Serialize)]
struct Report {
    settings: Vec<Told>,
    problems: Vec<String>,
}

/// Shows the settings on standard output.
///
/// # Errors
/// [`Problems`], which make the exit code 2.
pub fn told(settings: Result<Settings, Problems>, config: Option<&Path>, json: bool) -> Result<(), Failure> {
    let mut out = std::io::stdout().lock();
    let all = settings.as_ref().map(|settings| all(settings, config));
    if json {
        let problems = settings.as_ref().err().map_or(&[][..], |problems| &problems.0);
        let report = Report {
            problems: problems.iter().map(ToString::to_string).collect(),
            settings: all.unwrap_or_default(),
        };
        writeln!(out, "{}", serde_json::to_string_pretty(&report)?)?;
    } else if let Ok(all) = all {
        for setting in all {
            let value = match (&setting.value, setting.is_set) {
                (Some(value), _) => value.as_str(),
                (None, true) => "(set, and not shown)",
                (None, false) => "(not set)",
            };
            writeln!(out, "{:<30} {value}  [{}]", setting.name, setting.from)?;
        }
    }
    settings?;
    Ok(())
}
