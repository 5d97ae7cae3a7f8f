use serde_json::json;

use crate::device::*;

const NOW: Timestamp = Timestamp::constant(1_800_000_000, 0);
const SECOND: SignedDuration = SignedDuration::from_secs(1);
const HARDWARE: &str = "f1";

fn portal() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn setup() -> Setup {
    Setup {
        format: SETUP.to_owned(),
        portal: "https://portal.example".to_owned(),
        container: "71".to_owned(),
        name: "Lab".to_owned(),
        hardware: None,
        portal_keys: vec![Jwk::new("k1", &portal().verifying_key())],
    }
}

fn held(id: &str) -> Held {
    Held {
        id: id.to_owned(),
        article: "CAD-1".to_owned(),
        product: "CAD".to_owned(),
        features: Vec::new(),
        quantity: 1,
        nbf: None,
        exp: (NOW + 1000 * SECOND).into(),
    }
}

/// The answer to a request.
fn answer(request: &str, ids: &[&str]) -> Update {
    let request = Request::open(request).unwrap();
    Update {
        iss: request.aud,
        sub: request.sub,
        device: jose::thumbprint(&jose::offline::key_of(&request.key).unwrap()),
        hardware: request.hardware,
        nonce: request.nonce,
        jti: format!("u{}", request.number),
        iat: NOW.into(),
        exp: (NOW + 100 * SECOND).into(),
        keys: Vec::new(),
        licenses: ids.iter().map(|id| held(id)).collect(),
    }
}

fn signed(update: &Update) -> String {
    update.sign("k1", &portal()).unwrap()
}

fn asks(device: &mut Device) -> String {
    let asked = device.request(HARDWARE.to_owned(), "lab".to_owned(), NOW);
    asked.ok().unwrap().1
}

fn refused(device: &mut Device, text: &str, now: Timestamp) -> String {
    let before = device.text().ok().unwrap();
    let failure = device.import(text, now).err().unwrap();
    assert_eq!(failure.exit, Exit::BadFile);
    assert_eq!(
        device.text().ok().unwrap(),
        before,
        "a refused update changes nothing"
    );
    failure.to_string()
}

#[test]
fn a_state_is_read_as_it_was_written() {
    let mut device = Device::new(setup());
    let request = asks(&mut device);
    let _ = device
        .import(&signed(&answer(&request, &["1"])), NOW)
        .ok()
        .unwrap();
    let text = device.text().ok().unwrap();
    let again = Device::parse(&text, "x").ok().unwrap();
    assert_eq!(again.text().ok().unwrap(), text);
    assert_eq!(again.receipt(), device.receipt());
    // A key as in credential files, which any tool reads: version 1 of PKCS#8, 48 bytes on one line.
    let members: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pem = members["private_key"].as_str().unwrap();
    assert_eq!(pem.lines().count(), 3, "{pem}");
    assert!(pem.starts_with("-----BEGIN PRIVATE KEY-----\nMC4CAQAwBQYDK2Vw"));
}

#[test]
fn what_is_wrong_with_a_state_is_said_without_the_key() {
    let text = Device::new(setup()).text().ok().unwrap();
    let members: serde_json::Value = serde_json::from_str(&text).unwrap();
    let pem = members["private_key"].as_str().unwrap();
    let secret = &pem[45..75];
    for (member, value, says) in [
        (
            "format",
            json!("license-portal/device-state@2"),
            "knows the format",
        ),
        ("private_key", json!(pem.replace("MC4C", "MC4D")), "line"),
        ("private_key", json!([pem]), "line"),
        ("ran", json!(pem), "line"),
        ("setup", json!(pem), "line"),
    ] {
        let mut wrong = members.clone();
        wrong[member] = value;
        let failure = Device::parse(&wrong.to_string(), "x").err().unwrap();
        let message = failure.to_string();
        assert!(message.contains(says) && !message.contains(secret), "{message}");
    }
}

#[test]
fn setups_are_checked() {
    let read = |setup: &Setup| read_setup(&serde_json::to_string(setup).unwrap(), "x");
    let slash = Setup {
        portal: "https://portal.example/".to_owned(),
        ..setup()
    };
    assert_eq!(read(&slash).ok().unwrap(), setup());
    for (wrong, says) in [
        (
            Setup {
                format: "license-portal/credential@1".to_owned(),
                ..setup()
            },
            "knows the format license-portal/device@1",
        ),
        (
            Setup {
                portal: "portal.example".to_owned(),
                ..setup()
            },
            "is not an address",
        ),
        (
            Setup {
                portal_keys: vec![Jwk {
                    crv: "P-256".to_owned(),
                    ..setup().portal_keys[0].clone()
                }],
                ..setup()
            },
            "no key in it that this program can use",
        ),
    ] {
        let message = read(&wrong).err().unwrap().to_string();
        assert!(message.contains(says), "{message}");
    }
    let half = &serde_json::to_string(&setup()).unwrap()[..80];
    let message = read_setup(half, "x").err().unwrap().to_string();
    assert!(message.contains("not all of it"), "{message}");
}

