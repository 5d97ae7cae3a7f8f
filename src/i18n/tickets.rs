//! Tickets.

use domain::{
    access::{Because, Unseen},
    instance::imports::MAX_LICENSES,
    tickets::{
        MAX_CLEARED, MAX_TICKETS,
        splits::{InvalidJoin, InvalidSplit},
    },
};

use crate::{
    i18n::Language,
    views::tickets::{COUNTED, saved::MAX_VIEWS},
};

// A ticket

index! { tickets:
    tickets, ticket, content, owner, kind, since, unassigned, elsewhere, group_ticket,
    personal_ticket, protected_mode, protect_on, protect_off, protect_help, copied, tickets_added,
    tickets_moved, show_tickets;

    /// Of a personal ticket: the group through which it came.
    fn via(group: &str);

    /// Name of the button that copies a ticket code.
    fn copy_code(code: &str);
}

impl Language {
    /// So many tickets, as lists and trees count them.
    #[must_use]
    pub fn count_tickets(self, n: u64) -> String {
        say!(self, tickets::count_tickets(n, &self.count_up_to(n, COUNTED)))
    }
}

// Adding a ticket by its code

index! { tickets:
    add_ticket, ticket_codes, ticket_codes_help, for_whom, for_myself, no_codes, code_length,
    code_check;

    /// A ticket for a person, through a group.
    fn myself_via(group: &str);

    /// A mistyped code.
    fn code_mistyped(at: u32, why: &str);

    /// A character that no code contains.
    fn code_character(character: char);

    /// A code that cannot be redeemed.
    fn code_unknown(at: u32);
}

// Splitting and joining

index! { tickets:
    split_dots, join_dots, split_title, split_explained, split_free_or_whole, split_off, nothing_to_split, split_done, join_title,
    join_explained, join_which, join_button, nothing_to_join, join_done, stays_beside;

    /// How many of a licence are free to be split off.
    fn free_to_split(free: u32, all: u32);

    /// How many licences of a ticket become one with their like.
    fn becomes_one(n: u32);
}

impl Language {
    /// Why a ticket is not split.
    #[must_use]
    pub fn invalid_split(self, why: InvalidSplit) -> String {
        let text = match why {
            InvalidSplit::NotEnough { free } => return self.not_enough(free),
            InvalidSplit::Quantity => say!(self, tickets::split_quantity()),
            InvalidSplit::Everything => say!(self, tickets::split_everything()),
            InvalidSplit::Stopped => say!(self, tickets::split_stopped()),
            InvalidSplit::Planned => say!(self, tickets::split_planned()),
        };
        text.to_owned()
    }

    /// Why two tickets do not become one.
    #[must_use]
    pub fn invalid_join(self, why: InvalidJoin) -> String {
        let text = match why {
            InvalidJoin::Same => say!(self, tickets::join_same()),
            InvalidJoin::Apart => say!(self, tickets::join_apart()),
            InvalidJoin::Protected => say!(self, tickets::join_protected()),
            InvalidJoin::AskedBack => say!(self, tickets::join_asked_back()),
            InvalidJoin::TooMany => return say!(self, tickets::join_too_many(MAX_LICENSES)),
        };
        text.to_owned()
    }
}

// Many tickets at once

index! { tickets:
    clear_selection, goes_to, preview, preview_loading, all_or_none, nothing_permitted,
    reason_overtaken, reason_hidden, preview_outdated, look_again, other_target,

    nothing_selected, too_many_selected;

    /// Picks all that the list holds.
    fn select_all_that_match(n: usize);

    /// Leads to the page that moves all that the list holds.
    fn move_all_that_match(n: usize);

    /// What a preview says in one line.
    fn allowed_and_refused(allowed: u32, refused: u32);

    /// The same over a target, with the first reason.
    fn partly_allowed(allowed: usize, refused: usize, why: &str);

    /// How many of the tickets may go to a target.
    fn so_many_of(some: usize, all: usize);

    /// The button that moves all of them.
    fn move_so_many(n: u32);

    /// The button that moves those that are allowed.
    fn move_only_allowed(n: u32);

    /// The list holds more, or fewer, than when it was chosen.
    fn list_has_changed(then: usize, now: usize);

    /// A move of many is on its way.
    fn moving_so_many(n: usize);

    /// The undoing of a move of many is on its way.
    fn undoing_so_many(n: usize);
}

impl Language {
    /// So many others were moved, too; some of them by their codes.
    #[must_use]
    pub fn overtaken_too(self, others: u32, codes: &[String]) -> String {
        let all = u32::try_from(codes.len()).is_ok_and(|named| named == others);
        let more = if all { "" } else { ", …" };
        say!(self, tickets::overtaken_too(others, &codes.join(", "), more))
    }

    /// There are too many in the list.
    #[must_use]
    pub fn too_many_match(self) -> String {
        say!(self, tickets::too_many_match(MAX_TICKETS))
    }

    /// Refused for one reason, with examples.
    #[must_use]
    pub fn refused_with(self, n: u32, why: &str, examples: &[String]) -> String {
        let more = n as usize > examples.len();
        let n = self.count(n);
        if examples.is_empty() {
            return format!("{n}: {why}");
        }
        let etc = if more { ", …" } else { "" };
        format!("{n}: {why} ({}{etc})", examples.join(", "))
    }

    /// More than can be moved at once.
    #[must_use]
    pub fn too_many_tickets(self) -> String {
        say!(self, tickets::too_many_tickets(MAX_TICKETS))
    }

    /// As many saved views as there may be.
    #[must_use]
    pub fn too_many_views(self) -> String {
        say!(self, tickets::too_many_views(MAX_VIEWS))
    }

    /// More than can be cleared at once.
    #[must_use]
    pub fn too_many_activated(self) -> String {
        say!(self, tickets::too_many_activated(MAX_CLEARED))
    }

    /// Somebody else moved the ticket first.
    #[must_use]
    pub fn overtaken(self, code: &str, now: &str, by: Option<&str>) -> String {
        match by {
            Some(by) => say!(self, tickets::overtaken_by(code, now, by)),
            None => say!(self, tickets::overtaken(code, now)),
        }
    }
}

// Who can see a ticket

index! { tickets:
    who_can_see, who_can_see_ticket, search_viewers, answer, its_group, sees_it, does_not_see_it,
    no_viewers, viewers_above, narrow_viewers, account_is_off, because_own, because_isv_admin,
    unseen_unassigned;
}

impl Language {
    /// A reason to see a ticket; `group` is the path of the group in it.
    #[must_use]
    pub fn because(self, because: Because, group: &str) -> String {
        match because {
            Because::Own => self.because_own().to_owned(),
            Because::IsvAdmin => self.because_isv_admin().to_owned(),
            Because::Member(_) => say!(self, tickets::because_member(group)),
            Because::Admin(_) => say!(self, tickets::because_admin(group)),
        }
    }

    /// Why somebody does not see a ticket, and what would change that; `person` has it, `group` is the path of its group.
    #[must_use]
    pub fn unseen(self, unseen: Unseen, person: &str, group: &str) -> String {
        match unseen {
            Unseen::Unassigned => self.unseen_unassigned().to_owned(),
            Unseen::Protected(_) => say!(self, tickets::unseen_protected(group)),
            Unseen::NotInGroup(_) => say!(self, tickets::unseen_not_in_group(group)),
            Unseen::Personal(_) => say!(self, tickets::unseen_personal(person, group)),
            Unseen::Private => say!(self, tickets::unseen_private(person)),
        }
    }
}
