//! Product filters and quotas of partners' groups.

use std::collections::{BTreeMap, BTreeSet};

use domain::{
    access::{Authorized, PartnerRules},
    groups::Lineage,
    ids::{GroupId, ProductId},
    resellers::quotas::{Period, Quota, QuotaBranch},
};
use jiff::Timestamp;

use crate::store::{
    StoreError, Tx, groups,
    row::{number, parsed, rows},
    sql::{Sql, push_in},
};

rows! {
    /// One row without a product for a filter that lets nothing through.
    struct FilterRow {
        group_id: GroupId,
        product_id: Option<ProductId>,
    }

    struct QuotaRow {
        group_id: GroupId,
        product_id: ProductId,
        period: String,
        quantity: i64,
    }
}

/// The product filters on these groups.
///
/// # Errors
/// [`StoreError`].
pub async fn filters(
    tx: &mut Tx,
    on: &[GroupId],
) -> Result<BTreeMap<GroupId, BTreeSet<ProductId>>, StoreError> {
    let mut sql = Sql::default();
    sql.push(
        "SELECT f.group_id, p.product_id FROM product_filters f LEFT JOIN filtered_products p ON p.group_id = f.group_id
         WHERE f.group_id IN ",
    )
    .id_list(on.iter().map(|group| group.0));
    let rows: Vec<FilterRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut filters: BTreeMap<GroupId, BTreeSet<ProductId>> = BTreeMap::new();
    for row in rows {
        filters.entry(row.group_id).or_default().extend(row.product_id);
    }
    Ok(filters)
}

/// The quotas on these groups, of one product or of all, each with what was created under it in the period of `now`.
///
/// # Errors
/// [`StoreError`].
pub async fn quotas(
    tx: &mut Tx,
    on: &[Lineage],
    product: Option<ProductId>,
    now: Timestamp,
) -> Result<Vec<(ProductId, Quota)>, StoreError> {
    let mut sql = Sql::default();
    push_in(
        &mut sql,
        "SELECT group_id, product_id, period, quantity FROM quotas WHERE group_id",
        on.iter().map(|lineage| lineage.group().0),
    );
    if let Some(product) = product {
        sql.push(" AND product_id = ").int(product.0);
    }
    sql.push(" ORDER BY group_id, product_id, period");
    let rows: Vec<QuotaRow> = sql.rows().fetch_all(tx.conn()).await?;
    let mut quotas = Vec::with_capacity(rows.len());
    for row in rows {
        let period: Period = parsed(&row.period, "quotas.period")?;
        let found = on.iter().find(|lineage| lineage.group() == row.group_id);
        let lineage = found.ok_or(StoreError::Inconsistent("quotas.group_id"))?;
        let quota = Quota {
            group: row.group_id,
            period,
            quantity: number(row.quantity, "quotas.quantity")?,
            used: created(tx, lineage, row.product_id, period, now).await?,
        };
        quotas.push((row.product_id, quota));
    }
    Ok(quotas)
}

/// How many licences a quota of the group grants in a period; `None` where there is no such quota.
///
/// # Errors
/// [`StoreError`].
pub async fn quantity(
    tx: &mut Tx,
    group: GroupId,
    product: ProductId,
    period: Period,
) -> Result<Option<u64>, StoreError> {
    let quantity: Option<i64> = sqlx::query_scalar(
        "SELECT quantity FROM quotas WHERE group_id = $1 AND product_id = $2 AND period = $3",
    )
    .bind(group.0)
    .bind(product.0)
    .bind(period.to_string())
    .fetch_optional(tx.conn())
    .await?;
    quantity
        .map(|quantity| number(quantity, "quotas.quantity"))
        .transpose()
}

