//! Accounts, logging in, offboarding, impersonation.

use domain::time::Seconds;

use super::general::count;

// Accounts

texts! {
    persons_and_users: "Personen und Benutzer";
    master_data: "Stammdaten";
    list_of_users: "Liste der Benutzer";
    email: "E-Mail-Adresse";
    everyone: "Alle";
    active: "Aktiv";
    inactive: "Inaktiv";
    state: "Zustand";
    groups_of_person: "Gruppen";
    password_set: "vorhanden";
    no_password: "kein Passwort";
    generated_until: "Ein generiertes Passwort, gültig bis";
    generated_password: "generiertes Passwort";
    no_users: "Niemand gefunden.";
    new_user: "Neuer Benutzer";
    create_user: "Benutzer anlegen";
    login_help: "1 bis 64 Kleinbuchstaben, Ziffern und . _ - + @";
    no_group: "Keine Gruppe";
    new_user_explained:
        "Wer eingeladen wird, bekommt per E-Mail einen Link, um ein Passwort zu wählen, und belegt sofort einen Platz. Ohne Einladung ist das Konto inaktiv, bis Sie ein Passwort generieren und es einschalten.";
    create_and_invite: "Anlegen und per E-Mail einladen";
    selected_on: "Einschalten";
    selected_off: "Ausschalten";
    with_selected: "Mit den Ausgewählten";
    nobody_selected: "Niemand ist ausgewählt. Wählen Sie zuerst jemanden aus.";
    refused_permissions_without_group: "Wählen Sie die Gruppe, in der diese Rechte gelten, oder kreuzen Sie keines an.";
    end_login_too: "und die laufende Anmeldung beenden";
    login_stays: "Eine laufende Anmeldung bleibt bis zur Abmeldung. Das Passwort bleibt erhalten.";
    profile: "Profil";
    memberships: "Mitgliedschaften";
    remove_member_help:
        "Die Mitgliedschaft endet. Tickets, die die Person über diese Gruppe hat, bleiben bei ihr.";
    no_memberships: "In keiner Gruppe, die Sie sehen.";
    add_to_group: "Zu Gruppe hinzufügen";
    no_group_to_choose: "Es gibt keine weitere Gruppe.";
    password_none_yet: "Es gibt noch kein Passwort: Das Konto kann nicht eingeschaltet werden.";
    password_missing: "Es gibt noch kein Passwort, und kein Link ist unterwegs.";
    password_inviting: "Die Person wird eingeladen: Der Link, mit dem sie ein Passwort wählt, geht gleich per E-Mail hinaus.";
    password_by_link(sent: &str, until: &str): "Die Person wurde am {sent} eingeladen: Der Link in der E-Mail, mit dem sie ein Passwort wählt, gilt bis {until}.";
    invite_by_mail: "Per E-Mail einladen";
    invite_again: "Neuen Link senden";
    invited_short: "eingeladen";
    inviting_short: "wird eingeladen";
    invitation_on_its_way: "Ein Link ist unterwegs.";
    refused_has_password: "Die Person hat schon ein Passwort. Wer es vergessen hat, fordert auf der Anmeldeseite einen Link an.";
    refused_invited_lately: "Die Person hat in der letzten Stunde einen Link bekommen. Lassen Sie sie auch unter unerwünschter Post nachsehen, oder versuchen Sie es später noch einmal.";
    too_many_invitations(most: u32): "Sie haben in einer Stunde {most} Personen eingeladen, mehr geht nicht. Machen Sie später weiter, oder legen Sie Benutzer an, ohne sie einzuladen.";
    password_is_chosen: "Die Person hat ein eigenes Passwort.";
    generate_password: "Passwort generieren";
    generated_once:
        "Es wird nur jetzt angezeigt. Es gilt 72 Stunden und muss bei der ersten Anmeldung ersetzt werden.";
    generated_help:
        "Es wird einmal angezeigt, gilt 72 Stunden und muss bei der ersten Anmeldung ersetzt werden.";
    password_generated_for: "Neues Passwort:";
    not_yours_to_change:
        "Sie sehen dieses Konto, aber es gehört auch zu anderen: Nur ein übergeordneter Admin kann es ändern.";
    my_data: "Meine Daten";
    refused_no_password:
        "Das Konto hat kein Passwort. Generieren Sie zuerst eines und schalten Sie es dann ein.";
    refused_login_taken: "Dieser Benutzername ist vergeben. Wählen Sie einen anderen.";
    refused_login:
        "Das ist kein Benutzername: 1 bis 64 Kleinbuchstaben, Ziffern und . _ - + @, am Anfang ein Buchstabe oder eine Ziffer.";
    refused_email: "Das ist keine E-Mail-Adresse. Berichtigen Sie sie, oder lassen Sie das Feld leer.";
    refused_no_email:
        "Geben Sie die E-Mail-Adresse ein: Die Einladung geht dorthin. Oder legen Sie den Benutzer an, ohne ihn einzuladen.";
    change_email: "E-Mail-Adresse ändern";
    own_email_help:
        "Dorthin geht der Link, wenn Sie Ihr Passwort vergessen haben: Zum Ändern brauchen Sie Ihr Passwort.";
    own_email_elsewhere:
        "Ihre eigene E-Mail-Adresse und Ihr Passwort ändern Sie auf der Seite Ihres eigenen Kontos:";
    refused_last_isv_admin: "Das ist der letzte aktive ISV-Admin. Schalten Sie zuerst einen anderen ein.";
    seat_is_left: "Für einen weiteren aktiven Benutzer ist ein Platz frei.";
    all_seats_taken: "Kein Platz ist frei: Ein ISV-Admin kann jemanden ausschalten oder mehr Plätze beschaffen.";

    seats(seats: &str, active: &str, left: &str): "{active} von {seats} Plätzen sind belegt; frei: {left}.";
    select_row(name: &str): "{name} auswählen";
    no_seat_left(wanted: u32, left: u32):
        "Nicht genug Plätze: {wanted} nötig, {left} frei. Ein ISV-Admin kann jemanden ausschalten oder weitere Plätze beim Hersteller des Portals erwerben. Es wurde nichts geändert.";
}

