//! Whatever is sent: a clear refusal, nothing changed, and never a defect.

use axum::body::{Body, Bytes};
use http::{Method, header};
use license_portal::store::Engine;
use serde_json::json;

use crate::support::{
    client::{Client, LIST, encoded, is_fault},
    portal::TestPortal,
};

on_both_engines!(
    broken_bodies_are_refused,
    bodies_beyond_the_limit_are_refused,
    only_posts_to_known_functions,
    ids_that_are_none_or_somebody_elses,
    owners_and_selections_that_are_forged,
    searches_are_taken_literally,
    keys_and_pages_beyond_reason,
    requests_of_other_sites_are_refused,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      #c1
      North/
        @nina* @ned
        #n1
    Rival/
      @rita*
      #r1
      Secret/
        #r2
";

/// Portal and client, with the promise that nothing changes in between.
struct Unchanged {
    portal: TestPortal,
    nina: Client,
    before: Vec<String>,
}

impl Unchanged {
    async fn start(engine: Engine) -> Self {
        let portal = TestPortal::start(engine, COMPANY).await;
        let nina = portal.client("nina").await;
        let before = portal.state().await;
        Self { portal, nina, before }
    }

    /// The status of a call that must not succeed.
    async fn refused(&self, function: &str, form: &str) -> u16 {
        let answer = self.nina.post_form(function, form).await;
        assert!(
            (400..500).contains(&answer.status),
            "{function} {form:.200}: {} {}",
            answer.status,
            answer.text()
        );
        answer.status
    }

    async fn end(self) {
        assert_eq!(self.portal.state().await, self.before, "something changed");
        self.nina.post("me", &[]).await.ok();
    }
}

fn functions() -> impl Iterator<Item = &'static str> {
    leptos::server_fn::axum::server_fn_paths().map(|(path, _)| path)
}

async fn broken_bodies_are_refused(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let deep = format!("ids{}=1", "[0]".repeat(2000));
    let bodies: [(&str, &[u8]); 9] = [
        ("application/x-www-form-urlencoded", b""),
        ("application/x-www-form-urlencoded", b"%"),
        ("application/x-www-form-urlencoded", b"\xff\xfe\x00=%ff%00"),
        (
            "application/x-www-form-urlencoded",
            b"tickets=&to=&key=&group=&user=&ids=&query=&nodes=&node=&ticket=",
        ),
        (
            "application/x-www-form-urlencoded",
            b"query[node]=all&query[node]=all&ids[x]=1&ids[]=&nodes[-1]=all&group[0]=1",
        ),
        ("application/x-www-form-urlencoded", deep.as_bytes()),
        ("application/json", b"{\"group\": "),
        ("multipart/form-data; boundary=x", b"--x\r\n\r\n"),
        ("", b"\0\0\0\0"),
    ];
    for path in functions().filter(|path| !path.ends_with("/log_out")) {
        for (kind, body) in bodies {
            let request = test
                .nina
                .request(Method::POST, path)
                .body(Body::from(body.to_vec()))
                .unwrap();
            let (mut parts, body) = request.into_parts();
            parts.headers.insert(header::CONTENT_TYPE, kind.parse().unwrap());
            let answer = test.nina.send(http::Request::from_parts(parts, body)).await;
            assert!(!is_fault(answer.status), "{path} {kind}: {}", answer.text());
        }
    }
    test.end().await;
}

async fn bodies_beyond_the_limit_are_refused(engine: Engine) {
    let test = Unchanged::start(engine).await;
    for path in [
        "/api/reassign",
        "/api/rename_group",
        "/api/log_in",
        "/api/nowhere",
        "/",
    ] {
        // Declared: refused before anything is read.
        let declared = test
            .nina
            .request(Method::POST, path)
            .header(header::CONTENT_LENGTH, 100_000_000);
        let answer = test.nina.send(declared.body(Body::from("key=x")).unwrap()).await;
        assert_eq!(answer.status, 413, "{path}");
    }
    for path in ["/api/reassign", "/api/rename_group", "/api/log_in"] {
        // Streamed: reading ends at the limit.
        let sent = std::sync::Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let count = std::sync::Arc::clone(&sent);
        let chunk = Bytes::from(vec![b'x'; 100_000]);
        let chunks = (0..1000).map(move |_| {
            count.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
            Ok::<_, std::io::Error>(chunk.clone())
        });
        let body = Body::from_stream(tokio_stream::iter(chunks));
        let answer = test
            .nina
            .send(test.nina.request(Method::POST, path).body(body).unwrap())
            .await;
        assert!(
            matches!(answer.status, 400 | 413),
            "{path}: {} {}",
            answer.status,
            answer.text()
        );
        let sent = sent.load(std::sync::atomic::Ordering::SeqCst);
        assert!(sent < 20, "{path} read {sent} of 1000 chunks");
    }
    test.end().await;
}

