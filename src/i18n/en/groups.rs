//! Groups and their members.

use domain::accounts::Permission;

use super::general::count;

// Groups

texts! {
    groups: "Groups";
    group: "Group";
    group_name: "Name of the group";
    new_group: "New group";
    new_subgroup: "New subgroup";
    create_group: "Create group";
    top_level: "Top level";
    rename: "Rename";
    rename_group: "Rename group";
    move_group: "Move group";
    new_parent: "New parent group";
    search_groups: "Search groups";
    my_groups: "My groups";
}

pub fn count_subgroups(n: u32) -> String {
    match n {
        1 => "1 subgroup".to_owned(),
        _ => format!("{} subgroups", count(n)),
    }
}

// Deleting a group

texts! {
    search_heirs: "Search groups to give it to";
    delete_group: "Delete group";
    delete_group_final: "A deleted group does not come back.";
    heir: "Who gets what it holds";
    no_heir: "Nobody (only if it is empty)";
    people_follow: "Its people become members there, too";
    group_not_empty: "The group is not empty. Choose a group that gets what it holds.";

    tickets_of_branch(here: &str, all: &str): "{here} here, {all} with everything below";
    group_holds(subgroups: &str, tickets: &str, members: &str):
        "It holds {subgroups}, {tickets} and {members}.";
}

// Members

texts! {
    members: "Members";
    permissions_switched(whose: &str): "Permissions of {whose} changed.";
    no_members: "Nobody is a member yet.";
    permissions: "Permissions";
    add_member: "Add member";
    search_people: "Search people";
    nobody_to_add: "Nobody else can be added.";

    permission_of(permission: &str, name: &str): "{permission}: {name}";
}

pub const fn permission(permission: Permission) -> &'static str {
    match permission {
        Permission::Admin => "Admin",
        Permission::CreateTicket => "Creates tickets",
        Permission::ViewReports => "Views reports",
        Permission::RenewTicket => "Renews tickets",
        Permission::ChangeTicket => "Changes and suspends tickets",
        Permission::RevokeTicket => "Revokes tickets",
    }
}

pub fn count_members(n: usize) -> String {
    match n {
        1 => "1 member".to_owned(),
        _ => format!("{} members", count(n)),
    }
}