// Offboarding

texts! {
    leaver: "Austritt abwickeln";
    leaver_explained:
        "Legen Sie fest, was aus dem wird, was diese Person hat. Zuerst sehen Sie, was geschehen würde; dann geschieht alles oder nichts.";
    who_takes_over: "Wer übernimmt";
    nobody_takes_over: "Niemand Bestimmtes";
    leaver_tickets: "Tickets";
    no_leaver_tickets: "Keine Tickets, die Sie weitergeben können.";
    leave_as_it_is: "Lassen, wie es ist";
    leaver_licenses: "Lizenzen in Containern";
    no_leaver_containers: "Keine Container.";
    take_back: "In ihre Tickets zurücknehmen";
    reset_its_credentials: "Zugangsdaten zurücksetzen";
    login_and_account: "Anmeldung und Konto";
    end_running_login: "Die laufende Anmeldung beenden";
    switch_account_off: "Das Konto ausschalten; der Platz wird frei";
    account_stays: "Das Konto auszuschalten ist Sache eines ISV-Admins oder eines Admins über Ihnen.";
    nothing_to_end: "Niemand ist angemeldet, und das Konto ist ausgeschaltet.";
    end_memberships: "Mitgliedschaften beenden";
    what_will_happen: "Was geschehen wird";
    nothing_will_happen: "Nichts. Wählen Sie mindestens einen Schritt.";
    plan_unreadable: "Der Plan in der Adresse ist nicht lesbar. Wählen Sie die Schritte neu.";
    step: "Schritt";
    about_what: "Worum es geht";
    will_be_done: "wird erledigt";
    waits_for_machine: "zurückverlangt; kommt, wenn die Maschine bestätigt";
    step_refused: "abgelehnt";
    leave_refused_out:
        "Lassen Sie weg oder ändern Sie, was abgelehnt wird; dann sehen Sie sich die Vorschau noch einmal an.";
    tab_open_reason: "Grund für das Beenden der Anmeldung (der Tab ist offen; er wird festgehalten)";
    do_it: "Alles ausführen";
    deed_license_back: "Lizenzen zurücknehmen";
    deed_license_moved: "Lizenzen umziehen";
    deed_credentials_reset: "Zugangsdaten zurücksetzen";
    deed_ticket_moved: "Ticket zuordnen";
    deed_login_ended: "Anmeldung beenden";
    deed_account_off: "Konto ausschalten";
    deed_membership_ended: "Mitgliedschaft beenden";
    seat_free: "der Platz wird frei";
    changed_since:
        "Seit Ihrer Vorschau hat sich etwas geändert. Sehen Sie sich die Vorschau noch einmal an. Nichts wurde getan.";
    report: "Bericht";
    leaver_report: "Austritt: Bericht";
    report_printable: "Drucken Sie diese Seite, um sie aufzubewahren. Sie bleibt im Verlauf.";
    a_person_you_cannot_see: "eine für Sie nicht sichtbare Person";

    leaver_named(name: &str): "Austritt: {name}";
    transfer_into(person: &str, container: &str): "Umziehen zu {person} · {container}";
    too_many_at_once(most: u32):
        "Es sind mehr als {most}, und so viele gehen höchstens auf einmal. Verschieben Sie zuerst einige; nichts wurde getan.";
}

