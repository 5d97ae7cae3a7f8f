//! What happened, and webhooks.

// What happened

texts! {
    history_explained:
        "Was Sie getan haben, was Ihnen geschehen ist und was in den Gruppen geschehen ist, die Sie verwalten. Zeiten sind UTC.";
    search_history: "Personen, Gruppen, Tickets, Container suchen";
    about: "Worum es geht";
    everything: "Alles";
    from_day: "Ab Tag";
    to_day: "Bis Tag";
    show: "Anzeigen";
    when: "Wann";
    what_happened: "Was geschehen ist";
    by_whom: "Durch wen";
    over_channel: "Über";
    no_events: "Nichts, was Sie sehen dürfen, ist geschehen, oder nichts dieser Art.";
    not_among_newest: "Nichts unter den durchgesehenen Ereignissen. Es gibt ältere.";
    older: "Ältere";
    newest: "Neueste";
    download_csv: "Als CSV herunterladen";
    show_all_events: "Alles anzeigen";
    operator: "Betreiber des Servers";
    a_machine: "eine Maschine";
    hidden_group: "eine für Sie nicht sichtbare Gruppe";
    hidden_container: "ein für Sie nicht sichtbarer Container";

    topic_containers: "Container und Maschinen";
    topic_groups: "Gruppen und Mitglieder";
    topic_accounts: "Konten";
    topic_instance: "Dieses Portal";
    channel_browser: "Browser";
    channel_client: "Headless-Client";
    channel_api: "Zugriffstoken";
    channel_import: "Import";
    channel_command_line: "Kommandozeile";

    history: "Verlauf";
    history_empty: "Noch ist nichts geschehen.";

    only_events_of(name: &str): "Nur Ereignisse von {name}";
    only_events_in(name: &str): "Nur Ereignisse in {name} und darunter";
    from_backup_of(made_at: &str): "aus der Sicherung vom {made_at}";
}

// Changes

texts! {
    no_quota: "keine Grenze";
    no_filter: "kein Filter";
    nothing_through: "keine Produkte";
    no_member: "kein Mitglied";
    plain_member: "Mitglied";
    a_former_product: "ein Produkt, das es nicht mehr gibt";

    count_events(n: u32): "{n} Ereignisse";
}

// Kinds of events

