//! Who sees what, and who may do what: every cell, over HTTP (S3, S5).

use std::collections::{BTreeMap, BTreeSet};

use domain::accounts::sessions::GONE;
use license_portal::store::Engine;

use crate::{
    policy::{
        operations::CALLS,
        stage::{ABSENT, filled, stage},
    },
    support::{
        client::{Answer, Client, is_fault, products},
        golden,
        portal::TestPortal,
        tree::{DEMO, PEOPLE},
    },
};

on_both_engines!(
    visibility_of_every_ticket_for_every_person,
    the_sixteen_cells,
    every_operation_for_every_person,
);

/// Which of the tickets somebody sees: by the list, by number and by the history; the three agree.
pub async fn seen(portal: &TestPortal, client: &Client, tickets: &[&str]) -> BTreeSet<String> {
    let listed: BTreeSet<String> = client.list("all").await.into_iter().collect();
    let ids: Vec<(String, String)> = tickets
        .iter()
        .enumerate()
        .map(|(at, name)| (format!("ids[{at}]"), portal.ticket(name).to_string()))
        .collect();
    let ids: Vec<(&str, &str)> = ids
        .iter()
        .map(|(name, id)| (name.as_str(), id.as_str()))
        .collect();
    let selected: BTreeSet<String> = products(&client.post("selected", &ids).await.ok())
        .into_iter()
        .collect();
    assert_eq!(listed, selected, "the list and the selection differ");
    let absent = client.post("history", &[("ticket", ABSENT)]).await;
    for ticket in tickets {
        let history = client
            .post("history", &[("ticket", &portal.ticket(ticket).to_string())])
            .await;
        assert_eq!(
            history.status == 200,
            listed.contains(*ticket),
            "list and history differ about {ticket}"
        );
        if history.status != 200 {
            assert_same(&history, &absent, ticket);
        }
    }
    listed
}

/// What is hidden and what is absent cannot be told apart.
fn assert_same(hidden: &Answer, absent: &Answer, what: &str) {
    let names = |answer: &Answer| {
        answer
            .headers
            .keys()
            .map(ToString::to_string)
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        (hidden.status, &hidden.body),
        (404, &absent.body),
        "{what} can be told from nothing"
    );
    assert_eq!(names(hidden), names(absent), "{what} can be told from nothing");
}

async fn visibility_of_every_ticket_for_every_person(engine: Engine) {
    let portal = TestPortal::start(engine, DEMO).await;
    let words = DEMO.split_whitespace().filter_map(|word| word.strip_prefix('#'));
    let tickets: Vec<&str> = words.map(|word| word.trim_end_matches('!')).collect();
    let mut rows = vec![vec!["ticket".to_owned(), "owner".to_owned()]];
    for ticket in &tickets {
        rows.push(vec![(*ticket).to_owned(), portal.holder(ticket).await]);
    }
    for person in PEOPLE {
        let seen = seen(&portal, &portal.client(person).await, &tickets).await;
        rows[0].push(person.to_owned());
        for (ticket, row) in tickets.iter().zip(&mut rows[1..]) {
            row.push(if seen.contains(*ticket) { "×" } else { "–" }.to_owned());
        }
    }
    golden::check("visibility.txt", &golden::table(&rows));
}

