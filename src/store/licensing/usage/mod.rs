//! What machines made of licences (N18): refusals as they happen, and the folding of leases into hours and days. What is told of
//! it stands in [`told`], what people use in [`people`], what nobody uses in [`unused`].

pub mod people;
pub mod told;
pub mod unused;

use domain::{
    ids::{CredentialId, GroupId, LicenseId, TicketId, UserId},
    licensing::usage::{DAYS_KEPT, HOURS_KEPT, MAX_REFUSALS, PEOPLE_KEPT, RAW_KEPT, Span, UseRefusal, Used},
    tickets::owners::Owner,
    time::earlier,
};
use jiff::{SignedDuration, Timestamp};

use crate::store::{
    NOTHING, StoreError, Tx,
    instance::{fact, set},
    row::{self, moment, number, parsed, rows},
    sql::{BATCH, Sql, Value, millis},
};

/// The fact up to which hour use is folded, in milliseconds since 1970.
const FOLDED_UNTIL: &str = "use_folded_until";
/// The fact since when it is.
const FOLDED_SINCE: &str = "use_folded_since";

/// The columns of hours and days behind their key.
const FIGURES: [&str; 9] = [
    "leased",
    "peak",
    "granted",
    "none_free",
    "not_valid",
    "suspended",
    "revoked",
    "reduced",
    "waited",
];

/// How often machines were refused, for each [`UseRefusal`] in its order.
pub(crate) type Refused = [u32; UseRefusal::ALL.len()];

/// Who had a ticket: its level and its person, as they stand in the tables of use.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Holder {
    /// The group, or the group context.
    pub level: Option<GroupId>,
    /// The person of a personal ticket.
    pub user: Option<UserId>,
}

impl From<Owner> for Holder {
    fn from(owner: Owner) -> Self {
        Self {
            level: owner.level(),
            user: owner.user(),
        }
    }
}

impl Holder {
    /// As it stands in the columns: level and person.
    fn values(self) -> [Value; 2] {
        [
            Value::Int(self.level.map_or(NOTHING, |level| level.0)),
            Value::Int(self.user.map_or(NOTHING, |user| user.0)),
        ]
    }

    /// From the columns, in which 0 stands for none.
    fn read(level: i64, user: i64) -> Self {
        Self {
            level: (level != NOTHING).then_some(GroupId(level)),
            user: (user != NOTHING).then_some(UserId(user)),
        }
    }
}

/// What became of a licence in an hour or a day, while somebody had its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Figures {
    /// What was leased.
    pub used: Used,
    /// How many there were.
    pub granted: u32,
    /// What machines were refused.
    pub refused: Refused,
    /// The minutes in which machines waited, all machines together.
    pub waited: u32,
}

/// A lease that held something.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Leased {
    pub(crate) license: LicenseId,
    pub(crate) ticket: TicketId,
    pub(crate) granted: u32,
    pub(crate) span: Span,
}

/// Refusals of a machine in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefusedOnce {
    pub(crate) license: LicenseId,
    pub(crate) ticket: TicketId,
    pub(crate) granted: u32,
    pub(crate) minute: Timestamp,
    pub(crate) reason: UseRefusal,
    pub(crate) refused: u32,
}

/// Who had a ticket: until when whom, and afterwards.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Owners {
    pub(crate) ticket: TicketId,
    pub(crate) before: Vec<(Timestamp, Owner)>,
    pub(crate) last: Owner,
}

rows! {
    struct LeasedRow {
        license_id: LicenseId,
        ticket_id: TicketId,
        granted: i64,
        begun_at: Timestamp,
        holds_until: i64,
    }

    struct RefusedRow {
        license_id: LicenseId,
        ticket_id: TicketId,
        granted: i64,
        minute: Timestamp,
        reason: String,
        refused: i64,
    }

    struct OwnerRow {
        id: TicketId,
        owner_group_id: Option<GroupId>,
        owner_user_id: Option<UserId>,
        context_group_id: Option<GroupId>,
    }

    struct MovedRow {
        ticket_id: TicketId,
        at: Timestamp,
        from_owner: String,
    }

    /// The columns of [`FIGURES`].
    pub(super) struct FiguresRow {
        leased: i64,
        peak: i64,
        granted: i64,
        none_free: i64,
        not_valid: i64,
        suspended: i64,
        revoked: i64,
        reduced: i64,
        waited: i64,
    }
}

