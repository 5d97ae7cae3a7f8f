//! What the portal says about webhooks.

use domain::history::webhooks::{DeliveryState, Failure, InvalidWebhook, MAX_URL, MAX_WEBHOOKS, Stopped};

use crate::{
    i18n::{Language, format},
    views::history::webhooks::{DeliveryRow, Outcome},
};

words! {
    event_webhook_created: "Webhook created", "Webhook angelegt";
    event_webhook_changed: "Webhook changed", "Webhook geändert";
    event_webhook_stopped: "Webhook switched itself off", "Webhook hat sich ausgeschaltet";
    event_webhook_deleted: "Webhook deleted", "Webhook gelöscht";

    webhooks: "Webhooks", "Webhooks";
    webhooks_explained: "A webhook tells another system what happens here, right after it happened: a ticketing or accounting system, a chat, a script of yours. It is told what the admins of this group read in the history, and nothing from above.",
        "Ein Webhook sagt einem anderen System, was hier geschieht, gleich nachdem es geschehen ist: einem Ticket- oder Buchhaltungssystem, einem Chat, einem eigenen Skript. Es erfährt, was die Admins dieser Gruppe im Verlauf lesen, und nichts von darüber.";
    webhooks_of_instance_explained: "These webhooks tell other systems everything that happens in this portal, as ISV admins read it in the history. Groups have webhooks of their own, on their pages.",
        "Diese Webhooks sagen anderen Systemen alles, was in diesem Portal geschieht, wie es ISV-Admins im Verlauf lesen. Gruppen haben eigene Webhooks, auf ihren Seiten.";
    no_webhooks: "There are no webhooks yet.", "Es gibt noch keine Webhooks.";
    new_webhook: "New webhook", "Neuer Webhook";
    create_webhook: "Create webhook", "Webhook anlegen";
    webhook_name_help: "What you call it here: the receiving system.", "Wie er hier heißt: das empfangende System.";
    webhook_url: "Address of the receiver", "Adresse des Empfängers";
    webhook_url_help: "Begins with https://. Admins of the group see it here; lists, log and history leave out what follows a question mark.",
        "Beginnt mit https://. Admins der Gruppe sehen sie hier; Listen, Protokoll und Verlauf lassen weg, was hinter einem Fragezeichen steht.";
    webhook_topics: "What it is told", "Was ihm gesagt wird";
    webhook_topics_help: "Nothing ticked: everything.", "Nichts angekreuzt: alles.";
    webhook_signed: "Every message is signed with the portal’s key and can be checked with", "Jede Nachricht ist mit dem Schlüssel des Portals signiert und prüfbar mit";
    webhook_on: "On", "Ein";
    webhook_off: "Off", "Aus";
    webhook_stopped_short: "Stopped by itself", "Von selbst angehalten";
    switch_on: "Switch on", "Einschalten";
    switch_off: "Switch off", "Ausschalten";
    switch_on_help: "It goes on where it stopped. Whoever switches it on answers for it.",
        "Er macht weiter, wo er aufgehört hat. Wer ihn einschaltet, verantwortet ihn.";
    made_by: "Made by", "Angelegt von";
    answers_for_it: "Answers for it", "Verantwortlich";
    send_test: "Send a test", "Test senden";
    test_asked_for: "The test is on its way. Its outcome shows in the log.", "Der Test ist unterwegs. Das Ergebnis steht im Protokoll.";
    delete_webhook: "Delete webhook", "Webhook löschen";
    webhook_is_deleted: "The webhook was deleted.", "Der Webhook wurde gelöscht.";
    delete_webhook_help: "It sends nothing any more, and its log is deleted.", "Er sendet nichts mehr, und sein Protokoll wird gelöscht.";
    delivery_log: "Log", "Protokoll";
    delivery_log_help: "Kept for 30 days, and no more than 1,000 deliveries. Times are UTC.",
        "Wird 30 Tage aufbewahrt, höchstens 1.000 Zustellungen. Zeiten sind UTC.";
    no_deliveries: "Nothing was sent yet. Send a test, or wait until something happens.",
        "Noch wurde nichts gesendet. Senden Sie einen Test, oder warten Sie, bis etwas geschieht.";
    a_test: "Test", "Test";
    send_again: "Send again", "Erneut senden";
    outcome: "Outcome", "Ergebnis";
    attempts: "Attempts", "Versuche";
    webhook_settings: "Settings", "Einstellungen";
}

