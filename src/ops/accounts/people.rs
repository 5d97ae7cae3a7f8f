//! People: who is logged in, logging in and out, and what the operator of the server sets up.

use domain::{
    access::Actor,
    accounts::{Login, WeakPassword, seats::NoSeatLeft},
    history::events::{EventKind, OPERATOR},
    ids::UserId,
};

use crate::{
    ops::{
        OpError,
        accounts::{self, passwords},
        instance::Vendor,
        transactions::in_transaction,
        workers::PASSWORDS,
    },
    store::{self, Store, StoreError, accounts::people::User},
    views::accounts::sessions::Me,
};

/// The person who is logged in, as they see themselves.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Account {
    /// Name and login.
    pub user: User,
    /// What the policy needs to know of them.
    pub actor: Actor,
}

impl From<Account> for Me {
    fn from(account: Account) -> Self {
        Self {
            name: account.user.name,
            login: account.user.login,
            actor: account.actor,
            required_action: None,
            impersonated_until: None,
        }
    }
}

/// The account of a person.
///
/// # Errors
/// [`OpError::NoSuchActor`].
pub async fn account(store: &Store, user: UserId) -> Result<Account, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = crate::ops::actor(&mut tx, user).await?;
    let user = store::accounts::people::by_id(&mut tx, user)
        .await?
        .ok_or(OpError::NoSuchActor)?;
    Ok(Account { user, actor })
}

/// The person with that login and password, and the hash that the password fitted; `None` when one of them is wrong.
///
/// # Errors
/// [`OpError`].
pub async fn authenticate(
    store: &Store,
    login: &str,
    password: &str,
) -> Result<Option<(UserId, String)>, OpError> {
    let found = match login.parse::<Login>() {
        Ok(login) => {
            let mut tx = store.begin_read().await?;
            store::accounts::people::by_login(&mut tx, &login).await?
        }
        Err(_) => None,
    };
    let (user, hash) = found.map_or((None, None), |(user, hash)| (Some(user), hash));
    let (password, stored) = (password.to_owned(), hash.clone());
    let fits = PASSWORDS
        .run(move || passwords::verify(&password, stored.as_deref()))
        .await?;
    Ok(user.zip(hash).filter(|_| fits.unwrap_or(false)))
}

/// A person uses this language: mails to them are written in it.
///
/// # Errors
/// [`OpError::Store`].
pub async fn speaks(store: &Store, user: UserId, language: &str) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        Ok(store::accounts::people::speaks(&mut tx, user, language).await?)
    })
}

/// Why an account could not be set up from the command line.
#[derive(Debug, thiserror::Error)]
pub enum SetUpError {
    /// The login is taken.
    #[error("there is a person with the login {0} already")]
    LoginTaken(Login),
    /// There is no such person.
    #[error("there is no person with the login {0}")]
    NoSuchLogin(Login),
    /// The password cannot be used.
    #[error(transparent)]
    Password(#[from] WeakPassword),
    /// The pool of seats is exhausted.
    #[error(transparent)]
    Seats(#[from] NoSeatLeft),
    /// The password could not be hashed.
    #[error(transparent)]
    Hash(#[from] passwords::HashError),
    /// A fault of the database.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for SetUpError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

/// Creates an ISV admin, as the operator of the server. Takes a seat.
///
/// # Errors
/// [`SetUpError`].
pub async fn create_isv_admin(
    store: &Store,
    vendor: &Vendor,
    login: Login,
    name: &str,
    password: &str,
) -> Result<(), SetUpError> {
    passwords::check(password, &[login.as_str(), name])?;
    let hash = passwords::hash(&store.sources, password)?;
    let user = User {
        id: UserId(store.sources.fresh_id()),
        login: login.clone(),
        name: name.to_owned(),
        isv_admin: true,
    };
    let created: Result<Result<bool, NoSeatLeft>, OpError> = in_transaction!(store, |tx| {
        let now = store.sources.now();
        if store::accounts::people::by_login(&mut tx, &user.login)
            .await?
            .is_some()
        {
            return Ok(Ok(false));
        }
        match vendor.pool(&mut tx, now).await?.take(1) {
            Ok(_) => {
                store::accounts::people::insert(&mut tx, &user, None, Some(&hash), true, now).await?;
                accounts::record(&mut tx, store, EventKind::UserCreated, OPERATOR, user.id).await?;
                Ok(Ok(true))
            }
            Err(none) => Ok(Err(none)),
        }
    });
    if created?? {
        Ok(())
    } else {
        Err(SetUpError::LoginTaken(login))
    }
}

/// Sets somebody's password, as the operator of the server, and ends their sessions.
///
/// # Errors
/// [`SetUpError`].
pub async fn set_password(store: &Store, login: Login, password: &str) -> Result<(), SetUpError> {
    passwords::check(password, &[login.as_str()])?;
    let hash = passwords::hash(&store.sources, password)?;
    let found: Result<bool, OpError> = in_transaction!(store, |tx| {
        match store::accounts::people::by_login(&mut tx, &login).await? {
            Some((user, _)) => {
                store::accounts::people::set_password(&mut tx, user, &hash, store.sources.now()).await?;
                accounts::record(&mut tx, store, EventKind::PasswordChanged, OPERATOR, user).await?;
                Ok(true)
            }
            None => Ok(false),
        }
    });
    if found? {
        Ok(())
    } else {
        Err(SetUpError::NoSuchLogin(login))
    }
}

/// Whether anybody could set the instance up from inside.
///
/// # Errors
/// [`OpError`].
pub async fn has_isv_admin(store: &Store) -> Result<bool, OpError> {
    let mut tx = store.begin_read().await?;
    Ok(store::accounts::people::any_isv_admin(&mut tx).await?)
}