impl TryFrom<LeasedRow> for Leased {
    type Error = StoreError;

    fn try_from(row: LeasedRow) -> Result<Self, StoreError> {
        // A node-locked one that nobody gave back holds its place without end.
        let until = match row.holds_until {
            i64::MAX => Timestamp::MAX,
            until => moment(until, "leases.holds_until")?,
        };
        Ok(Self {
            license: row.license_id,
            ticket: row.ticket_id,
            granted: number(row.granted, "licenses.quantity")?,
            span: Span {
                from: row.begun_at,
                until,
            },
        })
    }
}

impl TryFrom<RefusedRow> for RefusedOnce {
    type Error = StoreError;

    fn try_from(row: RefusedRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            ticket: row.ticket_id,
            granted: number(row.granted, "licenses.quantity")?,
            minute: row.minute,
            reason: parsed(&row.reason, "use_refusals.reason")?,
            refused: number(row.refused, "use_refusals.refused")?,
        })
    }
}

impl TryFrom<FiguresRow> for Figures {
    type Error = StoreError;

    fn try_from(row: FiguresRow) -> Result<Self, StoreError> {
        let count = |count| number(count, "use_hours");
        Ok(Self {
            used: Used {
                leased: SignedDuration::from_millis(row.leased),
                peak: count(row.peak)?,
            },
            granted: count(row.granted)?,
            refused: [
                count(row.none_free)?,
                count(row.not_valid)?,
                count(row.suspended)?,
                count(row.revoked)?,
                count(row.reduced)?,
            ],
            waited: count(row.waited)?,
        })
    }
}

impl Figures {
    /// In the order of [`FIGURES`].
    fn values(self) -> Vec<Value> {
        let leased = i64::try_from(self.used.leased.as_millis()).unwrap_or(i64::MAX);
        let counts = [self.used.peak, self.granted]
            .into_iter()
            .chain(self.refused)
            .chain([self.waited]);
        let mut values = vec![Value::Int(leased)];
        values.extend(counts.map(|count| Value::Int(i64::from(count))));
        values
    }
}

/// Writes that a machine was refused; beyond [`MAX_REFUSALS`] in a minute it changes nothing.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn refuse(
    tx: &mut Tx,
    license: LicenseId,
    credential: CredentialId,
    reason: UseRefusal,
    minute: Timestamp,
) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO use_refusals (minute, license_id, credential_id, reason, refused) VALUES ($1, $2, $3, $4, 1)
         ON CONFLICT (minute, license_id, credential_id, reason)
         DO UPDATE SET refused = use_refusals.refused + 1 WHERE use_refusals.refused < $5",
    )
    .bind(millis(minute))
    .bind(license.0)
    .bind(credential.0)
    .bind(reason.to_string())
    .bind(i64::from(MAX_REFUSALS))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// A fact that is a moment.
async fn moment_of(tx: &mut Tx, name: &'static str) -> Result<Option<Timestamp>, StoreError> {
    let text = fact(tx, name).await?;
    let at = text.map(|text| moment(parsed(&text, name)?, name));
    at.transpose()
}

/// Since when, and until when, use is folded.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn folded(tx: &mut Tx) -> Result<Option<Span>, StoreError> {
    let since = moment_of(tx, FOLDED_SINCE).await?;
    let until = moment_of(tx, FOLDED_UNTIL).await?;
    Ok(since.zip(until).map(|(from, until)| Span { from, until }))
}

/// Writes since when, and until when, use is folded.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn set_folded(tx: &mut Tx, folded: Span) -> Result<(), StoreError> {
    set(tx, FOLDED_SINCE, &millis(folded.from).to_string()).await?;
    set(tx, FOLDED_UNTIL, &millis(folded.until).to_string()).await
}

