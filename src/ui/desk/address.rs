//! What is listed stands in the address, so that back, forward, bookmarks and links work.

use domain::groups::tree::Node;
use leptos_router::{location::Url, params::ParamsMap};

use crate::views::{
    addresses,
    tickets::{Sort, TicketQuery},
};

/// Asks for names in the tree.
pub const FIND: &str = "find";

/// The node that a path of the desk names; everything at the root.
#[must_use]
pub fn node_of(path: &str) -> Node {
    // The only characters in it that some browsers and programs escape.
    let plain = |node: &str| node.replace("%3A", ":").replace("%40", "@");
    addresses::rest_of(path, addresses::TICKETS)
        .and_then(|node| plain(node).parse().ok())
        .unwrap_or(Node::All)
}

/// What an address asks for. Unknown values count as absent.
#[must_use]
pub fn query_of(path: &str, params: &ParamsMap) -> TicketQuery {
    read(path, |name| params.get_str(name))
}

fn read<'a>(path: &str, param: impl Fn(&str) -> Option<&'a str>) -> TicketQuery {
    TicketQuery {
        node: node_of(path),
        below: param("below") != Some("0"),
        search: param("q").unwrap_or_default().trim().to_owned(),
        sort: match param("sort") {
            Some("code") => Sort::Code,
            Some("product") => Sort::Product,
            Some("owner") => Sort::Owner,
            _ => Sort::Since,
        },
        reverse: param("reverse") == Some("1"),
        page: param("page").and_then(|page| page.parse().ok()).unwrap_or(0),
    }
}

/// The name of an order in addresses.
#[must_use]
pub const fn sort_name(sort: Sort) -> &'static str {
    match sort {
        Sort::Since => "since",
        Sort::Code => "code",
        Sort::Product => "product",
        Sort::Owner => "owner",
    }
}

/// What an address asks to be found in the tree.
#[must_use]
pub fn find_of(params: &ParamsMap) -> String {
    params.get_str(FIND).unwrap_or_default().trim().to_owned()
}

/// The address that asks for these tickets, beside what is to be found in the tree.
#[must_use]
pub fn address(query: &TicketQuery, find: &str) -> String {
    address_from(&addresses::tickets(query.node), query, find)
}

/// The same, on the page of that path: on a phone the root shows the tree alone.
#[must_use]
pub fn address_from(path: &str, query: &TicketQuery, find: &str) -> String {
    let mut asked = Vec::new();
    if !query.below {
        asked.push("below=0".to_owned());
    }
    if !query.search.is_empty() {
        asked.push(format!("q={}", Url::escape(&query.search)));
    }
    if query.sort != Sort::default() {
        asked.push(format!("sort={}", sort_name(query.sort)));
    }
    if query.reverse {
        asked.push("reverse=1".to_owned());
    }
    if query.page > 0 {
        asked.push(format!("page={}", query.page));
    }
    if !find.is_empty() {
        asked.push(format!("{FIND}={}", Url::escape(find)));
    }
    if asked.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", asked.join("&"))
    }
}

/// The address of another node, listed in the same way.
#[must_use]
pub fn address_of(node: Node, query: &TicketQuery, find: &str) -> String {
    let query = TicketQuery {
        node,
        search: String::new(),
        page: 0,
        ..query.clone()
    };
    address(&query, find)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_names_what_differs_from_the_usual() {
        let node = Node::Group(domain::ids::GroupId(7));
        assert_eq!(address(&TicketQuery::of(node), ""), "/tickets/group:7");
        assert_eq!(
            address_from("/", &TicketQuery::of(Node::All), "r & d"),
            "/?find=r%20%26%20d"
        );
        let query = TicketQuery {
            below: false,
            sort: Sort::Owner,
            reverse: true,
            page: 2,
            ..TicketQuery::of(node)
        };
        assert_eq!(
            address(&query, ""),
            "/tickets/group:7?below=0&sort=owner&reverse=1&page=2"
        );
        let params = [("below", "0"), ("sort", "owner"), ("reverse", "1"), ("page", "2")];
        let param = |name: &str| {
            params
                .iter()
                .find(|(known, _)| *known == name)
                .map(|(_, value)| *value)
        };
        assert_eq!(read("/tickets/group%3A7", param), query);
        assert_eq!(read("/", |_| None), TicketQuery::of(Node::All));
    }
}
