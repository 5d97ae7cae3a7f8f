//! Live updates for browsers: server-sent events made from what `jobs::live` reads.
//!
//! Each receiver is told only the places they may see at that moment, and nothing about what happened there: the browser
//! asks again.

use std::{collections::BTreeSet, convert::Infallible, time::Duration};

use axum::{
    extract::State,
    response::{IntoResponse, Sse, sse},
};
use domain::{accounts::sessions::Session, ids::UserId, refusals::Refusal};
use http::{HeaderMap, StatusCode};
use tokio::sync::broadcast::error::RecvError;
use tokio_stream::StreamExt;

use crate::{
    auth::{impersonation, portal::Portal, sessions::session_of},
    errors::ApiError,
    ops::history::live::{self, Place},
    server::refusals,
};

/// How often a quiet connection is checked: is its session still there?
const HEARTBEAT: Duration = Duration::from_secs(15);

/// The portal as who sent these headers sees it, and their login as that of the person they look as; `None` where nobody
/// is logged in, or a view as another person is over.
async fn seen_by(portal: &Portal, headers: &HeaderMap) -> Result<Option<(Portal, Session)>, ApiError> {
    let Some(session) = session_of(portal, headers).await? else {
        return Ok(None);
    };
    match impersonation::through(portal, session).await {
        Ok(seen) => Ok(Some(seen)),
        Err(ApiError::Refused(Refusal::ViewOver)) => Ok(None),
        Err(error) => Err(error),
    }
}

/// `GET /live`: `changed` with the places to ask again about; `bye` when the session has ended.
pub async fn stream(State(portal): State<Portal>, headers: HeaderMap) -> impl IntoResponse {
    let session = match seen_by(&portal, &headers).await {
        Ok(Some((_, session))) => session,
        Ok(None) => return StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => return refusals::head(&error).into_response(),
    };
    let open = match portal.limits.live_page(session.id) {
        Ok(open) => open,
        Err(error) => return refusals::head(&error).into_response(),
    };
    let (sender, receiver) = tokio::sync::mpsc::channel::<sse::Event>(16);
    tokio::spawn(async move {
        serve(portal, headers, session.user, sender).await;
        drop(open);
    });
    let events = tokio_stream::wrappers::ReceiverStream::new(receiver).map(Ok::<_, Infallible>);
    Sse::new(events)
        .keep_alive(sse::KeepAlive::new().interval(HEARTBEAT))
        .into_response()
}

async fn serve(
    portal: Portal,
    headers: HeaderMap,
    reader: UserId,
    to: tokio::sync::mpsc::Sender<sse::Event>,
) {
    let mut told = portal.live.subscribe();
    if to
        .send(sse::Event::default().event("hello").data(""))
        .await
        .is_err()
    {
        return;
    }
    // Something happened while the database was away.
    let mut missed = false;
    loop {
        let mut events = Vec::new();
        let mut all = missed;
        let received = tokio::select! {
            () = to.closed() => return,
            received = tokio::time::timeout(HEARTBEAT, told.recv()) => received,
        };
        match received {
            Ok(Ok(event)) => {
                events.push(event);
                // What belongs to one move comes together.
                while let Ok(event) = told.try_recv() {
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
            // The database will be back; the browser keeps its connection meanwhile, and is told then.
            Err(_) => {
                missed = all || !events.is_empty();
                continue;
            }
        };
        missed = false;
        let places = if all {
            BTreeSet::from([Place::All, Place::Tree])
        } else if events.is_empty() {
            continue;
        } else {
            match live::places(&seen.store, reader, &events).await {
                Ok(places) => places,
                Err(error) => {
                    tracing::warn!(%error, "cannot tell a browser what happened");
                    missed = true;
                    continue;
                }
            }
        };
        if places.is_empty() {
            continue;
        }
        // In the order of the texts, whatever that of the places is.
        let places: BTreeSet<String> = places.iter().map(Place::to_string).collect();
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
