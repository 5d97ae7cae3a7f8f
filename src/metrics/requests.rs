//! Requests and connections.

use std::time::Duration;

use ::metrics::{gauge, histogram};
use http::Method;

use super::{labels::labels, state::is_on, table};

labels! {
    /// Who is connected with.
    Listener {
        /// People and machines come there.
        Portal = "portal",
        /// Who asks for metrics.
        Metrics = "metrics",
    }
}

/// A connection that is open, until it is dropped.
pub struct Connection(Listener);

impl Connection {
    /// One more.
    #[must_use]
    pub fn opened(listener: Listener) -> Self {
        gauge!(table::CONNECTIONS, "listener" => listener.text()).increment(1.0);
        Self(listener)
    }
}

impl Drop for Connection {
    fn drop(&mut self) {
        gauge!(table::CONNECTIONS, "listener" => self.0.text()).decrement(1.0);
    }
}

pub(super) fn begin() {
    for listener in Listener::ALL {
        gauge!(table::CONNECTIONS, "listener" => listener.text()).set(0.0);
    }
}

/// As a label: what others call their methods is not told apart.
fn method_label(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

const fn class(status: u16) -> &'static str {
    match status {
        100..=199 => "1xx",
        200..=299 => "2xx",
        300..=399 => "3xx",
        400..=499 => "4xx",
        _ => "5xx",
    }
}

/// A request was answered. `route` is a pattern of the router, never a path.
pub fn request(method: &Method, route: &str, status: u16, took: Duration) {
    if is_on() {
        histogram!(
            table::REQUEST_SECONDS,
            "method" => method_label(method),
            "route" => route.to_owned(),
            "status" => class(status),
        )
        .record(took);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_is_asked_there_are_few_labels() {
        assert_eq!(
            method_label(&Method::from_bytes(b"BREW").expect("a method")),
            "other"
        );
        assert_eq!(method_label(&Method::POST), "POST");
        let classes = [100, 204, 302, 404, 429, 503, 599, 900].map(class);
        assert_eq!(classes, ["1xx", "2xx", "3xx", "4xx", "4xx", "5xx", "5xx", "5xx"]);
    }
}