async fn only_posts_to_known_functions(engine: Engine) {
    let test = Unchanged::start(engine).await;
    for path in functions() {
        for method in [
            Method::GET,
            Method::HEAD,
            Method::PUT,
            Method::DELETE,
            Method::PATCH,
        ] {
            let request = test
                .nina
                .request(method.clone(), path)
                .body(Body::empty())
                .unwrap();
            let answer = test.nina.send(request).await;
            assert_eq!(
                (answer.status, answer.header("allow")),
                (405, "POST"),
                "{method} {path}"
            );
        }
    }
    for path in ["nowhere", "reassign/", "reassign/../undo", "", "%00", "..%2fundo"] {
        let answer = test.nina.post(path, &[]).await;
        assert!(matches!(answer.status, 404 | 405), "{path}: {}", answer.status);
    }
    test.end().await;
}

async fn ids_that_are_none_or_somebody_elses(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let portal = &test.portal;
    let (hidden_group, hidden_person) = (
        portal.group("Secret").to_string(),
        portal.person("rita").to_string(),
    );
    let (group, person) = (
        portal.group("North").to_string(),
        portal.person("ned").to_string(),
    );
    let wrong = [
        "-1",
        "0",
        "9223372036854775807",
        "9223372036854775808",
        "-9223372036854775809",
        "1e3",
        "0x7",
        "NaN",
        "",
        "%00",
        "1%00",
    ];
    for id in wrong.into_iter().chain([
        hidden_group.as_str(),
        &hidden_person,
        &portal.ticket("r1").to_string(),
    ]) {
        test.refused("history", &format!("ticket={id}")).await;
        test.refused("protect", &format!("ticket={id}&on=true")).await;
        test.refused("targets", &format!("tickets={id}=none")).await;
        test.refused("group", &format!("group={id}")).await;
        test.refused("candidates", &format!("group={id}")).await;
        test.refused("rename_group", &format!("group={id}&name=x")).await;
        test.refused("delete_group", &format!("group={id}")).await;
        test.refused("move_group", &format!("group={id}&parent={group}"))
            .await;
        test.refused(
            "set_member",
            &format!("group={id}&user={person}&permissions[admin]=true"),
        )
        .await;
        test.refused(
            "set_member",
            &format!("group={group}&user={id}&permissions[admin]=true"),
        )
        .await;
        test.refused("remove_member", &format!("group={group}&user={id}"))
            .await;
        if !id.is_empty() {
            test.refused("create_group", &format!("parent={id}&name=x")).await;
            test.refused("move_group", &format!("group={group}&parent={id}"))
                .await;
            test.refused("delete_group", &format!("group={group}&heir={id}"))
                .await;
        }
    }
    test.end().await;
}

async fn owners_and_selections_that_are_forged(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let portal = &test.portal;
    let (ned, north, rita) = (portal.person("ned"), portal.group("North"), portal.person("rita"));
    let (company, secret) = (portal.group("Company"), portal.group("Secret"));
    let pick = encoded(&portal.pick("n1"));
    let malformed = [
        "",
        "x",
        "group:",
        "group:-1",
        "group:0",
        "group:07",
        "user:",
        "user:1@",
        "user:@1",
        "isv",
        "None",
        "group:1;none",
    ];
    for owner in malformed {
        let owner = encoded(owner);
        assert_eq!(
            test.refused("reassign", &format!("tickets={pick}&to={owner}&key=forged-key"))
                .await,
            400
        );
        assert_eq!(test.refused("redeem", &format!("codes=x&to={owner}")).await, 400);
        assert_eq!(
            test.refused("tickets", &format!("query[node]={owner}&{LIST}"))
                .await,
            400
        );
        let tickets = encoded(&format!("{}={owner}", portal.ticket("n1")));
        assert_eq!(
            test.refused("reassign", &format!("tickets={tickets}&to=none&key=forged-key"))
                .await,
            400
        );
    }
    let hidden = [
        format!("group:{company}"),
        format!("group:{secret}"),
        format!("user:{rita}"),
        format!("user:{rita}@{north}"),
        format!("user:{ned}@{secret}"),
        format!("user:{ned}@{company}"),
        format!("user:{north}@{ned}"),
        "group:4611686018427387903".to_owned(),
        format!("user:{ned}@4611686018427387903"),
        "none".to_owned(),
    ];
    for owner in hidden {
        let form = format!("tickets={pick}&to={}&key=forged-key", encoded(&owner));
        assert_eq!(test.refused("reassign", &form).await, 404, "{owner}");
    }
    // The owner that the actor claims to have seen proves nothing.
    let claims = format!("{}=user:{}", portal.ticket("r1"), portal.person("nina"));
    assert_eq!(
        test.refused(
            "reassign",
            &format!("tickets={}&to=group:{north}&key=forged-key", encoded(&claims))
        )
        .await,
        404
    );
    let selections = [
        "1",
        "1=",
        "=none",
        "1=none;",
        "1=none;1=none",
        "x=none",
        "1=none,2=none",
    ];
    for selection in selections
        .map(str::to_owned)
        .into_iter()
        .chain([(1..=501).map(|n| format!("{n}=none;")).collect()])
    {
        let form = format!("tickets={}&to=group:{north}&key=forged-key", encoded(&selection));
        assert_eq!(test.refused("reassign", &form).await, 400, "{selection:.50}");
    }
    test.end().await;
}

