//! Tickets.

use super::general::count;

// A ticket

texts! {
    tickets: "Tickets";
    ticket: "Ticket";
    content: "Inhalt";
    owner: "Besitzer";
    kind: "Art";
    since: "Seit";
    unassigned: "Nicht zugewiesen";
    elsewhere: "an einem für Sie nicht sichtbaren Ort";
    group_ticket: "Gruppen-Ticket";
    personal_ticket: "persönliches Ticket";
    protected_mode: "Protected Mode";
    protect_on: "Protected Mode einschalten";
    protect_off: "Protected Mode ausschalten";
    protect_help: "Im Protected Mode sehen nur Admins der Gruppe das Ticket.";
    copied: "Kopiert";
    tickets_added: "Die Tickets wurden hinzugefügt.";
    tickets_moved: "Die Tickets wurden verschoben.";
    show_tickets: "Tickets anzeigen";

    via(group: &str): "über {group}";
    copy_code(code: &str): "{code} kopieren";
}

pub fn count_tickets(n: u64, count: &str) -> String {
    match n {
        1 => "1 Ticket".to_owned(),
        _ => format!("{count} Tickets"),
    }
}

// Adding a ticket by its code

texts! {
    add_ticket: "Code einlösen";
    ticket_codes: "Ticket-Codes";
    ticket_codes_help: "Mehrere Codes werden durch Semikolons getrennt.";
    for_whom: "Für";
    for_myself: "Mich selbst, ohne Gruppe";
    no_codes: "Geben Sie einen bis 50 Ticket-Codes ein, getrennt durch Semikolons.";
    code_length: "ein Code hat fünf Gruppen zu fünf Zeichen";
    code_check: "ein Zeichen ist falsch, oder zwei sind vertauscht";

    myself_via(group: &str): "Mich selbst, über {group}";
    code_mistyped(at: u32, why: &str):
        "Code {at} ist vertippt: {why}. Berichtigen Sie ihn und versuchen Sie es erneut.";
    code_character(character: char): "„{character}“ kommt in Ticket-Codes nicht vor";
    code_unknown(at: u32):
        "Code {at} kann nicht eingelöst werden. Fragen Sie, von wem Sie ihn haben. Kein Ticket wurde hinzugefügt.";
}

// Splitting and joining

texts! {
    split_dots: "Abtrennen…";
    join_dots: "Zusammenlegen…";
    split_title: "Teil abtrennen";
    split_explained:
        "Der Teil wird ein Ticket mit eigenem Code. Er bleibt bei demselben Inhaber und lässt sich dann verschieben. Was aktiviert ist, bleibt aktiviert.";
    split_free_or_whole: "Von jeder Lizenz lassen sich freie abtrennen, oder alle, mit dem, was aktiviert ist.";
    split_off: "Abtrennen";
    nothing_to_split: "Hier lässt sich nichts abtrennen: Ein Teil muss frei sein, und etwas muss im Ticket bleiben.";
    split_done: "Dieser Teil wurde abgetrennt: Er ist jetzt ein eigenes Ticket.";
    join_title: "Anderes Ticket hinzunehmen";
    join_explained:
        "Das gewählte Ticket wird ein Teil von diesem, sein Code entfällt. Gleiche Lizenzen, mit denen noch nichts geschah, werden eine; andere stehen daneben.";
    join_which: "Welches Ticket";
    join_button: "Zusammenlegen";
    nothing_to_join: "Der Inhaber hat kein anderes Ticket, das sich mit diesem zusammenlegen ließe.";
    join_done: "Die beiden Tickets sind jetzt eines.";
    stays_beside: "steht daneben";
    split_quantity: "Geben Sie an, wie viele von welcher Lizenz abgetrennt werden, und nicht mehr, als da sind.";
    split_everything: "Etwas muss im Ticket bleiben. Um alles wegzugeben, verschieben Sie das Ticket.";
    split_stopped: "Von einer Lizenz, die gesperrt oder widerrufen ist, lässt sich kein Teil abtrennen. Trennen Sie sie ganz ab, oder lassen Sie sie zuerst freigeben.";
    split_planned: "Für diese Lizenz ist eine Änderung geplant, die für sie als Ganzes gedacht ist. Nehmen Sie die zuerst zurück, oder trennen Sie die Lizenz ganz ab.";
    join_same: "Ein Ticket lässt sich nicht mit sich selbst zusammenlegen. Wählen Sie ein anderes.";
    join_apart: "Die beiden Tickets haben nicht mehr denselben Inhaber. Verschieben Sie zuerst eines von ihnen.";
    join_protected: "Nur eines der Tickets ist im Protected Mode. Schalten Sie ihn zuerst bei einem von ihnen um.";
    join_asked_back: "Dieses Ticket wird zurückerbeten. Beantworten Sie das zuerst.";

    free_to_split(free: u32, all: u32): "{free} von {all} sind frei", free = count(free), all = count(all);
    join_too_many(most: usize): "Ein Ticket enthält höchstens {most} Lizenzen.", most = count(most);
}

pub fn becomes_one(n: u32) -> String {
    match n {
        1 => "wird eins damit".to_owned(),
        _ => format!("{} Lizenzen werden eins", count(n)),
    }
}

// Many tickets at once

