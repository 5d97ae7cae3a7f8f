//! What is said everywhere; numbers and times.

use std::fmt::Display;

use domain::time::Seconds;

use crate::{i18n::Language, views::themes::Theme};

// The portal

index! { general:
    admin_people, admin_catalogue, admin_insight, admin_instance, theme_light, theme_dark, theme_system, theme_of_pages, appearance, my_account, own_name, license_portal, skip_to_content, main_navigation, me, logged_in_as, isv_admin,
    demo_data, demo_warning, password_of_all, add, save, saved, close, remove, search, try_again,
    no_matches, loading, narrow_search, name, person, someone, you, none, yes, no, live,
    offline_trying, notifications, actions, parts_of_page, settings;

    /// The menu of one's own, in the bar.
    fn own_menu(name: &str);

    /// Button that logs a demo person in.
    fn log_in_as(name: &str);
}

impl Language {
    /// What a theme is called.
    #[must_use]
    pub const fn theme(self, theme: Theme) -> &'static str {
        match theme {
            Theme::System => self.theme_system(),
            Theme::Light => self.theme_light(),
            Theme::Dark => self.theme_dark(),
        }
    }
}

// Pages of a list, numbers and times

index! { general:
    pages, page_before, page_after;

    /// Which of how many are shown.
    fn range(from: u64, to: u64, of: &str);

    /// A number, in groups of three.
    fn count(n: impl Display);

    /// Seconds without activity.
    fn seconds(n: Seconds);

    /// So many days at most.
    fn days_at_most(days: u32);
}

impl Language {
    /// So many of what is counted so far, or more.
    #[must_use]
    pub fn count_up_to(self, n: u64, counted: u32) -> String {
        if n <= u64::from(counted) {
            self.count(n)
        } else {
            say!(self, general::more_than(&self.count(counted)))
        }
    }
}
