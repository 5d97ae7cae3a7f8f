//! Groups and their members.

use domain::accounts::Permission;

use super::general::count;

// Groups

texts! {
    groups: "Gruppen";
    group: "Gruppe";
    group_name: "Name der Gruppe";
    new_group: "Neue Gruppe";
    new_subgroup: "Neue Untergruppe";
    create_group: "Gruppe anlegen";
    top_level: "Oberste Ebene";
    rename: "Umbenennen";
    rename_group: "Gruppe umbenennen";
    move_group: "Gruppe verschieben";
    new_parent: "Neue übergeordnete Gruppe";
    search_groups: "Gruppen suchen";
    my_groups: "Meine Gruppen";
}

pub fn count_subgroups(n: u32) -> String {
    match n {
        1 => "1 Untergruppe".to_owned(),
        _ => format!("{} Untergruppen", count(n)),
    }
}

// Deleting a group

texts! {
    search_heirs: "Erbende Gruppen suchen";
    delete_group: "Gruppe löschen";
    delete_group_final: "Eine gelöschte Gruppe kommt nicht zurück.";
    heir: "Wer den Inhalt bekommt";
    no_heir: "Niemand (nur wenn sie leer ist)";
    people_follow: "Ihre Personen werden dort auch Mitglied";
    group_not_empty: "Die Gruppe ist nicht leer. Wählen Sie eine Gruppe, die ihren Inhalt bekommt.";

    tickets_of_branch(here: &str, all: &str): "{here} hier, {all} mit allem darunter";
    group_holds(subgroups: &str, tickets: &str, members: &str):
        "Sie enthält {subgroups}, {tickets} und {members}.";
}

// Members

texts! {
    members: "Mitglieder";
    permissions_switched(whose: &str): "Berechtigungen von {whose} geändert.";
    no_members: "Noch ist niemand Mitglied.";
    permissions: "Rechte";
    add_member: "Mitglied hinzufügen";
    search_people: "Personen suchen";
    nobody_to_add: "Niemand weiter kann hinzugefügt werden.";

    permission_of(permission: &str, name: &str): "{permission}: {name}";
}

pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Admin => "Admin",
        Permission::CreateTicket => "Erstellt Tickets",
        Permission::ViewReports => "Sieht Berichte",
        Permission::RenewTicket => "Verlängert Tickets",
        Permission::ChangeTicket => "Ändert und sperrt Tickets",
        Permission::RevokeTicket => "Widerruft Tickets",
    }
}

pub fn count_members(n: usize) -> String {
    match n {
        1 => "1 Mitglied".to_owned(),
        _ => format!("{} Mitglieder", count(n)),
    }
}
