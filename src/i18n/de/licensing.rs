//! Products, licences and containers.

use super::general::count;

// Products

texts! {
    products: "Produkte";
    product: "Produkt";
    new_product: "Neues Produkt";
    no_products: "Es gibt noch keine Produkte. Sie kommen mit den ersten Tickets oder werden hier angelegt.";
    article: "Artikelnummer";
    name_english: "Name auf Englisch";
    name_german: "Name auf Deutsch";
    name_german_help: "Leer: wie auf Englisch.";
    features: "Funktionen";
    features_help: "Eine je Zeile, in den Worten, nach denen die Software fragt.";
    article_taken: "Es gibt schon ein Produkt mit dieser Artikelnummer. Wählen Sie eine andere Nummer.";
    invalid_article: "Geben Sie eine Artikelnummer aus höchstens 120 sichtbaren Zeichen ein.";
    invalid_features: "Geben Sie höchstens 50 Funktionen ein, eine je Zeile.";
}

// Licences

texts! {
    licenses: "Lizenzen";
    no_licenses: "In diesem Ticket ist nichts.";
    quantity: "Anzahl";
    validity: "Gültigkeit";
    perpetual: "unbefristet";
    binding: "Bindung";
    floating: "gleitend (floating)";
    node_locked: "an ein Gerät gebunden";
    returns: "Rückgaben";
    returns_unlimited: "beliebig oft";
    activate: "Aktivieren";
    deactivate: "Deaktivieren";
    withdraw_license: "Entziehen";
    transfer: "Umziehen";
    transfer_to: "Ausgewählte Lizenzen umziehen nach";
    activate_in: "Aktivieren in";
    not_activated: "Davon ist nichts aktiviert.";
    in_hidden_container: "in einem Container, den Sie nicht sehen können";
    license_expired:
        "Die Lizenz ist abgelaufen. Fragen Sie den, von dem Sie das Ticket haben, nach einer neuen.";
    no_returns_left:
        "Diese Lizenz wurde so oft zurückgegeben, wie es erlaubt ist. Bitten Sie einen Admin des Tickets, sie zu entziehen.";
    still_activated: "Einige dieser Lizenzen sind aktiviert. Geben Sie an, ob sie aktiviert bleiben.";
    keep_activated: "Aktiviert lassen";
    deactivate_first: "Zuerst deaktivieren";
    activated_licenses: "Aktivierte Lizenzen";
    do_not_move: "Nicht verschieben";
    expired: "abgelaufen";

    too_many_containers(most: u32):
        "Diese Person hat schon {most} Container, mehr gehen nicht. Löschen Sie zuerst einen, der nicht gebraucht wird.";
    activated_of(activated: u32, quantity: u32): "{activated} von {quantity} aktiviert";
    valid_between(from: &str, until: &str): "vom {from} bis {until}";
    valid_from(from: &str): "ab {from}";
    valid_to(until: &str): "bis {until}";
    leased_of(used: u64, all: u64): "{used} von {all} Lizenzen in Gebrauch", used = count(used), all = count(all);
    of_total(total: &str): "von {total}";
    first_ends(day: &str): "die erste bis {day}";
}

pub fn not_enough(free: u32) -> String {
    match free {
        0 => "Davon ist keine frei. Deaktivieren Sie zuerst eine an anderer Stelle.".to_owned(),
        _ => format!("Nur {free} sind frei. Geben Sie eine kleinere Zahl ein."),
    }
}

pub fn valid_days(days: u32) -> String {
    match days {
        1 => "1 Tag ab der ersten Aktivierung".to_owned(),
        _ => format!("{days} Tage ab der ersten Aktivierung"),
    }
}

pub fn returns_left(left: u32) -> String {
    match left {
        0 => "nicht mehr".to_owned(),
        1 => "noch einmal".to_owned(),
        _ => format!("noch {left}-mal"),
    }
}

// Bringing licences into containers

