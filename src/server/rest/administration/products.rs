//! The catalogue by programs, and what partners may create of it (S14, N13).

use domain::{
    ids::{GroupId, ProductId},
    resellers::quotas::Period,
};

use crate::{
    api::{licensing::products as api, resellers::quotas},
    server::rest::administration::wire::Features,
    views::{licensing::products::Product, resellers::quotas::PartnerDetail},
};

crate::server::rest::administration::routes::routes! {
    "Products";
    /// The catalogue
    get "/products" Products:Read => api::Products { } -> Vec<Product>;
    /// A product
    get "/products/{product}" Products:Read => api::ProductOf { product: ProductId } -> Product;
    /// Create a product
    post "/products" Products:Write => api::SaveProduct { article: String, name: String, name_de: String = default, features: Features as String = default; product } -> ProductId, creates "/products";
    /// Write a product
    put "/products/{product}" Products:Write => api::SaveProduct { product: Option<ProductId>, article: String, name: String, name_de: String = default, features: Features as String = default } -> ProductId;
    /// The product filter and the quotas of a group
    get "/groups/{group}/products" Products:Read => quotas::Partner { group: GroupId } -> PartnerDetail;
    /// Set the product filter of a group
    ///
    /// Without `filtered`, it is that of the groups above.
    put "/groups/{group}/product-filter" Products:Write => quotas::SetProductFilter { group: GroupId, filtered: bool = default, products: Vec<ProductId> = default } -> ();
    /// Set a quota of a group
    ///
    /// Without `quantity`, there is none any more.
    put "/groups/{group}/quotas/{product}" Products:Write => quotas::SetQuota { group: GroupId, product: ProductId, period: Period, quantity: Option<u64> } -> ();
}
