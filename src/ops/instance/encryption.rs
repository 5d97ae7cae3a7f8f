//! The keys that secrets are encrypted with: at the start, in the place of another one, and when they are lost.

use std::{fs::File, path::PathBuf};

use domain::history::{
    changes::Change,
    events::{EventKind, OPERATOR},
};
use jiff::Timestamp;

use crate::{
    ops::{OpError, transactions::in_transaction},
    store::{
        self, Store, StoreError, Tx,
        encryption::{
            Column, ENCRYPTED, EncryptionError, EncryptionKey, IDENTITY_PROVIDERS, KeyId, KeySource,
            SECOND_FACTORS, SIGNING_KEYS, WEBHOOKS,
        },
        history::events::Entry,
        instance::encryption_keys::{self, KnownKey},
    },
};

/// Values that are encrypted in one transaction: others wait for it, or lose against it, for as long as it takes.
pub const BATCH: i64 = 100;

impl From<EncryptionError> for OpError {
    fn from(error: EncryptionError) -> Self {
        Self::Store(error.into())
    }
}

/// What was done at the start, for the operator to know.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Unlocked {
    /// The key file that was made.
    pub made: Option<PathBuf>,
    /// How many secrets stood in plain text, and were encrypted.
    pub encrypted: u64,
}

async fn known(store: &Store) -> Result<Vec<KnownKey>, OpError> {
    let mut tx = store.begin_read().await?;
    Ok(encryption_keys::all(&mut tx).await?)
}

/// Verifies that the keys decrypt what is encrypted in the database, first of all at every start. A database without any gets one,
/// with its file where there is none yet; what an older portal left in plain text is encrypted.
///
/// Killed at any point, the next start goes on with it.
///
/// # Errors
/// [`EncryptionError`] where the key is another one, in words for the operator; [`OpError::Store`].
pub async fn unlock(store: &Store, source: KeySource) -> Result<Unlocked, OpError> {
    store.keys().draw_from(source);
    let mut unlocked = Unlocked::default();
    if known(store).await?.is_empty() {
        let (key, made) = store.keys().first_or_new(&store.sources)?;
        unlocked.made = made;
        let first: Result<(), OpError> = in_transaction!(store, |tx| {
            if encryption_keys::all(&mut tx).await?.is_empty() {
                let mut plain_left = false;
                for column in ENCRYPTED {
                    plain_left |= !encryption_keys::others(&mut tx, column, None, None, 1)
                        .await?
                        .is_empty();
                }
                encryption_keys::put_in_force(&mut tx, &key, plain_left, store.sources.now()).await?;
            }
            Ok(())
        });
        match first {
            // Another server was faster: its key is the one.
            Err(OpError::Store(error)) if error.is_duplicate() => {}
            first => first?,
        }
    }
    store.keys().read()?;
    let keys = {
        let mut tx = store.begin_read().await?;
        encryption_keys::check(&mut tx).await?;
        encryption_keys::all(&mut tx).await?
    };
    if keys.iter().any(|key| key.plain_left) {
        unlocked.encrypted = encrypt_plain(store).await?;
    }
    Ok(unlocked)
}

/// Encrypts what stands in plain text, and has nothing of it left in the files of the database.
async fn encrypt_plain(store: &Store) -> Result<u64, OpError> {
    let mut encrypted = 0;
    for column in ENCRYPTED {
        let mut after = None;
        loop {
            let (count, last) = encrypt_some(store, column, None, after.as_deref()).await?;
            encrypted += count;
            after = last;
            if after.is_none() {
                break;
            }
        }
    }
    store.rewrite(ENCRYPTED.map(|column| column.table)).await?;
    in_transaction!(store, |tx| { Ok(encryption_keys::no_plain_left(&mut tx).await?) })?;
    Ok(encrypted)
}

/// Encrypts up to [`BATCH`] values of a column anew: those that another key than this one encrypted, or (`None`) nobody. Returns how
/// many, and the last of their rows, if there were any.
async fn encrypt_some(
    store: &Store,
    column: &Column,
    key: Option<&KeyId>,
    after: Option<&str>,
) -> Result<(u64, Option<String>), OpError> {
    in_transaction!(store, |tx| {
        let found = encryption_keys::others(&mut tx, column, key, after, BATCH).await?;
        let (mut count, mut last) = (0, None);
        for stored in found {
            let secret = match key {
                Some(_) => encryption_keys::decrypt(&tx, column, &stored.row, &stored.value)?,
                None => stored.value.into(),
            };
            encryption_keys::replace(&mut tx, column, &stored.row, &secret).await?;
            count += 1;
            last = Some(stored.row);
        }
        Ok((count, last))
    })
}