async fn searches_are_taken_literally(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let long = "x".repeat(10_000);
    for search in [
        "%", "_", "\\", "\\%", "'", "\"; --", "a\0b", "\u{202E}", "🧪", "\u{1}", &long,
    ] {
        let search = encoded(search);
        let list = format!(
            "query[node]=all&{}",
            LIST.replace("[search]=", &format!("[search]={search}"))
        );
        let page = test.nina.post_form("tickets", &list).await.ok();
        assert_eq!(page["total"], 0, "{search:.50}");
        for (function, form) in [
            ("administered", format!("search={search}")),
            (
                "candidates",
                format!("group={}&search={search}", test.portal.group("North")),
            ),
            (
                "targets",
                format!("tickets={}&search={search}", test.portal.pick("n1")),
            ),
        ] {
            assert_eq!(
                test.nina.post_form(function, &form).await.ok(),
                json!([]),
                "{function} {search:.50}"
            );
        }
    }
    test.end().await;
}

async fn keys_and_pages_beyond_reason(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let (pick, to) = (
        test.portal.pick("n1"),
        test.portal.owner("@ned/North").to_string(),
    );
    let long = "k".repeat(65);
    for key in [
        "",
        "short",
        "with space",
        "with\0zero",
        "ümläute-12",
        "🧪🧪🧪🧪",
        &long,
    ] {
        assert_eq!(test.nina.reassign(&pick, &to, key).await.status, 400, "{key:?}");
        let answer = test
            .nina
            .post("undo", &[("key", "some-key-1"), ("undo_key", key)])
            .await;
        assert_eq!(answer.status, 400, "{key:?}");
        let answer = test
            .nina
            .post("undo", &[("key", key), ("undo_key", "some-key-1")])
            .await;
        assert!(matches!(answer.status, 400 | 409), "{key:?}: {}", answer.text());
    }
    for (page, status) in [
        ("4294967295", 200),
        ("4294967296", 400),
        ("-1", 400),
        ("1.5", 400),
        ("", 400),
    ] {
        let list = format!(
            "query[node]=all&{}",
            LIST.replace("[page]=0", &format!("[page]={page}"))
        );
        assert_eq!(
            test.nina.post_form("tickets", &list).await.status,
            status,
            "{page:?}"
        );
    }
    let many: String = (1..2000).map(|n| format!("ids[{n}]={n}&")).collect();
    let answer = test.nina.post_form("selected", &many).await;
    assert!(!is_fault(answer.status), "{}", answer.text());
    test.end().await;
}

async fn requests_of_other_sites_are_refused(engine: Engine) {
    let test = Unchanged::start(engine).await;
    let form = format!("group={}&name=Stolen", test.portal.group("North"));
    let foreign: [&[(&str, &str)]; 4] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "https://evil.example"), ("host", "portal.example")],
        &[("origin", "null"), ("host", "portal.example")],
    ];
    for headers in foreign {
        let mut request = test.nina.request(Method::POST, "/api/rename_group");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = test
            .nina
            .send(request.body(Body::from(form.clone())).unwrap())
            .await;
        assert_eq!(answer.status, 403, "{headers:?}");
    }
    assert_eq!(test.portal.state().await, test.before);
    for site in ["same-origin", "none"] {
        let request = test
            .nina
            .request(Method::POST, "/api/rename_group")
            .header("sec-fetch-site", site);
        test.nina
            .send(request.body(Body::from(form.clone())).unwrap())
            .await
            .ok();
    }
}