texts! {
    event_ticket_created: "Erstellt";
    event_ticket_moved: "Zugeordnet";
    event_ticket_moved_back: "Rückgängig gemacht";
    event_ticket_redeemed: "Per Code hinzugefügt";
    event_ticket_protection: "Protected Mode umgeschaltet";
    event_take_back_asked: "Zurückverlangt";
    event_take_back_kept: "Behalten, obwohl zurückverlangt";
    event_take_back_cancelled: "Nicht mehr zurückverlangt";
    event_take_back_given: "Sofort zurückgegeben";
    event_take_back_ended: "Nicht zurückgenommen";
    event_codes_mailed: "Codes per E-Mail gesendet";
    event_codes_downloaded: "Codes heruntergeladen";
    event_product_filter_changed: "Produktfilter geändert";
    event_quota_changed: "Kontingent geändert";
    event_webhook_created: "Webhook angelegt";
    event_webhook_changed: "Webhook geändert";
    event_webhook_stopped: "Webhook hat sich ausgeschaltet";
    event_webhook_deleted: "Webhook gelöscht";
    event_customer_created: "Kunde angelegt";
    event_group_created: "Gruppe angelegt";
    event_group_renamed: "Gruppe umbenannt";
    event_group_moved: "Gruppe verschoben";
    event_group_deleted: "Gruppe gelöscht";
    event_member_set: "Mitglied oder Rechte geändert";
    event_member_removed: "Mitglied entfernt";
    event_user_created: "Konto angelegt";
    event_user_changed: "Konto geändert";
    event_user_activated: "Konto eingeschaltet";
    event_user_deactivated: "Konto ausgeschaltet";
    event_login_ended: "Anmeldung beendet";
    event_leaver_processed: "Austritt abgewickelt";
    event_password_generated: "Passwort generiert";
    event_password_changed: "Passwort geändert";
    event_second_factor_added: "Zweiter Faktor hinzugefügt";
    event_second_factor_removed: "Zweiter Faktor entfernt";
    event_recovery_codes_renewed: "Neue Ersatzcodes";
    event_token_created: "Zugriffstoken erzeugt";
    event_token_revoked: "Zugriffstoken widerrufen";
    event_identity_linked: "Anmeldung verknüpft";
    event_identity_unlinked: "Verknüpfung der Anmeldung gelöst";
    event_identity_provider_created: "Identitätsanbieter hinzugefügt";
    event_identity_provider_changed: "Identitätsanbieter geändert";
    event_identity_provider_deleted: "Identitätsanbieter entfernt";
    event_view_began: "Ansicht als diese Person begonnen";
    event_view_ended: "Ansicht als diese Person beendet";
    event_second_factor_demanded: "Zweiter Faktor von Admins verlangt";
    event_second_factor_optional: "Zweiter Faktor nicht mehr verlangt";
    event_use_by_person_kept: "Nutzung ab jetzt nach Person festgehalten";
    event_use_by_person_deleted: "Nutzung nicht mehr nach Person festgehalten und gelöscht";
    event_license_requested: "Plätze oder Variante angefragt";
    event_license_request_withdrawn: "Anfrage zurückgezogen";
    event_license_replaced: "Lizenz der Instanz ersetzt";
    event_product_created: "Produkt angelegt";
    event_product_changed: "Produkt geändert";
    event_history_accepted: "Ereignisse mit falscher Zeit anerkannt";
    event_restored: "Portal wiederhergestellt";
    event_container_created: "Container angelegt";
    event_container_renamed: "Container umbenannt";
    event_license_activated: "Lizenz aktiviert";
    event_license_deactivated: "Lizenz deaktiviert";
    event_license_withdrawn: "Lizenz entzogen";
    event_container_removed: "Container entfernt";
    event_machine_updated: "Update für eine Maschine";
    event_machine_confirmed: "Von einer Maschine bestätigt";
    event_machine_lost: "Maschine als verloren gemeldet";
    event_machine_found: "Maschine wieder da";
    event_license_asked_back: "Lizenz von einer Maschine zurückverlangt";
    event_license_recovered: "Lizenz von einer verlorenen Maschine wiederhergestellt";
    event_license_bound: "An eine Maschine gebunden";
    event_license_unbound: "Von einer Maschine zurückgegeben";
    event_license_renewed: "Verlängert (neue Laufzeit)";
    event_license_extended: "Ende verschoben";
    event_ticket_split: "Teil abgetrennt";
    event_ticket_split_off: "Von einem anderen Ticket abgetrennt";
    event_ticket_joined: "Anderes Ticket hinzugekommen";
    event_ticket_joined_into: "In einem anderen Ticket aufgegangen";
    event_license_quantity_changed: "Anzahl geändert";
    event_license_suspended: "Gesperrt";
    event_license_reinstated: "Entsperrt";
    event_license_revoked: "Widerrufen";
    event_license_amendment_planned: "Änderung geplant";
    event_license_amendment_undone: "Änderung zurückgenommen";
    event_credential_issued: "Credential-Datei ausgestellt";
    event_credential_rotated: "Zugangsdaten ersetzt";
    event_credential_disabled: "Zugangsdaten gesperrt";
    event_credential_enabled: "Zugangsdaten entsperrt";
    event_credential_revoked: "Zugangsdaten widerrufen";
    event_credentials_reset: "Zugangsdaten zurückgesetzt";
}

// Webhooks