pub fn licenses_in(container: &str, count: u32) -> String {
    match count {
        1 => format!("{container}: 1 Lizenz"),
        _ => format!("{container}: {count} Lizenzen"),
    }
}

pub fn credentials_of(container: &str, count: u32) -> String {
    match count {
        1 => format!("{container}: 1 Credential"),
        _ => format!("{container}: {count} Credentials"),
    }
}

pub fn steps_refused(steps: usize, refused: usize) -> String {
    match refused {
        0 => format!("Schritte: {steps}, keiner abgelehnt."),
        _ => format!("Schritte: {steps}, davon abgelehnt: {refused}."),
    }
}

// Impersonation

texts! {
    view_as_person: "Als diese Person ansehen";
    view_as_help:
        "Sie sehen das Portal wie diese Person, höchstens eine Stunde lang. Währenddessen lässt sich nichts ändern. Es wird aufgezeichnet; die Person kann es in ihrem Verlauf lesen.";
    viewing_as_somebody: "Ansicht als andere Person";
    end_view: "Ansicht beenden";
    refused_viewing_as:
        "Sie sehen das Portal als eine andere Person an: Nichts lässt sich ändern, und Dateien und Geheimnisse werden nicht herausgegeben. Beenden Sie zuerst die Ansicht.";
    refused_view_over: "Die Ansicht als andere Person ist zu Ende. Laden Sie die Seite neu.";
    refused_not_viewing: "Sie sehen das Portal nicht als eine andere Person an.";

    views_as(name: &str): "sieht als {name}";
    viewing_as(name: &str, until: &str):
        "Sie sehen das Portal als {name}, bis {until}. Nichts lässt sich ändern.";
}

// Logging in

texts! {
    log_in: "Anmelden";
    login: "Benutzername";
    password: "Passwort";
    log_out: "Abmelden";
    wrong_login: "Benutzername oder Passwort ist falsch. Prüfen Sie beides und versuchen Sie es erneut.";

    too_many_attempts(seconds: u64):
        "Zu viele Versuche. Warten Sie {seconds} Sekunden und versuchen Sie es erneut.";
}

// Passwords

texts! {
    change_password: "Passwort ändern";
    end_own_tokens: "Auch meine Zugriffstoken beenden";
    present_password: "Jetziges Passwort";
    new_password: "Neues Passwort";
    password_replaced: "Das Passwort wurde geändert.";
    replace_password_first:
        "Sie haben sich mit einem generierten Passwort angemeldet. Wählen Sie ein eigenes, um weiterzumachen.";
    refused_inactive: "Dieses Konto ist inaktiv. Bitten Sie Ihren Administrator, es einzuschalten.";
    refused_password_expired:
        "Das generierte Passwort ist abgelaufen. Bitten Sie Ihren Administrator um ein neues.";
    refused_wrong_password: "Das jetzige Passwort ist falsch. Es wurde nichts geändert.";
    weak_password_too_long: "Das neue Passwort ist zu lang.";
    weak_password_guessable:
        "Das neue Passwort ist leicht zu erraten: Es ist verbreitet oder besteht aus Ihren eigenen oder des Portals Wörtern. Wählen Sie ein anderes.";

    password_help(least: usize): "Mindestens {least} Zeichen. Am besten ein Satz, den nur Sie sagen würden.";
    weak_password_too_short(least: usize):
        "Das neue Passwort ist zu kurz: mindestens {least} Zeichen. Ein Satz ist gut.";
}

// Forgotten passwords

texts! {
    forgot_password: "Passwort vergessen?";
    forgot_password_text:
        "Geben Sie die E-Mail-Adresse Ihres Kontos ein. Sie erhalten einen Link, mit dem Sie ein neues Passwort setzen.";
    send_link: "Link senden";
    link_sent:
        "Wenn es ein aktives Konto mit dieser Adresse gibt, ist ein Link dorthin unterwegs. Er gilt 30 Minuten. Ohne Konto oder ohne Adresse darin fragen Sie Ihren Administrator.";
    to_login: "Zur Anmeldeseite";
    set_new_password: "Neues Passwort setzen";
    ask_for_another_link: "Neuen Link anfordern";
    password_set_log_in: "Das neue Passwort ist gesetzt. Melden Sie sich damit an.";
    refused_link_expired: "Dieser Link wurde schon benutzt oder ist abgelaufen. Fordern Sie einen neuen an.";
}

