//! Tickets that nobody uses are taken back (N18): asked for, kept, given, cancelled, used, carried out, refused on the day.

use domain::{
    licensing::take_backs::{ENDED_KEPT, MAX_ASKED},
    time::{DAY, days},
};
use license_portal::{ops, store::Engine};
use serde_json::{Value, json};

use crate::{
    licensing::machines::Machine,
    support::{
        client::{Answer, Client},
        portal::TestPortal,
    },
};

on_both_engines!(
    n18_it_is_asked_for_on_the_list_of_what_nobody_uses,
    n18_who_has_a_ticket_is_asked_and_may_keep_it,
    n18_who_asked_may_cancel_it,
    n18_what_is_used_stays,
    n18_it_moves_on_its_day_and_can_be_undone,
    n18_it_is_given_back_without_waiting,
    n18_who_may_no_longer_move_it_gets_nothing,
    n18_what_moved_meanwhile_is_not_taken_from_its_new_owner,
    n18_who_has_it_need_not_be_there,
    n18_a_group_is_asked_by_its_admins,
    n18_no_name_from_above_is_told,
    n18_two_at_once_ask_for_it_once,
    n18_several_are_asked_for_or_none,
    n18_what_ended_is_forgotten,
);

const COMPANY: &str = "
    @isv^
    @own #o
    #nobodys
    Company/
      @boss*
      Team/
        @ann*
        @bob #b #b2
        @eve
        #t
        Lab/
          @leo*
          #l
      Other/
        @cid* #c
";

/// The company, whose people can be mailed.
async fn company(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, COMPANY).await;
    portal
        .run("UPDATE users SET email = login || '@example.org'")
        .await;
    // Long ago: what moved after it was asked for has moved.
    portal.pass(DAY);
    portal
}

async fn ask(portal: &TestPortal, by: &Client, tickets: &[&str], fields: &[(&str, &str)]) -> Answer {
    let ids: Vec<(String, String)> = tickets
        .iter()
        .enumerate()
        .map(|(at, name)| (format!("new[tickets][{at}]"), portal.ticket(name).to_string()))
        .collect();
    let mut form: Vec<(&str, &str)> = ids
        .iter()
        .map(|(name, id)| (name.as_str(), id.as_str()))
        .collect();
    form.extend(fields);
    by.post("ask_take_back", &form).await
}

/// Asks for one ticket, and says which request that is.
async fn asked(portal: &TestPortal, by: &str, ticket: &str, fields: &[(&str, &str)]) -> String {
    let made = ask(portal, &portal.client(by).await, &[ticket], fields)
        .await
        .ok();
    // What is not sent yet when it ends is told no more.
    while portal.number("SELECT COUNT(*) FROM take_back_mails").await > 0 {
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    made[0].as_str().unwrap().to_owned()
}

async fn say(by: &Client, function: &str, id: &str) -> Answer {
    by.post(function, &[("take_back", id)]).await
}

/// What somebody is told of all that concerns them.
async fn told(portal: &TestPortal, who: &str) -> Vec<Value> {
    let page = portal.client(who).await.post("take_backs", &[]).await.ok();
    page["rows"].as_array().unwrap().clone()
}

async fn of_ticket(portal: &TestPortal, who: &str, ticket: &str) -> Answer {
    let ticket = portal.ticket(ticket).to_string();
    let client = portal.client(who).await;
    client.post("take_backs", &[("query[ticket]", &ticket)]).await
}

/// How all of them stand, in the order in which they were asked for.
async fn states(portal: &TestPortal) -> Vec<String> {
    portal
        .texts("SELECT state FROM take_backs ORDER BY asked_at, id")
        .await
}

async fn events(portal: &TestPortal) -> Vec<String> {
    portal
        .texts(
            "SELECT e.kind || ' ' || u.login FROM events e JOIN users u ON u.id = e.actor_id
             WHERE e.kind LIKE 'take_back%' OR e.kind LIKE 'ticket_moved%' ORDER BY e.id",
        )
        .await
}

/// A round of the job.
async fn round(portal: &TestPortal) -> u32 {
    ops::licensing::take_backs::carry_out(&portal.store)
        .await
        .unwrap()
}

/// The text of the only mail to somebody with that subject.
fn mail_to<'a>(mails: &'a [String], login: &str, subject: &str) -> &'a str {
    let found: Vec<&String> = mails
        .iter()
        .filter(|mail| mail.contains(&format!("To: {login}@example.org\r\n")))
        .filter(|mail| mail.contains(&format!("Subject: License Portal: {subject}\r\n")))
        .collect();
    assert_eq!(found.len(), 1, "{login}, {subject}: {mails:#?}");
    found[0]
}

