//! What the portal says about second factors.

use crate::i18n::Language;

words! {
    second_factor: "Second factor", "Zweiter Faktor";
    second_factor_help: "At every login, the portal then asks for a code of an app on your phone, besides the password.",
        "Bei jeder Anmeldung fragt das Portal dann außer dem Passwort nach einem Code aus einer App auf Ihrem Telefon.";
    second_factor_off: "There is no second factor yet.", "Es gibt noch keinen zweiten Faktor.";
    add_second_factor: "Add a second factor", "Zweiten Faktor hinzufügen";
    remove_second_factor: "Remove the second factor", "Zweiten Faktor entfernen";
    second_factor_removed: "The second factor was removed.", "Der zweite Faktor wurde entfernt.";
    second_factor_of_user: "Logins of this account ask for a code. Remove it only if the person lost phone and recovery codes.",
        "Anmeldungen dieses Kontos fragen nach einem Code. Entfernen Sie ihn nur, wenn die Person Telefon und Ersatzcodes verloren hat.";
    scan_picture: "Scan the picture with an authenticator app, or type the secret into it. Then enter the code that it shows.",
        "Scannen Sie das Bild mit einer Authenticator-App oder geben Sie dort das Geheimnis ein. Geben Sie dann den Code ein, den sie zeigt.";
    qr_code: "QR code of the secret", "QR-Code des Geheimnisses";
    secret: "Secret", "Geheimnis";
    code_of_app: "Code of the app", "Code der App";
    confirm_code: "Confirm", "Bestätigen";
    recovery_codes: "Recovery codes", "Ersatzcodes";
    recovery_codes_once: "They are shown only now. Keep them where you find them without your phone: each works once in place of a code.",
        "Sie werden nur jetzt angezeigt. Bewahren Sie sie so auf, dass Sie sie ohne Ihr Telefon finden: Jeder gilt einmal anstelle eines Codes.";
    copy_recovery_codes: "Copy the recovery codes", "Ersatzcodes kopieren";
    renew_recovery_codes: "Make new recovery codes", "Neue Ersatzcodes erzeugen";
    renew_recovery_codes_help: "The old ones are worth nothing then.", "Die alten sind dann wertlos.";
    go_on: "Go on", "Weiter";
    enter_code: "Enter the code", "Code eingeben";
    code_or_recovery: "Code of the app, or a recovery code", "Code der App oder ein Ersatzcode";
    log_in_anew: "Begin the login again", "Anmeldung neu beginnen";
    demand_second_factor: "Demand a second factor of all admins", "Zweiten Faktor von allen Admins verlangen";
    demand_second_factor_help: "An admin without one adds it at the next step, before anything else. This holds for ISV admins and for admins of groups.",
        "Ein Admin ohne zweiten Faktor fügt ihn beim nächsten Schritt hinzu, vor allem anderen. Das gilt für ISV-Admins und für Admins von Gruppen.";
    login_security: "Security of logins", "Sicherheit der Anmeldungen";
    refused_second_factor_demanded: "Admins need a second factor here. Add one to go on.",
        "Admins brauchen hier einen zweiten Faktor. Fügen Sie einen hinzu, um weiterzumachen.";
    refused_code_needed: "The code of the second factor is missing. Log in again.",
        "Der Code des zweiten Faktors fehlt. Melden Sie sich erneut an.";
    refused_wrong_code: "The code is wrong, or was used already. Wait for the next one in the app, or use a recovery code.",
        "Der Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten in der App, oder nehmen Sie einen Ersatzcode.";
    refused_login_expired: "The password was given too long ago. Begin the login again.",
        "Das Passwort ist zu lange her. Beginnen Sie die Anmeldung neu.";
    event_second_factor_added: "Second factor added", "Zweiter Faktor hinzugefügt";
    event_second_factor_removed: "Second factor removed", "Zweiter Faktor entfernt";
    event_recovery_codes_renewed: "New recovery codes", "Neue Ersatzcodes";
    event_second_factor_demanded: "Second factor demanded of admins", "Zweiter Faktor von Admins verlangt";
    event_second_factor_optional: "Second factor no longer demanded", "Zweiter Faktor nicht mehr verlangt";
}

impl Language {
    /// The second factor is there.
    #[must_use]
    pub fn second_factor_on(self, since: &str, recovery_codes: u32) -> String {
        match self {
            Self::En => {
                format!("There is a second factor since {since}. Recovery codes left: {recovery_codes}.")
            }
            Self::De => {
                format!("Es gibt einen zweiten Faktor seit {since}. Übrige Ersatzcodes: {recovery_codes}.")
            }
        }
    }
}