// Sessions

texts! {
    signing_in: "Anmeldung";
    sessions: "Sitzungen";
    active_sessions: "Aktive Sitzungen";
    ended_sessions: "Beendete Sitzungen";
    sessions_explained:
        "Alle, die angemeldet sind. SCHLIESSEN beendet eine Anmeldung, deren Browser-Tab weg ist; solange der Tab offen ist, verliert niemand Ungespeichertes.";
    no_sessions: "Niemand gefunden.";
    no_ended_sessions: "Noch ist keine Anmeldung beendet.";
    refresh: "Aktualisieren";
    logged_in_since: "Angemeldet seit";
    logged_in_until: "Bis";
    idle_time: "Leerlaufzeit";
    address: "Adresse";
    browser: "Browser";
    browser_tab: "Browser-Tab";
    tab_open: "offen";
    tab_gone: "weg";
    this_is_you: "das sind Sie";
    close_session: "SCHLIESSEN";
    end_anyway: "Trotzdem beenden";
    end_login: "Anmeldung beenden";
    reason: "Grund";
    reason_recorded: "Er wird festgehalten; Ungespeichertes im offenen Tab kann verloren gehen.";
    session_is_closed: "Die Anmeldung wurde beendet.";
    how_it_ended: "Wie sie endete";
    tab_is_open:
        "Der Browser-Tab ist offen: Vielleicht ist dort etwas ungespeichert. Bitten Sie um Abmeldung oder wählen Sie „Trotzdem beenden“.";
    reason_missing: "Geben Sie einen Grund an: Er wird mit dem Ende der Anmeldung festgehalten.";
    end_other_login: "Meine andere Anmeldung beenden und mich hier anmelden";
    still_there: "Sind Sie noch da?";
    stay_logged_in: "Angemeldet bleiben";
    login_has_ended: "Ihre Anmeldung ist beendet";
    login_has_ended_text:
        "Sie wurde anderswo beendet, hat ihre längste Dauer erreicht, oder Sie haben sich in einem anderen Tab abgemeldet. Melden Sie sich in einem anderen Tab erneut an und machen Sie dann hier weiter: Was Sie eingegeben haben, steht noch auf dieser Seite.";
    login_has_ended_before: "Ihre Anmeldung ist beendet. Melden Sie sich erneut an, dann sind Sie wieder hier.";
    log_in_again: "Erneut anmelden (neuer Tab)";

    ended_logged_out: "abgemeldet";
    ended_idle: "zu lange nichts getan";
    ended_too_old: "längste Dauer erreicht";
    ended_replaced: "erneut angemeldet";
    ended_closed: "geschlossen, der Tab war weg";
    ended_anyway: "trotzdem beendet";
    ended_password_changed: "Passwort geändert";
    ended_deactivated: "mit dem Abschalten des Kontos beendet";

    logged_in_already_tab_open(since: &str):
        "Dieses Konto ist bereits angemeldet, seit {since}, und der Browser-Tab ist offen. Melden Sie sich zuerst dort ab: Ein Konto kann nur einmal gleichzeitig angemeldet sein.";
    logged_in_already_tab_gone(since: &str):
        "Dieses Konto ist bereits angemeldet, seit {since}, aber der Browser-Tab ist weg. Kreuzen Sie das Kästchen an, um jene Anmeldung zu beenden, und geben Sie Ihr Passwort noch einmal ein.";
    logged_out_in(seconds: Seconds):
        "Eine Weile ist nichts geschehen. Sie werden in {seconds} Sekunden abgemeldet.";
}

pub fn count_logins(n: u64) -> String {
    match n {
        1 => "1 Anmeldung".to_owned(),
        _ => format!("{} Anmeldungen", count(n)),
    }
}

// Second factors

