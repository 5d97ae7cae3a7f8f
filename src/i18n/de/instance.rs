//! The licence of the instance, requests, imports and exports.

// The licence of the instance

texts! {
    administration: "Verwaltung";
    license_administration: "Lizenzadministration";
    maximum_active: "Maximale Anzahl aktiver Benutzer";
    current_active: "Aktuelle Anzahl aktiver Benutzer";
    customer_id: "Kundennummer";
    instance_number: "Instanznummer";
    instance_id: "Instanz-ID";
    instance_id_help: "Der Hersteller des Portals stellt Lizenzen für diese ID aus.";
    server_ip: "Server-IP";
    current_version: "Aktuelle Version";
    usage_variant: "Nutzungsvariante";
    special_functions: "Sonderfunktionen";
    license_and_seats: "Lizenz und Plätze";
    license_file_tab: "Lizenzdatei";
    valid_until: "Gültig bis";
    without_end: "unbefristet";
    your_customer_information: "Ihre Kundendaten";
    company: "Firma";
    main_contact: "Hauptansprechpartner";
    phone: "Telefon";
    unlicensed:
        "Diese Instanz hat keine Lizenz: Sie hat 5 Plätze. Bitten Sie den Hersteller des Portals um eine Lizenzdatei und nennen Sie die Instanz-ID.";
    replace_license: "Lizenz ersetzen";
    license_file: "Inhalt der Lizenzdatei";
    license_replaced: "Die Lizenz ist in Kraft.";
    invalid_license_malformed: "Das ist keine Lizenzdatei. Fügen Sie die ganze Datei ein.";
    invalid_license_forged:
        "Diese Lizenz wurde nicht vom Hersteller des Portals signiert oder seither verändert. Bitten Sie ihn um eine neue.";
    invalid_license_expired: "Diese Lizenz ist abgelaufen. Bitten Sie den Hersteller um eine neue.";
    invalid_license_foreign:
        "Diese Lizenz wurde für eine andere Instanz ausgestellt. Bitten Sie den Hersteller um eine mit der Instanz-ID unten.";
    invalid_license_no_vendor:
        "Dieser Server kennt den Schlüssel des Herstellers nicht: Der Betreiber startet ihn mit --maker-key.";

    restored(made_at: &str, at: &str): "Dieses Portal wurde am {at} aus der Sicherung vom {made_at} wiederhergestellt.";
    held_after_restore(until: &str):
        "Maschinen können Lizenzen haben, die es dazwischen ausgegeben hat und nicht kennt: Spätestens bis {until} wird zurückgehalten, was bekanntermaßen keine Maschine hatte.";
}

// Requests to the vendor

texts! {
    request_license: "Weitere Benutzer oder andere Variante anfragen";
    request_seats: "Anzahl aktiver Benutzer";
    request_variant_help: "Leer: Die Variante bleibt.";
    requested_by: "Angefragt von";
    request_note: "Mitteilung an den Hersteller";
    send_request: "Anfrage senden";
    request_recorded: "Die Anfrage wurde festgehalten.";
    request_is_withdrawn: "Die Anfrage wurde zurückgezogen.";
    withdraw: "Zurückziehen";
    requests: "Anfragen";
    request_not_mailed:
        "Dieser Server kennt die E-Mail-Adresse des Herstellers nicht: Anfragen werden hier festgehalten, senden müssen Sie sie selbst.";

    request_state_recorded: "festgehalten, noch nicht gesendet";
    invalid_wish_nothing: "Das hat die Instanz schon. Ändern Sie die Anzahl oder die Variante.";
    invalid_wish_text: "Variante oder Mitteilung sind zu lang oder enthalten Steuerzeichen. Kürzen Sie sie.";

    request_state_mailed(at: &str): "an den Hersteller gesendet, {at}";
    request_state_granted(at: &str): "erfüllt, {at}";
    request_state_withdrawn(at: &str): "zurückgezogen, {at}";
    requests_go_to(address: &str): "Die Anfrage geht per E-Mail an {address}.";
    invalid_wish_seats(most: u32): "Geben Sie eine Anzahl zwischen 1 und {most} ein.";
}

// Imports and exports

