//! What each person has no business with, by the kind of id that calls name it with.

use std::collections::HashMap;

use license_portal::store;

use crate::{
    history::webhooks,
    policy::stage::{
        ABSENT, AMENDMENT, CREATION, IMPORT, REPORT, TAKE_BACK, credential_of, token_of, view_of,
    },
    support::{
        client::Client,
        portal::TestPortal,
        tree::{DEMO, PEOPLE},
    },
};

const GROUPS: [&str; 4] = ["Group 1", "Group 1.1", "Group 1.2", "Group 2"];

/// The names of all tickets.
fn tickets() -> impl Iterator<Item = &'static str> {
    let words = DEMO.split_whitespace().filter_map(|word| word.strip_prefix('#'));
    words.map(|word| word.trim_end_matches('!'))
}

/// Something that a call can name, and the call that answers whether somebody may know of it.
struct Thing {
    id: String,
    detail: (&'static str, String),
}

fn thing(id: impl ToString, function: &'static str, form: String) -> Thing {
    Thing {
        id: id.to_string(),
        detail: (function, form),
    }
}

/// Everything of that kind in the portal.
fn all(portal: &TestPortal, kind: &str) -> Vec<Thing> {
    let history = |ticket: &str| ("history", format!("ticket={}", portal.ticket(ticket)));
    let of_ticket = |id: String, ticket: &str| Thing {
        id,
        detail: history(ticket),
    };
    let person = |id: String, login: &str| thing(id, "user", format!("user={}", portal.person(login)));
    let containers = ["user-1.1.1", "user-1.2.1", "user-2.1"].into_iter();
    let container = |id: String, login: &str| {
        let of = portal.container(login);
        thing(id, "container", format!("container={of}"))
    };
    let webhooks_of = ["Group 1.1", "Group 2", ""].into_iter();
    match kind {
        "group" => GROUPS
            .map(|name| portal.group(name))
            .map(|id| thing(id, "group", format!("group={id}")))
            .into(),
        "user" => PEOPLE
            .map(|login| person(portal.person(login).to_string(), login))
            .into(),
        "session" => PEOPLE
            .map(|login| person(portal.session(login).to_string(), login))
            .into(),
        "ticket" => tickets()
            .map(|name| of_ticket(portal.ticket(name).to_string(), name))
            .collect(),
        "placed" => tickets().map(|name| of_ticket(portal.pick(name), name)).collect(),
        "license" => tickets()
            .map(|name| of_ticket(portal.license_of(name).to_string(), name))
            .collect(),
        // Nobody's yet is whoever's has its code.
        "code" => tickets()
            .filter(|name| *name != "unassigned")
            .map(|name| of_ticket(portal.code(name), name))
            .collect(),
        "container" => containers
            .map(|login| container(portal.container(login).to_string(), login))
            .collect(),
        "credential" => containers
            .filter(|login| *login != "user-1.2.1")
            .map(|login| container(credential_of(portal, login), login))
            .collect(),
        "activation" => {
            let id = portal.activation("user-1.1.1");
            vec![thing(id, "containers_for", format!("source=activated:{id}"))]
        }
        "webhook" | "delivery" => webhooks_of
            .map(|group| {
                let webhook = webhooks::webhook_of(group);
                let id = if kind == "webhook" {
                    webhook.clone()
                } else {
                    webhooks::delivery_of(group)
                };
                thing(id, "webhook", format!("webhook={webhook}"))
            })
            .collect(),
        "view" => ["Group 1.1", "Group 2"]
            .map(|name| {
                thing(
                    view_of(name),
                    "ticket_views",
                    format!("node={}", portal.owner(name)),
                )
            })
            .into(),
        "take-back" => vec![of_ticket(TAKE_BACK.to_string(), "1.1-open")],
        "amendment" => vec![of_ticket(AMENDMENT.to_string(), "1.1-open")],
        "creation" => vec![thing(CREATION, "creation", format!("creation={CREATION}"))],
        "report" => vec![thing(REPORT, "leaver_report", format!("report={REPORT}"))],
        "import" => vec![thing(IMPORT, "import", format!("import={IMPORT}"))],
        "token" => PEOPLE
            .map(|login| {
                let of = portal.person(login);
                thing(token_of(login), "tokens", format!("user={of}"))
            })
            .into(),
        // Those in tickets that one sees are known.
        "product" => ["1.1-open", "2-open"]
            .map(|name| thing(portal.product(name), "history", history(name).1))
            .into(),
        _ => Vec::new(),
    }
}

/// Which of all people they see.
async fn known_people(portal: &TestPortal, me: &str) -> Vec<usize> {
    let mut tx = portal.store.begin_read().await.unwrap();
    let actor = store::accounts::people::actor(&mut tx, portal.person(me)).await;
    let actor = actor.unwrap().expect("an account");
    let mut known = Vec::new();
    for (at, login) in PEOPLE.into_iter().enumerate() {
        let person = portal.person(login);
        let groups = store::groups::of_user(&mut tx, person).await.unwrap();
        if actor.sees_user(person, &groups) {
            known.push(at);
        }
    }
    known
}

/// What is hidden from somebody, by kind.
pub struct Foreign(HashMap<&'static str, Vec<String>>);

const KINDS: [&str; 19] = [
    "group",
    "user",
    "session",
    "ticket",
    "placed",
    "license",
    "code",
    "container",
    "credential",
    "activation",
    "webhook",
    "delivery",
    "amendment",
    "take-back",
    "creation",
    "report",
    "import",
    "token",
    "product",
];

impl Foreign {
    /// As the portal itself answers when asked for each thing alone. Of people, that page is for admins only: those whom the
    /// policy lets them see are no strangers.
    pub async fn to(portal: &TestPortal, client: &Client, me: &str) -> Self {
        let known = known_people(portal, me).await;
        let mut hidden: HashMap<&'static str, Vec<String>> = HashMap::new();
        for kind in KINDS {
            for (at, thing) in all(portal, kind).into_iter().enumerate() {
                if matches!(kind, "user" | "session" | "token") && known.contains(&at) {
                    continue;
                }
                let (function, form) = thing.detail;
                if client.post_form(function, &form).await.status == 404 {
                    hidden.entry(kind).or_default().push(thing.id);
                }
            }
        }
        Self(hidden)
    }

    /// Of one kind.
    fn of(&self, kind: &str) -> &[String] {
        self.0.get(kind).map_or(&[], Vec::as_slice)
    }

    /// What stands in the place of a place holder, when it is to be hidden from that person, and when it is to be absent.
    pub fn pairs(&self, portal: &TestPortal, me: &str, kind: &str, name: &str) -> Vec<(String, String)> {
        let with = |kind: &str, form: &dyn Fn(&str) -> String| -> Vec<(String, String)> {
            let hidden = self.of(kind).iter();
            hidden.map(|id| (form(id), form(ABSENT))).collect()
        };
        let me = portal.person(me);
        match kind {
            "code" => {
                let absent = domain::tickets::codes::TicketCode::from_random([9; 24]).to_string();
                let hidden = self.of("code").iter();
                hidden.map(|code| (code.clone(), absent.clone())).collect()
            }
            "placed" => {
                let hidden = self.of("placed").iter();
                let absent = |placed: &String| {
                    let (_, owner) = placed.split_once('=').expect("ID=OWNER");
                    (placed.clone(), format!("{ABSENT}={owner}"))
                };
                let mut pairs: Vec<_> = hidden.map(absent).collect();
                // Whoever guesses its owner, too.
                pairs.extend(with("ticket", &|id| format!("{id}=user:{me}")));
                pairs
            }
            "owner" if name.contains('/') => with("group", &|id| format!("user:{me}@{id}")),
            "owner" if name.starts_with('@') => with("user", &|id| format!("user:{id}")),
            "owner" => with("group", &|id| format!("group:{id}")),
            other => with(other, &str::to_owned),
        }
    }

    /// How many things there are in all.
    pub fn count(&self) -> usize {
        self.0.values().map(Vec::len).sum()
    }
}
