//! What the machines of people used, day by day: only while the instance keeps it.

use std::collections::BTreeSet;

use domain::{
    access::{AccountChange, Administration, Authorized},
    ids::{LicenseId, TicketId, UserId},
    licensing::{products::ProductName, usage::Span},
};
use jiff::{SignedDuration, Timestamp};

use crate::store::{
    StoreError, Tx,
    instance::{set, unset},
    licensing::usage::{Holder, moment_of},
    row::{self, number, rows},
    sql::{BATCH, Sql, Value, millis},
    visibility::VisibilityScope,
};

/// The fact since when use is kept by person; without it, it is not.
const KEPT_SINCE: &str = "use_by_person_since";

/// What the machines of a person made of licences.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct OfPerson {
    /// How long they leased them, all leases together.
    pub(crate) leased: SignedDuration,
    /// How often they were refused.
    pub(crate) refused: u64,
    /// The minutes in which they waited.
    pub(crate) waited: u64,
}

/// A day of a person: of which licence, while who had its ticket.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct DayOfPerson {
    pub(crate) license: LicenseId,
    pub(crate) holder: Holder,
    pub(crate) person: UserId,
    pub(crate) used: OfPerson,
}

/// A lease of somebody's machine, as far as it lies in a span.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LeasedBy {
    pub(crate) license: LicenseId,
    pub(crate) ticket: TicketId,
    pub(crate) person: UserId,
    pub(crate) span: Span,
}

/// What somebody's machines were refused in a minute.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct RefusedTo {
    pub(crate) license: LicenseId,
    pub(crate) ticket: TicketId,
    pub(crate) person: UserId,
    pub(crate) minute: Timestamp,
    pub(crate) refused: u64,
    /// How many machines waited in it.
    pub(crate) waited: u64,
}

/// What a person used of a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct ByPerson {
    pub(crate) license: LicenseId,
    pub(crate) person: UserId,
    pub(crate) name: String,
    pub(crate) used: OfPerson,
}

/// What a person used of a product on a day.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OwnDay {
    pub(crate) day: Timestamp,
    pub(crate) article: String,
    pub(crate) product: ProductName,
    pub(crate) used: OfPerson,
}

rows! {
    struct LeasedRow {
        license_id: LicenseId,
        ticket_id: TicketId,
        person_id: UserId,
        begins: Timestamp,
        ends: Timestamp,
    }

    struct RefusedRow {
        license_id: LicenseId,
        ticket_id: TicketId,
        person_id: UserId,
        minute: Timestamp,
        refused: i64,
        waited: i64,
    }

    struct UsedRow {
        leased: i64,
        refused: i64,
        waited: i64,
    }

    struct ByPersonRow {
        license_id: LicenseId,
        person_id: UserId,
        name: String,
        used: UsedRow,
    }

    struct OwnDayRow {
        begins: Timestamp,
        article: String,
        name: String,
        name_de: String,
        used: UsedRow,
    }
}

impl TryFrom<UsedRow> for OfPerson {
    type Error = StoreError;

    fn try_from(row: UsedRow) -> Result<Self, StoreError> {
        Ok(Self {
            leased: SignedDuration::from_millis(row.leased),
            refused: number(row.refused, "use_by_person.refused")?,
            waited: number(row.waited, "use_by_person.waited")?,
        })
    }
}

impl TryFrom<LeasedRow> for LeasedBy {
    type Error = StoreError;

    fn try_from(row: LeasedRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            ticket: row.ticket_id,
            person: row.person_id,
            span: Span {
                from: row.begins,
                until: row.ends,
            },
        })
    }
}

impl TryFrom<RefusedRow> for RefusedTo {
    type Error = StoreError;

    fn try_from(row: RefusedRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            ticket: row.ticket_id,
            person: row.person_id,
            minute: row.minute,
            refused: number(row.refused, "use_refusals.refused")?,
            waited: number(row.waited, "use_refusals")?,
        })
    }
}

impl TryFrom<ByPersonRow> for ByPerson {
    type Error = StoreError;

