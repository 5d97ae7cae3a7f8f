//! The terms of licences, as they stand in columns.

use domain::licensing::licenses::Validity;
use jiff::Timestamp;

use crate::store::{StoreError, row::number};

/// The time in which a licence can be used.
///
/// # Errors
/// [`StoreError::Inconsistent`] for days that are none.
pub(in crate::store) fn validity(
    days: Option<i64>,
    from: Option<Timestamp>,
    until: Option<Timestamp>,
) -> Result<Validity, StoreError> {
    Ok(match (days, from, until) {
        (Some(days), ..) => Validity::Days(number(days, "licenses.valid_days")?),
        (None, None, None) => Validity::Perpetual,
        (None, from, until) => Validity::Between(from, until),
    })
}