texts! {
    webhooks: "Webhooks";
    webhooks_explained:
        "Ein Webhook sagt einem anderen System, was hier geschieht, gleich nachdem es geschehen ist: einem Ticket- oder Buchhaltungssystem, einem Chat, einem eigenen Skript. Es erfährt, was die Admins dieser Gruppe im Verlauf lesen, und nichts von darüber.";
    webhooks_of_instance_explained:
        "Diese Webhooks sagen anderen Systemen alles, was in diesem Portal geschieht, wie es ISV-Admins im Verlauf lesen. Gruppen haben eigene Webhooks, auf ihren Seiten.";
    no_webhooks: "Es gibt noch keine Webhooks.";
    new_webhook: "Neuer Webhook";
    create_webhook: "Webhook anlegen";
    webhook_name_help: "Wie er hier heißt: das empfangende System.";
    webhook_url: "Adresse des Empfängers";
    webhook_url_help:
        "Beginnt mit https://. Admins der Gruppe sehen sie hier; Listen, Protokoll und Verlauf lassen weg, was hinter einem Fragezeichen steht.";
    webhook_topics: "Was ihm gesagt wird";
    webhook_topics_help: "Nichts angekreuzt: alles.";
    webhook_signed: "Jede Nachricht ist mit dem Schlüssel des Portals signiert und prüfbar mit";
    webhook_on: "Ein";
    webhook_off: "Aus";
    webhook_stopped_short: "Von selbst angehalten";
    switch_on: "Einschalten";
    switch_off: "Ausschalten";
    switch_on_help: "Er macht weiter, wo er aufgehört hat. Wer ihn einschaltet, verantwortet ihn.";
    made_by: "Angelegt von";
    answers_for_it: "Verantwortlich";
    send_test: "Test senden";
    test_asked_for: "Der Test ist unterwegs. Das Ergebnis steht im Protokoll.";
    delete_webhook: "Webhook löschen";
    webhook_is_deleted: "Der Webhook wurde gelöscht.";
    delete_webhook_help: "Er sendet nichts mehr, und sein Protokoll wird gelöscht.";
    delivery_log: "Protokoll";
    delivery_log_help: "Wird 30 Tage aufbewahrt, höchstens 1.000 Zustellungen. Zeiten sind UTC.";
    no_deliveries: "Noch wurde nichts gesendet. Senden Sie einen Test, oder warten Sie, bis etwas geschieht.";
    a_test: "Test";
    send_again: "Erneut senden";
    outcome: "Ergebnis";
    attempts: "Versuche";
    webhook_settings: "Einstellungen";

    invalid_webhook_insecure: "Die Adresse muss mit https:// beginnen.";
    invalid_webhook_user_info:
        "Lassen Sie Benutzername und Passwort weg: Nachrichten sind signiert, prüfen Sie stattdessen die Signatur.";
    delivery_waits: "Wird gleich gesendet";
    delivery_withheld: "Nicht gesendet: gehört nicht mehr zu diesem Zweig";
    delivery_done: "Zugestellt";
    delivery_failed: "Nicht angenommen";
    failure_timeout: "keine Antwort in 10 Sekunden";
    failure_no_host:
        "kein solcher Host, oder einer in einem privaten Netz, was der Betreiber nicht erlaubt";
    failure_unreachable: "nicht erreichbar";
    failure_tls: "Zertifikat nicht gültig, oder kein TLS";
    failure_protocol: "antwortet nicht in HTTP";

    invalid_webhook_address(most: usize):
        "Das ist keine Adresse eines Empfängers. Erwartet wird https://Host/Pfad, höchstens {most} Zeichen.";
    invalid_webhook_too_many(most: usize): "Hier gibt es schon {most} Webhooks. Löschen Sie zuerst einen.";
    webhook_stopped_keeper(keeper: &str, at: &str):
        "Angehalten {at}: {keeper}, dafür verantwortlich, verwaltet diese Gruppe nicht mehr. Ein anderer Admin kann ihn einschalten.";
    webhook_stopped_gone(at: &str):
        "Angehalten {at}: Der Empfänger sagte, dass es ihn nicht mehr gibt. Korrigieren Sie die Adresse, und schalten Sie ihn ein.";
    webhook_stopped_failing(at: &str):
        "Angehalten {at}: Drei Tage lang nahm der Empfänger eine Nachricht nicht an. Sobald er arbeitet, schalten Sie den Webhook ein; er macht weiter, wo er aufgehört hat.";
    webhook_waits_until(at: &str): "Ein, wartet bis {at}";
    send_again_of(what: &str, at: &str): "Erneut senden: {what}, {at}";
    webhook_waits(at: &str): "Wartet: nächster Versuch {at}. Spätere Nachrichten folgen danach.";
    delivery_waits_until(due: &str): "Wartet: nächster Versuch {due}";
    answer_redirects(status: u16): "Status {status}; Weiterleitungen wird nicht gefolgt";
    answer_status(status: u16): "Status {status}";
}