    fn try_from(row: ByPersonRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            person: row.person_id,
            name: row.name,
            used: row.used.try_into()?,
        })
    }
}

impl TryFrom<OwnDayRow> for OwnDay {
    type Error = StoreError;

    fn try_from(row: OwnDayRow) -> Result<Self, StoreError> {
        Ok(Self {
            day: row.begins,
            article: row.article,
            product: ProductName {
                en: row.name,
                de: row.name_de,
            },
            used: row.used.try_into()?,
        })
    }
}

/// Since when use is kept by person; `None` where it is not.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn kept_since(tx: &mut Tx) -> Result<Option<Timestamp>, StoreError> {
    moment_of(tx, KEPT_SINCE).await
}

/// From now on, use is kept by person.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn begin(
    tx: &mut Tx,
    _proof: &Authorized<Administration>,
    now: Timestamp,
) -> Result<(), StoreError> {
    set(tx, KEPT_SINCE, &millis(now).to_string()).await
}

/// Use is no longer kept by person, and what was kept is deleted.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn end(tx: &mut Tx, _proof: &Authorized<Administration>) -> Result<(), StoreError> {
    unset(tx, KEPT_SINCE).await?;
    sqlx::query("DELETE FROM use_by_person")
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// Forgets what a person used whose account is switched off.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn forget(tx: &mut Tx, proof: &Authorized<AccountChange>) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM use_by_person WHERE person_id = $1")
        .bind(proof.user.0)
        .execute(tx.conn())
        .await?;
    Ok(())
}

/// The leases in the span of people whose accounts are switched on.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn leases_in(tx: &mut Tx, span: Span) -> Result<Vec<LeasedBy>, StoreError> {
    let mut sql = Sql::default();
    sql.push("SELECT le.license_id, li.ticket_id, c.user_id AS person_id, CASE WHEN le.begun_at < ")
        .moment(span.from)
        .push(" THEN ")
        .moment(span.from)
        .push(" ELSE le.begun_at END AS begins, CASE WHEN le.holds_until > ")
        .moment(span.until)
        .push(" THEN ")
        .moment(span.until)
        .push(
            " ELSE le.holds_until END AS ends
             FROM leases le JOIN licenses li ON li.id = le.license_id JOIN activations a ON a.id = le.activation_id
             JOIN containers c ON c.id = a.container_id JOIN users u ON u.id = c.user_id
             WHERE u.active = 1 AND le.holds_until > ",
        )
        .moment(span.from)
        .push(" AND le.begun_at < ")
        .moment(span.until);
    let rows: Vec<LeasedRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// What the machines of people whose accounts are switched on were refused in the span.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn refusals_in(tx: &mut Tx, span: Span) -> Result<Vec<RefusedTo>, StoreError> {
    let rows: Vec<RefusedRow> = sqlx::query_as(
        "SELECT r.license_id, li.ticket_id, c.user_id AS person_id, r.minute, CAST(SUM(r.refused) AS BIGINT) AS refused,
             CAST(SUM(CASE WHEN r.reason = 'none_free' THEN 1 ELSE 0 END) AS BIGINT) AS waited
         FROM use_refusals r JOIN licenses li ON li.id = r.license_id JOIN credentials k ON k.id = r.credential_id
         JOIN containers c ON c.id = k.container_id JOIN users u ON u.id = c.user_id
         WHERE u.active = 1 AND r.minute >= $1 AND r.minute < $2
         GROUP BY r.license_id, li.ticket_id, c.user_id, r.minute",
    )
    .bind(millis(span.from))
    .bind(millis(span.until))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}

