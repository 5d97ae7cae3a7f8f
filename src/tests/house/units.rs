//! The units for systemd: what they name is there, and they are as hardened as the documents say.

use std::{collections::BTreeSet, path::Path, process::Command};

use crate::support::process::program;

/// The most exposure, in tenths: `systemd-analyze security` says OK below 5.
const EXPOSURE: &str = "20";

const SERVICE: &str = include_str!("../../../docs/operation/license-portal.service");

fn values<'a>(unit: &'a str, key: &'a str) -> impl Iterator<Item = &'a str> {
    let lines = unit.lines().filter_map(move |line| line.strip_prefix(key));
    lines.filter_map(|line| line.strip_prefix('='))
}

#[test]
fn the_service_is_started_as_the_program_is_called() {
    let start = values(SERVICE, "ExecStart").next().expect("a command");
    let mut words = start.split(' ');
    assert_eq!(words.next(), Some("/usr/bin/license-portal"));
    let known = program()
        .arg("--help")
        .stdout(std::process::Stdio::piped())
        .output();
    let known = String::from_utf8(known.expect("it runs").stdout).expect("text");
    for word in words.filter(|word| !word.starts_with('/')) {
        assert!(known.contains(word), "{word}");
    }
    // What ends with 2 ends so again.
    assert_eq!(
        values(SERVICE, "RestartPreventExitStatus").collect::<Vec<_>>(),
        ["2"]
    );
    let keys: BTreeSet<&str> = SERVICE
        .lines()
        .filter_map(|line| Some(line.split_once('=')?.0))
        .collect();
    for key in [
        "CapabilityBoundingSet",
        "NoNewPrivileges",
        "ProtectSystem",
        "SystemCallFilter",
        "User",
    ] {
        assert!(keys.contains(key), "{key}");
    }
}

/// Where systemd is at hand.
#[test]
fn the_service_is_hardened() {
    let unit = Path::new(env!("CARGO_MANIFEST_DIR")).join("docs/operation/license-portal.service");
    let mut rate = Command::new("systemd-analyze");
    rate.args([
        "security",
        "--offline=true",
        "--no-pager",
        "--threshold",
        EXPOSURE,
    ]);
    match rate.arg(unit).output() {
        Ok(rated) => {
            let told = String::from_utf8_lossy(&rated.stdout);
            assert!(
                rated.status.success(),
                "{told}{}",
                String::from_utf8_lossy(&rated.stderr)
            );
        }
        Err(error) => eprintln!("systemd-analyze is not here ({error}): not rated"),
    }
}
