//! The codes of new tickets, handed out by mail (S13).

use super::{parts, portal, required};
use crate::{
    api::error::ApiError,
    domain::{ids::CreationId, refusals::Refusal, users},
    ops::{self, creations::HandOut},
    server::letters::Codes,
    ui::session::language_of,
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
    let email = users::clean_email(email).ok().flatten();
    let to = email.ok_or(Refusal::InvalidEmail);
    // Whether there is such a thing is not told by what else is wrong.
    ops::creations::detail(&portal.store, user, creation).await?;
    let to = to?;
    let creation = ops::creations::hand_out(&portal.store, user, creation, HandOut::Mail).await?;
    portal.letters.send_codes(Codes {
        to,
        language: language_of(&parts.headers),
        creation,
    })
}
