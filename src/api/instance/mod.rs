//! The instance and its licence (S16). For ISV admins.

pub mod imports;

use domain::ids::RequestId;
use leptos::prelude::*;

use crate::{errors::ApiError, views::instance::Overview};

/// The licence administration's overview.
#[server(endpoint = "instance")]
pub async fn instance() -> Result<Overview, ApiError> {
    use crate::{auth::Reader, ops};
    let Reader { portal, user, .. } = Reader::of_request().await?;
    let vendor_mail = portal.outbox.vendor_mail.as_deref();
    Ok(ops::instance::overview(&portal.store, &portal.vendor, user, &portal.address, vendor_mail).await?)
}

/// Asks the vendor for more seats, or another usage variant (N12). Recorded, and mailed as soon as possible.
#[server(endpoint = "request_license")]
pub async fn request_license(
    seats: u32,
    #[server(default)] variant: String,
    #[server(default)] note: String,
) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    use domain::instance::requests::Wish;
    let Writer { portal, user } = Writer::of_request().await?;
    let wish = Wish { seats, variant, note };
    Ok(ops::instance::requests::request(&portal.store, &portal.vendor, user, &wish).await?)
}

/// Withdraws a request that was not answered yet.
#[server(endpoint = "withdraw_request")]
pub async fn withdraw_request(request: RequestId) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::instance::requests::withdraw(&portal.store, user, request).await?)
}

/// Demands a second factor of all admins, or leaves it to them.
#[server(endpoint = "demand_second_factor")]
pub async fn demand_second_factor(on: bool) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::accounts::second_factors::demand(&portal.store, user, on).await?)
}

/// Replaces the licence. One that cannot be used is refused, and the one in force stays.
#[server(endpoint = "replace_license")]
pub async fn replace_license(license: String) -> Result<(), ApiError> {
    use crate::{auth::Writer, ops};
    let Writer { portal, user } = Writer::of_request().await?;
    Ok(ops::instance::replace_license(&portal.store, &portal.vendor, user, &license).await?)
}
