//! How a browser lays out the list of tickets.

use domain::refusals::Refusal;

use crate::{
    auth::{
        answers::{secure, set_cookie},
        callers::visitor::Visitor,
    },
    errors::ApiError,
    views::tickets::layout::{Column, LAYOUT_COOKIE, Layout},
};

/// Remembers the columns in this browser; places without one are left out.
///
/// # Errors
/// [`ApiError::Refused`] for a column that there is not.
pub fn set_layout(columns: &[String], compact: bool) -> Result<(), ApiError> {
    let names = columns.iter().filter(|name| !name.is_empty());
    let columns: Option<Vec<Column>> = names.map(|name| Column::of(name)).collect();
    let layout = Layout::new(columns.ok_or(ApiError::Refused(Refusal::Malformed))?, compact);
    let visitor = Visitor::of_request()?;
    set_cookie(&format!(
        "{LAYOUT_COOKIE}={layout}; Path=/; SameSite=Lax; Max-Age=31536000{}",
        secure(&visitor.portal)
    ))
}
