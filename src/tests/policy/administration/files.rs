//! Files by programs are those of the pages.

use std::collections::BTreeSet;

use http::{Method, Request, header};
use license_portal::{server::rest::administration::files::FILES, store::Engine};

use crate::{
    policy::stage::{fill, stage, token},
    support::{client::Client, portal::TestPortal, tree::PEOPLE},
};

on_both_engines!(every_file_is_that_of_the_pages);

const FORM: &str = "application/x-www-form-urlencoded";
const PARTS: &str = "multipart/form-data; boundary=part";

/// A field of a form in parts.
fn part(name: &str, file: &str, text: &str) -> String {
    format!("--part\r\nContent-Disposition: form-data; name=\"{name}\"{file}\r\n\r\n{text}\r\n--part--\r\n")
}

/// A file of the pages, and the same for programs. What stands in braces is filled as in `operations.rs`.
struct SentFile {
    method: Method,
    page: &'static str,
    route: &'static str,
    form: String,
    kind: &'static str,
}

/// A file that is at the same address for both.
fn got(address: &'static str) -> SentFile {
    SentFile {
        method: Method::GET,
        page: address,
        route: address,
        form: String::new(),
        kind: "",
    }
}

/// A file that comes for a form.
fn sent(page: &'static str, route: &'static str, form: &str, kind: &'static str) -> SentFile {
    SentFile {
        method: Method::POST,
        page,
        route,
        form: form.to_owned(),
        kind,
    }
}

/// A credential that comes for a form.
fn issued(address: &'static str, form: &str) -> SentFile {
    sent(address, address, form, FORM)
}

fn files() -> Vec<SentFile> {
    let csv = part("file", "; filename=\"groups.csv\"", "name\r\n");
    let exchange = "/containers/{container user-1.2.1}/exchange";
    vec![
        SentFile {
            route: "/events.csv",
            ..got("/history.csv")
        },
        got("/reports.csv?group={group Group 2}"),
        got("/use.csv?group={group Group 2}&span=7d"),
        got("/use.csv?ticket={ticket 1.1-open}&by=person"),
        sent(
            "/created/{creation}/codes",
            "/creations/{creation}/codes",
            "kind=csv",
            FORM,
        ),
        issued("/containers/{container user-1.1.1}/credentials", "label=x"),
        issued("/containers/{container user-2.1}/credentials", "label="),
        issued("/containers/{container user-2.1}/credentials/reset", "label=x"),
        issued(
            "/containers/{container user-1.1.1}/credentials/{credential user-1.1.1}/rotate",
            "overlap=7&days=x",
        ),
        got("/containers/{container user-1.2.1}/setup"),
        got("/containers/{container user-1.2.1}/update"),
        sent(exchange, exchange, &part("text", "", "no request"), PARTS),
        sent("/imports/upload", "/imports", &csv, PARTS),
        got("/exports/groups.csv"),
        got("/exports/nothing.csv"),
    ]
}

/// Discards the file that waits, once it can be.
async fn discard(portal: &TestPortal, isv: &Client) {
    for id in portal
        .texts("SELECT CAST(id AS TEXT) FROM imports WHERE open = 1")
        .await
    {
        while isv.post("discard_import", &[("import", &id)]).await.status != 200 {
            tokio::task::yield_now().await;
        }
    }
}

async fn every_file_is_that_of_the_pages(engine: Engine) {
    let (portal, clients) = stage(engine).await;
    // Another file waits to be confirmed otherwise.
    portal.run("DELETE FROM import_beats").await;
    portal.run("DELETE FROM imports").await;
    let mut asked = BTreeSet::new();
    for file in files() {
        let SentFile {
            method,
            page,
            route,
            form,
            kind,
        } = file;
        for person in PEOPLE {
            let filled = |address: &str| fill(&portal, person, address);
            let request = |address: String| {
                let request = Request::builder()
                    .method(&method)
                    .uri(address.replace(' ', "%20"));
                if kind.is_empty() {
                    request
                } else {
                    request.header(header::CONTENT_TYPE, kind)
                }
            };
            let cookie = clients[person].cookie.clone().unwrap();
            let of_page = request(filled(page)).header(header::COOKIE, cookie);
            let of_page = portal
                .nobody()
                .send(of_page.body(form.clone().into()).unwrap())
                .await;
            // What people are led on to, programs are told.
            let led_on = of_page.status == 303;
            if led_on {
                discard(&portal, &clients["isv-admin"]).await;
            }
            let bearer = format!("Bearer {}", token(person));
            let by_program =
                request(format!("/api/v1{}", filled(route))).header(header::AUTHORIZATION, bearer);
            let by_program = portal
                .nobody()
                .send(by_program.body(form.clone().into()).unwrap())
                .await;
            let expected = if led_on { 201 } else { of_page.status };
            assert_eq!(
                by_program.status,
                expected,
                "{route} by {person}: {}",
                by_program.text()
            );
            if by_program.status >= 400 {
                assert_eq!(
                    by_program.header("content-type"),
                    "application/problem+json",
                    "{route} by {person}"
                );
            }
            if by_program.status == 201 {
                discard(&portal, &clients["isv-admin"]).await;
            }
        }
        let shape = |path: &str| {
            path.split(['{', '}'])
                .step_by(2)
                .map(str::to_owned)
                .collect::<Vec<_>>()
        };
        let route = route.split('?').next().unwrap();
        let known = FILES
            .iter()
            .find(|file| file.method == method.as_str().to_lowercase() && shape(file.path) == shape(route));
        asked.insert(known.map_or("/exports/{file}", |file| file.path));
    }
    let all: BTreeSet<&str> = FILES.iter().map(|file| file.path).collect();
    assert_eq!(asked, all);
}
