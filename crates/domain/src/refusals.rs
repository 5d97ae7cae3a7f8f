//! Why the portal did not do what it was asked: the one list of reasons, for every layer.

use serde::{Deserialize, Serialize};

use crate::{
    access::denied::Denied,
    accounts::{
        WeakPassword,
        identity_providers::{FailedSignIn, InvalidProvider},
        personal_tokens::InvalidToken,
        seats::NoSeatLeft,
        sessions::LoggedInAlready,
    },
    history::webhooks::InvalidWebhook,
    instance::{InvalidLicense, requests::InvalidWish},
    licensing::{
        amendments::InvalidAmendment,
        credentials::InvalidCredential,
        devices::{InvalidExchange, InvalidTransition},
        products::InvalidProduct,
        take_backs::InvalidTakeBack,
    },
    names::InvalidName,
    resellers::{
        creations::InvalidCreation,
        quotas::{InvalidQuota, OverQuota},
    },
    tickets::{
        Holder,
        codes::{InvalidCode, TicketCode},
        splits::{InvalidJoin, InvalidSplit},
    },
};

/// How many tickets are named beside the first one of which a refusal tells.
pub const ALSO_NAMED: usize = 3;

/// A reason that the person can understand and act on.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum Refusal {
    /// The policy says no.
    #[error(transparent)]
    Denied(#[from] Denied),
    /// A name cannot be used.
    #[error(transparent)]
    InvalidName(#[from] InvalidName),
    /// There is a group of that name there already.
    #[error("there is a group of that name already")]
    NameTaken,
    /// The ticket is no longer where the actor saw it; it may be one of several.
    #[error("somebody else was faster")]
    Overtaken {
        /// The ticket, by what people call it.
        code: TicketCode,
        /// Where it is now, as far as the actor may know.
        now: Holder,
        /// Who moved it, if the actor may know.
        by: Option<String>,
        /// The first of the others of which the same holds, at most [`ALSO_NAMED`].
        also: Box<[TicketCode]>,
        /// How many others there are.
        others: u32,
    },
    /// What the preview of a move said is no longer so.
    #[error("the tickets have changed since the preview")]
    PreviewOutdated,
    /// More tickets than can be moved at once ([`MAX_TICKETS`](crate::tickets::MAX_TICKETS)).
    #[error("more tickets than can be moved at once")]
    TooManyTickets,
    /// A person, or a group, has as many saved views as there may be.
    #[error("there are too many saved views")]
    TooManyViews,
    /// More tickets than can have their activated licences taken back at once
    /// ([`MAX_CLEARED`](crate::tickets::MAX_CLEARED)).
    #[error("more tickets with activated licences than can be taken back at once")]
    TooManyActivated,
    /// The move to be taken back does not exist, or is not the actor's.
    #[error("there is nothing to undo")]
    NothingToUndo,
    /// The key was used for a different request.
    #[error("the idempotency key belongs to another request")]
    KeyReused,
    /// The n-th code (from 1) is mistyped.
    #[error("code {at} is mistyped: {why}")]
    InvalidCode {
        /// The position of the code in what was entered, from 1.
        at: u32,
        /// The kind of typing error.
        why: InvalidCode,
    },
    /// The n-th code (from 1) is well formed, and is not one that can be redeemed. Whether it exists is not told.
    #[error("code {at} cannot be redeemed")]
    UnknownCode {
        /// The position of the code in what was entered, from 1.
        at: u32,
    },
    /// No code was given, or more than can be redeemed at once.
    #[error("enter one to 50 codes")]
    NoCodes,
    /// No licence was selected for what is done with the selected ones.
    #[error("no licence is selected")]
    NothingSelected,
    /// The group still holds something, and nobody was named to get it.
    #[error("the group is not empty")]
    NotEmpty,
    /// The account is logged in elsewhere (S18).
    #[error(transparent)]
    LoggedInAlready(#[from] LoggedInAlready),
    /// The session to be closed has an open tab (S19).
    #[error("the browser tab is open")]
    TabOpen,
    /// The pool of user seats is exhausted (S17).
    #[error(transparent)]
    NoSeatLeft(#[from] NoSeatLeft),
    /// An account without a password cannot be switched on (S17).
    #[error("the account has no password yet")]
    NoPassword,
    /// The account is switched off (S17).
    #[error("the account is inactive")]
    Inactive,
    /// The generated password was not used in time.
    #[error("the generated password has expired")]
    PasswordExpired,
    /// A generated password is to be replaced before anything else is done.
    #[error("choose a password of your own first")]
    PasswordTemporary,
    /// The present password, asked for once more, is wrong.
    #[error("the present password is wrong")]
    WrongPassword,
    /// A provider did not sign somebody in, or no account was linked.
    #[error(transparent)]
    FailedSignIn(#[from] FailedSignIn),
    /// An identity provider cannot be kept like that.
    #[error(transparent)]
    InvalidProvider(#[from] InvalidProvider),
    /// The link that sets a new password was used, or is too old.
    #[error("the link was used or has expired")]
    LinkExpired,
    /// The account has a second factor, and no code of it was given.
    #[error("the code of the second factor is missing")]
    CodeNeeded,
    /// The code is wrong, was used already, or has expired.
    #[error("the code is wrong or was used already")]
    WrongCode,
    /// The password was given too long ago to go on with a code.
    #[error("log in again")]
    LoginExpired,
    /// Admins add a second factor before anything else is done.
    #[error("add a second factor first")]
    SecondFactorDemanded,
    /// The new password cannot be used.
    #[error(transparent)]
    WeakPassword(#[from] WeakPassword),
    /// The login is taken.
    #[error("the login is taken")]
    LoginTaken,
    /// The text is no login name.
    #[error("not a login name")]
    InvalidLogin,
    /// The text is no mail address.
    #[error("not a mail address")]
    InvalidEmail,
    /// Nobody was selected for what is done with the selected people.
    #[error("nobody is selected")]
    NobodySelected,
    /// Permissions hold in a group, and none was named (S13).
    #[error("permissions without a group")]
    PermissionsWithoutGroup,
    /// Who has no mail address cannot be invited (S17).
    #[error("nowhere to send the invitation to")]
    NoEmail,
    /// Who has a password is not invited.
    #[error("there is a password")]
    HasPassword,
    /// The person was sent a link, or is about to be.
    #[error("invited within the last hour")]
    InvitedLately,
    /// Nobody has more people sent a link within an hour.
    #[error("more than {most} invitations within an hour")]
    TooManyInvitations {
        /// How many may be.
        most: u32,
    },
    /// The instance would be left without an active ISV admin (S1).
    #[error("the last ISV admin stays")]
    LastIsvAdmin,
    /// The licence file of the instance cannot be used; the one in force stays (S16).
    #[error(transparent)]
    InvalidLicense(#[from] InvalidLicense),
    /// The vendor of the portal cannot be asked for that (N12).
    #[error(transparent)]
    InvalidWish(#[from] InvalidWish),
    /// A product cannot be kept like that.
    #[error(transparent)]
    InvalidProduct(#[from] InvalidProduct),
    /// The article number belongs to another product.
    #[error("the article number is taken")]
    ArticleTaken,
    /// Not so many of the licence are free (S8).
    #[error("only {free} are free")]
    NotEnough {
        /// The number of licences that are free.
        free: u32,
    },
    /// The time of the licence is over.
    #[error("the licence has expired")]
    LicenseExpired,
    /// The licence is suspended (N17).
    #[error("the licence is suspended")]
    LicenseSuspended,
    /// The licence is revoked (N17).
    #[error("the licence is revoked")]
    LicenseRevoked,
    /// The licence cannot be amended like that, or the amendment not taken back (N17).
    #[error(transparent)]
    InvalidAmendment(#[from] InvalidAmendment),
    /// The ticket cannot be split like that (N17).
    #[error(transparent)]
    InvalidSplit(#[from] InvalidSplit),
    /// The tickets cannot become one (N17).
    #[error(transparent)]
    InvalidJoin(#[from] InvalidJoin),
    /// A ticket cannot be asked for like that, or the request not be answered (N18).
    #[error(transparent)]
    InvalidTakeBack(#[from] InvalidTakeBack),
    /// The licence was given back as often as it may be.
    #[error("the licence cannot be given back again")]
    NoReturnsLeft,
    /// Licences of the ticket are activated, and it was not said what becomes of them (settled reading).
    #[error("licences of the ticket are activated")]
    StillActivated,
    /// A credential cannot be had, or changed, like that.
    #[error(transparent)]
    InvalidCredential(#[from] InvalidCredential),
    /// A text of a machine does not count (N10).
    #[error(transparent)]
    InvalidExchange(#[from] InvalidExchange),
    /// The activation cannot be given or taken back.
    #[error(transparent)]
    InvalidTransition(#[from] InvalidTransition),
    /// What cannot wait for a machine to give the licence up was asked for.
    #[error("the licence is on a machine, which has to give it up first")]
    OnMachine,
    /// On a machine, an activation is given back as a whole.
    #[error("on a machine, licences are given back as a whole")]
    WholeOnly,
    /// It is no serial number.
    #[error("not a serial number")]
    InvalidSerial,
    /// Machines without a network have no credentials, and cloud containers exchange no files.
    #[error("the container is of another kind")]
    OtherKind,
    /// The container still holds licences.
    #[error("the container is not empty")]
    ContainerNotEmpty,
    /// One file is imported at a time.
    #[error("another file is being imported")]
    ImportOpen,
    /// The import does not wait for that.
    #[error("the import is over, or cannot be done")]
    ImportOver,
    /// Whoever looks at the portal as another person changes nothing, and gets no secrets of theirs (N16).
    #[error("nothing can be changed while viewing as somebody else")]
    ViewingAs,
    /// The view as another person is over, and the page still shows it.
    #[error("the view as somebody else is over")]
    ViewOver,
    /// Nobody is viewed as.
    #[error("nobody is viewed as")]
    NotViewing,
    /// Tickets cannot be created like that (S13).
    #[error(transparent)]
    InvalidCreation(#[from] InvalidCreation),
    /// A quota is exhausted (N13).
    #[error(transparent)]
    OverQuota(#[from] OverQuota),
    /// A quota cannot be set like that (N13).
    #[error(transparent)]
    InvalidQuota(#[from] InvalidQuota),
    /// An access token cannot be had like that.
    #[error(transparent)]
    InvalidToken(#[from] InvalidToken),
    /// A webhook cannot be kept like that.
    #[error(transparent)]
    InvalidWebhook(#[from] InvalidWebhook),
    /// None of the tickets can be handed out any more.
    #[error("all tickets have an owner already")]
    NoFreeCodes,
    /// The person has as many containers as anybody may ([`MAX_CONTAINERS`](crate::licensing::containers::MAX_CONTAINERS)).
    #[error("too many containers")]
    TooManyContainers,
    /// It is about more tickets, or licences, than are dealt with in one transaction.
    #[error("more than {most} at once")]
    TooManyAtOnce {
        /// The largest number that is dealt with at once.
        most: u32,
    },
    /// What would happen now is not what was rehearsed.
    #[error("something has changed since")]
    ChangedSince,
    /// A reason is missing that will be recorded.
    #[error("a reason is missing")]
    NoReason,
    /// The request does not have the form of such a request.
    #[error("the request is malformed")]
    Malformed,
}
