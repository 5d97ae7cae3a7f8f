//! `run`: the lease around a program.

use std::{process::Command, time::Duration};

use ed25519_dalek::SigningKey;
use rustix::process::Signal;
use serde_json::json;

use crate::fake::{FLOATING, Fake, NODE_LOCKED};

/// Writes a line, then waits for a signal, for some seconds at most.
const LOOP: &str =
    "echo ready; for i in 1 2 3 4 5 6 7 8 9 10; do for j in 1 2 3 4 5 6 7 8 9 10; do sleep 0.05; done; done";

fn sh(script: &str) -> Vec<&str> {
    vec!["run", FLOATING, "--", "sh", "-c", script]
}

fn for_a_moment() {
    std::thread::sleep(Duration::from_millis(50));
}

#[test]
fn a_lease_is_held_while_the_program_runs() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (3, 1);
    let script = "sleep 3.1; echo $LICENSE_PRODUCT; test -n \"$LICENSE_TOKEN\" && exit 7";
    let done = fake.run(&sh(script));
    done.ends(7, "");
    assert_eq!((done.out.as_str(), done.err.as_str()), ("CAD-1\n", ""));
    let renewed = fake.count("POST /api/v1/leases/81/renew 200");
    assert!((2..=5).contains(&renewed), "{renewed}");
    assert_eq!(fake.count("DELETE /api/v1/leases/81 204"), 1);
    assert_eq!(fake.count("POST /oauth/token"), 1);
    assert!(fake.state().seen.last().unwrap().starts_with("DELETE"));
}

#[test]
fn the_program_gets_its_arguments_and_not_the_credential() {
    let fake = Fake::start();
    let run = ["run", FLOATING, "--", "printf", "%s/", "--wait", "a b", ""];
    assert_eq!(fake.run(&run).out, "--wait/a b//");
    let script = "echo ${LICENSE_CREDENTIAL_JSON-none}";
    let mut program = crate::fake::bare(&sh(script));
    program.env("LICENSE_CREDENTIAL_JSON", fake.credential().to_string());
    let done = fake.done(program.output().unwrap());
    done.ends(0, "");
    assert_eq!(done.out, "none\n");
}

#[test]
fn the_programs_end_is_passed_on() {
    let fake = Fake::start();
    fake.run(&sh("exit 0")).ends(0, "");
    fake.run(&sh("exit 255")).ends(255, "");
    fake.run(&sh("kill -9 $$")).ends(137, "");
    fake.run(&sh("kill -15 $$")).ends(143, "");
    fake.run(&["run", FLOATING, "--", "/no/such"])
        .ends(127, "/no/such: no such program");
    fake.run(&["run", FLOATING, "--", "/etc/passwd"])
        .ends(126, "/etc/passwd cannot be started");
    let leases = fake.count("POST /api/v1/leases 201");
    assert_eq!(
        (leases, fake.count("DELETE /api/v1/leases/81 204")),
        (6, 6),
        "each was given back"
    );
}

#[test]
fn signals_are_passed_on() {
    for (signal, name) in [
        (Signal::TERM, "TERM"),
        (Signal::INT, "INT"),
        (Signal::HUP, "HUP"),
        (Signal::USR1, "USR1"),
    ] {
        let fake = Fake::start();
        let script = format!("trap 'echo got {name}; exit 3' {name}; {LOOP}");
        let running = fake.started(&sh(&script));
        running.signal(signal);
        let done = running.end(&fake);
        done.ends(3, "");
        assert_eq!(done.out, format!("got {name}\n"));
        assert_eq!(fake.count("DELETE /api/v1/leases/81 204"), 1);
    }
    // A program that does not care is ended by it, and its exit code tells by which.
    let fake = Fake::start();
    let running = fake.started(&sh(LOOP));
    running.signal(Signal::TERM);
    running.end(&fake).ends(143, "");
    assert_eq!(fake.count("DELETE /api/v1/leases/81 204"), 1);
}

