//! What is listed stands in the address, so that back, forward, bookmarks and links work.

use domain::groups::tree::Node;
use leptos_router::{location::Url, params::ParamsMap};

use crate::views::{
    addresses,
    tickets::{Sort, TicketQuery, facets::Facets, layout::Layout},
};

/// Asks for names in the tree.
pub const FIND: &str = "find";

/// What is open between the search and the list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Panel {
    /// The facets.
    Filter,
    /// The columns.
    Columns,
    /// The saved views.
    Views,
}

impl Panel {
    /// The parameter that names it.
    pub const PARAM: &'static str = "panel";

    /// Its name in addresses.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Filter => "filter",
            Self::Columns => "columns",
            Self::Views => "views",
        }
    }
}

/// What an address has open.
#[must_use]
pub fn panel_of(params: &ParamsMap) -> Option<Panel> {
    let name = params.get_str(Panel::PARAM)?;
    [Panel::Filter, Panel::Columns, Panel::Views]
        .into_iter()
        .find(|panel| panel.name() == name)
}

/// The address with that open.
#[must_use]
pub fn with_panel(address: String, panel: Option<Panel>) -> String {
    let Some(panel) = panel else { return address };
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{}={}", Panel::PARAM, panel.name())
}

/// Asks for columns.
const COLUMNS: &str = "columns";

/// The columns that an address asks for.
#[must_use]
pub fn columns_of(params: &ParamsMap) -> Option<Layout> {
    params.get_str(COLUMNS)?.parse().ok()
}

/// The address that asks for those columns, too.
#[must_use]
pub fn with_columns(address: String, layout: &Layout) -> String {
    let separator = if address.contains('?') { '&' } else { '?' };
    format!("{address}{separator}{COLUMNS}={layout}")
}

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
    read(path, |name| params.get_all(name).unwrap_or_default())
}

fn read(path: &str, values: impl Fn(&str) -> Vec<String>) -> TicketQuery {
    let param = |name: &str| values(name).pop();
    let facet = |facets: Facets, facet: &'static str| {
        let values = values(facet);
        values
            .iter()
            .fold(facets, |facets, value| facets.with(facet, value))
    };
    let sort = param("sort");
    TicketQuery {
        node: node_of(path),
        below: param("below").as_deref() != Some("0"),
        search: param("q").unwrap_or_default().trim().to_owned(),
        facets: Facets::NAMES.into_iter().fold(Facets::NONE, facet),
        sort: match sort.as_deref().map(|sort| sort.trim_start_matches('-')) {
            Some("code") => Sort::Code,
            Some("product") => Sort::Product,
            Some("owner") => Sort::Owner,
            _ => Sort::Since,
        },
        // In a form, one field says both.
        reverse: param("reverse").as_deref() == Some("1") || sort.is_some_and(|sort| sort.starts_with('-')),
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
    let asked: Vec<String> = parameters(query, find)
        .into_iter()
        .map(|(name, value)| format!("{name}={}", Url::escape(&value)))
        .collect();
    if asked.is_empty() {
        path.to_owned()
    } else {
        format!("{path}?{}", asked.join("&"))
    }
}

/// What stands in the address behind its path: what differs from the usual.
#[must_use]
pub fn parameters(query: &TicketQuery, find: &str) -> Vec<(&'static str, String)> {
    let mut asked = Vec::new();
    if !query.below {
        asked.push(("below", "0".to_owned()));
    }
    if !query.search.is_empty() {
        asked.push(("q", query.search.clone()));
    }
    asked.extend(query.facets.set());
    if query.sort != Sort::default() {
        asked.push(("sort", sort_name(query.sort).to_owned()));
    }
    if query.reverse {
        asked.push(("reverse", "1".to_owned()));
    }
    if query.page > 0 {
        asked.push(("page", query.page.to_string()));
    }
    if !find.is_empty() {
        asked.push((FIND, find.to_owned()));
    }
    asked
}

/// The address of another node, listed in the same way.
#[must_use]
pub fn address_of(node: Node, query: &TicketQuery, find: &str) -> String {
    let query = TicketQuery {
        node,
        search: String::new(),
        facets: Facets::NONE,
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
            facets: Facets::NONE
                .with("state", "full")
                .with("state", "free")
                .with("ends", "30"),
            sort: Sort::Owner,
            reverse: true,
            page: 2,
            ..TicketQuery::of(node)
        };
        assert_eq!(
            address(&query, ""),
            "/tickets/group:7?below=0&state=free&state=full&ends=30&sort=owner&reverse=1&page=2"
        );
        let params = [
            ("below", "0"),
            ("state", "free"),
            ("state", "none"),
            ("state", "full"),
            ("ends", "30"),
            ("product", "x"),
            ("sort", "owner"),
            ("reverse", "1"),
            ("page", "2"),
        ];
        let values = |name: &str| {
            let named = params.iter().filter(|(known, _)| *known == name);
            named.map(|(_, value)| (*value).to_owned()).collect::<Vec<_>>()
        };
        assert_eq!(read("/tickets/group%3A7", values), query);
        let falling = read("/", |name| match name {
            "sort" => vec!["-code".to_owned()],
            _ => Vec::new(),
        });
        assert_eq!((falling.sort, falling.reverse), (Sort::Code, true));
        assert_eq!(read("/", |_| Vec::new()), TicketQuery::of(Node::All));
    }
}
