//! The one error that browser and server share.

pub mod words;

use domain::{
    access::Denied,
    accounts::personal_tokens::InvalidToken,
    licensing::{credentials::InvalidCredential, devices::InvalidExchange},
    refusals::Refusal,
};
use leptos::{
    prelude::{FromServerFnError, ServerFnErrorErr},
    server_fn::codec::JsonEncoding,
};
use serde::{Deserialize, Serialize};

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
    /// A defect of the portal. The details are in the server's log, under the request's id.
    #[error("internal error")]
    Internal,
}

impl ApiError {
    /// What does not exist, or may not be known: the two are told alike (S4).
    pub const HIDDEN: Self = Self::Refused(Refusal::Denied(Denied::Hidden));

    /// The HTTP status that goes with it. What may not be known is a 404 like what does not exist (S4).
    #[must_use]
    pub const fn status(&self) -> u16 {
        match self {
            Self::NotLoggedIn | Self::WrongLogin => 401,
            Self::TooMany { .. } => 429,
            Self::Malformed => 400,
            Self::Unreachable => 503,
            Self::Internal => 500,
            Self::Refused(refusal) => match refusal {
                Refusal::Denied(Denied::Hidden) => 404,
                Refusal::Denied(Denied::AlreadyThere)
                | Refusal::Overtaken { .. }
                | Refusal::PreviewOutdated
                | Refusal::NotViewing
                | Refusal::NameTaken
                | Refusal::NothingToUndo
                | Refusal::KeyReused
                | Refusal::LoggedInAlready(_)
                | Refusal::TabOpen
                | Refusal::NoSeatLeft(_)
                | Refusal::NoPassword
                | Refusal::LoginTaken
                | Refusal::LastIsvAdmin
                | Refusal::ArticleTaken
                | Refusal::NotEnough { .. }
                | Refusal::LicenseExpired
                | Refusal::NoReturnsLeft
                | Refusal::StillActivated
                | Refusal::TooManyAtOnce { .. }
                | Refusal::ChangedSince
                | Refusal::InvalidTransition(_)
                | Refusal::OnMachine
                | Refusal::WholeOnly
                | Refusal::OtherKind
                | Refusal::ContainerNotEmpty
                | Refusal::ImportOpen
                | Refusal::ImportOver
                | Refusal::OverQuota(_)
                | Refusal::NoFreeCodes
                | Refusal::InvalidExchange(
                    InvalidExchange::Replayed | InvalidExchange::NotExpected | InvalidExchange::Lost,
                )
                | Refusal::InvalidToken(InvalidToken::TooMany)
                | Refusal::NotEmpty => 409,
                Refusal::Denied(_)
                | Refusal::Inactive
                | Refusal::PasswordExpired
                | Refusal::PasswordTemporary
                | Refusal::SecondFactorDemanded
                | Refusal::WrongCode
                | Refusal::CodeNeeded
                | Refusal::LoginExpired
                | Refusal::LinkExpired
                | Refusal::ViewingAs
                | Refusal::ViewOver
                | Refusal::WrongPassword => 403,
                Refusal::InvalidCredential(
                    InvalidCredential::TooMany | InvalidCredential::NotDisabled | InvalidCredential::Over,
                ) => 409,
                Refusal::InvalidCredential(InvalidCredential::Days | InvalidCredential::Overlap)
                | Refusal::InvalidExchange(
                    InvalidExchange::Unreadable
                    | InvalidExchange::NoCode
                    | InvalidExchange::Altered
                    | InvalidExchange::Foreign,
                )
                | Refusal::InvalidSerial
                | Refusal::InvalidName(_)
                | Refusal::InvalidCode { .. }
                | Refusal::UnknownCode { .. }
                | Refusal::NoCodes
                | Refusal::NothingSelected
                | Refusal::TooManyTickets
                | Refusal::TooManyActivated
                | Refusal::NoReason
                | Refusal::WeakPassword(_)
                | Refusal::InvalidLogin
                | Refusal::InvalidEmail
                | Refusal::InvalidProduct(_)
                | Refusal::InvalidWish(_)
                | Refusal::InvalidCreation(_)
                | Refusal::InvalidQuota(_)
                | Refusal::InvalidToken(InvalidToken::Days | InvalidToken::NoScope)
                | Refusal::InvalidWebhook(_)
                | Refusal::InvalidLicense(_) => 422,
                Refusal::Malformed => 400,
            },
        }
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