texts! {
    activate_in_dots: "Aktivieren in…";
    transfer_to_dots: "Umziehen nach…";
    drop_to_activate: "ablegen zum Aktivieren";
    drop_to_transfer: "ablegen zum Umziehen";
    no_container_permits: "Es gibt keinen anderen Container, in den Sie sie bringen dürfen.";

    count_in_use(n: u32): "{n} in Gebrauch", n = count(n);
    count_free(n: u32): "{n} frei", n = count(n);
    activate_what_in(what: &str): "{what} aktivieren in…";
    transfer_what_to(what: &str): "{what} umziehen nach…";
    activate_how_many(what: &str, container: &str): "Wie viele von {what} in {container} aktivieren?";
    activated_in(n: u32, what: &str, container: &str): "{n} × {what} aktiviert in {container}";
    transferred_to(n: u32, what: &str, container: &str): "{n} × {what} umgezogen nach {container}";
    not_activated_because(what: &str, why: &str): "{what} wurde nicht aktiviert. {why}";
    not_transferred_because(what: &str, why: &str): "{what} wurde nicht umgezogen. {why}";
}

// What expires

texts! {
    expiring: "Läuft ab";
    expiring_explained:
        "Lizenzen unter dem, was Sie sehen, die bald enden. Unbefristete und solche, deren Tage noch nicht begonnen haben, zählen nicht. Zeiten sind UTC.";
    nothing_expires: "In dieser Zeit läuft nichts davon ab.";
    within: "Innerhalb von";
    by_branch: "Nach Zweig";
    in_all: "Insgesamt";
    ends: "Endet";
    all_products: "Alle Produkte";
    people_without_group: "Personen, ohne Gruppe";
    only_here: "direkt hier";
    all_branches: "Alle Zweige";
    licenses_by_time: "Lizenzen nach ihrer Restzeit";
    mail_what_expires:
        "Mir per E-Mail melden, was abläuft und worum ich mich kümmern kann: 90, 60, 30, 14, 7 und 1 Tage vorher, höchstens eine E-Mail am Tag";
    mails: "E-Mails";

    one_day: "1 Tag";

    days_of_step(from: u32, to: u32): "{from}–{to} Tage";
    other_branches(count: u32): "{count} weitere Zweige";
}

// Containers

texts! {
    containers: "Container";
    container: "Container";
    new_container: "Neuer Container";
    create_container: "Anlegen";
    cloud_container: "Cloud-Container";
    no_containers: "Es gibt noch keine Container. In ihnen werden Lizenzen aktiviert.";
    search_containers: "Container suchen";
    container_help:
        "Lizenzen, die in einem Cloud-Container aktiviert sind, können von jeder Maschine genutzt werden, die seine Credential-Datei hat.";
    container_empty: "In diesem Container ist nichts aktiviert.";
    no_container_to_choose: "kein anderer Container";
    no_license_selected: "Keine Lizenz ist ausgewählt. Wählen Sie zuerst eine aus.";
    narrow_containers: "Nur die ersten 50 sind zu sehen. Suchen Sie nach weiteren.";
    group_context: "Gruppenkontext";
    whose: "Gehört";

    containers_of(person: &str): "Container von {person}";
    container_of(name: &str, person: &str): "{name} von {person}";
}

// Machines

