//! The second factor of a login: adding it, being asked for it, losing it (ASVS 5.0, 6.3.3, 6.5).

use domain::accounts::second_factors::{PENDING_LIFE, RECOVERY_CODES};
use license_portal::store::{Engine, encryption::SECOND_FACTORS};
use serde_json::{Value, json};
use tokio::task::JoinSet;

use crate::support::{
    client::{Answer, Client},
    moments::ms,
    portal::{SECRET, TestPortal},
};

on_both_engines!(
    a_second_factor_is_added_by_its_first_code,
    asvs_6_3_3_a_login_is_asked_for_the_code,
    asvs_6_5_1_a_code_works_once,
    a_refused_login_uses_up_no_code,
    asvs_6_5_2_recovery_codes_work_once_and_stand_nowhere,
    codes_are_limited,
    it_is_removed_by_its_person_or_by_who_looks_after_them,
    isv_admins_demand_it_of_admins,
);

const PASSWORD: &str = "correct horse battery";

async fn portal(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(
        engine,
        "@isv^\nCompany/\n @boss*\n North/\n  @nina*\n  @ann\n South/\n  @sam\n",
    )
    .await;
    portal.set_passwords(PASSWORD).await;
    portal
}

/// The second factor that somebody has begun gets the secret whose codes the tests know.
async fn with_known_secret(portal: &TestPortal, login: &str) {
    let user = portal.person(login);
    let secret = portal.encrypt(&SECOND_FACTORS, user, SECRET).await;
    portal
        .run(&format!(
            "UPDATE second_factors SET secret = '{secret}' WHERE user_id = {user}"
        ))
        .await;
}

/// The first step of a login, and the browser afterwards.
async fn first_step(portal: &TestPortal, login: &str) -> (Answer, Client) {
    let nobody = portal.nobody();
    let answer = nobody
        .post(
            "log_in",
            &[("login", login), ("password", PASSWORD), ("next", "/add")],
        )
        .await;
    let browser = nobody.with_cookie(&answer);
    (answer, browser)
}

async fn second_step(browser: &Client, code: &str, end_other: bool) -> (Answer, Client) {
    let end_other = end_other.to_string();
    let form = [("code", code), ("next", "/add"), ("end_other", &end_other)];
    let answer = browser.post("log_in_with_code", &form).await;
    let browser = browser.with_cookie(&answer);
    (answer, browser)
}

async fn a_second_factor_is_added_by_its_first_code(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    let state = async || ann.post("own_second_factor", &[]).await.ok();
    assert_eq!(state().await, json!("Off"));
    let begin = async |present: &str| ann.post("begin_second_factor", &[("present", present)]).await;
    assert_eq!(
        begin("wrong").await.refused(),
        r#"403 {"Refused":"WrongPassword"}"#
    );
    begin(PASSWORD).await.ok();
    let begun = state().await;
    let secret = begun["Begun"]["secret"].as_str().unwrap().to_owned();
    assert_eq!(secret.len(), 32, "160 bits in base32");
    assert!(
        begun["Begun"]["picture"]["path"]
            .as_str()
            .unwrap()
            .starts_with("M0 0h7v1h-7z")
    );
    // Until the first code, logins go on as before.
    ann.post("log_out", &[]).await.ok();
    let (answer, _) = first_step(&portal, "ann").await;
    assert_eq!(answer.header("location"), "/add");
    let ann = portal.nobody().with_cookie(&answer);
    let confirm = async |code: &str| ann.post("confirm_second_factor", &[("code", code)]).await;
    for wrong in ["", "000000", "12345", "abcdef", &secret] {
        assert_eq!(confirm(wrong).await.refused(), r#"403 {"Refused":"WrongCode"}"#);
    }
    with_known_secret(&portal, "ann").await;
    let codes = confirm(&portal.code_in(0)).await.ok();
    assert_eq!(codes.as_array().unwrap().len(), RECOVERY_CODES);
    let on = ann.post("own_second_factor", &[]).await.ok();
    assert_eq!(on["On"]["recovery_codes"], RECOVERY_CODES);
    // Begun once more, it stays as it is.
    ann.post("begin_second_factor", &[("present", PASSWORD)])
        .await
        .ok();
    assert_eq!(ann.post("own_second_factor", &[]).await.ok(), on);
    // One that nobody confirmed in time is none.
    let sam = portal.client("sam").await;
    sam.post("begin_second_factor", &[("present", PASSWORD)])
        .await
        .ok();
    portal.pass(ms(11 * 60_000));
    assert_eq!(sam.post("own_second_factor", &[]).await.ok(), json!("Off"));
}

async fn asvs_6_3_3_a_login_is_asked_for_the_code(engine: Engine) {
    let portal = portal(engine).await;
    portal.second_factor("ann").await;
    let (answer, browser) = first_step(&portal, "ann").await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.header("location"), "/login/code?next=%2Fadd");
    assert!(answer.header("set-cookie").starts_with("portal-code="));
    assert!(answer.header("set-cookie").contains("HttpOnly; SameSite=Lax"));
    assert_eq!(
        browser.post("branches", &[]).await.status,
        401,
        "half a login is none"
    );
    let (answer, _) = second_step(&browser, "000000", false).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"WrongCode"}"#);
    let (answer, ann) = second_step(&browser, &portal.code_in(0), false).await;
    answer.ok();
    assert_eq!(answer.header("location"), "/add");
    ann.post("branches", &[]).await.ok();
    // The first step is used up, and without one there is no second.
    let (answer, _) = second_step(&browser, &portal.code_in(1), false).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"LoginExpired"}"#);
    let (answer, _) = second_step(&portal.nobody(), &portal.code_in(1), false).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"LoginExpired"}"#);
    // It ends by itself, too.
    ann.post("log_out", &[]).await.ok();
    let (_, browser) = first_step(&portal, "ann").await;
    portal.pass(PENDING_LIFE);
    let (answer, _) = second_step(&browser, &portal.code_in(0), false).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"LoginExpired"}"#);
    // A wrong password is told as ever, and of who is switched off no code is asked.
    let nobody = portal.nobody();
    let form = [("login", "ann"), ("password", "wrong")];
    assert_eq!(nobody.post("log_in", &form).await.status, 401);
    portal
        .run("UPDATE users SET active = 0 WHERE login = 'ann'")
        .await;
    let (answer, _) = first_step(&portal, "ann").await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"Inactive"}"#);
}

