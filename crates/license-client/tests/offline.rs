//! Machines without a network: requests, updates and receipts.

use std::{
    fs::{self, File},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::Stdio,
    time::Duration,
};

use ed25519_dalek::SigningKey;
use jose::{
    self,
    offline::{Receipt, Request, Setup, Update},
};
use qrcode::{Color, EcLevel, QrCode};
use serde_json::json;

use crate::{
    fake::{CONTAINER, Fake, Running, bare, date, now},
    machine::{HARDWARE, Machine, key, license, setup},
};

/// The picture on a terminal: which of its modules are dark, the margin included.
fn picture(screen: &str) -> Vec<Vec<bool>> {
    let mut rows = Vec::new();
    for line in screen.lines() {
        // Black on white, whatever the colours of the terminal.
        let halves = line.strip_prefix("\u{1b}[38;5;16;48;5;231m").unwrap();
        let halves = halves.strip_suffix("\u{1b}[0m").unwrap();
        rows.push(halves.chars().map(|half| "█▀".contains(half)).collect());
        rows.push(halves.chars().map(|half| "█▄".contains(half)).collect());
    }
    rows
}

/// The picture that the standard has for a text: four light modules around, and one row more where lines hold two.
fn expected(text: &str) -> Vec<Vec<bool>> {
    let code = QrCode::with_error_correction_level(text, EcLevel::L).unwrap();
    let width = code.width() + 8;
    let mut rows = vec![vec![false; width]; width.next_multiple_of(2)];
    for y in 0..code.width() {
        for x in 0..code.width() {
            rows[y + 4][x + 4] = code[(x, y)] == Color::Dark;
        }
    }
    rows
}

#[test]
fn request_update_receipt() {
    let fake = Fake::start();
    let (machine, text) = Machine::new(&fake, "device.json");
    let request = Request::open(&text).unwrap();
    assert_eq!(
        (request.aud.as_str(), request.sub.as_str()),
        (fake.address.as_str(), CONTAINER)
    );
    assert_eq!((request.hardware.as_str(), request.number), (HARDWARE, 1));
    assert!(!request.host.is_empty() && (now() - request.iat.timestamp().as_second()).abs() < 10);

    let update = machine.answer(&text, &[license("1", "CAD-1", 600), license("2", "SIM-9", 900)]);
    let done = machine.import(&machine.signed(&update));
    done.ends(
        0,
        "this machine holds now\n  CAD-1 (Product [31m CAD-1), 2 until ",
    );
    assert!(!done.err.contains("any more"), "{done:?}");
    let receipt = Receipt::open(done.out.trim(), &key(&request)).unwrap();
    assert_eq!(
        (
            receipt.aud.as_str(),
            receipt.sub.as_str(),
            receipt.update.as_str()
        ),
        (fake.address.as_str(), CONTAINER, "u1")
    );
    assert_eq!(receipt.held, ["1", "2"]);

    let (second, text) = machine.asks();
    assert_eq!((second.number, &second.key), (2, &request.key));
    assert_ne!(second.nonce, request.nonce);
    assert_eq!(second.hardware, HARDWARE, "it is remembered");
    let update = machine.answer(&text, &[license("2", "SIM-9", 900)]);
    let done = machine.import(&machine.signed(&update));
    done.ends(0, "and does not hold any more\n  CAD-1 ");
    assert_eq!(machine.run(&["receipt"]).out, done.out);
    let out = fake.write("receipt", "");
    let again = machine.run(&["receipt", "--out", out.to_str().unwrap()]);
    assert_eq!(
        (again.out.as_str(), fs::read_to_string(&out).unwrap()),
        ("", done.out)
    );
    assert!(fake.state().seen.is_empty(), "offline");
}

