//! Browsers in which somebody has logged in before: they are not shut out by others who try passwords (OWASP, "Slow Down
//! Online Guessing Attacks with Device Cookies").
//!
//! The token in the browser is an HMAC under the hash of the password: nothing is stored for it, nobody makes one who does
//! not know the hash, and it is worth nothing once the password is another one.

use domain::{accounts::Login, ids::UserId};
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::{
    ops::{OpError, tokens},
    store::{self, Store},
};

/// Longest token, in bytes.
const MAX_TOKEN: usize = 256;

fn mac(user: UserId, password_hash: &str, nonce: &str) -> Option<Hmac<Sha256>> {
    let mut mac = Hmac::<Sha256>::new_from_slice(password_hash.as_bytes()).ok()?;
    mac.update(format!("known-device {} {nonce}", user.0).as_bytes());
    Some(mac)
}

/// A token for the browser in which that person has just logged in; `None` where the account has no password.
///
/// # Errors
/// [`OpError::Store`].
pub async fn remember(store: &Store, user: UserId) -> Result<Option<String>, OpError> {
    let mut tx = store.begin_read().await?;
    let hash = store::accounts::people::password(&mut tx, user).await?;
    let nonce = tokens::fresh(&store.sources);
    let mac = hash.and_then(|hash| mac(user, &hash, &nonce));
    Ok(mac.map(|mac| format!("{nonce}.{}", hex::encode(mac.finalize().into_bytes()))))
}

/// The name of the browser that has this token, where that person has logged in there.
///
/// # Errors
/// [`OpError::Store`].
pub async fn known(store: &Store, login: &str, token: &str) -> Result<Option<String>, OpError> {
    let Some((nonce, tag)) = token.split_once('.').filter(|_| token.len() <= MAX_TOKEN) else {
        return Ok(None);
    };
    let (Ok(login), Ok(tag)) = (login.parse::<Login>(), hex::decode(tag)) else {
        return Ok(None);
    };
    let mut tx = store.begin_read().await?;
    let found = store::accounts::people::by_login(&mut tx, &login).await?;
    let mac = found.and_then(|(user, hash)| mac(user, hash.as_deref()?, nonce));
    // Compared in constant time.
    let fits = mac.is_some_and(|mac| mac.verify_slice(&tag).is_ok());
    Ok(fits.then(|| nonce.to_owned()))
}
