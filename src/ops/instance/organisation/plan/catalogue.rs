//! The products of the portal and of the file.

use std::collections::{BTreeMap, HashMap};

use crate::{
    store::{self, StoreError, Tx},
    views::licensing::products::Product,
};

/// The products of the portal and of the file.
pub(crate) struct Catalogue {
    pub(super) products: BTreeMap<String, Product>,
    /// Article numbers, by English name; of several, the first.
    articles: HashMap<String, String>,
}

impl Catalogue {
    pub(crate) async fn read(tx: &mut Tx) -> Result<Self, StoreError> {
        let mut catalogue = Self {
            products: BTreeMap::new(),
            articles: HashMap::new(),
        };
        for product in store::licensing::products::all(tx).await? {
            catalogue.put(product);
        }
        Ok(catalogue)
    }

    pub(super) fn put(&mut self, product: Product) {
        let article = product.data.article.clone();
        self.articles
            .entry(product.data.name.en.clone())
            .or_insert_with(|| article.clone());
        self.products.insert(article, product);
    }

    /// The product that a licence names by its article number or its name.
    pub(crate) fn find(&self, named: &str) -> Option<&Product> {
        self.products
            .get(named)
            .or_else(|| self.products.get(self.articles.get(named)?))
    }
}
