//! The second form of the chain (N11): it covers who is shown an event and from what to what something changed, time does not
//! run backwards in it, and its checkpoints leave the house.

use std::{io::Read, net::TcpListener};

use domain::{
    history::chain::{Link, Value, Window, bytes},
    ids::EventId,
};
use jiff::SignedDuration;
use license_portal::{
    jobs::checkpoints::{Pusher, Target},
    ops::history::{
        chain::{accept, newest_checkpoint, refused, seal},
        verification::{Fault, verify},
    },
    store::{self, Engine, sources::Sources},
};
use sha2::{Digest, Sha256};

use crate::support::{
    moments::ms,
    portal::{BEGIN_MS, TestPortal},
};

on_both_engines!(
    whoever_hides_an_event_or_shows_it_is_found,
    what_is_dissolved_is_inherited_and_no_more,
    an_event_beside_a_dissolution_is_inherited_too,
    an_older_chain_goes_on_with_its_readers,
    older_servers_are_found,
    backdated_events_are_not_sealed,
    events_of_the_future_are_not_sealed,
    an_operator_accepts_what_a_wrong_clock_wrote,
    time_that_runs_backwards_in_the_chain_is_found,
    changes_are_told_and_sealed,
    checkpoints_are_pushed_once_each,
);

const TREE: &str = "
    @isv^
    Team/
      @ann*
      #t
      Lab/
        @lea*
        Cell/
          @cid
    Other/
";

async fn faults(portal: &TestPortal) -> Vec<Fault> {
    verify(&portal.store, None).await.unwrap().faults
}

/// Renames groups, which are told to the admins above them, and seals that.
async fn filled(engine: Engine) -> TestPortal {
    let portal = TestPortal::start(engine, TREE).await;
    for name in ["Lab 1", "Lab 2", "Lab 3"] {
        rename(&portal, "Lab", name).await;
    }
    seal(&portal.store).await.unwrap();
    assert_eq!(faults(&portal).await, []);
    portal
}

async fn rename(portal: &TestPortal, group: &str, name: &str) {
    let isv = portal.client("isv").await;
    isv.post(
        "rename_group",
        &[("group", &portal.group(group).to_string()), ("name", name)],
    )
    .await
    .ok();
}

/// The position of the last event of that kind.
async fn position(portal: &TestPortal, kind: &str) -> i64 {
    portal
        .number(&format!("SELECT MAX(position) FROM events WHERE kind = '{kind}'"))
        .await
}

/// Plants an event that says that it happened so much later than the portal began, in the group.
async fn plant(portal: &TestPortal, after: SignedDuration, group: &str) -> EventId {
    let at = i64::try_from(i128::from(BEGIN_MS) + after.as_millis()).unwrap();
    let moment = domain::time::at_millisecond(at).unwrap();
    let id = Sources::first_id_at(moment);
    let (isv, group) = (portal.person("isv").0, portal.group(group).0);
    portal
        .run(&format!(
            "INSERT INTO events (id, at, kind, actor_id, group_id) VALUES ({id}, {at}, 'group_renamed', {isv}, {group})"
        ))
        .await;
    portal
        .run(&format!(
            "INSERT INTO event_groups (event_id, group_id) VALUES ({id}, {group})"
        ))
        .await;
    EventId(id)
}

