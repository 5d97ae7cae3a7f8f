//! Second factors: one's own, those of people one looks after, and the demand of them (ASVS 5.0, 6.3 and 6.5).

use domain::{
    access::{self, Actor},
    accounts::second_factors::{CONFIRM_WITHIN, Code, PENDING_LIFE, RECOVERY_CODES},
    history::events::EventKind,
    ids::UserId,
    refusals::Refusal,
};
use jiff::Timestamp;
use qrcode::EcLevel;
use totp_rs::{Builder, Secret, Totp};

use crate::{
    ops::{
        OpError,
        accounts::{
            self, identity_providers::sign_in::ByProvider, passwords, reauthentication::Reauthentication,
        },
        actor,
        instance::SECOND_FACTOR_DEMANDED,
        licensing::qr_codes,
        tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, StoreError, Tx, accounts::second_factors::Stored, history::events::Entry,
        sources::Sources,
    },
    views::{accounts::second_factors::SecondFactor, licensing::qr_codes::QrCode},
};

/// What apps show above the name of the account.
const ISSUER: &str = "License Portal";

/// One's own second factor.
///
/// # Errors
/// [`OpError::Store`].
pub async fn own(store: &Store, user: UserId) -> Result<SecondFactor, OpError> {
    let mut tx = store.begin_read().await?;
    let now = store.sources.now();
    Ok(
        match store::accounts::second_factors::of_user(&mut tx, user).await? {
            Some(Stored {
                confirmed_at: Some(since),
                ..
            }) => SecondFactor::On {
                since,
                recovery_codes: store::accounts::second_factors::recovery_codes(&mut tx, user).await?,
            },
            Some(begun) if now.duration_since(begun.begun_at) < CONFIRM_WITHIN => {
                let known = store::accounts::people::by_id(&mut tx, user)
                    .await?
                    .ok_or(OpError::NoSuchActor)?;
                SecondFactor::Begun {
                    picture: picture(begun.secret.expose(), known.login.as_str())?,
                    secret: begun.secret.expose().to_owned(),
                }
            }
            _ => SecondFactor::Off,
        },
    )
}

/// Six digits every 30 seconds by HMAC-SHA-1: what every app understands. A code is good for half a minute more, for
/// clocks that are not quite right.
fn totp(secret: &str, account: &str) -> Result<Totp, StoreError> {
    let broken = || StoreError::Inconsistent("second_factors.secret");
    Builder::new()
        .with_secret(Secret::try_from_base32(secret).map_err(|_| broken())?)
        .with_skew(1)
        .with_issuer(Some(ISSUER))
        .with_account_name(account)
        .build()
        .map_err(|_| broken())
}

fn picture(secret: &str, account: &str) -> Result<QrCode, StoreError> {
    let broken = || StoreError::Inconsistent("second_factors.secret");
    let address = totp(secret, account)?.to_url().map_err(|_| broken())?;
    qr_codes::picture(&address, EcLevel::M).ok_or_else(broken)
}

/// The time step whose code was typed, if it is a right one.
fn step(stored: &Stored, typed: &str, now: Timestamp) -> Result<Option<i64>, StoreError> {
    let seconds = u64::try_from(now.as_second()).unwrap_or_default();
    let step = totp(stored.secret.expose(), "")?.check(typed, seconds);
    Ok(step.and_then(|step| i64::try_from(step).ok()))
}

/// Begins to add a second factor; the present password is asked for.
///
/// # Errors
/// [`Refusal::WrongPassword`]; nothing is changed where there is one already.
pub async fn begin(store: &Store, by: &Reauthentication) -> Result<(), OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    let secret = Secret::from(store.sources.random::<20>()).to_base32().into();
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let stored = store::accounts::second_factors::of_user(&mut tx, user).await?;
        if stored.is_none_or(|stored| stored.confirmed_at.is_none()) {
            store::accounts::second_factors::begin(&mut tx, user, &secret, store.sources.now()).await?;
        }
        Ok(())
    })
}