/// The leases that held something in the span.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn leases_in(tx: &mut Tx, span: Span) -> Result<Vec<Leased>, StoreError> {
    let rows: Vec<LeasedRow> = sqlx::query_as(
        "SELECT le.license_id, li.ticket_id, COALESCE(li.reduced_to, li.quantity) AS granted, le.begun_at, le.holds_until
         FROM leases le JOIN licenses li ON li.id = le.license_id WHERE le.holds_until > $1 AND le.begun_at < $2",
    )
    .bind(millis(span.from))
    .bind(millis(span.until))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// What machines were refused in the span.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn refusals_in(tx: &mut Tx, span: Span) -> Result<Vec<RefusedOnce>, StoreError> {
    let rows: Vec<RefusedRow> = sqlx::query_as(
        "SELECT r.license_id, li.ticket_id, COALESCE(li.reduced_to, li.quantity) AS granted, r.minute, r.reason, r.refused
         FROM use_refusals r JOIN licenses li ON li.id = r.license_id WHERE r.minute >= $1 AND r.minute < $2",
    )
    .bind(millis(span.from))
    .bind(millis(span.until))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Who had these tickets since a moment, by what the history tells.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn owners_since(
    tx: &mut Tx,
    tickets: &[TicketId],
    since: Timestamp,
) -> Result<Vec<Owners>, StoreError> {
    let mut found = Vec::new();
    for tickets in tickets.chunks(1024) {
        let mut sql = Sql::default();
        sql.push("SELECT id, owner_group_id, owner_user_id, context_group_id FROM tickets WHERE id IN ")
            .id_list(tickets.iter().map(|ticket| ticket.0));
        let owners: Vec<OwnerRow> = sql.rows().fetch_all(tx.conn()).await?;
        let mut sql = Sql::default();
        sql.push(
            "SELECT ticket_id, at, from_owner FROM events WHERE from_owner IS NOT NULL AND to_owner IS NOT NULL AND at > ",
        )
        .moment(since)
        .push(" AND ticket_id IN ")
        .id_list(tickets.iter().map(|ticket| ticket.0))
        .push(" ORDER BY at, id");
        let moved: Vec<MovedRow> = sql.rows().fetch_all(tx.conn()).await?;
        for row in owners {
            let last = match (row.owner_group_id, row.owner_user_id) {
                (Some(group), _) => Owner::Group(group),
                (None, Some(user)) => Owner::User {
                    user,
                    context: row.context_group_id,
                },
                (None, None) => Owner::Unassigned,
            };
            let of_ticket = moved.iter().filter(|moved| moved.ticket_id == row.id);
            let before =
                of_ticket.map(|moved| Ok((moved.at, parsed(&moved.from_owner, "events.from_owner")?)));
            found.push(Owners {
                ticket: row.id,
                before: before.collect::<Result<_, StoreError>>()?,
                last,
            });
        }
    }
    Ok(found)
}

/// Writes what became of licences in an hour.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn insert_hours(
    tx: &mut Tx,
    begins: Timestamp,
    lines: &[(LicenseId, Holder, Figures)],
) -> Result<(), StoreError> {
    let table = format!(
        "use_hours (begins, license_id, level_group_id, user_id, {})",
        FIGURES.join(", ")
    );
    for lines in lines.chunks(BATCH) {
        let values = lines.iter().map(|(license, holder, figures)| {
            let mut values = vec![Value::from(begins), Value::Int(license.0)];
            values.extend(holder.values());
            values.extend(figures.values());
            values
        });
        Sql::insert(&table, values).query().execute(tx.conn()).await?;
    }
    Ok(())
}

/// Folds the hours of a day into the day.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn fold_day(tx: &mut Tx, day: Span) -> Result<(), StoreError> {
    let folded = FIGURES.map(|name| match name {
        "peak" | "granted" => format!("MAX({name})"),
        _ => format!("CAST(SUM({name}) AS BIGINT)"),
    });
    let sql = format!(
        "INSERT INTO use_days (begins, license_id, level_group_id, user_id, {})
         SELECT CAST($1 AS BIGINT), license_id, level_group_id, user_id, {} FROM use_hours
         WHERE begins >= $2 AND begins < $3 GROUP BY license_id, level_group_id, user_id",
        FIGURES.join(", "),
        folded.join(", ")
    );
    sqlx::query(sqlx::AssertSqlSafe(sql))
        .bind(millis(day.from))
        .bind(millis(day.from))
        .bind(millis(day.until))
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets what is older than it is kept.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn sweep(tx: &mut Tx, now: Timestamp) -> Result<(), StoreError> {
    for (sql, kept) in [
        ("DELETE FROM use_refusals WHERE minute < $1", RAW_KEPT),
        ("DELETE FROM use_hours WHERE begins < $1", HOURS_KEPT),
        ("DELETE FROM use_days WHERE begins < $1", DAYS_KEPT),
        ("DELETE FROM use_by_person WHERE begins < $1", PEOPLE_KEPT),
    ] {
        sqlx::query(sql)
            .bind(millis(earlier(now, kept)))
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
