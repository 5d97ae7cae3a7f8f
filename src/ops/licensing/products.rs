//! The catalogue (S8), kept by ISV admins.

use domain::{
    access::{self, Denied},
    history::{changes::Change, events::EventKind},
    ids::{ProductId, UserId},
    licensing::products::ProductData,
    refusals::Refusal,
};

use crate::{
    ops::{OpError, actor, transactions::in_transaction},
    store::{self, Store, history::events::Entry},
    views::licensing::products::Product,
};

/// The catalogue, by article number.
///
/// # Errors
/// [`Denied::Hidden`] for all but ISV admins.
pub async fn list(store: &Store, reader: UserId) -> Result<Vec<Product>, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    access::authorize_administration(&actor)?;
    Ok(store::licensing::products::all(&mut tx).await?)
}

/// A product.
///
/// # Errors
/// [`Denied::Hidden`].
pub async fn detail(store: &Store, reader: UserId, id: ProductId) -> Result<Product, OpError> {
    let mut tx = store.begin_read().await?;
    let actor = actor(&mut tx, reader).await?;
    access::authorize_administration(&actor)?;
    Ok(store::licensing::products::by_id(&mut tx, id)
        .await?
        .ok_or(Denied::Hidden)?)
}

/// Writes a product: a new one, or over the one with that id.
///
/// # Errors
/// [`Refusal::ArticleTaken`]; the policy's.
pub async fn save(
    store: &Store,
    by: UserId,
    id: Option<ProductId>,
    data: ProductData,
) -> Result<ProductId, OpError> {
    let fresh = ProductId(store.sources.fresh_id());
    let saved = in_transaction!(store, |tx| {
        let actor = actor(&mut tx, by).await?;
        let proof = access::authorize_administration(&actor)?;
        let product = Product {
            id: id.unwrap_or(fresh),
            data: data.clone(),
        };
        let kind = if id.is_some() {
            store::licensing::products::by_id(&mut tx, product.id)
                .await?
                .ok_or(Denied::Hidden)?;
            store::licensing::products::update(&mut tx, &proof, &product).await?;
            EventKind::ProductChanged
        } else {
            store::licensing::products::insert(&mut tx, &proof, &product, store.sources.now()).await?;
            EventKind::ProductCreated
        };
        let entry = Entry {
            change: Some(Change::Product { product: product.id }),
            ..Entry::new(kind, by)
        };
        store::history::events::record(&mut tx, &store.sources, entry).await?;
        Ok(product.id)
    });
    match saved {
        Err(OpError::Store(error)) if error.is_duplicate() => Err(Refusal::ArticleTaken.into()),
        saved => saved,
    }
}
