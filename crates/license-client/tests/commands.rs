//! What the other commands ask the portal.

use crate::fake::{FLOATING, Fake, NODE_LOCKED};

#[test]
fn status_says_what_was_checked() {
    let fake = Fake::start();
    let done = fake.run(&["status"]);
    done.ends(0, "");
    let lines: Vec<_> = done.out.lines().collect();
    let portal = format!("portal       ok, {}", fake.address);
    assert_eq!(
        lines,
        [
            "credential   ok, Build machines / ci-1 (key 72)",
            &portal,
            "access       ok, the credential is accepted",
            "container    ok, Build machines (71)",
            "licences     2, 1 of them usable",
        ]
    );
}

#[test]
fn status_says_what_fails() {
    let fake = Fake::start();
    fake.state().revoked = true;
    let done = fake.run(&["status"]);
    done.ends(77, "ask a group admin");
    assert!(done.out.ends_with("access       FAILED\n"), "{done:?}");
    fake.state().proxy_error = Some(301);
    let done = fake.run(&["status"]);
    done.ends(69, "redirects are not followed");
    assert!(done.out.ends_with("portal       FAILED\n"), "{done:?}");
    fake.state().down = true;
    fake.run(&["status"]).ends(69, "cannot be reached");
    let mut credential = fake.credential();
    // Port 9 discards, where anybody listens at all.
    credential["portal"] = "http://127.0.0.1:9".into();
    let other = fake.write("other.json", &credential.to_string());
    fake.run(&["status", "--credential", other.to_str().unwrap()])
        .ends(69, "Check the address");
}

#[test]
fn licenses_are_listed() {
    let fake = Fake::start();
    let done = fake.run(&["licenses"]);
    done.ends(0, "");
    assert_eq!(
        done.out,
        "ID  ARTICLE  PRODUCT             IN USE  BINDING      VALID UNTIL           STATE\n\
         1   CAD-1    Product [31m CAD-1  1 of 2  floating     2030-01-01T00:00:00Z  usable\n\
         2   SIM-9    Product [31m SIM-9  1 of 2  node locked  2030-01-01T00:00:00Z  not yet valid\n"
    );
    let done = fake.run(&["licenses", "--json"]);
    let licenses: serde_json::Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(licenses[0]["article"], FLOATING);
    assert_eq!(licenses[1]["state"], "not_yet_valid");
}

#[test]
fn a_machine_is_activated_and_deactivated() {
    let fake = Fake::start();
    let out = fake.write("out", "");
    let path = out.to_str().unwrap();
    let done = fake.run(&["activate", NODE_LOCKED, "--fingerprint", "mine", "--out", path]);
    done.ends(0, "as node 91");
    assert_eq!(done.out, "");
    let done = fake.run(&["verify", path, "--fingerprint", "mine"]);
    done.ends(0, "");
    assert!(done.out.contains("machine       mine"), "{done:?}");
    let done = fake.run(&["activate", NODE_LOCKED, "--fingerprint", "mine"]);
    done.ends(0, "license-client deactivate 91");
    assert_eq!(done.out.trim().split('.').count(), 3);

    fake.run(&["deactivate", "91"]).ends(0, "is deactivated");
    fake.run(&["deactivate", "92"]).ends(78, "no returns left");
    fake.run(&["deactivate", "93"]).ends(78, "it is not-found");
    fake.run(&["deactivate", "../leases/81"])
        .ends(64, "ids consist of digits");
    fake.run(&["activate", FLOATING, "--fingerprint", "mine"])
        .ends(78, "Use license-client run");
    fake.run(&["activate", "NONE", "--fingerprint", "mine"])
        .ends(78, "has no licence of NONE");
    fake.run(&[
        "activate",
        NODE_LOCKED,
        "--fingerprint",
        "mine",
        "--out",
        "/no/such/file",
    ])
    .ends(65, "cannot write");
    fake.state().busy = 1;
    fake.run(&["activate", NODE_LOCKED, "--fingerprint", "mine"])
        .ends(75, "are on other machines");
}

#[test]
fn the_fingerprint_is_a_digest_of_the_machines_id() {
    let Ok(id) = std::fs::read_to_string("/etc/machine-id") else {
        return;
    };
    if id.trim().len() != 32 {
        return;
    }
    let fake = Fake::start();
    let out = fake.write("out", "");
    let path = out.to_str().unwrap();
    fake.run(&["activate", NODE_LOCKED, "--out", path]).ends(0, "");
    let done = fake.run(&["verify", path]);
    assert!(
        done.out.contains("(this machine)") && !done.out.contains(id.trim()),
        "{done:?}"
    );
}

#[test]
fn shells_and_man_know_every_command() {
    let fake = Fake::start();
    let done = fake.run(&["completions", "bash"]);
    done.ends(0, "");
    assert!(done.out.contains("deactivate"), "{done:?}");
    let done = fake.run(&["man"]);
    done.ends(0, "");
    assert!(done.out.contains(".TH license-client 1"), "{done:?}");
}
