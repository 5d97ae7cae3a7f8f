//! Live updates for browsers: server-sent events made from what `jobs::live` reads.
//!
//! Each page is told only the places that its reader may see at that moment, and nothing about what happened there: the
//! browser asks again. An open page has no task of its own, and holds no more than what it has yet to be told.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use axum::{
    extract::State,
    response::{IntoResponse, Response, Sse, sse},
};
use domain::ids::SessionId;
use http::{HeaderMap, StatusCode};
use tokio_stream::Stream;

use crate::{
    auth::{at_once::Held, portal::Portal, sessions::session_of},
    errors::ApiError,
    metrics::{Unavailable, unavailable},
    ops::{
        history::live::{self, OpenPage, Told},
        workers,
    },
    server::refusals,
};

/// How often a quiet connection is kept open.
const HEARTBEAT: Duration = Duration::from_secs(15);

/// What a page is told, as it is sent.
struct Events {
    page: OpenPage,
    begun: bool,
    _open: Held<SessionId>,
}

impl Stream for Events {
    type Item = Result<sse::Event, Infallible>;

    fn poll_next(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let event =
            |name: &str, data: &str| Poll::Ready(Some(Ok(sse::Event::default().event(name).data(data))));
        if !std::mem::replace(&mut self.begun, true) {
            return event("hello", "");
        }
        match Pin::new(&mut self.page).poll_next(context) {
            Poll::Ready(Some(Told::Changed(places))) => event("changed", &places),
            Poll::Ready(Some(Told::Over)) => event("bye", ""),
            Poll::Ready(None) => Poll::Ready(None),
            Poll::Pending => Poll::Pending,
        }
    }
}

/// `GET /live`: `changed` with the places to ask again about; `bye` when the session has ended.
pub async fn stream(State(portal): State<Portal>, headers: HeaderMap) -> Response {
    match open(&portal, &headers).await {
        Ok(Some(events)) => Sse::new(events)
            .keep_alive(sse::KeepAlive::new().interval(HEARTBEAT))
            .into_response(),
        Ok(None) => StatusCode::UNAUTHORIZED.into_response(),
        Err(error) => refusals::head(&error).into_response(),
    }
}

/// `None` where nobody is logged in, or a view as another person is over.
async fn open(portal: &Portal, headers: &HeaderMap) -> Result<Option<Events>, ApiError> {
    let Some(session) = session_of(portal, headers).await? else {
        return Ok(None);
    };
    let Some(reader) = live::reader(&portal.store, &session).await? else {
        return Ok(None);
    };
    let open = portal.limits.live_page(session.id)?;
    let page = portal.live.open(session.id, reader).map_err(|live::Full| {
        unavailable(Unavailable::LivePages);
        ApiError::overloaded(workers::RETRY_AFTER)
    })?;
    Ok(Some(Events {
        page,
        begun: false,
        _open: open,
    }))
}
