//! What a licence file of the vendor says.

use domain::instance::{Contact, InstanceLicense};
use jose::NumericDate;
use serde::{Deserialize, Serialize};

/// A licence as it is signed. Its names and form stand in files that customers have.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    customer: String,
    number: String,
    aud: String,
    seats: u32,
    variant: String,
    #[serde(default)]
    functions: Vec<String>,
    contact: Contact,
    iat: NumericDate,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    exp: Option<NumericDate>,
}

impl From<InstanceLicense> for Claims {
    fn from(license: InstanceLicense) -> Self {
        Self {
            customer: license.customer,
            number: license.number,
            aud: license.aud,
            seats: license.seats,
            variant: license.variant,
            functions: license.functions,
            contact: license.contact,
            iat: license.issued_at.into(),
            exp: license.expires_at.map(NumericDate::from),
        }
    }
}

impl From<Claims> for InstanceLicense {
    fn from(claims: Claims) -> Self {
        Self {
            customer: claims.customer,
            number: claims.number,
            aud: claims.aud,
            seats: claims.seats,
            variant: claims.variant,
            functions: claims.functions,
            contact: claims.contact,
            issued_at: claims.iat.timestamp(),
            expires_at: claims.exp.map(NumericDate::timestamp),
        }
    }
}
