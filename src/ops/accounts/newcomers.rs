//! People who are new (S17): an account is made for them, and they are invited by mail to choose a password.

use domain::{
    access::{self, Actor, Denied},
    accounts::{Login, Permissions, clean_email},
    history::events::EventKind,
    ids::{GroupId, UserId},
    names::clean_name,
    refusals::Refusal,
    time::earlier,
};
use jiff::SignedDuration;

use crate::{
    ops::{
        OpError,
        accounts::{found, record},
        actor,
        instance::Vendor,
        transactions::in_transaction,
    },
    store::{self, Store, Tx, accounts::people::User, history::events::Entry},
};

/// Most people whom somebody invites within [`LATELY`]: who administers a group cannot have the portal write to the world.
pub const MAX_INVITED: u32 = 200;
/// How long a link of a mail is waited for before another one is sent, and for how long invitations are counted.
const LATELY: SignedDuration = SignedDuration::from_hours(1);

/// What is known of a person who is to get an account.
#[derive(Debug, Clone)]
pub struct NewAccount<'a> {
    /// The name they will log in with.
    pub login: &'a str,
    /// Name shown to people; the login where it is empty.
    pub name: &'a str,
    /// Where mail reaches them; may be empty.
    pub email: &'a str,
    /// The group they become a member of, with the permissions there.
    pub group: Option<GroupId>,
    /// The permissions.
    pub permissions: Permissions,
    /// Whether they are sent a link by mail, in this language: then the account is switched on.
    pub invited_in: Option<&'a str>,
}

/// Makes an account without a password: switched off, or with a link by mail, switched on.
///
/// # Errors
/// [`Refusal`]: the policy, the login, the name, the mail address; [`invite`]'s for who is invited.
pub async fn create(
    store: &Store,
    vendor: &Vendor,
    by: UserId,
    new: &NewAccount<'_>,
) -> Result<UserId, OpError> {
    let id = UserId(store.sources.fresh_id());
    let created: Result<UserId, OpError> = in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let membership = match new.group {
            Some(group) => {
                let lineage = store::groups::lineage(&mut tx, group)
                    .await?
                    .ok_or(Denied::Hidden)?;
                Some((lineage, new.permissions))
            }
            None if new.permissions != Permissions::NONE => Err(Refusal::PermissionsWithoutGroup)?,
            None => None,
        };
        let proof = access::authorize_create_account(&actor, membership)?;
        let login: Login = new.login.parse().map_err(|_| Refusal::InvalidLogin)?;
        let name = if new.name.trim().is_empty() {
            login.as_str()
        } else {
            new.name
        };
        let name = clean_name(name).map_err(Refusal::from)?;
        let email = clean_email(new.email).map_err(|_| Refusal::InvalidEmail)?;
        let user = User {
            id,
            login,
            name,
            isv_admin: false,
        };
        store::accounts::create(&mut tx, &proof, &user, email.as_deref(), store.sources.now()).await?;
        let entry = Entry {
            user: Some(id),
            group: new.group,
            ..Entry::new(EventKind::UserCreated, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        if let Some(language) = new.invited_in {
            invite_in(store, vendor, &mut tx, &actor, id, language).await?;
        }
        Ok(id)
    });
    match created {
        Err(OpError::Store(error)) if error.is_duplicate() => Err(Refusal::LoginTaken.into()),
        other => other,
    }
}

/// Has a person without a password sent a link that sets one, again if need be. An account that is switched off is switched on.
///
/// # Errors
/// The policy's; [`Refusal::HasPassword`], [`Refusal::NoEmail`], [`Refusal::NoSeatLeft`]; [`Refusal::InvitedLately`] within
/// [`LATELY`] of the last time; [`Refusal::TooManyInvitations`] after [`MAX_INVITED`].
pub async fn invite(
    store: &Store,
    vendor: &Vendor,
    by: UserId,
    user: UserId,
    language: &str,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        invite_in(store, vendor, &mut tx, &actor, user, language).await
    })
}

async fn invite_in(
    store: &Store,
    vendor: &Vendor,
    tx: &mut Tx,
    actor: &Actor,
    user: UserId,
    language: &str,
) -> Result<(), OpError> {
    let now = store.sources.now();
    let (account, subject) = found(tx, user).await?;
    // A link is as good as a password.
    access::authorize_reset(actor, &subject)?;
    let proof = access::authorize_account(actor, &subject)?;
    if !account.password.is_missing() {
        Err(Refusal::HasPassword)?;
    }
    if account.email.is_none() {
        Err(Refusal::NoEmail)?;
    }
    let lately = earlier(now, LATELY);
    if store::accounts::invitations::is_asked_for(tx, user, lately).await? {
        Err(Refusal::InvitedLately)?;
    }
    let invited = store::accounts::invitations::count_by(tx, actor.user, lately).await?;
    if invited >= u64::from(MAX_INVITED) {
        Err(Refusal::TooManyInvitations { most: MAX_INVITED })?;
    }
    if !account.active {
        let mut seats = vendor.pool(tx, now).await?.take(1).map_err(Refusal::from)?;
        store::accounts::switch_on(tx, &proof, &mut seats).await?;
        record(tx, store, EventKind::UserActivated, actor.user, user).await?;
    }
    Ok(store::accounts::invitations::invite(tx, &proof, language, now).await?)
}
