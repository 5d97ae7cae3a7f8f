//! What the portal says while licences are brought into containers.

use crate::i18n::Language;

words! {
    activate_in_dots: "Activate in…", "Aktivieren in…";
    transfer_to_dots: "Transfer to…", "Umziehen nach…";
    drop_to_activate: "drop to activate", "ablegen zum Aktivieren";
    drop_to_transfer: "drop to transfer", "ablegen zum Umziehen";
    no_container_permits: "There is no other container into which you may bring it.",
        "Es gibt keinen anderen Container, in den Sie sie bringen dürfen.";
}

impl Language {
    /// So many are in use by machines.
    #[must_use]
    pub fn count_in_use(self, n: u32) -> String {
        match self {
            Self::En => format!("{} in use", self.count(n)),
            Self::De => format!("{} in Gebrauch", self.count(n)),
        }
    }

    /// So many are not activated.
    #[must_use]
    pub fn count_free(self, n: u32) -> String {
        match self {
            Self::En => format!("{} free", self.count(n)),
            Self::De => format!("{} frei", self.count(n)),
        }
    }

    /// Asks where licences are to be activated.
    #[must_use]
    pub fn activate_what_in(self, what: &str) -> String {
        match self {
            Self::En => format!("Activate {what} in…"),
            Self::De => format!("{what} aktivieren in…"),
        }
    }

    /// Asks where licences are to be brought.
    #[must_use]
    pub fn transfer_what_to(self, what: &str) -> String {
        match self {
            Self::En => format!("Transfer {what} to…"),
            Self::De => format!("{what} umziehen nach…"),
        }
    }

    /// Asks how many licences are to be activated there.
    #[must_use]
    pub fn activate_how_many(self, what: &str, container: &str) -> String {
        match self {
            Self::En => format!("Activate how many of {what} in {container}?"),
            Self::De => format!("Wie viele von {what} in {container} aktivieren?"),
        }
    }

    /// So many licences were activated there.
    #[must_use]
    pub fn activated_in(self, n: u32, what: &str, container: &str) -> String {
        match self {
            Self::En => format!("{n} × {what} activated in {container}"),
            Self::De => format!("{n} × {what} aktiviert in {container}"),
        }
    }

    /// So many licences were transferred there.
    #[must_use]
    pub fn transferred_to(self, n: u32, what: &str, container: &str) -> String {
        match self {
            Self::En => format!("{n} × {what} transferred to {container}"),
            Self::De => format!("{n} × {what} umgezogen nach {container}"),
        }
    }

    /// Licences that were not activated.
    #[must_use]
    pub fn not_activated_because(self, what: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what} was not activated. {why}"),
            Self::De => format!("{what} wurde nicht aktiviert. {why}"),
        }
    }

    /// Licences that were not transferred.
    #[must_use]
    pub fn not_transferred_because(self, what: &str, why: &str) -> String {
        match self {
            Self::En => format!("{what} was not transferred. {why}"),
            Self::De => format!("{what} wurde nicht umgezogen. {why}"),
        }
    }
}
