//! Why there is no demo.

use crate::{
    ops::{OpError, instance::organisation},
    store::StoreError,
};

/// Why the demo data was not loaded.
#[derive(Debug, thiserror::Error)]
pub enum DemoError {
    /// There is something else in the database.
    #[error("the database holds data that is not the demo; the demo is loaded into an empty one only")]
    NotEmpty,
    /// The demo data itself is broken: a defect.
    #[error(transparent)]
    Import(#[from] organisation::ImportError),
    /// A fault of the database.
    #[error(transparent)]
    Op(#[from] OpError),
}

impl From<StoreError> for DemoError {
    fn from(error: StoreError) -> Self {
        Self::Op(error.into())
    }
}
