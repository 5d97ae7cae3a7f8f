//! Groups by hand (S1): creating, renaming, moving, dissolving.

use domain::groups::MAX_DEPTH;
use license_portal::store::Engine;
use serde_json::json;

use crate::support::{client::Answer, portal::TestPortal};

on_both_engines!(
    groups_are_created_and_renamed,
    the_tree_has_a_greatest_depth,
    groups_are_moved_within_their_admins_reach,
    a_branch_that_is_left_out_tells_nothing_of_above,
    a_moved_branch_is_seen_by_its_new_admins,
    a_group_with_contents_needs_an_heir,
    what_a_dissolved_group_held_goes_to_the_heir,
    tickets_remember_the_dissolved_group,
);

pub const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      #c1
      North/
        @nina* @ned
        #n1 #n2!
        @ned #ned-1
        Harbour/
          @hana* @hugo
          #h1
      South/
        @sam*+ @sue+
        #s1
      Empty/
        @eve
    Rival/
      @rita*
      #r1
";

/// The reason of a refusal, or `done`.
fn outcome(answer: &Answer) -> String {
    if answer.status == 200 {
        return "done".to_owned();
    }
    match &answer.json()["Refused"] {
        serde_json::Value::String(reason) => reason.clone(),
        reason => reason["Denied"]
            .as_str()
            .map_or_else(|| reason.to_string(), str::to_owned),
    }
}

/// Calls of server functions, `FUNCTION FIELD=NAME, …`: who makes them, and what comes of it.
pub async fn calls(portal: &TestPortal, calls: &[(&str, &str, &str)]) {
    for (who, call, expected) in calls {
        let (function, fields) = call.split_once(' ').unwrap();
        let fields = fields.split(", ").map(|field| field.split_once('=').unwrap());
        let form: Vec<(&str, String)> = fields
            .map(|(field, value)| match field {
                "group" | "parent" | "heir" => (field, portal.group(value).to_string()),
                "user" => (field, portal.person(value).to_string()),
                _ => (field, value.to_owned()),
            })
            .collect();
        let form: Vec<(&str, &str)> = form
            .iter()
            .map(|(field, value)| (*field, value.as_str()))
            .collect();
        let before = portal.state().await;
        let outcome = outcome(&portal.client(who).await.post(function, &form).await);
        assert_eq!(outcome, *expected, "{who}: {call}");
        assert!(
            outcome == "done" || portal.state().await == before,
            "{call} was refused and changed something"
        );
        portal.learn().await;
        check_paths(portal).await;
    }
}

/// Every group's path is its parent's path and its own segment.
async fn check_paths(portal: &TestPortal) {
    let wrong = portal
        .number(
            "SELECT COUNT(*) FROM groups g LEFT JOIN groups p ON p.id = g.parent_id
             WHERE g.path <> COALESCE(p.path, '') || SUBSTR(g.path, LENGTH(g.path) - 12)
                 OR (g.parent_id IS NOT NULL AND p.id IS NULL)",
        )
        .await;
    assert_eq!(wrong, 0, "paths and parents contradict each other");
}

