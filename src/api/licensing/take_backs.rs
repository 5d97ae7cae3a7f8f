//! Taking back what nobody uses (N18): asked for, kept, given back, cancelled.

use domain::ids::TakeBackId;
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::take_backs::{NewTakeBack, TakeBackPage, TakeBackQuery},
};

/// The requests that wait for the reader, and the reader's own; or the open one of a ticket.
#[server(endpoint = "take_backs")]
pub async fn read_take_backs(#[server(default)] query: TakeBackQuery) -> Result<TakeBackPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::take_backs::told::page(&portal.store, user, &query).await?)
}

/// Asks whoever has the tickets to give them back, and takes them back on the day: all of them or none.
#[server(endpoint = "ask_take_back")]
pub async fn ask_take_back(#[server(default)] new: NewTakeBack) -> Result<Vec<TakeBackId>, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::take_backs::ask(&portal.store, user, &new).await?)
}

/// Keeps a ticket that somebody wants back.
#[server(endpoint = "keep_take_back")]
pub async fn keep_take_back(take_back: TakeBackId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    use domain::access::Answer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::take_backs::answer(&portal.store, user, take_back, Answer::Keep).await?)
}

/// Gives a ticket back that somebody wants, without waiting for the day.
#[server(endpoint = "give_take_back")]
pub async fn give_take_back(take_back: TakeBackId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    use domain::access::Answer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::take_backs::answer(&portal.store, user, take_back, Answer::Give).await?)
}

/// Cancels what the caller asked for.
#[server(endpoint = "cancel_take_back")]
pub async fn cancel_take_back(take_back: TakeBackId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    use domain::access::Answer;
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::take_backs::answer(&portal.store, user, take_back, Answer::Cancel).await?)
}
