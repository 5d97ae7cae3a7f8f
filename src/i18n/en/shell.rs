//! What surrounds every page: sections, search, help, keys.

use super::general::count;

// The bar

texts! {
    activity: "Activity";
    help: "Help";
    find_word: "Find";
    find_anything: "Find anything";
    find_or_jump: "Find or jump to…";
}

// The overview

texts! {
    overview: "Overview";
    licenses_activated: "Licences activated";
    licenses_in_use: "In use now";
    end_soon: "Licences that end";
    wait_for_codes: "wait for who has the code";
    seats_taken: "Seats taken";
    waits_for_you: "Waits for you";
    nothing_waits: "Nothing waits for you.";
    instance_is_unlicensed: "This instance has no licence in force";
    licenses_by_product: "Licences by product";
    no_licenses_yet: "There are no licences here yet. A ticket comes with its code:";
    column_activated: "Activated";
    free: "Free";
    nothing_ends: "Nothing ends in this time.";
    happened_lately: "Happened lately";
    nothing_happened: "Nothing has happened yet.";
    all_that_happened: "All that happened";
    start_page: "The portal begins with";

    of_so_many(n: u64): "of {n}", n = count(n);
    of_so_many_activated(n: u64): "of {n} activated", n = count(n);
    so_many_mine(n: u64): "{n} of your own", n = count(n);
    within_days(days: u32): "within {days} days";
    ends_within(days: u32): "Ends within {days} days";
    until_day(day: &str): "until {day}";
    webhook_is_stopped(name: &str): "The webhook “{name}” was switched off";
}

pub fn all_that_ends(n: u64) -> String {
    match n {
        1 => "The licence that ends".to_owned(),
        _ => format!("All {} licences that end", count(n)),
    }
}

pub fn more_products(n: u32) -> String {
    match n {
        1 => "1 more product".to_owned(),
        _ => format!("{} more products", count(n)),
    }
}

pub fn own_licenses_free(n: u64) -> String {
    match n {
        1 => "1 licence of your own is not activated".to_owned(),
        _ => format!("{} licences of your own are not activated", count(n)),
    }
}

pub fn tickets_are_nobodys(count: &str) -> String {
    match count {
        "1" => "1 ticket has no owner yet".to_owned(),
        _ => format!("{count} tickets have no owner yet"),
    }
}

pub fn requests_are_open(n: usize) -> String {
    match n {
        1 => "1 request to the maker of the portal is open".to_owned(),
        _ => format!("{} requests to the maker of the portal are open", count(n)),
    }
}

// Finding

texts! {
    find_title: "Search";
    find_help: "Looks for tickets by product, owner and code, for people, groups, containers, customers and pages.";
    find_results: "Found";
    finding: "Searching…";
    recently_opened: "Opened lately";
    pages_and_actions: "Pages and actions";
    key_choose: "choose";
    key_go: "open";
    key_new_tab: "new tab";

    nothing_found(search: &str): "Nothing matches “{search}”. Fewer or shorter words find more.";
    show_all_found(what: &str): "All that match: {what}";
}

pub fn so_many_found(n: usize) -> String {
    match n {
        1 => "1 result".to_owned(),
        _ => format!("{} results", count(n)),
    }
}

// Help

texts! {
    words: "Words";
    ticket_explained:
        "What is handed on: it holds licences, and belongs to one group or one person, or to nobody yet. Whoever has its code can take one that is nobody's.";
    license_explained: "The right to use a product, so many times. It stands in a ticket, and is activated in a container.";
    container_explained: "A machine, a dongle, or a place in the cloud that uses licences. It belongs to a person.";
    group_context_explained:
        "The group through which a person has a ticket or a container. The admins of that group see it, and can take it back.";
    protected_explained: "A ticket of a group in this mode is seen by the admins of the group only, not by its other members.";
    keys: "Keys";
    key_enter: "Enter";
    key_space: "Space";
    key_control: "Ctrl";
    key_tab: "Go on to the next link, field or button";
    key_arrows: "Go up and down in the tree and in lists";
    key_branch: "Open and close a branch of the tree";
    key_open: "Open what has the focus; on the handle of a ticket, lift it, and drop it on a target";
    key_lift: "Select a node or a ticket";
    key_undo: "Take back the last move, while its message is there";
    key_messages: "Go to the messages";
    key_escape: "Close, cancel a drag";
    key_find: "Find or jump to";
    key_list: "This list";
}
