//! Accounts, for those who look after them (S17): the list, new people, the state within the pool of seats, passwords.

pub mod identity_providers;
pub mod impersonation;
pub mod invitations;
pub mod known_devices;
pub mod newcomers;
pub mod offboarding;
pub mod password_links;
pub mod passwords;
pub mod people;
pub mod personal_tokens;
pub mod reauthentication;
pub mod second_factors;
pub mod sessions;

use domain::{
    access::{self, AccountChange, Actor, Authorized, Denied, Subject},
    accounts::{GENERATED_LIFE, Permission, Permissions, clean_email, sessions::EndReason},
    groups::Lineage,
    history::events::EventKind,
    ids::{GroupId, UserId},
    names::clean_name,
    refusals::Refusal,
    time::{earlier, later},
};
use jiff::Timestamp;

use crate::{
    ops::{
        OpError, accounts::reauthentication::Reauthentication, actor, instance::Vendor, readers::Names,
        transactions::in_transaction, workers::PASSWORDS,
    },
    store::{
        self, Store, Tx,
        accounts::{Account, people::User},
        history::events::Entry,
        visibility::VisibilityScope,
    },
    views::accounts::{
        Membership, OwnAccount, PasswordState, SeatsLeft, UserDetail, UserPage, UserQuery, UserRow,
    },
};

/// Most accounts switched at once.
const MAX_SWITCHED: usize = 500;
/// Beyond this nobody turns pages; a search is the way.
const MAX_PAGE: u32 = 10_000;

/// The reach of somebody who looks after people; for all others there is nothing of the kind.
async fn visibility(tx: &mut Tx, reader: UserId) -> Result<VisibilityScope, OpError> {
    let actor = actor(tx, reader).await?;
    if !actor.looks_after_people() {
        return Err(Denied::Hidden.into());
    }
    Ok(VisibilityScope::of(tx, actor).await?)
}

fn row(account: Account, groups: Vec<(GroupId, Vec<String>)>, now: Timestamp) -> UserRow {
    let password = match account.password {
        // Nobody tries to send it any more.
        PasswordState::Inviting(asked) if asked < earlier(now, invitations::GIVE_UP) => PasswordState::None,
        known => known,
    };
    UserRow {
        id: account.user.id,
        login: account.user.login,
        name: account.user.name,
        email: account.email,
        isv_admin: account.user.isv_admin,
        active: account.active,
        password,
        groups,
    }
}

fn visible_groups(
    visibility: &VisibilityScope,
    names: &Names,
    lineages: &[Lineage],
) -> Vec<(GroupId, Vec<String>)> {
    let visible = lineages
        .iter()
        .filter(|lineage| visibility.visible(lineage).is_some());
    visible
        .map(|lineage| (lineage.group(), names.path(visibility, lineage)))
        .collect()
}

/// The accounts within the reader's reach.
///
/// # Errors
/// [`Denied::Hidden`] for who looks after nobody.
pub async fn list(
    store: &Store,
    vendor: &Vendor,
    reader: UserId,
    query: &UserQuery,
) -> Result<UserPage, OpError> {
    let query = UserQuery {
        search: query.search.chars().take(100).collect(),
        page: query.page.min(MAX_PAGE),
        ..query.clone()
    };
    let mut tx = store.begin_read().await?;
    let visibility = visibility(&mut tx, reader).await?;
    let (accounts, total) = store::accounts::page(&mut tx, &visibility, &query).await?;
    let people: Vec<UserId> = accounts.iter().map(|account| account.user.id).collect();
    let groups = store::accounts::groups_of(&mut tx, &people).await?;
    let names = Names::of(
        &mut tx,
        &visibility,
        groups.iter().flat_map(|(_, lineages)| lineages),
    )
    .await?;
    let now = store.sources.now();
    let rows = accounts
        .into_iter()
        .zip(groups)
        .map(|(account, (_, lineages))| row(account, visible_groups(&visibility, &names, &lineages), now))
        .collect();
    Ok(UserPage {
        rows,
        total,
        seats: seats_left(vendor, &mut tx, visibility.actor(), now).await?,
    })
}

