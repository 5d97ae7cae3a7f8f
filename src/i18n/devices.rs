//! What the portal says about containers that are machines.

use domain::licensing::{
    containers::ContainerKind,
    devices::{InvalidExchange, InvalidTransition},
};

use crate::i18n::Language;

words! {
    kind_cloud: "Cloud container, for machines with a network", "Cloud-Container, für Maschinen mit Netz";
    kind_device: "Device: one machine, also without a network", "Gerät: eine Maschine, auch ohne Netz";
    kind_dongle: "Dongle: hardware with a serial number", "Dongle: Hardware mit Seriennummer";
    serial_number: "Serial number", "Seriennummer";
    serial_number_help: "As it stands on the dongle. Only dongles have one.", "Wie sie auf dem Dongle steht. Nur Dongles haben eine.";
    invalid_serial: "Enter the serial number of the dongle: at most 128 visible characters without spaces.",
        "Geben Sie die Seriennummer des Dongles ein: höchstens 128 sichtbare Zeichen ohne Leerzeichen.";
    device: "device", "Gerät";
    dongle: "dongle", "Dongle";
    machine: "Machine", "Maschine";
    machine_help: "Licences come to this machine as files or QR codes, without a network. It can use them for up to 90 days without another update.",
        "Lizenzen kommen als Dateien oder QR-Codes auf diese Maschine, ohne Netz. Sie kann sie bis zu 90 Tage ohne ein weiteres Update nutzen.";
    machine_unknown: "has not come yet", "war noch nicht da";
    reported_lost: "reported lost", "als verloren gemeldet";
    state_assigned: "waits for the machine to fetch it", "wartet darauf, dass die Maschine sie abholt";
    offline_exchange: "Offline exchange", "Offline-Austausch";
    set_up_machine: "Set the machine up, once", "Die Maschine einrichten, einmal";
    download_setup: "Download the setup file", "Setup-Datei herunterladen";
    write_request: "Let the machine write a request, and bring it here", "Die Maschine eine Anfrage schreiben lassen und diese hierher bringen";
    take_update: "Take the update to the machine", "Das Update zur Maschine bringen";
    bring_receipt: "Bring its receipt here, in the same way as the request", "Ihre Quittung hierher bringen, so wie die Anfrage";
    on_machine: "on the machine", "auf der Maschine";
    file_or_photo: "File, or photo of the QR code", "Datei oder Foto des QR-Codes";
    exchange_text: "or its text", "oder der Text";
    upload: "Upload", "Hochladen";
    download_update: "Download the update", "Update herunterladen";
    update_too_long: "There are too many licences in it for a QR code. Take the file.",
        "Für einen QR-Code sind zu viele Lizenzen darin. Nehmen Sie die Datei.";
    update_needed: "Something has changed since this update: let the machine write another request.",
        "Seit diesem Update hat sich etwas geändert: Lassen Sie die Maschine eine neue Anfrage schreiben.";
    not_confirmed: "The machine has not confirmed it yet.", "Die Maschine hat es noch nicht bestätigt.";
    exchanged_update: "The request was taken. The update for the machine is ready.",
        "Die Anfrage wurde angenommen. Das Update für die Maschine ist bereit.";
    exchanged_receipt: "The receipt was taken. The machine holds what this page shows.",
        "Die Quittung wurde angenommen. Auf der Maschine ist, was diese Seite zeigt.";
    not_done: "This was not done", "Das ist nicht geschehen";
    not_permitted: "You may not do this", "Das dürfen Sie nicht";
    report_lost: "Report lost", "Als verloren melden";
    report_lost_help: "For a machine that is broken or gone. It gets no updates any more, and its licences can be recovered: each when the time of its last update is over, or at once by an admin of its ticket.",
        "Für eine Maschine, die kaputt oder weg ist. Sie bekommt keine Updates mehr, und ihre Lizenzen können wiederhergestellt werden: jede, wenn die Zeit ihres letzten Updates vorbei ist, oder sofort durch einen Admin ihres Tickets.";
    report_found: "It was found", "Sie ist wieder da";
    report_found_help: "Then it gets updates again. What was recovered meanwhile stays where it is.",
        "Dann bekommt sie wieder Updates. Was inzwischen wiederhergestellt wurde, bleibt, wo es ist.";
    recover: "Recover", "Wiederherstellen";
    recover_now: "Recover now", "Jetzt wiederherstellen";
    remove_container: "Remove the container", "Container entfernen";
    remove_container_help: "Nothing may be activated in it. Its credentials stop working at once.",
        "In ihm darf nichts aktiviert sein. Seine Zugangsdaten gelten sofort nicht mehr.";
    container_not_empty: "Licences are activated in the container. Deactivate or transfer them first.",
        "In dem Container sind Lizenzen aktiviert. Deaktivieren Sie sie zuerst, oder ziehen Sie sie um.";
    other_kind: "That cannot be done with a container of this kind.", "Das geht mit einem Container dieser Art nicht.";
    refused_on_machine: "The licence is on a machine. Deactivate it, and let the machine confirm that first.",
        "Die Lizenz ist auf einer Maschine. Deaktivieren Sie sie, und lassen Sie das zuerst die Maschine bestätigen.";
    whole_only: "From a machine, all of an activation comes back at once. Activate fewer afterwards.",
        "Von einer Maschine kommt eine Aktivierung nur als Ganzes zurück. Aktivieren Sie danach weniger.";
    activation_over: "That has ended already. Load the page again.", "Das ist schon beendet. Laden Sie die Seite neu.";
    asked_back_already: "It was given back already. The machine has yet to confirm that: bring its next receipt.",
        "Sie wurde schon zurückgegeben. Die Maschine muss das noch bestätigen: Bringen Sie ihre nächste Quittung.";
    exchange_unreadable: "This is neither a request nor a receipt of a machine. Bring the file that license-client wrote, as it is.",
        "Das ist weder eine Anfrage noch eine Quittung einer Maschine. Bringen Sie die Datei, die license-client geschrieben hat, so wie sie ist.";
    exchange_no_code: "No QR code was found in the picture. Take it closer, straight and sharp, or bring the file.",
        "In dem Bild ist kein QR-Code zu finden. Fotografieren Sie ihn näher, gerade und scharf, oder bringen Sie die Datei.";
    exchange_altered: "The text was altered on the way, or another machine wrote it. Let the machine write it again.",
        "Der Text wurde unterwegs verändert, oder eine andere Maschine hat ihn geschrieben. Lassen Sie ihn die Maschine neu schreiben.";
    exchange_foreign: "It belongs to another machine, container or portal. Look for the container whose setup file the machine got.",
        "Das gehört zu einer anderen Maschine, einem anderen Container oder Portal. Suchen Sie den Container, dessen Setup-Datei die Maschine bekam.";
    exchange_replayed: "This request was used before, or the machine wrote a later one. Let it write a new one.",
        "Diese Anfrage wurde schon benutzt, oder die Maschine hat eine spätere geschrieben. Lassen Sie sie eine neue schreiben.";
    exchange_not_expected: "The receipt is not about the last update of this machine. Import that first; then bring its receipt.",
        "Die Quittung gehört nicht zum letzten Update dieser Maschine. Importieren Sie zuerst dieses; dann bringen Sie dessen Quittung.";
    exchange_lost: "The machine is reported lost. If it was found, say so on this page first.",
        "Die Maschine ist als verloren gemeldet. Ist sie wieder da, geben Sie das zuerst auf dieser Seite an.";
    event_container_removed: "Container removed", "Container entfernt";
    event_machine_updated: "Update for a machine", "Update für eine Maschine";
    event_machine_confirmed: "Confirmed by a machine", "Von einer Maschine bestätigt";
    event_machine_lost: "Machine reported lost", "Maschine als verloren gemeldet";
    event_machine_found: "Machine found again", "Maschine wieder da";
    event_license_asked_back: "Licence asked back from a machine", "Lizenz von einer Maschine zurückverlangt";
    event_license_recovered: "Licence recovered from a lost machine", "Lizenz von einer verlorenen Maschine wiederhergestellt";
}

