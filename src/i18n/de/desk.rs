//! The desk: what is dragged, and where it goes.

use super::general::count;

// Groups, people and tickets

texts! {
    groups_and_people: "Gruppen und Personen";
    all_tickets: "Alle Tickets";
    my_tickets: "Meine Tickets";
    without_a_group: "Ohne Gruppe";
    filter_tree: "Gruppen und Personen filtern";
    filter: "Filtern";
    clear_tree_filter: "Ganzen Baum zeigen";
    slash_filters: "Der Schrägstrich filtert die Ziele.";
    no_found_targets: "Nichts Gefundenes kann es aufnehmen. Suchen Sie nach anderem.";
    you_see_all: "Sie sehen alle Gruppen, Personen und Tickets.";
    you_see_own: "Sie sehen Ihre Gruppen und Ihre eigenen Tickets.";
    you_admin: "Sie: Admin";
    admin_pill: "Admin";
    new_owner: "neuer Besitzer";
    select_all: "Alle auswählen";
    code: "Code";
    search_tickets: "Tickets suchen";
    search_tickets_hint: "Code, Produkt, Besitzer suchen";
    with_subgroups: "mit Untergruppen";
    no_matching_tickets: "Kein Ticket passt. Suchen Sie nach etwas anderem oder in einer anderen Gruppe.";
    no_tickets_yet:
        "Noch keine Tickets. Ziehen Sie welche hierher, oder fügen Sie eines mit seinem Code hinzu:";

    found_in_tree(n: usize): "{n} gefunden", n = count(n);
    first_found_in_tree(n: usize): "Die ersten {n}. Ein weiteres Wort findet weniger.", n = count(n);
    nothing_found_in_tree(text: &str): "Keine Gruppe und keine Person hat „{text}“ im Namen.";
    ticket_called(contents: &str, code: &str): "{contents} ({code})";
    select_code(code: &str): "{code} auswählen";
    manage(group: &str): "{group} verwalten";
    open_branch(name: &str): "{name} aufklappen";
    close_branch(name: &str): "{name} zuklappen";
    count_selected(n: usize): "{n} ausgewählt", n = count(n);
    you_see_below(groups: &str): "Sie sehen {groups} und alles darunter.";
}

// Dragging and moving

texts! {
    move_to: "Verschieben nach…";
    move_word: "Verschieben";
    search_targets: "Ziele suchen";
    targets: "Neuer Besitzer";
    no_targets: "Es gibt keinen anderen Ort, an den Sie alle diese verschieben dürfen.";
    top_of_what_you_see: "oberste Ebene, die Sie sehen";
    without_group_context: "ohne Gruppenkontext";
    gone_from_selection:
        "Einige der ausgewählten Tickets sind nicht mehr da, oder Sie dürfen sie nicht mehr sehen.";
    go_to_tickets: "Zu den Tickets";
    drop_to_assign: "Zum Zuordnen ablegen";
    no_target: "kein Ziel";
    hold_to_drag: "Halten zum Ziehen, ⋮ zum Verschieben";
    drag_cancelled: "Ziehen abgebrochen. Nichts wurde verschoben.";

    move_what_to(what: &str): "{what} verschieben nach…";
    drag_code(code: &str): "{code} ziehen";
    lifted(what: &str): "{what} aufgenommen.";
    lifted_by_keys(what: &str):
        "{what} aufgenommen. Pfeiltasten wählen das Ziel, Eingabe legt ab, Escape bricht ab.";
    over_target(what: &str, target: &str, at: usize, of: usize): "{what} über {target}, {at} von {of}";
    over_forbidden(what: &str, target: &str, why: &str): "{what} über {target}, nicht erlaubt: {why}";
    refused(what: &str, target: &str, why: &str): "{what} nicht nach {target} verschoben: {why}.";
    target_gone(what: &str): "{what} nicht verschoben: Das Ziel ist nicht mehr da. Wählen Sie ein anderes.";
    dropped(what: &str, target: &str): "{what} auf {target} abgelegt.";
    assigned(what: &str, to: &str): "{what} zugeordnet: {to}";
    group_moved(group: &str, to: &str): "{group} verschoben nach {to}";
    not_moved(what: &str, why: &str): "{what} nicht verschoben. {why}";
}

// Undoing

texts! {
    undo: "Rückgängig";
    nothing_to_undo_here: "Es gibt nichts rückgängig zu machen.";

    taken_back(what: &str): "{what}: Verschieben rückgängig gemacht";
    not_taken_back(what: &str, why: &str): "{what}: Verschieben nicht rückgängig gemacht. {why}";
}
