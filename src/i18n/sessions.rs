//! What the portal says about logins.

use domain::accounts::sessions::{EndReason, Tab};

use crate::i18n::Language;

words! {
    active_sessions: "Active sessions", "Aktive Sitzungen";
    ended_sessions: "Ended sessions", "Beendete Sitzungen";
    sessions_explained: "Everyone who is logged in. CLOSE ends a login whose browser tab is gone; while the tab is open, nobody loses unsaved work.",
        "Alle, die angemeldet sind. SCHLIESSEN beendet eine Anmeldung, deren Browser-Tab weg ist; solange der Tab offen ist, verliert niemand Ungespeichertes.";
    no_sessions: "Nobody matches.", "Niemand gefunden.";
    no_ended_sessions: "No login has ended yet.", "Noch ist keine Anmeldung beendet.";
    refresh: "Refresh", "Aktualisieren";
    logged_in_since: "Logged in since", "Angemeldet seit";
    logged_in_until: "Until", "Bis";
    idle_time: "Idle time", "Leerlaufzeit";
    address: "Address", "Adresse";
    browser: "Browser", "Browser";
    browser_tab: "Browser tab", "Browser-Tab";
    tab_open: "open", "offen";
    tab_gone: "gone", "weg";
    this_is_you: "this is you", "das sind Sie";
    close_session: "CLOSE", "SCHLIESSEN";
    end_anyway: "End anyway", "Trotzdem beenden";
    end_login: "End the login", "Anmeldung beenden";
    reason: "Reason", "Grund";
    reason_recorded: "It is recorded, and unsaved work in the open tab may be lost.",
        "Er wird festgehalten; Ungespeichertes im offenen Tab kann verloren gehen.";
    session_is_closed: "The login was ended.", "Die Anmeldung wurde beendet.";
    how_it_ended: "How it ended", "Wie sie endete";
    tab_is_open: "The browser tab is open: its user may have unsaved work. Ask them to log out, or choose “End anyway”.",
        "Der Browser-Tab ist offen: Vielleicht ist dort etwas ungespeichert. Bitten Sie um Abmeldung oder wählen Sie „Trotzdem beenden“.";
    reason_missing: "Enter a reason: it is recorded with the end of the login.",
        "Geben Sie einen Grund an: Er wird mit dem Ende der Anmeldung festgehalten.";
    end_other_login: "End my other login and log in here", "Meine andere Anmeldung beenden und mich hier anmelden";
    still_there: "Are you still there?", "Sind Sie noch da?";
    stay_logged_in: "Stay logged in", "Angemeldet bleiben";
    login_has_ended: "Your login has ended", "Ihre Anmeldung ist beendet";
    login_has_ended_text: "Log in again in another tab, then go on here: what you typed is still in this page.",
        "Melden Sie sich in einem anderen Tab erneut an und machen Sie dann hier weiter: Was Sie eingegeben haben, steht noch auf dieser Seite.";
    log_in_again: "Log in again (new tab)", "Erneut anmelden (neuer Tab)";
}

impl Language {
    /// Another login stands in the way; `since` is a time in words.
    #[must_use]
    pub fn logged_in_already(self, since: &str, tab: Tab) -> String {
        match (self, tab) {
            (Self::En, Tab::Open) => format!(
                "This account is logged in already, since {since}, and its browser tab is open. Log out there first: an account can be logged in once at a time."
            ),
            (Self::En, Tab::Gone) => format!(
                "This account is logged in already, since {since}, but its browser tab is gone. Tick the box below to end that login, and enter your password again."
            ),
            (Self::De, Tab::Open) => format!(
                "Dieses Konto ist bereits angemeldet, seit {since}, und der Browser-Tab ist offen. Melden Sie sich zuerst dort ab: Ein Konto kann nur einmal gleichzeitig angemeldet sein."
            ),
            (Self::De, Tab::Gone) => format!(
                "Dieses Konto ist bereits angemeldet, seit {since}, aber der Browser-Tab ist weg. Kreuzen Sie das Kästchen an, um jene Anmeldung zu beenden, und geben Sie Ihr Passwort noch einmal ein."
            ),
        }
    }

    /// The login ends soon.
    #[must_use]
    pub fn logged_out_in(self, seconds: i64) -> String {
        match self {
            Self::En => format!("Nothing was done for a while. You are logged out in {seconds} seconds."),
            Self::De => {
                format!("Eine Weile ist nichts geschehen. Sie werden in {seconds} Sekunden abgemeldet.")
            }
        }
    }

    /// Seconds without activity.
    #[must_use]
    pub fn seconds(self, n: i64) -> String {
        match self {
            Self::En | Self::De => format!("{n} s"),
        }
    }

    /// So many people are logged in.
    #[must_use]
    pub fn count_logins(self, n: u64) -> String {
        match (self, n) {
            (Self::En, 1) => "1 login".to_owned(),
            (Self::En, _) => format!("{} logins", self.count(n)),
            (Self::De, 1) => "1 Anmeldung".to_owned(),
            (Self::De, _) => format!("{} Anmeldungen", self.count(n)),
        }
    }

    /// How a login ended.
    #[must_use]
    pub const fn end_reason(self, reason: EndReason) -> &'static str {
        match (self, reason) {
            (Self::En, EndReason::LoggedOut) => "logged out",
            (Self::De, EndReason::LoggedOut) => "abgemeldet",
            (Self::En, EndReason::Idle) => "idle for too long",
            (Self::De, EndReason::Idle) => "zu lange nichts getan",
            (Self::En, EndReason::TooOld) => "reached its longest time",
            (Self::De, EndReason::TooOld) => "längste Dauer erreicht",
            (Self::En, EndReason::Replaced) => "logged in again",
            (Self::De, EndReason::Replaced) => "erneut angemeldet",
            (Self::En, EndReason::Closed) => "closed, the tab was gone",
            (Self::De, EndReason::Closed) => "geschlossen, der Tab war weg",
            (Self::En, EndReason::EndedAnyway) => "ended anyway",
            (Self::De, EndReason::EndedAnyway) => "trotzdem beendet",
            (Self::En, EndReason::PasswordChanged) => "password changed",
            (Self::De, EndReason::PasswordChanged) => "Passwort geändert",
            (Self::En, EndReason::Deactivated) => "ended with the account switched off",
            (Self::De, EndReason::Deactivated) => "mit dem Abschalten des Kontos beendet",
        }
    }
}
