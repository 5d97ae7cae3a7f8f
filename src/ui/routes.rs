//! Which page stands at which address.

use leptos::{prelude::*, tachys::view::iterators::StaticVec};
use leptos_router::{
    NestedRoute, ParamSegment, PartialPathMatch, PathSegment, PossibleRouteMatch, SsrMode, StaticSegment,
    any_nested_route::IntoAnyNestedRoute,
    components::{Routes, RoutesProps},
};

use crate::ui::{
    page::Page,
    pages::{DESK, PAGES},
    shell::protected::Unknown,
};

/// An address with `{name}` in the place of a segment that pages read as the parameter `name`: the form of
/// [`addresses`](crate::views::addresses) and of the server's router.
#[derive(Debug, Clone, Copy)]
struct Pattern(&'static str);

impl Pattern {
    /// The segments; those with a parameter by its name.
    fn segments(self) -> impl Iterator<Item = Result<StaticSegment<&'static str>, ParamSegment>> {
        let segments = self.0.split('/').filter(|segment| !segment.is_empty());
        segments.map(
            |segment| match segment.strip_prefix('{').and_then(|name| name.strip_suffix('}')) {
                Some(name) => Err(ParamSegment(name)),
                None => Ok(StaticSegment(segment)),
            },
        )
    }
}

impl PossibleRouteMatch for Pattern {
    fn optional(&self) -> bool {
        false
    }

    fn test<'a>(&self, path: &'a str) -> Option<PartialPathMatch<'a>> {
        let mut rest = path;
        let mut parameters = Vec::new();
        for segment in self.segments() {
            let found = match segment {
                Ok(fixed) => fixed.test(rest)?,
                Err(parameter) => parameter.test(rest)?,
            };
            rest = found.remaining();
            parameters.extend(found.params());
        }
        let matched = &path[..path.len() - rest.len()];
        Some(PartialPathMatch::new(rest, parameters, matched))
    }

    fn generate_path(&self, path: &mut Vec<PathSegment>) {
        for segment in self.segments() {
            match segment {
                Ok(fixed) => fixed.generate_path(path),
                Err(parameter) => parameter.generate_path(path),
            }
        }
    }
}

/// How pages are written by the server: whole, so that they need no scripts, and with the right status.
const WHOLE: SsrMode = SsrMode::Async;

/// The page at a path, if there is one.
#[cfg(feature = "ssr")]
#[must_use]
pub fn page_at(path: &str) -> Option<&'static Page> {
    let is_here = |page: &&Page| {
        let found = Pattern(page.at).test(path);
        found.is_some_and(|found| found.remaining().trim_end_matches('/').is_empty())
    };
    PAGES.iter().find(is_here)
}

/// Every page of the portal.
#[component]
pub fn Pages() -> impl IntoView {
    let route = |page: &Page| {
        NestedRoute::new(Pattern(page.at), *page)
            .ssr_mode(WHOLE)
            .into_any_nested_route()
    };
    let (desks, others): (Vec<&Page>, Vec<&Page>) = PAGES.iter().partition(|page| page.has_outlet());
    // One desk for all its addresses, so that it stays while they change.
    let places = desks.into_iter().map(|desk| route(&Page::nothing(desk.at)));
    let desk = NestedRoute::new(Pattern(DESK.at), DESK)
        .ssr_mode(WHOLE)
        .child(StaticVec::from(places.collect::<Vec<_>>()))
        .into_any_nested_route();
    let mut routes: Vec<_> = others.into_iter().map(route).collect();
    routes.push(desk);
    let props = RoutesProps::builder()
        .fallback(|| view! { <Unknown/> })
        .children(ToChildren::to_children(|| StaticVec::from(routes)));
    Routes(props.build())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::addresses;

    #[test]
    fn each_page_has_files_of_its_own_and_no_other_page_in_its_way() {
        let mut names = std::collections::BTreeSet::new();
        for page in PAGES {
            let path = page.at.replace(['{', '}'], "");
            let found = page_at(&path).map(|page| page.at);
            // An address with a parameter may be that of a page with a name: `/groups/{id}` and `/groups/new`.
            assert_eq!(found, Some(page.at));
            let own = page
                .name()
                .is_none_or(|name| page.has_outlet() || names.insert(name));
            assert!(own, "{page:?}");
        }
        assert!(page_at("/nowhere").is_none() && page_at("/groups/7/nowhere").is_none());
        assert_eq!(page_at("/groups/new/").and_then(Page::name), Some("new_group"));
    }

    #[test]
    fn a_pattern_matches_as_the_segments_of_the_router_do() {
        let viewers = Pattern(addresses::VIEWERS);
        let found = viewers.test("/ticket/7/viewers").unwrap();
        assert_eq!((found.remaining(), found.matched()), ("", "/ticket/7/viewers"));
        assert_eq!(found.params(), [("id".into(), "7".to_owned())]);
        assert!(viewers.test("/ticket/7").is_none() && viewers.test("/ticket/7/view").is_none());
        let home = Pattern(addresses::HOME).test("/tickets/all").unwrap();
        assert_eq!((home.remaining(), home.matched()), ("/tickets/all", ""));
    }
}
