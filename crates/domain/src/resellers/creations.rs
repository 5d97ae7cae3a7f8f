//! Creating licences, as tickets (S13): what is asked for, and what came of it.

use serde::{Deserialize, Serialize};

use crate::licensing::licenses::{MAX_DAYS, MAX_QUANTITY};

/// Most tickets that are created at once.
pub const MAX_SERIES: u32 = 500;
/// Most returns that a rule can name.
pub const MAX_RETURNS: u32 = 1_000_000;

/// Why tickets cannot be created like that.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidCreation {
    /// Not between 1 and [`MAX_QUANTITY`] licences.
    #[error("not between 1 and {MAX_QUANTITY} licences")]
    Quantity,
    /// Not between 1 and [`MAX_SERIES`] tickets.
    #[error("not between 1 and {MAX_SERIES} tickets")]
    Series,
    /// No days, or an end that is over or before the beginning.
    #[error("not two days one after the other, of which the last is still to come")]
    Dates,
    /// Not between 1 and [`MAX_DAYS`] days.
    #[error("not between 1 and {MAX_DAYS} days")]
    Days,
    /// More than [`MAX_RETURNS`].
    #[error("a licence can be given back at most {MAX_RETURNS} times")]
    Returns,
    /// A customer has a mail address: the link goes there.
    #[error("the mail address of the customer is missing")]
    NoEmail,
    /// No customer was chosen.
    #[error("no customer was chosen")]
    NoCustomer,
}
