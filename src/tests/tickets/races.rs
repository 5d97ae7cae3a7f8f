//! Many at once, on several threads: one owner, one winner, and no right that is used after it was taken.

use domain::{history::events::EventKind, ids::EventId};
use license_portal::store::{self, Engine, history::events::Event};
use tokio::task::JoinSet;

use crate::support::portal::TestPortal;

on_both_engines!(
    sixteen_take_the_same_ticket,
    a_right_is_revoked_while_it_is_used,
    a_group_is_moved_while_its_tickets_are,
);

/// The whole history, in its order.
pub async fn events(portal: &TestPortal) -> Vec<Event> {
    let ids = portal.texts("SELECT CAST(id AS TEXT) FROM events").await;
    let ids: Vec<EventId> = ids.iter().map(|id| EventId(id.parse().unwrap())).collect();
    let mut tx = portal.store.begin_read().await.unwrap();
    store::history::events::by_ids(&mut tx, &ids).await.unwrap()
}

async fn sixteen_take_the_same_ticket(engine: Engine) {
    let people: String = (0..16).map(|n| format!("  @p{n}\n")).collect();
    let portal = TestPortal::start(engine, &format!("@isv^\nTeam/\n  #t\n{people}")).await;
    let mut clients = Vec::new();
    for n in 0..16 {
        clients.push((n, portal.client(&format!("p{n}")).await));
    }
    for round in 0..3 {
        portal.learn().await;
        let mut race = JoinSet::new();
        for (n, client) in clients.clone() {
            let (ticket, to) = (portal.pick("t"), portal.owner(&format!("@p{n}/Team")).to_string());
            race.spawn(async move {
                (
                    n,
                    client
                        .reassign(&ticket, &to, &format!("race-round-{round}"))
                        .await,
                )
            });
        }
        let answers = race.join_all().await;
        let winners: Vec<i32> = answers
            .iter()
            .filter(|(_, answer)| answer.status == 200)
            .map(|(n, _)| *n)
            .collect();
        assert_eq!(winners.len(), 1, "in round {round}");
        // The others do not see it any more.
        assert!(
            answers
                .iter()
                .all(|(n, answer)| *n == winners[0] || answer.status == 404)
        );
        assert_eq!(portal.holder("t").await, format!("@p{}/Team", winners[0]));
        assert_eq!(portal.number("SELECT COUNT(*) FROM events").await, 2 * round + 1);
        portal.learn().await;
        let isv = portal.client("isv").await;
        let back = isv
            .reassign(
                &portal.pick("t"),
                &portal.owner("Team").to_string(),
                &format!("back-{round}-back"),
            )
            .await;
        assert_eq!(back.status, 200);
    }
}

/// Nina moves the tickets of North to and fro as fast as she can, as long as `going`.
async fn moving(
    portal: TestPortal,
    ticket: String,
    places: [&'static str; 2],
    going: tokio::sync::watch::Receiver<bool>,
) {
    let nina = portal.client("nina").await;
    let id = portal.ticket(&ticket);
    let places = places.map(|place| portal.owner(place).to_string());
    let mut at = 0;
    let mut step = 0;
    while *going.borrow() {
        let (from, to) = (&places[at], &places[1 - at]);
        let answer = nina
            .reassign(&format!("{id}={from}"), to, &format!("{ticket}-step-{step}"))
            .await;
        assert!(answer.status < 500, "{}", answer.text());
        if answer.status == 200 {
            at = 1 - at;
        }
        step += 1;
    }
}

async fn a_right_is_revoked_while_it_is_used(engine: Engine) {
    let tree = "@isv^\nCompany/\n @boss*\n North/\n  @nina*\n  @ned\n  #n0 #n1 #n2 #probe\n";
    let portal = TestPortal::start(engine, tree).await;
    let (stop, going) = tokio::sync::watch::channel(true);
    let mut race = JoinSet::new();
    for n in 0..3 {
        race.spawn(moving(
            portal.clone(),
            format!("n{n}"),
            ["North", "@ned/North"],
            going.clone(),
        ));
    }
    let (isv, boss, nina) = (
        portal.client("isv").await,
        portal.client("boss").await,
        portal.client("nina").await,
    );
    let (north, user) = (
        portal.group("North").to_string(),
        portal.person("nina").to_string(),
    );
    let to = portal.owner("@ned/North").to_string();
    for round in 0..12 {
        tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        boss.post("remove_member", &[("group", &north), ("user", &user)])
            .await
            .ok();
        // From here on the right is gone.
        let late = nina
            .reassign(&portal.pick("probe"), &to, &format!("late-{round}-late"))
            .await;
        assert_eq!(
            late.status,
            404,
            "a right was used after it was revoked: {}",
            late.text()
        );
        isv.post(
            "set_member",
            &[("group", &north), ("user", &user), ("permissions[admin]", "true")],
        )
        .await
        .ok();
    }
    stop.send_replace(false);
    while race.join_next().await.transpose().unwrap().is_some() {}
    // Each move stands in the history at a place where it was permitted.
    let (mut admin, mut moves) = (true, 0);
    for event in events(&portal).await {
        match event.entry.kind {
            EventKind::MemberRemoved => admin = false,
            EventKind::MemberSet => admin = true,
            EventKind::TicketMoved => {
                moves += 1;
                assert!(
                    admin,
                    "move {moves} stands in the history after the right to it was revoked"
                );
            }
            other => panic!("nobody did {other}"),
        }
    }
    assert!(moves > 0);
}

async fn a_group_is_moved_while_its_tickets_are(engine: Engine) {
    let tree = "@isv^\nNorth/\n @nina*\n @ned\n Harbour/\n  @hugo\n  #h0 #h1 #h2 #probe\nSouth/\n @sam*\n";
    let portal = TestPortal::start(engine, tree).await;
    let (stop, going) = tokio::sync::watch::channel(true);
    let mut race = JoinSet::new();
    for n in 0..3 {
        race.spawn(moving(
            portal.clone(),
            format!("h{n}"),
            ["Harbour", "@hugo/Harbour"],
            going.clone(),
        ));
    }
    let (isv, nina) = (portal.client("isv").await, portal.client("nina").await);
    let (harbour, north, south) = (
        portal.group("Harbour").to_string(),
        portal.group("North").to_string(),
        portal.group("South").to_string(),
    );
    let to = portal.owner("@hugo/Harbour").to_string();
    for round in 0..12 {
        tokio::time::sleep(std::time::Duration::from_millis(15)).await;
        isv.post("move_group", &[("group", &harbour), ("parent", &south)])
            .await
            .ok();
        let late = nina
            .reassign(&portal.pick("probe"), &to, &format!("late-{round}-late"))
            .await;
        assert_eq!(
            late.status,
            404,
            "a branch was used after it was taken away: {}",
            late.text()
        );
        isv.post("move_group", &[("group", &harbour), ("parent", &north)])
            .await
            .ok();
    }
    stop.send_replace(false);
    while race.join_next().await.transpose().unwrap().is_some() {}
    let (mut below_north, mut moves) = (true, 0);
    for event in events(&portal).await {
        match event.entry.kind {
            EventKind::GroupMoved => below_north = !below_north,
            EventKind::TicketMoved => {
                moves += 1;
                assert!(
                    below_north,
                    "move {moves} stands in the history after its group was taken away"
                );
            }
            other => panic!("nobody did {other}"),
        }
    }
    assert!(moves > 0);
}