texts! {
    clear_selection: "Auswahl aufheben";
    goes_to: "Neuer Besitzer";
    preview: "Vorschau";
    preview_loading: "Es wird gefragt, was geschehen würde …";
    all_or_none: "Entweder werden alle davon verschoben oder keines.";
    nothing_permitted: "Keines davon kann dorthin.";
    reason_overtaken: "nicht mehr dort, wo Sie sie gesehen haben";
    reason_hidden: "nicht mehr da oder für Sie nicht sichtbar";
    preview_outdated:
        "Jemand hat diese Tickets seit der Vorschau geändert. Nichts wurde verschoben. Sehen Sie sich eine neue Vorschau an.";
    look_again: "Neue Vorschau";
    other_target: "Anderes Ziel wählen";

    nothing_selected: "Kein Ticket ist ausgewählt. Wählen Sie zuerst eines aus.";
    too_many_selected: "Höchstens 500 Tickets können auf einmal verschoben werden. Wählen Sie weniger aus.";

    select_all_that_match(n: usize): "Alle {n} auswählen", n = count(n);
    move_all_that_match(n: usize): "Alle {n} verschieben nach…", n = count(n);
    too_many_match(most: usize):
        "Mehr als {n}: Grenzen Sie die Liste ein, um alle auszuwählen", n = count(most);
    allowed_and_refused(allowed: u32, refused: u32):
        "{allowed} erlaubt, {refused} abgelehnt", allowed = count(allowed), refused = count(refused);
    partly_allowed(allowed: usize, refused: usize, why: &str): "{allowed} erlaubt, {refused} nicht: {why}";
    so_many_of(some: usize, all: usize): "{some} von {all} erlaubt", some = count(some), all = count(all);
    list_has_changed(then: usize, now: usize):
        "Die Liste hat sich seit Ihrer Auswahl geändert: Sie enthielt {then} Tickets und enthält jetzt {now}.", then = count(then), now = count(now);
    moving_so_many(n: usize): "{n} Tickets werden verschoben …", n = count(n);
    undoing_so_many(n: usize): "Verschieben von {n} Tickets wird rückgängig gemacht …", n = count(n);
    too_many_tickets(most: usize):
        "Höchstens {n} Tickets können auf einmal verschoben werden. Grenzen Sie die Liste durch Gruppe oder Suche ein.", n = count(most);
    too_many_views(most: usize): "Es gibt schon {most} gespeicherte Ansichten. Entfernen Sie erst eine.";
    too_many_activated(most: usize):
        "Die Lizenzen von höchstens {most} Tickets können auf einmal deaktiviert werden. Lassen Sie sie aktiviert oder verschieben Sie weniger auf einmal.";
    overtaken_by(code: &str, now: &str, by: &str):
        "{by} war schneller: Ticket {code} ist jetzt hier: {now}. Nichts wurde verschoben. Sehen Sie es sich noch einmal an.";
    overtaken(code: &str, now: &str):
        "Jemand war schneller: Ticket {code} ist jetzt hier: {now}. Nichts wurde verschoben. Sehen Sie es sich noch einmal an.";
}

pub fn overtaken_too(others: u32, codes: &str, more: &str) -> String {
    match others {
        1 => format!("Ebenso ein weiteres: {codes}."),
        _ => format!("Ebenso {others} weitere: {codes}{more}."),
    }
}

pub fn move_so_many(n: u32) -> String {
    let tickets = count(n);
    match n {
        1 => "1 Ticket verschieben".to_owned(),
        _ => format!("{tickets} Tickets verschieben"),
    }
}

pub fn move_only_allowed(n: u32) -> String {
    let number = count(n);
    match n {
        1 => "Nur das 1 erlaubte verschieben".to_owned(),
        _ => format!("Nur die {number} erlaubten verschieben"),
    }
}

// Who can see a ticket

texts! {
    who_can_see: "Wer kann das sehen?";
    who_can_see_ticket: "Wer dieses Ticket sehen kann";
    search_viewers: "Nach einer Person fragen";
    answer: "Antwort";
    its_group: "seiner Gruppe";
    sees_it: "Sieht es";
    does_not_see_it: "Sieht es nicht";
    no_viewers: "Niemand von den Personen, die Sie kennen dürfen.";
    viewers_above:
        "Außerdem die Admins der Gruppen über den hier genannten und die ISV-Admins. Wer das ist, können Sie nicht sehen.";
    narrow_viewers: "Nur die ersten 100 sind zu sehen. Suchen Sie nach den anderen.";
    account_is_off: "Konto ausgeschaltet";
    because_own: "Es ist das eigene Ticket.";
    because_isv_admin: "Ist ISV-Admin.";
    unseen_unassigned: "Es gehört noch niemandem. Bis es zugeordnet ist, sehen es nur ISV-Admins.";

    because_member(group: &str): "Ist Mitglied von {group}.";
    because_admin(group: &str): "Ist Admin von {group}.";
    unseen_protected(group: &str):
        "Das Ticket ist im Protected Mode: Von {group} sehen es nur die Admins, bis einer von ihnen das ausschaltet.";
    unseen_not_in_group(group: &str):
        "Ist weder Mitglied von {group} noch Admin dort oder darüber. Ein Mitglied sähe es.";
    unseen_personal(person: &str, group: &str):
        "Es ist ein persönliches Ticket von {person}: Andere sehen es nur als Admins von {group} oder darüber.";
    unseen_private(person: &str):
        "Es ist ein persönliches Ticket von {person} ohne Gruppenkontext: Sonst sehen es nur ISV-Admins.";
}
