//! What lies on a machine without a network: listed, verified, and programs that run under it.

use std::path::PathBuf;

use ed25519_dalek::SigningKey;
use jose::{
    Jwk, JwkSet,
    offline::{Held, Update},
};
use rustix::process::Signal;
use serde_json::{Value, json};

use crate::{
    fake::{Fake, bare, date, now},
    machine::{HARDWARE, Machine, license, setup},
};

#[test]
fn what_the_machine_holds_is_listed() {
    let fake = Fake::start();
    let future = Held {
        nbf: Some(date(4_000_000_000)),
        exp: date(4_100_000_000),
        ..license("2", "SIM-9", 0)
    };
    let over = Held {
        exp: date(1_700_000_000),
        ..license("3", "OLD-1", 0)
    };
    let usable = Held {
        exp: date(4_000_000_000),
        ..license("1", "CAD-1", 0)
    };
    let (machine, _) = Machine::holding(&fake, "device.json", &[usable, future, over]);
    let done = machine.run(&["licenses", "--offline"]);
    done.ends(0, "");
    assert_eq!(done.err, "");
    assert_eq!(
        done.out,
        "ID  ARTICLE  PRODUCT             QUANTITY  VALID FROM            VALID UNTIL           STATE\n\
         1   CAD-1    Product [31m CAD-1  2         -                     2096-10-02T07:06:40Z  usable\n\
         2   SIM-9    Product [31m SIM-9  2         2096-10-02T07:06:40Z  2099-12-03T16:53:20Z  not yet valid\n\
         3   OLD-1    Product [31m OLD-1  2         -                     2023-11-14T22:13:20Z  over\n"
    );
    let done = machine.run(&["licenses", "--offline", "--json"]);
    let listed: Value = serde_json::from_str(&done.out).unwrap();
    assert_eq!(listed[1]["nbf"], 4_000_000_000_u64);
    assert_eq!(listed[2]["article"], "OLD-1");
}

#[test]
fn updates_are_verified_like_licence_files() {
    let fake = Fake::start();
    let (machine, update) = Machine::holding(&fake, "device.json", &[license("1", "CAD-1", 600)]);
    let file = fake.write("update", &update);
    let file = file.to_str().unwrap();
    let done = machine.run(&["verify", file]);
    done.ends(0, "");
    for line in [
        "The signature is the portal's.",
        "update        u1",
        "container     71",
        "machine       H-1",
        "1   CAD-1",
    ] {
        assert!(done.out.contains(line), "{line} in {done:?}");
    }
    machine
        .run(&["verify", file, "--fingerprint", HARDWARE])
        .ends(0, "");
    machine
        .run(&["verify", file, "--fingerprint", "H-2"])
        .ends(65, "not for the machine with this fingerprint");
    let setup = fake.write("setup.json", &serde_json::to_string(&setup(&fake)).unwrap());
    let stranger = JwkSet {
        keys: vec![Jwk::new(
            "portal-1",
            &SigningKey::from_bytes(&[9; 32]).verifying_key(),
        )],
    };
    let stranger = fake.write("keys.json", &serde_json::to_string(&stranger).unwrap());
    let verify = |keys: &PathBuf| {
        let arguments = ["verify", file, "--keys", keys.to_str().unwrap()];
        fake.done(bare(&arguments).output().unwrap())
    };
    verify(&setup).ends(0, "");
    verify(&stranger).ends(65, "the signature is wrong");
    // With nothing else, the credential's keys are those of the same portal.
    fake.run(&["verify", file]).ends(0, "");
    fake.done(bare(&["verify", file]).output().unwrap())
        .ends(64, "no credential given");
    assert!(fake.state().seen.is_empty(), "offline");
}

#[test]
fn a_program_runs_under_a_licence_on_the_machine() {
    let fake = Fake::start();
    let (machine, update) = Machine::holding(&fake, "device.json", &[license("1", "CAD-1", 600)]);
    let script = "echo $LICENSE_PRODUCT $LICENSE_TOKEN; exit 7";
    let done = machine.run(&["run", "--offline", "CAD-1", "--", "sh", "-c", script]);
    done.ends(7, "");
    assert_eq!((done.out, done.err.as_str()), (format!("CAD-1 {update}\n"), ""));
    assert!(machine.read()["ran"].as_i64().unwrap() >= now() - 10);
    let script = "trap 'exit 3' USR1; echo ready; while :; do sleep 0.05; done";
    let running = machine.started(&["run", "--offline", "1", "--", "sh", "-c", script]);
    running.signal(Signal::USR1);
    running.end(&fake).ends(3, "");
    machine
        .run(&["run", "--offline", "CAD-1", "--", "/no/such"])
        .ends(127, "no such program");
    assert!(fake.state().seen.is_empty(), "offline");
}

