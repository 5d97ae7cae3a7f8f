//! Organisation files: the format `license-portal/organisation@1`, and a table (CSV) for each kind of entry.
//!
//! An import reads a file entry by entry, several times where one kind refers to another, decides what becomes of each, and
//! stores all of it in one transaction or nothing. Nothing is deleted by it. The check beforehand is the same code, which
//! reads the portal and writes nothing.

pub mod checks;
pub mod export;
pub mod file;
#[cfg(test)]
mod fuzz;
pub mod input;
pub mod json;
pub mod outcome;
pub mod plan;
pub mod records;
pub mod tables;

use std::sync::Arc;

use crate::{
    ops::{
        accounts::passwords,
        instance::{Vendor, organisation::file::Organisation},
    },
    store::Store,
};

pub use crate::ops::instance::organisation::{
    export::export,
    input::{Format, Input, Progress},
    outcome::{Found, ImportError},
    plan::{By, Task, Told, check, store_all},
};

/// Stores an organisation that is in memory, as the operator of the server: all of it or nothing. `password` is what everybody
/// in it logs in with, if given (the demo).
///
/// # Errors
/// [`ImportError`].
pub async fn import(
    store: &Store,
    vendor: &Vendor,
    file: &Organisation,
    password: Option<&str>,
) -> Result<Found, ImportError> {
    let hash = password
        .map(|password| passwords::hash(&store.sources, password))
        .transpose()?;
    let input = Input::from(serde_json::to_vec(file).map_err(std::io::Error::from)?);
    let task = Task {
        by: By::Operator,
        password: hash.as_deref(),
        upload: None,
    };
    store_all(store, vendor, task, &input, Format::Json, &Arc::default()).await
}
