//! What is said everywhere; numbers and times.

use std::fmt::Display;

use domain::time::Seconds;

use crate::i18n::format::grouped;

// The portal

texts! {
    own_name: "Deutsch";
    license_portal: "License Portal";
    admin_people: "Personen";
    admin_catalogue: "Katalog";
    admin_insight: "Auswertung";
    admin_instance: "Instanz";
    theme_light: "Hell";
    theme_dark: "Dunkel";
    theme_system: "Wie das System";
    theme_of_pages: "Farben";
    appearance: "Darstellung";
    my_account: "Mein Konto";
    skip_to_content: "Zum Inhalt springen";
    main_navigation: "Hauptnavigation";
    me: "Ich";
    logged_in_as: "Angemeldet als";
    isv_admin: "ISV-Admin";
    demo_data: "Demodaten";
    demo_warning:
        "Dieser Server läuft mit Demodaten. Geben Sie nichts Echtes ein: Jeder kann sich als jeder anmelden.";
    password_of_all: "Passwort von allen:";
    add: "Hinzufügen";
    save: "Speichern";
    saved: "Gespeichert.";
    close: "Schließen";
    remove: "Entfernen";
    search: "Suchen";
    try_again: "Erneut versuchen";
    no_matches: "Nichts gefunden.";
    loading: "Lädt…";
    narrow_search: "Nur die ersten 100 sind zu sehen. Suchen Sie nach weiteren.";
    name: "Name";
    person: "Person";
    someone: "jemand";
    you: "Sie";
    none: "keine";
    yes: "Ja";
    no: "Nein";
    live: "live";
    actions: "Aktionen";
    parts_of_page: "Teile dieser Seite";
    settings: "Einstellungen";
    offline_trying: "Offline – neuer Versuch läuft";
    notifications: "Meldungen";

    own_menu(name: &str): "Menü von {name}";
    log_in_as(name: &str): "Als {name} anmelden";
}

// Pages of a list, numbers and times

texts! {
    pages: "Seiten";
    page_before: "Vorige Seite";
    page_after: "Nächste Seite";

    range(from: u64, to: u64, of: &str): "{from}–{to} von {of}", from = count(from), to = count(to);
    more_than(counted: &str): "mehr als {counted}";
    seconds(n: Seconds): "{n} s";
}

/// Eine Zahl, in Dreiergruppen: "1.240".
pub fn count(n: impl Display) -> String {
    grouped(n, '.')
}

/// Das Komma eines Dezimalbruchs.
pub const fn decimal_point() -> char {
    ','
}

/// Ein Tag: "20.11.2026".
pub fn date(day: i8, month: i8, year: i16) -> String {
    format!("{day:02}.{}", month_of(month, year))
}

/// Ein Monat: "11.2026".
pub fn month_of(month: i8, year: i16) -> String {
    format!("{month:02}.{year}")
}

/// Welcher Name eines Produkts angezeigt wird.
pub const fn product_name<'a>(_english: &'a str, german: &'a str) -> &'a str {
    german
}

pub fn days_at_most(days: u32) -> String {
    match days {
        1 => "1 Tag".to_owned(),
        _ => format!("{days} Tagen"),
    }
}
