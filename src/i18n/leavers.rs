//! What the portal says about leavers.

use crate::i18n::Language;

words! {
    event_login_ended: "Login ended", "Anmeldung beendet";
    event_leaver_processed: "Leaver processed", "Austritt abgewickelt";
    leaver: "Process leaver", "Austritt abwickeln";
    leaver_explained: "Say what becomes of what this person has. First you see what would happen; then all of it is done, or nothing.",
        "Legen Sie fest, was aus dem wird, was diese Person hat. Zuerst sehen Sie, was geschehen würde; dann geschieht alles oder nichts.";
    who_takes_over: "Who takes over", "Wer übernimmt";
    nobody_takes_over: "Nobody in particular", "Niemand Bestimmtes";
    leaver_tickets: "Tickets", "Tickets";
    no_leaver_tickets: "No tickets that are yours to hand on.", "Keine Tickets, die Sie weitergeben können.";
    leave_as_it_is: "Leave as it is", "Lassen, wie es ist";
    leaver_licenses: "Licences in containers", "Lizenzen in Containern";
    no_leaver_containers: "No containers.", "Keine Container.";
    take_back: "Take back into their tickets", "In ihre Tickets zurücknehmen";
    reset_its_credentials: "Reset credentials", "Zugangsdaten zurücksetzen";
    login_and_account: "Login and account", "Anmeldung und Konto";
    end_running_login: "End the running login", "Die laufende Anmeldung beenden";
    switch_account_off: "Switch the account off; its seat is free", "Das Konto ausschalten; der Platz wird frei";
    account_stays: "Switching the account off is up to an ISV admin, or to an admin above you.",
        "Das Konto auszuschalten ist Sache eines ISV-Admins oder eines Admins über Ihnen.";
    nothing_to_end: "Nobody is logged in, and the account is off.", "Niemand ist angemeldet, und das Konto ist ausgeschaltet.";
    end_memberships: "End memberships", "Mitgliedschaften beenden";
    what_will_happen: "What will happen", "Was geschehen wird";
    nothing_will_happen: "Nothing. Choose at least one step.", "Nichts. Wählen Sie mindestens einen Schritt.";
    plan_unreadable: "The plan in the address cannot be read. Choose the steps again.",
        "Der Plan in der Adresse ist nicht lesbar. Wählen Sie die Schritte neu.";
    step: "Step", "Schritt";
    about_what: "About", "Worum es geht";
    will_be_done: "will be done", "wird erledigt";
    waits_for_machine: "asked back; comes when the machine confirms", "zurückverlangt; kommt, wenn die Maschine bestätigt";
    step_refused: "refused", "abgelehnt";
    leave_refused_out: "Leave out what is refused, or change it; then preview again.",
        "Lassen Sie weg oder ändern Sie, was abgelehnt wird; dann sehen Sie sich die Vorschau noch einmal an.";
    tab_open_reason: "Reason for ending the login (the tab is open; it is recorded)",
        "Grund für das Beenden der Anmeldung (der Tab ist offen; er wird festgehalten)";
    do_it: "Do all of it", "Alles ausführen";
    deed_license_back: "Take licences back", "Lizenzen zurücknehmen";
    deed_license_moved: "Transfer licences", "Lizenzen umziehen";
    deed_credentials_reset: "Reset credentials", "Zugangsdaten zurücksetzen";
    deed_ticket_moved: "Assign ticket", "Ticket zuordnen";
    deed_login_ended: "End the login", "Anmeldung beenden";
    deed_account_off: "Switch the account off", "Konto ausschalten";
    deed_membership_ended: "End membership", "Mitgliedschaft beenden";
    seat_free: "its seat is free", "der Platz wird frei";
    changed_since: "Something has changed since you looked. Look at the preview again. Nothing was done.",
        "Seit Ihrer Vorschau hat sich etwas geändert. Sehen Sie sich die Vorschau noch einmal an. Nichts wurde getan.";
    report: "Report", "Bericht";
    leaver_report: "Leaver: report", "Austritt: Bericht";
    report_printable: "Print this page to keep it. It stays in the history.",
        "Drucken Sie diese Seite, um sie aufzubewahren. Sie bleibt im Verlauf.";
    a_person_you_cannot_see: "a person you cannot see", "eine für Sie nicht sichtbare Person";
}

impl Language {
    /// Leaver, with the name.
    #[must_use]
    pub fn leaver_named(self, name: &str) -> String {
        match self {
            Self::En => format!("Leaver: {name}"),
            Self::De => format!("Austritt: {name}"),
        }
    }

    /// The tickets of one level.
    #[must_use]
    pub fn tickets_of_level(self, level: &str, count: u32) -> String {
        format!("{level} ({count})")
    }

    /// A container with what is in it.
    #[must_use]
    pub fn licenses_in(self, container: &str, count: u32) -> String {
        match (self, count) {
            (Self::En, 1) => format!("{container}: 1 licence"),
            (Self::En, _) => format!("{container}: {count} licences"),
            (Self::De, 1) => format!("{container}: 1 Lizenz"),
            (Self::De, _) => format!("{container}: {count} Lizenzen"),
        }
    }

    /// Licences go on in somebody's container.
    #[must_use]
    pub fn transfer_into(self, person: &str, container: &str) -> String {
        match self {
            Self::En => format!("Transfer to {person} · {container}"),
            Self::De => format!("Umziehen zu {person} · {container}"),
        }
    }

    /// So many credentials of a container.
    #[must_use]
    pub fn credentials_of(self, container: &str, count: u32) -> String {
        match (self, count) {
            (Self::En, 1) => format!("{container}: 1 credential"),
            (Self::En, _) => format!("{container}: {count} credentials"),
            (Self::De, 1) => format!("{container}: 1 Credential"),
            (Self::De, _) => format!("{container}: {count} Credentials"),
        }
    }

    /// Of how many steps how many are refused.
    #[must_use]
    pub fn steps_refused(self, steps: usize, refused: usize) -> String {
        match (self, refused) {
            (Self::En, 0) => format!("Steps: {steps}, none refused."),
            (Self::En, _) => format!("Steps: {steps}, of them refused: {refused}."),
            (Self::De, 0) => format!("Schritte: {steps}, keiner abgelehnt."),
            (Self::De, _) => format!("Schritte: {steps}, davon abgelehnt: {refused}."),
        }
    }

    /// More than are dealt with at once.
    #[must_use]
    pub fn too_many_at_once(self, most: u32) -> String {
        match self {
            Self::En => format!(
                "There are more than {most} of them, which is the most at once. Move some of them first; nothing was done."
            ),
            Self::De => format!(
                "Es sind mehr als {most}, und so viele gehen höchstens auf einmal. Verschieben Sie zuerst einige; nichts wurde getan."
            ),
        }
    }
}
