//! What was used, for those who may know it.

use domain::{
    groups::Lineage,
    ids::{ContainerId, LicenseId, ProductId},
    licensing::{products::ProductName, usage::Span},
};
use jiff::{SignedDuration, Timestamp};

use crate::store::{
    StoreError, Tx, groups,
    licensing::usage::{FIGURES, Figures, FiguresRow, Holder},
    row::{self, number, rows},
    sql::{Sql, millis},
    visibility::VisibilityScope,
};

/// What use is kept by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Kept {
    Hours,
    Days,
}

impl Kept {
    const fn table(self) -> &'static str {
        match self {
            Self::Hours => "use_hours",
            Self::Days => "use_days",
        }
    }
}

/// What became of a licence in an hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) license: LicenseId,
    pub(crate) holder: Holder,
    pub(crate) begins: Timestamp,
    pub(crate) figures: Figures,
}

/// What became of the licences of a branch in an hour or a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Sum {
    pub(crate) begins: Timestamp,
    pub(crate) leased: SignedDuration,
    pub(crate) refused: u64,
    pub(crate) waited: u64,
}

/// What became of the licences of a product in a branch.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OfProduct {
    pub(crate) id: ProductId,
    pub(crate) article: String,
    pub(crate) name: ProductName,
    pub(crate) granted: u64,
    pub(crate) leased: SignedDuration,
    pub(crate) refused: u64,
    pub(crate) waited: u64,
}

/// A machine that leased a licence.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct OnMachine {
    pub(crate) license: LicenseId,
    pub(crate) container: ContainerId,
    pub(crate) name: String,
    pub(crate) person: String,
    /// What it calls itself.
    pub(crate) machine: String,
    pub(crate) leases: u32,
    pub(crate) leased: SignedDuration,
    pub(crate) last: Timestamp,
}

rows! {
    struct LineRow {
        license_id: LicenseId,
        level_group_id: i64,
        user_id: i64,
        begins: Timestamp,
        figures: FiguresRow,
    }

    struct SumRow {
        begins: Timestamp,
        leased: i64,
        refused: i64,
        waited: i64,
    }

    struct HeatRow {
        slot: i64,
        leased: i64,
    }

    struct ProductRow {
        id: ProductId,
        article: String,
        name: String,
        name_de: String,
        granted: i64,
        leased: i64,
        refused: i64,
        waited: i64,
    }

    struct MachineRow {
        license_id: LicenseId,
        container_id: ContainerId,
        name: String,
        person: String,
        machine: String,
        leases: i64,
        leased: i64,
        last: Timestamp,
    }
}

impl TryFrom<LineRow> for Line {
    type Error = StoreError;

    fn try_from(row: LineRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            holder: Holder::read(row.level_group_id, row.user_id),
            begins: row.begins,
            figures: row.figures.try_into()?,
        })
    }
}

impl TryFrom<SumRow> for Sum {
    type Error = StoreError;

    fn try_from(row: SumRow) -> Result<Self, StoreError> {
        Ok(Self {
            begins: row.begins,
            leased: SignedDuration::from_millis(row.leased),
            refused: number(row.refused, "use_hours")?,
            waited: number(row.waited, "use_hours.waited")?,
        })
    }
}

impl TryFrom<ProductRow> for OfProduct {
    type Error = StoreError;

    fn try_from(row: ProductRow) -> Result<Self, StoreError> {
        Ok(Self {
            id: row.id,
            article: row.article,
            name: ProductName {
                en: row.name,
                de: row.name_de,
            },
            granted: number(row.granted, "licenses.quantity")?,
            leased: SignedDuration::from_millis(row.leased),
            refused: number(row.refused, "use_hours")?,
            waited: number(row.waited, "use_hours.waited")?,
        })
    }
}

impl TryFrom<MachineRow> for OnMachine {
    type Error = StoreError;

    fn try_from(row: MachineRow) -> Result<Self, StoreError> {
        Ok(Self {
            license: row.license_id,
            container: row.container_id,
            name: row.name,
            person: row.person,
            machine: row.machine,
            leases: number(row.leases, "leases")?,
            leased: SignedDuration::from_millis(row.leased),
            last: row.last,
        })
    }
}