texts! {
    import_export: "Import und Export";
    import_file: "Datei importieren";
    imports: "Importe";
    import_explained:
        "Eine JSON-Organisationsdatei oder eine CSV-Tabelle mit Gruppen, Benutzern, Mitgliedschaften, Tickets oder Produkten. Zuerst sehen Sie, was aus jeder Zeile würde; nichts wird geändert, bevor Sie es bestätigen, und nie wird etwas dadurch gelöscht.";
    file_to_import: "Datei (CSV oder JSON, UTF-8, höchstens 256 MB)";
    check_file: "Datei prüfen";
    export_files: "Export";
    export_explained:
        "Alles im Portal als eine JSON-Datei oder eine Art davon als CSV-Tabelle. Ticket-Codes stehen darin: Verwahren Sie die Dateien wie die Tickets selbst. Passwörter, Container und der Verlauf nicht.";
    everything_json: "Alles (JSON)";
    no_imports: "Hier wurde noch nichts importiert.";
    uploaded_at: "Hochgeladen";
    import_state: "Zustand";
    import_result: "Ergebnis";
    confirm_import: "Jetzt importieren";
    discard_import: "Verwerfen";
    refresh_import: "Aktualisieren";
    import_report: "Bericht";
    line: "Zeile";
    entry: "Eintrag";
    kind_of_entry: "Art";
    what_becomes: "Was daraus wird";
    all_lines: "Alle";
    no_lines: "Keine Zeilen.";
    nothing_in_file: "In der Datei steht nichts, was importiert werden könnte.";
    correct_file:
        "Nichts wird importiert, solange eine Zeile abgelehnt wird. Berichtigen Sie die Datei und laden Sie sie erneut hoch.";
    all_or_nothing:
        "Alles wird in einem Schritt gespeichert oder nichts. Währenddessen warten Änderungen durch andere.";
    import_done: "Die Datei ist importiert.";
    nothing_imported: "Nichts aus der Datei wurde importiert.";
    refused_import_open:
        "Eine andere Datei wird gerade importiert. Warten Sie, bis das fertig ist, oder verwerfen Sie sie, und versuchen Sie es erneut.";
    refused_import_over: "Die Datei kann nicht oder nicht mehr importiert werden. Laden Sie sie erneut hoch.";
    file: "Datei";
    created_inactive: "Würde angelegt und bliebe inaktiv: kein Platz ist frei";
    line_utf16: "Die Datei ist in UTF-16 oder kein Text. Speichern Sie sie als UTF-8.";
    line_encoding: "Diese Zeile ist kein UTF-8. Speichern Sie die Datei als UTF-8.";
    line_empty: "Die Datei ist leer.";
    line_unknown_header:
        "Die erste Zeile nennt nicht die Spalten einer solchen Tabelle. Das muss sie, zum Beispiel: login,name,email. Spalten sind durch Komma oder Semikolon getrennt.";
    line_open_quote:
        "Ein Anführungszeichen wird geöffnet und nicht geschlossen, oder steht in einer Zelle, ohne verdoppelt zu sein.";
    line_too_long: "Länger als 1 MB. Fehlt ein Anführungszeichen oder eine Klammer?";
    line_too_many: "Mehr als 1.000.000 Einträge einer Art. Teilen Sie die Datei.";
    line_other_format: "Die Datei ist von anderer Art, als gesagt wurde.";
    line_key: "Der Schlüssel einer Gruppe hat 1 bis 200 Zeichen und keine Zeilenumbrüche.";
    line_binding: "Die Bindung ist floating oder node_locked.";
    line_days_and_dates: "Eine Lizenz hat Tage oder Daten, nicht beides.";
    line_ends_before: "Sie endet, bevor sie beginnt.";
    line_amendments: "Die Änderungen der Lizenz führen nicht zu dem, was sonst über sie dasteht.";
    line_owner: "Der Besitzer ist niemand, eine Gruppe oder ein Benutzer mit oder ohne Gruppe als Kontext.";
    line_lines_differ: "Die Zeilen eines Tickets nennen verschiedene Besitzer.";
    line_protected_personal: "Nur Gruppen-Tickets können im Protected Mode sein.";
    line_json_ends: "Die Datei endet mitten im JSON.";
    line_circle: "Die Gruppen bilden einen Kreis.";
    line_isv_admin_stays: "Eine Datei macht niemanden zum ISV-Admin, der schon ein Konto hat.";
    line_active_stays:
        "Eine Datei schaltet bestehende Konten nicht ein oder aus. Tun Sie das unter Personen und Benutzer.";
    line_licenses_stay:
        "Die Lizenzen eines bestehenden Tickets werden durch eine Datei nicht geändert. Lassen Sie sie weg oder wie sie sind.";

    noun_users: "Benutzer";
    noun_memberships: "Mitgliedschaften";
    to_create: "anzulegen";
    to_change: "zu ändern";
    so_many_refused: "abgelehnt";
    so_many_created: "angelegt";
    so_many_changed: "geändert";
    so_many_unchanged: "unverändert";
    was_created: "Angelegt";
    was_changed: "Geändert";
    was_there_already: "War schon da";
    is_refused: "Abgelehnt";
    would_be_created: "Würde angelegt";
    would_be_changed: "Würde geändert";
    is_there_already: "Ist schon da";
    field_name: "Name";
    field_features: "Funktionen";
    field_email: "E-Mail-Adresse";
    field_parent: "übergeordnete Gruppe";
    field_permissions: "Rechte";
    field_owner: "Besitzer";
    field_protected: "Protected Mode";
    import_has_mistakes: "Hat Fehler";
    import_is_empty: "Ist leer";
    import_is_checked: "Wird geprüft";
    import_waits: "Wartet auf Bestätigung";
    import_runs: "Wird importiert";
    import_is_done: "Importiert";
    import_failed: "Nicht importiert";
    import_failure_discarded: "Sie wurde verworfen.";
    import_failure_waited: "Niemand hat sie binnen einer Stunde bestätigt. Laden Sie sie erneut hoch.";
    import_failure_server_ended: "Der Server, der sie hatte, wurde beendet. Laden Sie sie erneut hoch.";
    import_failure_overtaken:
        "Das Portal hat sich inzwischen geändert, und etwas in der Datei kann nicht mehr importiert werden. Laden Sie sie erneut hoch, um zu sehen, was.";
    import_failure_not_permitted: "Wer sie bestätigt hat, darf nicht mehr importieren.";
    import_failure_fault:
        "Etwas ist schiefgegangen. Einzelheiten stehen im Protokoll des Servers. Versuchen Sie es später erneut.";

    line_unknown_column(column: &str):
        "In einer solchen Tabelle gibt es keine Spalte „{column}“. Entfernen Sie sie oder berichtigen Sie ihren Namen.";
    line_column_twice(column: &str): "Die Spalte „{column}“ ist zweimal da.";
    line_cells(found: u64, expected: u64):
        "Sie hat {found} Zellen, und die erste Zeile nennt {expected} Spalten.";
    line_json_syntax(column: u64): "Ab Spalte {column} ist das kein JSON. Danach wurde nichts gelesen.";
    line_json(what: &str): "Die Datei kann ab hier nicht gelesen werden: {what}";
    line_format(format: &str): "Das Format „{format}“ ist nicht license-portal/organisation@1.";
    line_permission(name: &str): "Es gibt kein Recht „{name}“.";
    line_code(why: &str): "Der Code ist vertippt: {why}.";
    line_flag(column: &str): "In der Spalte „{column}“ steht true, false oder nichts.";
    line_number(column: &str): "„{column}“ ist keine Zahl im erlaubten Bereich.";
    line_time(column: &str): "„{column}“ ist ein Zeitpunkt wie 2027-01-01T00:00:00Z.";
    line_too_many_licenses(most: usize): "Ein Ticket hat höchstens {most} Lizenzen.";
    line_twice(first: u64): "Dasselbe steht schon in Zeile {first}.";
    line_no_group(key: &str):
        "Es gibt keine Gruppe mit dem Schlüssel „{key}“, weder in der Datei noch im Portal.";
    line_no_user(login: &str):
        "Es gibt keinen Benutzer mit dem Benutzernamen „{login}“, weder in der Datei noch im Portal.";
    left_inactive(count: &str): "{count} der Konten bleiben inaktiv: für sie sind keine Plätze frei.";
    percent_done(percent: u32): "{percent} % erledigt";
}
