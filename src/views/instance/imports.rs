//! Files that are imported: what stands in them, and what becomes of each line.

use domain::{
    access::Denied,
    ids::ImportId,
    instance::imports::{ImportFailure, ImportState, Noun, Verdict},
    licensing::products::InvalidProduct,
    names::InvalidName,
    tickets::codes::InvalidCode,
};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

#[cfg(feature = "ssr")]
use crate::views::schemas::*;

/// Lines of a report on one page.
pub const REPORT_PAGE: u32 = 50;

/// What an import changes of something that is there.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Field {
    Name,
    /// The features of a product.
    Features,
    /// The mail address.
    Email,
    Parent,
    /// What a member may do.
    Permissions,
    /// The owner of a ticket.
    Owner,
    Protected,
}

/// What would become of an entry.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum Outcome {
    /// It would come into being.
    Created,
    /// An account would be made, and stay switched off: no seat is left for it, though one was wanted.
    CreatedInactive,
    /// These things would change.
    Changed(Vec<Field>),
    Unchanged,
    /// It cannot be imported.
    Refused(LineProblem),
}

impl Outcome {
    /// In a word.
    #[must_use]
    pub const fn verdict(&self) -> Verdict {
        match self {
            Self::Created | Self::CreatedInactive => Verdict::Created,
            Self::Changed(_) => Verdict::Changed,
            Self::Unchanged => Verdict::Unchanged,
            Self::Refused(_) => Verdict::Refused,
        }
    }
}

/// Why an entry cannot be imported, or the file cannot be read on. Texts from the file are cut.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub enum LineProblem {
    /// The file is in UTF-16, or in something else that begins like that.
    Utf16,
    /// The line is not UTF-8.
    Encoding,
    /// There is nothing in the file.
    Empty,
    /// The first line names no columns by which it could be known what the file is about.
    UnknownHeader,
    /// There is no such column.
    UnknownColumn(String),
    /// The column is there twice.
    ColumnTwice(String),
    /// So many cells where the header has so many.
    Cells(u64, u64),
    /// A quotation mark is opened and not closed.
    OpenQuote,
    /// Longer than [`MAX_ENTRY`].
    TooLong,
    /// More than [`MAX_ENTRIES`].
    TooMany,
    /// Not JSON, or not of the form of an organisation file: what the reader of JSON says.
    Json(String),
    /// JSON that is not at its end where the file ends.
    JsonEnds,
    /// No JSON any more from that column on.
    JsonSyntax(u64),
    /// A format this version does not know.
    Format(String),
    /// The file is about something else than was said.
    OtherFormat,
    /// A name cannot be used.
    Name(InvalidName),
    /// The text is no key of a group.
    Key,
    /// The text is no login name.
    Login,
    /// The text is no mail address.
    Email,
    /// There is no permission of that name.
    Permission(String),
    /// The product cannot be kept like that.
    Product(InvalidProduct),
    /// The text is no ticket code.
    Code(InvalidCode),
    /// In that column stands neither true nor false.
    Flag(String),
    /// In that column stands no number, or one that is too small or too large.
    Number(String),
    /// In that column stands no time such as 2027-01-01T00:00:00Z.
    Time(String),
    /// Neither floating nor node_locked.
    Binding,
    /// Both days and dates.
    DaysAndDates,
    /// The end is not after the beginning.
    EndsBefore,
    /// What was done to a licence does not lead to what the line says of it otherwise.
    Amendments,
    /// More than [`MAX_LICENSES`].
    TooManyLicenses,
    /// The owner is neither nobody nor one group nor one person.
    Owner,
    /// The lines of one ticket differ in its owner.
    LinesDiffer,
    /// Only group tickets can be protected.
    ProtectedPersonal,
    /// The same stands in that line already.
    Twice(u64),
    /// There is no group with that key.
    NoGroup(String),
    /// There is no person with that login.
    NoUser(String),
    /// The groups form a circle.
    Circle,
    /// The policy says no.
    Denied(Denied),
    /// Whether an account that exists is one of an ISV admin is not changed by a file.
    IsvAdminStays,
    /// Whether an account that exists is switched on is not changed by a file.
    ActiveStays,
    /// The licences of a ticket that exists are not changed by a file.
    LicensesStay,
}

/// What would become of one entry of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct LineReport {
    /// The line of the file in which it begins, from 1.
    pub line: u64,
    /// What it is about, where that is known.
    pub noun: Option<Noun>,
    /// What names it: article, key, login, code; cut.
    pub key: String,
    /// What would become of it.
    pub outcome: Outcome,
}

/// How many entries of which verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Counts {
    pub refused: u64,
    pub created: u64,
    pub changed: u64,
    pub unchanged: u64,
    /// Of the created, accounts that stay switched off for want of a seat.
    pub inactive: u64,
}

impl Counts {
    /// Counts one more.
    pub const fn add(&mut self, outcome: &Outcome) {
        match outcome.verdict() {
            Verdict::Refused => self.refused += 1,
            Verdict::Created => self.created += 1,
            Verdict::Changed => self.changed += 1,
            Verdict::Unchanged => self.unchanged += 1,
        }
        if matches!(outcome, Outcome::CreatedInactive) {
            self.inactive += 1;
        }
    }

    /// How many of that verdict.
    #[must_use]
    pub const fn of(&self, verdict: Verdict) -> u64 {
        match verdict {
            Verdict::Refused => self.refused,
            Verdict::Created => self.created,
            Verdict::Changed => self.changed,
            Verdict::Unchanged => self.unchanged,
        }
    }

    /// How many there are.
    #[must_use]
    pub const fn total(&self) -> u64 {
        self.refused + self.created + self.changed + self.unchanged
    }
}

/// An uploaded file, and how far it has come.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Import {
    pub id: ImportId,
    /// When it was uploaded.
    pub at: Timestamp,
    /// Name of who did it; `None` when there is no such person any more.
    pub by: Option<String>,
    /// Name of the file.
    pub file: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// How far it has come.
    pub state: ImportState,
    /// Why nothing of it was stored.
    pub failure: Option<ImportFailure>,
    /// How much of the present step is done, in thousandths.
    pub progress: u32,
    pub counts: Counts,
}

/// An import with a page of its report.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct ImportDetail {
    pub import: Import,
    /// The lines; none where they are forgotten already.
    pub lines: Vec<LineReport>,
    /// How many there are on all pages together.
    pub total: u64,
}