/// What became of these licences, whoever had their tickets: whoever calls this leaves out what the reader may not know.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn lines(
    tx: &mut Tx,
    kept: Kept,
    licenses: &[LicenseId],
    span: Span,
) -> Result<Vec<Line>, StoreError> {
    if licenses.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    sql.push("SELECT license_id, level_group_id, user_id, begins, ")
        .push(&FIGURES.join(", "))
        .push(" FROM ")
        .push(kept.table())
        .push(" WHERE begins >= ")
        .moment(span.from)
        .push(" AND begins < ")
        .moment(span.until)
        .push(" AND license_id IN ")
        .id_list(licenses.iter().map(|license| license.0))
        .push(" ORDER BY begins");
    let rows: Vec<LineRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}

/// What is summed up: the use of the branches while their groups had it; without branches, all of it.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Summed<'a> {
    pub(crate) branches: Option<&'a [Lineage]>,
    pub(crate) product: Option<ProductId>,
    pub(crate) span: Span,
}

/// All reasons together.
const REFUSED: &str = "s.none_free + s.not_valid + s.suspended + s.revoked + s.reduced";

impl Summed<'_> {
    /// ` FROM … WHERE …`: the lines `s` of the branches, with their licences `l`.
    fn push_lines(&self, sql: &mut Sql, kept: Kept, span: Span) {
        sql.push(" FROM ");
        if self.branches.is_some() {
            // From the groups of the branch to their lines: `CROSS` keeps SQLite from walking all lines.
            sql.push("groups g CROSS JOIN ");
        }
        sql.push(kept.table())
            .push(" s JOIN licenses l ON l.id = s.license_id WHERE s.begins >= ")
            .moment(span.from)
            .push(" AND s.begins < ")
            .moment(span.until);
        if let Some(branches) = self.branches {
            let paths: Vec<String> = branches.iter().map(groups::path_of).collect();
            sql.push(" AND s.level_group_id = g.id AND ");
            groups::push_branches(sql, "g.path", &paths);
        }
        if let Some(product) = self.product {
            sql.push(" AND l.product_id = ").int(product.0);
        }
    }

    /// Step by step, the oldest first.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn steps(&self, tx: &mut Tx, kept: Kept) -> Result<Vec<Sum>, StoreError> {
        let mut sql = Sql::default();
        sql.push("SELECT s.begins, CAST(SUM(s.leased) AS BIGINT) AS leased, CAST(SUM(")
            .push(REFUSED)
            .push(") AS BIGINT) AS refused, CAST(SUM(s.waited) AS BIGINT) AS waited");
        self.push_lines(&mut sql, kept, self.span);
        sql.push(" GROUP BY s.begins ORDER BY s.begins");
        let rows: Vec<SumRow> = sql.rows().fetch_all(tx.conn()).await?;
        row::all(rows)
    }

    /// How long licences were leased in each hour of the week, in the span: its place, from 0 on Monday at midnight.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn week(
        &self,
        tx: &mut Tx,
        span: Span,
    ) -> Result<Vec<(usize, SignedDuration)>, StoreError> {
        let mut sql = Sql::default();
        // As `hour_of_week` of the domain counts.
        sql.push("SELECT (s.begins / 3600000 + 72) % 168 AS slot, CAST(SUM(s.leased) AS BIGINT) AS leased");
        self.push_lines(&mut sql, Kept::Hours, span);
        sql.push(" GROUP BY (s.begins / 3600000 + 72) % 168 ORDER BY slot");
        let rows: Vec<HeatRow> = sql.rows().fetch_all(tx.conn()).await?;
        let slot = |row: HeatRow| {
            Ok((
                number(row.slot, "use_hours.begins")?,
                SignedDuration::from_millis(row.leased),
            ))
        };
        rows.into_iter().map(slot).collect()
    }

    /// Product by product: what is granted in the branch at present, and what was used.
    ///
    /// # Errors
    /// [`StoreError`].
    pub(crate) async fn products(
        &self,
        tx: &mut Tx,
        kept: Kept,
        most: u32,
    ) -> Result<Vec<OfProduct>, StoreError> {
        let mut sql = Sql::default();
        sql.push(
            "SELECT p.id, p.article, p.name, p.name_de, CAST(SUM(b.granted) AS BIGINT) AS granted,
                 CAST(SUM(b.leased) AS BIGINT) AS leased, CAST(SUM(b.refused) AS BIGINT) AS refused,
                 CAST(SUM(b.waited) AS BIGINT) AS waited
             FROM (SELECT l.product_id, 0 AS granted, s.leased, ",
        )
        .push(REFUSED)
        .push(" AS refused, s.waited");
        self.push_lines(&mut sql, kept, self.span);
        sql.push(" UNION ALL SELECT l.product_id, COALESCE(l.reduced_to, l.quantity), 0, 0, 0 FROM ");
        if let Some(branches) = self.branches {
            let paths: Vec<String> = branches.iter().map(groups::path_of).collect();
            sql.push(
                "groups g CROSS JOIN tickets t JOIN licenses l ON l.ticket_id = t.id
                 WHERE t.level_group_id = g.id AND l.revoked_at IS NULL AND ",
            );
            groups::push_branches(&mut sql, "g.path", &paths);
        } else {
            sql.push(
                "tickets t JOIN licenses l ON l.ticket_id = t.id
                 WHERE l.revoked_at IS NULL AND (t.owner_group_id IS NOT NULL OR t.owner_user_id IS NOT NULL)",
            );
        }
        sql.push(
            ") AS b JOIN products p ON p.id = b.product_id GROUP BY p.id, p.article, p.name, p.name_de
             ORDER BY leased DESC, p.article LIMIT ",
        )
        .int(i64::from(most));
        let rows: Vec<ProductRow> = sql.rows().fetch_all(tx.conn()).await?;
        row::all(rows)
    }
}