async fn n18_it_is_asked_for_on_the_list_of_what_nobody_uses(engine: Engine) {
    let portal = company(engine).await;
    portal.pass(days(60));
    let ann = portal.client("ann").await;
    let page = ann.get("/unused").await.text();
    let box_of = |ticket: &str| format!("value=\"{}\" form=\"take-back\"", portal.ticket(ticket));
    assert!(
        page.contains(&box_of("b")) && page.contains(&box_of("b2")),
        "{page}"
    );
    // Who administers nothing is offered nothing.
    let bob = portal.client("bob").await.get("/unused").await.text();
    assert!(!bob.contains("take-back\""), "{bob}");
    // As a browser sends the form.
    let form = format!(
        "next=/take-backs&new[tickets][]={}&new[tickets][]={}&new[to]=&new[days]=14",
        portal.ticket("b"),
        portal.ticket("b2")
    );
    ann.post_form("ask_take_back", &form).await.ok();
    assert_eq!(states(&portal).await, ["asked", "asked"]);
    let page = ann.get("/unused").await.text();
    assert!(
        !page.contains(&box_of("b")) && page.contains("asked back for"),
        "{page}"
    );
    let unused = ann.post("unused", &[]).await.ok();
    let asked_for = unused["rows"].as_array().unwrap().iter();
    let asked_for = asked_for.filter(|row| !row["taken_back"].is_null());
    assert_eq!(asked_for.count(), 2);
    let page = ann.get("/take-backs").await.text();
    assert_eq!(page.matches("Asked back for").count(), 2, "{page}");
}