#[test]
fn a_hangup_that_is_ignored_stays_ignored() {
    let fake = Fake::start();
    let program = env!("CARGO_BIN_EXE_license-client");
    let script =
        format!("trap '' HUP; exec {program} run {FLOATING} -- sh -c 'echo ready; sleep 0.3; exit 4'");
    let credential = fake.credential().to_string();
    let mut shell = Command::new("sh");
    shell
        .args(["-c", &script])
        .env("LICENSE_CREDENTIAL_JSON", credential);
    let child = shell
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let running = crate::fake::Running { child };
    while fake.count("POST /api/v1/leases 201") == 0 {
        for_a_moment();
    }
    running.signal(Signal::HUP);
    running.end(&fake).ends(4, "");
}

#[test]
fn a_lost_lease_ends_the_program() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (3, 1);
    let running = fake.started(&sh(&format!("trap 'echo ended; exit 0' TERM; {LOOP}")));
    fake.state().lost = true;
    let done = running.end(&fake);
    done.ends(76, "the lease was lost: it is lease-lost");
    assert_eq!(done.out, "ended\n");
    assert_eq!(fake.count("DELETE"), 0, "there is nothing to give back");
}

#[test]
fn a_lost_lease_may_be_only_warned_of() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (3, 1);
    let script = "echo ready; sleep 2.2; exit 5";
    let running = fake.started(&["run", FLOATING, "--on-loss", "warn", "--", "sh", "-c", script]);
    fake.state().lost = true;
    running.end(&fake).ends(5, "goes on without a licence");
}

#[test]
fn a_short_outage_is_survived() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (4, 1);
    let running = fake.started(&sh("echo ready; sleep 2.6; exit 6"));
    for trouble in [None, Some(502), Some(404), Some(200)] {
        (fake.state().down, fake.state().proxy_error) = (trouble.is_none(), trouble);
        std::thread::sleep(Duration::from_millis(400));
    }
    (fake.state().down, fake.state().proxy_error) = (false, None);
    let done = running.end(&fake);
    done.ends(6, "cannot renew the lease, which holds until");
    assert!(done.err.contains("was renewed again"), "{done:?}");
    assert_eq!(done.err.lines().count(), 2, "{done:?}");
}

#[test]
fn an_outage_longer_than_the_lease_ends_the_program() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (2, 1);
    let running = fake.started(&sh(&format!("trap 'echo ended; exit 0' TERM; {LOOP}")));
    fake.state().down = true;
    let done = running.end(&fake);
    done.ends(76, "the portal could not be asked to renew it");
    assert!(done.err.contains("could not be given back"), "{done:?}");
    assert_eq!(done.out, "ended\n");
}

#[test]
fn a_credential_that_is_revoked_ends_the_program() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (3, 1);
    let running = fake.started(&sh(&format!("trap 'echo ended; exit 0' TERM; {LOOP}")));
    fake.state().revoked = true;
    let done = running.end(&fake);
    done.ends(77, "refuses the credential 72");
    assert!(done.err.contains("clock of this machine"), "{done:?}");
    assert_eq!(
        fake.count("POST /oauth/token 401"),
        1,
        "asked once more, and not again"
    );
    fake.run(&sh("echo started")).ends(77, "new credential file");
}

#[test]
fn a_token_that_is_no_longer_accepted_is_replaced() {
    let fake = Fake::start();
    (fake.state().lifetime, fake.state().renew_after) = (3, 1);
    let running = fake.started(&sh("echo ready; sleep 1.6; exit 0"));
    fake.state().tokens.clear();
    running.end(&fake).ends(0, "");
    assert_eq!(fake.count("POST /api/v1/leases/81/renew 401"), 1);
    assert_eq!(fake.count("POST /oauth/token 200"), 2);
}

