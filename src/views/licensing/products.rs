//! The catalogue (S8): what licences are for.

#[cfg(feature = "ssr")]
use crate::views::schemas::*;
use domain::{ids::ProductId, licensing::products::ProductData};
use serde::{Deserialize, Serialize};

/// A product of the catalogue.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "ssr", derive(utoipa::ToSchema))]
pub struct Product {
    pub id: ProductId,
    pub data: ProductData,
}