async fn n18_who_has_a_ticket_is_asked_and_may_keep_it(engine: Engine) {
    let portal = company(engine).await;
    let id = asked(&portal, "ann", "b", &[]).await;
    let mails = portal.mails(1).await;
    let mail = mail_to(&mails, "bob", "a ticket will be taken back");
    // Bob is no admin: of Ann, who is one, he knows nothing.
    assert!(
        mail.contains("16 Jun 2025") && !mail.contains("ann") && mail.contains("/ticket/"),
        "{mail}"
    );
    let rows = told(&portal, "bob").await;
    assert_eq!(rows.len(), 1);
    assert_eq!(
        (&rows[0]["state"], &rows[0]["answers"], &rows[0]["mine"]),
        (&json!("Asked"), &json!(true), &json!(false))
    );
    let overview = portal.client("bob").await.post("overview", &[]).await.ok();
    assert_eq!(
        overview["waits"]["take_backs"][0][0],
        portal.ticket("b").to_string()
    );
    let overview = portal.client("ann").await.post("overview", &[]).await.ok();
    assert_eq!(overview["waits"]["take_backs"], json!([]), "who asked knows");
    let page = portal
        .client("bob")
        .await
        .get(&format!("/ticket/{}", portal.ticket("b")))
        .await;
    assert!(page.text().contains("Give it back now"), "{}", page.text());
    // Nobody else answers for him.
    for who in ["eve", "cid", "boss", "ann"] {
        let answer = say(&portal.client(who).await, "keep_take_back", &id).await;
        assert_eq!(answer.status, 404, "{who}: {}", answer.text());
    }
    let bob = portal.client("bob").await;
    assert_eq!(say(&bob, "keep_take_back", &id).await.status, 200);
    assert_eq!(states(&portal).await, ["kept"]);
    assert_eq!(
        events(&portal).await,
        ["take_back_asked ann", "take_back_kept bob"]
    );
    mail_to(&portal.mails(2).await, "ann", "a ticket is kept");
    // An end is for good, and does nothing on the day.
    let again = say(&bob, "keep_take_back", &id).await;
    assert_eq!(again.refused(), r#"409 {"Refused":{"InvalidTakeBack":"Over"}}"#);
    let late = say(&portal.client("ann").await, "cancel_take_back", &id).await;
    assert_eq!(late.status, 409);
    portal.pass(days(61));
    assert_eq!(round(&portal).await, 0);
    assert!(portal.holder("b").await.starts_with("@bob"));
    // It can be asked for again.
    asked(&portal, "ann", "b", &[("new[days]", "1")]).await;
    assert_eq!(states(&portal).await, ["kept", "asked"]);
}

async fn n18_who_asked_may_cancel_it(engine: Engine) {
    let portal = company(engine).await;
    let id = asked(&portal, "ann", "b", &[]).await;
    portal.mails(1).await;
    let boss = portal.client("boss").await;
    assert_eq!(say(&boss, "cancel_take_back", &id).await.status, 404);
    let ann = portal.client("ann").await;
    assert_eq!(say(&ann, "cancel_take_back", &id).await.status, 200);
    assert_eq!(states(&portal).await, ["cancelled"]);
    assert!(told(&portal, "bob").await.is_empty());
    portal.pass(days(15));
    assert_eq!(round(&portal).await, 0);
    assert_eq!(
        events(&portal).await,
        ["take_back_asked ann", "take_back_cancelled ann"]
    );
    assert_eq!(portal.number("SELECT COUNT(*) FROM take_back_mails").await, 0);
}

/// A container of Bob's with a licence of a ticket, and a machine.
async fn machine(portal: &TestPortal, ticket: &str) -> Machine {
    let container = portal.make_container("bob", "Build").await;
    portal.activate(ticket, container, "A", 1, "").await;
    portal.machine("bob", container, "ci").await
}

async fn n18_what_is_used_stays(engine: Engine) {
    let portal = company(engine).await;
    let mut machine = machine(&portal, "b").await;
    let before = machine.acquire("A", "host", "key-0001").await.id();
    machine.release(&before).await;
    asked(&portal, "ann", "b", &[]).await;
    // What was used before it was asked for ends nothing.
    assert_eq!(round(&portal).await, 0);
    portal.pass(DAY);
    machine.log_in(&portal).await.ok();
    machine.acquire("A", "host", "key-0002").await.id();
    assert_eq!(round(&portal).await, 1);
    assert_eq!(states(&portal).await, ["used"]);
    assert_eq!(
        events(&portal).await,
        ["take_back_asked ann", "take_back_ended ann"]
    );
    let mail = portal.mails(2).await;
    assert!(
        mail_to(&mail, "ann", "a ticket was not taken back").contains("it was used"),
        "{mail:#?}"
    );
    portal.pass(days(60));
    assert_eq!(round(&portal).await, 0);
    assert!(portal.holder("b").await.starts_with("@bob"));
}

async fn n18_it_moves_on_its_day_and_can_be_undone(engine: Engine) {
    let portal = company(engine).await;
    machine(&portal, "b").await;
    let before = portal.holder("b").await;
    let id = asked(&portal, "ann", "b", &[("new[days]", "2")]).await;
    portal.pass(DAY);
    assert_eq!(round(&portal).await, 0, "not before its day");
    portal.pass(DAY);
    assert_eq!(round(&portal).await, 1);
    assert_eq!(round(&portal).await, 0, "once");
    assert_eq!(portal.holder("b").await, "Team");
    assert_eq!(states(&portal).await, ["done"]);
    assert_eq!(events(&portal).await, ["take_back_asked ann", "ticket_moved ann"]);
    assert_eq!(
        portal
            .number("SELECT COUNT(*) FROM licenses WHERE activated > 0")
            .await,
        0,
        "what was activated is given back"
    );
    mail_to(&portal.mails(2).await, "ann", "a ticket was taken back");
    let row = told(&portal, "ann").await.remove(0);
    assert_eq!(
        (&row["id"], &row["state"], &row["undo_key"]),
        (&json!(id), &json!("Done"), &json!(format!("take-back-{id}")))
    );
    let ann = portal.client("ann").await;
    let key = row["undo_key"].as_str().unwrap();
    let undone = ann.post("undo", &[("key", key), ("undo_key", "undone-1")]).await;
    undone.ok();
    assert_eq!(portal.holder("b").await, before);
    assert_eq!(events(&portal).await.last().unwrap(), "ticket_moved_back ann");
}

async fn n18_it_is_given_back_without_waiting(engine: Engine) {
    let portal = company(engine).await;
    machine(&portal, "b").await;
    let to = portal.group("Company").to_string();
    // The boss wants it in the company, which Bob does not know of.
    let id = asked(&portal, "boss", "b", &[("new[to]", &to)]).await;
    let bob = portal.client("bob").await;
    assert_eq!(say(&bob, "give_take_back", &id).await.status, 200);
    assert_eq!(portal.holder("b").await, "Company");
    assert_eq!(states(&portal).await, ["done"]);
    assert_eq!(
        events(&portal).await,
        ["take_back_asked boss", "take_back_given bob", "ticket_moved boss"]
    );
    assert_eq!(
        say(&bob, "give_take_back", &id).await.status,
        404,
        "it is hidden from him"
    );
}

async fn n18_who_may_no_longer_move_it_gets_nothing(engine: Engine) {
    let portal = company(engine).await;
    let to = portal.group("Company").to_string();
    asked(&portal, "ann", "b", &[("new[days]", "1")]).await;
    asked(&portal, "boss", "l", &[("new[days]", "1"), ("new[to]", &to)]).await;
    let isv = portal.client("isv").await;
    let (team, ann) = (portal.group("Team").to_string(), portal.person("ann").to_string());
    // Ann is a plain member by then, and the boss cannot log in any more.
    let demoted = isv.post("set_member", &[("group", &team), ("user", &ann)]).await;
    demoted.ok();
    let boss = portal.person("boss").to_string();
    isv.post("switch_users", &[("users[0]", &boss), ("active", "false")])
        .await
        .ok();
    portal.pass(days(2));
    assert_eq!(round(&portal).await, 2);
    assert_eq!(
        states(&portal).await,
        ["failed_not_permitted", "failed_not_permitted"]
    );
    assert!(portal.holder("b").await.starts_with("@bob"));
    assert_eq!(portal.holder("l").await, "Lab");
    let ended: Vec<String> = events(&portal).await.split_off(2);
    assert_eq!(ended, ["take_back_ended ann", "take_back_ended boss"]);
}

async fn n18_what_moved_meanwhile_is_not_taken_from_its_new_owner(engine: Engine) {
    let portal = company(engine).await;
    let id = asked(&portal, "ann", "b", &[]).await;
    let bob = portal.client("bob").await;
    let team = portal.owner("Team").to_string();
    bob.reassign(&portal.picks(&["b"]), &team, "given-away")
        .await
        .ok();
    portal.learn().await;
    let eve = portal.client("eve").await;
    let to_eve = portal.owner("@eve/Team").to_string();
    eve.reassign(&portal.picks(&["b"]), &to_eve, "taken-by-eve")
        .await
        .ok();
    // She was not asked.
    assert!(told(&portal, "eve").await.is_empty());
    assert_eq!(of_ticket(&portal, "eve", "b").await.ok()["rows"], json!([]));
    assert_eq!(say(&eve, "keep_take_back", &id).await.status, 404);
    assert_eq!(round(&portal).await, 1);
    assert_eq!(states(&portal).await, ["failed_moved"]);
    assert!(portal.holder("b").await.starts_with("@eve"));
    let mails = portal.mails(2).await;
    assert!(
        mail_to(&mails, "ann", "a ticket was not taken back").contains("has moved meanwhile"),
        "{mails:#?}"
    );
}

async fn n18_who_has_it_need_not_be_there(engine: Engine) {
    let portal = company(engine).await;
    let bob = portal.person("bob").to_string();
    let isv = portal.client("isv").await;
    isv.post("switch_users", &[("users[0]", &bob), ("active", "false")])
        .await
        .ok();
    asked(&portal, "ann", "b", &[("new[days]", "1")]).await;
    portal.pass(days(1));
    assert_eq!(round(&portal).await, 1);
    assert_eq!(portal.holder("b").await, "Team");
    // Nobody is mailed who cannot log in.
    let mails = portal.mails(1).await;
    mail_to(&mails, "ann", "a ticket was taken back");
    assert_eq!(mails.len(), 1, "{mails:#?}");
}

async fn n18_a_group_is_asked_by_its_admins(engine: Engine) {
    let portal = company(engine).await;
    let to = portal.group("Company").to_string();
    let id = asked(&portal, "boss", "t", &[("new[to]", &to)]).await;
    mail_to(&portal.mails(1).await, "ann", "a ticket will be taken back");
    let ann = told(&portal, "ann").await;
    assert_eq!(ann[0]["answers"], json!(true));
    assert!(told(&portal, "bob").await.is_empty());
    // Members see that it goes, and do not answer.
    let rows = of_ticket(&portal, "bob", "t").await.ok();
    assert_eq!(rows["rows"][0]["answers"], json!(false));
    let bob = portal.client("bob").await;
    assert_eq!(say(&bob, "give_take_back", &id).await.status, 404);
    let ann = portal.client("ann").await;
    assert_eq!(say(&ann, "keep_take_back", &id).await.status, 200);
    mail_to(&portal.mails(2).await, "boss", "a ticket is kept");
}

async fn n18_no_name_from_above_is_told(engine: Engine) {
    let portal = company(engine).await;
    let to = portal.group("Company").to_string();
    asked(&portal, "boss", "l", &[("new[to]", &to)]).await;
    let row = told(&portal, "leo").await.remove(0);
    assert_eq!(
        (&row["by"], &row["to"], &row["from"]),
        (&Value::Null, &json!("Elsewhere"), &json!({"Group": ["Lab"]}))
    );
    let leo = portal.client("leo").await;
    let ticket = portal.ticket("l").to_string();
    for text in [
        leo.post("take_backs", &[]).await.text(),
        leo.post("history", &[("ticket", &ticket)]).await.text(),
        leo.post("events", &[]).await.text(),
        leo.post("overview", &[]).await.text(),
        leo.get(&format!("/ticket/{ticket}")).await.text(),
        leo.get("/take-backs").await.text(),
        leo.get("/overview").await.text(),
        portal.mails(1).await.concat(),
    ] {
        for secret in ["boss", "Company", to.as_str()] {
            assert!(!text.contains(secret), "{secret}: {text}");
        }
    }
    // Who stands above both is told all of it, and who stands aside nothing.
    let rows = of_ticket(&portal, "isv", "l").await.ok();
    assert_eq!(
        (&rows["rows"][0]["by"], &rows["rows"][0]["to"]),
        (&json!("boss"), &json!({"Group": ["Company"]}))
    );
    let hidden = of_ticket(&portal, "cid", "l").await;
    assert_eq!(hidden.status, 404);
}

async fn n18_two_at_once_ask_for_it_once(engine: Engine) {
    let portal = company(engine).await;
    let second = portal.second().await;
    let (ann, boss) = (portal.client("ann").await, second.client("boss").await);
    let (one, other) = tokio::join!(
        ask(&portal, &ann, &["b"], &[]),
        ask(&portal, &boss, &["b"], &[("new[days]", "1")])
    );
    let mut answers = [one.status, other.status];
    answers.sort_unstable();
    assert_eq!(answers, [200, 409], "{} {}", one.text(), other.text());
    assert_eq!(states(&portal).await, ["asked"]);
    // Two servers carry it out once.
    portal.pass(days(14));
    let (one, other) = tokio::join!(round(&portal), round(&second));
    assert_eq!(one + other, 1);
    let moves = "SELECT COUNT(*) FROM events WHERE kind = 'ticket_moved'";
    assert_eq!(portal.number(moves).await, 1);
    // To keep and to give at once: one of both.
    let id = asked(&portal, "ann", "b2", &[]).await;
    let bob = portal.client("bob").await;
    let (kept, given) = tokio::join!(say(&bob, "keep_take_back", &id), say(&bob, "give_take_back", &id));
    let state = states(&portal).await.pop().unwrap();
    let holder = portal.holder("b2").await;
    match state.as_str() {
        "kept" => assert!(kept.status == 200 && holder.starts_with("@bob"), "{holder}"),
        "done" => assert!(given.status == 200 && holder == "Team", "{holder}"),
        other => panic!("{other}: {} {}", kept.text(), given.text()),
    }
}

/// Tickets, the other fields, and what comes of it.
type Case<'a> = (&'a [&'a str], &'a [(&'a str, &'a str)], &'a str);

async fn n18_several_are_asked_for_or_none(engine: Engine) {
    let portal = company(engine).await;
    let ann = portal.client("ann").await;
    let before = portal.state().await;
    let company = portal.group("Company").to_string();
    let many: Vec<&str> = std::iter::repeat_n("b", MAX_ASKED + 1).collect();
    let cases: [Case; 6] = [
        (&["b", "c"], &[], r#"404 {"Refused":{"Denied":"Hidden"}}"#),
        (
            &["b"],
            &[("new[to]", company.as_str())],
            r#"404 {"Refused":{"Denied":"Hidden"}}"#,
        ),
        (&["b", "t"], &[], r#"409 {"Refused":{"Denied":"AlreadyThere"}}"#),
        (
            &["b"],
            &[("new[days]", "61")],
            r#"422 {"Refused":{"InvalidTakeBack":"Days"}}"#,
        ),
        (
            &["b"],
            &[("new[days]", "0")],
            r#"422 {"Refused":{"InvalidTakeBack":"Days"}}"#,
        ),
        (&[], &[], r#"422 {"Refused":"NothingSelected"}"#),
    ];
    for (tickets, fields, refusal) in cases {
        let answer = ask(&portal, &ann, tickets, fields).await;
        assert_eq!(answer.refused(), refusal, "{tickets:?} {fields:?}");
    }
    let isv = portal.client("isv").await;
    let unowned = ask(&portal, &isv, &["nobodys"], &[("new[to]", &company)]).await;
    assert_eq!(
        unowned.refused(),
        r#"422 {"Refused":{"InvalidTakeBack":"Unowned"}}"#
    );
    let groupless = ask(&portal, &isv, &["o"], &[]).await;
    assert_eq!(
        groupless.refused(),
        r#"422 {"Refused":{"InvalidTakeBack":"NoGroup"}}"#
    );
    // The same ticket twice is one.
    let made = ask(&portal, &ann, &many, &[]).await.ok();
    assert_eq!(made.as_array().unwrap().len(), 1);
    let again = ask(&portal, &ann, &["b2", "b"], &[]).await;
    assert_eq!(
        again.refused(),
        r#"409 {"Refused":{"InvalidTakeBack":"AskedAlready"}}"#
    );
    assert_eq!(states(&portal).await, ["asked"], "of all or none, none");
    let changed: Vec<String> = portal
        .state()
        .await
        .into_iter()
        .filter(|line| !before.contains(line))
        .filter(|line| !line.starts_with("take-back") && !line.starts_with("event"))
        .collect();
    assert_eq!(changed, Vec::<String>::new());
}

async fn n18_what_ended_is_forgotten(engine: Engine) {
    let portal = company(engine).await;
    let id = asked(&portal, "ann", "b", &[]).await;
    asked(&portal, "ann", "b2", &[("new[days]", "60")]).await;
    say(&portal.client("bob").await, "keep_take_back", &id).await.ok();
    let tidy = async || {
        ops::licensing::take_backs::tidy(&portal.store).await.unwrap();
        states(&portal).await
    };
    portal.pass(ENDED_KEPT - DAY);
    assert_eq!(tidy().await, ["kept", "asked"]);
    portal.pass(days(2));
    // What nobody carried out yet stays.
    assert_eq!(tidy().await, ["asked"]);
}