async fn whoever_hides_an_event_or_shows_it_is_found(engine: Engine) {
    let portal = filled(engine).await;
    let at = position(&portal, "group_renamed").await;
    let event = format!("(SELECT id FROM events WHERE position = {at})");
    let (lab, other, ann) = (
        portal.group("Lab").0,
        portal.group("Other").0,
        portal.person("ann").0,
    );
    portal.keep().await;
    for (statement, fault) in [
        (
            format!("DELETE FROM event_groups WHERE event_id = {event} AND group_id = {lab}"),
            Fault::Altered(at),
        ),
        (
            format!(
                "UPDATE event_groups SET group_id = {other} WHERE event_id = {event} AND group_id = {lab}"
            ),
            Fault::Altered(at),
        ),
        (
            format!("INSERT INTO event_groups (event_id, group_id) VALUES ({event}, {other})"),
            Fault::Altered(at),
        ),
        (
            format!("UPDATE event_groups SET inherited = 1 WHERE event_id = {event}"),
            Fault::Altered(at),
        ),
        (
            format!("INSERT INTO event_groups (event_id, group_id, inherited) VALUES ({event}, {other}, 1)"),
            Fault::Readers(at),
        ),
        (
            format!("INSERT INTO event_people (event_id, user_id) VALUES ({event}, {ann})"),
            Fault::Altered(at),
        ),
        (
            format!("DELETE FROM event_groups WHERE event_id = {event}"),
            Fault::Altered(at),
        ),
        (
            format!("UPDATE events SET change = replace(change, 'Lab 2', 'Lab 9') WHERE position = {at}"),
            Fault::Altered(at),
        ),
        (
            format!("UPDATE events SET form = NULL WHERE position = {at}"),
            Fault::Altered(at),
        ),
        (
            format!("UPDATE events SET form = 3 WHERE position = {at}"),
            Fault::Altered(at),
        ),
    ] {
        portal.run(&statement).await;
        let found = faults(&portal).await;
        assert!(found.contains(&fault), "{statement}: {found:?}");
        portal.restore().await;
    }
    assert_eq!(faults(&portal).await, []);
}

async fn dissolve(portal: &TestPortal, group: &str, heir: &str) {
    let isv = portal.client("isv").await;
    let (group, heir) = (portal.group(group).to_string(), portal.group(heir).to_string());
    isv.post(
        "delete_group",
        &[("group", &group), ("heir", &heir), ("people_follow", "true")],
    )
    .await
    .ok();
}

/// The groups in which the event at that position is shown, with what was inherited in brackets.
async fn shown(portal: &TestPortal, at: i64) -> Vec<String> {
    let groups = portal
        .texts(&format!(
            "SELECT CASE inherited WHEN 1 THEN '(' || group_id || ')' ELSE '' || group_id END FROM event_groups
             WHERE event_id = (SELECT id FROM events WHERE position = {at})"
        ))
        .await;
    let names = ["Team", "Lab", "Cell", "Other"].map(|name| (portal.group(name).to_string(), name));
    let named = |text: &String| {
        let bare = text.trim_matches(['(', ')']);
        let (id, name) = names.iter().find(|(id, _)| id == bare).unwrap();
        text.replace(id.as_str(), name)
    };
    let mut named: Vec<String> = groups.iter().map(named).collect();
    named.sort();
    named
}

async fn what_is_dissolved_is_inherited_and_no_more(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    rename(&portal, "Cell", "Cell 1").await;
    seal(&portal.store).await.unwrap();
    let at = position(&portal, "group_renamed").await;
    dissolve(&portal, "Cell", "Lab").await;
    assert_eq!(shown(&portal, at).await, ["(Lab)", "Cell"]);
    seal(&portal.store).await.unwrap();
    dissolve(&portal, "Lab", "Team").await;
    seal(&portal.store).await.unwrap();
    assert_eq!(shown(&portal, at).await, ["(Lab)", "(Team)", "Cell"]);
    assert_eq!(faults(&portal).await, []);
    // What was inherited cannot be taken away, either.
    let team = portal.group("Team").0;
    portal
        .run(&format!(
            "DELETE FROM event_groups WHERE group_id = {team} AND inherited = 1
             AND event_id = (SELECT id FROM events WHERE position = {at})"
        ))
        .await;
    assert_eq!(faults(&portal).await, [Fault::Readers(at)]);
}