#[test]
fn without_a_licence_that_holds_nothing_is_run() {
    let fake = Fake::start();
    let future = Held {
        nbf: Some(date(now() + 300)),
        ..license("2", "SIM-9", 600)
    };
    let licenses = [license("1", "CAD-1", 600), future, license("3", "OLD-1", -5)];
    let (machine, update) = Machine::holding(&fake, "device.json", &licenses);
    let run = |product: &str, code: i32, says: &str| {
        let done = machine.run(&["run", "--offline", product, "--", "echo", "started"]);
        done.ends(code, says);
        assert_eq!(done.out, if code == 0 { "started\n" } else { "" });
    };
    run("NONE", 78, "holds no licence of NONE");
    run("SIM-9", 78, "can be used from");
    run("OLD-1", 78, "ended at");
    run("CAD-1", 0, "");
    let right = machine.read();
    machine.change(|state| state["hardware"] = json!("H-2"));
    run("CAD-1", 78, "of another machine: of H-1, and this one is H-2");
    machine.change(|state| {
        *state = right.clone();
        state["ran"] = json!(now() + 2 * 86_400);
    });
    run("CAD-1", 78, "the clock of this machine is wrong");
    let more = Update {
        licenses: vec![license("1", "CAD-1", 999_999)],
        ..machine.answer(&machine.asks().1, &[])
    };
    let forged = more.sign("portal-1", &SigningKey::from_bytes(&[9; 32])).unwrap();
    machine.change(|state| {
        *state = right.clone();
        state["imported"]["text"] = json!(forged);
    });
    run("CAD-1", 65, "cannot be believed any more: the signature is wrong");
    machine.change(|state| {
        *state = right.clone();
        state["imported"]["text"] = json!(update);
    });
    run("CAD-1", 0, "");
}

#[test]
fn a_licence_that_ends_ends_the_program() {
    let fake = Fake::start();
    let (machine, _) = Machine::holding(&fake, "device.json", &[license("1", "CAD-1", 2)]);
    let script = "trap 'echo ended; exit 0' TERM; echo ready; for i in $(seq 200); do sleep 0.05; done";
    let running = machine.started(&["run", "--offline", "CAD-1", "--", "sh", "-c", script]);
    let done = running.end(&fake);
    done.ends(76, "no update has come that prolongs it");
    assert_eq!(done.out, "ended\n");

    let (machine, _) = Machine::holding(&fake, "warned.json", &[license("1", "CAD-1", 2)]);
    let warn = ["run", "--offline", "--on-loss", "warn", "CAD-1", "--", "sh"];
    let done = machine.run(&[&warn[..], &["-c", "sleep 2.5; exit 5"]].concat());
    done.ends(5, "goes on without a licence");
}

#[test]
fn an_update_prolongs_the_licence_of_a_running_program() {
    let fake = Fake::start();
    let (machine, _) = Machine::holding(&fake, "device.json", &[license("1", "CAD-1", 7)]);
    let script = "echo ready; sleep 8; exit 6";
    let running = machine.started(&["run", "--offline", "CAD-1", "--", "sh", "-c", script]);
    let (_, text) = machine.asks();
    let longer = machine.answer(&text, &[license("1", "CAD-1", 600)]);
    machine.import(&machine.signed(&longer)).ends(0, "CAD-1");
    let done = running.end(&fake);
    done.ends(6, "");
    assert_eq!(done.err, "");
}

#[test]
fn an_update_takes_the_licence_of_a_running_program_away() {
    let fake = Fake::start();
    let (machine, _) = Machine::holding(&fake, "device.json", &[license("1", "CAD-1", 600)]);
    let script = "echo ready; exec sleep 20";
    let running = machine.started(&["run", "--offline", "CAD-1", "--", "sh", "-c", script]);
    let (_, text) = machine.asks();
    machine
        .import(&machine.signed(&machine.answer(&text, &[])))
        .ends(0, "does not hold any more");
    running.end(&fake).ends(76, "holds no licence of CAD-1");
}
