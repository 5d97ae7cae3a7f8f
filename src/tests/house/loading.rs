//! What a page tells the browser to fetch.

use license_portal::store::Engine;

use crate::support::portal::TestPortal;

on_both_engines!(
    before_a_login_no_program_is_fetched,
    a_page_names_all_that_it_needs,
);

/// The addresses that links of that kind name.
fn links(html: &str, kind: &str) -> Vec<String> {
    let tags = html
        .split("<link ")
        .skip(1)
        .filter_map(|rest| rest.split('>').next());
    let of_kind = tags.filter(|tag| tag.contains(&format!("rel=\"{kind}\"")));
    let address = |tag: &str| tag.split("href=\"").nth(1)?.split('"').next().map(str::to_owned);
    of_kind.filter_map(address).collect()
}

async fn before_a_login_no_program_is_fetched(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^").await;
    let nobody = portal.nobody();
    for page in [
        "/login",
        "/login?next=%2Fgroups%2F7",
        "/login/code",
        "/forgotten",
        "/password/new?token=x",
    ] {
        let html = nobody.get(page).await.text();
        assert!(links(&html, "modulepreload").is_empty(), "{page}: {html}");
        assert!(links(&html, "preload").is_empty(), "{page}: {html}");
        assert!(!html.contains("hydrate"), "{page}: {html}");
        let comes = ["/pkg/a.js", "/pkg/split.js", "/pkg/a.wasm", "/pkg/desk.wasm"];
        assert_eq!(links(&html, "prefetch"), comes, "{page}");
    }
}

async fn a_page_names_all_that_it_needs(engine: Engine) {
    let portal = TestPortal::start(engine, "@isv^\nTeam/\n").await;
    let isv = portal.client("isv").await;
    for (page, own) in [
        ("/", Some("/pkg/desk.wasm")),
        ("/tickets/all?find=x", Some("/pkg/desk.wasm")),
        ("/groups/new", Some("/pkg/new_group.wasm")),
        ("/groups/7", Some("/pkg/group.wasm")),
        // Nothing is known of its files; the loader fetches them.
        ("/products", None),
        ("/nowhere", None),
    ] {
        let html = isv.get(page).await.text();
        assert_eq!(
            links(&html, "modulepreload"),
            ["/pkg/a.js", "/pkg/split.js"],
            "{page}"
        );
        let files: Vec<_> = ["/pkg/a.wasm"].into_iter().chain(own).collect();
        assert_eq!(links(&html, "preload"), files, "{page}");
        assert!(links(&html, "prefetch").is_empty(), "{page}");
    }
}
