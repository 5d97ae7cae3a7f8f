//! Organisation files: the format `license-portal/organisation@1`, read and written whole.
//!
//! A file is checked completely before anything is stored, and stored in one transaction: a broken file changes
//! nothing.

mod catalogue;
mod export;
mod plan;

use serde::{Deserialize, Serialize};

pub use self::export::export;
use self::{catalogue::Catalogue, plan::Plan};
use super::{OpError, instance::Maker, passwords};
use crate::{
    domain::events::{EventKind, OPERATOR, Way},
    in_transaction,
    store::{self, Store, StoreError, Tx, events::Entry},
};

/// What stands in the field `format`.
pub const FORMAT: &str = "license-portal/organisation@1";

/// An organisation file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Organisation {
    /// [`FORMAT`].
    pub format: String,
    /// Where it comes from, in words.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub source: Option<serde_json::Value>,
    /// The groups, in any order.
    #[serde(default)]
    pub groups: Vec<FileGroup>,
    /// The people.
    #[serde(default)]
    pub users: Vec<FileUser>,
    /// Who is in which group.
    #[serde(default)]
    pub memberships: Vec<FileMembership>,
    /// Products for the catalogue. Those that it has already stay as they are.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub products: Vec<FileProduct>,
    /// The tickets.
    #[serde(default)]
    pub tickets: Vec<FileTicket>,
}

/// A group of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileGroup {
    /// Names it within the file.
    pub key: String,
    /// Shown to people.
    pub name: String,
    /// Key of the group above.
    #[serde(default)]
    pub parent: Option<String>,
}

/// A person of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileUser {
    /// Unique in the portal.
    pub login: String,
    /// Where mail reaches them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// Shown to people; the login where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name: Option<String>,
    /// Stands above every group.
    #[serde(default)]
    pub isv_admin: bool,
}

/// A membership of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileMembership {
    /// Login.
    pub user: String,
    /// Key.
    pub group: String,
    /// Names of permissions.
    #[serde(default)]
    pub permissions: Vec<String>,
}

/// A ticket of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileTicket {
    /// Made where it is missing.
    #[serde(default)]
    pub code: Option<String>,
    /// Nobody where it is missing.
    #[serde(default)]
    pub owner: Option<FileOwner>,
    /// Protected mode.
    #[serde(default)]
    pub protected: bool,
    /// What is in it.
    #[serde(default)]
    pub licenses: Vec<FileLicense>,
}

/// A product of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileProduct {
    /// Unique in the portal.
    pub article: String,
    /// Shown to people.
    pub name: String,
    /// Shown to people who read German; the other name where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub name_de: Option<String>,
    /// What it can do.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub features: Vec<String>,
}

/// A licence of a file. Without dates and days it is perpetual.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileLicense {
    /// Article number or name of a product. One that is in neither catalogue nor file comes into the catalogue under that name.
    pub product: String,
    /// How many; at least one.
    pub quantity: u32,
    /// `floating` where it is missing, or `node_locked`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub binding: Option<String>,
    /// First moment at which it can be used.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_from: Option<jiff::Timestamp>,
    /// First moment at which it cannot be used any more.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub valid_until: Option<jiff::Timestamp>,
    /// Instead: so many days from the first activation.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub days: Option<u32>,
    /// How often it may be given back; as often as one likes where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub returns: Option<u32>,
}

/// The owner of a ticket of a file: a group, or a user with or without context.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileOwner {
    /// Key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group: Option<String>,
    /// Login.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user: Option<String>,
    /// Key.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub context: Option<String>,
}

/// Why a file was refused. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Not JSON, or not of the form of an organisation file.
    #[error("the file cannot be read: {0}")]
    Json(#[from] serde_json::Error),
    /// A format this version does not know.
    #[error("format: {0:?} is not {FORMAT:?}")]
    Format(String),
    /// Something in the file is wrong.
    #[error("{place}: {reason}")]
    Invalid {
        /// Where: `groups[3].parent`.
        place: String,
        /// What.
        reason: String,
    },
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] passwords::HashError),
    /// A fault of the database.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

fn invalid(place: String, reason: impl ToString) -> ImportError {
    ImportError::Invalid {
        place,
        reason: reason.to_string(),
    }
}

/// What was stored.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Imported {
    /// Groups.
    pub groups: usize,
    /// People.
    pub users: usize,
    /// Memberships.
    pub memberships: usize,
    /// Tickets.
    pub tickets: usize,
    /// People for whom no seat was left: they are switched off.
    pub inactive: usize,
}

