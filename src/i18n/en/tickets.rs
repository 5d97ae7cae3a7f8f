//! Tickets.

use super::general::count;

// A ticket

texts! {
    tickets: "Tickets";
    ticket: "Ticket";
    content: "Content";
    owner: "Owner";
    kind: "Kind";
    since: "Since";
    unassigned: "Unassigned";
    elsewhere: "somewhere you cannot see";
    group_ticket: "group ticket";
    personal_ticket: "personal ticket";
    protected_mode: "Protected Mode";
    protect_on: "Switch Protected Mode on";
    protect_off: "Switch Protected Mode off";
    protect_help: "In Protected Mode only admins of the group see the ticket.";
    copied: "Copied";
    tickets_added: "The tickets were added.";
    tickets_moved: "The tickets were moved.";
    show_tickets: "Show tickets";

    via(group: &str): "via {group}";
    copy_code(code: &str): "Copy {code}";
}

pub fn count_tickets(n: u64, count: &str) -> String {
    match n {
        1 => "1 ticket".to_owned(),
        _ => format!("{count} tickets"),
    }
}

// Adding a ticket by its code

texts! {
    add_ticket: "Redeem code";
    ticket_codes: "Ticket codes";
    ticket_codes_help: "Several codes are separated by semicolons.";
    for_whom: "For";
    for_myself: "Myself, without a group";
    no_codes: "Enter one to 50 ticket codes, separated by semicolons.";
    code_length: "a code has five groups of five characters";
    code_check: "a character is wrong, or two are swapped";

    myself_via(group: &str): "Myself, via {group}";
    code_mistyped(at: u32, why: &str): "Code {at} is mistyped: {why}. Correct it and try again.";
    code_character(character: char): "“{character}” does not occur in ticket codes";
    code_unknown(at: u32): "Code {at} cannot be redeemed. Ask whoever gave it to you. No ticket was added.";
}

// Splitting and joining

texts! {
    split_dots: "Split off…";
    join_dots: "Join…";
    split_title: "Split off a part";
    split_explained:
        "The part becomes a ticket with a code of its own. It stays with the same owner, and you can move it then. What is activated stays activated.";
    split_free_or_whole: "Of each licence, split off some that are free, or all of it with what is activated.";
    split_off: "Split off";
    nothing_to_split: "There is nothing to split off: a part must be free, and something must stay in the ticket.";
    split_done: "This part was split off: it is a ticket of its own now.";
    join_title: "Join another ticket";
    join_explained:
        "The ticket that you choose becomes a part of this one, and its code is no more. Licences that are equal, and that nothing was done with, become one; others stand beside.";
    join_which: "Which ticket";
    join_button: "Join";
    nothing_to_join: "Its owner has no other ticket that could be joined to this one.";
    join_done: "The two tickets are one now.";
    stays_beside: "stands beside";
    split_quantity: "Say how many of which licence are to be split off, and no more than there are.";
    split_everything: "Something must stay in the ticket. To give all of it away, move the ticket.";
    split_stopped: "A part of a licence that is suspended or revoked cannot be split off. Split all of it off, or have it reinstated first.";
    split_planned: "A change of this licence is planned for later, and meant for all of it. Take it back first, or split all of it off.";
    join_same: "A ticket cannot be joined to itself. Choose another one.";
    join_apart: "The two tickets do not have the same owner any more. Move one of them first.";
    join_protected: "One of the tickets is in Protected Mode, the other is not. Switch it for one of them first.";
    join_asked_back: "This ticket is asked back. Answer that first.";

    free_to_split(free: u32, all: u32): "{free} of {all} are free", free = count(free), all = count(all);
    join_too_many(most: usize): "A ticket holds at most {most} licences.", most = count(most);
}

pub fn becomes_one(n: u32) -> String {
    match n {
        1 => "becomes one with it".to_owned(),
        _ => format!("{} licences become one", count(n)),
    }
}

// Many tickets at once

