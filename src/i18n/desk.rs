//! The desk: what is dragged, and where it goes.

use crate::i18n::Language;

// Groups, people and tickets

index! { desk:
    groups_and_people, all_tickets, my_tickets, without_a_group, filter_tree, you_see_all,
    filter, clear_tree_filter, slash_filters, no_found_targets,
    you_see_own, you_admin, admin_pill, new_owner, select_all, code, search_tickets,
    search_tickets_hint, with_subgroups, no_matching_tickets, no_tickets_yet;

    /// A ticket by its code.
    fn ticket_called(contents: &str, code: &str);

    /// Name of the checkbox of a ticket.
    fn select_code(code: &str);

    /// Name of the link to a group's own page.
    fn manage(group: &str);

    /// Name of the button that opens a branch.
    fn open_branch(name: &str);

    /// Name of the button that closes a branch.
    fn close_branch(name: &str);

    /// So many are selected.
    fn count_selected(n: usize);

    /// How many groups and people were found in the tree.
    fn found_in_tree(n: usize);

    /// There are more than these.
    fn first_found_in_tree(n: usize);

    /// No name has the words.
    fn nothing_found_in_tree(text: &str);

    /// What an admin of these groups sees.
    fn you_see_below(groups: &str);
}

// Dragging and moving

index! { desk:
    move_to, move_word, search_targets, targets, no_targets, top_of_what_you_see,
    without_group_context, gone_from_selection, go_to_tickets, drop_to_assign, no_target,
    hold_to_drag, drag_cancelled;

    /// Heading of the choice of a new owner.
    fn move_what_to(what: &str);

    /// Name of the handle of a ticket.
    fn drag_code(code: &str);

    /// Over a permitted target.
    fn over_target(what: &str, target: &str, at: usize, of: usize);

    /// Over a forbidden target.
    fn over_forbidden(what: &str, target: &str, why: &str);

    /// Dropped on a forbidden target.
    fn refused(what: &str, target: &str, why: &str);

    /// Dropped on what is no longer there.
    fn target_gone(what: &str);

    /// Dropped.
    fn dropped(what: &str, target: &str);

    /// A move that succeeded.
    fn assigned(what: &str, to: &str);

    /// A group that was moved.
    fn group_moved(group: &str, to: &str);

    /// A move that failed.
    fn not_moved(what: &str, why: &str);
}

impl Language {
    /// The beginning of a drag.
    #[must_use]
    pub fn lifted(self, what: &str, by_keys: bool) -> String {
        if by_keys {
            say!(self, desk::lifted_by_keys(what))
        } else {
            say!(self, desk::lifted(what))
        }
    }
}

// Undoing

index! { desk:
    undo, nothing_to_undo_here;

    /// A move that was taken back.
    fn taken_back(what: &str);

    /// A move that was not taken back.
    fn not_taken_back(what: &str, why: &str);
}
