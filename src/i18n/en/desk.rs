//! The desk: what is dragged, and where it goes.

use super::general::count;

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
    with_subgroups: "with subgroups";
    no_matching_tickets: "No ticket matches. Search for something else, or in another group.";
    no_tickets_yet: "No tickets here yet. Drag some here, or add one by its code:";

    found_in_tree(n: usize): "{n} found", n = count(n);
    first_found_in_tree(n: usize): "The first {n} are shown. Another word finds fewer.", n = count(n);
    nothing_found_in_tree(text: &str): "No group and no person has “{text}” in the name.";
    ticket_called(contents: &str, code: &str): "{contents} ({code})";
    select_code(code: &str): "Select {code}";
    manage(group: &str): "Manage {group}";
    open_branch(name: &str): "Open {name}";
    close_branch(name: &str): "Close {name}";
    count_selected(n: usize): "{n} selected", n = count(n);
    you_see_below(groups: &str): "You see {groups} and everything below.";
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
