//! What happens, as it happens: server-sent events made from the rows of the history.
//!
//! The database is asked twice a second, and at once after a commit of this process; so several processes on one
//! PostgreSQL see each other's events. Each receiver is told only the places they may see at that moment, and nothing
//! about what happened there: the browser asks again.

use std::{
    collections::{BTreeSet, HashMap},
    convert::Infallible,
    sync::Arc,
    time::Duration,
};

use axum::{
    extract::State,
    response::{IntoResponse, Sse, sse},
};
use domain::{
    access::{Actor, TicketFacts},
    accounts::sessions::Session,
    groups::tree::Node,
    history::events::EventKind,
    ids::{ContainerId, EventId, UserId},
    refusals::Refusal,
    tickets::owners::Owner,
};
use http::{HeaderMap, StatusCode};
use tokio::sync::broadcast::{self, error::RecvError};
use tokio_stream::StreamExt;

use crate::{
    auth::{self, portal::Portal},
    errors::ApiError,
    ops::OpError,
    store::{
        self, Store, Tx,
        history::events::{Entry, Event},
        sources::Sources,
    },
};

/// How often the database is asked for what other processes did.
const POLL: Duration = Duration::from_millis(400);
/// Ids are ordered by the clock of the process that made them and become visible at commit; so the last seconds are
/// read again each time. Longer than any clock is off, or a transaction takes.
const OVERLAP: i64 = 10_000;
/// How often a quiet connection is checked, in seconds: is its session still there?
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The stream of events within this process.
#[derive(Clone)]
pub struct Live(broadcast::Sender<Arc<Event>>);

impl Default for Live {
    fn default() -> Self {
        Self(broadcast::Sender::new(1024))
    }
}

impl Live {
    /// Reads new events until the process ends.
    pub async fn run(self, store: Store) {
        let mut commits = store.commits();
        let mut seen: HashMap<EventId, i64> = HashMap::new();
        let mut first = true;
        loop {
            let now = store.sources.now();
            match recent(&store, EventId(Sources::first_id_at(now - OVERLAP))).await {
                Ok(events) => {
                    for event in events {
                        if seen.insert(event.id, now).is_none() && !first {
                            // Nobody listening is no error.
                            let _ = self.0.send(Arc::new(event));
                        }
                    }
                    first = false;
                    seen.retain(|_, at| now - *at < 2 * OVERLAP);
                }
                Err(error) => tracing::warn!(%error, "cannot read the history"),
            }
            let _ = tokio::time::timeout(POLL, commits.changed()).await;
        }
    }
}

async fn recent(store: &Store, since: EventId) -> Result<Vec<Event>, OpError> {
    let mut tx = store.begin_read().await?;
    let mut events: Vec<Event> = store::history::events::since(&mut tx, since).await?;
    // A burst longer than one read.
    while let Some(last) = events.last().filter(|_| events.len().is_multiple_of(1000)) {
        let more = store::history::events::since(&mut tx, last.id).await?;
        if more.is_empty() {
            break;
        }
        events.extend(more);
    }
    Ok(events)
}

/// Which places a receiver should ask again about after these events.
async fn places(store: &Store, reader: UserId, events: &[Arc<Event>]) -> Result<BTreeSet<String>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = store::accounts::people::actor(&mut tx, reader)
        .await?
        .ok_or(OpError::NoSuchActor)?;
    let mut places = BTreeSet::new();
    // A move of many tickets names the same few owners again and again.
    let owners = events.iter().flat_map(|event| [event.entry.from, event.entry.to]);
    let known = store::tickets::bulk::places(&mut tx, &owners.flatten().collect()).await?;
    for Event { entry: event, .. } in events.iter().map(AsRef::as_ref) {
        if let Some(ticket) = event.ticket {
            // A move ends protected mode; a switch of it shows the ticket, or hides it from who saw it.
            let moved = event.kind != EventKind::GroupDeleted && event.license.is_none();
            let still_protected = event.was_protected && !moved;
            for (owner, protected) in [(event.from, event.was_protected), (event.to, still_protected)] {
                let Some(owner) = owner else { continue };
                let facts = known.get(&owner).map(|place| TicketFacts {
                    id: ticket,
                    place: place.clone(),
                    protected,
                });
                if facts.is_some_and(|facts| actor.sees_ticket(&facts)) {
                    places.insert(node(owner).to_string());
                    places.insert(format!("ticket:{ticket}"));
                }
            }
        }
        if let Some(container) = event.container
            && knows_of(&mut tx, &actor, container, event).await?
        {
            places.insert(format!("container:{container}"));
        }
        if event.ticket.is_some() {
            continue;
        }
        let own_membership = event.user == Some(reader);
        let group = event.group.map(Owner::Group);
        for owner in [group, event.from, event.to].into_iter().flatten() {
            let place = store::tickets::place(&mut tx, owner).await?;
            if own_membership || place.is_some_and(|place| actor.reaches(&place)) {
                places.insert("tree".to_owned());
            }
        }
    }
    Ok(places)
}

