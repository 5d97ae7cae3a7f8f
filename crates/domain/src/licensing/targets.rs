//! Where licences can be brought: out of a ticket, or out of a container, into a container (S8).

use std::{fmt, str::FromStr};

use serde::{Deserialize, Serialize};

use crate::{
    ids::{ActivationId, LicenseId},
    serialized_as_text,
};

/// What is brought into a container. As text `free:7`, `activated:7`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub enum LicenseSource {
    /// Some of a licence that are not activated.
    Free(LicenseId),
    /// Those that are activated in another container.
    Activated(ActivationId),
}

/// The text was not a source of licences.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected free:ID or activated:ID")]
pub struct InvalidLicenseSource;

impl fmt::Display for LicenseSource {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Free(license) => write!(f, "free:{license}"),
            Self::Activated(activation) => write!(f, "activated:{activation}"),
        }
    }
}

impl FromStr for LicenseSource {
    type Err = InvalidLicenseSource;

    fn from_str(text: &str) -> Result<Self, InvalidLicenseSource> {
        let (kind, id) = text.split_once(':').ok_or(InvalidLicenseSource)?;
        match kind {
            "free" => id.parse().map(Self::Free),
            "activated" => id.parse().map(Self::Activated),
            _ => return Err(InvalidLicenseSource),
        }
        .map_err(|_| InvalidLicenseSource)
    }
}

serialized_as_text!(LicenseSource);

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_source_is_written_and_read() {
        for source in [
            LicenseSource::Free(LicenseId(7)),
            LicenseSource::Activated(ActivationId(8)),
        ] {
            assert_eq!(source.to_string().parse(), Ok(source));
        }
        for text in ["", "free", "free:", "free:x", "activated:-1", "group:7"] {
            assert_eq!(text.parse::<LicenseSource>(), Err(InvalidLicenseSource), "{text}");
        }
    }
}