/// Adds what people used in an hour to the day that it lies in.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn add(tx: &mut Tx, day: Timestamp, lines: &[DayOfPerson]) -> Result<(), StoreError> {
    let table =
        "use_by_person (begins, license_id, level_group_id, user_id, person_id, leased, refused, waited)";
    let count = |count: u64| Value::Int(i64::try_from(count).unwrap_or(i64::MAX));
    for lines in lines.chunks(BATCH) {
        let values = lines.iter().map(|line| {
            let mut values = vec![Value::from(day), Value::Int(line.license.0)];
            values.extend(line.holder.values());
            values.extend([
                Value::Int(line.person.0),
                Value::Int(i64::try_from(line.used.leased.as_millis()).unwrap_or(i64::MAX)),
                count(line.used.refused),
                count(line.used.waited),
            ]);
            values
        });
        let mut sql = Sql::insert(table, values);
        sql.push(
            " ON CONFLICT (begins, license_id, level_group_id, user_id, person_id) DO UPDATE SET
                 leased = use_by_person.leased + excluded.leased, refused = use_by_person.refused + excluded.refused,
                 waited = use_by_person.waited + excluded.waited",
        );
        sql.query().execute(tx.conn()).await?;
    }
    Ok(())
}

/// What people within the reader's reach used of these licences on days that begin in the span, while these had their tickets; those
/// first who leased most.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn of_licenses(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    licenses: &[LicenseId],
    told: &BTreeSet<Holder>,
    span: Span,
    most: u32,
) -> Result<Vec<ByPerson>, StoreError> {
    if licenses.is_empty() || told.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push(
        "SELECT s.license_id, u.id AS person_id, u.name, CAST(SUM(s.leased) AS BIGINT) AS leased,
             CAST(SUM(s.refused) AS BIGINT) AS refused, CAST(SUM(s.waited) AS BIGINT) AS waited
         FROM use_by_person s JOIN users u ON u.id = s.person_id WHERE s.begins >= ",
    )
    .moment(span.from)
    .push(" AND s.begins < ")
    .moment(span.until)
    .push(" AND s.license_id IN ")
    .id_list(licenses.iter().map(|license| license.0))
    .push(" AND (s.level_group_id, s.user_id) IN (VALUES ");
    for (at, holder) in told.iter().enumerate() {
        let [level, user] = holder.values();
        sql.push(if at == 0 { "(" } else { ", (" })
            .bind(level)
            .push(", ")
            .bind(user)
            .push(")");
    }
    sql.push(")");
    visibility.push_sees_user(&mut sql);
    sql.push(" GROUP BY s.license_id, u.id, u.name ORDER BY leased DESC, refused DESC, u.id LIMIT ")
        .int(i64::from(most));
    let rows: Vec<ByPersonRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// How many lines [`own`] has on all pages.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn count_own(tx: &mut Tx, person: UserId) -> Result<u64, StoreError> {
    let count: i64 = sqlx::query_scalar(
        "SELECT COUNT(*) FROM (SELECT s.begins FROM use_by_person s JOIN licenses l ON l.id = s.license_id
             WHERE s.person_id = $1 GROUP BY s.begins, l.product_id) AS lines",
    )
    .bind(person.0)
    .fetch_one(tx.conn())
    .await?;
    number(count, "use_by_person")
}

/// What is kept about a person, by day and product, the newest first: a page of it.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn own(
    tx: &mut Tx,
    person: UserId,
    (size, page): (u32, u32),
) -> Result<Vec<OwnDay>, StoreError> {
    let rows: Vec<OwnDayRow> = sqlx::query_as(
        "SELECT s.begins, p.article, p.name, p.name_de, CAST(SUM(s.leased) AS BIGINT) AS leased,
             CAST(SUM(s.refused) AS BIGINT) AS refused, CAST(SUM(s.waited) AS BIGINT) AS waited
         FROM use_by_person s JOIN licenses l ON l.id = s.license_id JOIN products p ON p.id = l.product_id
         WHERE s.person_id = $1 GROUP BY s.begins, p.id, p.article, p.name, p.name_de
         ORDER BY s.begins DESC, p.article LIMIT $2 OFFSET $3",
    )
    .bind(person.0)
    .bind(i64::from(size))
    .bind(i64::from(size) * i64::from(page))
    .fetch_all(tx.conn())
    .await?;
    row::all(rows)
}