/// Adds the second factor that was begun, by its first code. The recovery codes are shown this once.
///
/// # Errors
/// [`Refusal::WrongCode`].
pub async fn confirm(store: &Store, user: UserId, code: &str) -> Result<Vec<String>, OpError> {
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        let begun = store::accounts::second_factors::of_user(&mut tx, user)
            .await?
            .filter(|stored| {
                stored.confirmed_at.is_none() && now.duration_since(stored.begun_at) < CONFIRM_WITHIN
            })
            .ok_or(Refusal::WrongCode)?;
        let Code::OneTime(digits) = Code::read(code) else {
            return Err(Refusal::WrongCode.into());
        };
        let step = step(&begun, &digits, now)?.ok_or(Refusal::WrongCode)?;
        store::accounts::second_factors::confirm(&mut tx, user, now).await?;
        store::accounts::second_factors::took(&mut tx, user, step).await?;
        accounts::record(&mut tx, store, EventKind::SecondFactorAdded, user, user).await?;
        new_recovery_codes(&mut tx, &store.sources, user).await
    })
}

async fn new_recovery_codes(tx: &mut Tx, sources: &Sources, user: UserId) -> Result<Vec<String>, OpError> {
    let codes: Vec<String> = (0..RECOVERY_CODES)
        .map(|_| passwords::letters::<6, 4>(sources))
        .collect();
    let hashes: Vec<String> = codes
        .iter()
        .map(|code| recovery_hash(&Code::read(code)))
        .collect();
    store::accounts::second_factors::set_recovery_codes(tx, user, &hashes).await?;
    Ok(codes)
}

fn recovery_hash(code: &Code) -> String {
    match code {
        Code::OneTime(typed) | Code::Recovery(typed) => tokens::hash(typed),
    }
}

/// Makes new recovery codes; the old ones are worth nothing. The present password is asked for.
///
/// # Errors
/// [`Refusal::WrongPassword`]; [`Refusal::WrongCode`] where there is no second factor.
pub async fn renew_recovery_codes(store: &Store, by: &Reauthentication) -> Result<Vec<String>, OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let stored = store::accounts::second_factors::of_user(&mut tx, user).await?;
        if stored.is_none_or(|stored| stored.confirmed_at.is_none()) {
            Err(Refusal::WrongCode)?;
        }
        accounts::record(&mut tx, store, EventKind::RecoveryCodesRenewed, user, user).await?;
        new_recovery_codes(&mut tx, &store.sources, user).await
    })
}

/// Takes one's own second factor away; the present password is asked for.
///
/// # Errors
/// [`Refusal::WrongPassword`].
pub async fn remove_own(store: &Store, by: &Reauthentication) -> Result<(), OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let actor = actor(&mut tx, user).await?;
        let proof = access::authorize_own_account(&actor);
        if store::accounts::second_factors::of_user(&mut tx, user)
            .await?
            .is_some()
        {
            store::accounts::second_factors::remove(&mut tx, &proof).await?;
            accounts::record(&mut tx, store, EventKind::SecondFactorRemoved, user, user).await?;
        }
        Ok(())
    })
}

/// Takes somebody's second factor away, who lost it.
///
/// # Errors
/// The policy's.
pub async fn remove(store: &Store, by: UserId, user: UserId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor: Actor = actor(&mut tx, by).await?;
        let (_, subject) = accounts::found(&mut tx, user).await?;
        let proof = access::authorize_reset(&actor, &subject)?;
        if store::accounts::second_factors::of_user(&mut tx, user)
            .await?
            .is_some()
        {
            store::accounts::second_factors::remove(&mut tx, &proof).await?;
            accounts::record(&mut tx, store, EventKind::SecondFactorRemoved, by, user).await?;
        }
        Ok(())
    })
}

