//! The licence of the instance itself (S16): what its operator bought from the vendor of the portal.

pub mod imports;
pub mod requests;
pub mod spreadsheets;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

/// Whom the vendor of the portal talks to at the customer.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Contact {
    /// The company that bought the licence.
    pub company: String,
    /// The main contact person.
    #[serde(default)]
    pub name: String,
    /// Their mail address.
    #[serde(default)]
    pub email: String,
    /// Their telephone number.
    #[serde(default)]
    pub phone: String,
}

/// What was bought, as the vendor signed it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct InstanceLicense {
    /// The number of the customer with the vendor.
    pub customer: String,
    /// The number of the instance with the vendor.
    pub number: String,
    /// The instance that may use it, by the id that the portal made up for itself.
    pub aud: String,
    /// Maximum number of active users.
    pub seats: u32,
    /// The usage variant, which may come with special functions.
    pub variant: String,
    /// Special functions of the variant.
    #[serde(default)]
    pub functions: Vec<String>,
    /// The customer, and the main contact person there.
    pub contact: Contact,
    /// When it was issued.
    pub issued_at: Timestamp,
    /// Until when it can be used; for ever where it is missing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expires_at: Option<Timestamp>,
}

/// Why a licence file cannot be used.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
pub enum InvalidLicense {
    /// Not a licence file.
    #[error("this is not a licence file")]
    Malformed,
    /// Its signature is not the vendor's.
    #[error("it was not signed by the maker of the portal, or was altered since")]
    Forged,
    /// Its time is over.
    #[error("it has expired")]
    Expired,
    /// It was issued for another instance.
    #[error("it was issued for another instance")]
    Foreign,
    /// This server does not know the vendor's key.
    #[error("this server does not know the maker's key")]
    NoVendor,
}

impl InstanceLicense {
    /// Whether this instance may use it now.
    ///
    /// # Errors
    /// [`InvalidLicense`].
    pub fn check(&self, instance: &str, now: Timestamp) -> Result<(), InvalidLicense> {
        if self.aud != instance {
            Err(InvalidLicense::Foreign)
        } else if self.expires_at.is_some_and(|end| end <= now) {
            Err(InvalidLicense::Expired)
        } else {
            Ok(())
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::time::at;

    #[test]
    fn a_licence_is_for_one_instance_until_its_end() {
        let endless = InstanceLicense {
            customer: String::new(),
            number: String::new(),
            aud: "here".to_owned(),
            seats: 5,
            variant: String::new(),
            functions: Vec::new(),
            contact: Contact::default(),
            issued_at: at(0),
            expires_at: None,
        };
        let license = InstanceLicense {
            expires_at: Some(at(100)),
            ..endless.clone()
        };
        assert_eq!(license.check("here", at(99)), Ok(()));
        assert_eq!(license.check("here", at(100)), Err(InvalidLicense::Expired));
        assert_eq!(license.check("there", at(99)), Err(InvalidLicense::Foreign));
        assert_eq!(license.check("there", at(100)), Err(InvalidLicense::Foreign));
        assert_eq!(endless.check("here", at(9_000_000_000)), Ok(()));
    }
}
