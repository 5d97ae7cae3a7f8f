//! Groups by hand (S1): creating, renaming, moving, dissolving, and their members.

use license_portal::{domain::groups::MAX_DEPTH, store::Engine};
use serde_json::json;

use crate::{client::Answer, portal::TestPortal};

on_both_engines!(
    groups_are_created_and_renamed,
    the_tree_has_a_greatest_depth,
    groups_are_moved_within_their_admins_reach,
    a_moved_branch_is_seen_by_its_new_admins,
    a_group_with_contents_needs_an_heir,
    what_a_dissolved_group_held_goes_to_the_heir,
    tickets_remember_the_dissolved_group,
    nobody_grants_beyond_their_own,
    members_leave_and_join,
);

const COMPANY: &str = "
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
        reason => reason["Denied"].as_str().map_or_else(|| reason.to_string(), str::to_owned),
    }
}

/// Calls a server function with names in the place of ids.
async fn call(portal: &TestPortal, who: &str, function: &str, form: &[(&str, &str)]) -> String {
    let ids: Vec<(&str, String)> = form
        .iter()
        .map(|(field, value)| match *field {
            "group" | "parent" | "heir" => (*field, portal.group(value).to_string()),
            "user" => (*field, portal.person(value).to_string()),
            _ => (*field, (*value).to_owned()),
        })
        .collect();
    let form: Vec<(&str, &str)> = ids.iter().map(|(field, value)| (*field, value.as_str())).collect();
    let before = portal.state().await;
    let outcome = outcome(&portal.client(who).await.post(function, &form).await);
    assert!(outcome == "done" || portal.state().await == before, "{function} was refused and changed something");
    portal.learn().await;
    check_paths(portal).await;
    outcome
}

/// Every group's path is its parent's path and its own segment.
async fn check_paths(portal: &TestPortal) {
    let wrong = portal
        .number(
            "SELECT COUNT(*) FROM groups g LEFT JOIN groups p ON p.id = g.parent_id
             WHERE g.path <> COALESCE(p.path, '') || SUBSTR(g.path, LENGTH(g.path) - 12) OR (g.parent_id IS NOT NULL AND p.id IS NULL)",
        )
        .await;
    assert_eq!(wrong, 0, "paths and parents contradict each other");
}

async fn groups_are_created_and_renamed(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(call(&portal, "nina", "create_group", &[("parent", "North"), ("name", "  Depot ")]).await, "done");
    assert_eq!(call(&portal, "nina", "create_group", &[("parent", "Depot"), ("name", "Ramp")]).await, "done");
    assert_eq!(call(&portal, "ned", "create_group", &[("parent", "North"), ("name", "Mine")]).await, "AdminsOnly");
    assert_eq!(call(&portal, "nina", "create_group", &[("parent", "Company"), ("name", "Mine")]).await, "Hidden");
    assert_eq!(call(&portal, "boss", "create_group", &[("name", "Another company")]).await, "IsvOnly");
    assert_eq!(call(&portal, "isv", "create_group", &[("name", "Another company")]).await, "done");
    assert_eq!(call(&portal, "boss", "rename_group", &[("group", "Ramp"), ("name", "Gate")]).await, "done");
    assert_eq!(call(&portal, "ned", "rename_group", &[("group", "North"), ("name", "Mine")]).await, "AdminsOnly");
    assert_eq!(call(&portal, "rita", "rename_group", &[("group", "North"), ("name", "Mine")]).await, "Hidden");
    let gate = portal.group("Gate").to_string();
    let detail = portal.client("nina").await.post("group", &[("group", &gate)]).await.ok();
    assert_eq!(detail["path"], json!(["North", "Depot", "Gate"]), "a path begins at the reader's own level");
    assert_eq!(portal.number("SELECT COUNT(*) FROM events").await, 4);
}

async fn the_tree_has_a_greatest_depth(engine: Engine) {
    let indent = |level: usize| " ".repeat(level);
    let deep: String = (1..MAX_DEPTH).map(|level| format!("{}G{level}/\n", indent(level))).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\n{deep} Other/\n  Pair/\n   Leaf/\n")).await;
    let last = format!("G{}", MAX_DEPTH - 1);
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "Pair"), ("parent", &last)]).await, "TooDeep");
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "Leaf"), ("parent", &last)]).await, "done");
    assert_eq!(call(&portal, "isv", "create_group", &[("parent", "Leaf"), ("name", "Deeper")]).await, "TooDeep");
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "G1"), ("parent", "Other")]).await, "TooDeep");
    // Dissolving a group must not push its branches beyond the limit either.
    assert_eq!(call(&portal, "isv", "delete_group", &[("group", "Other"), ("heir", "Leaf")]).await, "TooDeep");
}