texts! {
    kind_cloud: "Cloud-Container, für Maschinen mit Netz";
    kind_device: "Gerät: eine Maschine, auch ohne Netz";
    kind_dongle: "Dongle: Hardware mit Seriennummer";
    serial_number: "Seriennummer";
    serial_number_help: "Wie sie auf dem Dongle steht. Nur Dongles haben eine.";
    invalid_serial:
        "Geben Sie die Seriennummer des Dongles ein: höchstens 128 sichtbare Zeichen ohne Leerzeichen.";
    device: "Gerät";
    dongle: "Dongle";
    machine: "Maschine";
    machine_help:
        "Lizenzen kommen als Dateien oder QR-Codes auf diese Maschine, ohne Netz. Sie kann sie bis zu 90 Tage ohne ein weiteres Update nutzen.";
    machine_unknown: "war noch nicht da";
    reported_lost: "als verloren gemeldet";
    state_assigned: "wartet darauf, dass die Maschine sie abholt";
    offline_exchange: "Offline-Austausch";
    set_up_machine: "Die Maschine einrichten, einmal";
    download_setup: "Setup-Datei herunterladen";
    write_request: "Die Maschine eine Anfrage schreiben lassen und diese hierher bringen";
    take_update: "Das Update zur Maschine bringen";
    bring_receipt: "Ihre Quittung hierher bringen, so wie die Anfrage";
    on_machine: "auf der Maschine";
    file_or_photo: "Datei oder Foto des QR-Codes";
    exchange_text: "oder der Text";
    upload: "Hochladen";
    download_update: "Update herunterladen";
    update_too_long: "Für einen QR-Code sind zu viele Lizenzen darin. Nehmen Sie die Datei.";
    update_needed:
        "Seit diesem Update hat sich etwas geändert: Lassen Sie die Maschine eine neue Anfrage schreiben.";
    not_confirmed: "Die Maschine hat es noch nicht bestätigt.";
    exchanged_update: "Die Anfrage wurde angenommen. Das Update für die Maschine ist bereit.";
    exchanged_receipt: "Die Quittung wurde angenommen. Auf der Maschine ist, was diese Seite zeigt.";
    not_done: "Das ist nicht geschehen";
    not_permitted: "Das dürfen Sie nicht";
    report_lost: "Als verloren melden";
    report_lost_help:
        "Für eine Maschine, die kaputt oder weg ist. Sie bekommt keine Updates mehr, und ihre Lizenzen können wiederhergestellt werden: jede, wenn die Zeit ihres letzten Updates vorbei ist, oder sofort durch einen Admin ihres Tickets.";
    report_found: "Sie ist wieder da";
    report_found_help:
        "Dann bekommt sie wieder Updates. Was inzwischen wiederhergestellt wurde, bleibt, wo es ist.";
    recover: "Wiederherstellen";
    recover_now: "Jetzt wiederherstellen";
    remove_container: "Container entfernen";
    remove_container_help: "In ihm darf nichts aktiviert sein. Seine Zugangsdaten gelten sofort nicht mehr.";
    container_not_empty:
        "In dem Container sind Lizenzen aktiviert. Deaktivieren Sie sie zuerst, oder ziehen Sie sie um.";
    other_kind: "Das geht mit einem Container dieser Art nicht.";
    refused_on_machine:
        "Die Lizenz ist auf einer Maschine. Deaktivieren Sie sie, und lassen Sie das zuerst die Maschine bestätigen.";
    whole_only:
        "Von einer Maschine kommt eine Aktivierung nur als Ganzes zurück. Aktivieren Sie danach weniger.";
    activation_over: "Das ist schon beendet. Laden Sie die Seite neu.";
    asked_back_already:
        "Sie wurde schon zurückgegeben. Die Maschine muss das noch bestätigen: Bringen Sie ihre nächste Quittung.";
    exchange_unreadable:
        "Das ist weder eine Anfrage noch eine Quittung einer Maschine. Bringen Sie die Datei, die license-client geschrieben hat, so wie sie ist.";
    exchange_no_code:
        "In dem Bild ist kein QR-Code zu finden. Fotografieren Sie ihn näher, gerade und scharf, oder bringen Sie die Datei.";
    exchange_too_large:
        "Das Bild ist zu groß: höchstens 16 Megapixel. Schneiden Sie es auf den QR-Code zu, oder verkleinern Sie es.";
    exchange_altered:
        "Der Text wurde unterwegs verändert, oder eine andere Maschine hat ihn geschrieben. Lassen Sie ihn die Maschine neu schreiben.";
    exchange_foreign:
        "Das gehört zu einer anderen Maschine, einem anderen Container oder Portal. Suchen Sie den Container, dessen Setup-Datei die Maschine bekam.";
    exchange_replayed:
        "Diese Anfrage wurde schon benutzt, oder die Maschine hat eine spätere geschrieben. Lassen Sie sie eine neue schreiben.";
    exchange_not_expected:
        "Die Quittung gehört nicht zum letzten Update dieser Maschine. Importieren Sie zuerst dieses; dann bringen Sie dessen Quittung.";
    exchange_lost:
        "Die Maschine ist als verloren gemeldet. Ist sie wieder da, geben Sie das zuerst auf dieser Seite an.";
    exchange_restored:
        "Das Portal wurde aus einer Sicherung wiederhergestellt, und andere Maschinen können haben, was diese bekäme. Nehmen Sie zurück, was sie noch nicht hat, oder fragen Sie den Betreiber des Portals, wie lange das dauert.";

    removal_of_container(name: &str):
        "„{name}“ verschwindet für immer, mit seinen Zugangsdaten. Das lässt sich nicht rückgängig machen.";
    state_collected(until: &str): "in einem Update bis {until}, noch nicht bestätigt";
    state_confirmed(until: &str): "auf der Maschine bis {until}";
    state_run_out(until: &str): "war bis {until} auf der Maschine";
    state_given_back(until: &str):
        "zurückgegeben; frei, sobald die Maschine es bestätigt, spätestens nach dem {until}";
    state_withdrawn(until: &str):
        "entzogen; frei, sobald die Maschine es bestätigt, spätestens nach dem {until}";
    state_lost(until: &str):
        "auf der verlorenen Maschine bis {until}; ein Admin ihres Tickets kann sie vorher wiederherstellen";
    bound_since(date: &str): "seit {date}";
    update_of(date: &str): "Update vom {date}.";
    confirmed_on(date: &str): "Die Maschine hat es bestätigt: {date}.";
    lost_machine_may_use_it(until: &str):
        "Die verlorene Maschine darf sie bis {until} nutzen. Stellen Sie sie dann wieder her, oder bitten Sie einen Admin ihres Tickets, es jetzt zu tun.";
}

