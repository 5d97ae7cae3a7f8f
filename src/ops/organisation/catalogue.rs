//! The products that a file's licences are of.

use super::plan::PlannedTicket;
use crate::{
    domain::{
        ids::{LicenseId, ProductId},
        products::{Product, ProductData, ProductName},
    },
    store::{self, Store, StoreError, Tx},
};

/// The products that the licences of a file are of.
pub(super) struct Catalogue(Vec<Product>);

impl Catalogue {
    /// Reads it.
    pub(super) async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        Ok(Self(store::products::all(tx).await?))
    }

    /// The product with that article number.
    pub(super) fn by_article(&self, article: &str) -> Option<&Product> {
        self.0.iter().find(|product| product.data.article == article)
    }

    /// Adds a product.
    pub(super) async fn add(
        &mut self,
        store: &Store,
        tx: &mut Tx,
        data: ProductData,
        now: i64,
    ) -> Result<(), StoreError> {
        let product = Product {
            id: ProductId(store.sources.fresh_id()),
            data,
        };
        store::products::import(tx, &product, now).await?;
        self.0.push(product);
        Ok(())
    }

    /// The product that a licence names by its article number or its name.
    async fn find(
        &mut self,
        store: &Store,
        tx: &mut Tx,
        named: &str,
        now: i64,
    ) -> Result<&Product, StoreError> {
        let known = |product: &Product| product.data.article == named;
        let called = |product: &Product| product.data.name.en == named;
        let at = self
            .0
            .iter()
            .position(known)
            .or_else(|| self.0.iter().position(called));
        let at = match at {
            Some(at) => at,
            None => {
                let name = ProductName {
                    en: named.to_owned(),
                    de: named.to_owned(),
                };
                let data = ProductData {
                    article: named.to_owned(),
                    name,
                    features: Vec::new(),
                };
                self.add(store, tx, data, now).await?;
                self.0.len() - 1
            }
        };
        Ok(&self.0[at])
    }
}

/// Writes a ticket with its licences.
pub(super) async fn insert_ticket(
    store: &Store,
    tx: &mut Tx,
    catalogue: &mut Catalogue,
    ticket: &PlannedTicket,
    now: i64,
) -> Result<(), StoreError> {
    let mut products = Vec::with_capacity(ticket.licenses.len());
    let mut ids = Vec::with_capacity(ticket.licenses.len());
    for (named, ..) in &ticket.licenses {
        let product = catalogue.find(store, tx, named, now).await?;
        products.push(product.data.name.folded());
        ids.push(product.id);
    }
    let PlannedTicket {
        id,
        code,
        owner,
        protected,
        ..
    } = ticket;
    store::tickets::insert(tx, *id, code, *owner, *protected, &products.join(", "), now).await?;
    for ((position, (_, quantity, terms)), product) in (0_i64..).zip(&ticket.licenses).zip(ids) {
        let license = LicenseId(store.sources.fresh_id());
        store::licenses::insert(tx, license, *id, position, product, *quantity, *terms).await?;
    }
    Ok(())
}
