//! Uploaded files: how far each has come, and what was found in it.

use domain::{
    ids::{ImportId, UserId},
    instance::imports::{ImportFailure, ImportState, Verdict},
};
use jiff::Timestamp;

use crate::{
    store::{
        StoreError, Tx,
        row::{self, number, parsed, rows},
        sql::{Sql, Value, millis},
    },
    views::instance::imports::{Counts, Import, LineReport, REPORT_PAGE},
};

/// Lines that are written at once.
const BATCH: usize = 500;

const COLUMNS: &str =
    "SELECT i.id, i.uploaded_at, u.name AS uploaded_by, i.file, i.bytes, i.state, i.failure,
     COALESCE(b.progress, 0) AS progress, i.refused, i.created, i.changed, i.unchanged, i.inactive
     FROM imports i LEFT JOIN users u ON u.id = i.uploaded_by LEFT JOIN import_beats b ON b.import_id = i.id";

rows! {
    /// A row of [`COLUMNS`].
    struct ImportRow {
        id: ImportId,
        uploaded_at: Timestamp,
        uploaded_by: Option<String>,
        file: String,
        bytes: i64,
        state: String,
        failure: Option<String>,
        progress: i64,
        refused: i64,
        created: i64,
        changed: i64,
        unchanged: i64,
        inactive: i64,
    }

    struct OpenRow {
        id: ImportId,
        done_by: UserId,
        state: String,
        uploaded_at: Timestamp,
        server: i64,
        beat_at: Timestamp,
    }
}

impl TryFrom<ImportRow> for Import {
    type Error = StoreError;

    fn try_from(row: ImportRow) -> Result<Self, StoreError> {
        let failure = row.failure.map(|failure| parsed(&failure, "imports.failure"));
        Ok(Self {
            id: row.id,
            at: row.uploaded_at,
            by: row.uploaded_by,
            file: row.file,
            bytes: number(row.bytes, "imports.bytes")?,
            state: parsed(&row.state, "imports.state")?,
            failure: failure.transpose()?,
            progress: u32::try_from(row.progress).unwrap_or(1000),
            counts: Counts {
                refused: number(row.refused, "imports.refused")?,
                created: number(row.created, "imports.created")?,
                changed: number(row.changed, "imports.changed")?,
                unchanged: number(row.unchanged, "imports.unchanged")?,
                inactive: number(row.inactive, "imports.inactive")?,
            },
        })
    }
}

/// An upload.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: ImportId) -> Result<Option<Import>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" WHERE i.id = ").int(id.0);
    let row: Option<ImportRow> = sql.rows().fetch_optional(tx.conn()).await?;
    row::optional(row)
}

/// The last uploads, the newest first.
///
/// # Errors
/// [`StoreError`].
pub async fn newest(tx: &mut Tx, limit: i64) -> Result<Vec<Import>, StoreError> {
    let mut sql = Sql::default();
    sql.push(COLUMNS).push(" ORDER BY i.id DESC LIMIT ").int(limit);
    let rows: Vec<ImportRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// A page of the report, of one verdict or of all, and how many lines there are.
///
/// # Errors
/// [`StoreError`].
pub async fn lines(
    tx: &mut Tx,
    id: ImportId,
    verdict: Option<Verdict>,
    page: u32,
) -> Result<(Vec<LineReport>, u64), StoreError> {
    let from = |sql: &mut Sql| {
        sql.push(" FROM import_lines WHERE import_id = ").int(id.0);
        if let Some(verdict) = verdict {
            sql.push(" AND outcome = ").text(verdict.to_string());
        }
    };
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*)");
    from(&mut sql);
    let total: i64 = sql.scalar().fetch_one(tx.conn()).await?;
    let mut sql = Sql::default();
    sql.push("SELECT told");
    from(&mut sql);
    sql.push(" ORDER BY line, position LIMIT ")
        .int(i64::from(REPORT_PAGE))
        .push(" OFFSET ")
        .int(i64::from(page) * i64::from(REPORT_PAGE));
    let told: Vec<String> = sql.scalar().fetch_all(tx.conn()).await?;
    let line =
        |told: &String| serde_json::from_str(told).map_err(|_| StoreError::Inconsistent("import_lines.told"));
    let lines: Result<Vec<_>, StoreError> = told.iter().map(line).collect();
    Ok((lines?, u64::try_from(total).unwrap_or_default()))
}

