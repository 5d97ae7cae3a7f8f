//! The example tree of the seed (S7) with a few tickets, for trying the portal out; and what people and machines did in it for a year.

mod errors;
mod machines;
mod story;

use domain::accounts::Login;

use crate::{
    ops::{
        OpError,
        instance::{
            self, Vendor,
            demo::story::{Past, Story},
            organisation::{self, OfDemo},
        },
        transactions::in_transaction,
    },
    store::{self, Store},
};

pub use crate::ops::instance::demo::errors::DemoError;

const FACT: &str = "demo";
/// Seats of the licence of a demo. A year brings customers along.
const SEATS: [u32; 2] = [12, 16];

/// How much of the demo is loaded.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extent {
    /// The example tree and its tickets.
    Tree,
    /// What happened in it, too: containers, machines, customers, moves and amendments of a year.
    Year,
}

impl Extent {
    const fn fact(self) -> &'static str {
        match self {
            Self::Tree => "1",
            Self::Year => "year",
        }
    }

    /// What an organisation of it brings along.
    const fn of(self, password: &str) -> OfDemo<'_> {
        OfDemo {
            password,
            fact: (FACT, self.fact()),
        }
    }

    /// How many people may be tried out. Whoever came later is none of them.
    const fn people(self) -> usize {
        match self {
            Self::Tree => 11,
            Self::Year => 12,
        }
    }
}

/// Loads the demo data into an empty database. Where it is loaded already, it stays as it is, and everybody in it gets the password.
///
/// # Errors
/// [`DemoError`].
pub async fn load(store: &Store, password: &str, extent: Extent) -> Result<(), DemoError> {
    if loaded(store).await?.is_some() {
        instance::license_demo(store, SEATS[0]).await?;
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
    let vendor = Vendor {
        demo: true,
        key: None,
    };
    match extent {
        Extent::Tree => {
            instance::license_demo(store, SEATS[0]).await?;
            load_tree(store, &vendor, password).await
        }
        Extent::Year => {
            let past = Past::of(store);
            instance::license_demo(&past.store, SEATS[1]).await?;
            load_tree(&past.store, &vendor, password).await?;
            let mut story = Story::of(past.clone(), &vendor).await?;
            let pools = story.begin().await?;
            story.partner(Extent::Tree.of(password)).await?;
            story.lend().await?;
            story.lately().await?;
            machines::write_year(&past, &pools).await?;
            machines::lend(&mut story, &pools).await?;
            let whole: Result<(), OpError> = in_transaction!(store, |tx| {
                store::instance::set(&mut tx, FACT, Extent::Year.fact()).await?;
                Ok(())
            });
            Ok(whole?)
        }
    }
}

async fn load_tree(store: &Store, vendor: &Vendor, password: &str) -> Result<(), DemoError> {
    let file = serde_json::from_str(include_str!("tree.json"))
        .map_err(|error| organisation::ImportError::Io(error.into()))?;
    organisation::import(store, vendor, &file, Some(Extent::Tree.of(password))).await?;
    Ok(())
}

async fn loaded(store: &Store) -> Result<Option<Extent>, OpError> {
    let mut tx = store.begin_read().await?;
    let fact = store::instance::fact(&mut tx, FACT).await?;
    Ok(fact.map(|fact| {
        if fact == Extent::Year.fact() {
            Extent::Year
        } else {
            Extent::Tree
        }
    }))
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
    Ok(loaded(store).await?.is_some())
}

/// The people of the demo data: login and name.
///
/// # Errors
/// [`OpError`].
pub async fn people(store: &Store) -> Result<Vec<(Login, String)>, OpError> {
    let extent = loaded(store).await?.unwrap_or(Extent::Tree);
    let mut tx = store.begin_read().await?;
    let people = store::accounts::people::all_with_email(&mut tx).await?;
    Ok(people
        .into_iter()
        .take(extent.people())
        .map(|(user, _)| (user.login, user.name))
        .collect())
}