async fn asvs_6_5_1_a_code_works_once(engine: Engine) {
    let portal = portal(engine).await;
    portal.second_factor("ann").await;
    let mut browsers = Vec::new();
    for _ in 0..6 {
        browsers.push(first_step(&portal, "ann").await.1);
    }
    let code = portal.code_in(0);
    let mut race = JoinSet::new();
    for browser in browsers {
        let code = code.clone();
        race.spawn(async move { second_step(&browser, &code, true).await.0.status });
    }
    let mut answers = race.join_all().await;
    answers.sort_unstable();
    assert_eq!(answers[0], 200);
    assert!(answers[1..].iter().all(|status| *status == 403), "{answers:?}");
    portal
        .run("UPDATE sessions SET ended_at = 1, end_reason = 'logged_out'")
        .await;
    let (_, browser) = first_step(&portal, "ann").await;
    for used in [code, portal.code_in(-1)] {
        let (answer, _) = second_step(&browser, &used, false).await;
        assert_eq!(answer.refused(), r#"403 {"Refused":"WrongCode"}"#);
    }
    let (answer, _) = second_step(&browser, &portal.code_in(1), false).await;
    answer.ok();
}

async fn a_refused_login_uses_up_no_code(engine: Engine) {
    let portal = portal(engine).await;
    let other = portal.client("ann").await;
    other.post("beat", &[("tab", "1"), ("idle", "0")]).await.ok();
    portal.second_factor("ann").await;
    // Of the other login nothing is told before the code is right.
    let (_, browser) = first_step(&portal, "ann").await;
    let (answer, _) = second_step(&browser, "000000", true).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"WrongCode"}"#);
    let code = portal.code_in(0);
    let (answer, _) = second_step(&browser, &code, true).await;
    assert_eq!(answer.status, 409, "{}", answer.text());
    other.post("log_out", &[]).await.ok();
    let (answer, _) = second_step(&browser, &code, false).await;
    answer.ok();
}

