//! The search over everything, for programs.

use crate::{api::find as api, views::find::Found};

crate::server::rest::administration::routes::routes! {
    "Search";
    /// Find something
    ///
    /// Tickets, people, groups, containers and customers that have all the words: of each kind at most five, the best first.
    get "/search" Tickets:Read Groups:Read Users:Read Licenses:Read => api::Find { search: String = default } -> Found;
}
