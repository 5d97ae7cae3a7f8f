//! What the portal says about many tickets at once.

use domain::tickets::{MAX_CLEARED, MAX_TICKETS};

use crate::i18n::Language;

words! {
    clear_selection: "Clear selection", "Auswahl aufheben";
    goes_to: "New owner", "Neuer Besitzer";
    preview: "Preview", "Vorschau";
    preview_loading: "Asking what would happen …", "Es wird gefragt, was geschehen würde …";
    all_or_none: "Either all of these move, or none.", "Entweder werden alle davon verschoben oder keines.";
    nothing_permitted: "None of them can be moved there.", "Keines davon kann dorthin.";
    reason_overtaken: "no longer where you saw them", "nicht mehr dort, wo Sie sie gesehen haben";
    reason_hidden: "no longer there, or not yours to see", "nicht mehr da oder für Sie nicht sichtbar";
    preview_outdated: "Somebody has changed these tickets since the preview. Nothing was moved. Look at a new preview.",
        "Jemand hat diese Tickets seit der Vorschau geändert. Nichts wurde verschoben. Sehen Sie sich eine neue Vorschau an.";
    look_again: "New preview", "Neue Vorschau";
    other_target: "Choose another target", "Anderes Ziel wählen";
}

impl Language {
    /// So many others were moved, too; some of them by their codes.
    #[must_use]
    pub fn overtaken_too(self, others: u32, codes: &[String]) -> String {
        let all = u32::try_from(codes.len()).is_ok_and(|named| named == others);
        let more = if all { "" } else { ", …" };
        let codes = codes.join(", ");
        match (self, others) {
            (Self::En, 1) => format!("So is another one: {codes}."),
            (Self::En, _) => format!("So are {others} others: {codes}{more}."),
            (Self::De, 1) => format!("Ebenso ein weiteres: {codes}."),
            (Self::De, _) => format!("Ebenso {others} weitere: {codes}{more}."),
        }
    }

    /// Picks all that the list holds.
    #[must_use]
    pub fn select_all_that_match(self, n: usize) -> String {
        let n = self.count(n);
        match self {
            Self::En => format!("Select all {n}"),
            Self::De => format!("Alle {n} auswählen"),
        }
    }

    /// Leads to the page that moves all that the list holds.
    #[must_use]
    pub fn move_all_that_match(self, n: usize) -> String {
        let n = self.count(n);
        match self {
            Self::En => format!("Move all {n} to…"),
            Self::De => format!("Alle {n} verschieben nach…"),
        }
    }

    /// There are too many in the list.
    #[must_use]
    pub fn too_many_match(self) -> String {
        let n = self.count(MAX_TICKETS);
        match self {
            Self::En => format!("More than {n}: narrow the list to select all"),
            Self::De => format!("Mehr als {n}: Grenzen Sie die Liste ein, um alle auszuwählen"),
        }
    }

    /// What a preview says in one line.
    #[must_use]
    pub fn allowed_and_refused(self, allowed: u32, refused: u32) -> String {
        let [allowed, refused] = [allowed, refused].map(|n| self.count(n));
        match self {
            Self::En => format!("{allowed} allowed, {refused} refused"),
            Self::De => format!("{allowed} erlaubt, {refused} abgelehnt"),
        }
    }

    /// The same over a target, with the first reason.
    #[must_use]
    pub fn partly_allowed(self, allowed: usize, refused: usize, why: &str) -> String {
        match self {
            Self::En => format!("{allowed} allowed, {refused} not: {why}"),
            Self::De => format!("{allowed} erlaubt, {refused} nicht: {why}"),
        }
    }

    /// How many of the tickets may go to a target.
    #[must_use]
    pub fn so_many_of(self, some: usize, all: usize) -> String {
        let [some, all] = [some, all].map(|n| self.count(n));
        match self {
            Self::En => format!("{some} of {all} allowed"),
            Self::De => format!("{some} von {all} erlaubt"),
        }
    }

    /// Refused for one reason, with examples.
    #[must_use]
    pub fn refused_with(self, n: u32, why: &str, examples: &[String]) -> String {
        let more = n as usize > examples.len();
        let n = self.count(n);
        if examples.is_empty() {
            return format!("{n}: {why}");
        }
        let etc = if more { ", …" } else { "" };
        format!("{n}: {why} ({}{etc})", examples.join(", "))
    }

    /// The button that moves all of them.
    #[must_use]
    pub fn move_so_many(self, n: u32) -> String {
        let tickets = self.count(n);
        match (self, n) {
            (Self::En, 1) => "Move 1 ticket".to_owned(),
            (Self::De, 1) => "1 Ticket verschieben".to_owned(),
            (Self::En, _) => format!("Move {tickets} tickets"),
            (Self::De, _) => format!("{tickets} Tickets verschieben"),
        }
    }

    /// The button that moves those that are allowed.
    #[must_use]
    pub fn move_only_allowed(self, n: u32) -> String {
        let number = self.count(n);
        match (self, n) {
            (Self::En, _) => format!("Move only the {number} allowed"),
            (Self::De, 1) => "Nur das 1 erlaubte verschieben".to_owned(),
            (Self::De, _) => format!("Nur die {number} erlaubten verschieben"),
        }
    }

    /// The list holds more, or fewer, than when it was chosen.
    #[must_use]
    pub fn list_has_changed(self, then: usize, now: usize) -> String {
        let [then, now] = [then, now].map(|n| self.count(n));
        match self {
            Self::En => format!(
                "The list has changed since you selected it: it held {then} tickets, and holds {now} now."
            ),
            Self::De => {
                format!(
                    "Die Liste hat sich seit Ihrer Auswahl geändert: Sie enthielt {then} Tickets und enthält jetzt {now}."
                )
            }
        }
    }

    /// A move of many is on its way.
    #[must_use]
    pub fn moving_so_many(self, n: usize) -> String {
        let n = self.count(n);
        match self {
            Self::En => format!("Moving {n} tickets …"),
            Self::De => format!("{n} Tickets werden verschoben …"),
        }
    }

    /// The undoing of a move of many is on its way.
    #[must_use]
    pub fn undoing_so_many(self, n: usize) -> String {
        let n = self.count(n);
        match self {
            Self::En => format!("Undoing the move of {n} tickets …"),
            Self::De => format!("Verschieben von {n} Tickets wird rückgängig gemacht …"),
        }
    }

    /// More than can be moved at once.
    #[must_use]
    pub fn too_many_tickets(self) -> String {
        let n = self.count(MAX_TICKETS);
        match self {
            Self::En => {
                format!("At most {n} tickets can be moved at once. Narrow the list by a group or a search.")
            }
            Self::De => {
                format!(
                    "Höchstens {n} Tickets können auf einmal verschoben werden. Grenzen Sie die Liste durch Gruppe oder Suche ein."
                )
            }
        }
    }

    /// More than can be cleared at once.
    #[must_use]
    pub fn too_many_activated(self) -> String {
        match self {
            Self::En => format!(
                "The licences of at most {MAX_CLEARED} tickets can be deactivated in one move. Keep them activated, or move fewer at once."
            ),
            Self::De => format!(
                "Die Lizenzen von höchstens {MAX_CLEARED} Tickets können auf einmal deaktiviert werden. Lassen Sie sie aktiviert oder verschieben Sie weniger auf einmal."
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_grouped() {
        assert_eq!(Language::En.count(999), "999");
        assert_eq!(Language::En.count(1240), "1,240");
        assert_eq!(Language::De.count(1_234_567), "1.234.567");
    }
}