async fn asvs_6_5_2_recovery_codes_work_once_and_stand_nowhere(engine: Engine) {
    let portal = portal(engine).await;
    let ann = portal.client("ann").await;
    portal.second_factor("ann").await;
    let renew = async || {
        let codes = ann
            .post("renew_recovery_codes", &[("present", PASSWORD)])
            .await
            .ok();
        let codes = codes.as_array().unwrap().clone();
        codes
            .into_iter()
            .map(|code| code.as_str().unwrap().to_owned())
            .collect::<Vec<_>>()
    };
    let old = renew().await;
    let codes = renew().await;
    for code in &codes {
        let letters: String = code.chars().filter(char::is_ascii_alphanumeric).collect();
        assert_eq!(letters.len(), 24, "118 bits: enough for a plain hash");
        let like = format!("SELECT COUNT(*) FROM recovery_codes WHERE code_hash LIKE '%{letters}%'");
        assert_eq!(portal.number(&like).await, 0);
    }
    ann.post("log_out", &[]).await.ok();
    let (_, browser) = first_step(&portal, "ann").await;
    let (answer, _) = second_step(&browser, &old[0], false).await;
    assert_eq!(
        answer.refused(),
        r#"403 {"Refused":"WrongCode"}"#,
        "of the old ones, none works"
    );
    let (answer, ann) = second_step(&browser, &codes[3].to_uppercase().replace('-', " "), false).await;
    answer.ok();
    let left = ann.post("own_second_factor", &[]).await.ok();
    assert_eq!(left["On"]["recovery_codes"], RECOVERY_CODES - 1);
    ann.post("log_out", &[]).await.ok();
    let (_, browser) = first_step(&portal, "ann").await;
    let (answer, _) = second_step(&browser, &codes[3], false).await;
    assert_eq!(answer.refused(), r#"403 {"Refused":"WrongCode"}"#);
}

async fn codes_are_limited(engine: Engine) {
    let portal = portal(engine).await;
    portal.second_factor("ann").await;
    let (_, browser) = first_step(&portal, "ann").await;
    for _ in 0..20 {
        assert_eq!(second_step(&browser, "000000", false).await.0.status, 403);
    }
    let (answer, _) = second_step(&browser, &portal.code_in(0), false).await;
    assert_eq!(answer.status, 429, "the right one, too");
}

async fn it_is_removed_by_its_person_or_by_who_looks_after_them(engine: Engine) {
    let portal = portal(engine).await;
    for login in ["ann", "nina", "sam"] {
        portal.client(login).await;
        portal.second_factor(login).await;
    }
    let left = async || {
        portal
            .texts("SELECT u.login FROM second_factors f JOIN users u ON u.id = f.user_id ORDER BY 1")
            .await
    };
    let ann = portal.client("ann").await;
    let remove = async |present: &str| ann.post("remove_second_factor", &[("present", present)]).await;
    assert_eq!(remove("wrong").await.status, 403);
    remove(PASSWORD).await.ok();
    assert_eq!(left().await, ["nina", "sam"]);
    let reset = async |by: &str, login: &str| {
        let user = portal.person(login).to_string();
        let by = portal.client(by).await;
        by.post("reset_second_factor", &[("user", &user)]).await.status
    };
    assert_eq!(reset("nina", "sam").await, 404, "not of her branch");
    assert_eq!(
        reset("nina", "nina").await,
        403,
        "her own she removes with her password"
    );
    assert_eq!(reset("boss", "sam").await, 200);
    assert_eq!(left().await, ["nina"]);
    let detail = portal.client("boss").await;
    let user = portal.person("nina").to_string();
    let detail = detail.post("user", &[("user", &user)]).await.ok();
    assert_eq!(detail["second_factor"], true);
    let kinds = portal
        .texts("SELECT kind FROM events WHERE kind = 'second_factor_removed'")
        .await;
    assert_eq!(kinds.len(), 2);
}

async fn isv_admins_demand_it_of_admins(engine: Engine) {
    let portal = portal(engine).await;
    let (isv, nina, ann) = (
        portal.client("isv").await,
        portal.client("nina").await,
        portal.client("ann").await,
    );
    let demand = async |on: &str| isv.post("demand_second_factor", &[("on", on)]).await;
    demand("true").await.ok();
    // At once, for running logins too; of plain members nothing is demanded.
    let demanded = r#"403 {"Refused":"SecondFactorDemanded"}"#;
    for admin in [&isv, &nina] {
        assert_eq!(admin.post("branches", &[]).await.refused(), demanded);
        assert_eq!(admin.get("/users").await.header("location"), "/me/second-factor");
        assert_eq!(admin.get("/me/second-factor").await.status, 200);
    }
    ann.post("branches", &[]).await.ok();
    nina.post("begin_second_factor", &[("present", PASSWORD)])
        .await
        .ok();
    with_known_secret(&portal, "nina").await;
    let form = [("code", portal.code_in(0))];
    let form = [(form[0].0, form[0].1.as_str())];
    nina.post("confirm_second_factor", &form).await.ok();
    nina.post("branches", &[]).await.ok();
    // Removed, it is owed again.
    nina.post("remove_second_factor", &[("present", PASSWORD)])
        .await
        .ok();
    assert_eq!(nina.post("branches", &[]).await.refused(), demanded);
    portal.second_factor("isv").await;
    let overview: Value = isv.post("instance", &[]).await.ok();
    assert_eq!(overview["second_factor_demanded"], true);
    demand("false").await.ok();
    nina.post("branches", &[]).await.ok();
}
