//! The one error that browser and server share. Each reason is told in the file of its area: status and text side by side.

#[macro_use]
mod table;
#[macro_use]
mod policy;
#[macro_use]
mod general;
#[macro_use]
mod tickets;
#[macro_use]
mod groups;
#[macro_use]
mod accounts;
#[macro_use]
mod licensing;
#[macro_use]
mod resellers;
#[macro_use]
mod history;
#[macro_use]
mod instance;

pub mod words;

use domain::{
    access::Denied,
    accounts::{
        identity_providers::{FailedSignIn, InvalidProvider},
        personal_tokens::InvalidToken,
    },
    licensing::{
        amendments::InvalidAmendment, containers::MAX_CONTAINERS, credentials::InvalidCredential,
        devices::InvalidExchange, products::InvalidProduct, take_backs::InvalidTakeBack,
    },
    names::InvalidName,
    refusals::Refusal,
    tickets::splits::{InvalidJoin, InvalidSplit},
};
use jiff::SignedDuration;
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

use crate::i18n::{Language, format};

/// Why a server function has no answer.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum ApiError {
    /// Nobody is logged in, or no longer.
    #[error("not logged in")]
    NotLoggedIn,
    /// Login name or password are wrong; which of them is not told.
    #[error("login or password is wrong")]
    WrongLogin,
    /// Too many attempts.
    #[error("too many attempts, wait {seconds} s")]
    TooMany {
        /// When to try again.
        seconds: u64,
    },
    /// Refused, with the reason.
    #[error(transparent)]
    Refused(Refusal),
    /// The request could not be read.
    #[error("the request is malformed")]
    Malformed,
    /// The server did not answer: offline, restarting, or in the way of a proxy.
    #[error("the server cannot be reached")]
    Unreachable,
    /// The server has more to do than it can, and began nothing of this (RFC 9110, 15.6.4).
    #[error("too much to do, wait {seconds} s")]
    Overloaded {
        /// When to try again.
        seconds: u64,
    },
    /// The database does not answer. Where the request changes something, it may have.
    #[error("the database does not answer, wait {seconds} s")]
    DatabaseAway {
        /// When to try again.
        seconds: u64,
    },
    /// A defect of the portal. The details are in the server's log, under the request's id.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    /// What does not exist, or may not be known: the two are told alike (S4).
    pub const HIDDEN: Self = Self::Refused(Refusal::Denied(Denied::Hidden));

    /// Too often, for so long.
    #[must_use]
    pub const fn too_many(wait: SignedDuration) -> Self {
        Self::TooMany {
            seconds: wait.as_secs().unsigned_abs(),
        }
    }

    /// Too much at once, for so long.
    #[must_use]
    pub const fn overloaded(wait: SignedDuration) -> Self {
        Self::Overloaded {
            seconds: wait.as_secs().unsigned_abs(),
        }
    }

    /// The HTTP status that goes with it. What may not be known is a 404 like what does not exist (S4).
    #[must_use]
    pub const fn status(&self) -> u16 {
        status(self)
    }

    /// After how many seconds to try again, where time alone helps (RFC 9110, 10.2.3).
    #[must_use]
    pub const fn retry_after(&self) -> Option<u64> {
        match self {
            Self::TooMany { seconds } | Self::Overloaded { seconds } | Self::DatabaseAway { seconds } => {
                Some(*seconds)
            }
            _ => None,
        }
    }

    /// Whether it may have happened all the same: nobody heard how it ended. The same key finds that out.
    #[must_use]
    pub const fn leaves_open(&self) -> bool {
        matches!(self, Self::Unreachable | Self::DatabaseAway { .. })
    }

    /// Whether it says nothing about what was asked: the server is away or busy, and another attempt may succeed.
    #[must_use]
    pub const fn passes(&self) -> bool {
        self.leaves_open() || matches!(self, Self::Internal) || self.retry_after().is_some()
    }
}

table! { status, explain: ApiError;
    ApiError::NotLoggedIn => 401, Language::session_ended;
    ApiError::WrongLogin => 401, Language::wrong_login;
    ApiError::TooMany { seconds } => 429, |lang| lang.too_many_attempts(*seconds);
    ApiError::Refused(refusal) => refusal_status(refusal), |lang| explain_refusal(lang, refusal);
    ApiError::Malformed => 400, Language::malformed_request;
    ApiError::Unreachable => 503, Language::server_unreachable;
    ApiError::Overloaded { seconds } => 503, |lang| lang.overloaded(*seconds);
    ApiError::DatabaseAway { .. } => 503, Language::database_away;
    ApiError::Internal => 500, Language::internal_error;
}

policy! { general tickets groups accounts licensing resellers history instance refusals }

fn said<T: Into<String>>(lang: Language, text: impl FnOnce(Language) -> T) -> String {
    text(lang).into()
}

fn explain_name(lang: Language, why: InvalidName) -> String {
    match why {
        InvalidName::Empty => lang.name_empty().to_owned(),
        InvalidName::TooLong => lang.name_too_long().to_owned(),
        InvalidName::Control => lang.name_control().to_owned(),
    }
}

impl From<Refusal> for ApiError {
    fn from(refusal: Refusal) -> Self {
        Self::Refused(refusal)
    }
}

impl From<Denied> for ApiError {
    fn from(denied: Denied) -> Self {
        Self::Refused(Refusal::Denied(denied))
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            // In the browser this is an answer that no portal gives: a proxy in between speaks.
            ServerFnErrorErr::Deserialization(_) if cfg!(feature = "hydrate") => Self::Unreachable,
            // In the browser a form says what its function cannot take; nothing was sent.
            ServerFnErrorErr::Serialization(_) if cfg!(feature = "hydrate") => Self::Malformed,
            ServerFnErrorErr::Args(_)
            | ServerFnErrorErr::MissingArg(_)
            | ServerFnErrorErr::Deserialization(_)
            | ServerFnErrorErr::UnsupportedRequestMethod(_) => Self::Malformed,
            ServerFnErrorErr::Request(_) | ServerFnErrorErr::Response(_) => Self::Unreachable,
            ServerFnErrorErr::Registration(_)
            | ServerFnErrorErr::ServerError(_)
            | ServerFnErrorErr::MiddlewareError(_)
            | ServerFnErrorErr::Serialization(_) => Self::Internal,
        }
    }
}
