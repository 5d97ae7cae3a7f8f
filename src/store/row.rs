//! Rows by name: a struct for what a statement yields, whose fields are called as the columns are. `TryFrom` makes of it
//! what the domain and the views know.

use std::str::FromStr;

use domain::{
    ids::{
        ActivationId, AmendmentId, ContainerId, CreationId, CredentialId, DeliveryId, EventId, GroupId,
        IdentityProviderId, ImportId, LeaseId, LicenseId, PersonalTokenId, ProductId, RequestId, SessionId,
        TakeBackId, TicketId, UserId, ViewId, WebhookId,
    },
    time::at_millisecond,
};
use jiff::Timestamp;
use sqlx::{Any, Decode, Row, Type, any::AnyRow, error::BoxDynError};

use crate::store::StoreError;

/// A moment in a column is none of the calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("{0} ms since 1970 is no time of the calendar")]
struct NoMoment(i64);

/// The moment in that column, which holds milliseconds since 1970 (UTC).
pub(super) fn moment(milliseconds: i64, column: &'static str) -> Result<Timestamp, StoreError> {
    at_millisecond(milliseconds).ok_or(StoreError::Inconsistent(column))
}

/// A value of one column.
pub(super) trait Column: Sized {
    /// As the driver yields it.
    type Sent: for<'r> Decode<'r, Any> + Type<Any>;

    fn from_sent(sent: Self::Sent) -> Result<Self, BoxDynError>;
}

impl Column for i64 {
    type Sent = Self;

    fn from_sent(sent: Self) -> Result<Self, BoxDynError> {
        Ok(sent)
    }
}

impl Column for String {
    type Sent = Self;

    fn from_sent(sent: Self) -> Result<Self, BoxDynError> {
        Ok(sent)
    }
}

/// A flag is a number in both engines.
impl Column for bool {
    type Sent = i64;

    fn from_sent(sent: i64) -> Result<Self, BoxDynError> {
        Ok(sent != 0)
    }
}

/// A moment is a number of milliseconds since 1970 (UTC) in both engines.
impl Column for Timestamp {
    type Sent = i64;

    fn from_sent(sent: i64) -> Result<Self, BoxDynError> {
        at_millisecond(sent).ok_or_else(|| NoMoment(sent).into())
    }
}

impl<T: Column> Column for Option<T> {
    type Sent = Option<T::Sent>;

    fn from_sent(sent: Self::Sent) -> Result<Self, BoxDynError> {
        sent.map(T::from_sent).transpose()
    }
}

macro_rules! ids {
    ($($id:ident)*) => {$(
        impl Column for $id {
            type Sent = i64;

            fn from_sent(sent: i64) -> Result<Self, BoxDynError> {
                Ok(Self(sent))
            }
        }
    )*};
}

ids! {
    ActivationId AmendmentId ContainerId CreationId CredentialId DeliveryId EventId GroupId IdentityProviderId ImportId LeaseId
    LicenseId PersonalTokenId ProductId RequestId SessionId TakeBackId TicketId UserId ViewId WebhookId
}

/// A field of a row: a column of its name, or a part with columns of its own.
pub(super) trait Field: Sized {
    /// `of` is the row that it is a field of, for errors.
    fn read(row: &AnyRow, name: &str, of: &str) -> Result<Self, sqlx::Error>;
}

impl<T: Column> Field for T {
    fn read(row: &AnyRow, name: &str, of: &str) -> Result<Self, sqlx::Error> {
        T::from_sent(row.try_get(name)?).map_err(|source| sqlx::Error::ColumnDecode {
            index: format!("{of}.{name}"),
            source,
        })
    }
}

/// Rows of a statement, read by the names of their columns. A row may be a field of another one, which then has its columns,
/// too. sqlx's derive would have its macros, and with them SQLite, built a second time.
macro_rules! rows {
    ($($(#[$attribute:meta])* $visibility:vis struct $row:ident { $($field:ident: $type:ty),* $(,)? })*) => {$(
        $(#[$attribute])*
        $visibility struct $row {
            $($field: $type),*
        }

        impl<'r> sqlx::FromRow<'r, sqlx::any::AnyRow> for $row {
            fn from_row(row: &'r sqlx::any::AnyRow) -> Result<Self, sqlx::Error> {
                Ok(Self {
                    $($field: $crate::store::row::Field::read(row, stringify!($field), stringify!($row))?),*
                })
            }
        }

        impl $crate::store::row::Field for $row {
            fn read(row: &sqlx::any::AnyRow, _: &str, _: &str) -> Result<Self, sqlx::Error> {
                sqlx::FromRow::from_row(row)
            }
        }
    )*};
}
pub(super) use rows;

/// What a text in that column stands for.
pub(super) fn parsed<T: FromStr>(text: &str, column: &'static str) -> Result<T, StoreError> {
    text.parse().map_err(|_| StoreError::Inconsistent(column))
}

/// A number in that column, in the type that the domain counts in.
pub(super) fn number<T: TryFrom<i64>>(number: i64, column: &'static str) -> Result<T, StoreError> {
    T::try_from(number).map_err(|_| StoreError::Inconsistent(column))
}

/// What each of the rows is to the domain.
pub(super) fn all<R, T: TryFrom<R>>(rows: Vec<R>) -> Result<Vec<T>, T::Error> {
    rows.into_iter().map(T::try_from).collect()
}

/// What the row, if there is one, is to the domain.
pub(super) fn optional<R, T: TryFrom<R>>(row: Option<R>) -> Result<Option<T>, T::Error> {
    row.map(T::try_from).transpose()
}