/// What is known of a file when it was taken.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Upload {
    pub id: ImportId,
    /// Who uploaded it.
    pub by: UserId,
    /// Name of the file.
    pub file: String,
    /// Its size, in bytes.
    pub bytes: u64,
    /// The server that has it.
    pub server: i64,
}

/// Begins an import, whose report takes the place of all others.
///
/// # Errors
/// [`StoreError`]; a duplicate while another one is open.
pub async fn begin(tx: &mut Tx, upload: &Upload, now: Timestamp) -> Result<(), StoreError> {
    let bytes = i64::try_from(upload.bytes).unwrap_or(i64::MAX);
    let row: Vec<Value> = vec![
        upload.id.0.into(),
        now.into(),
        upload.by.0.into(),
        upload.file.as_str().into(),
        bytes.into(),
        ImportState::Checking.to_string().into(),
        upload.server.into(),
        1.into(),
    ];
    let table = "imports (id, uploaded_at, uploaded_by, file, bytes, state, server, open)";
    Sql::insert(table, [row]).query().execute(tx.conn()).await?;
    for forget in ["DELETE FROM import_lines", "DELETE FROM import_beats"] {
        sqlx::query(forget).execute(tx.conn()).await?;
    }
    beat(tx, upload.id, 0, now).await
}

/// Adds to the report; the first of the lines has that position.
///
/// # Errors
/// [`StoreError`].
pub async fn add_lines(
    tx: &mut Tx,
    id: ImportId,
    position: i64,
    lines: &[LineReport],
) -> Result<(), StoreError> {
    for (first, lines) in (0_i64..).step_by(BATCH).zip(lines.chunks(BATCH)) {
        let mut rows = Vec::with_capacity(lines.len());
        for (at, line) in (position + first..).zip(lines) {
            let told =
                serde_json::to_string(line).map_err(|_| StoreError::Inconsistent("import_lines.told"))?;
            rows.push(vec![
                id.0.into(),
                at.into(),
                i64::try_from(line.line).unwrap_or(i64::MAX).into(),
                line.outcome.verdict().to_string().into(),
                told.into(),
            ]);
        }
        let table = "import_lines (import_id, position, line, outcome, told)";
        Sql::insert(table, rows).query().execute(tx.conn()).await?;
    }
    Ok(())
}

/// The server that has the file is there, and so far with it.
///
/// # Errors
/// [`StoreError`].
pub async fn beat(tx: &mut Tx, id: ImportId, progress: u32, now: Timestamp) -> Result<(), StoreError> {
    sqlx::query(
        "INSERT INTO import_beats (import_id, beat_at, progress) VALUES ($1, $2, $3)
         ON CONFLICT (import_id) DO UPDATE SET beat_at = $2, progress = $3",
    )
    .bind(id.0)
    .bind(millis(now))
    .bind(i64::from(progress))
    .execute(tx.conn())
    .await?;
    Ok(())
}

/// Goes on from one state to another, with what was found so far. Whether it was in the first.
///
/// # Errors
/// [`StoreError`].
pub async fn step(
    tx: &mut Tx,
    id: ImportId,
    from: ImportState,
    to: ImportState,
    counts: Option<&Counts>,
) -> Result<bool, StoreError> {
    let mut sql = Sql::default();
    sql.push("UPDATE imports SET state = ").text(to.to_string());
    if let Some(counts) = counts {
        push_counts(&mut sql, counts);
    }
    sql.push(" WHERE open = 1 AND id = ").int(id.0);
    sql.push(" AND state = ").text(from.to_string());
    Ok(sql.query().execute(tx.conn()).await?.rows_affected() == 1)
}

