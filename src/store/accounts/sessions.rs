//! Logins, running and ended: the server's half of a cookie.

use domain::{
    access::{AccountChange, Administration, Authorized, Impersonation},
    accounts::{
        presence::Unsaved,
        sessions::{EndReason, GONE, Impersonating, LoginFacts, NO_BEAT, Session},
    },
    ids::{IdentityProviderId, SessionId, UserId},
    time::later,
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        accounts::login_facts::{LOGIN_FACTS, LoginFactsRow},
        row::{self, parsed, rows},
        sql::{Sql, containing, millis},
    },
    views::accounts::sessions::PAGE,
};

/// Logins that are read at once.
const READ: usize = 256;

/// A login that begins.
#[derive(Debug, Clone)]
pub struct NewSession<'a> {
    pub id: SessionId,
    pub user: UserId,
    /// SHA-256 of the token in the cookie, in hexadecimal.
    pub token_hash: &'a str,
    pub address: &'a str,
    pub browser: &'a str,
    /// Which provider signed its user in, and whether that asked for a second factor.
    pub provider: Option<(IdentityProviderId, bool)>,
    /// When it begins.
    pub now: Timestamp,
}

const COLUMNS: &str = "s.id, s.user_id, s.begun_at, s.active_at, s.beat_at, s.view_user_id, s.view_until, s.view_recorded, s.factor_given, ";

rows! {
    /// A row of [`COLUMNS`] and [`LOGIN_FACTS`].
    struct SessionRow {
        id: SessionId,
        user_id: UserId,
        begun_at: Timestamp,
        active_at: Timestamp,
        beat_at: Timestamp,
        view_user_id: Option<UserId>,
        view_until: Option<Timestamp>,
        view_recorded: bool,
        factor_given: bool,
        facts: LoginFactsRow,
    }

    struct ListedRow {
        session: SessionRow,
        name: String,
        login: String,
        address: String,
        browser: String,
        ended_at: Option<Timestamp>,
        end_reason: Option<String>,
        ended_by: Option<String>,
        end_note: Option<String>,
        viewing_as: Option<String>,
    }
}

impl From<SessionRow> for Session {
    fn from(row: SessionRow) -> Self {
        let impersonation = match (row.view_user_id, row.view_until) {
            (Some(user), Some(until)) => Some(Impersonating {
                user,
                until,
                recorded: row.view_recorded,
            }),
            _ => None,
        };
        let mut facts = LoginFacts::from(row.facts);
        // The provider has asked for one.
        facts.demanded &= !row.factor_given;
        Self {
            id: row.id,
            user: row.user_id,
            begun_at: row.begun_at,
            active_at: row.active_at,
            beat_at: row.beat_at,
            required_action: facts.required_action(),
            impersonation,
        }
    }
}

/// Writes a new login.
///
/// # Errors
/// [`StoreError`]; when the account has a running one, that is transient: it was begun at the same moment.
pub async fn create(tx: &mut Tx, new: &NewSession<'_>) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO sessions (id, token_hash, user_id, begun_at, active_at, beat_at, address, browser, provider_id,
             factor_given)
         VALUES ($1, $2, $3, $4, $4, $4, $5, $6, $7, $8)",
    )
    .bind(new.id.0)
    .bind(new.token_hash)
    .bind(new.user.0)
    .bind(millis(new.now))
    .bind(new.address)
    .bind(new.browser)
    .bind(new.provider.map(|(provider, _)| provider.0))
    .bind(i64::from(new.provider.is_some_and(|(_, factor)| factor)))
    .execute(tx.conn())
    .await?;
    Ok(())
}

async fn one(tx: &mut Tx, mut sql: Sql) -> Result<Option<Session>, StoreError> {
    sql.push(" AND s.ended_at IS NULL");
    let row: Option<SessionRow> = sql.rows().fetch_optional(tx.conn()).await?;
    Ok(row.map(Session::from))
}

fn select(condition: &str) -> Sql {
    let mut sql = Sql::default();
    sql.push("SELECT ")
        .push(COLUMNS)
        .push(LOGIN_FACTS)
        .push(" FROM sessions s JOIN users u ON u.id = s.user_id WHERE ")
        .push(condition);
    sql
}

/// The running login under that hash of a token.
///
/// # Errors
/// [`StoreError`].
pub async fn by_token(tx: &mut Tx, token_hash: &str) -> Result<Option<Session>, StoreError> {
    let mut sql = select("s.token_hash = ");
    sql.text(token_hash);
    one(tx, sql).await
}

