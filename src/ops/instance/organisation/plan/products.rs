//! The catalogue.

use domain::{
    history::{changes::Change, events::EventKind},
    ids::ProductId,
    instance::imports::Noun,
    licensing::products::{ProductData, ProductName},
};

use crate::{
    ops::{
        OpError,
        instance::organisation::{
            checks,
            file::FileProduct,
            plan::{Plan, changes, told},
        },
    },
    store::{self, Tx, history::events::Entry},
    views::{
        instance::imports::{Field, LineReport, Outcome},
        licensing::products::Product,
    },
};

impl Plan<'_> {
    pub(crate) async fn take_products(
        &mut self,
        tx: &mut Tx,
        entries: Vec<(u64, FileProduct)>,
        reports: &mut Vec<LineReport>,
    ) -> Result<(), OpError> {
        let mut new = Vec::new();
        for (line, entry) in entries {
            let outcome = self.take_product(tx, line, &entry, &mut new).await?;
            reports.push(told(line, Noun::Products, &entry.article, outcome));
        }
        self.add_products(tx, new).await
    }

    async fn take_product(
        &mut self,
        tx: &mut Tx,
        line: u64,
        entry: &FileProduct,
        new: &mut Vec<Product>,
    ) -> Result<Outcome, OpError> {
        let data = match checks::product(entry) {
            Ok(data) => data,
            Err(problem) => return Ok(Outcome::Refused(problem)),
        };
        if let Err(problem) = self.articles.add(&data.article, line, ()) {
            return Ok(Outcome::Refused(problem));
        }
        let Some(known) = self.catalogue.products.get(&data.article) else {
            new.push(self.new_product(data));
            return Ok(Outcome::Created);
        };
        let mut fields = Vec::new();
        if known.data.name != data.name {
            fields.push(Field::Name);
        }
        if known.data.features != data.features {
            fields.push(Field::Features);
        }
        if !fields.is_empty() {
            let product = Product { id: known.id, data };
            if self.writing.is_some() {
                store::licensing::products::update(tx, &self.proof, &product).await?;
                let entry = Entry {
                    change: Some(Change::Product { product: known.id }),
                    ..Entry::new(EventKind::ProductChanged, self.by())
                };
                store::history::events::record(tx, &self.store.sources, entry).await?;
            }
            self.catalogue.put(product);
        }
        Ok(changes(fields))
    }

    fn new_product(&mut self, data: ProductData) -> Product {
        let product = Product {
            id: ProductId(self.store.sources.fresh_id()),
            data,
        };
        self.catalogue.put(product.clone());
        product
    }

    /// The product that a licence names; one that there is not comes into the catalogue under that name.
    pub(crate) fn product_named(&mut self, named: &str, new: &mut Vec<Product>) -> (ProductId, String) {
        if let Some(product) = self.catalogue.find(named) {
            return (product.id, product.data.name.folded());
        }
        let product = self.new_product(ProductData {
            article: named.to_owned(),
            name: ProductName {
                en: named.to_owned(),
                de: named.to_owned(),
            },
            features: Vec::new(),
        });
        let found = (product.id, product.data.name.folded());
        new.push(product);
        found
    }

    pub(crate) async fn add_products(&mut self, tx: &mut Tx, new: Vec<Product>) -> Result<(), OpError> {
        if self.writing.is_some() {
            store::instance::files::insert_products(tx, &new, self.now).await?;
            let created = new.iter().map(|product| Entry {
                change: Some(Change::Product { product: product.id }),
                ..Entry::new(EventKind::ProductCreated, self.by())
            });
            let created: Vec<_> = created.collect();
            store::history::events::record_many(tx, &self.store.sources, &created).await?;
        }
        Ok(())
    }
}
