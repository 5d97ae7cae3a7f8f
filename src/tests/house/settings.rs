//! Settings: which place counts, what `check-config` shows, and what is said of those that cannot be used.

use std::{path::Path, process::Stdio};

use serde_json::Value;

use crate::support::process::program;

const SECRET: &str = "hunter2-hunter2";

/// Exit code, and what was told on both.
fn run(arguments: &[&str], variables: &[(&str, &str)]) -> (Option<i32>, String, String) {
    let done = program()
        .args(arguments)
        .envs(variables.iter().copied())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .output()
        .expect("the program runs");
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).expect("text");
    (done.status.code(), text(done.stdout), text(done.stderr))
}

/// Value and place of a setting that was told as JSON.
fn told(settings: &Value, name: &str) -> (Value, String) {
    let settings = settings["settings"].as_array().expect("a list");
    let found = settings.iter().find(|setting| setting["name"] == name);
    let found = found.unwrap_or_else(|| panic!("{name} is not told"));
    (
        found["value"].clone(),
        found["from"].as_str().expect("a place").to_owned(),
    )
}

fn written(folder: &Path, name: &str, text: &str) -> String {
    let path = folder.join(name);
    std::fs::write(&path, text).expect("it is written");
    path.to_str().expect("a path").to_owned()
}

#[test]
fn a_flag_counts_before_the_environment_and_that_before_the_file() {
    let folder = tempfile::tempdir().expect("a folder");
    let config = written(
        folder.path(),
        "portal.toml",
        &format!("listen = '127.0.0.1:1'\nlease = 10\nidle = '10m'\nsmtp = 'smtps://a:{SECRET}@host'\n"),
    );
    let database = written(
        folder.path(),
        "database",
        &format!("postgres://portal:{SECRET}@host/portal\n"),
    );
    let variables = [
        ("PORTAL_LISTEN", "127.0.0.1:2"),
        ("PORTAL_LEASE", "20"),
        ("PORTAL_DATABASE_FILE", &database),
    ];
    let arguments = [
        "--config",
        &config,
        "check-config",
        "--listen",
        "127.0.0.1:3",
        "--json",
    ];
    let (code, out, log) = run(&arguments, &variables);
    assert_eq!(code, Some(0), "{log}");
    let settings: Value = serde_json::from_str(&out).expect("JSON");
    let of_file = format!("file {config}");
    for (name, value, from) in [
        ("listen", Value::from("127.0.0.1:3"), "flag --listen"),
        ("lease", Value::from("20"), "environment PORTAL_LEASE"),
        ("idle", Value::from("10m"), &of_file),
        ("connections", Value::from("8"), "default"),
        ("metrics", Value::Null, "default"),
        ("smtp", Value::Null, &of_file),
        ("database", Value::Null, "environment PORTAL_DATABASE_FILE"),
        (
            "database_file",
            Value::from(database.as_str()),
            "environment PORTAL_DATABASE_FILE",
        ),
    ] {
        let found = told(&settings, name);
        assert_eq!(found, (value, from.to_owned()), "{name}");
    }
    let text = run(&arguments[..5], &variables);
    assert_eq!(text.0, Some(0), "{}", text.2);
    assert!(
        text.1.contains("127.0.0.1:3") && text.1.contains("(set, and not shown)"),
        "{}",
        text.1
    );
    for shown in [&out, &log, &text.1, &text.2] {
        assert!(!shown.contains(SECRET), "{shown}");
    }
}

#[test]
fn each_problem_is_a_sentence_and_the_exit_code_is_2() {
    let folder = tempfile::tempdir().expect("a folder");
    let text = format!("lisen = '{SECRET}'\nlease = 1\nconnections = '{SECRET}'\n[smtp]\nx = '{SECRET}'\n");
    let config = written(folder.path(), "portal.toml", &text);
    let variables = [("PORTAL_IDLE", "1s"), ("PORTAL_SMTP_FILE", "/nonexistent/smtp")];
    let expected = [
        "line 1 of",
        "there is no setting lisen",
        "lease: 1",
        "line 3 of",
        "connections must be a number",
        "smtp must be an address",
        "idle: ",
        "smtp_file: cannot read the file \"/nonexistent/smtp\"",
    ];
    let mut all = Vec::new();
    for command in [
        &["check-config"][..],
        &["check-config", "--json"],
        &["serve"],
        &["migrate"],
    ] {
        let arguments = [&["--config", &config], command].concat();
        let (code, out, log) = run(&arguments, if command == ["migrate"] { &[] } else { &variables });
        assert_eq!(code, Some(2), "{command:?}: {log}");
        assert!(!out.contains(SECRET) && !log.contains(SECRET), "{out}{log}");
        assert!(
            log.lines().all(|line| line.starts_with("license-portal: ")),
            "{log}"
        );
        if command != ["migrate"] {
            for part in expected {
                assert!(log.contains(part), "{command:?}: {part}: {log}");
            }
            all.push(log);
        }
        if command.contains(&"--json") {
            let told: Value = serde_json::from_str(&out).expect("JSON");
            assert_eq!(told["problems"].as_array().map(Vec::len), Some(6), "{out}");
        }
    }
    assert!(all.windows(2).all(|two| two[0] == two[1]), "{all:?}");
}
