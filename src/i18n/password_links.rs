//! What the portal says about forgotten passwords, and writes to those who forgot them.

use crate::i18n::Language;

words! {
    forgot_password: "Forgot your password?", "Passwort vergessen?";
    forgot_password_text: "Enter the mail address of your account. You get a link that sets a new password.",
        "Geben Sie die E-Mail-Adresse Ihres Kontos ein. Sie erhalten einen Link, mit dem Sie ein neues Passwort setzen.";
    send_link: "Send the link", "Link senden";
    link_sent: "If there is an active account with this address, a link is on its way to it. It works for 30 minutes. Without an account or an address in it, ask your administrator.",
        "Wenn es ein aktives Konto mit dieser Adresse gibt, ist ein Link dorthin unterwegs. Er gilt 30 Minuten. Ohne Konto oder ohne Adresse darin fragen Sie Ihren Administrator.";
    to_login: "To the login page", "Zur Anmeldeseite";
    set_new_password: "Set a new password", "Neues Passwort setzen";
    ask_for_another_link: "Ask for another link", "Neuen Link anfordern";
    password_set_log_in: "The new password is set. Log in with it.",
        "Das neue Passwort ist gesetzt. Melden Sie sich damit an.";
    refused_link_expired: "This link was used already, or its time is over. Ask for another one.",
        "Dieser Link wurde schon benutzt oder ist abgelaufen. Fordern Sie einen neuen an.";
    password_letter_subject: "License Portal: set a new password", "License Portal: neues Passwort setzen";
}

impl Language {
    /// The mail with links, each of an account.
    #[must_use]
    pub fn password_letter(self, links: &[(String, String)]) -> String {
        let links: String = links
            .iter()
            .map(|(login, address)| format!("{login}:\n{address}\n\n"))
            .collect();
        match self {
            Self::En => format!(
                "Somebody, probably you, asked for a new password. Open the link to set one:\n\n{links}\
                 It works once, for 30 minutes. If it was not you, do nothing: your password stays as it is.\n"
            ),
            Self::De => format!(
                "Jemand, vermutlich Sie, hat ein neues Passwort angefordert. Öffnen Sie den Link, um es zu setzen:\n\n{links}\
                 Er gilt einmal und 30 Minuten lang. Wenn Sie es nicht waren, tun Sie nichts: Ihr Passwort bleibt, wie es ist.\n"
            ),
        }
    }
}