async fn groups_are_moved_within_their_admins_reach(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "North"), ("parent", "Harbour")]).await, "InsideItself");
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "North"), ("parent", "North")]).await, "InsideItself");
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "Harbour"), ("parent", "North")]).await, "AlreadyThere");
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "Harbour")]).await, "IsvOnly");
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "Harbour"), ("parent", "Rival")]).await, "Hidden");
    // Her own group is not hers to take from those above her, who must not be named either.
    assert_eq!(call(&portal, "hana", "move_group", &[("group", "Harbour")]).await, "AdminsOnly");
    assert_eq!(call(&portal, "hana", "move_group", &[("group", "Harbour"), ("parent", "South")]).await, "Hidden");
    assert_eq!(call(&portal, "ned", "move_group", &[("group", "Harbour"), ("parent", "South")]).await, "Hidden");
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "Harbour"), ("parent", "South")]).await, "done");
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "Harbour")]).await, "done");
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "Company"), ("parent", "Harbour")]).await, "done");
    assert_eq!(call(&portal, "isv", "move_group", &[("group", "Harbour"), ("parent", "North")]).await, "InsideItself");
}

async fn a_moved_branch_is_seen_by_its_new_admins(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(portal.client("nina").await.list("all").await, ["h1", "n1", "n2", "ned-1"]);
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "Harbour"), ("parent", "South")]).await, "done");
    assert_eq!(portal.client("nina").await.list("all").await, ["n1", "n2", "ned-1"]);
    assert_eq!(portal.client("sam").await.list("all").await, ["h1", "s1"]);
    assert_eq!(portal.client("hana").await.list("all").await, ["h1"]);
    assert_eq!(call(&portal, "boss", "move_group", &[("group", "North"), ("parent", "South")]).await, "done");
    assert_eq!(portal.client("sam").await.list("all").await, ["h1", "n1", "n2", "ned-1", "s1"]);
}

async fn a_group_with_contents_needs_an_heir(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    for full in ["North", "Harbour", "South"] {
        assert_eq!(call(&portal, "boss", "delete_group", &[("group", full)]).await, "NotEmpty");
    }
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "Empty")]).await, "done");
    assert_eq!(portal.number("SELECT COUNT(*) FROM users WHERE login = 'eve'").await, 1);
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "North"), ("heir", "Harbour")]).await, "InsideItself");
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "North"), ("heir", "Rival")]).await, "Hidden");
    assert_eq!(call(&portal, "nina", "delete_group", &[("group", "North"), ("heir", "Harbour")]).await, "AdminsOnly");
    assert_eq!(call(&portal, "nina", "delete_group", &[("group", "South")]).await, "Hidden");
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "Company")]).await, "IsvOnly");
    assert_eq!(call(&portal, "nina", "delete_group", &[("group", "Harbour"), ("heir", "North")]).await, "done");
}

async fn what_a_dissolved_group_held_goes_to_the_heir(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    // Sue is in both, and keeps what she may do in the heir.
    assert_eq!(call(&portal, "boss", "set_member", &[("group", "North"), ("user", "sue"), ("admin", "true")]).await, "done");
    let delete = [("group", "North"), ("heir", "South"), ("people_follow", "true")];
    assert_eq!(call(&portal, "boss", "delete_group", &delete).await, "done");
    assert_eq!(portal.holder("n1").await, "South");
    assert_eq!(portal.holder("n2").await, "South!");
    assert_eq!(portal.holder("ned-1").await, "@ned/South");
    let members = "SELECT u.login || ' ' || m.admin || m.create_ticket FROM memberships m JOIN users u ON u.id = m.user_id
         JOIN groups g ON g.id = m.group_id WHERE g.name = 'South' ORDER BY u.login";
    // Nina was an admin of North; in South she is a plain member.
    assert_eq!(portal.texts(members).await, ["ned 00", "nina 00", "sam 11", "sue 01"]);
    let path = portal.client("isv").await.post("group", &[("group", &portal.group("Harbour").to_string())]).await.ok();
    assert_eq!(path["path"], json!(["Company", "South", "Harbour"]));
    // Without their people, personal tickets stay with them, in the heir's context.
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "South"), ("heir", "Company")]).await, "done");
    assert_eq!(portal.holder("ned-1").await, "@ned/Company");
    assert_eq!(portal.client("ned").await.list("all").await, ["ned-1"]);
    assert_eq!(portal.number("SELECT COUNT(*) FROM memberships m JOIN users u ON u.id = m.user_id WHERE u.login = 'ned'").await, 0);
}

