//! What webhooks tell, as JSON, in the form that Standard Webhooks recommends: `type`, `timestamp`, `data`.

use domain::{
    ids::WebhookId,
    tickets::{Holder, owners::Owner},
};
use jiff::Timestamp;
use serde::Serialize;

use crate::{
    store::history::events::Event,
    views::{
        addresses,
        history::{By, Changed, Happened, Named},
    },
};

/// The version of what stands in `data`.
const VERSION: u32 = 1;

#[derive(Serialize)]
struct Body<T> {
    r#type: String,
    timestamp: Timestamp,
    data: T,
}

/// Something with an id and a name; both are missing where the webhook may not know, and the id of who is no longer seen.
#[derive(Default, Serialize)]
struct Thing {
    id: Option<String>,
    name: Option<String>,
}

impl<Id: ToString> From<&Named<Id>> for Thing {
    fn from(named: &Named<Id>) -> Self {
        match named {
            Named::Known(id, name) => Self {
                id: Some(id.to_string()),
                name: Some(name.clone()),
            },
            Named::Former(name) => Self {
                id: None,
                name: Some(name.clone()),
            },
            Named::Hidden => Self::default(),
        }
    }
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Actor {
    Person(Thing),
    Operator,
    Machine,
}

#[derive(Serialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
enum Place {
    Unassigned,
    Group {
        id: String,
        path: Vec<String>,
    },
    Person {
        id: String,
        name: String,
        context: Option<Context>,
    },
    /// The webhook may not know, or it no longer exists.
    Elsewhere,
}

#[derive(Serialize)]
struct Context {
    id: String,
    path: Vec<String>,
}

impl Place {
    /// What is told of an owner: ids only where there are words for them.
    fn new(owner: Option<Owner>, holder: &Holder) -> Self {
        match (owner, holder) {
            (Some(Owner::Unassigned), Holder::Unassigned) => Self::Unassigned,
            (Some(Owner::Group(id)), Holder::Group(path)) => Self::Group {
                id: id.to_string(),
                path: path.clone(),
            },
            (Some(Owner::User { user, context }), Holder::Person(name, path)) => {
                let context = context.filter(|_| !path.is_empty());
                Self::Person {
                    id: user.to_string(),
                    name: name.clone(),
                    context: context.map(|id| Context {
                        id: id.to_string(),
                        path: path.clone(),
                    }),
                }
            }
            _ => Self::Elsewhere,
        }
    }
}

/// What happened. Codes of tickets are not in it: whoever has one can take its ticket.
#[derive(Serialize)]
struct Data {
    version: u32,
    id: String,
    about: String,
    by: Actor,
    over: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    ticket: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    from: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    to: Option<Place>,
    #[serde(skip_serializing_if = "Option::is_none")]
    group: Option<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    person: Option<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    container: Option<Thing>,
    #[serde(skip_serializing_if = "Option::is_none")]
    quantity: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    change: Option<Changed>,
    link: String,
}

/// An event, as far as the webhook may know it; `url` is the address of the portal.
pub(crate) fn of_event(event: &Event, told: &Happened, url: &str) -> Result<String, serde_json::Error> {
    let entry = &event.entry;
    let link = match (&told.ticket, &told.group) {
        (Some((ticket, _)), _) => format!("{url}{}", addresses::ticket(*ticket)),
        (None, Some(Named::Known(group, _))) => format!("{url}{}", addresses::group(*group)),
        _ => format!("{url}{}", addresses::HISTORY),
    };
    let body = Body {
        r#type: told.kind.to_string(),
        timestamp: told.at,
        data: Data {
            version: VERSION,
            id: told.id.to_string(),
            about: told.kind.topic().to_string(),
            by: match &told.by {
                By::Person(person) => Actor::Person(person.into()),
                By::Operator => Actor::Operator,
                By::Machine => Actor::Machine,
            },
            over: told.channel.map(|channel| channel.to_string()),
            ticket: told.ticket.as_ref().map(|(ticket, _)| ticket.to_string()),
            from: told.from.as_ref().map(|holder| Place::new(entry.from, holder)),
            to: told.to.as_ref().map(|holder| Place::new(entry.to, holder)),
            group: told.group.as_ref().map(Thing::from),
            person: told.person.as_ref().map(Thing::from),
            container: told.container.as_ref().map(Thing::from),
            quantity: told.quantity,
            change: told.change.clone(),
            link,
        },
    };
    serde_json::to_string(&body)
}

#[derive(Serialize)]
struct Ping {
    version: u32,
    webhook: Thing,
    link: String,
}

/// A test.
pub(crate) fn of_test(
    id: WebhookId,
    name: &str,
    at: Timestamp,
    url: &str,
) -> Result<String, serde_json::Error> {
    serde_json::to_string(&Body {
        r#type: "ping".to_owned(),
        timestamp: at,
        data: Ping {
            version: VERSION,
            webhook: Thing {
                id: Some(id.to_string()),
                name: Some(name.to_owned()),
            },
            link: format!("{url}{}", addresses::webhook(id)),
        },
    })
}
