//! Facets of lists of tickets, counted.
//!
//! Looked at are at most [`COUNTED`] of the tickets that the reader sees and one more, in two statements, whatever there is: of
//! more, the numbers say how many there are at least.

use domain::{
    groups::Lineage,
    ids::ProductId,
    licensing::{licenses::Binding, products::ProductName},
};
use sqlx::Row;

use crate::{
    store::{
        StoreError, Tx,
        row::rows,
        sql::Sql,
        tickets::{
            facets::Wanted,
            listing::{COUNTED, Listing},
        },
        visibility::VisibilityScope,
    },
    views::tickets::{
        TicketQuery,
        facets::{
            BINDING, ENDS, Ends, FACET_PRODUCTS, FacetCounts, Facets, OWNER, OwnerKind, PRODUCT,
            ProductCount, STATE, TicketState, ValueCount,
        },
    },
};

rows! {
    struct ProductRow {
        product_id: ProductId,
        name: String,
        name_de: String,
        tickets: i64,
    }
}

fn number(counted: i64) -> u64 {
    u64::try_from(counted).unwrap_or_default()
}

/// How many tickets there are of each value of each facet: of those that the reader sees at a node and that have the words of
/// the search. `branch` is the group of the node.
///
/// # Errors
/// [`StoreError`].
pub async fn facets(
    tx: &mut Tx,
    visibility: &VisibilityScope,
    query: &TicketQuery,
    branch: Option<&Lineage>,
) -> Result<FacetCounts, StoreError> {
    let everything = TicketQuery {
        facets: Facets::NONE,
        ..query.clone()
    };
    let listing = Listing::of(tx, visibility, &everything, branch).await?;
    let wanted = Wanted {
        facets: query.facets.clone(),
        ..listing.wanted
    };
    let names = values();
    let mut sql = Sql::default();
    sql.push("SELECT COUNT(*) AS looked_at");
    for at in 0..names.len() {
        let column = format!("c{at}");
        sql.push(", COALESCE(SUM(")
            .push(&column)
            .push("), 0) AS ")
            .push(&column);
    }
    // Of each ticket, whether it is one of each value.
    sql.push(" FROM (SELECT b.id");
    for (at, (facet, value)) in names.iter().enumerate() {
        let wanted = wanted.with_only(facet, value);
        sql.push(", MAX(CASE WHEN 1 = 1");
        wanted.push_ticket_itself(&mut sql, "b");
        wanted.push_license(&mut sql, Some("b"));
        sql.push(" THEN 1 ELSE 0 END) AS ").push(&format!("c{at}"));
    }
    sql.push(" FROM (");
    listing.push_some(&mut sql);
    sql.push(
        ") b LEFT JOIN licenses f ON f.ticket_id = b.id
         GROUP BY b.id) x",
    );
    let row = sql.query().fetch_one(tx.conn()).await?;
    let mut counted = Vec::with_capacity(names.len());
    for at in 0..names.len() {
        let tickets: i64 = row.try_get(format!("c{at}").as_str())?;
        counted.push(number(tickets));
    }
    let looked_at: i64 = row.try_get("looked_at")?;
    let mut counted = counted.into_iter();
    Ok(FacetCounts {
        states: counts_of(TicketState::ALL, &mut counted),
        owners: counts_of(OwnerKind::ALL, &mut counted),
        ends: counts_of(Ends::ALL, &mut counted),
        bindings: counts_of(Binding::ALL, &mut counted),
        products: products(tx, &listing, &wanted).await?,
        at_least: looked_at > COUNTED,
    })
}

fn counts_of<T: Copy>(values: &[T], counted: &mut impl Iterator<Item = u64>) -> Vec<ValueCount<T>> {
    let values = values.iter().copied().zip(counted);
    values
        .map(|(value, tickets)| ValueCount { value, tickets })
        .collect()
}

/// The values of all facets but the product, in the order in which they are counted.
fn values() -> Vec<(&'static str, String)> {
    let states = TicketState::ALL
        .iter()
        .map(|state| (STATE, state.name().to_owned()));
    let owners = OwnerKind::ALL
        .iter()
        .map(|owner| (OWNER, owner.name().to_owned()));
    let ends = Ends::ALL.iter().map(|ends| (ENDS, ends.name().to_owned()));
    let bindings = Binding::ALL.iter().map(|binding| (BINDING, binding.to_string()));
    states.chain(owners).chain(ends).chain(bindings).collect()
}

async fn products(
    tx: &mut Tx,
    listing: &Listing<'_>,
    wanted: &Wanted,
) -> Result<Vec<ProductCount>, StoreError> {
    let of_any = wanted.with_any(PRODUCT);
    let mut sql = Sql::default();
    sql.push("SELECT f.product_id, p.name, p.name_de, COUNT(DISTINCT b.id) AS tickets FROM (");
    listing.push_some(&mut sql);
    sql.push(") b JOIN licenses f ON f.ticket_id = b.id JOIN products p ON p.id = f.product_id WHERE 1 = 1");
    of_any.push_ticket_itself(&mut sql, "b");
    of_any.push_license(&mut sql, Some("b"));
    sql.push(" GROUP BY f.product_id, p.name, p.name_de ORDER BY CASE");
    for product in &wanted.facets.product {
        sql.push(" WHEN f.product_id = ").int(product.0).push(" THEN 0");
    }
    // Without any it is a CASE all the same.
    sql.push(" WHEN f.product_id = 0 THEN 0 ELSE 1 END, tickets DESC, p.name, f.product_id LIMIT ")
        .int(i64::try_from(FACET_PRODUCTS).unwrap_or(i64::MAX));
    let rows: Vec<ProductRow> = sql.rows().fetch_all(tx.conn()).await?;
    let count = |row: ProductRow| ProductCount {
        product: row.product_id,
        name: ProductName {
            en: row.name,
            de: row.name_de,
        },
        tickets: number(row.tickets),
    };
    Ok(rows.into_iter().map(count).collect())
}
