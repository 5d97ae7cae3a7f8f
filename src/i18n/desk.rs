//! The desk: what is dragged, and where it goes.

use crate::{
    i18n::Language,
    views::tickets::{
        Sort,
        facets::{Ends, OwnerKind, TicketState},
        layout::Column,
    },
};

// Groups, people and tickets

index! { desk:
    groups_and_people, all_tickets, my_tickets, without_a_group, filter_tree, you_see_all,
    filter, clear_tree_filter, slash_filters, no_found_targets,
    you_see_own, you_admin, admin_pill, new_owner, select_all, code, search_tickets,
    search_tickets_hint, with_subgroups, open_ticket, no_matching_tickets, no_tickets_yet;

    /// A ticket by its code.
    fn ticket_called(contents: &str, code: &str);

    /// Name of the checkbox of a ticket.
    fn select_code(code: &str);

    /// Name of what opens the menu of a ticket, and of the menu.
    fn actions_for(code: &str);

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

// The filter of the list

index! { desk:
    filter_list, filter_tickets, active_filters, clear_filters, another_product, order_by,
    columns, compact_rows, no_column, column_used, column_ends, saved_views, no_saved_views,
    name_of_view, save_view, view_for_group, view_of_group;

    /// Copies so many codes.
    fn copy_codes(n: usize);

    /// So many were copied.
    fn codes_copied(n: usize);

    /// Has so many tickets as a file.
    fn export_selected(n: usize);

    /// Name of the button that removes a view.
    fn remove_view(name: &str);

    /// Which column stands in that place.
    fn column_at(place: usize);

    /// So many of all licences of a ticket are activated.
    fn used_of(used: &str, all: &str);

    /// Name of the link that takes a filter away.
    fn without_filter(facet: &str, value: &str);

    /// A value, and how many tickets there are of it.
    fn value_counted(value: &str, count: &str);

    /// So many, or more.
    fn at_least(count: &str);
}

impl Language {
    /// Switches protected mode of so many tickets.
    #[must_use]
    pub fn protect_selected(self, on: bool, n: usize) -> String {
        say!(self, desk::protect_selected(on, n))
    }

    /// Protected mode of so many tickets was switched.
    #[must_use]
    pub fn protection_switched(self, on: bool, n: usize) -> String {
        say!(self, desk::protection_switched(on, n))
    }

    /// The name of a facet, by the one that it has in addresses.
    #[must_use]
    pub fn facet(self, facet: &str) -> &'static str {
        say!(self, desk::facet(facet))
    }

    /// How licences, or their ticket, stand.
    #[must_use]
    pub const fn ticket_state(self, state: TicketState) -> &'static str {
        say!(self, desk::ticket_state(state))
    }

    /// The head of a column.
    #[must_use]
    pub const fn column(self, column: Column) -> &'static str {
        match column {
            Column::Used => self.column_used(),
            Column::Ends => self.column_ends(),
            Column::Binding => self.binding(),
            Column::Owner => self.owner(),
            Column::Kind => self.kind(),
            Column::Since => self.since(),
        }
    }

    /// Whose tickets.
    #[must_use]
    pub const fn owner_kind(self, owner: OwnerKind) -> &'static str {
        say!(self, desk::owner_kind(owner))
    }

    /// When licences end.
    #[must_use]
    pub const fn ends_when(self, ends: Ends) -> &'static str {
        say!(self, desk::ends_when(ends))
    }

    /// The order of a list, reversed or not.
    #[must_use]
    pub const fn order(self, sort: Sort, reverse: bool) -> &'static str {
        say!(self, desk::order(sort, reverse))
    }

    /// So many, or more than that.
    #[must_use]
    pub fn count_at_least(self, n: u64, at_least: bool) -> String {
        let count = self.count(n);
        if at_least { self.at_least(&count) } else { count }
    }
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