#[test]
fn a_machine_stays_that_of_its_container() {
    let mut device = Device::new(setup());
    let key = device.private_key.clone();
    let newer = Setup {
        name: "Lab 2".to_owned(),
        portal_keys: vec![Jwk::new("k2", &SigningKey::from_bytes(&[8; 32]).verifying_key())],
        ..setup()
    };
    assert_eq!(device.adopt(newer.clone()), Ok(()));
    assert_eq!((device.setup(), &device.private_key), (&newer, &key));
    for other in [
        Setup {
            container: "72".to_owned(),
            ..setup()
        },
        Setup {
            portal: "https://other.example".to_owned(),
            ..setup()
        },
    ] {
        let failure = device.adopt(other).unwrap_err();
        assert!(failure.to_string().contains("--state"), "{failure}");
        assert_eq!(device.setup(), &newer);
    }
}

#[test]
fn what_a_machine_is_known_by() {
    let fingerprint = || Some("f1".to_owned());
    let mut device = Device::new(setup());
    assert_eq!(device.hardware(None), None);
    assert_eq!(device.hardware(fingerprint()), fingerprint());
    assert_eq!(device.name_hardware("given".to_owned()), Ok(()));
    assert_eq!(device.hardware(fingerprint()).as_deref(), Some("given"));
    let mut dongle = Device::new(Setup {
        hardware: Some("D-1".to_owned()),
        ..setup()
    });
    assert_eq!(dongle.hardware(fingerprint()).as_deref(), Some("D-1"));
    assert_eq!(dongle.name_hardware("D-1".to_owned()), Ok(()));
    let failure = dongle.name_hardware("D-2".to_owned()).unwrap_err();
    assert!(
        failure.to_string().contains("the dongle D-1, not D-2"),
        "{failure}"
    );
}

#[test]
fn a_request_is_answered_once_and_the_answer_can_be_imported_again() {
    let mut device = Device::new(setup());
    let request = asks(&mut device);
    assert_eq!(device.outstanding().map(|request| request.number), Some(1));
    let update = answer(&request, &["1", "2"]);
    let first = signed(&update);
    let change = device.import(&first, NOW + SECOND).ok().unwrap();
    assert_eq!((&change.update, change.given_up.len()), (&update, 0));
    assert_eq!(device.outstanding(), None);
    assert_eq!(
        Receipt::open(device.receipt().unwrap(), &device.private_key.verifying_key()),
        Ok(Receipt {
            aud: update.iss.clone(),
            sub: update.sub.clone(),
            update: "u1".to_owned(),
            held: vec!["1".to_owned(), "2".to_owned()],
            iat: (NOW + SECOND).into(),
        })
    );
    let state = device.text().ok().unwrap();
    // Long after: it is imported already.
    let again = device.import(&first, NOW + 9999 * SECOND).ok().unwrap();
    assert_eq!((again.update, again.given_up.len()), (update.clone(), 0));
    assert_eq!(
        device.text().ok().unwrap(),
        state,
        "not even the receipt is another"
    );
    // Another answer to the same request could give back what an update took away.
    let other = signed(&answer(&request, &["1", "2", "3"]));
    let why = refused(&mut device, &other, NOW);
    assert!(why.contains("has its answer already"), "{why}");

    let second = asks(&mut device);
    let change = device
        .import(&signed(&answer(&second, &["2", "3"])), NOW)
        .ok()
        .unwrap();
    let given_up: Vec<_> = change.given_up.iter().map(|held| held.id.as_str()).collect();
    assert_eq!(given_up, ["1"]);
    let why = refused(&mut device, &first, NOW);
    assert!(why.contains("has its answer already"), "{why}");
}

