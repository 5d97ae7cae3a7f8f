//! Redeeming tickets by their codes (S5, S6).

use domain::tickets::codes::TicketCode;
use license_portal::store::Engine;

use crate::{support::portal::TestPortal, tickets::moves::COMPANY};

on_both_engines!(
    codes_are_redeemed_together_or_not_at_all,
    wrong_codes_cannot_be_told_apart,
    every_typing_error_of_a_code,
    codes_are_limited,
);

async fn codes_are_redeemed_together_or_not_at_all(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let (first, second, third) = (
        portal.code("loose-1"),
        portal.code("loose-2"),
        portal.code("loose-3"),
    );
    let own = portal.owner("@ned").to_string();
    let before = portal.state().await;
    // The second belongs to somebody.
    let codes = format!("{first}; {}", portal.code("n1"));
    let answer = ned.post("redeem", &[("codes", &codes), ("to", &own)]).await;
    assert_eq!(answer.refused(), r#"422 {"Refused":{"UnknownCode":{"at":2}}}"#);
    assert_eq!(portal.state().await, before);
    let codes = format!("{first};\n{},{first}; ", second.to_lowercase().replace('-', " "));
    let moved = ned.post("redeem", &[("codes", &codes), ("to", &own)]).await.ok();
    assert_eq!(moved["tickets"], 2);
    assert_eq!(
        (portal.holder("loose-1").await, portal.holder("loose-2").await),
        ("@ned".into(), "@ned".into())
    );
    // Once only.
    assert_eq!(
        ned.post("redeem", &[("codes", &first), ("to", &own)])
            .await
            .status,
        422
    );
    // For a group of his, not for one that he does not see, nor for a colleague.
    for hidden in ["Company", "South", "@nora/North", "@nora"] {
        let answer = ned
            .post(
                "redeem",
                &[("codes", &third), ("to", &portal.owner(hidden).to_string())],
            )
            .await;
        assert_eq!(
            answer.refused(),
            r#"404 {"Refused":{"Denied":"Hidden"}}"#,
            "{hidden}"
        );
    }
    ned.post(
        "redeem",
        &[("codes", &third), ("to", &portal.owner("North").to_string())],
    )
    .await
    .ok();
    assert_eq!(portal.holder("loose-3").await, "North");
}

async fn wrong_codes_cannot_be_told_apart(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let guest = portal.client("guest").await;
    let own = portal.owner("@guest").to_string();
    let redeem = async |codes: &str| {
        guest
            .post("redeem", &[("codes", codes), ("to", &own)])
            .await
            .refused()
    };
    // Well formed, and there is no such ticket.
    let absent = TicketCode::from_random([7; 24]).to_string();
    let refused = r#"422 {"Refused":{"UnknownCode":{"at":1}}}"#;
    for code in [
        absent,
        portal.code("n1"),
        portal.code("ned-1"),
        portal.code("own"),
        portal.code("c1"),
    ] {
        assert_eq!(redeem(&code).await, refused);
    }
    // Mistyped: which one, and what is wrong with it.
    let good = portal.code("loose-1");
    let cases = [
        ("X".to_owned(), r#"{"at":1,"why":"Length"}"#),
        (
            format!("{good};U{}", &good[1..]),
            r#"{"at":2,"why":{"Character":"U"}}"#,
        ),
        (
            format!(
                "{good};{good};{}",
                good.replacen(&good[..1], if good.starts_with('2') { "3" } else { "2" }, 1)
            ),
            r#"{"at":3,"why":"Check"}"#,
        ),
    ];
    for (codes, why) in cases {
        assert_eq!(
            redeem(&codes).await,
            format!(r#"422 {{"Refused":{{"InvalidCode":{why}}}}}"#)
        );
    }
    assert_eq!(redeem(" ; , ").await, r#"422 {"Refused":"NoCodes"}"#);
    assert_eq!(portal.holder("loose-1").await, "-");
}

async fn codes_are_limited(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let guest = portal.client("guest").await;
    let own = portal.owner("@guest").to_string();
    let codes = |from: u8| {
        let code = |n| TicketCode::from_random([n; 24]).to_string();
        (from..from + 16).map(code).collect::<Vec<_>>().join(";")
    };
    let mut answers = Vec::new();
    for _ in 0..8 {
        answers.push(guest.post("redeem", &[("codes", &codes(1)), ("to", &own)]).await);
    }
    let limited = answers
        .iter()
        .find(|answer| answer.status == 429)
        .expect("128 codes in a row are too many");
    assert!(limited.header("retry-after").parse::<u64>().unwrap() >= 1);
    // Mistyping costs nothing, and nobody else is held up.
    assert_eq!(
        guest
            .post("redeem", &[("codes", "typo"), ("to", &own)])
            .await
            .status,
        422
    );
    let ned = portal.client("ned").await;
    let codes = portal.code("loose-1");
    ned.post(
        "redeem",
        &[("codes", &codes), ("to", &portal.owner("@ned").to_string())],
    )
    .await
    .ok();
}

async fn every_typing_error_of_a_code(engine: Engine) {
    let portal = TestPortal::start(engine, "@ann\n#t\n").await;
    let ann = portal.client("ann").await;
    let own = portal.owner("@ann").to_string();
    let code = portal.code("t");
    let compact: String = code.chars().filter(|c| *c != '-').collect();
    let mut typed: Vec<String> = Vec::new();
    for at in 0..25 {
        let (before, after) = (&compact[..at], &compact[at + 1..]);
        let right = &compact[at..=at];
        typed.extend(
            ["0", "Z", "7"]
                .into_iter()
                .filter(|wrong| *wrong != right)
                .map(|wrong| format!("{before}{wrong}{after}")),
        );
        typed.push(format!("{before}{after}"));
        typed.push(format!("{before}{right}{right}{after}"));
        typed.push(format!("{before}U{after}"));
        typed.push(format!("{before}é{after}"));
        if at < 24 && compact[at..=at] != compact[at + 1..at + 2] {
            typed.push(format!(
                "{before}{}{right}{}",
                &compact[at + 1..at + 2],
                &compact[at + 2..]
            ));
        }
    }
    for text in &typed {
        assert!(text.parse::<TicketCode>().is_err(), "{text}");
        let answer = ann.post("redeem", &[("codes", text), ("to", &own)]).await;
        assert_eq!(answer.status, 422);
        assert_eq!(answer.json()["Refused"]["InvalidCode"]["at"], 1, "{text}");
    }
    assert_eq!(portal.holder("t").await, "-");
    ann.post(
        "redeem",
        &[
            ("codes", &format!(" {} ", code.to_lowercase().replace('-', "–"))),
            ("to", &own),
        ],
    )
    .await
    .ok();
    assert_eq!(portal.holder("t").await, "@ann");
}
