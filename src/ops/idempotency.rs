//! Idempotency keys: the same request sent twice is done once, and answered alike.

use std::ops::RangeInclusive;

use domain::{ids::UserId, refusals::Refusal};

use crate::{
    ops::OpError,
    store::{self, Tx},
};

/// Lengths of keys, in bytes.
const KEY: RangeInclusive<usize> = 8..=64;

/// Whether a text consists of so many visible ASCII characters.
pub(crate) fn is_visible(text: &str, length: &RangeInclusive<usize>) -> bool {
    length.contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// Whether a text is an idempotency key.
pub(crate) fn is_key(text: &str) -> bool {
    is_visible(text, &KEY)
}

/// An idempotency key, if it is one.
pub(crate) fn key(text: &str) -> Result<&str, Refusal> {
    if is_key(text) {
        Ok(text)
    } else {
        Err(Refusal::Malformed)
    }
}

/// What was done under the key before, as a number; `None` when nothing was. `what` tells the request from others.
///
/// # Errors
/// [`Refusal::KeyReused`] when it was another request.
pub(crate) async fn done(tx: &mut Tx, by: UserId, key: &str, what: &str) -> Result<Option<u32>, OpError> {
    same(store::history::events::request(tx, by, key).await?, what)
}

/// The same, of what is known already to have been done under the key.
///
/// # Errors
/// [`Refusal::KeyReused`] when it was another request.
pub(crate) fn same(done: Option<(String, u32)>, what: &str) -> Result<Option<u32>, OpError> {
    match done {
        Some((before, count)) if before == what => Ok(Some(count)),
        Some(_) => Err(Refusal::KeyReused.into()),
        None => Ok(None),
    }
}
