//! Signed licences: lease tokens and licence files.

use jose::{self, InvalidToken, JwkSet, NumericDate};
use serde::Deserialize;

use crate::{
    credential::Credential,
    failure::{Exit, Failure, clean},
    machine::{now, time},
};

/// What signed licences are for, as their header says.
pub const TYP: &str = "license+jwt";

/// What a signed licence says.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct Claims {
    /// Address of the portal that issued it.
    pub iss: String,
    /// Id of the container it is for.
    pub aud: String,
    /// Id of the licence.
    pub sub: String,
    /// Id of the lease or the node.
    pub jti: String,
    /// When it was signed.
    pub iat: NumericDate,
    /// Until when it can be used.
    pub exp: NumericDate,
    /// Article number of the product.
    pub article: String,
    /// Name of the product.
    pub product: String,
    /// Its features.
    #[serde(default)]
    pub features: Vec<String>,
    /// How many may be used at once.
    #[serde(default)]
    pub quantity: Option<u32>,
    /// The machine it is bound to, if any.
    #[serde(default)]
    pub fingerprint: Option<String>,
}

/// What a licence says, if it was signed with one of the keys and can be used now.
///
/// # Errors
/// Why it is not to be believed.
pub fn open(text: &str, keys: &JwkSet) -> Result<Claims, InvalidToken> {
    let claims: Claims = jose::verify(text, TYP, |kid| keys.key(kid))?;
    jose::check_times(claims.iat, claims.exp, now())?;
    Ok(claims)
}

impl Claims {
    /// Whether it was issued by the portal of the credential, for its container.
    ///
    /// # Errors
    /// What does not fit.
    pub fn fits(&self, credential: &Credential) -> Result<(), String> {
        let differs = |what: &str, theirs: &str, ours: &str| {
            Err(format!("it is for the {what} {}, not {ours}", clean(theirs)))
        };
        if self.iss.trim_end_matches('/') != credential.portal {
            differs("portal", &self.iss, &credential.portal)
        } else if self.aud != credential.container {
            differs("container", &self.aud, &credential.container)
        } else {
            Ok(())
        }
    }

    /// Whether it is bound to that machine.
    ///
    /// # Errors
    /// That it is not.
    pub fn is_of(&self, fingerprint: &str) -> Result<(), Failure> {
        if self.fingerprint.as_deref() == Some(fingerprint) {
            return Ok(());
        }
        let message = "the licence is not bound to the machine with this fingerprint. Activate one for it with \
                       license-client activate";
        Err(Failure::new(Exit::BadFile, message))
    }

    /// All that it says, one line for each; `machine` is the fingerprint of this one, if it has any.
    pub fn describe(&self, machine: Option<&str>) -> String {
        let mut lines = vec![
            ("product", clean(&self.product)),
            ("article", clean(&self.article)),
        ];
        if let Some(quantity) = self.quantity {
            lines.push(("quantity", quantity.to_string()));
        }
        if !self.features.is_empty() {
            lines.push(("features", clean(&self.features.join(", "))));
        }
        lines.extend([
            ("portal", clean(&self.iss)),
            ("container", clean(&self.aud)),
            ("licence", clean(&self.sub)),
            ("number", clean(&self.jti)),
        ]);
        if let Some(bound) = &self.fingerprint {
            let which = match machine {
                Some(machine) if machine == bound => " (this machine)",
                Some(_) => " (not this machine, unless it was activated with --fingerprint)",
                None => "",
            };
            lines.push(("machine", format!("{}{which}", clean(bound))));
        }
        lines.push(("signed", time(self.iat)));
        lines.push(("usable until", time(self.exp)));
        let lines = lines.iter().map(|(name, value)| format!("{name:<13} {value}"));
        lines.collect::<Vec<_>>().join("\n")
    }
}
