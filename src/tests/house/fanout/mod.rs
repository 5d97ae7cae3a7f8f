//! Who is told of what: the index of open pages against a policy that is asked for each page by itself, and what a change costs
//! where many pages are open.

mod changes;

use std::{collections::BTreeSet, fmt::Write as _};

use domain::{
    access::{Actor, TicketFacts},
    groups::tree::Node,
    history::events::EventKind,
    ids::EventId,
    tickets::owners::Owner,
};
use license_portal::{
    ops::history::{
        chain,
        live::{self, OpenPage, Reader, Told},
    },
    store::{self, Engine, history::events::Event},
};
use tokio_stream::StreamExt;

use crate::{
    house::fanout::changes::{Chance, change},
    support::{portal::TestPortal, rounds::share_of, statements::recorded},
};

on_both_engines!(
    everybody_is_told_what_the_policy_says,
    a_change_costs_the_same_with_many_pages_open,
    an_event_that_is_committed_late_is_told,
    no_page_is_told_without_end,
);

const COMPANY: &str = "
    @isv^ @auditor^
    #free
    Company/
      @boss* @every @watcher*
      #c1 #c2!
      North/
        @nina* @ned #ned1 @nora
        #n1 #n2!
        Lab/
          @lena* @ned
          #l1
      South/
        @sam* @sue #sue1
        #s1
    Other/
      @otto* @olga
      #o1
";

/// Changes in `make test`.
const SHORT: usize = 120;
/// Those that are made for a proof.
const LONG: usize = 20_000;

/// What the page was told; `None` where its login is over.
fn told(page: &mut OpenPage) -> Option<BTreeSet<String>> {
    let mut places = BTreeSet::new();
    loop {
        let next = std::pin::pin!(page.next());
        let mut context = std::task::Context::from_waker(std::task::Waker::noop());
        match next.poll(&mut context) {
            std::task::Poll::Pending => return Some(places),
            std::task::Poll::Ready(Some(Told::Changed(more))) => {
                places.extend(serde_json::from_str::<BTreeSet<String>>(&more).unwrap());
            }
            std::task::Poll::Ready(_) => return None,
        }
    }
}

/// What a reader is told of these events, asked of the policy with all that is read for this reader alone.
async fn expected(portal: &TestPortal, reader: Reader, events: &[Event]) -> BTreeSet<String> {
    let mut tx = portal.store.begin_read().await.unwrap();
    let Reader { user, impersonated } = reader;
    let actor = store::accounts::people::actor(&mut tx, user).await.unwrap();
    let actor = Actor {
        impersonated,
        ..actor.unwrap()
    };
    let mut places = BTreeSet::new();
    for Event { entry, .. } in events {
        for (owner, was) in [(entry.from, true), (entry.to, false)] {
            let (Some(ticket), Some(owner)) = (entry.ticket, owner) else {
                continue;
            };
            let Some(place) = store::tickets::place(&mut tx, owner).await.unwrap() else {
                continue;
            };
            // Moves end protected mode; inheriting and activating do not.
            let keeps = entry.kind == EventKind::GroupDeleted || entry.license.is_some();
            let facts = TicketFacts {
                id: ticket,
                place,
                protected: entry.was_protected && (was || keeps),
            };
            if actor.sees_ticket(&facts) {
                places.insert(node(owner).to_string());
                places.insert(format!("ticket:{ticket}"));
            }
        }
        if let Some(id) = entry.container
            && let Some(container) = store::licensing::containers::by_id(&mut tx, id).await.unwrap()
            && actor.reaches_container(&container.facts)
        {
            let knows = match (entry.ticket, entry.to) {
                (Some(ticket), Some(owner)) => {
                    let place = store::tickets::place(&mut tx, owner).await.unwrap();
                    place.is_some_and(|place| {
                        let facts = TicketFacts {
                            id: ticket,
                            place,
                            protected: entry.was_protected,
                        };
                        actor.sees_activation(&facts, &container.facts)
                    })
                }
                _ => true,
            };
            if knows {
                places.insert(format!("container:{id}"));
            }
        }
        if entry.ticket.is_none() {
            let group = entry.group.map(Owner::Group);
            for owner in [group, entry.from, entry.to].into_iter().flatten() {
                let place = store::tickets::place(&mut tx, owner).await.unwrap();
                if entry.user == Some(user) || place.is_some_and(|place| actor.reaches(&place)) {
                    places.insert("tree".to_owned());
                }
            }
        }
    }
    places
}

const fn node(owner: Owner) -> Node {
    match owner {
        Owner::Unassigned => Node::Unassigned,
        Owner::Group(group) => Node::Group(group),
        Owner::User { user, context } => Node::Person { user, group: context },
    }
}

/// The events that were not seen yet.
async fn fresh(portal: &TestPortal, seen: &mut BTreeSet<EventId>) -> Vec<Event> {
    let ids = portal.texts("SELECT CAST(id AS TEXT) FROM events").await;
    let ids = ids.into_iter().map(|id| EventId(id.parse().unwrap()));
    let fresh: Vec<EventId> = ids.filter(|id| seen.insert(*id)).collect();
    let mut tx = portal.store.begin_read().await.unwrap();
    store::history::events::by_ids(&mut tx, &fresh).await.unwrap()
}