/// What that person is told of the seats.
async fn seats_left(
    vendor: &Vendor,
    tx: &mut Tx,
    actor: &Actor,
    now: Timestamp,
) -> Result<SeatsLeft, OpError> {
    let pool = vendor.pool(tx, now).await?;
    Ok(match access::authorize_administration(actor) {
        Ok(_) => SeatsLeft::Pool(pool),
        Err(_) => SeatsLeft::IsLeft(pool.left() > 0),
    })
}

pub(crate) async fn found(tx: &mut Tx, user: UserId) -> Result<(Account, Subject), OpError> {
    Ok(store::accounts::by_id(tx, user).await?.ok_or(Denied::Hidden)?)
}

/// An account.
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn detail(
    store: &Store,
    vendor: &Vendor,
    reader: UserId,
    user: UserId,
) -> Result<UserDetail, OpError> {
    let mut tx = store.begin_read().await?;
    let visibility = visibility(&mut tx, reader).await?;
    let (account, subject) = found(&mut tx, user).await?;
    let may_change = match access::authorize_account(visibility.actor(), &subject) {
        Ok(_) => true,
        Err(Denied::Hidden) => return Err(Denied::Hidden.into()),
        Err(_) => false,
    };
    let names = Names::of(&mut tx, &visibility, &subject.groups).await?;
    let session = store::accounts::sessions::of_user(&mut tx, user).await?;
    let permissions = crate::ops::actor(&mut tx, user).await?.memberships;
    let visible = subject
        .groups
        .iter()
        .filter(|group| visibility.visible(group).is_some());
    let memberships = visible.map(|group| {
        let now = permissions.get(&group.group()).copied().unwrap_or_default();
        Membership {
            group: group.group(),
            path: names.path(&visibility, group),
            permissions: now,
            grant: grantable(visibility.actor(), &subject, group, now),
        }
    });
    let mut memberships: Vec<Membership> = memberships.collect();
    memberships.sort_by(|one, other| one.path.cmp(&other.path));
    let now = store.sources.now();
    Ok(UserDetail {
        memberships,
        row: row(account, visible_groups(&visibility, &names, &subject.groups), now),
        second_factor: store::accounts::login_facts::login_facts(&mut tx, user)
            .await?
            .second_factor,
        logged_in_since: session.map(|session| session.begun_at),
        may_change,
        seats: seats_left(vendor, &mut tx, visibility.actor(), now).await?,
    })
}

/// The permissions that the actor may give and take in that membership of the person.
fn grantable(actor: &Actor, subject: &Subject, group: &Lineage, now: Permissions) -> Permissions {
    let may = |permission: &Permission| {
        let then = now.switched(*permission);
        access::authorize_membership(actor, group, subject.user, &subject.groups, Some(now), Some(then))
            .is_ok()
    };
    Permission::ALL.iter().copied().filter(may).collect()
}

/// Changes name and mail address.
///
/// # Errors
/// [`Refusal`]: the policy, the name, the mail address.
pub async fn rewrite(
    store: &Store,
    by: UserId,
    user: UserId,
    name: &str,
    email: &str,
) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let (account, subject) = found(&mut tx, user).await?;
        let proof = access::authorize_account(&actor, &subject)?;
        let name = clean_name(name).map_err(Refusal::from)?;
        let email = clean_email(email).map_err(|_| Refusal::InvalidEmail)?;
        store::accounts::rewrite(&mut tx, &proof, &account.user, &name).await?;
        if email != account.email {
            let proof = access::authorize_email(&actor, &subject)?;
            store::accounts::set_email(&mut tx, &proof, email.as_deref()).await?;
        }
        record(&mut tx, store, EventKind::UserChanged, by, user).await
    })
}

