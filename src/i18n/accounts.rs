//! What the portal says about accounts, seats and the licence of the instance.

use domain::{
    accounts::{
        MIN_PASSWORD, WeakPassword,
        seats::{NoSeatLeft, Pool},
    },
    instance::InvalidLicense,
};

use crate::i18n::Language;

words! {
    administration: "Administration", "Verwaltung";
    persons_and_users: "Persons and users", "Personen und Benutzer";
    master_data: "Master data", "Stammdaten";
    license_administration: "Licence administration", "Lizenzadministration";
    list_of_users: "List of users", "Liste der Benutzer";
    maximum_active: "Maximum number of active users", "Maximale Anzahl aktiver Benutzer";
    current_active: "Current number of active users", "Aktuelle Anzahl aktiver Benutzer";
    customer_id: "Customer ID", "Kundennummer";
    instance_number: "Instance number", "Instanznummer";
    instance_id: "Instance ID", "Instanz-ID";
    instance_id_help: "The maker of the portal issues licences for this ID.",
        "Der Hersteller des Portals stellt Lizenzen für diese ID aus.";
    server_ip: "Server IP", "Server-IP";
    current_version: "Current version", "Aktuelle Version";
    usage_variant: "Usage variant", "Nutzungsvariante";
    special_functions: "Special functions", "Sonderfunktionen";
    none: "none", "keine";
    valid_until: "Valid until", "Gültig bis";
    without_end: "without end", "unbefristet";
    your_customer_information: "Your customer information", "Ihre Kundendaten";
    company: "Company", "Firma";
    main_contact: "Main contact person", "Hauptansprechpartner";
    email: "Mail address", "E-Mail-Adresse";
    phone: "Telephone", "Telefon";
    unlicensed: "This instance has no licence: it has 5 seats. Ask the maker of the portal for a licence file, and name the instance ID.",
        "Diese Instanz hat keine Lizenz: Sie hat 5 Plätze. Bitten Sie den Hersteller des Portals um eine Lizenzdatei und nennen Sie die Instanz-ID.";
    replace_license: "Replace the licence", "Lizenz ersetzen";
    license_file: "Contents of the licence file", "Inhalt der Lizenzdatei";
    license_replaced: "The licence is in force.", "Die Lizenz ist in Kraft.";
    everyone: "All", "Alle";
    active: "Active", "Aktiv";
    inactive: "Inactive", "Inaktiv";
    state: "State", "Zustand";
    groups_of_person: "Groups", "Gruppen";
    password_set: "set", "vorhanden";
    no_password: "no password", "kein Passwort";
    generated_until: "A generated password, which works until", "Ein generiertes Passwort, gültig bis";
    generated_password: "generated password", "generiertes Passwort";
    no_users: "Nobody matches.", "Niemand gefunden.";
    new_user: "New user", "Neuer Benutzer";
    create_user: "Create user", "Benutzer anlegen";
    name: "Name", "Name";
    login_help: "1 to 64 lower-case letters, digits and . _ - + @",
        "1 bis 64 Kleinbuchstaben, Ziffern und . _ - + @";
    no_group: "No group", "Keine Gruppe";
    new_user_is_inactive: "A new account is inactive and has no password: generate one, then switch it on.",
        "Ein neues Konto ist inaktiv und hat kein Passwort: Generieren Sie eines und schalten Sie es dann ein.";
    selected_on: "Switch on", "Einschalten";
    selected_off: "Switch off", "Ausschalten";
    with_selected: "With those selected", "Mit den Ausgewählten";
    end_login_too: "and end the running login", "und die laufende Anmeldung beenden";
    login_stays: "A running login stays until logout. The password is kept.",
        "Eine laufende Anmeldung bleibt bis zur Abmeldung. Das Passwort bleibt erhalten.";
    profile: "Profile", "Profil";
    memberships: "Memberships", "Mitgliedschaften";
    remove_member_help: "The membership ends. Tickets that the person has through this group stay theirs.",
        "Die Mitgliedschaft endet. Tickets, die die Person über diese Gruppe hat, bleiben bei ihr.";
    no_memberships: "In no group that you see.", "In keiner Gruppe, die Sie sehen.";
    add_to_group: "Add to group", "Zu Gruppe hinzufügen";
    no_group_to_choose: "There is no other group.", "Es gibt keine weitere Gruppe.";
    password_none_yet: "There is no password yet: the account cannot be switched on.",
        "Es gibt noch kein Passwort: Das Konto kann nicht eingeschaltet werden.";
    password_is_chosen: "The person has a password of their own.", "Die Person hat ein eigenes Passwort.";
    generate_password: "Generate a password", "Passwort generieren";
    generated_once: "It is shown only now. It works for 72 hours and must be replaced at the first login.",
        "Es wird nur jetzt angezeigt. Es gilt 72 Stunden und muss bei der ersten Anmeldung ersetzt werden.";
    generated_help: "It is shown once, works for 72 hours, and must be replaced at the first login.",
        "Es wird einmal angezeigt, gilt 72 Stunden und muss bei der ersten Anmeldung ersetzt werden.";
    password_generated_for: "New password:", "Neues Passwort:";
    not_yours_to_change: "You see this account, but it also belongs to others: only an admin above you can change it.",
        "Sie sehen dieses Konto, aber es gehört auch zu anderen: Nur ein übergeordneter Admin kann es ändern.";
    my_data: "My data", "Meine Daten";
    change_password: "Change password", "Passwort ändern";
    present_password: "Present password", "Jetziges Passwort";
    new_password: "New password", "Neues Passwort";
    password_replaced: "The password was changed.", "Das Passwort wurde geändert.";
    replace_password_first: "You logged in with a generated password. Choose one of your own to go on.",
        "Sie haben sich mit einem generierten Passwort angemeldet. Wählen Sie ein eigenes, um weiterzumachen.";
    event_user_created: "Account created", "Konto angelegt";
    event_user_changed: "Account changed", "Konto geändert";
    event_user_activated: "Account switched on", "Konto eingeschaltet";
    event_user_deactivated: "Account switched off", "Konto ausgeschaltet";
    event_password_generated: "Password generated", "Passwort generiert";
    event_password_changed: "Password changed", "Passwort geändert";
    event_license_replaced: "Licence of the instance replaced", "Lizenz der Instanz ersetzt";
    refused_no_password: "The account has no password. Generate one first, then switch it on.",
        "Das Konto hat kein Passwort. Generieren Sie zuerst eines und schalten Sie es dann ein.";
    refused_inactive: "This account is inactive. Ask your administrator to switch it on.",
        "Dieses Konto ist inaktiv. Bitten Sie Ihren Administrator, es einzuschalten.";
    refused_password_expired: "The generated password has expired. Ask your administrator for a new one.",
        "Das generierte Passwort ist abgelaufen. Bitten Sie Ihren Administrator um ein neues.";
    refused_wrong_password: "The present password is wrong. Nothing was changed.",
        "Das jetzige Passwort ist falsch. Es wurde nichts geändert.";
    refused_login_taken: "This login is taken. Choose another one.",
        "Dieser Benutzername ist vergeben. Wählen Sie einen anderen.";
    refused_login: "This is no login: 1 to 64 lower-case letters, digits and . _ - + @, beginning with a letter or digit.",
        "Das ist kein Benutzername: 1 bis 64 Kleinbuchstaben, Ziffern und . _ - + @, am Anfang ein Buchstabe oder eine Ziffer.";
    refused_email: "This is no mail address. Correct it, or leave the field empty.",
        "Das ist keine E-Mail-Adresse. Berichtigen Sie sie, oder lassen Sie das Feld leer.";
    denied_own_password: "Your own password you change yourself, under “Change password”.",
        "Ihr eigenes Passwort ändern Sie selbst, unter „Passwort ändern“.";
    denied_own_email: "Your own mail address you change with your password, on the page “My data”. Nothing was changed.",
        "Ihre eigene E-Mail-Adresse ändern Sie mit Ihrem Passwort, auf der Seite „Meine Daten“. Es wurde nichts geändert.";
    change_email: "Change mail address", "E-Mail-Adresse ändern";
    own_email_help: "A link for a forgotten password goes there: changing it takes your password.",
        "Dorthin geht der Link, wenn Sie Ihr Passwort vergessen haben: Zum Ändern brauchen Sie Ihr Passwort.";
    own_email_elsewhere: "Your own mail address and password you change on the page of your own account:",
        "Ihre eigene E-Mail-Adresse und Ihr Passwort ändern Sie auf der Seite Ihres eigenen Kontos:";
    refused_last_isv_admin: "This is the last active ISV admin. Switch another one on first.",
        "Das ist der letzte aktive ISV-Admin. Schalten Sie zuerst einen anderen ein.";
}