async fn groups_are_created_and_renamed(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    calls(
        &portal,
        &[
            ("nina", "create_group parent=North, name=  Depot ", "done"),
            ("nina", "create_group parent=Depot, name=Ramp", "done"),
            ("ned", "create_group parent=North, name=Mine", "AdminsOnly"),
            ("nina", "create_group parent=Company, name=Mine", "Hidden"),
            ("boss", "create_group name=Another company", "IsvOnly"),
            ("isv", "create_group name=Another company", "done"),
            ("boss", "rename_group group=Ramp, name=Gate", "done"),
            ("ned", "rename_group group=North, name=Mine", "AdminsOnly"),
            ("rita", "rename_group group=North, name=Mine", "Hidden"),
        ],
    )
    .await;
    let gate = portal.group("Gate").to_string();
    let detail = portal
        .client("nina")
        .await
        .post("group", &[("group", &gate)])
        .await
        .ok();
    assert_eq!(
        detail["path"],
        json!(["North", "Depot", "Gate"]),
        "a path begins at the reader's own level"
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM events").await, 4);
}

async fn the_tree_has_a_greatest_depth(engine: Engine) {
    let indent = |level: usize| " ".repeat(level);
    let deep: String = (1..MAX_DEPTH)
        .map(|level| format!("{}G{level}/\n", indent(level)))
        .collect();
    let portal = TestPortal::start(engine, &format!("@isv^\n{deep} Other/\n  Pair/\n   Leaf/\n")).await;
    let last = format!("G{}", MAX_DEPTH - 1);
    calls(
        &portal,
        &[
            ("isv", &format!("move_group group=Pair, parent={last}"), "TooDeep"),
            ("isv", &format!("move_group group=Leaf, parent={last}"), "done"),
            ("isv", "create_group parent=Leaf, name=Deeper", "TooDeep"),
            ("isv", "move_group group=G1, parent=Other", "TooDeep"),
            // Dissolving a group must not push its branches beyond the limit either.
            ("isv", "delete_group group=Other, heir=Leaf", "TooDeep"),
        ],
    )
    .await;
}

async fn groups_are_moved_within_their_admins_reach(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    calls(
        &portal,
        &[
            ("boss", "move_group group=North, parent=Harbour", "InsideItself"),
            ("boss", "move_group group=North, parent=North", "InsideItself"),
            ("boss", "move_group group=Harbour, parent=North", "AlreadyThere"),
            ("boss", "move_group group=Harbour", "IsvOnly"),
            ("boss", "move_group group=Harbour, parent=Rival", "Hidden"),
            // Her own group is not hers to take from those above her, who must not be named either.
            ("hana", "move_group group=Harbour", "AdminsOnly"),
            ("hana", "move_group group=Harbour, parent=South", "Hidden"),
            ("ned", "move_group group=Harbour, parent=South", "Hidden"),
            ("boss", "move_group group=Harbour, parent=South", "done"),
            ("isv", "move_group group=Harbour", "done"),
            ("isv", "move_group group=Company, parent=Harbour", "done"),
            ("isv", "move_group group=Harbour, parent=North", "InsideItself"),
        ],
    )
    .await;
}

async fn a_branch_that_is_left_out_tells_nothing_of_above(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let hana = portal.client("hana").await;
    let administered = async |not_within: &str| {
        let form = [("search", ""), ("not_within", not_within)];
        hana.post("administered", &form).await.ok()
    };
    let own = portal.group("Harbour").to_string();
    let absent = administered("4611686018427387903").await;
    assert_eq!(absent[0]["id"], json!(portal.group("Harbour")));
    for above in ["North", "Company", "Rival"] {
        assert_eq!(
            administered(&portal.group(above).to_string()).await,
            absent,
            "{above}"
        );
    }
    assert_eq!(administered(&own).await, json!([]));
}

async fn a_moved_branch_is_seen_by_its_new_admins(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(
        portal.client("nina").await.list("all").await,
        ["h1", "n1", "n2", "ned-1"]
    );
    calls(
        &portal,
        &[("boss", "move_group group=Harbour, parent=South", "done")],
    )
    .await;
    assert_eq!(
        portal.client("nina").await.list("all").await,
        ["n1", "n2", "ned-1"]
    );
    assert_eq!(portal.client("sam").await.list("all").await, ["h1", "s1"]);
    assert_eq!(portal.client("hana").await.list("all").await, ["h1"]);
    calls(
        &portal,
        &[("boss", "move_group group=North, parent=South", "done")],
    )
    .await;
    assert_eq!(
        portal.client("sam").await.list("all").await,
        ["h1", "n1", "n2", "ned-1", "s1"]
    );
}

async fn a_group_with_contents_needs_an_heir(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    for full in ["North", "Harbour", "South"] {
        calls(
            &portal,
            &[("boss", &format!("delete_group group={full}"), "NotEmpty")],
        )
        .await;
    }
    calls(&portal, &[("boss", "delete_group group=Empty", "done")]).await;
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM users WHERE login = 'eve'")
            .await,
        1
    );
    calls(
        &portal,
        &[
            ("boss", "delete_group group=North, heir=Harbour", "InsideItself"),
            ("boss", "delete_group group=North, heir=Rival", "Hidden"),
            ("nina", "delete_group group=North, heir=Harbour", "AdminsOnly"),
            ("nina", "delete_group group=South", "Hidden"),
            ("boss", "delete_group group=Company", "IsvOnly"),
            ("nina", "delete_group group=Harbour, heir=North", "done"),
        ],
    )
    .await;
}

