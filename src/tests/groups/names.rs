//! Names as people type them: of all scripts, and such as cannot be used.

use domain::names::MAX_NAME;
use license_portal::store::Engine;
use serde_json::json;

use crate::support::{client::encoded, portal::TestPortal};

on_both_engines!(names_that_cannot_be_used, names_of_all_scripts);

const COMPANY: &str = "Company/\n  North/\n    @nina*\n";

async fn names_that_cannot_be_used(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let (nina, before) = (portal.client("nina").await, portal.state().await);
    let north = portal.group("North");
    let cases = [
        (String::new(), "Empty"),
        (" \t ".to_owned(), "Empty"),
        ("x".repeat(10_000), "TooLong"),
        ("🧪".repeat(MAX_NAME + 1), "TooLong"),
        ("a\0b".to_owned(), "Control"),
        ("a\nb".to_owned(), "Control"),
        ("a\u{202E}b".to_owned(), "Control"),
        ("a\u{7f}b".to_owned(), "Control"),
        ("a\u{2066}b".to_owned(), "Control"),
    ];
    for (name, reason) in cases {
        let expected = format!(r#"422 {{"Refused":{{"InvalidName":"{reason}"}}}}"#);
        let name = encoded(&name);
        let renamed = nina
            .post_form("rename_group", &format!("group={north}&name={name}"))
            .await;
        assert_eq!(renamed.refused(), expected);
        let created = nina
            .post_form("create_group", &format!("parent={north}&name={name}"))
            .await;
        assert_eq!(created.refused(), expected);
    }
    assert_eq!(portal.state().await, before);
}

async fn names_of_all_scripts(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let north = portal.group("North").to_string();
    let longest = "🧪".repeat(MAX_NAME);
    let names = [
        "قسم الهندسة",
        "👩‍🔬 Labor",
        "研究所",
        "'; DROP TABLE groups; --",
        "</title><script>alert(1)</script>",
        "a%b_c\\",
        &longest,
    ];
    for name in names {
        nina.post("rename_group", &[("group", &north), ("name", name)])
            .await
            .ok();
        assert_eq!(
            nina.post("group", &[("group", &north)]).await.ok()["path"],
            json!([name])
        );
        // Found by its own letters, and written into the page as text.
        let part: String = name.chars().skip(1).take(5).collect();
        let found = nina.post("administered", &[("search", &part)]).await.ok();
        assert_eq!(found[0]["label"], json!(name), "{found}");
        let page = nina.get(&format!("/groups/{north}")).await;
        let foreign = page.text().contains("<script>alert");
        assert_eq!((page.status, foreign), (200, false), "{name}");
    }
}