/// Stores an organisation file: all of it or nothing. `progress` is told how many of how many steps are done;
/// `password` is what everybody in it logs in with, if given (the demo).
///
/// # Errors
/// [`ImportError`], with the place in the file.
pub async fn import(
    store: &Store,
    maker: &Maker,
    file: &Organisation,
    password: Option<&str>,
    progress: impl Fn(u64, u64),
) -> Result<Imported, ImportError> {
    let plan = plan::plan(store, file)?;
    let store = &store.over(Way::Import);
    let hash = password
        .map(|password| passwords::hash(&store.sources, password))
        .transpose()?;
    let now = store.sources.now();
    let steps = plan.steps();
    let stored: Result<usize, OpError> = in_transaction!(store, |tx| {
        let mut left = maker.pool(&mut tx, now).await?.left();
        let (_, isv_admins) = store::accounts::active(&mut tx).await?;
        if isv_admins == 0 && !plan.users.iter().any(|(user, _)| user.isv_admin) {
            // The first ISV admin is still to come, and could not without a seat.
            left = left.saturating_sub(1);
        }
        let mut inactive = 0;
        let mut done = 0;
        let mut step = || {
            done += 1;
            progress(done, steps);
        };
        for (lineage, name) in &plan.groups {
            store::groups::insert(&mut tx, lineage, name, now).await?;
            step();
        }
        // ISV admins first: without one nobody could switch the others on.
        let (first, others): (Vec<_>, Vec<_>) = plan.users.iter().partition(|(user, _)| user.isv_admin);
        for (user, email) in first.into_iter().chain(others) {
            let active = left > 0;
            left = left.saturating_sub(1);
            inactive += usize::from(!active);
            store::users::insert(&mut tx, user, email.as_deref(), hash.as_deref(), active, now).await?;
            step();
        }
        for (group, user, permissions) in &plan.memberships {
            store::groups::insert_membership(&mut tx, *group, *user, *permissions).await?;
            step();
        }
        let mut catalogue = Catalogue::read(&mut tx).await?;
        for data in &plan.products {
            if catalogue.by_article(&data.article).is_none() {
                catalogue.add(store, &mut tx, data.clone(), now).await?;
            }
        }
        for ticket in &plan.tickets {
            catalogue::insert_ticket(store, &mut tx, &mut catalogue, ticket, now).await?;
            step();
        }
        record(store, &mut tx, &plan).await?;
        Ok(inactive)
    });
    let inactive = match stored {
        // The database refuses a second one; which it was is looked up afterwards, because that is rare.
        Err(OpError::Store(error)) if error.is_duplicate() => {
            Err(taken(store, &plan).await?.unwrap_or_else(|| {
                invalid(
                    "file".to_owned(),
                    "something in it was stored by somebody else at the same time",
                )
            }))
        }
        Err(error) => Err(error.into()),
        Ok(inactive) => Ok(inactive),
    }?;
    Ok(Imported {
        groups: plan.groups.len(),
        users: plan.users.len(),
        memberships: plan.memberships.len(),
        tickets: plan.tickets.len(),
        inactive,
    })
}

/// Records what came into being, once people are in their groups.
async fn record(store: &Store, tx: &mut Tx, plan: &Plan) -> Result<(), OpError> {
    let groups = plan.groups.iter().map(|(lineage, _)| Entry {
        group: Some(lineage.group()),
        ..Entry::new(EventKind::GroupCreated, OPERATOR)
    });
    let users = plan.users.iter().map(|(user, _)| Entry {
        user: Some(user.id),
        ..Entry::new(EventKind::UserCreated, OPERATOR)
    });
    let tickets = plan.tickets.iter().map(|ticket| Entry {
        ticket: Some(ticket.id),
        to: Some(ticket.owner),
        ..Entry::new(EventKind::TicketCreated, OPERATOR)
    });
    for entry in groups.chain(users).chain(tickets) {
        store::events::record(tx, &store.sources, entry).await?;
    }
    Ok(())
}

/// Which login or code of the plan exists in the portal already.
async fn taken(store: &Store, plan: &Plan) -> Result<Option<ImportError>, OpError> {
    let mut tx = store.begin_read().await?;
    for (at, (user, _)) in plan.users.iter().enumerate() {
        if store::users::by_login(&mut tx, &user.login).await?.is_some() {
            let reason = format!("{} exists in the portal already", user.login);
            return Ok(Some(invalid(format!("users[{at}].login"), reason)));
        }
    }
    for (at, ticket) in plan.tickets.iter().enumerate() {
        let known = store::tickets::ids_of_codes(&mut tx, std::slice::from_ref(&ticket.code)).await?;
        if known.iter().any(Option::is_some) {
            return Ok(Some(invalid(
                format!("tickets[{at}].code"),
                "the code exists in the portal already",
            )));
        }
    }
    Ok(None)
}