#[test]
fn updates_that_are_not_for_this_moment_or_machine_are_refused() {
    let fake = Fake::start();
    let (machine, first) = Machine::new(&fake, "device.json");
    let replayed = machine.signed(&machine.answer(&first, &[]));
    let (_, text) = machine.asks();
    let (_, foreign) = Machine::new(&fake, "other.json");
    let good = machine.answer(&text, &[license("1", "CAD-1", 600)]);
    let signed = machine.signed(&good);
    let portal = fake.state().key.clone();
    let changed = |change: fn(&mut Update)| {
        let mut update = good.clone();
        change(&mut update);
        machine.signed(&update)
    };
    let (head, rest) = signed.split_once('.').unwrap();
    let (claims, signature) = rest.split_once('.').unwrap();
    let more = Update {
        licenses: vec![license("1", "CAD-1", 999_999)],
        ..good.clone()
    };
    let others = machine.signed(&more);
    let altered = format!("{head}.{}.{signature}", others.split('.').nth(1).unwrap());
    // {"alg":"none","typ":"license-update+jwt"}
    let unsigned = format!("eyJhbGciOiJub25lIiwidHlwIjoibGljZW5zZS11cGRhdGUrand0In0.{claims}.");
    let none = format!("{unsigned}{signature}");
    for (update, says) in [
        (replayed, "not the answer to the last request of this machine"),
        (
            machine.signed(&machine.answer(&foreign, &[])),
            "it was made for another machine",
        ),
        (
            changed(|update| update.sub = "1".to_owned()),
            "it was made for another container",
        ),
        (
            changed(|update| update.iss = "https://evil.example".to_owned()),
            "it was made for another portal",
        ),
        (
            changed(|update| update.hardware = "H-2".to_owned()),
            "it was made for another machine",
        ),
        (altered, "the signature is wrong"),
        (unsigned, "it is not signed with Ed25519"),
        (none, "it is not signed with Ed25519"),
        (
            good.sign("portal-9", &portal).unwrap(),
            "a key that is not known here. If the portal has a new key",
        ),
        (
            good.sign("portal-1", &SigningKey::from_bytes(&[9; 32])).unwrap(),
            "the signature is wrong",
        ),
        (
            jose::sign("license+jwt", "portal-1", &good, &portal).unwrap(),
            "it was signed for another purpose",
        ),
        (
            changed(|update| update.exp = date(now())),
            "it could be imported until",
        ),
        (
            changed(|update| update.iat = date(now() + 90)),
            "Set the clock right",
        ),
        (text.clone(), "it was signed for another purpose"),
        (signed[..200].to_owned(), "Is it the update, and all of it?"),
        (String::new(), "not a signed text"),
    ] {
        let before = machine.read();
        let done = machine.import(&update);
        done.ends(65, says);
        assert_eq!((done.out.as_str(), machine.read()), ("", before), "{says}");
    }
    machine.import(&signed).ends(0, "CAD-1");
}

#[test]
fn the_same_update_again_gives_the_same_receipt() {
    let fake = Fake::start();
    let (machine, text) = Machine::new(&fake, "device.json");
    let update = machine.answer(&text, &[license("1", "CAD-1", 600)]);
    let signed = machine.signed(&update);
    let file = fake.write("update", &signed);
    let file = file.to_str().unwrap();
    // The receipt is lost: it was imported, and is given again.
    machine
        .run(&["update", file, "--receipt", "/no/such/folder/receipt"])
        .ends(65, "The update is imported; license-client receipt gives");
    let first = machine.run(&["update", file]);
    first.ends(0, "the update is imported");
    let mut program = machine.program(&["update", "-"]);
    program.stdin(File::open(file).unwrap());
    let second = fake.done(program.output().unwrap());
    second.ends(0, "the update is imported");
    assert_eq!((&first.out, first.out.lines().count()), (&second.out, 1));
    // Another one to the same request is none, even if it is the portal's.
    let other = Update {
        jti: "u9".to_owned(),
        ..update
    };
    machine
        .import(&machine.signed(&other))
        .ends(65, "has its answer already");
    machine.run(&["licenses", "--offline"]).ends(0, "");
}