/// The machines that leased these licences of one ticket since its owner has it, and since a moment: in the containers that the
/// reader reaches, those first that leased most.
///
/// # Errors
/// [`StoreError`].
pub(crate) async fn machines(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    licenses: &[LicenseId],
    span: Span,
    most: u32,
) -> Result<Vec<OnMachine>, StoreError> {
    if licenses.is_empty() {
        return Ok(Vec::new());
    }
    let (from, until) = (millis(span.from), millis(span.until));
    let clipped = format!(
        "CASE WHEN le.holds_until > {until} THEN {until} ELSE le.holds_until END
         - CASE WHEN le.begun_at < {from} THEN {from} ELSE le.begun_at END"
    );
    let mut sql = Sql::default();
    sql.push(
        "SELECT le.license_id, c.id AS container_id, c.name, u.name AS person, le.holder AS machine, COUNT(*) AS leases,
             CAST(SUM(",
    )
    .push(&clipped)
    .push(") AS BIGINT) AS leased, MAX(CASE WHEN le.holds_until > ")
    .int(until)
    .push(" THEN ")
    .int(until)
    .push(
        " ELSE le.holds_until END) AS last
         FROM leases le JOIN activations a ON a.id = le.activation_id JOIN containers c ON c.id = a.container_id
         JOIN users u ON u.id = c.user_id LEFT JOIN groups cg ON cg.id = c.context_group_id
         WHERE le.holds_until > ",
    )
    .int(from)
    .push(" AND le.begun_at < ")
    .int(until)
    .push(" AND le.license_id IN ")
    .id_list(licenses.iter().map(|license| license.0));
    visibility.push_reaches_container(&mut sql);
    sql.push(
        " GROUP BY le.license_id, c.id, c.name, u.name, le.holder
          ORDER BY leased DESC, le.license_id, c.id, le.holder LIMIT ",
    )
    .int(i64::from(most));
    let rows: Vec<MachineRow> = sql.rows().fetch_all(tx.conn()).await?;
    row::all(rows)
}
