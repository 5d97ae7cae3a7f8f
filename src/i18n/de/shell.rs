//! Was um jede Seite herum steht: Bereiche, Hilfe, Tasten.

// Die Leiste

texts! {
    activity: "Aktivität";
    help: "Hilfe";
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
}
