//! What a request says beside what it asks: its cookies, its language, from where and with what it comes, whether a person
//! asks for a page.

use http::{HeaderMap, header, request::Parts};

use crate::{
    auth::{client_address::ClientAddress, portal::Portal},
    i18n::{LANGUAGE_COOKIE, Language},
    views::{
        start::{START_COOKIE, Start},
        themes::{THEME_COOKIE, Theme},
        tickets::layout::{LAYOUT_COOKIE, Layout},
    },
};

/// The cookie in which a browser keeps the login that was typed, for the login page to show it again.
pub(crate) const TYPED_LOGIN_COOKIE: &str = "login";

/// The language a request asks for: by its cookie, else by `Accept-Language`.
#[must_use]
pub fn language_of(headers: &HeaderMap) -> Language {
    let accepted = || headers.get(header::ACCEPT_LANGUAGE)?.to_str().ok();
    let asked = cookie(headers, LANGUAGE_COOKIE).or_else(accepted);
    asked.map(Language::from_tags).unwrap_or_default()
}

/// The theme a request asks for by its cookie.
#[must_use]
pub fn theme_of(headers: &HeaderMap) -> Theme {
    let asked = cookie(headers, THEME_COOKIE);
    asked.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The page with which the portal begins, by the cookie.
#[must_use]
pub fn start_of(headers: &HeaderMap) -> Start {
    let asked = cookie(headers, START_COOKIE);
    asked.and_then(|name| name.parse().ok()).unwrap_or_default()
}

/// The layout of the list of tickets, by the cookie.
#[must_use]
pub fn layout_of(headers: &HeaderMap) -> Layout {
    let asked = cookie(headers, LAYOUT_COOKIE);
    asked.and_then(|text| text.parse().ok()).unwrap_or_default()
}

/// The value of a cookie.
pub(crate) fn cookie<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let cookies = headers.get_all(header::COOKIE).into_iter();
    cookies
        .filter_map(|value| value.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .filter_map(|cookie| cookie.trim().split_once('='))
        .find_map(|(found, value)| (found == name).then_some(value))
}

/// What was typed as login at the last attempt in this browser.
#[must_use]
pub fn typed_login(headers: &HeaderMap) -> Option<&str> {
    cookie(headers, TYPED_LOGIN_COOKIE)
}

/// Whether a person goes to a page: what pages fetch for themselves does not ask for HTML by name.
#[must_use]
pub fn asks_for_page(headers: &HeaderMap) -> bool {
    let accepted = headers
        .get(header::ACCEPT)
        .and_then(|accepted| accepted.to_str().ok());
    accepted.is_some_and(|accepted| accepted.contains("text/html"))
}

/// The address that a request came from.
pub(crate) fn address(portal: &Portal, parts: &Parts) -> ClientAddress {
    ClientAddress::of(&portal.proxies, &parts.headers, &parts.extensions)
}

/// The browser in a few words: "Firefox 142, Windows".
pub(crate) fn browser(headers: &HeaderMap) -> String {
    const BROWSERS: [(&str, &str); 6] = [
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("Firefox/", "Firefox"),
        ("Chromium/", "Chromium"),
        ("Chrome/", "Chrome"),
        // Of Safari, the version stands elsewhere.
        ("Version/", "Safari"),
    ];
    const SYSTEMS: [(&str, &str); 6] = [
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Windows", "Windows"),
        ("Mac OS X", "macOS"),
        ("Linux", "Linux"),
    ];
    let agent = headers
        .get(header::USER_AGENT)
        .and_then(|agent| agent.to_str().ok())
        .unwrap_or_default();
    let named = BROWSERS.iter().find_map(|(token, name)| {
        let version: String = agent
            .split_once(token)?
            .1
            .chars()
            .take_while(char::is_ascii_digit)
            .take(4)
            .collect();
        Some(format!("{name} {version}"))
    });
    let system = SYSTEMS
        .iter()
        .find_map(|(token, name)| agent.contains(token).then_some(*name));
    match (named, system) {
        (Some(browser), Some(system)) => format!("{browser}, {system}"),
        (Some(browser), None) => browser,
        // A program, then: by the name it gives itself.
        (None, _) => agent
            .split(['/', ' '])
            .next()
            .unwrap_or_default()
            .chars()
            .take(40)
            .collect(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn browsers_are_named_in_a_few_words() {
        let named = |agent: &str| {
            let mut headers = HeaderMap::new();
            headers.insert(header::USER_AGENT, agent.parse().expect("a header"));
            browser(&headers)
        };
        assert_eq!(
            named("Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:142.0) Gecko/20100101 Firefox/142.0"),
            "Firefox 142, Windows"
        );
        assert_eq!(
            named(
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) \
                 Version/18.0 Mobile/15E148 Safari/604.1"
            ),
            "Safari 18, iPhone"
        );
        assert_eq!(named("curl/8.5.0"), "curl");
        assert_eq!(browser(&HeaderMap::new()), "");
    }
}

/// Whatever a browser, or who pretends to be one, says in its headers is answered. More of it: `PROPTEST_CASES=100000`.
#[cfg(test)]
mod fuzz {
    use axum::extract::ConnectInfo;
    use http::{Extensions, HeaderValue};
    use proptest::prelude::*;

    use super::*;
    use crate::auth::client_address::TrustedProxies;

    /// Headers of those names, with those bytes; some of them more than once.
    fn headers(lines: &[(&'static str, Vec<u8>)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            if let Ok(value) = HeaderValue::from_bytes(value) {
                headers.append(*name, value);
            }
        }
        headers
    }

    fn any_lines() -> impl Strategy<Value = Vec<(&'static str, Vec<u8>)>> {
        let name = prop::sample::select(vec![
            "cookie",
            "accept",
            "accept-language",
            "user-agent",
            "x-forwarded-for",
        ]);
        let pieces = prop::sample::select(vec![
            "=",
            ";",
            ",",
            " ",
            "login",
            "language",
            "de-AT",
            "q=0.5",
            "text/html",
            "Firefox/",
            "192.0.2.1",
            "[::1]:80",
            "::ffff:1.2.3.4",
        ]);
        let value = prop_oneof![
            prop::collection::vec(any::<u8>(), 0..60),
            prop::collection::vec(pieces, 0..12).prop_map(|pieces| pieces.concat().into_bytes()),
        ];
        prop::collection::vec((name, value), 0..6)
    }

    proptest! {
        #[test]
        fn any_headers_are_answered(lines in any_lines(), peer in any::<std::net::SocketAddr>()) {
            let headers = headers(&lines);
            let _ = (language_of(&headers), theme_of(&headers), start_of(&headers), layout_of(&headers));
            let _ = asks_for_page(&headers);
            prop_assert!(browser(&headers).chars().count() <= 40, "it is written into the database");
            if let Some(login) = typed_login(&headers) {
                prop_assert!(!login.contains(';'));
            }
            let mut extensions = Extensions::new();
            extensions.insert(ConnectInfo(peer));
            let at = |proxies| ClientAddress::of(&proxies, &headers, &extensions).network();
            let trusted = at(TrustedProxies::Any);
            prop_assert!(trusted.len() <= 43, "{trusted}");
            let own = ClientAddress::of(&TrustedProxies::None, &HeaderMap::new(), &extensions).network();
            prop_assert_eq!(at(TrustedProxies::None), own, "what is not trusted changes nothing");
        }

        /// What was kept in a browser comes back, whatever else it keeps.
        #[test]
        fn a_cookie_is_found_among_others(
            value in "[!#-+\\--:<-\\[\\]-~]{0,40}",
            before in prop::collection::vec(("[a-km-z]{1,8}", "[!#-+\\--:<-\\[\\]-~]{0,20}"), 0..4),
            behind in "[ -:<-~]{0,20}",
        ) {
            let others: String = before.iter().map(|(name, value)| format!("{name}={value}; ")).collect();
            let line = format!("{others}{TYPED_LOGIN_COOKIE}={value};{behind}");
            let headers = headers(&[("cookie", line.into_bytes())]);
            prop_assert_eq!(typed_login(&headers), Some(value.as_str()));
        }
    }
}