/// How many licences of the product were created in the branch of the group in the period of `now`, and came by amendments
/// that were not taken back.
async fn created(
    tx: &mut Tx,
    branch: &Lineage,
    product: ProductId,
    period: Period,
    now: Timestamp,
) -> Result<u64, StoreError> {
    let since = period.begin(now);
    // Of a quota in total, what is renewed is no other one.
    let amended = match period {
        Period::Total => "a.added",
        Period::Day | Period::Month | Period::Year => "a.added + a.renewed",
    };
    let branches = [groups::path_of(branch)];
    let mut sql = Sql::default();
    sql.push(
        "SELECT CAST((SELECT COALESCE(SUM(c.quantity * c.tickets), 0) FROM groups bg
         JOIN creations c ON c.group_id = bg.id WHERE ",
    );
    groups::push_branches(&mut sql, "bg.path", &branches);
    sql.push(" AND c.created_at >= ").moment(since);
    sql.push(" AND c.product_id = ").int(product.0);
    sql.push(") + (SELECT COALESCE(SUM(")
        .push(amended)
        .push("), 0) FROM groups bg JOIN amendments a ON a.group_id = bg.id WHERE ");
    groups::push_branches(&mut sql, "bg.path", &branches);
    sql.push(" AND a.undone_at IS NULL AND a.made_at >= ")
        .moment(since);
    sql.push(" AND a.product_id = ").int(product.0);
    sql.push(") AS BIGINT)");
    let sum = sql.scalar().fetch_one(tx.conn()).await?;
    number(sum, "creations.quantity")
}

/// A group, with the filters along its path, and with the quotas of one product.
///
/// # Errors
/// [`StoreError`].
pub async fn branch(
    tx: &mut Tx,
    lineage: Lineage,
    product: Option<ProductId>,
    now: Timestamp,
) -> Result<QuotaBranch, StoreError> {
    let filters = filters(tx, lineage.groups()).await?;
    let quotas = match product {
        Some(product) => quotas(tx, &path(&lineage), Some(product), now).await?,
        None => Vec::new(),
    };
    Ok(QuotaBranch {
        lineage,
        filters: filters.into_values().collect(),
        quotas: quotas.into_iter().map(|(_, quota)| quota).collect(),
    })
}

/// The group, and those above it, each with where it stands.
#[must_use]
pub fn path(lineage: &Lineage) -> Vec<Lineage> {
    let mut path = vec![lineage.clone()];
    while let Some(above) = path.last().and_then(Lineage::above) {
        path.push(above);
    }
    path
}

/// Writes the product filter of a group; without one, the group has none of its own.
///
/// # Errors
/// [`StoreError`].
pub async fn set_filter(
    tx: &mut Tx,
    proof: &Authorized<PartnerRules>,
    products: Option<&BTreeSet<ProductId>>,
) -> Result<(), StoreError> {
    let group = proof.group.0;
    for statement in [
        "DELETE FROM filtered_products WHERE group_id = $1",
        "DELETE FROM product_filters WHERE group_id = $1",
    ] {
        sqlx::query(statement).bind(group).execute(tx.conn()).await?;
    }
    let Some(products) = products else {
        return Ok(());
    };
    sqlx::query("INSERT INTO product_filters (group_id) VALUES ($1)")
        .bind(group)
        .execute(tx.conn())
        .await?;
    for product in products {
        sqlx::query("INSERT INTO filtered_products (group_id, product_id) VALUES ($1, $2)")
            .bind(group)
            .bind(product.0)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}

/// Writes a quota of a group, or takes it away.
///
/// # Errors
/// [`StoreError`].
pub async fn set_quota(
    tx: &mut Tx,
    proof: &Authorized<PartnerRules>,
    product: ProductId,
    period: Period,
    quantity: Option<u64>,
) -> Result<(), StoreError> {
    sqlx::query("DELETE FROM quotas WHERE group_id = $1 AND product_id = $2 AND period = $3")
        .bind(proof.group.0)
        .bind(product.0)
        .bind(period.to_string())
        .execute(tx.conn())
        .await?;
    if let Some(quantity) = quantity {
        let quantity = i64::try_from(quantity).map_err(|_| StoreError::Inconsistent("quotas.quantity"))?;
        sqlx::query("INSERT INTO quotas (group_id, product_id, period, quantity) VALUES ($1, $2, $3, $4)")
            .bind(proof.group.0)
            .bind(product.0)
            .bind(period.to_string())
            .bind(quantity)
            .execute(tx.conn())
            .await?;
    }
    Ok(())
}
