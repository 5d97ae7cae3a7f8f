//! What the desk says, with something in it.

use crate::i18n::Language;

impl Language {
    /// A ticket by its code.
    #[must_use]
    pub fn ticket_called(self, code: &str) -> String {
        match self {
            Self::En | Self::De => format!("Ticket {code}"),
        }
    }

    /// Name of the checkbox of a ticket.
    #[must_use]
    pub fn select_code(self, code: &str) -> String {
        match self {
            Self::En => format!("Select {code}"),
            Self::De => format!("{code} auswählen"),
        }
    }

    /// Name of the handle of a ticket.
    #[must_use]
    pub fn drag_code(self, code: &str) -> String {
        match self {
            Self::En => format!("Drag {code}"),
            Self::De => format!("{code} ziehen"),
        }
    }

    /// Name of the link to a group's own page.
    #[must_use]
    pub fn manage(self, group: &str) -> String {
        match self {
            Self::En => format!("Manage {group}"),
            Self::De => format!("{group} verwalten"),
        }
    }

    /// Name of the button that opens a branch.
    #[must_use]
    pub fn open_branch(self, name: &str) -> String {
        match self {
            Self::En => format!("Open {name}"),
            Self::De => format!("{name} aufklappen"),
        }
    }

    /// Name of the button that closes a branch.
    #[must_use]
    pub fn close_branch(self, name: &str) -> String {
        match self {
            Self::En => format!("Close {name}"),
            Self::De => format!("{name} zuklappen"),
        }
    }

    /// The beginning of a drag.
    #[must_use]
    pub fn lifted(self, what: &str, by_keys: bool) -> String {
        match (self, by_keys) {
            (Self::En, false) => format!("{what} lifted."),
            (Self::De, false) => format!("{what} aufgenommen."),
            (Self::En, true) => {
                format!("{what} lifted. Arrow keys choose a target, Enter drops, Escape cancels.")
            }
            (Self::De, true) => {
                format!("{what} aufgenommen. Pfeiltasten wählen das Ziel, Eingabe legt ab, Escape bricht ab.")
            }
        }
    }

    /// Over a permitted target.
    #[must_use]
    pub fn over_target(self, what: &str, target: &str, at: usize, of: usize) -> String {
        match self {
            Self::En => format!("{what} over {target}, {at} of {of}"),
            Self::De => format!("{what} über {target}, {at} von {of}"),
        }
    }

    /// Over a forbidden target.
    #[must_use]
    pub fn over_forbidden(self, what: &str, target: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what} over {target}, not allowed: {why}"),
            Self::De => format!("{what} über {target}, nicht erlaubt: {why}"),
        }
    }

    /// Dropped on a forbidden target.
    #[must_use]
    pub fn refused(self, what: &str, target: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what} not moved to {target}: {why}."),
            Self::De => format!("{what} nicht nach {target} verschoben: {why}."),
        }
    }

    /// Dropped on what is no longer there.
    #[must_use]
    pub fn target_gone(self, what: &str) -> String {
        match self {
            Self::En => format!("{what} not moved: the target is no longer there. Choose another."),
            Self::De => {
                format!("{what} nicht verschoben: Das Ziel ist nicht mehr da. Wählen Sie ein anderes.")
            }
        }
    }

    /// Dropped.
    #[must_use]
    pub fn dropped(self, what: &str, target: &str) -> String {
        match self {
            Self::En => format!("{what} dropped on {target}."),
            Self::De => format!("{what} auf {target} abgelegt."),
        }
    }

    /// A move that succeeded.
    #[must_use]
    pub fn assigned(self, what: &str, to: &str) -> String {
        match self {
            Self::En => format!("{what} assigned to {to}"),
            Self::De => format!("{what} zugeordnet: {to}"),
        }
    }

    /// A group that was moved.
    #[must_use]
    pub fn group_moved(self, group: &str, to: &str) -> String {
        match self {
            Self::En => format!("{group} moved to {to}"),
            Self::De => format!("{group} verschoben nach {to}"),
        }
    }

    /// A move that was taken back.
    #[must_use]
    pub fn taken_back(self, what: &str) -> String {
        match self {
            Self::En => format!("{what}: the move was undone"),
            Self::De => format!("{what}: Verschieben rückgängig gemacht"),
        }
    }

    /// A move that failed.
    #[must_use]
    pub fn not_moved(self, what: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what} not moved. {why}"),
            Self::De => format!("{what} nicht verschoben. {why}"),
        }
    }

    /// A move that was not taken back.
    #[must_use]
    pub fn not_taken_back(self, what: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what}: the move was not undone. {why}"),
            Self::De => format!("{what}: Verschieben nicht rückgängig gemacht. {why}"),
        }
    }

    /// Which of how many are shown.
    #[must_use]
    pub fn range(self, from: u64, to: u64, of: &str) -> String {
        let [from, to] = [from, to].map(|n| self.count(n));
        match self {
            Self::En => format!("{from}–{to} of {of}"),
            Self::De => format!("{from}–{to} von {of}"),
        }
    }

    /// So many are selected.
    #[must_use]
    pub fn count_selected(self, n: usize) -> String {
        let n = self.count(n);
        match self {
            Self::En => format!("{n} selected"),
            Self::De => format!("{n} ausgewählt"),
        }
    }

    /// What an admin of these groups sees.
    #[must_use]
    pub fn you_see_below(self, groups: &str) -> String {
        match self {
            Self::En => format!("You see {groups} and everything below."),
            Self::De => format!("Sie sehen {groups} und alles darunter."),
        }
    }
}