/// By which provider the running login under that hash of a token began.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn provider(
    tx: &mut Tx,
    token_hash: &str,
) -> Result<Option<IdentityProviderId>, StoreError> {
    let provider: Option<Option<i64>> =
        sqlx::query_scalar("SELECT provider_id FROM sessions WHERE token_hash = $1 AND ended_at IS NULL")
            .bind(token_hash)
            .fetch_optional(tx.conn())
            .await?;
    Ok(provider.flatten().map(IdentityProviderId))
}

/// The running login of an account.
///
/// # Errors
/// [`StoreError`].
pub async fn of_user(tx: &mut Tx, user: UserId) -> Result<Option<Session>, StoreError> {
    let mut sql = select("s.user_id = ");
    sql.int(user.0);
    one(tx, sql).await
}

/// The running login with that id.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: SessionId) -> Result<Option<Session>, StoreError> {
    let mut sql = select("s.id = ");
    sql.int(id.0);
    one(tx, sql).await
}

/// Those of these logins that run.
///
/// # Errors
/// [`StoreError`].
pub async fn by_ids(tx: &mut Tx, ids: &[SessionId]) -> Result<Vec<Session>, StoreError> {
    let mut sessions = Vec::with_capacity(ids.len());
    for ids in ids.chunks(READ) {
        let mut sql = select("s.id IN ");
        sql.id_list(ids.iter().map(|id| id.0))
            .push(" AND s.ended_at IS NULL");
        let rows: Vec<SessionRow> = sql.rows().fetch_all(tx.conn()).await?;
        sessions.extend(rows.into_iter().map(Session::from));
    }
    Ok(sessions)
}

/// Ends a login, by itself or by its user.
///
/// # Errors
/// [`StoreError`].
pub async fn end(tx: &mut Tx, id: SessionId, reason: EndReason, now: Timestamp) -> Result<(), StoreError> {
    write_end(tx, id, reason, now, None, None).await
}

/// Ends the running login of an account, as who looks after it; `note` is the reason they gave. Whether there was one.
///
/// # Errors
/// [`StoreError`].
pub async fn end_of_account(
    tx: &mut Tx,
    proof: &Authorized<AccountChange>,
    reason: EndReason,
    note: Option<&str>,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let running = of_user(tx, proof.user).await?;
    if let Some(session) = &running {
        write_end(tx, session.id, reason, now, Some(proof.by), note).await?;
    }
    Ok(running.is_some())
}

/// Ends somebody's login, as an administrator.
///
/// # Errors
/// [`StoreError`].
pub async fn end_for(
    tx: &mut Tx,
    proof: &Authorized<Administration>,
    id: SessionId,
    reason: EndReason,
    note: Option<&str>,
    now: Timestamp,
) -> Result<(), StoreError> {
    write_end(tx, id, reason, now, Some(proof.by), note).await
}

