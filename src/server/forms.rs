//! What a form of a page says beside the arguments of its server function: where its browser goes on.

use axum::{
    Json,
    body::{Body, to_bytes},
    extract::Request,
    middleware::Next,
    response::{IntoResponse, Response},
};
use http::{HeaderMap, HeaderValue, StatusCode, Uri, header};
use leptos::server_fn::redirect::REDIRECT_HEADER;
use serde::Deserialize;

use crate::{
    auth::headers::asks_for_page,
    errors::ApiError,
    views::addresses::{self, code_address},
};

/// The field of a form that names the page to show afterwards.
const NEXT: &str = "next";

/// Leads on to the page that a form names in its field `next`, once what it asks for is done.
pub async fn lead_on(request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    if !comes_from_here(&parts.headers) {
        // A refusal leads a browser back to where it came from, with the reason in the address: nowhere else.
        parts.headers.remove(header::REFERER);
    }
    // The layers around this one limit its size.
    let Ok(body) = to_bytes(body, usize::MAX).await else {
        return (StatusCode::BAD_REQUEST, Json(ApiError::Malformed)).into_response();
    };
    let form = is_form(&parts.headers);
    let named = form.then(|| named(&body)).flatten();
    let by_page = asks_for_page(&parts.headers);
    let mut response = next.run(Request::from_parts(parts, Body::from(body))).await;
    if let Some(named) = named.filter(|_| is_done(&response)) {
        lead(&mut response, &named, by_page);
    }
    response
}

/// Whether the page with the form is of this portal.
fn comes_from_here(headers: &HeaderMap) -> bool {
    let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
    let referer: Option<Uri> = headers
        .get(header::REFERER)
        .and_then(|referer| referer.to_str().ok()?.parse().ok());
    let from = referer.as_ref().and_then(|referer| referer.authority());
    from.zip(host)
        .is_some_and(|(from, host)| from.as_str().eq_ignore_ascii_case(host))
}

fn is_form(headers: &HeaderMap) -> bool {
    let kind = headers.get(header::CONTENT_TYPE);
    kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/x-www-form-urlencoded"))
}

/// The page that the form names.
fn named(form: &[u8]) -> Option<String> {
    #[derive(Deserialize)]
    struct Named {
        next: String,
    }
    let mut pairs = form.split(|byte| *byte == b'&');
    let pair = pairs.find(|pair| {
        pair.strip_prefix(NEXT.as_bytes())
            .is_some_and(|rest| rest.starts_with(b"="))
    })?;
    let named: Named = serde_qs::Config::new(0, false).deserialize_bytes(pair).ok()?;
    (!named.next.is_empty()).then_some(named.next)
}

/// Whether what was asked for is done: refusals lead a browser back to the form, with the error in the address.
fn is_done(response: &Response) -> bool {
    let status = response.status();
    let refused = |address: &HeaderValue| {
        let address = address.to_str().unwrap_or_default();
        address.contains("__err=")
    };
    let led_back = response.headers().get(header::LOCATION).is_some_and(refused);
    !status.is_client_error() && !status.is_server_error() && !led_back
}

fn lead(response: &mut Response, named: &str, by_page: bool) {
    let named = local(named);
    let address = response.headers().get(header::LOCATION);
    let address = address.and_then(|address| address.to_str().ok());
    // A login that waits for a code is not done: the page for the code takes the next one along.
    let waits = address.filter(|address| address.starts_with(addresses::LOGIN_CODE));
    let to = waits.map_or_else(
        || named.to_owned(),
        |address| code_address(named, address.contains("end_other")),
    );
    let Ok(to) = HeaderValue::from_str(&to) else {
        return;
    };
    let headers = response.headers_mut();
    headers.insert(header::LOCATION, to);
    if by_page {
        *response.status_mut() = StatusCode::FOUND;
    } else {
        // Scripts are told where to go, beside their answer.
        headers.insert(REDIRECT_HEADER, HeaderValue::from_static(""));
    }
}

