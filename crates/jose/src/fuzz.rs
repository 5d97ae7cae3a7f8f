//! Whatever comes in is answered, and what was signed comes back as it was. More of it: `PROPTEST_CASES=100000`.

use proptest::{prelude::*, sample::Index};
use serde_json::{Value, json};

use crate::{
    offline::{Receipt, Request, Setup, Update, key_of},
    *,
};

const TYP: &str = "license+jwt";
const TYPES: [&str; 5] = [
    TYP,
    "license-request+jwt",
    "license-update+jwt",
    "license-receipt+jwt",
    "JWT",
];

fn key() -> SigningKey {
    SigningKey::from_bytes(&[7; 32])
}

fn keys() -> JwkSet {
    JwkSet {
        keys: vec![Jwk::new("k1", &key().verifying_key())],
    }
}

/// Any JSON, a few levels deep, with the names that stand in claims among those of its members.
fn any_json() -> impl Strategy<Value = Value> {
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        any::<u64>().prop_map(Value::from),
        any::<String>().prop_map(Value::from),
    ];
    let name = prop_oneof![
        "(iss|sub|aud|key|hardware|host|number|nonce|iat|exp|device|held|licenses|kty|crv|kid|x|keys)",
        any::<String>(),
    ];
    leaf.prop_recursive(4, 40, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
            prop::collection::btree_map(name.clone(), inner, 0..6)
                .prop_map(|members| Value::Object(members.into_iter().collect())),
        ]
    })
}

/// All that reads a text of another: none of it may stumble.
fn read_by_all(text: &str) -> Result<Value, InvalidToken> {
    let _ = Request::open(text);
    let _ = Update::open(text, &keys());
    let _ = Receipt::open(text, &key().verifying_key());
    let _ = Receipt::is_meant(text);
    let _ = read_unverified::<Value>(text);
    let _ = key_of(text);
    let _ = serde_json::from_str::<Setup>(text);
    if let Ok(set) = serde_json::from_str::<JwkSet>(text) {
        let _ = set.key("k1");
    }
    verify(text, TYP, |kid| (kid == "k1").then(|| key().verifying_key()))
}

proptest! {
    #[test]
    fn what_is_signed_is_read_as_it_was(claims in any_json(), kid in any::<String>()) {
        let text = sign(TYP, kid.as_str(), &claims, &key()).unwrap();
        let read = verify::<Value>(&text, TYP, |named| (named == kid).then(|| key().verifying_key()));
        prop_assert_eq!(read, Ok(claims));
        prop_assert!(verify::<Value>(&text, "JWT", |_| Some(key().verifying_key())).is_err());
    }

    #[test]
    fn any_bytes_are_answered(bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        prop_assert!(read_by_all(&String::from_utf8_lossy(&bytes)).is_err());
    }

    #[test]
    fn any_three_parts_are_answered(parts in prop::array::uniform3(prop::collection::vec(any::<u8>(), 0..200))) {
        let text = parts.map(|part| URL_SAFE_NO_PAD.encode(part)).join(".");
        prop_assert!(read_by_all(&text).is_err());
    }

    /// A right signature makes nothing else right.
    #[test]
    fn any_claims_under_a_right_signature_are_answered(
        claims in any_json(),
        typ in prop::sample::select(&TYPES[..]),
    ) {
        let text = sign(typ, "k1", &claims, &key()).unwrap();
        let read = read_by_all(&text);
        prop_assert_eq!(read.ok(), (typ == TYP).then_some(claims));
    }

    #[test]
    fn any_payload_under_a_right_signature_is_answered(payload in prop::collection::vec(any::<u8>(), 0..300)) {
        let header = json!({"alg": "EdDSA", "kid": "k1", "typ": TYP}).to_string();
        let read = read_by_all(&compact(header.as_bytes(), &payload, &key()));
        prop_assert_eq!(read.ok(), serde_json::from_slice::<Value>(&payload).ok());
    }

    /// Of a request of a machine nothing can be changed.
    #[test]
    fn an_altered_request_is_refused(at in any::<Index>(), letter in "[A-Za-z0-9_.-]") {
        let claims = json!({
            "aud": "https://portal.example", "sub": "7", "key": offline::key_text(&key().verifying_key()),
            "hardware": "f1", "host": "lab", "number": 1, "nonce": "n1", "iat": 1_000,
        });
        let text = sign("license-request+jwt", None, &claims, &key()).unwrap();
        let at = at.index(text.len());
        let altered = format!("{}{letter}{}", &text[..at], &text[at + 1..]);
        prop_assert_eq!(Request::open(&altered).is_ok(), altered == text);
    }
}

/// As deep as a text can be: it is refused before the stack is at its end.
#[test]
fn what_is_nested_without_end_is_refused() {
    for (open, close) in [("[", "]"), ("{\"a\":", "}")] {
        let deep = format!("{}1{}", open.repeat(100_000), close.repeat(100_000));
        let header = json!({"alg": "EdDSA", "kid": "k1", "typ": TYP}).to_string();
        assert!(read_by_all(&compact(header.as_bytes(), deep.as_bytes(), &key())).is_err());
        assert!(read_by_all(&compact(deep.as_bytes(), b"{}", &key())).is_err());
        assert!(read_by_all(&deep).is_err());
    }
}
