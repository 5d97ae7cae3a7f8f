//! What is said everywhere; numbers and times.

use std::fmt::Display;

use domain::time::Seconds;

use crate::i18n::format::grouped;

// The portal

texts! {
    own_name: "English";
    license_portal: "License Portal";
    admin_people: "People";
    admin_catalogue: "Catalogue";
    admin_insight: "Insight";
    admin_instance: "Instance";
    theme_light: "Light";
    theme_dark: "Dark";
    theme_system: "System";
    theme_of_pages: "Theme";
    appearance: "Appearance";
    my_account: "My account";
    skip_to_content: "Skip to content";
    main_navigation: "Main navigation";
    me: "Me";
    logged_in_as: "Logged in as";
    isv_admin: "ISV admin";
    demo_data: "Demo data";
    demo_warning:
        "This server runs with demo data. Do not enter anything real: everyone can log in as anyone.";
    password_of_all: "Password of all of them:";
    add: "Add";
    save: "Save";
    saved: "Saved.";
    close: "Close";
    remove: "Remove";
    search: "Search";
    try_again: "Try again";
    no_matches: "Nothing matches.";
    loading: "Loading…";
    narrow_search: "Only the first 100 are shown. Search to find others.";
    name: "Name";
    person: "Person";
    someone: "someone";
    you: "you";
    none: "none";
    yes: "Yes";
    no: "No";
    live: "live";
    actions: "Actions";
    parts_of_page: "Parts of this page";
    settings: "Settings";
    offline_trying: "Offline — trying again";
    notifications: "Notifications";

    own_menu(name: &str): "Menu of {name}";
    log_in_as(name: &str): "Log in as {name}";
}

// Pages of a list, numbers and times

texts! {
    pages: "Pages";
    page_before: "Previous page";
    page_after: "Next page";

    range(from: u64, to: u64, of: &str): "{from}–{to} of {of}", from = count(from), to = count(to);
    more_than(counted: &str): "more than {counted}";
    seconds(n: Seconds): "{n} s";
}

/// A number, in groups of three: "1,240".
pub fn count(n: impl Display) -> String {
    grouped(n, ',')
}

/// The point of a decimal fraction.
pub const fn decimal_point() -> char {
    '.'
}

/// A day: "20 Nov 2026".
pub fn date(day: i8, month: i8, year: i16) -> String {
    format!("{day} {}", month_of(month, year))
}

/// A month: "Nov 2026".
pub fn month_of(month: i8, year: i16) -> String {
    let names = [
        "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
    ];
    let name = usize::try_from(month - 1)
        .ok()
        .and_then(|month| names.get(month))
        .unwrap_or(&"");
    format!("{name} {year}")
}

/// Which of the names of a product is shown.
pub const fn product_name<'a>(english: &'a str, _german: &'a str) -> &'a str {
    english
}

pub fn days_at_most(days: u32) -> String {
    match days {
        1 => "1 day".to_owned(),
        _ => format!("{days} days"),
    }
}
