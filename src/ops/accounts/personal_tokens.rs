//! Personal access tokens: making and taking them back, and who comes with one.

use domain::{
    access::{self, AccountChange, Actor, Authorized, Denied},
    accounts::{
        personal_tokens::{InvalidToken, MAX_TOKEN_DAYS, MAX_TOKENS, Scope, Scopes, TOKEN_PREFIX},
        sessions::RequiredAction,
    },
    history::events::EventKind,
    ids::{PersonalTokenId, UserId},
    names::clean_name,
    refusals::Refusal,
    time::{days, later},
};
use jiff::SignedDuration;

use crate::{
    ops::{
        OpError,
        accounts::{self, reauthentication::Reauthentication},
        actor, tokens,
        transactions::in_transaction,
    },
    store::{
        self, Store, Tx,
        accounts::personal_tokens::{New, Shown},
    },
    views::accounts::personal_tokens::PersonalToken,
};

/// How exactly the last use of a token is known: not every request is to be a write.
const USE: SignedDuration = SignedDuration::from_mins(1);

/// Who came with a token, and what it is good for.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Bearer {
    /// Which token.
    pub token: PersonalTokenId,
    /// Whose it is.
    pub user: UserId,
    /// What the person has to do before anything else.
    required_action: Option<RequiredAction>,
    scopes: Scopes,
}

impl Bearer {
    /// Whether the token is taken for something of that scope.
    ///
    /// # Errors
    /// [`Denied::BeyondToken`]; [`Refusal::PasswordTemporary`] and [`Refusal::SecondFactorDemanded`], as for a login.
    pub fn permit(&self, needed: Scope) -> Result<(), Refusal> {
        match self.required_action {
            Some(RequiredAction::ReplacePassword) => return Err(Refusal::PasswordTemporary),
            Some(RequiredAction::AddSecondFactor) => return Err(Refusal::SecondFactorDemanded),
            None => {}
        }
        Ok(access::authorize_scope(&self.scopes, needed)?)
    }
}

/// Who comes with that token; `None` when it is no token, was taken back or has expired, or the account is switched off.
///
/// # Errors
/// [`OpError::Store`].
pub async fn bearer(store: &Store, token: &str) -> Result<Option<Bearer>, OpError> {
    if !token.starts_with(TOKEN_PREFIX) {
        return Ok(None);
    }
    let now = store.sources.now();
    let found = {
        let mut tx = store.begin_read().await?;
        store::accounts::personal_tokens::by_hash(&mut tx, &tokens::hash(token), now).await?
    };
    let Some(shown) = found else {
        return Ok(None);
    };
    let Shown {
        id,
        user,
        scopes,
        last_used_at,
        facts,
    } = shown;
    if last_used_at.is_none_or(|used| now.duration_since(used) >= USE) {
        in_transaction!(store, |tx| {
            Ok::<_, OpError>(store::accounts::personal_tokens::used(&mut tx, id, now).await?)
        })?;
    }
    Ok(Some(Bearer {
        token: id,
        user,
        required_action: facts.required_action(),
        scopes,
    }))
}

/// Of one's own tokens everybody decides; of those of others who may change the account.
async fn authorized(tx: &mut Tx, by: UserId, user: UserId) -> Result<Authorized<AccountChange>, OpError> {
    let actor: Actor = actor(tx, by).await?;
    if by == user {
        return Ok(access::authorize_own_account(&actor));
    }
    let (_, subject) = accounts::found(tx, user).await?;
    Ok(access::authorize_account(&actor, &subject)?)
}

/// The tokens of a person, the newest first.
///
/// # Errors
/// The policy's.
pub async fn list(store: &Store, by: UserId, user: UserId) -> Result<Vec<PersonalToken>, OpError> {
    let mut tx = store.begin_read().await?;
    authorized(&mut tx, by, user).await?;
    Ok(store::accounts::personal_tokens::of_user(&mut tx, user, store.sources.now()).await?)
}

/// A token that a person wishes for.
pub struct Wished<'a> {
    /// What they call it.
    pub name: &'a str,
    /// What it is to be good for.
    pub scopes: &'a Scopes,
    /// For how many days.
    pub days: u32,
}

/// Makes a token for the person who asks; the present password is asked for. What is returned is shown this once.
///
/// # Errors
/// [`Refusal::WrongPassword`]; [`Refusal::InvalidName`]; [`Refusal::InvalidToken`].
pub async fn create(store: &Store, by: &Reauthentication, wished: &Wished<'_>) -> Result<String, OpError> {
    let confirmed = by.confirm(store).await?;
    let user = by.user;
    let name = clean_name(wished.name).map_err(Refusal::from)?;
    if !(1..=MAX_TOKEN_DAYS).contains(&wished.days) {
        Err(Refusal::from(InvalidToken::Days))?;
    }
    if wished.scopes.is_empty() {
        Err(Refusal::from(InvalidToken::NoScope))?;
    }
    let token = format!("{TOKEN_PREFIX}{}", tokens::fresh(&store.sources));
    let hash = tokens::hash(&token);
    in_transaction!(store, |tx| {
        confirmed.holds(&mut tx).await?;
        let proof = authorized(&mut tx, user, user).await?;
        let now = store.sources.now();
        if store::accounts::personal_tokens::of_user(&mut tx, user, now)
            .await?
            .len()
            >= MAX_TOKENS
        {
            Err(Refusal::from(InvalidToken::TooMany))?;
        }
        let new = New {
            id: PersonalTokenId(store.sources.fresh_id()),
            name: &name,
            token_hash: &hash,
            scopes: wished.scopes,
            created_at: now,
            expires_at: later(now, days(wished.days)),
        };
        store::accounts::personal_tokens::insert(&mut tx, &proof, &new).await?;
        accounts::record(&mut tx, store, EventKind::TokenCreated, user, user).await
    })?;
    Ok(token)
}

/// Takes a token back: its program is refused with its next request.
///
/// # Errors
/// The policy's.
pub async fn revoke(store: &Store, by: UserId, token: PersonalTokenId) -> Result<(), OpError> {
    in_transaction!(store, |tx| {
        let owner = store::accounts::personal_tokens::owner(&mut tx, token).await?;
        // Asked for whether there is a token or not (R12).
        let proof = authorized(&mut tx, by, owner.unwrap_or(UserId(store::NOTHING))).await?;
        let user = owner.ok_or(Denied::Hidden)?;
        store::accounts::personal_tokens::delete(&mut tx, &proof, token).await?;
        accounts::record(&mut tx, store, EventKind::TokenRevoked, by, user).await
    })
}
