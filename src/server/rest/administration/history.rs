//! What happened (N11), what was sold (N13), and what expires (N15), what is used (N18), for programs.

use domain::{ids::TicketId, licensing::usage::UseSpan};

use crate::{
    api::{
        history as api,
        licensing::{expiry, usage},
        overview,
        resellers::reports,
    },
    views::{
        history::{HistoryPage, HistoryQuery},
        licensing::{
            expiry::{ExpiryPage, ExpiryQuery},
            usage::{BranchUse, OwnUsePage, TicketUse, UnusedPage, UnusedQuery, UseQuery},
        },
        overview::OverviewPage,
        resellers::reports::{Report, ReportQuery},
    },
};

crate::server::rest::administration::routes::routes! {
    "History";
    /// What happened
    ///
    /// The newest first, as far as you may know it. `before` is the `next` of the page before.
    get "/events" History:Read => api::Events { query: HistoryQuery = default => Members } -> HistoryPage;
    /// The overview
    ///
    /// What there is, what of it is used, what ends soon, what waits for you, and what happened last.
    get "/overview" Tickets:Read Licenses:Read History:Read => overview::Overview { } -> OverviewPage;
    /// A report of your branch
    get "/reports" History:Read => reports::ReadReport { query: ReportQuery = default => Members } -> Report;
    /// What expires
    get "/expiring" History:Read => expiry::Expiring { query: ExpiryQuery = default => Members } -> ExpiryPage;
    /// How the licences of a ticket were used
    ///
    /// Hour by hour or day by day, while those had the ticket whose tickets you see.
    get "/tickets/{ticket}/use" History:Read => usage::ReadTicketUse { ticket: TicketId, span: UseSpan = default } -> TicketUse;
    /// How the licences of your branch were used
    ///
    /// Hour by hour or day by day, and product by product.
    get "/use" History:Read => usage::ReadBranchUse { query: UseQuery = default => Members } -> BranchUse;
    /// Licences that nobody uses
    ///
    /// For `days` days, in which they had the same owner.
    get "/unused" History:Read => usage::ReadUnused { query: UnusedQuery = default => Members } -> UnusedPage;
    /// What is kept about your own use
    ///
    /// By day and product, where use is kept by person at all.
    get "/me/use" History:Read => usage::ReadOwnUse { page: u32 = default } -> OwnUsePage;
    /// Whether you get mails about what expires
    get "/me/expiry-mail" History:Read => expiry::ExpiryMail { } -> bool;
    /// Order mails about what expires, or stop them
    put "/me/expiry-mail" History:Write => expiry::WantExpiryMail { on: bool } -> ();
}