/// Another key takes the place of the one in force, while servers run: they read what either encrypted, and find the new one in the
/// key file as soon as the database names it.
pub struct Rotation<'a> {
    store: &'a Store,
    key: EncryptionKey,
    /// The column that is being encrypted anew.
    at: usize,
    after: Option<String>,
    /// How many values were encrypted anew.
    encrypted: u64,
    _alone: Option<File>,
}

/// What a rotation did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rotated {
    /// The key in force.
    pub key: KeyId,
    /// How many values were encrypted anew, by this attempt.
    pub encrypted: u64,
    /// Where the key before it stands; `None` where keys come from the environment.
    pub retired: Option<PathBuf>,
}

impl<'a> Rotation<'a> {
    /// Puts a key in force: that of a rotation that was not finished; or the first of those at hand, where it is not in force
    /// yet; or else a new one, which is written to the key file before anything is encrypted with it.
    ///
    /// # Errors
    /// [`EncryptionError`], among others where no new key can be made; [`OpError::Store`].
    pub async fn begin(store: &'a Store) -> Result<Self, OpError> {
        let keys = store.keys();
        let alone = keys.lock()?;
        let known = known(store).await?;
        let [in_force, others @ ..] = known.as_slice() else {
            return Err(EncryptionError::Locked.into());
        };
        let held = keys.read()?;
        let key = if others.is_empty() {
            let key = match held.into_iter().next() {
                Some(first) if first.id().as_str() != in_force.id => first,
                _ => keys.add(&store.sources)?,
            };
            in_transaction!(store, |tx| {
                // Where another server has begun one meanwhile, its key has to be known here.
                if encryption_keys::all(&mut tx).await? != known {
                    encryption_keys::check(&mut tx).await?;
                }
                Ok(encryption_keys::put_in_force(&mut tx, &key, false, store.sources.now()).await?)
            })?;
            key
        } else {
            keys.key(&in_force.id)?
        };
        Ok(Self {
            store,
            key,
            at: 0,
            after: None,
            encrypted: 0,
            _alone: alone,
        })
    }

    /// Encrypts up to [`BATCH`] values anew, in one transaction. Whether there may be more.
    ///
    /// # Errors
    /// [`EncryptionError`] where a value cannot be decrypted, which then stays as it is; [`OpError::Store`].
    pub async fn step(&mut self) -> Result<bool, OpError> {
        let Some(column) = ENCRYPTED.get(self.at) else {
            return Ok(false);
        };
        let (count, last) =
            encrypt_some(self.store, column, Some(self.key.id()), self.after.as_deref()).await?;
        self.encrypted += count;
        if last.is_none() {
            self.at += 1;
        }
        self.after = last;
        Ok(true)
    }

    /// Encrypts whatever is left, and retires the other keys.
    ///
    /// # Errors
    /// Those of [`Rotation::step`]; [`EncryptionError::Write`].
    pub async fn finish(mut self) -> Result<Rotated, OpError> {
        loop {
            while self.step().await? {}
            // A transaction that had begun before the key was in force may have encrypted with the one before.
            let key = self.key.id();
            let finished: Result<bool, OpError> = in_transaction!(self.store, |tx| {
                for column in ENCRYPTED {
                    if !encryption_keys::others(&mut tx, column, Some(key), None, 1)
                        .await?
                        .is_empty()
                    {
                        return Ok(false);
                    }
                }
                encryption_keys::forget_others(&mut tx, key).await?;
                Ok(true)
            });
            if finished? {
                break;
            }
            self.at = 0;
        }
        Ok(Rotated {
            key: self.key.id().clone(),
            encrypted: self.encrypted,
            retired: self.store.keys().keep_only(&self.key)?,
        })
    }
}

/// A key as operators see it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct KeyRow {
    /// Its id.
    pub id: String,
    /// Whether it is the one that is encrypted with.
    pub in_force: bool,
    /// When it was put in force.
    pub since: Timestamp,
    /// How many values are encrypted with it.
    pub values: u64,
}