pub(super) async fn record(
    tx: &mut Tx,
    store: &Store,
    kind: EventKind,
    by: UserId,
    user: UserId,
) -> Result<(), OpError> {
    let entry = Entry {
        user: Some(user),
        ..Entry::new(kind, by)
    };
    Ok(store::history::events::record(tx, &store.sources, entry).await?)
}

/// Switches accounts on or off, all of them or none. On: within the pool, and with a password. Off: the password is
/// kept, and a running login stays until logout unless `end_login` is wished (settled reading).
///
/// # Errors
/// [`Refusal::NobodySelected`], [`Refusal::NoSeatLeft`], [`Refusal::NoPassword`], [`Refusal::LastIsvAdmin`], and the policy's.
pub async fn switch(
    store: &Store,
    vendor: &Vendor,
    by: UserId,
    users: &[UserId],
    active: bool,
    end_login: bool,
) -> Result<(), OpError> {
    if users.is_empty() {
        return Err(Refusal::NobodySelected.into());
    }
    if users.len() > MAX_SWITCHED {
        return Err(Refusal::Malformed.into());
    }
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let now = store.sources.now();
        let mut changing = Vec::new();
        for user in users {
            let (account, subject) = found(&mut tx, *user).await?;
            let proof = access::authorize_account(&actor, &subject)?;
            // Asked for what is so already, nothing happens: two administrators may press the same button.
            if account.active != active && changing.iter().all(|(_, known)| known != &proof) {
                changing.push((account, proof));
            }
        }
        if active {
            if changing.iter().any(|(account, _)| account.password.is_missing()) {
                Err(Refusal::NoPassword)?;
            }
            let wanted = u32::try_from(changing.len()).unwrap_or(u32::MAX);
            let pool = vendor.pool(&mut tx, now).await?;
            let mut seats = pool.take(wanted).map_err(Refusal::from)?;
            for (_, proof) in &changing {
                store::accounts::switch_on(&mut tx, proof, &mut seats).await?;
                record(&mut tx, store, EventKind::UserActivated, by, proof.user).await?;
            }
        } else {
            for (account, proof) in &changing {
                if end_login {
                    end_login_of(store, &mut tx, proof, EndReason::Deactivated, None).await?;
                }
                switch_off(store, &mut tx, account, proof).await?;
            }
        }
        Ok(())
    })
}

/// Switches an account off. The password is kept.
///
/// # Errors
/// [`Refusal::LastIsvAdmin`].
pub(crate) async fn switch_off(
    store: &Store,
    tx: &mut Tx,
    account: &Account,
    proof: &Authorized<AccountChange>,
) -> Result<(), OpError> {
    store::accounts::switch_off(tx, proof).await?;
    store::licensing::usage::people::forget(tx, proof).await?;
    record(tx, store, EventKind::UserDeactivated, proof.by, proof.user).await?;
    if account.user.isv_admin && store::accounts::active(tx).await?.1 == 0 {
        return Err(Refusal::LastIsvAdmin.into());
    }
    Ok(())
}

/// Ends the running login of an account, where there is one.
///
/// # Errors
/// [`OpError::Store`].
pub(crate) async fn end_login_of(
    store: &Store,
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    reason: EndReason,
    note: Option<&str>,
) -> Result<(), OpError> {
    let now = store.sources.now();
    if store::accounts::sessions::end_of_account(tx, proof, reason, note, now).await? {
        record(tx, store, EventKind::LoginEnded, proof.by, proof.user).await?;
    }
    Ok(())
}

/// Generates a password for an account. It is shown once, works for [`GENERATED_LIFE`], and is to be replaced
/// at the first login.
///
/// # Errors
/// The policy's.
pub async fn generate_password(store: &Store, by: UserId, user: UserId) -> Result<String, OpError> {
    may_generate(store, by, user).await?;
    let password = passwords::generate(&store.sources);
    let hash = hashed(store, password.clone()).await?;
    in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let (_, subject) = found(&mut tx, user).await?;
        let proof = access::authorize_reset(&actor, &subject)?;
        let until = later(store.sources.now(), GENERATED_LIFE);
        store::accounts::set_generated_password(&mut tx, &proof, &hash, until).await?;
        record(&mut tx, store, EventKind::PasswordGenerated, by, user).await
    })?;
    Ok(password)
}