async fn what_a_dissolved_group_held_goes_to_the_heir(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    // Sue is in both, and keeps what she may do in the heir.
    calls(
        &portal,
        &[(
            "boss",
            "set_member group=North, user=sue, permissions[admin]=true",
            "done",
        )],
    )
    .await;
    let delete = "delete_group group=North, heir=South, people_follow=true";
    calls(&portal, &[("boss", delete, "done")]).await;
    assert_eq!(portal.holder("n1").await, "South");
    assert_eq!(portal.holder("n2").await, "South!");
    assert_eq!(portal.holder("ned-1").await, "@ned/South");
    let members =
        "SELECT u.login || ' ' || COALESCE((SELECT string_agg(p.permission, ' ' ORDER BY p.permission)
             FROM membership_permissions p WHERE p.user_id = m.user_id AND p.group_id = m.group_id), '-')
         FROM memberships m JOIN users u ON u.id = m.user_id
         JOIN groups g ON g.id = m.group_id WHERE g.name = 'South' ORDER BY u.login";
    // Nina was an admin of North; in South she is a plain member.
    assert_eq!(
        portal.texts(members).await,
        ["ned -", "nina -", "sam admin create_ticket", "sue create_ticket"]
    );
    let path = portal
        .client("isv")
        .await
        .post("group", &[("group", &portal.group("Harbour").to_string())])
        .await
        .ok();
    assert_eq!(path["path"], json!(["Company", "South", "Harbour"]));
    // Without their people, personal tickets stay with them, in the heir's context.
    calls(
        &portal,
        &[("boss", "delete_group group=South, heir=Company", "done")],
    )
    .await;
    assert_eq!(portal.holder("ned-1").await, "@ned/Company");
    assert_eq!(portal.client("ned").await.list("all").await, ["ned-1"]);
    assert_eq!(
        portal
            .number(
                "SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.login = 'ned'"
            )
            .await,
        0
    );
}

async fn tickets_remember_the_dissolved_group(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    calls(
        &portal,
        &[("boss", "delete_group group=North, heir=South", "done")],
    )
    .await;
    let boss = portal.client("boss").await;
    for (ticket, to) in [
        ("n1", json!({ "Group": ["Company", "South"] })),
        ("n2", json!({ "Group": ["Company", "South"] })),
        ("ned-1", json!("Elsewhere")),
    ] {
        let history = boss
            .post("history", &[("ticket", &portal.ticket(ticket).to_string())])
            .await
            .ok();
        assert_eq!(history.as_array().unwrap().len(), 1, "{ticket}: {history}");
        let event = &history[0];
        assert_eq!(
            (&event["kind"], &event["actor"]),
            (&json!("GroupDeleted"), &json!("boss"))
        );
        assert_eq!(
            (&event["from"], &event["to"]),
            (&json!("Elsewhere"), &to),
            "{ticket}"
        );
    }
    let h1 = boss
        .post("history", &[("ticket", &portal.ticket("h1").to_string())])
        .await
        .ok();
    assert_eq!(h1, json!([]), "a ticket of a group below changed no hands");
}