#[test]
fn what_has_to_come_first_is_said() {
    let fake = Fake::start();
    let machine = Machine::fresh(&fake, "none.json");
    let update = fake.write("update", "x");
    for command in [
        &["request"][..],
        &["update", update.to_str().unwrap()],
        &["receipt"],
        &["licenses", "--offline"],
        &["run", "--offline", "CAD-1", "--", "echo"],
    ] {
        machine
            .run(command)
            .ends(64, "license-client request --setup FILE");
    }
    fake.done(bare(&["receipt"]).output().unwrap())
        .ends(64, "Name a file with --state");
    assert!(!machine.state.exists());
    let (machine, _) = Machine::new(&fake, "device.json");
    machine.run(&["receipt"]).ends(64, "no update was imported yet");
    machine
        .run(&["run", "--offline", "CAD-1", "--", "echo"])
        .ends(78, "holds no licence of CAD-1");
    machine
        .run(&["run", "--offline", "--wait", "1", "CAD-1", "--", "echo"])
        .ends(64, "cannot be used with");
    let listed = machine.run(&["licenses", "--offline", "--json"]);
    listed.ends(0, "");
    assert_eq!(listed.out, "[]\n");
    machine.run(&["licenses", "--offline"]).ends(0, "request 1 of ");
}

#[test]
fn a_setup_for_the_same_container_brings_other_keys() {
    let fake = Fake::start();
    let (machine, text) = Machine::new(&fake, "device.json");
    let own = Request::open(&text).unwrap().key;
    fake.state().kid = "portal-2".to_owned();
    fake.state().key = SigningKey::from_bytes(&[9; 32]);
    let (_, text) = machine.asks();
    machine
        .import(&machine.signed(&machine.answer(&text, &[])))
        .ends(65, "with --setup");
    let write = |setup: &Setup| fake.write("setup.json", &serde_json::to_string(setup).unwrap());
    let path = write(&setup(&fake));
    let done = machine.run(&["request", "--setup", path.to_str().unwrap()]);
    done.ends(
        0,
        "request 2 had no answer yet; one that still comes will be refused",
    );
    let text = done.out.trim();
    assert_eq!(Request::open(text).unwrap().key, own);
    machine
        .import(&machine.signed(&machine.answer(text, &[])))
        .ends(0, "holds nothing now");

    let before = machine.read();
    let path = write(&Setup {
        container: "72".to_owned(),
        ..setup(&fake)
    });
    machine
        .run(&["request", "--setup", path.to_str().unwrap()])
        .ends(64, "Name another state with --state");
    let path = fake.write("setup.json", "{}");
    machine
        .run(&["request", "--setup", path.to_str().unwrap()])
        .ends(65, "is not a usable setup");
    assert_eq!(machine.read(), before);
}

#[test]
fn a_dongle_is_known_by_its_serial_number() {
    let fake = Fake::start();
    let dongle = Setup {
        hardware: Some("D-1".to_owned()),
        ..setup(&fake)
    };
    let path = fake.write("dongle.json", &serde_json::to_string(&dongle).unwrap());
    let machine = Machine::fresh(&fake, "device.json");
    let setup = path.to_str().unwrap();
    machine
        .run(&["request", "--setup", setup, "--hardware", "D-2"])
        .ends(64, "the dongle D-1, not D-2");
    assert!(!machine.state.exists());
    let done = machine.run(&["request", "--setup", setup]);
    done.ends(0, "this is request 1");
    assert_eq!(Request::open(done.out.trim()).unwrap().hardware, "D-1");
}

#[test]
fn the_state_is_only_for_its_owner() {
    let fake = Fake::start();
    let home = Machine::fresh(&fake, "home").state;
    let path = fake.write("setup.json", &serde_json::to_string(&setup(&fake)).unwrap());
    let arguments = [
        "request",
        "--setup",
        path.to_str().unwrap(),
        "--hardware",
        HARDWARE,
    ];
    let mode = |path: PathBuf| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    for (variable, folder) in [
        ("HOME", home.join(".local/state/license-portal")),
        ("XDG_STATE_HOME", home.join("license-portal")),
    ] {
        let mut program = bare(&arguments);
        let output = program.env(variable, &home).output().unwrap();
        fake.done(output).ends(0, "this is request 1");
        assert_eq!(mode(folder.clone()), 0o700);
        assert_eq!(mode(folder.join("device.json")), 0o600);
        assert_eq!(mode(folder.join("device.json.lock")), 0o600);
        assert_eq!(fs::read_dir(folder).unwrap().count(), 2);
    }
    let (machine, _) = Machine::new(&fake, "device.json");
    fs::set_permissions(&machine.state, fs::Permissions::from_mode(0o644)).unwrap();
    machine
        .run(&["request"])
        .ends(0, "warning: everybody on this machine can read the private key");
    assert_eq!(
        mode(machine.state.clone()),
        0o600,
        "what is written anew is right"
    );
    machine.change(|state| state["format"] = json!("license-portal/device-state@2"));
    machine
        .run(&["request"])
        .ends(65, "knows the format license-portal/device-state@1");
}