/// Confirms an import that waits for it: that person does it from now on. Whether it waited.
///
/// # Errors
/// [`StoreError`].
pub async fn confirm(tx: &mut Tx, id: ImportId, by: UserId) -> Result<bool, StoreError> {
    let mut sql = Sql::default();
    sql.push("UPDATE imports SET state = ")
        .text(ImportState::Confirmed.to_string());
    sql.push(", confirmed_by = ").int(by.0);
    sql.push(" WHERE open = 1 AND id = ").int(id.0);
    sql.push(" AND state = ").text(ImportState::Checked.to_string());
    Ok(sql.query().execute(tx.conn()).await?.rows_affected() == 1)
}

fn push_counts(sql: &mut Sql, counts: &Counts) {
    for (column, count) in [
        (", refused = ", counts.refused),
        (", created = ", counts.created),
        (", changed = ", counts.changed),
        (", unchanged = ", counts.unchanged),
        (", inactive = ", counts.inactive),
    ] {
        sql.push(column).int(i64::try_from(count).unwrap_or(i64::MAX));
    }
}

/// Ends an import, in the transaction that stores it. Whether it was still open, and that server's.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn finish(
    tx: &mut Tx,
    id: ImportId,
    server: i64,
    counts: &Counts,
    now: Timestamp,
) -> Result<bool, StoreError> {
    let mut sql = Sql::default();
    sql.push("UPDATE imports SET open = NULL, ended_at = ")
        .moment(now);
    sql.push(", state = ").text(ImportState::Done.to_string());
    push_counts(&mut sql, counts);
    sql.push(" WHERE open = 1 AND id = ").int(id.0);
    sql.push(" AND server = ").int(server);
    Ok(sql.query().execute(tx.conn()).await?.rows_affected() == 1)
}

/// Ends an import of which nothing is stored. Whether it was still open.
///
/// # Errors
/// [`StoreError`].
pub async fn fail(tx: &mut Tx, id: ImportId, why: ImportFailure, now: Timestamp) -> Result<bool, StoreError> {
    let mut sql = Sql::default();
    sql.push("UPDATE imports SET open = NULL, ended_at = ")
        .moment(now);
    sql.push(", state = ").text(ImportState::Failed.to_string());
    sql.push(", failure = ").text(why.to_string());
    sql.push(" WHERE open = 1 AND id = ").int(id.0);
    Ok(sql.query().execute(tx.conn()).await?.rows_affected() == 1)
}

/// The import that is open: which, whose, its state, its server, and when that was heard last.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Open {
    pub id: ImportId,
    /// Who does it: whoever confirmed it, and until then whoever uploaded it.
    pub by: UserId,
    /// How far it has come.
    pub state: ImportState,
    /// When it was uploaded.
    pub at: Timestamp,
    /// The server that has the file.
    pub server: i64,
    /// When that was heard last.
    pub beat: Timestamp,
}

impl TryFrom<OpenRow> for Open {
    type Error = StoreError;

    fn try_from(row: OpenRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            by: row.done_by,
            state: parsed(&row.state, "imports.state")?,
            at: row.uploaded_at,
            server: row.server,
            beat: row.beat_at,
        })
    }
}

/// The import that is open, if one is.
///
/// # Errors
/// [`StoreError`].
pub async fn open(tx: &mut Tx) -> Result<Option<Open>, StoreError> {
    let row: Option<OpenRow> = sqlx::query_as(
        "SELECT i.id, COALESCE(i.confirmed_by, i.uploaded_by) AS done_by, i.state, i.uploaded_at, i.server,
             COALESCE(b.beat_at, 0) AS beat_at
         FROM imports i LEFT JOIN import_beats b ON b.import_id = i.id WHERE i.open = 1",
    )
    .fetch_optional(tx.conn())
    .await?;
    row::optional(row)
}
