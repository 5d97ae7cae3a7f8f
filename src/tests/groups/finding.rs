//! Finding groups and people in the tree by words of their names.

use std::fmt::Write;

use license_portal::store::Engine;
use serde_json::Value;

use crate::support::{client::Client, portal::TestPortal};

on_both_engines!(
    words_are_parts_of_names_in_any_order,
    nothing_above_the_reader_is_told,
    of_many_the_first_are_shown_and_that_there_are_more,
    a_large_branch_is_searched_like_a_small_one,
);

const COMPANY: &str = "
    @isv^
    @lone
    Company/
      @boss*
      Nord Süd 50% [alpha]/
        @nina* @paul
        #n1 #n2
        Release_Team/
          @ned
          #r1
      Süd Release/
        @nina
        #s1
";

/// The hits: the names along the lineage, and a person's own at the end.
async fn found(by: &Client, search: &str) -> Vec<String> {
    let answer = by.post("find_in_tree", &[("search", search)]).await.ok();
    let hit = |hit: &Value| {
        let mut names: Vec<String> = serde_json::from_value(hit["path"].clone()).unwrap();
        if hit["login"].is_string() {
            names.push(format!("@{}", hit["row"]["name"].as_str().unwrap()));
        }
        names.join("/")
    };
    answer["hits"].as_array().unwrap().iter().map(hit).collect()
}

fn sorted(mut hits: Vec<String>) -> Vec<String> {
    hits.sort();
    hits
}

async fn words_are_parts_of_names_in_any_order(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let boss = portal.client("boss").await;
    let nord = "Company/Nord Süd 50% [alpha]";
    for (search, expected) in [
        (
            "release",
            vec!["Company/Nord Süd 50% [alpha]/Release_Team", "Company/Süd Release"],
        ),
        ("  LEASE  süd ", vec!["Company/Süd Release"]),
        ("süd nord", vec![nord]),
        ("%", vec![nord]),
        ("[alpha]", vec![nord]),
        ("a*a", vec![]),
        ("?", vec![]),
        ("_", vec!["Company/Nord Süd 50% [alpha]/Release_Team"]),
        ("release nord", vec![]),
        ("PAUL", vec!["Company/Nord Süd 50% [alpha]/@paul"]),
        (
            "nin",
            vec!["Company/Nord Süd 50% [alpha]/@nina", "Company/Süd Release/@nina"],
        ),
        ("\u{0}", vec![]),
        ("", vec![]),
        (" \t ", vec![]),
    ] {
        assert_eq!(sorted(found(&boss, search).await), expected, "{search:?}");
    }
    let answer = boss.post("find_in_tree", &[("search", "süd nord")]).await.ok();
    assert_eq!(answer["hits"][0]["row"]["tickets"], 3, "with those below");
    assert_eq!(answer["hits"][0]["row"]["children"], 3);
    assert_eq!(answer["more"], false);
}

async fn nothing_above_the_reader_is_told(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    // An admin of the one, a plain member of the other; nothing stands above either.
    assert_eq!(found(&nina, "süd").await, ["Nord Süd 50% [alpha]", "Süd Release"]);
    assert_eq!(
        sorted(found(&nina, "n").await),
        [
            "Nord Süd 50% [alpha]",
            "Nord Süd 50% [alpha]/@nina",
            "Nord Süd 50% [alpha]/Release_Team/@ned",
            "Süd Release/@nina",
        ]
    );
    for hidden in ["company", "boss", "isv", "lone"] {
        assert_eq!(found(&nina, hidden).await, Vec::<String>::new(), "{hidden}");
    }
    let answer = nina.post("find_in_tree", &[("search", "süd release")]).await.ok();
    assert_eq!(answer["hits"][0]["row"]["tickets"], 1, "what a member sees");
    assert_eq!(answer["hits"][0]["row"]["children"], 1, "oneself");

    let ned = portal.client("ned").await;
    assert_eq!(found(&ned, "e").await, ["Release_Team/@ned", "Release_Team"]);
    let isv = portal.client("isv").await;
    assert_eq!(found(&isv, "lone").await, ["@lone"], "in no group");
    assert_eq!(portal.nobody().post("find_in_tree", &[]).await.status, 401);
}

async fn of_many_the_first_are_shown_and_that_there_are_more(engine: Engine) {
    let mut company = "Company/\n  @boss*\n".to_owned();
    for at in 0..60 {
        writeln!(company, "  Team {at:02}/").unwrap();
    }
    let portal = TestPortal::start(engine, &company).await;
    let boss = portal.client("boss").await;
    let first: Vec<String> = (0..50).map(|at| format!("Company/Team {at:02}")).collect();
    assert_eq!(found(&boss, "team").await, first);
    let more = |answer: Value| answer["more"].clone();
    assert_eq!(
        more(boss.post("find_in_tree", &[("search", "team")]).await.ok()),
        true
    );
    // 5 to 59, and no more than fifty of them.
    assert_eq!(found(&boss, "team 5").await.len(), 15);
    assert_eq!(
        more(boss.post("find_in_tree", &[("search", "team 5")]).await.ok()),
        false
    );
}

async fn a_large_branch_is_searched_like_a_small_one(engine: Engine) {
    let mut company = "Top/\n  @boss*\n  Large/\n    @ada*\n".to_owned();
    for at in 0..2_000 {
        writeln!(company, "    Unit {at:04}/").unwrap();
    }
    company.push_str("      @zoe\n  Other Unit 0042/\n    @ada @zoe\n    Deep Unit 0042/\n      @ned\n");
    let portal = TestPortal::start(engine, &company).await;
    let ada = portal.client("ada").await;
    assert_eq!(
        found(&ada, "unit 0042").await,
        ["Other Unit 0042", "Large/Unit 0042"]
    );
    assert_eq!(found(&ada, "zoe").await, ["Large/Unit 1999/@zoe"]);
    assert_eq!(
        sorted(found(&ada, "ada").await),
        ["Large/@ada", "Other Unit 0042/@ada"]
    );
    for hidden in ["top", "boss", "deep", "ned"] {
        assert_eq!(found(&ada, hidden).await, Vec::<String>::new(), "{hidden}");
    }
}
