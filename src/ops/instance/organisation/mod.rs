//! Organisation files: the format `license-portal/organisation@1`, and a table (CSV) for each kind of entry.
//!
//! An import reads a file entry by entry, several times where one kind refers to another, decides what becomes of each, and
//! stores all of it in one transaction or nothing. Nothing is deleted by it. The check beforehand is the same code, which
//! reads the portal and writes nothing.

pub mod checks;
pub mod export;
pub mod input;
pub mod json;
pub mod plan;
pub mod tables;

use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::{
    ops::{OpError, accounts::passwords, instance::Vendor},
    store::{Store, StoreError},
};

pub use crate::ops::instance::organisation::{
    export::export,
    input::{Format, Input, Progress},
    plan::{By, Found, Task, Told, check, store_all},
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
    /// Products for the catalogue.
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
    /// Names it in files; text of any kind.
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
    /// Whether the account is switched on; where it is missing, as long as there are seats.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub active: Option<bool>,
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

/// Why a file was not imported. Nothing of it was stored.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// Something in it cannot be imported: the first of such lines.
    #[error("{} of its entries cannot be imported", .0.counts().refused)]
    Refused(Box<Found>),
    /// Something in it was stored by somebody else at the same moment.
    #[error("something in it was stored by somebody else at the same moment; try again")]
    Overtaken,
    /// A password could not be hashed.
    #[error(transparent)]
    Hash(#[from] passwords::HashError),
    /// The file cannot be read from the disk.
    #[error(transparent)]
    Io(#[from] std::io::Error),
    /// A fault of the database; or whoever wanted it may not.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

/// Stores an organisation that is in memory, as the operator of the server: all of it or nothing. `password` is what everybody
/// in it logs in with, if given (the demo).
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    store: &Store,
    vendor: &Vendor,
    file: &Organisation,
    password: Option<&str>,
) -> Result<Found, ImportError> {
    let hash = password
        .map(|password| passwords::hash(&store.sources, password))
        .transpose()?;
    let input = Input::from(serde_json::to_vec(file).map_err(std::io::Error::from)?);
    let task = Task {
        by: By::Operator,
        password: hash.as_deref(),
        upload: None,
    };
    store_all(store, vendor, task, &input, Format::Json, &Arc::default()).await
}
