//! What machines send and get, as JSON.

use domain::{
    licensing::licenses::{Standing, Validity},
    names::MAX_NAME,
    time::Seconds,
};
use jiff::Timestamp;
use jose::NumericDate;
use serde::{Deserialize, Serialize};
use utoipa::{
    ToSchema,
    openapi::schema::{Object, ObjectBuilder, Type},
};

use crate::{
    ops::licensing::leases::{Available, InUse},
    store::licensing::containers,
};

/// What [`clean_name`](domain::names::clean_name) takes, but for its length without the spaces around it.
fn machine_name() -> Object {
    let refused = r"\x00-\x1f\x7f-\x9f\u2028-\u202e\u2066-\u2069";
    ObjectBuilder::new()
        .schema_type(Type::String)
        .description(Some(
            "What the machine calls itself: 1 to 120 printable characters.",
        ))
        .min_length(Some(1))
        .max_length(Some(MAX_NAME))
        .pattern(Some(format!(r"^[^{refused}]*[^\s{refused}][^{refused}]*$")))
        .examples(["build-7.example.org"])
        .build()
}

/// A container.
#[derive(Debug, Serialize, ToSchema)]
pub struct Container {
    #[schema(example = "7120000000001")]
    id: String,
    #[schema(example = "Build machines")]
    name: String,
    /// What is activated in it.
    licenses: Vec<UsableLicense>,
}

/// A licence in a container.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = License)]
pub struct UsableLicense {
    #[schema(example = "7120000000003")]
    id: String,
    /// Article number of the product.
    #[schema(example = "CAD-PRO")]
    article: String,
    /// Name of the product.
    product: String,
    /// What the product can do.
    features: Vec<String>,
    /// How many the container has.
    quantity: u32,
    /// How many of those are in use.
    in_use: u32,
    /// `floating`: leased for a while. `node_locked`: bound to one machine until it is given back.
    #[schema(example = "floating")]
    binding: String,
    /// The first moment at which it can be used (RFC 3339), if there is one.
    valid_from: Option<Timestamp>,
    /// The first moment at which it cannot be used any more, if there is one.
    valid_until: Option<Timestamp>,
    /// `usable`, `not_yet_valid` or `expired`.
    #[schema(example = "usable")]
    state: &'static str,
}

/// A floating licence that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct LeaseRequest {
    /// Article number of the product, or id of the licence.
    #[schema(example = "CAD-PRO")]
    pub product: String,
    /// What the machine calls itself.
    #[schema(schema_with = machine_name)]
    pub holder: String,
}

/// A floating licence in use.
#[derive(Serialize, ToSchema)]
pub struct Lease {
    #[schema(example = "7120000000004")]
    id: String,
    /// Of which licence.
    license: String,
    /// Article number of the product.
    article: String,
    /// Name of the product.
    product: String,
    /// What the product can do.
    features: Vec<String>,
    /// What the machine calls itself.
    holder: String,
    /// When it is lost, unless it is renewed (RFC 3339).
    #[schema(example = "2026-11-22T20:05:00Z")]
    expires_at: Timestamp,
    /// After how many seconds it should be renewed.
    #[schema(example = 100)]
    renew_after: Seconds,
    /// The signed licence: a compact JWS of the type `license+jwt`, good until the same moment.
    token: String,
}

/// A node-locked licence that is wanted.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub struct NodeRequest {
    /// Article number of the product, or id of the licence.
    #[schema(example = "CAD-PRO")]
    pub product: String,
    /// What the machine is known by: 1 to 128 visible ASCII characters.
    #[schema(min_length = 1, max_length = 128, pattern = "^[!-~]*$")]
    pub fingerprint: String,
    /// What the machine is called.
    #[schema(schema_with = machine_name)]
    pub name: String,
}

/// A machine with a node-locked licence.
#[derive(Serialize, ToSchema)]
#[schema(as = Node)]
pub struct NodeLock {
    #[schema(example = "7120000000005")]
    id: String,
    /// Which licence.
    license: String,
    /// Article number of the product.
    article: String,
    /// Name of the product.
    product: String,
    /// What the product can do.
    features: Vec<String>,
    /// What the machine is known by.
    fingerprint: String,
    /// The licence file: a compact JWS of the type `license+jwt`. It is good for 30 days; a fresh one is had with GET.
    file: String,
}

/// A moment to the second, as signed licences have it.
fn second(at: Timestamp) -> Timestamp {
    NumericDate::from(at).timestamp()
}

impl From<(containers::Container, Vec<Available>)> for Container {
    fn from((container, available): (containers::Container, Vec<Available>)) -> Self {
        Self {
            id: container.facts.id.to_string(),
            name: container.name,
            licenses: available.into_iter().map(UsableLicense::from).collect(),
        }
    }
}

impl From<Available> for UsableLicense {
    fn from(available: Available) -> Self {
        let granted = available.granted;
        let (from, until) = match granted.terms.validity {
            Validity::Perpetual => (None, None),
            Validity::Between(from, until) => (from, until),
            Validity::Days(_) => match available.standing {
                Standing::NotYet(_) => (None, None),
                Standing::Usable(until) => (None, until),
                Standing::Expired(until) => (None, Some(until)),
                Standing::Suspended(_) | Standing::Revoked(_) => (None, None),
            },
        };
        Self {
            id: granted.license.id.to_string(),
            article: granted.article,
            product: granted.license.product.en,
            features: granted.features,
            quantity: available.quantity,
            in_use: available.in_use,
            binding: granted.terms.binding.to_string(),
            valid_from: from.map(second),
            valid_until: until.map(second),
            state: match available.standing {
                Standing::NotYet(_) => "not_yet_valid",
                Standing::Usable(_) => "usable",
                Standing::Expired(_) => "expired",
                Standing::Suspended(_) => "suspended",
                Standing::Revoked(_) => "revoked",
            },
        }
    }
}

impl From<InUse> for Lease {
    fn from(used: InUse) -> Self {
        Self {
            id: used.stored.id.to_string(),
            license: used.stored.license.to_string(),
            article: used.granted.article,
            product: used.granted.license.product.en,
            features: used.granted.features,
            holder: used.stored.holder,
            expires_at: second(used.stored.lease.expires_at),
            renew_after: used.renew_after.into(),
            token: used.token,
        }
    }
}

impl From<InUse> for NodeLock {
    fn from(used: InUse) -> Self {
        Self {
            id: used.stored.id.to_string(),
            license: used.stored.license.to_string(),
            article: used.granted.article,
            product: used.granted.license.product.en,
            features: used.granted.features,
            fingerprint: used.stored.fingerprint.unwrap_or_default(),
            file: used.token,
        }
    }
}

/// A key set (RFC 7517), as the description of the interface shows it.
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `jose::JwkSet` writes")]
pub struct KeySet {
    /// The keys.
    keys: Vec<Key>,
}

/// A public key for Ed25519 signatures (RFC 8037).
#[derive(ToSchema)]
#[expect(dead_code, reason = "describes what `jose::Jwk` writes")]
pub struct Key {
    /// `OKP`
    #[schema(example = "OKP")]
    kty: String,
    /// `Ed25519`
    #[schema(example = "Ed25519")]
    crv: String,
    /// What signed texts name it by.
    kid: String,
    /// The key itself: base64url of its 32 bytes.
    x: String,
    /// `sig`
    #[schema(rename = "use", example = "sig")]
    purpose: String,
    /// `EdDSA`
    #[schema(example = "EdDSA")]
    alg: String,
}
