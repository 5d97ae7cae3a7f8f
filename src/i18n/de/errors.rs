//! What went wrong, and what to do next.

// Pages in place of others

texts! {
    not_found: "Nicht gefunden";
    not_found_text: "Es existiert nicht, oder Sie dürfen es nicht sehen.";
    too_large: "Das war zu groß";
    too_large_text:
        "So viel nimmt das Portal hier nicht an. Senden Sie weniger auf einmal oder eine kleinere Datei.";
    foreign_request: "Diese Anfrage kam von einer anderen Website";
    foreign_request_text:
        "Das Portal tut nur, was auf seinen eigenen Seiten verlangt wird. Es wurde nichts geändert.";
    took_too_long: "Das hat zu lange gedauert";
    took_too_long_text:
        "Das Portal ist stark ausgelastet. Versuchen Sie es in einer Minute erneut und prüfen Sie zuvor, ob es doch getan wurde.";
    needs_scripts:
        "Schalten Sie dafür JavaScript ein: Die Antwort wird einmal angezeigt, und ohne geht das nicht.";
    offline: "Der Server ist nicht erreichbar";
    offline_text:
        "Versuchen Sie es gleich noch einmal. Was das Portal bestätigt hat, bleibt; das Übrige sehen Sie nach, bevor Sie es wiederholen.";
    moment_please: "Einen Moment bitte";
    something_broke: "Bei uns ist etwas schiefgegangen";
}

// Errors

texts! {
    session_ended:
        "Sie sind nicht oder nicht mehr angemeldet. Melden Sie sich an und versuchen Sie es erneut.";
    malformed_request:
        "Die Anfrage war unvollständig oder unlesbar. Laden Sie die Seite neu und wiederholen Sie sie.";
    server_unreachable:
        "Der Server ist nicht erreichbar; soweit bekannt, wurde nichts geändert. Prüfen Sie die Verbindung und versuchen Sie es erneut.";
    database_away:
        "Die Datenbank des Portals antwortet gerade nicht. Nichts Bestätigtes ist verloren. Versuchen Sie es in einigen Sekunden erneut; dann zeigt sich auch, ob Ihre letzte Änderung noch ankam.";
    internal_error:
        "Bei uns ist etwas schiefgegangen; nichts wurde geändert. Der Fehler wurde aufgezeichnet. Versuchen Sie es später erneut.";
    name_taken: "Hier gibt es schon eine Gruppe dieses Namens. Wählen Sie einen anderen Namen.";
    name_empty: "Geben Sie einen Namen ein.";
    name_too_long: "Der Name ist zu lang: höchstens 120 Zeichen.";
    name_control: "Der Name enthält Zeilenumbrüche oder Steuerzeichen. Entfernen Sie diese.";
    nothing_to_undo:
        "Es gibt nichts rückgängig zu machen: Die Zuordnung ist nicht Ihre oder wurde schon zurückgenommen.";
    key_reused: "Dieses Formular wurde schon gesendet. Laden Sie die Seite neu, bevor Sie es ändern.";

    overloaded(seconds: u64):
        "Das Portal hat gerade zu viel zu tun; nichts wurde geändert. Versuchen Sie es in {seconds} Sekunden erneut.";
}

// What the policy denies

texts! {
    denied_hidden:
        "Es existiert nicht, oder Sie dürfen es nicht sehen. Laden Sie die Seite neu, um den jetzigen Stand zu sehen.";
    denied_already_there: "Es ist schon dort. Wählen Sie ein anderes Ziel.";
    denied_keeps_to_level:
        "Nur ein Admin darf dieses Ticket aus seiner Gruppe nehmen. Fragen Sie einen Admin der Gruppe.";
    denied_context_needed: "Wählen Sie die Gruppe, über die die Person das Ticket bekommt.";
    denied_not_a_member: "Die Person ist nicht Mitglied dieser Gruppe. Wählen Sie eine andere Gruppe.";
    denied_admins_only: "Nur ein Admin der Gruppe darf das. Fragen Sie einen.";
    denied_isv_only: "Auf oberster Ebene dürfen das nur ISV-Admins. Fragen Sie einen.";
    denied_inside_itself:
        "Eine Gruppe kann nicht in sich selbst verschoben werden. Wählen Sie eine Gruppe außerhalb.";
    denied_too_deep: "Der Baum würde zu tief. Wählen Sie einen Platz weiter oben.";
    denied_beyond_own:
        "Niemand gibt oder nimmt mehr Rechte, als er hat. Fragen Sie einen übergeordneten Admin.";
    denied_group_tickets_only:
        "Nur Gruppen-Tickets haben den Protected Mode. Ordnen Sie das Ticket zuerst einer Gruppe zu.";
    denied_unowned: "Das Ticket gehört noch niemandem. Ordnen Sie es zuerst einer Gruppe oder Person zu.";
    denied_own_password: "Ihr eigenes Passwort ändern Sie selbst, unter „Passwort ändern“.";
    denied_own_email:
        "Ihre eigene E-Mail-Adresse ändern Sie mit Ihrem Passwort, auf der Seite „Meine Daten“. Es wurde nichts geändert.";
    denied_oneself: "Das sind Sie selbst: So sehen Sie das Portal schon.";
    denied_creators_only:
        "Das darf nur, wer in dieser Gruppe Tickets erstellt. Bitten Sie einen Admin um das Recht.";
    denied_renewers_only:
        "Das darf nur, wer in dieser Gruppe Tickets verlängert. Bitten Sie einen Admin um das Recht.";
    denied_changers_only:
        "Das darf nur, wer in dieser Gruppe Tickets ändert. Bitten Sie einen Admin um das Recht.";
    denied_revokers_only:
        "Das darf nur, wer in dieser Gruppe Tickets widerruft. Bitten Sie einen Admin um das Recht.";
    denied_not_in_filter:
        "Dieses Produkt darf hier nicht erstellt werden. Bitten Sie einen übergeordneten Admin, es zu erlauben.";
    denied_from_above: "Das dürfen nur die Admins der übergeordneten Gruppen ändern. Fragen Sie einen.";
    denied_beyond_token: "Das Zugriffstoken reicht dafür nicht. Erzeugen Sie eines mit diesem Umfang.";
}

// The same in two or three words, beside a target

texts! {
    not_allowed: "nicht erlaubt";
    already_there: "schon dort";
    stays_in_its_group: "bleibt in seiner Gruppe";
    choose_a_group: "Gruppe wählen";
    not_a_member: "kein Mitglied";
    admins_only: "nur Admins";
    isv_admins_only: "nur ISV-Admins";
    inside_itself: "in sich selbst";
    too_deep: "zu tief";
    beyond_your_rights: "über Ihre Rechte";
    group_tickets_only: "nur Gruppen-Tickets";
    unowned: "erst zuordnen";
}
