//! Amending licences (N17): previewed, made, taken back.

use domain::ids::{AmendmentId, TicketId};
use leptos::prelude::*;

use crate::{
    errors::ApiError,
    views::licensing::amendments::{AmendmentPreview, LicenseAmendments, NewAmendment},
};

/// The licences of a ticket over time: what was done to them and is planned, and which machines know of it.
#[server(endpoint = "amendments")]
pub async fn amendments(ticket: TicketId) -> Result<Vec<LicenseAmendments>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::amendments::told::of_ticket(&portal.store, user, ticket).await?)
}

/// What amending licences would lead to, of each of them: how it stands before and after, and who loses what until when.
#[server(endpoint = "preview_amendment")]
pub async fn preview_amendment(new: NewAmendment) -> Result<Vec<AmendmentPreview>, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    Ok(ops::licensing::amendments::told::preview(&portal.store, user, &new).await?)
}

/// Amends licences: all of them or none. A repetition with the same `key` is answered like the first and changes nothing.
#[server(endpoint = "amend_licenses")]
pub async fn amend_licenses(new: NewAmendment, key: String) -> Result<Vec<AmendmentId>, ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::amendments::amend(&portal.store, user, &new, &key).await?)
}

/// Takes amendments back, while nothing followed from them: all of them or none.
#[server(endpoint = "undo_amendments")]
pub async fn undo_amendments(#[server(default)] amendments: Vec<AmendmentId>) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::licensing::amendments::undo(&portal.store, user, &amendments).await?)
}
