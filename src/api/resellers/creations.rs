//! Creating tickets (S13), with their customer where it is a new one (S15).

use domain::ids::{CreationId, GroupId};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::resellers::creations::{CreationChoices, CreationDetail, CreationPage, NewTickets},
};

/// What the form for new tickets offers in that group, or in the first one in which the reader creates tickets.
#[server(endpoint = "creation_form")]
pub async fn creation_form(
    group: Option<GroupId>,
    #[server(default)] search: String,
) -> Result<CreationChoices, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::resellers::creations::choices(&portal.store, user, group, &search).await?)
}

/// Creates tickets, and goes to the page with their codes. A repetition with the same `key` creates nothing more.
#[server(endpoint = "create_tickets")]
pub async fn create_tickets(new: NewTickets, key: String) -> Result<CreationId, ApiError> {
    use crate::{
        auth::{self, Visitor, Writer},
        ops,
        views::addresses,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    let language = Visitor::of_request()?.language().tag();
    let id =
        ops::resellers::creations::create(&portal.store, &portal.vendor, user, &new, language, &key).await?;
    auth::go_on(&addresses::created(id));
    Ok(id)
}

/// A page of what the reader created, newest first.
#[server(endpoint = "creations")]
pub async fn creations(#[server(default)] page: u32) -> Result<CreationPage, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::resellers::creations::list(&portal.store, user, page).await?)
}

/// Tickets that the reader created together, with their codes.
#[server(endpoint = "creation")]
pub async fn creation(creation: CreationId) -> Result<CreationDetail, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::resellers::creations::detail(&portal.store, user, creation).await?)
}

/// Has the codes that can still be handed out mailed to the address.
#[server(endpoint = "mail_codes")]
pub async fn mail_codes(creation: CreationId, email: String) -> Result<(), ApiError> {
    use crate::{
        auth::{Visitor, Writer},
        ops,
    };
    let Writer { portal, user } = Writer::of_request().await?;
    portal.limits.codes_mail(user.0)?;
    let language = Visitor::of_request()?.language();
    Ok(
        ops::resellers::creations::mail_codes(
            &portal.store,
            &portal.outbox,
            user,
            creation,
            &email,
            language,
        )
        .await?,
    )
}