/// The table of S3, cell by cell. "Its user" of a group ticket is the person who had it before the group got it.
async fn the_sixteen_cells(engine: Engine) {
    let tree = "
        @isv^
        @former #protected #open
        @user #own
        Company/
          @above*
          Team/
            @user #context
            @member
            @admin*
    ";
    let portal = TestPortal::start(engine, tree).await;
    let isv = portal.client("isv").await;
    let team = portal.owner("Team").to_string();
    isv.reassign(&portal.picks(&["protected", "open"]), &team, "to-the-team")
        .await
        .ok();
    isv.post(
        "protect",
        &[
            ("ticket", &portal.ticket("protected").to_string()),
            ("on", "true"),
        ],
    )
    .await
    .ok();
    // Group ticket in protected mode, group ticket, personal with context, personal without.
    let table = [
        ("protected", [false, false, true, true]),
        ("open", [false, true, true, true]),
        ("context", [true, false, true, true]),
        ("own", [true, false, false, true]),
    ];
    let tickets = table.map(|(ticket, _)| ticket);
    // Columns: its user; a member of the group; an admin of the group or of a group above it; an ISV admin.
    let columns: [(usize, &str); 6] = [
        (0, "user"),
        (0, "former"),
        (1, "member"),
        (2, "admin"),
        (2, "above"),
        (3, "isv"),
    ];
    for (column, person) in columns {
        let seen = seen(&portal, &portal.client(person).await, &tickets).await;
        for (ticket, cells) in table {
            let group_ticket = matches!(ticket, "protected" | "open");
            let fits = match person {
                "user" => !group_ticket,
                "former" => group_ticket,
                _ => true,
            };
            if fits {
                assert_eq!(
                    seen.contains(ticket),
                    cells[column],
                    "{person} and the ticket {ticket}"
                );
            }
        }
    }
}

async fn every_operation_for_every_person(engine: Engine) {
    let (mut portal, mut clients) = stage(engine).await;
    let mut rows = vec![vec!["call".to_owned()]];
    rows[0].extend(PEOPLE.into_iter().chain(["nobody"]).map(str::to_owned));
    let mut answers: BTreeMap<String, BTreeSet<bool>> = BTreeMap::new();
    let mut before = portal.state().await;
    for line in CALLS.lines().filter(|line| !line.is_empty()) {
        let (preparation, call) = match line.split_once(" => ") {
            Some((preparation, call)) => (Some(preparation), call),
            None => (None, line),
        };
        // How often a password may be tried is not what is asked here.
        if call.contains("present=") {
            portal = portal.without_attempts();
            for client in clients.values_mut() {
                client.router = portal.nobody().router;
            }
        }
        let mut row = vec![line.to_owned()];
        for person in PEOPLE.into_iter().chain(["nobody"]) {
            let (function, form) = filled(&portal, person, call);
            if let Some((other, preparation)) = preparation.and_then(|text| text.split_once(' ')) {
                if preparation == "silence" {
                    portal.pass(GONE);
                } else {
                    let (function, form) = filled(&portal, other, preparation);
                    clients[other].post_form(&function, &form).await.ok();
                }
                before = portal.state().await;
            }
            let answer = clients[person].post_form(&function, &form).await;
            let after = portal.state().await;
            let allowed = answer.status == 200;
            assert!(!is_fault(answer.status), "{call} by {person}: {}", answer.text());
            assert!(
                allowed || after == before,
                "{call} was denied to {person}, and changed something"
            );
            answers
                .entry(format!("/api/{function}"))
                .or_default()
                .insert(allowed);
            row.push(answer.status.to_string());
            let logged_in_or_out = allowed
                && matches!(
                    function.as_str(),
                    "log_in" | "log_in_with_code" | "log_out" | "close_session" | "end_session"
                );
            if preparation.is_some() || after != before || logged_in_or_out {
                portal.restore().await;
                before = portal.state().await;
            }
        }
        rows.push(row);
    }
    for (path, _) in leptos::server_fn::axum::server_fn_paths() {
        assert!(
            answers.contains_key(path),
            "the server function {path} has no rows in operations.rs"
        );
    }
    for (path, answers) in answers {
        // Anybody may ask who they are, log out, whether this is the demo, by whom people sign in, and what their browser keeps.
        let of_all = [
            "/api/me",
            "/api/demo",
            "/api/log_out",
            "/api/offered_sign_ins",
            "/api/list_layout",
        ];
        if !of_all.contains(&path.as_str()) {
            assert_eq!(
                answers.len(),
                2,
                "{path} has no row that is allowed, or none that is denied"
            );
        }
    }
    golden::check("operations.txt", &golden::table(&rows));
}
