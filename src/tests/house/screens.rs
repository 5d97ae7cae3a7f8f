//! What pages say as the server writes them: with it, everything works before scripts have come.

use axum::body::Body;
use domain::{history::events::OPERATOR, ids::GroupId};
use http::{Method, header};
use license_portal::store::Engine;

use crate::support::{client::Client, portal::TestPortal};

on_both_engines!(
    a_ticket_has_its_parts_and_its_menu_without_scripts,
    a_group_has_its_settings_for_its_admins,
    what_ends_for_good_asks_first,
    a_history_names_the_product_and_the_operator,
    a_group_counts_what_is_below,
    a_list_shows_how_it_is_sorted,
    an_unknown_address_has_the_bars,
    a_theme_is_remembered_and_written_into_the_page,
    the_portal_can_be_installed,
    the_portal_begins_with_the_page_that_was_chosen,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      #c1 #c2
      North/
        @nina* @ned
        #n1
";

/// Texts, in this order.
fn in_order(page: &str, texts: &[&str]) {
    let mut rest = page;
    for text in texts {
        let Some((_, behind)) = rest.split_once(text) else {
            panic!("{text:?} is missing, or stands elsewhere:\n{page}");
        };
        rest = behind;
    }
}

/// Without the marks between texts that are made apart.
fn plain(page: &str) -> String {
    page.replace("<!>", "").replace("<!---->", "")
}

async fn a_ticket_has_its_parts_and_its_menu_without_scripts(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nina = portal.client("nina").await;
    let ticket = format!("/ticket/{}", portal.ticket("n1"));
    let shown = async |address: String| plain(&nina.get(&address).await.text());
    let first = shown(ticket.clone()).await;
    in_order(
        &first,
        &[
            "<div class=\"page-head\"><h1>",
            " × ",
            // Before scripts: links and forms as there are everywhere.
            "<details class=\"drop\"><summary class=\"btn\">Actions",
            "action=\"/api/protect",
            "Switch Protected Mode on</button>",
            &format!("href=\"{ticket}/viewers\""),
            "</details>",
            "Move to…",
            "<dl class=\"figures-strip\">",
            "Activated",
            "aria-label=\"Parts of this page\"",
            &format!("href=\"{ticket}?tab=term\""),
            &format!("href=\"{ticket}?tab=history\""),
        ],
    );
    assert!(
        !first.contains("role=\"menuitem\"") && !first.contains("role=\"menu\""),
        "{first}"
    );
    // The parts that are hidden, by what begins in each.
    let hidden = |page: &str| {
        let parts = ["id=\"licenses\"", "class=\"panel term\"", ">History</h2>"];
        parts.map(|part| {
            let before = &page[..page.find(part).unwrap()];
            before.rfind("<div hidden").unwrap_or(0) > before.rfind("<div>").unwrap_or(0)
        })
    };
    assert_eq!(hidden(&first), [false, true, true]);
    assert_eq!(
        hidden(&shown(format!("{ticket}?tab=term")).await),
        [true, false, true]
    );
    assert_eq!(
        hidden(&shown(format!("{ticket}?tab=history")).await),
        [true, true, false]
    );
    assert_eq!(
        hidden(&shown(format!("{ticket}?tab=nowhere")).await),
        [false, true, true]
    );
}

async fn a_group_has_its_settings_for_its_admins(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let group = format!("/groups/{}", portal.group("North"));
    let settings = format!("{group}?tab=settings");
    let page = async |who: &str, address: &str| plain(&portal.client(who).await.get(address).await.text());
    let admins = page("boss", &settings).await;
    in_order(
        &admins,
        &[
            &format!("href=\"{group}\""),
            "Members <span class=\"tab-count\">2</span>",
            &format!("href=\"{group}/products\""),
            &format!("href=\"{group}/webhooks\""),
            &format!("href=\"{settings}\" aria-current=\"page\""),
            "action=\"/api/rename_group",
            // Its search, without scripts, stays where it is.
            "<input type=\"hidden\" name=\"tab\" value=\"settings\">",
            "action=\"/api/delete_group",
        ],
    );
    in_order(
        &page("boss", &format!("{group}/webhooks")).await,
        &[
            &format!("href=\"{group}/webhooks\" aria-current=\"page\""),
            &settings,
        ],
    );
    let members = page("ned", &settings).await;
    for of_admins in [
        format!("href=\"{settings}\"").as_str(),
        "/api/rename_group",
        "/webhooks\"",
    ] {
        assert!(!members.contains(of_admins), "{of_admins}: {members}");
    }
    // Who asks for what is not theirs gets what is.
    assert!(
        members.contains("<div><section class=\"panel\"><h2>Members</h2>"),
        "{members}"
    );
}

async fn what_ends_for_good_asks_first(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let container = ned.cloud_container(&portal, "@ned", "Laptop").await;
    let page = format!("/containers/{container}");
    let text = plain(&ned.get(&page).await.text());
    in_order(
        &text,
        &[
            "<details class=\"asked\">",
            "aria-label=\"Reset credentials\"",
            "There is nothing to end",
            "action=\"/api/reset_credentials",
            "</details>",
            "<details class=\"asked\">",
            "aria-label=\"Remove the container\"",
            "“Laptop” goes for good",
            "</details>",
        ],
    );
    // Neither stands in front of its question.
    let before_question = |function: &str| {
        let form = text.find(&format!("action=\"/api/{function}")).unwrap();
        text[..form].rfind("<details class=\"asked\">").unwrap()
            > text[..form].rfind("</details>").unwrap_or(0)
    };
    assert!(before_question("reset_credentials") && before_question("remove_container"));
}

async fn a_history_names_the_product_and_the_operator(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let isv = portal.client("isv").await;
    let new = [("article", "A-1"), ("name", "Studio"), ("name_de", "Atelier")];
    isv.post("save_product", &new).await.ok();
    let text = plain(&isv.get("/history?about=instance").await.text());
    in_order(&text, &["Product created", "Studio"]);
    let ticket = portal.ticket("n1");
    let protect = [("ticket", ticket.to_string()), ("on", "true".to_owned())];
    let protect = protect.each_ref().map(|(name, value)| (*name, value.as_str()));
    portal.client("nina").await.post("protect", &protect).await.ok();
    // As the server does it by command.
    portal
        .run(&format!(
            "UPDATE events SET actor_id = {} WHERE ticket_id = {ticket}",
            OPERATOR.0
        ))
        .await;
    let text = plain(
        &portal
            .client("nina")
            .await
            .get(&format!("/ticket/{ticket}"))
            .await
            .text(),
    );
    in_order(
        &text,
        &[
            "class=\"history\"",
            "Protected Mode switched",
            "operator of the server",
        ],
    );
    assert!(!text.contains("someone"), "{text}");
}

async fn a_group_counts_what_is_below(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let page = async |who: &str, group: GroupId| {
        plain(
            &portal
                .client(who)
                .await
                .get(&format!("/groups/{group}"))
                .await
                .text(),
        )
    };
    let company = page("boss", portal.group("Company")).await;
    assert!(
        company.contains("2 tickets here, 3 with everything below"),
        "{company}"
    );
    let north = page("boss", portal.group("North")).await;
    assert!(
        north.contains("1 ticket ·") && !north.contains("everything below"),
        "{north}"
    );
    // What a plain member does not see is not counted for them.
    let seen = page("ned", portal.group("North")).await;
    assert!(
        seen.contains("0 tickets ·") && !seen.contains("everything below"),
        "{seen}"
    );
}

async fn a_list_shows_how_it_is_sorted(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let boss = portal.client("boss").await;
    let text = plain(&boss.get("/users?sort=login&reverse=1").await.text());
    in_order(&text, &["aria-sort=\"descending\"", "Login", "↓</span>"]);
    assert_eq!(text.matches("class=\"arrow\"").count(), 1, "{text}");
    let text = plain(&boss.get("/users").await.text());
    in_order(&text, &["aria-sort=\"ascending\"", "Name", "↑</span>"]);
}

async fn an_unknown_address_has_the_bars(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let answer = portal.client("ned").await.get("/no/such/page").await;
    assert_eq!(answer.status, 404);
    in_order(&plain(&answer.text()), &["<header class=\"bar\">", "Not found"]);
    let answer = portal.nobody().get("/no/such/page").await;
    assert_eq!(answer.status, 404);
    let text = plain(&answer.text());
    in_order(&text, &["License Portal", "Deutsch", "Not found"]);
    assert!(!text.contains("<header class=\"bar\">"), "{text}");
}

async fn the_portal_begins_with_the_page_that_was_chosen(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let answer = ned.post("start", &[("start", "overview")]).await;
    answer.ok();
    assert_eq!(
        answer.header("set-cookie"),
        "start=overview; Path=/; SameSite=Lax; Max-Age=31536000"
    );
    let begins = async |client: &Client, path: &str, cookie: &str| {
        let request = client.request(Method::GET, path).header(header::COOKIE, cookie);
        let answer = client.send(request.body(Body::empty()).unwrap()).await;
        (answer.status, answer.header("location").to_owned())
    };
    let overview = (302, "/overview".to_owned());
    let page = (200, String::new());
    assert_eq!(begins(&ned, "/", "start=overview").await, overview);
    for (path, cookie) in [
        ("/", "start=desk"),
        ("/", "start=elsewhere"),
        ("/", "theme=dark"),
        // The desk is where it always is.
        ("/tickets", "start=overview"),
        ("/tickets/all", "start=overview"),
    ] {
        assert_eq!(begins(&ned, path, cookie).await, page, "{path} {cookie}");
    }
    let (status, login) = begins(&portal.nobody(), "/", "start=overview").await;
    assert_eq!((status, login.as_str()), (302, "/login?next=%2F"));
    let request = ned
        .request(Method::GET, "/overview")
        .header(header::COOKIE, "start=overview");
    let text = plain(&ned.send(request.body(Body::empty()).unwrap()).await.text());
    in_order(
        &text,
        &[
            "data-start=\"overview\"",
            "<a href=\"/overview\" class=\"brand\"",
            "Licences activated",
            "Waits for you",
            "aria-pressed=\"true\"",
        ],
    );
    for start in ["", "elsewhere", "desk; Path=/evil", "desk\r\nX: y"] {
        let answer = ned.post("start", &[("start", start)]).await;
        assert_eq!(
            (answer.status, answer.header("set-cookie")),
            (400, ""),
            "{start:?}"
        );
    }
}

async fn a_theme_is_remembered_and_written_into_the_page(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let nobody = portal.nobody();
    let page = nobody.get("/login").await.text();
    assert!(
        page.contains("data-theme=\"system\"") && page.contains("content=\"light dark\""),
        "{page}"
    );
    assert_eq!(page.matches("name=\"theme-color\"").count(), 2, "{page}");
    let answer = nobody.post("theme", &[("theme", "dark")]).await;
    answer.ok();
    assert_eq!(
        answer.header("set-cookie"),
        "theme=dark; Path=/; SameSite=Lax; Max-Age=31536000"
    );
    let page = nobody.with_cookie(&answer).get("/login").await.text();
    assert!(
        page.contains("data-theme=\"dark\"") && page.contains("content=\"dark\""),
        "{page}"
    );
    assert_eq!(page.matches("name=\"theme-color\"").count(), 1, "{page}");
    for theme in ["", "sepia", "dark; Path=/evil", "dark\r\nX: y"] {
        let answer = nobody.post("theme", &[("theme", theme)]).await;
        assert_eq!(
            (answer.status, answer.header("set-cookie")),
            (400, ""),
            "{theme:?}"
        );
    }
}

async fn the_portal_can_be_installed(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let page = portal.nobody().get("/login").await.text();
    assert!(
        page.contains("href=\"/manifest.webmanifest?language=en\""),
        "{page}"
    );
    let answer = portal.nobody().get("/manifest.webmanifest?language=de").await;
    assert_eq!(answer.header("content-type"), "application/manifest+json");
    let manifest = answer.json();
    assert_eq!(manifest["lang"], "de");
    assert_eq!(
        (&manifest["display"], &manifest["start_url"]),
        (&"standalone".into(), &"/".into())
    );
    for icon in manifest["icons"].as_array().unwrap() {
        let file = icon["src"].as_str().unwrap();
        let path = std::path::Path::new(env!("CARGO_MANIFEST_DIR"))
            .join("public")
            .join(&file[1..]);
        assert!(path.is_file(), "{file}");
    }
}
