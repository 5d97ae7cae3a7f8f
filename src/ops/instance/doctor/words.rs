//! What is wrong and what to do about it, in words for the operator.

use crate::store::instance::doctor::{Folded, Rule};

/// What is looked at.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Check {
    /// Which steps of the schema were taken.
    Schema,
    /// Whether tables, indexes and constraints are there.
    Structure,
    /// Whether the engine can read all of its file.
    Storage,
    /// Whether what rows refer to is there.
    References,
    /// Who has which ticket.
    Tickets,
    /// Whether the tree of groups is closed.
    Groups,
    /// Whether numbers that are kept are those of what they count.
    Counts,
    /// Whether everything is found by its name and code.
    Search,
    /// Whether what is there once at most is.
    Single,
    /// Whether the history is what was recorded.
    History,
    /// Whether secrets can be read.
    Keys,
    /// Whether others of the machine may read what only the portal should.
    Files,
    /// Whether there is room.
    Disk,
}

impl Check {
    /// All of them, in the order in which they are told.
    pub const ALL: [Self; 13] = [
        Self::Schema,
        Self::Structure,
        Self::Storage,
        Self::References,
        Self::Tickets,
        Self::Groups,
        Self::Counts,
        Self::Search,
        Self::Single,
        Self::History,
        Self::Keys,
        Self::Files,
        Self::Disk,
    ];

    /// What it is called in the report.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Schema => "schema",
            Self::Structure => "structure",
            Self::Storage => "storage",
            Self::References => "references",
            Self::Tickets => "tickets",
            Self::Groups => "groups",
            Self::Counts => "counts",
            Self::Search => "search",
            Self::Single => "single",
            Self::History => "history",
            Self::Keys => "keys",
            Self::Files => "files",
            Self::Disk => "disk",
        }
    }
}

/// For what no portal writes.
pub(super) const WRITTEN_BY_OTHERS: &str = "the portal does not write this: find out who else writes to the database, and restore a backup from before, or put it right by \
     hand with all servers ended";

/// What was looked at where rows break a rule, what is wrong then, and what to do.
pub(super) const fn of_rule(rule: Rule) -> (Check, &'static str, &'static str) {
    match rule {
        Rule::OneOwner => (
            Check::Tickets,
            "tickets have two owners, a group and a person",
            WRITTEN_BY_OTHERS,
        ),
        Rule::ContextOfPerson => (
            Check::Tickets,
            "tickets have a group context, and no person who has them",
            WRITTEN_BY_OTHERS,
        ),
        Rule::ProtectedInGroup => (
            Check::Tickets,
            "tickets are in protected mode, and no group has them",
            WRITTEN_BY_OTHERS,
        ),
        Rule::LevelOfOwner => (
            Check::Tickets,
            "tickets stand in the lists of another group than the one that has them",
            "with all servers ended: UPDATE tickets SET level_group_id = COALESCE(owner_group_id, context_group_id)",
        ),
        Rule::OneCode => (
            Check::Tickets,
            "codes are those of several tickets; the first of each",
            WRITTEN_BY_OTHERS,
        ),
        Rule::OwnerInHistory => (
            Check::Tickets,
            "tickets are where no event of the history says that they came to",
            "look at the history of each, and move it back where it says it was; if you do not know who moved it, somebody else writes to \
             the database",
        ),
        Rule::ProductsOfTicket => (
            Check::Search,
            "tickets are not found by the names of their products",
            "save the product once more, as it is, in the catalogue",
        ),
        Rule::ActivatedCount => (
            Check::Counts,
            "licences count another number of activated ones than there are",
            "with all servers ended: UPDATE licenses SET activated = (SELECT COALESCE(SUM(quantity), 0) FROM activations WHERE \
             license_id = licenses.id AND ended_at IS NULL)",
        ),
        Rule::NeverMoreThanGranted => (
            Check::Counts,
            "of licences more are activated than their tickets grant",
            "withdraw what is too many, on the page of the ticket; then find out who else writes to the database",
        ),
        Rule::LicenseOfLease => (
            Check::Counts,
            "leases count for another licence than the one that is activated",
            WRITTEN_BY_OTHERS,
        ),
        Rule::NeverMoreHeld => (
            Check::Counts,
            "of licences machines hold more than their tickets grant",
            "it ends by itself when the leases end; if the database was restored by other means than `license-portal restore`, nothing was \
             held back after that: do not give out more of it until then",
        ),
        Rule::OneLogin => (
            Check::Single,
            "accounts have several running logins",
            "end the logins of each in the list of users; then see that the index sessions_one_login is there",
        ),
        Rule::OneInLine => (
            Check::Single,
            "webhooks have several events in line",
            "switch each off and on again; then see that the index webhook_one_in_line is there",
        ),
        Rule::OneKeyInForce => (
            Check::Keys,
            "there are encryption keys, and not one of them is the one that is encrypted with",
            WRITTEN_BY_OTHERS,
        ),
    }
}

/// The same for names that are not found.
pub(super) const fn of_folded(folded: Folded) -> (&'static str, &'static str) {
    match folded {
        Folded::People => (
            "people are not found by their names",
            "give each another name and then its own, in the list of users",
        ),
        Folded::Groups => (
            "groups are not found by their names",
            "rename each, and name it back",
        ),
        Folded::Containers => (
            "containers are not found by their names",
            "rename each, and name it back",
        ),
    }
}