#[test]
fn what_is_no_answer_is_refused_and_told_apart() {
    let mut device = Device::new(setup());
    let why = refused(&mut device, "", NOW);
    assert!(why.contains("Write a request first"), "{why}");
    let old = asks(&mut device);
    let late = signed(&answer(&old, &["1"]));
    let request = asks(&mut device);
    let good = answer(&request, &["1"]);
    let mut elsewhere = Device::new(setup());
    let foreign = signed(&answer(&asks(&mut elsewhere), &["1"]));
    let text = signed(&good);
    let mut altered = text.clone();
    altered.replace_range(text.len() - 20..text.len() - 19, "*");
    let flipped = if text.as_bytes()[text.len() - 20] == b'A' {
        "B"
    } else {
        "A"
    };
    let mut swapped = text.clone();
    swapped.replace_range(text.len() - 20..text.len() - 19, flipped);
    let unknown = good.sign("k9", &portal()).unwrap();
    let stranger = good.sign("k1", &SigningKey::from_bytes(&[9; 32])).unwrap();
    for (text, now, says) in [
        (&late, NOW, "not the answer to the last request of this machine"),
        (&foreign, NOW, "it was made for another machine"),
        (&altered, NOW, "not a signed text"),
        (&swapped, NOW, "the signature is wrong"),
        (&stranger, NOW, "the signature is wrong"),
        (&unknown, NOW, "a key that is not known here"),
        (
            &text,
            NOW + 100 * SECOND,
            "could be imported until 2027-01-15T08:01:40Z, and the clock of this machine shows",
        ),
        (&text, NOW - LEEWAY - SECOND, "Set the clock right"),
        (&request, NOW, "signed for another purpose"),
    ] {
        let why = refused(&mut device, text, now);
        assert!(why.contains(says), "{says:?} in {why:?}");
    }
    assert!(device.import(&text, NOW - LEEWAY).is_ok());
}

#[test]
fn the_keys_of_an_update_replace_those_known_before() {
    let mut device = Device::new(setup());
    let newer = SigningKey::from_bytes(&[8; 32]);
    let request = asks(&mut device);
    let rotating = Update {
        keys: vec![Jwk::new("k2", &newer.verifying_key())],
        ..answer(&request, &["1"])
    };
    device.import(&signed(&rotating), NOW).ok().unwrap();
    // What was signed with the old key is still believed where it is, and nothing new is.
    assert!(device.held(Some(HARDWARE), NOW).ok().flatten().is_some());
    assert!(device.import(&signed(&rotating), NOW).is_ok());
    let request = asks(&mut device);
    let why = refused(&mut device, &signed(&answer(&request, &["2"])), NOW);
    assert!(why.contains("with --setup"), "{why}");
    let text = answer(&request, &["2"]).sign("k2", &newer).unwrap();
    device.import(&text, NOW).ok().unwrap();
    assert_eq!(
        device.setup.portal_keys, rotating.keys,
        "an update without keys changes none"
    );
}

#[test]
fn licences_hold_on_this_machine_and_by_a_clock_that_is_not_set_back() {
    let mut device = Device::new(setup());
    assert_eq!(device.held(Some(HARDWARE), NOW), Ok(None));
    let request = asks(&mut device);
    let update = answer(&request, &["1"]);
    device.import(&signed(&update), NOW).ok().unwrap();
    let why = |device: &Device, hardware, now| {
        let failure = device.held(hardware, now).unwrap_err();
        assert_eq!(failure.exit, Exit::NoLicense);
        failure.to_string()
    };
    assert_eq!(device.held(Some(HARDWARE), NOW - LEEWAY), Ok(Some(update)));
    assert!(why(&device, Some("f2"), NOW).contains("of another machine: of f1, and this one is f2"));
    assert!(why(&device, None, NOW).contains("without a fingerprint"));
    assert!(why(&device, Some(HARDWARE), NOW - LEEWAY - SECOND).contains("clock of this machine is wrong"));

    let later = NOW + 10 * SET_BACK;
    assert!(device.runs_at(later) && !device.runs_at(later - SECOND));
    assert!(device.held(Some(HARDWARE), later - SET_BACK).is_ok());
    assert!(why(&device, Some(HARDWARE), later - SET_BACK - SECOND).contains("a program ran here at"));
    let request = asks(&mut device);
    device.import(&signed(&answer(&request, &[])), NOW).ok().unwrap();
    assert!(
        device.held(Some(HARDWARE), NOW).is_ok(),
        "the portal said what time it is"
    );
    // A state that somebody moved to another key is not to be believed, whatever hardware it names.
    device.private_key = SigningKey::from_bytes(&[3; 32]);
    assert!(why(&device, Some(HARDWARE), NOW).contains("another machine"));
}