impl Language {
    /// What a container is.
    #[must_use]
    pub const fn container_kind(self, kind: ContainerKind) -> &'static str {
        match kind {
            ContainerKind::Cloud => self.cloud_container(),
            ContainerKind::Device => self.device(),
            ContainerKind::Dongle => self.dongle(),
        }
    }

    /// It is in an update that the machine has yet to confirm.
    #[must_use]
    pub fn state_collected(self, until: &str) -> String {
        match self {
            Self::En => format!("in an update until {until}, not confirmed yet"),
            Self::De => format!("in einem Update bis {until}, noch nicht bestätigt"),
        }
    }

    /// The machine has it.
    #[must_use]
    pub fn state_confirmed(self, until: &str) -> String {
        match self {
            Self::En => format!("on the machine until {until}"),
            Self::De => format!("auf der Maschine bis {until}"),
        }
    }

    /// Its time on the machine is over.
    #[must_use]
    pub fn state_run_out(self, until: &str) -> String {
        match self {
            Self::En => format!("was on the machine until {until}"),
            Self::De => format!("war bis {until} auf der Maschine"),
        }
    }

    /// It was given back, and the machine has yet to confirm that.
    #[must_use]
    pub fn state_leaving(self, withdrawn: bool, until: &str) -> String {
        match (self, withdrawn) {
            (Self::En, false) => {
                format!("given back; free when the machine confirms it, at the latest after {until}")
            }
            (Self::De, false) => {
                format!("zurückgegeben; frei, sobald die Maschine es bestätigt, spätestens nach dem {until}")
            }
            (Self::En, true) => {
                format!("withdrawn; free when the machine confirms it, at the latest after {until}")
            }
            (Self::De, true) => {
                format!("entzogen; frei, sobald die Maschine es bestätigt, spätestens nach dem {until}")
            }
        }
    }

    /// It is on a machine that is lost.
    #[must_use]
    pub fn state_lost(self, until: &str) -> String {
        match self {
            Self::En => {
                format!("on the lost machine until {until}; an admin of its ticket can recover it before")
            }
            Self::De => {
                format!(
                    "auf der verlorenen Maschine bis {until}; ein Admin ihres Tickets kann sie vorher wiederherstellen"
                )
            }
        }
    }

    /// When a machine came first.
    #[must_use]
    pub fn bound_since(self, date: &str) -> String {
        match self {
            Self::En => format!("since {date}"),
            Self::De => format!("seit {date}"),
        }
    }

    /// When an update was signed.
    #[must_use]
    pub fn update_of(self, date: &str) -> String {
        match self {
            Self::En => format!("Update of {date}."),
            Self::De => format!("Update vom {date}."),
        }
    }

    /// When the machine confirmed it.
    #[must_use]
    pub fn confirmed_on(self, date: &str) -> String {
        match self {
            Self::En => format!("The machine confirmed it: {date}."),
            Self::De => format!("Die Maschine hat es bestätigt: {date}."),
        }
    }

    /// Why a text of a machine does not count.
    #[must_use]
    pub const fn invalid_exchange(self, why: InvalidExchange) -> &'static str {
        match why {
            InvalidExchange::Unreadable => self.exchange_unreadable(),
            InvalidExchange::NoCode => self.exchange_no_code(),
            InvalidExchange::Altered => self.exchange_altered(),
            InvalidExchange::Foreign => self.exchange_foreign(),
            InvalidExchange::Replayed => self.exchange_replayed(),
            InvalidExchange::NotExpected => self.exchange_not_expected(),
            InvalidExchange::Lost => self.exchange_lost(),
        }
    }

    /// Why an activation cannot be given or taken back; `until` is the day of [`InvalidTransition::Held`].
    #[must_use]
    pub fn invalid_transition(self, why: InvalidTransition, until: &str) -> String {
        match (self, why) {
            (_, InvalidTransition::Over) => self.activation_over().to_owned(),
            (_, InvalidTransition::AskedAlready) => self.asked_back_already().to_owned(),
            (Self::En, InvalidTransition::Held(_)) => format!(
                "The lost machine may use it until {until}. Recover it then, or ask an admin of its ticket to recover it now."
            ),
            (Self::De, InvalidTransition::Held(_)) => format!(
                "Die verlorene Maschine darf sie bis {until} nutzen. Stellen Sie sie dann wieder her, oder bitten Sie einen Admin ihres Tickets, es jetzt zu tun."
            ),
        }
    }
}