/// An address within the portal; the start page for anything else, so that nobody is sent elsewhere by a link.
pub(super) fn local(next: &str) -> &str {
    let fits = next.starts_with('/')
        && !next.starts_with("//")
        && next.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if fits { next } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nobody_is_sent_elsewhere() {
        assert_eq!(local("/tickets/group:7?page=2"), "/tickets/group:7?page=2");
        for elsewhere in [
            "//evil.example",
            "https://evil.example",
            "/\\evil.example",
            "javascript:alert(1)",
            "/a\nb",
            "",
        ] {
            assert_eq!(local(elsewhere), "/", "{elsewhere:?}");
        }
    }

    #[test]
    fn a_form_names_the_next_page() {
        assert_eq!(named(b"on=true&next=%2Fticket%2F7").as_deref(), Some("/ticket/7"));
        assert_eq!(named(b"next=/a+b&next=/c").as_deref(), Some("/a b"));
        for form in [&b""[..], b"next=", b"nexts=/a", b"x[next]=/a"] {
            assert_eq!(named(form), None, "{form:?}");
        }
        assert_eq!(local(&named(b"next=%FF").unwrap_or_default()), "/", "no text");
    }
}

/// Whatever stands in a form and in the headers beside it, nobody is led out of the portal. More of it: `PROPTEST_CASES=100000`.
#[cfg(test)]
mod fuzz {
    use proptest::prelude::*;

    use super::*;

    /// Where a browser goes by that address from a page of the portal (URL Standard): it reads `\` as `/`, and leaves out tabs
    /// and line ends.
    fn stays(address: &str) -> bool {
        let read: String = address
            .chars()
            .filter(|c| !matches!(c, '\t' | '\n' | '\r'))
            .map(|c| if c == '\\' { '/' } else { c })
            .collect();
        read.starts_with('/') && !read.starts_with("//")
    }

    fn encoded(text: &str) -> String {
        text.bytes().map(|byte| format!("%{byte:02X}")).collect()
    }

    proptest! {
        #[test]
        fn the_page_that_a_form_names_is_found(
            next in "\\PC{1,40}",
            before in "[a-z]{1,8}=[A-Za-z0-9+%&=]{0,30}",
            behind in "[ -~]{0,30}",
        ) {
            prop_assume!(!before.contains("next=") && !behind.starts_with("next="));
            let form = format!("{before}&next={}&{behind}", encoded(&next));
            prop_assert_eq!(named(form.as_bytes()), Some(next));
        }

        #[test]
        fn any_form_is_answered(form in prop::collection::vec(any::<u8>(), 0..200)) {
            let next = named(&form).unwrap_or_default();
            prop_assert!(stays(local(&next)), "{next:?}");
        }

        #[test]
        fn nobody_is_led_out(next in "[/\\\\:@.?#%a-e \t\n\r]{0,12}|\\PC{0,20}", status in 200..600u16, address in "[ -~]{0,30}") {
            prop_assert!(stays(local(&next)), "{next:?}");
            let mut response = StatusCode::from_u16(status).unwrap_or_default().into_response();
            if let Ok(address) = HeaderValue::from_str(&format!("/{address}")) {
                response.headers_mut().insert(header::LOCATION, address);
            }
            let _ = is_done(&response);
            lead(&mut response, &next, true);
            let led = response.headers()[header::LOCATION].to_str().unwrap_or_default();
            prop_assert!(stays(led), "{next:?} leads to {led:?}");
        }

        #[test]
        fn any_referer_is_answered(
            host in "[a-z.:0-9@]{0,12}",
            referer in "(https?://)?[a-z.:0-9@/?#\\[\\]]{0,20}",
        ) {
            let mut headers = HeaderMap::new();
            for (name, value) in [(header::HOST, &host), (header::REFERER, &referer)] {
                if let Ok(value) = HeaderValue::from_str(value) {
                    headers.insert(name, value);
                }
            }
            if comes_from_here(&headers) {
                prop_assert!(referer.contains(&host), "{host:?} {referer:?}");
            }
        }
    }
}
