//! Pages that many people load at the same time.

use std::collections::BTreeMap;

use license_portal::store::Engine;

use crate::support::portal::TestPortal;

on_both_engines!(
    pages_loaded_at_once_do_not_mix,
    nodes_that_are_hidden_or_absent_are_not_found,
);

const COMPANY: &str = "
    @isv^
    Company/
      @boss*
      North/
        @nina* @ned
        #n1
      South/
        @sam*
        #s1
";

/// Rendering a page, serving a file and answering a server function take turns on one thread; each keeps its own
/// headers, title and reader.
async fn pages_loaded_at_once_do_not_mix(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    std::fs::write(portal.site().join("favicon.svg"), "<svg/>").unwrap();
    let ned = portal.client("ned").await;
    let container = ned.cloud_container(&portal, "@ned", "Laptop").await;
    let container = format!("/containers/{container}");
    let mut tasks = Vec::new();
    for (person, path, title) in [
        ("boss", "/", "All tickets – Tickets – License Portal"),
        ("nina", "/tickets/all", "All tickets – Tickets – License Portal"),
        ("sam", "/tickets/mine", "My tickets – Tickets – License Portal"),
        ("isv", "/add", "Redeem code – Tickets – License Portal"),
        ("ned", "/nowhere", "Not found – License Portal"),
        ("ned", container.as_str(), "Laptop – Containers – License Portal"),
        ("boss", "/favicon.svg", ""),
        ("nina", "/api/me", ""),
    ] {
        let (client, path) = (portal.client(person).await, path.to_owned());
        tasks.push(tokio::spawn(async move {
            let mut wrong = BTreeMap::new();
            for _ in 0..40 {
                let answer = match path.strip_prefix("/api/") {
                    Some(function) => client.post(function, &[]).await,
                    None => client.get(&path).await,
                };
                let text = answer.text();
                let nonce = answer
                    .header("content-security-policy")
                    .split_once("'nonce-")
                    .and_then(|(_, rest)| rest.split_once('\''))
                    .map(|(nonce, _)| format!("nonce=\"{nonce}\""));
                let fits = match path.as_str() {
                    "/favicon.svg" => answer.status == 200 && nonce.is_none() && text == "<svg/>",
                    "/api/me" => answer.status == 200 && nonce.is_none() && text.contains("nina"),
                    _ => {
                        (answer.status == 404) == (path == "/nowhere")
                            && nonce.is_some_and(|nonce| text.contains(&nonce))
                            && text.contains(&format!("<title>{title}</title>"))
                            && (path == "/nowhere" || text.contains(&format!(">{person}<")))
                    }
                };
                if !fits {
                    *wrong.entry((path.clone(), answer.status)).or_insert(0) += 1;
                }
            }
            wrong
        }));
    }
    for task in tasks {
        assert_eq!(task.await.unwrap(), BTreeMap::new());
    }
}

async fn nodes_that_are_hidden_or_absent_are_not_found(engine: Engine) {
    let portal = TestPortal::start(engine, COMPANY).await;
    let ned = portal.client("ned").await;
    let south = portal.group("South");
    let nina = portal.person("nina");
    for node in [
        format!("group:{south}"),
        "group:1".into(),
        format!("user:{nina}"),
        "none".into(),
    ] {
        let answer = ned.get(&format!("/tickets/{node}")).await;
        assert_eq!(answer.status, 404, "{node}");
        let text = answer.text();
        assert!(
            text.contains("It does not exist, or you may not see it."),
            "{text}"
        );
    }
    let north = portal.group("North");
    assert_eq!(ned.get(&format!("/tickets/group:{north}")).await.status, 200);
}
