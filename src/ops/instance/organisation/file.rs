//! What stands in an organisation file.

use domain::licensing::amendments::{Amendment, Grant};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

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
    /// When it was activated first, where it was amended: terms begin with that.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub started_at: Option<Timestamp>,
    /// What was done to it and is planned, by number. The other fields say how it stands because of what is in force.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub amendments: Vec<FileAmendment>,
}

/// An amendment of a licence of a file.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FileAmendment {
    /// What is done.
    pub what: Amendment,
    /// How the licence stood before, or is going to.
    pub before: Grant,
    /// How it stands because of it.
    pub after: Grant,
    /// Why.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub reason: String,
    /// Login of who made it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub by: Option<String>,
    /// When.
    pub made_at: Timestamp,
    /// The first moment at which it is in force.
    pub in_force_at: Timestamp,
    /// Whether the other fields of the licence say so.
    pub settled: bool,
    /// When it was taken back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_at: Option<Timestamp>,
    /// Login of who took it back.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub undone_by: Option<String>,
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
