//! Groups and their members.

use domain::accounts::Permission;

use crate::{i18n::Language, views::tickets::COUNTED};

// Groups

index! { groups:
    groups, group, group_name, new_group, new_subgroup, create_group, top_level, rename,
    rename_group, move_group, new_parent, search_groups, my_groups;

    /// So many groups right below.
    fn count_subgroups(n: u32);
}

// Deleting a group

index! { groups:
    search_heirs, delete_group, delete_group_final, heir, no_heir, people_follow, group_not_empty;
}

impl Language {
    /// The tickets of a group, and of everything below where that is more.
    #[must_use]
    pub fn tickets_of_branch(self, here: u64, all: u64) -> String {
        let tickets = self.count_tickets(here);
        if all == here {
            return tickets;
        }
        say!(
            self,
            groups::tickets_of_branch(&tickets, &self.count_up_to(all, COUNTED))
        )
    }

    /// What a deleted group leaves behind.
    #[must_use]
    pub fn group_holds(self, subgroups: u32, tickets: u64, members: usize) -> String {
        let (subgroups, tickets) = (self.count_subgroups(subgroups), self.count_tickets(tickets));
        let members = self.count_members(members);
        say!(self, groups::group_holds(&subgroups, &tickets, &members))
    }
}

// Members

index! { groups:
    members, no_members, permissions, add_member, search_people, nobody_to_add;

    /// Of a form field: the permissions of one person.
    fn permission_of(permission: &str, name: &str);

    /// Told when one of them was switched.
    fn permissions_switched(whose: &str);

    /// So many members.
    fn count_members(n: usize);
}

impl Language {
    /// What a membership permits.
    #[must_use]
    pub const fn permission(self, permission: Permission) -> &'static str {
        say!(self, groups::permission(permission))
    }
}
