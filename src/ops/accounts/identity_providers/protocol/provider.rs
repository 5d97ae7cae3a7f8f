//! A provider: what it is to the portal, what it publishes and says, and what may go wrong with it.

use domain::accounts::identity_providers::{FailedSignIn, Issuer};
use openidconnect::{
    AdditionalProviderMetadata, ProviderMetadata,
    core::{
        CoreAuthDisplay, CoreClaimName, CoreClaimType, CoreClientAuthMethod, CoreGrantType, CoreJsonWebKey,
        CoreJweContentEncryptionAlgorithm, CoreJweKeyManagementAlgorithm, CoreResponseMode, CoreResponseType,
        CoreSubjectIdentifierType,
    },
};
use serde::{Deserialize, Serialize};

use crate::store::encryption::Secret;

/// A provider, with what the portal shows it.
#[derive(Debug, Clone)]
pub struct Client {
    pub issuer: Issuer,
    pub id: String,
    pub secret: Secret,
    /// Where it sends people back to.
    pub back: String,
}

/// What a provider publishes besides what the library reads.
#[derive(Debug, Clone, Default, Deserialize, Serialize)]
pub(super) struct Besides {
    /// It names itself when it sends people back (RFC 9207).
    #[serde(default)]
    pub(super) authorization_response_iss_parameter_supported: bool,
    /// Where people log out there.
    #[serde(default)]
    pub(super) end_session_endpoint: Option<String>,
}

impl AdditionalProviderMetadata for Besides {}

pub(super) type Metadata = ProviderMetadata<
    Besides,
    CoreAuthDisplay,
    CoreClientAuthMethod,
    CoreClaimName,
    CoreClaimType,
    CoreGrantType,
    CoreJweContentEncryptionAlgorithm,
    CoreJweKeyManagementAlgorithm,
    CoreJsonWebKey,
    CoreResponseMode,
    CoreResponseType,
    CoreSubjectIdentifierType,
>;

/// What a provider asserts of a person, verified.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asserted {
    /// What the person is called there, for good.
    pub subject: String,
    pub preferred_username: Option<String>,
    pub name: Option<String>,
    /// The mail address, where the provider verified it.
    pub email: Option<String>,
}

/// What went wrong with a provider. The text is for the log and for who looks after providers: nothing secret stands in it.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Fault {
    /// It does not answer, not in time, or there is no such host.
    #[error("the provider cannot be reached: {0}")]
    Unreachable(String),
    /// More is asked of providers at the moment than this server asks at once.
    #[error("too much is asked of providers at once")]
    Busy,
    /// What it says cannot be believed.
    #[error("{0}")]
    Untrusted(String),
    /// It signed with a key that it had not published when it was last asked.
    #[error("signed with a key that the provider does not publish")]
    UnknownKey,
}

impl From<Fault> for FailedSignIn {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::Unreachable(_) | Fault::Busy => Self::Unreachable,
            Fault::Untrusted(_) | Fault::UnknownKey => Self::Untrusted,
        }
    }
}