async fn tickets_remember_the_dissolved_group(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(call(&portal, "boss", "delete_group", &[("group", "North"), ("heir", "South")]).await, "done");
    let boss = portal.client("boss").await;
    for (ticket, to) in [
        ("n1", json!({ "Group": ["Company", "South"] })),
        ("n2", json!({ "Group": ["Company", "South"] })),
        ("ned-1", json!("Elsewhere")),
    ] {
        let history = boss.post("history", &[("ticket", &portal.ticket(ticket).to_string())]).await.ok();
        assert_eq!(history.as_array().unwrap().len(), 1, "{ticket}: {history}");
        let event = &history[0];
        assert_eq!((&event["kind"], &event["actor"]), (&json!("GroupDeleted"), &json!("boss")));
        assert_eq!((&event["from"], &event["to"]), (&json!("Elsewhere"), &to), "{ticket}");
    }
    let h1 = boss.post("history", &[("ticket", &portal.ticket("h1").to_string())]).await.ok();
    assert_eq!(h1, json!([]), "a ticket of a group below changed no hands");
}

async fn nobody_grants_beyond_their_own(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let set = async |who: &str, group: &str, user: &str, rights: &[&str]| {
        let mut form = vec![("group", group), ("user", user)];
        form.extend(rights.iter().map(|right| (*right, "true")));
        call(&portal, who, "set_member", &form).await
    };
    assert_eq!(set("nina", "North", "ned", &["admin"]).await, "done");
    assert_eq!(set("nina", "North", "ned", &["admin"]).await, "AlreadyThere");
    assert_eq!(set("nina", "North", "ned", &["admin", "create_ticket"]).await, "BeyondOwn");
    assert_eq!(set("sam", "South", "sue", &["admin", "create_ticket"]).await, "done");
    // Nobody takes what they do not have.
    assert_eq!(set("boss", "South", "sam", &["admin"]).await, "BeyondOwn");
    assert_eq!(set("boss", "South", "sam", &["create_ticket"]).await, "done");
    assert_eq!(set("isv", "South", "sam", &[]).await, "done");
    assert_eq!(set("sam", "South", "sam", &["admin"]).await, "AdminsOnly");
    assert_eq!(set("hugo", "Harbour", "hugo", &["admin"]).await, "AdminsOnly");
    assert_eq!(set("hugo", "North", "hugo", &["admin"]).await, "Hidden");
    // People beyond one's reach cannot be drawn in; those of one's branch can.
    assert_eq!(set("nina", "North", "sue", &[]).await, "Hidden");
    assert_eq!(set("nina", "North", "rita", &[]).await, "Hidden");
    assert_eq!(set("nina", "North", "hugo", &[]).await, "done");
    assert_eq!(set("nina", "Company", "nina", &["admin"]).await, "Hidden");
    // What is granted above counts below.
    assert_eq!(set("isv", "Company", "boss", &["admin", "create_ticket"]).await, "done");
    assert_eq!(set("boss", "Harbour", "hugo", &["create_ticket"]).await, "done");
    assert_eq!(set("hana", "Harbour", "hugo", &[]).await, "BeyondOwn");
}

async fn members_leave_and_join(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let remove = async |who: &str, group: &str, user: &str| {
        call(&portal, who, "remove_member", &[("group", group), ("user", user)]).await
    };
    assert_eq!(remove("ned", "North", "ned").await, "AdminsOnly");
    assert_eq!(remove("nina", "North", "hugo").await, "Hidden", "hugo is not a member there");
    assert_eq!(remove("nina", "North", "rita").await, "Hidden");
    assert_eq!(remove("nina", "South", "sam").await, "Hidden");
    assert_eq!(remove("nina", "Harbour", "hana").await, "done");
    assert_eq!(remove("boss", "South", "sam").await, "BeyondOwn", "sam may create tickets, the boss may not");
    assert_eq!(remove("nina", "North", "nina").await, "done");
    // She has no group any more, and only an ISV admin reaches her.
    assert_eq!(portal.client("nina").await.list("all").await, [] as [&str; 0]);
    let set = [("group", "North"), ("user", "nina")];
    assert_eq!(call(&portal, "boss", "set_member", &set).await, "Hidden");
    assert_eq!(call(&portal, "isv", "set_member", &set).await, "done");
    assert_eq!(portal.client("nina").await.list("all").await, ["n1"]);
}