// Amendments

texts! {
    license_suspended: "Die Lizenz ist gesperrt. Bitten Sie den, von dem Sie das Ticket haben, sie zu entsperren.";
    license_revoked: "Die Lizenz ist widerrufen. Fragen Sie den, von dem Sie das Ticket haben, nach einer neuen.";
    amendment_no_end: "Diese Lizenz hat kein Ende, es gibt nichts zu verlängern.";
    amendment_not_begun:
        "Die Zeit dieser Lizenz beginnt mit der ersten Aktivierung. Verlängern Sie sie erst danach.";
    amendment_not_later:
        "Die Lizenz würde nicht später enden als ohnehin. Wählen Sie eine längere Laufzeit oder einen späteren Tag.";
    amendment_over_already:
        "Die Lizenz wäre vorbei, bevor das in Kraft tritt. Wählen Sie eine längere Laufzeit, oder verlängern Sie von da an.";
    amendment_same_quantity: "So viele Lizenzen sind es schon.";
    amendment_suspended: "Die Lizenz ist schon gesperrt.";
    amendment_not_suspended: "Die Lizenz ist nicht gesperrt, es gibt nichts zu entsperren.";
    amendment_revoked: "Die Lizenz ist endgültig widerrufen. Erstellen Sie stattdessen ein neues Ticket.";
    amendment_in_the_past: "Dieser Tag ist vorbei. Wählen Sie heute oder einen späteren.";
    amendment_day: "Geben Sie einen Tag des Kalenders an.";
    amendment_overtaken: "Jemand hat diese Lizenz inzwischen geändert. Sehen Sie noch einmal hin, und entscheiden Sie neu.";
    amendment_gone: "Diese Änderung wurde schon zurückgenommen.";
    amendment_followed:
        "Aus dieser Änderung folgte schon etwas, deshalb geht sie nicht zurück. Machen Sie eine neue, die sagt, wie es jetzt sein soll.";

    amendment_of_two_tickets:
        "Das betrifft zwei Tickets. Legen Sie sie zusammen, um eine Abtrennung zurückzunehmen, und trennen Sie erneut ab, um ein Zusammenlegen zurückzunehmen.";

    amended_suspend: "Sperren";
    amended_reinstate: "Entsperren";
    amended_revoke: "Widerrufen";

    amended_extend(day: &str): "Verlängern bis {day}";
    amendment_reason(most: usize): "Eine Begründung hat höchstens {most} Zeichen, die sich alle anzeigen lassen.";
    suspended_since(day: &str): "gesperrt seit {day}";
    revoked_since(day: &str): "widerrufen seit {day}";
    amendment_term(days: u32, months: u32): "Eine Laufzeit hat 1 bis {days} Tage oder 1 bis {months} Monate.";
    amendment_quantity(most: u32):
        "Geben Sie 1 bis {most} Lizenzen an. Um alle wegzunehmen, sperren oder widerrufen Sie sie.";
    amendment_too_many(most: u32): "Diese Lizenz wurde {most}-mal geändert, mehr geht nicht.";
    amendment_too_often(most: u32): "Diese Lizenz wurde {most} Mal geändert und lässt sich nicht mehr teilen oder zusammenlegen. Verschieben Sie ihr Ticket als Ganzes.";
    amendment_conflict(number: u32):
        "Die Änderung {number}, die für später geplant ist, ginge dann nicht mehr. Nehmen Sie sie zuerst zurück.";
}

pub fn amended_renew_days(n: u32) -> String {
    match n {
        1 => "Um 1 Tag verlängern".to_owned(),
        _ => format!("Um {} Tage verlängern", count(n)),
    }
}