impl Language {
    /// Why a webhook cannot be kept like that.
    #[must_use]
    pub fn invalid_webhook(self, why: InvalidWebhook) -> String {
        match (self, why) {
            (Self::En, InvalidWebhook::Address) => {
                format!("This is not an address of a receiver. Expected is https://host/path, at most {MAX_URL} characters.")
            }
            (Self::De, InvalidWebhook::Address) => {
                format!("Das ist keine Adresse eines Empfängers. Erwartet wird https://Host/Pfad, höchstens {MAX_URL} Zeichen.")
            }
            (Self::En, InvalidWebhook::Insecure) => "The address has to begin with https://.".to_owned(),
            (Self::De, InvalidWebhook::Insecure) => "Die Adresse muss mit https:// beginnen.".to_owned(),
            (Self::En, InvalidWebhook::UserInfo) => {
                "Leave out user name and password: messages are signed, check the signature instead.".to_owned()
            }
            (Self::De, InvalidWebhook::UserInfo) => {
                "Lassen Sie Benutzername und Passwort weg: Nachrichten sind signiert, prüfen Sie stattdessen die Signatur."
                    .to_owned()
            }
            (Self::En, InvalidWebhook::TooMany) => {
                format!("There are {MAX_WEBHOOKS} webhooks here already. Delete one first.")
            }
            (Self::De, InvalidWebhook::TooMany) => {
                format!("Hier gibt es schon {MAX_WEBHOOKS} Webhooks. Löschen Sie zuerst einen.")
            }
        }
    }

    /// Why a webhook switched itself off; `keeper` answers for it.
    #[must_use]
    pub fn webhook_stopped(self, why: Stopped, keeper: &str, at: &str) -> String {
        match (self, why) {
            (Self::En, Stopped::Keeper) => {
                format!(
                    "Stopped {at}: {keeper}, who answers for it, no longer administers this group. Another admin can switch it on."
                )
            }
            (Self::De, Stopped::Keeper) => {
                format!(
                    "Angehalten {at}: {keeper}, dafür verantwortlich, verwaltet diese Gruppe nicht mehr. Ein anderer Admin kann ihn einschalten."
                )
            }
            (Self::En, Stopped::Gone) => {
                format!(
                    "Stopped {at}: the receiver said that it is gone for good. Correct the address, then switch it on."
                )
            }
            (Self::De, Stopped::Gone) => {
                format!(
                    "Angehalten {at}: Der Empfänger sagte, dass es ihn nicht mehr gibt. Korrigieren Sie die Adresse, und schalten Sie ihn ein."
                )
            }
            (Self::En, Stopped::Failing) => {
                format!(
                    "Stopped {at}: for three days the receiver did not take a message. Once it works, switch the webhook on; it goes on where it stopped."
                )
            }
            (Self::De, Stopped::Failing) => {
                format!(
                    "Angehalten {at}: Drei Tage lang nahm der Empfänger eine Nachricht nicht an. Sobald er arbeitet, schalten Sie den Webhook ein; er macht weiter, wo er aufgehört hat."
                )
            }
        }
    }

    /// It waits until then, in short.
    #[must_use]
    pub fn webhook_waits_until(self, at: &str) -> String {
        match self {
            Self::En => format!("On, waiting until {at}"),
            Self::De => format!("Ein, wartet bis {at}"),
        }
    }

    /// Sends a delivery again, for who does not see its row.
    #[must_use]
    pub fn send_again_of(self, what: &str, at: &str) -> String {
        match self {
            Self::En => format!("Send again: {what}, {at}"),
            Self::De => format!("Erneut senden: {what}, {at}"),
        }
    }

    /// It failed, and is tried again then.
    #[must_use]
    pub fn webhook_waits(self, at: &str) -> String {
        match self {
            Self::En => format!("Waiting: next attempt {at}. Later messages follow it."),
            Self::De => format!("Wartet: nächster Versuch {at}. Spätere Nachrichten folgen danach."),
        }
    }