impl Language {
    /// The seats in a sentence.
    #[must_use]
    pub fn seats(self, pool: Pool) -> String {
        let Pool { seats, active } = pool;
        let [seats, active, left] = [seats, active, pool.left()].map(|n| self.count(n));
        match self {
            Self::En => format!("{active} of {seats} seats are taken; left: {left}."),
            Self::De => format!("{active} von {seats} Plätzen sind belegt; frei: {left}."),
        }
    }

    /// What a new password should be like.
    #[must_use]
    pub fn password_help(self) -> String {
        match self {
            Self::En => {
                format!("At least {MIN_PASSWORD} characters. A sentence that only you would say is best.")
            }
            Self::De => {
                format!("Mindestens {MIN_PASSWORD} Zeichen. Am besten ein Satz, den nur Sie sagen würden.")
            }
        }
    }

    /// The box that selects a row.
    #[must_use]
    pub fn select_row(self, name: &str) -> String {
        match self {
            Self::En => format!("Select {name}"),
            Self::De => format!("{name} auswählen"),
        }
    }

    /// Not enough seats.
    #[must_use]
    pub fn no_seat_left(self, none: NoSeatLeft) -> String {
        let NoSeatLeft { wanted, left } = none;
        match self {
            Self::En => format!(
                "Not enough seats: {wanted} needed, {left} left. An ISV admin can switch somebody off, or get more seats from the maker of the portal. Nothing was changed."
            ),
            Self::De => format!(
                "Nicht genug Plätze: {wanted} nötig, {left} frei. Ein ISV-Admin kann jemanden ausschalten oder weitere Plätze beim Hersteller des Portals erwerben. Es wurde nichts geändert."
            ),
        }
    }

