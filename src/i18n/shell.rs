//! What surrounds every page: sections, search, help, keys.

use crate::i18n::Language;

// The bar

index! { shell:
    activity, help, find_word, find_anything, find_or_jump;
}

// The overview

index! { shell:
    overview, licenses_activated, licenses_in_use, end_soon, wait_for_codes, seats_taken, waits_for_you,
    nothing_waits, instance_is_unlicensed, licenses_by_product, no_licenses_yet, column_activated, free,
    nothing_ends, happened_lately, nothing_happened, all_that_happened, start_page;

    /// Of a number that comes before.
    fn of_so_many(n: u64);

    /// Of the licences that are activated.
    fn of_so_many_activated(n: u64);

    /// Tickets of one's own.
    fn so_many_mine(n: u64);

    /// In the next days.
    fn within_days(days: u32);

    /// Heading of what ends in the next days.
    fn ends_within(days: u32);

    /// The last day.
    fn until_day(day: &str);

    /// Link to the list of all that ends.
    fn all_that_ends(n: u64);

    /// Products that are not told one by one.
    fn more_products(n: u32);

    /// Licences of one's own that wait to be activated.
    fn own_licenses_free(n: u64);

    /// A webhook that the portal switched off.
    fn webhook_is_stopped(name: &str);

    /// Tickets without an owner.
    fn tickets_are_nobodys(count: &str);

    /// Requests to the maker of the portal.
    fn requests_are_open(n: usize);
}

// Finding

index! { shell:
    find_title, find_help, find_results, finding, recently_opened, pages_and_actions,
    key_choose, key_go, key_new_tab;

    /// Nothing has the words.
    fn nothing_found(search: &str);

    /// So many are in the list.
    fn so_many_found(n: usize);

    /// Link to the whole list.
    fn show_all_found(what: &str);
}

// Help

index! { shell:
    words, license_explained, ticket_explained, container_explained, group_context_explained,
    protected_explained, keys, key_enter, key_space, key_control, key_tab, key_arrows, key_branch,
    key_open, key_lift, key_undo, key_messages, key_escape, key_find, key_list;
}
