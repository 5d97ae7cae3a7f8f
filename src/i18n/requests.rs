//! What the portal says about requests to its maker, and writes to the maker.

use domain::instance::{
    InstanceLicense,
    requests::{InvalidWish, MAX_SEATS, RequestState},
};

use crate::{i18n::Language, views::instance::requests::LicenseRequest};

words! {
    request_license: "Request more users or another variant", "Weitere Benutzer oder andere Variante anfragen";
    request_seats: "Number of active users", "Anzahl aktiver Benutzer";
    request_variant_help: "Empty: the variant stays.", "Leer: Die Variante bleibt.";
    requested_by: "Requested by", "Angefragt von";
    request_note: "Note to the maker", "Mitteilung an den Hersteller";
    send_request: "Send the request", "Anfrage senden";
    request_recorded: "The request was recorded.", "Die Anfrage wurde festgehalten.";
    request_is_withdrawn: "The request was withdrawn.", "Die Anfrage wurde zurückgezogen.";
    withdraw: "Withdraw", "Zurückziehen";
    requests: "Requests", "Anfragen";
    request_not_mailed: "This server does not know the maker's mail address: requests are recorded here, but you have to send them yourself.",
        "Dieser Server kennt die E-Mail-Adresse des Herstellers nicht: Anfragen werden hier festgehalten, senden müssen Sie sie selbst.";
    event_license_requested: "Seats or variant requested", "Plätze oder Variante angefragt";
    event_license_request_withdrawn: "Request withdrawn", "Anfrage zurückgezogen";
}

impl Language {
    /// How far a request has come; `at` is the time that goes with it.
    #[must_use]
    pub fn request_state(self, state: RequestState, at: &str) -> String {
        match (self, state) {
            (Self::En, RequestState::Recorded) => "recorded, not mailed yet".to_owned(),
            (Self::De, RequestState::Recorded) => "festgehalten, noch nicht gesendet".to_owned(),
            (Self::En, RequestState::Mailed(_)) => format!("mailed to the maker, {at}"),
            (Self::De, RequestState::Mailed(_)) => format!("an den Hersteller gesendet, {at}"),
            (Self::En, RequestState::Granted(_)) => format!("granted, {at}"),
            (Self::De, RequestState::Granted(_)) => format!("erfüllt, {at}"),
            (Self::En, RequestState::Withdrawn(_)) => format!("withdrawn, {at}"),
            (Self::De, RequestState::Withdrawn(_)) => format!("zurückgezogen, {at}"),
        }
    }

    /// Where requests go.
    #[must_use]
    pub fn requests_go_to(self, address: &str) -> String {
        match self {
            Self::En => format!("The request is mailed to {address}."),
            Self::De => format!("Die Anfrage geht per E-Mail an {address}."),
        }
    }

    /// Why the maker cannot be asked for that.
    #[must_use]
    pub fn invalid_wish(self, why: InvalidWish) -> String {
        match (self, why) {
            (Self::En, InvalidWish::Nothing) => {
                "This is what the instance has already. Change the number or the variant.".to_owned()
            }
            (Self::De, InvalidWish::Nothing) => {
                "Das hat die Instanz schon. Ändern Sie die Anzahl oder die Variante.".to_owned()
            }
            (Self::En, InvalidWish::Seats) => format!("Enter a number of users between 1 and {MAX_SEATS}."),
            (Self::De, InvalidWish::Seats) => {
                format!("Geben Sie eine Anzahl zwischen 1 und {MAX_SEATS} ein.")
            }
            (Self::En, InvalidWish::Text) => {
                "Variant or note are too long, or contain control characters. Shorten them.".to_owned()
            }
            (Self::De, InvalidWish::Text) => {
                "Variante oder Mitteilung sind zu lang oder enthalten Steuerzeichen. Kürzen Sie sie."
                    .to_owned()
            }
        }
    }

    /// Subject of the mail to the maker.
    #[must_use]
    pub fn request_letter_subject(self, instance: &str) -> String {
        match self {
            Self::En => format!("License Portal: request of instance {instance}"),
            Self::De => format!("License Portal: Anfrage der Instanz {instance}"),
        }
    }

    /// The mail to the maker.
    #[must_use]
    pub fn request_letter(
        self,
        request: &LicenseRequest,
        instance: &str,
        license: Option<&InstanceLicense>,
    ) -> String {
        let (customer, number, variant, seats) =
            license.map_or(("–", "–", "–", "–".to_owned()), |license| {
                let seats = license.seats.to_string();
                (&license.customer, &license.number, &license.variant, seats)
            });
        let wish = &request.wish;
        let wanted = if wish.variant.is_empty() {
            variant
        } else {
            &wish.variant
        };
        [
            (self.instance_id(), instance.to_owned()),
            (self.customer_id(), customer.to_owned()),
            (self.instance_number(), number.to_owned()),
            (self.requested_by(), request.by.clone()),
            (self.maximum_active(), format!("{seats} -> {}", wish.seats)),
            (self.usage_variant(), format!("{variant} -> {wanted}")),
            (self.request_note(), wish.note.clone()),
        ]
        .map(|(name, value)| format!("{name}: {value}\n"))
        .concat()
    }
}