/// The keys that something is encrypted with, the one in force first.
///
/// # Errors
/// [`OpError::Store`].
pub async fn list(store: &Store) -> Result<Vec<KeyRow>, OpError> {
    let mut tx = store.begin_read().await?;
    let mut rows = Vec::new();
    for key in encryption_keys::all(&mut tx).await? {
        let mut values = 0;
        for column in ENCRYPTED {
            values += encryption_keys::count(&mut tx, column, &key.id).await?;
        }
        rows.push(KeyRow {
            id: key.id,
            in_force: key.in_force,
            since: key.made_at,
            values,
        });
    }
    Ok(rows)
}

/// What was given up with a lost key.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct GivenUp {
    /// Whether the key that the portal signs with was among it.
    pub signing_key: bool,
    /// How many people have to add a second factor anew.
    pub second_factors: u64,
    /// How many webhooks are gone.
    pub webhooks: u64,
    /// How many identity providers are switched off, without their secret.
    pub identity_providers: u64,
}

/// Gives up what only lost keys decrypt, and goes on with the first key at hand, which is made where there is none.
///
/// # Errors
/// [`EncryptionError::NotLost`]; [`EncryptionError`] where keys cannot be read or made; [`OpError::Store`].
pub async fn replace_lost(store: &Store, source: KeySource) -> Result<GivenUp, OpError> {
    let keys = store.keys();
    keys.draw_from(source);
    let known = known(store).await?;
    let (first, _) = keys.first_or_new(&store.sources)?;
    let lost: Vec<&KnownKey> = known.iter().filter(|key| keys.key(&key.id).is_err()).collect();
    if lost.is_empty() {
        return Err(EncryptionError::NotLost(first.id().to_string()).into());
    }
    let mut given_up = GivenUp::default();
    for key in &lost {
        given_up.second_factors += give_up_all(store, &SECOND_FACTORS, &key.id, give_up_factor).await?;
        given_up.webhooks += give_up_all(store, &WEBHOOKS, &key.id, give_up_webhook).await?;
        given_up.identity_providers +=
            give_up_all(store, &IDENTITY_PROVIDERS, &key.id, give_up_provider).await?;
    }
    given_up.signing_key = in_transaction!(store, |tx| {
        let now = store.sources.now();
        let (mut signs, mut lost_in_force) = (false, false);
        for key in &lost {
            signs |= encryption_keys::count(&mut tx, &SIGNING_KEYS, &key.id).await? > 0;
            lost_in_force |= key.in_force;
        }
        if signs {
            store::instance::signing_keys::retire_all(&mut tx, now).await?;
        }
        if lost_in_force {
            encryption_keys::forget_all(&mut tx).await?;
            encryption_keys::put_in_force(&mut tx, &first, false, now).await?;
        } else {
            for key in &lost {
                encryption_keys::forget(&mut tx, &key.id).await?;
            }
        }
        Ok::<bool, OpError>(signs)
    })?;
    Ok(given_up)
}

/// Gives up what that key encrypted in a column: row by row with `give_up`, which yields what the history says of it. Returns how
/// many there were.
async fn give_up_all(
    store: &Store,
    column: &Column,
    key: &str,
    give_up: impl AsyncFn(&mut Tx, &str) -> Result<Entry, StoreError>,
) -> Result<u64, OpError> {
    let mut all = 0;
    loop {
        let count: Result<u64, OpError> = in_transaction!(store, |tx| {
            let mut count = 0;
            for stored in encryption_keys::encrypted_with(&mut tx, column, key, BATCH).await? {
                let entry = give_up(&mut tx, &stored.row).await?;
                store::history::events::record(&mut tx, &store.sources, entry).await?;
                count += 1;
            }
            Ok(count)
        });
        match count? {
            0 => return Ok(all),
            count => all += count,
        }
    }
}

async fn give_up_factor(tx: &mut Tx, row: &str) -> Result<Entry, StoreError> {
    let user = store::accounts::second_factors::give_up(tx, row).await?;
    Ok(Entry {
        user: Some(user),
        ..Entry::new(EventKind::SecondFactorRemoved, OPERATOR)
    })
}

async fn give_up_provider(tx: &mut Tx, row: &str) -> Result<Entry, StoreError> {
    store::accounts::identity_providers::give_up(tx, row).await?;
    Ok(Entry::new(EventKind::IdentityProviderChanged, OPERATOR))
}

async fn give_up_webhook(tx: &mut Tx, row: &str) -> Result<Entry, StoreError> {
    let (webhook, group, before) = store::history::webhooks::give_up(tx, row).await?;
    Ok(Entry {
        group,
        change: Some(Change::Webhook {
            webhook,
            before: Some(before),
            after: None,
        }),
        ..Entry::new(EventKind::WebhookDeleted, OPERATOR)
    })
}
