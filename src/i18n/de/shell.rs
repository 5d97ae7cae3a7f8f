//! Was um jede Seite herum steht: Bereiche, Suche, Hilfe, Tasten.

use super::general::count;

// Die Leiste

texts! {
    activity: "Aktivität";
    help: "Hilfe";
    find_word: "Finden";
    find_anything: "Überall finden";
    find_or_jump: "Finden oder springen zu …";
}

// Die Übersicht

texts! {
    overview: "Übersicht";
    licenses_activated: "Lizenzen aktiviert";
    licenses_in_use: "Gerade benutzt";
    end_soon: "Lizenzen laufen ab";
    wait_for_codes: "warten auf den, der den Code hat";
    seats_taken: "Belegte Plätze";
    waits_for_you: "Wartet auf Sie";
    nothing_waits: "Nichts wartet auf Sie.";
    instance_is_unlicensed: "Für diese Instanz gilt keine Lizenz";
    licenses_by_product: "Lizenzen nach Produkt";
    no_licenses_yet: "Hier gibt es noch keine Lizenzen. Ein Ticket kommt mit seinem Code:";
    column_activated: "Aktiviert";
    free: "Frei";
    nothing_ends: "In dieser Zeit läuft nichts ab.";
    happened_lately: "Zuletzt geschehen";
    nothing_happened: "Es ist noch nichts geschehen.";
    all_that_happened: "Alles, was geschehen ist";
    start_page: "Das Portal beginnt mit";

    of_so_many(n: u64): "von {n}", n = count(n);
    of_so_many_activated(n: u64): "von {n} aktivierten", n = count(n);
    so_many_mine(n: u64): "{n} davon Ihre eigenen", n = count(n);
    within_days(days: u32): "innerhalb von {days} Tagen";
    ends_within(days: u32): "Läuft innerhalb von {days} Tagen ab";
    until_day(day: &str): "bis {day}";
    webhook_is_stopped(name: &str): "Der Webhook „{name}“ wurde abgeschaltet";
}

pub fn all_that_ends(n: u64) -> String {
    match n {
        1 => "Die Lizenz, die abläuft".to_owned(),
        _ => format!("Alle {} Lizenzen, die ablaufen", count(n)),
    }
}

pub fn more_products(n: u32) -> String {
    match n {
        1 => "1 weiteres Produkt".to_owned(),
        _ => format!("{} weitere Produkte", count(n)),
    }
}

pub fn own_licenses_free(n: u64) -> String {
    match n {
        1 => "1 eigene Lizenz ist nicht aktiviert".to_owned(),
        _ => format!("{} eigene Lizenzen sind nicht aktiviert", count(n)),
    }
}

pub fn tickets_are_nobodys(count: &str) -> String {
    match count {
        "1" => "1 Ticket hat noch keinen Besitzer".to_owned(),
        _ => format!("{count} Tickets haben noch keinen Besitzer"),
    }
}

pub fn requests_are_open(n: usize) -> String {
    match n {
        1 => "1 Anfrage an den Hersteller des Portals ist offen".to_owned(),
        _ => format!("{} Anfragen an den Hersteller des Portals sind offen", count(n)),
    }
}

// Finden

texts! {
    find_title: "Suche";
    find_help: "Findet Tickets nach Produkt, Besitzer und Code, Personen, Gruppen, Container, Kunden und Seiten.";
    find_results: "Gefunden";
    finding: "Sucht …";
    recently_opened: "Zuletzt geöffnet";
    pages_and_actions: "Seiten und Aktionen";
    key_choose: "auswählen";
    key_go: "öffnen";
    key_new_tab: "neuer Tab";

    nothing_found(search: &str): "Nichts passt zu „{search}“. Weniger oder kürzere Wörter finden mehr.";
    show_all_found(what: &str): "Alle passenden: {what}";
}

pub fn so_many_found(n: usize) -> String {
    match n {
        1 => "1 Ergebnis".to_owned(),
        _ => format!("{} Ergebnisse", count(n)),
    }
}

// Hilfe

texts! {
    words: "Begriffe";
    ticket_explained:
        "Was weitergegeben wird: Es enthält Lizenzen und gehört einer Gruppe oder einer Person, oder noch niemandem. Wer seinen Code hat, kann sich eines nehmen, das niemandem gehört.";
    license_explained: "Das Recht, ein Produkt zu benutzen, so und so oft. Sie steht in einem Ticket und wird in einem Container aktiviert.";
    container_explained: "Ein Rechner, ein Dongle oder ein Ort in der Cloud, der Lizenzen benutzt. Er gehört einer Person.";
    group_context_explained:
        "Die Gruppe, über die eine Person ein Ticket oder einen Container hat. Die Admins dieser Gruppe sehen es und können es zurückholen.";
    protected_explained: "Ein Gruppenticket in diesem Modus sehen nur die Admins der Gruppe, nicht die anderen Mitglieder.";
    keys: "Tasten";
    key_enter: "Eingabe";
    key_space: "Leertaste";
    key_control: "Strg";
    key_tab: "Weiter zu Link, Feld oder Knopf";
    key_arrows: "Im Baum und in Listen auf und ab";
    key_branch: "Einen Zweig des Baums öffnen und schließen";
    key_open: "Öffnen, was den Fokus hat; auf dem Griff eines Tickets: es anheben und auf einem Ziel ablegen";
    key_lift: "Einen Knoten oder ein Ticket auswählen";
    key_undo: "Die letzte Verschiebung zurücknehmen, solange ihre Meldung da ist";
    key_messages: "Zu den Meldungen";
    key_escape: "Schließen, Ziehen abbrechen";
    key_find: "Finden oder springen";
    key_list: "Diese Liste";
}