/// On PostgreSQL, neither of two transactions at the same time sees the other.
async fn an_event_beside_a_dissolution_is_inherited_too(engine: Engine) {
    for sealed_before in [false, true] {
        let portal = TestPortal::start(engine, TREE).await;
        seal(&portal.store).await.unwrap();
        portal.pass(ms(5));
        if sealed_before {
            plant(&portal, ms(3), "Cell").await;
            seal(&portal.store).await.unwrap();
        }
        dissolve(&portal, "Cell", "Lab").await;
        dissolve(&portal, "Lab", "Team").await;
        if sealed_before {
            // As if it had not been seen by these.
            portal.run("DELETE FROM event_groups WHERE inherited = 1").await;
        } else {
            seal(&portal.store).await.unwrap();
            plant(&portal, ms(3), "Cell").await;
        }
        seal(&portal.store).await.unwrap();
        let at = position(&portal, "group_renamed").await;
        assert_eq!(
            shown(&portal, at).await,
            ["(Lab)", "(Team)", "Cell"],
            "{sealed_before}"
        );
        assert_eq!(faults(&portal).await, [], "{sealed_before}");
    }
}

/// Seals what waits in the first form, as servers did before there was a second one.
async fn seal_in_first_form(portal: &TestPortal) {
    let mut tx = portal.store.begin_read().await.unwrap();
    let window = Window::new(None, portal.store.sources.now());
    let waiting = store::history::chain::waiting(&mut tx, window, 512)
        .await
        .unwrap();
    let last = store::history::chain::last(&mut tx).await.unwrap();
    drop(tx);
    let before = last.as_ref().and_then(|last| last.hash.as_deref()?.parse().ok());
    let mut before = before.unwrap_or(Link::START);
    let mut position = last.map_or(0, |last| last.position);
    for (id, columns) in waiting {
        position += 1;
        // It knew no changes.
        let columns: Vec<(&str, Value)> = columns
            .into_iter()
            .filter(|(name, _)| *name != "change")
            .collect();
        before = Link(Sha256::digest(bytes(&before, position, &columns)).into());
        portal
            .run(&format!(
                "UPDATE events SET position = {position}, hash = '{before}', change = NULL WHERE id = {id}"
            ))
            .await;
    }
}

async fn an_older_chain_goes_on_with_its_readers(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    for name in ["Lab 1", "Lab 2"] {
        rename(&portal, "Lab", name).await;
    }
    seal_in_first_form(&portal).await;
    let of_rows = position(&portal, "group_renamed").await;
    rename(&portal, "Lab", "Lab 3").await;
    seal(&portal.store).await.unwrap();
    rename(&portal, "Lab", "Lab 4").await;
    seal(&portal.store).await.unwrap();
    assert_eq!(faults(&portal).await, []);
    assert_eq!(position(&portal, "group_renamed").await, of_rows + 2);
    portal.keep().await;
    // The first event of the second form answers for the readers of all those of the first.
    let event = format!("(SELECT id FROM events WHERE position = {of_rows})");
    for statement in [
        format!("DELETE FROM event_groups WHERE event_id = {event}"),
        format!("INSERT INTO event_people (event_id, user_id) VALUES ({event}, 7)"),
    ] {
        portal.run(&statement).await;
        let found = faults(&portal).await;
        assert_eq!(
            found.first(),
            Some(&Fault::Altered(of_rows + 1)),
            "{statement}: {found:?}"
        );
        portal.restore().await;
    }
    // And older events can be inherited, too.
    dissolve(&portal, "Lab", "Team").await;
    seal(&portal.store).await.unwrap();
    assert_eq!(shown(&portal, of_rows).await, ["(Team)", "Lab"]);
    assert_eq!(faults(&portal).await, []);
}

async fn older_servers_are_found(engine: Engine) {
    let portal = filled(engine).await;
    rename(&portal, "Lab", "Lab 4").await;
    seal_in_first_form(&portal).await;
    let found = faults(&portal).await;
    let at = position(&portal, "group_renamed").await;
    assert!(found.contains(&Fault::Older(at)), "{found:?}");
}

