//! What the portal says about personal access tokens.

use domain::accounts::personal_tokens::{Area, InvalidToken, Level, MAX_TOKEN_DAYS, MAX_TOKENS};

use crate::i18n::Language;

words! {
    access_tokens: "Access tokens", "Zugriffstokens";
    access_tokens_help: "With a token, a script or program does through the interface for programs what you may do here, as far as the token goes. It acts in your name, and stands in the history.",
        "Mit einem Token tut ein Skript oder Programm über die Schnittstelle für Programme, was Sie hier dürfen, soweit das Token reicht. Es handelt in Ihrem Namen und steht im Verlauf.";
    interface_described: "Description of the interface", "Beschreibung der Schnittstelle";
    no_access_tokens: "There are no access tokens.", "Es gibt keine Zugriffstokens.";
    new_access_token: "New access token", "Neues Zugriffstoken";
    token_name: "What is it for?", "Wofür ist es?";
    token_days: "Good for days", "Gültig für Tage";
    token_scopes: "What may it be used for?", "Wofür darf es benutzt werden?";
    token_scope: "Scope", "Umfang";
    area: "Area", "Bereich";
    level_none: "nothing", "nichts";
    level_read: "read", "lesen";
    level_write: "read and change", "lesen und ändern";
    make_token: "Make the token", "Token erzeugen";
    token_once: "The token is shown only now. Keep it like a password.",
        "Das Token wird nur jetzt angezeigt. Bewahren Sie es auf wie ein Passwort.";
    your_token: "Your token", "Ihr Token";
    copy_token: "Copy the token", "Token kopieren";
    token_created: "Made", "Erzeugt";
    token_expires: "Expires", "Läuft ab";
    token_last_used: "Last used", "Zuletzt benutzt";
    token_never_used: "never", "nie";
    token_expired: "expired", "abgelaufen";
    revoke_token: "Take back", "Zurücknehmen";
    revoke_token_help: "Programs that use it are refused from then on. This cannot be undone.",
        "Programme, die es benutzen, werden von da an abgewiesen. Das lässt sich nicht rückgängig machen.";
    token_is_revoked: "The token was taken back.", "Das Token wurde zurückgenommen.";
    tokens_of_user: "Programs of this person use these. They end by themselves when the account is switched off, or a password is generated.",
        "Programme dieser Person benutzen sie. Sie enden von selbst, wenn das Konto abgeschaltet oder ein Passwort erzeugt wird.";
    denied_beyond_token: "The access token is not good for that. Make one with that scope.",
        "Das Zugriffstoken reicht dafür nicht. Erzeugen Sie eines mit diesem Umfang.";
    event_token_created: "Access token made", "Zugriffstoken erzeugt";
    event_token_revoked: "Access token taken back", "Zugriffstoken zurückgenommen";
}

impl Language {
    /// A part of the portal that a token may be good for.
    #[must_use]
    pub const fn token_area(self, area: Area) -> &'static str {
        match (self, area) {
            (Self::En, Area::Groups) => "Groups and members",
            (Self::De, Area::Groups) => "Gruppen und Mitglieder",
            (Self::En, Area::Users) => "People",
            (Self::De, Area::Users) => "Personen",
            (_, Area::Tickets) => self.tickets(),
            (Self::En, Area::Licenses) => "Licences, containers, credentials",
            (Self::De, Area::Licenses) => "Lizenzen, Container, Zugangsdaten",
            (Self::En, Area::Products) => "Products and quotas",
            (Self::De, Area::Products) => "Produkte und Kontingente",
            (Self::En, Area::History) => "History and reports",
            (Self::De, Area::History) => "Verlauf und Berichte",
            (_, Area::Webhooks) => "Webhooks",
            (Self::En, Area::Instance) => "This portal: seats, logins, files",
            (Self::De, Area::Instance) => "Dieses Portal: Plätze, Anmeldungen, Dateien",
        }
    }

    /// What a token may do in an area.
    #[must_use]
    pub const fn token_level(self, level: Level) -> &'static str {
        match level {
            Level::Read => self.level_read(),
            Level::Write => self.level_write(),
        }
    }

    /// Why there is no such token.
    #[must_use]
    pub fn invalid_token(self, why: InvalidToken) -> String {
        match (self, why) {
            (Self::En, InvalidToken::Days) => {
                format!("A token is good for 1 to {MAX_TOKEN_DAYS} days. Enter such a number.")
            }
            (Self::De, InvalidToken::Days) => {
                format!("Ein Token gilt 1 bis {MAX_TOKEN_DAYS} Tage. Geben Sie eine solche Zahl ein.")
            }
            (Self::En, InvalidToken::NoScope) => "Choose what the token may be used for.".to_owned(),
            (Self::De, InvalidToken::NoScope) => {
                "Wählen Sie, wofür das Token benutzt werden darf.".to_owned()
            }
            (Self::En, InvalidToken::TooMany) => {
                format!("You have {MAX_TOKENS} tokens already. Take one back first.")
            }
            (Self::De, InvalidToken::TooMany) => {
                format!("Sie haben schon {MAX_TOKENS} Tokens. Nehmen Sie erst eines zurück.")
            }
        }
    }
}
