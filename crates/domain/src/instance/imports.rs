//! Files that are imported: what stands in them, and what becomes of each line.

use jiff::SignedDuration;

use crate::{names::breaks_the_screen, texts::enum_of_texts};

/// Largest file that can be uploaded, in bytes.
pub const MAX_UPLOAD: u64 = 256 * 1024 * 1024;
/// Most entries of one kind in a file.
pub const MAX_ENTRIES: u64 = 1_000_000;
/// Longest entry, in bytes: a line of a table, or one element of a list.
pub const MAX_ENTRY: usize = 1024 * 1024;
/// Most licences in a ticket of a file.
pub const MAX_LICENSES: usize = 1000;
/// Longest key of a group, in characters.
pub const MAX_KEY: usize = 200;
/// After how long a server that was not heard is gone, with the file that it had.
pub const GONE: SignedDuration = SignedDuration::from_secs(30);
/// For how long an uploaded file waits for its confirmation.
pub const WAITS: SignedDuration = SignedDuration::from_hours(1);

enum_of_texts! {
    /// What entries of a file are about, in the order in which they are imported.
    Noun, else UnknownNoun;
    /// Products of the catalogue.
    Products = "products",
    /// Groups of the tree.
    Groups = "groups",
    /// People, with an account each.
    Users = "users",
    /// Who is in which group.
    Memberships = "memberships",
    /// Tickets, with their licences.
    Tickets = "tickets",
}

enum_of_texts! {
    /// What would become of an entry, in a word.
    Verdict, else UnknownVerdict;
    /// It cannot be imported, and therefore nothing of the file can.
    Refused = "refused",
    /// It would come into being.
    Created = "created",
    /// It is there already, and would be changed.
    Changed = "changed",
    /// It is there already.
    Unchanged = "unchanged",
}

enum_of_texts! {
    /// How far an import has come.
    ImportState, else UnknownImportState;
    /// The file is read, and nothing is changed.
    Checking = "checking",
    /// It waits for somebody to confirm it.
    Checked = "checked",
    /// It was confirmed.
    Confirmed = "confirmed",
    /// It is stored, in one transaction.
    Importing = "importing",
    /// All of it is stored.
    Done = "done",
    /// Nothing of it is stored.
    Failed = "failed",
}

enum_of_texts! {
    /// Why nothing of a file was stored.
    ImportFailure, else UnknownImportFailure;
    /// Somebody decided against it.
    Discarded = "discarded",
    /// Nobody confirmed it in time.
    Waited = "waited",
    /// The server that had the file ended.
    ServerEnded = "server_ended",
    /// Something in it cannot be imported any more: the portal changed in between.
    Overtaken = "overtaken",
    /// Whoever confirmed it is no ISV admin any more.
    NotPermitted = "not_permitted",
    /// A defect, or a fault of the database.
    Fault = "fault",
}

impl ImportState {
    /// Whether it goes on by itself.
    #[must_use]
    pub const fn is_running(self) -> bool {
        matches!(self, Self::Checking | Self::Confirmed | Self::Importing)
    }
}

/// Most characters of a file that a report repeats.
const SHOWN: usize = 80;

/// A text of a file as a report repeats it: cut, on one line.
#[must_use]
pub fn excerpt(text: &str) -> String {
    let mut cut: String = text
        .chars()
        .take(SHOWN)
        .map(|c| if breaks_the_screen(c) { ' ' } else { c })
        .collect();
    if text.chars().nth(SHOWN).is_some() {
        cut.push('…');
    }
    cut
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_report_repeats_is_short_and_on_one_line() {
        assert_eq!(excerpt("a\nb\0\u{202e}"), "a b  ");
        assert_eq!(excerpt(&"ü".repeat(100_000)), format!("{}…", "ü".repeat(SHOWN)));
    }

    #[test]
    fn an_import_runs_by_itself_but_while_it_waits_and_after_its_end() {
        use ImportState::{Checked, Checking, Confirmed, Done, Failed, Importing};
        for state in ImportState::ALL {
            let runs = match state {
                Checking | Confirmed | Importing => true,
                Checked | Done | Failed => false,
            };
            assert_eq!(state.is_running(), runs, "{state}");
        }
    }
}
