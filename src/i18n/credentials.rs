//! What the portal says about credentials of containers.

use domain::licensing::credentials::{
    CredentialState, InvalidCredential, MAX_CREDENTIALS, MAX_DAYS, MAX_OVERLAP,
};

use crate::i18n::Language;

words! {
    credentials: "Credentials", "Zugangsdaten";
    credentials_help: "With a credential file, and nothing else, a machine uses the licences of this container: in images, templates and CI.",
        "Mit einer Credential-Datei und sonst nichts nutzt eine Maschine die Lizenzen dieses Containers: in Images, Vorlagen und CI.";
    no_credentials: "There are no credentials yet.", "Es gibt noch keine Zugangsdaten.";
    issue_credential: "Issue a credential file", "Credential-Datei ausstellen";
    issue_and_download: "Issue and download", "Ausstellen und herunterladen";
    credential_shown_once: "The file cannot be shown again. If it is lost, issue a new one, then disable and revoke the lost one.",
        "Die Datei kann nicht noch einmal angezeigt werden. Ist sie verloren, stellen Sie eine neue aus; dann sperren und widerrufen Sie die verlorene.";
    credential_label: "Label", "Bezeichnung";
    credential_label_help: "What uses it: a machine, an image, a pipeline.", "Was sie benutzt: eine Maschine, ein Image, eine Pipeline.";
    credential_days: "Expires after days", "Läuft ab nach Tagen";
    credential_days_help: "Empty: never.", "Leer: nie.";
    credential_issued: "Issued", "Ausgestellt";
    credential_expires: "Expires", "Läuft ab";
    credential_never: "never", "nie";
    credential_last_used: "Last used", "Zuletzt benutzt";
    credential_active: "active", "aktiv";
    credential_disabled: "disabled", "gesperrt";
    credential_expired: "expired", "abgelaufen";
    credential_revoked: "revoked", "widerrufen";
    disable_credential: "Disable", "Sperren";
    enable_credential: "Enable", "Entsperren";
    revoke_credential: "Revoke", "Widerrufen";
    revoke_credential_help: "For good: what its machines use ends.", "Endgültig: Was ihre Maschinen nutzen, endet.";
    rotate_credential: "Replace", "Ersetzen";
    credential_overlap: "The old one stays good for days", "Die alte gilt noch so viele Tage";
    replace_and_download: "Replace and download", "Ersetzen und herunterladen";
    reset_credentials: "Reset credentials", "Zugangsdaten zurücksetzen";
    reset_credentials_help: "All credentials of this container stop working at once, and what its machines use ends.",
        "Alle Zugangsdaten dieses Containers gelten sofort nicht mehr, und was seine Maschinen nutzen, endet.";
    reset_with_new: "Reset, issue a new file and download it", "Zurücksetzen, neue Datei ausstellen und herunterladen";
    more_about_credential: "Replace, revoke", "Ersetzen, widerrufen";
    credential_not_disabled: "Disable the credential first. If nothing misses it, revoke it then.",
        "Sperren Sie die Zugangsdaten zuerst. Fehlen sie nirgends, dann widerrufen Sie sie.";
    credential_over: "The credential is revoked or has expired. Issue a new one.",
        "Die Zugangsdaten sind widerrufen oder abgelaufen. Stellen Sie neue aus.";
    event_credential_issued: "Credential file issued", "Credential-Datei ausgestellt";
    event_credential_rotated: "Credential replaced", "Zugangsdaten ersetzt";
    event_credential_disabled: "Credential disabled", "Zugangsdaten gesperrt";
    event_credential_enabled: "Credential enabled", "Zugangsdaten entsperrt";
    event_credential_revoked: "Credential revoked", "Zugangsdaten widerrufen";
    event_credentials_reset: "Credentials reset", "Zugangsdaten zurückgesetzt";
}

impl Language {
    /// The state of a credential.
    #[must_use]
    pub const fn credential_state(self, state: CredentialState) -> &'static str {
        match state {
            CredentialState::Active => self.credential_active(),
            CredentialState::Disabled => self.credential_disabled(),
            CredentialState::Expired => self.credential_expired(),
            CredentialState::Revoked => self.credential_revoked(),
        }
    }

    /// By whom a credential was issued.
    #[must_use]
    pub fn issued_by(self, name: &str) -> String {
        match self {
            Self::En => format!("by {name}"),
            Self::De => format!("von {name}"),
        }
    }

    /// Why a credential cannot be had, or changed, like that.
    #[must_use]
    pub fn invalid_credential(self, why: InvalidCredential) -> String {
        match (self, why) {
            (Self::En, InvalidCredential::TooMany) => {
                format!(
                    "There are {MAX_CREDENTIALS} credentials already. Disable and revoke one that nothing needs."
                )
            }
            (Self::De, InvalidCredential::TooMany) => {
                format!(
                    "Es gibt schon {MAX_CREDENTIALS} Zugangsdaten. Sperren und widerrufen Sie welche, die nichts mehr braucht."
                )
            }
            (Self::En, InvalidCredential::Days) => {
                format!("Enter 1 to {MAX_DAYS} days, or nothing for a credential that does not expire.")
            }
            (Self::De, InvalidCredential::Days) => {
                format!(
                    "Geben Sie 1 bis {MAX_DAYS} Tage ein, oder nichts für Zugangsdaten, die nicht ablaufen."
                )
            }
            (Self::En, InvalidCredential::Overlap) => {
                format!("The old credential stays good for 0 to {MAX_OVERLAP} days. Enter fewer.")
            }
            (Self::De, InvalidCredential::Overlap) => {
                format!("Die alten Zugangsdaten gelten noch 0 bis {MAX_OVERLAP} Tage. Geben Sie weniger ein.")
            }
            (_, InvalidCredential::NotDisabled) => self.credential_not_disabled().to_owned(),
            (_, InvalidCredential::Over) => self.credential_over().to_owned(),
        }
    }
}
