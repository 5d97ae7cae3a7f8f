//! What the portal says about products, licences and containers.

use crate::i18n::Language;

words! {
    products: "Products", "Produkte";
    product: "Product", "Produkt";
    new_product: "New product", "Neues Produkt";
    no_products: "There are no products yet. They come with the first tickets, or are made here.",
        "Es gibt noch keine Produkte. Sie kommen mit den ersten Tickets oder werden hier angelegt.";
    article: "Article number", "Artikelnummer";
    name_english: "Name in English", "Name auf Englisch";
    name_german: "Name in German", "Name auf Deutsch";
    name_german_help: "Empty: as in English.", "Leer: wie auf Englisch.";
    features: "Features", "Funktionen";
    features_help: "One a line, in the words that the software asks for.",
        "Eine je Zeile, in den Worten, nach denen die Software fragt.";
    article_taken: "There is a product with that article number already. Choose another number.",
        "Es gibt schon ein Produkt mit dieser Artikelnummer. Wählen Sie eine andere Nummer.";
    invalid_article: "Enter an article number of at most 120 visible characters.",
        "Geben Sie eine Artikelnummer aus höchstens 120 sichtbaren Zeichen ein.";
    invalid_features: "Enter at most 50 features, one a line.", "Geben Sie höchstens 50 Funktionen ein, eine je Zeile.";
    event_product_created: "Product created", "Produkt angelegt";
    event_product_changed: "Product changed", "Produkt geändert";

    licenses: "Licences", "Lizenzen";
    no_licenses: "There is nothing in this ticket.", "In diesem Ticket ist nichts.";
    quantity: "Quantity", "Anzahl";
    validity: "Validity", "Gültigkeit";
    perpetual: "perpetual", "unbefristet";
    binding: "Binding", "Bindung";
    floating: "floating", "gleitend (floating)";
    node_locked: "node-locked", "an ein Gerät gebunden";
    returns: "Returns", "Rückgaben";
    returns_unlimited: "as often as you like", "beliebig oft";
    activate: "Activate", "Aktivieren";
    deactivate: "Deactivate", "Deaktivieren";
    withdraw_license: "Withdraw", "Entziehen";
    transfer: "Transfer", "Umziehen";
    transfer_to: "Transfer the selected licences to", "Ausgewählte Lizenzen umziehen nach";
    activate_in: "Activate in", "Aktivieren in";
    not_activated: "Nothing of it is activated.", "Davon ist nichts aktiviert.";
    in_hidden_container: "in a container that you cannot see", "in einem Container, den Sie nicht sehen können";
    license_expired: "The licence has expired. Ask who gave you the ticket for a new one.",
        "Die Lizenz ist abgelaufen. Fragen Sie den, von dem Sie das Ticket haben, nach einer neuen.";
    no_returns_left: "This licence was given back as often as it may be. Ask an admin of the ticket to withdraw it.",
        "Diese Lizenz wurde so oft zurückgegeben, wie es erlaubt ist. Bitten Sie einen Admin des Tickets, sie zu entziehen.";
    still_activated: "Some of these licences are activated. Say whether they stay activated.",
        "Einige dieser Lizenzen sind aktiviert. Geben Sie an, ob sie aktiviert bleiben.";
    keep_activated: "Keep them activated", "Aktiviert lassen";
    deactivate_first: "Deactivate them first", "Zuerst deaktivieren";
    activated_licenses: "Activated licences", "Aktivierte Lizenzen";
    do_not_move: "Do not move", "Nicht verschieben";
    denied_unowned: "The ticket belongs to nobody yet. Assign it to a group or a person first.",
        "Das Ticket gehört noch niemandem. Ordnen Sie es zuerst einer Gruppe oder Person zu.";
    unowned: "assign it first", "erst zuordnen";
    expired: "expired", "abgelaufen";
    event_license_activated: "Licence activated", "Lizenz aktiviert";
    event_license_deactivated: "Licence deactivated", "Lizenz deaktiviert";
    event_license_withdrawn: "Licence withdrawn", "Lizenz entzogen";

    containers: "Containers", "Container";
    container: "Container", "Container";
    new_container: "New container", "Neuer Container";
    cloud_container: "cloud container", "Cloud-Container";
    no_containers: "There are no containers yet. Licences are activated in one.",
        "Es gibt noch keine Container. In ihnen werden Lizenzen aktiviert.";
    search_containers: "Search containers", "Container suchen";
    container_help: "Licences that are activated in a cloud container can be used from every machine that has its credential file.",
        "Lizenzen, die in einem Cloud-Container aktiviert sind, können von jeder Maschine genutzt werden, die seine Credential-Datei hat.";
    container_empty: "Nothing is activated in this container.", "In diesem Container ist nichts aktiviert.";
    no_container_to_choose: "no other container", "kein anderer Container";
    no_license_selected: "No licence is selected. Select one first.", "Keine Lizenz ist ausgewählt. Wählen Sie zuerst eine aus.";
    narrow_containers: "Only the first 50 are shown. Search to find others.",
        "Nur die ersten 50 sind zu sehen. Suchen Sie nach weiteren.";
    group_context: "Group context", "Gruppenkontext";
    whose: "Belongs to", "Gehört";
    event_container_created: "Container created", "Container angelegt";
    event_container_renamed: "Container renamed", "Container umbenannt";
}