pub fn amended_renew_months(n: u32) -> String {
    match n {
        1 => "Um 1 Monat verlängern".to_owned(),
        _ => format!("Um {} Monate verlängern", count(n)),
    }
}

pub fn amended_quantity(n: u32) -> String {
    match n {
        1 => "Auf 1 Lizenz ändern".to_owned(),
        _ => format!("Auf {} Lizenzen ändern", count(n)),
    }
}

pub fn amended_split(n: u32) -> String {
    match n {
        1 => "1 Lizenz abtrennen".to_owned(),
        _ => format!("{} Lizenzen abtrennen", count(n)),
    }
}

pub fn amended_join(n: u32) -> String {
    match n {
        1 => "1 Lizenz hinzufügen".to_owned(),
        _ => format!("{} Lizenzen hinzufügen", count(n)),
    }
}

pub fn granted_licenses(n: u32) -> String {
    match n {
        1 => "1 Lizenz".to_owned(),
        _ => format!("{} Lizenzen", count(n)),
    }
}

// Credentials

texts! {
    credentials: "Zugangsdaten";
    credentials_help:
        "Mit einer Credential-Datei und sonst nichts nutzt eine Maschine die Lizenzen dieses Containers: in Images, Vorlagen und CI.";
    no_credentials: "Es gibt noch keine Zugangsdaten.";
    remove_container_dots: "Container entfernen…";
    issue_credential: "Credential-Datei ausstellen";
    issue_and_download: "Ausstellen und herunterladen";
    credential_shown_once:
        "Die Datei kann nicht noch einmal angezeigt werden. Ist sie verloren, stellen Sie eine neue aus; dann sperren und widerrufen Sie die verlorene.";
    credential_label: "Bezeichnung";
    credential_label_help: "Was sie benutzt: eine Maschine, ein Image, eine Pipeline.";
    credential_days: "Läuft ab nach Tagen";
    credential_days_help: "Leer: nie.";
    credential_issued: "Ausgestellt";
    credential_expires: "Läuft ab";
    credential_never: "nie";
    credential_last_used: "Zuletzt benutzt";
    credential_active: "aktiv";
    credential_disabled: "gesperrt";
    credential_expired: "abgelaufen";
    credential_revoked: "widerrufen";
    disable_credential: "Sperren";
    enable_credential: "Entsperren";
    revoke_credential: "Widerrufen";
    revoke_credential_help: "Endgültig: Was ihre Maschinen nutzen, endet.";
    rotate_credential: "Ersetzen";
    credential_overlap: "Die alte gilt noch so viele Tage";
    replace_and_download: "Ersetzen und herunterladen";
    reset_credentials: "Zugangsdaten zurücksetzen";
    reset_credentials_help:
        "Alle Zugangsdaten dieses Containers gelten sofort nicht mehr, und was seine Maschinen nutzen, endet.";
    reset_with_new: "Zurücksetzen, neue Datei ausstellen und herunterladen";
    more_about_credential: "Ersetzen, widerrufen";
    reset_ends_nothing: "Es gibt nichts zu beenden: Keine Zugangsdaten gelten.";
    disable_before_revoking:
        "Geltende Zugangsdaten werden erst abgeschaltet; vermisst sie nichts, lassen sie sich hier widerrufen.";
    credential_not_disabled:
        "Sperren Sie die Zugangsdaten zuerst. Fehlen sie nirgends, dann widerrufen Sie sie.";
    credential_over: "Die Zugangsdaten sind widerrufen oder abgelaufen. Stellen Sie neue aus.";

    reset_ends(labels: &str):
        "Das beendet: {labels}. Es lässt sich nicht rückgängig machen; Maschinen, die weitermachen sollen, brauchen neue Dateien.";
    labels_and_more(labels: &str, more: usize): "{labels} und {more} weitere";
    issued_by(name: &str): "von {name}";
    invalid_credential_too_many(most: usize):
        "Es gibt schon {most} Zugangsdaten. Sperren und widerrufen Sie welche, die nichts mehr braucht.";
    invalid_credential_days(most: u32):
        "Geben Sie 1 bis {most} Tage ein, oder nichts für Zugangsdaten, die nicht ablaufen.";
    invalid_credential_overlap(most: u32):
        "Die alten Zugangsdaten gelten noch 0 bis {most} Tage. Geben Sie weniger ein.";
}

// Pages of amendments