async fn backdated_events_are_not_sealed(engine: Engine) {
    let portal = filled(engine).await;
    portal.pass(ms(60_000));
    let late = plant(&portal, SignedDuration::from_mins(-9), "Lab").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 1);
    assert_eq!(
        faults(&portal).await,
        [],
        "{late} was late, as a transaction may be"
    );
    let planted = plant(&portal, SignedDuration::from_hours(-24), "Lab").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 0);
    assert_eq!(faults(&portal).await, [Fault::Refused(planted)]);
    // Nor with a time of today, and an id that stands among those of yesterday.
    portal
        .run(&format!("UPDATE events SET at = {BEGIN_MS} WHERE id = {planted}"))
        .await;
    assert_eq!(seal(&portal.store).await.unwrap(), 0);
    // It keeps nothing else from being sealed.
    rename(&portal, "Lab", "Lab 5").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 1);
    let found = verify(&portal.store, None).await.unwrap();
    assert_eq!((found.faults, found.waiting), (vec![Fault::Refused(planted)], 0));
}

async fn events_of_the_future_are_not_sealed(engine: Engine) {
    let portal = filled(engine).await;
    let planted = plant(&portal, SignedDuration::from_hours(1), "Lab").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 0);
    assert_eq!(faults(&portal).await, [Fault::Refused(planted)]);
    rename(&portal, "Lab", "Lab 5").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 1);
    // A server whose clock is ahead may have written it: it is sealed when its time has come.
    portal.pass(ms(60 * 60 * 1000));
    assert_eq!(seal(&portal.store).await.unwrap(), 1);
    assert_eq!(faults(&portal).await, []);
}

async fn an_operator_accepts_what_a_wrong_clock_wrote(engine: Engine) {
    let portal = filled(engine).await;
    let (back, ahead) = (
        plant(&portal, SignedDuration::from_hours(-48), "Lab").await,
        plant(&portal, SignedDuration::from_hours(48), "Lab").await,
    );
    let listed = refused(&portal.store).await.unwrap();
    assert_eq!(
        listed.iter().map(|(id, _)| *id).collect::<Vec<_>>(),
        [back, ahead]
    );
    assert_eq!(accept(&portal.store).await.unwrap(), 2);
    assert_eq!(accept(&portal.store).await.unwrap(), 0);
    assert_eq!(faults(&portal).await, []);
    // What comes then is neither too early nor too late.
    rename(&portal, "Lab", "Lab 5").await;
    assert_eq!(seal(&portal.store).await.unwrap(), 1);
    assert_eq!(faults(&portal).await, []);
    let isv = portal.client("isv").await;
    let page = isv.post("events", &[("query[search]", "")]).await.ok();
    assert!(page.to_string().contains("HistoryAccepted"), "{page}");
}

/// Whoever can sign has the first two sealed anew, in the order that they wish.
async fn time_that_runs_backwards_in_the_chain_is_found(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    portal.run("DELETE FROM event_groups").await;
    portal.run("DELETE FROM event_people").await;
    portal.run("DELETE FROM events").await;
    for (after, id) in [(0, 1), (-30, 2), (-15, 3), (0, 4)] {
        let minute = 60 * 1000;
        portal
            .run(&format!(
                "INSERT INTO events (id, at, kind, actor_id) VALUES ({id}, {BEGIN_MS} + {after} * {minute}, 'view_began', 1)"
            ))
            .await;
    }
    assert_eq!(seal(&portal.store).await.unwrap(), 4);
    assert_eq!(faults(&portal).await, [Fault::Backwards(2)]);
}