async fn open(portal: &TestPortal, login: &str) -> OpenPage {
    portal.client(login).await;
    portal.learn().await;
    let reader = Reader {
        user: portal.person(login),
        impersonated: false,
    };
    portal.portal.live.open(portal.session(login), reader).unwrap()
}

/// Somebody's page, and as whom they see it.
struct Watched {
    login: &'static str,
    /// As whom they want to see it: themselves, or another person (N16).
    of: Option<&'static str>,
    page: Option<(OpenPage, Reader)>,
}

impl Watched {
    /// As whom the portal is seen with the login now, if with any.
    async fn reader(&self, portal: &TestPortal) -> Option<Reader> {
        let user = portal.person(self.login);
        let running = format!("SELECT token_hash FROM sessions WHERE user_id = {user} AND ended_at IS NULL");
        let session = portal.texts(&running).await.pop()?;
        let session = portal.portal.sessions.running(&session).await.unwrap()?;
        live::reader(&portal.store, &session).await.unwrap()
    }

    /// Opens the page, unless they may not see it.
    async fn open(&mut self, portal: &TestPortal) {
        let client = portal.client(self.login).await;
        if let Some(of) = self.of {
            client.post("end_view", &[]).await;
            let user = portal.person(of).to_string();
            if client.post("view_as", &[("user", &user)]).await.status != 200 {
                return;
            }
        }
        portal.learn().await;
        let reader = self.reader(portal).await.expect("a login");
        assert_eq!(reader.user, portal.person(self.of.unwrap_or(self.login)));
        let page = portal.portal.live.open(portal.session(self.login), reader);
        self.page = Some((page.unwrap(), reader));
    }
}

async fn read(portal: &TestPortal) {
    let live = portal.portal.live.clone();
    live.read(&portal.store, &portal.portal.sessions).await.unwrap();
}

async fn told_as_the_policy_says(portal: &TestPortal, changes: usize, seed: u64) {
    let mut chance = Chance(seed);
    let people = [
        "isv", "boss", "every", "nina", "ned", "nora", "lena", "sam", "sue", "otto", "olga",
    ];
    // An ISV admin looks with the person's own eyes, an admin of groups does not.
    let views = [("auditor", "nina"), ("watcher", "ned")].map(|(login, of)| (login, Some(of)));
    let pages = people.into_iter().map(|login| (login, None)).chain(views);
    let mut pages: Vec<Watched> = pages
        .map(|(login, of)| Watched {
            login,
            of,
            page: None,
        })
        .collect();
    let mut seen = BTreeSet::new();
    fresh(portal, &mut seen).await;
    read(portal).await;
    let (mut number, mut told_of, mut spared, mut ended) = (0, 0_usize, 0_usize, 0_usize);
    let (mut told_views, mut ended_views) = ([0, 0], 0);
    let mut done = std::collections::BTreeMap::<&str, usize>::new();
    while number < changes {
        for watched in &mut pages {
            let login = watched.login;
            let active = portal.number(&format!("SELECT COUNT(*) FROM users WHERE login = '{login}' AND active = 1 AND password_until IS NULL")).await;
            if watched.page.is_none() && active == 1 && chance.below(3) > 0 {
                watched.open(portal).await;
            }
        }
        // Opening is no change; several changes may be read at once, sealed or not.
        for _ in 0..=chance.below(3) {
            number += 1;
            let (function, form) = change(portal, &mut chance, number).await;
            let by = ["isv", "isv", "isv", "boss", "nina"][chance.below(5)];
            let active = portal
                .number(&format!(
                    "SELECT COUNT(*) FROM users WHERE login = '{by}' AND active = 1"
                ))
                .await;
            let by = if active == 1 { by } else { "isv" };
            let answer = portal.client(by).await.post_form(function, &form).await;
            assert!(answer.status < 500, "{function} {form}: {}", answer.text());
            *done.entry(function).or_default() += usize::from(answer.status == 200 || answer.status == 302);
            if chance.below(4) == 0 {
                chain::seal(&portal.store).await.unwrap();
            }
        }
        let events = fresh(portal, &mut seen).await;
        read(portal).await;
        for watched in &mut pages {
            let seen_as = watched.reader(portal).await;
            let login = watched.login;
            let Some((page, reader)) = &mut watched.page else {
                continue;
            };
            let stands = seen_as == Some(*reader);
            let expected = expected(portal, *reader, &events).await;
            match told(page) {
                Some(places) => {
                    assert!(
                        stands || expected.is_empty() && places.is_empty(),
                        "{login} sees nothing any more as {reader:?}"
                    );
                    assert_eq!(places, expected, "{login} as {reader:?} of {events:#?}");
                    told_of += places.len();
                    spared += usize::from(places.is_empty());
                    if watched.of.is_some() {
                        told_views[usize::from(reader.impersonated)] += places.len();
                    }
                }
                None => {
                    assert!(!stands, "{login} sees the portal as {reader:?}");
                    ended += 1;
                    ended_views += usize::from(watched.of.is_some());
                    watched.page = None;
                }
            }
        }
    }
    println!(
        "figure: fan-out: {changes} changes, {told_of} places told, {spared} times nothing, {ended} pages over; to who looks as somebody \
         {told_views:?}, {ended_views} over; {done:?}"
    );
    assert!(told_views.iter().all(|told| *told > 0), "{told_views:?}");
    assert!(
        told_of > changes / 2 && spared > changes / 2,
        "{told_of} {spared}"
    );
}