#[test]
fn without_a_free_license_nothing_is_run() {
    let fake = Fake::start();
    fake.state().busy = u32::MAX;
    let done = fake.run(&sh("echo started"));
    done.ends(
        75,
        "all licences of CAD-1 in \"Build machines / ci-1\" are in use",
    );
    assert_eq!(done.out, "");
    assert_eq!(fake.count("POST /api/v1/leases 409"), 1);
}

#[test]
fn waiting_for_a_license() {
    let fake = Fake::start();
    fake.state().busy = 1;
    let done = fake.run(&["run", FLOATING, "--wait", "5", "--", "echo", "started"]);
    done.ends(0, "waiting, up to 5 seconds");
    assert_eq!(done.out, "started\n");
    let keys = fake.state().keys.clone();
    assert!(
        keys.len() == 2 && keys[0] != keys[1],
        "another question: {keys:?}"
    );
    fake.state().busy = u32::MAX;
    fake.run(&["run", FLOATING, "--wait", "1", "--", "echo"])
        .ends(75, "are in use");
    // As long as the portal asks for, and not longer than the user does.
    assert!((2..=3).contains(&fake.count("POST /api/v1/leases 409").saturating_sub(1)));
}

#[test]
fn waiting_can_be_ended() {
    let fake = Fake::start();
    (fake.state().busy, fake.state().retry_after) = (u32::MAX, 60);
    let arguments = ["run", FLOATING, "--wait", "60", "--", "echo", "started"];
    let mut program = fake.program(&arguments);
    let child = program
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    let running = crate::fake::Running { child };
    while fake.count("POST /api/v1/leases 409") == 0 {
        for_a_moment();
    }
    running.signal(Signal::TERM);
    let done = running.end(&fake);
    done.ends(143, "");
    assert_eq!(done.out, "");
}

#[test]
fn an_answer_that_was_lost_is_asked_for_again_with_the_same_key() {
    let fake = Fake::start();
    fake.state().lost_answers = 1;
    fake.run(&["run", FLOATING, "--wait", "9", "--", "echo"])
        .ends(0, "waiting, up to 9 seconds");
    let keys = fake.state().keys.clone();
    assert!(keys.len() == 2 && keys[0] == keys[1], "{keys:?}");
}

#[test]
fn what_the_container_does_not_have_is_said() {
    let fake = Fake::start();
    let run = |product: &str| fake.run(&["run", product, "--wait", "9", "--", "echo", "started"]);
    run("NONE").ends(78, "has no licence of NONE");
    run("OLD").ends(78, "cannot be used now: it is license-not-valid");
    run(NODE_LOCKED).ends(78, "Use license-client activate");
    run("WEIRD").ends(78, "the portal refuses: it is made-up-later (made-up-later)");
}

#[test]
fn a_lease_that_cannot_be_believed_is_none() {
    for (claims, says) in [
        (json!({"jti": "82"}), "its token is that of another lease"),
        (json!({"aud": "1"}), "for the container 1, not 71"),
        (
            json!({"iss": "https://elsewhere"}),
            "for the portal https://elsewhere",
        ),
        (json!({"exp": 1_000_000_000}), "it has expired"),
        (
            json!({"iat": 4_000_000_000_u64, "exp": 5_000_000_000_u64}),
            "issued in the future",
        ),
    ] {
        let fake = Fake::start();
        fake.state().claims = claims;
        let done = fake.run(&sh("echo started"));
        done.ends(69, says);
        assert_eq!(done.out, "");
    }
    let fake = Fake::start();
    // The credential was written before.
    fake.state().key = SigningKey::from_bytes(&[9; 32]);
    let done = fake.run(&sh("echo started"));
    done.ends(69, "the signature is wrong");
    assert_eq!(done.out, "");
}

#[test]
fn newer_keys_of_the_portal_are_fetched() {
    let fake = Fake::start();
    fake.state().key = SigningKey::from_bytes(&[9; 32]);
    fake.state().kid = "portal-2".to_owned();
    fake.run(&sh("exit 0")).ends(0, "");
    assert_eq!(fake.count("GET /.well-known/jwks.json"), 1);
}
