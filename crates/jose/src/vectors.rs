//! Published vectors: those of the RFCs, and those of project Wycheproof.

use serde_json::{Value, json};

use crate::*;

/// RFC 8037, appendix A: the key, its thumbprint, and the signature made with it.
#[test]
fn the_vectors_of_rfc_8037() {
    let secret = decoded("nWGxne_9WmC6hEr0kuwsxERJxWl7MmkZcDusAxyuf2A").unwrap();
    let key = SigningKey::from_bytes(&secret.try_into().unwrap());
    let public = json!({"kty": "OKP", "crv": "Ed25519", "x": "11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo"});
    let public: Jwk = serde_json::from_value(public).unwrap();
    assert_eq!(public.key(), Some(key.verifying_key()));
    assert_eq!(
        thumbprint(&key.verifying_key()),
        "kPrK_qmxVWaYVA9wwBF6Iuo3vVzz7TxHCTwXBygrS4k"
    );
    let text = "eyJhbGciOiJFZERTQSJ9.RXhhbXBsZSBvZiBFZDI1NTE5IHNpZ25pbmc.\
                hgyY0il_MGCjP0JzlnLWG1PPOt7-09PGcvMg3AIbQR6dWbhijcNR4ki4iylGjg5BhVsPt9g7sVvpAr_MuM0KAg";
    assert_eq!(
        compact(br#"{"alg":"EdDSA"}"#, b"Example of Ed25519 signing", &key),
        text
    );
    let parts = Parts::read(text).unwrap();
    assert_eq!(parts.payload, b"Example of Ed25519 signing");
    assert_eq!(parts.check(&key.verifying_key()), Ok(()));
    // It says nothing about its purpose, so it is good for none of ours.
    assert_eq!(
        Unverified::read(text, "license+jwt").err(),
        Some(InvalidToken::WrongType)
    );
}

/// RFC 7515, appendix A: texts of other algorithms and serialisations, which are right, and none of ours.
#[test]
fn the_vectors_of_rfc_7515() {
    use InvalidToken::{Malformed, UnsupportedAlgorithm};
    let claims =
        "eyJpc3MiOiJqb2UiLA0KICJleHAiOjEzMDA4MTkzODAsDQogImh0dHA6Ly9leGFtcGxlLmNvbS9pc19yb290Ijp0cnVlfQ";
    let (rs256, es256) = (
        "cC4hiUPoj9Eetdgtv3hF80EGrhuB__dzERat0XF9g2VtQgr9PJbu3XOiZj5RZmh7AAuHIm4Bh-0Qc_lF5YKt_O8W2Fp5jujGbds9uJdbF9CUAr7t\
         1dnZcAcQjbKBYNX4BAynRFdiuB--f_nZLgrnbyTyWzO75vRK5h6xBArLIARNPvkSjtQBMHlb1L07Qe7K0GarZRmB_eSN9383LcOLn6_dO--xi12j\
         zDwusC-eOkHWEsqtFZESc6BfI7noOPqvhJ1phCnvWh6IeYI2w9QOYEUipUTI8np6LbgGY9Fs98rqVt5AXLIhWkWywlVmtVrBp0igcN_IoypGlUPQ\
         Ge77Rw",
        "DtEhU3ljbEg8L38VWAfUAqOyKAM6-Xx-F4GawxaepmXFCgfTjDxw5djxLa8ISlSApmWQxfKTUJqPP3-Kg6NU1Q",
    );
    let es512 = "AdwMgeerwtHoh-l192l60hp9wAHZFVJbLfD_UxMi70cwnZOYaRI1bKPWROc-mZZqwqT2SI-KGDKB34XO0aw_7XdtAG8GaSwFKdCAPZgoXD2Y\
                 BJZCPEX3xKpRwcdOO8KpEHwJjyqOgzDO7iKvU8vcnwNrmxYbSW9ERBXukOXolLzeO_Jn";
    // A.1 and A.5 by their letters: HMAC is made again here, which shows that nothing was mistyped.
    let hs256 = format!("eyJ0eXAiOiJKV1QiLA0KICJhbGciOiJIUzI1NiJ9.{claims}");
    let secret =
        decoded("AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow")
            .unwrap();
    let mac = URL_SAFE_NO_PAD.encode(hmac(&secret, hs256.as_bytes()));
    assert_eq!(mac, "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk");
    let general = json!({"payload": claims, "signatures": [
        {"protected": "eyJhbGciOiJSUzI1NiJ9", "header": {"kid": "2010-12-29"}, "signature": rs256},
        {"protected": "eyJhbGciOiJFUzI1NiJ9", "header": {"kid": "e9bc097a-ce51-4036-9562-d2ade882db0d"}, "signature": es256},
    ]});
    let flattened = json!({"payload": claims, "protected": "eyJhbGciOiJFUzI1NiJ9",
        "header": {"kid": "e9bc097a-ce51-4036-9562-d2ade882db0d"}, "signature": es256});
    for (appendix, text, reason) in [
        ("A.1", format!("{hs256}.{mac}"), UnsupportedAlgorithm),
        (
            "A.2",
            format!("eyJhbGciOiJSUzI1NiJ9.{claims}.{rs256}"),
            UnsupportedAlgorithm,
        ),
        (
            "A.3",
            format!("eyJhbGciOiJFUzI1NiJ9.{claims}.{es256}"),
            UnsupportedAlgorithm,
        ),
        (
            "A.4",
            format!("eyJhbGciOiJFUzUxMiJ9.UGF5bG9hZA.{es512}"),
            UnsupportedAlgorithm,
        ),
        (
            "A.5",
            format!("eyJhbGciOiJub25lIn0.{claims}."),
            UnsupportedAlgorithm,
        ),
        ("A.6", general.to_string(), Malformed),
        ("A.7", flattened.to_string(), Malformed),
    ] {
        // Whatever key is offered, and whatever it is said to be for.
        let key = SigningKey::from_bytes(&[7; 32]).verifying_key();
        assert_eq!(
            verify::<Value>(&text, "JWT", |_| Some(key)),
            Err(reason),
            "{appendix}"
        );
    }
}

/// Vectors of project Wycheproof: malleable, truncated and garbled signatures among them.
#[test]
fn the_vectors_of_wycheproof() {
    use wycheproof::{TestResult, eddsa};
    let set = eddsa::TestSet::load(eddsa::TestName::Ed25519).unwrap();
    let mut seen = [0, 0];
    for group in &set.test_groups {
        let key = VerifyingKey::from_bytes(&group.key.pk[..].try_into().unwrap()).unwrap();
        for test in &group.tests {
            let fits = Signature::from_slice(&test.sig)
                .is_ok_and(|signature| key.verify_strict(&test.msg, &signature).is_ok());
            assert_eq!(
                fits,
                test.result == TestResult::Valid,
                "{}: {}",
                test.tc_id,
                test.comment
            );
            seen[usize::from(fits)] += 1;
        }
    }
    assert!(seen[0] > 50 && seen[1] > 50, "{seen:?}");
}

/// HMAC with SHA-256 (RFC 2104).
fn hmac(secret: &[u8], text: &[u8]) -> [u8; 32] {
    let mut block = [0; 64];
    block[..secret.len()].copy_from_slice(secret);
    let inner = Sha256::new()
        .chain_update(block.map(|byte| byte ^ 0x36))
        .chain_update(text);
    let outer = Sha256::new().chain_update(block.map(|byte| byte ^ 0x5c));
    outer.chain_update(inner.finalize()).finalize().into()
}

/// Project Wycheproof's vectors for JWS (`json_web_signature_test.json`) know no EdDSA: here are their cases, under the names
/// that they have there, made with a key of ours. What is altered is signed once more where it is there.
#[test]
fn the_cases_of_wycheproof_for_jws() {
    use InvalidToken::{BadSignature, Malformed, UnknownKey, UnsupportedAlgorithm};
    const HEADER: &str = r#"{"alg":"EdDSA","kid":"ours","typ":"license+jwt"}"#;
    let key = SigningKey::from_bytes(&[7; 32]);
    let read = |text: &str| {
        verify::<Value>(text, "license+jwt", |kid| {
            (kid == "ours").then(|| key.verifying_key())
        })
    };
    let signed = |parts: &str, key: &SigningKey| {
        let signature = URL_SAFE_NO_PAD.encode(key.sign(parts.as_bytes()).to_bytes());
        (format!("{parts}.{signature}"), signature)
    };
    let header = URL_SAFE_NO_PAD.encode(HEADER);
    let payload = URL_SAFE_NO_PAD.encode(r#"{"a":1}"#);
    let (valid, signature) = signed(&format!("{header}.{payload}"), &key);
    let under = |header: &str| signed(&format!("{}.{payload}", URL_SAFE_NO_PAD.encode(header)), &key).0;
    let over = |parts: String| signed(&parts, &key).0;
    for (case, text) in [
        ("acceptsValid", valid.clone()),
        (
            "ValidSpacesInJsonHeader",
            under(r#"{ "kid" : "ours", "typ" :"license+jwt", "alg" : "EdDSA" }"#),
        ),
        (
            "ValidWhiteSpaceInJsonHeader",
            under("{\"kid\":\"ours\",\n\t\"typ\":\"license+jwt\",\"alg\":\"EdDSA\"}"),
        ),
    ] {
        assert_eq!(read(&text), Ok(json!({"a": 1})), "{case}");
    }
    let attacker = SigningKey::from_bytes(&[8; 32]);
    let mut own_key = serde_json::to_value(Jwk::new("ours", &attacker.verifying_key())).unwrap();
    own_key["kid"] = json!("ours");
    let embedded = json!({"alg": "EdDSA", "kid": "ours", "typ": "license+jwt", "jwk": own_key}).to_string();
    let symmetric = format!(
        "{}.{payload}",
        URL_SAFE_NO_PAD.encode(r#"{"alg":"HS256","kid":"ours","typ":"license+jwt"}"#)
    );
    let mac = hmac(key.verifying_key().as_bytes(), symmetric.as_bytes());
    let mut longer = decoded(&signature).unwrap();
    longer.push(0);
    let (first, rest) = signature.split_at(1);
    let other = if first == "A" { "B" } else { "A" };
    // Seven bytes leave two bits of the last letter unused.
    let (last, twin) = payload.split_at(payload.len() - 1);
    let letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";
    let twin = letters.find(twin).map(|at| &letters[at + 1..at + 2]).unwrap();
    for (case, text, reason) in [
        (
            "rejectsModifiedSignature",
            format!("{header}.{payload}.{other}{rest}"),
            BadSignature,
        ),
        (
            "rejectsMissingSignature",
            format!("{header}.{payload}."),
            Malformed,
        ),
        (
            "rejectsMissingSignatureAndSeparator",
            format!("{header}.{payload}"),
            Malformed,
        ),
        (
            "rejectsModifiedPayload",
            format!("{header}.X{}.{signature}", &payload[1..]),
            BadSignature,
        ),
        (
            "rejectsMissingPayload",
            format!("{header}..{signature}"),
            BadSignature,
        ),
        (
            "rejectsMissingPayloadAndSeparator",
            format!("{header}.{signature}"),
            Malformed,
        ),
        (
            "rejectsModifiedHeader",
            format!(
                "{}.{payload}.{signature}",
                URL_SAFE_NO_PAD.encode(HEADER.replace("ours", "Xurs"))
            ),
            UnknownKey,
        ),
        (
            "rejectsMissingHeader",
            format!(".{payload}.{signature}"),
            Malformed,
        ),
        (
            "rejectsMissingHeaderAndSeparator",
            format!("{payload}.{signature}"),
            Malformed,
        ),
        (
            "rejectsMissingHeaderAndSignature",
            format!(".{payload}."),
            Malformed,
        ),
        (
            "rejectsMissingHeaderSignatureAndSeparators",
            payload.clone(),
            Malformed,
        ),
        ("rejectsEmptyString", String::new(), Malformed),
        ("rejectsExtraEmptyComponent", format!("{valid}."), Malformed),
        ("rejectsExtraComponent", format!("{valid}.foo"), Malformed),
        (
            "rejectsNoneAlgorithmAndMissingSignature",
            format!(
                "{}.{payload}.",
                URL_SAFE_NO_PAD.encode(HEADER.replace("EdDSA", "none"))
            ),
            UnsupportedAlgorithm,
        ),
        (
            "rejectsValidJsonSerialization",
            json!({"payload": payload, "signatures": [{"protected": header, "signature": signature}]})
                .to_string(),
            Malformed,
        ),
        (
            "rejectsSymmetryConfusionAttacks",
            format!("{symmetric}.{}", URL_SAFE_NO_PAD.encode(mac)),
            UnsupportedAlgorithm,
        ),
        (
            "rejectsAttackerProvidedEmbeddedJwk",
            signed(
                &format!("{}.{payload}", URL_SAFE_NO_PAD.encode(&embedded)),
                &attacker,
            )
            .0,
            BadSignature,
        ),
        (
            "rejectsSpacesInMac",
            format!("{header}.{payload}.    {signature}"),
            Malformed,
        ),
        (
            "rejectsInvalidCharacterInsertedInMac",
            format!("{header}.{payload}.?{signature}"),
            Malformed,
        ),
        (
            "rejectsInvalidCharacterInsertedInMac",
            format!("{valid}?"),
            Malformed,
        ),
        (
            "rejectsInvalidCharacters",
            format!("{header}.{payload}.????{}", &signature[4..]),
            Malformed,
        ),
        (
            "spacesInHeader",
            over(format!("{header}    .{payload}")),
            Malformed,
        ),
        (
            "invalidCharactersInHeader",
            over(format!("{header}####.{payload}")),
            Malformed,
        ),
        (
            "invalidBase64Padding",
            over(format!("{header}=.{payload}")),
            Malformed,
        ),
        (
            "spacesInPayload",
            over(format!("{header}.    {payload}")),
            Malformed,
        ),
        (
            "invalidCharactersInPayload",
            over(format!("{header}.####{payload}")),
            Malformed,
        ),
        (
            "invalidBase64PaddingInPayload",
            over(format!("{header}.{payload}==")),
            Malformed,
        ),
        (
            "InvalidCharacterInPayload",
            over(format!("{header}.?{payload}")),
            Malformed,
        ),
        (
            "InvalidCharacterInsertedInHeader",
            format!("{header}?.{payload}.{signature}"),
            Malformed,
        ),
        (
            "InvalidCharacterInsertedInPayload",
            format!("{header}.{payload}?.{signature}"),
            Malformed,
        ),
        (
            "ModifiedUnusedBitsInPayload",
            format!("{header}.{last}{twin}.{signature}"),
            Malformed,
        ),
        (
            "MacOfIncorrectlyEncodedMessage",
            over(format!("{header}.{last}{twin}")),
            Malformed,
        ),
        (
            "TrailingZeros",
            format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode(&longer)),
            Malformed,
        ),
        (
            "BufferOverflow",
            format!("{header}.{payload}.{}", "A".repeat(400)),
            Malformed,
        ),
        (
            "rIsZero_sIsZero",
            format!("{header}.{payload}.{}", URL_SAFE_NO_PAD.encode([0; 64])),
            BadSignature,
        ),
    ] {
        assert_eq!(read(&text), Err(reason), "{case}: {text}");
    }
    // "rejectWrongUse", "rejectWrongKeyOps": a key for something else is none.
    for (member, value, good) in [
        ("use", json!("sig"), true),
        ("use", json!("enc"), false),
        ("key_ops", json!(["verify"]), true),
        ("key_ops", json!(["encrypt"]), false),
        ("key_ops", json!([]), false),
    ] {
        let mut jwk = serde_json::to_value(Jwk::new("ours", &key.verifying_key())).unwrap();
        jwk[member] = value;
        let jwk: Jwk = serde_json::from_value(jwk).unwrap();
        assert_eq!(jwk.key().is_some(), good, "{jwk:?}");
    }
}