async fn everybody_is_told_what_the_policy_says(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    told_as_the_policy_says(&portal, SHORT, 7).await;
}

mod everybody_is_told_what_the_policy_says_for_long {
    use super::{COMPANY, Engine, LONG, TestPortal, share_of, told_as_the_policy_says};

    #[tokio::test]
    #[ignore = "for .ci/prove"]
    async fn sqlite() {
        let portal = TestPortal::start(Engine::Sqlite, COMPANY).await;
        told_as_the_policy_says(&portal, share_of(LONG), 11).await;
    }

    #[tokio::test]
    #[ignore = "for .ci/prove"]
    async fn postgres() {
        let portal = TestPortal::start(Engine::Postgres, COMPANY).await;
        told_as_the_policy_says(&portal, share_of(LONG), 13).await;
    }
}

async fn a_change_costs_the_same_with_many_pages_open(engine: Engine) {
    let mut company = COMPANY.to_owned();
    company.push_str("    Crowd/\n");
    for number in 0..40 {
        writeln!(company, "      @crowd{number}").unwrap();
    }
    let portal = TestPortal::start(engine, &company).await;
    let mut nina = open(&portal, "nina").await;
    read(&portal).await;
    let boss = portal.client("boss").await;
    let lab = portal.group("Lab").to_string();
    let mut statements = Vec::new();
    let mut crowd = Vec::new();
    for (key, ticket, to) in [
        ("first-move", "n1", "@ned/North"),
        ("second-move", "n2", "@ned/North"),
    ] {
        // Once, those who came since are read.
        boss.post("rename_group", &[("group", &lab), ("name", key)])
            .await
            .ok();
        read(&portal).await;
        chain::seal(&portal.store).await.unwrap();
        read(&portal).await;
        told(&mut nina).unwrap();
        let to = portal.owner(to).to_string();
        boss.reassign(&portal.pick(ticket), &to, key).await.ok();
        let live = &portal.portal.live;
        let (read, ran) = recorded(live.read(&portal.store, &portal.portal.sessions)).await;
        read.unwrap();
        assert!(
            told(&mut nina)
                .unwrap()
                .contains(&format!("ticket:{}", portal.ticket(ticket)))
        );
        statements.push(ran);
        for number in 0..40 {
            let login = format!("crowd{number}");
            let page = open(&portal, &login).await;
            let reader = Reader {
                user: portal.person(&login),
                impersonated: false,
            };
            let session = portal.session(&login);
            crowd.push(page);
            crowd.extend((0..24).map(|_| live.open(session, reader).unwrap()));
        }
    }
    assert!(live_pages(&portal) >= 2 * 40 * 25);
    assert!(
        !statements[0].is_empty() && statements[0].len() <= 12,
        "{statements:#?}"
    );
    assert_eq!(statements[0], statements[1], "with a thousand pages more");
}

fn live_pages(portal: &TestPortal) -> usize {
    portal.portal.live.open_pages()
}

/// Its id is older than those that were read, and so is its time: whoever made it took long.
async fn an_event_that_is_committed_late_is_told(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let mut nina = open(&portal, "nina").await;
    read(&portal).await;
    let boss = portal.client("boss").await;
    let lab = portal.group("Lab").to_string();
    boss.post("rename_group", &[("group", &lab), ("name", "New")])
        .await
        .ok();
    chain::seal(&portal.store).await.unwrap();
    read(&portal).await;
    assert_eq!(told(&mut nina), Some(BTreeSet::from(["tree".to_owned()])));
    portal
        .run(&format!(
            "INSERT INTO events (id, at, kind, actor_id, group_id) SELECT MIN(id) - 1, MIN(at), 'group_renamed', {}, {lab} FROM events",
            portal.person("boss"),
        ))
        .await;
    read(&portal).await;
    assert_eq!(told(&mut nina), Some(BTreeSet::from(["tree".to_owned()])));
    read(&portal).await;
    chain::seal(&portal.store).await.unwrap();
    read(&portal).await;
    assert_eq!(told(&mut nina), Some(BTreeSet::new()), "once");
}

async fn no_page_is_told_without_end(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let mut nina = open(&portal, "nina").await;
    read(&portal).await;
    let boss = portal.client("boss").await;
    let lab = portal.group("Lab").to_string();
    for number in 0..40 {
        let name = format!("New {number}");
        boss.post("rename_group", &[("group", &lab), ("name", &name)])
            .await
            .ok();
        read(&portal).await;
    }
    let told = told(&mut nina).unwrap();
    assert!(
        told.contains("all"),
        "who is far behind asks for everything: {told:?}"
    );
    drop(nina);
    assert_eq!(live_pages(&portal), 0);
}