/// Hashing is dear: it is not done for who may not.
async fn may_generate(store: &Store, by: UserId, user: UserId) -> Result<(), OpError> {
    let mut tx = store.begin_read().await?;
    let actor: Actor = actor(&mut tx, by).await?;
    let (_, subject) = found(&mut tx, user).await?;
    access::authorize_reset(&actor, &subject)?;
    Ok(())
}

pub(super) async fn hashed(store: &Store, password: String) -> Result<String, OpError> {
    let sources = store.sources.clone();
    let hash = PASSWORDS
        .run(move || passwords::hash(&sources, &password))
        .await?;
    hash.and_then(Result::ok)
        .ok_or(store::StoreError::Inconsistent("password").into())
}

/// Words that whoever attacks an account tries first.
pub(super) fn own_words(user: &User) -> Vec<&str> {
    user.name
        .split_whitespace()
        .chain([user.login.as_str()])
        .collect()
}

/// A person chooses a new password, and gives the present one once more (ASVS 5.0, 6.2.3). With `end_tokens`, their access
/// tokens end: somebody may have made one who knew the old password.
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::WeakPassword`].
pub async fn change_password(
    store: &Store,
    by: &Reauthentication,
    chosen: &str,
    end_tokens: bool,
) -> Result<(), OpError> {
    let confirmed = by.confirm(store).await?;
    let mut own = own_words(&confirmed.known);
    own.push(&by.present);
    let user = by.user;
    passwords::check(chosen, &own).map_err(Refusal::from)?;
    let hash = hashed(store, chosen.to_owned()).await?;
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        store::accounts::people::choose_password(&mut tx, user, &hash).await?;
        if end_tokens {
            store::accounts::personal_tokens::forget(&mut tx, user).await?;
        }
        record(&mut tx, store, EventKind::PasswordChanged, user, user).await
    })
}

/// A person changes their own name (S12).
///
/// # Errors
/// [`Refusal`]: the name.
pub async fn rename_own(store: &Store, user: UserId, name: &str) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let (account, _) = found(&mut tx, user).await?;
        let name = clean_name(name).map_err(Refusal::from)?;
        let actor = actor(&mut tx, user).await?;
        let proof = access::authorize_own_account(&actor);
        store::accounts::rewrite(&mut tx, &proof, &account.user, &name).await?;
        record(&mut tx, store, EventKind::UserChanged, user, user).await
    })
}

/// A person replaces their own mail address (S12), and gives their password once more: whoever reads that mail may set
/// another one (ASVS 5.0, 7.5.1).
///
/// # Errors
/// [`Refusal::WrongPassword`], [`Refusal::InvalidEmail`].
pub async fn change_own_email(store: &Store, by: &Reauthentication, email: &str) -> Result<(), OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    let email = clean_email(email).map_err(|_| Refusal::InvalidEmail)?;
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let actor = actor(&mut tx, user).await?;
        let proof = access::authorize_own_email(&actor);
        store::accounts::set_email(&mut tx, &proof, email.as_deref()).await?;
        record(&mut tx, store, EventKind::UserChanged, user, user).await
    })
}

/// A person's own account (S12).
///
/// # Errors
/// [`OpError`].
pub async fn own(store: &Store, user: UserId) -> Result<OwnAccount, OpError> {
    let mut tx = store.begin_read().await?;
    let (account, _) = found(&mut tx, user).await?;
    Ok(OwnAccount {
        id: account.user.id,
        login: account.user.login,
        name: account.user.name,
        email: account.email,
    })
}
