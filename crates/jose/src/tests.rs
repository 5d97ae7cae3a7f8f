use proptest::prelude::*;
use serde_json::{Value, json};

use crate::*;

const TYP: &str = "license+jwt";

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn signed() -> String {
    sign(TYP, "k1", &json!({"seats": 12}), &key()).unwrap()
}

/// Reads as one who knows the key `k1` only.
fn read(text: &str) -> Result<Value, InvalidToken> {
    verify(text, TYP, |kid| (kid == "k1").then(|| key().verifying_key()))
}

/// The same claims and a right signature under another header.
fn under(header: &str) -> String {
    compact(header.as_bytes(), br#"{"seats":12}"#, &key())
}

fn parts(text: &str) -> [&str; 3] {
    text.split('.').collect::<Vec<_>>().try_into().unwrap()
}

#[test]
fn what_was_signed_is_read() {
    assert_eq!(read(&signed()), Ok(json!({"seats": 12})));
    let unverified = signed();
    let unverified = Unverified::read(&unverified, TYP).unwrap();
    assert_eq!(unverified.key_id(), Some("k1"));
    assert_eq!(
        read(&under(
            r#"{"typ":"license+jwt","kid":"k1","x-note":{"a":[1]},"alg":"EdDSA"}"#
        )),
        Ok(json!({"seats": 12})),
        "members that mean nothing are passed over (RFC 7515, section 4)"
    );
}

#[test]
fn a_header_that_says_something_else_is_refused() {
    use InvalidToken::*;
    for (header, reason) in [
        (
            r#"{"alg":"none","kid":"k1","typ":"license+jwt"}"#,
            UnsupportedAlgorithm,
        ),
        (
            r#"{"alg":"HS256","kid":"k1","typ":"license+jwt"}"#,
            UnsupportedAlgorithm,
        ),
        (
            r#"{"alg":"eddsa","kid":"k1","typ":"license+jwt"}"#,
            UnsupportedAlgorithm,
        ),
        (r#"{"kid":"k1","typ":"license+jwt"}"#, UnsupportedAlgorithm),
        (r#"{"alg":"EdDSA","kid":"k1","typ":"JWT"}"#, WrongType),
        (r#"{"alg":"EdDSA","kid":"k1","typ":"LICENSE+JWT"}"#, WrongType),
        (r#"{"alg":"EdDSA","kid":"k1"}"#, WrongType),
        (r#"{"alg":"EdDSA","kid":"k2","typ":"license+jwt"}"#, UnknownKey),
        (r#"{"alg":"EdDSA","typ":"license+jwt"}"#, UnknownKey),
        (
            r#"{"alg":"EdDSA","kid":"k1","typ":"license+jwt","crit":["exp"],"exp":1}"#,
            CriticalExtension,
        ),
        (
            r#"{"alg":"EdDSA","kid":"k1","typ":"license+jwt","crit":[]}"#,
            CriticalExtension,
        ),
        (
            r#"{"alg":"EdDSA","kid":"k1","typ":"license+jwt","crit":null}"#,
            CriticalExtension,
        ),
        (
            r#"{"alg":"none","alg":"EdDSA","kid":"k1","typ":"license+jwt"}"#,
            Malformed,
        ),
        (
            r#"{"alg":"EdDSA","kid":"k2","kid":"k1","typ":"license+jwt"}"#,
            Malformed,
        ),
        (
            r#"{"alg":"EdDSA","kid":"k1","typ":"license+jwt","x":1,"x":1}"#,
            Malformed,
        ),
        (
            r#"{"alg":"EdDSA","kid":"k1","\u0074yp":"license+jwt","typ":"license+jwt"}"#,
            Malformed,
        ),
        (r#"{"alg":["EdDSA"],"kid":"k1","typ":"license+jwt"}"#, Malformed),
        (r#"{"alg":"EdDSA","kid":1,"typ":"license+jwt"}"#, Malformed),
        (r#"{"alg":"EdDSA","kid":"k1","typ":"license+jwt"} {}"#, Malformed),
        (r#"["EdDSA"]"#, Malformed),
        ("EdDSA", Malformed),
        ("", Malformed),
    ] {
        assert_eq!(read(&under(header)), Err(reason), "{header}");
    }
}

#[test]
fn another_form_is_refused() {
    let text = signed();
    let [header, payload, signature] = parts(&text);
    for broken in [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        "...".to_owned(),
        format!("{header}.{payload}"),
        format!("{header}.{payload}."),
        format!("{header}.{payload}.{signature}."),
        format!("{header}.{payload}.{signature}.{signature}"),
        format!(".{payload}.{signature}"),
        format!("{header}.{payload}.{}", &signature[..85]),
        format!("{header}.{payload}.{}", &signature[..84]),
        format!("{header}.{payload}.{signature}AA"),
        format!("{header}.{payload}=.{signature}"),
        format!("{header}.{payload}.{signature}=="),
        format!("{header}.{payload}.{}", signature.replace(['-', '_'], "+")),
        format!(" {text}"),
        format!("{text}\n"),
        format!("{header} .{payload}.{signature}"),
        format!("{header}.\r\n{payload}.{signature}"),
        format!("{header}.{payload}.{signature}\0"),
        format!("{{\"protected\":\"{header}\",\"payload\":\"{payload}\",\"signature\":\"{signature}\"}}"),
    ] {
        assert_eq!(read(&broken), Err(InvalidToken::Malformed), "{broken:?}");
    }
    // The last letter of 64 bytes carries four bits that have to be zero.
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let last = letters.find(&signature[85..]).unwrap();
    let twin = &letters[last + 1..last + 2];
    assert_eq!(last % 16, 0, "canonical");
    let twin = format!("{header}.{payload}.{}{twin}", &signature[..85]);
    assert_eq!(read(&twin), Err(InvalidToken::Malformed));
    assert_eq!(read(&"x".repeat(MAX_LENGTH + 1)), Err(InvalidToken::TooLong));
    assert_eq!(read(&"x".repeat(MAX_LENGTH)), Err(InvalidToken::Malformed));
    assert_eq!(
        read_unverified::<Value>(&"x".repeat(MAX_LENGTH + 1)),
        Err(InvalidToken::TooLong)
    );
}

#[test]
fn somebody_elses_signature_is_refused() {
    use InvalidToken::BadSignature;
    let text = signed();
    let [header, payload, signature] = parts(&text);
    let stranger = SigningKey::from_bytes(&[8; 32]);
    let theirs = sign(TYP, "k1", &json!({"seats": 12}), &stranger).unwrap();
    let more = sign(TYP, "k1", &json!({"seats": 99}), &key()).unwrap();
    for broken in [
        theirs.clone(),
        format!("{header}.{payload}.{}", parts(&theirs)[2]),
        format!("{header}.{}.{signature}", parts(&more)[1]),
        format!("{header}.{payload}.{}", parts(&more)[2]),
        format!("{header}..{signature}"),
        // A right signature, but over the two parts in the other order.
        format!(
            "{header}.{payload}.{}",
            URL_SAFE_NO_PAD.encode(key().sign(format!("{payload}.{header}").as_bytes()).to_bytes())
        ),
        format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
    ] {
        assert_eq!(read(&broken), Err(BadSignature), "{broken}");
    }
    // Signed indeed, but not with claims: found out only after the signature.
    let header = decoded(header).unwrap();
    for payload in ["", "{", "\"\\ud800\"", "{} {}"] {
        let text = compact(&header, payload.as_bytes(), &key());
        assert_eq!(read(&text), Err(InvalidToken::Malformed), "{payload:?}");
    }
}

/// With the neutral element as key, one signature fits every text; only strict verification refuses it.
#[test]
fn weak_keys_are_refused() {
    let mut neutral = [0; 32];
    neutral[0] = 1;
    let weak = VerifyingKey::from_bytes(&neutral).unwrap();
    let mut signature = [0; 64];
    signature[0] = 1;
    let text = signed();
    let [header, payload, _] = parts(&text);
    let text = format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(signature));
    assert_eq!(
        verify::<Value>(&text, TYP, |_| Some(weak)),
        Err(InvalidToken::BadSignature)
    );
    assert_eq!(Jwk::new("weak", &weak).key(), None);
}

#[test]
fn keys_are_told_by_kind() {
    let key = key().verifying_key();
    let jwk = Jwk::new(thumbprint(&key), &key);
    let text = serde_json::to_value(&jwk).unwrap();
    assert_eq!(
        text,
        json!({"kty": "OKP", "crv": "Ed25519", "kid": thumbprint(&key), "x": jwk.x, "use": "sig", "alg": "EdDSA"})
    );
    for (member, value) in [
        ("kty", json!("EC")),
        ("crv", json!("X25519")),
        ("crv", json!("Ed448")),
        ("use", json!("enc")),
        ("alg", json!("HS256")),
        ("x", json!("")),
        ("x", json!(format!("{}=", jwk.x))),
        ("x", json!(&jwk.x[..42])),
        ("x", json!(URL_SAFE_NO_PAD.encode([255; 32]))),
    ] {
        let mut other = text.clone();
        other[member] = value;
        let other: Jwk = serde_json::from_value(other).unwrap();
        assert_eq!(other.key(), None, "{other:?}");
    }
    let foreign = json!({"kty": "RSA", "n": "AQAB", "e": "AQAB", "kid": thumbprint(&key)});
    let set: JwkSet = serde_json::from_value(json!({"keys": [foreign, text]})).unwrap();
    assert_eq!(set.key(&thumbprint(&key)), Some(key));
    assert_eq!(set.key(""), None);
}

#[test]
fn times() {
    let at = |second| Timestamp::from_second(second).unwrap();
    let check = |iat, exp, now| check_times(at(iat).into(), at(exp).into(), at(now));
    assert_eq!(check(100, 200, 100), Ok(()));
    assert_eq!(check(100, 200, 199), Ok(()));
    assert_eq!(check(100, 200, 200), Err(InvalidToken::Expired));
    assert_eq!(check(160, 200, 100), Ok(()));
    assert_eq!(check(161, 200, 100), Err(InvalidToken::NotYetValid));
    let (first, last) = (Timestamp::MIN, Timestamp::MAX);
    assert_eq!(check_times(last.into(), last.into(), last - LEEWAY), Ok(()));
    assert_eq!(
        check_times(last.into(), last.into(), first),
        Err(InvalidToken::NotYetValid)
    );
    assert_eq!(
        check_times(first.into(), first.into(), at(0)),
        Err(InvalidToken::Expired)
    );
}

proptest! {
    /// Whatever is altered, the text is not believed.
    #[test]
    fn alterations_are_refused(
        at in any::<prop::sample::Index>(),
        other in any::<prop::sample::Index>(),
        letter in 0u8..128,
        kind in 0..4,
    ) {
        let text = signed();
        let mut bytes = text.clone().into_bytes();
        let at = at.index(bytes.len());
        match kind {
            0 => bytes[at] = letter,
            1 => bytes.insert(at, letter),
            2 => drop(bytes.remove(at)),
            _ => {
                let other = other.index(bytes.len());
                bytes.swap(at, other);
            }
        }
        let altered = String::from_utf8(bytes).unwrap();
        prop_assert!(altered == text || read(&altered).is_err(), "{}", altered);
    }

    /// Nothing that comes in makes it stumble.
    #[test]
    fn any_text_is_answered(text in ".{0,200}", header in "[ -~]{0,80}") {
        prop_assert!(read(&text).is_err());
        let _ = read(&under(&header));
    }
}
