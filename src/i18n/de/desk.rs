//! The desk: what is dragged, and where it goes.

use super::general::count;
use crate::views::tickets::{
    Sort,
    facets::{self, Ends, OwnerKind, TicketState},
};

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
    open_ticket: "Öffnen";
    with_subgroups: "mit Untergruppen";
    no_matching_tickets: "Kein Ticket passt. Suchen Sie nach etwas anderem oder in einer anderen Gruppe.";
    no_tickets_yet:
        "Noch keine Tickets. Ziehen Sie welche hierher, oder fügen Sie eines mit seinem Code hinzu:";

    found_in_tree(n: usize): "{n} gefunden", n = count(n);
    first_found_in_tree(n: usize): "Die ersten {n}. Ein weiteres Wort findet weniger.", n = count(n);
    nothing_found_in_tree(text: &str): "Keine Gruppe und keine Person hat „{text}“ im Namen.";
    ticket_called(contents: &str, code: &str): "{contents} ({code})";
    select_code(code: &str): "{code} auswählen";
    actions_for(code: &str): "Aktionen für {code}";
    manage(group: &str): "{group} verwalten";
    open_branch(name: &str): "{name} aufklappen";
    close_branch(name: &str): "{name} zuklappen";
    count_selected(n: usize): "{n} ausgewählt", n = count(n);
    you_see_below(groups: &str): "Sie sehen {groups} und alles darunter.";
}

// The filter of the list

texts! {
    filter_list: "Filter";
    filter_tickets: "Tickets filtern";
    active_filters: "Aktive Filter";
    clear_filters: "Alle aufheben";
    another_product: "ein anderes Produkt";
    order_by: "Sortieren nach";

    columns: "Spalten";
    compact_rows: "Niedrige Zeilen";
    no_column: "keine";
    column_used: "Benutzt";
    column_ends: "Endet";
    export_selected(n: usize): "{n} exportieren (CSV)", n = count(n);
    column_at(place: usize): "Spalte {place}";
    used_of(used: &str, all: &str): "{used} von {all} aktiviert";
    saved_views: "Ansichten";
    no_saved_views: "Hier ist noch nichts gespeichert. Filtern und sortieren Sie die Liste, und speichern Sie sie unter einem Namen.";
    name_of_view: "Name der Ansicht";
    save_view: "Ansicht speichern";
    view_for_group: "Für alle, die diese Gruppe sehen";
    view_of_group: "Gruppe";
    remove_view(name: &str): "Ansicht {name} entfernen";
    without_filter(facet: &str, value: &str): "Filter aufheben: {facet}: {value}";
    value_counted(value: &str, count: &str): "{value} ({count})";
    at_least(count: &str): "{count}+";
}

pub fn copy_codes(n: usize) -> String {
    match n {
        1 => "Code kopieren".to_owned(),
        _ => format!("{} Codes kopieren", count(n)),
    }
}

pub fn codes_copied(n: usize) -> String {
    match n {
        1 => "Der Code ist kopiert.".to_owned(),
        _ => format!("{} Codes sind kopiert.", count(n)),
    }
}

pub fn protect_selected(on: bool, n: usize) -> String {
    let what = if on { "schützen" } else { "nicht mehr schützen" };
    format!("{} {what}", count(n))
}

pub fn protection_switched(on: bool, n: usize) -> String {
    let tickets = if n == 1 {
        "1 Ticket ist"
    } else {
        &format!("{} Tickets sind", count(n))
    };
    let how = if on {
        "jetzt im Protected Mode"
    } else {
        "nicht mehr geschützt"
    };
    format!("{tickets} {how}.")
}

pub fn facet(facet: &str) -> &'static str {
    match facet {
        facets::STATE => "Zustand",
        facets::OWNER => "Besitzer",
        facets::ENDS => "Endet",
        facets::BINDING => "Bindung",
        _ => "Produkt",
    }
}

pub const fn ticket_state(state: TicketState) -> &'static str {
    match state {
        TicketState::Free => "Frei",
        TicketState::Active => "In Benutzung",
        TicketState::Full => "Ausgelastet",
        TicketState::Ended => "Abgelaufen",
        TicketState::Suspended => "Vorübergehend gesperrt",
        TicketState::Revoked => "Widerrufen",
        TicketState::Protected => "Protected Mode",
    }
}

pub const fn owner_kind(owner: OwnerKind) -> &'static str {
    match owner {
        OwnerKind::Group => "Gruppe",
        OwnerKind::Person => "Person",
        OwnerKind::Me => "Nur ich",
        OwnerKind::Nobody => "Nicht zugeordnet",
    }
}

pub const fn ends_when(ends: Ends) -> &'static str {
    match ends {
        Ends::Month => "In 30 Tagen",
        Ends::Quarter => "In 90 Tagen",
        Ends::Later => "Später",
        Ends::Never => "Unbefristet",
    }
}

pub const fn order(sort: Sort, reverse: bool) -> &'static str {
    match (sort, reverse) {
        (Sort::Since, false) => "Neueste zuerst",
        (Sort::Since, true) => "Älteste zuerst",
        (Sort::Product, false) => "Produkt, A bis Z",
        (Sort::Product, true) => "Produkt, Z bis A",
        (Sort::Owner, false) => "Besitzer, A bis Z",
        (Sort::Owner, true) => "Besitzer, Z bis A",
        (Sort::Code, false) => "Code, A bis Z",
        (Sort::Code, true) => "Code, Z bis A",
    }
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