#[test]
fn two_at_once_do_one_after_the_other() {
    let fake = Fake::start();
    let (machine, _) = Machine::new(&fake, "device.json");
    let lock = File::open(machine.state.with_extension("json.lock")).unwrap();
    lock.lock().unwrap();
    let before = machine.read();
    let asking: Vec<_> = (0..4)
        .map(|_| {
            let mut program = machine.program(&["request"]);
            let child = program.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn();
            Running {
                child: child.unwrap(),
            }
        })
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(machine.read(), before, "they wait");
    lock.unlock().unwrap();
    let mut numbers: Vec<_> = asking
        .into_iter()
        .map(|running| {
            let done = running.end(&fake);
            done.ends(0, "this is request");
            Request::open(done.out.trim()).unwrap().number
        })
        .collect();
    numbers.sort_unstable();
    assert_eq!(numbers, [2, 3, 4, 5]);
    assert_eq!(machine.read()["request"]["number"], 5);
}

#[test]
fn whenever_it_is_killed_the_same_command_succeeds() {
    let fake = Fake::start();
    let (machine, mut text) = Machine::new(&fake, "device.json");
    for round in 0..16_u32 {
        let update = machine.answer(&text, &[license(&round.to_string(), "CAD-1", 600)]);
        let file = fake.write("update", &machine.signed(&update));
        let command = ["update", file.to_str().unwrap()];
        let mut killed = machine
            .program(&command)
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        // At its beginning, in the middle, or after its end.
        std::thread::sleep(Duration::from_millis(12) * round);
        let _ = killed.kill();
        killed.wait().unwrap();
        let done = machine.run(&command);
        done.ends(0, "the update is imported");
        let (claims, next) = machine.asks();
        let receipt = Receipt::open(done.out.trim(), &key(&claims)).unwrap();
        assert_eq!(receipt.held, [round.to_string()]);
        text = next;
    }
    // What was left over in the middle of writing is in nobody's way.
    fs::write(machine.state.with_extension("json.new"), "half").unwrap();
    assert_eq!(machine.asks().0.number, 18);
}

#[test]
fn codes_for_phones_are_shown_in_the_terminal() {
    let fake = Fake::start();
    let (machine, _) = Machine::new(&fake, "device.json");
    let file = fake.write("request", "");
    let done = machine.run(&["request", "--qr", "--out", file.to_str().unwrap()]);
    done.ends(0, "this is request 2");
    let text = fs::read_to_string(&file).unwrap();
    assert!(picture(&done.out) == expected(text.trim()), "{}", done.out);
    assert_eq!(Request::open(text.trim()).unwrap().number, 2);

    let update = machine.answer(text.trim(), &[license("1", "CAD-1", 600)]);
    let file = fake.write("update", &machine.signed(&update));
    let done = machine.run(&["update", file.to_str().unwrap(), "--qr"]);
    done.ends(0, "the update is imported");
    let receipt = machine.run(&["receipt"]).out;
    assert!(picture(&done.out) == expected(receipt.trim()), "{}", done.out);
    assert_eq!(machine.run(&["receipt", "--qr"]).out, done.out);

    // So many licences that the receipt for them is not for cameras.
    let many: Vec<_> = (0..150)
        .map(|id| license(&format!("{}", 7_120_000_000_000_u64 + id), "CAD-1", 600))
        .collect();
    let (_, text) = machine.asks();
    let file = fake.write("update", &machine.signed(&machine.answer(&text, &many)));
    machine
        .run(&["update", file.to_str().unwrap(), "--qr"])
        .ends(65, "too long for a QR code");
    machine.run(&["receipt"]).ends(0, "");
}
