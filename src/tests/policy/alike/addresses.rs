//! Pages and files, at whose addresses ids stand.

use axum::body::Body;
use http::{Method, Request, header};

use crate::{
    policy::{
        alike::{Extent, Hole, Principal, Way, answers::Differences, foreign::Foreign, pairs},
        stage::token,
    },
    support::{
        client::{Answer, is_fault},
        statements::recorded,
    },
};

/// Pages and files, by the place holder in them; of the pages only the bytes count, because they are written by tasks of
/// their own.
const ADDRESSES: [(&str, Option<&str>); 30] = [
    ("/ticket/{ticket}", None),
    ("/ticket/{ticket}/viewers", None),
    ("/tickets/group:{group}", None),
    ("/tickets/user:{user}", None),
    ("/move?tickets={placed}&to=none", None),
    ("/groups/{group}", None),
    ("/groups/{group}/products", None),
    ("/groups/{group}/webhooks", None),
    ("/groups/new?parent={group}", None),
    ("/users/{user}", None),
    ("/users/{user}/leaver", None),
    ("/users/new?group={group}", None),
    ("/leavers/{report}", None),
    ("/products/{product}", None),
    ("/containers/{container}", None),
    ("/containers/new?user={user}", None),
    ("/create?group={group}", None),
    ("/created/{creation}", None),
    ("/webhooks/{webhook}", None),
    ("/imports/{import}", None),
    ("/history?person={user}", None),
    ("/history.csv?group={group}", None),
    ("/reports.csv?group={group}", None),
    ("/tickets.csv?tickets={placed}", None),
    ("/containers/{container}/setup", None),
    ("/containers/{container}/update", None),
    ("/containers/{container}/credentials", Some("label=x")),
    ("/containers/{container}/credentials/reset", Some("label=x")),
    (
        "/containers/{container}/credentials/1/rotate",
        Some("overlap=7&days=30"),
    ),
    ("/created/{creation}/codes", Some("kind=csv")),
];

/// Of the addresses those that programs have, too.
const FOR_PROGRAMS: [(&str, Option<&str>); 7] = [
    ("/reports.csv?group={group}", None),
    ("/containers/{container}/setup", None),
    ("/containers/{container}/update", None),
    ("/containers/{container}/credentials", Some("label=x")),
    ("/containers/{container}/credentials/reset", Some("label=x")),
    (
        "/containers/{container}/credentials/1/rotate",
        Some("overlap=7&days=30"),
    ),
    ("/creations/{creation}/codes", Some("kind=csv")),
];

impl Principal {
    /// An address.
    async fn load(&self, way: Way, address: &str, form: Option<&str>) -> Answer {
        let method = if form.is_some() { Method::POST } else { Method::GET };
        let request = match way {
            Way::Page => self.client.request(method, address),
            Way::Program => Request::builder()
                .method(method)
                .uri(format!("/api/v1{address}"))
                .header(header::AUTHORIZATION, format!("Bearer {}", token(self.me)))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded"),
        };
        let request = request.body(Body::from(form.unwrap_or_default().to_owned()));
        self.client.send(request.unwrap()).await
    }
}

/// The same for pages and files.
pub(super) async fn loaded(
    principal: &mut Principal,
    foreign: &Foreign,
    extent: Extent,
    turn: usize,
    differences: &mut Differences,
) {
    let of_pages = ADDRESSES.into_iter().map(|address| (Way::Page, address));
    let of_programs = FOR_PROGRAMS.into_iter().map(|address| (Way::Program, address));
    for (number, (way, (address, form))) in of_pages.chain(of_programs).enumerate() {
        if way == Way::Program && principal.by.is_some()
            || extent == Extent::Some && !(number + turn).is_multiple_of(4)
        {
            continue;
        }
        let Some(hole) = Hole::all(address).next() else {
            continue;
        };
        let mut pairs = pairs(principal, foreign, &hole);
        if extent == Extent::Some {
            let one = turn % pairs.len().max(1);
            pairs = pairs.into_iter().skip(one).take(1).collect();
        }
        let is_page = way == Way::Page && form.is_none() && !address.contains(".csv");
        for (hidden, absent) in pairs {
            let mut how = None;
            for _ in 0..3 {
                let mut answers = Vec::new();
                for id in [&hidden, &absent] {
                    let address = hole.with(id);
                    let (answer, statements) = recorded(principal.load(way, &address, form)).await;
                    assert!(!is_fault(answer.status), "{address}: {}", answer.text());
                    answers.push((answer, statements));
                }
                let [one, other] = &answers[..] else {
                    unreachable!()
                };
                how = Differences::between(
                    (&one.0, &one.1[..], hidden.as_str()),
                    (&other.0, &other.1[..], absent.as_str()),
                    !is_page,
                );
                if how.is_none() {
                    break;
                }
            }
            differences.pairs += 1;
            if let Some(how) = how {
                let what = format!("{way:?} {address}");
                let how = format!("{} with {hidden}: {how}", principal.name());
                differences.found.entry(what).or_insert(how);
            }
        }
    }
}
