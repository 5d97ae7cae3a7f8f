//! Completions and manual pages, made of the command line.

use std::process::Stdio;

use crate::support::process::program;

fn told(arguments: &[&str]) -> String {
    let done = program()
        .args(arguments)
        .stdout(Stdio::piped())
        .output()
        .expect("the program runs");
    assert!(done.status.success(), "{arguments:?}");
    String::from_utf8(done.stdout).expect("text")
}

#[test]
fn shells_and_man_know_every_command() {
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        let text = told(&["completions", shell]);
        for word in ["verify-history", "doctor", "handed-out"] {
            assert!(text.contains(word), "{shell}: {word}");
        }
    }
    let page = told(&["man"]);
    assert!(page.contains(".TH license-portal 1"), "{page}");
    let folder = tempfile::tempdir().expect("a folder");
    told(&["man", folder.path().to_str().expect("a path")]);
    for name in [
        "license-portal",
        "license-portal-restore",
        "license-portal-keys-rotate",
    ] {
        let page = std::fs::read_to_string(folder.path().join(format!("{name}.1"))).expect("a page");
        assert!(page.contains(".SH SYNOPSIS"), "{page}");
    }
    let none = program()
        .args(["man", "/nonexistent"])
        .output()
        .expect("the program runs");
    assert!(!none.status.success());
}
