//! Credential files, licence files and the command line.

use jose::{Jwk, JwkSet};
use serde_json::json;

use crate::fake::{Done, FLOATING, Fake, bare, now};

fn without_portal(fake: &Fake, arguments: &[&str]) -> Done {
    fake.done(bare(arguments).output().unwrap())
}

#[test]
fn wrong_arguments() {
    let fake = Fake::start();
    without_portal(&fake, &[]).ends(64, "Usage: license-client");
    without_portal(&fake, &["fly"]).ends(64, "unrecognized subcommand");
    without_portal(&fake, &["run", FLOATING]).ends(64, "required");
    without_portal(&fake, &["status"]).ends(64, "no credential given");
    let help = without_portal(&fake, &["--help"]);
    help.ends(0, "");
    assert!(help.out.contains("Exit codes:"), "{}", help.out);
    let version = without_portal(&fake, &["--version"]);
    assert_eq!(
        version.out,
        concat!("license-client ", env!("CARGO_PKG_VERSION"), "\n")
    );
}

#[test]
fn credentials_that_are_none() {
    let fake = Fake::start();
    let path = |name: &str, content: &str| fake.write(name, content).to_str().unwrap().to_owned();
    let status = |path: &str| without_portal(&fake, &["status", "--credential", path]);
    status("/no/such/file").ends(65, "cannot read /no/such/file");
    status("/").ends(65, "cannot read /");
    status("/dev/zero").ends(65, "cannot read /dev/zero");
    status(&path("empty", "")).ends(65, "is not JSON");
    status(&path("list", "[]")).ends(65, "\"format\" is missing");
    // Where the content stands in the place of the name, it is not shown.
    status(&fake.credential().to_string()).ends(64, "LICENSE_CREDENTIAL_JSON");
    let mut program = bare(&["status"]);
    let output = program
        .env("LICENSE_CREDENTIAL", fake.credential().to_string())
        .output()
        .unwrap();
    fake.done(output).ends(64, "LICENSE_CREDENTIAL_JSON");
    let help = bare(&["--help"])
        .env("LICENSE_CREDENTIAL", fake.credential().to_string())
        .output()
        .unwrap();
    fake.done(help).ends(0, "");
    // Whatever is cut out of the file, no part of the key comes out.
    let text = fake.credential().to_string();
    for end in (0..text.len()).step_by(29) {
        assert_eq!(status(&path("part", &text[..end])).code, Some(65));
    }
}

#[test]
fn a_credential_that_others_can_read_is_warned_of() {
    use std::os::unix::fs::PermissionsExt;
    let fake = Fake::start();
    let path = fake.write("open.json", &fake.credential().to_string());
    std::fs::set_permissions(&path, std::fs::Permissions::from_mode(0o644)).unwrap();
    let path = path.to_str().unwrap();
    fake.run(&["licenses", "--credential", path])
        .ends(0, "warning: everybody on this machine can read");
    assert_eq!(fake.run(&["licenses"]).err, "");
}

#[test]
fn license_files_are_verified_offline() {
    let fake = Fake::start();
    let (valid, other, expired, future) = {
        let state = fake.state();
        (
            state.license("91", "SIM-9", &json!({"fingerprint": "mine"})),
            state.license("91", "SIM-9", &json!({"aud": "1"})),
            state.license("91", "SIM-9", &json!({ "exp": now() })),
            state.license("91", "SIM-9", &json!({ "iat": now() + 90 })),
        )
    };
    let keys = JwkSet {
        keys: vec![Jwk::new("portal-1", &fake.state().key.verifying_key())],
    };
    let keys = fake.write("jwks.json", &serde_json::to_string(&keys).unwrap());
    let keys = keys.to_str().unwrap();
    let credential = fake.write("credential.json", &fake.credential().to_string());
    fake.state().down = true;

    let verify = |text: &str, more: &[&str]| {
        let path = fake.write("license", text);
        fake.run(&[&["verify", path.to_str().unwrap()], more].concat())
    };
    let done = verify(&format!("{valid}\n"), &[]);
    done.ends(0, "");
    for line in [
        "product       CAD",
        "article       SIM-9",
        "features      solver",
        "container     71",
        "machine       mine",
    ] {
        assert!(done.out.contains(line), "{line} in {done:?}");
    }
    verify(&valid, &["--keys", keys]).ends(0, "");
    verify(&valid, &["--keys", credential.to_str().unwrap()]).ends(0, "");
    verify(&valid, &["--fingerprint", "mine"]).ends(0, "");
    verify(&valid, &["--fingerprint", "another"]).ends(65, "not bound to the machine");
    verify(&other, &[]).ends(65, "for the container 1, not 71");
    verify(&other, &["--keys", keys]).ends(0, "");
    verify(&expired, &[]).ends(65, "it has expired");
    verify(&future, &[]).ends(65, "issued in the future");
    verify("", &[]).ends(65, "not a signed text");
    verify(&valid.replacen('.', " .", 1), &[]).ends(65, "not a signed text");
    verify(&valid, &["--keys", "/etc/hostname"]).ends(65, "holds no public keys");
    verify(&valid, &["--keys", "/no/such"]).ends(65, "cannot read /no/such");
    let (signed, signature) = valid.rsplit_once('.').unwrap();
    let altered = format!(
        "{signed}.{}{}",
        if signature.starts_with('A') { "B" } else { "A" },
        &signature[1..]
    );
    verify(&altered, &[]).ends(65, "the signature is wrong");
    let fresh = JwkSet::default();
    let none = fake.write("none.json", &serde_json::to_string(&fresh).unwrap());
    verify(&valid, &["--keys", none.to_str().unwrap()]).ends(65, "a key that is not known here");
    assert!(fake.state().seen.is_empty(), "offline");
}