texts! {
    term_and_quantity: "Laufzeit und Anzahl";
    amend_title: "Lizenzen ändern";
    amend_dots: "Ändern…";
    renew_dots: "Verlängern…";
    extend_dots: "Ende verschieben…";
    change_quantity_dots: "Anzahl ändern…";
    suspend_dots: "Sperren…";
    reinstate_dots: "Entsperren…";
    revoke_dots: "Widerrufen…";
    amend_renew: "Verlängern";
    amend_extend: "Ende verschieben";
    amend_quantity: "Anzahl ändern";
    what_to_do: "Was zu tun ist";
    new_term: "Neue Laufzeit";
    another_length: "Andere Dauer";
    length: "Dauer";
    unit: "Einheit";
    months: "Monate";
    term_begins: "Die neue Laufzeit beginnt";
    begins_at_end: "wenn die jetzige endet";
    begins_now: "wenn die Änderung in Kraft tritt";
    begins_now_if_ended: "wenn die jetzige endet; ist sie dann vorbei, wenn die Änderung in Kraft tritt";
    new_quantity: "Neue Anzahl";
    takes_effect: "Tritt in Kraft";
    at_once: "sofort";
    on_a_day: "an einem Tag";
    day_of_effect: "Tag (UTC)";
    reason_help: "Lesen kann sie, wer Sie sehen kann.";
    stands_before: "Vorher";
    stands_after: "Nachher";
    who_loses: "Wer was verliert";
    nobody_loses: "Dadurch verliert niemand etwas.";
    suspend_explained: "Niemand kann sie nutzen, bis sie entsperrt wird. Ihre Zeit läuft solange weiter.";
    revoke_explained:
        "Das endet endgültig, wo immer es aktiviert ist: Es lässt sich nicht mehr nutzen, verlängern oder entsperren. Um es nur eine Weile anzuhalten, sperren Sie es.";
    revoke_for_good: "Endgültig widerrufen";
    revoke_asked: "Ja, all das endet endgültig";
    all_items_or_none: "Entweder werden alle geändert oder keine.";
    leave_refused_ones_out: "Die abgelehnten weglassen";
    nothing_left_to_amend: "So lässt sich keine davon ändern.";
    amendments_made: "Die Lizenzen wurden geändert.";
    amendment_taken_back: "Die Änderung wurde zurückgenommen.";
    no_amendments: "Seit sie erstellt wurde, wurde nichts geändert.";
    amendments: "Änderungen";
    plans: "Geplant";
    can_be_used: "nutzbar";
    not_usable_yet: "noch nicht nutzbar";
    who_knows_yet: "Maschinen, die es wissen";
    knows_yet: "Kennt die letzte Änderung";
    knows_it: "ja";
    no_machine_holds: "Keine Maschine hat etwas davon.";
    planned_word: "geplant";
    in_force_word: "in Kraft";
    undone_word: "zurückgenommen";
    licenses_to_amend: "Welche Lizenzen";
    nothing_to_amend: "Es ist keine Lizenz gewählt. Wählen Sie mindestens eine.";

    amend_too_many(most: usize): "Höchstens {most} Lizenzen lassen sich auf einmal ändern. Wählen Sie weniger Tickets.";
    amend_all_listed(n: usize): "Alle {n} gezeigten Lizenzen ändern…", n = count(n);
    loses_until(place: &str, lost: u32, quantity: u32, until: &str):
        "{place}: {lost} von {quantity} enden. Maschinen dort laufen spätestens bis {until} weiter.";
    loses_from(place: &str, lost: u32, quantity: u32, from: &str): "{place}: {lost} von {quantity} enden am {from}.";
    more_activated(activated: u32, over: u32): "{activated} sind aktiviert, {over} zu viel: Die lassen sich nicht nutzen.";
    amendment_number(number: u32): "Änderung {number}";
    planned_for(at: &str): "tritt am {at} in Kraft";
    in_force_since(at: &str): "seit {at}";
    undone_at(at: &str): "zurückgenommen am {at}";
    undone_at_by(at: &str, by: &str): "zurückgenommen am {at} von {by}";
    amended_because(reason: &str): "Begründung: {reason}";
    knows_by(until: &str): "noch nicht, spätestens am {until}";
    first_machines(n: u32): "Nur die ersten {n} Maschinen sind gezeigt, zuerst die, die es nicht wissen.";
    amendment_not_undone(why: &str): "Die Änderung wurde nicht zurückgenommen. {why}";
}

pub fn months_long(n: u32) -> String {
    match n {
        1 => "1 Monat".to_owned(),
        _ => format!("{} Monate", count(n)),
    }
}

