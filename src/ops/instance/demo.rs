//! The example tree of the seed (S7), with a few tickets, for trying the portal out.

use domain::accounts::Login;

use crate::{
    ops::{
        OpError,
        instance::{self, Vendor, organisation},
        transactions::in_transaction,
    },
    store::{self, Store, StoreError},
};

const FACT: &str = "demo";

/// Why the demo data was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is something else in the database.
    #[error("the database holds data that is not the demo; the demo is loaded into an empty one only")]
    NotEmpty,
    /// The demo data itself is broken: a defect.
    #[error(transparent)]
    Import(#[from] organisation::ImportError),
    /// A fault of the database.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}

/// Loads the demo data into an empty database. Where it is loaded already, everybody in it gets the password.
///
/// # Errors
/// [`DemoError`].
pub async fn load(store: &Store, password: &str) -> Result<(), DemoError> {
    if is_loaded(store).await? {
        instance::license_demo(store).await?;
        return renew_passwords(store, password).await;
    }
    let mut tx = store.begin_read().await?;
    let empty = store::accounts::people::all_with_email(&mut tx).await?.is_empty()
        && store::instance::files::groups_after(&mut tx, None, 1)
            .await?
            .is_empty();
    drop(tx);
    if !empty {
        return Err(DemoError::NotEmpty);
    }
    let file = serde_json::from_str(include_str!("demo.json"))
        .map_err(|error| organisation::ImportError::Io(error.into()))?;
    instance::license_demo(store).await?;
    let vendor = Vendor {
        demo: true,
        key: None,
    };
    organisation::import(store, &vendor, &file, Some(password)).await?;
    let marked: Result<(), OpError> = in_transaction!(store, |tx| {
        store::instance::set(&mut tx, FACT, "1").await?;
        Ok(())
    });
    Ok(marked?)
}

/// Gives the demo people the password, unless they have it: a restart ends nobody's session.
async fn renew_passwords(store: &Store, password: &str) -> Result<(), DemoError> {
    let people = people(store).await?;
    if let Some((first, _)) = people.first()
        && crate::ops::accounts::people::authenticate(store, first.as_str(), password)
            .await?
            .is_some()
    {
        return Ok(());
    }
    let hash = crate::ops::accounts::passwords::hash(&store.sources, password)
        .map_err(organisation::ImportError::from)?;
    let renewed: Result<(), OpError> = in_transaction!(store, |tx| {
        for (login, _) in &people {
            if let Some((user, _)) = store::accounts::people::by_login(&mut tx, login).await? {
                store::accounts::people::set_password(&mut tx, user, &hash, store.sources.now()).await?;
            }
        }
        Ok(())
    });
    Ok(renewed?)
}

/// Whether the database holds the demo data.
///
/// # Errors
/// [`OpError`].
pub async fn is_loaded(store: &Store) -> Result<bool, OpError> {
    let mut tx = store.begin_read().await?;
    Ok(store::instance::fact(&mut tx, FACT).await?.is_some())
}

/// The people of the demo data: login and name.
///
/// # Errors
/// [`OpError`].
pub async fn people(store: &Store) -> Result<Vec<(Login, String)>, OpError> {
    let mut tx = store.begin_read().await?;
    let people = store::accounts::people::all_with_email(&mut tx).await?;
    Ok(people
        .into_iter()
        .take(11)
        .map(|(user, _)| (user.login, user.name))
        .collect())
}
