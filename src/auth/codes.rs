//! The codes of new tickets, handed out by mail (S13).

use domain::{accounts, ids::CreationId, refusals::Refusal};

use crate::{
    auth::{headers::language_of, parts, portal, required},
    errors::ApiError,
    ops::{self, outbox::Codes, resellers::creations::HandOut},
};

/// The tag of the language that this request asks for.
///
/// # Errors
/// [`ApiError::Internal`] outside a request: a defect.
pub fn language() -> Result<&'static str, ApiError> {
    Ok(language_of(&parts()?.headers).tag())
}

/// Has the codes that can still be handed out mailed to the address, in the language of whoever asks.
///
/// # Errors
/// [`ApiError::TooMany`]; [`Refusal::InvalidEmail`]; [`Refusal::NoFreeCodes`]; the policy's.
pub async fn mail_codes(creation: CreationId, email: &str) -> Result<(), ApiError> {
    let (_, user) = required().await?;
    let (portal, parts) = (portal()?, parts()?);
    portal.limits.codes_mail(user.0)?;
    let email = accounts::clean_email(email).ok().flatten();
    let to = email.ok_or(Refusal::InvalidEmail);
    // Whether there is such a thing is not told by what else is wrong.
    ops::resellers::creations::detail(&portal.store, user, creation).await?;
    let to = to?;
    let creation = ops::resellers::creations::hand_out(&portal.store, user, creation, HandOut::Mail).await?;
    let codes = Codes {
        to,
        language: language_of(&parts.headers),
        creation,
    };
    // Mails are written in milliseconds; a minute is enough where even the mail server was away.
    let sent = portal.outbox.send_codes(codes);
    sent.map_err(|_| ApiError::TooMany { seconds: 60 })
}