pub fn count_items(n: usize) -> String {
    match n {
        1 => "1 Posten".to_owned(),
        _ => format!("{} Posten", count(n)),
    }
}

pub fn earlier_amendments(n: usize) -> String {
    match n {
        1 => "1 frühere Änderung".to_owned(),
        _ => format!("{} frühere Änderungen", count(n)),
    }
}

texts! {
    usage: "Nutzung";
    usage_explained:
        "Wie viele Lizenzen Maschinen im Mittel hatten, während Ihre Gruppen, und deren Personen durch sie, die Tickets hatten.";
    use_period: "Zeitraum";
    use_day: "Tag";
    use_hour: "Stunde";
    use_most_at_once: "Höchstens zugleich genutzt";
    use_on_average: "Im Mittel genutzt";
    use_hours_leased: "Stunden genutzt";
    use_granted: "Gewährt";
    use_refused: "Abgelehnt";
    use_waited: "Minuten gewartet";
    use_by_weekday: "Nach Wochentag und Stunde";
    use_by_machine: "Nach Maschine, in den letzten 30 Tagen";
    use_by_product: "Nach Produkt";
    use_leases: "Leases";
    use_forecast: "Vorhersage";
    use_not_counted: "Alle Zeiten sind UTC. Maschinen ohne Netz sagen nicht, wann sie ihre Lizenzen nutzen, und werden nicht gezählt.";
    as_table: "Als Tabelle";
    no_use_yet: "Noch ist nichts bekannt: Nutzung wird gezählt, sobald eine Stunde oder ein Tag vorbei ist.";
    nothing_used: "Hier gibt es keine Lizenzen.";
    last_used: "Zuletzt genutzt";
    never_used: "nie, soweit bekannt";
    forecast_unknown: "Zu wenige Wochen sind bekannt, um etwas zu sagen.";
    forecast_enough: "Wenn es so weitergeht, gehen sie in zwei Jahren nicht aus.";
    forecast_full: "In der letzten Woche waren alle zugleich genutzt.";
    unused_licenses: "Ungenutzte Lizenzen";
    unused_explained:
        "Lizenzen, die die ganze Zeit denselben Besitzer hatten, und die keine Maschine hatte. Was Maschinen ohne Netz halten, gilt als genutzt.";
    unused_for_days: "So viele Tage ungenutzt";
    nothing_unused: "Alle Lizenzen, die Sie sehen, wurden genutzt, oder haben ihren Besitzer noch nicht so lange.";
    use_last_day: "24 Stunden";
    use_last_week: "7 Tage";
    use_last_month: "30 Tage";
    use_last_year: "1 Jahr";
    refused_none_free: "Abgelehnt: keine frei";
    refused_not_valid: "Abgelehnt: nicht gültig";
    refused_suspended: "Abgelehnt: ausgesetzt";
    refused_revoked: "Abgelehnt: widerrufen";
    refused_reduced: "Abgelehnt: weniger als vorher";
    monday: "Mo";
    tuesday: "Di";
    wednesday: "Mi";
    thursday: "Do";
    friday: "Fr";
    saturday: "Sa";
    sunday: "So";

    use_of(what: &str): "Nutzung von {what}";
    use_of_granted(peak: u32, granted: u32): "{peak} von {granted}", peak = count(peak), granted = count(granted);
    use_known(since: &str, until: &str): "Bekannt seit {since}, gezeigt bis {until}.";
    use_described(from: &str, until: &str, most: &str, at: &str, refused: &str):
        "Von {from} bis {until}. Am meisten: {most}, am {at}. Abgelehnt: {refused}.";
    use_week_described(most: &str, day: &str, hour: &str): "Im Mittel am meisten: {most}, {day} ab {hour} Uhr.";
    forecast_gone(likely: &str, earliest: &str, latest: &str):
        "Wenn die Nutzung so weiterwächst, ist die letzte freie am {likely} vergeben: wahrscheinlich zwischen {earliest} und {latest} (95 %).";
    forecast_gone_perhaps(likely: &str, earliest: &str):
        "Wenn die Nutzung so weiterwächst, ist die letzte freie am {likely} vergeben: wahrscheinlich nicht vor {earliest}, und vielleicht nie (95 %).";
    unused_known_since(since: &str): "Nutzung ist erst seit {since} bekannt: was davor genutzt wurde, nicht.";
}