texts! {
    second_factor: "Zweiter Faktor";
    second_factor_help:
        "Bei jeder Anmeldung fragt das Portal dann außer dem Passwort nach einem Code aus einer App auf Ihrem Telefon.";
    second_factor_off: "Es gibt noch keinen zweiten Faktor.";
    add_second_factor: "Zweiten Faktor hinzufügen";
    remove_second_factor: "Zweiten Faktor entfernen";
    second_factor_removed: "Der zweite Faktor wurde entfernt.";
    second_factor_of_user:
        "Anmeldungen dieses Kontos fragen nach einem Code. Entfernen Sie ihn nur, wenn die Person Telefon und Ersatzcodes verloren hat.";
    scan_picture:
        "Scannen Sie das Bild mit einer Authenticator-App oder geben Sie dort das Geheimnis ein. Geben Sie dann den Code ein, den sie zeigt.";
    qr_code: "QR-Code des Geheimnisses";
    secret: "Geheimnis";
    code_of_app: "Code der App";
    confirm_code: "Bestätigen";
    recovery_codes: "Ersatzcodes";
    recovery_codes_once:
        "Sie werden nur jetzt angezeigt. Bewahren Sie sie so auf, dass Sie sie ohne Ihr Telefon finden: Jeder gilt einmal anstelle eines Codes.";
    copy_recovery_codes: "Ersatzcodes kopieren";
    renew_recovery_codes: "Neue Ersatzcodes erzeugen";
    renew_recovery_codes_help: "Die alten sind dann wertlos.";
    go_on: "Weiter";
    enter_code: "Code eingeben";
    code_or_recovery: "Code der App oder ein Ersatzcode";
    log_in_anew: "Anmeldung neu beginnen";
    demand_second_factor: "Zweiten Faktor von allen Admins verlangen";
    second_factor_is_demanded: "Alle Admins brauchen einen zweiten Faktor.";
    second_factor_not_demanded: "Admins kommen ohne zweiten Faktor aus.";
    end_second_factor_demand: "Nicht mehr verlangen";
    demand_second_factor_help:
        "Ein Admin ohne zweiten Faktor fügt ihn beim nächsten Schritt hinzu, vor allem anderen. Das gilt für ISV-Admins und für Admins von Gruppen.";
    login_security: "Sicherheit der Anmeldungen";
    refused_second_factor_demanded:
        "Admins brauchen hier einen zweiten Faktor. Fügen Sie einen hinzu, um weiterzumachen.";
    refused_code_needed: "Der Code des zweiten Faktors fehlt. Melden Sie sich erneut an.";
    refused_wrong_code:
        "Der Code ist falsch oder wurde schon benutzt. Warten Sie auf den nächsten in der App, oder nehmen Sie einen Ersatzcode.";
    refused_login_expired: "Das Passwort ist zu lange her. Beginnen Sie die Anmeldung neu.";

    second_factor_on(since: &str, recovery_codes: u32):
        "Es gibt einen zweiten Faktor seit {since}. Übrige Ersatzcodes: {recovery_codes}.";
}

// Access tokens

texts! {
    access_tokens: "Zugriffstokens";
    access_tokens_help:
        "Mit einem Token tut ein Skript oder Programm über die Schnittstelle für Programme, was Sie hier dürfen, soweit das Token reicht. Es handelt in Ihrem Namen und steht im Verlauf.";
    interface_described: "Beschreibung der Schnittstelle";
    no_access_tokens: "Es gibt keine Zugriffstokens.";
    new_access_token: "Neues Zugriffstoken";
    token_name: "Wofür ist es?";
    token_days: "Gültig für Tage";
    token_scopes: "Wofür darf es benutzt werden?";
    token_scope: "Umfang";
    area: "Bereich";
    level_none: "nichts";
    level_read: "lesen";
    level_write: "lesen und ändern";
    make_token: "Token erzeugen";
    token_once: "Das Token wird nur jetzt angezeigt. Bewahren Sie es auf wie ein Passwort.";
    your_token: "Ihr Token";
    copy_token: "Token kopieren";
    token_created: "Erzeugt";
    token_expires: "Läuft ab";
    token_last_used: "Zuletzt benutzt";
    token_never_used: "nie";
    token_expired: "abgelaufen";
    revoke_token: "Widerrufen";
    revoke_token_help:
        "Programme, die es benutzen, werden von da an abgewiesen. Das lässt sich nicht rückgängig machen.";
    token_is_revoked: "Das Token wurde widerrufen.";
    tokens_of_user:
        "Programme dieser Person benutzen sie. Sie enden von selbst, wenn das Konto abgeschaltet oder ein Passwort erzeugt wird.";

    area_groups: "Gruppen und Mitglieder";
    area_users: "Personen";
    area_licenses: "Lizenzen, Container, Zugangsdaten";
    area_products: "Produkte und Kontingente";
    area_history: "Verlauf und Berichte";
    area_webhooks: "Webhooks";
    area_instance: "Dieses Portal: Plätze, Anmeldungen, Dateien";
    invalid_token_no_scope: "Wählen Sie, wofür das Token benutzt werden darf.";

    invalid_token_days(most: u32): "Ein Token gilt 1 bis {most} Tage. Geben Sie eine solche Zahl ein.";
    invalid_token_too_many(most: usize): "Sie haben schon {most} Tokens. Widerrufen Sie erst eines.";
}