    /// What became of a delivery, in plain words.
    #[must_use]
    pub fn delivery_outcome(self, row: &DeliveryRow) -> String {
        let why = row.outcome.map(|outcome| self.attempt_outcome(outcome));
        let because = why.as_ref().map(|why| format!(" ({why})")).unwrap_or_default();
        match (self, row.state, row.due_at.filter(|_| row.attempts > 0)) {
            (Self::En, DeliveryState::Waiting, Some(due)) => {
                format!("Waiting: next attempt {}{because}", format::date_time(self, due))
            }
            (Self::De, DeliveryState::Waiting, Some(due)) => {
                format!(
                    "Wartet: nächster Versuch {}{because}",
                    format::date_time(self, due)
                )
            }
            (Self::En, DeliveryState::Waiting, None) => "Waiting to be sent".to_owned(),
            (Self::De, DeliveryState::Waiting, None) => "Wird gleich gesendet".to_owned(),
            (Self::En, DeliveryState::Delivered, _) => format!("Delivered{because}"),
            (Self::De, DeliveryState::Delivered, _) => format!("Zugestellt{because}"),
            (Self::En, DeliveryState::Failed, _) => format!("Not taken{because}"),
            (Self::De, DeliveryState::Failed, _) => format!("Nicht angenommen{because}"),
            (Self::En, DeliveryState::Withheld, _) => {
                "Not sent: it no longer belongs to this branch".to_owned()
            }
            (Self::De, DeliveryState::Withheld, _) => {
                "Nicht gesendet: gehört nicht mehr zu diesem Zweig".to_owned()
            }
        }
    }

    fn attempt_outcome(self, outcome: Outcome) -> String {
        match (self, outcome) {
            (Self::En, Outcome::Status(status @ 300..=399)) => {
                format!("status {status}; redirects are not followed")
            }
            (Self::De, Outcome::Status(status @ 300..=399)) => {
                format!("Status {status}; Weiterleitungen wird nicht gefolgt")
            }
            (Self::En, Outcome::Status(status)) => format!("status {status}"),
            (Self::De, Outcome::Status(status)) => format!("Status {status}"),
            (_, Outcome::Failure(failure)) => self.failure(failure).to_owned(),
        }
    }

    const fn failure(self, failure: Failure) -> &'static str {
        match (self, failure) {
            (Self::En, Failure::Timeout) => "no answer within 10 seconds",
            (Self::De, Failure::Timeout) => "keine Antwort in 10 Sekunden",
            (Self::En, Failure::NoHost) => "no such host",
            (Self::De, Failure::NoHost) => "kein solcher Host",
            (Self::En, Failure::NotAllowed) => "on a private network, which the operator does not allow",
            (Self::De, Failure::NotAllowed) => "in einem privaten Netz, was der Betreiber nicht erlaubt",
            (Self::En, Failure::Unreachable) => "cannot be reached",
            (Self::De, Failure::Unreachable) => "nicht erreichbar",
            (Self::En, Failure::Tls) => "its certificate is not good, or it has no TLS",
            (Self::De, Failure::Tls) => "Zertifikat nicht gültig, oder kein TLS",
            (Self::En, Failure::Protocol) => "does not answer in HTTP",
            (Self::De, Failure::Protocol) => "antwortet nicht in HTTP",
        }
    }

    /// Subject of the mail about a webhook that switched itself off.
    #[must_use]
    pub fn webhook_letter_subject(self, name: &str) -> String {
        match self {
            Self::En => format!("The webhook “{name}” switched itself off"),
            Self::De => format!("Der Webhook „{name}“ hat sich ausgeschaltet"),
        }
    }

    /// The mail about a webhook that switched itself off.
    #[must_use]
    pub fn webhook_letter(self, why: Stopped, link: &str) -> String {
        match (self, why) {
            (Self::En, Stopped::Gone | Stopped::Keeper) => {
                format!(
                    "Its receiver said that it is gone for good (status 410). Nothing is lost: correct the address and switch the webhook on, and it goes on where it stopped.\n\n{link}\n"
                )
            }
            (Self::De, Stopped::Gone | Stopped::Keeper) => {
                format!(
                    "Sein Empfänger sagte, dass es ihn nicht mehr gibt (Status 410). Es ging nichts verloren: Korrigieren Sie die Adresse, und schalten Sie den Webhook ein, dann macht er weiter, wo er aufgehört hat.\n\n{link}\n"
                )
            }
            (Self::En, Stopped::Failing) => {
                format!(
                    "For three days its receiver did not take a message. Nothing is lost: once it works again, switch the webhook on, and it goes on where it stopped.\n\n{link}\n"
                )
            }
            (Self::De, Stopped::Failing) => {
                format!(
                    "Drei Tage lang nahm sein Empfänger eine Nachricht nicht an. Es ging nichts verloren: Sobald er wieder arbeitet, schalten Sie den Webhook ein, dann macht er weiter, wo er aufgehört hat.\n\n{link}\n"
                )
            }
        }
    }
}