    /// Why a new password cannot be used.
    #[must_use]
    pub fn weak_password(self, why: WeakPassword) -> String {
        match (self, why) {
            (Self::En, WeakPassword::TooShort) => {
                format!("The new password is too short: at least {MIN_PASSWORD} characters. A sentence is fine.")
            }
            (Self::De, WeakPassword::TooShort) => {
                format!("Das neue Passwort ist zu kurz: mindestens {MIN_PASSWORD} Zeichen. Ein Satz ist gut.")
            }
            (Self::En, WeakPassword::TooLong) => "The new password is too long.".to_owned(),
            (Self::De, WeakPassword::TooLong) => "Das neue Passwort ist zu lang.".to_owned(),
            (Self::En, WeakPassword::Guessable) => {
                "The new password is easy to guess: it is common, or made of your own or the portal's words. Choose another one."
                    .to_owned()
            }
            (Self::De, WeakPassword::Guessable) => {
                "Das neue Passwort ist leicht zu erraten: Es ist verbreitet oder besteht aus Ihren eigenen oder des Portals Wörtern. Wählen Sie ein anderes."
                    .to_owned()
            }
        }
    }

    /// Why a licence file cannot be used.
    #[must_use]
    pub const fn invalid_license(self, why: InvalidLicense) -> &'static str {
        match (self, why) {
            (Self::En, InvalidLicense::Malformed) => "This is not a licence file. Paste the whole file.",
            (Self::De, InvalidLicense::Malformed) => {
                "Das ist keine Lizenzdatei. Fügen Sie die ganze Datei ein."
            }
            (Self::En, InvalidLicense::Forged) => {
                "This licence was not signed by the maker of the portal, or was altered since. Ask the maker for a new one."
            }
            (Self::De, InvalidLicense::Forged) => {
                "Diese Lizenz wurde nicht vom Hersteller des Portals signiert oder seither verändert. Bitten Sie ihn um eine neue."
            }
            (Self::En, InvalidLicense::Expired) => "This licence has expired. Ask the maker for a new one.",
            (Self::De, InvalidLicense::Expired) => {
                "Diese Lizenz ist abgelaufen. Bitten Sie den Hersteller um eine neue."
            }
            (Self::En, InvalidLicense::Foreign) => {
                "This licence was issued for another instance. Ask the maker for one with the instance ID below."
            }
            (Self::De, InvalidLicense::Foreign) => {
                "Diese Lizenz wurde für eine andere Instanz ausgestellt. Bitten Sie den Hersteller um eine mit der Instanz-ID unten."
            }
            (Self::En, InvalidLicense::NoVendor) => {
                "This server does not know the maker's key: its operator starts it with --maker-key."
            }
            (Self::De, InvalidLicense::NoVendor) => {
                "Dieser Server kennt den Schlüssel des Herstellers nicht: Der Betreiber startet ihn mit --maker-key."
            }
        }
    }
}