/// Whether the reader reaches the container, and may know of what was activated in it or given back.
async fn knows_of(
    tx: &mut Tx,
    actor: &Actor,
    container: ContainerId,
    event: &Entry,
) -> Result<bool, OpError> {
    let Some(container) = store::licensing::containers::by_id(tx, container).await? else {
        return Ok(false);
    };
    if !actor.reaches_container(&container.facts) {
        return Ok(false);
    }
    let (Some(ticket), Some(owner)) = (event.ticket, event.to) else {
        return Ok(true);
    };
    let place = store::tickets::place(tx, owner).await?;
    Ok(place.is_some_and(|place| {
        let ticket = TicketFacts {
            id: ticket,
            place,
            protected: event.was_protected,
        };
        actor.sees_activation(&ticket, &container.facts)
    }))
}

const fn node(owner: Owner) -> Node {
    match owner {
        Owner::Unassigned => Node::Unassigned,
        Owner::Group(group) => Node::Group(group),
        Owner::User { user, context } => Node::Person { user, group: context },
    }
}

/// The portal as who sent these headers sees it, and their login as that of the person they look as; `None` where nobody
/// is logged in, or a view as another person is over.
async fn seen_by(portal: &Portal, headers: &HeaderMap) -> Result<Option<(Portal, Session)>, ApiError> {
    let Some(session) = auth::session_of(portal, headers).await? else {
        return Ok(None);
    };
    match auth::impersonation::through(portal, session).await {
        Ok(seen) => Ok(Some(seen)),
        Err(ApiError::Refused(Refusal::ViewOver)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `GET /live`: `changed` with the places to ask again about; `bye` when the session has ended.
pub async fn stream(
    State(portal): State<Portal>,
    State(live): State<Live>,
    headers: HeaderMap,
) -> impl IntoResponse {
    let reader = match seen_by(&portal, &headers).await {
        Ok(Some((_, session))) => session.user,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(_) => return StatusCode::SERVICE_UNAVAILABLE.into_response(),
    };
    let (sender, receiver) = tokio::sync::mpsc::channel::<sse::Event>(16);
    tokio::spawn(serve(portal, live, headers, reader, sender));
    let events = tokio_stream::wrappers::ReceiverStream::new(receiver).map(Ok::<_, Infallible>);
    Sse::new(events)
        .keep_alive(sse::KeepAlive::new().interval(HEARTBEAT))
        .into_response()
}

async fn serve(
    portal: Portal,
    live: Live,
    headers: HeaderMap,
    reader: UserId,
    to: tokio::sync::mpsc::Sender<sse::Event>,
) {
    let mut live = live.0.subscribe();
    if to
        .send(sse::Event::default().event("hello").data(""))
        .await
        .is_err()
    {
        return;
    }
    loop {
        let mut events = Vec::new();
        let mut all = false;
        let received = tokio::select! {
            () = to.closed() => return,
            received = tokio::time::timeout(HEARTBEAT, live.recv()) => received,
        };
        match received {
            Ok(Ok(event)) => {
                events.push(event);
                // What belongs to one move comes together.
                while let Ok(event) = live.try_recv() {
                    events.push(event);
                }
            }
            // Too far behind to know what happened: ask for everything again.
            Ok(Err(RecvError::Lagged(_))) => all = true,
            Ok(Err(RecvError::Closed)) => return,
            Err(_) => {}
        }
        // The session may have ended since: without it nothing is told, not even that something happened.
        let seen = match seen_by(&portal, &headers).await {
            // Who has something else to do first is told nothing either, and stays.
            Ok(Some((_, session))) if session.user == reader && session.required_action.is_some() => continue,
            Ok(Some((seen, session))) if session.user == reader => seen,
            Ok(_) => {
                let _ = to.send(sse::Event::default().event("bye").data("")).await;
                return;
            }
            // The database will be back; the browser keeps its connection meanwhile.
            Err(_) => continue,
        };
        let places = if all {
            BTreeSet::from(["all".to_owned(), "tree".to_owned()])
        } else if events.is_empty() {
            continue;
        } else {
            match places(&seen.store, reader, &events).await {
                Ok(places) => places,
                Err(error) => {
                    tracing::warn!(%error, "cannot tell a browser what happened");
                    continue;
                }
            }
        };
        if places.is_empty() {
            continue;
        }
        let Ok(data) = serde_json::to_string(&places) else {
            continue;
        };
        if to
            .send(sse::Event::default().event("changed").data(data))
            .await
            .is_err()
        {
            return;
        }
    }
}