impl Language {
    /// So many of how many are activated.
    #[must_use]
    pub fn activated_of(self, activated: u32, quantity: u32) -> String {
        match self {
            Self::En => format!("{activated} of {quantity} activated"),
            Self::De => format!("{activated} von {quantity} aktiviert"),
        }
    }

    /// Not so many are free.
    #[must_use]
    pub fn not_enough(self, free: u32) -> String {
        match (self, free) {
            (Self::En, 0) => "None of them is free. Deactivate one elsewhere first.".to_owned(),
            (Self::De, 0) => {
                "Davon ist keine frei. Deaktivieren Sie zuerst eine an anderer Stelle.".to_owned()
            }
            (Self::En, _) => format!("Only {free} are free. Enter a smaller number."),
            (Self::De, _) => format!("Nur {free} sind frei. Geben Sie eine kleinere Zahl ein."),
        }
    }

    /// From when until when.
    #[must_use]
    pub fn valid_between(self, from: Option<&str>, until: Option<&str>) -> String {
        match (self, from, until) {
            (Self::En, Some(from), Some(until)) => format!("from {from} until {until}"),
            (Self::De, Some(from), Some(until)) => format!("vom {from} bis {until}"),
            (Self::En, Some(from), None) => format!("from {from}"),
            (Self::De, Some(from), None) => format!("ab {from}"),
            (Self::En, None, Some(until)) => format!("until {until}"),
            (Self::De, None, Some(until)) => format!("bis {until}"),
            (_, None, None) => self.perpetual().to_owned(),
        }
    }

    /// So many days from the first activation.
    #[must_use]
    pub fn valid_days(self, days: u32) -> String {
        match (self, days) {
            (Self::En, 1) => "1 day from the first activation".to_owned(),
            (Self::De, 1) => "1 Tag ab der ersten Aktivierung".to_owned(),
            (Self::En, _) => format!("{days} days from the first activation"),
            (Self::De, _) => format!("{days} Tage ab der ersten Aktivierung"),
        }
    }

    /// How often it may still be given back.
    #[must_use]
    pub fn returns_left(self, left: u32) -> String {
        match (self, left) {
            (Self::En, 0) => "not any more".to_owned(),
            (Self::De, 0) => "nicht mehr".to_owned(),
            (Self::En, 1) => "once more".to_owned(),
            (Self::De, 1) => "noch einmal".to_owned(),
            (Self::En, _) => format!("{left} more times"),
            (Self::De, _) => format!("noch {left}-mal"),
        }
    }

    /// The containers of somebody.
    #[must_use]
    pub fn containers_of(self, person: &str) -> String {
        match self {
            Self::En => format!("Containers of {person}"),
            Self::De => format!("Container von {person}"),
        }
    }

    /// The container of somebody.
    #[must_use]
    pub fn container_of(self, name: &str, person: &str) -> String {
        match self {
            Self::En => format!("{name} of {person}"),
            Self::De => format!("{name} von {person}"),
        }
    }
}
