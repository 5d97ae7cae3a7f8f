//! Who gives their present password once more (ASVS 5.0, 7.5.1). It is compared outside of the transaction that acts on it,
//! because hashing is slow; inside, it is looked whether all of it still holds.

use domain::{
    ids::{SessionId, UserId},
    refusals::Refusal,
};

use crate::{
    ops::{OpError, accounts::passwords, workers::PASSWORDS},
    store::{self, Store, Tx, accounts::people::User},
};

/// A person with what they gave as their present password.
pub struct Reauthentication {
    /// Who it is.
    pub user: UserId,
    /// The login in which they gave it; `None` of a program.
    pub session: Option<SessionId>,
    /// The password.
    pub present: String,
}

/// The password was the right one, when it was looked at.
pub(super) struct Confirmed {
    /// Who it is.
    pub known: User,
    session: Option<SessionId>,
    hash: String,
}

impl Reauthentication {
    /// Compares the password.
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`]; [`OpError::Overloaded`].
    pub(super) async fn confirm(&self, store: &Store) -> Result<Confirmed, OpError> {
        let (known, stored) = {
            let mut tx = store.begin_read().await?;
            let known = store::accounts::people::by_id(&mut tx, self.user)
                .await?
                .ok_or(OpError::NoSuchActor)?;
            (
                known,
                store::accounts::people::password(&mut tx, self.user).await?,
            )
        };
        let (given, hash) = (self.present.clone(), stored.clone());
        let fits = PASSWORDS
            .run(move || passwords::verify(&given, hash.as_deref()))
            .await?;
        match stored {
            Some(hash) if fits.unwrap_or(false) => Ok(Confirmed {
                known,
                session: self.session,
                hash,
            }),
            _ => Err(Refusal::WrongPassword.into()),
        }
    }
}

impl Confirmed {
    /// Whether it still holds, in the transaction that acts on it: somebody may have replaced the password, switched the
    /// account off or ended the login meanwhile.
    ///
    /// # Errors
    /// [`Refusal::WrongPassword`]; [`OpError::NoSuchActor`].
    pub(super) async fn holds(&self, tx: &mut Tx) -> Result<(), OpError> {
        let user = self.known.id;
        if store::accounts::people::password(tx, user).await?.as_deref() != Some(&*self.hash) {
            return Err(Refusal::WrongPassword.into());
        }
        if !matches!(store::accounts::people::state(tx, user).await?, Some((true, _))) {
            return Err(OpError::NoSuchActor);
        }
        if let Some(session) = self.session
            && store::accounts::sessions::by_id(tx, session)
                .await?
                .is_none_or(|session| session.user != user)
        {
            return Err(OpError::NoSuchActor);
        }
        Ok(())
    }
}