texts! {
    clear_selection: "Clear selection";
    goes_to: "New owner";
    preview: "Preview";
    preview_loading: "Asking what would happen …";
    all_or_none: "Either all of these move, or none.";
    nothing_permitted: "None of them can be moved there.";
    reason_overtaken: "no longer where you saw them";
    reason_hidden: "no longer there, or not yours to see";
    preview_outdated:
        "Somebody has changed these tickets since the preview. Nothing was moved. Look at a new preview.";
    look_again: "New preview";
    other_target: "Choose another target";

    nothing_selected: "No ticket is selected. Select one first.";
    too_many_selected: "At most 500 tickets can be moved at once. Select fewer.";

    select_all_that_match(n: usize): "Select all {n}", n = count(n);
    move_all_that_match(n: usize): "Move all {n} to…", n = count(n);
    too_many_match(most: usize): "More than {n}: narrow the list to select all", n = count(most);
    allowed_and_refused(allowed: u32, refused: u32):
        "{allowed} allowed, {refused} refused", allowed = count(allowed), refused = count(refused);
    partly_allowed(allowed: usize, refused: usize, why: &str): "{allowed} allowed, {refused} not: {why}";
    so_many_of(some: usize, all: usize): "{some} of {all} allowed", some = count(some), all = count(all);
    move_only_allowed(n: u32): "Move only the {number} allowed", number = count(n);
    list_has_changed(then: usize, now: usize):
        "The list has changed since you selected it: it held {then} tickets, and holds {now} now.", then = count(then), now = count(now);
    moving_so_many(n: usize): "Moving {n} tickets …", n = count(n);
    undoing_so_many(n: usize): "Undoing the move of {n} tickets …", n = count(n);
    too_many_tickets(most: usize):
        "At most {n} tickets can be moved at once. Narrow the list by a group or a search.", n = count(most);
    too_many_views(most: usize): "There are {most} saved views already. Remove one first.";
    too_many_activated(most: usize):
        "The licences of at most {most} tickets can be deactivated in one move. Keep them activated, or move fewer at once.";
    overtaken_by(code: &str, now: &str, by: &str):
        "{by} was faster: ticket {code} is now here: {now}. Nothing was moved. Look at it again.";
    overtaken(code: &str, now: &str):
        "Somebody else was faster: ticket {code} is now here: {now}. Nothing was moved. Look at it again.";
}

pub fn overtaken_too(others: u32, codes: &str, more: &str) -> String {
    match others {
        1 => format!("So is another one: {codes}."),
        _ => format!("So are {others} others: {codes}{more}."),
    }
}

pub fn move_so_many(n: u32) -> String {
    let tickets = count(n);
    match n {
        1 => "Move 1 ticket".to_owned(),
        _ => format!("Move {tickets} tickets"),
    }
}

// Who can see a ticket

texts! {
    who_can_see: "Who can see this?";
    who_can_see_ticket: "Who can see this ticket";
    search_viewers: "Ask about a person";
    answer: "Answer";
    its_group: "its group";
    sees_it: "Sees it";
    does_not_see_it: "Does not see it";
    no_viewers: "Nobody of the people you may know of.";
    viewers_above:
        "Also the admins of the groups above those named here, and the ISV admins. You cannot see who they are.";
    narrow_viewers: "Only the first 100 are shown. Search for the others.";
    account_is_off: "account switched off";
    because_own: "It is their own ticket.";
    because_isv_admin: "Is an ISV admin.";
    unseen_unassigned: "It belongs to nobody yet. Until it is assigned, only ISV admins see it.";

    because_member(group: &str): "Is a member of {group}.";
    because_admin(group: &str): "Is an admin of {group}.";
    unseen_protected(group: &str):
        "The ticket is in protected mode: of {group}, only the admins see it, until one of them switches that off.";
    unseen_not_in_group(group: &str):
        "Is neither a member of {group} nor an admin of it or of a group above. A member would see it.";
    unseen_personal(person: &str, group: &str):
        "It is a personal ticket of {person}: others see it only as admins of {group} or of a group above.";
    unseen_private(person: &str):
        "It is a personal ticket of {person} without group context: besides them, only ISV admins see it.";
}
