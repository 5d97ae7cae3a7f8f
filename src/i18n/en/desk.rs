//! The desk: what is dragged, and where it goes.

use super::general::count;
use crate::views::tickets::{
    Sort,
    facets::{self, Ends, OwnerKind, TicketState},
};

// Groups, people and tickets

texts! {
    groups_and_people: "Groups and people";
    all_tickets: "All tickets";
    my_tickets: "My tickets";
    without_a_group: "Without a group";
    filter_tree: "Filter groups and people";
    filter: "Filter";
    clear_tree_filter: "Show the whole tree";
    slash_filters: "The slash key filters the targets.";
    no_found_targets: "None of those found takes it. Search for others.";
    you_see_all: "You see all groups, people and tickets.";
    you_see_own: "You see your groups and your own tickets.";
    you_admin: "you: admin";
    admin_pill: "admin";
    new_owner: "the new owner";
    select_all: "Select all";
    code: "Code";
    search_tickets: "Search tickets";
    search_tickets_hint: "Search by code, product, owner";
    open_ticket: "Open";
    with_subgroups: "with subgroups";
    no_matching_tickets: "No ticket matches. Search for something else, or in another group.";
    no_tickets_yet: "No tickets here yet. Drag some here, or add one by its code:";

    found_in_tree(n: usize): "{n} found", n = count(n);
    first_found_in_tree(n: usize): "The first {n} are shown. Another word finds fewer.", n = count(n);
    nothing_found_in_tree(text: &str): "No group and no person has “{text}” in the name.";
    ticket_called(contents: &str, code: &str): "{contents} ({code})";
    select_code(code: &str): "Select {code}";
    actions_for(code: &str): "Actions for {code}";
    manage(group: &str): "Manage {group}";
    open_branch(name: &str): "Open {name}";
    close_branch(name: &str): "Close {name}";
    count_selected(n: usize): "{n} selected", n = count(n);
    you_see_below(groups: &str): "You see {groups} and everything below.";
}

// The filter of the list

texts! {
    filter_list: "Filter";
    filter_tickets: "Filter tickets";
    active_filters: "Active filters";
    clear_filters: "Clear all";
    another_product: "another product";
    order_by: "Order by";

    columns: "Columns";
    compact_rows: "Compact rows";
    no_column: "none";
    column_used: "Used";
    column_ends: "Ends";
    export_selected(n: usize): "Export {n} (CSV)", n = count(n);
    column_at(place: usize): "Column {place}";
    used_of(used: &str, all: &str): "{used} of {all} activated";
    saved_views: "Views";
    no_saved_views: "Nothing is saved here yet. Filter and sort the list, then save it under a name.";
    name_of_view: "Name of the view";
    save_view: "Save view";
    view_for_group: "For all who see this group";
    view_of_group: "group";
    remove_view(name: &str): "Remove view {name}";
    without_filter(facet: &str, value: &str): "Remove filter: {facet}: {value}";
    value_counted(value: &str, count: &str): "{value} ({count})";
    at_least(count: &str): "{count}+";
}

pub fn copy_codes(n: usize) -> String {
    match n {
        1 => "Copy the code".to_owned(),
        _ => format!("Copy {} codes", count(n)),
    }
}

pub fn codes_copied(n: usize) -> String {
    match n {
        1 => "The code is copied.".to_owned(),
        _ => format!("{} codes are copied.", count(n)),
    }
}

pub fn protect_selected(on: bool, n: usize) -> String {
    let what = if on { "Protect" } else { "End protection of" };
    format!("{what} {}", count(n))
}

pub fn protection_switched(on: bool, n: usize) -> String {
    let tickets = if n == 1 {
        "1 ticket is"
    } else {
        &format!("{} tickets are", count(n))
    };
    let how = if on {
        "in Protected Mode now"
    } else {
        "protected no longer"
    };
    format!("{tickets} {how}.")
}

pub fn facet(facet: &str) -> &'static str {
    match facet {
        facets::STATE => "State",
        facets::OWNER => "Owner",
        facets::ENDS => "Ends",
        facets::BINDING => "Binding",
        _ => "Product",
    }
}

pub const fn ticket_state(state: TicketState) -> &'static str {
    match state {
        TicketState::Free => "Free",
        TicketState::Active => "In use",
        TicketState::Full => "Full",
        TicketState::Ended => "Ended",
        TicketState::Suspended => "Suspended",
        TicketState::Revoked => "Revoked",
        TicketState::Protected => "Protected Mode",
    }
}

pub const fn owner_kind(owner: OwnerKind) -> &'static str {
    match owner {
        OwnerKind::Group => "Group",
        OwnerKind::Person => "Person",
        OwnerKind::Me => "Only me",
        OwnerKind::Nobody => "Unassigned",
    }
}

pub const fn ends_when(ends: Ends) -> &'static str {
    match ends {
        Ends::Month => "Within 30 days",
        Ends::Quarter => "Within 90 days",
        Ends::Later => "Later",
        Ends::Never => "Perpetual",
    }
}

pub const fn order(sort: Sort, reverse: bool) -> &'static str {
    match (sort, reverse) {
        (Sort::Since, false) => "Newest first",
        (Sort::Since, true) => "Oldest first",
        (Sort::Product, false) => "Product, A to Z",
        (Sort::Product, true) => "Product, Z to A",
        (Sort::Owner, false) => "Owner, A to Z",
        (Sort::Owner, true) => "Owner, Z to A",
        (Sort::Code, false) => "Code, A to Z",
        (Sort::Code, true) => "Code, Z to A",
    }
}

// Dragging and moving

texts! {
    move_to: "Move to…";
    move_word: "Move";
    search_targets: "Search targets";
    targets: "New owner";
    no_targets: "There is no other place where you may move all of these.";
    top_of_what_you_see: "top of what you see";
    without_group_context: "without group context";
    gone_from_selection: "Some of the selected tickets are no longer there, or you may no longer see them.";
    go_to_tickets: "Go to the tickets";
    drop_to_assign: "Drop to assign";
    no_target: "not a target";
    hold_to_drag: "Hold to drag, ⋮ to move";
    drag_cancelled: "Drag cancelled. Nothing was moved.";

    move_what_to(what: &str): "Move {what} to…";
    drag_code(code: &str): "Drag {code}";
    lifted(what: &str): "{what} lifted.";
    lifted_by_keys(what: &str): "{what} lifted. Arrow keys choose a target, Enter drops, Escape cancels.";
    over_target(what: &str, target: &str, at: usize, of: usize): "{what} over {target}, {at} of {of}";
    over_forbidden(what: &str, target: &str, why: &str): "{what} over {target}, not allowed: {why}";
    refused(what: &str, target: &str, why: &str): "{what} not moved to {target}: {why}.";
    target_gone(what: &str): "{what} not moved: the target is no longer there. Choose another.";
    dropped(what: &str, target: &str): "{what} dropped on {target}.";
    assigned(what: &str, to: &str): "{what} assigned to {to}";
    group_moved(group: &str, to: &str): "{group} moved to {to}";
    not_moved(what: &str, why: &str): "{what} not moved. {why}";
}

// Undoing

texts! {
    undo: "Undo";
    nothing_to_undo_here: "There is nothing to undo.";

    taken_back(what: &str): "{what}: the move was undone";
    not_taken_back(what: &str, why: &str): "{what}: the move was not undone. {why}";
}
