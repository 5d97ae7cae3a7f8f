//! The catalogue.

use domain::{
    access::{Administration, Authorized},
    ids::ProductId,
    licensing::products::{ProductData, ProductName},
};
use jiff::Timestamp;

use crate::{
    store::{StoreError, Tx, instance::files, row::rows},
    views::licensing::products::Product,
};

rows! {
    struct ProductRow {
        id: ProductId,
        article: String,
        name: String,
        name_de: String,
        features: String,
    }
}

impl From<ProductRow> for Product {
    fn from(row: ProductRow) -> Self {
        Self {
            id: row.id,
            data: ProductData {
                article: row.article,
                name: ProductName {
                    en: row.name,
                    de: row.name_de,
                },
                features: row.features.lines().map(str::to_owned).collect(),
            },
        }
    }
}

/// Every product, by article number.
///
/// # Errors
/// [`StoreError`].
pub async fn all(tx: &mut Tx) -> Result<Vec<Product>, StoreError> {
    let rows: Vec<ProductRow> =
        sqlx::query_as("SELECT id, article, name, name_de, features FROM products ORDER BY article")
            .fetch_all(tx.conn())
            .await?;
    Ok(rows.into_iter().map(Product::from).collect())
}

/// A product.
///
/// # Errors
/// [`StoreError`].
pub async fn by_id(tx: &mut Tx, id: ProductId) -> Result<Option<Product>, StoreError> {
    let row: Option<ProductRow> =
        sqlx::query_as("SELECT id, article, name, name_de, features FROM products WHERE id = $1")
            .bind(id.0)
            .fetch_optional(tx.conn())
            .await?;
    Ok(row.map(Product::from))
}

/// Writes a product into the catalogue.
///
/// # Errors
/// [`StoreError`]; see [`StoreError::is_duplicate`] about the article number.
pub async fn insert(
    tx: &mut Tx,
    _: &Authorized<Administration>,
    product: &Product,
    now: Timestamp,
) -> Result<(), StoreError> {
    files::insert_products(tx, std::slice::from_ref(product), now).await
}

/// Changes a product, and by what name its tickets are found.
///
/// # Errors
/// [`StoreError`]; see [`StoreError::is_duplicate`] about the article number.
pub async fn update(
    tx: &mut Tx,
    _: &Authorized<Administration>,
    product: &Product,
) -> Result<(), StoreError> {
    sqlx::query(
        "UPDATE products SET article = $1, name = $2, name_de = $3, folded = $4, features = $5 WHERE id = $6",
    )
    .bind(product.data.article.as_str())
    .bind(product.data.name.en.as_str())
    .bind(product.data.name.de.as_str())
    .bind(product.data.name.folded())
    .bind(product.data.features.join("\n"))
    .bind(product.id.0)
    .execute(tx.conn())
    .await?;
    sqlx::query(
        "UPDATE tickets SET products =
             (SELECT string_agg(p.folded, ', ' ORDER BY l.position)
              FROM licenses l JOIN products p ON p.id = l.product_id WHERE l.ticket_id = tickets.id)
         WHERE id IN (SELECT ticket_id FROM licenses WHERE product_id = $1)",
    )
    .bind(product.id.0)
    .execute(tx.conn())
    .await?;
    Ok(())
}