async fn write_end(
    tx: &mut Tx,
    id: SessionId,
    reason: EndReason,
    now: Timestamp,
    by: Option<UserId>,
    note: Option<&str>,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sessions SET ended_at = $1, end_reason = $2, ended_by = $3, end_note = $4
         WHERE id = $5 AND ended_at IS NULL",
    )
    .bind(millis(now))
    .bind(reason.to_string())
    .bind(by.map(|by| by.0))
    .bind(note)
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Writes what was heard of a login. What another server heard later stays.
///
/// # Errors
/// [`StoreError`].
pub async fn save(tx: &mut Tx, heard: &Unsaved) -> Result<(), StoreError> {
    let beat_at = if heard.left { NO_BEAT } else { heard.beat_at };
    sqlx::query(
        "UPDATE sessions SET active_at = CASE WHEN active_at > $1 THEN active_at ELSE $1 END,
             beat_at = CASE WHEN beat_at > $2 THEN beat_at ELSE $3 END
         WHERE id = $4 AND ended_at IS NULL",
    )
    .bind(millis(heard.active_at))
    .bind(millis(heard.beat_at))
    .bind(millis(beat_at))
    .bind(heard.id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Takes back signs of life from the future, written before the clock was set back.
///
/// # Errors
/// [`StoreError`].
pub async fn settle(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET beat_at = $1 WHERE ended_at IS NULL AND beat_at > $2")
        .bind(millis(now))
        .bind(millis(later(now, GONE)))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Running logins that may be over: begun, or active last, at or before these times.
///
/// # Errors
/// [`StoreError`].
pub async fn overdue(tx: &mut Tx, begun: Timestamp, active: Timestamp) -> Result<Vec<Session>, StoreError> {
    let mut sql = select("s.ended_at IS NULL AND (s.begun_at <= ");
    sql.moment(begun)
        .push(" OR s.active_at <= ")
        .moment(active)
        .push(")");
    let rows: Vec<SessionRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Begins an impersonation.
///
/// # Errors
/// [`StoreError`].
pub async fn begin_impersonation(
    tx: &mut Tx,
    id: SessionId,
    proof: &Authorized<Impersonation>,
    until: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET view_user_id = $1, view_until = $2, view_recorded = 0 WHERE id = $3")
        .bind(proof.user.0)
        .bind(millis(until))
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The login shows its user's own portal again.
///
/// # Errors
/// [`StoreError`].
pub async fn end_impersonation(tx: &mut Tx, id: SessionId) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE sessions SET view_user_id = NULL, view_until = NULL, view_recorded = 0 WHERE id = $1",
    )
    .bind(id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// The end of the impersonation stands in the history.
///
/// # Errors
/// [`StoreError`].
pub async fn end_recorded(tx: &mut Tx, id: SessionId) -> Result<(), StoreError> {
    sqlx::query("UPDATE sessions SET view_recorded = 1 WHERE id = $1")
        .bind(id.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Logins, running or not, whose impersonation is over and does not stand in the history as such.
///
/// # Errors
/// [`StoreError`].
pub async fn impersonations_over(tx: &mut Tx, now: Timestamp) -> Result<Vec<Session>, StoreError> {
    let mut sql = select(
        "s.view_user_id IS NOT NULL AND s.view_recorded = 0 AND (s.ended_at IS NOT NULL OR s.view_until <= ",
    );
    sql.moment(now).push(")");
    let rows: Vec<SessionRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok(rows.into_iter().map(Session::from).collect())
}

/// Forgets logins that ended before `oldest`.
///
/// # Errors
/// [`StoreError`].
pub async fn forget(tx: &mut Tx, oldest: Timestamp) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM sessions WHERE ended_at < $1")
        .bind(millis(oldest))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// A login in a list.
#[derive(Debug, Clone)]
pub struct Listed {
    /// The login.
    pub session: Session,
    /// Name of its user.
    pub name: String,
    /// The name they log in with.
    pub login: String,
    pub address: String,
    pub browser: String,
    /// Name of the impersonated person, over or not.
    pub viewing_as: Option<String>,
    /// How it ended; `None` of a running one.
    pub end: Option<End>,
}

/// The end of a login.
#[derive(Debug, Clone)]
pub struct End {
    /// When that is.
    pub at: Timestamp,
    pub reason: EndReason,
    /// Name of the administrator who ended it.
    pub by: Option<String>,
    /// The reason they gave.
    pub note: Option<String>,
}

impl TryFrom<ListedRow> for Listed {
    type Error = StoreError;

    fn try_from(row: ListedRow) -> Result<Self, StoreError> {
        let end = match (row.ended_at, row.end_reason) {
            (Some(at), Some(reason)) => Some(End {
                at,
                reason: parsed(&reason, "sessions.end_reason")?,
                by: row.ended_by,
                note: row.end_note,
            }),
            _ => None,
        };
        Ok(Self {
            session: row.session.into(),
            name: row.name,
            login: row.login,
            address: row.address,
            browser: row.browser,
            viewing_as: row.viewing_as,
            end,
        })
    }
}

/// A page of the running logins, or of the ended ones, the newest first, of people whose name or login contains the
/// text; and how many there are.
///
/// # Errors
/// [`StoreError`].
pub async fn page(
    tx: &mut Tx,
    _proof: &Authorized<Administration>,
    running: bool,
    search: &str,
    page: u32,
) -> Result<(Vec<Listed>, u64), StoreError> {
    let from = |sql: &mut Sql| {
        sql.push(
            " FROM sessions s JOIN users u ON u.id = s.user_id LEFT JOIN users a ON a.id = s.ended_by \
             LEFT JOIN users v ON v.id = s.view_user_id WHERE ",
        )
        .push(if running {
            "s.ended_at IS NULL"
        } else {
            "s.ended_at IS NOT NULL"
        });
        if !search.trim().is_empty() {
            sql.push(" AND u.folded LIKE ")
                .text(containing(search))
                .push(" ESCAPE '\\'");
        }
    };
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*)");
    from(&mut sql);
    let total: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    let mut sql = Sql::default();
    sql.push("SELECT ").push(COLUMNS).push(LOGIN_FACTS).push(
        ", u.name, u.login, s.address, s.browser, s.ended_at, s.end_reason, a.name AS ended_by, s.end_note,
         v.name AS viewing_as",
    );
    from(&mut sql);
    sql.push(if running {
        " ORDER BY s.begun_at DESC, s.id DESC"
    } else {
        " ORDER BY s.ended_at DESC, s.id DESC"
    });
    sql.push(" LIMIT ")
        .int(i64::from(PAGE))
        .push(" OFFSET ")
        .int(i64::from(PAGE) * i64::from(page));
    let rows: Vec<ListedRow> = sql.rows().fetch_all(tx.conn()).await?;
    Ok((row::all(rows)?, u64::try_from(total).unwrap_or_default()))
}