async fn changes_are_told_and_sealed(engine: Engine) {
    let portal = TestPortal::start(engine, TREE).await;
    rename(&portal, "Lab", "Labor").await;
    let isv = portal.client("isv").await;
    let (lab, cid) = (portal.group("Lab").to_string(), portal.person("cid").to_string());
    isv.post(
        "set_member",
        &[("group", &lab), ("user", &cid), ("permissions[admin]", "true")],
    )
    .await
    .ok();
    seal(&portal.store).await.unwrap();
    let page = isv.post("events", &[("query[search]", "")]).await.ok();
    let changes: Vec<String> = page["rows"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|row| !row["change"].is_null())
        .map(|row| row["change"].to_string())
        .collect();
    assert!(
        changes
            .iter()
            .any(|change| change.contains(r#""kind":"permissions""#) && change.contains(r#""before":null"#)),
        "{changes:?}"
    );
    assert!(
        changes.contains(&r#"{"after":"Labor","before":"Lab","kind":"name"}"#.to_owned()),
        "{changes:?}"
    );
    // Cid reads that he became an admin there; Lea, who is one there, too.
    for reader in ["cid", "lea", "ann"] {
        let reading = portal.client(reader).await;
        let page = reading.post("events", &[("query[search]", "")]).await.ok();
        assert!(
            page.to_string().contains(r#""kind":"permissions""#),
            "{reader}: {page}"
        );
    }
}

async fn checkpoints_are_pushed_once_each(engine: Engine) {
    let portal = filled(engine).await;
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("checkpoints");
    let syslog = std::net::UdpSocket::bind("127.0.0.1:0").unwrap();
    let web = TcpListener::bind("127.0.0.1:0").unwrap();
    let targets: Vec<Target> = [
        format!("file:{}", path.display()),
        format!("syslog:{}", syslog.local_addr().unwrap()),
        format!("http://{}/secret", web.local_addr().unwrap()),
    ]
    .iter()
    .map(|text| text.parse().unwrap())
    .collect();
    assert!(!targets[2].to_string().contains("secret"));
    let receiver = std::thread::spawn(move || {
        // Refused at first, and sent again.
        ["503 Service Unavailable", "204 No Content"].map(|status| {
            let (mut stream, _) = web.accept().unwrap();
            let mut request = [0; 4096];
            let mut length = 0;
            while !request[..length].ends_with(b"}") {
                length += stream.read(&mut request[length..]).unwrap();
            }
            let answer = format!("HTTP/1.1 {status}\r\nContent-Length: 0\r\nConnection: close\r\n\r\n");
            std::io::Write::write_all(&mut stream, answer.as_bytes()).unwrap();
            String::from_utf8_lossy(&request[..length]).into_owned()
        })
    });
    let newest = newest_checkpoint(&portal.store).await.unwrap().unwrap();
    let pusher = Pusher::new(&portal.store, &targets);
    let mut pushed = vec![None; 3];
    assert!(!pusher.round(&mut pushed).await);
    assert!(pusher.round(&mut pushed).await);
    assert!(pusher.round(&mut pushed).await);
    assert_eq!(std::fs::read_to_string(&path).unwrap(), format!("{newest}\n"));
    let mut datagram = [0; 4096];
    let length = syslog.recv(&mut datagram).unwrap();
    let line = String::from_utf8_lossy(&datagram[..length]).into_owned();
    assert!(line.starts_with("<109>1 ") && line.ends_with(&newest), "{line}");
    for request in receiver.join().unwrap() {
        assert!(
            request.ends_with(&format!("{{\"checkpoint\":\"{newest}\"}}")),
            "{request}"
        );
    }
    // What is kept there shows that the end was cut off.
    portal
        .run("DELETE FROM events WHERE position = (SELECT MAX(position) FROM events)")
        .await;
    portal.run("DELETE FROM checkpoints").await;
    let kept = std::fs::read_to_string(&path).unwrap();
    let found = verify(&portal.store, Some(&kept)).await.unwrap().faults;
    assert!(
        found.iter().any(|fault| matches!(fault, Fault::Cut(..))),
        "{found:?}"
    );
    for text in [
        "",
        "file:",
        "syslog:host",
        "syslog::514",
        "ftp://host/",
        "https:///x",
    ] {
        assert!(text.parse::<Target>().is_err(), "{text}");
    }
}
