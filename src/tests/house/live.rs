//! Live updates: who is told what, and when it ends.

use std::time::Duration;

use axum::body::BodyDataStream;
use domain::accounts::sessions::IDLE;
use license_portal::{auth::portal::Portal, jobs::live::Feed, store::Engine};
use tokio_stream::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::support::{client::Client, moments::ms, portal::TestPortal};

on_both_engines!(
    everybody_is_told_the_places_they_see,
    a_container_is_told_of_to_who_may_know_of_the_change,
    another_process_is_heard,
    a_stream_ends_with_its_session,
    nobody_gets_no_stream,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        @nina* @ned @nora
        #n1 #n2!
      South/
        @sam*
        #s1
";

/// Long enough on a machine that is busy with other tests.
const SOON: Duration = Duration::from_secs(8);

/// An open stream of events.
struct Stream {
    body: BodyDataStream,
    read: String,
}

impl Stream {
    async fn open(client: &Client) -> Self {
        let request = client
            .request(http::Method::GET, "/live")
            .body(axum::body::Body::empty())
            .unwrap();
        let response = client.open(request).await;
        assert_eq!(response.status(), 200);
        let mut stream = Self {
            body: response.into_body().into_data_stream(),
            read: String::new(),
        };
        assert_eq!(stream.next().await, "hello: ");
        stream
    }

    /// The next event, as `name: data`; comments that keep the connection open are skipped.
    async fn next(&mut self) -> String {
        loop {
            if let Some((event, rest)) = self.read.split_once("\n\n") {
                let field = |name: &str| {
                    event
                        .lines()
                        .find_map(|line| line.strip_prefix(name))
                        .unwrap_or("")
                        .trim()
                        .to_owned()
                };
                let (name, data) = (field("event:"), field("data:"));
                self.read = rest.to_owned();
                if name.is_empty() {
                    continue;
                }
                return format!("{name}: {data}");
            }
            let bytes = tokio::time::timeout(SOON, self.body.next())
                .await
                .expect("an event comes soon");
            let Some(bytes) = bytes else {
                return "end".to_owned();
            };
            self.read.push_str(std::str::from_utf8(&bytes.unwrap()).unwrap());
        }
    }
}

fn feed(portal: &TestPortal) -> Feed {
    let Portal { live, sessions, .. } = &portal.portal;
    Feed::new(portal.store.clone(), live.clone(), sessions.clone())
}

async fn listening(portal: &TestPortal) {
    let feed = feed(portal);
    tokio::spawn(feed.run(CancellationToken::new()));
    // The first look at the history tells nothing: it is the past.
    tokio::time::sleep(Duration::from_millis(300)).await;
}

async fn everybody_is_told_the_places_they_see(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    listening(&portal).await;
    let mut streams = Vec::new();
    for person in ["isv", "boss", "nina", "ned", "nora", "sam"] {
        streams.push((person, Stream::open(&portal.client(person).await).await));
    }
    let boss = portal.client("boss").await;
    let (north, south) = (
        portal.owner("North").to_string(),
        portal.owner("South").to_string(),
    );
    let to_ned = portal.owner("@ned/North").to_string();
    let (n1, n2) = (ticket(&portal, "n1"), ticket(&portal, "n2"));
    // Ned gets a ticket; then a protected one goes from North to South; then everybody is told something, so that nothing that
    // should not have been told can be on its way any more.
    boss.reassign(&portal.pick("n1"), &to_ned, "to-ned-1").await.ok();
    tokio::time::sleep(Duration::from_millis(300)).await;
    boss.reassign(&portal.pick("n2"), &south, "to-south-2").await.ok();
    tokio::time::sleep(Duration::from_millis(300)).await;
    let isv = portal.client("isv").await;
    for group in ["North", "South"] {
        let group = portal.group(group).to_string();
        isv.post("rename_group", &[("group", &group), ("name", "Renamed")])
            .await
            .ok();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    for (person, stream) in &mut streams {
        let expected: &[Vec<&str>] = match *person {
            "isv" | "boss" => &[
                vec![&north, &to_ned, &n1],
                vec![&north, &south, &n2],
                vec!["tree"],
                vec!["tree"],
            ],
            "nina" => &[vec![&north, &to_ned, &n1], vec![&north, &n2], vec!["tree"]],
            // Ned and Nora are members of North: they never saw the protected one.
            "ned" => &[vec![&north, &to_ned, &n1], vec!["tree"]],
            "nora" => &[vec![&north, &n1], vec!["tree"]],
            _ => &[vec![&south, &n2], vec!["tree"]],
        };
        for places in expected {
            assert_eq!(stream.next().await, changed(places), "{person}");
        }
    }
}

/// What a stream says where these places have changed.
fn changed(places: &[&str]) -> String {
    let mut places = places.to_vec();
    places.sort_unstable();
    format!("changed: {}", serde_json::to_string(&places).unwrap())
}

fn ticket(portal: &TestPortal, name: &str) -> String {
    format!("ticket:{}", portal.ticket(name))
}

async fn a_container_is_told_of_to_who_may_know_of_the_change(engine: Engine) {
    let portal = TestPortal::start(engine, &format!("{COMPANY}    #unassigned\n")).await;
    let ned = portal.client("ned").await;
    let own = portal.owner("@ned").to_string();
    let laptop = ned.cloud_container(&portal, "@ned", "Laptop").await;
    let isv = portal.client("isv").await;
    isv.post("redeem", &[("codes", &portal.code("unassigned")), ("to", &own)])
        .await
        .ok();
    portal.learn().await;
    listening(&portal).await;
    let mut streams = Vec::new();
    for person in ["isv", "boss", "nina", "ned", "nora", "sam"] {
        streams.push((person, Stream::open(&portal.client(person).await).await));
    }
    let ned = portal.client("ned").await;
    for ticket in ["n1", "unassigned"] {
        ned.activate(&portal, ticket, &laptop, 1).await.ok();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    ned.post(
        "rename_container",
        &[("container", &laptop), ("name", "Notebook")],
    )
    .await
    .ok();
    tokio::time::sleep(Duration::from_millis(300)).await;
    // Everybody is told something at last, so that nothing that should not have been told can be on its way any more.
    let isv = portal.client("isv").await;
    for group in ["North", "South"] {
        let group = portal.group(group).to_string();
        isv.post("rename_group", &[("group", &group), ("name", "Renamed")])
            .await
            .ok();
        tokio::time::sleep(Duration::from_millis(300)).await;
    }
    let north = portal.owner("North").to_string();
    let (n1, private) = (ticket(&portal, "n1"), ticket(&portal, "unassigned"));
    let container = format!("container:{laptop}");
    for (person, stream) in &mut streams {
        let expected: &[Vec<&str>] = match *person {
            "isv" | "ned" => &[
                vec![&north, &n1, &container],
                vec![&own, &private, &container],
                vec![&container],
            ],
            // They reach the container, and know nothing of the ticket that ned has for himself.
            "boss" | "nina" => &[vec![&north, &n1, &container], vec![&container]],
            "nora" => &[vec![&north, &n1]],
            _ => &[],
        };
        for places in expected {
            assert_eq!(stream.next().await, changed(places), "{person}");
        }
        assert_eq!(stream.next().await, changed(&["tree"]), "{person}");
    }
}

async fn another_process_is_heard(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let other = portal.second().await;
    listening(&other).await;
    let mut nina = Stream::open(&other.client("nina").await).await;
    let mut sam = Stream::open(&other.client("sam").await).await;
    let ned = portal.client("ned").await;
    ned.reassign(
        &portal.pick("n1"),
        &portal.owner("@ned/North").to_string(),
        "takes-it",
    )
    .await
    .ok();
    let (north, to_ned) = (
        portal.owner("North").to_string(),
        portal.owner("@ned/North").to_string(),
    );
    assert_eq!(
        nina.next().await,
        changed(&[&north, &to_ned, &ticket(&portal, "n1")])
    );
    let south = portal.group("South").to_string();
    portal
        .client("boss")
        .await
        .post("rename_group", &[("group", &south), ("name", "Renamed")])
        .await
        .ok();
    assert_eq!(
        sam.next().await,
        "changed: [\"tree\"]",
        "and nothing of North before it"
    );
}

async fn a_stream_ends_with_its_session(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    listening(&portal).await;
    let (ned, nora) = (portal.client("ned").await, portal.client("nora").await);
    let (mut first, mut second) = (Stream::open(&ned).await, Stream::open(&nora).await);
    ned.post("log_out", &[]).await.ok();
    let boss = portal.client("boss").await;
    boss.reassign(
        &portal.pick("n1"),
        &portal.owner("@ned/North").to_string(),
        "to-ned-1",
    )
    .await
    .ok();
    assert_eq!(first.next().await, "bye: ", "after logging out nothing is told");
    assert_eq!(first.next().await, "end");
    assert!(second.next().await.starts_with("changed: "));
    // The same when the session was forgotten.
    portal.pass(IDLE + ms(60_000));
    let boss = portal.client("boss").await;
    portal.learn().await;
    boss.reassign(&portal.pick("n1"), &portal.owner("North").to_string(), "to-north")
        .await
        .ok();
    assert_eq!(second.next().await, "bye: ");
}

async fn nobody_gets_no_stream(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    assert_eq!(portal.nobody().get("/live").await.status, 401);
}