/// Demands a second factor of all admins, or leaves it to them. Who has none adds it before anything else.
///
/// # Errors
/// The policy's.
pub async fn demand(store: &Store, by: UserId, on: bool) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        access::authorize_administration(&actor)?;
        if store::instance::fact(&mut tx, SECOND_FACTOR_DEMANDED)
            .await?
            .is_some()
            == on
        {
            return Ok(());
        }
        let kind = if on {
            store::instance::set(&mut tx, SECOND_FACTOR_DEMANDED, "admins").await?;
            EventKind::SecondFactorDemanded
        } else {
            store::instance::unset(&mut tx, SECOND_FACTOR_DEMANDED).await?;
            EventKind::SecondFactorOptional
        };
        store::history::events::record(&mut tx, &store.sources, Entry::new(kind, by)).await?;
        Ok(())
    })
}

/// Whether an account's second factor lets it in: where there is one, by a code that was not used before. Part of the
/// transaction that begins the login, so that a code is used up only by a login that begins. The waiting login has to be
/// there still: a new password ends it.
///
/// # Errors
/// [`Refusal::CodeNeeded`], [`Refusal::WrongCode`], [`Refusal::LoginExpired`].
pub(crate) async fn check(
    tx: &mut Tx,
    user: UserId,
    code: Option<&str>,
    now: Timestamp,
) -> Result<(), OpError> {
    let stored = store::accounts::second_factors::of_user(tx, user).await?;
    let Some(stored) = stored.filter(|stored| stored.confirmed_at.is_some()) else {
        return Ok(());
    };
    let code = Code::read(code.ok_or(Refusal::CodeNeeded)?);
    let fits = match &code {
        Code::OneTime(digits) => match step(&stored, digits, now)? {
            Some(step) if step > stored.last_step => {
                store::accounts::second_factors::took(tx, user, step).await?;
                true
            }
            _ => false,
        },
        Code::Recovery(_) => {
            store::accounts::second_factors::use_recovery_code(tx, user, &recovery_hash(&code)).await?
        }
    };
    if !fits {
        return Err(Refusal::WrongCode.into());
    }
    if store::accounts::second_factors::end_waiting(tx, user).await? {
        Ok(())
    } else {
        Err(Refusal::LoginExpired.into())
    }
}

/// What a login that waits for its code began with.
pub enum First<'a> {
    /// The right password, which had that hash.
    Password(&'a str),
    /// An identity elsewhere.
    Provider(&'a ByProvider),
}

/// The right password was given, or a provider signed somebody in, and a code is still missing. Returns the token of the waiting
/// login; `None` when the password is another one by now.
///
/// # Errors
/// [`OpError::Store`]; [`FailedSignIn`](domain::accounts::identity_providers::FailedSignIn).
pub async fn wait(store: &Store, user: UserId, first: First<'_>) -> Result<Option<String>, OpError> {
    let token = tokens::fresh(&store.sources);
    in_transaction!(store, |tx| {
        let now = store.sources.now();
        match first {
            First::Password(hash) => {
                if store::accounts::people::password(&mut tx, user).await?.as_deref() != Some(hash) {
                    return Ok(None);
                }
            }
            First::Provider(by) => {
                by.holds(&mut tx, user, now).await?;
            }
        }
        store::accounts::second_factors::wait(&mut tx, &tokens::hash(&token), user, now + PENDING_LIFE, now)
            .await?;
        Ok(Some(token.clone()))
    })
}

/// Who waits with that token.
///
/// # Errors
/// [`Refusal::LoginExpired`].
pub async fn waiting(store: &Store, token: &str) -> Result<UserId, OpError> {
    let mut tx = store.begin_read().await?;
    let user =
        store::accounts::second_factors::waiting(&mut tx, &tokens::hash(token), store.sources.now()).await?;
    Ok(user.ok_or(Refusal::LoginExpired)?)
}
